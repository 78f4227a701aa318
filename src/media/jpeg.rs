//! The structure of a JPEG file. Source: ITU-T T.81 annex B.

use std::io::{Read, Seek};

use super::inspect::{Rejection, Walked, check_size};
use super::limits;
use super::source::Source;

/// How the samples of a frame are coded, as far as decoders differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// One pass, Huffman coded: what cameras write.
    Sequential,
    /// Several passes from coarse to fine, Huffman coded.
    Progressive,
    /// Lossless, arithmetic or hierarchical: nearly nobody decodes these.
    Rare,
}

/// The frame header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) coding: Coding,
    /// Bits a sample.
    pub(super) precision: u8,
    /// 1 grey, 3 colour, 4 CMYK.
    pub(super) components: u8,
    /// Samples kept of all components for each pixel, in sixteenths: 48 for full
    /// colour, 24 with quartered chroma.
    pub(super) density: u32,
}

/// What a walk over a JPEG finds.
pub(super) struct Jpeg {
    pub(super) frame: Frame,
    pub(super) exif: Option<Vec<u8>>,
}

impl Jpeg {
    pub(super) fn into_walked(self) -> Walked {
        Walked { size: Some((self.frame.width, self.frame.height)), exif: self.exif }
    }
}

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP1: u8 = 0xE1;
const EXIF_SIGNATURE: &[u8; 6] = b"Exif\0\0";

/// Walks to the end of the first picture. What follows it is not looked at: motion
/// photos append a film there and multi-picture files a preview.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Jpeg, Rejection> {
    source.skip(2)?;
    let (mut frame, mut exif, mut scans) = (None, None, 0);
    loop {
        let marker = next_marker(source)?;
        match marker {
            EOI => break,
            SOI => return Err(Rejection::Corrupt("one picture begins inside another")),
            // TEM stands alone; restarts were stepped over.
            0x01 => continue,
            _ => {}
        }
        let length = u16::from_be_bytes(source.array()?);
        let body = u64::from(length.checked_sub(2).ok_or(Rejection::Corrupt("a segment shorter than its length"))?);
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                if frame.is_some() {
                    return Err(Rejection::Corrupt("two frames in one picture"));
                }
                let header = source.bytes(body)?;
                frame = Some(read_frame(marker, &header)?);
            }
            SOS => {
                scans += 1;
                if scans > limits::JPEG_SCANS_MAX {
                    return Err(Rejection::Corrupt("too many scans"));
                }
                source.skip(body)?;
            }
            APP1 if exif.is_none() => {
                let segment = source.bytes(body)?;
                exif = segment.strip_prefix(EXIF_SIGNATURE).map(<[u8]>::to_vec);
            }
            _ => source.skip(body)?,
        }
    }
    match frame {
        Some(frame) if scans > 0 => Ok(Jpeg { frame, exif }),
        _ => Err(Rejection::Corrupt("no picture inside")),
    }
}

/// The next marker that is not a restart, over coded data and stray bytes alike.
fn next_marker(source: &mut Source<'_, impl Read + Seek>) -> Result<u8, Rejection> {
    loop {
        let block = source.block()?;
        let calm = calm_bytes(block);
        if calm > 0 {
            source.consume(calm);
            continue;
        }
        let Some(found) = memchr::memchr(0xFF, block) else {
            let all = block.len();
            source.consume(all);
            continue;
        };
        source.consume(found + 1);
        let mut code = source.byte()?;
        while code == 0xFF {
            code = source.byte()?;
        }
        // 0 is a coded 0xFF, 0xD0 to 0xD7 are restarts.
        if !matches!(code, 0x00 | 0xD0..=0xD7) {
            return Ok(code);
        }
    }
}

/// Bytes that [`calm_bytes`] looks at together. Source: our choice; small enough that the compiler keeps them in
/// registers: 3 MB take 0.1 ms (docs/BENCHMARKS.md).
const CALM: usize = 64;

/// How many bytes from the front hold no marker but restarts, in whole pieces. Coded data is nearly all of a
/// photo and full of coded 0xFF bytes, of which none needs to be looked at by itself.
fn calm_bytes(block: &[u8]) -> usize {
    let following = block.get(1..).unwrap_or_default();
    let pieces = block.chunks_exact(CALM).zip(following.chunks_exact(CALM));
    CALM * pieces.take_while(|(here, next)| !has_marker(here, next)).count()
}

/// Whether a byte of `here` is 0xFF and the one after it, in `next`, makes that a marker other than a restart.
fn has_marker(here: &[u8], next: &[u8]) -> bool {
    let marks =
        |(here, next): (&u8, &u8)| u8::from(*here == 0xFF) & u8::from(*next != 0) & u8::from(*next & 0xF8 != 0xD0);
    here.iter().zip(next).map(marks).fold(0, |seen, mark| seen | mark) != 0
}

fn read_frame(marker: u8, header: &[u8]) -> Result<Frame, Rejection> {
    let &[precision, h1, h0, w1, w0, components, ref specs @ ..] = header else {
        return Err(Rejection::Corrupt("frame header"));
    };
    let height = u32::from(u16::from_be_bytes([h1, h0]));
    let (width, height) = check_size(u32::from(u16::from_be_bytes([w1, w0])), height)?;
    if components == 0 || specs.len() != usize::from(components) * 3 {
        return Err(Rejection::Corrupt("frame header"));
    }
    let coding = match marker {
        0xC0 | 0xC1 => Coding::Sequential,
        0xC2 => Coding::Progressive,
        _ => Coding::Rare,
    };
    let sampling: Vec<(u32, u32)> =
        specs.iter().skip(1).step_by(3).map(|byte| (u32::from(byte >> 4), u32::from(byte & 15))).collect();
    let widest = sampling.iter().map(|s| s.0).max().unwrap_or(1).max(1);
    let tallest = sampling.iter().map(|s| s.1).max().unwrap_or(1).max(1);
    let density = sampling.iter().map(|(h, v)| (16 * h * v).div_ceil(widest * tallest)).sum();
    Ok(Frame { width, height, coding, precision, components, density })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marker at each offset is found as somebody finds it who looks at every byte, wherever the pieces end.
    #[test]
    fn the_first_marker_is_found_wherever_it_stands() {
        let calm = [0x00, 0x7F, 0xFF, 0x00, 0xFF, 0xD0, 0x12, 0xFF, 0xD7, 0xD9, 0x00];
        let long: Vec<u8> = calm.iter().copied().cycle().take(4 * CALM).collect();
        for at in 0..long.len() - 1 {
            let mut bytes = long.clone();
            // A coded 0xFF that is cut in two would make a marker of its own.
            let at = if bytes[at - usize::from(at > 0)] == 0xFF { at + 1 } else { at };
            bytes.splice(at..at, [0xFF, 0xFF, 0xD9]);
            let size = bytes.len() as u64;
            let mut reader = std::io::Cursor::new(bytes);
            let mut source = Source::new(&mut reader, size).unwrap();
            assert_eq!(next_marker(&mut source).unwrap(), EOI, "at {at}");
            assert_eq!(source.position(), at as u64 + 3, "at {at}");
        }
        let size = long.len() as u64;
        let mut reader = std::io::Cursor::new(long);
        let mut source = Source::new(&mut reader, size).unwrap();
        assert!(matches!(next_marker(&mut source), Err(Rejection::Truncated)));
    }
}
