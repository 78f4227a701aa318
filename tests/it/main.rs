//! The integration tests: one binary, every store case on SQLite and on PostgreSQL.
//!
//! `tests/run-with-postgres.sh cargo nextest run` shares one PostgreSQL between all test
//! processes; plain `cargo test` starts one by itself. `ANFANG_TEST_POSTGRES=skip` leaves
//! PostgreSQL out, except under `CI`.
#![allow(missing_docs, reason = "a test's name says what it holds")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

#[macro_use]
mod support;

mod accounts;
mod audit;
mod backup;
mod batch_reading;
mod batch_records;
mod batches;
mod bodies;
mod clock;
mod complaints;
mod concealed_times;
mod config;
mod damage;
mod demo;
mod denials;
mod doubts;
mod draw_replay;
mod durability;
mod evidence;
mod faults;
mod figures;
mod follow_up;
mod generated;
mod half_year;
mod imports;
mod initials;
mod inspectors;
mod interference;
mod interleavings;
mod issue_index;
mod keys;
mod leaks;
mod lifecycle;
mod lists;
mod live;
mod logs;
mod long_jobs;
mod main_job;
mod map;
mod marks;
mod matrix;
mod metrics;
mod migrations;
mod month_jobs;
mod month_rows;
mod month_sheets;
mod months;
mod names;
mod notices;
mod open_cases;
mod outage;
mod oversize;
mod packets;
mod people;
mod photos;
mod pictures;
mod places;
mod plans;
mod plans_ahead;
mod point_heads;
mod postgres_tls;
mod problems;
mod readonly;
mod recorded;
mod reference_forms;
mod refusals;
mod releases;
mod reminders;
mod repeats;
mod replay;
mod requests;
mod rules;
mod s3;
mod saved_views;
mod settings;
mod setup;
mod sheet_exports;
mod sheets;
mod shutdown;
mod similar;
mod slow_bodies;
mod source;
mod sql_text;
mod startup;
mod task_forces;
mod throttling;
mod tidy;
mod timeouts;
mod tus;
mod unlisted_places;
mod upkeep;
mod verify;
mod vice_head;
mod visits;
mod web;
mod writer;
mod zones;
