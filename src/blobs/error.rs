//! What can go wrong with kept bytes, in the words `app` needs.

use std::io;
use std::path::Path;

/// A failed store operation.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No such bytes.
    #[error("not found")]
    NotFound,
    /// More bytes came than were announced as the most.
    #[error("more than {bytes_max} bytes")]
    TooLarge {
        /// The most that was allowed.
        bytes_max: u64,
    },
    /// No space, quota or file numbers left.
    #[error("no space left")]
    Full,
    /// A sync failed: what was written since the last one may be lost, and the next
    /// sync may lie about it. No write is to be taken until a restart (guarantee G3;
    /// Rebello et al., USENIX ATC 2020).
    #[error("syncing failed: {0}")]
    Unsynced(#[source] io::Error),
    /// Anything else.
    #[error("photo store: {0}")]
    Io(#[source] io::Error),
}

impl BlobError {
    /// A failure to open something by its digest: only there is a missing file an
    /// answer. Anywhere else the store itself has gone missing.
    pub(super) fn opening(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { BlobError::NotFound } else { Self::from(error) }
    }

    /// A failure of a sync.
    pub(super) fn unsynced(error: io::Error) -> Self {
        match Self::from(error) {
            BlobError::Io(error) => BlobError::Unsynced(error),
            other => other,
        }
    }

    /// The same failure, saying in which folder.
    pub(super) fn at(self, folder: &Path) -> Self {
        match self {
            BlobError::Io(error) => {
                BlobError::Io(io::Error::new(error.kind(), format!("{}: {error}", folder.display())))
            }
            other => other,
        }
    }

    /// Whether the disk failed, so that no further write is taken until a restart.
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
