//! `anfang demo`: a small county to try.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Failure, ServeArgs, StorageArgs, open, say, serve};
use crate::app::ambient::Random;
use crate::app::{App, hashing};
use crate::seed::demo::{self, BATCHES_FROM, ISSUES_MAX};
use crate::store::{issues as store_issues, reference, users};

/// How often the progress of a long filling is printed.
const PROGRESS_EVERY: Duration = Duration::from_secs(2);

/// Characters of a generated password, without those that look alike.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Pixels of the longer edge of a generated picture. Source: our choice; enough for a phone's whole screen.
const PICTURE_PX: u32 = 1_024;

pub(super) fn issues(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count <= ISSUES_MAX).ok_or_else(|| format!("a number up to {ISSUES_MAX}"))
}

pub(super) fn demo(
    storage: &StorageArgs,
    args: &ServeArgs,
    given: Option<String>,
    issues: Option<usize>,
) -> Result<(), Failure> {
    let (app, _hold) = open::serving(storage)?;
    open::tell_database(storage)?;
    let password = password(&app, &storage.data, given)?;
    tell_issues(&app, &storage.data.join("demo-issues"), issues)?;
    let accounts = open::read(&app, |conn| users::list(conn, None))?;
    let accounts: Vec<_> = accounts
        .into_iter()
        .filter(|user| user.is_active())
        .map(|user| (user.username, user.role, user.display_name))
        .collect();
    serve::run(app, args, move |address| {
        say(&format!("Anfang 暗访 · 演示县 demo county · http://{address}"));
        say("账号 accounts:");
        for (username, role, name) in accounts {
            say(&format!("  {username:<14}{:<24}{} {name}", role.en(), role.zh()));
        }
        match password {
            Some(password) => say(&format!("密码 password (all accounts 所有账号): {password}")),
            None => say("密码 password: 首次启动时打印的那个 the one printed when the demo was first started"),
        }
        say(&format!("接口文档 API: http://{address}/docs/"));
        say(&format!("listening on http://{address}"));
    })
}

/// Adds the missing issues, now or when an earlier start was interrupted.
fn tell_issues(app: &App, note: &Path, asked: Option<usize>) -> Result<(), Failure> {
    let kept = fs::read_to_string(note).ok().and_then(|text| text.trim().parse().ok());
    let wanted: usize = asked.or(kept).unwrap_or(demo::ISSUES_DEFAULT);
    let there = usize::try_from(open::read(app, store_issues::total)?).unwrap_or(usize::MAX);
    if there >= wanted {
        return Ok(());
    }
    fs::write(note, format!("{wanted}\n")).map_err(|error| format!("{}: {error}", note.display()))?;
    let missing = wanted - there;
    say(&format!("画图并编写 {missing} 条问题 drawing pictures and telling {missing} issues…"));
    let (start, mut said) = (Instant::now(), Instant::now());
    let mut progress = move |count: usize| {
        if said.elapsed() >= PROGRESS_EVERY {
            said = Instant::now();
            say(&format!("  {count} / {missing}, {} s", start.elapsed().as_secs()));
        }
    };
    open::block_on(demo::fill(app, missing, PICTURE_PX, &mut progress))?;
    if wanted >= BATCHES_FROM {
        open::block_on(demo::fill_batches(app, PICTURE_PX))?;
    }
    say(&format!("  {missing} / {missing}, {:.1} s", start.elapsed().as_secs_f64()));
    Ok(())
}

/// The password of the county's accounts, generated unless it exists; `None` when nobody stored it.
fn password(app: &App, data: &Path, given: Option<String>) -> Result<Option<String>, Failure> {
    fs::create_dir_all(data).map_err(|error| format!("cannot make {}: {error}", data.display()))?;
    let path = data.join("demo-password");
    let kept = fs::read_to_string(&path).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if open::read(app, reference::units)?.is_empty() {
        let password = given.or(kept).unwrap_or_else(|| draw(&*app.random));
        // Stored first, so that there is never a county whose password nobody knows.
        keep(&path, &password).map_err(|error| format!("{}: {error}", path.display()))?;
        fill(app, &password)?;
        return Ok(Some(password));
    }
    if given.is_some() && given != kept {
        say("--password is left aside: the demo county is there already 演示县已建好，本次 --password 不生效");
    }
    Ok(kept)
}

fn fill(app: &App, password: &str) -> Result<(), Failure> {
    let mut salt = [0; 16];
    app.random.fill(&mut salt);
    let hash = hashing::hash_blocking(password, salt).map_err(|error| error.to_string())?;
    let (random, now) = (app.random.clone(), app.now());
    open::seed(app, move |conn| demo::load_places(conn, &*random, now, &hash)).map(drop)
}

fn draw(random: &dyn Random) -> String {
    let letters = u32::try_from(ALPHABET.len()).unwrap_or(1);
    let letter = || usize::try_from(random.below(letters)).ok().and_then(|at| ALPHABET.get(at)).copied();
    let word = || (0..4).filter_map(|_| letter()).map(char::from).collect::<String>();
    [word(), word(), word()].join("-")
}

/// Stores the password where only its owner can read it, so that a later start can print it again.
fn keep(path: &Path, password: &str) -> std::io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{password}")?;
    file.sync_all()
}
