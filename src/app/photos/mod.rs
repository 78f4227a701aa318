//! Photos: taken, kept, shown.

mod checksum;
mod pieces;
mod receive;
mod renderer;
pub mod serve;
pub mod upload;

pub use checksum::Checksum;
pub(crate) use receive::lock_name;
pub use receive::{Incoming, receive};
pub use renderer::{Renderer, render};
