//! Replaying the events of an issue gives the issue as it is stored.

use anfang::domain::ids::IssueId;
use anfang::domain::issue::{Action, Issue, State};
use anfang::store::issues;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::service::{HOUR, Service};

/// Who may take steps on an issue.
const PEOPLE: [&str; 5] = ["inspector01", "inspector02", "unit02", "office01", "office02"];

on_both! {
    fn the_events_of_an_issue_make_the_issue(db: TestDb) {
        let service = Service::start(db);
        let mut journeys: Vec<_> = State::ALL.iter().map(|state| service.drive_to(*state)).collect();
        let long = service.report_with("990001-MKT-0001", "WM-02", "low");
        use Action as A;
        service.steps(long, &[A::SendBack, A::Resubmit, A::Approve, A::Release, A::Dispute, A::DecideDispute, A::SignIn]);
        service.steps(long, &[A::RequestExtension, A::DecideExtension, A::AssignCheck, A::Hang, A::Unhang, A::ReportFix]);
        service.steps(long, &[A::Fail, A::ReportFix, A::Pass, A::AssignLookBack, A::LookBack]);
        journeys.push(long);
        let mut conn = service.database();
        for id in journeys.into_iter().map(IssueId) {
            let stored = issues::find(&mut conn, id).unwrap().unwrap();
            let events = issues::events(&mut conn, id).unwrap();
            assert_eq!(events.len(), usize::try_from(stored.version).unwrap());
            assert_eq!(Issue::replay(events.iter().map(|event| &event.changes)).unwrap(), stored);
        }
    }

    /// Any allowed steps, in any order and at any time: the fold equals the row.
    fn any_walk_of_an_issue_can_be_replayed(db: TestDb) {
        let service = Service::start(db);
        let steps = prop::collection::vec((0..PEOPLE.len(), any::<prop::sample::Index>(), 0_u32..40), 1..16);
        // Each case changes the database, so a failing case is reported and not shrunk.
        let config = Config { cases: 12, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
        let taken = std::cell::Cell::new(0);
        TestRunner::new(config)
            .run(&steps, |steps| {
                let issue = service.report_with_photos();
                for (person, choice, hours) in steps {
                    let client = service.sign_in(PEOPLE[person]);
                    let seen = client.get(&format!("/issues/{issue}"));
                    if seen.status != 200 {
                        continue;
                    }
                    let allowed = seen.strings("allowed_actions");
                    if allowed.is_empty() {
                        continue;
                    }
                    let action = Action::parse(&allowed[choice.index(allowed.len())]).unwrap();
                    let body = service.body_of(issue, &client, action);
                    let answer = client.act(issue, action.as_str(), seen.version(), &body);
                    prop_assert!([200, 403, 422].contains(&answer.status), "{action}: {}", answer.json);
                    taken.set(taken.get() + usize::from(answer.status == 200));
                    // Rarely, since everybody logs in again after it.
                    if hours > 36 {
                        service.pass(HOUR * hours);
                    }
                }
                let mut conn = service.database();
                let stored = issues::find(&mut conn, IssueId(issue)).unwrap().unwrap();
                let events = issues::events(&mut conn, IssueId(issue)).unwrap();
                prop_assert_eq!(events.len(), usize::try_from(stored.version).unwrap());
                prop_assert_eq!(Issue::replay(events.iter().map(|event| &event.changes)).unwrap(), stored);
                Ok(())
            })
            .unwrap();
        assert!(taken.get() > 0, "no walk took a step");
    }
}
