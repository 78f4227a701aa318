//! Passwords: argon2id, off the async threads and bounded.
/// stub
#[derive(Clone)] pub struct Hasher;
impl Hasher { /// stub
 #[must_use] pub fn new(_:usize)->Self{Hasher} }
