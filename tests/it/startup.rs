//! Starting the program: what it refuses, in one line, and what it prints when it serves.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use anfang::store::{DatabaseUrl, Purpose};
use diesel::connection::SimpleConnection as _;
use encoding_rs::GB18030;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::backend::{Backend, TestDb};
use crate::support::cast;
use crate::support::s3::{self, S3};

pub(crate) fn anfang(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ANFANG_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    // The folders of tests may well be in memory.
    command.env("ANFANG_ALLOW_VOLATILE_DATA", "1").env("ANFANG_FREE_MB_MIN", "0");
    command
}

pub(crate) fn folder() -> TempDir {
    tempfile::Builder::new().prefix("anfang-start-").tempdir().unwrap()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// It ends at once with exit code 1 and one line that says why.
#[track_caller]
pub(crate) fn refuses(mut command: Command, why: &str) {
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

/// With photos at this address of an object store, and keys for it.
fn on_s3(mut command: Command, address: &str) -> Command {
    command.args(["--photos-url", address]);
    command.env("AWS_ACCESS_KEY_ID", s3::KEY_ID).env("AWS_SECRET_ACCESS_KEY", s3::SECRET);
    command
}

#[test]
fn an_object_store_address_without_sense_is_refused() {
    for (address, why) in [
        ("s3://photos/county", "endpoint, or Amazon's region"),
        ("s3://photos/county?region=x&colour=red", "takes endpoint, region"),
        ("s3://k:hunter2@photos/county?region=x", "AWS_ACCESS_KEY_ID"),
    ] {
        serve_refuses(&["--photos-url", address], why);
    }
}

#[test]
fn an_object_store_without_keys_is_refused() {
    let folder = folder();
    let mut command = anfang(&["check", "--data", text(folder.path()), "--photos-url", "s3://photos/county?region=x"]);
    command.env_remove("AWS_SECRET_ACCESS_KEY").env("AWS_ACCESS_KEY_ID", "x");
    refuses(command, "AWS_SECRET_ACCESS_KEY");
}

#[test]
fn an_object_store_that_does_not_answer_is_refused() {
    let folder = folder();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("s3://photos/county?endpoint=http://{gone}&timeout=1");
    for command in ["check", "serve"] {
        refuses(on_s3(anfang(&[command, "--data", text(folder.path())]), &address), "photo store");
    }
}

#[test]
fn keys_that_the_object_store_does_not_know_are_refused_and_not_repeated() {
    let (folder, s3) = (folder(), S3::start());
    let mut command = on_s3(anfang(&["serve", "--data", text(folder.path()), "--log", "debug"]), &s3.url("county"));
    command.env("AWS_SECRET_ACCESS_KEY", "wrong-secret-hunter2");
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("photo store") && !stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn another_photo_address_is_refused() {
    serve_refuses(&["--photos-url", "ftp://x"], "file:PATH");
}

#[test]
fn a_log_filter_without_sense_is_refused() {
    serve_refuses(&["--log", "=,="], "--log");
}

/// The PostgreSQL server of the tests does not sync.
#[test]
fn a_postgres_that_does_not_sync_is_refused() {
    let Some(db) = TestDb::create_empty(Backend::Postgres) else { return };
    let DatabaseUrl::Postgres(url) = db.url() else { panic!("no address") };
    // A folder that lasts, or the folder would be what is refused.
    let lasting = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut command = anfang(&["serve", "--listen", "127.0.0.1:0", "--database-url", &url, "--data"]);
    command.arg(lasting.path()).env("ANFANG_ALLOW_VOLATILE_DATA", "0");
    refuses(command, "fsync = off");
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
pub(crate) struct Serving {
    pub(crate) child: Child,
    said: Vec<String>,
    pub(crate) address: String,
}

impl Serving {
    pub(crate) fn start(mut command: Command) -> Self {
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

    pub(crate) fn get(&self, path: &str) -> u16 {
        ureq::get(&format!("http://{}{path}", self.address)).call().unwrap().status().as_u16()
    }

    fn said(&self, start: &str) -> &str {
        self.said.iter().find_map(|line| line.strip_prefix(start)).unwrap_or_else(|| panic!("{start}: {:?}", self.said))
    }

    /// Asks it to end as a service manager does; its exit code.
    pub(crate) fn end(mut self, signal: Signal) -> Option<i32> {
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
fn the_first_start_prints_a_code_until_there_is_an_account() {
    let (browser, terminal) = (folder(), folder());
    let serve =
        |folder: &TempDir| Serving::start(anfang(&["serve", "--data", text(folder.path()), "--listen", "127.0.0.1:0"]));
    let invited = |serving: &Serving| serving.said.iter().any(|line| line.contains("setup code"));
    let code = |serving: &Serving| {
        let line = serving.said("no accounts yet 首次开通: open 请打开 ");
        assert!(line.starts_with(&format!("http://{}/#/setup?code=", serving.address)), "{line}");
        line.split("code=").nth(1).unwrap()[..9].to_owned()
    };
    let first = serve(&browser);
    let told = code(&first);
    assert_eq!(first.end(Signal::TERM), Some(0));
    let again = serve(&browser);
    assert_eq!(code(&again), told, "until it was used");
    let body = format!(
        r#"{{"code":"{told}","username":"chief","display_name":"管理员","password":"Qinghe-2026-aF7k","county_name":"清河县"}}"#
    );
    let url = format!("http://{}/api/v1/setup", again.address);
    let made = ureq::post(&url).content_type("application/json").send(body.as_bytes()).unwrap();
    assert_eq!(made.status().as_u16(), 201);
    assert_eq!(again.end(Signal::TERM), Some(0));
    let later = serve(&browser);
    assert!(!invited(&later), "{:?}", later.said);
    assert_eq!(later.end(Signal::TERM), Some(0));

    let added = anfang(&["user", "--data", text(terminal.path()), "add", "chief", "--role", "admin"]).output().unwrap();
    assert!(added.status.success());
    let serving = serve(&terminal);
    assert!(!invited(&serving), "{:?}", serving.said);
    assert_eq!(serving.end(Signal::TERM), Some(0));
    // In the browser campaigns are chosen; a county that is set up at the terminal gets all of them.
    for (folder, campaigns) in [(&browser, 0), (&terminal, 4)] {
        let mut conn = DatabaseUrl::Sqlite(folder.path().join("anfang.db")).connect(Purpose::Write).unwrap();
        assert_eq!(anfang::store::reference::campaigns(&mut conn).unwrap().len(), campaigns);
        assert_eq!(anfang::store::reference::point_types(&mut conn).unwrap().len(), 34);
    }
}

#[test]
fn the_demo_prints_its_accounts_and_keeps_its_password() {
    let folder = folder();
    let demo = || anfang(&["demo", "--data", text(folder.path()), "--listen", "127.0.0.1:0", "--issues", "0"]);
    let first = Serving::start(demo());
    for username in cast::everybody().map(|person| person.username) {
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

#[test]
fn figures_are_shown_on_an_address_of_their_own() {
    let folder = folder();
    let serve = || anfang(&["serve", "--data", text(folder.path()), "--listen", "127.0.0.1:0"]);
    let mut command = serve();
    command.args(["--metrics-listen", "127.0.0.1:0"]);
    let serving = Serving::start(command);
    let mut shown = ureq::get(serving.said("metrics on ")).call().unwrap();
    assert!(shown.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    assert!(shown.body_mut().read_to_string().unwrap().contains("anfang_build_info{version="));
    for path in ["metrics", "readyz"] {
        let address = serving.said("metrics on ").replace("metrics", path);
        let head = ureq::head(&address).call().unwrap();
        assert_eq!(head.status(), ureq::get(&address).call().unwrap().status(), "HEAD {path}");
    }
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let beside = agent.get(&format!("http://{}/metrics", serving.address)).call().unwrap();
    assert_eq!(beside.status().as_u16(), 404, "not where everybody is");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    assert_eq!(serving.end(Signal::TERM), Some(0));

    let mut command = serve();
    command.args(["--metrics-listen", &taken.local_addr().unwrap().to_string()]);
    refuses(command, "--metrics-listen");
    let without = Serving::start(serve());
    assert!(without.said.iter().all(|line| !line.contains("metrics")), "{:?}", without.said);
}

#[test]
fn a_running_service_is_backed_up_and_brought_back_elsewhere() {
    let folder = folder();
    let [data, elsewhere, backup] = ["data", "elsewhere", "backup"].map(|name| folder.path().join(name));
    let commands = |verb: &str, data: &Path| anfang(&[verb, "--data", text(data), text(&backup)]);
    refuses(commands("backup", &data), "no database");
    let demo = |data: &Path| {
        Serving::start(anfang(&["demo", "--data", text(data), "--listen", "127.0.0.1:0", "--issues", "0"]))
    };
    let first = demo(&data);
    let said = commands("backup", &data).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert!(String::from_utf8(said.stdout).unwrap().contains("units: "));
    refuses(commands("restore", &data), "another anfang");
    assert_eq!(first.end(Signal::TERM), Some(0));
    refuses(commands("backup", &data), "is not empty");
    refuses(commands("restore", &data), "database is not empty");

    let manifest = backup.join("manifest.json");
    let kept = std::fs::read(&manifest).unwrap();
    std::fs::remove_file(&manifest).unwrap();
    refuses(commands("restore", &elsewhere), "half-made");
    std::fs::write(&manifest, kept).unwrap();
    let said = commands("restore", &elsewhere).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let verify = || anfang(&["verify", "--data", text(&elsewhere)]);
    let said = verify().output().unwrap();
    assert!(said.status.success() && String::from_utf8(said.stdout).unwrap().ends_with(": 0 wrong, 0 notes\n"));
    let again = demo(&elsewhere);
    assert!(again.said.iter().any(|line| line.contains("when the demo was first started")), "the county is there");
    assert_eq!(again.end(Signal::TERM), Some(0));

    let mut conn = DatabaseUrl::Sqlite(elsewhere.join("anfang.db")).connect(Purpose::Write).unwrap();
    conn.batch_execute("INSERT INTO settings (key, value, updated_at) VALUES ('day_end', 'x', 0)").unwrap();
    drop(conn);
    refuses(verify(), "1 findings");
    refuses(anfang(&["verify", "--data", text(&folder.path().join("nowhere"))]), "no database");
}

/// A first start beside others on the same empty database and bucket.
#[test]
fn several_nodes_start_on_one_empty_server() {
    let Some(db) = TestDb::create_empty(Backend::Postgres) else { return };
    let s3 = S3::start();
    let folders: Vec<TempDir> = (0..3).map(|_| folder()).collect();
    let commands = folders.iter().map(|folder| on_s3(node(folder, &db), &s3.url("county")));
    std::thread::scope(|scope| {
        let starting: Vec<_> = commands.map(|command| scope.spawn(move || Serving::start(command))).collect();
        for started in starting {
            let node = started.join().unwrap();
            assert_eq!(node.get("/readyz"), 204);
            assert_eq!(node.end(Signal::TERM), Some(0));
        }
    });
    assert_eq!(s3.objects("county/store-id").len(), 1);
}

/// `serve` in this folder on a database of others.
fn node(folder: &TempDir, db: &TestDb) -> Command {
    let anfang::store::DatabaseUrl::Postgres(url) = db.url() else { panic!("not a PostgreSQL") };
    anfang(&["serve", "--data", text(folder.path()), "--database-url", &url, "--listen", "127.0.0.1:0"])
}

#[test]
fn a_node_with_photos_of_its_own_is_refused() {
    let Some(db) = TestDb::create_empty(Backend::Postgres) else { return };
    let (first, second, s3) = (folder(), folder(), S3::start());
    assert_eq!(Serving::start(node(&first, &db)).end(Signal::TERM), Some(0));
    refuses(node(&second, &db), "photos of this database are in another place");
    refuses(on_s3(node(&second, &db), &s3.url("county")), "photos of this database are in another place");
    assert!(s3.objects("county/store-id").is_empty());
    assert_eq!(Serving::start(node(&first, &db)).end(Signal::TERM), Some(0));
}

#[test]
fn photos_of_another_database_are_refused() {
    let (first, second, s3) = (folder(), folder(), S3::start());
    let serve = |folder: &TempDir, prefix: &str| {
        on_s3(anfang(&["serve", "--data", text(folder.path()), "--listen", "127.0.0.1:0"]), &s3.url(prefix))
    };
    assert_eq!(Serving::start(serve(&first, "one")).end(Signal::TERM), Some(0));
    refuses(serve(&second, "one"), "belong to another database");
    assert_eq!(Serving::start(serve(&second, "two")).end(Signal::TERM), Some(0));
    refuses(serve(&second, "one"), "photos of this database are in another place");
}

#[test]
fn a_second_server_of_one_file_with_photos_in_s3_is_refused() {
    let (folder, s3) = (folder(), S3::start());
    let serve =
        || on_s3(anfang(&["serve", "--data", text(folder.path()), "--listen", "127.0.0.1:0"]), &s3.url("county"));
    let first = Serving::start(serve());
    refuses(serve(), "another anfang");
    assert_eq!(first.end(Signal::TERM), Some(0));
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
    assert_eq!(stderr, "anfang: 3 fault(s); nothing was written 共3处错误，未写入任何数据\n");
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

#[test]
fn the_folder_means_the_same_before_and_after_every_command() {
    let folder = folder();
    let data = text(folder.path());
    let database = format!("database 数据库: sqlite:{data}/anfang.db");
    let units = folder.path().join("units.csv");
    std::fs::write(&units, UNITS).unwrap();
    let told = |words: &[&str]| {
        let output = anfang(words).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().any(|line| line == database)
    };
    for words in [
        &["--data", data, "user", "add", "one", "--role", "admin"][..],
        &["user", "--data", data, "add", "two", "--role", "admin"],
        &["user", "add", "three", "--role", "admin", "--data", data],
        &["user", "passwd", "three", "--data", data],
        &["user", "disable", "three", "--data", data],
        &["calendar", "set", "--hours", "08:00-12:00,14:00-18:00", "--data", data],
        &["--data", data, "import", "units", text(&units)],
        &["import", "units", text(&units), "--data", data],
        &["migrate", "--data", data],
    ] {
        assert!(told(words), "{words:?}");
    }
    assert!(!told(&["import", "units", text(&units), "--check", "--data", data]), "nothing was written");
    assert!(!told(&["calendar", "show", "--data", data]));
    assert!(!folder.path().join("data").exists(), "no other folder was made");
}
