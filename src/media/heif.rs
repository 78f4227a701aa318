//! The structure of a HEIC file: boxes inside boxes. Source: ISO/IEC 14496-12 §4.2,
//! §8.11 and ISO/IEC 23008-12 §6.5. The pictures inside are not decoded, for want
//! of a free decoder in Rust (decision D18).

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::limits;
use super::source::Source;

/// Brands of files with HEVC pictures. Source: ISO/IEC 23008-12 annex B; `mif1` and
/// `msf1` promise no codec, so [`FOREIGN_BRANDS`] are ruled out beside them.
const BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
/// Brands of files whose pictures are coded otherwise.
const FOREIGN_BRANDS: [&[u8; 4]; 2] = [b"avif", b"avis"];
/// Bytes of `ftyp` that are read. Source: our choice; phones write under 60.
const BRANDS_BYTES_MAX: u64 = 1024;
/// Bytes of `meta` that are read, 1 MiB. Source: our choice; phones write about 4 kB.
const META_BYTES_MAX: u64 = 1024 * 1024;

/// Walks the outermost boxes to the end of the file, and into `meta` for size and EXIF.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Walked, Rejection> {
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
    let meta = meta.ok_or(Rejection::Corrupt("no picture inside"))?;
    // Version and flags come before the boxes inside.
    let inside = meta.get(4..).unwrap_or_default();
    if !has_data && find(inside, b"idat").is_none() {
        return Err(Rejection::Truncated);
    }
    let size = largest_size(inside).map(|(width, height)| check_size(width, height)).transpose()?;
    Ok(Walked { size, exif: read_exif(source, inside) })
}

/// Name and length of what is inside the next box; a box has to fit the file.
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

/// The largest `ispe`: the photo's, since thumbnails and tiles are smaller.
fn largest_size(meta: &[u8]) -> Option<(u32, u32)> {
    boxes(find(find(meta, b"iprp")?, b"ipco")?)
        .filter(|found| found.0 == b"ispe")
        .filter_map(|(_, ispe)| {
            let side = |from: usize| u32::try_from(be(ispe.get(from..from + 4)?)?).ok();
            Some((side(4)?, side(8)?))
        })
        .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}

/// The EXIF item, from its TIFF header on.
fn read_exif(source: &mut Source<'_, impl Read + Seek>, meta: &[u8]) -> Option<Vec<u8>> {
    let (offset, length) = locate(find(meta, b"iloc")?, exif_item(find(meta, b"iinf")?)?)?;
    if length > limits::EXIF_BYTES_MAX {
        return None;
    }
    source.jump(offset).ok()?;
    let item = source.bytes(length).ok()?;
    // Four bytes say how far behind them the TIFF header is.
    let start = usize::try_from(be(item.get(..4)?)?).ok()?.checked_add(4)?;
    item.get(start..).map(<[u8]>::to_vec)
}

/// The number of the item of type `Exif`.
fn exif_item(iinf: &[u8]) -> Option<u64> {
    let entries = if *iinf.first()? == 0 { iinf.get(6..)? } else { iinf.get(8..)? };
    boxes(entries).filter(|found| found.0 == b"infe").find_map(|(_, infe)| {
        let (id, rest) = match *infe.first()? {
            2 => (infe.get(4..6)?, infe.get(6..)?),
            3 => (infe.get(4..8)?, infe.get(8..)?),
            _ => return None,
        };
        (rest.get(2..6)? == b"Exif").then(|| be(id))?
    })
}

/// Offset in the file and length of an item that is one piece.
fn locate(iloc: &[u8], wanted: u64) -> Option<(u64, u64)> {
    let mut rest = iloc;
    let mut number = |size: u8| {
        let (taken, left) = rest.split_at_checked(usize::from(size))?;
        rest = left;
        be(taken)
    };
    let version = number(1)?;
    number(3)?;
    let sizes = number(2)?;
    let nibble = |shift: u32| u8::try_from(sizes >> shift & 15).ok();
    let (offset_size, length_size, base_size) = (nibble(12)?, nibble(8)?, nibble(4)?);
    let index_size = if version == 0 { 0 } else { nibble(0)? };
    let id_size = if version < 2 { 2 } else { 4 };
    for _ in 0..number(id_size)? {
        let id = number(id_size)?;
        let in_file = version == 0 || number(2)? & 15 == 0;
        number(2)?;
        let base = number(base_size)?;
        let pieces = number(2)?;
        if pieces > 1 && index_size + offset_size + length_size == 0 {
            // Pieces that take no room could be listed without end.
            return None;
        }
        for piece in 0..pieces {
            number(index_size)?;
            let (offset, length) = (number(offset_size)?, number(length_size)?);
            if id == wanted && piece == 0 {
                return (in_file && pieces == 1).then_some((base.checked_add(offset)?, length));
            }
        }
    }
    None
}
