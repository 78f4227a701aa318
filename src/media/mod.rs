//! Pictures: the only folder that knows their formats. Bytes in, facts or bytes out.
//!
//! [`inspect`] runs during an upload: it walks the structure of the file from start to end without decoding (except a
//! JPEG without its end mark), and its memory does not depend on what the file claims. [`render`] decodes later, on a
//! limited pool, into renditions that are made from pixels only, so that none of a phone's metadata gets into them.
//!
//! Never here: paths, the database, the clock, and a name or type that the client gave.

mod decode;
mod exif;
mod fingerprint;
mod heic;
mod heif;
mod inspect;
mod jpeg;
mod kind;
mod marks;
pub mod picture_limits;
mod png;
mod raster;
mod render;
mod source;
mod tiff;
mod webp;

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;

pub use exif::{ExifFacts, Position};
pub use inspect::{Inspection, Rejection, inspect};
pub use kind::MediaKind;
pub use render::{Decoder, RenderError, Renditions, draw, render, render_marked, view_size};
