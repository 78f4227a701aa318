//! What inspectors must not learn of each other: a finder learns nothing of visits that others make because of the
//! finding, and an inspector who is sent there learns nothing of the finding except the fault. Each time two histories
//! that differ in just that are played, and must look the same to the reader, byte by byte.

use std::collections::BTreeSet;
use std::time::Duration;

use anfang::domain::issue::{Action, State};
use serde_json::json;
use uuid::Uuid;

use crate::support::backend::TestDb;
use crate::support::cast;
use crate::support::pictures::{self, Exif};
use crate::support::service::{HOUR, Service, new_id};
use crate::support::story::{Story, id};
use crate::support::transcript::{assert_same, transcript};

const ONE: u128 = 1;
const TWO: u128 = 2;

fn start(db: TestDb) -> [Story; 2] {
    let another = TestDb::create(db.backend()).unwrap();
    [Story::new(db, Duration::from_millis(61_391)), Story::new(another, Duration::from_millis(47 * 60_000 + 3_777))]
}

/// Asserts that `username` reads the same in both.
#[track_caller]
fn same(stories: &[Story; 2], username: &str, more: &[&str], when: &str) {
    let ids: BTreeSet<Uuid> = stories.iter().flat_map(Story::ids).collect();
    let more: Vec<String> = more.iter().map(|path| (*path).to_owned()).collect();
    let told = stories.each_ref().map(|story| transcript(&story.service, username, &ids, &more));
    assert_same(&told[0], &told[1], &format!("{username} {when}"));
}

fn report(story: &Story, issue: u128, finder: &str, exif: &Exif, found_before: u64, aside: f64, visit: Option<Uuid>) {
    let mut body = story.service.report_at("990001-MKT-0001", "WM-02", "low", &[]);
    let first = 100_000 + issue * 10;
    story.send(finder, first, 2, exif);
    body["photos"] = json!([{"id": id(first), "view": "far"}, {"id": id(first + 1), "view": "near"}]);
    body["captured_at"] = json!(story.service.app.now().minus(Duration::from_secs(found_before)));
    for photo in body["photos"].as_array_mut().unwrap() {
        photo["captured_at"] = json!(story.service.app.now().minus(Duration::from_secs(found_before - 7)));
    }
    body["location"]["lat"] = json!(body["location"]["lat"].as_f64().unwrap() + aside);
    body["visit_id"] = json!(visit);
    story.service.sign_in(finder).put_json(&format!("/issues/{}", id(issue)), &body).expect(201);
}

on_both! {
    fn the_finder_learns_nothing_of_the_visits_of_others(db: TestDb) {
        use Action as A;
        let stories = start(db);
        let [quiet, busy] = &stories;
        let none = Exif::default();
        for story in &stories {
            for issue in [ONE, TWO] {
                report(story, issue, "inspector01", &none, 61, 0.0, None);
                story.step(issue, "office01", A::Approve, &json!({"unit_id": story.service.unit("U02")}));
                story.step(issue, "office02", A::Release, &json!({}));
                story.step(issue, "unit02", A::SignIn, &json!({"handler": "王五"}));
            }
        }
        busy.step(ONE, "office01", A::AssignCheck, &busy.given("inspector02"));
        same(&stories, "inspector01", &[], "after the check was given");
        busy.step(ONE, "office01", A::AssignCheck, &busy.given("inspector03"));
        stories.iter().for_each(|story| story.fix(ONE));
        same(&stories, "inspector01", &[], "after the fix was reported");
        // The check: at a desk, or on site by another inspector with photos of it; at different times.
        quiet.secretly("check", || quiet.step(ONE, "office01", A::Fail, &json!({"reason": "仍有一辆"})));
        busy.secretly("check", || {
            let photos = busy.photos("inspector03", &["detail"], &Exif::full("another phone"));
            busy.step(ONE, "inspector03", A::Fail, &json!({"reason": "仍有一辆", "photos": photos}));
        });
        stories.iter().for_each(|story| story.until("2026-08-03T14:00"));
        same(&stories, "inspector01", &[], "after the check");
        stories.iter().for_each(|story| story.fix(ONE));
        quiet.secretly("check", || quiet.step(ONE, "office01", A::Pass, &json!({"on_site": true})));
        busy.secretly("check", || busy.step(ONE, "inspector03", A::Pass, &json!({"on_site": true})));
        stories.iter().for_each(|story| story.until("2026-08-04T09:00"));
        same(&stories, "inspector01", &[], "after it passed");
        busy.step(ONE, "office01", A::AssignLookBack, &busy.given("inspector02"));
        same(&stories, "inspector01", &[], "after the look-back was given");
        let photos = busy.photos("inspector02", &["far"], &none);
        busy.step(ONE, "inspector02", A::LookBack, &json!({"held": true, "photos": photos}));
        same(&stories, "inspector01", &["/issues?flagged=true", "/issues/counts?flagged=true"], "at the end");
        // The tellings differ as they should, and the finder follows the report.
        let steps = stories.each_ref().map(|story| story.service.sign_in("office01").events(id(ONE)).len());
        assert_eq!(steps, [8, 12]);
        let finder = busy.service.sign_in("inspector01");
        assert_eq!((finder.read(id(ONE)).version(), finder.events(id(ONE)).len()), (8, 8));
        finder.read(id(ONE)).in_state("closed");
    }

    fn whoever_is_given_a_visit_learns_nothing_of_the_finder(db: TestDb) {
        use Action as A;
        let stories = start(db);
        // Held alike: which way up a picture is remains to be seen.
        let phone = Exif { gps: Some((31.5, 107.1)), orientation: None, ..Exif::full("another phone") };
        // Another finder with another phone, elsewhere, at another time and in another order; one report went back once.
        stories[0].secretly("reports", || {
            report(&stories[0], ONE, "inspector01", &Exif::default(), 61, 0.0, None);
            stories[0].service.pass(Duration::from_secs(7));
            report(&stories[0], TWO, "inspector01", &Exif::default(), 31, 0.0, None);
        });
        stories[1].secretly("reports", || {
            report(&stories[1], TWO, "inspector03", &phone, 1_801, 0.01, Some(new_id()));
            stories[1].service.pass(Duration::from_secs(7));
        });
        let [one, two] = &stories;
        two.secretly("reports", || report(two, ONE, "inspector03", &phone, 47, 0.02, Some(new_id())));
        two.step(ONE, "office02", A::SendBack, &json!({"reason": "看不清"}));
        two.step(ONE, "inspector03", A::Resubmit, &json!({"description": "消防通道被两辆僵尸车堵塞"}));
        for (story, office) in [(one, ["office01", "office02"]), (two, ["office02", "office01"])] {
            story.until("2026-08-03T11:30");
            for issue in [ONE, TWO] {
                story.step(issue, office[0], A::Approve, &json!({"unit_id": story.service.unit("U02")}));
            }
            story.until("2026-08-03T14:00");
            for issue in [ONE, TWO] {
                story.step(issue, office[1], A::Release, &json!({}));
                story.step(issue, "unit02", A::SignIn, &json!({"handler": "王五"}));
            }
            story.step(ONE, "office01", A::AssignCheck, &story.given("inspector02"));
            story.step(TWO, "office01", A::AssignCheck, &story.given("inspector02"));
        }
        let boundaries = [
            "/issues?from=2026-08-03T01:20:00Z",
            "/issues?to=2026-08-03T02:00:00Z",
            "/issues/counts?from=2026-08-03T01:20:00Z&to=2026-08-03T02:00:00Z",
        ];
        same(&stories, "inspector02", &boundaries, "after the check was given");
        for story in &stories {
            story.fix(ONE);
            story.step(ONE, "inspector02", A::Fail, &json!({"reason": "仍有一辆"}));
            story.fix(ONE);
        }
        same(&stories, "inspector02", &boundaries, "after the fix was reported");
        for story in &stories {
            story.step(ONE, "inspector02", A::Pass, &json!({"on_site": true}));
            story.fix(TWO);
            story.step(TWO, "office01", A::Pass, &json!({"on_site": true}));
            story.until("2026-08-10T09:00");
            story.step(TWO, "office01", A::AssignLookBack, &story.given("inspector02"));
        }
        same(&stories, "inspector02", &boundaries, "after the look-back was given");
        for story in &stories {
            let photos = story.photos("inspector02", &["far"], &Exif::default());
            story.step(TWO, "inspector02", A::LookBack, &json!({"held": true, "photos": photos}));
        }
        same(&stories, "inspector02", &boundaries, "at the end");
        let read = two.service.sign_in("inspector02").read(id(ONE));
        assert_eq!((&read.json["found_on"]["half_day"], &read.json["is_mine"]), (&json!("morning"), &json!(false)));
        assert_eq!(read.json["photos"].as_array().unwrap().len(), 6, "found and fixed twice: {}", read.json);
    }

    /// Who found something may be given its check where the duties allow it, and then sees the fix, too.
    fn a_finder_who_checks_sees_the_fix(db: TestDb) {
        use Action as A;
        let service = Service::start(db);
        let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.steps(issue, &[A::Approve, A::Release, A::SignIn, A::ReportFix]);
        let stages = |username: &str| {
            let read = service.sign_in(username).read(issue).json;
            let photos = read["photos"].as_array().unwrap();
            photos.iter().map(|photo| photo["stage"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(stages("inspector01"), ["found", "found"]);
        service.step(issue, "office01", A::AssignCheck, &json!({"inspector_id": service.user_id("inspector01")}));
        assert_eq!(stages("inspector01"), ["found", "found", "fix", "fix"]);
        let read = service.sign_in("inspector01").read(issue);
        assert_eq!(read.strings("allowed_actions"), ["pass", "fail"]);
        service.sign_in("inspector01").act(issue, "pass", read.version(), &json!({"on_site": true})).expect(200).in_state("closed");
    }

    /// A finder who has an earlier version of their own report learns that it changed, and nothing else.
    fn a_concealed_step_makes_no_version_stale(db: TestDb) {
        use Action as A;
        let service = Service::start(db);
        let issue = service.drive_to(State::Reported);
        let [finder, unit] = ["inspector01", "unit02"].map(|username| service.sign_in(username).read(issue));
        service.step(issue, "office01", A::AssignCheck, &json!({"inspector_id": service.user_id("inspector02")}));
        for (before, username) in [(finder, "inspector01"), (unit, "unit02")] {
            let after = service.sign_in(username).read(issue);
            assert_eq!((after.header("etag"), &after.bytes), (before.header("etag"), &before.bytes), "{username}");
        }
    }

    /// A photo that cannot be shown would distinguish phones, as its pixels would: neither is revealed.
    fn a_phone_is_not_told_by_its_photos(db: TestDb) {
        use Action as A;
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let (large, broken, issue) = (new_id(), new_id(), new_id());
        inspector.put_photo(large, &pictures::jpeg(1, 2_400, 1_800)).expect(201);
        inspector.put_bytes(&format!("/photos/{broken}"), "image/heic", &pictures::heic()).expect(201);
        let body = service.report_at("990001-MKT-0001", "WM-02", "low", &[large, broken]);
        inspector.put_json(&format!("/issues/{issue}"), &body).expect(201);
        service.drain_jobs();
        service.steps(issue, &[A::Approve, A::Release, A::SignIn]);
        service.step(issue, "office01", A::AssignCheck, &json!({"inspector_id": service.user_id("inspector02")}));
        service.pass(HOUR);
        let known = |username: &str| {
            let read = service.sign_in(username).read(issue).json;
            let photos = read["photos"].as_array().unwrap().clone();
            photos.iter().map(|photo| (photo["width"].clone(), photo["has_preview"].clone())).collect::<Vec<_>>()
        };
        let outsiders = cast::readers().filter(|person| person.is_outsider()).map(|person| person.username);
        for username in outsiders.chain(["inspector02"]) {
            assert_eq!(known(username), [(json!(1_600), json!(true))], "{username}");
            let client = service.sign_in(username);
            client.get(&format!("/photos/{broken}/view")).refused(404, "not-found");
            client.get(&format!("/photos/{large}/view")).expect(200);
        }
        assert_eq!(known("inspector01"), [(json!(1_600), json!(true)), (json!(null), json!(false))]);
        assert_eq!(known("office01")[0], (json!(2_400), json!(true)));
        service.sign_in("office01").get(&format!("/photos/{broken}/view")).refused(404, "no-preview");
    }
}
