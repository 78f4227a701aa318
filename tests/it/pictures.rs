//! The pictures used by tests are what they claim to be: a test with a wrong picture would pass for the wrong reason.

use std::io::Cursor;

use exif::{In, Tag};
use image::{AnimationDecoder, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use crate::support::pictures::{self, Exif};

fn decoded(bytes: &[u8]) -> RgbImage {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().decode().unwrap().into_rgb8()
}

/// Mean difference of two pictures, 0 to 255.
fn difference(left: &RgbImage, right: &RgbImage) -> u64 {
    assert_eq!(left.dimensions(), right.dimensions());
    let sum: u64 = left.as_raw().iter().zip(right.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum / left.as_raw().len() as u64
}

#[test]
fn a_seed_is_a_scene() {
    assert_eq!(pictures::jpeg(7, 320, 240), pictures::jpeg(7, 320, 240));
    for seed in 0..20 {
        let (here, next) = (pictures::scene(seed, 160, 120), pictures::scene(seed + 1, 160, 120));
        assert!(difference(&here, &next) > 15, "seeds {seed} and {} look alike", seed + 1);
    }
    let small = pictures::scene(7, 160, 120);
    let big = image::imageops::thumbnail(&pictures::scene(7, 640, 480), 160, 120);
    assert!(difference(&small, &big) < 5, "the scene depends on its size");
}

#[test]
fn each_format_holds_the_scene() {
    let scene = pictures::scene(3, 321, 123);
    for (bytes, format, tolerance) in [
        (pictures::jpeg(3, 321, 123), ImageFormat::Jpeg, 4),
        (pictures::png(3, 321, 123), ImageFormat::Png, 0),
        (pictures::webp(3, 321, 123), ImageFormat::WebP, 0),
    ] {
        assert_eq!(image::guess_format(&bytes).unwrap(), format);
        assert!(difference(&decoded(&bytes), &scene) <= tolerance, "{format:?}");
    }
}

#[test]
fn a_jpeg_comes_in_the_size_asked_for() {
    for size in [1_500_000, 3_000_000] {
        let bytes = pictures::jpeg_of_size(5, size);
        assert!(bytes.len().abs_diff(size) < size / 10, "{} instead of {size}", bytes.len());
        assert_eq!(decoded(&bytes).dimensions(), (4000, 3000));
    }
}

#[test]
fn metadata_is_read_back() {
    let written = Exif::full("CANARY-1");
    for bytes in [written.put_into_jpeg(&pictures::jpeg(1, 64, 48)), written.put_into_png(&pictures::png(1, 64, 48))] {
        assert_eq!(decoded(&bytes).dimensions(), (64, 48));
        let found = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
        let text =
            |tag| found.get_field(tag, In::PRIMARY).unwrap_or_else(|| panic!("no {tag}")).display_value().to_string();
        assert_eq!(text(Tag::Make), "\"Huawei\"");
        assert_eq!(text(Tag::Model), "\"ANG-AN00\"");
        assert_eq!(text(Tag::ImageDescription), "\"CANARY-1\"");
        assert_eq!(text(Tag::CameraOwnerName), "\"CANARY-1\"");
        assert!(found.get_field(Tag::MakerNote, In::PRIMARY).is_some());
        assert_eq!(text(Tag::DateTimeOriginal), "2026-08-03 15:04:11");
        assert_eq!(text(Tag::OffsetTimeOriginal), "\"+08:00\"");
        assert_eq!(text(Tag::GPSLatitude), "31 deg 12 min 36.36 sec");
        assert_eq!(text(Tag::GPSLongitude), "107 deg 29 min 24.72 sec");
        assert_eq!(text(Tag::GPSLatitudeRef), "N");
        assert_eq!(bytes.windows(8).filter(|window| window == b"CANARY-1").count(), 3);
    }
    for orientation in 1..=8 {
        let bytes =
            Exif { orientation: Some(orientation), ..Exif::default() }.put_into_jpeg(&pictures::jpeg(1, 64, 48));
        let found = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
        let field = found.get_field(Tag::Orientation, In::PRIMARY).unwrap();
        assert_eq!(field.value.get_uint(0), Some(u32::from(orientation)));
    }
}

#[test]
fn bombs_are_small_and_claim_much() {
    let bomb = pictures::png_bomb();
    assert!(bomb.len() < 120_000, "{}", bomb.len());
    let size =
        |bytes: &[u8]| ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_dimensions().unwrap();
    assert_eq!(size(&bomb), (30_000, 30_000));
    let bomb = pictures::jpeg_bomb(60_000, 50_000);
    assert!(bomb.len() < 10_000, "{}", bomb.len());
    assert_eq!(size(&bomb), (60_000, 50_000));
}

#[test]
fn animations_have_two_frames() {
    let apng = pictures::apng(1, 64, 48);
    let decoder = image::codecs::png::PngDecoder::new(Cursor::new(&apng)).unwrap();
    assert_eq!(decoder.dimensions(), (64, 48));
    assert!(decoder.is_apng().unwrap());
    assert_eq!(decoder.apng().unwrap().into_frames().collect_frames().unwrap().len(), 2);
    let webp = pictures::animated_webp(1, 64, 48);
    let decoder = image::codecs::webp::WebPDecoder::new(Cursor::new(&webp)).unwrap();
    assert!(decoder.has_animation());
    let frames = decoder.into_frames().collect_frames().unwrap();
    assert_eq!(frames.len(), 2);
    let first = image::DynamicImage::from(frames[0].buffer().clone()).into_rgb8();
    assert_eq!(difference(&first, &pictures::scene(1, 64, 48)), 0);
}

#[test]
fn what_is_no_photo_looks_like_one_only_as_far_as_said() {
    assert_eq!(image::guess_format(&pictures::html_behind_a_jpeg_mark()).unwrap(), ImageFormat::Jpeg);
    assert!(
        ImageReader::new(Cursor::new(pictures::html_behind_a_jpeg_mark()))
            .with_guessed_format()
            .unwrap()
            .decode()
            .is_err()
    );
    assert!(image::guess_format(&pictures::html()).is_err());
    assert!(image::guess_format(&pictures::heic()).is_err());
    assert_eq!(&pictures::heic()[4..12], b"ftypheic");
    let jpeg = pictures::jpeg(1, 320, 240);
    let film = pictures::motion_photo(&jpeg, "CANARY-2");
    assert_eq!(decoded(&film).dimensions(), (320, 240));
    assert!(film.starts_with(&jpeg) && film.ends_with(b"CANARY-2"));
    let cut = pictures::truncated(&jpeg, 600);
    assert_eq!(cut.len(), jpeg.len() * 6 / 10);
    assert!(jpeg_decoder::Decoder::new(Cursor::new(&cut)).decode().is_err(), "the strict decoder takes it for whole");
}
