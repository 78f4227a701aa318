//! The real program while it shuts down, and what its log says of what it did.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anfang::app::ambient::{Random as _, SystemRandom};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::startup::{Serving, anfang, folder, text};
use crate::support::pictures::{self, Exif};

const PASSWORD: &str = "Anfang-demo-1";

struct Api<'a> {
    serving: &'a Serving,
    agent: ureq::Agent,
}

impl<'a> Api<'a> {
    fn new(serving: &'a Serving) -> Self {
        // Connections are not kept: an idle one would hold up the server's end.
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0);
        Api { serving, agent: config.build().into() }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Value) {
        let url = format!("http://{}/api/v1{path}", self.serving.address);
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = self.agent.run(request.body(body).unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn sign_in(&self, username: &str, password: &str) -> (u16, String) {
        let body = json!({"username": username, "password": password}).to_string();
        let (status, body) = self.send("POST", "/sessions", &[("content-type", "application/json")], body.as_bytes());
        (status, body["token"].as_str().unwrap_or_default().to_owned())
    }
}

fn demo(data: &std::path::Path, more: &[&str]) -> Serving {
    let mut command =
        anfang(&["demo", "--data", text(data), "--listen", "127.0.0.1:0", "--issues", "0", "--password", PASSWORD]);
    command.args(more);
    Serving::start(command)
}

/// Accepted requests are finished and acknowledged; new ones are refused.
#[test]
fn an_upload_under_way_is_acknowledged_after_the_signal() {
    let folder = folder();
    let mut serving = demo(folder.path(), &[]);
    let (_, token) = Api::new(&serving).sign_in("inspector01", PASSWORD);
    let (photo, picture) = (SystemRandom.uuid(), pictures::jpeg(7, 640, 480));
    let mut upload = TcpStream::connect(&serving.address).unwrap();
    write!(
        upload,
        "PUT /api/v1/photos/{photo} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: image/jpeg\r\n\
         content-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
        picture.len()
    )
    .unwrap();
    let mut answer = BufReader::new(upload.try_clone().unwrap());
    let mut line = String::new();
    answer.read_line(&mut line).unwrap();
    // The body is asked for: the request is in the service's hands.
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    let (first, rest) = picture.split_at(picture.len() / 2);
    upload.write_all(first).unwrap();
    kill_process(Pid::from_child(&serving.child), Signal::TERM).unwrap();
    while TcpStream::connect(&serving.address).is_ok() {
        std::thread::yield_now();
    }
    assert!(serving.child.try_wait().unwrap().is_none(), "it does not wait for what it accepted");
    upload.write_all(rest).unwrap();
    let mut text = String::new();
    answer.read_to_string(&mut text).unwrap();
    assert!(text.trim_start().starts_with("HTTP/1.1 201"), "{text}");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));

    // It is kept, and its rendition is made, now or after the start.
    let again = demo(folder.path(), &[]);
    let api = Api::new(&again);
    let (_, token) = api.sign_in("inspector01", PASSWORD);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "image/jpeg")];
    assert_eq!(api.send("PUT", &format!("/photos/{photo}"), &headers, &picture).0, 200, "sent again, it is known");
    assert_eq!(again.end(Signal::TERM), Some(0));
}

/// The log of the main job names no person and no place, in either format and at every level.
#[test]
fn the_log_tells_nothing_of_people_and_places() {
    for format in ["text", "json"] {
        let folder = folder();
        let mut serving = demo(folder.path(), &["--log", "anfang=trace,info", "--log-format", format]);
        let mut errors = serving.child.stderr.take().unwrap();
        let reading = std::thread::spawn(move || {
            let mut log = String::new();
            errors.read_to_string(&mut log).unwrap();
            log
        });
        let api = Api::new(&serving);
        let (_, inspector) = api.sign_in("inspector01", PASSWORD);
        let (_, office) = api.sign_in("office01", PASSWORD);
        assert_eq!(api.sign_in("office02", "Wrong-password-9").0, 401);
        assert_eq!(api.sign_in("zhangsan-is-nobody", "Wrong-password-9").0, 401);
        let as_json = |token: &str| format!("Bearer {token}");
        let (inspector_bearer, office_bearer) = (as_json(&inspector), as_json(&office));
        let headers = [
            ("authorization", inspector_bearer.as_str()),
            ("content-type", "application/json"),
            ("user-agent", "HUAWEI-Nova-canary"),
        ];
        let (_, points) = api.send("GET", "/points?type=MKT", &headers, b"");
        let place = &points["items"][0];
        let picture = Exif::full("CANARY-MAKER").put_into_jpeg(&pictures::jpeg(3, 640, 480));
        let (issue, photo) = (SystemRandom.uuid(), SystemRandom.uuid());
        let jpeg = [headers[0], ("content-type", "image/jpeg")];
        assert_eq!(api.send("PUT", &format!("/photos/{photo}"), &jpeg, &picture).0, 201);
        let report = json!({
            "point_id": place["id"], "item_code": "WM-07", "severity": "high", "description": "李四家门口堆放杂物",
            "captured_at": "2026-08-03T07:04:11Z", "photos": [{"id": photo, "view": "far"}],
            "location": {"lat": 31.216_87, "lon": 107.468_13, "accuracy_m": 12.5},
        });
        let path = format!("/issues/{issue}");
        assert_eq!(api.send("PUT", &path, &headers, report.to_string().as_bytes()).0, 201);
        let unknown = json!({"description": "王五", "secret_field": 1}).to_string();
        assert!(api.send("PUT", &format!("/issues/{}", SystemRandom.uuid()), &headers, unknown.as_bytes()).0 >= 400);
        let office_headers =
            [("authorization", office_bearer.as_str()), ("content-type", "application/json"), ("if-match", "\"1\"")];
        let back = json!({"reason": "赵六说照片不清"}).to_string();
        let sent = api.send("POST", &format!("{path}/actions/send-back"), &office_headers, back.as_bytes());
        assert_eq!(sent.0, 200, "{}", sent.1);
        assert_eq!(api.send("GET", &format!("/photos/{photo}/thumb"), &office_headers, b"").0, 200);
        assert_eq!(api.send("GET", "/issues?q=%E6%9D%8E%E5%9B%9B", &office_headers, b"").0, 200);
        kill_process(Pid::from_child(&serving.child), Signal::TERM).unwrap();
        assert_eq!(serving.child.wait().unwrap().code(), Some(0));
        let log = reading.join().unwrap();
        // Where the service listens is no secret; where a caller is, is one.
        let log: String =
            log.lines().filter(|line| !line.contains("starting service")).map(|line| format!("{line}\n")).collect();
        assert!(log.contains(&format!("/api/v1{path}")) && log.lines().count() > 10, "{log}");
        let digits = format!("{}", place["location"]["lat"]);
        let name = place["name"].as_str().unwrap();
        let secrets = [
            "inspector0",
            "office0",
            "zhangsan",
            "暗访0",
            "李四",
            "王五",
            "赵六",
            "secret_field",
            "杂物",
            "照片不清",
            name,
            digits.as_str(),
            "31.216",
            "107.468",
            "CANARY",
            "HUAWEI",
            "127.0.0.1",
            PASSWORD,
            "Wrong-password",
            inspector.as_str(),
            office.as_str(),
            "Bearer",
            "%E6%9D%8E",
        ];
        for secret in secrets {
            assert!(secret.len() > 3 && !log.contains(secret), "{secret}: {log}");
        }
        if format == "json" {
            assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
        }
    }
}
