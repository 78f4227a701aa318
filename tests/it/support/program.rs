//! The real program as a process of its own, used over a socket.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anfang::app::ambient::{Random, SystemRandom};
use serde_json::{Value, json};

use super::pictures;
use super::s3::{self, S3};

const PASSWORD: &str = "Anfang-demo-1";

/// The program, killed when dropped.
pub struct Program {
    pub child: Child,
    /// Base address of the API.
    pub base: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// The demo county in this folder, without issues and background jobs.
    pub fn start(data: &Path, database_url: Option<&str>, wrapper: &[&str]) -> Self {
        Self::start_with(data, database_url, wrapper, None, 0)
    }

    /// The same with so many workers in the background, and with its photos in S3 where one is given.
    pub fn start_with(
        data: &Path,
        database_url: Option<&str>,
        wrapper: &[&str],
        s3: Option<&S3>,
        workers: usize,
    ) -> Self {
        let program = env!("CARGO_BIN_EXE_anfang");
        let mut words = wrapper.iter().copied().chain([program]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args([
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--password",
            PASSWORD,
            "--jobs",
            &workers.to_string(),
            "--issues",
            "0",
            "--data",
        ]);
        command.arg(data).env("ANFANG_ALLOW_VOLATILE_DATA", "1").env("ANFANG_FREE_MB_MIN", "0");
        if let Some(url) = database_url {
            command.args(["--database-url", url]);
        }
        if let Some(s3) = s3 {
            command.args(["--photos-url", &s3.url("county")]);
            command.env("AWS_ACCESS_KEY_ID", s3::KEY_ID).env("AWS_SECRET_ACCESS_KEY", s3::SECRET);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .find_map(|line| line.unwrap().strip_prefix("listening on http://").map(str::to_owned))
            .expect("the program serves");
        // Its other output must be read, or it would block.
        std::thread::spawn(move || lines.for_each(drop));
        Program { child, base: format!("http://{address}/api/v1") }
    }

    /// Status of one of the server's own paths.
    pub fn status(&self, path: &str) -> u16 {
        let url = format!("{}{path}", self.base.trim_end_matches("/api/v1"));
        get(&agent(), &url, "").unwrap().0
    }
}

/// One answer, or `None` when the program died during the request.
pub type Answer = Option<(u16, Vec<u8>)>;

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

pub fn put(agent: &ureq::Agent, url: &str, token: &str, kind: &str, body: &[u8]) -> Answer {
    let request = agent.put(url).header("authorization", format!("Bearer {token}")).content_type(kind);
    read(request.send(body))
}

pub fn get(agent: &ureq::Agent, url: &str, token: &str) -> Answer {
    read(agent.get(url).header("authorization", format!("Bearer {token}")).call())
}

pub fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut answer = answer.ok()?;
    let body = answer.body_mut().read_to_vec().ok()?;
    Some((answer.status().as_u16(), body))
}

pub fn sign_in(base: &str, username: &str) -> String {
    let body = json!({ "username": username, "password": PASSWORD }).to_string();
    let answer = agent().post(format!("{base}/sessions")).content_type("application/json").send(body.as_bytes());
    let (status, body) = read(answer).unwrap();
    assert_eq!(status, 201);
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

pub fn point(base: &str, token: &str) -> String {
    let (_, body) = get(&agent(), &format!("{base}/points?type=MKT"), token).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["items"][0]["id"].as_str().unwrap().to_owned()
}

/// A report that is sent until it is acknowledged.
#[derive(Clone)]
pub struct Pending {
    pub issue: String,
    pub photo: String,
    pub bytes: Vec<u8>,
    pub body: String,
    pub photo_acknowledged: bool,
}

impl Pending {
    pub fn new(seed: u64, point: &str) -> Self {
        let (issue, photo) = (SystemRandom.uuid().to_string(), SystemRandom.uuid().to_string());
        let body = json!({
            "point_id": point, "item_code": "WM-07", "severity": "high", "description": "堵塞",
            "captured_at": "2026-08-03T07:04:11Z", "photos": [{ "id": photo, "view": "far" }],
        });
        Pending { issue, photo, bytes: pictures::jpeg(seed, 64, 48), body: body.to_string(), photo_acknowledged: false }
    }
}
