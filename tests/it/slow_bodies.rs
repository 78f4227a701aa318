//! Bodies that arrive too slowly or take too long in total are given up, on every route, and their places become free.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anfang::http::{BodyTimeouts, ServerOptions};

use crate::support::backend::TestDb;
use crate::support::service::{PASSWORD, Service, new_id};
use crate::tus::Upload;

/// Never reached by a test that passes.
const FOR_EVER: Duration = Duration::from_secs(600);
/// Pieces after which a test gives up. Source: our choice, a third of a minute of them.
const PIECES_MAX: usize = 2_000;

fn service(db: TestDb, body_timeouts: BodyTimeouts) -> Service {
    Service::with_options(db, ServerOptions { body_timeouts, ..ServerOptions::default() })
}

/// Sends the head and goes on with pieces of the body, however long, until there is an answer: its status, its code,
/// and how many bytes of the body had been sent.
fn trickle(mut stream: TcpStream, head: &str, start: &[u8], piece: &[u8]) -> (u16, String, usize) {
    // A piece is sent each time the test looks for an answer.
    stream.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    stream.write_all(&[head.as_bytes(), start].concat()).unwrap();
    let (mut sent, mut told, mut pieces) = (start.len(), Vec::new(), 0);
    loop {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => told.extend(&buffer[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if !told.is_empty() {
                    continue;
                }
                assert!(pieces < PIECES_MAX, "no answer");
                pieces += 1;
                // Once it is answered the connection may be closed for what goes on.
                if stream.write_all(piece).is_ok() {
                    sent += piece.len();
                }
            }
            Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&told);
    let status = text.split(' ').nth(1).unwrap_or_default().parse().unwrap_or(0);
    let code = text.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    (status, code.to_owned(), sent)
}

/// Every kind of body, with a user who may send it; the tests start it and never finish it.
fn kinds(service: &Service) -> Vec<(&'static str, String, Vec<u8>)> {
    let length = 1 << 20;
    let part = b"--edge\r\ncontent-disposition: form-data; name=\"photo\"\r\n\r\n".to_vec();
    let inspector = service.sign_in("inspector01");
    let (id, bytes) = (new_id(), vec![0xff; length]);
    Upload::new(&inspector, id, &bytes).begin(None).expect(201);
    let token = service.try_sign_in("inspector01", PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned();
    let head = |line: &str, more: &str| {
        let host = service.host();
        format!(
            "{line} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n{more}content-length: {length}\r\n\r\n"
        )
    };
    let tus = "tus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: 0\r\n";
    let form = "content-type: multipart/form-data; boundary=edge\r\n";
    vec![
        (
            "a photo",
            head(&format!("PUT /api/v1/photos/{}", new_id()), "content-type: image/jpeg\r\n"),
            vec![0xff, 0xd8],
        ),
        ("a piece", head(&format!("PATCH /api/v1/uploads/{id}"), tus), vec![0xff, 0xd8]),
        (
            "a report",
            head(&format!("PUT /api/v1/issues/{}", new_id()), "content-type: application/json\r\n"),
            b"{".to_vec(),
        ),
        ("a form", head("POST /api/v1/issues", form), part),
    ]
}

fn nothing_waits(service: &Service) {
    let figures = service.app.photo_body_places.figures();
    assert_eq!((figures.held, figures.waiting), (0, 0));
    let left: Vec<_> =
        service.files("incoming").into_iter().filter(|path| !path.to_string_lossy().contains("uploads")).collect();
    assert!(left.is_empty() && service.originals().is_empty(), "{left:?}");
}

on_both! {
    fn a_body_that_trickles_is_given_up(db: TestDb) {
        // A byte now and then is no silence, but far less than is asked for once the first half second is over.
        let timeouts = BodyTimeouts { silence: Duration::from_millis(500), whole: FOR_EVER, bytes_per_second: 1 << 30 };
        let service = service(db, timeouts);
        for (what, head, start) in kinds(&service) {
            let stream = TcpStream::connect(service.host()).unwrap();
            let (status, code, sent) = trickle(stream, &head, &start, b" ");
            assert_eq!((status, code.as_str()), (408, "request-timeout"), "{what}");
            assert!(sent > start.len() + 1, "{what} was not silent");
        }
        nothing_waits(&service);
    }

    fn a_body_that_takes_too_long_in_all_is_given_up(db: TestDb) {
        // However much arrives and however steadily; a form may take that long for each of its parts.
        let timeouts = BodyTimeouts { silence: FOR_EVER, whole: Duration::from_millis(200), bytes_per_second: 0 };
        let service = service(db, timeouts);
        for (what, head, start) in kinds(&service) {
            let stream = TcpStream::connect(service.host()).unwrap();
            let (status, code, sent) = trickle(stream, &head, &start, &[b' '; 100]);
            assert_eq!((status, code.as_str()), (408, "request-timeout"), "{what}");
            assert!(sent < 1 << 20, "{what} ended by itself");
        }
        nothing_waits(&service);
    }

    fn a_body_that_is_slow_but_not_too_slow_is_taken(db: TestDb) {
        let timeouts = BodyTimeouts { silence: FOR_EVER, whole: FOR_EVER, bytes_per_second: 1 << 30 };
        let service = service(db, timeouts);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let token = service.try_sign_in("inspector01", PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned();
        let bytes = service.picture();
        let head = format!(
            "PUT /api/v1/photos/{id} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
             content-type: image/jpeg\r\ntransfer-encoding: chunked\r\n\r\n",
            service.host()
        );
        let mut stream = TcpStream::connect(service.host()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        for piece in bytes.chunks(97) {
            stream.write_all(&[format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()).unwrap();
        }
        stream.write_all(b"0\r\n\r\n").unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        assert!(told.starts_with("HTTP/1.1 201 "), "{told}");
        inspector.put_photo(id, &bytes).expect(200);
    }
}
