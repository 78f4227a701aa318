//! The manifest of a backup.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Result, at, refused};
use crate::domain::digest::Digest;
use crate::domain::time::Timestamp;

/// The format of a backup. Others are refused.
pub const FORMAT: u32 = 1;

const FILE: &str = "manifest.json";

/// Everything that is needed to check a backup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// Version of the schema of its rows.
    pub schema: String,
    /// Time of the snapshot of its rows.
    pub taken_at: Timestamp,
    /// The files with rows, in the order of restoring.
    pub tables: Vec<TableFile>,
    /// The photos; each is named by its digest, as in its row.
    pub originals: OriginalsSummary,
    /// Originals that a row names and that were already lost or damaged.
    pub absent: BTreeSet<Digest>,
}

/// One file with rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// The table.
    pub table: String,
    /// Number of rows.
    pub rows: u64,
    /// Length of the file.
    pub size_bytes: u64,
    /// Digest of the whole file.
    pub sha256: Digest,
}

/// The photos of a backup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginalsSummary {
    /// Number of photos.
    pub count: u64,
    /// Their total length.
    pub size_bytes: u64,
}

/// The manifest as it is stored: with a digest of itself, so that a change of any byte is noticed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    manifest: Manifest,
    sha256: Digest,
}

/// Read first, whatever the rest contains.
#[derive(Deserialize)]
struct AnyFormat {
    manifest: AnyManifest,
}

#[derive(Deserialize)]
struct AnyManifest {
    format: u32,
}

fn render(manifest: Manifest) -> serde_json::Result<String> {
    let sha256 = Digest::of(serde_json::to_string(&manifest)?.as_bytes());
    Ok(serde_json::to_string_pretty(&Sealed { manifest, sha256 })? + "\n")
}

impl Manifest {
    /// Writes it, durably: the backup is complete afterwards.
    pub(super) fn write(&self, root: &Path) -> Result<()> {
        let path = root.join(FILE);
        let text = render(self.clone()).map_err(|error| at(&path)(error.into()))?;
        let mut file = File::create_new(&path).map_err(at(&path))?;
        file.write_all(text.as_bytes()).map_err(at(&path))?;
        file.sync_all().map_err(at(&path))?;
        File::open(root).and_then(|folder| folder.sync_all()).map_err(at(root))
    }

    /// Reads it, and notices any changed byte.
    ///
    /// # Errors
    /// A refusal for an incomplete backup, a damaged manifest, or one of another format.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return refused(format!("{} is no backup, or a half-made one: no {FILE}", root.display()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return damaged(&path),
            Err(error) => return Err(at(&path)(error)),
        };
        let Ok(AnyFormat { manifest: AnyManifest { format } }) = serde_json::from_str(&text) else {
            return damaged(&path);
        };
        if format != FORMAT {
            return refused(format!("format {format} of a backup is not known to this program, only {FORMAT}"));
        }
        let Ok(Sealed { manifest, .. }) = serde_json::from_str(&text) else { return damaged(&path) };
        match render(manifest.clone()) {
            Ok(again) if again == text => Ok(manifest),
            _ => damaged(&path),
        }
    }
}

fn damaged<T>(path: &Path) -> Result<T> {
    refused(format!("{} is damaged", path.display()))
}
