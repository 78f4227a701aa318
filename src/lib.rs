//! Anfang 暗访 runs unannounced inspections, from a report on a phone to the closed issue. `docs/ARCHITECTURE.md`
//! describes this source tree.

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
