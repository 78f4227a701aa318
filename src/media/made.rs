//! Pictures made for the tests, and the containers around them.
#![allow(clippy::unwrap_used)]

use image::{ImageFormat, Rgb, RgbImage, imageops};
use std::io::Cursor;

/// A scene nobody could mistake for its mirror image: soft blobs of light at places
/// that `seed` decides, red in the top left, blue in the bottom right.
pub(super) fn scene(width: u32, height: u32, seed: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    };
    let lights: Vec<[f64; 4]> = (0..30).map(|_| [next(), next(), 0.04 + next() * 0.09, next() * 2.0 - 1.0]).collect();
    // Drawn small and enlarged: unoptimised test code draws slowly.
    let side = 96;
    let sketch = RgbImage::from_fn(side, side, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(side), f64::from(y) / f64::from(side));
        let glow = |[cx, cy, size, power]: &[f64; 4]| {
            power * (-((u - cx).powi(2) + (v - cy).powi(2)) / (2.0 * size * size)).exp()
        };
        let tone = 120.0 + 90.0 * lights.iter().map(glow).sum::<f64>();
        Rgb([tone, tone * 0.95, tone * 0.9].map(|value| value.clamp(0.0, 255.0) as u8))
    });
    let mut picture = imageops::resize(&sketch, width, height, imageops::FilterType::Triangle);
    let patch = |color| RgbImage::from_pixel((width / 5).max(1), (height / 5).max(1), Rgb(color));
    imageops::replace(&mut picture, &patch([230, 20, 20]), 0, 0);
    imageops::replace(
        &mut picture,
        &patch([20, 20, 230]),
        i64::from(width - width / 5),
        i64::from(height - height / 5),
    );
    picture
}

pub(super) fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn jpeg_of(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    jpeg_encoder::Encoder::new(&mut bytes, quality)
        .encode(picture, width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    bytes
}

pub(super) fn progressive_of(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
    encoder.set_progressive(true);
    encoder.encode(picture, picture.width() as u16, picture.height() as u16, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

/// A JPEG segment.
pub(super) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], body].concat()
}

/// `jpeg` with segments put in right behind its start.
pub(super) fn with_segments(jpeg: &[u8], segments: &[u8]) -> Vec<u8> {
    [&jpeg[..2], segments, &jpeg[2..]].concat()
}

/// An APP1 segment holding the TIFF block `tiff`.
pub(super) fn exif_segment(tiff: &[u8]) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0", tiff].concat())
}

pub(super) fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let crc = crc32fast::hash(&[name, body].concat()).to_be_bytes();
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], name, body, &crc].concat()
}

/// `png` with a chunk put in right behind its header.
pub(super) fn with_chunk(png: &[u8], chunk: &[u8]) -> Vec<u8> {
    [&png[..33], chunk, &png[33..]].concat()
}

fn riff_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [name, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body, padding].concat()
}

/// A plain `webp` in the extended format, with `flags` and another chunk.
pub(super) fn extended_webp(webp: &[u8], flags: u8, size: (u32, u32), name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let header = [&[flags, 0, 0, 0][..], &side(size.0), &side(size.1)].concat();
    let inside = [b"WEBP", &riff_chunk(b"VP8X", &header)[..], &webp[12..], &riff_chunk(name, body)].concat();
    riff_chunk(b"RIFF", &inside)
}

pub(super) fn bmff_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], name, body].concat()
}

/// A HEIC file as far as its boxes go; there is no picture in `mdat`.
pub(super) fn heic(brands: &[u8], size: (u32, u32), tiff: &[u8]) -> Vec<u8> {
    let be = |value: u32| value.to_be_bytes();
    let ftyp = bmff_box(b"ftyp", brands);
    let ispe = |(width, height)| bmff_box(b"ispe", &[be(0), be(width), be(height)].concat());
    let iprp = bmff_box(b"iprp", &bmff_box(b"ipco", &[ispe((64, 64)), ispe(size)].concat()));
    let infe = bmff_box(b"infe", &[&[2, 0, 0, 0, 0, 7, 0, 0][..], b"Exif\0"].concat());
    let iinf = bmff_box(b"iinf", &[&[0, 0, 0, 0, 0, 1][..], &infe].concat());
    let item = [&be(6)[..], b"Exif\0\0", tiff].concat();
    let iloc = |offset: u32| {
        let head = [0, 0, 0, 0, 0x44, 0, 0, 1, 0, 7, 0, 0, 0, 1];
        bmff_box(b"iloc", &[&head[..], &be(offset), &be(item.len() as u32)].concat())
    };
    let meta = |offset| bmff_box(b"meta", &[&[0; 4][..], &iinf, &iloc(offset), &iprp].concat());
    let offset = (ftyp.len() + meta(0).len() + 8) as u32;
    [ftyp, meta(offset), bmff_box(b"mdat", &item)].concat()
}

/// A TIFF block, big-endian, with directories for the camera and the receiver.
pub(super) struct Tiff {
    pub(super) orientation: u16,
    pub(super) make: Vec<u8>,
    pub(super) taken_at: Vec<u8>,
    pub(super) offset: Vec<u8>,
    pub(super) lat: [(u32, u32); 3],
    pub(super) lon: [(u32, u32); 3],
}

impl Default for Tiff {
    fn default() -> Self {
        Tiff {
            orientation: 1,
            make: b"Maker\0".to_vec(),
            taken_at: b"2026:11:24 10:32:05\0".to_vec(),
            offset: b"+08:00\0".to_vec(),
            lat: [(31, 1), (13, 1), (1200, 100)],
            lon: [(107, 1), (29, 1), (30, 1)],
        }
    }
}

impl Tiff {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let ascii = |text: &[u8]| (2_u16, text.len() as u32, text.to_vec());
        let short = |value: u16| (3_u16, 1, value.to_be_bytes().to_vec());
        let long = |value: u32| (4_u16, 1, value.to_be_bytes().to_vec());
        let rationals = |values: &[(u32, u32)]| {
            let bytes =
                values.iter().flat_map(|(over, under)| [over.to_be_bytes(), under.to_be_bytes()]).flatten().collect();
            (5_u16, values.len() as u32, bytes)
        };
        let camera = [(0x9003, ascii(&self.taken_at)), (0x9011, ascii(&self.offset))];
        let receiver = [
            (1, ascii(b"N\0")),
            (2, rationals(&self.lat)),
            (3, ascii(b"E\0")),
            (4, rationals(&self.lon)),
            (7, rationals(&[(2, 1), (32, 1), (5, 1)])),
            (29, ascii(b"2026:11:24\0")),
        ];
        // The root is 4 entries; its values that do not fit follow, then the others.
        let root = |camera_at: u32, receiver_at: u32| {
            directory(
                8,
                &[
                    (0x010F, ascii(&self.make)),
                    (0x0112, short(self.orientation)),
                    (0x8769, long(camera_at)),
                    (0x8825, long(receiver_at)),
                ],
            )
        };
        let camera_at = 8 + root(0, 0).len() as u32;
        let camera = directory(camera_at, &camera);
        let receiver_at = camera_at + camera.len() as u32;
        [&b"MM\0\x2A\0\0\0\x08"[..], &root(camera_at, receiver_at), &camera, &directory(receiver_at, &receiver)]
            .concat()
    }
}

/// Type, count and bytes of a field.
type Field = (u16, u32, Vec<u8>);

fn directory(at: u32, entries: &[(u16, Field)]) -> Vec<u8> {
    let mut table = (entries.len() as u16).to_be_bytes().to_vec();
    let mut values: Vec<u8> = Vec::new();
    let values_at = at + 2 + entries.len() as u32 * 12 + 4;
    for (tag, (kind, count, value)) in entries {
        table.extend(tag.to_be_bytes());
        table.extend(kind.to_be_bytes());
        table.extend(count.to_be_bytes());
        if value.len() <= 4 {
            let mut inline = value.clone();
            inline.resize(4, 0);
            table.extend(inline);
        } else {
            table.extend((values_at + values.len() as u32).to_be_bytes());
            values.extend(value);
        }
    }
    table.extend([0; 4]);
    table.extend(values);
    table
}
