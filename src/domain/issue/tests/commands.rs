//! Required and optional fields of commands, whoever sends them.

use serde_json::{Value, json};

use super::*;

fn faults_of(command: &Command) -> Vec<(String, FieldCode)> {
    let faults = command.validate().err().map_or_else(Vec::new, |invalid| invalid.0);
    faults.into_iter().map(|error| (error.pointer, error.code)).collect()
}

fn fault(pointer: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
    vec![(pointer.to_owned(), code)]
}

/// `count` photos of a fix, all different.
fn photos(count: u128) -> Vec<CommandPhoto> {
    let view = |number| if number == 1 { PhotoView::SameAngle } else { PhotoView::Wide };
    (1..=count).map(|number| photo(number, view(number))).collect()
}

/// What a field of this name holds; `words` is the reason or the note. Every action whose fields are known here is
/// tried without a line of its own.
fn value_of(field: &str, words: &str, photos: &[CommandPhoto]) -> Value {
    match field {
        "reason" | "note" => json!(words),
        "photos" => photos.iter().map(|photo| json!({"id": photo.id, "view": photo.view})).collect(),
        "unit_id" => json!(UnitId(Uuid::from_u128(2))),
        "inspector_id" => json!(user(11)),
        "request_id" => json!(RequestId(Uuid::from_u128(9))),
        "severity" => json!(Severity::High),
        "remedy" => json!(Remedy::Quick),
        "measure" => json!("已清走"),
        "plan" => json!([{"milestone": "拆除", "due": "2026-09-01"}]),
        "final" => json!(false),
        "founded" | "granted" | "held" | "on_site" => json!(true),
        field => panic!("`{field}` is a new field of an action: say what it may hold"),
    }
}

/// Every command with what it needs, with this text as its reason or note, and these photos.
fn every(words: &str, photos: &[CommandPhoto]) -> Vec<Command> {
    let asked = Action::ALL.iter().filter(|action| action.is_requestable());
    asked
        .map(|action| {
            let fields = action.fields().into_iter();
            let given =
                fields.filter(|(name, needed)| *needed || ["reason", "note", "photos"].contains(&name.as_str()));
            let body = given.map(|(name, _)| (name.clone(), value_of(&name, words, photos))).collect();
            Command::read(*action, Value::Object(body)).unwrap().unwrap()
        })
        .collect()
}

#[test]
fn every_step_that_may_be_asked_for_has_its_command() {
    let named: Vec<Action> = every("理由", &photos(2)).iter().map(Command::action).collect();
    let requestable: Vec<Action> = Action::ALL.iter().copied().filter(|action| action.is_requestable()).collect();
    assert_eq!(named, requestable);
    assert!(named.len() >= 27, "{named:?}");
    for action in
        [Action::Report, Action::Submit, Action::LapseSignIn, Action::EndPlan, Action::Archive, Action::SettlePlace]
    {
        assert!(!action.is_requestable(), "{action}");
    }
    for action in Action::ALL {
        let concealed =
            matches!(action, Action::AssignCheck | Action::AssignLookBack | Action::LookBack | Action::CannotJudge);
        assert_eq!(action.is_public(), !concealed, "{action}");
    }
    let concealed: Vec<Action> = Action::concealed().collect();
    assert_eq!(concealed, [Action::AssignCheck, Action::AssignLookBack, Action::LookBack, Action::CannotJudge]);
}

/// What must exist is looked up by these names.
#[test]
fn a_step_names_what_must_exist() {
    let (unit_id, other) = (UnitId(Uuid::from_u128(2)), IssueId(Uuid::from_u128(8)));
    for command in every("理由", &photos(2)) {
        let expected = match command {
            Command::Approve(_) | Command::ReleaseUrgent(_) | Command::Reassign(_) => {
                vec![Named::Unit("/unit_id", unit_id)]
            }
            Command::AssignCheck(_) | Command::AssignLookBack(_) => vec![Named::Inspector(user(11))],
            _ => vec![],
        };
        assert_eq!(command.names(), expected, "{command:?}");
    }
    let reason = || "理由".to_owned();
    for (command, named) in [
        (
            Command::Return(actions::Return { reason: reason(), proposed_unit_id: Some(unit_id) }),
            Named::Unit("/proposed_unit_id", unit_id),
        ),
        (Command::Reject(actions::Reject { reason: reason(), duplicate_of: Some(other) }), Named::OtherIssue(other)),
        (
            Command::Resubmit(actions::Resubmit {
                description: None,
                severity: None,
                item_code: Some("WS-04".into()),
                photos: photos(1),
            }),
            Named::Item("WS-04"),
        ),
    ] {
        assert_eq!(command.names(), [named]);
    }
}

/// A reason is required, a note is optional; both have 500 characters at most.
#[test]
fn reasons_are_given_and_notes_may_be() {
    let longest = "字".repeat(500);
    let longer = format!("{longest}字");
    let (mut reasons, mut notes) = (0, 0);
    for (at, command) in every(&longest, &photos(2)).iter().enumerate() {
        assert_eq!(faults_of(command), [], "{command:?}");
        let [blank, over] = [" \n", &longer].map(|words| faults_of(&every(words, &photos(2))[at]));
        match command.reason() {
            None => assert_eq!((blank, over), (vec![], vec![]), "{command:?}"),
            Some(said) => {
                assert_eq!(said, longest);
                if blank.is_empty() {
                    let has_note = command.action().fields().contains(&("note".to_owned(), false));
                    let field = if has_note { "/note" } else { "/reason" };
                    assert_eq!(over, fault(field, FieldCode::TooLong), "{command:?}");
                    notes += 1;
                } else {
                    assert_eq!(over, fault("/reason", FieldCode::TooLong), "{command:?}");
                    assert_eq!(blank, fault("/reason", FieldCode::Required), "{command:?}");
                    reasons += 1;
                }
            }
        }
    }
    assert!(reasons >= 12 && notes >= 4, "{reasons} {notes}");
}

#[test]
fn a_step_brings_nine_photos_at_most_and_none_twice() {
    let mut twice = photos(3);
    twice[2].id = twice[0].id;
    let mut bring = 0;
    for at in 0..every("理由", &[]).len() {
        let with = |photos: &[CommandPhoto]| every("理由", photos).swap_remove(at);
        let command = with(&photos(9));
        if command.photos().is_empty() {
            assert_eq!(faults_of(&with(&photos(10))), [], "{command:?}");
            continue;
        }
        bring += 1;
        assert_eq!(command.photos(), photos(9), "{command:?}");
        assert_eq!(faults_of(&command), [], "{command:?}");
        assert_eq!(faults_of(&with(&photos(10))), fault("/photos", FieldCode::TooLong), "{command:?}");
        assert_eq!(faults_of(&with(&twice)), fault("/photos/2/id", FieldCode::Duplicate), "{command:?}");
    }
    assert!(bring >= 9, "{bring}");
}

/// Source: domain §6.4: a fix is photographed from the same angle, and in a wide view; a check needs a photo.
#[test]
fn what_must_be_seen_is_shown() {
    let (angle, wide) = (photo(1, PhotoView::SameAngle), photo(2, PhotoView::Wide));
    let missing = |count: usize| vec![("/photos".to_owned(), FieldCode::Missing); count];
    let fix_with = |photos: Vec<CommandPhoto>| {
        let fix = every("理由", &photos).into_iter().find(|command| command.action() == Action::ReportFix);
        faults_of(&fix.unwrap())
    };
    assert_eq!(fix_with(vec![angle.clone(), wide.clone()]), []);
    assert_eq!(fix_with(vec![angle]), missing(1));
    assert_eq!(fix_with(vec![wide]), missing(1));
    assert_eq!(fix_with(vec![photo(1, PhotoView::Near)]), missing(2));
    for command in every("理由", &[]) {
        let count = match command.action() {
            Action::ReportFix => 2,
            Action::LookBack | Action::RequestHang => 1,
            _ => 0,
        };
        assert_eq!(faults_of(&command), missing(count), "{command:?}");
    }
}

#[test]
fn texts_are_as_long_as_their_limits_at_most() {
    let fix = |measure: String| {
        Command::ReportFix(actions::ReportFix {
            measure,
            remedy: Remedy::Timed,
            photos: photos(2),
            composed_at: None,
            sent_at: None,
        })
    };
    let sign_in = |name: String| Command::SignIn(actions::SignIn { handler: Some(name) });
    let resubmit = |text: String| {
        Command::Resubmit(actions::Resubmit {
            description: Some(text),
            severity: None,
            item_code: None,
            photos: vec![],
        })
    };
    let milestone = |text: String| {
        let mut plan = plan(&["2026-09-01"]);
        plan.milestones[0].milestone = text;
        Command::Hang(actions::Hang { plan, reason: "需施工".into() })
    };
    type Make<'a> = &'a dyn Fn(String) -> Command;
    for (make, pointer, most, required) in [
        (&fix as Make<'_>, "/measure", 200, true),
        (&sign_in, "/handler", 40, true),
        (&resubmit, "/description", 500, false),
        (&milestone, "/plan/0/milestone", 100, true),
    ] {
        assert_eq!(faults_of(&make("字".repeat(most))), [], "{pointer}");
        assert_eq!(faults_of(&make("字".repeat(most + 1))), fault(pointer, FieldCode::TooLong));
        let blank = if required { fault(pointer, FieldCode::Required) } else { vec![] };
        assert_eq!(faults_of(&make(" ".into())), blank, "{pointer}");
    }
}

#[test]
fn only_what_is_severe_is_released_urgently() {
    let unit_id = UnitId(Uuid::from_u128(2));
    for severity in Severity::ALL {
        let refused = faults_of(&Command::ReleaseUrgent(actions::ReleaseUrgent { severity: *severity, unit_id }));
        assert_eq!(refused.is_empty(), *severity == Severity::High, "{severity}");
        assert!(refused.iter().all(|fault| *fault == ("/severity".to_owned(), FieldCode::NotAllowed)));
    }
}

/// Source: domain rule T13.
#[test]
fn a_plan_has_twenty_four_milestones_at_most_each_within_ninety_days_of_the_one_before() {
    let of = |count: i64| {
        let day = |at: i64| jiff::civil::date(2026, 9, 1).saturating_add(jiff::Span::new().days(at)).to_string();
        let days: Vec<String> = (0..count).map(day).collect();
        faults_of(&hang(&days.iter().map(String::as_str).collect::<Vec<_>>()))
    };
    assert_eq!((of(1), of(24)), (vec![], vec![]));
    assert_eq!(of(0), fault("/plan", FieldCode::Missing));
    assert_eq!(of(25), fault("/plan", FieldCode::TooLong));
    for (days, fine) in [
        (["2026-09-01", "2026-09-02"], true),
        (["2026-09-01", "2026-11-30"], true),
        (["2026-09-01", "2026-12-01"], false),
        (["2026-09-01", "2026-09-01"], false),
        (["2026-09-01", "2026-08-31"], false),
    ] {
        let expected = if fine { vec![] } else { fault("/plan/1/due", FieldCode::OutOfRange) };
        assert_eq!(faults_of(&hang(&days)), expected, "{days:?}");
    }
    // The missed milestones of earlier plans are only written when there are any.
    let json = |missed_before| serde_json::json!(Plan { missed_before, ..plan(&["2026-09-01"]) });
    assert_eq!((json(0).get("missed_before"), json(2)["missed_before"].as_u64()), (None, Some(2)));
}
