//! The rules, pure: no I/O, no clock, no randomness. Everything above stands on
//! this, and this stands on nothing of ours.

pub mod audit;
pub mod calendar;
pub mod campaign;
pub mod canonical;
pub mod complaint;
pub mod deadline;
pub mod digest;
pub mod duty;
pub mod evidence;
pub mod fingerprint;
pub mod geo;
pub mod ids;
pub mod import;
pub mod initials;
pub mod invalid;
pub mod issue;
pub mod job;
pub mod limits;
pub mod map;
pub mod mark;
pub mod password;
pub mod photo;
pub mod policy;
pub mod reference;
pub mod role;
pub(crate) mod schema;
pub mod search;
pub mod settings;
pub mod shown_time;
pub(crate) mod text;
pub mod throttle;
pub mod time;
pub mod user;
