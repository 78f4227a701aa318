//! `anfang month`: checks a month that was frozen, from its snapshot and from the events.

use clap::Subcommand;

use super::{Failure, StorageArgs, keep, open, say};
use crate::app::months::{Checked, check};
use crate::domain::month::Month;
use crate::store::{dump, version, versions};

#[derive(Debug, Subcommand)]
pub(super) enum MonthCommand {
    /// Computes a month again, from its snapshot and from the events, and says whether it is what is stored.
    Verify {
        /// Such as `2026-09`.
        #[arg(value_parser = Month::parse)]
        month: Month,
    },
}

pub(super) fn run(storage: &StorageArgs, command: MonthCommand) -> Result<(), Failure> {
    let MonthCommand::Verify { month } = command;
    let mut conn = keep::existing(storage)?;
    if version(&mut conn).map_err(|error| open::database_failure(&error))? != versions().unwrap_or_default().pop() {
        return Err("the database has not the schema of this program: run `anfang migrate` first".into());
    }
    let checked = dump::in_snapshot(&mut conn, |conn| check(conn, month)).map_err(|error| error.to_string())?;
    let Some(Checked { month, state, snapshot, results, rows, faults }) = checked else {
        return Err(format!("month 月评 {month} was never frozen"));
    };
    say(&format!("month 月评 {month}, {state} {}", state.zh()));
    say(&format!("snapshot 快照 {snapshot}, {rows} rows"));
    say(&format!("results 结果 {results}"));
    faults.iter().for_each(|fault| say(&format!("DIFFERS 不一致: {fault}")));
    if faults.is_empty() {
        say("THE SAME 一致: as stored, as computed from the snapshot, as read from the events");
        Ok(())
    } else {
        Err(format!("DIFFERS 不一致: {} rows or figures", faults.len()))
    }
}
