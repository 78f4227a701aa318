//! Photos that are too large, in each way of sending them: refused, and nothing of them stays.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::service::{PASSWORD, Service, new_id};
use crate::tus::Upload;

/// A byte more than the largest photo.
const TOO_MANY: usize = anfang::media::picture_limits::FILE_BYTES_MAX as usize + 1;

/// So many bytes that begin like a photo.
fn bytes(count: usize) -> Vec<u8> {
    [vec![0xff, 0xd8, 0xff], vec![0; count - 3]].concat()
}

/// Sends a body in chunks, which says its length nowhere; the status and code of the answer.
fn chunked(service: &Service, line: &str, headers: &str, body: &[u8]) -> (u16, String) {
    let token = service.try_sign_in("inspector01", PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned();
    let mut stream = TcpStream::connect(service.host()).unwrap();
    // Only a test that fails waits so long.
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "{line} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         transfer-encoding: chunked\r\n{headers}\r\n",
        service.host()
    );
    stream.write_all(head.as_bytes()).unwrap();
    for piece in body.chunks(1 << 20) {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        if stream.write_all(&chunk).is_err() {
            // Refused before its end: the answer is there.
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    let (mut told, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        told.extend(&buffer[..count]);
    }
    let text = String::from_utf8_lossy(&told);
    let status = text.split(' ').nth(1).unwrap_or_default().parse().unwrap_or(0);
    let code = text.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    (status, code.to_owned())
}

#[track_caller]
fn nothing_is_left(service: &Service, after: &str) {
    let left = service.files("incoming");
    assert!(left.is_empty() && service.originals().is_empty(), "{after}: {left:?} {:?}", service.originals());
    let figures = service.app.photo_body_places.figures();
    assert_eq!((figures.held, figures.waiting), (0, 0), "{after}");
}

fn form(photos: &[&[u8]], report: &str) -> Vec<u8> {
    let part = |name: &str, bytes: &[u8]| {
        let head = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.as_bytes(), bytes, b"\r\n"].concat()
    };
    let mut form: Vec<u8> = photos.iter().flat_map(|photo| part("photo", photo)).collect();
    form.extend(part("report", report.as_bytes()));
    form.extend(b"--edge--\r\n");
    form
}

on_both! {
    fn a_photo_over_the_size_is_refused_though_it_does_not_say_its_length(db: TestDb) {
        let service = Service::start(db);
        let id = new_id();
        let line = format!("PUT /api/v1/photos/{id}");
        let refused = chunked(&service, &line, "content-type: image/jpeg\r\n", &bytes(TOO_MANY));
        assert_eq!(refused, (413, "photo-too-large".to_owned()));
        nothing_is_left(&service, "in chunks");
        // Several, one after the other, and then one that is right, under the same id.
        for _ in 0..3 {
            assert_eq!(chunked(&service, &line, "content-type: image/jpeg\r\n", &bytes(TOO_MANY)).0, 413);
        }
        nothing_is_left(&service, "several");
        service.sign_in("inspector01").put_photo(id, &service.picture()).expect(201);
    }

    fn a_photo_over_the_size_is_refused_in_pieces(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        // Announced.
        Upload::new(&inspector, new_id(), &bytes(TOO_MANY)).begin(None).refused(413, "photo-too-large");
        nothing_is_left(&service, "announced");
        // Announced as less than comes, in chunks.
        let (id, small) = (new_id(), service.picture());
        let upload = Upload::new(&inspector, id, &small);
        upload.begin(None).expect(201);
        let headers = "tus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: 0\r\n";
        let line = format!("PATCH /api/v1/uploads/{id}");
        let refused = chunked(&service, &line, headers, &bytes(2 * small.len()));
        assert_eq!(refused, (413, "body-too-large".to_owned()));
        assert!(service.originals().is_empty());
        let kept: u64 = service.files("incoming").iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
        assert!(kept <= 2 * small.len() as u64 + 4_096, "{kept} bytes of what is {} bytes long", small.len());
        upload.give_up();
        nothing_is_left(&service, "more than was announced");
    }

    fn photos_over_the_size_are_refused_in_a_form(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let report = service.report_body(&[]).to_string();
        let (small, large) = (service.picture(), bytes(TOO_MANY));
        let headers = "content-type: multipart/form-data; boundary=edge\r\n";
        for (what, photos) in [("the only one", vec![&*large]), ("the second", vec![&*small, &*large]), ("two", vec![&*large, &*large])] {
            let body = form(&photos, &report);
            let whole = [("content-type", "multipart/form-data; boundary=edge")];
            inspector.send("POST", "/issues", &whole, Some(&body)).refused(413, "photo-too-large");
            nothing_is_left(&service, what);
            assert_eq!(chunked(&service, "POST /api/v1/issues", headers, &body), (413, "photo-too-large".to_owned()), "{what}");
            nothing_is_left(&service, &format!("{what}, in chunks"));
        }
        inspector.get("/issues/counts").expect(200);
        assert_eq!(inspector.get("/issues").expect(200).json["items"], serde_json::json!([]));
    }
}
