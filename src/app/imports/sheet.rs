//! Reads a sheet as spreadsheet programs write it: a workbook, or CSV in UTF-8, UTF-16 or GB18030, with commas,
//! semicolons or tabs. Every fault is reported with its line.

use std::fmt::Display;
use std::str::FromStr;

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::workbook::{self, Unread};
use crate::domain::import::{Column, Emptied, HEADING_LINES_MAX, ImportKind, LineError, SHEET_ROWS_MAX};
use crate::domain::invalid::FieldCode;
use crate::domain::text;
use crate::domain::time::read_day;

/// Candidates for the delimiter. The one that yields most known headings wins, the first of several, so a tab within a
/// heading separates nothing.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// What separates words of a cell, besides spaces.
const SEPARATORS: [char; 6] = ['、', '，', ',', ';', '；', '/'];
/// Characters of a cell that a fault message repeats.
const SHOWN_CHARS_MAX: usize = 40;
/// Message for a cell that holds a formula or a spreadsheet error.
const SPREADSHEET_MADE_THAT: &str =
    "a spreadsheet made that of what was typed: format the column as text and type it again";

/// Rows under known columns.
pub(crate) struct Sheet {
    /// For each known column, its field in a record.
    fields: Vec<(&'static str, Option<usize>)>,
    records: Vec<(u64, Vec<String>)>,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// The sheet has no such column: the value stays.
    Absent,
    /// The cell is empty: the value is cleared.
    Empty,
    /// This text, trimmed.
    Text(&'a str),
}

fn fault(line: u64, column: &str, code: FieldCode, detail: impl Into<String>) -> LineError {
    LineError { line, column: column.to_owned(), code, detail: detail.into() }
}

/// The text of a file. A byte order mark decides; without one it is UTF-8 if it is valid UTF-8, else GB18030, which
/// Excel in China writes.
fn decode(bytes: &[u8]) -> Result<String, Vec<LineError>> {
    if workbook::is_archive(bytes) {
        return workbook::read(bytes).map_err(|unread| match unread {
            Unread::NoWorkbook => {
                vec![fault(1, "", FieldCode::Malformed, "no workbook, or locked by a password: save it as xlsx")]
            }
            Unread::TooLarge => vec![fault(1, "", FieldCode::OutOfRange, "the workbook is too large: split it")],
            Unread::NotWorkedOut(cells) => cells.into_iter().map(not_worked_out).collect(),
        });
    }
    let (encoding, skip) = Encoding::for_bom(bytes)
        .unwrap_or_else(|| (if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 }, 0));
    let bytes = bytes.get(skip..).unwrap_or_default();
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let before = text.split(char::REPLACEMENT_CHARACTER).next().unwrap_or_default();
    let line = u64::try_from(line_breaks(before)).unwrap_or(u64::MAX).saturating_add(1);
    let detail = format!("neither UTF-8 nor {}: save the sheet as CSV UTF-8", encoding.name());
    Err(vec![fault(line, "", FieldCode::Malformed, detail)])
}

fn not_worked_out(cell: (u32, u32)) -> LineError {
    let name = workbook::cell_name(cell);
    let detail =
        format!("the formula in {name} has not been worked out: open the workbook in a spreadsheet and save it");
    fault(u64::from(cell.0) + 1, "", FieldCode::Malformed, detail)
}

impl Sheet {
    /// Reads a file under the columns of this kind.
    ///
    /// # Errors
    /// What is wrong with the file as a whole: its encoding, its heading, its quotes, its length.
    pub(crate) fn read(kind: ImportKind, bytes: &[u8]) -> Result<Self, Vec<LineError>> {
        let columns = kind.columns();
        let text = decode(bytes)?;
        let heading_at = find_heading(columns, &text);
        let mut reader = reader(&text, heading_at.delimiter);
        let mut heading: Option<Vec<String>> = None;
        let (mut fields, mut records, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        let mut lines = Lines { text: &text, counted: 0, line: 1 };
        for (at, record) in reader.records().enumerate() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return Err(vec![fault(line, "", FieldCode::Malformed, "quotes or cells are broken here")]);
                }
            };
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            let record: Vec<String> = record.iter().map(text::name).collect();
            match &heading {
                None if at < heading_at.record => {}
                None => {
                    fields = columns_of(columns, &record, line, &mut faults);
                    if fields.is_empty() {
                        // What is below headings that nobody knows is not judged.
                        return Err(faults);
                    }
                    heading = Some(record);
                }
                // Spreadsheets write empty rows below the last one.
                Some(_) if record.iter().all(String::is_empty) => {}
                Some(heading) if record.iter().skip(heading.len()).any(|cell| !cell.is_empty()) => {
                    let detail = format!("{} cells under {} headings", record.len(), heading.len());
                    faults.push(fault(line, "", FieldCode::Malformed, detail));
                }
                Some(_) if records.len() == SHEET_ROWS_MAX => {
                    let detail = format!("more than {SHEET_ROWS_MAX} rows: split the sheet");
                    return Err(vec![fault(line, "", FieldCode::OutOfRange, detail)]);
                }
                Some(_) => {
                    not_made_by_a_spreadsheet(&fields, &record, line, &mut faults);
                    records.push((line, record));
                }
            }
        }
        if heading.is_none() {
            fields = columns_of(columns, &[], 1, &mut faults);
        }
        if faults.is_empty() { Ok(Sheet { fields, records }) } else { Err(faults) }
    }

    /// A sheet of one row, which a form filled in: each column that it has, with what its cell says. Also the faults
    /// of cells that no sheet may have, since what is there can be taken home as a sheet.
    pub(crate) fn of_form(kind: ImportKind, cells: &[(&'static str, String)]) -> (Self, Vec<LineError>) {
        let field = |column: &Column| cells.iter().position(|(name, _)| *name == column.name);
        let fields: Vec<_> = kind.columns().iter().map(|column| (column.name, field(column))).collect();
        let record: Vec<String> = cells.iter().map(|(_, cell)| text::name(cell)).collect();
        let mut faults = Vec::new();
        not_made_by_a_spreadsheet(&fields, &record, 1, &mut faults);
        (Sheet { fields, records: vec![(1, record)] }, faults)
    }

    /// The rows below the heading.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|(line, record)| Row { sheet: self, line: *line, record })
    }
}

/// Finds the line on which a record begins. The CSV reader counts from where it started to look for the record: before
/// the line breaks that precede it, the second half of a CR LF included.
struct Lines<'a> {
    text: &'a str,
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// Line of a record that was looked for from this byte on. Bytes must ascend from call to call.
    fn at(&mut self, byte: u64) -> u64 {
        let breaks = |rest: &str| rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let start = from + self.text.get(from..).map_or(0, breaks);
        let passed = self.text.get(self.counted..start).unwrap_or_default();
        let passed = line_breaks(passed);
        self.line = self.line.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX));
        self.counted = start;
        self.line
    }
}

/// Lines that `text` ends: by LF, by CR LF, or by CR alone.
fn line_breaks(text: &str) -> usize {
    text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count()
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes())
}

fn means(column: &Column, name: &str) -> bool {
    column.name.eq_ignore_ascii_case(name) || column.headings.contains(&name)
}

/// Where the headings are, and what separates them.
struct HeadingAt {
    delimiter: u8,
    /// Records before it: titles and the like.
    record: usize,
}

/// Of the first rows, the one with most known headings under any delimiter; the first row when none has any, so that
/// its faults are reported.
fn find_heading(columns: &[Column], text: &str) -> HeadingAt {
    let (mut found, mut most) = (HeadingAt { delimiter: b',', record: 0 }, 0);
    for delimiter in DELIMITERS {
        for (at, record) in reader(text, delimiter).records().take(HEADING_LINES_MAX).enumerate() {
            let Ok(record) = record else { break };
            let known = record.iter().map(text::name).filter(|name| columns.iter().any(|it| means(it, name))).count();
            if known > most {
                (found, most) = (HeadingAt { delimiter, record: at }, known);
            }
        }
    }
    found
}

/// Refuses formulas and the error values they leave.
fn not_made_by_a_spreadsheet(
    fields: &[(&'static str, Option<usize>)],
    record: &[String],
    line: u64,
    faults: &mut Vec<LineError>,
) {
    for (column, field) in fields {
        let cell = field.and_then(|field| record.get(field)).map_or("", String::as_str);
        let failed = cell.starts_with('#') && (cell.ends_with(['!', '?', '#']) || cell == "#N/A");
        if cell.starts_with(['=', '＝']) || failed {
            faults.push(fault(line, column, FieldCode::Malformed, SPREADSHEET_MADE_THAT));
        }
    }
}

/// Whether a spreadsheet has turned a code into a number, a boolean or a date.
fn is_spreadsheets(code: &str) -> bool {
    let number = || code.parse::<f64>().is_ok() && code.contains(['.', 'e', 'E']);
    matches!(code, "TRUE" | "FALSE")
        || code.starts_with('\'')
        || number()
        || read_day(code).is_ok() && !code.contains('-')
}

fn columns_of(
    columns: &'static [Column],
    names: &[String],
    line: u64,
    faults: &mut Vec<LineError>,
) -> Vec<(&'static str, Option<usize>)> {
    if !names.iter().any(|name| columns.iter().any(|column| means(column, name))) {
        let known: Vec<&str> =
            columns.iter().map(|column| column.headings.first().unwrap_or(&column.name)).copied().collect();
        let detail = format!("no headings among the first {HEADING_LINES_MAX} lines; they are {}", known.join("、"));
        faults.push(fault(line, "", FieldCode::Missing, detail));
        return Vec::new();
    }
    for name in names.iter().filter(|name| !name.is_empty()) {
        if !columns.iter().any(|column| means(column, name)) {
            let known: Vec<&str> = columns.iter().map(|column| column.name).collect();
            let name: String = name.chars().take(SHOWN_CHARS_MAX).collect();
            faults.push(fault(
                line,
                &name,
                FieldCode::Unknown,
                format!("no such column; there are {}", known.join(", ")),
            ));
        }
    }
    columns
        .iter()
        .map(|column| {
            let mut found = names.iter().enumerate().filter(|(_, name)| means(column, name)).map(|(at, _)| at);
            let first = found.next();
            if found.next().is_some() {
                faults.push(fault(line, column.name, FieldCode::Duplicate, "two columns of this name"));
            }
            if first.is_none() && column.required {
                let also = column.headings.first().copied().unwrap_or_default();
                faults.push(fault(
                    line,
                    column.name,
                    FieldCode::Missing,
                    format!("the column {} ({also}) is missing", column.name),
                ));
            }
            (column.name, first)
        })
        .collect()
}

/// What reading a sheet yields besides the rows.
#[derive(Default)]
pub(crate) struct Found {
    /// All that is wrong.
    pub(crate) faults: Vec<LineError>,
    /// Values that empty cells clear.
    pub(crate) emptied: Vec<Emptied>,
}

/// One row. A wrong cell is reported in `faults`, and a placeholder value is answered.
pub(crate) struct Row<'a> {
    sheet: &'a Sheet,
    line: u64,
    record: &'a [String],
}

impl<'a> Row<'a> {
    /// The line it begins on; the heading is line 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// A fault of a cell.
    pub(crate) fn fault(&self, column: &str, code: FieldCode, detail: impl Into<String>) -> LineError {
        fault(self.line, column, code, detail)
    }

    /// The cell of a column; a row that is too short has empty cells at its end.
    pub(crate) fn cell(&self, column: &str) -> Cell<'a> {
        let field = self.sheet.fields.iter().find(|(name, _)| *name == column).and_then(|(_, field)| *field);
        match field.map(|field| self.record.get(field).map_or("", String::as_str)) {
            None => Cell::Absent,
            Some("") => Cell::Empty,
            Some(text) => Cell::Text(text),
        }
    }

    /// A trimmed cell; empty also where the sheet has no such column. Only for columns that every sheet must have, or
    /// that identify the row.
    pub(crate) fn optional(&self, column: &str) -> &'a str {
        match self.cell(column) {
            Cell::Absent | Cell::Empty => "",
            Cell::Text(text) => text,
        }
    }

    /// The value of an optional column. A filled cell gives the value; without the column the value `was` stays; an
    /// empty cell sets `otherwise`, and what it clears goes to `found`.
    pub(crate) fn kept<T>(
        &self,
        column: &'static str,
        was: Option<(T, String)>,
        otherwise: T,
        found: &mut Found,
        read: impl FnOnce(&'a str, &mut Vec<LineError>) -> T,
    ) -> T {
        match (self.cell(column), was) {
            (Cell::Text(text), _) => read(text, &mut found.faults),
            (Cell::Absent, Some((was, _))) => was,
            (Cell::Empty, Some((_, shown))) => {
                if !shown.is_empty() {
                    found.emptied.push(Emptied { line: self.line, column, was: shown });
                }
                otherwise
            }
            (Cell::Absent | Cell::Empty, None) => otherwise,
        }
    }

    /// [`Row::kept`] for text in one line of at most `chars_max` characters.
    pub(crate) fn kept_text(
        &self,
        column: &'static str,
        was: Option<&str>,
        chars_max: usize,
        found: &mut Found,
    ) -> String {
        let was = was.map(|was| (was.to_owned(), was.to_owned()));
        self.kept(column, was, String::new(), found, |_, faults| self.prose(column, chars_max, faults))
    }

    /// A code or a user name, with spaces removed and full-width characters made half-width.
    pub(crate) fn code(&self, column: &str) -> String {
        text::code(self.optional(column))
    }

    /// A code that identifies this row, or a fault.
    pub(crate) fn own_code(&self, column: &str, chars_max: usize, faults: &mut Vec<LineError>) -> String {
        let code = self.code(column);
        let fault = |code: FieldCode, detail: &str| self.fault(column, code, detail);
        if code.is_empty() {
            faults.push(fault(FieldCode::Required, "must not be empty"));
        } else if is_spreadsheets(&code) {
            faults.push(fault(FieldCode::Malformed, SPREADSHEET_MADE_THAT));
        } else if code.contains(char::is_whitespace) {
            faults.push(fault(FieldCode::Malformed, "a code has no blanks"));
        } else if code.chars().any(char::is_control) {
            faults.push(fault(FieldCode::Malformed, "must be one line"));
        } else if code.chars().count() > chars_max {
            faults.push(fault(FieldCode::TooLong, &format!("at most {chars_max} characters")));
        }
        code
    }

    /// A cell that must hold something, of at most `chars_max` characters in one line.
    pub(crate) fn text(&self, column: &str, chars_max: usize, faults: &mut Vec<LineError>) -> String {
        if self.optional(column).is_empty() {
            faults.push(self.fault(column, FieldCode::Required, "must not be empty"));
        }
        self.prose(column, chars_max, faults)
    }

    /// A cell of at most `chars_max` characters in one line.
    pub(crate) fn prose(&self, column: &str, chars_max: usize, faults: &mut Vec<LineError>) -> String {
        let text = self.optional(column);
        if text.chars().count() > chars_max {
            faults.push(self.fault(column, FieldCode::TooLong, format!("at most {chars_max} characters")));
        }
        if text.chars().any(char::is_control) {
            faults.push(self.fault(column, FieldCode::Malformed, "must be one line"));
        }
        text.to_owned()
    }

    /// The words of a cell.
    pub(crate) fn words(&self, column: &str) -> impl Iterator<Item = &'a str> {
        let between = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
        self.optional(column).split(between).filter(|word| !word.is_empty())
    }

    /// A value parsed from its text; `what` names it in the fault.
    pub(crate) fn value<T: FromStr<Err: Display>>(
        &self,
        column: &str,
        what: &str,
        faults: &mut Vec<LineError>,
    ) -> Option<T> {
        let text = self.optional(column);
        if text.is_empty() {
            faults.push(self.fault(column, FieldCode::Required, what));
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            faults.push(self.malformed(column, what));
        }
        value
    }

    /// A day; `None` where the cell is empty.
    pub(crate) fn day(&self, column: &str, faults: &mut Vec<LineError>) -> Option<jiff::civil::Date> {
        let text = self.optional(column);
        if text.is_empty() {
            return None;
        }
        read_day(text).map_err(|what| faults.push(self.malformed(column, &what))).ok()
    }

    /// Yes or no; `None` where the cell is empty.
    pub(crate) fn yes(&self, column: &str, faults: &mut Vec<LineError>) -> Option<bool> {
        match self.optional(column).to_lowercase().as_str() {
            "" => None,
            "1" | "是" | "true" | "yes" | "y" | "√" => Some(true),
            "0" | "否" | "false" | "no" | "n" | "×" => Some(false),
            _ => {
                faults.push(self.malformed(column, "1 or 0, 是 or 否"));
                None
            }
        }
    }

    /// A cell that names an existing row.
    pub(crate) fn known<T>(
        &self,
        column: &str,
        name: &str,
        find: impl Fn(&str) -> Option<T>,
        what: &str,
        faults: &mut Vec<LineError>,
    ) -> Option<T> {
        let found = find(name);
        if found.is_none() {
            let shown: String = name.chars().take(SHOWN_CHARS_MAX).collect();
            let (code, detail) = match name {
                "" => (FieldCode::Required, format!("must name a {what}")),
                name if is_spreadsheets(name) => (FieldCode::Malformed, SPREADSHEET_MADE_THAT.to_owned()),
                _ => (FieldCode::Unknown, format!("no {what} `{shown}`")),
            };
            faults.push(self.fault(column, code, detail));
        }
        found
    }

    fn malformed(&self, column: &str, what: &str) -> LineError {
        let shown: String = self.optional(column).chars().take(SHOWN_CHARS_MAX).collect();
        self.fault(column, FieldCode::Malformed, format!("`{shown}` is not {what}"))
    }
}

#[cfg(test)]
mod tests;
