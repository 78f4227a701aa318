//! Pictures made for the tests, and the containers around them.
#![allow(clippy::unwrap_used)]

use image::{ImageFormat, Rgb, RgbImage, imageops};
use std::io::Cursor;

/// A scene that cannot be mistaken for its mirror image: soft blobs of light at positions from `seed`, red in the top
/// left, blue in the bottom right.
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

/// A baseline JPEG with a restart after each row of blocks.
pub(super) fn restarting_of(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 85);
    encoder.set_restart_interval((picture.width() / 16) as u16);
    encoder.encode(picture, picture.width() as u16, picture.height() as u16, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

/// A baseline JPEG of any size whose rows of blocks all equal `strip`, which is 16 pixels high: encoding sixteen
/// megapixels would take a second.
pub(super) fn tall_of(strip: &RgbImage, height: u16) -> Vec<u8> {
    let row = restarting_of(strip);
    let frame = memchr::memmem::find(&row, &[0xFF, 0xC0]).unwrap();
    let scan = memchr::memmem::find(&row, &[0xFF, 0xDA]).unwrap();
    let data = scan + 2 + usize::from(u16::from_be_bytes([row[scan + 2], row[scan + 3]]));
    let mut bytes = row[..data].to_vec();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    for index in 0..height.div_ceil(16) {
        if index > 0 {
            bytes.extend([0xFF, 0xD0 + ((index - 1) % 8) as u8]);
        }
        bytes.extend(&row[data..row.len() - 2]);
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// A JPEG segment.
pub(super) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], body].concat()
}

/// `jpeg` with segments inserted after its start.
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

/// `png` with a chunk inserted after its header.
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

/// An animated WebP of these frames: each is its header and the chunks of its picture.
pub(super) fn animated_webp_of(size: (u32, u32), frames: &[&[u8]]) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let header = [&[2, 0, 0, 0][..], &side(size.0), &side(size.1)].concat();
    let frames: Vec<u8> = frames.iter().flat_map(|frame| riff_chunk(b"ANMF", frame)).collect();
    let inside = [b"WEBP", &riff_chunk(b"VP8X", &header)[..], &riff_chunk(b"ANIM", &[0; 6]), &frames].concat();
    riff_chunk(b"RIFF", &inside)
}

pub(super) fn bmff_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], name, body].concat()
}

/// A HEIC file with only its boxes; there is no picture in `mdat`.
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

/// A picture as a HEIC file, made by a third-party encoder: one coded picture up to 512 pixels, tiles beyond.
pub(super) fn heic_of(picture: &RgbImage) -> Vec<u8> {
    let options = heifer::EncodeOptions { quality: 80, max_threads: 1 };
    heifer::encode_rgb8(picture.width(), picture.height(), picture, &options).unwrap()
}

/// A coded picture: its decoder configuration and its bytes.
pub(super) fn hevc_of(picture: &RgbImage) -> (Vec<u8>, Vec<u8>) {
    let bytes = heic_of(picture);
    let file = heifer::heifer_isobmff::HeifFile::parse(&bytes).unwrap();
    let at = memchr::memmem::find(&bytes, b"hvcC").unwrap();
    let length = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
    (bytes[at + 4..at - 4 + length].to_vec(), file.item_data(file.primary_id).unwrap().into_owned())
}

/// An item of a HEIC file.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) id: u16,
    pub(super) kind: [u8; 4],
    pub(super) properties: Vec<([u8; 4], Vec<u8>)>,
    pub(super) data: Vec<u8>,
}

impl Item {
    /// A coded picture that claims this size.
    pub(super) fn coded(id: u16, size: (u32, u32), (config, data): &(Vec<u8>, Vec<u8>)) -> Self {
        let properties = vec![(*b"ispe", ispe(size)), (*b"hvcC", config.clone())];
        Item { id, kind: *b"hvc1", properties, data: data.clone() }
    }

    /// A grid that claims this size.
    pub(super) fn grid(id: u16, size: (u32, u32), (columns, rows): (u8, u8)) -> Self {
        let header = [&[0, 1, rows - 1, columns - 1][..], &size.0.to_be_bytes(), &size.1.to_be_bytes()].concat();
        Item { id, kind: *b"grid", properties: vec![(*b"ispe", ispe(size))], data: header }
    }

    pub(super) fn with(mut self, name: &[u8; 4], body: &[u8]) -> Self {
        self.properties.push((*name, body.to_vec()));
        self
    }
}

fn ispe((width, height): (u32, u32)) -> Vec<u8> {
    [0, width, height].map(u32::to_be_bytes).concat()
}

/// A HEIC file of these items, the first of which is the primary one; `parts` says what each derived one is made of.
pub(super) fn heic_file(items: &[Item], parts: &[(u16, Vec<u16>)]) -> Vec<u8> {
    let be = |value: usize| (value as u16).to_be_bytes();
    let full = |name, body: &[u8]| bmff_box(name, &[&[0; 4], body].concat());
    let ftyp = bmff_box(b"ftyp", b"heic\0\0\0\0mif1heic");
    let hdlr = full(b"hdlr", b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let pitm = full(b"pitm", &items[0].id.to_be_bytes());
    let infe = |item: &Item| {
        let body = [&[2, 0, 0, 0][..], &item.id.to_be_bytes(), &[0, 0], &item.kind, &[0]].concat();
        bmff_box(b"infe", &body)
    };
    let entries: Vec<u8> = items.iter().flat_map(infe).collect();
    let iinf = full(b"iinf", &[&be(items.len())[..], &entries].concat());
    let reference = |(from, to): &(u16, Vec<u16>)| {
        let to: Vec<u8> = to.iter().flat_map(|id| id.to_be_bytes()).collect();
        bmff_box(b"dimg", &[&from.to_be_bytes()[..], &be(to.len() / 2), &to].concat())
    };
    let iref = full(b"iref", &parts.iter().flat_map(reference).collect::<Vec<u8>>());
    let (mut ipco, mut ipma, mut count) = (Vec::new(), (items.len() as u32).to_be_bytes().to_vec(), 0_u16);
    for item in items {
        ipma.extend([&item.id.to_be_bytes()[..], &[item.properties.len() as u8]].concat());
        for (name, body) in &item.properties {
            count += 1;
            ipco.extend(bmff_box(name, body));
            ipma.extend((0x8000 | count).to_be_bytes());
        }
    }
    let ipma = bmff_box(b"ipma", &[&[0, 0, 0, 1], &ipma[..]].concat());
    let iprp = bmff_box(b"iprp", &[bmff_box(b"ipco", &ipco), ipma].concat());
    let iloc = |mut offset: usize| {
        let mut body = [&[0x44, 0][..], &be(items.len())].concat();
        for item in items {
            body.extend([&item.id.to_be_bytes()[..], &[0, 0, 0, 1]].concat());
            body.extend([offset, item.data.len()].map(|number| (number as u32).to_be_bytes()).concat());
            offset += item.data.len();
        }
        full(b"iloc", &body)
    };
    let meta = |offset| full(b"meta", &[&hdlr[..], &pitm, &iinf, &iref, &iprp, &iloc(offset)].concat());
    let data: Vec<u8> = items.iter().flat_map(|item| item.data.clone()).collect();
    let offset = ftyp.len() + meta(0).len() + 8;
    [ftyp, meta(offset), bmff_box(b"mdat", &data)].concat()
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
    /// Big-endian, as most cameras write.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.block().bytes(false)
    }

    pub(super) fn block(&self) -> Block {
        Block {
            root: vec![(0x010F, ascii(&self.make)), (0x0112, shorts(&[self.orientation]))],
            camera: vec![(0x9003, ascii(&self.taken_at)), (0x9011, ascii(&self.offset))],
            receiver: vec![
                (1, ascii(b"N\0")),
                (2, rationals(&self.lat)),
                (3, ascii(b"E\0")),
                (4, rationals(&self.lon)),
                (7, rationals(&[(2, 1), (32, 1), (5, 1)])),
                (29, ascii(b"2026:11:24\0")),
            ],
            pointer: 4,
        }
    }
}

/// The fields of three directories, of which the first points to the others with fields of type `pointer`.
pub(super) struct Block {
    pub(super) root: Vec<(u16, Field)>,
    pub(super) camera: Vec<(u16, Field)>,
    pub(super) receiver: Vec<(u16, Field)>,
    pub(super) pointer: u16,
}

impl Block {
    /// Replaces the field with this tag, in whatever directory it is.
    pub(super) fn set(mut self, tag: u16, field: Field) -> Self {
        for directory in [&mut self.root, &mut self.camera, &mut self.receiver] {
            directory.iter_mut().filter(|entry| entry.0 == tag).for_each(|entry| entry.1 = field.clone());
        }
        self
    }

    /// Removes the field with this tag.
    pub(super) fn without(mut self, tag: u16) -> Self {
        for directory in [&mut self.root, &mut self.camera, &mut self.receiver] {
            directory.retain(|entry| entry.0 != tag);
        }
        self
    }

    pub(super) fn bytes(&self, little_endian: bool) -> Vec<u8> {
        let pointer = |at: u32| Field {
            kind: self.pointer,
            count: 1,
            units: vec![if self.pointer == 3 { (at as u16).to_be_bytes().to_vec() } else { at.to_be_bytes().to_vec() }],
        };
        let root = |camera_at, receiver_at| {
            let pointers = vec![(0x8769, pointer(camera_at)), (0x8825, pointer(receiver_at))];
            directory(8, &[self.root.clone(), pointers].concat(), little_endian)
        };
        let camera_at = 8 + root(0, 0).len() as u32;
        let camera = directory(camera_at, &self.camera, little_endian);
        let receiver_at = camera_at + camera.len() as u32;
        let receiver = directory(receiver_at, &self.receiver, little_endian);
        let head: &[u8] = if little_endian { b"II\x2A\0\x08\0\0\0" } else { b"MM\0\x2A\0\0\0\x08" };
        [head, &root(camera_at, receiver_at), &camera, &receiver].concat()
    }
}

/// A field: its type, how many values it has, and the big-endian numbers they consist of.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) kind: u16,
    pub(super) count: u32,
    pub(super) units: Vec<Vec<u8>>,
}

pub(super) fn ascii(text: &[u8]) -> Field {
    bytes_of(2, text)
}

/// A field of single bytes, of this type.
pub(super) fn bytes_of(kind: u16, bytes: &[u8]) -> Field {
    Field { kind, count: bytes.len() as u32, units: bytes.iter().map(|byte| vec![*byte]).collect() }
}

pub(super) fn shorts(values: &[u16]) -> Field {
    numbers(3, values.iter().map(|value| value.to_be_bytes().to_vec()))
}

/// A field of numbers of this type, in big-endian bytes.
pub(super) fn numbers(kind: u16, values: impl Iterator<Item = Vec<u8>>) -> Field {
    let units: Vec<_> = values.collect();
    Field { kind, count: units.len() as u32, units }
}

pub(super) fn rationals(values: &[(u32, u32)]) -> Field {
    let units = values.iter().flat_map(|(over, under)| [over.to_be_bytes().to_vec(), under.to_be_bytes().to_vec()]);
    Field { kind: 5, count: values.len() as u32, units: units.collect() }
}

pub(super) fn signed_rationals(values: &[(i32, i32)]) -> Field {
    let values: Vec<_> = values.iter().map(|(over, under)| (over.cast_unsigned(), under.cast_unsigned())).collect();
    Field { kind: 10, ..rationals(&values) }
}

fn directory(at: u32, entries: &[(u16, Field)], little_endian: bool) -> Vec<u8> {
    let ordered = |mut unit: Vec<u8>| {
        if little_endian {
            unit.reverse();
        }
        unit
    };
    let short = |value: u16| ordered(value.to_be_bytes().to_vec());
    let long = |value: u32| ordered(value.to_be_bytes().to_vec());
    let mut table = short(entries.len() as u16);
    let mut values: Vec<u8> = Vec::new();
    let values_at = at + 2 + entries.len() as u32 * 12 + 4;
    for (tag, field) in entries {
        table.extend([short(*tag), short(field.kind), long(field.count)].concat());
        let mut value: Vec<u8> = field.units.iter().cloned().flat_map(ordered).collect();
        if value.len() <= 4 {
            value.resize(4, 0);
            table.extend(value);
        } else {
            table.extend(long(values_at + values.len() as u32));
            values.extend(value);
        }
    }
    table.extend([0; 4]);
    table.extend(values);
    table
}
