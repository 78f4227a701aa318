//! Plays a history twice, with a difference that must not be visible.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use anfang::app::ambient::Random;
use anfang::domain::issue::Action;
use anfang::domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::backend::TestDb;
use super::pictures::{self, Exif};
use super::service::Service;

/// A repeatable random generator. Numbers below an end, which issue numbers are drawn as, are a sequence of their own:
/// otherwise a draw by something unreleased would show as other numbers.
#[derive(Default)]
pub struct Again {
    bytes: AtomicU64,
    numbers: AtomicU32,
}

impl Random for Again {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes.chunks_mut(8) {
            let mut z = self.bytes.fetch_add(1, Ordering::SeqCst).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            byte.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..byte.len()]);
        }
    }

    fn below(&self, end: u32) -> u32 {
        self.numbers.fetch_add(1, Ordering::SeqCst).wrapping_mul(2_654_435_761) % end.max(1)
    }
}

/// An id that the client chooses.
pub fn id(number: u128) -> Uuid {
    uuid::Builder::from_random_bytes((number * 0x0123_4567_89ab_cdef_0123_4567).to_be_bytes()).into_uuid()
}

/// One run of the history.
pub struct Story {
    pub service: Service,
    /// Delay before each concealed act.
    shift: Duration,
    /// Times of the concealed acts.
    pub secrets: RefCell<Vec<(&'static str, Timestamp)>>,
    acts: Cell<u128>,
}

impl Story {
    pub fn new(db: TestDb, shift: Duration) -> Self {
        let service = Service::start_with(db, Arc::new(Again::default()));
        Story { service, shift, secrets: RefCell::default(), acts: Cell::new(0) }
    }

    /// Moves the clock to a local time of the county, `2026-08-03T14:00`.
    pub fn until(&self, local: &str) {
        let then = Timestamp::parse(&format!("{local}:00+08:00")).unwrap();
        assert!(then >= self.service.app.now(), "{local} has passed");
        self.service.pass(then.since(self.service.app.now()));
    }

    /// Does something at a time that others must not learn.
    pub fn secretly(&self, what: &'static str, act: impl FnOnce()) {
        self.service.pass(self.shift);
        self.secrets.borrow_mut().push((what, self.service.app.now()));
        act();
    }

    /// Photos under repeatable ids; the picture follows from the id.
    pub fn photos(&self, username: &str, views: &[&str], exif: &Exif) -> Value {
        let first = self.named(views)[0].0;
        self.send(username, first, views.len(), exif);
        (first..).zip(views).map(|(number, view)| json!({"id": id(number), "view": view})).collect()
    }

    /// Names photos that may be uploaded later.
    pub fn named<'a>(&self, views: &[&'a str]) -> Vec<(u128, &'a str)> {
        let first = self.acts.get();
        self.acts.set(first + 100);
        (first + 1_000..).zip(views.iter().copied()).collect()
    }

    /// Uploads the photos with these numbers.
    pub fn send(&self, username: &str, first: u128, count: usize, exif: &Exif) {
        let client = self.service.sign_in(username);
        for number in (first..).take(count) {
            let picture = pictures::jpeg(u64::try_from(number).unwrap(), 160, 120);
            client.put_photo(id(number), &exif.put_into_jpeg(&picture)).expect(201);
        }
    }

    pub fn step(&self, issue: u128, username: &str, action: Action, body: &Value) {
        self.service.step(id(issue), username, action, body);
    }

    /// unit02 reports a fix.
    pub fn fix(&self, issue: u128) {
        let photos = self.photos("unit02", &["same-angle", "wide"], &Exif::default());
        let body = json!({"measure": "已清走", "remedy": "quick", "photos": photos});
        self.step(issue, "unit02", Action::ReportFix, &body);
    }

    /// The office answers the unit's last request.
    pub fn decide(&self, issue: u128, username: &str, action: Action, granted: bool) {
        let read = self.service.sign_in("office01").read(id(issue)).json;
        let last = read["requests"].as_array().unwrap().last().unwrap().clone();
        let body = json!({"request_id": last["id"], "granted": granted, "reason": "答复"});
        self.step(issue, username, action, &body);
    }

    pub fn given(&self, username: &str) -> Value {
        json!({"inspector_id": self.service.user_id(username)})
    }

    /// Every id that the office knows of.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        let listed = self.service.sign_in("office01").get("/issues?limit=200").expect(200);
        let (mut ids, mut open) = (BTreeSet::new(), vec![&listed.json]);
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items),
                Value::Object(fields) => open.extend(fields.values()),
                Value::String(text) => ids.extend(text.parse::<Uuid>().ok()),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        ids
    }
}
