//! How the store makes things durable. Source: decision D3.

use std::fs::File;
use std::io;
use std::path::Path;

use super::error::BlobError;

/// Syncs a file's bytes and its length.
pub(super) fn file(file: &File) -> Result<(), BlobError> {
    file.sync_data().map_err(BlobError::unsynced)
}

/// Syncs the names in a directory. If this fails for any reason, the name stays and the next sync may wrongly succeed,
/// so it counts as [`BlobError::Unsynced`]. A file that could not be synced is thrown away, so a lack of space is
/// harmless there.
pub(super) fn directory(directory: &File) -> Result<(), BlobError> {
    directory.sync_all().map_err(BlobError::Unsynced)
}

/// Creates a directory if it does not exist, and makes it durable either way: an existing one may have been created
/// just before a crash of the process.
pub(super) fn create_directory(path: &Path) -> Result<File, BlobError> {
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    let made = File::open(path)?;
    if !made.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotADirectory).into());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        directory(&File::open(parent)?)?;
    }
    Ok(made)
}
