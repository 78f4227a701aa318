//! The program as it is started: what it refuses, in one line, and what it prints when it serves.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use encoding_rs::GB18030;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::backend::{Backend, TestDb};

fn anfang(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ANFANG_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    // The folders of tests may well be in memory.
    command.env("ANFANG_ALLOW_VOLATILE_DATA", "1").env("ANFANG_FREE_MB_MIN", "0");
    command
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("anfang-start-").tempdir().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// It ends at once with exit code 1 and one line that says why.
#[track_caller]
fn refuses(mut command: Command, why: &str) {
    let Output { status, stderr, stdout } = command.output().unwrap();
    let (stderr, stdout) = (String::from_utf8(stderr).unwrap(), String::from_utf8(stdout).unwrap());
    assert_eq!(status.code(), Some(1), "{stderr}{stdout}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("anfang: ") && stderr.contains(why), "{stderr}");
    assert!(!stdout.contains("listening"), "{stdout}");
}

/// `serve` in a fresh folder with these arguments is refused.
#[track_caller]
fn serve_refuses(arguments: &[&str], why: &str) {
    let folder = folder();
    let mut command = anfang(&["serve", "--listen", "127.0.0.1:0", "--data", text(folder.path())]);
    command.args(arguments);
    refuses(command, why);
}

#[test]
fn an_address_of_another_database_is_refused() {
    serve_refuses(&["--database-url", "mysql://root:secret@db/x"], "sqlite:PATH or postgres://");
}

#[test]
fn an_address_that_may_hold_a_password_is_not_repeated() {
    let mut command = anfang(&["check", "--database-url", "mysql://root:secret@db/x"]);
    let output = command.output().unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains("secret"));
}

#[test]
fn an_object_store_is_refused_for_now() {
    serve_refuses(&["--photos-url", "s3://bucket/prefix"], "come later");
}

#[test]
fn another_photo_address_is_refused() {
    serve_refuses(&["--photos-url", "ftp://x"], "file:PATH");
}

#[test]
fn a_log_filter_without_sense_is_refused() {
    serve_refuses(&["--log", "=,="], "--log");
}

#[test]
fn a_full_disk_is_refused() {
    serve_refuses(&["--free-mb-min", "1000000000000"], "MB free");
}

#[test]
fn a_server_that_is_not_there_is_refused() {
    serve_refuses(&["--database-url", "postgres://nobody@127.0.0.1:1/none"], "127.0.0.1");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = folder();
    std::fs::write(folder.path().join("anfang.db"), "not a database, but long enough to be taken for one".repeat(100))
        .unwrap();
    refuses(anfang(&["serve", "--data", text(folder.path())]), "not a database");
}

#[test]
fn a_file_where_the_folder_should_be_is_refused() {
    let folder = folder();
    let path = folder.path().join("data");
    std::fs::write(&path, "").unwrap();
    refuses(anfang(&["serve", "--data", text(&path)]), "cannot make");
}

#[test]
fn memory_that_forgets_at_power_off_is_refused() {
    let Ok(folder) = tempfile::Builder::new().prefix("anfang-start-").tempdir_in("/dev/shm") else { return };
    let mut command = anfang(&["check", "--data", text(folder.path())]);
    command.env("ANFANG_ALLOW_VOLATILE_DATA", "0");
    refuses(command, "tmpfs");
    assert!(anfang(&["check", "--data", text(folder.path())]).status().unwrap().success());
}

/// Root may write everywhere, so it steps down for this.
#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let folder = folder();
    assert!(anfang(&["check", "--data", text(folder.path())]).status().unwrap().success());
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let photos = folder.path().join("photos");
    mode(folder.path(), 0o755);
    mode(&photos, 0o755);
    mode(&photos.join("incoming"), 0o555);
    let mut command = anfang(&["check", "--data", text(folder.path())]);
    let mut why = "ermission denied";
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
        why = "readonly";
    }
    match command.output() {
        // A program that others cannot reach proves nothing here.
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied),
        Ok(_) => refuses(command, why),
    }
}

#[test]
fn a_disk_that_does_not_sync_is_refused() {
    if !Path::new("/usr/bin/strace").exists() {
        return assert!(std::env::var_os("CI").is_none(), "strace is missing");
    }
    let folder = folder();
    let plain = anfang(&["check", "--data", text(folder.path())]);
    let mut command = Command::new("/usr/bin/strace");
    command.args([
        "-qq",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=fdatasync,fsync",
        "-e",
        "inject=fdatasync,fsync:error=EIO",
    ]);
    command.arg(plain.get_program()).args(plain.get_args()).env("ANFANG_ALLOW_VOLATILE_DATA", "1");
    refuses(command, "anfang: ");
}

#[test]
fn an_address_in_use_is_refused() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = folder();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = anfang(&["serve", "--data", text(folder.path()), "--listen", &address]);
    command.stdout(Stdio::null());
    refuses(command, &address);
}

/// The program while it serves; killed when dropped.
struct Serving {
    child: Child,
    said: Vec<String>,
    address: String,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let line = line.unwrap();
            let last = line.starts_with("listening on ");
            said.push(line);
            if last {
                break;
            }
        }
        let last = said.last().cloned().unwrap_or_default();
        let Some(address) = last.strip_prefix("listening on http://").map(str::to_owned) else {
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("it does not serve: {said:?} {why}");
        };
        Serving { child, said, address }
    }

    fn get(&self, path: &str) -> u16 {
        ureq::get(&format!("http://{}{path}", self.address)).call().unwrap().status().as_u16()
    }

    fn said(&self, start: &str) -> &str {
        self.said.iter().find_map(|line| line.strip_prefix(start)).unwrap_or_else(|| panic!("{start}: {:?}", self.said))
    }

    /// Asks it to end as a service manager does; its exit code.
    fn end(mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_second_server_of_the_same_photos_is_refused() {
    let folder = folder();
    let first = Serving::start(anfang(&["serve", "--data", text(folder.path()), "--listen", "127.0.0.1:0"]));
    refuses(anfang(&["serve", "--data", text(folder.path()), "--listen", "127.0.0.1:0"]), "another anfang");
    // Who keeps accounts need not stop the service.
    let added = anfang(&["user", "--data", text(folder.path()), "add", "chief", "--role", "admin"]).output().unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    assert!(String::from_utf8(added.stdout).unwrap().contains("password: "));
    assert_eq!(first.end(Signal::TERM), Some(0));
}

#[test]
fn the_demo_prints_its_accounts_and_keeps_its_password() {
    let folder = folder();
    let demo = || anfang(&["demo", "--data", text(folder.path()), "--listen", "127.0.0.1:0", "--issues", "0"]);
    let first = Serving::start(demo());
    for username in ["inspector01", "unit06", "office02", "leader01", "discipline01", "admin"] {
        assert!(first.said.iter().any(|line| line.trim_start().starts_with(username)), "{username}: {:?}", first.said);
    }
    let password = first.said("密码 password (all accounts 所有账号): ").to_owned();
    assert_eq!(password.len(), 14);
    assert_eq!(first.get("/readyz"), 204);
    let kept = std::fs::metadata(folder.path().join("demo-password")).unwrap();
    assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    assert_eq!(first.end(Signal::TERM), Some(0));

    let mut again = demo();
    again.args(["--password", "Another-one-1"]);
    let again = Serving::start(again);
    assert_eq!(again.said("密码 password (all accounts 所有账号): "), password);
    assert!(again.said.iter().any(|line| line.contains("left aside")), "{:?}", again.said);
    assert_eq!(again.end(Signal::INT), Some(0));
}

/// A first start beside others on the same empty database.
#[test]
fn several_nodes_start_on_one_empty_server() {
    let Some(db) = TestDb::create_empty(Backend::Postgres) else { return };
    let anfang::store::DatabaseUrl::Postgres(url) = db.url() else { panic!("not a PostgreSQL") };
    let folders: Vec<TempDir> = (0..3).map(|_| folder()).collect();
    let commands = folders.iter().map(|folder| {
        anfang(&["serve", "--data", text(folder.path()), "--database-url", &url, "--listen", "127.0.0.1:0"])
    });
    std::thread::scope(|scope| {
        let starting: Vec<_> = commands.map(|command| scope.spawn(move || Serving::start(command))).collect();
        for started in starting {
            let node = started.join().unwrap();
            assert_eq!(node.get("/readyz"), 204);
            assert_eq!(node.end(Signal::TERM), Some(0));
        }
    });
}

const UNITS: &str = "code,name_zh,kind,area_code\nU01,县城市管理局,bureau,990001\n";

/// A sheet in the encoding that Excel in China writes, loaded from the command line.
fn import(data: &Path, kind: &str, text_of_sheet: &str, check: bool) -> Output {
    let file = data.join(format!("{kind}.csv"));
    std::fs::write(&file, GB18030.encode(text_of_sheet).0).unwrap();
    let mut command = anfang(&["import", "--data", text(data), kind, text(&file)]);
    command.args(check.then_some("--check")).output().unwrap()
}

#[track_caller]
fn imports(output: Output, said: &str) {
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    assert!(stdout.ends_with(said), "{stdout}");
}

#[test]
fn a_sheet_is_loaded_whole_or_its_faults_are_named_by_line() {
    let folder = folder();
    let data = folder.path();
    imports(
        import(data, "units", UNITS, false),
        "units: 1 new 新增, 0 changed 更新, 0 unchanged 未变; written 已写入\n",
    );
    let good = "点位编码,点位名称,点位类型,纬度,经度,创建项目,示范点位,主责单位\n\
                990001-MKT-0101,城北农贸市场,MKT,31.2301,107.4801,WM,是,U01\n\
                990001-ROAD-0101,滨河路,ROAD,31.2302,107.4802,WM,否,县城市管理局\n";
    let broken = good.replace("ROAD,31.2302", "XXX,北纬").replace("县城市管理局\n", "U09\n");
    let output = import(data, "points", &broken, false);
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert_eq!(stderr, "anfang: 3 faults; nothing was written 共3处错误，未写入任何数据\n");
    let file = data.join("points.csv").display().to_string();
    let mut columns = Vec::new();
    for line in stdout.lines() {
        let (column, detail) = line.strip_prefix(&format!("{file}:3: ")).unwrap().split_once(": ").unwrap();
        assert!(!detail.is_empty(), "{line}");
        columns.push(column.to_owned());
    }
    columns.sort();
    assert_eq!(columns, ["lat", "lead_unit_code", "type"], "{stdout}");

    let all_new = "points: 2 new 新增, 0 changed 更新, 0 unchanged 未变; ";
    let only_checked = format!("{all_new}checked, nothing was written 仅校验，未写入\n");
    imports(import(data, "points", good, true), &only_checked);
    // Neither the sheet with faults nor the check has left a row behind.
    imports(import(data, "points", good, false), &format!("{all_new}written 已写入\n"));
    imports(
        import(data, "points", good, false),
        "points: 0 new 新增, 0 changed 更新, 2 unchanged 未变; written 已写入\n",
    );
}

#[test]
fn a_sheet_that_is_not_there_is_refused() {
    let folder = folder();
    refuses(anfang(&["import", "--data", text(folder.path()), "points", "/nowhere/points.csv"]), "/nowhere/points.csv");
}
