//! Stored originals: opening, verifying, listing, removing.

use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use super::error::BlobError;
use super::listing::{self, Listed, Page};
use super::local::LocalStore;
use super::renditions::Variant;
use super::{Original, sync};
use crate::domain::digest::Digest;
use crate::domain::time::Timestamp;

impl LocalStore {
    /// Opens an original; its bytes are not checked.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_original(&self, digest: &Digest) -> Result<Original, BlobError> {
        let file = File::open(self.original_path(digest)).map_err(BlobError::opening)?;
        let size_bytes = file.metadata()?.len();
        Ok(Original { file, size_bytes })
    }

    /// Path of an original, if it is stored.
    #[must_use]
    pub fn original_path(&self, digest: &Digest) -> PathBuf {
        self.inner.original_path(digest)
    }

    /// Re-hashes an original: whether its bytes match its digest.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn verify(&self, digest: &Digest) -> Result<bool, BlobError> {
        Ok(self.open_verified(digest)?.is_some())
    }

    /// Opens an original and checks its bytes; `None` when they do not match its digest.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_verified(&self, digest: &Digest) -> Result<Option<Original>, BlobError> {
        let mut original = self.open_original(digest)?;
        if digest_of(&mut original.file)? != *digest {
            return Ok(None);
        }
        original.file.rewind()?;
        Ok(Some(original))
    }

    /// Every original, with its length in bytes, folder by folder; files with a name of another form are left out.
    pub fn originals(&self) -> impl Iterator<Item = io::Result<(Digest, u64)>> + '_ {
        (0..=u8::MAX).flat_map(|first| self.originals_of(first))
    }

    /// The originals whose digest begins with this byte, with their lengths in bytes.
    pub fn originals_of(&self, first: u8) -> impl Iterator<Item = io::Result<(Digest, u64)>> + use<> {
        match fs::read_dir(self.inner.originals.join(format!("{first:02x}"))) {
            Ok(entries) => {
                Box::new(entries.filter_map(|entry| entry.and_then(|entry| named(&entry)).transpose())) as Entries
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Box::new(std::iter::empty()),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    /// A page of what is stored: see [`PhotoStore::page`](super::PhotoStore::page).
    pub fn page(&self, after: &str, limit: usize) -> Result<Page, BlobError> {
        let mut page = Page::default();
        for (folder, last) in listing::remaining(listing::shards(), after) {
            let path = self.inner.root().join(&folder);
            let mut names = names(&path)?;
            names.retain(|name| *name > last);
            names.sort_unstable();
            for name in names {
                if page.found.len() >= limit {
                    return Ok(page);
                }
                let key = format!("{folder}/{name}");
                page.next = Some(key.clone());
                let Some(digest) = Digest::parse_hex(&name) else { continue };
                match fs::metadata(path.join(&name)) {
                    Ok(about) => page.found.push(Listed { key, digest, since: dated(&about)? }),
                    // Removed in the meantime.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        page.next = None;
        Ok(page)
    }

    /// Since when an original has been stored: its bytes never change, so since it was last written.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn kept_since(&self, digest: &Digest) -> Result<Timestamp, BlobError> {
        Ok(dated(&fs::metadata(self.original_path(digest)).map_err(BlobError::opening)?)?)
    }

    /// Removes an original and its renditions, durably; answers `false`, and removes nothing, while an upload holds a
    /// lease on it.
    pub fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        let folder = self.inner.shard(digest)?;
        let removed = self.inner.leases.unless_held(digest, || {
            for variant in Variant::OF_ORIGINALS {
                gone(fs::remove_file(self.rendition_path(digest, variant)))?;
            }
            gone(fs::remove_file(self.original_path(digest)))
        });
        match removed {
            None => Ok(false),
            Some(result) => {
                result?;
                sync::directory(folder)?;
                Ok(true)
            }
        }
    }
}

/// The names in a folder; none if it does not exist.
fn names(folder: &Path) -> Result<Vec<String>, BlobError> {
    let mut names = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                // A name that is not text is not ours.
                names.extend(entry?.file_name().into_string());
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    Ok(names)
}

/// When a file was last written.
fn dated(about: &Metadata) -> io::Result<Timestamp> {
    let since = about.modified()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
}

type Entries = Box<dyn Iterator<Item = io::Result<(Digest, u64)>>>;

/// The digest of a directory entry that is an original.
fn named(entry: &DirEntry) -> io::Result<Option<(Digest, u64)>> {
    match entry.file_name().to_str().and_then(Digest::parse_hex) {
        Some(digest) => Ok(Some((digest, entry.metadata()?.len()))),
        None => Ok(None),
    }
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// The SHA-256 of the rest of the file.
pub(super) fn digest_of(file: &mut File) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut block = vec![0; 128 * 1024];
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(Digest::from_bytes(hasher.finalize().into())),
            Ok(got) => hasher.update(block.get(..got).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
