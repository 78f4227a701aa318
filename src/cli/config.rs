//! The command line with a settings file behind it: flag, then variable, then file, then default.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;

use clap::{Command, CommandFactory as _, FromArgMatches as _};
use serde::Deserialize;

use super::{CommandLine, Failure};
use crate::admission::TrustedProxies;
use crate::telemetry::LogFormat;

/// The keys of the file: the names of the flags, with `_` for `-`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    listen: Option<SocketAddr>,
    metrics_listen: Option<SocketAddr>,
    data: Option<String>,
    database_url: Option<String>,
    database_connections: Option<u32>,
    database_statement_seconds: Option<u64>,
    database_lock_seconds: Option<u64>,
    database_idle_seconds: Option<u64>,
    photos_url: Option<String>,
    free_mb_min: Option<u64>,
    jobs: Option<usize>,
    rate: Option<NonZeroU32>,
    trusted_proxies: Option<TrustedProxies>,
    secure_cookies: Option<bool>,
    map_tiles: Option<String>,
    map_tiles_crs: Option<String>,
    map_tiles_zoom: Option<String>,
    map_tiles_credit: Option<String>,
    log: Option<String>,
    log_format: Option<LogFormat>,
}

impl ConfigFile {
    fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            format!("{}: line {line}: {}", path.display(), error.message())
        })
    }

    /// Its values, by the name of the flag.
    fn values(self) -> Vec<(&'static str, String)> {
        let log_format = self.log_format.map(|format| match format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        });
        let values = [
            ("listen", self.listen.map(|value| value.to_string())),
            ("metrics_listen", self.metrics_listen.map(|value| value.to_string())),
            ("data", self.data),
            ("database_url", self.database_url),
            ("database_connections", self.database_connections.map(|value| value.to_string())),
            ("database_statement_seconds", self.database_statement_seconds.map(|value| value.to_string())),
            ("database_lock_seconds", self.database_lock_seconds.map(|value| value.to_string())),
            ("database_idle_seconds", self.database_idle_seconds.map(|value| value.to_string())),
            ("photos_url", self.photos_url),
            ("free_mb_min", self.free_mb_min.map(|value| value.to_string())),
            ("jobs", self.jobs.map(|value| value.to_string())),
            ("rate", self.rate.map(|value| value.to_string())),
            ("trusted_proxies", self.trusted_proxies.map(|value| value.to_string())),
            ("secure_cookies", self.secure_cookies.map(|value| value.to_string())),
            ("map_tiles", self.map_tiles),
            ("map_tiles_crs", self.map_tiles_crs),
            ("map_tiles_zoom", self.map_tiles_zoom),
            ("map_tiles_credit", self.map_tiles_credit),
            ("log", self.log),
            ("log_format", log_format.map(str::to_owned)),
        ];
        values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// What was typed, over the values in the file that it names.
pub(super) fn command_line() -> Result<CommandLine, Failure> {
    let typed = parse(CommandLine::command());
    let Some(path) = &typed.config else { return Ok(typed) };
    let values = ConfigFile::read(path)?.values();
    let mut command = with_defaults(CommandLine::command(), &values);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |sub| with_defaults(sub, &values));
    }
    Ok(parse(command))
}

/// A command that does not have one of the flags ignores its value: one file serves all commands.
fn with_defaults(mut command: Command, values: &[(&'static str, String)]) -> Command {
    for (name, value) in values {
        if command.get_arguments().any(|argument| argument.get_id() == name) {
            command = command.mut_arg(*name, |argument| {
                // Never printed: it may hold a password.
                let hidden = argument.get_action().takes_values();
                argument.default_value(value.clone()).hide_default_value(hidden)
            });
        }
    }
    command
}

/// Ends the program when the command line is invalid, or asks for help.
fn parse(command: Command) -> CommandLine {
    let mut shown = command.clone();
    let matches = command.get_matches();
    CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut shown).exit())
}
