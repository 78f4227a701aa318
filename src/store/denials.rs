//! Refusals, counted by caller, route, reason and hour: recorded, listed, and deleted after a time.

use diesel::prelude::*;

use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::ids::UserId;
use crate::domain::limits::DENIALS_PER_HOUR_MAX;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::store::audit::AuditFilter;
use crate::store::schema::{audit, denials};
use crate::store::{Conn, StoreError};

/// Stands for the routes and reasons that are counted together.
const ALL_OTHERS: &str = "others";
const HOUR_MICROS: i64 = 3_600_000_000;

/// A refusal to be counted.
#[derive(Debug, Clone)]
pub struct Denial {
    /// Whom it is counted for: an account, or an address when nobody is logged in.
    pub origin: String,
    /// Pattern of the route.
    pub route: String,
    /// What is stored of the first of its kind in an hour; kinds are distinguished by its `detail`, the reason.
    pub sample: AuditEntry,
}

/// Refusals that were counted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The audit record before the first of them, 0 if there was none.
    pub after_seq: i64,
    /// Sequence number.
    pub seq: i64,
    /// How many there are.
    pub times: i64,
    /// The first of them.
    pub sample: AuditEntry,
}

/// Counts a refusal. A caller has at most [`DENIALS_PER_HOUR_MAX`] rows an hour, and one more for all others. Call it
/// with the caller's refusals locked.
pub fn note(conn: &mut Conn, denial: &Denial) -> Result<(), StoreError> {
    let micros = denial.sample.at.as_micros();
    let hour = Timestamp::from_micros(micros - micros.rem_euclid(HOUR_MICROS));
    let sample = &denial.sample;
    if count(conn, hour, &denial.origin, sample.action, &denial.route, &sample.detail)? {
        return Ok(());
    }
    let of_caller = denials::table.filter(denials::hour.eq(hour)).filter(denials::origin.eq(&denial.origin));
    let rows: i64 = of_caller.count().get_result(conn)?;
    let is_over = rows >= i64::try_from(DENIALS_PER_HOUR_MAX).unwrap_or(i64::MAX);
    let (route, detail) = if is_over { (ALL_OTHERS, ALL_OTHERS) } else { (&*denial.route, &*sample.detail) };
    if is_over && count(conn, hour, &denial.origin, sample.action, route, detail)? {
        return Ok(());
    }
    let after_seq: Option<i64> = audit::table.select(diesel::dsl::max(audit::seq)).first(conn)?;
    diesel::insert_into(denials::table)
        .values((
            denials::after_seq.eq(after_seq.unwrap_or(0)),
            denials::hour.eq(hour),
            denials::origin.eq(&denial.origin),
            denials::route.eq(route),
            denials::times.eq(1),
            denials::at.eq(sample.at),
            denials::actor_id.eq(sample.actor_id),
            denials::actor_role.eq(sample.actor_role),
            denials::action.eq(sample.action),
            denials::target.eq(&sample.target),
            denials::outcome.eq(sample.outcome),
            denials::detail.eq(detail),
            denials::request_id.eq(&sample.request_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// Adds one to a row, and answers whether it exists.
fn count(
    conn: &mut Conn,
    hour: Timestamp,
    origin: &str,
    action: AuditAction,
    route: &str,
    detail: &str,
) -> Result<bool, StoreError> {
    let row = denials::table
        .filter(denials::hour.eq(hour))
        .filter(denials::origin.eq(origin))
        .filter(denials::action.eq(action))
        .filter(denials::route.eq(route))
        .filter(denials::detail.eq(detail));
    Ok(diesel::update(row).set(denials::times.eq(denials::times + 1)).execute(conn)? > 0)
}

type Row = (i64, i64, i64, Timestamp, Option<UserId>, Option<Role>, AuditAction, String, Outcome, String, String);

/// Refusals that fit, before a position in the order of all records (an instant, an audit record, and a refusal after
/// it), latest first.
pub fn list(
    conn: &mut Conn,
    filter: AuditFilter,
    before: Option<(Timestamp, i64, i64)>,
    limit: i64,
) -> Result<Vec<Counted>, StoreError> {
    let AuditFilter { action, who, from, .. } = filter;
    let last = filter.last(before.map(|(at, _, _)| at));
    let mut query = denials::table.filter(denials::at.between(from, last)).into_boxed();
    if let Some(action) = action {
        query = query.filter(denials::action.eq(action));
    }
    if let Some(who) = who {
        query = query.filter(denials::actor_id.eq(who));
    }
    if let Some((at, audit, seq)) = before {
        let here = denials::after_seq.eq(audit).and(denials::seq.lt(seq));
        let earlier = denials::at.lt(at).or(denials::after_seq.lt(audit)).or(here);
        query = query.filter(earlier);
    }
    let rows: Vec<Row> = query
        .order((denials::at.desc(), denials::after_seq.desc(), denials::seq.desc()))
        .limit(limit)
        .select((
            denials::after_seq,
            denials::seq,
            denials::times,
            denials::at,
            denials::actor_id,
            denials::actor_role,
            denials::action,
            denials::target,
            denials::outcome,
            denials::detail,
            denials::request_id,
        ))
        .load(conn)?;
    let counted = |(after_seq, seq, times, at, actor_id, actor_role, action, target, outcome, detail, request_id)| {
        let sample = AuditEntry { at, actor_id, actor_role, action, target, outcome, detail, request_id };
        Counted { after_seq, seq, times, sample }
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// When the first of the refusals with this sequence number was made.
pub fn time_of(conn: &mut Conn, seq: i64) -> Result<Option<Timestamp>, StoreError> {
    Ok(denials::table.find(seq).select(denials::at).first(conn).optional()?)
}

/// Deletes at most `limit` rows of hours that began before `before`; answers how many.
pub fn remove_before(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<i64> = denials::table
        .filter(denials::hour.lt(before))
        .order(denials::hour)
        .limit(limit)
        .select(denials::seq)
        .load(conn)?;
    Ok(diesel::delete(denials::table.filter(denials::seq.eq_any(old))).execute(conn)?)
}
