//! A PostgreSQL to test on: the one named by `ANFANG_TEST_POSTGRES_URL`, or a private one that this process starts when
//! the first test needs it.
//!
//! Each test gets its own database, copied from a template that is migrated once.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anfang::store::{DatabaseUrl, Purpose, migrate};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use sha2::{Digest, Sha256};

/// Names the server that tests share.
const URL_VARIABLE: &str = "ANFANG_TEST_POSTGRES_URL";
/// `skip` or `require`.
const MODE_VARIABLE: &str = "ANFANG_TEST_POSTGRES";
/// Advisory lock for making the template: "template" in ASCII.
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// The server's address, or `None` when the tester asked to leave PostgreSQL out.
///
/// Panics when there is none: a suite that silently lost half of its cases would still be green.
pub fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Result<Server, String>>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let mode = std::env::var(MODE_VARIABLE).unwrap_or_default();
        if is_skipped(&mode, std::env::var_os("CI").is_some()) {
            // Not `eprintln!`, which the test harness would swallow.
            let _ = writeln!(std::io::stderr(), "PostgreSQL cases skipped: {MODE_VARIABLE}=skip");
            return None;
        }
        Some(match std::env::var(URL_VARIABLE) {
            Ok(url) => Ok(Server { url, _private: None }),
            Err(_) => start(),
        })
    });
    match server.as_ref()? {
        Ok(server) => Some(&server.url),
        Err(error) => panic!("no PostgreSQL to test on: {error}\n{MODE_VARIABLE}=skip leaves its cases out"),
    }
}

/// Whether PostgreSQL is left out. A build server never leaves it out.
fn is_skipped(mode: &str, ci: bool) -> bool {
    match mode {
        "skip" => !ci,
        "" | "require" => false,
        other => panic!("{MODE_VARIABLE} is `skip` or `require`, not `{other}`"),
    }
}

#[test]
fn only_a_build_server_insists() {
    assert!(is_skipped("skip", false));
    assert!(!is_skipped("skip", true));
    assert!(!is_skipped("", false));
    assert!(!is_skipped("require", false));
}

struct Server {
    url: String,
    /// Holds the pipe that stops the server when it closes, however this process ends.
    _private: Option<Child>,
}

/// Starts a server through the script that also wraps whole test runs. The wrapped command prints the address and reads
/// its input until it ends, which is when this process is gone.
fn start() -> Result<Server, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run-with-postgres.sh");
    let mut child = Command::new(&script)
        .args(["sh", "-c", "echo \"$ANFANG_TEST_POSTGRES_URL\"; exec cat >/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // A process group of its own, so that Ctrl-C reaches the tests and leaves the script to clean up.
        .process_group(0)
        .spawn()
        .map_err(|error| format!("{}: {error}", script.display()))?;
    let mut url = String::new();
    let output = child.stdout.take().ok_or("no output to read")?;
    BufReader::new(output).read_line(&mut url).map_err(|error| error.to_string())?;
    if url.is_empty() {
        let status = child.wait().map_err(|error| error.to_string())?;
        return Err(format!("{} ended with {status}; what it said is above", script.display()));
    }
    Ok(Server { url: url.trim_end().to_owned(), _private: Some(child) })
}

/// The server of one test, which can be stopped and started again; removed when dropped. `None` when PostgreSQL is left
/// out.
pub fn private() -> Option<Private> {
    server()?;
    let server = start().unwrap_or_else(|error| panic!("no PostgreSQL of one's own: {error}"));
    let folder = server.url.split_once("?host=").expect("the address names the socket's folder").1.into();
    Some(Private { server, folder })
}

pub struct Private {
    server: Server,
    folder: PathBuf,
}

impl Private {
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// Stops it: `fast` ends all sessions, `immediate` simulates a crash.
    pub fn stop(&self, mode: &str) {
        self.control(&["-m", mode, "stop"]);
    }

    /// Starts it again with the same options.
    pub fn start(&self) {
        self.control(&["-l", "log", "restart"]);
    }

    /// Starts it again so that it only accepts TLS, with this certificate; answers its port on 127.0.0.1.
    pub fn serve_tls(&self, certificate: &Path, key: &Path) -> u16 {
        let data = self.folder.join("data");
        let owner = std::fs::metadata(&data).expect("its folder is there");
        for (name, from) in [("server.crt", certificate), ("server.key", key)] {
            let to = data.join(name);
            std::fs::copy(from, &to).expect("it can be copied");
            // PostgreSQL only accepts a key that nobody but its owner may read.
            std::os::unix::fs::chown(&to, Some(owner.uid()), Some(owner.gid())).expect("it may be given away");
            std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).expect("it may be closed");
        }
        let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
        std::fs::write(data.join("pg_hba.conf"), rules).expect("its rules can be written");
        // Bound and closed again, so it is free a moment later, too.
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a port is free").port();
        let folder = self.folder.display();
        let options = format!("-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c ssl=on");
        self.control(&["-o", &options, "-l", "log", "restart"]);
        port
    }

    fn control(&self, words: &[&str]) {
        let data = self.folder.join("data");
        let options = std::fs::read_to_string(data.join("postmaster.opts")).expect("it was started");
        let program = Path::new(options.split(' ').next().unwrap_or_default()).with_file_name("pg_ctl");
        // It refuses to run as root.
        let owner = std::fs::metadata(&data).expect("its folder is there");
        let mut command = Command::new(program);
        if rustix::process::geteuid().is_root() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        command.current_dir(&self.folder).arg("-D").arg(&data).args(["-w", "-s"]).args(words);
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("pg_ctl runs");
        assert!(status.success(), "pg_ctl {words:?}: {status}");
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // Its input ends, and the script that waits for it cleans up.
        if let Some(mut script) = self.server._private.take() {
            drop(script.stdin.take());
            let _ = script.wait();
        }
    }
}

/// The database of one test, dropped with it.
pub struct Database {
    server: &'static str,
    name: String,
}

impl Database {
    /// A database without a table.
    pub fn empty(server: &'static str) -> Self {
        let database = Database { server, name: new_name("empty") };
        run(server, &format!("CREATE DATABASE {}", database.name));
        database
    }

    /// A database with the newest schema.
    pub fn migrated(server: &'static str) -> Self {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| make_template(server));
        let database = Database { server, name: new_name("case") };
        run(server, &format!("CREATE DATABASE {} TEMPLATE {template}", database.name));
        database
    }

    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Postgres(with_database(self.server, &self.name))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The store under test may still hold connections.
        let dropped = PgConnection::establish(self.server).map_err(|error| error.to_string()).and_then(|mut conn| {
            conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
                .map_err(|error| error.to_string())
        });
        if let Err(error) = dropped
            && !std::thread::panicking()
        {
            panic!("{} is left behind: {error}", self.name);
        }
    }
}

/// The server's address with another database name.
fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, ""), |(address, query)| (address, query));
    let (scheme, rest) = address.split_once("://").expect("a PostgreSQL address has a scheme");
    let host = rest.split('/').next().unwrap_or_default();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{host}/{name}{mark}{query}")
}

#[test]
fn an_address_keeps_all_but_its_database() {
    assert_eq!(with_database("postgres://u@/postgres?host=/run/x", "a"), "postgres://u@/a?host=/run/x");
    assert_eq!(with_database("postgres://u:p@h:5432/postgres", "a"), "postgres://u:p@h:5432/a");
    assert_eq!(with_database("postgresql://h", "a"), "postgresql://h/a");
}

/// A name that no other process and no earlier, killed run has used.
fn new_name(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut random = [0; 6];
    getrandom::fill(&mut random).expect("the system has randomness");
    let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("anfang_{what}_{}_{count}_{random}", std::process::id())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap_or_else(|error| panic!("PostgreSQL does not answer: {error}"))
}

fn run(server: &str, sql: &str) {
    connect(server).batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Makes the migrated template unless it exists, and answers its name. It is renamed to that name when it is complete:
/// a killed run leaves no incomplete template.
fn make_template(server: &str) -> String {
    let name = format!("anfang_template_{}", migrations_hash());
    let mut conn = connect(server);
    conn.batch_execute(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).expect("the lock is free some time");
    let found: Count = diesel::sql_query("SELECT count(*) AS count FROM pg_database WHERE datname = $1")
        .bind::<Text, _>(&name)
        .get_result(&mut conn)
        .expect("databases can be listed");
    if found.count == 0 {
        let making = new_name("making");
        conn.batch_execute(&format!("CREATE DATABASE {making}")).expect("a database can be made");
        let mut inside =
            DatabaseUrl::Postgres(with_database(server, &making)).connect(Purpose::Write).expect("it opens");
        migrate(&mut inside).expect("the migrations run");
        drop(inside);
        conn.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {name}")).expect("nobody else is in it");
    }
    name
}

/// Changes with every name and every byte of the migrations.
fn migrations_hash() -> String {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("migrations are there") {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(std::fs::read(&file).expect("a migration can be read"));
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
