//! Support for tests: databases, pictures, and the running service.

#[macro_use]
pub mod backend;
pub mod canary;
pub mod cast;
pub mod contract;
pub mod crawl;
pub mod db_schema;
pub mod month;
pub mod pictures;
pub mod plans;
pub mod postgres;
pub mod program;
pub mod rows;
pub mod s3;
pub mod service;
pub mod story;
pub mod transcript;
pub mod walk;
