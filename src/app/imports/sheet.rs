//! A sheet as it comes from a spreadsheet program: in UTF-8, UTF-16 or GB18030, with commas,
//! semicolons or tabs. Every fault is named by line.

use std::fmt::Display;
use std::str::FromStr;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::domain::import::{Column, LineError, SHEET_ROWS_MAX};
use crate::domain::invalid::FieldCode;

/// What between cells is taken, in the order in which a heading decides.
const DELIMITERS: [char; 3] = ['\t', ';', ','];
/// What separates words of a cell, besides blanks.
const SEPARATORS: [char; 6] = ['、', '，', ',', ';', '；', '/'];
/// Characters of a cell that a fault repeats.
const SHOWN_CHARS_MAX: usize = 40;

/// Rows under known columns.
pub(crate) struct Sheet {
    /// For each known column, in which field of a record it is.
    fields: Vec<(&'static str, Option<usize>)>,
    records: Vec<(u64, csv::StringRecord)>,
}

fn fault(line: u64, column: &str, code: FieldCode, detail: impl Into<String>) -> LineError {
    LineError { line, column: column.to_owned(), code, detail: detail.into() }
}

/// The text of a file. A byte order mark decides; without one it is UTF-8 if it can be, and
/// GB18030 otherwise, since that is what Excel in China writes.
fn decode(bytes: &[u8]) -> Result<String, LineError> {
    let (encoding, skip) = Encoding::for_bom(bytes)
        .unwrap_or_else(|| (if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 }, 0));
    let bytes = bytes.get(skip..).unwrap_or_default();
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let before = text.split(char::REPLACEMENT_CHARACTER).next().unwrap_or_default();
    let line = u64::try_from(before.matches('\n').count()).unwrap_or(u64::MAX).saturating_add(1);
    let detail = format!("neither UTF-8 nor {}: save the sheet as CSV UTF-8", encoding.name());
    Err(fault(line, "", FieldCode::Malformed, detail))
}

impl Sheet {
    /// Reads a file under these columns.
    ///
    /// # Errors
    /// What is wrong with the file as a whole: its encoding, its heading, its quotes, its length.
    pub(crate) fn read(columns: &'static [Column], bytes: &[u8]) -> Result<Self, Vec<LineError>> {
        let text = decode(bytes).map_err(|fault| vec![fault])?;
        let heading = text.lines().next().unwrap_or_default();
        let delimiter = DELIMITERS.into_iter().find(|delimiter| heading.contains(*delimiter)).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut heading: Option<csv::StringRecord> = None;
        let (mut records, mut faults) = (Vec::new(), Vec::new());
        let mut lines = Lines { text: &text, counted: 0, line: 1 };
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return Err(vec![fault(line, "", FieldCode::Malformed, "quotes or cells are broken here")]);
                }
            };
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            match &heading {
                None => heading = Some(record),
                // Spreadsheets write empty rows below the last one.
                Some(_) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Some(heading) if record.iter().skip(heading.len()).any(|cell| !cell.trim().is_empty()) => {
                    let detail = format!("{} cells under {} headings", record.len(), heading.len());
                    faults.push(fault(line, "", FieldCode::Malformed, detail));
                }
                Some(_) if records.len() == SHEET_ROWS_MAX => {
                    let detail = format!("more than {SHEET_ROWS_MAX} rows: split the sheet");
                    return Err(vec![fault(line, "", FieldCode::OutOfRange, detail)]);
                }
                Some(_) => records.push((line, record)),
            }
        }
        let fields = fields(columns, &heading.unwrap_or_default(), &mut faults);
        if faults.is_empty() { Ok(Sheet { fields, records }) } else { Err(faults) }
    }

    /// The rows below the heading.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|(line, record)| Row { sheet: self, line: *line, record })
    }
}

/// Tells on which line a record begins. The reader's own count stands where it looked for the record:
/// before the line breaks that precede it, the second half of CR LF among them.
struct Lines<'a> {
    text: &'a str,
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// Of a record that was looked for from this byte on; later ones than the last only.
    fn at(&mut self, byte: u64) -> u64 {
        let breaks = |rest: &str| rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let start = from + self.text.get(from..).map_or(0, breaks);
        let passed = self.text.get(self.counted..start).unwrap_or_default().matches('\n').count();
        self.line = self.line.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX));
        self.counted = start;
        self.line
    }
}

fn fields(
    columns: &'static [Column],
    heading: &csv::StringRecord,
    faults: &mut Vec<LineError>,
) -> Vec<(&'static str, Option<usize>)> {
    let names: Vec<&str> = heading.iter().map(str::trim).collect();
    let means = |column: &Column, name: &str| column.name.eq_ignore_ascii_case(name) || column.headings.contains(&name);
    for name in names.iter().filter(|name| !name.is_empty()) {
        if !columns.iter().any(|column| means(column, name)) {
            let known: Vec<&str> = columns.iter().map(|column| column.name).collect();
            let name: String = name.chars().take(SHOWN_CHARS_MAX).collect();
            faults.push(fault(1, &name, FieldCode::Unknown, format!("no such column; there are {}", known.join(", "))));
        }
    }
    columns
        .iter()
        .map(|column| {
            let mut found = names.iter().enumerate().filter(|(_, name)| means(column, name)).map(|(at, _)| at);
            let first = found.next();
            if found.next().is_some() {
                faults.push(fault(1, column.name, FieldCode::Duplicate, "two columns of this name"));
            }
            if first.is_none() && column.required {
                let also = column.headings.first().copied().unwrap_or_default();
                faults.push(fault(
                    1,
                    column.name,
                    FieldCode::Missing,
                    format!("the column {} ({also}) is missing", column.name),
                ));
            }
            (column.name, first)
        })
        .collect()
}

/// One row. What is wrong with a cell goes to `faults`, and a value that does not matter is answered.
pub(crate) struct Row<'a> {
    sheet: &'a Sheet,
    line: u64,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The line it begins on, the heading's being 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// A fault of a cell.
    pub(crate) fn fault(&self, column: &str, code: FieldCode, detail: impl Into<String>) -> LineError {
        fault(self.line, column, code, detail)
    }

    /// A cell without blanks around it; empty where the sheet has no such column.
    pub(crate) fn optional(&self, column: &str) -> &'a str {
        let field = self.sheet.fields.iter().find(|(name, _)| *name == column).and_then(|(_, field)| *field);
        field.and_then(|field| self.record.get(field)).unwrap_or_default().trim()
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

    /// A value with a text form; `what` says which.
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
        let text = self.optional(column).replace(['/', '.'], "-");
        if text.is_empty() {
            return None;
        }
        // Spreadsheets write 2026/8/3.
        let parts: Vec<i16> = text.split('-').map_while(|part| part.parse().ok()).collect();
        let day = match parts.as_slice() {
            [year, month, day] => i8::try_from(*month)
                .ok()
                .zip(i8::try_from(*day).ok())
                .and_then(|(month, day)| jiff::civil::Date::new(*year, month, day).ok()),
            _ => None,
        };
        if day.is_none() {
            faults.push(self.malformed(column, "a day such as 2026-08-03"));
        }
        day
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

    /// A cell that names something that is there.
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::import::ImportKind;

    fn names(bytes: &[u8]) -> Result<Vec<String>, Vec<LineError>> {
        let sheet = Sheet::read(ImportKind::Units.columns(), bytes)?;
        Ok(sheet.rows().map(|row| format!("{}:{}", row.line(), row.optional("name_zh"))).collect())
    }

    #[test]
    fn the_same_sheet_in_every_encoding_a_spreadsheet_writes() {
        let text = "单位编码,单位名称,单位类型,区划代码\r\nU01,县城市管理局,bureau,990001\r\n,,,\r\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let tabs = text.replace(',', "\t");
        let semicolons = text.replace(',', ";");
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", utf16.as_slice()].concat(),
            GB18030.encode(text).0.into_owned(),
            GB18030.encode(&tabs).0.into_owned(),
            semicolons.into_bytes(),
        ] {
            assert_eq!(names(&bytes).unwrap(), ["2:县城市管理局"]);
        }
    }

    #[test]
    fn lines_are_counted_as_a_person_counts_them() {
        let text = "code,name_zh,kind,area_code\nU01,\"a\nb\",bureau,990001\n\nU02,c,bureau,990001\n";
        assert_eq!(names(text.as_bytes()).unwrap(), ["2:a\nb", "5:c"]);
    }

    #[test]
    fn a_broken_file_is_refused_by_line() {
        let heading = "code,name_zh,kind,area_code";
        for (text, line, column) in [
            (String::new(), 1, "code"),
            ("code,name_zh,kind,area_code,colour\n".to_owned(), 1, "colour"),
            ("code,name_zh,area_code\n".to_owned(), 1, "kind"),
            ("code,name_zh,kind,kind,area_code\n".to_owned(), 1, "kind"),
            (format!("{heading}\nU01,a,bureau,990001,more\n"), 2, ""),
        ] {
            let faults = names(text.as_bytes()).unwrap_err();
            assert_eq!((faults[0].line, faults[0].column.as_str()), (line, column), "{text}");
        }
        let mut bytes = format!("{heading}\nU01,a,bureau,990001\nU02,").into_bytes();
        bytes.extend_from_slice(b"\xff\xff,bureau,990001\n");
        assert_eq!(names(&bytes).unwrap_err()[0].line, 3);
    }

    #[test]
    fn days_are_read_as_spreadsheets_write_them() {
        let text = "item_or_category,role,unit_code,valid_from\nWM,lead,U01,2026/8/3\nWM,lead,U01,2026-08-03\nWM,lead,U01,2026-02-30\nWM,lead,U01,\n";
        let sheet = Sheet::read(ImportKind::Duties.columns(), text.as_bytes()).unwrap();
        let mut faults = Vec::new();
        let days: Vec<_> = sheet.rows().map(|row| row.day("valid_from", &mut faults)).collect();
        let day = Some(jiff::civil::Date::constant(2026, 8, 3));
        assert_eq!(days, [day, day, None, None]);
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [4]);
    }
}
