//! Generated photos: the same seed gives the same bytes, another seed another scene.

use std::io::{Cursor, Write};

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageFormat, RgbImage};

/// Pseudo-random numbers (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap()
    }

    fn colour(&mut self) -> [u8; 3] {
        let bytes = self.next().to_le_bytes();
        [bytes[0], bytes[1], bytes[2]]
    }
}

/// A scene: a gradient with a dozen boxes and discs on it. It looks the same at every size.
pub fn scene(seed: u64, width: u32, height: u32) -> RgbImage {
    let mut numbers = Numbers(seed);
    let [from, to] = [numbers.colour(), numbers.colour()].map(|colour| colour.map(i64::from));
    let (across, down) = (i64::from(numbers.below(100)), i64::from(numbers.below(100)));
    let (w, h) = (i64::from(width), i64::from(height));
    let span = (across * w + down * h).max(1);
    let mut pixels = vec![0_u8; width as usize * height as usize * 3];
    for (y, row) in (0_i64..).zip(pixels.chunks_exact_mut(width as usize * 3)) {
        for (x, pixel) in (0_i64..).zip(row.chunks_exact_mut(3)) {
            let along = (across * x + down * y) * 256 / span;
            for channel in 0..3 {
                pixel[channel] = ((from[channel] * (256 - along) + to[channel] * along) / 256) as u8;
            }
        }
    }
    let mut picture = RgbImage::from_raw(width, height, pixels).unwrap();
    for _ in 0..12 {
        let colour = image::Rgb(numbers.colour());
        let disc = numbers.below(2) == 0;
        // In thousandths of the picture, so that the scene does not depend on its size.
        let (left, top) = (i64::from(numbers.below(1000)) * w / 1000, i64::from(numbers.below(1000)) * h / 1000);
        let (wide, high) =
            (i64::from(50 + numbers.below(300)) * w / 1000, i64::from(50 + numbers.below(300)) * h / 1000);
        for y in top..(top + high).min(h) {
            for x in left..(left + wide).min(w) {
                let (dx, dy) = (2 * (x - left) - wide, 2 * (y - top) - high);
                if disc && dx * dx * high * high + dy * dy * wide * wide > wide * wide * high * high {
                    continue;
                }
                picture.put_pixel(x as u32, y as u32, colour);
            }
        }
    }
    picture
}

/// The scene as a JPEG without any metadata.
pub fn jpeg(seed: u64, width: u32, height: u32) -> Vec<u8> {
    encode_jpeg(&scene(seed, width, height))
}

/// A picture with these bits as its fingerprint, and `number` in its bytes, so that no two files are equal.
pub fn jpeg_of_print(bits: u64, number: u64) -> Vec<u8> {
    const CELL: u32 = 32;
    let rows = bits.to_be_bytes().map(|row| {
        // Each cell is darker than its left neighbour where the bit is set, else brighter.
        let mut cells = [0_i32; 9];
        for column in 0..8 {
            cells[column + 1] = cells[column] + if row & (0x80 >> column) == 0 { 20 } else { -20 };
        }
        let lowest = cells.into_iter().min().unwrap();
        cells.map(|cell| u8::try_from(40 + cell - lowest).unwrap())
    });
    let picture =
        RgbImage::from_fn(9 * CELL, 8 * CELL, |x, y| image::Rgb([rows[(y / CELL) as usize][(x / CELL) as usize]; 3]));
    let jpeg = encode_jpeg(&picture);
    let words = number.to_be_bytes();
    [&jpeg[..2], b"\xff\xfe\0\x0a", &words, &jpeg[2..]].concat()
}

fn encode_jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (u16::try_from(picture.width()).unwrap(), u16::try_from(picture.height()).unwrap());
    jpeg_encoder::Encoder::new(&mut bytes, 85)
        .encode(picture.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    bytes
}

/// A 12-megapixel scene of about `size` bytes (within a tenth, from 1 to 6 MB), as phones make them:
/// its upper part is grainy enough to reach the size.
pub fn jpeg_of_size(seed: u64, size: usize) -> Vec<u8> {
    const SIDES: (u32, u32) = (4000, 3000);
    let smooth = scene(seed, SIDES.0, SIDES.1);
    let grain = |rows: u32| {
        let mut picture = smooth.clone();
        let mut numbers = Numbers(seed ^ 0x0067_7261_696e);
        let end = rows as usize * SIDES.0 as usize * 3;
        for bytes in picture.as_flat_samples_mut().samples[..end].chunks_mut(8) {
            for (byte, noise) in bytes.iter_mut().zip(numbers.next().to_le_bytes()) {
                *byte = byte.saturating_add(noise % 48).saturating_sub(24);
            }
        }
        encode_jpeg(&picture)
    };
    // The size grows linearly with the grainy rows: measure a strip, then compute.
    const STRIP: u32 = 240;
    let (none, strip) = (encode_jpeg(&smooth).len(), grain(STRIP).len());
    let rows = size.saturating_sub(none) * STRIP as usize / (strip - none);
    grain(u32::try_from(rows).unwrap().min(SIDES.1))
}

pub fn png(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    scene(seed, width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A lossless WebP.
pub fn webp(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes)
        .encode(scene(seed, width, height).as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// Metadata as a phone writes it.
#[derive(Debug, Clone, Default)]
pub struct Exif {
    /// 1 to 8.
    pub orientation: Option<u16>,
    /// `2026:08:03 15:04:11`, local time.
    pub date_time_original: Option<&'static str>,
    /// `+08:00`.
    pub offset_time_original: Option<&'static str>,
    /// Degrees north and east.
    pub gps: Option<(f64, f64)>,
    /// The program that wrote it.
    pub software: Option<&'static str>,
    pub make: Option<&'static str>,
    pub model: Option<&'static str>,
    /// Text to search for in everything that leaves: used as description, owner and maker note.
    pub canary: Option<&'static str>,
}

/// One entry of an image file directory: tag, type, count, and the bytes of the value.
type Entry = (u16, u16, u32, Vec<u8>);

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

fn ascii(tag: u16, text: &str) -> Entry {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    (tag, ASCII, u32::try_from(bytes.len()).unwrap(), bytes)
}

fn long(tag: u16, value: usize) -> Entry {
    (tag, LONG, 1, u32::try_from(value).unwrap().to_le_bytes().to_vec())
}

/// Degrees, minutes and seconds as three fractions.
fn degrees(tag: u16, value: f64) -> Entry {
    let thousandths = (value.abs() * 3_600_000.0).round() as u32;
    let parts = [(thousandths / 3_600_000, 1), (thousandths / 60_000 % 60, 1), (thousandths % 60_000, 1000_u32)];
    let bytes = parts.iter().flat_map(|(over, under)| [over.to_le_bytes(), under.to_le_bytes()].concat()).collect();
    (tag, RATIONAL, 3, bytes)
}

/// A directory that starts at `at` of the file: its entries, then what does not fit in them.
fn directory(at: usize, mut entries: Vec<Entry>) -> Vec<u8> {
    entries.sort_by_key(|entry| entry.0);
    let mut bytes = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut beyond = Vec::new();
    let beyond_at = at + 2 + 12 * entries.len() + 4;
    for (tag, kind, count, mut value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        if value.len() > 4 {
            bytes.extend(u32::try_from(beyond_at + beyond.len()).unwrap().to_le_bytes());
            value.resize(value.len().next_multiple_of(2), 0);
            beyond.extend(value);
        } else {
            value.resize(4, 0);
            bytes.extend(value);
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(beyond);
    bytes
}

impl Exif {
    /// As most phones write it: place, time, maker, and the canary wherever a text fits.
    pub fn full(canary: &'static str) -> Self {
        Exif {
            orientation: Some(6),
            date_time_original: Some("2026:08:03 15:04:11"),
            offset_time_original: Some("+08:00"),
            gps: Some((31.2101, 107.4902)),
            make: Some("Huawei"),
            model: Some("ANG-AN00"),
            canary: Some(canary),
            ..Exif::default()
        }
    }

    /// The metadata as a TIFF block, which all formats contain.
    pub fn tiff(&self) -> Vec<u8> {
        let mut main: Vec<Entry> = Vec::new();
        main.extend(self.orientation.map(|value| (0x0112, SHORT, 1, value.to_le_bytes().to_vec())));
        main.extend(self.make.map(|text| ascii(0x010f, text)));
        main.extend(self.model.map(|text| ascii(0x0110, text)));
        main.extend(self.canary.map(|text| ascii(0x010e, text)));
        main.extend(self.software.map(|text| ascii(0x0131, text)));
        let mut detail: Vec<Entry> = Vec::new();
        detail.extend(self.date_time_original.map(|text| ascii(0x9003, text)));
        detail.extend(self.offset_time_original.map(|text| ascii(0x9011, text)));
        if let Some(canary) = self.canary {
            detail.push(ascii(0xa430, canary));
            let note = canary.as_bytes().to_vec();
            detail.push((0x927c, UNDEFINED, u32::try_from(note.len()).unwrap(), note));
        }
        let place = self.gps.map_or_else(Vec::new, |(north, east)| {
            vec![
                ascii(1, if north < 0.0 { "S" } else { "N" }),
                degrees(2, north),
                ascii(3, if east < 0.0 { "W" } else { "E" }),
                degrees(4, east),
            ]
        });
        // The main directory points to the two others: a first pass finds its length.
        let pointers = |detail_at, place_at| {
            let mut entries = main.clone();
            if !detail.is_empty() {
                entries.push(long(0x8769, detail_at));
            }
            if !place.is_empty() {
                entries.push(long(0x8825, place_at));
            }
            directory(8, entries)
        };
        let detail_at = 8 + pointers(0, 0).len();
        let detail_bytes = directory(detail_at, detail.clone());
        let place_at = detail_at + detail_bytes.len();
        [
            b"II\x2a\0\x08\0\0\0".to_vec(),
            pointers(detail_at, place_at),
            detail_bytes,
            directory(place_at, place.clone()),
        ]
        .concat()
    }

    /// The JPEG with this metadata as its first segment.
    pub fn put_into_jpeg(&self, jpeg: &[u8]) -> Vec<u8> {
        assert!(jpeg.starts_with(b"\xff\xd8"), "not a JPEG");
        let body = [b"Exif\0\0".to_vec(), self.tiff()].concat();
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &body, &jpeg[2..]].concat()
    }

    /// The PNG with this metadata as a chunk after its header.
    pub fn put_into_png(&self, png: &[u8]) -> Vec<u8> {
        const HEADER: usize = 8 + 25;
        [&png[..HEADER], &png_chunk(b"eXIf", &self.tiff()), &png[HEADER..]].concat()
    }
}

/// Beijing, each coordinate as three fractions: degrees, minutes, seconds.
pub const BEIJING: [[(u32, u32); 3]; 2] = [[(39, 1), (54, 1), (0, 1)], [(116, 1), (23, 1), (0, 1)]];

/// The JPEG with a place and a time as some cameras write them: the fractions of a place have the type `fraction`, and
/// the main directory points to the others with fields of type `pointer`.
pub fn with_odd_exif(jpeg: &[u8], fraction: u16, place: [&[(u32, u32)]; 2], pointer: u16, time: &str) -> Vec<u8> {
    let fractions = |tag, parts: &[(u32, u32)]| -> Entry {
        let bytes = parts.iter().flat_map(|(over, under)| [over.to_le_bytes(), under.to_le_bytes()].concat()).collect();
        (tag, fraction, u32::try_from(parts.len()).unwrap(), bytes)
    };
    let pointers = |detail_at: usize, place_at: usize| {
        let to = |tag, at| (tag, pointer, 1, u32::try_from(at).unwrap().to_le_bytes().to_vec());
        directory(8, vec![to(0x8769, detail_at), to(0x8825, place_at)])
    };
    let detail_at = 8 + pointers(0, 0).len();
    let detail = directory(detail_at, vec![ascii(0x9003, time)]);
    let place_at = detail_at + detail.len();
    let place = directory(place_at, vec![ascii(1, "N"), fractions(2, place[0]), ascii(3, "E"), fractions(4, place[1])]);
    let body = [&b"Exif\0\0II\x2a\0\x08\0\0\0"[..], &pointers(detail_at, place_at), &detail, &place].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &body, &jpeg[2..]].concat()
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

fn png_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut check = flate2::Crc::new();
    check.update(kind);
    check.update(body);
    [&u32::try_from(body.len()).unwrap().to_be_bytes(), kind.as_slice(), body, &check.sum().to_be_bytes()].concat()
}

fn png_header(width: u32, height: u32, bits: u8, colour: u8) -> Vec<u8> {
    let body = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, colour, 0, 0, 0]].concat();
    png_chunk(b"IHDR", &body)
}

/// A valid black PNG of 30,000 × 30,000 in about a hundred kilobytes.
pub fn png_bomb() -> Vec<u8> {
    const SIDE: u32 = 30_000;
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    // A filter byte and one bit for each pixel.
    let rows = vec![0; 100 * (1 + SIDE as usize / 8)];
    for _ in 0..SIDE / 100 {
        zlib.write_all(&rows).unwrap();
    }
    let body = zlib.finish().unwrap();
    [PNG_SIGNATURE, &png_header(SIDE, SIDE, 1, 0), &png_chunk(b"IDAT", &body), &png_chunk(b"IEND", b"")].concat()
}

/// A JPEG whose header claims these sides, followed by the scan of a small one.
pub fn jpeg_bomb(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(1, 64, 64);
    let frame = bytes.windows(2).position(|marker| marker == b"\xff\xc0").expect("a baseline frame");
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A PNG in one colour, with three channels of this many bits. It is small, however large the picture is.
pub fn flat_png(width: u32, height: u32, bits: u8) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let row = [&[0][..], &vec![0x7a; width as usize * 3 * usize::from(bits) / 8]].concat();
    for _ in 0..height {
        zlib.write_all(&row).unwrap();
    }
    let body = zlib.finish().unwrap();
    [PNG_SIGNATURE, &png_header(width, height, bits, 2), &png_chunk(b"IDAT", &body), &png_chunk(b"IEND", b"")].concat()
}

/// An animated PNG of a single frame, as some programs write a still picture.
pub fn still_apng(seed: u64, width: u32, height: u32) -> Vec<u8> {
    const HEADER: usize = 33;
    let png = png(seed, width, height);
    let sides = [[0; 4], width.to_be_bytes(), height.to_be_bytes(), [0; 4], [0; 4]].concat();
    let control = png_chunk(b"fcTL", &[&sides[..], &[0, 1, 0, 10, 0, 0]].concat());
    [&png[..HEADER], &png_chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), &control, &png[HEADER..]].concat()
}

/// The JPEG with its height behind the first scan instead of in the frame.
pub fn with_late_height(jpeg: &[u8]) -> Vec<u8> {
    let mut late = jpeg.to_vec();
    let frame = late.windows(2).position(|marker| marker == b"\xff\xc0").expect("a baseline frame");
    let height = [late[frame + 5], late[frame + 6]];
    late[frame + 5..frame + 7].fill(0);
    let scan = late.windows(2).position(|marker| marker == b"\xff\xda").unwrap() + 2;
    let behind = scan + late[scan..].windows(2).position(|two| two[0] == 0xff && two[1] != 0).unwrap();
    late.splice(behind..behind, [&b"\xff\xdc\0\x04"[..], &height].concat());
    late
}

/// An animated PNG of two frames.
pub fn apng(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let frame = |seed| {
        let picture = scene(seed, width, height);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        for row in picture.as_raw().chunks(width as usize * 3) {
            zlib.write_all(&[0]).unwrap();
            zlib.write_all(row).unwrap();
        }
        zlib.finish().unwrap()
    };
    let control = |sequence: u32| {
        let sides = [width.to_be_bytes(), height.to_be_bytes(), [0; 4], [0; 4]].concat();
        png_chunk(b"fcTL", &[&sequence.to_be_bytes()[..], &sides, &[0, 1, 0, 10, 0, 0]].concat())
    };
    [
        PNG_SIGNATURE,
        &png_header(width, height, 8, 2),
        &png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        &control(0),
        &png_chunk(b"IDAT", &frame(seed)),
        &control(1),
        &png_chunk(b"fdAT", &[&2_u32.to_be_bytes()[..], &frame(seed + 1)].concat()),
        &png_chunk(b"IEND", b""),
    ]
    .concat()
}

fn riff_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = vec![0; body.len() % 2];
    [kind.as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), body, &padding].concat()
}

/// An animated WebP of two frames.
pub fn animated_webp(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let three = |value: u32| value.to_le_bytes()[..3].to_vec();
    let sides = [three(width - 1), three(height - 1)].concat();
    let frame = |seed| {
        // A still WebP is a container with a single chunk, which becomes the frame.
        let still = webp(seed, width, height);
        // Drawn over the last frame, not blended with it.
        let body = [&[0; 6][..], &sides, &three(100), &[0b10], &still[12..]].concat();
        riff_chunk(b"ANMF", &body)
    };
    let animated = [&[0b0000_0010, 0, 0, 0][..], &sides].concat();
    let body = [
        b"WEBP".to_vec(),
        riff_chunk(b"VP8X", &animated),
        riff_chunk(b"ANIM", &[255, 255, 255, 255, 0, 0]),
        frame(seed),
        frame(seed + 1),
    ]
    .concat();
    riff_chunk(b"RIFF", &body)
}

/// The first `thousandths` of a file, as an interrupted upload leaves it.
pub fn truncated(file: &[u8], thousandths: usize) -> Vec<u8> {
    file[..file.len() * thousandths / 1000].to_vec()
}

fn iso_box(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), body].concat()
}

/// A motion photo: a JPEG with a video after its end, here one that contains `canary`.
pub fn motion_photo(jpeg: &[u8], canary: &str) -> Vec<u8> {
    [jpeg, &iso_box(b"ftyp", b"mp42\0\0\0\0mp42isom"), &iso_box(b"mdat", canary.as_bytes())].concat()
}

/// A scene as a HEIC file, in tiles where it is larger than 512 pixels.
pub fn heic_of(picture: &RgbImage) -> Vec<u8> {
    let options = heifer::EncodeOptions { quality: 80, max_threads: 1 };
    heifer::encode_rgb8(picture.width(), picture.height(), picture, &options).unwrap()
}

/// The same file with another type for the primary item: an overlay.
pub fn heic_overlay(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = heic_of(picture);
    let shown = bytes.windows(4).position(|four| four == b"hvc1").expect("one coded picture");
    bytes[shown..shown + 4].copy_from_slice(b"iovl");
    bytes
}

/// The minimum that identifies an iPhone's photo; there is no picture in it.
pub fn heic() -> Vec<u8> {
    let handler = iso_box(b"hdlr", b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    [
        iso_box(b"ftyp", b"heic\0\0\0\0mif1heic"),
        iso_box(b"meta", &[&[0; 4][..], &handler].concat()),
        iso_box(b"mdat", &[0; 64]),
    ]
    .concat()
}

/// A page with the name of a photo, and one that begins like a JPEG.
pub fn html() -> Vec<u8> {
    b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>".to_vec()
}

pub fn html_behind_a_jpeg_mark() -> Vec<u8> {
    [b"\xff\xd8\xff\xe0".to_vec(), html()].concat()
}
