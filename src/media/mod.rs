//! Pictures: the only folder that knows how they are coded. Bytes in, facts or bytes out.
//!
//! [`inspect`] is what an upload waits for: the structure of the file is walked from
//! end to end, nothing is decoded (a JPEG without its end mark aside), and memory does not
//! follow what the file claims.
//! [`render`] decodes, later and on a bounded pool, into renditions made from pixels
//! alone, so that nothing of what a phone writes beside them can travel on.
//!
//! Never here: paths, the database, the clock, and a name or type the client gave.

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
