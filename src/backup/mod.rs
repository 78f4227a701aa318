//! Backing up everything that is stored, and restoring it (ADR 0010).
//!
//! ```text
//! tables/<name>.jsonl            the table's columns, then one line for each row
//! originals/<2 hex>/<64 hex>     the photos that the rows refer to
//! manifest.json                  written last: without it the backup is incomplete
//! ```
//! Both databases write the same rows, and can read those of the other.

mod lines;
mod manifest;
mod restore;
mod take;

pub use manifest::{FORMAT, Manifest, OriginalsSummary, TableFile};
pub use restore::{Restored, restore};
pub use take::take;

use std::io;
use std::path::{Path, PathBuf};

use crate::blobs::BlobError;
use crate::domain::digest::Digest;
use crate::store::StoreError;

/// A failed backup or restore.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It must not go on, for this reason.
    #[error("{0}")]
    Refused(String),
    /// A file of the backup.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The disk's error.
        error: io::Error,
    },
    /// The database.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The photo store.
    #[error("photo store: {0}")]
    Photos(#[from] BlobError),
}

type Result<T> = std::result::Result<T, BackupError>;

/// Adds the file to an error of the disk.
fn at(path: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    |error| BackupError::File { path: path.to_owned(), error }
}

fn refused<T>(why: impl Into<String>) -> Result<T> {
    Err(BackupError::Refused(why.into()))
}

/// Path of an original in a backup.
fn original_path(root: &Path, digest: &Digest) -> PathBuf {
    let name = digest.to_string();
    root.join("originals").join(name.get(..2).unwrap_or_default()).join(name)
}

fn table_path(root: &Path, table: &str) -> PathBuf {
    root.join("tables").join(format!("{table}.jsonl"))
}
