//! stub
use super::time::*;
#[derive(Debug,Clone)] pub struct WorkCalendar{v:i64}
impl WorkCalendar{pub fn version(&self)->i64{self.v} pub fn civil_date(&self,_t:Timestamp)->Date{Date::default()} pub fn half_day(&self,_t:Timestamp)->HalfDay{HalfDay::Morning} pub fn year(&self,_t:Timestamp)->i16{2026}}
