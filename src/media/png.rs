//! The structure of a PNG file. Source: PNG specification, third edition, §5.

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::source::Source;
use super::{picture_limits, tiff};

const SIGNATURE_BYTES: u64 = 8;
/// Bytes of `IHDR` or `acTL` that are read; they have 13 and 8.
const HEADER_BYTES_MAX: u64 = 13;

/// Walks every chunk to `IEND` and checks its CRC. An animation of one frame counts as a still picture.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Walked, Rejection> {
    source.skip(SIGNATURE_BYTES)?;
    let mut walked = Walked::default();
    let (mut has_data, mut frames) = (false, 0);
    loop {
        let length = u64::from(u32::from_be_bytes(source.array()?));
        let name: [u8; 4] = source.array()?;
        if !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(Rejection::Corrupt("chunk name"));
        }
        if length > source.left() {
            return Err(Rejection::Truncated);
        }
        let wanted = match &name {
            b"IHDR" | b"acTL" => length <= HEADER_BYTES_MAX,
            b"eXIf" => walked.exif.is_none() && length <= picture_limits::EXIF_BYTES_MAX,
            _ => false,
        };
        let mut body = Vec::new();
        let mut crc = crc32fast::Hasher::new();
        crc.update(&name);
        source.each(length, |block| {
            crc.update(block);
            if wanted {
                body.extend_from_slice(block);
            }
        })?;
        if u32::from_be_bytes(source.array()?) != crc.finalize() {
            return Err(Rejection::Corrupt("a chunk fails its check"));
        }
        match &name {
            b"IHDR" if walked.size.is_none() => walked.size = Some(read_header(&body)?),
            _ if walked.size.is_none() => return Err(Rejection::Corrupt("chunk before the header")),
            b"IHDR" => return Err(Rejection::Corrupt("two headers")),
            b"acTL" if announced_frames(&body)? > 1 => return Err(Rejection::Animated),
            b"fcTL" if frames > 0 => return Err(Rejection::Animated),
            b"fcTL" => frames += 1,
            // A frame other than the picture itself.
            b"fdAT" => return Err(Rejection::Animated),
            b"eXIf" if wanted => walked.exif = Some(tiff::without_prefix(body)),
            b"IDAT" => has_data = true,
            b"IEND" => break,
            _ => {}
        }
    }
    if has_data { Ok(walked) } else { Err(Rejection::Corrupt("no picture inside")) }
}

fn read_header(body: &[u8]) -> Result<(u32, u32), Rejection> {
    let &[w3, w2, w1, w0, h3, h2, h1, h0, _, _, _, _, _] = body else {
        return Err(Rejection::Corrupt("header"));
    };
    check_size(u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]))
}

/// Frames that `acTL` announces.
fn announced_frames(body: &[u8]) -> Result<u32, Rejection> {
    let &[f3, f2, f1, f0, _, _, _, _] = body else {
        return Err(Rejection::Corrupt("animation header"));
    };
    Ok(u32::from_be_bytes([f3, f2, f1, f0]))
}
