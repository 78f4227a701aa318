//! Tests on whole files: made here, damaged, disguised and rendered.
#![allow(clippy::unwrap_used)]

mod damaged;
mod facts;
mod heic;
mod pictures;
mod refused;
mod samples;

use std::io::Cursor;
use std::sync::OnceLock;

use image::ImageFormat;

use super::made::{encoded, heic, heic_of, jpeg_of, progressive_of, scene};
use super::{Inspection, MediaKind, Rejection, inspect};

fn inspect_bytes(bytes: &[u8]) -> Result<Inspection, Rejection> {
    inspect(&mut Cursor::new(bytes), bytes.len() as u64)
}

/// One small intact file of each kind; made once, since HEIC takes long to encode.
fn sound() -> Vec<(MediaKind, Vec<u8>)> {
    static MADE: OnceLock<Vec<(MediaKind, Vec<u8>)>> = OnceLock::new();
    MADE.get_or_init(make_sound).clone()
}

fn make_sound() -> Vec<(MediaKind, Vec<u8>)> {
    let picture = scene(160, 120, 1);
    vec![
        (MediaKind::Jpeg, jpeg_of(&picture, 85)),
        (MediaKind::Jpeg, progressive_of(&picture)),
        (MediaKind::Png, encoded(&picture, ImageFormat::Png)),
        (MediaKind::Webp, encoded(&picture, ImageFormat::WebP)),
        (MediaKind::Heic, heic_of(&picture)),
        // Only its boxes, without a picture.
        (MediaKind::Heic, heic(b"heic\0\0\0\0mif1heic", (160, 120), b"")),
    ]
}
