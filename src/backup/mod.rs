//! Taking all that is kept to another place, and bringing it back (ADR 0010).
//!
//! ```text
//! tables/<name>.jsonl            the table's shape, then one line a row
//! originals/<2 hex>/<64 hex>     the photos that the rows name
//! manifest.json                  written last: without it the backup is half-made
//! ```
//! Rows are written the same from either database and go into either.

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

/// A backup or a restore that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It would not be right to go on.
    #[error("{0}")]
    Refused(String),
    /// A file of the backup.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the disk said.
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

/// Names the file in a failure of the disk.
fn at(path: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    |error| BackupError::File { path: path.to_owned(), error }
}

fn refused<T>(why: impl Into<String>) -> Result<T> {
    Err(BackupError::Refused(why.into()))
}

/// Where a backup keeps an original.
fn original_path(root: &Path, digest: &Digest) -> PathBuf {
    let name = digest.to_string();
    root.join("originals").join(name.get(..2).unwrap_or_default()).join(name)
}

fn table_path(root: &Path, table: &str) -> PathBuf {
    root.join("tables").join(format!("{table}.jsonl"))
}
