//! The whole service over a real socket, with a clock that tests set.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use anfang::app::App;
use anfang::app::ambient::{Random, SystemRandom};
use anfang::app::hashing;
use anfang::blobs::{LocalStore, PhotoStore};
use anfang::domain::issue::{Action, State};
use anfang::domain::map::TileLayer;
use anfang::domain::time::{Clock, Timestamp};
use anfang::http::{Running, ServerOptions, serve};
use anfang::jobs::Runner;
use anfang::seed::{self, SeedError};
use anfang::store::{Conn, StoreOptions};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::backend::TestDb;
use super::pictures;
use super::story::Again;

pub const HOUR: Duration = Duration::from_secs(3_600);
pub const DAY: Duration = Duration::from_secs(86_400);

/// The password of every account of the small county.
pub const PASSWORD: &str = "Qinghe-2026-aF7k";

/// A clock that moves only when a test moves it. It starts on a Monday at nine in the county.
#[derive(Clone)]
pub struct FakeClock(Arc<AtomicI64>);

impl FakeClock {
    fn new() -> Self {
        FakeClock(Arc::new(AtomicI64::new(Timestamp::parse("2026-08-03T09:00:00+08:00").unwrap().as_micros())))
    }

    fn advance(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// Moves it back; sessions stay.
    pub fn retreat(&self, span: Duration) {
        self.0.fetch_sub(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub bytes: Vec<u8>,
    /// The body where it is JSON.
    pub json: Value,
}

impl Answer {
    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    /// Asserts that it is the problem `code`, in the form that all problems have.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.json["code"], code, "{}", answer.json);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json["status"], status);
        assert_eq!(answer.json["request_id"], answer.header("x-request-id"));
        answer
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn version(&self) -> i64 {
        self.json["version"].as_i64().unwrap_or_else(|| panic!("no version in {}", self.json))
    }

    #[track_caller]
    pub fn in_state(self, state: &str) -> Self {
        assert_eq!(self.json["state"], state, "{}", self.json);
        self
    }

    pub fn strings(&self, field: &str) -> Vec<String> {
        let items = self.json[field].as_array().unwrap_or_else(|| panic!("no list {field} in {}", self.json));
        items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
    }
}

pub struct Service {
    pub app: App,
    pub clock: FakeClock,
    pub db: Arc<TestDb>,
    address: SocketAddr,
    running: Running,
    thread: Option<JoinHandle<()>>,
    folder: TempDir,
    agent: ureq::Agent,
    tokens: Mutex<HashMap<String, (String, Value)>>,
    pictures: AtomicU64,
}

fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hashing::hash_blocking(PASSWORD, [7; 16]).unwrap())
}

fn local(folder: &Path) -> PhotoStore {
    PhotoStore::Local(LocalStore::open(folder).unwrap())
}

impl Service {
    /// Serves the small county.
    pub fn start(db: TestDb) -> Self {
        Self::start_with(db, Arc::new(SystemRandom))
    }

    /// The service with the test's own random generator; the county's ids come from it, too.
    pub fn start_with(db: TestDb, random: Arc<dyn Random>) -> Self {
        Self::filled(db, random, seed::load_county, local, ServerOptions::default())
    }

    /// Serves the places and people of the demo county; what is added to it by chance is the same each time.
    pub fn start_demo(db: TestDb) -> Self {
        Self::filled(db, Arc::new(Again::default()), seed::demo::load_places, local, ServerOptions::default())
    }

    /// The small county with these server options.
    pub fn with_options(db: TestDb, options: ServerOptions) -> Self {
        Self::filled(db, Arc::new(SystemRandom), seed::load_county, local, options)
    }

    /// The small county with tiles under its map.
    pub fn with_tiles(db: TestDb, tiles: TileLayer) -> Self {
        let options = ServerOptions { tiles: Some(tiles), ..Default::default() };
        Self::filled(db, Arc::new(SystemRandom), seed::load_county, local, options)
    }

    /// The small county with its photos in another store.
    pub fn with_photos(db: TestDb, photos: impl FnOnce(&Path) -> PhotoStore) -> Self {
        Self::filled(db, Arc::new(SystemRandom), seed::load_county, photos, ServerOptions::default())
    }

    /// The small county on a store that is opened with these options.
    pub fn with_store(db: TestDb, options: StoreOptions) -> Self {
        let service = Self::start(db);
        service.beside_with(local, options)
    }

    /// Serves the present content of the database.
    pub fn start_on(db: TestDb) -> Self {
        Self::filled(db, Arc::new(SystemRandom), |_, _, _, _| Ok(false), local, ServerOptions::default())
    }

    fn filled(
        db: TestDb,
        random: Arc<dyn Random>,
        load: impl FnOnce(&mut Conn, &dyn Random, Timestamp, &str) -> Result<bool, SeedError>,
        photos: impl FnOnce(&Path) -> PhotoStore,
        options: ServerOptions,
    ) -> Self {
        let clock = FakeClock::new();
        load(&mut db.connect(), &*random, clock.now(), password_hash()).unwrap();
        // Tests let months pass, so passwords of the small county do not expire.
        let young = clock.now().plus(DAY * 3_650).as_micros();
        db.connect().batch_execute(&format!("UPDATE users SET password_changed_at = {young}")).unwrap();
        Self::on(Arc::new(db), clock, random, photos, (options, StoreOptions::default()))
    }

    /// Another node on the same database, at the same time.
    pub fn beside(&self, photos: impl FnOnce(&Path) -> PhotoStore) -> Self {
        self.beside_with(photos, StoreOptions::default())
    }

    fn beside_with(&self, photos: impl FnOnce(&Path) -> PhotoStore, store: StoreOptions) -> Self {
        let other = Self::on(
            Arc::clone(&self.db),
            self.clock.clone(),
            self.app.random.clone(),
            photos,
            (ServerOptions::default(), store),
        );
        // The two generate different pictures.
        other.pictures.store(1_000_000, Ordering::SeqCst);
        other
    }

    fn on(
        db: Arc<TestDb>,
        clock: FakeClock,
        random: Arc<dyn Random>,
        photos: impl FnOnce(&Path) -> PhotoStore,
        (options, store): (ServerOptions, StoreOptions),
    ) -> Self {
        let folder = tempfile::Builder::new().prefix("anfang-photos-").tempdir().unwrap();
        let photo_store = photos(folder.path());
        let store = db.store(store);
        let app = App::new(store, photo_store, Arc::new(clock.clone()), random);
        let (send, receive) = mpsc::channel();
        let served = app.clone();
        let options = ServerOptions { listen: SocketAddr::from(([127, 0, 0, 1], 0)), workers: Some(1), ..options };
        let thread = std::thread::spawn(move || {
            serve(served, options, move |running| send.send(running).unwrap(), async {}, || {}).unwrap();
        });
        let running = receive.recv().expect("the server starts");
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // Half of the time that the server keeps an idle connection: none is taken that it is about to close.
            .max_idle_age(Duration::from_secs(30))
            // Filled with zeros for each connection: the default of 128 KiB took 18 % of the CPU of a test that asks much
            // (`perf record` of `interference`, SQLite).
            .input_buffer_size(16 * 1024)
            .output_buffer_size(16 * 1024)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Service {
            app,
            clock,
            db,
            address: running.address,
            running,
            thread: Some(thread),
            folder,
            agent,
            tokens: Mutex::new(HashMap::new()),
            pictures: AtomicU64::new(1),
        }
    }

    /// Address of the service, as `host:port`.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Address of the metrics.
    pub fn metrics_host(&self) -> Option<SocketAddr> {
        self.running.metrics_address
    }

    /// Answer of another path of the service.
    pub fn get_url(&self, url: &str) -> Answer {
        let mut response = self.agent.get(url).call().unwrap();
        let bytes = response.body_mut().read_to_vec().unwrap();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), json: Value::Null, bytes }
    }

    /// A client for a user of the small county. It logs in with the first request, and again after time has passed.
    pub fn sign_in(&self, username: &str) -> Client<'_> {
        Client { service: self, username: Some(username.to_owned()) }
    }

    /// A client without login.
    pub fn anybody(&self) -> Client<'_> {
        Client { service: self, username: None }
    }

    /// A login attempt.
    pub fn try_sign_in(&self, username: &str, password: &str) -> Answer {
        self.anybody().post_json("/sessions", &json!({"username": username, "password": password}))
    }

    fn token(&self, username: &str) -> (String, Value) {
        let mut tokens = self.tokens.lock().unwrap();
        let known = tokens.entry(username.to_owned()).or_insert_with(|| {
            // Logins from one address in a second are counted by the real clock: a fast machine has to ask again.
            let answer = loop {
                let answer = self.try_sign_in(username, PASSWORD);
                if answer.json["code"] != "too-many-requests" {
                    break answer.expect(201);
                }
            };
            (answer.json["token"].as_str().unwrap().to_owned(), answer.json["user"].clone())
        });
        known.clone()
    }

    /// Lets time pass; everybody logs in again.
    pub fn pass(&self, span: Duration) {
        self.clock.advance(span);
        self.tokens.lock().unwrap().clear();
    }

    pub fn now(&self) -> String {
        self.clock.now().to_string()
    }

    /// Runs all due background jobs.
    pub fn drain_jobs(&self) {
        let runner = Runner::new(self.app.clone());
        actix_web::rt::System::new().block_on(async {
            runner.queue_recurring().await.unwrap();
            runner.drain().await.unwrap();
        });
    }

    /// Delivers the messages that wait.
    pub fn drain_messages(&self) {
        let runner = Runner::new(self.app.clone());
        actix_web::rt::System::new().block_on(async {
            runner.drain().await.unwrap();
        });
    }

    /// Calls a part of the service that has no route.
    pub fn block_on<T>(&self, work: impl AsyncFnOnce(&App) -> T) -> T {
        actix_web::rt::System::new().block_on(work(&self.app))
    }

    /// A direct database connection.
    pub fn database(&self) -> Conn {
        self.db.connect()
    }

    pub fn photo_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every file under the photo store's originals.
    pub fn originals(&self) -> Vec<PathBuf> {
        self.files("originals")
    }

    /// Every file in a folder of the photo store, however deep.
    pub fn files(&self, folder: &str) -> Vec<PathBuf> {
        let (mut found, mut open) = (Vec::new(), vec![self.photo_folder().join(folder)]);
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { open.push(path) } else { found.push(path) }
            }
        }
        found
    }

    fn named(&self, path: &str, field: &str, value: &str) -> Value {
        let answer = self.sign_in("inspector01").get(path).expect(200);
        let items = answer.json["items"].as_array().unwrap();
        items.iter().find(|item| item[field] == value).unwrap_or_else(|| panic!("no {value} in {path}")).clone()
    }

    pub fn point(&self, code: &str) -> Value {
        self.named("/points?limit=200", "code", code)
    }

    pub fn unit(&self, code: &str) -> String {
        self.named("/units", "code", code)["id"].as_str().unwrap().to_owned()
    }

    /// The session token of a user, for requests that are written by hand.
    pub fn token_of(&self, username: &str) -> String {
        self.token(username).0
    }

    pub fn user_id(&self, username: &str) -> String {
        self.token(username).1["id"].as_str().unwrap().to_owned()
    }

    /// A small picture, different in each call.
    pub fn picture(&self) -> Vec<u8> {
        pictures::jpeg(self.pictures.fetch_add(1, Ordering::SeqCst), 160, 120)
    }

    /// A report of a clogged fire lane at the market, by day.
    pub fn report_body(&self, photos: &[Uuid]) -> Value {
        self.report_at("990001-MKT-0001", "WM-07", "high", photos)
    }

    pub fn report_at(&self, point: &str, item: &str, severity: &str, photos: &[Uuid]) -> Value {
        let point = self.point(point);
        let views = ["far", "near"].into_iter().chain(std::iter::repeat("detail"));
        let photos: Vec<Value> = photos.iter().zip(views).map(|(id, view)| json!({"id": id, "view": view})).collect();
        json!({
            "point_id": point["id"], "item_code": item, "severity": severity,
            "description": "消防通道被两辆僵尸车堵塞", "captured_at": self.now(),
            "location": {"lat": point["location"]["lat"], "lon": point["location"]["lon"], "accuracy_m": 12.0},
            "photos": photos, "visit_id": null
        })
    }

    /// A report that inspector01 made with two photos: its id.
    pub fn report_with_photos(&self) -> Uuid {
        self.report_with("990001-MKT-0001", "WM-07", "high")
    }

    pub fn report_with(&self, point: &str, item: &str, severity: &str) -> Uuid {
        let inspector = self.sign_in("inspector01");
        let (photos, issue) = ([inspector.send_photo(), inspector.send_photo()], new_id());
        let body = self.report_at(point, item, severity, &photos);
        inspector.put_json(&format!("/issues/{issue}"), &body).expect(201).in_state("submitted");
        issue
    }

    /// Takes an action as a user of the small county who may take it, and asserts success.
    #[track_caller]
    pub fn step(&self, issue: Uuid, username: &str, action: Action, body: &Value) -> Answer {
        let client = self.sign_in(username);
        let version = client.read(issue).version();
        client.act(issue, action.as_str(), version, body).expect(200)
    }

    /// A body with which an action succeeds if the lifecycle and the guards allow it.
    pub fn body_of(&self, issue: Uuid, client: &Client<'_>, action: Action) -> Value {
        let unit = self.unit("U02");
        let request = |kind: &str| {
            let issue = self.sign_in("office01").read(issue).json;
            let found =
                issue["requests"].as_array().unwrap().iter().rev().find(|request| request["kind"] == kind).cloned();
            found.map_or_else(|| json!(new_id()), |request| request["id"].clone())
        };
        let photos = |views: &[&str]| -> Value {
            views.iter().map(|view| json!({"id": client.send_photo(), "view": view})).collect()
        };
        let due = || self.clock.now().plus(DAY * 30).to_string()[..10].to_owned();
        // The value of a field depends on its name. A new action with known fields needs no line here.
        let value_of = |field: &str| match (field, action) {
            ("reason", Action::Fail) => json!("仍有一辆"),
            ("reason", Action::Hang | Action::RequestHang) => json!("需施工"),
            ("reason", Action::DecideHang | Action::DecideExtension) => json!("同意"),
            ("reason", Action::DecideDispute) => json!("不成立"),
            ("reason", _) => json!("理由"),
            ("note", _) => json!("已完成"),
            ("description", _) => json!("补正"),
            ("measure", _) => json!("已清走"),
            ("unit_id", _) => json!(unit),
            ("inspector_id", _) => json!(self.user_id("inspector02")),
            ("severity", _) => json!("high"),
            ("remedy", _) => json!("quick"),
            ("plan", _) => json!([{"milestone": "拆除", "due": due()}]),
            ("photos", Action::ReportFix) => photos(&["same-angle", "wide"]),
            ("photos", Action::LookBack) => photos(&["far"]),
            ("photos", _) => photos(&["wide"]),
            ("request_id", Action::DecideExtension) => request("extension"),
            ("request_id", Action::DecideDispute) => request("dispute"),
            ("request_id", _) => request("hang"),
            ("granted", action) => json!(action != Action::DecideDispute),
            ("final", _) => json!(false),
            ("founded" | "held" | "on_site", _) => json!(true),
            (field, _) => panic!("`{field}` is a new field of an action: say what it may hold"),
        };
        let also: &[&str] = match action {
            Action::Resubmit => &["description"],
            Action::ReachMilestone => &["note", "photos"],
            _ => &[],
        };
        let given = action.fields().into_iter().filter(|(name, needed)| *needed || also.contains(&name.as_str()));
        Value::Object(given.map(|(name, _)| (name.clone(), value_of(&name))).collect())
    }

    /// Takes these steps, each as the user who usually does.
    pub fn steps(&self, issue: Uuid, actions: &[Action]) {
        for action in actions {
            let username = match action {
                Action::Resubmit => "inspector01",
                Action::LookBack | Action::CannotJudge => "inspector02",
                Action::SignIn
                | Action::Return
                | Action::ReportFix
                | Action::RequestExtension
                | Action::RequestHang
                | Action::ReachMilestone
                | Action::Dispute => "unit02",
                Action::Release | Action::DecideDispute => "office02",
                _ => "office01",
            };
            let body = self.body_of(issue, &self.sign_in(username), *action);
            self.step(issue, username, *action, &body);
        }
    }

    /// A new report at the market (its unit is unit02's), driven to this state.
    pub fn drive_to(&self, state: State) -> Uuid {
        use Action as A;
        if state == State::Receiving {
            let issue = new_id();
            let body = self.report_body(&[new_id()]);
            self.sign_in("inspector01").put_json(&format!("/issues/{issue}"), &body).expect(201).in_state("receiving");
            return issue;
        }
        let issue = self.report_with_photos();
        let assigned = [A::Approve, A::Release];
        let more: &[A] = match state {
            State::Receiving | State::Submitted | State::Returned | State::Sealed | State::Void | State::Assigned => {
                &[]
            }
            State::Rectifying => &[A::SignIn],
            State::Redispatch => &[A::Return],
            State::Reported => &[A::SignIn, A::ReportFix],
            State::Rework => &[A::SignIn, A::ReportFix, A::Fail],
            State::Hung => &[A::SignIn, A::Hang],
            State::Closed | State::Archived => &[A::SignIn, A::ReportFix, A::Pass],
        };
        match state {
            State::Receiving | State::Submitted => {}
            State::Returned => self.steps(issue, &[A::SendBack]),
            State::Void => {
                // Severe reports need two people.
                self.steps(issue, &[A::Reject]);
                self.step(issue, "office02", A::Reject, &json!({"reason": "理由"}));
            }
            State::Sealed => self.steps(issue, &[A::Approve]),
            _ => self.steps(issue, &[&assigned[..], more].concat()),
        }
        if state == State::Archived {
            self.pass(DAY * 91);
            self.drain_jobs();
        }
        self.sign_in("office01").read(issue).in_state(state.as_str());
        issue
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The server waits for connections that are open.
        self.agent = ureq::Agent::new_with_defaults();
        self.running.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the server ends well");
            }
        }
    }
}

pub fn new_id() -> Uuid {
    SystemRandom.uuid()
}

/// The answers to a request that `count` clients send at once.
pub fn at_once(count: usize, send: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let send = &send;
        let threads: Vec<_> = (0..count).map(|number| scope.spawn(move || send(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Polls until `look` finds what another thread is about to do.
pub fn await_until(what: &str, look: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !look() {
        // Source: our choice; only a failing test waits so long.
        assert!(start.elapsed() < Duration::from_secs(60), "{what} does not come");
        std::thread::yield_now();
    }
}

/// How many have this status.
pub fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// The client of one account.
#[derive(Clone)]
pub struct Client<'a> {
    pub service: &'a Service,
    username: Option<String>,
}

impl Client<'_> {
    /// A request with these headers, to a path of the API or, with a doubled first `/`, of the server.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        let path = path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(|| format!("/api/v1{path}"), str::to_owned);
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.service.address));
        if let Some(username) = &self.username {
            request = request.header("authorization", format!("Bearer {}", self.service.token(username).0));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent = &self.service.agent;
        let response = match body {
            Some(body) => agent.run(request.body(body).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let mut response = response.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    pub fn put_json(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, &[("content-type", "application/json")], Some(body.to_string().as_bytes()))
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], Some(body.to_string().as_bytes()))
    }

    pub fn put_bytes(&self, path: &str, media_type: &str, bytes: &[u8]) -> Answer {
        self.send("PUT", path, &[("content-type", media_type)], Some(bytes))
    }

    pub fn act(&self, issue: Uuid, action: &str, version: i64, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{version}\""))];
        let path = format!("/issues/{issue}/actions/{action}");
        self.send("POST", &path, &headers, Some(body.to_string().as_bytes()))
    }

    pub fn put_photo(&self, id: Uuid, bytes: &[u8]) -> Answer {
        self.put_bytes(&format!("/photos/{id}"), "image/jpeg", bytes)
    }

    /// Uploads a small picture; answers its id.
    pub fn send_photo(&self) -> Uuid {
        let id = new_id();
        self.put_photo(id, &self.service.picture()).expect(201);
        id
    }

    #[track_caller]
    pub fn read(&self, issue: Uuid) -> Answer {
        self.get(&format!("/issues/{issue}")).expect(200)
    }

    pub fn events(&self, issue: Uuid) -> Vec<Value> {
        self.get(&format!("/issues/{issue}/events")).expect(200).json["items"].as_array().unwrap().clone()
    }
}
