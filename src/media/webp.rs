//! The structure of a WebP file. Source: RFC 9649.

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::limits;
use super::source::Source;

/// `RIFF`, a length, `WEBP`.
const HEADER_BYTES: u64 = 12;
/// In the flags of `VP8X`: the picture moves.
const ANIMATION_FLAG: u8 = 0b0000_0010;

/// Walks every chunk of the RIFF container.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Walked, Rejection> {
    source.skip(4)?;
    // The length counts what follows it.
    let end = u64::from(u32::from_le_bytes(source.array()?)) + 8;
    if end > source.size() || source.size() < HEADER_BYTES {
        return Err(Rejection::Truncated);
    }
    source.skip(4)?;
    let (mut canvas, mut coded, mut exif) = (None, None, None);
    while source.position() < end {
        let name: [u8; 4] = source.array()?;
        let length = u64::from(u32::from_le_bytes(source.array()?));
        let next = source.position() + length + length % 2;
        // The last padding byte is sometimes left out.
        if source.position() + length > end {
            return Err(Rejection::Corrupt("a chunk longer than its container"));
        }
        match &name {
            b"VP8X" => {
                let body = source.bytes(length)?;
                let &[flags, _, _, _, w0, w1, w2, h0, h1, h2, ..] = body.as_slice() else {
                    return Err(Rejection::Corrupt("header"));
                };
                if flags & ANIMATION_FLAG != 0 {
                    return Err(Rejection::Animated);
                }
                let less_one = |low, mid, high| u32::from_le_bytes([low, mid, high, 0]);
                canvas = Some(check_size(less_one(w0, w1, w2) + 1, less_one(h0, h1, h2) + 1)?);
            }
            b"VP8 " if coded.is_none() => coded = Some(read_lossy(source)?),
            b"VP8L" if coded.is_none() => coded = Some(read_lossless(source)?),
            b"ANIM" | b"ANMF" => return Err(Rejection::Animated),
            b"EXIF" if exif.is_none() && length <= limits::EXIF_BYTES_MAX => {
                let body = source.bytes(length)?;
                // Some writers keep the prefix it has in a JPEG.
                exif = Some(body.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec).unwrap_or(body));
            }
            _ => {}
        }
        source.jump(next.min(end))?;
    }
    let size = coded.ok_or(Rejection::Corrupt("no picture inside"))?;
    if canvas.is_some_and(|canvas| canvas != size) {
        return Err(Rejection::Corrupt("the picture is not the size of its canvas"));
    }
    Ok(Walked { size: Some(size), exif })
}

/// The key frame header. Source: RFC 6386 §9.1.
fn read_lossy(source: &mut Source<'_, impl Read + Seek>) -> Result<(u32, u32), Rejection> {
    let [tag, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1] = source.array()? else {
        return Err(Rejection::Corrupt("frame header"));
    };
    if tag & 1 != 0 {
        return Err(Rejection::Corrupt("not a key frame"));
    }
    // The upper two bits are a hint to scale.
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    check_size(side(w0, w1), side(h0, h1))
}

/// The lossless header: 14 bits of width less one, 14 of height less one. Source: RFC 9649 §3.4.
fn read_lossless(source: &mut Source<'_, impl Read + Seek>) -> Result<(u32, u32), Rejection> {
    let [0x2F, bits @ ..] = source.array::<5>()? else {
        return Err(Rejection::Corrupt("frame header"));
    };
    let bits = u32::from_le_bytes(bits);
    check_size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
}
