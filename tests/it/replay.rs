//! The record of what happened makes the issue as it is stored.

use anfang::domain::ids::IssueId;
use anfang::domain::issue::{Action, Issue, State};
use anfang::store::issues;

use crate::support::service::Service;

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
}
