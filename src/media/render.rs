//! Renditions, made from the pixels of an original and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fast_image_resize::Resizer;

use super::decode::{Decoded, decode};
use super::fingerprint::fingerprint;
use super::kind::MediaKind;
use super::marks::burn;
use super::picture_limits;
use super::raster::{Layout, Raster};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::mark::Mark;

/// Two JPEG pictures, upright, without metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Renditions {
    /// Longest edge at most [`picture_limits::VIEW_EDGE_PX`], never enlarged.
    pub view: Vec<u8>,
    /// Longest edge at most [`picture_limits::THUMB_EDGE_PX`], never enlarged.
    pub thumb: Vec<u8>,
    /// For finding similar pictures; `None` when it is too flat to compare.
    pub fingerprint: Option<Fingerprint>,
    /// Which decoder read the original.
    pub decoder: Decoder,
}

/// A decoder of originals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoder {
    /// `jpeg-decoder`, which scales while it decodes.
    ScaledJpeg,
    /// `image`, for everything that the others do not read.
    Image,
    /// `heifer-hevc-dec`, for the coded pictures of a HEIC file.
    Hevc,
}

/// Why there are no renditions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The original may be intact, but it cannot be decoded here: lossless or arithmetic JPEG, JPEG with more than 8
    /// bits, or unusually composed HEIC.
    #[error("{NO_PREVIEW}")]
    NoPreview,
    /// It needs more memory or pixels than [`picture_limits`] allow.
    #[error("{TOO_LARGE}")]
    TooLarge,
    /// It is damaged; the decoder's reason.
    #[error("cannot be decoded: {0}")]
    Undecodable(String),
}

const NO_PREVIEW: &str = "no preview of this kind of picture";
const TOO_LARGE: &str = "too large to decode";

impl RenderError {
    /// The error for the text that was stored with an original.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        match text {
            NO_PREVIEW => RenderError::NoPreview,
            TOO_LARGE => RenderError::TooLarge,
            other => RenderError::Undecodable(other.to_owned()),
        }
    }
}

/// A picture of these pixels, three bytes each, row by row: for generated pictures.
///
/// # Errors
/// [`RenderError`] when the number of pixels does not match.
pub fn draw(width: u32, height: u32, pixels: Vec<u8>) -> Result<Vec<u8>, RenderError> {
    Raster { width, height, layout: Layout::Rgb, pixels }.to_jpeg(picture_limits::VIEW_QUALITY)
}

/// Width and height of the view of an original of this size. Others than the office learn only this size, since the
/// original's size distinguishes phones.
#[must_use]
pub fn view_size(width: u32, height: u32) -> (u32, u32) {
    Raster::fit(width, height, picture_limits::VIEW_EDGE_PX)
}

/// Makes the renditions of an original with an EXIF `orientation` of 1 to 8; for HEIC the container's own orientation
/// is used instead.
///
/// Colours are taken as sRGB: an embedded profile is neither applied nor kept, so a wide-gamut photo comes out slightly
/// pale. Takes about 60 ms of CPU for 12 megapixels and at most about [`picture_limits::DECODE_BYTES_MAX`] of memory:
/// call it on a limited pool, never on an async thread.
///
/// # Errors
/// A [`RenderError`]; trying again gives the same.
pub fn render(bytes: &[u8], kind: MediaKind, orientation: u8) -> Result<Renditions, RenderError> {
    render_marked(bytes, kind, orientation, &[])
}

/// As [`render`], with marks drawn into both pictures; the fingerprint is then that of the marked picture.
///
/// # Errors
/// As [`render`].
pub fn render_marked(
    bytes: &[u8],
    kind: MediaKind,
    orientation: u8,
    marks: &[Mark],
) -> Result<Renditions, RenderError> {
    // The decoders are safe Rust fed with untrusted files: the worst they can do is panic.
    catch_unwind(AssertUnwindSafe(|| render_unguarded(bytes, kind, orientation, marks)))
        .unwrap_or_else(|_| Err(RenderError::Undecodable("the decoder gave up".into())))
}

pub(super) fn render_unguarded(
    bytes: &[u8],
    kind: MediaKind,
    orientation: u8,
    marks: &[Mark],
) -> Result<Renditions, RenderError> {
    let Decoded { raster, decoder, full, orientation: said } = decode(bytes, kind, picture_limits::VIEW_EDGE_PX)?;
    let orientation = said.unwrap_or(orientation);
    let mut resizer = Resizer::new();
    let view_size = view_size(full.0, full.1);
    // Rotated after scaling: 12 megapixels would take 35 times as long.
    let view = raster.resized(view_size, &mut resizer)?.flattened().upright(orientation)?;
    let mut view = burn(view, marks)?;
    let thumb_size = Raster::fit(view.width, view.height, picture_limits::THUMB_EDGE_PX);
    let thumb = view.shrunk(thumb_size, &mut resizer)?;
    Ok(Renditions {
        view: view.to_jpeg(picture_limits::VIEW_QUALITY)?,
        thumb: thumb.to_jpeg(picture_limits::THUMB_QUALITY)?,
        fingerprint: fingerprint(&thumb),
        decoder,
    })
}
