//! Makes a backup while the service is running.
//!
//! Existing photos are copied before the rows are read, and the few that arrived meanwhile afterwards: so every photo
//! that the rows name is there, even if it is swept a moment later. All photos are re-hashed on the way.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::lines::{Reader, Writer};
use super::{BackupError, FORMAT, Manifest, OriginalsSummary, Result, at, original_path, refused};
use crate::blobs::{BlobError, PhotoStore};
use crate::domain::digest::Digest;
use crate::domain::time::Timestamp;
use crate::store::dump::Cell;
use crate::store::{Conn, assert_known, dump, photos, version, versions};

/// Photos between two progress lines.
const SAY_EVERY: u64 = 1_000;
/// Rows that are read at a time.
const PAGE: i64 = 1_000;

/// Copies rows and photos to `root`, which must be new or empty. `say` gets progress lines.
///
/// # Errors
/// After a failure or refusal, what was written has no manifest, and can be removed.
pub fn take(
    conn: &mut Conn,
    photo_store: &PhotoStore,
    root: &Path,
    now: Timestamp,
    say: &mut dyn FnMut(&str),
) -> Result<Manifest> {
    assert_known(conn)?;
    let schema = version(conn)?;
    let Some(schema) = schema.filter(|schema| versions().is_ok_and(|known| known.last() == Some(schema))) else {
        return refused("the database has not the schema of this program: run `anfang migrate` first");
    };
    prepare(root)?;
    let mut copied = 0;
    let mut after = 0;
    loop {
        let page = photos::page(conn, after, PAGE)?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (_, digest, _) in page {
            copy(photo_store, root, &digest)?;
            told(&mut copied, say);
        }
    }
    say("reading rows");
    let mut tables = Vec::new();
    dump::in_snapshot(conn, |conn| {
        for shape in dump::tables() {
            let mut writer = Writer::create(root, &shape)?;
            dump::each_row(conn, &shape, |row| writer.row(row))?;
            let file = writer.finish()?;
            say(&format!("{}: {} rows", file.table, file.rows));
            tables.push(file);
        }
        Ok::<_, BackupError>(())
    })?;
    let (mut originals, mut absent) = (OriginalsSummary::default(), BTreeSet::new());
    each_original(root, |digest| {
        let path = original_path(root, &digest);
        if path.exists() || copy(photo_store, root, &digest)? {
            originals.count += 1;
            originals.size_bytes += fs::metadata(&path).map_err(at(&path))?.len();
        } else {
            absent.insert(digest);
        }
        Ok(())
    })?;
    say(&format!("{} photos, {} bytes", originals.count, originals.size_bytes));
    let folder = File::open(root).map_err(at(root))?;
    rustix::fs::syncfs(&folder).map_err(|error| at(root)(error.into()))?;
    let program = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest { format: FORMAT, program, schema, taken_at: now, tables, originals, absent };
    manifest.write(root)?;
    Ok(manifest)
}

fn told(copied: &mut u64, say: &mut dyn FnMut(&str)) {
    *copied += 1;
    if copied.is_multiple_of(SAY_EVERY) {
        say(&format!("{copied} photos so far"));
    }
}

/// Creates the empty folder, which only this user and group may read.
fn prepare(root: &Path) -> Result<()> {
    let make = |path: &Path| DirBuilder::new().recursive(true).mode(0o750).create(path).map_err(at(path));
    make(root)?;
    if fs::read_dir(root).map_err(at(root))?.next().is_some() {
        return refused(format!("{} is not empty", root.display()));
    }
    make(&root.join("tables"))?;
    make(&root.join("originals"))
}

/// Passes on every original that the rows of a backup name.
pub(super) fn each_original(root: &Path, mut take: impl FnMut(Digest) -> Result<()>) -> Result<()> {
    let mut rows = Reader::open(root, "blobs")?;
    let digest_at = rows.column("sha256")?;
    while let Some(row) = rows.row()? {
        let digest = match row.get(digest_at) {
            Some(Cell::Bytes(bytes)) => Digest::from_slice(bytes),
            _ => None,
        };
        let Some(digest) = digest else { return refused("the row of an original has no digest") };
        take(digest)?;
    }
    Ok(())
}

/// Copies an original; if it is lost or damaged it answers `false`, and there is no copy.
fn copy(photo_store: &PhotoStore, root: &Path, digest: &Digest) -> Result<bool> {
    let mut original = match photo_store.open_original(digest) {
        Ok(original) => original,
        Err(BlobError::NotFound) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let path = original_path(root, digest);
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o750).create(folder).map_err(at(folder))?;
    }
    let mut file = File::create(&path).map_err(at(&path))?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 128 * 1024]);
    let sound = loop {
        match original.file.read(&mut block) {
            Ok(0) => break Digest::from_bytes(hasher.finalize().into()) == *digest,
            Ok(got) => {
                let piece = block.get(..got).unwrap_or_default();
                hasher.update(piece);
                file.write_all(piece).map_err(at(&path))?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // An unreadable sector is damage like any other.
            Err(_) => break false,
        }
    };
    if !sound {
        fs::remove_file(&path).map_err(at(&path))?;
    }
    Ok(sound)
}
