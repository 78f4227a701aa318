//! Times that would reveal a visit. From what units and leaders read, nobody can compute an instant at which somebody
//! was at a place, or worked at a desk because of a visit. The same history is played twice, with these instants at
//! different times within their half days: both must look the same to these readers, byte by byte; and no sum or
//! difference of the times that they read may equal such an instant.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anfang::domain::issue::Action;
use anfang::domain::shown_time::{Fineness, MOMENTS};
use serde_json::{Value, json};

use crate::generated::{HEAD, hold};
use crate::matrix;
use crate::support::backend::TestDb;
use crate::support::cast::{self, Person};
use crate::support::pictures::Exif;
use crate::support::story::{Story, id};
use crate::support::transcript::{Transcript, answers, assert_same, document, existing, instants, transcript};

const CHECKED: u128 = 1;
const SHORT: u128 = 2;
const LONG: u128 = 3;
const FIXED: u128 = 4;
const HUNG_DAYS: u128 = 5;
const HUNG_HOURS: u128 = 6;
const HUNG_FIXED: u128 = 7;
const ASKED: u128 = 8;
const DISPUTED: u128 = 9;
const PLANNED: u128 = 10;
const UNPLANNED: u128 = 11;
const CONFIRMED: u128 = 12;

/// Each with its item: limits in working days, in working hours, and set by a person.
pub const ISSUES: [(u128, &str, &str); 12] = [
    (CHECKED, "990001-MKT-0001", "WM-02"),
    (SHORT, "990001-LANE-0001", "WM-03"),
    (LONG, "990001-MKT-0001", "WM-01"),
    (FIXED, "990001-LANE-0001", "WM-06"),
    (HUNG_DAYS, "990001-MKT-0001", "WM-02"),
    (HUNG_HOURS, "990001-LANE-0001", "WS-01"),
    (HUNG_FIXED, "990001-LANE-0001", "WM-06"),
    (ASKED, "990001-MKT-0001", "WM-01"),
    (DISPUTED, "990001-MKT-0001", "WM-02"),
    (PLANNED, "990001-LANE-0001", "WM-03"),
    (UNPLANNED, "990001-MKT-0001", "WM-02"),
    (CONFIRMED, "990001-LANE-0001", "WM-03"),
];

/// One part of the story. The next part starts at a whole minute, independent of the concealed times in this one.
pub type Chapter = (&'static str, fn(&Story));

/// What is concealed is so within one half day each; all else happens at whole minutes.
pub const CHAPTERS: &[Chapter] = &[
    ("2026-08-03T14:00", |story| {
        make_vice_head(story);
        let mut photos = Vec::new();
        story.secretly("when it was found and reported", || {
            for (issue, point, item) in ISSUES {
                let severity = if issue == CONFIRMED { "high" } else { "low" };
                let mut body = story.service.report_at(point, item, severity, &[]);
                let named = story.named(&["far", "near"]);
                body["photos"] = named.iter().map(|(number, view)| json!({"id": id(*number), "view": view})).collect();
                body["captured_at"] = json!(story.service.app.now().minus(Duration::from_millis(5_003)));
                let inspector = story.service.sign_in("inspector01");
                inspector.put_json(&format!("/issues/{}", id(issue)), &body).expect(201).in_state("receiving");
                photos.push(named[0].0);
            }
        });
        story.secretly("when its photos came", || {
            for first in photos {
                story.send("inspector01", first, 2, &Exif::default());
            }
        });
        story.secretly("when it was approved", || {
            for (issue, _, item) in ISSUES {
                let mut body = json!({"unit_id": story.service.unit("U02")});
                if item == "WM-06" {
                    body["due"] = json!("2026-08-14T18:00:00+08:00");
                }
                story.step(issue, "office01", Action::Approve, &body);
            }
        });
    }),
    ("2026-08-03T14:30", |story| {
        for (issue, ..) in ISSUES {
            story.step(issue, "office02", Action::Release, &json!({}));
        }
    }),
    ("2026-08-04T09:00", |story| {
        for (issue, ..) in ISSUES {
            story.step(issue, "unit02", Action::SignIn, &json!({"handler": "王五"}));
        }
        story.step(ASKED, "unit02", Action::RequestExtension, &json!({"reason": "缺料"}));
        story.step(DISPUTED, "unit02", Action::Dispute, &json!({"reason": "不属实"}));
        for issue in [PLANNED, UNPLANNED] {
            let photos = story.photos("unit02", &["wide"], &Exif::default());
            let plan = json!([{"milestone": "拆除", "due": "2026-08-10"}]);
            story.step(
                issue,
                "unit02",
                Action::RequestHang,
                &json!({"plan": plan, "reason": "需施工", "photos": photos}),
            );
        }
    }),
    ("2026-08-04T14:00", |story| {
        for issue in [CHECKED, SHORT, LONG, FIXED, CONFIRMED] {
            story.fix(issue);
        }
        story.step(CONFIRMED, "unit01", Action::ConfirmFix, &json!({}));
        story.secretly("when the checks were given", || {
            for issue in [CHECKED, SHORT] {
                story.step(issue, "office01", Action::AssignCheck, &story.given("inspector02"));
            }
        });
        story.secretly("when one passed", || {
            story.step(CHECKED, "inspector02", Action::Pass, &json!({"on_site": true}));
        });
        story.secretly("when the others failed", || {
            let photos = story.photos("inspector02", &["detail"], &Exif::default());
            let body = json!({"reason": "仍有一辆", "photos": photos});
            story.step(SHORT, "inspector02", Action::Fail, &body);
            for issue in [LONG, FIXED, CONFIRMED] {
                story.step(issue, "office01", Action::Fail, &json!({"reason": "仍有一辆"}));
            }
        });
        story.secretly("when some were hung", || {
            for issue in [HUNG_DAYS, HUNG_HOURS, HUNG_FIXED] {
                let plan = json!([{"milestone": "拆除", "due": "2026-09-01"}]);
                story.step(issue, "office01", Action::Hang, &json!({"plan": plan, "reason": "需施工"}));
            }
        });
        story.secretly("when requests were decided", || {
            story.decide(ASKED, "office01", Action::DecideExtension, true);
            story.decide(DISPUTED, "office02", Action::DecideDispute, false);
            // The plan ends by itself, a week later.
            story.decide(PLANNED, "office01", Action::DecideHang, true);
            story.decide(UNPLANNED, "office01", Action::DecideHang, false);
        });
    }),
    ("2026-08-05T14:00", |story| {
        story.until("2026-08-05T09:00");
        story.secretly("when they were taken up again", || {
            for issue in [HUNG_DAYS, HUNG_HOURS, HUNG_FIXED] {
                story.step(issue, "office01", Action::Unhang, &json!({}));
            }
        });
    }),
    ("2026-08-06T14:00", |story| {
        story.fix(SHORT);
        story.until("2026-08-06T09:00");
        story.secretly("when it passed at last", || {
            story.step(SHORT, "inspector02", Action::Pass, &json!({"on_site": true}));
        });
    }),
    ("2026-08-20T14:00", |story| {
        story.until("2026-08-20T09:00");
        story.secretly("when the look-back was given", || {
            story.step(SHORT, "office01", Action::AssignLookBack, &story.given("inspector03"));
        });
        story.secretly("when it was looked back on", || {
            let photos = story.photos("inspector03", &["far"], &Exif::default());
            let body = json!({"held": false, "photos": photos, "note": "又乱了"});
            story.step(SHORT, "inspector03", Action::LookBack, &body);
        });
    }),
    // Ninety days after one closing, to the minute: the other telling's was later.
    ("2026-11-02T09:10", |_| {}),
    ("2026-11-03T08:00", |_| {}),
];

/// Gives the unit that does it all a vice head.
fn make_vice_head(story: &Story) {
    let path = format!("/users/{}", story.service.user_id("unit01"));
    let body = json!({"unit_id": story.service.unit("U02"), "vice_head": true}).to_string();
    let headers = [("content-type", "application/json")];
    story.service.sign_in("admin").send("PATCH", &path, &headers, Some(body.as_bytes())).expect(200);
    // Its earlier sign-in has ended.
    story.service.pass(Duration::ZERO);
}

/// Steps that units ask for and are refused, since the time or the state is wrong: what the refusals say.
pub fn refusals(story: &Story) -> Transcript {
    let unit = story.service.sign_in("unit02");
    let mut told = Transcript::new();
    for (issue, ..) in ISSUES {
        let version = unit.read(id(issue)).version();
        for (action, body) in [
            ("return", json!({"reason": "不归我管"})),
            ("dispute", json!({"reason": "不属实"})),
            // A first one has a longest; who had one may ask for more.
            (
                "request-extension",
                json!({"reason": "缺料", "until": if issue == ASKED { "x" } else { "2099-01-01T00:00:00Z" }}),
            ),
            ("request-extension", json!({"reason": "缺料", "until": "2026-08-01T00:00:00Z"})),
        ] {
            let answer = unit.act(id(issue), action, version, &body);
            assert_ne!(answer.status, 200, "{issue} {action}");
            told.insert(format!("{action} {issue} {}", body["until"]), answer);
        }
    }
    told
}

/// What units and leaders were told in the course of a story.
#[derive(Default)]
struct Told {
    instants: BTreeSet<i64>,
    /// Where they were told.
    places: BTreeMap<String, i64>,
}

impl Told {
    fn note(&mut self, told: &Transcript) {
        for (path, answer) in told {
            for (place, at) in instants("", answer) {
                self.instants.insert(at);
                self.places.insert(format!("{} {place}", route(path)), at);
            }
        }
    }

    /// How each of these instants can be computed from what was told, up to whole minutes: every limit, window and
    /// hour of the county is a number of these.
    fn derivations(
        &self,
        secrets: &[(&'static str, anfang::domain::time::Timestamp)],
    ) -> BTreeMap<&'static str, String> {
        const MINUTE: i64 = 60_000_000;
        // A millisecond is what halving may be off by.
        let is_whole = |micros: i64| (micros + 1_000).rem_euclid(MINUTE) <= 2_000;
        let mut found = BTreeMap::new();
        for (what, secret) in secrets {
            let secret = secret.as_micros();
            for one in &self.instants {
                if is_whole(one - secret) {
                    found.insert(*what, format!("{one}"));
                }
                for other in &self.instants {
                    let ways =
                        [(one + other - secret, "+"), (one - other - secret, "-"), (one + other - 2 * secret, "/2")];
                    for (rest, sign) in ways {
                        if is_whole(rest) {
                            found.entry(*what).or_insert_with(|| format!("{one} {sign} {other}"));
                        }
                    }
                }
            }
        }
        found
    }
}

/// What is asked, without what differs from one question to the next: a path, or an action.
pub fn route(path: &str) -> String {
    let path = path.split(['?', ' ']).next().unwrap();
    path.split('/').map(|part| if part.len() == 36 { "{id}" } else { part }).collect::<Vec<_>>().join("/")
}

/// Every place where units and leaders read an instant, and why that is harmless. A step stands for the answers that
/// refuse it.
#[rustfmt::skip]
const PLACES: &[(&str, &str)] = &[
    ("/calendar versions.created_at",            "when the county's calendar was changed"),
    ("/figures at",                              "when the figures were asked for"),
    ("/figures/areas at",                        "when the figures were asked for"),
    ("/issues items.due_at",                     "a deadline: Deadline"),
    ("/issues items.released_at",                "the hand-over: ShownTime"),
    ("/issues items.reported_at",                "the unit's own act: ShownTime"),
    ("/issues items.requests.decided_at",        "a half day: ShownTime"),
    ("/issues items.requests.filed_at",          "the unit's own act: ShownTime"),
    ("/issues items.requests.until",             "what the unit asked for: Deadline"),
    ("/issues items.signed_in_at",               "the unit's own act: ShownTime"),
    ("/issues next_cursor",                      "the last row's hand-over or deadline"),
    ("/issues/{id} due_at",                      "as in the list"),
    ("/issues/{id} extension_until_max",         "the longest extension of the deadline: Deadline"),
    ("/issues/{id} released_at",                 "as in the list"),
    ("/issues/{id} reported_at",                 "as in the list"),
    ("/issues/{id} requests.decided_at",         "as in the list"),
    ("/issues/{id} requests.filed_at",           "as in the list"),
    ("/issues/{id} requests.until",              "as in the list"),
    ("/issues/{id} signed_in_at",                "as in the list"),
    ("/issues/{id}/events items.at",             "as the table of moments says: ShownTime"),
    ("/notices items.at",                        "as the table of moments says, cut when it is kept: ShownTime"),
    ("/notices items.issue.due_at",              "as in the list of issues"),
    ("/notices items.issue.released_at",         "as in the list of issues"),
    ("/notices items.issue.reported_at",         "as in the list of issues"),
    ("/notices items.issue.requests.decided_at", "as in the list of issues"),
    ("/notices items.issue.requests.filed_at",   "as in the list of issues"),
    ("/notices items.issue.requests.until",      "as in the list of issues"),
    ("/notices items.issue.signed_in_at",        "as in the list of issues"),
    ("/notices next_cursor",                     "the last row's moment"),
    ("/sessions items.created_at",               "the reader's own sign-ins"),
    ("/sessions items.expires_at",               "the reader's own sign-ins"),
    ("/sessions items.last_seen_at",             "the reader's own sign-ins"),
    ("dispute detail",                           "the end of a window that runs from the hand-over"),
    ("request-extension detail",                 "the end of a window that runs from the hand-over, or a half day, to the deadline"),
    ("request-extension errors.detail",          "the deadline, and the longest extension of it"),
    ("return detail",                            "the end of a window that runs from the hand-over"),
];

on_both! {
    fn nothing_that_units_read_depends_on_the_hour_of_what_is_concealed(db: TestDb) {
        let another = TestDb::create(db.backend()).unwrap();
        let stories = [
            Story::new(db, Duration::from_millis(17_391)),
            Story::new(another, Duration::from_millis(9 * 60_000 + 41_777)),
        ];
        let mut told = [Told::default(), Told::default()];
        for (number, (then, chapter)) in CHAPTERS.iter().enumerate() {
            for story in &stories {
                chapter(story);
                story.until(then);
                story.service.drain_jobs();
            }
            // Where nothing has become concealed or due since, nothing new is to be compared.
            if ![1, 3, 4, 5, 7, 8].contains(&number) {
                continue;
            }
            let ids: BTreeSet<_> = stories.iter().flat_map(Story::ids).collect();
            let paths = existing(stories.each_ref().map(|story| &story.service), &ids);
            let reads = |person: &Person| number == 8 || person.works_for == "U02";
            for username in cast::outsiders().filter(reads).map(|person| person.username) {
                let both = stories.each_ref().map(|story| answers(&story.service, username, paths.clone()));
                assert_same(&both[0], &both[1], &format!("{username} at {then}"));
                both.iter().zip(&mut told).for_each(|(both, told)| told.note(both));
            }
            if number >= 5 {
                let both = stories.each_ref().map(refusals);
                assert_same(&both[0], &both[1], &format!("refusals at {then}"));
                both.iter().zip(&mut told).for_each(|(both, told)| told.note(both));
            }
        }
        // The stories end as they should, and differ in what is concealed.
        let read = |issue: u128| stories[1].service.sign_in("unit02").read(id(issue)).json;
        assert_eq!((&read(PLANNED)["state"], &read(UNPLANNED)["state"]), (&json!("rectifying"), &json!("rectifying")));
        assert_eq!(read(CONFIRMED)["state"], "rework");
        assert_eq!((&read(CHECKED)["state"], &read(SHORT)["round"]), (&json!("archived"), &json!(2)));
        let all = stories.each_ref().map(|story| story.secrets.borrow().clone());
        assert!(all[0].len() > 9 && all[0].iter().zip(&all[1]).all(|(one, other)| one.1 != other.1));
        // Whatever is added or subtracted.
        for (story, told) in all.iter().zip(&told) {
            assert_eq!(told.derivations(story), BTreeMap::new());
        }
        // The search works: it finds all of them in what the office reads.
        let mut office = Told::default();
        let ids = stories[0].ids();
        office.note(&transcript(&stories[0].service, "office01", &ids, &[]));
        let found = office.derivations(&all[0]);
        let missed: Vec<_> = all[0].iter().map(|(what, _)| *what).filter(|what| !found.contains_key(what)).collect();
        assert!(missed.is_empty(), "{missed:?}");
        // There are instants only where they are known to be harmless.
        let places: Vec<&str> = told[0].places.keys().map(String::as_str).collect();
        let known: Vec<&str> = PLACES.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, known);
    }
}

/// Schemas that the document names among the answers of what outsiders may read, and that others are answered with.
/// What outsiders are answered instead is looked at; that it is not these is held by `leaks.rs` and the story above.
#[rustfmt::skip]
const OF_OTHERS: &[(&str, &str)] = &[
    ("FinderIssue",       "its finder"),
    ("InspectorVisit",    "the inspectors who made it"),
    ("Items_OfficeEvent", "the office"),
    ("OfficeCard",        "the office"),
    ("OfficeIssue",       "the office"),
    ("OfficeMonth",       "the office"),
    ("OfficeVisit",       "the office"),
];

/// Every bare instant in what outsiders may read, and why it tells neither of a visit nor of work because of one.
#[rustfmt::skip]
const BARE: &[((&str, &str), &str)] = &[
    (("AreasView", "at"),                  "when the reader asked"),
    (("AssessmentView", "changed_at"),     "when the office wrote down a date of the province's"),
    (("CalendarVersion", "created_at"),    "when the county's calendar was changed"),
    (("FiguresView", "at"),                "when the reader asked"),
    (("LongJobView", "created_at"),        "the reader's own order"),
    (("LongJobView", "ended_at"),          "when the reader's own order was ready"),
    (("LongJobView", "expires_at"),        "counted from it"),
    (("MapImageView", "changed_at"),       "when the picture under the map was changed"),
    (("MonthRulesView", "made_at"),        "when the rules of the score were changed"),
    (("MonthView", "decide_until"),        "the end of a day that the rules name"),
    (("MonthView", "lock_until"),          "the end of a day that the rules name"),
    (("MonthView", "objections_until"),    "the end of a day, whole days after the preview"),
    (("NoticeTime", ""),                   "the office's and the finder's own; outsiders' is the other choice, ShownTime, as the story above shows"),
    (("OwnComplaintView", "answered_at"),  "when the reader's own complaint was answered"),
    (("OwnComplaintView", "filed_at"),     "the reader's own act"),
    (("ScheduleView", "changed_at"),       "when the office wrote a plan that its readers are to keep"),
    (("SessionView", "created_at"),        "the reader's own sign-ins"),
    (("SessionView", "expires_at"),        "the reader's own sign-ins"),
    (("SessionView", "last_seen_at"),      "the reader's own sign-ins"),
];

/// The parts of schemas, and their bare instants: each with the schema and the field that it is in.
#[derive(Default)]
struct Parts {
    seen: BTreeSet<String>,
    bare: BTreeSet<(String, String)>,
}

impl Parts {
    /// Of everything that a schema is made of, but for what `beyond` names.
    fn add(&mut self, schemas: &Value, name: &str, beyond: &[(&str, &str)]) {
        let is_new = self.seen.insert(name.to_owned());
        if is_new && !beyond.iter().any(|(other, _)| *other == name) {
            self.look(schemas, (name, ""), &schemas[name], beyond);
        }
    }

    fn look(&mut self, schemas: &Value, (name, field): (&str, &str), value: &Value, beyond: &[(&str, &str)]) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.look(schemas, (name, field), item, beyond)),
            Value::Object(parts) => {
                let part = parts.get("$ref").and_then(Value::as_str).map(|path| path.rsplit('/').next().unwrap());
                let is_instant = parts.get("format") == Some(&json!("date-time"));
                if part == Some("Timestamp") || is_instant && !["ShownTime", "Deadline"].contains(&name) {
                    // A list or a page has its rows' schema within its own.
                    let row = name.split_once('_').filter(|(list, _)| ["Items", "Page"].contains(list));
                    self.bare.insert((row.map_or(name, |(_, row)| row).to_owned(), field.to_owned()));
                } else if let Some(part) = part {
                    self.add(schemas, part, beyond);
                }
                for (key, value) in parts {
                    match value.as_object().filter(|_| key == "properties") {
                        Some(fields) => {
                            fields.iter().for_each(|(field, value)| self.look(schemas, (name, field), value, beyond))
                        }
                        None => self.look(schemas, (name, field), value, beyond),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Nothing that people may read from whom the inspection is concealed holds a bare instant, but for what is known to be
/// harmless: only the types that the table of moments fills.
#[test]
fn what_outsiders_read_has_no_bare_instant() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let mut parts = Parts::default();
    for path in matrix::read_by_outsiders() {
        let answer = &document["paths"][&path]["get"]["responses"]["200"];
        for content in answer["content"].as_object().into_iter().flatten().map(|(_, content)| content) {
            parts.look(schemas, (path.as_str(), ""), &content["schema"], OF_OTHERS);
        }
    }
    let known = BARE.iter().map(|((name, field), _)| ((*name).to_owned(), (*field).to_owned())).collect();
    let unknown: Vec<_> = parts.bare.difference(&known).collect();
    assert!(unknown.is_empty(), "told to the instant: {unknown:?}");
    let gone: Vec<_> = known.difference(&parts.bare).collect();
    assert!(gone.is_empty(), "not told any more: {gone:?}");
    for name in ["UnitIssue", "ReleasedIssue", "TaskIssue", "Items_EventView", "PublicCard", "ShownTime", "Deadline"] {
        assert!(parts.seen.contains(name), "{name} was not looked at: {:?}", parts.seen);
    }
    for (name, _) in OF_OTHERS {
        assert!(parts.seen.contains(*name), "{name} is no answer any more");
        let mut others = Parts::default();
        others.add(schemas, name, &[]);
        assert!(!others.bare.is_empty(), "{name} needs no exception");
    }
}

fn times() -> String {
    let mut text = format!("{HEAD}# Times that units, leaders and finders are told 告知的时间\n\n");
    text += "How fine each instant of an issue's life is told; what is not told at all does not show either. Inspectors who were given a check or a look-back are told as units are; the office is told everything exactly. Deadlines are exact, and made of what their readers know: see ADR 0016.\n\n";
    text += "| moment | 中文 | English | units, leaders | the finder | why |\n| --- | --- | --- | --- | --- | --- |\n";
    for (moment, public, finder, why) in MOMENTS {
        let row = format!("| `{moment}` | {} | {} | {public} | {finder} | {why} |\n", moment.zh(), moment.en());
        text += &row;
    }
    text += "\n## Fineness 精细程度\n\n| fineness | 中文 | English |\n| --- | --- | --- |\n";
    for fineness in Fineness::ALL {
        text += &format!("| `{fineness}` | {} | {} |\n", fineness.zh(), fineness.en());
    }
    text
}

#[test]
fn times_document() {
    hold("times.md", &times());
}
