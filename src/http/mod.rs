//! HTTP: translation between requests and use cases, and nothing else. The only folder
//! that knows actix.

mod edge;
mod extract;
mod incoming;
mod limits;
mod methods;
mod metrics;
mod openapi;
pub mod problem;
mod routes;
mod server;
mod tus;
mod unread;
pub mod view;
mod web;

pub use extract::Patience;
pub use limits::{CountedBy, LIMITS, Limit, RouteClass, Ticks};
pub use openapi::document;
pub use server::{RATE_PER_SECOND, Running, ServerOptions, serve};
