//! Relapses: when a fault is one, how severe it is, and what a corrected report changes.

use super::*;

fn look_back(captured_at: Option<Timestamp>) -> Command {
    let photos = vec![CommandPhoto { captured_at, ..photo(201, PhotoView::Far) }];
    Command::LookBack(actions::LookBack { held: false, photos, note: None })
}

/// Closed at this time, with a look-back assigned.
fn closed(when: &str, severity: Severity) -> (Case, Actor) {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", severity);
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take(when, &office(1), pass(true, None));
    let inspector = person(Role::Inspector, 11);
    case.take(when, &office(1), Command::AssignLookBack(actions::AssignLookBack { inspector_id: inspector.user_id }));
    (case, inspector)
}

#[test]
fn a_fault_is_a_rebound_for_ninety_days_after_the_closing() {
    let found = at("2026-11-01 10:00");
    let (since, until) = Issue::rebound_closings(found);
    assert_eq!((since, until), (at("2026-08-03 10:00"), found));
}

#[test]
fn a_relapse_within_ninety_days_is_a_rebound_and_one_worse() {
    for (severity, raised) in
        [(Severity::Low, Severity::Medium), (Severity::Medium, Severity::High), (Severity::High, Severity::High)]
    {
        let (mut case, inspector) = closed("2026-08-03 10:00", severity);
        case.take("2026-11-01 10:00", &inspector, look_back(None));
        let mut child = case.opened.clone().unwrap();
        assert_eq!((child.finding.parent_id, child.finding.chain_no), (Some(case.issue.id), 1));
        assert_eq!((child.finding.severity, child.finding.reported_severity), (raised, Some(severity)));
        assert_eq!(child.finding.look_back_of, Some(case.issue.id));
        // Half the time.
        child.finding.finder_id = finder().user_id;
        case.issue = child;
        case.hand_over("2026-11-02 09:00");
        assert_eq!(case.issue.clock.limit.unwrap().to_string(), "630wm");
    }
}

#[test]
fn a_relapse_after_ninety_days_is_a_fault_like_any_other() {
    let (mut case, inspector) = closed("2026-08-03 10:00", Severity::Low);
    case.take_at(at("2026-11-01 10:00").plus(SECOND), &inspector, look_back(None));
    let child = case.opened.clone().unwrap();
    assert_eq!((child.finding.parent_id, child.finding.chain_no, child.finding.severity), (None, 0, Severity::Low));
    assert_eq!((child.finding.look_back_of, child.finding.source), (Some(case.issue.id), Source::LookBack));
    case.issue = child;
    case.hand_over("2026-11-02 09:00");
    assert_eq!(case.issue.clock.limit.unwrap().to_string(), "3wd");
}

#[test]
fn a_relapse_is_described_by_its_note_or_as_the_fault_was() {
    for (note, description) in [(Some("又堆满了"), "又堆满了"), (None, "垃圾")] {
        let (mut case, inspector) = closed("2026-08-03 10:00", Severity::Low);
        let photos = vec![photo(201, PhotoView::Far)];
        let note = note.map(str::to_owned);
        let failed = Command::LookBack(actions::LookBack { held: false, photos, note });
        case.take("2026-08-20 10:00", &inspector, failed);
        assert_eq!(case.opened.unwrap().finding.description, description);
    }
}

#[test]
fn a_relapse_was_found_when_its_photos_were_taken() {
    for (captured, parent) in [
        ("2026-11-01 10:00", true),
        ("2026-11-01 10:01", false),
        // Before the closing, or after its arrival: the device's clock is wrong, so the arrival counts.
        ("2026-08-03 09:00", false),
        ("2026-12-01 10:00", false),
    ] {
        let (mut case, inspector) = closed("2026-08-03 10:00", Severity::Low);
        case.take("2026-11-03 10:00", &inspector, look_back(Some(at(captured))));
        assert_eq!(case.opened.as_ref().unwrap().finding.parent_id.is_some(), parent, "{captured}");
    }
}

#[test]
fn a_reported_rebound_is_one_worse() {
    let parent = Some((IssueId(Uuid::from_u128(7)), 1));
    let case = Case::reported("2026-08-03 09:00", Severity::Low, parent);
    assert_eq!(
        (case.issue.finding.severity, case.issue.finding.reported_severity),
        (Severity::Medium, Some(Severity::Low))
    );
    assert_eq!(case.issue.finding.chain_no, 2);
    // The reviewer decides.
    let unit_id = handler().unit_id.unwrap();
    let approve = Command::Approve(actions::Approve { severity: Some(Severity::Low), unit_id, due: None });
    let approved = case.decide("2026-08-03 09:00", &office(1), &approve).unwrap();
    assert_eq!(approved.after().finding.severity, Severity::Low);
}

fn resubmit(severity: Option<Severity>, item: Option<&str>) -> Command {
    Command::Resubmit(actions::Resubmit {
        description: None,
        severity,
        item_code: item.map(str::to_owned),
        photos: vec![],
    })
}

fn returned(severity: Severity, parent: Option<(IssueId, i32)>) -> Case {
    let mut case = Case::reported("2026-08-03 09:00", severity, parent);
    case.take("2026-08-03 09:00", &office(1), Command::SendBack(actions::SendBack { reason: "重选".into() }));
    case
}

#[test]
fn another_item_leaves_the_chain_of_relapses() {
    let parent = Some((IssueId(Uuid::from_u128(7)), 0));
    let mended = |parent| Some(MendedItem { code: "WS-04".into(), campaign: "WS".into(), parent });
    let mut case = returned(Severity::Low, parent);
    case.mended = mended(None);
    case.take("2026-08-03 10:00", &finder(), resubmit(None, Some("WS-04")));
    assert_eq!((case.issue.finding.parent_id, case.issue.finding.chain_no), (None, 0));
    assert_eq!((case.issue.finding.item_code.as_str(), case.issue.finding.campaign.as_str()), ("WS-04", "WS"));
    assert_eq!(case.issue.finding.severity, Severity::Low, "it is no rebound any more");
    // Or it joins another chain.
    let mut case = returned(Severity::Low, None);
    case.mended = mended(Some((IssueId(Uuid::from_u128(8)), 3)));
    case.take("2026-08-03 10:00", &finder(), resubmit(None, Some("WS-04")));
    assert_eq!((case.issue.finding.parent_id, case.issue.finding.chain_no), (Some(IssueId(Uuid::from_u128(8))), 4));
    assert_eq!(case.issue.finding.severity, Severity::Medium);
}

#[test]
fn a_mended_severity_is_raised_like_the_first() {
    let parent = Some((IssueId(Uuid::from_u128(7)), 0));
    for (parent, said, taken) in [
        (parent, Some(Severity::Medium), Severity::High),
        (parent, None, Severity::Medium),
        (None, Some(Severity::Medium), Severity::Medium),
        (None, None, Severity::Low),
    ] {
        let mut case = returned(Severity::Low, parent);
        case.take("2026-08-03 10:00", &finder(), resubmit(said, None));
        assert_eq!(case.issue.finding.severity, taken, "{said:?}");
        assert_eq!(case.issue.finding.parent_id, parent.map(|(id, _)| id), "the same item stays in its chain");
    }
}
