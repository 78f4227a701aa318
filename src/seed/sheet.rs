//! Reads the project's own CSV files; every fault is reported with file and line.

use std::fmt::Display;
use std::str::FromStr;

/// A fault, and where it is.
#[derive(Debug, thiserror::Error)]
#[error("{sheet} line {line}: {what}")]
pub struct Fault {
    sheet: &'static str,
    line: usize,
    what: String,
}

impl Fault {
    pub(super) fn new(sheet: &'static str, line: usize, what: impl Into<String>) -> Self {
        Fault { sheet, line, what: what.into() }
    }
}

pub(super) struct Sheet {
    name: &'static str,
    heading: csv::StringRecord,
    records: Vec<csv::StringRecord>,
}

pub(super) struct Row<'a> {
    sheet: &'a Sheet,
    line: usize,
    record: &'a csv::StringRecord,
}

impl Sheet {
    pub(super) fn read(name: &'static str, text: &str) -> Result<Self, Fault> {
        let fault = |error: csv::Error| Fault::new(name, 0, error.to_string());
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heading = reader.headers().map_err(fault)?.clone();
        let records = reader.records().collect::<Result<_, _>>().map_err(fault)?;
        Ok(Sheet { name, heading, records })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (2..).zip(&self.records).map(|(line, record)| Row { sheet: self, line, record })
    }
}

impl Row<'_> {
    pub(super) fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::new(self.sheet.name, self.line, what)
    }

    pub(super) fn optional(&self, column: &str) -> Result<String, Fault> {
        let at = self.sheet.heading.iter().position(|name| name == column);
        let cell = at.and_then(|at| self.record.get(at));
        cell.map(|cell| cell.trim().to_owned()).ok_or_else(|| self.fault(format!("no column {column}")))
    }

    pub(super) fn text(&self, column: &str) -> Result<String, Fault> {
        let text = self.optional(column)?;
        if text.is_empty() { Err(self.fault(format!("{column} is empty"))) } else { Ok(text) }
    }

    pub(super) fn number<T: FromStr<Err: Display>>(&self, column: &str) -> Result<T, Fault> {
        self.text(column)?.parse().map_err(|error: T::Err| self.fault(format!("{column}: {error}")))
    }
}
