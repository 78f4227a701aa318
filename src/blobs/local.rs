//! The photo store in a folder of this machine.
//!
//! ```text
//! originals/<2 hex>/<64 hex>              sealed
//! renditions/<variant>/<2 hex>/<64 hex>   derived
//! incoming/<32 hex>.part                  unfinished, removed after a day
//! incoming/uploads/<owner>/<id>.*         resumable uploads, see `unfinished`
//! store-id                                name of this photo store
//! ```
//! There is one level of 256 folders, not two. A new folder has to be synced into its parent; with 65,536 folders nearly
//! every one of the first hundred thousand photos would create one. With 256 their handles stay open, and sealing syncs
//! without opening anything. Ten million photos make 40,000 names in a folder, which the hashed directories of ext4 and
//! XFS handle easily; more photos belong in an object store.

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

/// The file with the name of the store.
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
    /// The folder that [`LocalStore::check_ready`] tries next.
    turn: AtomicUsize,
    /// Open handles of the folders of `originals`, by the first byte of a digest, once they are known to be durable.
    shards: Box<[OnceLock<File>]>,
}

impl LocalStore {
    /// Opens the folder `root`, creates what is missing, removes uploads abandoned a day ago, and checks that it can be
    /// written to durably.
    ///
    /// # Errors
    /// Those of [`Self::check_ready`].
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

    /// Begins to receive an original of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn begin(&self, bytes_max: u64) -> Result<Incoming, BlobError> {
        Incoming::begin(&self.inner.scratch, bytes_max)
    }

    /// Writes a small file as an original is written, and checks that a file can be created in every folder.
    ///
    /// # Errors
    /// What an upload would get, naming the folder.
    pub fn check_ready(&self) -> Result<(), BlobError> {
        let Inner { originals, renditions, scratch, .. } = &*self.inner;
        scratch.check_moving(originals)?;
        let uploads = Some(scratch.uploads()).filter(|folder| folder.exists());
        for folder in Variant::ALL.map(|variant| renditions.join(variant.as_str())).into_iter().chain(uploads) {
            scratch.check_making(&folder).map_err(|error| error.at(&folder))?;
        }
        // Two levels: the first bytes of digests, and the owners of uploads. One folder is tried, in turn; the others
        // are only checked.
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
                    // The owner's last upload has just ended.
                    Err(BlobError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                    other => other.map_err(|error| error.at(folder))?,
                }
            }
        }
        Ok(())
    }

    /// Free bytes.
    pub fn free_bytes(&self) -> Result<u64, BlobError> {
        self.inner.scratch.free_bytes()
    }

    /// The name of this folder; `None` when it has none yet.
    pub fn identity(&self) -> Result<Option<String>, BlobError> {
        match fs::read_to_string(self.inner.root.join(IDENTITY)) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sets the name of this folder, durably.
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

/// The folders directly under `above`, which may be missing.
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
    /// The root folder of the store.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Path of an original.
    pub(super) fn original_path(&self, digest: &Digest) -> PathBuf {
        in_shard(&self.originals, digest)
    }

    /// The folder of an original, created durably.
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
