//! The store that is a folder of this machine.
//!
//! ```text
//! originals/<2 hex>/<64 hex>              sealed
//! renditions/<variant>/<2 hex>/<64 hex>   derived
//! incoming/<32 hex>.part                  unfinished, gone after a day
//! ```
//! One level of 256 folders, not two: a folder that is new has to be synced into
//! its parent, and with 65,536 nearly every one of the first hundred thousand photos
//! would pay for one; with 256 the handles stay open, and a seal syncs without
//! opening anything. Ten million photos make 40,000 names a folder, which the
//! hashed folders of ext4 and XFS take lightly; more belong in an object store.

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use super::error::BlobError;
use super::lease::Leases;
use super::renditions::Variant;
use super::{Incoming, sync};
use crate::domain::digest::Digest;

/// Age at which an unfinished upload is nobody's. Source: our choice; the slowest
/// upload is cut off after minutes.
const STALE_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Who may read what is kept, less the umask: the service, and a group for backups.
const FILE_MODE: u32 = 0o640;

/// Photos in a folder of this machine. Clones share it; only one process may write to it.
#[derive(Debug, Clone)]
pub struct LocalStore {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) originals: PathBuf,
    pub(super) renditions: PathBuf,
    pub(super) incoming: PathBuf,
    pub(super) leases: Arc<Leases>,
    /// Handles of the folders of `originals`, by the first byte of a digest, once
    /// they are known to be durable.
    shards: Box<[OnceLock<File>]>,
}

impl LocalStore {
    /// Opens the folder `root`, creating what is missing of it, clears away uploads
    /// that were abandoned a day ago, and tries whether it can be written durably.
    ///
    /// # Errors
    /// What [`Self::check_ready`] meets.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, BlobError> {
        let root = std::path::absolute(root)?;
        let mut missing: Vec<&Path> = root.ancestors().take_while(|path| !path.is_dir()).collect();
        while let Some(path) = missing.pop() {
            sync::create_directory(path)?;
        }
        let folder = |name: &str| -> Result<PathBuf, BlobError> {
            let path = root.join(name);
            sync::create_directory(&path)?;
            Ok(path)
        };
        let inner = Inner {
            originals: folder("originals")?,
            renditions: folder("renditions")?,
            incoming: folder("incoming")?,
            leases: Arc::default(),
            shards: (0..=u8::MAX).map(|_| OnceLock::new()).collect(),
        };
        for variant in Variant::ALL {
            fs::create_dir_all(inner.renditions.join(variant.as_str()))?;
        }
        let store = LocalStore { inner: Arc::new(inner) };
        store.remove_stale()?;
        store.check_ready()?;
        Ok(store)
    }

    fn remove_stale(&self) -> Result<(), BlobError> {
        let now = SystemTime::now();
        let stale = |entry: &DirEntry| -> io::Result<bool> {
            Ok(now.duration_since(entry.metadata()?.modified()?).is_ok_and(|age| age > STALE_AFTER))
        };
        for entry in fs::read_dir(&self.inner.incoming)? {
            let entry = entry?;
            if stale(&entry)? {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Begins to take an original of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`], or the disk's.
    pub fn begin(&self, bytes_max: u64) -> Result<Incoming, BlobError> {
        Incoming::begin(Arc::clone(&self.inner), bytes_max)
    }

    /// Writes, syncs, renames, reads and removes a small file.
    ///
    /// # Errors
    /// What an upload would meet.
    pub fn check_ready(&self) -> Result<(), BlobError> {
        const PROBE: &[u8] = b"anfang";
        let (mut part, mut file) = self.inner.new_part()?;
        file.write_all(PROBE)?;
        sync::file(&file)?;
        part.rename_to(&part.path().with_extension("probe"))?;
        sync::directory(&File::open(&self.inner.incoming)?)?;
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

    /// Bytes that can still be written.
    ///
    /// # Errors
    /// The disk's.
    pub fn free_bytes(&self) -> Result<u64, BlobError> {
        let room = rustix::fs::statvfs(&self.inner.incoming).map_err(io::Error::from)?;
        Ok(room.f_bavail.saturating_mul(room.f_frsize))
    }
}

/// A file of `incoming` that goes away unless it is forgotten.
#[derive(Debug)]
pub(super) struct Part(Option<PathBuf>);

impl Part {
    pub(super) fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }

    /// Moves it in one step; it still goes away unless it is then forgotten.
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
            // Nothing to be done about it here: it is stale after a day.
            let _ = fs::remove_file(path);
        }
    }
}

impl Inner {
    /// A new file under a random name.
    pub(super) fn new_part(&self) -> Result<(Part, File), BlobError> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let path = self.incoming.join(format!("{:032x}.part", u128::from_be_bytes(random)));
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(&path)?;
        Ok((Part(Some(path)), file))
    }

    /// Where an original lies.
    pub(super) fn original_path(&self, digest: &Digest) -> PathBuf {
        in_shard(&self.originals, digest)
    }

    /// The folder an original lies in, durably created.
    pub(super) fn shard(&self, digest: &Digest) -> Result<&File, BlobError> {
        let [first, ..] = *digest.as_bytes();
        let slot = self.shards.get(usize::from(first)).ok_or(BlobError::NotFound)?;
        if let Some(folder) = slot.get() {
            return Ok(folder);
        }
        let folder = sync::create_directory(&self.originals.join(format!("{first:02x}")))?;
        Ok(slot.get_or_init(|| folder))
    }
}

/// `<2 hex>/<64 hex>` under `folder`.
pub(super) fn in_shard(folder: &Path, digest: &Digest) -> PathBuf {
    let name = digest.to_string();
    let mut path = folder.join(name.get(..2).unwrap_or_default());
    path.push(name);
    path
}
