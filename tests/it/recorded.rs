//! A recorded session: a fixed history is played, and each role reads everything after some of its chapters.
//! `tests/fixtures/session.txt` has a digest of all answers to each role and route, so a change of the contract does not
//! go unnoticed, whatever it is: a field, an order, a header, a word of a problem.
//!
//! `UPDATE_FIXTURES=1` records it anew. To see what has changed, `RECORD_SESSION=FILE` writes the answers in full, here
//! and at the commit before, for a comparison by `diff`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anfang::domain::digest::Digest;
use serde_json::Value;

use crate::concealed_times::{CHAPTERS, ISSUES, refusals, route};
use crate::support::backend::{Backend, TestDb};
use crate::support::story::{Story, id};
use crate::support::transcript::{comparable, transcript};

const RECORDED: &str = "tests/fixtures/session.txt";

/// One for each view of an issue: its finder, an inspector with a visit, the unit, and so on.
const READERS: [&str; 6] = ["admin", "inspector01", "inspector02", "leader01", "office01", "unit02"];

/// Chapters of the history after which everything is read.
const READ_AFTER: [usize; 2] = [2, 8];

/// Objects that are asked for besides the issues.
const OTHERS: usize = 12;

/// Each answer, by chapter, reader and request.
fn play(db: TestDb) -> BTreeMap<(String, String), String> {
    let story = Story::new(db, Duration::from_millis(17_391));
    let mut session = BTreeMap::new();
    let mut names = Names::default();
    for (number, (then, chapter)) in CHAPTERS.iter().enumerate() {
        chapter(&story);
        story.until(then);
        story.service.drain_jobs();
        if !READ_AFTER.contains(&number) {
            continue;
        }
        // All issues, and some of the photos, people and so on.
        let mut ids: BTreeSet<_> = ISSUES.iter().map(|(issue, ..)| id(*issue)).collect();
        ids.extend(story.ids().into_iter().take(OTHERS));
        let mut answers: Vec<(String, String, _)> = Vec::new();
        for reader in READERS {
            let told = transcript(&story.service, reader, &ids, &[]);
            answers.extend(told.into_iter().map(|(path, answer)| (format!("{number} {reader}"), path, answer)));
        }
        if number >= 5 {
            let refused = refusals(&story);
            answers.extend(refused.into_iter().map(|(step, answer)| (format!("{number} refusals"), step, answer)));
        }
        for (who, path, answer) in answers {
            let (status, headers, mut body) = comparable(&answer);
            if path == "/notices" {
                body = in_order(&answer.json);
            }
            let text = format!("{status}\n{}\n\n{body}\n", headers.join("\n"));
            session.insert((who, names.in_place_of_ids(&path)), names.in_place_of_ids(&text));
        }
    }
    session
}

/// Notices of the same time are in the order of ids that the service draws.
fn in_order(notices: &Value) -> String {
    let mut notices = notices.clone();
    if let Some(items) = notices["items"].as_array_mut() {
        let number = |item: &Value| item["issue"]["number"].as_str().unwrap_or_default().to_owned();
        items.sort_by_key(|item| (Reverse(item["at"].to_string()), item["kind"].to_string(), number(item)));
    }
    notices.to_string()
}

/// Names for what the service draws, in the order in which it first appears: other versions draw in another order.
#[derive(Default)]
struct Names(BTreeMap<String, usize>);

impl Names {
    fn in_place_of_ids(&mut self, text: &str) -> String {
        let (mut named, mut rest) = (String::with_capacity(text.len()), text);
        let is_id = |part: &str| part.as_bytes()[8] == b'-' && part.parse::<uuid::Uuid>().is_ok();
        while let Some(at) = (0..rest.len()).find(|at| rest.get(*at..at + 36).is_some_and(is_id)) {
            let (before, id) = (&rest[..at], &rest[at..at + 36]);
            let next = self.0.len();
            let number = *self.0.entry(id.to_owned()).or_insert(next);
            write!(named, "{before}id-{number}").unwrap();
            rest = &rest[at + 36..];
        }
        named + rest
    }
}

fn digests(session: &BTreeMap<(String, String), String>) -> String {
    let mut routes: BTreeMap<(&str, String), (usize, String)> = BTreeMap::new();
    for ((who, path), answer) in session {
        let place = route(path);
        let template: Vec<&str> =
            place.split('/').map(|part| if part.starts_with("id-") { "{id}" } else { part }).collect();
        let (count, all) = routes.entry((who, template.join("/"))).or_default();
        *count += 1;
        write!(all, "{path}\n{answer}").unwrap();
    }
    let mut text = String::from("# chapter, reader, route, number and digest of the answers: tests/it/recorded.rs\n");
    for ((who, route), (count, all)) in routes {
        let digest = Digest::of(all.as_bytes()).to_string();
        writeln!(text, "{who} {route} {count} {}", &digest[..16]).unwrap();
    }
    text
}

on_both! {
    fn a_session_is_answered_as_it_was_recorded(db: TestDb) {
        let backend = db.backend();
        let session = play(db);
        if let Ok(file) = std::env::var("RECORD_SESSION") {
            let full: String = session.iter().map(|((who, path), answer)| format!("=== {who} {path}\n{answer}")).collect();
            std::fs::write(format!("{file}.{backend:?}"), full).unwrap();
        }
        let (path, now) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORDED), digests(&session));
        if backend == Backend::Sqlite && std::env::var("UPDATE_FIXTURES").is_ok_and(|value| value == "1") {
            std::fs::write(&path, &now).unwrap();
        }
        let then = std::fs::read_to_string(&path).unwrap_or_default();
        let [now, then] = [&now, &then].map(|text| text.lines().collect::<BTreeSet<_>>());
        let [new, gone] = [now.difference(&then), then.difference(&now)].map(|lines| lines.collect::<Vec<_>>());
        assert!(new.is_empty() && gone.is_empty(), "answers have changed: {new:#?} where {gone:#?} was recorded");
    }
}
