//! Resumable uploads that are not complete yet; they may take days.
//!
//! ```text
//! incoming/uploads/<owner>/<id>.state   acknowledged offset, and the announcement
//! incoming/uploads/<owner>/<id>.bytes   received bytes
//! ```
//! The bytes are synced first, then the offset; only then is the offset acknowledged. Bytes after it were never
//! acknowledged and are cut off after a crash. Each owner has a folder, so nobody finds another owner's uploads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::error::BlobError;
use super::scratch::{FILE_MODE, Scratch};
use super::{Received, sync};
use crate::domain::ids::{PhotoId, UserId};
use crate::domain::limits::UPLOAD_DAYS;
use crate::domain::time::Timestamp;

/// Digits of the offset at the start of a state file: as many as the largest number has, so that it is overwritten in
/// place and the rest never moves.
const OFFSET_DIGITS: usize = 20;
/// Size of the write buffer.
const BUFFER_BYTES: usize = 128 * 1024;

/// The announcement of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Length of the whole in bytes.
    pub size_bytes: u64,
    /// When it expires.
    pub ends_at: Timestamp,
    /// More about it, for the caller.
    pub about: String,
}

/// An unfinished upload. Only one caller at a time may hold it: see [`PhotoStore`](super::PhotoStore).
#[derive(Debug)]
pub struct Partial {
    announcement: Announcement,
    state: File,
    bytes: BufWriter<File>,
    path: PathBuf,
    /// Acknowledged bytes.
    offset: u64,
    /// Received bytes, acknowledged or not.
    come: u64,
}

/// Path of an owner's upload, without its extension.
fn place(scratch: &Scratch, owner: UserId, id: PhotoId) -> PathBuf {
    scratch.uploads().join(owner.0.simple().to_string()).join(id.0.simple().to_string())
}

/// Creates an upload, durably. An old one under this id is removed first: its bytes may by now be the same file as a
/// sealed original.
pub(super) fn create(
    scratch: &Scratch,
    owner: UserId,
    id: PhotoId,
    announcement: &Announcement,
) -> Result<(), BlobError> {
    let path = place(scratch, owner, id);
    let folder = path.parent().unwrap_or(&path);
    remove_at(&path)?;
    sync::create_directory(&scratch.uploads())?;
    let folder = sync::create_directory(folder)?;
    let text = serde_json::to_string(announcement).map_err(io::Error::other)?;
    let (mut part, mut file) = scratch.new_part()?;
    file.write_all(format!("{:0OFFSET_DIGITS$}\n{text}\n", 0).as_bytes())?;
    sync::file(&file)?;
    part.rename_to(&path.with_extension("state"))?;
    part.forget();
    sync::directory(&folder)
}

/// Opens an upload at its acknowledged offset; bytes after it are cut off.
pub(super) fn open(scratch: &Scratch, owner: UserId, id: PhotoId) -> Result<Partial, BlobError> {
    let path = place(scratch, owner, id);
    let (state, bytes) = (path.with_extension("state"), path.with_extension("bytes"));
    let (offset, announcement) = read(&state)?.ok_or(BlobError::NotFound)?;
    let state = OpenOptions::new().write(true).open(state).map_err(BlobError::opening)?;
    // A complete upload is never written to again: the sealed original may be the same file under another name.
    let is_whole = offset == announcement.size_bytes;
    let bytes = OpenOptions::new()
        .read(true)
        .write(!is_whole)
        .create(!is_whole && offset == 0)
        .mode(FILE_MODE)
        .open(bytes)
        .or_else(|error| if is_whole && offset == 0 { empty(scratch) } else { Err(error) })
        .map_err(BlobError::opening)?;
    let there = bytes.metadata()?.len();
    if there < offset || (is_whole && there > offset) {
        return Err(BlobError::NotFound);
    }
    let mut partial = Partial {
        announcement,
        state,
        bytes: BufWriter::with_capacity(BUFFER_BYTES, bytes),
        path,
        offset,
        come: there,
    };
    partial.discard()?;
    Ok(partial)
}

/// A file for an upload of zero bytes.
fn empty(scratch: &Scratch) -> io::Result<File> {
    scratch.new_part().map(|(_, file)| file).map_err(io::Error::other)
}

/// The unfinished uploads of one owner.
pub(super) fn of(scratch: &Scratch, owner: UserId) -> Result<Vec<(PhotoId, Announcement)>, BlobError> {
    let folder = scratch.uploads().join(owner.0.simple().to_string());
    let mut found = Vec::new();
    for path in entries(&folder)? {
        let id = path.file_stem().and_then(|name| name.to_str()).and_then(|name| uuid::Uuid::try_parse(name).ok());
        if let Some(id) = id.filter(|_| has_ending(&path, "state"))
            && let Some((_, announcement)) = read(&path)?
        {
            found.push((PhotoId(id), announcement));
        }
    }
    Ok(found)
}

/// Removes an upload. One that does not exist counts as removed.
pub(super) fn remove(scratch: &Scratch, owner: UserId, id: PhotoId) -> Result<(), BlobError> {
    remove_at(&place(scratch, owner, id))
}

/// The state last: bytes without a state are ignored.
fn remove_at(path: &Path) -> Result<(), BlobError> {
    for ending in ["bytes", "state"] {
        match fs::remove_file(path.with_extension(ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Whether an upload has expired. One that expires later than it could was begun while the clock was wrong, and would
/// stay until the clock gets there: it has expired, too.
fn is_over(announcement: &Announcement, state: &Path, now: Timestamp) -> io::Result<bool> {
    let most = Duration::from_secs(u64::from(UPLOAD_DAYS) * 86_400);
    if announcement.ends_at <= now.plus(most) {
        return Ok(announcement.ends_at <= now);
    }
    let written = fs::metadata(state)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let written = Timestamp::from_micros(i64::try_from(written.as_micros()).unwrap_or(i64::MAX));
    Ok(written.abs_diff(now) > most)
}

/// Removes uploads that have expired at `now`, and those that cannot be read; answers how many.
pub(super) fn sweep(scratch: &Scratch, now: Timestamp) -> Result<usize, BlobError> {
    let mut removed = 0;
    for folder in entries(&scratch.uploads())? {
        for path in entries(&folder)? {
            let is_over = match path.extension().and_then(|ending| ending.to_str()) {
                Some("state") => match read(&path)? {
                    Some((_, announcement)) => is_over(&announcement, &path, now)?,
                    None => true,
                },
                Some("bytes") => !path.with_extension("state").exists(),
                _ => false,
            };
            if is_over {
                remove_at(&path)?;
                removed += 1;
            }
        }
        // Fails when the folder is not empty, which is fine.
        let _ = fs::remove_dir(&folder);
    }
    Ok(removed)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, BlobError> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

/// The content of a state file; `None` when there is none or it is damaged.
fn read(state: &Path) -> Result<Option<(u64, Announcement)>, BlobError> {
    let text = match fs::read_to_string(state) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let parsed = text.split_once('\n').and_then(|(offset, announcement)| {
        let announcement: Announcement = serde_json::from_str(announcement.trim_end()).ok()?;
        let offset = offset.parse().ok().filter(|offset| *offset <= announcement.size_bytes)?;
        Some((offset, announcement))
    });
    Ok(parsed)
}

impl Partial {
    /// Its announcement.
    #[must_use]
    pub fn announcement(&self) -> &Announcement {
        &self.announcement
    }

    /// Acknowledged bytes.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether all of it is acknowledged.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.offset == self.announcement.size_bytes
    }

    /// Received bytes that are not acknowledged yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.come - self.offset
    }

    /// Writes the next bytes.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] when they are more than announced, [`BlobError::Full`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        let come = self.come.saturating_add(bytes.len() as u64);
        if come > self.announcement.size_bytes {
            return Err(BlobError::TooLarge { bytes_max: self.announcement.size_bytes });
        }
        self.bytes.write_all(bytes)?;
        self.come = come;
        Ok(())
    }

    /// Makes the received bytes durable, then the offset: afterwards it may be acknowledged.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unsynced`].
    pub fn keep(&mut self) -> Result<(), BlobError> {
        self.bytes.flush()?;
        if self.pending() == 0 {
            return Ok(());
        }
        sync::file(self.bytes.get_ref())?;
        if self.offset == 0 {
            // The first bytes also created the file's name.
            sync::directory(&File::open(self.path.parent().unwrap_or(&self.path))?)?;
        }
        self.state.write_all_at(format!("{:0OFFSET_DIGITS$}", self.come).as_bytes(), 0)?;
        sync::file(&self.state)?;
        self.offset = self.come;
        Ok(())
    }

    /// Discards what was received since the last [`Self::keep`].
    pub fn discard(&mut self) -> Result<(), BlobError> {
        // The buffer's content is cut off with the rest.
        self.bytes.flush()?;
        let file = self.bytes.get_mut();
        if file.metadata()?.len() > self.offset {
            file.set_len(self.offset)?;
        }
        file.seek(SeekFrom::Start(self.offset))?;
        self.come = self.offset;
        Ok(())
    }

    /// The complete file, read and hashed again, ready to be sealed. The upload stays until it is removed, so that any
    /// failure from here on can be retried.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] while it is not complete.
    pub(super) fn received(&self, scratch: &Scratch) -> Result<Received, BlobError> {
        if !self.is_whole() {
            return Err(BlobError::NotFound);
        }
        let (part, file) = if self.announcement.size_bytes == 0 {
            scratch.new_part()?
        } else {
            scratch.link_part(&self.path.with_extension("bytes"))?
        };
        Received::whole(part, file, self.announcement.size_bytes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::digest::Digest;

    const OWNER: UserId = UserId(uuid::Uuid::from_u128(1));
    const ID: PhotoId = PhotoId(uuid::Uuid::from_u128(2));

    fn begun(size_bytes: u64) -> (tempfile::TempDir, Scratch) {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::open(folder.path().to_owned()).unwrap();
        let announcement = Announcement { size_bytes, ends_at: Timestamp::from_micros(1_000), about: "a".into() };
        create(&scratch, OWNER, ID, &announcement).unwrap();
        (folder, scratch)
    }

    #[test]
    fn what_was_kept_is_there_and_what_was_not_is_cut_off() {
        let (_folder, scratch) = begun(6);
        let mut partial = open(&scratch, OWNER, ID).unwrap();
        partial.write(b"abc").unwrap();
        partial.keep().unwrap();
        partial.write(b"xy").unwrap();
        // Written and never acknowledged, as after a crash.
        partial.bytes.flush().unwrap();
        drop(partial);
        let mut partial = open(&scratch, OWNER, ID).unwrap();
        assert_eq!((partial.offset(), partial.is_whole()), (3, false));
        partial.write(b"zz").unwrap();
        partial.discard().unwrap();
        partial.write(b"def").unwrap();
        assert!(matches!(partial.write(b"g"), Err(BlobError::TooLarge { .. })));
        partial.keep().unwrap();
        // Read twice: a later failure can be retried.
        for _ in 0..2 {
            let received = open(&scratch, OWNER, ID).unwrap().received(&scratch).unwrap();
            assert_eq!(received.digest(), Digest::of(b"abcdef"));
        }
    }

    #[test]
    fn an_upload_that_lost_bytes_it_had_acknowledged_is_none() {
        let (_folder, scratch) = begun(6);
        let mut partial = open(&scratch, OWNER, ID).unwrap();
        partial.write(b"abc").unwrap();
        partial.keep().unwrap();
        OpenOptions::new().write(true).open(partial.path.with_extension("bytes")).unwrap().set_len(2).unwrap();
        assert!(matches!(open(&scratch, OWNER, ID), Err(BlobError::NotFound)));
    }

    #[test]
    fn each_owner_has_uploads_of_their_own_and_time_ends_them() {
        let (folder, scratch) = begun(0);
        let other = UserId(uuid::Uuid::from_u128(3));
        assert!(matches!(open(&scratch, other, ID), Err(BlobError::NotFound)));
        assert_eq!((of(&scratch, OWNER).unwrap().len(), of(&scratch, other).unwrap().len()), (1, 0));
        assert!(open(&scratch, OWNER, ID).unwrap().is_whole());
        assert_eq!(sweep(&scratch, Timestamp::from_micros(999)).unwrap(), 0);
        assert_eq!(sweep(&scratch, Timestamp::from_micros(1_000)).unwrap(), 1);
        assert_eq!(fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_state_is_no_upload_and_is_swept() {
        let (_folder, scratch) = begun(6);
        fs::write(place(&scratch, OWNER, ID).with_extension("state"), b"\xff").unwrap();
        assert!(matches!(open(&scratch, OWNER, ID), Err(BlobError::NotFound)));
        assert_eq!(sweep(&scratch, Timestamp::from_micros(0)).unwrap(), 1);
    }
}
