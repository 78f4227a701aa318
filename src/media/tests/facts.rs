//! What inspection reports about an intact file.

use super::super::made::{
    Block, Field, Tiff, ascii, bytes_of, encoded, exif_segment, extended_webp, heic, jpeg_of, numbers, png_chunk,
    rationals, scene, shorts, signed_rationals, with_chunk, with_segments,
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
        // In HEIC the container gives the orientation, and this one has none.
        let expected = if kind == MediaKind::Heic { (160, 120, 1) } else { (120, 160, 6) };
        assert_eq!(
            (seen.kind, seen.width.unwrap(), seen.height.unwrap(), seen.orientation),
            (kind, expected.0, expected.1, expected.2)
        );
        assert_eq!(seen.exif.orientation, Some(6));
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
    for taken_at in [
        "2026:13:24 10:32:05\0",
        "    :  :     :  :  \0",
        "2026:11:24\0",
        "2026:02:30 00:00:00\0",
        "x\0",
        "2026:11:24 25:00:00\0",
        "2026:11-24 10:00:00\0",
    ] {
        assert_eq!(facts(Tiff { taken_at: taken_at.into(), ..Tiff::default() }).exif.taken_at, None, "{taken_at}");
    }
    for offset in ["08:00\0", "+24:00\0", "+08:60\0", "   :  \0", "+\0", "Asia\0"] {
        assert_eq!(facts(Tiff { offset: offset.into(), ..Tiff::default() }).exif.taken_offset_min, None, "{offset}");
    }
    let make = [&b"\x1B[31m\xFF"[..], "机".repeat(100).as_bytes(), b"\0"].concat();
    let make = facts(Tiff { make, ..Tiff::default() }).exif.make.unwrap();
    assert_eq!(make.chars().count(), 64);
    assert!(make.starts_with("[31m\u{FFFD}机"), "{make}");
    // Missing values are reported as missing.
    assert_eq!(serde_json::to_string(&ExifFacts::default()).unwrap(), "{}");
}

/// The facts of the default EXIF block with this change; in both byte orders.
fn told(change: impl Fn(Block) -> Block) -> ExifFacts {
    let jpeg = jpeg_of(&scene(16, 16, 1), 85);
    let [big, little] = [false, true].map(|little_endian| {
        let tiff = change(Tiff::default().block()).bytes(little_endian);
        inspect_bytes(&with_segments(&jpeg, &exif_segment(&tiff))).unwrap().exif
    });
    assert_eq!(big, little);
    big
}

fn place(change: impl Fn(Block) -> Block) -> Option<(f64, f64)> {
    told(change).gps.map(|Position { lat, lon }| ((lat * 1e6).round() / 1e6, (lon * 1e6).round() / 1e6))
}

/// 31° 12′ 18″ north, 107° 29′ 27″ east, written in many ways.
#[test]
fn positions_are_read_however_cameras_write_them() {
    let expected = Some((31.205, 107.490_833));
    let doubles = |values: &[f64]| numbers(12, values.iter().map(|value| value.to_be_bytes().to_vec()));
    let floats = |values: &[f32]| numbers(11, values.iter().map(|value| value.to_be_bytes().to_vec()));
    let longs = |values: &[u32]| numbers(4, values.iter().map(|value| value.to_be_bytes().to_vec()));
    let ways: [(&str, Field, Field); 9] = [
        ("three rationals", rationals(&[(31, 1), (12, 1), (18, 1)]), rationals(&[(107, 1), (29, 1), (27, 1)])),
        ("signed", signed_rationals(&[(31, 1), (12, 1), (18, 1)]), signed_rationals(&[(107, 1), (29, 1), (27, 1)])),
        ("no seconds", rationals(&[(31, 1), (1230, 100), (0, 0)]), rationals(&[(107, 1), (2945, 100), (0, 0)])),
        ("two rationals", rationals(&[(31, 1), (1230, 100)]), rationals(&[(107, 1), (2945, 100)])),
        ("degrees alone", rationals(&[(31_205, 1000)]), rationals(&[(107_490_833, 1_000_000)])),
        ("doubles", doubles(&[31.0, 12.0, 18.0]), doubles(&[107.0, 29.0, 27.0])),
        ("floats", floats(&[31.0, 12.0, 18.0]), floats(&[107.0, 29.0, 27.0])),
        ("whole numbers", shorts(&[31, 12, 18]), longs(&[107, 29, 27])),
        ("four", rationals(&[(31, 1), (12, 1), (18, 1), (9, 0)]), rationals(&[(107, 1), (29, 1), (27, 1), (0, 0)])),
    ];
    for (name, lat, lon) in ways {
        assert_eq!(place(|block| block.set(2, lat.clone()).set(4, lon.clone())), expected, "{name}");
    }
    let at = |block: Block| {
        block.set(2, rationals(&[(31, 1), (12, 1), (18, 1)])).set(4, rationals(&[(107, 1), (29, 1), (27, 1)]))
    };
    // Letters in lower case, as bytes, without their NUL, with a space, or missing.
    for (north, east) in [
        (ascii(b"n\0"), ascii(b"e\0")),
        (bytes_of(1, b"N\0"), bytes_of(7, b"E")),
        (ascii(b"N"), ascii(b" E\0")),
        (ascii(b"North\0"), ascii(b"East\0")),
        (ascii(b"\0\0"), ascii(b"\0\0")),
    ] {
        assert_eq!(place(|block| at(block).set(1, north.clone()).set(3, east.clone())), expected);
    }
    assert_eq!(place(|block| at(block).without(1).without(3)), expected);
    // The other hemispheres: by the letter, and without one by the sign.
    let south = place(|block| at(block).set(1, ascii(b"s\0")).set(3, ascii(b"W\0")));
    assert_eq!(south, Some((-31.205, -107.490_833)));
    let signed = |block: Block| at(block).set(2, signed_rationals(&[(-31, 1), (12, 1), (18, 1)]));
    assert_eq!(place(|block| signed(block).without(1)), Some((-31.205, 107.490_833)));
    assert_eq!(place(|block| signed(block).set(1, ascii(b"S\0"))), Some((-31.205, 107.490_833)));
}

#[test]
fn what_is_no_position_stays_none() {
    let no_letter = place(|block| block.set(1, ascii(b"X\0")));
    let divided = place(|block| block.set(2, rationals(&[(31, 1), (12, 1), (18, 0)])));
    let unknown = place(|block| block.set(2, rationals(&[(0, 0), (0, 0), (0, 0)])));
    let text = place(|block| block.set(2, ascii(b"31,12,18\0")));
    let endless = place(|block| block.set(2, numbers(12, [f64::NAN.to_be_bytes().to_vec()].into_iter())));
    let far = place(|block| block.set(2, signed_rationals(&[(-91, 1), (0, 1), (0, 1)])));
    assert_eq!([no_letter, divided, unknown, text, endless, far], [None; 6]);
}

#[test]
fn times_are_read_however_cameras_write_them() {
    let taken = |text: &str| told(|block| block.set(0x9003, ascii(text.as_bytes()))).taken_at.map(|at| at.to_string());
    for (text, expected) in [
        ("2026:11:24 24:08:19\0", "2026-11-24T00:08:19"),
        ("2026:11:24 24:00:00\0", "2026-11-24T00:00:00"),
        ("2026/11/24 10:32:05\0", "2026-11-24T10:32:05"),
        ("2026-11-24 10:32:05\0", "2026-11-24T10:32:05"),
        ("2026.11.24 10:32:05\0", "2026-11-24T10:32:05"),
        ("2026-11-24T10:32:05+08:00\0", "2026-11-24T10:32:05"),
        ("2026:11:24 10:32:05.123\0", "2026-11-24T10:32:05"),
        ("2026:11: 4  9: 2: 5\0", "2026-11-04T09:02:05"),
        ("2026:11:24 23:59:60\0", "2026-11-24T23:59:59"),
        ("2026:11:24 10:32\0", "2026-11-24T10:32:00"),
        ("  2026:11:24 10:32:05  \0", "2026-11-24T10:32:05"),
        ("2026:11:24 10:32:05", "2026-11-24T10:32:05"),
    ] {
        assert_eq!(taken(text).as_deref(), Some(expected), "{text}");
    }
    let offset = |text: &str| told(|block| block.set(0x9011, ascii(text.as_bytes()))).taken_offset_min;
    for (text, minutes) in [
        ("+08:00\0", 480),
        ("+0800\0", 480),
        ("+08\0", 480),
        ("+8\0", 480),
        ("+8:00\0", 480),
        ("Z\0", 0),
        ("-03:30\0", -210),
        (" +08:00 \0", 480),
    ] {
        assert_eq!(offset(text), Some(minutes), "{text}");
    }
    // The zone of another time in the file, or hours as in TIFF/EP.
    let elsewhere = told(|mut block| {
        block = block.without(0x9011);
        block.camera.push((0x9012, ascii(b"+08:00\0")));
        block
    });
    assert_eq!(elsewhere.taken_offset_min, Some(480));
    let hours = told(|mut block| {
        block = block.without(0x9011);
        block.camera.push((0x882A, numbers(8, [(-5_i16).to_be_bytes().to_vec()].into_iter())));
        block
    });
    assert_eq!(hours.taken_offset_min, Some(-300));
    let digitized = told(|mut block| {
        block = block.without(0x9003);
        block.camera.push((0x9004, ascii(b"2026:11:24 10:32:05\0")));
        block
    });
    assert_eq!(digitized.taken_at.unwrap().to_string(), "2026-11-24T10:32:05");

    let satellite = |time: Field, date: &[u8]| {
        told(|block| block.set(7, time.clone()).set(29, ascii(date))).gps_time_utc.map(|at| at.to_string())
    };
    for (time, date, expected) in [
        (rationals(&[(24, 1), (5, 1), (7, 1)]), &b"2026:11:24\0"[..], Some("2026-11-24T00:05:07Z")),
        (rationals(&[(2, 1), (5, 1), (0, 0)]), b"2026-11-24\0", Some("2026-11-24T02:05:00Z")),
        (signed_rationals(&[(2, 1), (5, 1), (7999, 1000)]), b"2026/11/24\0", Some("2026-11-24T02:05:07Z")),
        (rationals(&[(23, 1), (59, 1), (60, 1)]), b"2026:11:24", Some("2026-11-24T23:59:59Z")),
        (shorts(&[2, 5, 7]), b"2026:11:24\0", Some("2026-11-24T02:05:07Z")),
        (rationals(&[(0, 0), (0, 0), (0, 0)]), b"2026:11:24\0", None),
        (rationals(&[(25, 1), (0, 1), (0, 1)]), b"2026:11:24\0", None),
        (rationals(&[(2, 1), (61, 1), (0, 1)]), b"2026:11:24\0", None),
    ] {
        assert_eq!(satellite(time, date).as_deref(), expected);
    }
}

#[test]
fn whole_numbers_are_read_of_any_type_and_of_two_fields_the_last() {
    let of = |kind: u16, bytes: &[u8]| numbers(kind, [bytes.to_vec()].into_iter());
    let six: [Field; 8] = [
        bytes_of(1, &[6]),
        bytes_of(7, &[6]),
        bytes_of(6, &[6]),
        of(3, &[0, 6]),
        of(8, &[0, 6]),
        of(4, &[0, 0, 0, 6]),
        of(9, &[0, 0, 0, 6]),
        shorts(&[6, 1]),
    ];
    for field in six {
        assert_eq!(told(|block| block.set(0x0112, field.clone())).orientation, Some(6), "type {}", field.kind);
    }
    let minus = of(9, &(-6_i32).to_be_bytes());
    assert_eq!(told(|block| block.set(0x0112, minus.clone())).orientation, None);
    for pointer in [3, 4, 9, 13] {
        let facts = told(|mut block| {
            block.pointer = pointer;
            block
        });
        assert!(facts.gps.is_some() && facts.taken_at.is_some() && facts.gps_time_utc.is_some(), "pointer {pointer}");
    }
    let twice = told(|mut block| {
        block.root.insert(0, (0x0112, shorts(&[6])));
        block
    });
    assert_eq!(twice.orientation, Some(1));
}

/// Some writers keep the prefix of a JPEG before the block, or fill it differently.
#[test]
fn the_mark_before_the_block_does_not_matter() {
    let tiff = Tiff::default().bytes();
    for mark in [&b""[..], b"Exif\0\0", b"Exif\0\xFF"] {
        let block = [mark, &tiff].concat();
        for (kind, bytes) in with_exif(&block) {
            let bytes = match kind {
                MediaKind::Jpeg if mark.is_empty() => continue,
                MediaKind::Jpeg => {
                    with_segments(&jpeg_of(&scene(160, 120, 1), 85), &super::super::made::segment(0xE1, &block))
                }
                MediaKind::Png | MediaKind::Webp | MediaKind::Heic => bytes,
            };
            assert_eq!(inspect_bytes(&bytes).unwrap().exif.make.as_deref(), Some("Maker"), "{kind:?} {mark:?}");
        }
    }
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
