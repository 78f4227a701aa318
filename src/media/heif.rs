//! The structure of a HEIC file: boxes inside boxes. Source: ISO/IEC 14496-12 §4.2, §8.11 and ISO/IEC 23008-12 §6.5,
//! §6.6.
//!
//! Boxes are searched, never collected: an `iloc` of 1 MiB can announce billions of pieces of no size, and a general
//! reader would allocate for all of them.

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::picture_limits;
use super::source::Source;
use super::tiff;

/// A property of items: its name and content.
type Property<'a> = (&'a [u8], &'a [u8]);

/// Brands of files with HEVC pictures. Source: ISO/IEC 23008-12 annex B; `mif1` and `msf1` do not say the codec, so
/// files that also have one of [`FOREIGN_BRANDS`] are excluded.
const BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
/// Brands of files with another codec.
const FOREIGN_BRANDS: [&[u8; 4]; 2] = [b"avif", b"avis"];
/// Bytes of `ftyp` that are read. Source: our choice; phones write under 60.
const BRANDS_BYTES_MAX: u64 = 1024;
/// Bytes of `meta` that are read, 1 MiB. Source: our choice; phones write about 4 kB.
const META_BYTES_MAX: u64 = 1024 * 1024;
/// Pieces of one item that are followed. Source: our choice; phones write one.
const PIECES_MAX: usize = 64;

/// The result of walking a HEIC file.
pub(super) struct Heif {
    pub(super) walked: Walked,
    pub(super) meta: Meta,
}

/// The boxes that describe the items and their positions.
pub(super) struct Meta {
    /// The content of `meta` after version and flags.
    bytes: Vec<u8>,
}

/// What is done to a decoded item before it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Presentation {
    /// Rectangle to crop first.
    pub(super) crop: Option<Crop>,
    /// Orientation to apply then, as in EXIF, 1 to 8.
    pub(super) orientation: u8,
}

/// A rectangle of pixels inside a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crop {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Where the bytes of an item are.
pub(super) struct Location {
    /// Whether offsets are relative to `idat` instead of the file.
    pub(super) is_inside: bool,
    /// Offset and length of each piece.
    pub(super) pieces: Vec<(u64, u64)>,
}

/// Walks the outermost boxes to the end of the file, and reads size and EXIF from `meta`.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Heif, Rejection> {
    let (mut branded, mut meta, mut has_data) = (false, None, false);
    while source.left() > 0 {
        let (name, length) = read_box(source)?;
        let next = source.position() + length;
        match &name {
            b"ftyp" if !branded => {
                let brands = source.bytes(length.min(BRANDS_BYTES_MAX))?;
                branded = is_heic(&brands).then_some(true).ok_or(Rejection::Unsupported)?;
            }
            _ if !branded => return Err(Rejection::Unsupported),
            b"meta" if meta.is_none() => {
                meta = Some(if length <= META_BYTES_MAX { source.bytes(length)? } else { Vec::new() });
            }
            b"mdat" => has_data = true,
            _ => {}
        }
        source.jump(next)?;
    }
    let mut bytes = meta.ok_or(Rejection::Corrupt("no picture inside"))?;
    // Version and flags come before the inner boxes.
    bytes.drain(..bytes.len().min(4));
    let meta = Meta { bytes };
    if !has_data && meta.inside().is_none() {
        return Err(Rejection::Truncated);
    }
    let shown = meta.primary().and_then(|primary| meta.presented(primary));
    let stored = match shown {
        Some((size, _)) => Some(size),
        None => meta.largest_size(),
    };
    if let Some((width, height)) = stored {
        check_size(width, height)?;
    }
    let presentation = shown.map(|shown| shown.1);
    let cut = presentation.and_then(|presentation| presentation.crop).map(|crop| (crop.width, crop.height));
    let walked = Walked {
        size: cut.or(stored),
        exif: read_exif(source, &meta),
        orientation: Some(presentation.map_or(1, |presentation| presentation.orientation)),
    };
    Ok(Heif { walked, meta })
}

/// Name and content length of the next box; a box has to fit into the file.
fn read_box(source: &mut Source<'_, impl Read + Seek>) -> Result<([u8; 4], u64), Rejection> {
    let length = u64::from(u32::from_be_bytes(source.array()?));
    let name = source.array()?;
    let inside = match length {
        0 => Some(source.left()),
        1 => u64::from_be_bytes(source.array()?).checked_sub(16),
        _ => length.checked_sub(8),
    };
    let inside = inside.ok_or(Rejection::Corrupt("a box shorter than its header"))?;
    if inside > source.left() { Err(Rejection::Truncated) } else { Ok((name, inside)) }
}

/// Major brand, minor version, compatible brands.
fn is_heic(ftyp: &[u8]) -> bool {
    let brands = || ftyp.chunks_exact(4).enumerate().filter(|(index, _)| *index != 1).map(|(_, brand)| brand);
    brands().any(|brand| BRANDS.iter().any(|known| brand == *known))
        && !brands().any(|brand| FOREIGN_BRANDS.iter().any(|known| brand == *known))
}

/// The boxes in `bytes`, up to the first that does not fit.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::try_from(be(bytes.get(..4)?)?).ok()?;
        let found = (bytes.get(4..8)?, bytes.get(8..length)?);
        bytes = bytes.get(length..)?;
        Some(found)
    })
}

fn find<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|found| found.0 == name).map(|found| found.1)
}

/// A big-endian number of up to eight bytes.
fn be(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// Reads numbers from the start of a box.
struct Fields<'a> {
    rest: &'a [u8],
}

impl Fields<'_> {
    /// The next number, of `size` bytes, at most eight.
    fn number(&mut self, size: u8) -> Option<u64> {
        let (taken, left) = self.rest.split_at_checked(usize::from(size))?;
        self.rest = left;
        be(taken)
    }

    /// The next number, of at most four bytes.
    fn small(&mut self, size: u8) -> Option<u32> {
        u32::try_from(self.number(size)?).ok()
    }

    fn byte(&mut self) -> Option<u8> {
        u8::try_from(self.number(1)?).ok()
    }
}

impl Meta {
    /// The content of `idat`.
    pub(super) fn inside(&self) -> Option<&[u8]> {
        find(&self.bytes, b"idat")
    }

    /// The id of the primary item.
    pub(super) fn primary(&self) -> Option<u32> {
        let mut fields = Fields { rest: find(&self.bytes, b"pitm")? };
        let size = if fields.byte()? == 0 { 2 } else { 4 };
        fields.number(3)?;
        fields.small(size)
    }

    /// Ids and types of all items.
    fn items(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let entries =
            find(&self.bytes, b"iinf").and_then(|iinf| if *iinf.first()? == 0 { iinf.get(6..) } else { iinf.get(8..) });
        boxes(entries.unwrap_or_default()).filter(|found| found.0 == b"infe").filter_map(|(_, infe)| {
            let (id, rest) = match *infe.first()? {
                2 => (infe.get(4..6)?, infe.get(6..)?),
                3 => (infe.get(4..8)?, infe.get(8..)?),
                _ => return None,
            };
            Some((u32::try_from(be(id)?).ok()?, rest.get(2..6)?))
        })
    }

    /// The type of an item, such as `hvc1` or `grid`.
    pub(super) fn item_type(&self, id: u32) -> Option<&[u8]> {
        self.items().find(|item| item.0 == id).map(|item| item.1)
    }

    /// Name and content of each property of an item, in the order they apply.
    pub(super) fn properties(&self, id: u32) -> Vec<Property<'_>> {
        self.indices(id).map_or_else(Vec::new, |(known, indices)| {
            indices.filter_map(|index| known.get(index.checked_sub(1)?).copied()).collect()
        })
    }

    /// All properties, and the indices of those that an item has, counted from 1.
    fn indices(&self, id: u32) -> Option<(Vec<Property<'_>>, impl Iterator<Item = usize>)> {
        let iprp = find(&self.bytes, b"iprp")?;
        let known = boxes(find(iprp, b"ipco")?).collect();
        let found = boxes(iprp).filter(|found| found.0 == b"ipma").find_map(|(_, ipma)| associations(ipma, id));
        let (list, size) = found?;
        // The highest bit says whether the property is essential.
        let mask = if size == 2 { 0x7FFF } else { 0x7F };
        Some((known, list.chunks_exact(size).filter_map(move |index| usize::try_from(be(index)? & mask).ok())))
    }

    /// The item's property of this name.
    pub(super) fn property(&self, id: u32, name: &[u8; 4]) -> Option<&[u8]> {
        self.properties(id).into_iter().find(|found| found.0 == name).map(|found| found.1)
    }

    /// Width and height of an item as coded, and what is done to it before it is shown.
    pub(super) fn presented(&self, id: u32) -> Option<((u32, u32), Presentation)> {
        let properties = self.properties(id);
        let size = properties.iter().find(|found| found.0 == b"ispe").and_then(|found| extent(found.1))?;
        let (mut crop, mut mirrored, mut quarters) = (None, false, 0_u8);
        for (name, body) in properties {
            match name {
                b"clap" => crop = aperture(body, size),
                // Anticlockwise, in quarter turns.
                b"irot" => quarters = (quarters + 4 - (body.first()? & 3)) % 4,
                b"imir" => {
                    // A mirror after a rotation equals the mirror before the opposite rotation; swapping top and bottom
                    // adds half a turn.
                    let axis = body.first()? & 1;
                    mirrored = !mirrored;
                    quarters = (4 - quarters + if axis == 0 { 2 } else { 0 }) % 4;
                }
                _ => {}
            }
        }
        Some((size, Presentation { crop, orientation: orientation(mirrored, quarters) }))
    }

    /// The largest `ispe`: the photo's, since thumbnails and tiles are smaller.
    fn largest_size(&self) -> Option<(u32, u32)> {
        boxes(find(find(&self.bytes, b"iprp")?, b"ipco")?)
            .filter(|found| found.0 == b"ispe")
            .filter_map(|found| extent(found.1))
            .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
    }

    /// The items that `from` is made of, in order; `None` if there are more than `max`.
    pub(super) fn parts(&self, from: u32, max: usize) -> Option<Vec<u32>> {
        let iref = find(&self.bytes, b"iref")?;
        let size = if *iref.first()? == 0 { 2 } else { 4 };
        boxes(iref.get(4..)?).filter(|found| found.0 == b"dimg").find_map(|(_, body)| {
            let mut fields = Fields { rest: body };
            (fields.small(size)? == from).then(|| {
                let count = usize::try_from(fields.number(2)?).ok().filter(|count| *count <= max)?;
                (0..count).map(|_| fields.small(size)).collect()
            })
        })?
    }

    /// Where the bytes of an item are; `None` if it is made from other items' bytes.
    pub(super) fn location(&self, wanted: u32) -> Option<Location> {
        let mut fields = Fields { rest: find(&self.bytes, b"iloc")? };
        let version = fields.byte()?;
        fields.number(3)?;
        let sizes = fields.number(2)?;
        let nibble = |shift: u32| u8::try_from(sizes >> shift & 15).ok();
        let (offset_size, length_size, base_size) = (nibble(12)?, nibble(8)?, nibble(4)?);
        let index_size = if version == 0 { 0 } else { nibble(0)? };
        let id_size = if version < 2 { 2 } else { 4 };
        for _ in 0..fields.number(id_size)? {
            let id = fields.small(id_size)?;
            let method = if version == 0 { 0 } else { fields.number(2)? & 15 };
            fields.number(2)?;
            let base = fields.number(base_size)?;
            let count = fields.number(2)?;
            if count > 1 && index_size + offset_size + length_size == 0 {
                // Pieces of no size could be listed without end.
                return None;
            }
            let mut pieces = Vec::new();
            for _ in 0..count {
                fields.number(index_size)?;
                let (offset, length) = (fields.number(offset_size)?, fields.number(length_size)?);
                if id == wanted && pieces.len() < PIECES_MAX {
                    pieces.push((base.checked_add(offset)?, length));
                }
            }
            if id == wanted {
                let all = u64::try_from(pieces.len()) == Ok(count);
                return (method < 2 && all).then_some(Location { is_inside: method == 1, pieces });
            }
        }
        None
    }
}

/// The property list of an item in one `ipma`, and the size of each entry in bytes.
fn associations(ipma: &[u8], wanted: u32) -> Option<(&[u8], usize)> {
    let mut fields = Fields { rest: ipma };
    let id_size = if fields.byte()? == 0 { 2 } else { 4 };
    let size = if fields.number(3)? & 1 == 0 { 1 } else { 2 };
    for _ in 0..fields.number(4)? {
        let id = fields.small(id_size)?;
        let count = usize::from(fields.byte()?);
        let (list, rest) = fields.rest.split_at_checked(count * size)?;
        fields.rest = rest;
        if id == wanted {
            return Some((list, size));
        }
    }
    None
}

/// Width and height in an `ispe`.
fn extent(ispe: &[u8]) -> Option<(u32, u32)> {
    let side = |from: usize| u32::try_from(be(ispe.get(from..from + 4)?)?).ok();
    Some((side(4)?, side(8)?))
}

/// The rectangle that a `clap` cuts out of a picture of this size, if it lies inside. Source: ISO/IEC 14496-12 §12.1.4:
/// width and height, then the offset of its centre from the picture's, each a fraction.
fn aperture(clap: &[u8], size: (u32, u32)) -> Option<Crop> {
    let mut fields = Fields { rest: clap };
    let mut fraction = || {
        let over = f64::from(fields.small(4)?.cast_signed());
        let under = f64::from(fields.small(4)?.cast_signed());
        (under != 0.0).then_some(over / under)
    };
    let (width, height, right, down) = (fraction()?, fraction()?, fraction()?, fraction()?);
    let start = |whole: u32, part: f64, off: f64| {
        let from = (f64::from(whole) - part) / 2.0 + off;
        let inside = part >= 1.0 && from > -1.0 && (from.round().max(0.0) + part.round()) <= f64::from(whole);
        inside.then_some((from.round().max(0.0) as u32, part.round() as u32))
    };
    let ((left, width), (top, height)) = (start(size.0, width, right)?, start(size.1, height, down)?);
    Some(Crop { left, top, width, height })
}

/// The EXIF orientation of a picture that has to be mirrored left to right and then rotated clockwise. Source: EXIF
/// 2.32 §4.6.4, tag 0x0112.
const fn orientation(mirrored: bool, quarters: u8) -> u8 {
    match (mirrored, quarters % 4) {
        (false, 0) => 1,
        (false, 1) => 6,
        (false, 2) => 3,
        (false, _) => 8,
        (true, 0) => 2,
        (true, 1) => 7,
        (true, 2) => 4,
        (true, _) => 5,
    }
}

/// The EXIF item, from its TIFF header on.
fn read_exif(source: &mut Source<'_, impl Read + Seek>, meta: &Meta) -> Option<Vec<u8>> {
    let id = meta.items().find(|item| item.1 == b"Exif")?.0;
    let location = meta.location(id)?;
    let total = location.pieces.iter().try_fold(0_u64, |sum, piece| sum.checked_add(piece.1))?;
    if total > picture_limits::EXIF_BYTES_MAX {
        return None;
    }
    let mut item = Vec::new();
    for (offset, length) in location.pieces {
        if location.is_inside {
            let from = usize::try_from(offset).ok()?;
            item.extend_from_slice(meta.inside()?.get(from..from.checked_add(usize::try_from(length).ok()?)?)?);
        } else {
            source.jump(offset).ok()?;
            item.extend(source.bytes(length).ok()?);
        }
    }
    // Four bytes give the offset of the TIFF header after them; some writers leave the prefix of a JPEG before it.
    let start = usize::try_from(be(item.get(..4)?)?).ok()?.checked_add(4)?;
    Some(tiff::without_prefix(item.get(start..)?.to_vec()))
}
