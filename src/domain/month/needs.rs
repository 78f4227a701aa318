//! What units need from others to fix issues: people, money, law. Added up each month for the office. Source: domain
//! rule M35.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{IssueId, UnitId};
use crate::domain::text::text_enum;

text_enum! {
    /// What an issue needs.
    pub enum Need {
        Funds = "funds", "经费", "Funds";
        Staff = "staff", "人员", "Staff";
        Law = "law", "执法依据", "A legal basis";
        Other = "other", "其他", "Something else";
    }
}

/// The issues of one unit that need the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedRow {
    /// What.
    pub need: Need,
    /// The unit.
    pub unit_id: UnitId,
    /// The issues, each once.
    pub issues: Vec<IssueId>,
}

/// The month's sum, by need and unit.
#[must_use]
pub fn needs(rows: impl IntoIterator<Item = (Need, UnitId, IssueId)>) -> Vec<NeedRow> {
    let mut found: BTreeMap<(Need, UnitId), Vec<IssueId>> = BTreeMap::new();
    for (need, unit_id, issue_id) in rows {
        found.entry((need, unit_id)).or_default().push(issue_id);
    }
    let row = |((need, unit_id), mut issues): ((Need, UnitId), Vec<IssueId>)| {
        issues.sort_unstable();
        issues.dedup();
        NeedRow { need, unit_id, issues }
    };
    found.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::month::score::tests::rows::{issue_id, unit_id};

    #[test]
    fn needs_are_summed_by_kind_and_unit_and_an_issue_counts_once() {
        let rows = [
            (Need::Staff, unit_id(1), issue_id(3)),
            (Need::Funds, unit_id(2), issue_id(2)),
            (Need::Funds, unit_id(1), issue_id(1)),
            (Need::Funds, unit_id(2), issue_id(2)),
            (Need::Funds, unit_id(2), issue_id(1)),
        ];
        let told: Vec<_> = needs(rows).into_iter().map(|row| (row.need, row.unit_id, row.issues.len())).collect();
        assert_eq!(told, [(Need::Funds, unit_id(1), 1), (Need::Funds, unit_id(2), 2), (Need::Staff, unit_id(1), 1)]);
    }
}
