//! The command line: the only place that knows all parts.

mod calendar;
mod checks;
mod config;
mod demo;
mod draw;
mod import;
mod keep;
mod memory;
mod month;
mod open;
mod serve;
mod user;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};

use crate::admission::TrustedProxies;
use crate::domain::coordinates::ListCrs;
use crate::domain::import::ImportKind;
use crate::domain::map::Crs;
use crate::telemetry::{self, LogFormat};

/// The one-line message of a command that failed.
type Failure = String;

#[derive(Debug, Parser)]
#[command(name = "anfang", version, about = "Anfang 暗访: unannounced inspections, from a phone's photo to closed")]
struct CommandLine {
    /// Settings file for the flags (TOML); a flag or its variable comes before it.
    #[arg(long, env = "ANFANG_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    storage: StorageArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves.
    Serve(ServeArgs),
    /// Serves a small county to try, and prints its accounts.
    Demo {
        #[command(flatten)]
        serve: ServeArgs,
        /// Password of all accounts; generated when absent.
        #[arg(long, env = "ANFANG_PASSWORD", hide_env_values = true)]
        password: Option<String>,
        /// Issues of the county; 500 by default, at most 1,000,000. A county with fewer gets the rest.
        #[arg(long, env = "ANFANG_ISSUES", value_parser = demo::issues)]
        issues: Option<usize>,
    },
    /// Imports a CSV sheet: all its rows or, with every fault named by line, none.
    Import {
        /// `units`, `points`, `items`, `users`, `duties` or `calendar`.
        #[arg(value_parser = import::kind)]
        kind: ImportKind,
        /// A CSV file in UTF-8, UTF-16 or GB18030.
        file: PathBuf,
        /// What the degrees of points are: `wgs84` (GPS), `cgcs2000` (Tianditu 天地图), `gcj02` (Amap 高德, Tencent
        /// 腾讯) or `bd09` (Baidu 百度).
        #[arg(long, default_value = "wgs84", value_parser = import::crs)]
        crs: ListCrs,
        /// Checks the sheet and writes nothing.
        #[arg(long)]
        check: bool,
    },
    /// Shows the working calendar, or sets its zone, hours and seasons.
    Calendar {
        #[command(subcommand)]
        command: calendar::CalendarCommand,
    },
    /// Checks the proof of a draw.
    Draw {
        #[command(subcommand)]
        command: draw::DrawCommand,
    },
    /// Checks a month's scores 月评.
    Month {
        #[command(subcommand)]
        command: month::MonthCommand,
    },
    /// Manages accounts.
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// Migrates the database's schema to the newest version.
    Migrate,
    /// Copies rows and photos to a new folder; the service may keep running.
    Backup {
        /// Folder that is new or empty.
        to: PathBuf,
    },
    /// Restores a backup into an empty database and an empty photo folder.
    Restore {
        /// Folder that a backup was made in.
        from: PathBuf,
    },
    /// Checks rows, photos and history for consistency, and prints what is wrong.
    Verify,
    /// Checks that reports would be stored safely here, and says so.
    Check,
}

#[derive(Debug, Clone, Args)]
struct ServeArgs {
    /// Where to listen; port 0 for a free one.
    #[arg(long, env = "ANFANG_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where to serve metrics to Prometheus, without login; nowhere when absent.
    #[arg(long, env = "ANFANG_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Workers for renditions; the other lanes of background jobs have one each. 0 runs none.
    #[arg(long, env = "ANFANG_JOBS", default_value_t = 1)]
    jobs: usize,
    /// Requests a second that one caller may make in each class, 1 or more.
    #[arg(long, env = "ANFANG_RATE", default_value_t = crate::http::RATE_PER_SECOND)]
    rate: NonZeroU32,
    /// Proxies that are trusted to name their callers: addresses and networks such as `127.0.0.1,10.0.0.0/8`.
    #[arg(long, env = "ANFANG_TRUSTED_PROXIES", default_value = "")]
    trusted_proxies: TrustedProxies,
    /// Sends cookies over TLS only; set it behind a TLS proxy.
    #[arg(long, env = "ANFANG_SECURE_COOKIES", value_parser = BoolishValueParser::new())]
    secure_cookies: bool,
    #[command(flatten)]
    map: MapArgs,
    /// What to log, such as `info` or `anfang=debug,warn`.
    #[arg(long, env = "ANFANG_LOG", default_value = "warn")]
    log: String,
    /// Format of log lines.
    #[arg(long, env = "ANFANG_LOG_FORMAT", value_enum, default_value = "text")]
    log_format: LogFormat,
}

/// Tiles under the map, from the county's own network.
#[derive(Debug, Clone, Args)]
struct MapArgs {
    /// Address of a web Mercator tile with `{z}`, `{x}` and `{y}` in it, or a path on this host; none when absent.
    #[arg(long, env = "ANFANG_MAP_TILES", hide_env_values = true)]
    map_tiles: Option<String>,
    /// Coordinate system of the tiles: `wgs84`, `cgcs2000` (Tianditu 天地图) or `gcj02` (Amap 高德, Tencent 腾讯).
    #[arg(long, env = "ANFANG_MAP_TILES_CRS", default_value = "wgs84", value_parser = serve::crs)]
    map_tiles_crs: Crs,
    /// Smallest and largest zoom.
    #[arg(long, env = "ANFANG_MAP_TILES_ZOOM", default_value = "3-18", value_parser = serve::zoom)]
    map_tiles_zoom: (u8, u8),
    /// Copyright notice with the map's approval number 审图号, shown below the map.
    #[arg(long, env = "ANFANG_MAP_TILES_CREDIT", default_value = "")]
    map_tiles_credit: String,
}

/// Where everything is stored. It means the same before and after every command.
#[derive(Debug, Clone, Args)]
struct StorageArgs {
    /// Folder of the embedded database and the photos.
    #[arg(long, global = true, env = "ANFANG_DATA", default_value = "data")]
    data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; a file in the data folder when absent.
    #[arg(long, global = true, env = "ANFANG_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Connections to the database: for reading (SQLite), or for reading and writing (PostgreSQL).
    #[arg(long, global = true, env = "ANFANG_DATABASE_CONNECTIONS", default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(1..=1_000))]
    database_connections: u32,
    /// Longest a statement may run on PostgreSQL, in seconds; 0 means for ever.
    #[arg(long, global = true, env = "ANFANG_DATABASE_STATEMENT_SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(..=86_400))]
    database_statement_seconds: u64,
    /// Longest a statement may wait for a lock on PostgreSQL, in seconds; 0 means for ever.
    #[arg(long, global = true, env = "ANFANG_DATABASE_LOCK_SECONDS", default_value_t = 10,
          value_parser = clap::value_parser!(u64).range(..=86_400))]
    database_lock_seconds: u64,
    /// Longest an open transaction on PostgreSQL may be idle, in seconds; 0 means for ever.
    #[arg(long, global = true, env = "ANFANG_DATABASE_IDLE_SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(..=86_400))]
    database_idle_seconds: u64,
    /// `file:PATH` or `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`; a folder in the data folder when absent.
    #[arg(long, global = true, env = "ANFANG_PHOTOS_URL")]
    photos_url: Option<String>,
    /// Accepts a file system that loses data at power-off: for tests only.
    #[arg(long, global = true, env = "ANFANG_ALLOW_VOLATILE_DATA", value_parser = BoolishValueParser::new(), hide = true)]
    allow_volatile_data: bool,
    /// Free space needed to start, in megabytes.
    #[arg(long, global = true, env = "ANFANG_FREE_MB_MIN", default_value_t = 1_000)]
    free_mb_min: u64,
}

/// Runs the command that was typed.
#[must_use]
pub fn run() -> ExitCode {
    let outcome = config::command_line().and_then(execute);
    // If standard error does not even accept what is waiting, one more line would block for ever.
    let heard = telemetry::finish();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // One line, even if a library's message has several.
            let line = failure.split_whitespace().collect::<Vec<_>>().join(" ");
            if heard {
                let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("anfang: {line}\n").as_bytes());
            }
            ExitCode::FAILURE
        }
    }
}

fn execute(line: CommandLine) -> Result<(), Failure> {
    let CommandLine { storage, command, .. } = line;
    if matches!(command, Command::Serve(_) | Command::Demo { .. }) {
        memory::with_one_arena();
    }
    match command {
        Command::Serve(args) => logging(&args).and_then(|()| serve::serve(&storage, &args)),
        Command::Demo { serve, password, issues } => {
            logging(&serve).and_then(|()| demo::demo(&storage, &serve, password, issues))
        }
        Command::Import { kind, file, crs, check } => import::run(&storage, kind, &file, crs, check),
        Command::Calendar { command } => calendar::run(&storage, command),
        Command::Draw { command } => draw::run(command),
        Command::Month { command } => month::run(&storage, command),
        Command::User { command } => user::run(&storage, command),
        Command::Migrate => open::migrate(&storage),
        Command::Backup { to } => keep::backup(&storage, &to),
        Command::Restore { from } => keep::restore(&storage, &from),
        Command::Verify => keep::verify(&storage),
        Command::Check => checks::run(&storage).map(|()| say("ok")),
    }
}

fn logging(args: &ServeArgs) -> Result<(), Failure> {
    telemetry::start(&args.log, args.log_format)
}

/// Prints a line at once; a closed pipe is ignored.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = std::io::Write::write_all(&mut out, format!("{line}\n").as_bytes());
    let _ = std::io::Write::flush(&mut out);
}
