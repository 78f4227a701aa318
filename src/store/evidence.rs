//! Doubts about evidence.

use diesel::prelude::*;

use crate::domain::evidence::{DOUBTS_PER_PHOTO_MAX, Flag, FlagCode};
use crate::domain::ids::{IssueId, PhotoId};
use crate::domain::issue::PhotoStage;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{issue_flags, issue_photos};
use crate::store::{Conn, StoreError};

/// Stores doubts about an issue, the strongest first. A doubt that is stored already is left unchanged, and no more of
/// one kind about one photo are stored than may be shown.
pub fn raise(conn: &mut Conn, issue: IssueId, flags: &[Flag], at: Timestamp) -> Result<(), StoreError> {
    if flags.is_empty() {
        return Ok(());
    }
    let mut known: Vec<(FlagCode, String, Option<PhotoId>)> = issue_flags::table
        .filter(issue_flags::issue_id.eq(issue))
        .select((issue_flags::code, issue_flags::subject, issue_flags::photo_id))
        .load(conn)?;
    for flag in flags {
        let subject = flag.subject();
        let of_its_kind = || known.iter().filter(|(code, _, photo)| *code == flag.code && *photo == flag.photo_id);
        if of_its_kind().count() >= DOUBTS_PER_PHOTO_MAX || of_its_kind().any(|(_, about, _)| *about == subject) {
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
        // One photo may belong to two issues, as with a relapse: then the same doubt comes twice at once.
        known.push((flag.code, subject, flag.photo_id));
    }
    Ok(())
}

type Row = (FlagCode, String, Option<PhotoId>, Option<IssueId>, Option<PhotoId>);

/// The doubts about an issue, oldest first.
pub fn flags(conn: &mut Conn, issue: IssueId) -> Result<Vec<Flag>, StoreError> {
    let rows: Vec<Row> = issue_flags::table
        .filter(issue_flags::issue_id.eq(issue))
        .order(issue_flags::seq)
        .select((
            issue_flags::code,
            issue_flags::detail,
            issue_flags::photo_id,
            issue_flags::refers_to_issue,
            issue_flags::refers_to_photo,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, detail, photo_id, refers_to_issue, refers_to_photo)| Flag {
            code,
            detail,
            photo_id,
            refers_to_issue,
            refers_to_photo,
        })
        .collect())
}

/// The number of doubts of each kind about each of these issues.
pub fn counts(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<(IssueId, FlagCode, i64)>, StoreError> {
    each_some(ids, |some| {
        Ok(issue_flags::table
            .filter(issue_flags::issue_id.eq_any(some))
            .group_by((issue_flags::issue_id, issue_flags::code))
            .order((issue_flags::issue_id, issue_flags::code))
            .select((issue_flags::issue_id, issue_flags::code, diesel::dsl::count_star()))
            .load(conn)?)
    })
}

/// The same, without doubts about photos of others than the finder.
pub fn counts_about_report(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<(IssueId, FlagCode, i64)>, StoreError> {
    each_some(ids, |some| {
        let found = issue_photos::table
            .filter(issue_photos::issue_id.eq(issue_flags::issue_id))
            .filter(issue_photos::photo_id.nullable().eq(issue_flags::photo_id))
            .filter(issue_photos::stage.eq(PhotoStage::Found));
        Ok(issue_flags::table
            .filter(issue_flags::issue_id.eq_any(some))
            .filter(issue_flags::photo_id.is_null().or(diesel::dsl::exists(found)))
            .group_by((issue_flags::issue_id, issue_flags::code))
            .order((issue_flags::issue_id, issue_flags::code))
            .select((issue_flags::issue_id, issue_flags::code, diesel::dsl::count_star()))
            .load(conn)?)
    })
}
