//! Photos: taken, kept, shown.

mod receive;
mod renderer;
pub mod serve;

pub(crate) use receive::lock_name;
pub use receive::{Incoming, receive};
pub use renderer::{Renderer, render};
