//! Photos in pieces, by tus 1.0: <https://tus.io/protocols/resumable-upload>.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use anfang::app::ambient::{Random as _, SystemRandom};
use anfang::domain::digest::Digest;
use anfang::domain::ids::{PhotoId, UserId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha1::Digest as _;
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::pictures;
use crate::support::program::{Program, agent, sign_in};
use crate::support::service::{Answer, Client, DAY, HOUR, Service, at_once, count, new_id};

/// Bytes of the largest photo.
const FILE_BYTES_MAX: usize = anfang::media::picture_limits::FILE_BYTES_MAX as usize;

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");

fn metadata(id: Uuid, kind: &str, digest: Option<Digest>) -> String {
    let mut told = format!(
        "filename {},id {},filetype {}",
        STANDARD.encode("暗访.jpg"),
        STANDARD.encode(id.to_string()),
        STANDARD.encode(kind)
    );
    if let Some(digest) = digest {
        told += &format!(",sha256 {}", STANDARD.encode(digest.to_string()));
    }
    told
}

/// One photo that somebody sends in pieces.
pub struct Upload<'a> {
    client: &'a Client<'a>,
    path: String,
    metadata: String,
    size: usize,
}

impl<'a> Upload<'a> {
    pub fn new(client: &'a Client<'a>, id: Uuid, bytes: &[u8]) -> Self {
        Self::of(client, id, "image/jpeg", bytes.len(), Some(Digest::of(bytes)))
    }

    fn of(client: &'a Client<'a>, id: Uuid, kind: &str, size: usize, digest: Option<Digest>) -> Self {
        Upload { client, path: format!("/uploads/{id}"), metadata: metadata(id, kind, digest), size }
    }

    pub fn begin(&self, piece: Option<&[u8]>) -> Answer {
        let length = self.size.to_string();
        let mut headers = vec![TUS, ("upload-length", &*length), ("upload-metadata", &*self.metadata)];
        headers.extend(piece.map(|_| PIECE));
        self.client.send("POST", "/uploads", &headers, Some(piece.unwrap_or_default()))
    }

    pub fn patch(&self, offset: usize, piece: &[u8]) -> Answer {
        self.patch_with(offset, piece, &[])
    }

    fn patch_with(&self, offset: usize, piece: &[u8], more: &[(&str, &str)]) -> Answer {
        let offset = offset.to_string();
        let headers = [&[TUS, PIECE, ("upload-offset", &*offset)], more].concat();
        self.client.send("PATCH", &self.path, &headers, Some(piece))
    }

    pub fn head(&self) -> Answer {
        self.client.send("HEAD", &self.path, &[TUS], None)
    }

    /// Gives it up.
    pub fn give_up(&self) {
        self.delete().expect(204);
    }

    fn delete(&self) -> Answer {
        self.client.send("DELETE", &self.path, &[TUS], None)
    }

    #[track_caller]
    pub fn offset(&self) -> usize {
        offset(&self.head().expect(200))
    }

    /// Continues from the current offset to the end, and asks again when another connection has sent something in
    /// between.
    #[track_caller]
    fn finish(&self, bytes: &[u8]) {
        for at in std::iter::repeat_with(|| self.offset()) {
            if at == bytes.len() {
                return;
            }
            let sent = self.patch(at, &bytes[at..]);
            if sent.status != 409 {
                assert_eq!(offset(&sent.expect(204)), bytes.len());
                return;
            }
            assert!(self.offset() > at, "it stands where it was said not to stand: {at}");
        }
    }
}

fn offset(answer: &Answer) -> usize {
    answer.header("upload-offset").parse().unwrap()
}

/// A JPEG of exactly this many bytes, no stretch of which is like another.
fn jpeg_of(seed: u64, size: usize) -> Vec<u8> {
    let (mut bytes, mut state) = (pictures::jpeg(seed, 64, 48), seed | 1);
    while bytes.len() < size {
        // A comment says its length, itself included, in two bytes.
        let lack = size - bytes.len();
        let length = if lack > 0x1_0100 { 0xffff } else { lack.min(0xffff) - 2 - if lack > 0xffff { 8 } else { 0 } };
        let noise = (2..length).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        });
        let comment = [0xff, 0xfe].into_iter().chain(u16::try_from(length).unwrap().to_be_bytes()).chain(noise);
        let comment: Vec<u8> = comment.collect();
        bytes.splice(2..2, comment);
    }
    assert_eq!(bytes.len(), size);
    bytes
}

/// Files of uploads that are not whole.
fn left_behind(service: &Service) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(service.photo_folder().join("incoming/uploads")).into_iter().flatten().flatten();
    folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.path())).collect()
}

/// A request of which only a part of the body comes.
fn broken_off(service: &Service, username: &str, id: Uuid, at: usize, piece: &[u8], announced: usize) -> TcpStream {
    let token = service.try_sign_in(username, crate::support::service::PASSWORD).expect(201).json["token"].clone();
    let mut stream = TcpStream::connect(service.host()).unwrap();
    let head = format!(
        "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: {at}\r\ncontent-length: {announced}\r\n\r\n",
        service.host(),
        token.as_str().unwrap()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(piece).unwrap();
    stream
}

on_both! {
    fn what_is_spoken_is_told_to_anybody(db: TestDb) {
        let service = Service::start(db);
        let told = service.anybody().send("OPTIONS", "/uploads", &[], None).expect(204);
        assert_eq!(told.header("tus-version"), "1.0.0");
        assert_eq!(told.header("tus-resumable"), "1.0.0");
        assert_eq!(told.header("tus-extension"), "creation,creation-with-upload,checksum,expiration,termination");
        assert_eq!(told.header("tus-max-size"), FILE_BYTES_MAX.to_string());
        assert_eq!(told.header("tus-checksum-algorithm"), "sha1,sha256");
    }

    fn another_version_is_refused(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let path = format!("/uploads/{}", new_id());
        for (method, path) in [("POST", "/uploads"), ("PATCH", &*path), ("DELETE", &*path)] {
            for headers in [&[][..], &[("tus-resumable", "0.2.2")]] {
                let answer = inspector.send(method, path, headers, None).refused(412, "tus-version");
                assert_eq!((answer.header("tus-version"), answer.header("tus-resumable")), ("1.0.0", "1.0.0"));
            }
        }
        assert_eq!(inspector.send("HEAD", &path, &[], None).expect(412).header("tus-version"), "1.0.0");
    }

    fn a_photo_in_pieces_completes_the_report_that_waits_for_it(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, issue) = (service.sign_in("inspector01"), new_id(), new_id());
        let bytes = jpeg_of(3, 300_000);
        inspector.put_json(&format!("/issues/{issue}"), &service.report_body(&[id])).expect(201).in_state("receiving");
        let upload = Upload::new(&inspector, id, &bytes);
        let begun = upload.begin(None).expect(201);
        assert_eq!((begun.header("location"), begun.header("upload-offset")), (&*format!("/api/v1/uploads/{id}"), "0"));
        // Seven days from Monday, nine o'clock in the county.
        assert_eq!(begun.header("upload-expires"), "Mon, 10 Aug 2026 01:00:00 GMT");
        for (at, end) in [(0, 100_000), (100_000, 100_000), (100_000, 299_999)] {
            let taken = upload.patch(at, &bytes[at..end]).expect(204);
            assert_eq!((offset(&taken), taken.header("upload-expires")), (end, begun.header("upload-expires")));
            let asked = upload.head().expect(200);
            assert_eq!((offset(&asked), asked.header("upload-length")), (end, &*bytes.len().to_string()));
            assert_eq!(asked.header("cache-control"), "no-store");
            let kept = metadata(id, "image/jpeg", Some(Digest::of(&bytes)));
            assert_eq!(asked.header("upload-metadata"), kept.split_once(',').unwrap().1, "but for the file's name");
        }
        inspector.read(issue).in_state("receiving");
        let last = upload.patch(299_999, &bytes[299_999..]).expect(204);
        assert_eq!((offset(&last), last.header("upload-expires")), (bytes.len(), ""));
        inspector.read(issue).in_state("submitted");
        assert!(service.sign_in("office01").get(&format!("/photos/{id}/original")).expect(200).bytes == bytes);
        assert_eq!(left_behind(&service), Vec::<PathBuf>::new());
        // The answer was lost: asking for the offset shows that nothing is left to send.
        assert_eq!(upload.offset(), bytes.len());
        upload.patch(299_999, &bytes[299_999..]).refused(409, "upload-offset");
        upload.patch(bytes.len(), b"").expect(204);
        inspector.put_photo(id, &bytes).expect(200);
    }

    fn a_small_photo_needs_one_request(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        let upload = Upload::new(&inspector, id, &bytes);
        for _ in 0..3 {
            assert_eq!(offset(&upload.begin(Some(&bytes)).expect(201)), bytes.len());
        }
        assert_eq!(service.originals().len(), 1);
        inspector.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[id])).expect(201).in_state("submitted");
    }

    fn an_announcement_whose_answer_was_lost_is_made_again(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        let upload = Upload::new(&inspector, id, &bytes);
        let answers = at_once(8, |_| upload.begin(None));
        assert_eq!(count(&answers, 201), 8);
        assert_eq!(left_behind(&service).iter().filter(|path| path.extension().unwrap() == "state").count(), 1);
        // An announcement with a piece is taken once; bytes that have arrived since are kept.
        assert_eq!(offset(&upload.begin(Some(&bytes[..10])).expect(201)), 10);
        assert_eq!(offset(&upload.begin(Some(&bytes[..10])).expect(201)), 10);
        assert_eq!(offset(&upload.begin(None).expect(201)), 10);
        let other = |kind: &str, size: usize, digest| Upload::of(&inspector, id, kind, size, digest).begin(None);
        let digest = Some(Digest::of(&bytes));
        other("image/png", bytes.len(), digest).refused(409, "id-reused");
        other("image/jpeg", bytes.len() + 1, digest).refused(409, "id-reused");
        other("image/jpeg", bytes.len(), None).refused(409, "id-reused");
        upload.finish(&bytes);
        assert_eq!(offset(&upload.begin(None).expect(201)), bytes.len());
        other("image/jpeg", bytes.len() + 1, digest).refused(409, "id-reused");
        service.sign_in("inspector02").send("POST", "/uploads", &[TUS, ("upload-length", &*bytes.len().to_string()), ("upload-metadata", &*upload.metadata)], None).refused(409, "id-reused");
    }

    fn an_announcement_says_what_it_must(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let begin = |length: &str, metadata: &str| {
            let headers = [TUS, ("upload-length", length), ("upload-metadata", metadata)];
            inspector.send("POST", "/uploads", &headers, None)
        };
        let good = metadata(new_id(), "image/jpeg", None);
        begin("1000000", &metadata(new_id(), "text/html", None)).refused(415, "unsupported-media-type");
        begin("1000000", "filetype aW1hZ2UvanBlZw==").refused(422, "invalid-fields");
        begin("1000000", "id !").refused(400, "malformed-request");
        begin("1000000", &format!("{good},sha256 {}", STANDARD.encode("ab"))).refused(422, "invalid-fields");
        begin("1000000", &metadata("019c1e0a-0000-7000-8000-000000000000".parse().unwrap(), "image/jpeg", None)).refused(422, "invalid-fields");
        for length in ["", "-1", "+1", "1.5", "99999999999999999999"] {
            begin(length, &good).refused(400, "malformed-request");
        }
        begin(&(FILE_BYTES_MAX + 1).to_string(), &good).refused(413, "photo-too-large");
        let deferred = [TUS, ("upload-defer-length", "1"), ("upload-metadata", &*good)];
        inspector.send("POST", "/uploads", &deferred, None).refused(400, "malformed-request");
        let typed = [TUS, ("upload-length", "5"), ("upload-metadata", &*good), ("content-type", "image/jpeg")];
        inspector.send("POST", "/uploads", &typed, Some(b"bytes")).refused(415, "unsupported-media-type");
        assert_eq!(left_behind(&service), Vec::<PathBuf>::new());
        begin(&FILE_BYTES_MAX.to_string(), &good).expect(201);
    }

    fn a_piece_goes_where_the_upload_stands(db: TestDb) {
        let service = Service::start(db);
        let (inspector, bytes) = (service.sign_in("inspector01"), service.picture());
        let upload = Upload::new(&inspector, new_id(), &bytes);
        upload.begin(None).expect(201);
        upload.patch(1, &bytes[1..]).refused(409, "upload-offset");
        upload.patch(0, &bytes[..50]).expect(204);
        upload.patch(0, &bytes[..50]).refused(409, "upload-offset");
        upload.patch(51, &bytes[51..]).refused(409, "upload-offset");
        upload.patch(50, &[&bytes[50..], b"more"].concat()).refused(413, "body-too-large");
        let path = upload.path.clone();
        let typed = [TUS, ("content-type", "application/octet-stream"), ("upload-offset", "50")];
        inspector.send("PATCH", &path, &typed, Some(&bytes[50..])).refused(415, "unsupported-media-type");
        inspector.send("PATCH", &path, &[TUS, PIECE], Some(&bytes[50..])).refused(400, "malformed-request");
        assert_eq!(upload.offset(), 50);
        upload.finish(&bytes);
        assert_eq!(service.originals().len(), 1);
    }

    fn a_piece_that_was_damaged_on_the_way_leaves_no_trace(db: TestDb) {
        let service = Service::start(db);
        let (inspector, bytes) = (service.sign_in("inspector01"), service.picture());
        let upload = Upload::new(&inspector, new_id(), &bytes);
        let sha1 = |piece: &[u8]| format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(piece)));
        let sha256 = |piece: &[u8]| format!("sha256 {}", STANDARD.encode(Digest::of(piece).as_bytes()));
        let patch = |at, piece: &[u8], checksum: &str| upload.patch_with(at, piece, &[("upload-checksum", checksum)]);
        upload.begin(None).expect(201);
        patch(0, &bytes[..50], &sha1(&bytes[..49])).refused(460, "checksum-mismatch");
        patch(0, &bytes[..50], &sha256(&bytes[..49])).refused(460, "checksum-mismatch");
        patch(0, &bytes[..50], "md5 AAAAAAAAAAAAAAAAAAAAAA==").refused(400, "malformed-request");
        patch(0, &bytes[..50], "sha1 AAAA").refused(400, "malformed-request");
        patch(0, &bytes[..50], "sha1").refused(400, "malformed-request");
        assert_eq!(upload.offset(), 0);
        patch(0, &bytes[..50], &sha1(&bytes[..50])).expect(204);
        patch(50, &bytes[50..], &sha256(b"")).refused(460, "checksum-mismatch");
        assert_eq!(upload.offset(), 50);
        patch(50, &bytes[50..], &sha256(&bytes[50..])).expect(204);
        assert_eq!(service.originals().len(), 1);
    }

    fn an_upload_is_nobody_elses(db: TestDb) {
        let service = Service::start(db);
        let (bytes, id) = (service.picture(), new_id());
        let [mine, other] = ["inspector01", "inspector02"].map(|name| service.sign_in(name));
        let [upload, foreign] = [&mine, &other].map(|client| Upload::new(client, id, &bytes));
        upload.begin(Some(&bytes[..50])).expect(201);
        foreign.head().expect(404);
        foreign.patch(50, &bytes[50..]).refused(404, "not-found");
        foreign.delete().refused(404, "not-found");
        assert_eq!(upload.offset(), 50);
        // Before the photo exists the id belongs to nobody, as with sending it whole; the first of the two wins.
        foreign.begin(Some(&bytes[..60])).expect(201);
        upload.finish(&bytes);
        foreign.patch(60, &bytes[60..]).refused(404, "not-found");
        foreign.head().expect(404);
        foreign.begin(None).refused(409, "id-reused");
        assert_eq!((service.originals().len(), left_behind(&service).len()), (1, 0));
    }

    fn of_pieces_at_once_none_is_doubled(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let bytes = jpeg_of(5, 400_000);
        let upload = Upload::new(&inspector, id, &bytes);
        upload.begin(None).expect(201);
        for (at, end) in [(0, 200_000), (200_000, 400_000)] {
            // Each request ends the wait for another's body, so each may have to ask for the offset.
            at_once(4, |_| {
                loop {
                    let begin = upload.offset();
                    if begin >= end {
                        return upload.head();
                    }
                    assert!(begin >= at);
                    let answer = upload.patch(begin, &bytes[begin..end]);
                    assert!(matches!(answer.status, 204 | 400 | 409), "{}", answer.json);
                }
            });
            assert_eq!(upload.offset(), end);
        }
        assert!(bytes.len() == 400_000 && service.originals().len() == 1);
        inspector.put_photo(id, &bytes).expect(200);
    }

    fn what_came_of_a_body_that_broke_off_is_kept(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        let upload = Upload::new(&inspector, id, &bytes);
        upload.begin(None).expect(201);
        let mut broken = broken_off(&service, "inspector01", id, 0, &bytes[..400], bytes.len());
        broken.shutdown(std::net::Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        // However the connection ends.
        let _ = broken.read_to_end(&mut rest);
        assert_eq!(upload.offset(), 400);
        upload.finish(&bytes);
    }

    fn who_comes_back_does_not_wait_for_the_connection_that_died(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        let upload = Upload::new(&inspector, id, &bytes);
        upload.begin(None).expect(201);
        let silent = broken_off(&service, "inspector01", id, 0, &bytes[..400], bytes.len());
        // Were it waited for, the service's patience of half a minute would answer both.
        assert!(upload.offset() <= 400);
        upload.finish(&bytes);
        drop(silent);
        inspector.put_photo(id, &bytes).expect(200);
    }

    fn what_is_no_photo_is_refused_as_in_one_piece(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let whole = service.picture();
        for (bytes, kind, status, code) in [
            (Vec::new(), "image/jpeg", 422, "photo-empty"),
            (pictures::truncated(&whole, 500), "image/jpeg", 422, "photo-truncated"),
            (pictures::html(), "image/jpeg", 415, "unsupported-media-type"),
            (pictures::png(1, 64, 64), "image/jpeg", 415, "media-type-mismatch"),
            (pictures::png_bomb(), "image/png", 422, "photo-dimensions"),
            (pictures::apng(1, 64, 64), "image/png", 422, "photo-animated"),
            (pictures::animated_webp(1, 64, 64), "image/webp", 422, "photo-animated"),
        ] {
            let id = new_id();
            inspector.put_bytes(&format!("/photos/{id}"), kind, &bytes).refused(status, code);
            let upload = Upload::of(&inspector, id, kind, bytes.len(), Some(Digest::of(&bytes)));
            if bytes.is_empty() {
                upload.begin(None).refused(status, code);
            } else {
                upload.begin(Some(&bytes[..10])).expect(201);
                upload.patch(10, &bytes[10..]).refused(status, code);
            }
            upload.head().expect(404);
            assert!(service.originals().is_empty() && left_behind(&service).is_empty(), "{code}");
        }
        let id = new_id();
        let upload = Upload::of(&inspector, id, "image/jpeg", whole.len(), Some(Digest::of(b"")));
        upload.begin(Some(&whole)).refused(422, "digest-mismatch");
        // What a report expects counts, too.
        let mut body = service.report_body(&[id]);
        body["photos"][0]["sha256"] = json!("0".repeat(64));
        inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        Upload::new(&inspector, id, &whole).begin(Some(&whole)).refused(422, "digest-mismatch");
        assert!(service.originals().is_empty() && left_behind(&service).is_empty());
    }

    fn one_person_begins_only_so_much(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let begin = |size| {
            let id = new_id();
            let answer = Upload::of(&inspector, id, "image/jpeg", size, None).begin(None);
            (id, answer)
        };
        // Ten of the largest are 400 MiB of 410.
        let large: Vec<_> = (0..10).map(|_| begin(FILE_BYTES_MAX)).map(|(id, answer)| (id, answer.expect(201)).0).collect();
        let refused = begin(FILE_BYTES_MAX).1.refused(429, "too-many-uploads");
        assert_eq!(refused.header("retry-after"), "60");
        for _ in 10..32 {
            begin(1_000).1.expect(201);
        }
        begin(1_000).1.refused(429, "too-many-uploads");
        // An existing upload can be announced again, and others have their own limits.
        Upload::of(&inspector, large[0], "image/jpeg", FILE_BYTES_MAX, None).begin(None).expect(201);
        Upload::of(&service.sign_in("unit02"), new_id(), "image/jpeg", 1_000, None).begin(None).expect(201);
        Upload::of(&inspector, large[0], "image/jpeg", FILE_BYTES_MAX, None).delete().expect(204);
        begin(1_000).1.expect(201);
    }

    fn an_upload_that_is_given_up_leaves_nothing(db: TestDb) {
        let service = Service::start(db);
        let (inspector, bytes) = (service.sign_in("inspector01"), service.picture());
        let upload = Upload::new(&inspector, new_id(), &bytes);
        upload.begin(Some(&bytes[..50])).expect(201);
        upload.delete().expect(204);
        assert_eq!(left_behind(&service), Vec::<PathBuf>::new());
        upload.delete().refused(404, "not-found");
        upload.head().expect(404);
        upload.patch(50, &bytes[50..]).refused(404, "not-found");
        assert_eq!(offset(&upload.begin(Some(&bytes)).expect(201)), bytes.len());
        upload.delete().refused(404, "not-found");
        assert_eq!(service.originals().len(), 1);
    }

    fn an_upload_ends_after_a_week(db: TestDb) {
        let service = Service::start(db);
        let (inspector, bytes) = (service.sign_in("inspector01"), service.picture());
        let uploads = [new_id(), new_id()].map(|id| Upload::new(&inspector, id, &bytes));
        for upload in &uploads {
            upload.begin(Some(&bytes[..50])).expect(201);
        }
        service.pass(DAY * 7 - std::time::Duration::from_secs(1));
        service.drain_jobs();
        assert_eq!(uploads[0].offset(), 50);
        service.pass(std::time::Duration::from_secs(1));
        uploads[0].head().expect(404);
        uploads[0].patch(50, &bytes[50..]).refused(404, "not-found");
        service.pass(HOUR);
        // The upload starts again from the beginning; what nobody requests is removed all the same.
        assert_eq!(offset(&uploads[0].begin(None).expect(201)), 0);
        service.drain_jobs();
        assert!(left_behind(&service).iter().all(|path| path.to_str().unwrap().contains(&*uploads[0].path[9..].replace('-', ""))));
        uploads[0].finish(&bytes);
    }

    /// All bytes were kept, then the process died, or the database was away.
    fn the_last_byte_is_acknowledged_for_a_photo_only(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, issue, bytes) = (service.sign_in("inspector01"), new_id(), new_id(), service.picture());
        inspector.put_json(&format!("/issues/{issue}"), &service.report_body(&[id])).expect(201).in_state("receiving");
        let upload = Upload::new(&inspector, id, &bytes);
        upload.begin(None).expect(201);
        let owner = UserId(service.user_id("inspector01").parse().unwrap());
        let mut partial = service.app.photo_store.open_partial(owner, PhotoId(id)).unwrap();
        partial.write(&bytes).unwrap();
        partial.keep().unwrap();
        assert!(service.originals().is_empty());
        assert_eq!(upload.offset(), bytes.len());
        inspector.read(issue).in_state("submitted");
        assert_eq!((service.originals().len(), left_behind(&service).len()), (1, 0));
    }

    fn a_method_can_be_named_in_a_header(db: TestDb) {
        let service = Service::start(db);
        let (inspector, bytes) = (service.sign_in("inspector01"), service.picture());
        let upload = Upload::new(&inspector, new_id(), &bytes);
        upload.begin(None).expect(201);
        let by = |method: &str, more: &[(&str, &str)], body: &[u8]| {
            let headers = [&[TUS, ("x-http-method-override", method)], more].concat();
            inspector.send("POST", &upload.path, &headers, Some(body))
        };
        by("PATCH", &[PIECE, ("upload-offset", "0")], &bytes[..50]).expect(204);
        assert_eq!(offset(&by("HEAD", &[], b"").expect(200)), 50);
        by("DELETE", &[], b"").expect(204);
        by("PUT", &[], b"").refused(405, "method-not-allowed");
        upload.head().expect(404);
    }
}

/// One request of tus to the real program: status, offset; `None` when it died under the question.
fn ask(
    base: &str,
    token: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<(u16, Option<usize>)> {
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{base}{path}"));
    for (name, value) in headers.iter().chain(&[TUS]) {
        request = request.header(*name, *value);
    }
    let request = request.header("authorization", format!("Bearer {token}"));
    let answer = agent().run(request.body(body).unwrap()).ok()?;
    let offset = answer.headers().get("upload-offset").map(|value| value.to_str().unwrap().parse().unwrap());
    Some((answer.status().as_u16(), offset))
}

/// Kills of the real program, each at another point of an upload.
const KILLS_SQLITE: usize = 40;
const KILLS_POSTGRES: usize = 10;

fn killed_at_any_offset(backend: Backend, kills: usize) {
    let Some(db) = TestDb::create_empty(backend) else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = match db.url() {
        anfang::store::DatabaseUrl::Sqlite(_) => None,
        anfang::store::DatabaseUrl::Postgres(address) => Some(address),
    };
    let start = || Program::start(folder.path(), url.as_deref(), &[]);
    let token = sign_in(&start().base, "inspector01");
    let (mut killed, mut photos, mut seed) = (0, Vec::new(), 0);
    while killed < kills {
        seed += 1;
        let bytes = jpeg_of(seed, 400_000);
        let id = new_id();
        let path = format!("/uploads/{id}");
        let (length, told) = (bytes.len().to_string(), metadata(id, "image/jpeg", Some(Digest::of(&bytes))));
        let begun = [("upload-length", &*length), ("upload-metadata", &*told)];
        let acknowledged = AtomicUsize::new(0);
        while acknowledged.load(Ordering::SeqCst) < bytes.len() {
            let program = std::sync::Mutex::new(start());
            let base = program.lock().unwrap().base.clone();
            // After a random number of bytes have left for the program, wherever they are then.
            let last = SystemRandom.below(400_000) as usize;
            let send = || -> Option<()> {
                // The announcement is always sent again, because this side does not know whether its answer was lost.
                let (status, at) = ask(&base, &token, "POST", "/uploads", &begun, b"")?;
                assert_eq!(status, 201);
                let (status, asked) = ask(&base, &token, "HEAD", &path, &[], b"")?;
                assert_eq!((status, asked), (200, at));
                let mut at = at.unwrap();
                assert!(at >= acknowledged.load(Ordering::SeqCst), "an acknowledged offset was lost");
                acknowledged.store(at, Ordering::SeqCst);
                while at < bytes.len() {
                    let end = bytes.len().min(at + 1 + SystemRandom.below(150_000) as usize);
                    let offset = at.to_string();
                    let dying = end > last && killed < kills;
                    let answer = std::thread::scope(|scope| {
                        if dying {
                            scope.spawn(|| program.lock().unwrap().child.kill().unwrap());
                        }
                        ask(&base, &token, "PATCH", &path, &[PIECE, ("upload-offset", &*offset)], &bytes[at..end])
                    });
                    let (status, stands) = answer?;
                    assert_eq!((status, stands), (204, Some(end)));
                    at = end;
                    acknowledged.store(at, Ordering::SeqCst);
                }
                Some(())
            };
            if send().is_none() {
                killed += 1;
            }
        }
        photos.push((id, Digest::of(&bytes)));
    }
    for (id, digest) in &photos {
        let name = digest.to_string();
        let original = std::fs::read(folder.path().join("photos/originals").join(&name[..2]).join(&name)).unwrap();
        assert_eq!(Digest::of(&original), *digest, "{id} is not what was sent");
    }
    let rest = std::fs::read_dir(folder.path().join("photos/incoming/uploads")).unwrap().flatten();
    assert_eq!(rest.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap()).count(), 0);
}

#[test]
fn an_acknowledged_offset_outlives_kills_on_sqlite() {
    killed_at_any_offset(Backend::Sqlite, KILLS_SQLITE);
}

#[test]
fn an_acknowledged_offset_outlives_kills_on_postgres() {
    killed_at_any_offset(Backend::Postgres, KILLS_POSTGRES);
}

/// Syncs of one piece, in order. Source: guarantee G1.
#[test]
fn a_piece_is_synced_before_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let calls = "trace=fsync,fdatasync,pwrite64";
    let wrapper = ["strace", "-D", "-f", "-y", "-qq", "-e", calls, "-o", trace.to_str().unwrap()];
    let program = Program::start(&folder.path().join("data"), None, &wrapper);
    let token = sign_in(&program.base, "inspector01");
    let (id, bytes) = (new_id(), pictures::jpeg(9, 64, 48));
    let told = metadata(id, "image/jpeg", None);
    let begun = [("upload-length", &*bytes.len().to_string()), ("upload-metadata", &*told)];
    ask(&program.base, &token, "POST", "/uploads", &begun, b"").unwrap();
    let lines = || std::fs::read_to_string(&trace).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let before = lines().len();
    let piece = [PIECE, ("upload-offset", "0")];
    let answer = ask(&program.base, &token, "PATCH", &format!("/uploads/{id}"), &piece, &bytes[..100]);
    assert_eq!(answer, Some((204, Some(100))));
    let calls: Vec<String> = lines().into_iter().skip(before).collect();
    let at = |words: &[&str]| calls.iter().position(|line| words.iter().all(|word| line.contains(word)));
    let data = at(&["fdatasync", ".bytes"]).expect("the bytes are synced");
    let written = at(&["pwrite64", ".state"]).expect("the offset is written");
    let state = at(&["fdatasync", ".state"]).expect("and synced");
    assert!(data < written && written < state, "{calls:#?}");
}
