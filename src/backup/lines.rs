//! A table as a file of lines: its columns, then each row as a JSON list.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{BackupError, Result, TableFile, at, refused, table_path};
use crate::domain::digest::Digest;
use crate::domain::limits::BACKUP_LINE_BYTES_MAX;
use crate::store::dump::{Cell, Kind, TableShape};

/// Longest line that is read.
const LINE_BYTES_MAX: u64 = BACKUP_LINE_BYTES_MAX as u64;

/// A table file being written.
pub(super) struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
    hasher: Sha256,
    line: Vec<u8>,
    about: TableFile,
}

impl Writer {
    pub(super) fn create(root: &Path, shape: &TableShape) -> Result<Self> {
        let path = table_path(root, &shape.table);
        let file = BufWriter::new(File::create_new(&path).map_err(at(&path))?);
        let about =
            TableFile { table: shape.table.clone(), rows: 0, size_bytes: 0, sha256: Digest::from_bytes([0; 32]) };
        let mut writer = Writer { path, file, hasher: Sha256::new(), line: Vec::new(), about };
        writer.put(shape)?;
        Ok(writer)
    }

    fn put(&mut self, value: &impl serde::Serialize) -> Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(|error| at(&self.path)(error.into()))?;
        self.line.push(b'\n');
        self.hasher.update(&self.line);
        self.about.size_bytes += self.line.len() as u64;
        self.file.write_all(&self.line).map_err(at(&self.path))
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) -> Result<()> {
        let values = cells.into_iter().map(to_json).collect::<Result<Vec<_>>>()?;
        self.about.rows += 1;
        self.put(&values)
    }

    pub(super) fn finish(mut self) -> Result<TableFile> {
        self.file.flush().map_err(at(&self.path))?;
        self.about.sha256 = Digest::from_bytes(self.hasher.finalize().into());
        Ok(self.about)
    }
}

/// A table file being read: an iterator over its rows.
pub(super) struct Reader {
    pub(super) shape: TableShape,
    path: PathBuf,
    file: BufReader<File>,
    hasher: Sha256,
    read: TableFile,
    line: Vec<u8>,
}

impl Reader {
    pub(super) fn open(root: &Path, table: &str) -> Result<Self> {
        if !is_name(table) {
            return refused(format!("`{}` is no name of a table", table.escape_debug()));
        }
        let path = table_path(root, table);
        let file = BufReader::new(File::open(&path).map_err(at(&path))?);
        let read = TableFile { table: table.to_owned(), rows: 0, size_bytes: 0, sha256: Digest::from_bytes([0; 32]) };
        let shape = TableShape { table: String::new(), columns: Vec::new() };
        let mut reader = Reader { shape, path, file, hasher: Sha256::new(), read, line: Vec::new() };
        if !reader.next_line()? {
            return reader.damaged();
        }
        let Ok(shape) = serde_json::from_slice::<TableShape>(&reader.line) else { return reader.damaged() };
        if shape.table != table || shape.columns.is_empty() || !shape.columns.iter().all(|column| is_name(&column.0)) {
            return reader.damaged();
        }
        reader.shape = shape;
        Ok(reader)
    }

    /// Index of a column in each row.
    pub(super) fn column(&self, name: &str) -> Result<usize> {
        let found = self.shape.columns.iter().position(|column| column.0 == name);
        found.ok_or_else(|| BackupError::Refused(format!("{} has no column {name}", self.path.display())))
    }

    fn damaged<T>(&self) -> Result<T> {
        refused(format!("{} is damaged", self.path.display()))
    }

    fn next_line(&mut self) -> Result<bool> {
        self.line.clear();
        let taken = self.file.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut self.line);
        let taken = taken.map_err(at(&self.path))?;
        self.hasher.update(&self.line);
        self.read.size_bytes += taken as u64;
        match self.line.last() {
            None => Ok(false),
            Some(b'\n') => Ok(true),
            Some(_) => self.damaged(),
        }
    }

    /// The next row.
    pub(super) fn row(&mut self) -> Result<Option<Vec<Cell>>> {
        if !self.next_line()? {
            return Ok(None);
        }
        self.read.rows += 1;
        let Ok(values) = serde_json::from_slice::<Vec<Value>>(&self.line) else { return self.damaged() };
        if values.len() != self.shape.columns.len() {
            return self.damaged();
        }
        let cells = values.into_iter().zip(&self.shape.columns).map(|(value, column)| from_json(value, column.1));
        match cells.collect::<Option<Vec<_>>>() {
            Some(cells) => Ok(Some(cells)),
            None => self.damaged(),
        }
    }

    /// What was read; call it after the last row.
    pub(super) fn finish(mut self) -> TableFile {
        self.read.sha256 = Digest::from_bytes(self.hasher.finalize().into());
        self.read
    }
}

/// Names are put into SQL text unescaped.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn to_json(cell: Cell) -> Result<Value> {
    Ok(match cell {
        Cell::Null => Value::Null,
        Cell::Bool(value) => value.into(),
        Cell::Integer(value) => value.into(),
        Cell::BigInt(value) => value.into(),
        Cell::Double(value) if value.is_finite() => value.into(),
        Cell::Double(value) => return refused(format!("a row holds the number {value}, which cannot be written")),
        Cell::Text(value) => value.into(),
        Cell::Bytes(value) => value.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
    })
}

fn from_json(value: Value, kind: Kind) -> Option<Cell> {
    Some(match (value, kind) {
        (Value::Null, _) => Cell::Null,
        (Value::Bool(value), Kind::Bool) => Cell::Bool(value),
        (Value::Number(value), Kind::Integer) => Cell::Integer(i32::try_from(value.as_i64()?).ok()?),
        (Value::Number(value), Kind::BigInt) => Cell::BigInt(value.as_i64()?),
        (Value::Number(value), Kind::Double) => Cell::Double(value.as_f64()?),
        (Value::String(value), Kind::Text) => Cell::Text(value),
        (Value::String(value), Kind::Bytes) => Cell::Bytes(bytes(&value)?),
        _ => return None,
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair.first()?)? << 4 | digit(pair.get(1)?)?)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_comes_back_as_it_was() {
        let cells = [
            (Cell::Null, Kind::Text),
            (Cell::Bool(true), Kind::Bool),
            (Cell::Integer(i32::MIN), Kind::Integer),
            (Cell::BigInt(i64::MAX), Kind::BigInt),
            (Cell::Double(31.216_890_000_000_003), Kind::Double),
            (Cell::Double(-0.0), Kind::Double),
            (Cell::Double(5e-324), Kind::Double),
            (Cell::Text("“堵塞”\n\u{1}".into()), Kind::Text),
            (Cell::Bytes(vec![0, 255, 16]), Kind::Bytes),
        ];
        for (cell, kind) in cells {
            let text = to_json(cell.clone()).unwrap().to_string();
            assert_eq!(from_json(serde_json::from_str(&text).unwrap(), kind), Some(cell), "{text}");
        }
        assert!(to_json(Cell::Double(f64::NAN)).is_err());
        for (text, kind) in [("1.5", Kind::BigInt), ("3000000000", Kind::Integer), ("\"0\"", Kind::Bytes)] {
            assert_eq!(from_json(serde_json::from_str(text).unwrap(), kind), None, "{text}");
        }
    }
}
