#![allow(clippy::unwrap_used)]

use super::*;

fn changes(json: Value) -> Map<String, Value> {
    json.as_object().unwrap().clone()
}

#[test]
fn every_setting_says_what_it_can_be() {
    let settings = Settings::default();
    let mut named: Vec<&str> = Settings::FIELDS.iter().map(|(name, _)| *name).collect();
    named.sort_unstable();
    assert_eq!(named, settings.fields().keys().map(String::as_str).collect::<Vec<_>>());
    for (name, values) in Settings::FIELDS {
        let with = |value: Value| settings.with(&Map::from_iter([((*name).to_owned(), value)]));
        match values {
            Values::Words(words) => assert!(words.iter().all(|word| with((*word).into()).is_ok()), "{name}"),
            Values::Numbers(min, max) => {
                assert!(with((*min).into()).is_ok() && with((*max).into()).is_ok(), "{name}");
                assert!(with((*max + 1).into()).is_err(), "{name}");
            }
            Values::Name(max) => {
                let count = usize::try_from(*max).unwrap();
                let kept = with(format!(" {} ", "县".repeat(count)).into()).unwrap();
                assert_eq!(kept.value(name), Some("县".repeat(count).into()));
                assert!(with(String::new().into()).is_ok() && with("a\nb".into()).is_err(), "{name}");
                assert!(with("县".repeat(count + 1).into()).is_err() && with(1.into()).is_err(), "{name}");
                let code = |text: String| with(text.into()).unwrap_err().0[0].code;
                assert_eq!(code("县".repeat(count + 1)), FieldCode::TooLong, "{name}");
                assert_eq!(code("a\nb".into()), FieldCode::Malformed, "{name}");
            }
        }
    }
}

#[test]
fn the_defaults_of_the_offline_rule_are_those_of_the_domain() {
    assert_eq!(Settings::default().offline_rule(), OfflineRule::default());
}

#[test]
fn only_what_differs_is_changed() {
    let before = Settings::default();
    let after = before
        .with(&changes(
            serde_json::json!({"idle_minutes_desk": 20, "password_history": 5, "day_end": "close-of-business"}),
        ))
        .unwrap();
    assert_eq!((after.idle_minutes_desk, after.day_end), (20, DayEnd::CloseOfBusiness));
    assert_eq!(
        before.differences(&after),
        [
            ("day_end".to_owned(), "midnight".into(), "close-of-business".into()),
            ("idle_minutes_desk".to_owned(), 15.into(), 20.into())
        ]
    );
    assert_eq!(before.with(&Map::new()).unwrap(), before);
}

#[test]
fn every_fault_is_named_at_its_place() {
    use FieldCode::{Malformed, OutOfRange, Unknown};
    let invalid = Settings::default()
        .with(&changes(serde_json::json!({
            "a/b~c": 1, "day_end": "noon", "idle_minutes_desk": 4, "password_history": -1,
            "session_hours_max": "24", "password_days_max": null
        })))
        .unwrap_err();
    let mut found: Vec<_> = invalid.0.iter().map(|error| (error.pointer.as_str(), error.code)).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("/a~1b~0c", Unknown),
            ("/day_end", Malformed),
            ("/idle_minutes_desk", OutOfRange),
            ("/password_days_max", Malformed),
            ("/password_history", Malformed),
            ("/session_hours_max", Malformed)
        ]
    );
}

#[test]
fn what_is_stored_row_by_row_is_read_back_and_absent_rows_have_their_defaults() {
    let mut changed = Settings::default();
    for (name, values) in Settings::FIELDS {
        let value: Value = match values {
            Values::Words(words) => {
                let other = |word: &&&str| Settings::default().value(name) != Some((**word).into());
                (*words.iter().find(other).unwrap()).into()
            }
            Values::Numbers(_, max) => (*max).into(),
            Values::Name(_) => "示范县".into(),
        };
        assert_ne!(Settings::default().value(name), Some(value.clone()), "{name}");
        let row = [((*name).to_owned(), value.to_string())];
        assert_eq!(Settings::from_rows(&row).unwrap().value(name), Some(value.clone()), "{name}");
        changed = changed.with(&Map::from_iter([((*name).to_owned(), value)])).unwrap();
    }
    let rows: Vec<_> = Settings::FIELDS
        .iter()
        .map(|(name, _)| ((*name).to_owned(), changed.value(name).unwrap().to_string()))
        .collect();
    assert_eq!(Settings::from_rows(&rows).unwrap(), changed);
    assert_eq!(Settings::from_rows(&[]).unwrap(), Settings::default());
    assert_eq!(Settings::default().value("no_such"), None);
    for (name, value) in [("no_such", "1"), ("password_history", "many"), ("password_history", "\"5\"")] {
        assert!(Settings::from_rows(&[(name.to_owned(), value.to_owned())]).is_err(), "{name} {value}");
    }
}

/// Only a name may be typed with blanks around it.
#[test]
fn a_word_is_written_as_it_is() {
    for (name, values) in Settings::FIELDS {
        if let Values::Words(words) = values {
            let padded = Map::from_iter([((*name).to_owned(), format!(" {} ", words[0]).into())]);
            let faults = Settings::default().with(&padded).unwrap_err().0;
            assert_eq!((faults[0].pointer.clone(), faults[0].code), (format!("/{name}"), FieldCode::Malformed));
        }
    }
}

#[test]
fn a_number_below_its_least_is_refused() {
    for (name, values) in Settings::FIELDS {
        if let Values::Numbers(min @ 1.., _) = values {
            let below = Map::from_iter([((*name).to_owned(), (*min - 1).into())]);
            let faults = Settings::default().with(&below).unwrap_err().0;
            let found: Vec<_> = faults.iter().map(|error| (error.pointer.clone(), error.code)).collect();
            assert_eq!(found, [(format!("/{name}"), FieldCode::OutOfRange)]);
        }
    }
}

#[test]
fn settings_are_times_in_the_unit_of_their_name() {
    let settings = Settings {
        offline_skew_minutes_max: 7,
        offline_hours_max: 2,
        capture_ahead_minutes_max: 3,
        photo_time_minutes_max: 11,
        ..Settings::default()
    };
    let rule = settings.offline_rule();
    assert_eq!((rule.skew_max.as_secs(), rule.delay_max.as_secs()), (420, 7_200));
    assert_eq!((settings.capture_ahead_max().as_secs(), settings.photo_time_max().as_secs()), (180, 660));
}

/// Source: domain §7.4.
#[test]
fn those_who_work_on_phones_may_be_idle_for_longer() {
    for role in Role::ALL {
        let minutes = if matches!(role, Role::Inspector | Role::Unit) { 30 } else { 15 };
        assert_eq!(Settings::default().idle_minutes(*role), minutes, "{role}");
    }
}
