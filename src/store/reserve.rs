//! Disk space reserved beside a SQLite database for work that must continue while the disk is full: logins and viewing
//! photos, each of which writes a record. A file beside the database holds the space. When hardly anything else is left
//! the file is removed, and writes that let the database grow, above all reports, are refused until there is room for
//! the file again.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::FallocateFlags;

/// The reserve is at most one in this many parts of a small disk. Source: our choice.
const PART_OF_DISK: u64 = 8;
/// The rest of the disk counts as full when less than one in this many parts of the reserve is free. Source: our
/// choice; for 64 MiB it is twice the length of the database's log.
const PART_LOW: u64 = 4;
/// Shortest time from a failed attempt to make the reserve to the next. Source: our choice.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The file that holds the space.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    folder: PathBuf,
    size_bytes: u64,
    is_given_up: AtomicBool,
    /// When the reserve could last not be made although there seemed to be room.
    failed: Mutex<Option<Instant>>,
}

impl Reserve {
    /// Reserves `size_bytes` beside the database file, less on a small disk. `None` where that is not possible: the
    /// file system does not support it, or there is no room already.
    pub(super) fn new(database: &Path, size_bytes: u64) -> Option<Self> {
        let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let disk = rustix::fs::statvfs(folder).ok()?;
        let size_bytes = size_bytes.min(disk.f_blocks.saturating_mul(disk.f_frsize) / PART_OF_DISK);
        let mut name = database.as_os_str().to_owned();
        name.push("-reserve");
        let reserve = Reserve {
            path: name.into(),
            folder: folder.to_owned(),
            size_bytes,
            is_given_up: AtomicBool::new(false),
            failed: Mutex::new(None),
        };
        match reserve.hold() {
            Ok(()) => Some(reserve),
            Err(error) => {
                tracing::warn!(%error, "no room is kept back for a full disk");
                reserve.remove();
                None
            }
        }
    }

    /// Gives the reserve up when the rest of the disk is full, and makes it again once there is enough room.
    pub(super) fn watch(&self) {
        let Some(free) = self.free_bytes() else { return };
        let low = self.size_bytes / PART_LOW;
        if !self.is_given_up() {
            if free < low {
                self.give_up();
            }
        } else if free >= self.size_bytes.saturating_mul(2) + low && self.may_try() {
            match self.hold() {
                Ok(()) => {
                    self.is_given_up.store(false, Ordering::Release);
                    tracing::warn!("there is room again");
                }
                Err(error) => {
                    self.remove();
                    *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                    tracing::warn!(%error, "no room can be kept back yet");
                }
            }
        }
    }

    /// Frees the reserved space.
    pub(super) fn give_up(&self) {
        if !self.is_given_up.swap(true, Ordering::AcqRel) {
            self.remove();
            tracing::error!("the disk is full: what was kept back is used, and nothing new is taken");
        }
    }

    /// Whether the reserve was given up.
    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::Acquire)
    }

    fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    fn may_try(&self) -> bool {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_none_or(|at| at.elapsed() >= AGAIN_AFTER)
    }

    fn hold(&self) -> std::io::Result<()> {
        let file: File = OpenOptions::new().create(true).truncate(false).write(true).open(&self.path)?;
        file.set_len(self.size_bytes)?;
        Ok(rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, self.size_bytes)?)
    }

    fn remove(&self) {
        // If the file cannot be removed, only our own space is lost.
        let _ = fs::remove_file(&self.path);
    }
}
