//! stub
use serde::{Deserialize,Serialize};
pub use jiff::civil::Date;
#[derive(Debug,Clone,Copy,PartialEq,Eq,PartialOrd,Ord,Hash)]
pub struct Timestamp(i64);
impl Timestamp { pub const fn from_micros(m:i64)->Self{Self(m)} pub const fn as_micros(self)->i64{self.0}
 pub fn parse(s:&str)->Result<Self,String>{ s.parse::<jiff::Timestamp>().map(|t|Self(t.as_microsecond())).map_err(|e|e.to_string()) }
 pub fn plus(self,d:std::time::Duration)->Self{Self(self.0+d.as_micros() as i64)} pub fn minus(self,d:std::time::Duration)->Self{Self(self.0-d.as_micros() as i64)}
 pub fn since(self,o:Self)->std::time::Duration{std::time::Duration::from_micros((self.0-o.0).max(0) as u64)}
 pub fn abs_diff(self,o:Self)->std::time::Duration{std::time::Duration::from_micros(self.0.abs_diff(o.0))}
 pub fn truncated_to_millis(self)->Self{Self(self.0/1000*1000)} }
impl std::fmt::Display for Timestamp{fn fmt(&self,f:&mut std::fmt::Formatter<'_>)->std::fmt::Result{write!(f,"{}",self.0)}}
impl Serialize for Timestamp{fn serialize<S:serde::Serializer>(&self,s:S)->Result<S::Ok,S::Error>{s.collect_str(self)}}
impl<'d> Deserialize<'d> for Timestamp{fn deserialize<D:serde::Deserializer<'d>>(d:D)->Result<Self,D::Error>{let s=String::deserialize(d)?;Self::parse(&s).map_err(serde::de::Error::custom)}}
#[derive(Debug,Clone,Copy,PartialEq,Eq)] pub enum HalfDay{Morning,Afternoon}
impl HalfDay{pub fn as_str(self)->&'static str{"x"}}
pub trait Clock: Send + Sync { fn now(&self)->Timestamp; }
