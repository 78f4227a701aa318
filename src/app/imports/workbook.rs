//! Reads a workbook (XLSX) as the text of a sheet.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx};

/// How every file of a zip archive begins, which a workbook is. Source: PKWARE's APPNOTE, 4.3.7.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// Bytes of all parts of a workbook when expanded. Source: our choice; twenty times the largest sheet as CSV.
const EXPANDED_MAX: u64 = 128 * 1024 * 1024;
/// Columns that may have cells. Source: our choice; ten times the columns of any sheet.
const COLUMNS_MAX: u32 = 256;
/// The last row that may have a cell: far more than a sheet may have, because people leave gaps. A cell further down
/// would make all rows before it exist. Source: our choice.
const LAST_ROW_MAX: u32 = 100_000;

/// Numbers below it are kept with all their digits. Source: Excel, 15 digits.
const WHOLE_MAX: f64 = 1e15;

/// Why a workbook cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is damaged, locked by a password, or another kind of archive.
    NoWorkbook,
    /// It is too large when expanded.
    TooLarge,
    /// These cells, row and column from 0, have a formula that no spreadsheet has worked out: what it would say is not
    /// known, and it must not read as empty.
    NotWorkedOut(Vec<(u32, u32)>),
}

/// Most cells of [`Unread::NotWorkedOut`]. Source: our choice; what is wrong with one is wrong with all of a column.
const NAMED_MAX: usize = 50;

/// Whether these bytes are those of an archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE)
}

/// The first visible sheet with any cell, as CSV: line 5 is its row 5. Days are written `2026-08-03`; a number that is
/// shown with zeros before it has them; a formula is what it came to when the workbook was saved.
pub(super) fn read(bytes: &[u8]) -> Result<String, Unread> {
    check_size(bytes, EXPANDED_MAX)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unread::NoWorkbook)?;
    let shown = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
    let names: Vec<String> = book.sheets_metadata().iter().filter(shown).map(|sheet| sheet.name.clone()).collect();
    for name in names {
        let unknown = not_worked_out(&mut book, &name)?;
        if !unknown.is_empty() {
            return Err(Unread::NotWorkedOut(unknown));
        }
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| Unread::NoWorkbook)?;
        let code = |style: &calamine::Style| Digits::of(&style.number_format.as_ref()?.format_code);
        let shapes: Vec<Option<Digits>> = cells.styles().iter().map(code).collect();
        let mut rows = Rows::default();
        while let Some((read, style)) = cells.next_cell_with_style_id().map_err(|_| Unread::NoWorkbook)? {
            let (row, column) = read.get_position();
            let data = Data::from(read.get_value().clone());
            let shaped = shapes.get(style).and_then(Option::as_ref).and_then(|shape| shape.shown(&data));
            rows.put(row, column, shaped.unwrap_or_else(|| cell(&data)))?;
        }
        if let Some(text) = rows.into_text()? {
            return Ok(text);
        }
    }
    Ok(String::new())
}

/// The first cells of a sheet with a formula and without what it comes to.
fn not_worked_out(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<(u32, u32)>, Unread> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Unread::NoWorkbook)?;
    let mut found = Vec::new();
    while let Some(read) = cells.next_cell_with_formula_metadata().map_err(|_| Unread::NoWorkbook)? {
        if read.formula.is_some() && read.value == DataRef::Empty && found.len() < NAMED_MAX {
            found.push(read.pos);
        }
    }
    Ok(found)
}

/// What a cell is called, row and column from 0: `C5`.
pub(super) fn cell_name((row, column): (u32, u32)) -> String {
    let (mut letters, mut left) = (Vec::new(), column + 1);
    while left > 0 {
        left -= 1;
        letters.push(char::from_digit(left % 26 + 10, 36).unwrap_or('?').to_ascii_uppercase());
        left /= 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// A number format that shows every digit and fills up with zeros, such as `000000` or `"MKT-"0000`: a code that was
/// typed as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Digits(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// One digit; a zero where the number has none.
    Digit,
    /// This, as it is.
    Literal(char),
}

impl Digits {
    /// The format that this code means for numbers from zero on. `None` for every other one, as of amounts, days and
    /// shares; and for a single digit, which fills up with nothing: `0"米"` is a number of metres.
    fn of(code: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = code.chars();
        while let Some(next) = rest.next() {
            match next {
                ';' => break,
                '0' => pieces.push(Piece::Digit),
                '"' => pieces.extend(rest.by_ref().take_while(|next| *next != '"').map(Piece::Literal)),
                '\\' => pieces.push(Piece::Literal(rest.next()?)),
                // As wide as the next character, or full of it.
                '_' | '*' => {
                    rest.next()?;
                }
                '-' | ' ' | '(' | ')' => pieces.push(Piece::Literal(next)),
                _ => return None,
            }
        }
        let digits = pieces.iter().filter(|piece| **piece == Piece::Digit).count();
        (digits >= 2).then_some(Digits(pieces))
    }

    /// What a cell shows; `None` for what is no whole number, or so large that digits of it are lost.
    fn shown(&self, data: &Data) -> Option<String> {
        let number = match data {
            Data::Int(number) => u64::try_from(*number).ok()?,
            Data::Float(number) if number.fract() == 0.0 && (0.0..WHOLE_MAX).contains(number) => {
                number.to_string().parse().ok()?
            }
            _ => return None,
        };
        let width = self.0.iter().filter(|piece| **piece == Piece::Digit).count();
        let digits = format!("{number:0width$}");
        // The first one has all digits that are more than there are places.
        let (first, others) = digits.split_at_checked(digits.len() + 1 - width)?;
        let (mut first, mut others) = (Some(first), others.chars());
        let mut text = String::new();
        for piece in &self.0 {
            match (piece, first.take_if(|_| *piece == Piece::Digit)) {
                (_, Some(first)) => text.push_str(first),
                (Piece::Digit, None) => text.extend(others.next()),
                (Piece::Literal(literal), None) => text.push(*literal),
            }
        }
        Some(text)
    }
}

/// Rows of text cells, as they are read: memory depends on the number of cells, not on their positions.
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

/// Expands every part once without keeping it: what an archive says of the sizes of its parts need not be true. All
/// parts together may have `max` bytes.
fn check_size(bytes: &[u8], max: u64) -> Result<(), Unread> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::NoWorkbook)?;
    let mut left = max;
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

#[cfg(test)]
pub(super) mod tests;
