//! HTTP: translates between requests and use cases, and does nothing else. The only folder that uses actix.

mod client_limits;
mod edge;
mod extract;
mod incoming;
mod methods;
mod metrics;
mod openapi;
pub mod problem;
mod rate_limits;
mod routes;
mod server;
mod tus;
mod unread;
pub mod view;
mod web;

pub use client_limits::FOR_CLIENTS;
pub use extract::BodyTimeouts;
pub use openapi::document;
pub use rate_limits::{CountedBy, LIMITS, Limit, RouteClass, Ticks};
pub use server::{RATE_PER_SECOND, Running, ServerOptions, serve};
