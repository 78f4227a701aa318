//! What must hold before a report is accepted (guarantee G14); each refusal is one line.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use rustix::fs::FlockOperation;

use super::open::{PhotoPlace, connect, database_failure, database_url, photo_place, s3_secret, scratch};
use super::{Failure, StorageArgs, say};
use crate::app::ambient::SystemClock;
use crate::app::county::CountyCache;
use crate::app::readiness::warnings_of;
use crate::blobs::{LocalStore, PhotoStore, S3Store};
use crate::domain::time::Clock as _;
use crate::store::{DatabaseUrl, Purpose, assert_sound, assert_writable};

/// File systems that lose or reorder synced data. Source: statfs(2), `f_type`.
const VOLATILE: [(u64, &str); 6] = [
    (0x0102_1994, "tmpfs"),
    (0x8584_58f6, "ramfs"),
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
];

/// Checks the folder, the photo store and the database.
pub(super) fn run(storage: &StorageArgs) -> Result<(), Failure> {
    prepare(storage)?;
    let mut conn = connect(storage, Purpose::Write)?;
    assert_sound(&mut conn).and_then(|()| assert_writable(&mut conn)).map_err(|error| database_failure(&error))?;
    photo_store(storage)?.check_ready().map_err(|error| format!("photo store: {error}"))?;
    // A new database has no county yet.
    if let Ok(county) = CountyCache::default().load(&mut conn) {
        for warning in warnings_of(&county, SystemClock.now()) {
            say(&format!("warning 提醒: {warning}"));
        }
    }
    Ok(())
}

/// Creates the data folder and checks that it is on stable storage.
pub(super) fn prepare(storage: &StorageArgs) -> Result<(), Failure> {
    let database = database_url(storage)?;
    let photos = photo_place(storage)?;
    let mut folders = match &photos {
        PhotoPlace::Folder(root) => vec![root.clone()],
        PhotoPlace::Bucket(_) => Vec::new(),
    };
    if let DatabaseUrl::Sqlite(path) = &database {
        folders.push(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).into());
    }
    for folder in folders {
        make(&folder)?;
        lasting(&folder, storage)?;
        roomy(&folder, storage)?;
    }
    if let PhotoPlace::Bucket(_) = photos {
        // What is in it was not acknowledged yet: it may be lost.
        let scratch = scratch(storage);
        make(&scratch)?;
        roomy(&scratch, storage)?;
    }
    Ok(())
}

fn make(folder: &Path) -> Result<(), Failure> {
    // Nobody else on this machine may read it; a group may, for backups.
    let made = DirBuilder::new().recursive(true).mode(0o750).create(folder);
    made.map_err(|error| format!("cannot make {}: {error}", folder.display()))
}

/// Locks the photo folder for this process: two that serve from it would remove each other's uploads. With photos in S3
/// the lock is on SQLite's folder; with PostgreSQL each node locks its folder for uploads. Released when dropped.
pub(super) fn hold(storage: &StorageArgs) -> Result<File, Failure> {
    let path = match (photo_place(storage)?, database_url(storage)?) {
        (PhotoPlace::Folder(root), _) => root.join("serving.lock"),
        (PhotoPlace::Bucket(_), DatabaseUrl::Sqlite(path)) => path.with_extension("lock"),
        (PhotoPlace::Bucket(_), DatabaseUrl::Postgres(_)) => scratch(storage).join("serving.lock"),
    };
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(format!("another anfang holds {}", path.display())),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// The photo store, opened.
pub(super) fn photo_store(storage: &StorageArgs) -> Result<PhotoStore, Failure> {
    let opened = match photo_place(storage)? {
        PhotoPlace::Folder(root) => LocalStore::open(root).map(PhotoStore::Local),
        PhotoPlace::Bucket(address) => S3Store::open(&address, &s3_secret()?, scratch(storage)).map(PhotoStore::S3),
    };
    opened.map_err(|error| format!("photo store: {error}"))
}

fn lasting(folder: &Path, storage: &StorageArgs) -> Result<(), Failure> {
    let about = rustix::fs::statfs(folder).map_err(|error| format!("cannot look at {}: {error}", folder.display()))?;
    // Some machines have it as a signed number of 32 bits.
    let kind = i128::from(about.f_type) & 0xffff_ffff;
    let volatile = VOLATILE.iter().find(|(magic, _)| i128::from(*magic) == kind);
    if let Some((_, name)) = volatile.filter(|_| !storage.allow_volatile_data) {
        return Err(format!("{} is on {name}, which does not keep what it acknowledges", folder.display()));
    }
    Ok(())
}

fn roomy(folder: &Path, storage: &StorageArgs) -> Result<(), Failure> {
    let space = rustix::fs::statvfs(folder).map_err(|error| format!("cannot look at {}: {error}", folder.display()))?;
    let free_mb = space.f_bavail.saturating_mul(space.f_frsize) / 1_000_000;
    if free_mb < storage.free_mb_min {
        return Err(format!("{} has {free_mb} MB free, {} are the least", folder.display(), storage.free_mb_min));
    }
    Ok(())
}
