//! The structure of a JPEG file. Source: ITU-T T.81 annex B.

use std::borrow::Cow;
use std::io::{Read, Seek};

use super::inspect::{Rejection, check_size};
use super::source::Source;
use super::{picture_limits, tiff};

/// How the samples of a frame are coded, as far as decoders differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// One pass, Huffman coded: what cameras write.
    Sequential,
    /// Several passes from coarse to fine, Huffman coded.
    Progressive,
    /// Lossless, arithmetic or hierarchical: hardly any decoder reads these.
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
    /// Samples of all components for each pixel, in sixteenths: 48 for full colour, 24 with quartered chroma.
    pub(super) density: u32,
}

/// The result of walking a JPEG.
pub(super) struct Jpeg {
    pub(super) frame: Frame,
    pub(super) exif: Option<Vec<u8>>,
    /// Whether the end mark is there. Without it the walk ended at the end of the file, and every announced scan has
    /// begun; only decoding shows whether the last one is complete.
    pub(super) has_end: bool,
    /// Where the height is, if the frame header leaves it open.
    open_height: Option<OpenHeight>,
}

/// The height of a picture whose encoder only knew it at the end. Source: ITU-T T.81 §B.2.5.
#[derive(Debug, Clone, Copy)]
struct OpenHeight {
    /// Offset of the height in the frame header.
    frame_at: u64,
    /// Offset of the segment that defines it.
    lines_at: u64,
}

impl Jpeg {
    /// The same picture as decoders expect it: with its end mark, and with its height in the frame header.
    pub(super) fn completed<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.has_end && self.open_height.is_none() {
            return Cow::Borrowed(bytes);
        }
        let mut bytes = bytes.to_vec();
        if !self.has_end {
            bytes.extend([0xFF, EOI]);
        }
        let offset = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        if let Some(OpenHeight { frame_at, lines_at }) = self.open_height {
            let (height, lines) = (offset(frame_at), offset(lines_at));
            if let Some(open) = bytes.get_mut(height..height.saturating_add(2)) {
                open.copy_from_slice(&u16::try_from(self.frame.height).unwrap_or(0).to_be_bytes());
            }
            if lines.saturating_add(DNL_BYTES) <= bytes.len() {
                bytes.drain(lines..lines + DNL_BYTES);
            }
        }
        Cow::Owned(bytes)
    }
}

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP1: u8 = 0xE1;
const DNL: u8 = 0xDC;
/// Bytes of a DNL segment with its marker.
const DNL_BYTES: usize = 6;
/// Components a scan may have. Source: ITU-T T.81 §B.2.3.
const COMPONENTS_MAX: usize = 4;
/// Coefficients of a block.
const COEFFICIENTS: usize = 64;

/// Walks to the end of the first picture. What follows it is ignored: motion photos append a video there and
/// multi-picture files a preview.
pub(super) fn walk(source: &mut Source<'_, impl Read + Seek>) -> Result<Jpeg, Rejection> {
    source.skip(2)?;
    let (mut frame, mut frame_at, mut lines_at, mut exif, mut scans): (Option<Frame>, _, _, _, _) =
        (None, 0, None, None, 0);
    let mut progress = Progress::default();
    let has_end = loop {
        let marker = match next_marker(source) {
            Ok(EOI) => break true,
            // After a scan, at the end of the file: some cameras do not write the end mark.
            Err(Rejection::Truncated) if scans > 0 && source.left() == 0 && progress.has_begun_all() => break false,
            other => other?,
        };
        match marker {
            SOI => return Err(Rejection::Corrupt("one picture begins inside another")),
            // TEM has no length; restart markers were skipped.
            0x01 => continue,
            _ => {}
        }
        let marker_at = source.position().saturating_sub(2);
        let length = u16::from_be_bytes(source.array()?);
        let body = u64::from(length.checked_sub(2).ok_or(Rejection::Corrupt("a segment shorter than its length"))?);
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                if frame.is_some() {
                    return Err(Rejection::Corrupt("two frames in one picture"));
                }
                // The height comes after the precision.
                frame_at = source.position() + 1;
                let header = source.bytes(body)?;
                frame = Some(read_frame(marker, &header)?);
                progress.frame(&header);
            }
            SOS => {
                scans += 1;
                if scans > picture_limits::JPEG_SCANS_MAX {
                    return Err(Rejection::Corrupt("too many scans"));
                }
                progress.scan(&source.bytes(body)?);
            }
            DNL if scans == 1 && body == 2 && lines_at.is_none() => {
                let lines = u32::from(u16::from_be_bytes(source.array()?));
                if let Some(open) = frame.as_mut().filter(|frame| frame.height == 0) {
                    open.height = check_size(open.width, lines)?.1;
                    lines_at = Some(marker_at);
                }
            }
            APP1 if exif.is_none() => {
                let segment = source.bytes(body)?;
                exif = segment.starts_with(b"Exif\0").then(|| tiff::without_prefix(segment));
            }
            _ => source.skip(body)?,
        }
    };
    match frame {
        Some(frame) if frame.height == 0 => {
            check_size(frame.width, frame.height)?;
            Err(Rejection::Corrupt("a picture without height"))
        }
        Some(frame) if scans > 0 => {
            let open_height = lines_at.map(|lines_at| OpenHeight { frame_at, lines_at });
            Ok(Jpeg { frame, exif, has_end, open_height })
        }
        _ => Err(Rejection::Corrupt("no picture inside")),
    }
}

/// The precision to which the scans so far have refined each coefficient of each component.
#[derive(Default)]
struct Progress {
    /// A component's number, and for each coefficient the bits that are still missing; `None` before its first scan.
    components: Vec<(u8, [Option<u8>; COEFFICIENTS])>,
}

impl Progress {
    fn frame(&mut self, header: &[u8]) {
        let specs = header.get(6..).unwrap_or_default().chunks_exact(3).take(COMPONENTS_MAX);
        self.components = specs.filter_map(|spec| Some((*spec.first()?, [None; COEFFICIENTS]))).collect();
    }

    /// Source: ITU-T T.81 §B.2.3.
    fn scan(&mut self, header: &[u8]) {
        let Some((&count, rest)) = header.split_first() else { return };
        let Some((specs, &[first, last, bits])) = rest.split_at_checked(usize::from(count) * 2) else { return };
        let range = usize::from(first)..=usize::from(last).min(COEFFICIENTS - 1);
        for number in specs.iter().step_by(2) {
            let Some((_, sent)) = self.components.iter_mut().find(|component| component.0 == *number) else { continue };
            sent.get_mut(range.clone()).unwrap_or_default().fill(Some(bits & 15));
        }
    }

    /// Whether some scan was to send the last bit of every coefficient.
    fn has_begun_all(&self) -> bool {
        !self.components.is_empty() && self.components.iter().all(|(_, sent)| sent.iter().all(|left| *left == Some(0)))
    }
}

/// The next marker that is not a restart, skipping coded data and stray bytes.
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

/// Bytes that [`calm_bytes`] checks together. Source: our choice; small enough that the compiler keeps them in
/// registers: 3 MB take 0.1 ms (docs/BENCHMARKS.md).
const CALM: usize = 64;

/// How many bytes from the start contain no marker except restarts, in whole blocks. Coded data is nearly all of a
/// photo and full of coded 0xFF bytes, which need not be checked one by one.
fn calm_bytes(block: &[u8]) -> usize {
    let following = block.get(1..).unwrap_or_default();
    let pieces = block.chunks_exact(CALM).zip(following.chunks_exact(CALM));
    CALM * pieces.take_while(|(here, next)| !has_marker(here, next)).count()
}

/// Whether a byte of `here` is 0xFF and the one after it, in `next`, makes it a marker other than a restart.
fn has_marker(here: &[u8], next: &[u8]) -> bool {
    let marks =
        |(here, next): (&u8, &u8)| u8::from(*here == 0xFF) & u8::from(*next != 0) & u8::from(*next & 0xF8 != 0xD0);
    here.iter().zip(next).map(marks).fold(0, |seen, mark| seen | mark) != 0
}

fn read_frame(marker: u8, header: &[u8]) -> Result<Frame, Rejection> {
    let &[precision, h1, h0, w1, w0, components, ref specs @ ..] = header else {
        return Err(Rejection::Corrupt("frame header"));
    };
    let (width, height) = (u32::from(u16::from_be_bytes([w1, w0])), u32::from(u16::from_be_bytes([h1, h0])));
    // A height of 0 is open: the end of the first scan gives it.
    check_size(width, height.max(1))?;
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

    /// A marker is found at every offset, wherever the blocks end, as by a search byte by byte.
    #[test]
    fn the_first_marker_is_found_wherever_it_stands() {
        let calm = [0x00, 0x7F, 0xFF, 0x00, 0xFF, 0xD0, 0x12, 0xFF, 0xD7, 0xD9, 0x00];
        let long: Vec<u8> = calm.iter().copied().cycle().take(4 * CALM).collect();
        for at in 0..long.len() - 1 {
            let mut bytes = long.clone();
            // A coded 0xFF that is split would look like a marker.
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
