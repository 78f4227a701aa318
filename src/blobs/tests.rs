//! The local store on a real folder.
#![allow(clippy::unwrap_used)]

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const MANY: u64 = 1024 * 1024;

fn store() -> (TempDir, PhotoStore) {
    let root = tempfile::tempdir().unwrap();
    let store = PhotoStore::Local(LocalStore::open(root.path().join("photos")).unwrap());
    (root, store)
}

fn received(store: &PhotoStore, bytes: &[u8]) -> Received {
    let mut incoming = store.begin(MANY).unwrap();
    bytes.chunks(1000).for_each(|chunk| incoming.write(chunk).unwrap());
    incoming.finish().unwrap()
}

fn put(store: &PhotoStore, bytes: &[u8]) -> Digest {
    store.seal(received(store, bytes)).unwrap().digest()
}

fn read(store: &PhotoStore, digest: &Digest) -> Vec<u8> {
    let mut original = store.open_original(digest).unwrap();
    let mut bytes = Vec::new();
    original.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(original.size_bytes, bytes.len() as u64);
    bytes
}

/// Every file under `root`.
fn files(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn what_is_sealed_is_there_under_its_digest() {
    let (root, store) = store();
    let bytes = vec![7; 300_000];
    let mut received = received(&store, &bytes);
    let mut seen = Vec::new();
    received.file().read_to_end(&mut seen).unwrap();
    assert_eq!((seen == bytes, received.digest(), received.size_bytes()), (true, Digest::of(&bytes), 300_000));
    assert_eq!(store.originals().count(), 0);
    let sealed = store.seal(received).unwrap();
    assert_eq!((sealed.digest(), sealed.size_bytes()), (Digest::of(&bytes), 300_000));
    assert_eq!(read(&store, &sealed.digest()), bytes);
    assert!(store.verify(&sealed.digest()).unwrap());
    let kept: Vec<_> = store.originals().map(Result::unwrap).collect();
    assert_eq!(kept, [(sealed.digest(), 300_000)]);
    assert_eq!(files(root.path()), [store.original_path(&sealed.digest()).unwrap()]);
}

#[test]
fn what_is_given_up_leaves_nothing() {
    let (root, store) = store();
    let mut incoming = store.begin(MANY).unwrap();
    incoming.write(&vec![1; 200_000]).unwrap();
    assert_eq!(files(root.path()).len(), 1);
    drop(incoming);
    drop(received(&store, b"whole, but refused"));
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
}

#[test]
fn too_much_is_refused_at_the_byte_that_is_too_much() {
    let (root, store) = store();
    let mut incoming = store.begin(10).unwrap();
    incoming.write(&[0; 10]).unwrap();
    assert!(matches!(incoming.write(&[0]), Err(BlobError::TooLarge { bytes_max: 10 })));
    drop(incoming);
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
}

#[test]
fn the_same_bytes_are_kept_once() {
    let (root, store) = store();
    let first = put(&store, b"the same");
    let modified = || fs::metadata(store.original_path(&first).unwrap()).unwrap().modified().unwrap();
    let before = modified();
    assert_eq!(put(&store, b"the same"), first);
    assert_eq!(modified(), before);
    assert_eq!(files(root.path()).len(), 1);
}

#[test]
fn a_kept_copy_that_is_not_sound_is_replaced() {
    let (_root, store) = store();
    let digest = put(&store, b"sound bytes");
    let path = store.original_path(&digest).unwrap();
    for rotten in [&b"short"[..], b"", b"Sound bytes"] {
        fs::write(&path, rotten).unwrap();
        assert!(!store.verify(&digest).unwrap());
        put(&store, b"sound bytes");
        assert!(store.verify(&digest).unwrap());
    }
}

#[test]
fn one_flipped_bit_is_noticed() {
    let (_root, store) = store();
    let digest = put(&store, &vec![0xA5; 500_000]);
    let mut file = OpenOptions::new().write(true).open(store.original_path(&digest).unwrap()).unwrap();
    file.seek(SeekFrom::Start(333_333)).unwrap();
    file.write_all(&[0xA4]).unwrap();
    assert!(!store.verify(&digest).unwrap());
    assert!(matches!(store.verify(&Digest::of(b"never put")), Err(BlobError::NotFound)));
}

#[test]
fn eight_uploads_of_the_same_bytes_at_once_all_succeed() {
    let (root, store) = store();
    let bytes = vec![3; 100_000];
    for round in 0..5_u8 {
        let bytes = [&[round], &bytes[..]].concat();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(put(&store, &bytes), Digest::of(&bytes)));
            }
        });
        assert!(store.verify(&Digest::of(&bytes)).unwrap());
    }
    assert_eq!(files(root.path()).len(), 5);
}

#[test]
fn removing_takes_everything_but_waits_for_nobody() {
    let (root, store) = store();
    let sealed = store.seal(received(&store, b"wanted")).unwrap();
    let digest = sealed.digest();
    store.put_rendition(&digest, Variant::View, b"smaller").unwrap();
    assert!(!store.remove(&digest).unwrap(), "its row is not written yet");
    let again = store.seal(received(&store, b"wanted")).unwrap();
    drop(sealed);
    assert!(!store.remove(&digest).unwrap());
    drop(again);
    assert!(store.remove(&digest).unwrap());
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
    assert!(store.remove(&digest).unwrap(), "removing twice is no error");
    assert!(matches!(store.open_original(&digest), Err(BlobError::NotFound)));
}

#[test]
fn opening_again_finds_everything_and_clears_what_is_stale() {
    let (root, store) = store();
    let digest = put(&store, b"kept");
    let incoming = root.path().join("photos/incoming");
    let old = incoming.join("old.part");
    let recent = incoming.join("recent.part");
    fs::write(&recent, b"half").unwrap();
    fs::write(&old, b"half").unwrap();
    let yesterday = SystemTime::now() - Duration::from_secs(25 * 60 * 60);
    OpenOptions::new().write(true).open(&old).unwrap().set_modified(yesterday).unwrap();
    let again = PhotoStore::Local(LocalStore::open(root.path().join("photos")).unwrap());
    assert_eq!(read(&again, &digest), b"kept");
    assert!(recent.exists() && !old.exists());
    fs::remove_file(recent).unwrap();
    again.check_ready().unwrap();
    assert_eq!(files(&incoming), Vec::<PathBuf>::new());
    assert!(again.free_bytes().unwrap().unwrap() > 0);
}

#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("not a folder");
    fs::write(&file, b"").unwrap();
    assert!(LocalStore::open(file.join("photos")).is_err());
}

/// Every folder for uploads and renditions, when files cannot be created in it.
#[test]
fn a_folder_that_takes_no_files_is_no_ready_store() {
    let (root, store) = store();
    put(&store, b"one");
    fs::create_dir_all(root.path().join("photos/incoming/uploads/owner")).unwrap();
    store.check_ready().unwrap();
    for name in ["originals", "incoming", "incoming/uploads", "renditions/view", "renditions/thumb"] {
        let (place, aside) = (root.path().join("photos").join(name), root.path().join("aside"));
        fs::rename(&place, &aside).unwrap();
        fs::write(&place, b"no folder").unwrap();
        let error = store.check_ready().unwrap_err().to_string();
        assert!(matches!(store.check_ready(), Err(BlobError::Io(_))), "{name}");
        assert!(error.contains(name), "{name}: {error}");
        fs::remove_file(&place).unwrap();
        fs::rename(&aside, &place).unwrap();
        store.check_ready().unwrap();
    }
    let left = files(root.path());
    assert_eq!(left.len(), 1, "a look leaves nothing behind: {left:?}");
}

/// Bytes beyond the first buffer are written while they arrive: the disk may fail or be full at any of them.
#[test]
fn a_disk_that_fails_after_the_first_buffer_leaves_nothing() {
    let (root, store) = store();
    let PhotoStore::Local(local) = &store else { panic!("not a folder") };
    for at in [1, 128 * 1024, 300_000] {
        let mut incoming = local.begin(MANY).unwrap();
        incoming.write(&vec![1; at]).unwrap();
        // A file that cannot be written behaves like a full disk.
        incoming.refuse_writes();
        let outcome = incoming.write(&vec![2; 400_000]);
        assert!(matches!(outcome, Err(BlobError::Io(_))), "{at}: {outcome:?}");
        drop(incoming);
        assert_eq!(files(root.path()), Vec::<PathBuf>::new(), "{at}");
    }
    let mut incoming = local.begin(MANY).unwrap();
    incoming.write(b"few").unwrap();
    incoming.refuse_writes();
    assert!(matches!(incoming.finish(), Err(BlobError::Io(_))), "the last bytes are written at the end");
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
    assert_eq!(store.originals().count(), 0);
}

/// Whatever a photo is refused for, at whatever stage, no part of it stays.
#[test]
fn every_refusal_leaves_no_part() {
    let (root, store) = store();
    let shard = |bytes: &[u8]| root.path().join("photos/originals").join(&Digest::of(bytes).to_string()[..2]);
    // Too large, abandoned half-way, abandoned when complete.
    assert!(store.begin(3).unwrap().write(b"four").is_err());
    let mut half = store.begin(MANY).unwrap();
    half.write(b"half").unwrap();
    drop(half);
    drop(received(&store, b"whole"));
    // The folder of its digest cannot be created, or is not a folder.
    fs::write(shard(b"no folder"), b"").unwrap();
    assert!(store.seal(received(&store, b"no folder")).is_err());
    fs::remove_file(shard(b"no folder")).unwrap();
    // Its name is taken by something else.
    let name = shard(b"taken").join(Digest::of(b"taken").to_string());
    fs::create_dir_all(name.join("in the way")).unwrap();
    assert!(store.seal(received(&store, b"taken")).is_err());
    fs::remove_dir_all(shard(b"taken")).unwrap();
    // Its file was removed.
    let gone = received(&store, b"gone");
    for part in files(&root.path().join("photos/incoming")) {
        fs::remove_file(part).unwrap();
    }
    assert!(store.seal(gone).is_err());
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
    put(&store, b"no folder");
    put(&store, b"gone");
}

#[test]
fn a_store_that_has_gone_missing_is_not_a_missing_photo() {
    let (root, store) = store();
    fs::remove_dir_all(root.path().join("photos")).unwrap();
    assert!(matches!(store.begin(MANY), Err(BlobError::Io(_))));
    assert!(matches!(store.check_ready(), Err(BlobError::Io(_))));
}

#[test]
fn renditions_are_replaced_and_damaged_ones_are_not_there() {
    let (_root, store) = store();
    let digest = Digest::of(b"whatever");
    assert!(matches!(store.read_rendition(&digest, Variant::Thumb), Err(BlobError::NotFound)));
    store.put_rendition(&digest, Variant::Thumb, b"first").unwrap();
    store.put_rendition(&digest, Variant::Thumb, b"second").unwrap();
    assert_eq!(store.read_rendition(&digest, Variant::Thumb).unwrap(), b"second");
    assert!(matches!(store.read_rendition(&digest, Variant::View), Err(BlobError::NotFound)));
    let PhotoStore::Local(local) = &store else { panic!("not a folder") };
    let path = local.rendition_path(&digest, Variant::Thumb);
    let whole = fs::read(&path).unwrap();
    // What a power loss leaves of a file that was renamed but not synced.
    for torn in [&[][..], &[0; 4], &[0; 10], &whole[..whole.len() - 1], &whole[..3]] {
        fs::write(&path, torn).unwrap();
        assert!(matches!(store.read_rendition(&digest, Variant::Thumb), Err(BlobError::NotFound)), "{torn:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn however_it_comes_in_it_comes_out(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40_000), 0..12)) {
        let (_root, store) = store();
        let mut incoming = store.begin(MANY).unwrap();
        for chunk in &chunks {
            incoming.write(chunk).unwrap();
        }
        let sealed = store.seal(incoming.finish().unwrap()).unwrap();
        prop_assert_eq!(read(&store, &sealed.digest()), chunks.concat());
        prop_assert!(store.verify(&sealed.digest()).unwrap());
    }
}
