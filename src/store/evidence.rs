//! Evidence doubts.

use diesel::prelude::*;

use crate::domain::evidence::{Flag, FlagCode};
use crate::domain::ids::{IssueId, PhotoId};
use crate::domain::time::Timestamp;
use crate::store::schema::issue_flags;
use crate::store::{Conn, StoreError};

/// Notes doubts about an issue. One that is noted already is left as it was.
///
/// # Errors
/// The database's.
pub fn raise(conn: &mut Conn, issue: IssueId, flags: &[Flag], at: Timestamp) -> Result<(), StoreError> {
    if flags.is_empty() {
        return Ok(());
    }
    let mut known: Vec<(FlagCode, String)> = issue_flags::table
        .filter(issue_flags::issue_id.eq(issue))
        .select((issue_flags::code, issue_flags::subject))
        .load(conn)?;
    for flag in flags {
        let subject = flag.subject();
        if known.iter().any(|(code, about)| *code == flag.code && *about == subject) {
            continue;
        }
        diesel::insert_into(issue_flags::table)
            .values((
                issue_flags::issue_id.eq(issue),
                issue_flags::code.eq(flag.code),
                issue_flags::subject.eq(&subject),
                issue_flags::detail.eq(&flag.detail),
                issue_flags::photo_id.eq(flag.photo_id),
                issue_flags::refers_to_issue.eq(flag.refers_to_issue),
                issue_flags::refers_to_photo.eq(flag.refers_to_photo),
                issue_flags::raised_at.eq(at),
            ))
            .execute(conn)?;
        // One photo may belong to two issues, as that of a relapse does: the same doubt twice in one go.
        known.push((flag.code, subject));
    }
    Ok(())
}

type Row = (IssueId, FlagCode, String, Option<PhotoId>, Option<IssueId>, Option<PhotoId>);

/// The doubts about these issues, oldest first.
///
/// # Errors
/// The database's.
pub fn flags(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<(IssueId, Flag)>, StoreError> {
    let rows: Vec<Row> = issue_flags::table
        .filter(issue_flags::issue_id.eq_any(ids))
        .order(issue_flags::seq)
        .select((
            issue_flags::issue_id,
            issue_flags::code,
            issue_flags::detail,
            issue_flags::photo_id,
            issue_flags::refers_to_issue,
            issue_flags::refers_to_photo,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(issue, code, detail, photo_id, refers_to_issue, refers_to_photo)| {
            (issue, Flag { code, detail, photo_id, refers_to_issue, refers_to_photo })
        })
        .collect())
}
