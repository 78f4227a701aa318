use std::collections::BTreeSet;

use uuid::Uuid;

use super::super::campaign::CampaignCode;
use super::super::ids::{IssueId, PointId, UnitId, UserId};
use super::super::issue::{Finding, Severity, Source, Violation};
use super::super::time::Timestamp;
use super::*;

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn actor(role: Role, number: u128) -> Actor {
    let unit_id = (role == Role::Unit).then_some(UnitId(Uuid::from_u128(2)));
    let campaign = if role == Role::TaskForce { CampaignCode::parse("WM") } else { None };
    Actor { unit_id, campaign, ..Actor::new(user(number), role) }
}

/// Found by 10, to be checked by 11, look-back by 12; of unit 2, released or not.
fn issue(released: bool) -> Issue {
    let at = Timestamp::from_micros(0);
    let violation = Violation {
        item_code: "WM-02".into(),
        campaign: "WM".into(),
        severity: Severity::Low,
        point_id: PointId(Uuid::from_u128(3)),
        area_code: "990001".into(),
    };
    let finding = Finding::of(Source::Inspection, violation, user(10), at, at);
    let mut issue = Issue::new(IssueId(Uuid::from_u128(1)), finding);
    issue.closing.checker_id = Some(user(11));
    issue.closing.look_back_inspector_id = Some(user(12));
    issue.assignment.unit_id = Some(UnitId(Uuid::from_u128(2)));
    issue.assignment.released_at = released.then_some(at);
    issue
}

/// Who sees an issue. Source: domain §6.2 三不三无, "不告知": before the hand-over nobody of a unit.
#[test]
fn an_issue_is_read_by_those_it_concerns_and_by_units_and_leaders_from_the_hand_over_on() {
    let elsewhere = Actor { unit_id: Some(UnitId(Uuid::from_u128(5))), ..actor(Role::Unit, 21) };
    let of_none = Actor { unit_id: None, ..actor(Role::Unit, 22) };
    let of_another = Actor { campaign: CampaignCode::parse("WS"), ..actor(Role::TaskForce, 71) };
    let of_no_campaign = Actor { campaign: None, ..actor(Role::TaskForce, 72) };
    for (who, before, after) in [
        (actor(Role::Inspector, 10), true, true),
        (actor(Role::Inspector, 11), true, true),
        (actor(Role::Inspector, 12), true, true),
        (actor(Role::Inspector, 13), false, false),
        (actor(Role::Unit, 20), false, true),
        (elsewhere, false, false),
        (of_none, false, false),
        (actor(Role::Office, 30), true, true),
        (actor(Role::Leader, 40), false, true),
        (actor(Role::TaskForce, 70), false, true),
        (of_another, false, false),
        (of_no_campaign, false, false),
        (actor(Role::Discipline, 50), false, true),
        (actor(Role::Admin, 60), false, false),
    ] {
        let reads = [false, true].map(|released| covers(&who, Permission::ReadIssue, &issue(released)));
        assert_eq!(reads, [before, after], "{who:?}");
    }
    // An issue without a unit does not belong to every unit.
    let mut unassigned = issue(true);
    unassigned.assignment.unit_id = None;
    assert!(!covers(&of_none, Permission::ReadIssue, &unassigned));
}

#[test]
fn a_step_is_taken_by_those_whom_the_table_reaches() {
    let vice_head = Actor { vice_head: true, ..actor(Role::Unit, 20) };
    let vice_head_elsewhere = Actor { unit_id: Some(UnitId(Uuid::from_u128(5))), ..vice_head };
    for (action, who, may) in [
        (Action::Resubmit, actor(Role::Inspector, 10), true),
        (Action::Resubmit, actor(Role::Inspector, 11), false),
        (Action::Pass, actor(Role::Inspector, 11), true),
        (Action::Pass, actor(Role::Inspector, 10), false),
        (Action::Pass, actor(Role::Inspector, 12), false),
        (Action::Pass, actor(Role::Office, 30), true),
        (Action::LookBack, actor(Role::Inspector, 12), true),
        (Action::LookBack, actor(Role::Inspector, 11), false),
        (Action::LookBack, actor(Role::Office, 30), false),
        (Action::ReportFix, actor(Role::Unit, 20), true),
        (Action::ConfirmFix, actor(Role::Unit, 20), false),
        (Action::ConfirmFix, vice_head, true),
        (Action::ConfirmFix, vice_head_elsewhere, false),
        (Action::Approve, actor(Role::Office, 30), true),
        (Action::Approve, actor(Role::Admin, 60), false),
    ] {
        assert_eq!(covers(&who, Permission::Act(action), &issue(true)), may, "{action} {who:?}");
    }
    // A report and the settling of a place have requests of their own.
    let own = [Action::Report, Action::SettlePlace];
    for action in Action::NOT_ASKED_FOR.iter().filter(|action| !own.contains(action)) {
        let anybody = Role::ALL.iter().any(|role| covers(&actor(*role, 10), Permission::Act(*action), &issue(true)));
        assert!(!anybody, "{action} is the service's own");
    }
}

#[test]
fn what_is_not_about_one_issue_is_permitted_by_role() {
    use Role::{Admin, Discipline, Inspector, Office, Unit};
    for (permission, roles) in [
        (Permission::ReadReference, Role::ALL),
        (Permission::ManageReference, &[Office, Admin]),
        (Permission::UploadPhoto, &[Inspector, Unit, Office]),
        (Permission::ReportIssue, &[Inspector]),
        (Permission::ReadOriginal, &[Office]),
        (Permission::ListInspectors, &[Office]),
        (Permission::ManageUsers, &[Admin]),
        (Permission::ReadSettings, &[Office, Discipline, Admin]),
        (Permission::ManageSettings, &[Admin]),
        (Permission::ManageJobs, &[Office, Admin]),
        (Permission::ReadAudit, &[Discipline]),
        (Permission::FileComplaint, Role::ALL),
        (Permission::ReadComplaints, &[Office, Discipline]),
        (Permission::AnswerComplaint, &[Office, Discipline]),
    ] {
        for role in Role::ALL {
            assert_eq!(permits(&actor(*role, 1), permission), roles.contains(role), "{} {role}", permission.name());
        }
    }
    // Permissions on complaints do not cover issues.
    assert!(!covers(&actor(Office, 30), Permission::ReadComplaints, &issue(true)));
}

#[test]
fn every_permission_has_one_row_and_a_name_of_its_own() {
    let rows: BTreeSet<String> = POLICY.iter().map(|(permission, _)| permission.name()).collect();
    assert_eq!(rows.len(), POLICY.len());
    for action in Action::ALL {
        assert!(rows.contains(&format!("issue:{action}")), "{action}");
    }
    assert!(["read-issue", "report-issue", "manage-users"].iter().all(|name| rows.contains(*name)));
    assert!(rows.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || "-:".contains(c))), "{rows:?}");
}
