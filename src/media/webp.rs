//! The structure of a WebP file. Source: RFC 9649.

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::source::Source;
use super::{picture_limits, tiff};

/// `RIFF`, a length, `WEBP`.
const HEADER_BYTES: u64 = 12;
/// In the flags of `VP8X`: the picture moves.
const ANIMATION_FLAG: u8 = 0b0000_0010;
/// Bytes of `ANMF` before the chunks of its frame: place, size, duration and flags.
const FRAME_HEADER_BYTES: u64 = 16;

/// Walks every chunk of the RIFF container. An animation of one frame counts as a still picture.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Walked, Rejection> {
    source.skip(4)?;
    // The length counts what follows it.
    let end = u64::from(u32::from_le_bytes(source.array()?)) + 8;
    if end > source.size() || source.size() < HEADER_BYTES {
        return Err(Rejection::Truncated);
    }
    source.skip(4)?;
    let mut found = Found::default();
    while source.position() < end {
        let (name, length) = read_chunk(source, end)?;
        let next = source.position() + length + length % 2;
        match &name {
            b"VP8X" => {
                let header = source.bytes(length)?;
                found.canvas = Some(read_canvas(&header)?);
                found.moves = header.first().is_some_and(|flags| flags & ANIMATION_FLAG != 0);
            }
            // A picture beside the frame, or a second frame.
            b"VP8 " | b"VP8L" if found.frames > 0 => return Err(Rejection::Animated),
            b"ANMF" if found.coded.is_some() => return Err(Rejection::Animated),
            b"VP8 " | b"VP8L" if found.coded.is_none() => found.coded = Some(read_coded(source, &name)?),
            b"ANMF" => {
                found.frames += 1;
                walk_frame(source, (source.position() + length).min(end), &mut found)?;
            }
            b"EXIF" if found.exif.is_none() && length <= picture_limits::EXIF_BYTES_MAX => {
                found.exif = Some(tiff::without_prefix(source.bytes(length)?));
            }
            _ => {}
        }
        source.jump(next.min(end))?;
    }
    let size = found.coded.ok_or(Rejection::Corrupt("no picture inside"))?;
    if found.moves != (found.frames > 0) {
        return Err(Rejection::Corrupt("an animation without frames"));
    }
    let size = match found.canvas {
        // A frame may cover only a part of its canvas.
        Some(canvas) if found.moves => canvas,
        Some(canvas) if canvas != size => {
            return Err(Rejection::Corrupt("the picture is not the size of its canvas"));
        }
        Some(_) | None => size,
    };
    Ok(Walked { size: Some(size), exif: found.exif, orientation: None })
}

/// What a walk has found so far.
#[derive(Default)]
struct Found {
    canvas: Option<(u32, u32)>,
    coded: Option<(u32, u32)>,
    frames: u32,
    /// Whether the header announces an animation.
    moves: bool,
    exif: Option<Vec<u8>>,
}

/// Name and length of the next chunk, which has to fit into its container; the last padding byte is sometimes missing.
fn read_chunk(source: &mut Source<'_, impl Read + Seek>, end: u64) -> Result<([u8; 4], u64), Rejection> {
    let name: [u8; 4] = source.array()?;
    let length = u64::from(u32::from_le_bytes(source.array()?));
    if source.position() + length > end {
        return Err(Rejection::Corrupt("a chunk longer than its container"));
    }
    Ok((name, length))
}

/// Finds the picture of an animation's only frame, up to `end`.
fn walk_frame(source: &mut Source<'_, impl Read + Seek>, end: u64, found: &mut Found) -> Result<(), Rejection> {
    source.skip(FRAME_HEADER_BYTES)?;
    while source.position() < end && found.coded.is_none() {
        let (name, length) = read_chunk(source, end)?;
        let next = source.position() + length + length % 2;
        if matches!(&name, b"VP8 " | b"VP8L") {
            found.coded = Some(read_coded(source, &name)?);
        }
        source.jump(next.min(end))?;
    }
    Ok(())
}

fn read_canvas(header: &[u8]) -> Result<(u32, u32), Rejection> {
    let &[_, _, _, _, w0, w1, w2, h0, h1, h2, ..] = header else {
        return Err(Rejection::Corrupt("header"));
    };
    let less_one = |low, mid, high| u32::from_le_bytes([low, mid, high, 0]);
    check_size(less_one(w0, w1, w2) + 1, less_one(h0, h1, h2) + 1)
}

fn read_coded(source: &mut Source<'_, impl Read + Seek>, name: &[u8; 4]) -> Result<(u32, u32), Rejection> {
    if name == b"VP8 " { read_lossy(source) } else { read_lossless(source) }
}

/// The key frame header. Source: RFC 6386 §9.1.
fn read_lossy(source: &mut Source<'_, impl Read + Seek>) -> Result<(u32, u32), Rejection> {
    let [tag, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1] = source.array()? else {
        return Err(Rejection::Corrupt("frame header"));
    };
    if tag & 1 != 0 {
        return Err(Rejection::Corrupt("not a key frame"));
    }
    // The upper two bits are a scaling hint.
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
