//! Decodes pictures to pixels, within the limits.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use jpeg_decoder::PixelFormat;

use super::inspect::{Rejection, Walked};
use super::jpeg::{Coding, Frame, Jpeg};
use super::kind::MediaKind;
use super::raster::{Layout, Raster};
use super::render::{Decoder, RenderError};
use super::source::Source;
use super::{heic, heif, jpeg, picture_limits, png, webp};

/// Pixels, the decoder, and the size of the picture at full scale.
pub(super) struct Decoded {
    pub(super) raster: Raster,
    pub(super) decoder: Decoder,
    pub(super) full: (u32, u32),
    /// The orientation, if the container says it and not EXIF.
    pub(super) orientation: Option<u8>,
}

/// Decodes the first picture; its longest edge may come out smaller than stored, but not below `edge_px`. The header is
/// checked again first, so that nothing is allocated for a file that [`super::inspect()`] would refuse.
pub(super) fn decode(bytes: &[u8], kind: MediaKind, edge_px: u32) -> Result<Decoded, RenderError> {
    if MediaKind::sniff(bytes) != Some(kind) {
        return Err(RenderError::Undecodable("not the kind it is kept as".into()));
    }
    let mut reader = Cursor::new(bytes);
    let mut source = Source::new(&mut reader, bytes.len() as u64)?;
    match kind {
        MediaKind::Jpeg => {
            let jpeg = jpeg::walk(&mut source)?;
            decode_jpeg(&jpeg.completed(bytes), jpeg.frame, edge_px)
        }
        MediaKind::Png => decode_whole(bytes, ImageFormat::Png, &png::walk(&mut source)?),
        MediaKind::Webp => decode_whole(bytes, ImageFormat::WebP, &webp::walk(&mut source)?),
        MediaKind::Heic => heic::decode(bytes, &heif::walk(&mut source)?, edge_px),
    }
}

fn decode_jpeg(bytes: &[u8], frame: Frame, edge_px: u32) -> Result<Decoded, RenderError> {
    if frame.coding == Coding::Rare || frame.precision != 8 {
        return Err(RenderError::NoPreview);
    }
    let full = (frame.width, frame.height);
    let scaled = if frame.components == 4 { None } else { Some(decode_scaled(bytes, &frame, edge_px)) };
    match scaled {
        Some(Ok(raster)) => return Ok(Decoded { raster, decoder: Decoder::ScaledJpeg, full, orientation: None }),
        Some(Err(ScaledError::TooLarge)) => return Err(RenderError::TooLarge),
        Some(Err(ScaledError::Failed(_))) | None => {}
    }
    // The decoder behind `image` reads more damaged pictures, and keeps all coefficients beside the picture.
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    if pixels * 3 + coefficients_bytes(&frame) > picture_limits::DECODE_BYTES_MAX {
        return Err(RenderError::TooLarge);
    }
    let size = Some(full);
    decode_whole(bytes, ImageFormat::Jpeg, &Walked { size, ..Walked::default() }).map_err(|error| match scaled {
        Some(Err(ScaledError::Failed(cause))) => RenderError::Undecodable(format!("{cause}; {error}")),
        _ => error,
    })
}

/// Why the scaling decoder failed.
enum ScaledError {
    /// It would need too much memory.
    TooLarge,
    /// It cannot read this picture.
    Failed(jpeg_decoder::Error),
}

impl From<jpeg_decoder::Error> for ScaledError {
    fn from(error: jpeg_decoder::Error) -> Self {
        ScaledError::Failed(error)
    }
}

/// Decodes at an eighth, a quarter, half or full size, whichever is the smallest that reaches `edge_px`: the other
/// frequencies are never computed.
fn decode_scaled(bytes: &[u8], frame: &Frame, edge_px: u32) -> Result<Raster, ScaledError> {
    let (pixels, (width, height), format) = decode_scaled_pixels(bytes, frame, edge_px)?;
    let layout = match format {
        Some(PixelFormat::L8) => Layout::Grey,
        Some(PixelFormat::RGB24) => Layout::Rgb,
        other => return Err(jpeg_decoder::Error::Format(format!("pixels of {other:?}")).into()),
    };
    Ok(Raster { width, height, layout, pixels })
}

type ScaledPixels = (Vec<u8>, (u32, u32), Option<PixelFormat>);

fn decode_scaled_pixels(read: impl Read, frame: &Frame, edge_px: u32) -> Result<ScaledPixels, ScaledError> {
    let mut decoder = jpeg_decoder::Decoder::new(read);
    let edge = u16::try_from(edge_px).unwrap_or(u16::MAX);
    // The decoder is satisfied when either side is large enough, so only the longer one is requested.
    let wanted = if frame.width >= frame.height { (edge, u16::MAX) } else { (u16::MAX, edge) };
    let (width, height) = decoder.scale(wanted.0, wanted.1)?;
    let (width, height) = (u32::from(width), u32::from(height));
    let kept = u64::from(width) * u64::from(height);
    let progressive = if frame.coding == Coding::Progressive { coefficients_bytes(frame) } else { 0 };
    // The planes, and the picture made from them.
    let scaled = kept * u64::from(frame.density) / 16 + kept * u64::from(frame.components);
    if progressive + scaled > picture_limits::DECODE_BYTES_MAX {
        return Err(ScaledError::TooLarge);
    }
    let pixels = decoder.decode()?;
    let format = decoder.info().map(|info| info.pixel_format);
    Ok((pixels, (width, height), format))
}

/// Whether a JPEG without its end mark is complete: then it decodes the same whatever follows the end of the file. A
/// picture that no decoder here can read counts as truncated.
///
/// It is decoded twice, one file at a time in the process, so that many uploads at once use the memory of one.
pub(super) fn is_whole_jpeg(bytes: &[u8], jpeg: &Jpeg) -> bool {
    /// What is appended to the file: the end mark at once, and other bits before it, as many as a decoder reads ahead.
    const BEHIND: [&[u8]; 2] = [&[0xFF, 0xD9], &[0xA5, 0x5A, 0xA5, 0x5A, 0xA5, 0x5A, 0xA5, 0x5A, 0xFF, 0xD9]];
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let frame = &jpeg.frame;
    if frame.coding == Coding::Rare || frame.precision != 8 {
        return false;
    }
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // Half an end mark would be completed by what is appended.
    let bytes = bytes.strip_suffix(&[0xFF]).unwrap_or(bytes);
    let seen = |edge_px: u32| {
        BEHIND.map(|behind| {
            let (pixels, size, _) = decode_scaled_pixels(Cursor::new(bytes).chain(behind), frame, edge_px)?;
            Ok((crc32fast::hash(&pixels), size))
        })
    };
    catch_unwind(AssertUnwindSafe(|| {
        let whole = match seen(u32::MAX) {
            [Err(ScaledError::TooLarge), _] => seen(picture_limits::VIEW_EDGE_PX),
            whole => whole,
        };
        matches!(whole, [Ok(one), Ok(other)] if one == other)
    }))
    .unwrap_or(false)
}

/// Bytes of all coefficients of a frame, two each.
fn coefficients_bytes(frame: &Frame) -> u64 {
    u64::from(frame.width) * u64::from(frame.height) * u64::from(frame.density) / 8
}

/// Decodes with `image`, at full size.
fn decode_whole(bytes: &[u8], format: ImageFormat, walked: &Walked) -> Result<Decoded, RenderError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = image::Limits::default();
    allowed.max_image_width = Some(picture_limits::SIDE_MAX_PX);
    allowed.max_image_height = Some(picture_limits::SIDE_MAX_PX);
    allowed.max_alloc = Some(picture_limits::DECODE_BYTES_MAX);
    reader.limits(allowed);
    let decoder = reader.into_decoder()?;
    if whole_bytes(&decoder) > picture_limits::DECODE_BYTES_MAX {
        return Err(RenderError::TooLarge);
    }
    let raster = Raster::from(DynamicImage::from_decoder(decoder)?);
    let full = walked.size.unwrap_or((raster.width, raster.height));
    Ok(Decoded { raster, decoder: Decoder::Image, full, orientation: None })
}

/// Bytes of the decoded picture, and again of the [`Raster`] made from it, if that differs.
fn whole_bytes(decoder: &impl ImageDecoder) -> u64 {
    let color = decoder.color_type();
    let channels: u8 = match (color.has_alpha(), color.has_color()) {
        (true, _) => 4,
        (false, true) => 3,
        (false, false) => 1,
    };
    let (width, height) = decoder.dimensions();
    let converted = u64::from(width) * u64::from(height) * u64::from(channels);
    decoder.total_bytes().saturating_add(if color.bytes_per_pixel() == channels { 0 } else { converted })
}

impl From<Rejection> for RenderError {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::TooLarge { .. } => RenderError::TooLarge,
            other => RenderError::Undecodable(other.to_string()),
        }
    }
}

impl From<image::ImageError> for RenderError {
    fn from(error: image::ImageError) -> Self {
        match error {
            image::ImageError::Limits(_) => RenderError::TooLarge,
            image::ImageError::Unsupported(_) => RenderError::NoPreview,
            other => RenderError::Undecodable(other.to_string()),
        }
    }
}
