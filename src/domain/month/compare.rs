//! Compares facts that were read again with those that were frozen, row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Facts;

/// A row that is not what was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferingRow {
    /// Which list: `cases`, `points`, …
    pub list: &'static str,
    /// Which row, by the ids in it.
    pub row: String,
    /// The members that differ, each as it is stored and as it was read; empty when the row is in one of them only.
    pub members: Vec<(String, String, String)>,
    /// Whether it is in the frozen facts.
    pub is_stored: bool,
    /// Whether it was read.
    pub is_read: bool,
}

/// A row by its name and, for those that occur twice, its number.
type Rows = BTreeMap<(String, usize), Value>;

fn rows<T: Serialize>(list: &[T], names: &[&str]) -> Rows {
    let mut found = Rows::new();
    for row in list {
        let row = serde_json::to_value(row).unwrap_or_default();
        let told = names.iter().filter_map(|name| row.get(*name)).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let name = told.collect::<Vec<_>>().join(" ");
        let number = found.range((name.clone(), 0)..=(name.clone(), usize::MAX)).count();
        found.insert((name, number), row);
    }
    found
}

fn members(stored: &Value, read: &Value) -> Vec<(String, String, String)> {
    let (Value::Object(stored), Value::Object(read)) = (stored, read) else { return Vec::new() };
    let names: BTreeSet<&String> = stored.keys().chain(read.keys()).collect();
    let said = |of: Option<&Value>| of.map(Value::to_string).unwrap_or_default();
    let differing = names.into_iter().filter(|name| stored.get(*name) != read.get(*name));
    differing.map(|name| (name.clone(), said(stored.get(name)), said(read.get(name)))).collect()
}

fn compare(list: &'static str, stored: &Rows, read: &Rows, found: &mut Vec<DifferingRow>) {
    let names: BTreeSet<&(String, usize)> = stored.keys().chain(read.keys()).collect();
    for name in names {
        let (ours, theirs) = (stored.get(name), read.get(name));
        if ours != theirs {
            found.push(DifferingRow {
                list,
                row: name.0.clone(),
                members: ours.zip(theirs).map(|(ours, theirs)| members(ours, theirs)).unwrap_or_default(),
                is_stored: ours.is_some(),
                is_read: theirs.is_some(),
            });
        }
    }
}

/// Every row in which `stored` and `read` differ, by list and name. None means that both are the same.
#[must_use]
pub fn differing(stored: &Facts, read: &Facts) -> Vec<DifferingRow> {
    let mut found = Vec::new();
    macro_rules! lists {
        ($($list:ident by $names:expr;)+) => {
            // Destructured, so that a new list has to be compared.
            let Facts { $($list: _,)+ } = stored;
            $(compare(stringify!($list), &rows(&stored.$list, &$names), &rows(&read.$list, &$names), &mut found);)+
        };
    }
    lists! {
        units by ["unit_id"];
        points by ["point_id"];
        cases by ["issue_id"];
        dispatches by ["issue_id", "unit_id"];
        look_backs by ["issue_id", "at"];
        deductions by ["unit_id", "head", "row"];
        earlier by ["unit_id", "head", "row"];
        bonuses by ["unit_id", "head", "row"];
        adjustments by ["adjustment_id"];
    }
    found
}

impl std::fmt::Display for DifferingRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: ", self.list, self.row)?;
        match (self.is_stored, self.is_read) {
            (true, false) => f.write_str("is frozen, and is not there any more"),
            (false, true) => f.write_str("is there, and is not frozen"),
            (true, true) | (false, false) => {
                let told = self.members.iter().map(|(name, ours, theirs)| format!("{name} {ours} → {theirs}"));
                f.write_str(&told.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::ids::{IssueId, UnitId};
    use crate::domain::month::facts::{BonusHead, BonusRow, DeductionHead, DispatchRow, LookBackResult};
    use crate::domain::month::score::tests::rows::{
        adjustment, case, deduction, issue_id, issue_row, look_back, point, unit, unit_id,
    };

    #[test]
    fn every_row_that_differs_is_named() {
        let id = uuid::Uuid::from_u128;
        let row = |issue: u128, is_unfounded_return| DispatchRow {
            issue_id: IssueId(id(issue)),
            unit_id: UnitId(id(9)),
            is_unfounded_return,
        };
        let facts = |dispatches: Vec<DispatchRow>| Facts { dispatches, ..Facts::default() };
        let stored = facts(vec![row(1, false), row(2, false), row(3, false)]);
        assert_eq!(differing(&stored, &stored), []);
        let found = differing(&stored, &facts(vec![row(2, true), row(3, false), row(4, false)]));
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3);
        assert!(told[0].contains("not there any more"), "{told:?}");
        assert!(told[1].contains("is_unfounded_return false → true"), "{told:?}");
        assert!(told[2].contains("not frozen"), "{told:?}");
        // The same row twice is not the same row once.
        assert_eq!(differing(&facts(vec![row(1, false), row(1, false)]), &facts(vec![row(1, false)])).len(), 1);
    }

    #[test]
    fn every_list_is_compared() {
        type Change = fn(&mut Facts);
        let changes: [(&str, Change); 9] = [
            ("units", |facts| facts.units.push(unit(1))),
            ("points", |facts| facts.points.push(point(1, 1, None))),
            ("cases", |facts| facts.cases.push(case(1, 1, 10, None, None))),
            ("dispatches", |facts| {
                let row = DispatchRow { issue_id: issue_id(1), unit_id: unit_id(1), is_unfounded_return: false };
                facts.dispatches.push(row);
            }),
            ("look_backs", |facts| facts.look_backs.push(look_back(1, 1, LookBackResult::Held))),
            ("deductions", |facts| {
                facts.deductions.push(deduction(1, DeductionHead::YellowCard, issue_row(1), &["overdue/1"]));
            }),
            ("earlier", |facts| {
                facts.earlier.push(deduction(1, DeductionHead::YellowCard, issue_row(1), &["overdue/1"]));
            }),
            ("bonuses", |facts| {
                facts.bonuses.push(BonusRow { unit_id: unit_id(1), head: BonusHead::SelfFound, row: issue_row(1) });
            }),
            ("adjustments", |facts| facts.adjustments.push(adjustment(1, 1, "1"))),
        ];
        for (list, change) in changes {
            let mut facts = Facts::default();
            change(&mut facts);
            for (stored, read) in [(&facts, &Facts::default()), (&Facts::default(), &facts)] {
                let found: Vec<&str> = differing(stored, read).iter().map(|row| row.list).collect();
                assert_eq!(found, [list]);
            }
        }
    }
}
