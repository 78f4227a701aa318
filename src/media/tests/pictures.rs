//! What renditions look like, and their fingerprints.

use image::{DynamicImage, GenericImageView, GrayImage, ImageFormat, Rgba, RgbaImage, imageops};

use super::super::made::{
    Item, Tiff, animated_webp_of, encoded, exif_segment, extended_webp, heic_file, hevc_of, jpeg_of, png_chunk,
    progressive_of, restarting_of, scene, segment, tall_of, with_chunk, with_segments,
};
use super::super::{Decoder, RenderError, Renditions, render};
use super::*;
use crate::domain::fingerprint::Fingerprint;

fn rendered(bytes: &[u8], kind: MediaKind, orientation: u8) -> Renditions {
    render(bytes, kind, orientation).unwrap()
}

fn decoded(jpeg: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap()
}

fn mean_difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let (one, other) = (one.to_rgb8(), other.to_rgb8());
    let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    let kind = MediaKind::sniff(bytes).unwrap();
    rendered(bytes, kind, 1).fingerprint.unwrap()
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let upright = DynamicImage::ImageRgb8(scene(400, 300, 3));
    // How each is stored, which is the inverse of what a viewer has to do.
    let stored: [fn(&DynamicImage) -> DynamicImage; 8] = [
        |p| p.clone(),
        |p| p.fliph(),
        |p| p.rotate180(),
        |p| p.flipv(),
        |p| p.rotate90().fliph(),
        |p| p.rotate270(),
        |p| p.rotate270().fliph(),
        |p| p.rotate90(),
    ];
    for (orientation, store) in (1..).zip(stored) {
        for (kind, format) in [(MediaKind::Jpeg, ImageFormat::Jpeg), (MediaKind::Png, ImageFormat::Png)] {
            let bytes = encoded(&store(&upright).to_rgb8(), format);
            let made = rendered(&bytes, kind, orientation);
            let difference = mean_difference(&decoded(&made.view), &upright);
            assert!(difference < 6.0, "orientation {orientation}: {difference}");
            assert_eq!(decoded(&made.thumb).dimensions(), (320, 240));
        }
    }
}

#[test]
fn large_pictures_shrink_by_their_longer_edge_and_small_ones_stay() {
    let cases = [
        ((4000, 1000), (1600, 400), (320, 80)),
        ((900, 3300), (436, 1600), (87, 320)),
        ((200, 100), (200, 100), (200, 100)),
        ((3000, 3), (1600, 2), (320, 1)),
    ];
    for (size, view, thumb) in cases {
        let picture = scene(size.0, size.1, 4);
        for bytes in [jpeg_of(&picture, 90), progressive_of(&picture), encoded(&picture, ImageFormat::Png)] {
            let made = rendered(&bytes, MediaKind::sniff(&bytes).unwrap(), 1);
            assert_eq!(decoded(&made.view).dimensions(), view, "{size:?}");
            assert_eq!(decoded(&made.thumb).dimensions(), thumb, "{size:?}");
        }
    }
}

#[test]
fn decoding_at_half_size_looks_as_decoding_whole() {
    let picture = scene(3400, 1200, 5);
    let scaled = rendered(&jpeg_of(&picture, 95), MediaKind::Jpeg, 1);
    let whole = rendered(&encoded(&picture, ImageFormat::Png), MediaKind::Png, 1);
    assert_eq!((scaled.decoder, whole.decoder), (Decoder::ScaledJpeg, Decoder::Image));
    assert!(mean_difference(&decoded(&scaled.view), &decoded(&whole.view)) < 2.0);
    assert!(scaled.fingerprint.unwrap().distance(whole.fingerprint.unwrap()) <= 2);
}

#[test]
fn grey_cmyk_and_translucent_pictures() {
    let grey: GrayImage = DynamicImage::ImageRgb8(scene(300, 200, 6)).to_luma8();
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 90).encode(&grey, 300, 200, jpeg_encoder::ColorType::Luma).unwrap();
    let made = rendered(&jpeg, MediaKind::Jpeg, 6);
    assert!(mean_difference(&decoded(&made.view), &DynamicImage::ImageLuma8(imageops::rotate90(&grey))) < 3.0);

    let cmyk: Vec<u8> =
        scene(300, 200, 6).pixels().flat_map(|p| [255 - p.0[0], 255 - p.0[1], 255 - p.0[2], 0]).collect();
    for color in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 95).encode(&cmyk, 300, 200, color).unwrap();
        let made = rendered(&jpeg, MediaKind::Jpeg, 1);
        assert_eq!(made.decoder, Decoder::Image);
        let difference = mean_difference(&decoded(&made.view), &DynamicImage::ImageRgb8(scene(300, 200, 6)));
        assert!(difference < 8.0, "{color:?}: {difference}");
    }

    let veil = RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([200, 0, 0, 0]) } else { Rgba([0, 0, 0, 128]) });
    for (format, kind) in [(ImageFormat::Png, MediaKind::Png), (ImageFormat::WebP, MediaKind::Webp)] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        veil.write_to(&mut bytes, format).unwrap();
        let view = decoded(&rendered(bytes.get_ref(), kind, 1).view).to_rgb8();
        assert!(view.get_pixel(8, 8).0.iter().all(|part| *part > 250));
        assert!(view.get_pixel(56, 8).0.iter().all(|part| part.abs_diff(127) < 5));
    }
}

#[test]
fn what_has_no_preview_says_so() {
    // A 12-bit frame, and an arithmetic one.
    let jpeg = jpeg_of(&scene(64, 64, 1), 80);
    let frame = memchr::memmem::find(&jpeg, &[0xFF, 0xC0]).unwrap();
    for (at, byte) in [(4, 12), (1, 0xC9)] {
        let mut rare = jpeg.clone();
        rare[frame + at] = byte;
        inspect_bytes(&rare).unwrap();
        assert_eq!(render(&rare, MediaKind::Jpeg, 1), Err(RenderError::NoPreview));
    }
    // The stored text of an error gives the same error.
    for error in [RenderError::NoPreview, RenderError::TooLarge] {
        assert_eq!(RenderError::from_text(&error.to_string()), error);
    }
    let damaged = RenderError::Undecodable("a reason".into());
    assert!(matches!(RenderError::from_text(&damaged.to_string()), RenderError::Undecodable(_)));
}

/// The highest resolutions of phones, and panoramas.
#[test]
fn the_largest_photos_of_phones_have_previews() {
    for (width, height) in [(9280, 6944), (12_032, 9024), (16_320, 12_240), (16_384, 12_288), (16_384, 3072)] {
        let strip = scene(width, 16, 7);
        let bytes = tall_of(&strip, height);
        let seen = inspect_bytes(&bytes).unwrap();
        assert_eq!((seen.width, seen.height), (Some(width), Some(u32::from(height))));
        let made = rendered(&bytes, MediaKind::Jpeg, 6);
        assert_eq!(made.decoder, Decoder::ScaledJpeg);
        let view = decoded(&made.view);
        assert_eq!((view.width().min(view.height()), view.height()), (1600 * u32::from(height) / width, 1600));
    }
}

/// A picture that exceeds a decoder's memory is stored, and distinguished from a damaged one.
#[test]
fn what_is_too_large_to_decode_is_kept_without_a_preview() {
    let header = [&16_384_u32.to_be_bytes()[..], &12_288_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let parts = [png_chunk(b"IHDR", &header), png_chunk(b"IDAT", &[0; 64]), png_chunk(b"IEND", b"")];
    let png = [&b"\x89PNG\r\n\x1A\n"[..], &parts.concat()].concat();
    let mut progressive = progressive_of(&scene(64, 64, 1));
    let frame = memchr::memmem::find(&progressive, &[0xFF, 0xC2]).unwrap();
    progressive[frame + 5..frame + 9].copy_from_slice(&[0x2F, 0xD0, 0x3F, 0xC0]);
    for (kind, bytes) in [(MediaKind::Png, png), (MediaKind::Jpeg, progressive)] {
        inspect_bytes(&bytes).unwrap();
        assert_eq!(render(&bytes, kind, 1), Err(RenderError::TooLarge));
    }
}

/// Some cameras leave out the end mark.
#[test]
fn a_jpeg_without_its_end_is_whole_if_its_picture_is() {
    let picture = scene(400, 304, 3);
    let mut grey = Vec::new();
    let luma = DynamicImage::ImageRgb8(picture.clone()).to_luma8();
    jpeg_encoder::Encoder::new(&mut grey, 90).encode(&luma, 400, 304, jpeg_encoder::ColorType::Luma).unwrap();
    for (name, jpeg) in [
        ("baseline", jpeg_of(&picture, 80)),
        ("full colour", jpeg_of(&picture, 95)),
        ("grey", grey),
        ("progressive", progressive_of(&picture)),
        ("restarts", restarting_of(&picture)),
    ] {
        let expected = rendered(&jpeg, MediaKind::Jpeg, 1);
        for missing in [1, 2] {
            let open = &jpeg[..jpeg.len() - missing];
            let seen = inspect_bytes(open).unwrap_or_else(|error| panic!("{name}, {missing} bytes: {error}"));
            assert_eq!((seen.width, seen.height), (Some(400), Some(304)));
            assert_eq!(rendered(open, MediaKind::Jpeg, 1), expected, "{name}");
        }
        // A part of the picture is missing.
        for missing in [8, 64, 1000] {
            let cut = &jpeg[..jpeg.len() - missing];
            assert!(matches!(inspect_bytes(cut), Err(Rejection::Truncated)), "{name}, {missing} bytes");
        }
        let cut = &jpeg[..jpeg.len() * 6 / 10];
        assert!(matches!(inspect_bytes(cut), Err(Rejection::Truncated)), "{name}");
    }
    // The scans that are there are complete, but more were announced.
    let progressive = progressive_of(&picture);
    let last = memchr::memmem::rfind(&progressive, &[0xFF, 0xDA]).unwrap();
    assert!(matches!(inspect_bytes(&progressive[..last]), Err(Rejection::Truncated)));
}

/// The scaling decoder is strict about restart numbers; the other one reads on.
#[test]
fn a_wrong_restart_number_does_not_cost_the_preview() {
    let picture = scene(400, 304, 3);
    let sound = restarting_of(&picture);
    let mut wrong = sound.clone();
    let third = memchr::memmem::find(&wrong, &[0xFF, 0xD2]).unwrap();
    wrong[third + 1] = 0xD5;
    inspect_bytes(&wrong).unwrap();
    let made = rendered(&wrong, MediaKind::Jpeg, 1);
    assert_eq!(made.decoder, Decoder::Image);
    let expected = decoded(&rendered(&sound, MediaKind::Jpeg, 1).view);
    assert!(mean_difference(&decoded(&made.view), &expected) < 3.0);
}

/// The frame leaves the height open, and a segment after the first scan gives it.
#[test]
fn a_height_told_at_the_end_is_read() {
    let picture = scene(400, 304, 3);
    for sound in [jpeg_of(&picture, 85), progressive_of(&picture)] {
        let mut late = sound.clone();
        let frame = late.windows(2).position(|two| two == [0xFF, 0xC0] || two == [0xFF, 0xC2]).unwrap();
        late[frame + 5..frame + 7].fill(0);
        // After the first scan, before the next marker.
        let scan = memchr::memmem::find(&late, &[0xFF, 0xDA]).unwrap() + 2;
        let behind = scan + late[scan..].windows(2).position(|two| two[0] == 0xFF && two[1] != 0).unwrap();
        late.splice(behind..behind, segment(0xDC, &304_u16.to_be_bytes()));
        let seen = inspect_bytes(&late).unwrap();
        assert_eq!((seen.width, seen.height), (Some(400), Some(304)));
        assert_eq!(rendered(&late, MediaKind::Jpeg, 1), rendered(&sound, MediaKind::Jpeg, 1));
        // Neither in the frame nor after the scan.
        late.drain(behind..behind + 6);
        assert!(matches!(inspect_bytes(&late), Err(Rejection::Corrupt(_))));
        let open = [&late[..behind], &segment(0xDC, &65_535_u16.to_be_bytes()), &late[behind..]].concat();
        assert!(matches!(inspect_bytes(&open), Err(Rejection::TooLarge { .. })));
    }
}

/// An animation of one frame is a still picture.
#[test]
fn one_frame_does_not_move() {
    let picture = scene(64, 48, 1);
    let png = encoded(&picture, ImageFormat::Png);
    let control = [&[0; 4][..], &64_u32.to_be_bytes(), &48_u32.to_be_bytes(), &[0; 14]].concat();
    let one = [png_chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), png_chunk(b"fcTL", &control)].concat();
    let apng = with_chunk(&png, &one);
    let webp = encoded(&picture, ImageFormat::WebP);
    let frame = [&[0; 6][..], &[63, 0, 0, 47, 0, 0], &[0; 4], &webp[12..]].concat();
    let animated = animated_webp_of((64, 48), &[&frame]);
    for (kind, bytes) in [(MediaKind::Png, apng), (MediaKind::Webp, animated)] {
        let seen = inspect_bytes(&bytes).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!((seen.kind, seen.width, seen.height), (kind, Some(64), Some(48)));
        let view = decoded(&rendered(&bytes, kind, 1).view);
        assert!(mean_difference(&view, &DynamicImage::ImageRgb8(picture.clone())) < 8.0, "{kind:?}");
    }
}

/// The markers before the coded pixels of a JPEG.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    while found.last() != Some(&0xDA) {
        assert_eq!(jpeg[at], 0xFF);
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

#[test]
fn nothing_but_pixels_reaches_a_rendition() {
    let canary = b"canary-7f3a91c2d4e8b605-canary";
    let make = [canary, &b"\0"[..]].concat();
    let tiff = Tiff { make, ..Tiff::default() }.bytes();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", &canary[..]].concat();
    let icc = [b"ICC_PROFILE\0\x01\x01", &canary[..]].concat();
    let planted =
        [exif_segment(&tiff), segment(0xE1, &xmp), segment(0xE2, &icc), segment(0xED, canary), segment(0xFE, canary)]
            .concat();
    let jpeg = [&with_segments(&jpeg_of(&scene(500, 400, 1), 85), &planted)[..], canary].concat();
    let text = png_chunk(b"tEXt", &[b"Author\0", &canary[..]].concat());
    let png = with_chunk(&encoded(&scene(500, 400, 1), ImageFormat::Png), &[png_chunk(b"eXIf", &tiff), text].concat());
    let picture = scene(500, 400, 1);
    let webp = extended_webp(&encoded(&picture, ImageFormat::WebP), 0x08, (500, 400), b"EXIF", &tiff);
    let exif = [&6_u32.to_be_bytes()[..], b"Exif\0\0", &tiff].concat();
    let exif = Item { id: 2, kind: *b"Exif", properties: Vec::new(), data: exif };
    let heic = heic_file(&[Item::coded(1, (500, 400), &hevc_of(&picture)), exif], &[]);
    let with_canary = |kind| match kind {
        MediaKind::Jpeg => jpeg.clone(),
        MediaKind::Png => png.clone(),
        MediaKind::Webp => webp.clone(),
        MediaKind::Heic => heic.clone(),
    };
    for kind in [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp, MediaKind::Heic] {
        let bytes = with_canary(kind);
        assert!(memchr::memmem::find(&bytes, canary).is_some());
        let made = rendered(&bytes, kind, 1);
        for rendition in [made.view, made.thumb] {
            assert!(memchr::memmem::find(&rendition, canary).is_none());
            assert_eq!(&rendition[2..20], b"\xFF\xE0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0", "a bare JFIF header");
            let others =
                markers(&rendition).into_iter().filter(|marker| *marker == 0xFE || (0xE1..=0xEF).contains(marker));
            assert_eq!(others.count(), 0);
            assert!(rendition.ends_with(&[0xFF, 0xD9]));
        }
    }
}

#[test]
fn the_same_scene_is_near_and_another_is_far() {
    let scenes: Vec<Fingerprint> = (0..16).map(|seed| fingerprint(&jpeg_of(&scene(600, 450, seed), 92))).collect();
    for (seed, whole) in (0..).zip(&scenes) {
        let small = imageops::resize(&scene(600, 450, seed), 420, 315, imageops::FilterType::Triangle);
        let distance = whole.distance(fingerprint(&jpeg_of(&small, 60)));
        assert!(distance <= 4, "{seed}: {distance}");
        let mirror = imageops::flip_horizontal(&scene(600, 450, seed));
        let distance = whole.mirrored().distance(fingerprint(&jpeg_of(&mirror, 92)));
        assert!(distance <= 4, "{seed}: {distance}");
        for other in &scenes[seed as usize + 1..] {
            assert!(whole.distance(*other) > 12, "{seed}: {}", whole.distance(*other));
        }
    }
}

#[test]
fn a_blank_picture_has_no_fingerprint() {
    let wall = image::RgbImage::from_fn(800, 600, |x, _| image::Rgb([100 + (x / 80) as u8; 3]));
    for picture in [image::RgbImage::new(800, 600), wall] {
        assert_eq!(rendered(&jpeg_of(&picture, 80), MediaKind::Jpeg, 1).fingerprint, None);
    }
}
