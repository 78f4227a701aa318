//! Inspects an upload by its structure, without decoding it.

use std::io::{Read, Seek};

use super::exif::ExifFacts;
use super::kind::{MediaKind, SNIFF_BYTES};
use super::source::Source;
use super::{decode, heif, jpeg, picture_limits, png, tiff, webp};

/// A picture that is complete as far as its structure shows.
///
/// The structure does not show flipped bits in coded pixels: the digest protects against those.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The kind of picture.
    pub kind: MediaKind,
    /// Width when upright; `None` for a HEIC file that does not say.
    pub width: Option<u32>,
    /// Height when upright.
    pub height: Option<u32>,
    /// The orientation, 1 to 8; 1 when there is no valid one. For HEIC the container decides, as in all viewers, and
    /// EXIF is ignored. Source: EXIF 2.32 §4.6.4, tag 0x0112; ISO/IEC 23008-12 §6.5.10.
    pub orientation: u8,
    /// Its metadata.
    pub exif: ExifFacts,
}

/// Why an upload is refused.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// There are no bytes.
    #[error("the file is empty")]
    Empty,
    /// It is not a supported kind of picture.
    #[error("the file is not a JPEG, PNG, WebP or HEIC picture")]
    Unsupported,
    /// The file ends before its structure does.
    #[error("the file is cut off")]
    Truncated,
    /// Its structure contradicts itself.
    #[error("the file is damaged: {0}")]
    Corrupt(&'static str),
    /// It claims too many pixels: see [`picture_limits::SIDE_MAX_PX`] and [`picture_limits::PIXELS_MAX`].
    #[error("{width} × {height} pixels are too many")]
    TooLarge {
        /// Width as stored.
        width: u32,
        /// Height as stored.
        height: u32,
    },
    /// It is an animation.
    #[error("moving pictures are not taken")]
    Animated,
    /// It could not be read; that is not the file's fault.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
}

/// The result of walking one kind of file.
#[derive(Default)]
pub(super) struct Walked {
    /// Width and height as stored.
    pub(super) size: Option<(u32, u32)>,
    /// The EXIF block, from its TIFF header on.
    pub(super) exif: Option<Vec<u8>>,
    /// The orientation by the container, 1 to 8; `None` where EXIF gives it.
    pub(super) orientation: Option<u8>,
}

/// Walks the structure of a file of `size_bytes`: reads it once from start to end, decodes nothing, and allocates at
/// most a small buffer and the EXIF block. One exception: a JPEG without its end mark is decoded, since nothing else
/// shows whether it is complete; one at a time in the process, within [`picture_limits`].
///
/// # Errors
/// A [`Rejection`]; only [`Rejection::Io`] is not the file's fault.
pub fn inspect(source: &mut (impl Read + Seek), size_bytes: u64) -> Result<Inspection, Rejection> {
    let mut source = Source::new(source, size_bytes)?;
    let kind = sniff(&mut source)?;
    let walked = match kind {
        MediaKind::Jpeg => walk_jpeg(&mut source)?,
        MediaKind::Png => png::walk(&mut source)?,
        MediaKind::Webp => webp::walk(&mut source)?,
        MediaKind::Heic => heif::walk(&mut source)?.walked,
    };
    let exif = walked.exif.map(|block| ExifFacts::read(&tiff::Block::new(&block))).unwrap_or_default();
    let orientation = walked.orientation.or(exif.orientation).unwrap_or(1);
    // Orientations from 5 on are rotated by a quarter turn.
    let upright = walked.size.map(|(width, height)| if orientation >= 5 { (height, width) } else { (width, height) });
    Ok(Inspection { kind, width: upright.map(|size| size.0), height: upright.map(|size| size.1), orientation, exif })
}

fn walk_jpeg(source: &mut Source<'_, impl Read + Seek>) -> Result<Walked, Rejection> {
    let jpeg = jpeg::walk(source)?;
    if !jpeg.has_end {
        source.jump(0)?;
        let bytes = source.bytes(source.size())?;
        if !decode::is_whole_jpeg(&bytes, &jpeg) {
            return Err(Rejection::Truncated);
        }
    }
    Ok(Walked { size: Some((jpeg.frame.width, jpeg.frame.height)), exif: jpeg.exif, orientation: None })
}

fn sniff(source: &mut Source<'_, impl Read + Seek>) -> Result<MediaKind, Rejection> {
    if source.size() == 0 {
        return Err(Rejection::Empty);
    }
    let head = source.bytes(source.size().min(SNIFF_BYTES as u64))?;
    let kind = MediaKind::sniff(&head).ok_or(Rejection::Unsupported)?;
    source.jump(0)?;
    Ok(kind)
}

/// Refuses sizes that no decoder should be given.
pub(super) fn check_size(width: u32, height: u32) -> Result<(u32, u32), Rejection> {
    if width == 0 || height == 0 {
        return Err(Rejection::Corrupt("a picture without pixels"));
    }
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > picture_limits::SIDE_MAX_PX || pixels > picture_limits::PIXELS_MAX {
        return Err(Rejection::TooLarge { width, height });
    }
    Ok((width, height))
}
