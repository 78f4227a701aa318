//! Notices: stored for each recipient, read and counted by each account.

use diesel::prelude::*;

use crate::domain::ids::{IssueId, NoticeId, UserId};
use crate::domain::issue::State;
use crate::domain::notice::{DUE_SOON, Notice, NoticeKind, OWING_A_FIX, Recipient};
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{issues, notice_marks, notice_mutes, notice_recipients, notices};
use crate::store::{Conn, StoreError};

/// A stored notice.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct StoredNotice {
    /// Identity.
    pub id: NoticeId,
    /// Sequence number within the recipient.
    pub seq: i64,
    /// Kind.
    pub kind: NoticeKind,
    /// Issue.
    pub issue_id: IssueId,
    /// Its time, as exactly as the recipient may know it.
    pub at: Timestamp,
}

/// The cursor of a list, latest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeCursor {
    /// Time of the last notice on the page before.
    pub at: Timestamp,
    /// Its identity.
    pub id: NoticeId,
}

/// Stores a notice with the time `told_at`, unless it is stored already. Call it with the outbox locked, so that a
/// recipient's sequence has no gaps.
pub fn keep(conn: &mut Conn, id: NoticeId, notice: &Notice, told_at: Timestamp) -> Result<(), StoreError> {
    let Notice { recipient, kind, issue_id, occasion, at: _ } = notice;
    let known: i64 = notices::table
        .filter(notices::issue_id.eq(issue_id))
        .filter(notices::kind.eq(kind))
        .filter(notices::recipient.eq(recipient))
        .filter(notices::occasion.eq(occasion))
        .count()
        .get_result(conn)?;
    if known > 0 {
        return Ok(());
    }
    let seq: Option<i64> = diesel::update(notice_recipients::table.find(recipient))
        .set(notice_recipients::last_seq.eq(notice_recipients::last_seq + 1))
        .returning(notice_recipients::last_seq)
        .get_result(conn)
        .optional()?;
    let seq = match seq {
        Some(seq) => seq,
        None => {
            diesel::insert_into(notice_recipients::table)
                .values((notice_recipients::recipient.eq(recipient), notice_recipients::last_seq.eq(1_i64)))
                .execute(conn)?;
            1
        }
    };
    diesel::insert_into(notices::table)
        .values((
            notices::id.eq(id),
            notices::recipient.eq(recipient),
            notices::seq.eq(seq),
            notices::kind.eq(kind),
            notices::issue_id.eq(issue_id),
            notices::occasion.eq(occasion),
            notices::at.eq(told_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The number of the latest notice of a recipient; 0 before the first.
pub fn last_seq(conn: &mut Conn, recipient: Recipient) -> Result<i64, StoreError> {
    let last: Option<i64> =
        notice_recipients::table.find(recipient).select(notice_recipients::last_seq).first(conn).optional()?;
    Ok(last.unwrap_or(0))
}

/// Notices of these kinds after a cursor, latest first. Each kind is read in the order of its index and the results are
/// merged, so that other kinds cost nothing.
pub fn list(
    conn: &mut Conn,
    recipient: Recipient,
    kinds: &[NoticeKind],
    after: Option<NoticeCursor>,
    limit: i64,
) -> Result<Vec<StoredNotice>, StoreError> {
    let mut found: Vec<StoredNotice> = Vec::new();
    for kind in kinds {
        let mut query = notices::table
            .filter(notices::recipient.eq(recipient))
            .filter(notices::kind.eq(kind))
            .order((notices::at.desc(), notices::id.desc()))
            .limit(limit)
            .select((notices::id, notices::seq, notices::kind, notices::issue_id, notices::at))
            .into_boxed();
        if let Some(NoticeCursor { at, id }) = after {
            query = query.filter(notices::at.le(at).and(notices::at.lt(at).or(notices::id.lt(id))));
        }
        found.extend(query.load::<StoredNotice>(conn)?);
    }
    found.sort_by_key(|kept| std::cmp::Reverse((kept.at, kept.id)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many notices of these kinds have a number above `seq`, counted up to `at_most`.
pub fn count_after(
    conn: &mut Conn,
    recipient: Recipient,
    kinds: &[NoticeKind],
    seq: i64,
    at_most: i64,
) -> Result<i64, StoreError> {
    let mut count = 0;
    for kind in kinds {
        let some: Vec<i64> = notices::table
            .filter(notices::recipient.eq(recipient))
            .filter(notices::kind.eq(kind))
            .filter(notices::seq.gt(seq))
            .order(notices::seq)
            .limit(at_most - count)
            .select(notices::seq)
            .load(conn)?;
        count += i64::try_from(some.len()).unwrap_or(at_most);
        if count >= at_most {
            break;
        }
    }
    Ok(count)
}

/// The number up to which a user has read the notices of a recipient; 0 when none.
pub fn read_through(conn: &mut Conn, user: UserId, recipient: Recipient) -> Result<i64, StoreError> {
    let mark: Option<i64> =
        notice_marks::table.find((user, recipient)).select(notice_marks::read_through).first(conn).optional()?;
    Ok(mark.unwrap_or(0))
}

/// Sets the number up to which a user has read. Call it with the account locked.
pub fn set_read_through(conn: &mut Conn, user: UserId, recipient: Recipient, seq: i64) -> Result<(), StoreError> {
    let changed = diesel::update(notice_marks::table.find((user, recipient)))
        .set(notice_marks::read_through.eq(seq))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(notice_marks::table)
            .values((
                notice_marks::user_id.eq(user),
                notice_marks::recipient.eq(recipient),
                notice_marks::read_through.eq(seq),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The kinds that a user has switched off.
pub fn muted(conn: &mut Conn, user: UserId) -> Result<Vec<NoticeKind>, StoreError> {
    Ok(notice_mutes::table
        .filter(notice_mutes::user_id.eq(user))
        .order(notice_mutes::kind)
        .select(notice_mutes::kind)
        .load(conn)?)
}

/// Sets the kinds that a user has switched off. Call it with the account locked.
pub fn set_muted(conn: &mut Conn, user: UserId, kinds: &[NoticeKind]) -> Result<(), StoreError> {
    diesel::delete(notice_mutes::table.filter(notice_mutes::user_id.eq(user))).execute(conn)?;
    for kind in kinds {
        diesel::insert_into(notice_mutes::table)
            .values((notice_mutes::user_id.eq(user), notice_mutes::kind.eq(kind)))
            .execute(conn)?;
    }
    Ok(())
}

/// Issues after `after` whose deadline is within the next day, nearest first, with their deadlines.
pub fn due_within_a_day(
    conn: &mut Conn,
    now: Timestamp,
    state: State,
    after: Option<(i64, IssueId)>,
    limit: i64,
) -> Result<Vec<(i64, IssueId)>, StoreError> {
    debug_assert!(OWING_A_FIX.contains(&state), "nothing is due in {state}");
    let (now, until) = (now.as_micros(), now.plus(DUE_SOON).as_micros());
    let (key, id) = after.unwrap_or((now, IssueId(uuid::Uuid::nil())));
    Ok(issues::table
        .filter(issues::state.eq(state))
        .filter(issues::due_order.le(until))
        .filter(issues::due_order.ge(key).and(issues::due_order.gt(key).or(issues::id.gt(id))))
        .order((issues::due_order, issues::id))
        .limit(limit)
        .select((issues::due_order, issues::id))
        .load(conn)?)
}

/// Which of these issues have a notice of this kind, with the occasion of each notice.
pub fn told(conn: &mut Conn, kind: NoticeKind, ids: &[IssueId]) -> Result<Vec<(IssueId, i64)>, StoreError> {
    each_some(ids, |some| {
        Ok(notices::table
            .filter(notices::issue_id.eq_any(some))
            .filter(notices::kind.eq(kind))
            .select((notices::issue_id, notices::occasion))
            .load(conn)?)
    })
}

/// Deletes notices older than `before`, at most `limit`; answers how many.
pub fn forget(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<NoticeId> =
        notices::table.filter(notices::at.lt(before)).order(notices::at).limit(limit).select(notices::id).load(conn)?;
    let mut count = 0;
    for id in old {
        count += diesel::delete(notices::table.find(id)).execute(conn)?;
    }
    Ok(count)
}
