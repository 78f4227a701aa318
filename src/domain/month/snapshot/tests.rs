#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::calendar::CalendarRules;
use crate::domain::month::Rate;
use crate::domain::month::facts::{DeductionHead, LookBackResult};
use crate::domain::month::score::tests::rows::*;
use crate::domain::time::Timestamp;

fn facts() -> Facts {
    Facts {
        units: vec![unit(2), unit(1)],
        points: vec![point(1, 1, Some("271/3")), point(2, 2, Some("80")), point(3, 2, None)],
        deductions: vec![deduction(1, DeductionHead::YellowCard, card(1), &["overdue/1"])],
        ..Facts::default()
    }
}

fn taken(facts: Facts) -> Result<Snapshot, Invalid> {
    let calendar = WorkCalendar::new(1, CalendarRules::plain()).unwrap();
    Snapshot::take(Month::parse("2026-09").unwrap(), &calendar, Rules::default(), facts, Ranks::from([(unit_id(1), 2)]))
}

#[test]
fn a_snapshot_read_back_gives_the_same_bytes_and_the_same_results() {
    let snapshot = taken(facts()).unwrap();
    let read = Snapshot::read(&snapshot.bytes()).unwrap();
    assert_eq!((read.digest(), &read), (snapshot.digest(), &snapshot));
    let results = recompute(&snapshot);
    assert_eq!(recompute(&read), results);
    assert_eq!(Results::read(&results.bytes()).unwrap(), results);
    assert_eq!((results.snapshot, results.rules_version), (snapshot.digest(), 1));
    // Rows in another order are the same snapshot.
    let mut turned = facts();
    turned.units.reverse();
    turned.points.reverse();
    assert_eq!(taken(turned).unwrap().digest(), snapshot.digest());
    // Any other number is another.
    let mut other = facts();
    other.points[0] = point(1, 1, Some("270/3"));
    assert_ne!(taken(other).unwrap().digest(), snapshot.digest());
}

/// Golden: stored months were hashed in this form.
#[test]
fn the_form_stays_as_it_is() {
    let snapshot = taken(facts()).unwrap();
    let text = String::from_utf8(snapshot.bytes()).unwrap();
    assert!(text.starts_with("canonical/1\n{\"facts\":{\"deductions\":[{"), "{text}");
    assert!(text.contains(r#""month":"2026-09""#) && text.contains(r#""score":"271/3""#), "{text}");
    assert_eq!(snapshot.digest().to_string(), GOLDEN_SNAPSHOT);
    assert_eq!(recompute(&snapshot).digest().to_string(), GOLDEN_RESULTS);
}

const GOLDEN_SNAPSHOT: &str = "70e3eff8c6a46fb669351d8f906ab69bc1577d3edddd63271dee356923148ebe";
const GOLDEN_RESULTS: &str = "415ecb1a4a1e48ea719b0ab4fd469693c0a7dc401f5c337de0052fb49c22bd1b";

#[test]
fn what_differs_from_the_stored_results_is_told_by_name() {
    let snapshot = taken(facts()).unwrap();
    let stored = recompute(&snapshot);
    assert_eq!(verify(&stored, &recompute(&snapshot)), []);
    let mut forged = stored.clone();
    forged.units[0].score = Rate::Of(Exact::from(99));
    forged.units[0].deductions.lines.clear();
    let told = verify(&forged, &stored);
    assert!(told.iter().all(|differing| differing.name == "单位1"), "{told:?}");
    let score = told.iter().find(|differing| differing.figure.ends_with("/score")).unwrap();
    // 271/3 − 0.5 = 539/6.
    assert_eq!((&*score.stored, &*score.recomputed), ("99", "539/6"));
    let lines = told.iter().find(|differing| differing.figure.ends_with("/deductions/lines/length")).unwrap();
    assert_eq!((&*lines.stored, &*lines.recomputed), ("0", "1"));
    // A missing unit is reported, too.
    let mut fewer = stored.clone();
    fewer.units.remove(1);
    let told = verify(&fewer, &stored);
    assert!(told.iter().all(|differing| differing.name == "单位2" && differing.stored.is_empty()), "{told:?}");
    assert!(!told.is_empty());
}

#[test]
fn a_row_twice_or_a_score_out_of_range_is_refused() {
    let faults = |change: fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        taken(facts).unwrap_err().0.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
    };
    assert_eq!(faults(|facts| facts.units.push(unit(1))), ["/facts/units/1"]);
    assert_eq!(faults(|facts| facts.points.push(point(3, 1, None))), ["/facts/points/3"]);
    assert_eq!(faults(|facts| facts.points.push(point(9, 1, Some("100.01")))), ["/facts/points/3"]);
    assert_eq!(faults(|facts| facts.cases = vec![case(1, 1, 1, None, None); 2]), ["/facts/cases/1"]);
    let wrong = Snapshot { rules: Rules { version: 0, ..Rules::default() }, ..taken(facts()).unwrap() };
    assert!(Snapshot::read(&wrong.bytes()).unwrap_err().contains("/version"));
    assert!(Snapshot::read(b"{}").is_err() && Results::read(b"canonical/1\n{").is_err());
}

/// July, August and September count for the durability of September, and nothing before or after.
#[test]
fn look_backs_of_three_months_count() {
    let snapshot = taken(facts()).unwrap();
    let at = |text: &str| Timestamp::parse(text).unwrap();
    assert_eq!(snapshot.look_backs.from, at("2026-07-01T00:00:00+08:00"));
    assert_eq!((snapshot.look_backs.to, snapshot.span.to), (at("2026-10-01T00:00:00+08:00"), snapshot.span.to));
    let mut facts = facts();
    for (number, when) in
        (1..).zip(["2026-06-30T23:59:59+08:00", "2026-07-01T00:00:00+08:00", "2026-10-01T00:00:00+08:00"])
    {
        facts.look_backs.push(crate::domain::month::facts::LookBackRow {
            at: at(when),
            ..look_back(number, 1, LookBackResult::Held)
        });
    }
    let results = recompute(&taken(facts).unwrap());
    assert_eq!(results.units[0].rebound.whole_rows, [issue_row(2)]);
}
