//! Notes of county leaders.

use diesel::prelude::*;

use crate::domain::ids::{IssueId, LeaderNoteId, PairingId, UnitId, UserId};
use crate::domain::leader_note::LeaderNote;
use crate::domain::time::Timestamp;
use crate::store::schema::leader_notes as notes;
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notes)]
struct NoteRow {
    id: LeaderNoteId,
    leader_id: UserId,
    pairing_id: PairingId,
    unit_id: UnitId,
    issue_id: Option<IssueId>,
    note: String,
    written_at: Timestamp,
}

impl From<NoteRow> for LeaderNote {
    fn from(row: NoteRow) -> Self {
        let NoteRow { id, leader_id, pairing_id, unit_id, issue_id, note, written_at } = row;
        LeaderNote { id, leader_id, pairing_id, unit_id, issue_id, note, written_at }
    }
}

/// Which notes are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listed {
    /// That this unit reads.
    pub unit: Option<UnitId>,
    /// Of this leader.
    pub leader: Option<UserId>,
    /// About this issue.
    pub issue: Option<IssueId>,
}

impl Listed {
    /// Whether this note is among them.
    #[must_use]
    pub fn has(&self, note: &LeaderNote) -> bool {
        self.unit.is_none_or(|unit| note.unit_id == unit)
            && self.leader.is_none_or(|leader| note.leader_id == leader)
            && self.issue.is_none_or(|issue| note.issue_id == Some(issue))
    }
}

/// One note.
pub fn find(conn: &mut Conn, id: LeaderNoteId) -> Result<Option<LeaderNote>, StoreError> {
    let row: Option<NoteRow> = notes::table.find(id).select(NoteRow::as_select()).first(conn).optional()?;
    Ok(row.map(LeaderNote::from))
}

/// Stores a new one.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, note: &LeaderNote) -> Result<(), StoreError> {
    let LeaderNote { id, leader_id, pairing_id, unit_id, issue_id, note, written_at } = note.clone();
    let row = NoteRow { id, leader_id, pairing_id, unit_id, issue_id, note, written_at };
    diesel::insert_into(notes::table).values(row).execute(conn)?;
    Ok(())
}

/// Notes, the latest first, after this one.
pub fn list(
    conn: &mut Conn,
    which: Listed,
    after: Option<(Timestamp, LeaderNoteId)>,
    limit: i64,
) -> Result<Vec<LeaderNote>, StoreError> {
    let Listed { unit, leader, issue } = which;
    let mut query = notes::table.select(NoteRow::as_select()).limit(limit).into_boxed();
    if let Some(unit) = unit {
        query = query.filter(notes::unit_id.eq(unit));
    }
    if let Some(leader) = leader {
        query = query.filter(notes::leader_id.eq(leader));
    }
    if let Some(issue) = issue {
        query = query.filter(notes::issue_id.eq(issue));
    }
    if let Some((at, id)) = after {
        query = query.filter(notes::written_at.lt(at).or(notes::written_at.eq(at).and(notes::id.lt(id))));
    }
    let rows: Vec<NoteRow> = query.order((notes::written_at.desc(), notes::id.desc())).load(conn)?;
    Ok(rows.into_iter().map(LeaderNote::from).collect())
}
