//! Writes a sheet as a workbook (XLSX), from rows that were stored as CSV.

use std::collections::HashMap;
use std::io::{self, Read, Write};

use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Image, Workbook, Worksheet, XlsxError};

use crate::app::{AppError, Result};

/// What the cells of a column are, and how wide it is, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Text.
    Text(u8),
    /// A whole number.
    Number(u8),
    /// A decimal number, as it is written.
    Decimal(u8),
    /// A civil day, `2026-08-03`.
    Day(u8),
}

impl Column {
    fn width(self) -> u8 {
        match self {
            Column::Text(width) | Column::Number(width) | Column::Decimal(width) | Column::Day(width) => width,
        }
    }
}

/// Pixels of the longer edge of a thumbnail in a cell. Source: our choice; eight rows on a screen.
const THUMBNAIL_PX: u32 = 96;
/// Points in a pixel of a screen with 96 pixels an inch.
const POINTS_A_PIXEL: f64 = 0.75;
/// Width of the column of thumbnails, in characters of about seven pixels.
const THUMBNAIL_WIDTH: f64 = 14.0;

/// Writes the workbook with these rows, the first of which is the heading. Every row has a cell more than there are columns: it
/// names its picture among `pictures`; without them there is no column for it.
///
/// Rows go through a temporary file, so that memory does not grow with them; pictures stay in memory.
///
/// # Errors
/// That of `rows`, of `into`, or of the temporary file.
pub(in crate::app) fn write(
    title: &str,
    columns: &[Column],
    rows: impl Read,
    pictures: Option<HashMap<String, Vec<u8>>>,
    into: impl Write + Send,
) -> Result<()> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name(title).map_err(failed)?;
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    let border = Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00D8_DEE6));
    let cell = border.clone().set_align(FormatAlign::Top).set_text_wrap();
    let day = border.clone().set_align(FormatAlign::Top).set_num_format("yyyy-mm-dd");
    let heading = border.set_bold().set_background_color(Color::RGB(0x00F4_F6F9));
    let last = u16::try_from(columns.len()).map_err(|_| AppError::Internal("too many columns".to_owned()))?;
    for (at, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, f64::from(column.width())).map_err(failed)?;
    }
    if pictures.is_some() {
        sheet.set_column_width(last, THUMBNAIL_WIDTH).map_err(failed)?;
    }
    let mut count = 0;
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(rows).into_records() {
        let record = record.map_err(|error| AppError::Internal(format!("sheet: {error}")))?;
        let formats = if count == 0 { (&heading, &heading) } else { (&cell, &day) };
        let mut of_picture = record.get(columns.len()).unwrap_or_default();
        if let Some(pictures) = &pictures {
            if count == 0 {
                sheet.write_string_with_format(count, last, of_picture, &heading).map_err(failed)?;
                of_picture = "";
            }
            if let Some(bytes) = pictures.get(of_picture) {
                put_picture(sheet, (count, last), bytes).map_err(failed)?;
            }
        }
        for ((at, column), text) in (0_u16..).zip(columns).zip(&record) {
            put_cell(sheet, (count, at), *column, text, formats).map_err(failed)?;
        }
        count += 1;
    }
    if count > 0 {
        sheet.autofilter(0, 0, count - 1, last - 1).map_err(failed)?;
    }
    book.save_to_writer(into).map_err(failed)
}

/// Everything that is neither a day nor a number is text: nothing is ever taken for a formula.
fn put_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: Column,
    text: &str,
    (cell, day): (&Format, &Format),
) -> std::result::Result<(), XlsxError> {
    match column {
        Column::Number(_) => {
            if let Ok(number) = text.parse::<i32>() {
                return sheet.write_number_with_format(row, at, number, cell).map(|_| ());
            }
        }
        Column::Decimal(_) => {
            if let Ok(number) = text.parse::<f64>() {
                return sheet.write_number_with_format(row, at, number, cell).map(|_| ());
            }
        }
        Column::Day(_) => {
            if let Ok(date) = ExcelDateTime::parse_from_str(text) {
                return sheet.write_datetime_with_format(row, at, &date, day).map(|_| ());
            }
        }
        Column::Text(_) => {}
    }
    sheet.write_string_with_format(row, at, text, cell).map(|_| ())
}

fn put_picture(sheet: &mut Worksheet, (row, at): (u32, u16), bytes: &[u8]) -> std::result::Result<(), XlsxError> {
    let image = Image::new_from_buffer(bytes)?.set_scale_to_size(THUMBNAIL_PX, THUMBNAIL_PX, true);
    sheet.set_row_height(row, f64::from(THUMBNAIL_PX) * POINTS_A_PIXEL)?;
    sheet.insert_image(row, at, &image).map(|_| ())
}

fn failed(error: XlsxError) -> AppError {
    match error {
        XlsxError::IoError(error) if error.kind() == io::ErrorKind::StorageFull => AppError::StorageFull,
        error => AppError::Internal(format!("sheet: {error}")),
    }
}
