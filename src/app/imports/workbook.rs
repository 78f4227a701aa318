//! Reads a workbook (XLSX) as the text of a sheet.

use std::io::{self, Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xlsx};

/// How every file of a zip archive begins, which a workbook is. Source: PKWARE's APPNOTE, 4.3.7.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// Bytes of all parts of a workbook when expanded. Source: our choice; twenty times the largest sheet as CSV.
const EXPANDED_MAX: u64 = 128 * 1024 * 1024;
/// Most rows and columns of the area that has cells: one cell at the end of a sheet makes all before it exist.
const AREA_MAX: (usize, usize) = (1_100_000, 256);

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
    let shown = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = book.sheets_metadata().iter().filter(shown).map(|sheet| sheet.name.clone()).collect();
    for name in names {
        let range = book.worksheet_range(&name).map_err(|_| Unread::NoWorkbook)?;
        let Some((top, left)) = range.start() else { continue };
        if range.height() > AREA_MAX.0 || range.width() > AREA_MAX.1 {
            return Err(Unread::TooLarge);
        }
        let mut text = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let write = |error: csv::Error| {
            tracing::error!(%error, "rows of a workbook");
            Unread::NoWorkbook
        };
        for _ in 0..top {
            text.write_record([""]).map_err(write)?;
        }
        for row in range.rows() {
            let before = (0..left).map(|_| String::new());
            text.write_record(before.chain(row.iter().map(cell))).map_err(write)?;
        }
        let bytes = text.into_inner().map_err(|_| Unread::NoWorkbook)?;
        return String::from_utf8(bytes).map_err(|_| Unread::NoWorkbook);
    }
    Ok(String::new())
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
