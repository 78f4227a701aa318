//! What is not charged to a unit because it had found the fault itself before an inspector came (M03).

use std::collections::{BTreeSet, HashSet};

use super::facts::{Asked, settled_later};
use crate::domain::ids::{IssueId, UnitId};
use crate::domain::month::facts::DeductionRow;
use crate::store::{Conn, StoreError, self_reports};

/// These rows, each marked whether its unit had found the fault itself before an inspector came (M03).
pub(super) fn self_found(
    conn: &mut Conn,
    rows: Vec<(DeductionRow, Option<IssueId>)>,
    asked: &Asked<'_>,
) -> Result<Vec<DeductionRow>, StoreError> {
    let charged: Vec<(IssueId, UnitId)> =
        rows.iter().filter_map(|(row, issue)| Some(((*issue)?, row.unit_id))).collect();
    let covered = covered(conn, &charged, asked)?;
    let marked = |(row, issue): (DeductionRow, Option<IssueId>)| {
        let is_self_found = issue.is_some_and(|issue| covered.contains(&(issue, row.unit_id)));
        DeductionRow { is_self_found, ..row }
    };
    Ok(rows.into_iter().map(marked).collect())
}

/// Which of these issues their units had reported themselves before.
pub(super) fn covered(
    conn: &mut Conn,
    charged: &[(IssueId, UnitId)],
    asked: &Asked<'_>,
) -> Result<HashSet<(IssueId, UnitId)>, StoreError> {
    let ids: Vec<IssueId> = charged.iter().map(|(issue, _)| *issue).collect::<BTreeSet<_>>().into_iter().collect();
    let settled = settled_later(conn, &ids, asked.span.to)?;
    let mut seen = self_reports::sightings(conn, &ids)?;
    for one in &mut seen {
        one.point_id = settled.get(&one.issue_id).copied().unwrap_or(one.point_id);
        one.units = charged.iter().filter(|(issue, _)| *issue == one.issue_id).map(|(_, unit)| *unit).collect();
    }
    self_reports::covered(conn, &seen, asked.span.to, asked.gathering)
}
