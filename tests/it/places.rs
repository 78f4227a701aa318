//! Places for concurrent work: their number is limited and shared between people, and a caller who gives up leaves
//! nothing behind.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use anfang::admission::{self, Gate, Place, Who};
use uuid::Uuid;

use crate::packets::{Packet, hand_in};
use crate::refusals;
use crate::support::pictures;
use crate::support::service::{Answer, PASSWORD, Service, await_until, new_id};

/// Where the picture under the map is put.
const MAP: &str = "/map/image?corners=107.4,31.4,107.6,31.4,107.6,31.1,107.4,31.1";

/// A sheet.
const UNITS: &str = "code,name_zh,kind,area_code\nU77,县某某局,bureau,990001\n";

/// The token that somebody signs in for.
fn token_of(service: &Service, username: &str) -> String {
    service.try_sign_in(username, PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned()
}

/// A photo of which the service has taken the head and half of the body.
fn half_a_photo(service: &Service, token: &str, method: &str, path: &str, more: &str) -> TcpStream {
    half_of(service, token, &format!("{method} {path}"), more, &pictures::jpeg(1, 640, 480))
}

/// A request, by its method and path, of whose body the service has taken the first half.
fn half_of(service: &Service, token: &str, line: &str, more: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(service.host()).unwrap();
    let (method, path) = line.split_once(' ').unwrap();
    write!(
        stream,
        "{method} /api/v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n{more}\
         expect: 100-continue\r\n\r\n",
        body.len()
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
    // Its body is asked for: it has its place.
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    stream.write_all(&body[..body.len() / 2]).unwrap();
    stream
}

/// Half of a form with a photo.
fn half_a_form(service: &Service, token: &str) -> TcpStream {
    let form = refusals::form(&[("photo", &pictures::jpeg(1, 640, 480))]);
    let (name, value) = refusals::FORM;
    half_of(service, token, "POST /issues", &format!("{name}: {value}\r\n"), &form)
}

/// Half of a file of unsent records of this person, which ends within a photo.
fn half_a_packet(service: &Service, token: &str, owner: &str) -> TcpStream {
    let picture = pictures::jpeg(1, 640, 480);
    let photo = new_id();
    let packet =
        Packet::of(service, owner).report(new_id(), &service.report_body(&[photo])).photo(photo, &picture).whole();
    half_of(service, token, "POST /packets", "content-type: text/plain\r\n", packet.text().as_bytes())
}

fn put(service: &Service, token: &str) -> TcpStream {
    half_a_photo(service, token, "PUT", &format!("/photos/{}", new_id()), "content-type: image/jpeg\r\n")
}

/// A request without a body whose answer is not waited for.
fn ask(service: &Service, token: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(service.host()).unwrap();
    write!(
        stream,
        "GET /api/v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    stream
}

fn is_free(gate: &Gate) -> bool {
    let figures = gate.figures();
    (figures.held, figures.waiting, figures.callers) == (0, 0, 0)
}

/// Takes all places and holds them.
fn take_all(service: &Service, gate: &Gate, count: usize) -> Vec<Place> {
    service.block_on(async |_| {
        let mut places = Vec::new();
        for _ in 0..count {
            places.push(gate.enter(Who::Service).await.unwrap());
        }
        places
    })
}

fn photo(service: &Service, username: &str) -> Answer {
    service.sign_in(username).put_photo(new_id(), &service.picture())
}

/// A report with its photo in one call.
fn form(service: &Service, username: &str) -> Answer {
    let (report, picture) = (service.report_body(&[]).to_string(), service.picture());
    let form = refusals::form(&[("photo", &picture), ("report", report.as_bytes())]);
    service.sign_in(username).send("POST", "/issues", &[refusals::FORM], Some(&form))
}

/// A packet without records.
fn hand_in_nothing(service: &Service, username: &str) -> Answer {
    hand_in(&service.sign_in(username), &Packet::of(service, "inspector02").whole().text())
}

/// An upload that has been announced.
fn announced(service: &Service, username: &str) -> Uuid {
    let id = new_id();
    let length = pictures::jpeg(1, 640, 480).len().to_string();
    // "image/jpeg"
    let metadata = format!("id {},filetype aW1hZ2UvanBlZw==", base64(&id.to_string()));
    let headers =
        [("tus-resumable", "1.0.0"), ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
    service.sign_in(username).send("POST", "/uploads", &headers, None).expect(201);
    id
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

on_both! {
    /// One account cannot take all places by sending slowly, and a caller who breaks off releases the place.
    fn an_account_has_a_quarter_of_the_places_for_uploads(db: TestDb) {
        let service = Service::start(db);
        let (gate, share) = (&service.app.photo_body_places, admission::PHOTO_BODIES.share);
        assert_eq!(share * 4, admission::PHOTO_BODIES.places);
        let token = token_of(&service, "inspector01");
        let upload = announced(&service, "inspector01");
        let piece = "tus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n";
        let mut trickling: Vec<TcpStream> = (3..share).map(|_| put(&service, &token)).collect();
        trickling.push(half_a_photo(&service, &token, "PATCH", &format!("/uploads/{upload}"), piece));
        trickling.push(half_a_form(&service, &token));
        // Photos of a packet are its author's, whoever hands it in.
        let office = token_of(&service, "office01");
        trickling.push(half_a_packet(&service, &office, "inspector01"));
        await_until("the last place", || gate.figures().held == share);
        let refused = photo(&service, "inspector01").refused(503, "unavailable");
        assert_eq!(refused.header("retry-after"), "2");
        photo(&service, "inspector02").expect(201);
        form(&service, "inspector01").refused(503, "unavailable");
        form(&service, "inspector02").expect(201);
        // Who hands one in waits for its end before the next.
        let [first, second] = ["office01", "office02"].map(|username| hand_in_nothing(&service, username));
        assert_eq!((first.status, second.status), (503, 200));
        // Because of unread data on our side, closing the connection resets it.
        drop(trickling);
        await_until("free places", || is_free(gate));
        await_until("the end of the turns", || service.app.upload_turns.names() == 0);
        // What came in pieces stays until it goes on; of the others nothing is left.
        let left = service.files("incoming");
        assert!(left.iter().all(|path| path.to_string_lossy().contains("uploads")), "{left:?}");
        photo(&service, "inspector01").expect(201);
        await_until("the end of the packet", || is_free(&service.app.packet_places));
        hand_in_nothing(&service, "office01").expect(200);
    }

    /// Whole files are held in memory while they arrive: a person has two at once, and all together a few.
    fn files_that_are_held_in_memory_take_places(db: TestDb) {
        let service = Service::start(db);
        let (gate, size) = (&service.app.file_places, admission::FILES);
        assert_eq!((size.share, size.places), (2, 8));
        let (office, picture) = (token_of(&service, "office01"), pictures::png(1, 300, 200));
        let map = |username: &str| service.sign_in(username).put_bytes(MAP, "image/png", &picture);
        let sheet = |username: &str| {
            let headers = [("content-type", "text/csv")];
            service.sign_in(username).send("POST", "/imports/units?check=true", &headers, Some(UNITS.as_bytes()))
        };
        let trickling = [
            half_of(&service, &office, &format!("PUT {MAP}"), "content-type: image/png\r\n", &picture),
            half_of(&service, &office, "POST /imports/units?check=true", "content-type: text/csv\r\n", UNITS.as_bytes()),
        ];
        await_until("two files", || gate.figures().held == 2);
        for refused in [map("office01"), sheet("office01")] {
            assert_eq!(refused.refused(503, "unavailable").header("retry-after"), "2");
        }
        map("office02").expect(200);
        sheet("office02").expect(200);
        drop(trickling);
        await_until("free places", || is_free(gate));
        let held = take_all(&service, gate, size.places);
        map("office01").refused(503, "unavailable");
        sheet("office01").refused(503, "unavailable");
        drop(held);
        map("office01").expect(200);
        sheet("office01").expect(200);
        assert!(is_free(gate));
    }

    /// Four callers who use their whole share leave no place for a fifth, until one of them ends.
    fn all_places_for_uploads_are_bounded(db: TestDb) {
        let service = Service::start(db);
        let gate = &service.app.photo_body_places;
        let held = take_all(&service, gate, admission::PHOTO_BODIES.places);
        photo(&service, "inspector01").refused(503, "unavailable");
        drop(held);
        photo(&service, "inspector01").expect(201);
        assert!(is_free(gate));
    }

    fn who_waits_for_a_rendition_leaves_nothing_behind(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        let photos = service.sign_in("office01").read(issue).json["photos"].clone();
        let thumb = format!("/photos/{}/thumb", photos[0]["id"].as_str().unwrap());
        let (gate, cores) = (&service.app.renderer.gate, std::thread::available_parallelism().unwrap().get());
        let size = admission::renditions(cores);
        let held = take_all(&service, gate, size.places);
        let [office, inspector] = ["office01", "inspector01"].map(|username| token_of(&service, username));
        let many: Vec<TcpStream> = (0..size.share).map(|_| ask(&service, &office, &thumb)).collect();
        await_until("a full share", || gate.figures().waiting == size.share);
        service.sign_in("office01").get(&thumb).refused(503, "unavailable");
        // Somebody else waits still.
        let mut other = ask(&service, &inspector, &thumb);
        await_until("the other", || gate.figures().waiting == size.share + 1);
        drop(many);
        drop(held);
        let mut answer = String::new();
        let _ = BufReader::new(&mut other).read_line(&mut answer);
        assert_eq!(answer, "HTTP/1.1 200 OK\r\n");
        await_until("free places", || is_free(gate));
        service.sign_in("office01").get(&thumb).expect(200);
        let mut rest = Vec::new();
        let _ = other.read_to_end(&mut rest);
    }

    fn who_waits_for_a_password_to_be_looked_at_leaves_nothing_behind(db: TestDb) {
        let service = Service::start(db);
        let (gate, cores) = (&service.app.hasher.gate, std::thread::available_parallelism().unwrap().get());
        let held = take_all(&service, gate, admission::hashes(cores).places);
        let waiting: Vec<TcpStream> = (1..=9)
            .map(|number| {
                let body = format!("{{\"username\":\"nobody{number}\",\"password\":\"x\"}}");
                let mut stream = TcpStream::connect(service.host()).unwrap();
                let head = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
                write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
                stream
            })
            .collect();
        await_until("nine who wait", || gate.figures().waiting == 9);
        drop(waiting);
        drop(held);
        await_until("free places", || is_free(gate));
        await_until("the end of the turns", || service.app.tries.names() == 0);
        service.try_sign_in("unit01", PASSWORD).expect(201);
    }
}
