//! Restores a backup: everything is checked before anything is written.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::lines::Reader;
use super::take::each_original;
use super::{BackupError, Manifest, OriginalsSummary, Result, TableFile, at, original_path, refused};
use crate::blobs::PhotoStore;
use crate::domain::digest::Digest;
use crate::store::dump::{self, Cell};
use crate::store::{Conn, bulk, settings, versions};

/// Rows that are inserted at a time.
const ROWS: usize = 500;
/// Photos between two progress lines.
const SAY_EVERY: u64 = 1_000;

/// What was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Rows of all tables.
    pub rows: u64,
    /// Photos.
    pub originals: u64,
}

/// Restores a backup into an empty database and an empty photo store, and migrates the schema. `say` gets progress
/// lines.
///
/// # Errors
/// A refusal with nothing written, for a backup that is not complete and intact to the last byte or a target that is
/// not empty. If a store or the disk fails, nothing is left in the database.
pub fn restore(conn: &mut Conn, photo_store: &PhotoStore, root: &Path, say: &mut dyn FnMut(&str)) -> Result<Restored> {
    let manifest = Manifest::read(root)?;
    if !versions()?.contains(&manifest.schema) {
        return refused(format!(
            "the backup has schema {}, which this program does not know: it is of version {}",
            manifest.schema, manifest.program
        ));
    }
    if !dump::is_empty(conn)? {
        return refused("the database is not empty: a restore needs one without tables");
    }
    match photo_store.originals().next() {
        None => {}
        Some(Ok(_)) => return refused("the photo store is not empty"),
        Some(Err(error)) => return Err(BackupError::Photos(error.into())),
    }
    check(root, &manifest, say)?;
    let originals = put_originals(root, &manifest, photo_store, say)?;
    let rows = dump::into_empty(conn, &manifest.schema, |conn| -> Result<u64> {
        bulk::set_indexes_aside(conn)?;
        let rows = put_rows(conn, root, &manifest, say)?;
        bulk::put_indexes_back(conn)?;
        say("indexes are built");
        Ok(rows)
    })?;
    Ok(Restored { rows, originals })
}

/// Reads every byte of the backup.
fn check(root: &Path, manifest: &Manifest, say: &mut dyn FnMut(&str)) -> Result<()> {
    for file in &manifest.tables {
        let mut reader = Reader::open(root, &file.table)?;
        while reader.row()?.is_some() {}
        if reader.finish() != *file {
            return refused(format!("{} is damaged", super::table_path(root, &file.table).display()));
        }
    }
    say("rows are sound");
    let mut checked = OriginalsSummary::default();
    each_original(root, |digest| {
        if manifest.absent.contains(&digest) {
            return Ok(());
        }
        let path = original_path(root, &digest);
        let file = File::open(&path).map_err(at(&path))?;
        checked.count += 1;
        checked.size_bytes += file.metadata().map_err(at(&path))?.len();
        if digest_of(file).map_err(at(&path))? != digest {
            return refused(format!("{} is damaged", path.display()));
        }
        Ok(())
    })?;
    if checked != manifest.originals {
        return refused(format!("{} photos, {} in the manifest", checked.count, manifest.originals.count));
    }
    say(&format!("{} photos are sound", checked.count));
    Ok(())
}

fn digest_of(mut file: File) -> io::Result<Digest> {
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 128 * 1024]);
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(Digest::from_bytes(hasher.finalize().into())),
            Ok(got) => hasher.update(block.get(..got).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Stores each photo as an upload is stored: hashed again, synced, named.
fn put_originals(root: &Path, manifest: &Manifest, photo_store: &PhotoStore, say: &mut dyn FnMut(&str)) -> Result<u64> {
    let mut put = 0_u64;
    let mut block = vec![0; 128 * 1024];
    each_original(root, |digest| {
        if manifest.absent.contains(&digest) {
            return Ok(());
        }
        let path = original_path(root, &digest);
        let mut file = File::open(&path).map_err(at(&path))?;
        let size_bytes = file.metadata().map_err(at(&path))?.len();
        let mut incoming = photo_store.begin(size_bytes)?;
        loop {
            match file.read(&mut block).map_err(at(&path))? {
                0 => break,
                got => incoming.write(block.get(..got).unwrap_or_default())?,
            }
        }
        let received = incoming.finish()?;
        if received.digest() != digest {
            return refused(format!("{} is damaged", path.display()));
        }
        drop(photo_store.seal(received)?);
        put += 1;
        if put.is_multiple_of(SAY_EVERY) {
            say(&format!("{put} photos so far"));
        }
        Ok(())
    })?;
    Ok(put)
}

fn put_rows(conn: &mut Conn, root: &Path, manifest: &Manifest, say: &mut dyn FnMut(&str)) -> Result<u64> {
    let mut rows = 0;
    for TableFile { table, .. } in &manifest.tables {
        let mut reader = Reader::open(root, table)?;
        let forward = forward_of(&reader);
        let mut batch = Vec::with_capacity(ROWS);
        while let Some(mut row) = reader.row()? {
            for at in &forward {
                if let Some(cell) = row.get_mut(*at) {
                    *cell = Cell::Null;
                }
            }
            batch.push(row);
            if batch.len() == ROWS {
                dump::insert(conn, &reader.shape, &batch)?;
                batch.clear();
            }
        }
        dump::insert(conn, &reader.shape, &batch)?;
        dump::continue_counting(conn, &reader.shape)?;
        if !forward.is_empty() {
            fill_forward(conn, root, table, &forward)?;
        }
        let file = reader.finish();
        say(&format!("{table}: {} rows", file.rows));
        rows += file.rows;
    }
    // The database is paired with its photo store again, because the pairing in the backup belongs to the source.
    settings::forget_notes(conn)?;
    Ok(rows)
}

/// Indexes of the columns that may refer to a later row of the same table.
fn forward_of(reader: &Reader) -> Vec<usize> {
    let forward = dump::FORWARD.iter().filter(|(table, _)| *table == reader.shape.table);
    forward.filter_map(|(_, column)| reader.column(column).ok()).collect()
}

/// Fills in references between rows, once all rows exist.
fn fill_forward(conn: &mut Conn, root: &Path, table: &str, forward: &[usize]) -> Result<()> {
    let mut reader = Reader::open(root, table)?;
    let names: Vec<String> = reader.shape.columns.iter().map(|column| column.0.clone()).collect();
    while let Some(row) = reader.row()? {
        for at in forward {
            if let (Some(cell), Some(name), Some(key), Some(key_name)) =
                (row.get(*at), names.get(*at), row.first(), names.first())
                && *cell != Cell::Null
            {
                dump::fill_in(conn, table, (name, cell), (key_name, key))?;
            }
        }
    }
    Ok(())
}
