//! `anfang demo`: a small county to try at once.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use super::{Failure, ServeArgs, open, say, serve};
use crate::app::ambient::Random as _;
use crate::app::ambient::SystemRandom;
use crate::app::{App, hashing};
use crate::seed;
use crate::store::reference;

/// Characters of a drawn password that nobody mistakes for one another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

pub(super) fn demo(args: &ServeArgs, password: Option<String>) -> Result<(), Failure> {
    let app = open::app(&args.storage)?;
    let kept = args.storage.data.join("demo-password");
    let empty = open::block_on(async { Ok(app.store.read(|conn| Ok::<_, crate::app::AppError>(reference::units(conn)?)).await?) })?;
    let password = if empty.is_empty() {
        let password = password.unwrap_or_else(draw);
        fill(&app, &password)?;
        keep(&kept, &password)?;
        Some(password)
    } else {
        std::fs::read_to_string(&kept).ok().map(|text| text.trim().to_owned())
    };
    let accounts = seed::accounts().map_err(|error| error.to_string())?;
    serve::run(app, args, move |address| {
        say("Anfang 暗访 · 演示县 demo county");
        for (username, role, name) in accounts {
            say(&format!("  {username:<14}{:<22}{name}", role.zh()));
        }
        match password {
            Some(password) => say(&format!("密码 password: {password}")),
            None => say("密码 password: as set when the demo was first started"),
        }
        say(&format!("接口文档 API: http://{address}/docs/"));
        say(&format!("listening on http://{address}"));
    })
}

fn fill(app: &App, password: &str) -> Result<(), Failure> {
    let mut salt = [0; 16];
    app.random.fill(&mut salt);
    let hash = hashing::hash_blocking(password, salt).map_err(|error| error.to_string())?;
    let (random, now) = (app.random.clone(), app.now());
    open::seed(app, move |conn| seed::load_county(conn, &*random, now, &hash))?;
    Ok(())
}

fn draw() -> String {
    let word = |count: usize| -> String {
        (0..count)
            .filter_map(|_| {
                let at = SystemRandom.below(u32::try_from(ALPHABET.len()).unwrap_or(1));
                ALPHABET.get(usize::try_from(at).unwrap_or(0)).map(|byte| char::from(*byte))
            })
            .collect()
    };
    format!("{}-{}-{}", word(4), word(4), word(4))
}

/// Keeps the password where only its owner reads it, so that a later start can print it again.
fn keep(path: &std::path::Path, password: &str) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| writeln!(file, "{password}")).map_err(|error| format!("{}: {error}", path.display()))
}
