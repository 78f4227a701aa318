//! Visits: what a record must say, and the scores that follow, against tables computed by hand.

#![allow(clippy::unwrap_used)]

mod records;
mod scores;

use super::*;
