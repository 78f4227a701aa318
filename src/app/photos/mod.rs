//! Photos: taken, kept, shown.

mod receive;
mod renderer;
pub mod serve;

pub use receive::{Incoming, receive};
pub use renderer::{Renderer, render};
