//! The store that is a folder of this machine.
//!
//! ```text
//! originals/<2 hex>/<64 hex>              sealed
//! renditions/<variant>/<2 hex>/<64 hex>   derived
//! incoming/<32 hex>.part                  unfinished, gone after a day
//! incoming/uploads/<owner>/<id>.*         not whole yet, see `unfinished`
//! store-id                                which photo store this is
//! ```
//! One level of 256 folders, not two: a folder that is new has to be synced into
//! its parent, and with 65,536 nearly every one of the first hundred thousand photos
//! would pay for one; with 256 the handles stay open, and a seal syncs without
//! opening anything. Ten million photos make 40,000 names a folder, which the
//! hashed folders of ext4 and XFS take lightly; more belong in an object store.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use rustix::fs::Access;

use super::error::BlobError;
use super::lease::Leases;
use super::renditions::Variant;
use super::scratch::Scratch;
use super::{Incoming, sync};
use crate::domain::digest::Digest;

/// The file that holds the name of the folder.
const IDENTITY: &str = "store-id";

/// Photos in a folder of this machine. Clones share it; only one process may write to it.
#[derive(Debug, Clone)]
pub struct LocalStore {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) originals: PathBuf,
    pub(super) renditions: PathBuf,
    pub(super) scratch: Scratch,
    root: PathBuf,
    pub(super) leases: Arc<Leases>,
    /// Which folder is tried next by [`LocalStore::check_ready`].
    turn: AtomicUsize,
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
            scratch: Scratch::open(folder("incoming")?)?,
            root: root.clone(),
            turn: AtomicUsize::new(0),
            leases: Arc::default(),
            shards: (0..=u8::MAX).map(|_| OnceLock::new()).collect(),
        };
        for variant in Variant::ALL {
            fs::create_dir_all(inner.renditions.join(variant.as_str()))?;
        }
        inner.scratch.remove_stale(&inner.originals)?;
        let store = LocalStore { inner: Arc::new(inner) };
        store.check_ready()?;
        Ok(store)
    }

    /// Begins to take an original of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn begin(&self, bytes_max: u64) -> Result<Incoming, BlobError> {
        Incoming::begin(&self.inner.scratch, bytes_max)
    }

    /// Does to a small file what is done to an original, and asks of every folder whether a file can be made in it.
    ///
    /// # Errors
    /// What an upload would meet, naming the folder.
    pub fn check_ready(&self) -> Result<(), BlobError> {
        let Inner { originals, renditions, scratch, .. } = &*self.inner;
        scratch.check_moving(originals)?;
        let uploads = Some(scratch.uploads()).filter(|folder| folder.exists());
        for folder in Variant::ALL.map(|variant| renditions.join(variant.as_str())).into_iter().chain(uploads) {
            scratch.check_making(&folder).map_err(|error| error.at(&folder))?;
        }
        // Two levels: the first bytes of digests, the owners of uploads. One is tried, in turn; the others are asked.
        let turn = self.inner.turn.fetch_add(1, Ordering::Relaxed);
        for above in [originals.clone(), scratch.uploads()] {
            let folders = folders_in(&above)?;
            let tried = turn % folders.len().max(1);
            for (number, folder) in folders.iter().enumerate() {
                let allowed = if number == tried {
                    scratch.check_making(folder)
                } else {
                    let access = rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK);
                    access.map_err(|error| io::Error::from(error).into())
                };
                match allowed {
                    // An owner's last upload has just ended.
                    Err(BlobError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                    other => other.map_err(|error| error.at(folder))?,
                }
            }
        }
        Ok(())
    }

    /// Bytes that can still be written.
    pub fn free_bytes(&self) -> Result<u64, BlobError> {
        self.inner.scratch.free_bytes()
    }

    /// The name that was given to this folder; `None` when none was yet.
    pub fn identity(&self) -> Result<Option<String>, BlobError> {
        match fs::read_to_string(self.inner.root.join(IDENTITY)) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives this folder a name, durably.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn set_identity(&self, name: &str) -> Result<(), BlobError> {
        let (mut part, mut file) = self.inner.scratch.new_part()?;
        file.write_all(format!("{name}\n").as_bytes())?;
        sync::file(&file)?;
        part.rename_to(&self.inner.root.join(IDENTITY))?;
        part.forget();
        sync::directory(&File::open(&self.inner.root)?)
    }
}

/// The folders right under `above`, which may be missing.
fn folders_in(above: &Path) -> Result<Vec<PathBuf>, BlobError> {
    let entries = match fs::read_dir(above) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(BlobError::from(error).at(above)),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

impl Inner {
    /// The folder of all that is kept.
    pub(super) fn root(&self) -> &Path {
        &self.root
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
