//! The structure of a PNG file. Source: PNG specification, third edition, §5.

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::limits;
use super::source::Source;

const SIGNATURE_BYTES: u64 = 8;

/// Walks every chunk to `IEND` and checks each against its CRC.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Walked, Rejection> {
    source.skip(SIGNATURE_BYTES)?;
    let mut walked = Walked::default();
    let mut has_data = false;
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
            b"IHDR" => true,
            b"eXIf" => walked.exif.is_none() && length <= limits::EXIF_BYTES_MAX,
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
            b"acTL" => return Err(Rejection::Animated),
            b"eXIf" if wanted => walked.exif = Some(body),
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
