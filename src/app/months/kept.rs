//! Corrections of locked months, and commendations by a higher level.

use super::next_to_freeze;
use crate::app::change::{self, By};
use crate::app::locks::Lock;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{AdjustmentId, CommendationId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::REASON_CHARS_MAX;
use crate::domain::month::ledger::DOCUMENT_CHARS_MAX;
use crate::domain::month::{Exact, Month, MonthState};
use crate::domain::policy::Permission;
use crate::domain::time::{Date, YEARS};
use crate::store::months::{self, Adjustment, Commendation, EndOfYear};
use crate::store::{Conn, audit, reference};

/// Most points of one correction. Source: our choice, the whole of a score.
const POINTS_MAX: i64 = 100;

/// A correction as the office asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdjustment {
    /// The unit.
    pub unit_id: UnitId,
    /// Points, added or (negative) taken away; not zero.
    pub points: Exact,
    /// Why.
    pub reason: String,
    /// The document that decided it.
    pub document_no: String,
}

impl NewAdjustment {
    fn faults(&self, id: AdjustmentId) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.random_id("/id", id.0);
        let (most, least) = (Exact::from(POINTS_MAX), Exact::from(-POINTS_MAX));
        if self.points.is_zero() || self.points > most || self.points < least {
            invalid.push("/points", FieldCode::OutOfRange, format!("from -{POINTS_MAX} to {POINTS_MAX}, not 0"));
        }
        invalid.prose("/reason", &self.reason, REASON_CHARS_MAX);
        invalid.prose("/document_no", &self.document_no, DOCUMENT_CHARS_MAX);
        invalid
    }
}

fn assert_unit(conn: &mut Conn, unit: UnitId) -> Result<()> {
    match reference::find_unit(conn, unit)? {
        Some(_) => Ok(()),
        None => Err(Invalid::one("/unit_id", FieldCode::Unknown, "no such unit").into()),
    }
}

/// The corrections that count in a month.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn adjustments(app: &App, caller: &Caller, month: Month) -> Result<Vec<Adjustment>> {
    caller.require(Permission::ManageMonths)?;
    Ok(app.store.read(move |conn| months::adjustments(conn, month)).await?)
}

/// Corrects a locked month by a line that counts in the month after the latest that was frozen; answers whether it is
/// new. A line is never changed: another takes it back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::IdReused`], [`AppError::Invalid`].
pub async fn adjust(
    app: &App,
    caller: &Caller,
    id: AdjustmentId,
    (of_month, new): (Month, NewAdjustment),
) -> Result<(Adjustment, bool)> {
    caller.require(Permission::ManageMonths)?;
    new.faults(id).into_result()?;
    let (by, who, now) = (By::from(caller), caller.actor.user_id, app.now());
    change::locked(app, [Lock::Months], move |conn, _| {
        let NewAdjustment { unit_id, points, reason, document_no } = new;
        if let Some(same) = months::find_adjustment(conn, id)? {
            let is_same = same.unit_id == unit_id
                && same.of_month == of_month
                && same.points == points
                && same.reason == reason
                && same.document_no == document_no;
            return if is_same { Ok((same, false)) } else { Err(AppError::IdReused) };
        }
        assert_unit(conn, unit_id)?;
        let is_locked = months::find(conn, of_month)?.is_some_and(|kept| kept.record.is_immutable());
        let latest = months::latest(conn)?.filter(|_| is_locked);
        let Some(latest) = latest else {
            let detail = "a locked month; what is not locked is corrected itself";
            return Err(Invalid::one("/of_month", FieldCode::OutOfRange, detail).into());
        };
        // A frozen month would have to be read again for it, and none before the latest is frozen any more.
        let in_month = latest.plus(1);
        let made =
            Adjustment { id, unit_id, of_month, in_month, points, reason, document_no, made_by: who, made_at: now };
        months::insert_adjustment(conn, made.clone())?;
        let entry = by.done(now, AuditAction::AdjustmentMade, format!("adjustment:{id}"));
        audit::append(conn, &entry.ended(Outcome::Done, format!("{of_month} {}", made.points)))?;
        Ok((made, true))
    })
    .await
}

/// The commendations that count in a month.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn commendations(app: &App, caller: &Caller, month: Month) -> Result<Vec<Commendation>> {
    caller.require(Permission::ManageMonths)?;
    Ok(app.store.read(move |conn| months::commendations(conn, month)).await?)
}

/// A commendation as the office records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommendation {
    /// The unit.
    pub unit_id: UnitId,
    /// The day on which it was given.
    pub given_on: Date,
    /// For what.
    pub title: String,
    /// Its document.
    pub document_no: String,
}

/// Records a commendation, which counts in the month of its day; answers whether it is new. It is never changed: an
/// adjustment takes it back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::IdReused`], [`AppError::Invalid`] also when that month is decided.
pub async fn commend(
    app: &App,
    caller: &Caller,
    id: CommendationId,
    new: NewCommendation,
) -> Result<(Commendation, bool)> {
    caller.require(Permission::ManageMonths)?;
    let mut invalid = Invalid::default();
    invalid.random_id("/id", id.0);
    invalid.prose("/title", &new.title, REASON_CHARS_MAX);
    invalid.prose("/document_no", &new.document_no, DOCUMENT_CHARS_MAX);
    if !YEARS.contains(&new.given_on.year()) {
        invalid.push("/given_on", FieldCode::OutOfRange, format!("from {} to {}", YEARS.start(), YEARS.end()));
    }
    invalid.into_result()?;
    let (by, who, app_too) = (By::from(caller), caller.actor.user_id, app.clone());
    change::locked(app, [Lock::Months], move |conn, _| {
        // Under the lock, as the time of a gathering.
        let now = app_too.now();
        let county = app_too.county.load(conn)?;
        let NewCommendation { unit_id, given_on, title, document_no } = new;
        if let Some(same) = months::find_commendation(conn, id)? {
            let is_same = same.unit_id == unit_id
                && same.given_on == given_on
                && same.title == title
                && same.document_no == document_no;
            return if is_same { Ok((same, false)) } else { Err(AppError::IdReused) };
        }
        assert_unit(conn, unit_id)?;
        if given_on > county.calendar.civil_date(now) {
            return Err(Invalid::one("/given_on", FieldCode::OutOfRange, "today or earlier").into());
        }
        let in_month = Month::of(given_on);
        // Until its decision a frozen month is read again. One that was skipped is frozen no more.
        let is_open = match months::find(conn, in_month)? {
            Some(kept) => matches!(kept.record.state, MonthState::Frozen | MonthState::Preview),
            None => in_month >= next_to_freeze(conn, &county, now)?,
        };
        if !is_open {
            let detail = "a month that is not decided: an adjustment counts in a later one";
            return Err(Invalid::one("/given_on", FieldCode::OutOfRange, detail).into());
        }
        let made = Commendation { id, unit_id, in_month, given_on, title, document_no, made_by: who, made_at: now };
        months::insert_commendation(conn, &made)?;
        let entry = by.done(now, AuditAction::CommendationMade, format!("commendation:{id}"));
        audit::append(conn, &entry.ended(Outcome::Done, format!("{in_month} {unit_id}")))?;
        Ok((made, true))
    })
    .await
}

/// Adjusts the score of a year 年度调整; answers whether it is new. As for months, it is never changed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::IdReused`], [`AppError::Invalid`].
pub async fn adjust_year(
    app: &App,
    caller: &Caller,
    id: AdjustmentId,
    (year, new): (i16, NewAdjustment),
) -> Result<(EndOfYear, bool)> {
    caller.require(Permission::ManageMonths)?;
    let mut invalid = new.faults(id);
    if !YEARS.contains(&year) {
        invalid.push("/year", FieldCode::OutOfRange, format!("from {} to {}", YEARS.start(), YEARS.end()));
    }
    invalid.into_result()?;
    let (by, who, now, year) = (By::from(caller), caller.actor.user_id, app.now(), i32::from(year));
    change::locked(app, [Lock::Months], move |conn, _| {
        let NewAdjustment { unit_id, points, reason, document_no } = new;
        if let Some(same) = months::find_year_adjustment(conn, id)? {
            let is_same = same.unit_id == unit_id
                && same.year == year
                && same.points == points
                && same.reason == reason
                && same.document_no == document_no;
            return if is_same { Ok((same, false)) } else { Err(AppError::IdReused) };
        }
        assert_unit(conn, unit_id)?;
        let made = EndOfYear { id, unit_id, year, points, reason, document_no, made_by: who, made_at: now };
        months::insert_year_adjustment(conn, made.clone())?;
        let entry = by.done(now, AuditAction::AdjustmentMade, format!("year-adjustment:{id}"));
        audit::append(conn, &entry.ended(Outcome::Done, format!("{year} {}", made.points)))?;
        Ok((made, true))
    })
    .await
}
