//! Photos: receiving, storing and serving them.

mod checksum;
mod pieces;
mod receive;
mod renderer;
pub mod serve;
pub mod upload;

pub use checksum::Checksum;
pub use receive::{Incoming, UnnamedPhotos, receive};
pub use renderer::{Renderer, RenditionSize, render};
