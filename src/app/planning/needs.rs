//! Needs 需求: what issues need that their units do not have, and monthly totals.

use super::span;
use crate::app::change::{self, By, Change, Decision};
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{IssueId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::Issue;
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::Month;
use crate::domain::month::needs::Need;
use crate::domain::planning::{NeedNote, NeedsText};
use crate::domain::policy::{self, Permission};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::needs::{self as kept, After, KeptNeed};
use crate::store::{Conn, issues};

/// A page of the needs of a month.
#[derive(Debug, Clone)]
pub struct NeedPage {
    /// The month.
    pub month: Month,
    /// How many issues of each unit need what; of the whole month, on every page.
    pub sums: Vec<(Need, UnitId, u64)>,
    /// The needs, the earliest first.
    pub rows: Vec<KeptNeed>,
    /// Where the page ended, if there are more.
    pub next: Option<After>,
}

/// What was noted in a month, the present one when none is named.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn needs(
    app: &App,
    caller: &Caller,
    month: Option<Month>,
    after: Option<After>,
    limit: usize,
) -> Result<NeedPage> {
    caller.require(Permission::ManagePlanning)?;
    let (county, now, limit) = (app.county.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let calendar = county.load(conn)?.calendar;
            let month = month.unwrap_or_else(|| Month::of(calendar.civil_date(now)));
            let within = span(month, &calendar);
            let mut sums = kept::sums(conn, within)?;
            sums.sort_unstable();
            let mut rows = kept::noted(conn, within, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().map(|last| (last.noted_at, last.issue_id, last.need)).filter(|_| more);
            Ok(NeedPage { month, sums, rows, next })
        })
        .await
}

/// The issue, if the caller may read and note its needs. Only what was released has any.
fn readable(conn: &mut Conn, actor: &Actor, id: IssueId) -> Result<Issue> {
    let issue = issues::find(conn, id)?.ok_or(AppError::NotFound)?;
    if !policy::covers(actor, Permission::ReadIssue, &issue) {
        return Err(AppError::Hidden);
    }
    if !policy::covers(actor, Permission::NoteNeeds, &issue) {
        return Err(AppError::Forbidden);
    }
    Ok(issue)
}

/// What an issue needs; `None` for nothing.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Hidden`] when the caller may not know of it, [`AppError::Forbidden`].
pub async fn of_issue(app: &App, caller: &Caller, id: IssueId) -> Result<Option<NeedNote>> {
    let actor = caller.actor;
    app.store
        .read(move |conn| {
            readable(conn, &actor, id)?;
            Ok(kept::of(conn, id)?)
        })
        .await
}

/// Notes what an issue needs, in place of what was noted before. The same again changes nothing.
///
/// # Errors
/// As [`of_issue`]; [`AppError::Invalid`], also for an issue that no unit is responsible for.
pub async fn put_needs(app: &App, caller: &Caller, id: IssueId, text: NeedsText) -> Result<Option<NeedNote>> {
    change::make(app, PutNeeds { by: By::from(caller), actor: caller.actor, id, text, now: app.now() }).await
}

/// Needs are noted.
struct PutNeeds {
    by: By,
    actor: Actor,
    id: IssueId,
    text: NeedsText,
    now: Timestamp,
}

impl Change for PutNeeds {
    type Before = (Issue, Option<NeedNote>);
    type Made = NeedNote;
    type Answer = Option<NeedNote>;

    fn admit(&self) -> Result<()> {
        if !policy::permits(&self.actor, Permission::ReadIssue) {
            return Err(AppError::NotFound);
        }
        Ok(self.text.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Issue(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        let issue = issues::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        Ok((issue, kept::of(conn, self.id)?))
    }

    fn authorise(&self, conn: &mut Conn, _: &Self::Before) -> Result<()> {
        readable(conn, &self.actor, self.id).map(|_| ())
    }

    fn decide(&self, _: &mut Conn, (issue, before): Self::Before) -> Result<Decision<NeedNote, Self::Answer>> {
        let text = self.text.ordered();
        if before.as_ref().map_or_else(|| text.needs.is_empty(), |before| before.text == text) {
            return Ok(Decision::Unchanged(before));
        }
        let released = issue.assignment.released_at.and(issue.assignment.unit_id);
        let Some(unit_id) = released else {
            return Err(Invalid::one("/needs", FieldCode::NotAllowed, "no unit is responsible for it yet").into());
        };
        let detail: Vec<&str> = text.needs.iter().map(|need| need.as_str()).collect();
        let entry = self.by.done(self.now, AuditAction::PlanningChanged, format!("issue:{}", self.id));
        let records = vec![entry.ended(Outcome::Done, format!("needs: {}", detail.join(" ")))];
        let made = NeedNote { text, unit_id, noted_by: self.actor.user_id, noted_at: self.now };
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &NeedNote) -> Result<()> {
        Ok(kept::replace(conn, self.id, made)?)
    }

    fn answer(&self, _: &mut Conn, made: NeedNote) -> Result<Self::Answer> {
        Ok(Some(made).filter(|made| !made.text.needs.is_empty()))
    }
}
