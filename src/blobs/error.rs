//! What can go wrong with stored bytes, as far as `app` needs to distinguish it.

use std::io;
use std::path::Path;

/// A failed store operation.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No such bytes.
    #[error("not found")]
    NotFound,
    /// More bytes came than allowed.
    #[error("more than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// No space, quota or inodes left.
    #[error("no space left")]
    Full,
    /// A sync failed: what was written since the last one may be lost, and the next sync may wrongly succeed. No write
    /// may be accepted until a restart (guarantee G3; Rebello et al., USENIX ATC 2020).
    #[error("syncing failed: {0}")]
    Unsynced(#[source] io::Error),
    /// Anything else.
    #[error("photo store: {0}")]
    Io(#[source] io::Error),
}

impl BlobError {
    /// A failure to open something by its digest: only there a missing file means "not found". Anywhere else it means
    /// that the store itself is missing.
    pub(super) fn opening(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { BlobError::NotFound } else { Self::from(error) }
    }

    /// A failed sync.
    pub(super) fn unsynced(error: io::Error) -> Self {
        match Self::from(error) {
            BlobError::Io(error) => BlobError::Unsynced(error),
            other => other,
        }
    }

    /// The same failure, with the folder.
    pub(super) fn at(self, folder: &Path) -> Self {
        match self {
            BlobError::Io(error) => {
                BlobError::Io(io::Error::new(error.kind(), format!("{}: {error}", folder.display())))
            }
            other => other,
        }
    }

    /// Whether the disk failed, so that no further write is accepted until a restart.
    #[must_use]
    pub fn is_disk_failure(&self) -> bool {
        matches!(self, BlobError::Unsynced(_))
    }
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BlobError::Full,
            _ => BlobError::Io(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_even_at_a_sync() {
        let raw = |code: rustix::io::Errno| io::Error::from_raw_os_error(code.raw_os_error());
        assert!(matches!(BlobError::from(raw(rustix::io::Errno::NOSPC)), BlobError::Full));
        assert!(matches!(BlobError::unsynced(raw(rustix::io::Errno::DQUOT)), BlobError::Full));
        assert!(BlobError::unsynced(raw(rustix::io::Errno::IO)).is_disk_failure());
        assert!(!BlobError::from(raw(rustix::io::Errno::IO)).is_disk_failure());
    }
}
