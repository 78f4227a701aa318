//! `anfang calendar`: the working calendar, for the operator of the machine. Holidays are imported with `anfang import
//! calendar`.

use clap::{Args, Subcommand};
use jiff::civil::Time;

use super::{Failure, StorageArgs, open, say};
use crate::app::AppError;
use crate::app::calendar::{self, Versions};
use crate::domain::calendar::{HoursChange, Season, Window, parse_clock, parse_month_day};

#[derive(Debug, Subcommand)]
pub(super) enum CalendarCommand {
    /// Prints zone, hours and seasons, and what is missing.
    Show,
    /// Sets them; what is not named stays. Deadlines that were issued stay.
    Set(HoursArgs),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(super) struct HoursArgs {
    /// IANA name of the zone, such as `Asia/Shanghai`.
    #[arg(long)]
    zone: Option<String>,
    /// Working hours of a working day, such as `08:30-12:00,14:30-18:00`.
    #[arg(long, value_parser = hours)]
    hours: Option<Hours>,
    /// Other hours for a part of every year, such as `10-01..04-30=08:30-12:00,14:00-17:30`; once for each. Replaces
    /// all of them.
    #[arg(long = "season", value_parser = season)]
    seasons: Vec<Season>,
    /// Removes all seasons.
    #[arg(long, conflicts_with = "seasons")]
    no_seasons: bool,
}

/// Working hours of a day. A type of its own, since clap would take a list for a repeated flag.
#[derive(Debug, Clone)]
struct Hours(Vec<Window>);

fn hours(text: &str) -> Result<Hours, String> {
    let window = |part: &str| {
        let (from, to) = part.trim().split_once('-')?;
        Some(Window { from: parse_clock(from)?, to: parse_clock(to)? })
    };
    let all: Option<Vec<Window>> = text.split(',').map(window).collect();
    all.map(Hours).ok_or_else(|| "hours such as 08:30-12:00,14:30-18:00".to_owned())
}

fn season(text: &str) -> Result<Season, String> {
    let parts = text.split_once('=').and_then(|(days, hours)| Some((days.split_once("..")?, hours)));
    let ((from, to), windows) = parts.ok_or("a season such as 10-01..04-30=08:30-12:00")?;
    let day = |text: &str| parse_month_day(text).ok_or("a month and day such as 07-01");
    Ok(Season { from: day(from)?, to: day(to)?, windows: hours(windows)?.0 })
}

pub(super) fn run(storage: &StorageArgs, command: CalendarCommand) -> Result<(), Failure> {
    let app = open::app(storage)?;
    open::seed_base(&app)?;
    let change = match command {
        CalendarCommand::Show => {
            show(&open::block_on(calendar::read_by_operator(&app))?);
            return Ok(());
        }
        CalendarCommand::Set(HoursArgs { zone, hours, seasons, no_seasons }) => HoursChange {
            zone,
            windows: hours.map(|hours| hours.0),
            seasons: (no_seasons || !seasons.is_empty()).then_some(seasons),
        },
    };
    let mut faults = Vec::new();
    let versions = open::block_on(async {
        match calendar::change_by_operator(&app, change).await {
            Err(AppError::Invalid(invalid)) => {
                faults = invalid.0;
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    })?;
    match versions {
        Some(versions) => {
            open::tell_database(storage)?;
            show(&versions);
        }
        None => {
            let said =
                faults.iter().map(|fault| format!("{}: {}", fault.pointer.trim_start_matches('/'), fault.detail));
            return Err(said.collect::<Vec<_>>().join("; "));
        }
    }
    Ok(())
}

fn show((calendar, _, unnamed): &Versions) {
    let rules = calendar.rules();
    let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let hours = |windows: &[Window]| {
        let each = windows.iter().map(|window| format!("{}-{}", clock(window.from), clock(window.to)));
        each.collect::<Vec<_>>().join(",")
    };
    say(&format!("version 版本 {}", calendar.version()));
    say(&format!("zone 时区 {}", rules.zone));
    say(&format!("hours 工作时间 {}", hours(&rules.windows)));
    for Season { from, to, windows } in &rules.seasons {
        say(&format!("season 季节 {:02}-{:02}..{:02}-{:02}={}", from.0, from.1, to.0, to.1, hours(windows)));
    }
    for year in unnamed {
        say(&format!("days off not named 未导入放假安排 {year}"));
    }
}
