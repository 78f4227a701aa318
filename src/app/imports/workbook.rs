//! Reads a workbook (XLSX) as the text of a sheet.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{Data, Reader, SheetType, SheetVisible, Xlsx};

/// How every file of a zip archive begins, which a workbook is. Source: PKWARE's APPNOTE, 4.3.7.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// Bytes of all parts of a workbook when expanded. Source: our choice; twenty times the largest sheet as CSV.
const EXPANDED_MAX: u64 = 128 * 1024 * 1024;
/// Columns that may have cells. Source: our choice; ten times the columns of any sheet.
const COLUMNS_MAX: u32 = 256;
/// The last row that may have a cell: far more than a sheet may have, because people leave gaps. A cell further down
/// would make all rows before it exist. Source: our choice.
const LAST_ROW_MAX: u32 = 100_000;

/// Why a workbook cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is damaged, locked by a password, or another kind of archive.
    NoWorkbook,
    /// It is too large when expanded.
    TooLarge,
}

/// Whether these bytes are those of an archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE)
}

/// The first visible sheet with any cell, as CSV: line 5 is its row 5. Days are written `2026-08-03`; a formula is what
/// it came to when the workbook was saved.
pub(super) fn read(bytes: &[u8]) -> Result<String, Unread> {
    check_size(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unread::NoWorkbook)?;
    let shown = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
    let names: Vec<String> = book.sheets_metadata().iter().filter(shown).map(|sheet| sheet.name.clone()).collect();
    for name in names {
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| Unread::NoWorkbook)?;
        let mut rows = Rows::default();
        while let Some(read) = cells.next_cell().map_err(|_| Unread::NoWorkbook)? {
            let (row, column) = read.get_position();
            rows.put(row, column, cell(&Data::from(read.get_value().clone())))?;
        }
        if let Some(text) = rows.into_text()? {
            return Ok(text);
        }
    }
    Ok(String::new())
}

/// Rows of text cells, as they are read: memory goes with the cells that there are, not with where they are.
#[derive(Default)]
struct Rows {
    cells: BTreeMap<u32, BTreeMap<u32, String>>,
    /// Bytes of all cells: many cells may name one long text of the workbook.
    size: u64,
}

impl Rows {
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Unread> {
        if text.is_empty() {
            return Ok(());
        }
        if row > LAST_ROW_MAX || column >= COLUMNS_MAX {
            return Err(Unread::TooLarge);
        }
        self.size += text.len() as u64;
        if self.size > EXPANDED_MAX {
            return Err(Unread::TooLarge);
        }
        self.cells.entry(row).or_default().insert(column, text);
        Ok(())
    }

    /// As CSV, with an empty line for each row without cells; `None` without any cell.
    fn into_text(self) -> Result<Option<String>, Unread> {
        let unwritten = |error: csv::Error| {
            tracing::error!(%error, "rows of a workbook");
            Unread::NoWorkbook
        };
        if self.cells.is_empty() {
            return Ok(None);
        }
        let mut text = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let mut next = 0;
        for (row, mut cells) in self.cells {
            for _ in next..row {
                text.write_record([""]).map_err(unwritten)?;
            }
            next = row + 1;
            let last = cells.keys().next_back().copied().unwrap_or(0);
            text.write_record((0..=last).map(|column| cells.remove(&column).unwrap_or_default())).map_err(unwritten)?;
        }
        let bytes = text.into_inner().map_err(|_| Unread::NoWorkbook)?;
        String::from_utf8(bytes).map(Some).map_err(|_| Unread::NoWorkbook)
    }
}

/// Expands every part once without keeping it: what an archive says of the sizes of its parts need not be true.
fn check_size(bytes: &[u8]) -> Result<(), Unread> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::NoWorkbook)?;
    let mut left = EXPANDED_MAX;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Unread::NoWorkbook)?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| Unread::NoWorkbook)?;
        left = left.checked_sub(size).ok_or(Unread::TooLarge)?;
    }
    Ok(())
}

/// A cell as somebody would have typed it, in one line.
fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace(['\r', '\n'], " "),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(is) => if *is { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            match (hour, minute) {
                (0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
        }
        // A span of time.
        Data::DateTime(span) => span.as_f64().to_string(),
    }
}
