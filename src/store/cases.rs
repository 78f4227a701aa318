//! Accountability cases 问责台账.

use diesel::prelude::*;

use crate::domain::accountability::{Case, CaseBody, CaseKind};
use crate::domain::ids::{CaseId, IssueId, UnitId, UserId};
use crate::domain::time::{Timestamp, read_day};
use crate::store::schema::accountability_cases as cases;
use crate::store::{Conn, StoreError};

#[derive(Queryable, Insertable)]
#[diesel(table_name = cases)]
struct CaseRow {
    id: CaseId,
    unit_id: UnitId,
    issue_id: Option<IssueId>,
    person: String,
    kind: CaseKind,
    reason: String,
    document_no: String,
    on_day: String,
    proposed_by: UserId,
    proposed_at: Timestamp,
    approved_by: Option<UserId>,
    approved_at: Option<Timestamp>,
}

impl TryFrom<CaseRow> for Case {
    type Error = StoreError;

    fn try_from(row: CaseRow) -> Result<Self, StoreError> {
        Ok(Case {
            id: row.id,
            body: CaseBody {
                unit_id: row.unit_id,
                issue_id: row.issue_id,
                person: row.person,
                kind: row.kind,
                reason: row.reason,
                document_no: row.document_no,
                on: read_day(&row.on_day).map_err(StoreError::Corrupt)?,
            },
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            approved: row.approved_by.zip(row.approved_at),
        })
    }
}

/// One case.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, id: CaseId) -> Result<Option<Case>, StoreError> {
    let row: Option<CaseRow> = cases::table.find(id).first(conn).optional()?;
    row.map(Case::try_from).transpose()
}

/// Stores a new case.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, case: &Case) -> Result<(), StoreError> {
    let CaseBody { unit_id, issue_id, person, kind, reason, document_no, on } = case.body.clone();
    let row = CaseRow {
        id: case.id,
        unit_id,
        issue_id,
        person,
        kind,
        reason,
        document_no,
        on_day: on.to_string(),
        proposed_by: case.proposed_by,
        proposed_at: case.proposed_at,
        approved_by: case.approved.map(|(by, _)| by),
        approved_at: case.approved.map(|(_, at)| at),
    };
    diesel::insert_into(cases::table).values(row).execute(conn)?;
    Ok(())
}

/// Stores who approved a case that nobody has approved.
///
/// # Errors
/// [`StoreError::Stale`] when somebody has.
pub fn approve(conn: &mut Conn, id: CaseId, by: UserId, at: Timestamp) -> Result<(), StoreError> {
    let open = cases::table.filter(cases::id.eq(id)).filter(cases::approved_at.is_null());
    let changed =
        diesel::update(open).set((cases::approved_by.eq(Some(by)), cases::approved_at.eq(Some(at)))).execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Cases, the latest first, after this one; only approved ones if asked.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no case to continue after, [`StoreError::Corrupt`].
pub fn list(conn: &mut Conn, approved_only: bool, after: Option<CaseId>, limit: i64) -> Result<Vec<Case>, StoreError> {
    let mut query = cases::table.limit(limit).into_boxed();
    if approved_only {
        query = query.filter(cases::approved_at.is_not_null());
    }
    if let Some(id) = after {
        let at: Option<Timestamp> = cases::table.find(id).select(cases::proposed_at).first(conn).optional()?;
        let at = at.ok_or(StoreError::NotFound)?;
        query = query.filter(cases::proposed_at.lt(at).or(cases::proposed_at.eq(at).and(cases::id.lt(id))));
    }
    let rows: Vec<CaseRow> = query.order((cases::proposed_at.desc(), cases::id.desc())).load(conn)?;
    rows.into_iter().map(Case::try_from).collect()
}
