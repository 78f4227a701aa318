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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// One black pixel.
    const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
        \0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

    const COLUMNS: [Column; 4] = [Column::Text(8), Column::Number(9), Column::Decimal(10), Column::Day(11)];

    /// The parts of the workbook by name.
    fn parts(rows: &str, pictures: Option<HashMap<String, Vec<u8>>>) -> HashMap<String, String> {
        let mut file = Vec::new();
        write("表", &COLUMNS, rows.as_bytes(), pictures, &mut file).unwrap();
        let mut archive = zip::ZipArchive::new(io::Cursor::new(file)).unwrap();
        let mut found = HashMap::new();
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let (name, mut bytes) = (part.name().unwrap().to_string(), Vec::new());
            part.read_to_end(&mut bytes).unwrap();
            found.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
        found
    }

    /// The cells of the sheet, each as its style, its kind and what is in it.
    fn cells(sheet: &str) -> HashMap<String, (String, String)> {
        let attribute = |text: &str, name: &str| {
            let rest = text.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest);
            rest.and_then(|rest| rest.split_once('"')).map_or_else(String::new, |(value, _)| value.to_owned())
        };
        let cell = |text: &str| {
            let (head, rest) = text.split_once('>').unwrap();
            let head = format!(" {head}");
            let inner = rest.split_once("</c>").map_or("", |(inner, _)| inner);
            let inner: String = inner.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
            (attribute(&head, "r"), (attribute(&head, "s"), format!("{} {inner}", attribute(&head, "t"))))
        };
        sheet.split("<c ").skip(1).map(cell).collect()
    }

    #[test]
    fn a_cell_is_what_its_column_is_and_text_where_it_cannot_be() {
        let parts = parts("题,数,小数,日\n=1+1,7,1.50,2026-08-03\n文,x,y,z\n", None);
        let sheet = &parts["xl/worksheets/sheet1.xml"];
        let cells = cells(sheet);
        let (text, number) = ("inlineStr", "");
        for (place, kind, inner) in [
            ("A1", text, "题"),
            ("B1", text, "数"),
            ("A2", text, "=1+1"),
            ("B2", number, "7"),
            ("C2", number, "1.5"),
            ("D2", number, "46237"),
            ("A3", text, "文"),
            ("B3", text, "x"),
            ("C3", text, "y"),
            ("D3", text, "z"),
        ] {
            assert_eq!(cells[place].1, format!("{kind} {inner}"), "{place}");
        }
        let style = |place: &str| &cells[place].0;
        assert_eq!((style("A1"), style("A2"), style("A3")), (style("B1"), style("B2"), style("D3")));
        assert!(style("A1") != style("A2") && style("D2") != style("A2"), "{cells:?}");
        assert!(sheet.contains("<autoFilter ref=\"A1:D3\"/>") && sheet.contains("ySplit=\"1\""), "{sheet}");
        for (at, width) in [(1, "8."), (2, "9."), (3, "10."), (4, "11.")] {
            assert!(sheet.contains(&format!("<col min=\"{at}\" max=\"{at}\" width=\"{width}")), "{sheet}");
        }
        assert!(!sheet.contains("<col min=\"5\""), "{sheet}");
        assert!(parts["xl/workbook.xml"].contains("name=\"表\""));
    }

    #[test]
    fn a_sheet_without_rows_is_empty() {
        assert!(!parts("", None)["xl/worksheets/sheet1.xml"].contains("autoFilter"));
    }

    #[test]
    fn a_row_has_its_picture_beside_it() {
        let pictures = HashMap::from([("p".to_owned(), PIXEL.to_vec())]);
        // The heading is the name of no picture.
        let parts = parts("题,数,小数,日,p\na,1,1,2026-08-03,p\nb,1,1,2026-08-03,\n", Some(pictures));
        let sheet = &parts["xl/worksheets/sheet1.xml"];
        assert_eq!(cells(sheet)["E1"].1, "inlineStr p");
        assert_eq!(cells(sheet)["E1"].0, cells(sheet)["A1"].0);
        assert!(sheet.contains("<col min=\"5\" max=\"5\" width=\"14.") && sheet.contains("ht=\"72\""), "{sheet}");
        let drawing = &parts["xl/drawings/drawing1.xml"];
        let rows: Vec<&str> = drawing.split("<xdr:from>").skip(1).collect();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].contains("<xdr:row>1</xdr:row>") && rows[0].contains("<xdr:col>4</xdr:col>"), "{drawing}");
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        let of = |kind: io::ErrorKind| failed(XlsxError::IoError(kind.into()));
        assert!(matches!(of(io::ErrorKind::StorageFull), AppError::StorageFull));
        assert!(matches!(of(io::ErrorKind::BrokenPipe), AppError::Internal(_)));
        assert!(matches!(failed(XlsxError::RowColumnLimitError), AppError::Internal(_)));
    }
}
