//! From coded bytes to pixels, within the limits.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use jpeg_decoder::PixelFormat;

use super::inspect::{Rejection, Walked};
use super::jpeg::{Coding, Frame};
use super::kind::MediaKind;
use super::raster::{Layout, Raster};
use super::render::{Decoder, RenderError};
use super::source::Source;
use super::{jpeg, limits, png, webp};

/// Pixels, what decoded them, and the size the picture has when nothing is scaled.
pub(super) struct Decoded {
    pub(super) raster: Raster,
    pub(super) decoder: Decoder,
    pub(super) full: (u32, u32),
}

/// Decodes the first picture; its longest edge may come out smaller than stored,
/// but not below `edge_px`. The header is walked again first, so that nothing is
/// allocated for a file that [`super::inspect()`] would refuse.
pub(super) fn decode(bytes: &[u8], kind: MediaKind, edge_px: u32) -> Result<Decoded, RenderError> {
    if MediaKind::sniff(bytes) != Some(kind) {
        return Err(RenderError::Undecodable("not the kind it is kept as".into()));
    }
    let mut reader = Cursor::new(bytes);
    let mut source = Source::new(&mut reader, bytes.len() as u64)?;
    match kind {
        MediaKind::Jpeg => decode_jpeg(bytes, jpeg::walk(&mut source)?.frame, edge_px),
        MediaKind::Png => decode_whole(bytes, ImageFormat::Png, &png::walk(&mut source)?),
        MediaKind::Webp => decode_whole(bytes, ImageFormat::WebP, &webp::walk(&mut source)?),
        MediaKind::Heic => Err(RenderError::NoPreview),
    }
}

fn decode_jpeg(bytes: &[u8], frame: Frame, edge_px: u32) -> Result<Decoded, RenderError> {
    if frame.coding == Coding::Rare || frame.precision != 8 {
        return Err(RenderError::NoPreview);
    }
    let full = (frame.width, frame.height);
    if frame.components != 4 {
        match decode_scaled(bytes, &frame, edge_px) {
            Ok(raster) => return Ok(Decoded { raster, decoder: Decoder::ScaledJpeg, full }),
            Err(jpeg_decoder::Error::Unsupported(_)) => {}
            Err(cause) => return Err(RenderError::Undecodable(cause.to_string())),
        }
    }
    // The decoder behind `image` keeps all coefficients beside the picture.
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    if pixels * 3 + coefficients_bytes(&frame) > limits::DECODE_BYTES_MAX {
        return Err(RenderError::TooLarge);
    }
    let size = Some(full);
    decode_whole(bytes, ImageFormat::Jpeg, &Walked { size, exif: None })
}

/// Decodes at an eighth, a quarter, half or full size, whichever is the smallest
/// that reaches `edge_px`: the missing frequencies are never computed.
fn decode_scaled(bytes: &[u8], frame: &Frame, edge_px: u32) -> Result<Raster, jpeg_decoder::Error> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let edge = u16::try_from(edge_px).unwrap_or(u16::MAX);
    // Either side may satisfy the request: ask only for the longer one.
    let wanted = if frame.width >= frame.height { (edge, u16::MAX) } else { (u16::MAX, edge) };
    let (width, height) = decoder.scale(wanted.0, wanted.1)?;
    let (width, height) = (u32::from(width), u32::from(height));
    let kept = u64::from(width) * u64::from(height);
    let progressive = if frame.coding == Coding::Progressive { coefficients_bytes(frame) } else { 0 };
    // The planes and the picture made of them.
    let scaled = kept * u64::from(frame.density) / 16 + kept * u64::from(frame.components);
    if progressive + scaled > limits::DECODE_BYTES_MAX {
        return Err(jpeg_decoder::Error::Format("too large to decode".into()));
    }
    let pixels = decoder.decode()?;
    let layout = match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8) => Layout::Grey,
        Some(PixelFormat::RGB24) => Layout::Rgb,
        other => return Err(jpeg_decoder::Error::Format(format!("pixels of {other:?}"))),
    };
    Ok(Raster { width, height, layout, pixels })
}

/// Bytes of all coefficients of a frame, two each.
fn coefficients_bytes(frame: &Frame) -> u64 {
    u64::from(frame.width) * u64::from(frame.height) * u64::from(frame.density) / 8
}

/// Decodes with `image`, at full size.
fn decode_whole(bytes: &[u8], format: ImageFormat, walked: &Walked) -> Result<Decoded, RenderError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = image::Limits::default();
    allowed.max_image_width = Some(limits::SIDE_MAX_PX);
    allowed.max_image_height = Some(limits::SIDE_MAX_PX);
    allowed.max_alloc = Some(limits::DECODE_BYTES_MAX);
    reader.limits(allowed);
    let raster = Raster::from(reader.decode()?);
    let full = walked.size.unwrap_or((raster.width, raster.height));
    Ok(Decoded { raster, decoder: Decoder::Image, full })
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
