//! Every step in every state by every role: allowed exactly where the tables say.

use anfang::domain::issue::{Action, State, step};
use anfang::domain::policy::{Permission, Reach, reach};
use anfang::domain::role::Role;

use crate::support::service::Service;

/// One of each role: the finder, the responsible unit, an office worker who has not touched the issue.
fn who(role: Role) -> &'static str {
    match role {
        Role::Inspector => "inspector01",
        Role::Unit => "unit02",
        Role::Office => "office02",
        Role::Leader => "leader01",
        Role::Discipline => "discipline01",
        Role::Admin => "admin",
    }
}

fn is_released(state: State) -> bool {
    !matches!(state, State::Receiving | State::Submitted | State::Returned | State::Sealed | State::Void)
}

/// What the tables say: 404 or 403, 409 from a state the step does not leave, or nothing of these.
fn verdict(state: State, action: Action, role: Role) -> Option<u16> {
    let reads = match reach(role, Permission::ReadIssue) {
        Reach::Never | Reach::Own | Reach::Given => false,
        Reach::Involved | Reach::All => true,
        Reach::Unit | Reach::Released => is_released(state),
    };
    let may = match reach(role, Permission::Act(action)) {
        Reach::Never | Reach::Given => false,
        Reach::Own | Reach::Involved | Reach::All => true,
        Reach::Unit | Reach::Released => is_released(state),
    };
    match (reads, may) {
        (false, _) => Some(404),
        (true, false) => Some(403),
        (true, true) if !step(action).from.contains(&state) => Some(409),
        (true, true) => None,
    }
}

/// Whether the step also needs a request that is pending, or a visit that was not given yet.
fn waits_for_more(action: Action) -> bool {
    matches!(action, Action::DecideExtension | Action::DecideDispute)
}

on_both! {
    fn each_step_is_allowed_exactly_where_the_tables_say(db: TestDb) {
        let service = Service::start(db);
        for state in State::ALL {
            let mut issue = service.drive_to(*state);
            for (action, role) in Action::ALL.iter().flat_map(|action| Role::ALL.iter().map(move |role| (*action, *role))) {
                if !action.is_requestable() {
                    continue;
                }
                let client = service.sign_in(who(role));
                let office = service.sign_in("office01");
                let before = office.read(issue).version();
                let seen = client.get(&format!("/issues/{issue}"));
                let version = if seen.status == 200 { seen.version() } else { before };
                let case = format!("{state} × {action} × {role}");
                let said = verdict(*state, action, role);
                // Photos of those who may send none stay away: the verdict comes before the body counts.
                let builder = if said.is_none() { client.clone() } else { office.clone() };
                let body = service.body_of(issue, &builder, action);
                if seen.status == 200 {
                    let listed = seen.strings("allowed_actions").iter().any(|listed| listed == action.as_str());
                    assert_eq!(listed, said.is_none() && !waits_for_more(action), "{case}");
                }
                let answer = client.act(issue, action.as_str(), version, &body);
                match said {
                    Some(status) => {
                        assert_eq!(answer.status, status, "{case}: {}", answer.json);
                        assert_eq!(office.read(issue).version(), before, "{case}");
                    }
                    None if waits_for_more(action) => {
                        answer.refused(409, "nothing-pending");
                        assert_eq!(office.read(issue).version(), before, "{case}");
                    }
                    None => {
                        assert_eq!(answer.status, 200, "{case}: {}", answer.json);
                        assert_eq!(office.read(issue).version(), before + 1, "{case}");
                        issue = service.drive_to(*state);
                    }
                }
            }
        }
    }
}
