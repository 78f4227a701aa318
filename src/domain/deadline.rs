//! stub
use super::{time::*,calendar::*};
use serde::{Deserialize,Serialize};
#[derive(Debug,Clone,Copy,PartialEq,Eq,Serialize,Deserialize)] pub enum TimeLimit{UrgentMinutes(u32),Minutes(u32),WorkMinutes(u32),WorkDays(u32),CalendarDays(u32)}
#[derive(Debug,Clone,Copy,PartialEq,Eq,Serialize,Deserialize)] pub enum DayEnd{Midnight,CloseOfBusiness}
impl TimeLimit{pub fn parse(_s:&str)->Result<Self,String>{Err("x".into())} pub fn due(self,_c:&WorkCalendar,_d:DayEnd,s:Timestamp)->Timestamp{s} pub fn halved(self,_c:&WorkCalendar)->Self{self}}
impl std::fmt::Display for TimeLimit{fn fmt(&self,f:&mut std::fmt::Formatter<'_>)->std::fmt::Result{write!(f,"x")}}
pub const REWORK_MINIMUM:TimeLimit=TimeLimit::WorkMinutes(240);
#[derive(Debug,Clone,Copy,PartialEq,Serialize,Deserialize)] pub struct Pause{pub from:Timestamp,pub to:Option<Timestamp>}
pub fn due_with_pauses(_l:TimeLimit,_c:&WorkCalendar,_d:DayEnd,s:Timestamp,_p:&[Pause])->Timestamp{s}
pub fn extension_latest_filing(_c:&WorkCalendar,s:Timestamp,_d:Timestamp)->Timestamp{s}
