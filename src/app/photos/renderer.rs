//! Picture work, bounded.
/// stub
#[derive(Clone)] pub struct Renderer;
impl Renderer { /// stub
 #[must_use] pub fn new(_:usize)->Self{Renderer} }
