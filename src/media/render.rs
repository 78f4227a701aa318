//! The pictures people look at, made from the pixels of an original and nothing else.

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
    /// What similar pictures are found by; `None` when it is too flat to compare.
    pub fingerprint: Option<Fingerprint>,
    /// Which decoder read the original.
    pub decoder: Decoder,
}

/// What can read an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoder {
    /// `jpeg-decoder`, which scales while it decodes.
    ScaledJpeg,
    /// `image`, for all that the others do not read.
    Image,
    /// `heifer-hevc-dec`, for the coded pictures in a HEIC file.
    Hevc,
}

/// Why there are no renditions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The original may be sound, but nothing here decodes its kind: JPEG that is
    /// lossless, arithmetic or of more than 8 bits, HEIC that is put together in unusual ways.
    #[error("{NO_PREVIEW}")]
    NoPreview,
    /// It takes more memory or pixels than [`picture_limits`] allow.
    #[error("{TOO_LARGE}")]
    TooLarge,
    /// It is damaged, for the reason the decoder gives.
    #[error("cannot be decoded: {0}")]
    Undecodable(String),
}

const NO_PREVIEW: &str = "no preview of this kind of picture";
const TOO_LARGE: &str = "too large to decode";

impl RenderError {
    /// The error whose text was kept with an original.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        match text {
            NO_PREVIEW => RenderError::NoPreview,
            TOO_LARGE => RenderError::TooLarge,
            other => RenderError::Undecodable(other.to_owned()),
        }
    }
}

/// A picture of these pixels, three bytes each, row by row: for pictures that are drawn, not taken.
///
/// # Errors
/// [`RenderError`] when the pixels do not fill the picture.
pub fn draw(width: u32, height: u32, pixels: Vec<u8>) -> Result<Vec<u8>, RenderError> {
    Raster { width, height, layout: Layout::Rgb, pixels }.to_jpeg(picture_limits::VIEW_QUALITY)
}

/// Pixels across and down of the view that an original of this size is shown as: all that others than the office
/// learn of its size, which tells one phone from another.
#[must_use]
pub fn view_size(width: u32, height: u32) -> (u32, u32) {
    Raster::fit(width, height, picture_limits::VIEW_EDGE_PX)
}

/// Makes the renditions of an original stored with an EXIF `orientation` of 1 to 8;
/// of HEIC its own word is taken instead.
///
/// Colours are taken to be sRGB: an embedded profile is neither applied nor kept,
/// so a wide-gamut photo comes out slightly pale. Takes 60 ms or so of CPU for 12
/// megapixels and at most [`picture_limits::DECODE_BYTES_MAX`] or so of memory: call it on
/// a bounded pool, never on an async thread.
///
/// # Errors
/// A [`RenderError`]; asking again gives the same.
pub fn render(bytes: &[u8], kind: MediaKind, orientation: u8) -> Result<Renditions, RenderError> {
    render_marked(bytes, kind, orientation, &[])
}

/// As [`render`], with marks burnt into both pictures; the fingerprint is that of the marked picture then.
///
/// # Errors
/// As [`render`].
pub fn render_marked(
    bytes: &[u8],
    kind: MediaKind,
    orientation: u8,
    marks: &[Mark],
) -> Result<Renditions, RenderError> {
    // The decoders are safe Rust fed by strangers: what they may do worst is panic.
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
    // Turned when small: 12 megapixels take 35 times as long.
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
