//! Every step in every state, tried by every role that could be involved: exactly those succeed that the tables allow.

use std::collections::BTreeSet;

use anfang::domain::issue::{Action, NextState, Severity, State, step};
use anfang::domain::policy::{Permission, Reach, reach};
use anfang::domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::TestDb;
use crate::support::cast;
use crate::support::service::{Answer, DAY, Service, new_id};

/// These are given other roles: one more of the office, and one more inspector.
const TURNED: [(&str, Role); 2] = [("unit04", Role::Office), ("unit05", Role::Inspector)];
const FINDER: &str = "inspector01";
const APPROVER: &str = "office01";
const HANDLER: &str = "unit02";
/// Of the items of whatever [`Service::drive_to`] reports.
const CAMPAIGN: &str = "WM";

/// Who was assigned to which visit, and which requests wait for an answer.
#[derive(Default)]
struct Facts {
    check: Option<&'static str>,
    look_back: Option<&'static str>,
    closer: Option<&'static str>,
    pending: bool,
}

impl Facts {
    /// A failed check lapses an extension that waits: it was asked for of the round before.
    fn extension_pending(&self, state: State) -> bool {
        self.pending && state != State::Rework
    }
}

/// Everybody, and what they may do at all.
fn people() -> Vec<(&'static str, Role)> {
    cast::everybody().map(|person| (person.username, person.role)).chain(TURNED).collect()
}

fn is_released(state: State) -> bool {
    !matches!(state, State::Receiving | State::Submitted | State::Returned | State::Sealed | State::Void)
}

fn covers(who: &str, role: Role, permission: Permission, state: State, facts: &Facts) -> bool {
    let (check, look_back) = (facts.check == Some(who), facts.look_back == Some(who));
    match reach(role, permission) {
        Reach::Never | Reach::Addressed => false,
        Reach::Own => who == FINDER,
        Reach::Check => check,
        Reach::LookBack => look_back,
        Reach::Involved => who == FINDER || check || look_back,
        Reach::Unit => is_released(state) && who == HANDLER,
        // Nobody here is one.
        Reach::UnitHead => false,
        Reach::Campaign => is_released(state) && cast::works_for(who, CAMPAIGN),
        Reach::Released => is_released(state),
        Reach::All => true,
    }
}

/// What the tables say: where the step leads, or the problem that is answered.
fn verdict(who: &str, role: Role, state: State, action: Action, facts: &Facts) -> Result<State, (u16, &'static str)> {
    if !covers(who, role, Permission::ReadIssue, state, facts) {
        return Err((404, "not-found"));
    }
    if !covers(who, role, Permission::Act(action), state, facts) {
        return Err((403, "forbidden"));
    }
    if !step(action).from.contains(&state) {
        return Err((409, "issue-illegal-transition"));
    }
    match action {
        Action::Release | Action::DecideDispute if who == APPROVER => return Err((403, "separation-of-duties")),
        Action::LookBack | Action::CannotJudge if who == FINDER || facts.closer == Some(who) => {
            return Err((403, "separation-of-duties"));
        }
        Action::AssignLookBack if facts.look_back.is_some() => return Err((409, "look-back-pending")),
        Action::Remind => return Err((409, "not-overdue")),
        // Nobody asked for it.
        Action::DecideHang => return Err((409, "nothing-pending")),
        Action::DecideExtension if !facts.extension_pending(state) => return Err((409, "nothing-pending")),
        Action::DecideDispute if !facts.pending => return Err((409, "nothing-pending")),
        Action::RequestExtension if facts.extension_pending(state) => return Err((409, "request-pending")),
        Action::Dispute if facts.pending => return Err((409, "request-pending")),
        // Nothing else prevents the step. A new action with a guard fails here until its answer is listed above; if that
        // is always a refusal, the action has a line in `NEEDS_MORE`.
        _ => {}
    }
    match step(action).next {
        NextState::To(state) => Ok(state),
        // No unit here has a vice head whom a severe fix would wait for.
        NextState::Decided(state) if action == Action::ReportFix => Ok(state),
        // Requests are refused here; `disputes_upheld_end_the_issue` grants one.
        NextState::Unchanged | NextState::Decided(_) => Ok(state),
    }
}

/// A body of the right shape, for those who get no further than the tables.
fn shape(service: &Service, action: Action) -> Value {
    let photos = json!([{"id": new_id(), "view": "same-angle"}, {"id": new_id(), "view": "wide"}]);
    match action {
        Action::ReportFix => json!({"measure": "已清走", "remedy": "quick", "photos": photos}),
        Action::LookBack => json!({"held": true, "photos": photos}),
        Action::DecideExtension | Action::DecideHang | Action::DecideDispute => {
            json!({"request_id": new_id(), "granted": true, "reason": "答复"})
        }
        action => service.body_of(Uuid::nil(), &service.sign_in("office01"), action),
    }
}

/// An action, who takes it, and the issue that it is taken on.
type Needing = (Action, &'static str, fn(&Service) -> Uuid);

/// What nobody may do in any case that [`verdict`] knows, because a guard or a reach needs more than a state: who does
/// it, and what brings an issue to where it is done.
const NEEDS_MORE: &[Needing] = &[
    (Action::Remind, APPROVER, |service| {
        let issue = service.drive_to(State::Rectifying);
        service.pass(DAY * 30);
        issue
    }),
    (Action::DecideHang, APPROVER, |service| {
        let issue = service.drive_to(State::Rectifying);
        service.steps(issue, &[Action::RequestHang]);
        issue
    }),
    (Action::ConfirmFix, "unit06", |service| {
        let issue = service.drive_to(State::Rectifying);
        change(service, "unit06", &json!({"unit_id": service.unit("U02"), "vice_head": true}));
        service.steps(issue, &[Action::ReportFix]);
        issue
    }),
];

/// The actions that nobody may take in any case.
fn never_taken() -> BTreeSet<&'static str> {
    let (maybe, given) = ([false, true], |is: bool, who: &'static str| is.then_some(who));
    let facts = maybe.into_iter().flat_map(|checked| maybe.map(|looked| (checked, looked)));
    let facts = facts.flat_map(|(checked, looked)| maybe.map(|closed| (checked, looked, closed)));
    let facts: Vec<Facts> = facts
        .flat_map(|(checked, looked, closed)| {
            maybe.map(|pending| Facts {
                check: given(checked, "inspector02"),
                look_back: given(looked, "inspector03"),
                closer: given(closed, APPROVER),
                pending,
            })
        })
        .collect();
    let is_taken = |action: Action| {
        State::ALL.iter().any(|state| {
            let may = |(who, role)| facts.iter().any(|facts| verdict(who, role, *state, action, facts).is_ok());
            people().into_iter().any(may)
        })
    };
    let asked = Action::ALL.iter().filter(|action| action.is_requestable());
    asked.filter(|action| !is_taken(**action)).map(|action| action.as_str()).collect()
}

/// Asks everybody for every one of `actions` in `state`, to which `drive` brings a new issue.
fn ask_everybody(service: &Service, state: State, actions: &[Action], facts: &Facts, drive: impl Fn() -> Uuid) {
    let mut issue = drive();
    let people = people();
    let versions = |issue: Uuid| -> Vec<Option<(i64, Vec<String>)>> {
        let seen = people.iter().map(|(who, _)| service.sign_in(who).get(&format!("/issues/{issue}")));
        seen.map(|seen| (seen.status == 200).then(|| (seen.version(), seen.strings("allowed_actions")))).collect()
    };
    let mut known = versions(issue);
    let stored = |issue: Uuid| service.sign_in("office01").read(issue).version();
    let mut before = stored(issue);
    for action in actions.iter().filter(|action| action.is_requestable()) {
        let shaped = shape(service, *action);
        for (at, (who, role)) in people.iter().copied().enumerate() {
            let case = format!("{state} × {action} × {who} ({role})");
            let said = verdict(who, role, state, *action, facts);
            assert_eq!(known[at].is_some(), said != Err((404, "not-found")), "{case}: whether it is seen");
            if let Some((_, allowed)) = &known[at] {
                assert_eq!(
                    allowed.iter().any(|allowed| allowed == action.as_str()),
                    said.is_ok(),
                    "{case}: whether it is offered"
                );
            }
            let client = service.sign_in(who);
            let version = known[at].as_ref().map_or(before, |(version, _)| *version);
            let body = if said.is_ok() { service.body_of(issue, &client, *action) } else { shaped.clone() };
            let answer = client.act(issue, action.as_str(), version, &body);
            match said {
                Err((status, code)) => {
                    assert_eq!(
                        (answer.status, answer.json["code"].as_str()),
                        (status, Some(code)),
                        "{case}: {}",
                        answer.json
                    );
                }
                Ok(state) => {
                    assert_eq!(answer.status, 200, "{case}: {}", answer.json);
                    let after = service.sign_in("office01").read(issue);
                    assert_eq!(
                        (after.json["state"].as_str(), after.version()),
                        (Some(state.as_str()), before + 1),
                        "{case}"
                    );
                    issue = drive();
                    known = versions(issue);
                    before = stored(issue);
                }
            }
        }
        assert_eq!(stored(issue), before, "{state} × {action}: a refused step changed something");
    }
}

/// A service whose `unit04` has become one more of the office, and `unit05` one more inspector.
fn start(db: TestDb) -> Service {
    let service = Service::start(db);
    for (username, role) in TURNED {
        become_(&service, username, role.as_str());
    }
    service
}

fn become_(service: &Service, username: &str, role: &str) {
    change(service, username, &json!({"role": role}));
}

fn change(service: &Service, username: &str, account: &Value) {
    let path = format!("/users/{}", service.user_id(username));
    let body = account.to_string();
    let headers = [("content-type", "application/json")];
    service.sign_in("admin").send("PATCH", &path, &headers, Some(body.as_bytes())).expect(200);
    service.pass(std::time::Duration::ZERO);
}

fn given(service: &Service, username: &str) -> Value {
    json!({"inspector_id": service.user_id(username)})
}

/// Takes the step, and answers its answer, whether it succeeded or not.
fn attempt(service: &Service, issue: Uuid, username: &str, action: Action, body: &Value) -> Answer {
    let client = service.sign_in(username);
    let version = client.read(issue).version();
    client.act(issue, action.as_str(), version, body)
}

on_both! {
    fn each_step_is_allowed_exactly_where_the_tables_say(db: TestDb) {
        let service = start(db);
        for state in State::ALL {
            let closer = matches!(state, State::Closed | State::Archived).then_some("office01");
            let facts = Facts { closer, ..Facts::default() };
            ask_everybody(&service, *state, Action::ALL, &facts, || service.drive_to(*state));
        }
    }

    fn what_needs_more_than_a_state_is_done_where_it_has_that_and_read_by_whom_it_concerns(db: TestDb) {
        let listed: BTreeSet<&str> = NEEDS_MORE.iter().map(|(action, ..)| action.as_str()).collect();
        assert_eq!(listed, never_taken(), "NEEDS_MORE has a line for each action that is only refused elsewhere");
        let service = Service::start(db);
        for (action, who, drive) in NEEDS_MORE {
            let issue = drive(&service);
            let body = service.body_of(issue, &service.sign_in(who), *action);
            service.step(issue, who, *action, &body);
            for reader in cast::readers() {
                let case = format!("{action} as {} reads it", reader.username);
                let events = service.sign_in(reader.username).events(issue);
                let told = events.iter().find(|event| event["action"] == action.as_str());
                assert_eq!(told.is_some(), action.is_public() || reader.role == Role::Office, "{case}");
                if let Some(told) = told {
                    assert_eq!(told["reason"], body["reason"], "{case}");
                }
            }
        }
    }

    fn those_who_are_given_a_visit_may_make_that_visit_only(db: TestDb) {
        use Action as A;
        let service = start(db);
        for (state, steps) in [
            (State::Rectifying, &[][..]),
            (State::Reported, &[A::ReportFix]),
            (State::Rework, &[A::ReportFix, A::Fail]),
            (State::Hung, &[A::Hang]),
            (State::Closed, &[A::ReportFix, A::Pass]),
        ] {
            let closed = state == State::Closed;
            let facts = Facts {
                check: Some("inspector02"),
                look_back: closed.then_some("inspector03"),
                closer: closed.then_some("office01"),
                pending: false,
            };
            ask_everybody(&service, state, Action::ALL, &facts, || {
                let issue = service.drive_to(State::Rectifying);
                service.step(issue, "office01", A::AssignCheck, &given(&service, "inspector02"));
                service.steps(issue, steps);
                if closed {
                    service.step(issue, "office01", A::AssignLookBack, &given(&service, "inspector03"));
                }
                issue
            });
        }
    }

    fn what_waits_for_an_answer_gets_one(db: TestDb) {
        use Action as A;
        let service = start(db);
        let asked = [A::RequestExtension, A::DecideExtension, A::Dispute, A::DecideDispute];
        for (state, steps) in [
            (State::Rectifying, &[][..]),
            (State::Reported, &[A::ReportFix]),
            (State::Rework, &[A::ReportFix, A::Fail]),
            (State::Hung, &[A::Hang]),
        ] {
            let facts = Facts { pending: true, ..Facts::default() };
            ask_everybody(&service, state, &asked, &facts, || {
                let issue = service.drive_to(State::Rectifying);
                service.steps(issue, &[A::RequestExtension, A::Dispute]);
                service.steps(issue, steps);
                issue
            });
        }
    }

    fn disputes_upheld_end_the_issue(db: TestDb) {
        use Action as A;
        let service = Service::start(db);
        let NextState::Decided(end) = step(A::DecideDispute).next else { panic!("a dispute that is upheld leads on") };
        for (state, steps) in [
            (State::Assigned, &[A::Dispute][..]),
            (State::Rectifying, &[A::SignIn, A::Dispute]),
            (State::Reported, &[A::SignIn, A::Dispute, A::ReportFix]),
            (State::Rework, &[A::SignIn, A::Dispute, A::ReportFix, A::Fail]),
            (State::Hung, &[A::SignIn, A::Dispute, A::Hang]),
        ] {
            assert!(step(A::DecideDispute).from.contains(&state));
            let issue = service.drive_to(State::Assigned);
            service.steps(issue, steps);
            let mut body = service.body_of(issue, &service.sign_in("office02"), A::DecideDispute);
            body["granted"] = json!(true);
            service.sign_in("office01").read(issue).in_state(state.as_str());
            service.step(issue, "office02", A::DecideDispute, &body).in_state(state.as_str());
            attempt(&service, issue, "office02", A::DecideDispute, &body).refused(403, "separation-of-duties");
            service.step(issue, "office03", A::DecideDispute, &body).in_state(end.as_str());
        }
    }

    fn nobody_is_given_what_the_duties_forbid(db: TestDb) {
        use Action as A;
        let service = Service::start(db);
        let refused = |issue, action, username: &str| {
            attempt(&service, issue, "office01", action, &given(&service, username)).refused(403, "separation-of-duties");
        };
        // Who found something bad does not check it; who found something slight may.
        let high = service.drive_to(State::Reported);
        refused(high, A::AssignCheck, FINDER);
        let low = service.report_with("990001-MKT-0001", "WM-07", Severity::Low.as_str());
        service.steps(low, &[A::Approve, A::Release, A::SignIn, A::ReportFix]);
        service.step(low, "office01", A::AssignCheck, &given(&service, FINDER));
        service.step(low, FINDER, A::Fail, &json!({"reason": "仍有一辆"})).in_state("rework");
        // Neither who found nor who closed looks back.
        service.step(high, "office01", A::AssignCheck, &given(&service, "inspector02"));
        service.step(high, "inspector02", A::Pass, &json!({"on_site": true})).in_state("closed");
        refused(high, A::AssignLookBack, FINDER);
        refused(high, A::AssignLookBack, "inspector02");
        service.step(high, "office01", A::AssignLookBack, &given(&service, "inspector03"));
        let inspector = service.sign_in("inspector02");
        let body = json!({"held": true, "photos": [{"id": inspector.send_photo(), "view": "far"}]});
        attempt(&service, high, "inspector02", A::LookBack, &body).refused(403, "forbidden");
    }

    fn another_role_does_not_free_from_the_duties(db: TestDb) {
        use Action as A;
        let service = Service::start(db);
        let (found, fixed) = (service.drive_to(State::Submitted), service.drive_to(State::Reported));
        become_(&service, FINDER, "office");
        become_(&service, HANDLER, "office");
        for (issue, username, actions) in [
            (found, FINDER, &[A::Approve, A::Reject, A::ReleaseUrgent][..]),
            (fixed, FINDER, &[A::Pass, A::Fail]),
            (fixed, HANDLER, &[A::Pass, A::Fail]),
        ] {
            for action in actions {
                let body = service.body_of(issue, &service.sign_in("office01"), *action);
                attempt(&service, issue, username, *action, &body).refused(403, "separation-of-duties");
            }
        }
        service.steps(found, &[A::Approve]);
        service.steps(fixed, &[A::Pass]);
    }
}
