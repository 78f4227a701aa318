//! Anfang 暗访: unannounced inspections whose reports travel from a phone to closed,
//! and can be proved. `docs/ARCHITECTURE.md` is the map of this tree.

pub mod admission;
pub mod app;
pub mod backup;
pub mod blobs;
pub mod cli;
pub mod domain;
pub mod http;
pub mod jobs;
pub mod media;
pub mod seed;
pub mod store;
mod telemetry;
