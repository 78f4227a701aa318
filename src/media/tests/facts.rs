//! What inspection tells of a sound file.

use super::super::made::{
    Tiff, encoded, exif_segment, extended_webp, heic, jpeg_of, png_chunk, scene, with_chunk, with_segments,
};
use super::super::{ExifFacts, Position};
use super::*;

/// The same EXIF in each kind of file.
fn with_exif(tiff: &[u8]) -> Vec<(MediaKind, Vec<u8>)> {
    let picture = scene(160, 120, 1);
    let webp = encoded(&picture, ImageFormat::WebP);
    vec![
        (MediaKind::Jpeg, with_segments(&jpeg_of(&picture, 85), &exif_segment(tiff))),
        (MediaKind::Png, with_chunk(&encoded(&picture, ImageFormat::Png), &png_chunk(b"eXIf", tiff))),
        (MediaKind::Webp, extended_webp(&webp, 8, (160, 120), b"EXIF", tiff)),
        (MediaKind::Heic, heic(b"heic\0\0\0\0mif1heic", (160, 120), tiff)),
    ]
}

#[test]
fn kind_size_and_exif_of_every_kind() {
    let tiff = Tiff { orientation: 6, ..Tiff::default() }.bytes();
    for (kind, bytes) in with_exif(&tiff) {
        let seen = inspect_bytes(&bytes).unwrap();
        assert_eq!((seen.kind, seen.width, seen.height, seen.orientation), (kind, Some(120), Some(160), 6));
        assert_eq!(seen.exif.make.as_deref(), Some("Maker"), "{kind:?}");
        assert_eq!(seen.exif.taken_at.unwrap().to_string(), "2026-11-24T10:32:05");
        assert_eq!(seen.exif.taken_offset_min, Some(480));
        assert_eq!(seen.exif.gps_time_utc.unwrap().to_string(), "2026-11-24T02:32:05Z");
        let Position { lat, lon } = seen.exif.gps.unwrap();
        assert!((lat - 31.22).abs() < 1e-9 && (lon - 107.491_666_666).abs() < 1e-6, "{lat} {lon}");
        let text = serde_json::to_string(&seen.exif).unwrap();
        assert_eq!(serde_json::from_str::<ExifFacts>(&text).unwrap(), seen.exif);
    }
}

#[test]
fn nonsense_is_left_out_and_never_an_error() {
    let facts = |tiff: Tiff| {
        inspect_bytes(&with_segments(&jpeg_of(&scene(16, 16, 1), 85), &exif_segment(&tiff.bytes()))).unwrap()
    };
    for orientation in [0, 9, 0xFFFF] {
        let seen = facts(Tiff { orientation, ..Tiff::default() });
        assert_eq!((seen.orientation, seen.exif.orientation), (1, None));
    }
    for lat in [[(91, 1), (0, 1), (0, 1)], [(31, 0), (0, 1), (0, 1)], [(u32::MAX, 1), (0, 1), (0, 1)]] {
        assert_eq!(facts(Tiff { lat, ..Tiff::default() }).exif.gps, None);
    }
    let nowhere = [(0, 1); 3];
    assert_eq!(facts(Tiff { lat: nowhere, lon: nowhere, ..Tiff::default() }).exif.gps, None);
    for taken_at in ["2026:13:24 10:32:05\0", "    :  :     :  :  \0", "2026:11:24\0", "2026:02:30 00:00:00\0", "x\0"] {
        assert_eq!(facts(Tiff { taken_at: taken_at.into(), ..Tiff::default() }).exif.taken_at, None, "{taken_at}");
    }
    assert_eq!(facts(Tiff { offset: b"+8\0".to_vec(), ..Tiff::default() }).exif.taken_offset_min, None);
    let make = [&b"\x1B[31m\xFF"[..], "机".repeat(100).as_bytes(), b"\0"].concat();
    let make = facts(Tiff { make, ..Tiff::default() }).exif.make.unwrap();
    assert_eq!(make.chars().count(), 64);
    assert!(make.starts_with("[31m\u{FFFD}机"), "{make}");
    // Nothing is a fact, and says so.
    assert_eq!(serde_json::to_string(&ExifFacts::default()).unwrap(), "{}");
}

#[test]
fn what_follows_the_picture_is_not_part_of_it() {
    let jpeg = jpeg_of(&scene(160, 120, 1), 85);
    let preview = jpeg_of(&scene(40, 30, 2), 60);
    let film = super::super::made::bmff_box(b"ftyp", b"mp42\0\0\0\0isommp42");
    for trailer in [preview, film, b"SEFT".to_vec()] {
        let bytes = [&jpeg[..], &trailer].concat();
        let seen = inspect_bytes(&bytes).unwrap();
        assert_eq!((seen.width, seen.height), (Some(160), Some(120)));
        assert_eq!(super::super::render(&bytes, MediaKind::Jpeg, 1), super::super::render(&jpeg, MediaKind::Jpeg, 1));
    }
}

#[test]
fn a_heic_file_may_keep_its_size_to_itself() {
    let ftyp = super::super::made::bmff_box(b"ftyp", b"heic\0\0\0\0mif1heic");
    let meta = super::super::made::bmff_box(b"meta", &[0; 4]);
    let bytes = [ftyp, meta, super::super::made::bmff_box(b"mdat", b"")].concat();
    let seen = inspect_bytes(&bytes).unwrap();
    assert_eq!((seen.kind, seen.width, seen.height), (MediaKind::Heic, None, None));
}
