//! What holds for every request, whichever program or proxy sends it: methods, versions, caches, old protocols, and
//! missing bodies.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use anfang::domain::issue::{Action, State};
use anfang::http::{BodyTimeouts, ServerOptions};
use serde_json::json;

use crate::support::backend::TestDb;
use crate::support::contract::Contract;
use crate::support::pictures;
use crate::support::service::{PASSWORD, Service, new_id};

/// What a request written by hand is answered: its head in small letters, and its body.
struct Raw {
    head: String,
    body: Vec<u8>,
}

impl Raw {
    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    fn has(&self, field: &str) -> bool {
        self.head.lines().any(|line| line.starts_with(&format!("{field}:")))
    }
}

/// Sends `head` with the host, a session and the body, if there is one.
fn open(service: &Service, line: &str, headers: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(service.host()).unwrap();
    let token = service.token_of("inspector01");
    let host = service.host();
    let head = format!("{line}\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    stream
}

fn answer(mut stream: TcpStream) -> Raw {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    // If sent bytes were not read, closing the connection may be an error; the answer has arrived before that.
    while let Ok(count) = stream.read(&mut piece) {
        if count == 0 {
            break;
        }
        bytes.extend(&piece[..count]);
    }
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer");
    Raw { head: String::from_utf8_lossy(&bytes[..end]).to_lowercase(), body: bytes[end + 4..].to_vec() }
}

fn raw(service: &Service, line: &str, headers: &str, body: &[u8]) -> Raw {
    answer(open(service, line, headers, body))
}

const FORM: &str = "multipart/form-data; boundary=edge";

fn part(name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
    let head = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n{kind}\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

on_both! {
    fn head_is_answered_wherever_get_is(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        let office = service.sign_in("office01");
        let photo = office.read(issue).json["photos"][0]["id"].as_str().unwrap().to_owned();
        office.get(&format!("/photos/{photo}/view")).expect(200);
        let contract = Contract::read();
        let mut paths = vec!["/openapi.json".to_owned(), "/docs/".to_owned(), "/".to_owned(), "/nothing".to_owned()];
        for operation in contract.operations().iter().filter(|operation| operation.method == "GET") {
            let real = operation.path.replace("/issues/{id}", &format!("/issues/{issue}"));
            if operation.path.starts_with("/api/v1/photos/") {
                paths.extend(["thumb", "view", "original"].map(|variant| format!("/api/v1/photos/{photo}/{variant}")));
            } else if real.contains('{') {
                paths.push(contract.concrete(operation));
            } else {
                paths.push(real);
            }
        }
        assert!(paths.len() > 30, "{paths:?}");
        for path in paths {
            for client in [service.sign_in("office01"), service.sign_in("discipline01"), service.anybody()] {
                let told = |answer: &crate::support::service::Answer| {
                    let mut fields: Vec<(String, String)> = answer
                        .headers
                        .iter()
                        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
                        // Every request leaves its trace there.
                        .filter(|(name, _)| path != "/api/v1/audit" || *name != "content-length")
                        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                        .collect();
                    fields.sort();
                    (answer.status, fields)
                };
                let got = client.get(&format!("/{path}"));
                let asked = client.send("HEAD", &format!("/{path}"), &[], None);
                assert_eq!(told(&asked), told(&got), "{path}");
                assert!(asked.bytes.is_empty(), "{path}");
            }
        }
        // Ranges are for GET alone.
        let part = office.send("HEAD", &format!("/photos/{photo}/original"), &[("range", "bytes=0-1")], None);
        assert!(part.expect(200).header("content-range").is_empty());
    }

    fn allow_names_what_a_path_takes_and_nothing_else(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let contract = Contract::read();
        let operations = contract.operations();
        for operation in &operations {
            let mut taken: Vec<&str> =
                operations.iter().filter(|other| other.path == operation.path).map(|other| other.method.as_str()).collect();
            if taken.contains(&"GET") {
                taken.push("HEAD");
            }
            taken.sort_unstable();
            let path = format!("/{}", contract.concrete(operation));
            for method in ["GET", "PUT", "POST", "PATCH", "DELETE"] {
                let answer = office.send(method, &path, &[], None);
                if taken.contains(&method) {
                    assert_ne!(answer.status, 405, "{method} {path}");
                } else {
                    assert_eq!(answer.refused(405, "method-not-allowed").header("allow"), taken.join(", "), "{method} {path}");
                }
            }
        }
        // What is no id is no path: nothing is allowed there.
        assert!(office.delete("/issues/no-id").refused(404, "not-found").header("allow").is_empty());
        assert_eq!(office.send("PUT", "/issues/counts", &[], None).expect(405).header("allow"), "GET, HEAD");
    }

    fn what_is_unchanged_is_kept_as_the_answer_before_it_said(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        let office = service.sign_in("office01");
        let photo = office.read(issue).json["photos"][0]["id"].as_str().unwrap().to_owned();
        for (path, caching) in [
            (format!("/photos/{photo}/view"), "private, max-age=3600"),
            (format!("/photos/{photo}/thumb"), "private, max-age=3600"),
            (format!("/photos/{photo}/original"), "no-store"),
            ("/reference".to_owned(), "private, no-cache"),
        ] {
            let first = office.get(&path).expect(200);
            assert_eq!((first.header("cache-control"), first.header("content-encoding")), (caching, ""), "{path}");
            let tag = first.header("etag").to_owned();
            let opaque = tag.trim_matches('"').to_owned();
            for known in [
                tag.clone(), format!("W/{tag}"), format!("\"{opaque}-gzip\""), format!("W/\"{opaque}-br\""),
                format!("\"x\", {tag}"), "*".to_owned(),
            ] {
                let again = office.send("GET", &path, &[("if-none-match", &known)], None).expect(304);
                assert_eq!((again.header("cache-control"), again.header("etag")), (caching, &*tag), "{path} {known}");
                assert!(again.bytes.is_empty());
            }
            office.send("GET", &path, &[("if-none-match", "\"x\"")], None).expect(200);
        }
    }

    fn a_part_is_answered_only_of_what_the_caller_has(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        inspector.put_photo(id, &bytes).expect(201);
        inspector.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[id])).expect(201);
        let (office, path) = (service.sign_in("office01"), format!("/photos/{id}/original"));
        let tag = office.get(&path).expect(200).header("etag").to_owned();
        let part = |known: Option<&str>, range: &str| {
            let mut headers = vec![("range", range)];
            headers.extend(known.map(|known| ("if-range", known)));
            office.send("GET", &path, &headers, None)
        };
        for known in [None, Some(&*tag)] {
            assert_eq!(part(known, "bytes=10-19").expect(206).bytes, bytes[10..20]);
        }
        for other in ["\"another\"", &*format!("W/{tag}"), "Mon, 03 Aug 2026 01:00:00 GMT", ""] {
            let whole = part(Some(other), "bytes=10-19").expect(200);
            assert!(whole.bytes == bytes && whole.header("content-range").is_empty(), "{other}");
            part(Some(other), "bytes=999999999-").expect(200);
        }
        let beyond = part(None, "bytes=999999999-").refused(416, "range-not-satisfiable");
        assert_eq!(beyond.header("content-range"), format!("bytes */{}", bytes.len()));
    }

    fn a_version_is_known_again_whatever_a_proxy_made_of_it(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let body = json!({"reason": "理由"}).to_string();
        let marks: [fn(i64) -> String; 4] =
            [|v| format!("W/\"{v}\""), |v| format!("\"{v}-gzip\""), |v| format!("W/\"{v}-br\""), |v| v.to_string()];
        for mark in marks {
            let issue = service.drive_to(State::Submitted);
            let act = |tag: &str| {
                let headers = [("content-type", "application/json"), ("if-match", tag)];
                office.send("POST", &format!("/issues/{issue}/actions/send-back"), &headers, Some(body.as_bytes()))
            };
            let version = office.read(issue).version();
            act(&mark(version - 1)).refused(412, "stale-version");
            act("W/\"x\"").refused(412, "stale-version");
            act(&mark(version)).expect(200);
        }
    }

    fn http_1_0_is_answered_without_chunks(db: TestDb) {
        let service = Service::start(db);
        let gzip = "accept-encoding: gzip, br\r\n";
        for path in ["/api/v1/reference", "/api/v1/issues", "/openapi.json", "/api/v1/nothing"] {
            let plain = raw(&service, &format!("GET {path} HTTP/1.0"), gzip, b"");
            assert!(!plain.has("transfer-encoding") && !plain.has("content-encoding"), "{path} {}", plain.head);
            let length = format!("content-length: {}", plain.body.len());
            assert!(plain.head.lines().any(|line| line == length), "{path} {}", plain.head);
        }
        let id = new_id();
        let typed = "content-type: image/jpeg\r\n";
        let no_end = raw(&service, &format!("PUT /api/v1/photos/{id} HTTP/1.0"), typed, b"");
        assert_eq!((no_end.status(), no_end.code()), (411, "length-required".to_owned()));
        // The protocol of resumable uploads asks for no length of a piece, but its end could not be told.
        let (inspector, picture) = (service.sign_in("inspector01"), service.picture());
        let id = new_id();
        let upload = crate::tus::Upload::new(&inspector, id, &picture);
        upload.begin(None).expect(201);
        let piece = format!("PATCH /api/v1/uploads/{id} HTTP/1.0");
        let tus = "tus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: 0\r\n";
        let no_end = raw(&service, &piece, tus, b"");
        assert_eq!((no_end.status(), no_end.code()), (411, "length-required".to_owned()));
        assert_eq!(upload.offset(), 0);
        let told = format!("{tus}content-length: {}\r\n", picture.len());
        assert_eq!(raw(&service, &piece, &told, &picture).status(), 204);
        let picture = service.picture();
        let told = format!("{typed}content-length: {}\r\n", picture.len());
        assert_eq!(raw(&service, &format!("PUT /api/v1/photos/{id} HTTP/1.0"), &told, &picture).status(), 201);
        assert_eq!(service.files("incoming").len(), 0);
    }

    fn a_chunked_piece_is_taken(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        crate::tus::Upload::new(&inspector, id, &bytes).begin(None).expect(201);
        let headers = "tus-resumable: 1.0.0\r\ncontent-type: Application/Offset+Octet-Stream\r\nupload-offset: 0\r\ntransfer-encoding: chunked\r\n";
        let chunked = [format!("{:x}\r\n", bytes.len()).as_bytes(), &bytes, b"\r\n0\r\n\r\n"].concat();
        let taken = raw(&service, &format!("PATCH /api/v1/uploads/{id} HTTP/1.1"), headers, &chunked);
        assert_eq!(taken.status(), 204, "{}", taken.head);
        assert_eq!(service.originals().len(), 1);
    }

    fn a_page_is_ours_by_its_host_whatever_the_proxy_adds(db: TestDb) {
        let service = Service::start(db);
        let signed = service.try_sign_in("inspector01", PASSWORD).expect(201);
        let cookie = signed.header("set-cookie").split(';').next().unwrap().to_owned();
        for (host, origin, status) in [
            ("a.example", "https://a.example", 404),
            ("a.example:443", "https://a.example", 404),
            ("A.Example:80", "http://a.example", 404),
            ("a.example:443", "http://a.example", 403),
            ("a.example", "https://b.example", 403),
            ("a.example:8443", "https://a.example", 403),
        ] {
            let mut stream = TcpStream::connect(service.host()).unwrap();
            let path = format!("/api/v1/sessions/{}", new_id());
            write!(stream, "DELETE {path} HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n").unwrap();
            assert_eq!(answer(stream).status(), status, "{host} {origin}");
        }
    }

    fn parts_of_a_form_come_in_any_order_and_are_told_by_their_bytes(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let send = |form: &[Vec<u8>]| {
            let form = [&form.concat()[..], b"--edge--\r\n"].concat();
            inspector.send("POST", "/issues", &[("content-type", FORM)], Some(&form))
        };
        let mut report = service.report_body(&[]);
        report["id"] = json!(new_id());
        let report = |report: &serde_json::Value| part("report", "", &[b"\xef\xbb\xbf", report.to_string().as_bytes()].concat());
        let pictures = [service.picture(), pictures::png(3, 40, 30), pictures::webp(4, 40, 30)];
        let photos: Vec<Vec<u8>> = ["", "image/jpeg", "application/octet-stream"].iter().zip(&pictures).map(|(kind, bytes)| part("photo", kind, bytes)).collect();
        let body = service.report_body(&[]);
        for order in [vec![0, 1, 2, 3], vec![1, 0, 2, 3], vec![1, 2, 3, 0]] {
            let mut body = body.clone();
            body["id"] = json!(new_id());
            let parts: Vec<Vec<u8>> = order.iter().map(|at| if *at == 0 { report(&body) } else { photos[at - 1].clone() }).collect();
            let reported = send(&parts).expect(201).in_state("submitted");
            let office = service.sign_in("office01");
            let read = office.get(&format!("/issues/{}", reported.json["id"].as_str().unwrap())).expect(200).json;
            let seen: Vec<(&str, &str)> = read["photos"].as_array().unwrap().iter().map(|photo| (photo["view"].as_str().unwrap(), photo["media_type"].as_str().unwrap())).collect();
            assert_eq!(seen, [("far", "image/jpeg"), ("near", "image/png"), ("detail", "image/webp")]);
            assert_eq!(send(&parts).expect(200).json, reported.json);
        }
        send(&[part("report", "", br#"{"description": "a\u0000"}"#)]).refused(422, "invalid-fields");
        assert_eq!(service.files("incoming").len(), 0);
    }

    fn a_body_that_does_not_come_is_told_from_one_that_breaks_off(db: TestDb) {
        let service = impatient(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        let upload = crate::tus::Upload::new(&inspector, id, &bytes);
        upload.begin(None).expect(201);
        let half = &bytes[..bytes.len() / 2];
        let length = format!("content-length: {}\r\n", bytes.len());
        let tus = format!("tus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: 0\r\n{length}");
        let form = [part("report", "", service.report_body(&[]).to_string().as_bytes()), b"--edge\r\ncontent-dis".to_vec()].concat();
        let kinds: [(&str, String, String, &[u8]); 5] = [
            ("PUT", format!("/api/v1/photos/{}", new_id()), format!("content-type: image/jpeg\r\n{length}"), half),
            ("PATCH", format!("/api/v1/uploads/{id}"), tus.clone(), half),
            ("PUT", format!("/api/v1/issues/{}", new_id()), format!("content-type: application/json\r\n{length}"), b"{"),
            ("POST", "/api/v1/issues".to_owned(), format!("content-type: {FORM}\r\ncontent-length: 9000\r\n"), &form),
            ("POST", "/api/v1/issues".to_owned(), format!("content-type: {FORM}\r\ncontent-length: 9000\r\n"), &[part("photo", "", half), b"--edge\r\n".to_vec()].concat()),
        ];
        // In parallel, because each waits for the server's whole timeout.
        let silent: Vec<TcpStream> = kinds.iter().map(|(method, path, headers, body)| open(&service, &format!("{method} {path} HTTP/1.1"), headers, body)).collect();
        for (stream, kind) in silent.into_iter().zip(&kinds) {
            let answer = answer(stream);
            assert_eq!((answer.status(), answer.code()), (408, "request-timeout".to_owned()), "{kind:?}");
        }
        assert_eq!(upload.offset(), half.len(), "what had come is kept");
        for (method, path, headers, body) in &kinds {
            let headers = headers.replace("upload-offset: 0", &format!("upload-offset: {}", upload.offset()));
            let piece = if *method == "PATCH" { &body[..10] } else { body };
            let stream = open(&service, &format!("{method} {path} HTTP/1.1"), &headers, piece);
            stream.shutdown(Shutdown::Write).unwrap();
            let answer = answer(stream);
            assert_eq!((answer.status(), answer.code()), (400, "body-incomplete".to_owned()), "{method} {path}");
        }
        assert_eq!(upload.offset(), half.len() + 10);
        let left: Vec<_> = service.files("incoming").into_iter().filter(|path| !path.to_string_lossy().contains("uploads")).collect();
        assert!(left.is_empty(), "{left:?}");
    }

    fn the_end_of_time_may_be_asked_for(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        for username in ["office01", "inspector01"] {
            for query in ["to=9999-12-31T23:59:59Z", "to=9999-12-31T23:59:59.999999999-12:00", "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59%2B14:00"] {
                let listed = service.sign_in(username).get(&format!("/issues?{query}")).expect(200).json;
                assert_eq!(listed["items"][0]["id"], issue.to_string(), "{query}");
            }
        }
        service.sign_in("office01").get("/issues?from=9999-12-31T23:59:59Z").expect(200);
        service.sign_in("office01").get("/issues?to=10000-01-01T00:00:00Z").refused(400, "malformed-request");
    }

    fn a_release_ends_though_every_number_drawn_is_taken(db: TestDb) {
        let service = Service::start_with(db, std::sync::Arc::new(Stuck));
        let numbers: Vec<String> = (0..3)
            .map(|_| {
                let issue = service.drive_to(State::Sealed);
                service.steps(issue, &[Action::Release]);
                service.sign_in("office01").read(issue).json["number"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(numbers, ["2026-0000007", "2026-00000007", "2026-000000007"]);
        let issue = service.drive_to(State::Sealed);
        let office = service.sign_in("office02");
        let version = office.read(issue).version();
        office.act(issue, "release", version, &json!({})).refused(503, "unavailable");
        office.read(issue).in_state("sealed");
    }
}

/// Chance that draws every number alike.
struct Stuck;

impl anfang::app::ambient::Random for Stuck {
    fn fill(&self, bytes: &mut [u8]) {
        anfang::app::ambient::SystemRandom.fill(bytes);
    }

    fn below(&self, end: u32) -> u32 {
        7.min(end - 1)
    }
}

/// A service that gives up on bodies after a second of silence.
fn impatient(db: TestDb) -> Service {
    let body_timeouts = BodyTimeouts { silence: Duration::from_secs(1), ..BodyTimeouts::default() };
    Service::with_options(db, ServerOptions { body_timeouts, ..ServerOptions::default() })
}
