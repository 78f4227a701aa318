//! The folder of unfinished files.

use std::fs::{self, DirEntry, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::error::BlobError;
use super::sync;

/// Age at which an unfinished file counts as abandoned. Source: our choice; the slowest upload is cut off after
/// minutes.
const STALE_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Permissions of stored files, less the umask: the service, and a group for backups.
pub(super) const FILE_MODE: u32 = 0o640;

/// Age at which a multipart upload counts as abandoned. Source: our choice; the longest one is cut off after minutes.
const ABANDONED_AFTER: Duration = Duration::from_secs(60 * 60);
/// File extension of a note about a multipart upload.
const NOTE: &str = "multipart";

/// A multipart upload that an object store has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MultipartNote {
    /// Key of the object.
    pub(super) key: String,
    /// The store's id of the upload.
    pub(super) upload: String,
}

/// A note in the folder: it stays there until it is forgotten, also when this process dies.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) note: MultipartNote,
    path: PathBuf,
}

impl Noted {
    /// Removes the note of an upload that has ended.
    pub(super) fn forget(self) -> Result<(), BlobError> {
        Ok(fs::remove_file(self.path)?)
    }
}

/// How far a file's date is from now, in either direction: after the clock was set back, older files have dates in the
/// future.
fn apart(about: &Metadata) -> io::Result<Duration> {
    let (now, modified) = (SystemTime::now(), about.modified()?);
    Ok(now.duration_since(modified).unwrap_or_else(|ahead| ahead.duration()))
}

/// `<32 hex>.part` files, gone after a day.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Opens an existing folder, and removes what was abandoned in it a day ago.
    pub(super) fn open(folder: PathBuf) -> Result<Self, BlobError> {
        let scratch = Scratch { folder };
        scratch.remove_stale(&scratch.folder)?;
        Ok(scratch)
    }

    /// Removes from a folder what was abandoned in it a day ago.
    pub(super) fn remove_stale(&self, folder: &Path) -> Result<(), BlobError> {
        let stale = |entry: &DirEntry| -> io::Result<bool> {
            let named = entry.path().extension().is_some_and(|extension| extension == "part" || extension == "probe");
            Ok(named && apart(&entry.metadata()?)? > STALE_AFTER)
        };
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if stale(&entry)? {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Notes a multipart upload, durably.
    pub(super) fn note(&self, note: &MultipartNote) -> Result<Noted, BlobError> {
        let (mut part, mut file) = self.new_part()?;
        file.write_all(serde_json::to_string(note).map_err(io::Error::other)?.as_bytes())?;
        sync::file(&file)?;
        let path = part.path().with_extension(NOTE);
        part.rename_to(&path)?;
        part.forget();
        sync::directory(&File::open(&self.folder)?)?;
        Ok(Noted { note: note.clone(), path })
    }

    /// Multipart uploads that nobody is working on any more.
    pub(super) fn abandoned(&self) -> Result<Vec<Noted>, BlobError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != NOTE) {
                continue;
            }
            let about = fs::metadata(&path).and_then(|about| Ok((apart(&about)?, fs::read(&path)?)));
            match about {
                Ok((age, text)) if age > ABANDONED_AFTER => match serde_json::from_slice(&text) {
                    Ok(note) => found.push(Noted { note, path }),
                    // Half-written when the machine crashed: it says nothing.
                    Err(_) => fs::remove_file(&path)?,
                },
                Ok(_) => {}
                // It has just ended.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    /// The folder of resumable uploads; created with the first one.
    pub(super) fn uploads(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    fn random_path(&self) -> Result<PathBuf, BlobError> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        Ok(self.folder.join(format!("{:032x}.part", u128::from_be_bytes(random))))
    }

    /// A second, random name for a file, to read it under.
    pub(super) fn link_part(&self, target: &Path) -> Result<(Part, File), BlobError> {
        let path = self.random_path()?;
        fs::hard_link(target, &path).map_err(BlobError::opening)?;
        let part = Part(Some(path));
        let file = File::open(part.path())?;
        Ok((part, file))
    }

    /// A new file under a random name.
    pub(super) fn new_part(&self) -> Result<(Part, File), BlobError> {
        let path = self.random_path()?;
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(&path)?;
        Ok((Part(Some(path)), file))
    }

    /// Writes, syncs, renames, reads and removes a small file.
    pub(super) fn check_ready(&self) -> Result<(), BlobError> {
        self.check_moving(&self.folder)
    }

    /// The same with a file that is renamed into another folder. A failure says which of the two folders it was.
    pub(super) fn check_moving(&self, folder: &Path) -> Result<(), BlobError> {
        const PROBE: &[u8] = b"anfang";
        let (mut part, mut file) = self.new_part().map_err(|error| error.at(&self.folder))?;
        file.write_all(PROBE)?;
        sync::file(&file)?;
        let name = part.path().with_extension("probe");
        let target = folder.join(name.file_name().unwrap_or_default());
        part.rename_to(&target).map_err(|error| error.at(folder))?;
        sync::directory(&File::open(folder)?)?;
        file.rewind()?;
        let mut read = Vec::new();
        file.read_to_end(&mut read)?;
        fs::remove_file(part.path())?;
        part.forget();
        if read == PROBE {
            Ok(())
        } else {
            Err(BlobError::Io(io::Error::other("the disk does not give back what was written")))
        }
    }

    /// Creates an empty file in `folder` and removes it.
    pub(super) fn check_making(&self, folder: &Path) -> Result<(), BlobError> {
        let name = self.random_path()?.with_extension("probe");
        let path = folder.join(name.file_name().unwrap_or_default());
        OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&path)?;
        Ok(fs::remove_file(&path)?)
    }

    /// Free bytes.
    pub(super) fn free_bytes(&self) -> Result<u64, BlobError> {
        let room = rustix::fs::statvfs(&self.folder).map_err(io::Error::from)?;
        Ok(room.f_bavail.saturating_mul(room.f_frsize))
    }
}

/// A file of the scratch folder that is removed when dropped, unless it is forgotten.
#[derive(Debug)]
pub(super) struct Part(Option<PathBuf>);

impl Part {
    pub(super) fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }

    /// Renames it atomically; it is still removed when dropped, unless it is then forgotten.
    pub(super) fn rename_to(&mut self, target: &Path) -> Result<(), BlobError> {
        fs::rename(self.path(), target)?;
        self.0 = Some(target.to_owned());
        Ok(())
    }

    /// Leaves the file where it is.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Nothing can be done about it here: it is removed as abandoned after a day.
            let _ = fs::remove_file(path);
        }
    }
}
