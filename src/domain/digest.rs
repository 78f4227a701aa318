//! stub
#[derive(Debug,Clone,Copy,PartialEq,Eq,Hash,PartialOrd,Ord)] pub struct Digest([u8;32]);
impl Digest{pub fn as_bytes(&self)->&[u8;32]{&self.0} pub fn from_slice(b:&[u8])->Option<Self>{b.try_into().ok().map(Self)}}
