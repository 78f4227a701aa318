//! Renditions: small copies that can be made again, so they are not synced.
//!
//! After a power loss, a file that was renamed but not synced may be empty or truncated. So each ends with the CRC-32
//! of its content, little-endian, and one with a wrong CRC counts as missing.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use super::error::BlobError;
use super::local::{LocalStore, in_shard};
use crate::domain::digest::Digest;

/// Which rendition of an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variant {
    /// Shown on an issue's page.
    View,
    /// Shown in a list.
    Thumb,
    /// As [`Variant::View`], with marks. Its digest is that of original and marks together.
    MarkedView,
    /// As [`Variant::Thumb`], with marks.
    MarkedThumb,
}

impl Variant {
    /// Every variant.
    pub const ALL: [Variant; 4] = [Variant::View, Variant::Thumb, Variant::MarkedView, Variant::MarkedThumb];
    /// Those named by the digest of their original, and removed with it. The others belong to photos of an issue, which
    /// are never removed.
    pub const OF_ORIGINALS: [Variant; 2] = [Variant::View, Variant::Thumb];

    /// Its name in the store and in URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Variant::View => "view",
            Variant::Thumb => "thumb",
            Variant::MarkedView => "marked-view",
            Variant::MarkedThumb => "marked-thumb",
        }
    }
}

impl LocalStore {
    pub(super) fn rendition_path(&self, digest: &Digest, variant: Variant) -> PathBuf {
        in_shard(&self.inner.renditions.join(variant.as_str()), digest)
    }

    /// Stores a rendition, replacing an earlier one.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn put_rendition(&self, digest: &Digest, variant: Variant, bytes: &[u8]) -> Result<(), BlobError> {
        let (mut part, mut file) = self.inner.scratch.new_part()?;
        file.write_all(bytes)?;
        file.write_all(&trailer(bytes))?;
        let target = self.rendition_path(digest, variant);
        match part.rename_to(&target) {
            Err(BlobError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(target.parent().unwrap_or(&self.inner.renditions))?;
                part.rename_to(&target)?;
            }
            other => other?,
        }
        part.forget();
        Ok(())
    }

    /// Reads a rendition.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] also for a damaged one.
    pub fn read_rendition(&self, digest: &Digest, variant: Variant) -> Result<Vec<u8>, BlobError> {
        whole(fs::read(self.rendition_path(digest, variant)).map_err(BlobError::opening)?)
    }
}

/// The trailer of a rendition.
pub(super) fn trailer(bytes: &[u8]) -> [u8; 4] {
    crc32fast::hash(bytes).to_le_bytes()
}

/// A rendition without its trailer, if the trailer is right.
pub(super) fn whole(mut bytes: Vec<u8>) -> Result<Vec<u8>, BlobError> {
    let (kept, crc) = bytes.split_last_chunk::<4>().ok_or(BlobError::NotFound)?;
    // The CRC of no bytes is zero, so four zero bytes alone would pass.
    if kept.is_empty() || trailer(kept) != *crc {
        return Err(BlobError::NotFound);
    }
    bytes.truncate(kept.len());
    Ok(bytes)
}
