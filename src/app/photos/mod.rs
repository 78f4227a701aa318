//! Photos: taken, kept, shown.
mod renderer;
pub use renderer::Renderer;
