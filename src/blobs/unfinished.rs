//! Originals that come in pieces, over days, and are not whole yet.
//!
//! ```text
//! incoming/uploads/<owner>/<id>.state   how far it is acknowledged, and what it is to become
//! incoming/uploads/<owner>/<id>.bytes   what has come of it
//! ```
//! An offset counts once the bytes before it are synced, then the offset itself. What lies behind it after a
//! crash was never acknowledged and is cut off. The owner is a folder: nobody finds what is another's.

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

/// Digits of the offset at the head of a state: as many as the largest number has, so that it is written over in
/// one place and the rest never moves.
const OFFSET_DIGITS: usize = 20;
/// Bytes gathered before they are written.
const BUFFER_BYTES: usize = 128 * 1024;

/// What an upload is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Length of the whole in bytes.
    pub size_bytes: u64,
    /// When it is given up.
    pub ends_at: Timestamp,
    /// What else its taker wants to know of it.
    pub about: String,
}

/// An upload under way. One caller at a time may hold it: see [`PhotoStore`](super::PhotoStore).
#[derive(Debug)]
pub struct Partial {
    announcement: Announcement,
    state: File,
    bytes: BufWriter<File>,
    path: PathBuf,
    /// Acknowledged.
    offset: u64,
    /// Come, acknowledged or not.
    come: u64,
}

/// Where an owner's upload lies, without its ending.
fn place(scratch: &Scratch, owner: UserId, id: PhotoId) -> PathBuf {
    scratch.uploads().join(owner.0.simple().to_string()).join(id.0.simple().to_string())
}

/// Makes room for an upload, durably. What lay there goes first: its bytes may be a sealed original's by now.
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

/// The upload as it was acknowledged last; what lies behind is cut off.
pub(super) fn open(scratch: &Scratch, owner: UserId, id: PhotoId) -> Result<Partial, BlobError> {
    let path = place(scratch, owner, id);
    let (state, bytes) = (path.with_extension("state"), path.with_extension("bytes"));
    let (offset, announcement) = read(&state)?.ok_or(BlobError::NotFound)?;
    let state = OpenOptions::new().write(true).open(state).map_err(BlobError::opening)?;
    // What is whole is never written again: the sealed original may be the same file under another name.
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

/// Bytes of an upload of none.
fn empty(scratch: &Scratch) -> io::Result<File> {
    scratch.new_part().map(|(_, file)| file).map_err(io::Error::other)
}

/// What one owner has begun and not ended.
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

/// Removes an upload. What is not there counts as removed.
pub(super) fn remove(scratch: &Scratch, owner: UserId, id: PhotoId) -> Result<(), BlobError> {
    remove_at(&place(scratch, owner, id))
}

/// The state last: bytes without one are nobody's.
fn remove_at(path: &Path) -> Result<(), BlobError> {
    for ending in ["bytes", "state"] {
        match fs::remove_file(path.with_extension(ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Whether an upload is given up: its time is over, or it was begun while the clock was wrong by more than the time
/// it has, and would stay until the clock is there again.
fn is_over(announcement: &Announcement, state: &Path, now: Timestamp) -> io::Result<bool> {
    let most = Duration::from_secs(u64::from(UPLOAD_DAYS) * 86_400);
    if announcement.ends_at <= now.plus(most) {
        return Ok(announcement.ends_at <= now);
    }
    let written = fs::metadata(state)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let written = Timestamp::from_micros(i64::try_from(written.as_micros()).unwrap_or(i64::MAX));
    Ok(written.abs_diff(now) > most)
}

/// Removes what should have been whole before `now`, and what cannot be read; answers how much that was.
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
        // Stays where there is something in it.
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

/// What a state says; `None` when there is none or it is damaged.
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
    /// What it is to become.
    #[must_use]
    pub fn announcement(&self) -> &Announcement {
        &self.announcement
    }

    /// How many bytes are acknowledged.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether all of it is acknowledged.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.offset == self.announcement.size_bytes
    }

    /// Bytes that have come and are not acknowledged yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.come - self.offset
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] when they are more than it lacks, [`BlobError::Full`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        let come = self.come.saturating_add(bytes.len() as u64);
        if come > self.announcement.size_bytes {
            return Err(BlobError::TooLarge { bytes_max: self.announcement.size_bytes });
        }
        self.bytes.write_all(bytes)?;
        self.come = come;
        Ok(())
    }

    /// Makes what has come durable, then the offset behind it: it may be acknowledged afterwards.
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
            // The first bytes brought the file's name with them.
            sync::directory(&File::open(self.path.parent().unwrap_or(&self.path))?)?;
        }
        self.state.write_all_at(format!("{:0OFFSET_DIGITS$}", self.come).as_bytes(), 0)?;
        sync::file(&self.state)?;
        self.offset = self.come;
        Ok(())
    }

    /// Forgets what has come since it was kept last.
    pub fn discard(&mut self) -> Result<(), BlobError> {
        // What the buffer holds is cut off with the rest.
        self.bytes.flush()?;
        let file = self.bytes.get_mut();
        if file.metadata()?.len() > self.offset {
            file.set_len(self.offset)?;
        }
        file.seek(SeekFrom::Start(self.offset))?;
        self.come = self.offset;
        Ok(())
    }

    /// The whole, read and hashed anew, to be sealed. The upload stays until it is removed, so that whatever fails
    /// from here on can be tried again.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] while it is not whole.
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
        // Written and never acknowledged, as a crash leaves it.
        partial.bytes.flush().unwrap();
        drop(partial);
        let mut partial = open(&scratch, OWNER, ID).unwrap();
        assert_eq!((partial.offset(), partial.is_whole()), (3, false));
        partial.write(b"zz").unwrap();
        partial.discard().unwrap();
        partial.write(b"def").unwrap();
        assert!(matches!(partial.write(b"g"), Err(BlobError::TooLarge { .. })));
        partial.keep().unwrap();
        // Read twice: what fails after it can be tried again.
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
