//! Sheets of a few hundred rows, made while the caller waits. Sheets that may be longer are long jobs.

use encoding_rs::GB18030;

use super::long_jobs::workbook;
pub use super::long_jobs::workbook::Column;
use super::{AppError, Result, blocking};
use crate::domain::long_job::SheetFormat;

/// What Excel needs before it reads a sheet as UTF-8.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet, at most 31 characters.
    pub title: String,
    /// Headings and rows.
    pub columns: Vec<(&'static str, Column)>,
    /// Cells, as many in a row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The file.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub async fn file(table: Table, format: SheetFormat) -> Result<Vec<u8>> {
    blocking(move || write(&table, format)).await
}

fn write(table: &Table, format: SheetFormat) -> Result<Vec<u8>> {
    let broken = |error: csv::Error| AppError::Internal(format!("sheet: {error}"));
    let is_workbook = format == SheetFormat::Xlsx;
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    sheet.write_record(table.columns.iter().map(|(heading, _)| heading)).map_err(broken)?;
    for row in &table.rows {
        // A workbook says of each cell what it is. Numbers stay numbers, also below zero.
        let cells = row.iter().zip(&table.columns).map(|(cell, (_, column))| {
            let is_plain = is_workbook || (!matches!(column, Column::Text(_)) && is_number(cell));
            if is_plain { cell.clone() } else { inert(cell) }
        });
        sheet.write_record(cells).map_err(broken)?;
    }
    let bytes = sheet.into_inner().map_err(|error| AppError::Internal(format!("sheet: {error}")))?;
    match format {
        SheetFormat::Csv => Ok([BYTE_ORDER_MARK.as_bytes(), &bytes].concat()),
        // Every character of Unicode has a code in it.
        SheetFormat::CsvGb18030 => Ok(GB18030.encode(&String::from_utf8_lossy(&bytes)).0.into_owned()),
        SheetFormat::Xlsx => {
            let columns: Vec<Column> = table.columns.iter().map(|(_, column)| *column).collect();
            let mut file = Vec::new();
            workbook::write(&table.title, &columns, &*bytes, None, &mut file)?;
            Ok(file)
        }
    }
}

/// Whether a cell is a number, and nothing that a spreadsheet computes.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A cell that no spreadsheet takes for a formula. Source: OWASP, "CSV Injection".
pub(super) fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_stay_numbers() {
        let columns = vec![("分", Column::Decimal(8)), ("因", Column::Text(8))];
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = vec![row(["-1.50", "-1.50"]), row(["-1+1", "=1"])];
        let file = write(&Table { title: "表".into(), columns, rows }, SheetFormat::Csv).unwrap();
        assert_eq!(String::from_utf8(file).unwrap(), "\u{feff}分,因\r\n-1.50,'-1.50\r\n'-1+1,'=1\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        for cell in ["=1", "+1", "-x", "@x", "\tx", "\rx"] {
            assert_eq!(inert(cell), format!("'{cell}"));
        }
        for cell in ["", "x=1", "1"] {
            assert_eq!(inert(cell), cell);
        }
        for (cell, is) in [("1", true), ("-1.5", true), ("", false), ("-", false), ("1-", false), ("--1", false)] {
            assert_eq!(is_number(cell), is, "{cell}");
        }
    }

    #[test]
    fn a_table_is_written_in_each_format() {
        let columns = vec![("号", Column::Number(8)), ("因", Column::Text(8))];
        let rows = vec![vec!["+7".to_owned(), "=甲".to_owned()]];
        let table = Table { title: "表".into(), columns, rows };
        let csv = write(&table, SheetFormat::CsvGb18030).unwrap();
        assert_eq!(GB18030.decode(&csv).0, "号,因\r\n'+7,'=甲\r\n");
        // A workbook says that it is text, and needs no sign for it.
        let book = write(&table, SheetFormat::Xlsx).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(book)).unwrap();
        let cells = calamine::Reader::worksheet_range(&mut book, "表").unwrap();
        let rows: Vec<Vec<String>> = cells.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows, [["号", "因"], ["7", "=甲"]]);
    }
}
