//! Accountability cases 问责台账: entered by one person of the office, approved by another, read by discipline
//! inspection once approved.

use crate::app::change::{self, By, Change, Decision};
use crate::app::county::CountyCache;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::accountability::{Case, CaseBody};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::CaseId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::{self, Permission};
use crate::domain::time::Timestamp;
use crate::store::{Conn, cases, issues, reference};

/// Cases, the latest first, and the one to continue after; for others than the office only approved ones.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no case to continue after.
pub async fn list(
    app: &App,
    caller: &Caller,
    after: Option<CaseId>,
    limit: usize,
) -> Result<(Vec<Case>, Option<CaseId>)> {
    caller.require(Permission::ReadCases)?;
    let approved_only = !policy::permits(&caller.actor, Permission::ManageCases);
    let limit = limit.clamp(1, PAGE_MAX);
    app.store
        .read(move |conn| -> Result<_> {
            if let Some(id) = after {
                let seen = |case: &Case| case.approved.is_some() || !approved_only;
                cases::find(conn, id)?.filter(seen).ok_or(AppError::NotFound)?;
            }
            let mut found = cases::list(conn, approved_only, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|case| case.id).filter(|_| more);
            Ok((found, next))
        })
        .await
}

/// Enters a case under an id of the client's choice; the same again answers the stored one. The flag says whether it is
/// new.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::IdReused`].
pub async fn enter(app: &App, caller: &Caller, id: CaseId, body: CaseBody) -> Result<(Case, bool)> {
    caller.require(Permission::ManageCases)?;
    let case = Case { id, body, proposed_by: caller.actor.user_id, proposed_at: app.now(), approved: None };
    change::make(app, Enter { by: By::from(caller), county: app.county.clone(), case }).await
}

struct Enter {
    by: By,
    county: CountyCache,
    case: Case,
}

impl Change for Enter {
    type Before = Option<Case>;
    type Made = ();
    type Answer = (Case, bool);

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageCases)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Case(self.case.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(cases::find(conn, self.case.id)?)
    }

    fn authorise(&self, _: &mut Conn, stored: &Self::Before) -> Result<()> {
        let Some(stored) = stored else { return Ok(()) };
        let is_same = stored.body == self.case.body && stored.proposed_by == self.case.proposed_by;
        if is_same { Ok(()) } else { Err(AppError::IdReused) }
    }

    fn decide(&self, conn: &mut Conn, stored: Self::Before) -> Result<Decision<(), Self::Answer>> {
        if let Some(stored) = stored {
            return Ok(Decision::Unchanged((stored, false)));
        }
        let today = self.county.load(conn)?.calendar.civil_date(self.case.proposed_at);
        let mut invalid = self.case.body.validate(today).err().unwrap_or_default();
        invalid.random_id("/id", self.case.id.0);
        if reference::find_unit(conn, self.case.body.unit_id)?.is_none() {
            invalid.push("/unit_id", FieldCode::Unknown, "no such unit");
        }
        if let Some(issue) = self.case.body.issue_id {
            let released = issues::find(conn, issue)?.filter(|issue| issue.assignment.released_at.is_some());
            if released.is_none() {
                invalid.push("/issue_id", FieldCode::Unknown, "no such released issue");
            }
        }
        invalid.into_result()?;
        let (at, target) = (self.case.proposed_at, format!("case:{}", self.case.id));
        let record = self.by.done(at, AuditAction::CaseChanged, target.clone()).ended(Outcome::Done, "enter");
        Ok(Decision::Made { made: (), records: vec![record], messages: vec![super::office_changed(target)] })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(cases::insert(conn, &self.case)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<Self::Answer> {
        Ok((self.case.clone(), true))
    }
}

/// Approves a case that somebody else entered. Approving it again by the same person succeeds again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when the same person entered it,
/// [`AppError::AlreadyAnswered`].
pub async fn approve(app: &App, caller: &Caller, id: CaseId) -> Result<Case> {
    caller.require(Permission::ManageCases)?;
    change::make(app, Approve { caller: caller.clone(), id, now: app.now() }).await
}

struct Approve {
    caller: Caller,
    id: CaseId,
    now: Timestamp,
}

impl Change for Approve {
    type Before = Case;
    type Made = Case;
    type Answer = Case;

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::ManageCases)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Case(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Case> {
        cases::find(conn, self.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, _: &Case) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, case: Case) -> Result<Decision<Case, Case>> {
        let by = self.caller.actor.user_id;
        match case.approved {
            Some((approver, _)) if approver == by => return Ok(Decision::Unchanged(case)),
            Some(_) => return Err(AppError::AlreadyAnswered),
            None => {}
        }
        if case.proposed_by == by {
            return Err(Invalid::one("", FieldCode::NotAllowed, "approved by somebody else than who entered it").into());
        }
        let target = format!("case:{}", self.id);
        let record = By::from(&self.caller).done(self.now, AuditAction::CaseChanged, target.clone());
        Ok(Decision::Made {
            made: Case { approved: Some((by, self.now)), ..case },
            records: vec![record.ended(Outcome::Done, "approve")],
            messages: vec![super::office_changed(target)],
        })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Case) -> Result<()> {
        made.approved.iter().try_for_each(|(by, at)| Ok(cases::approve(conn, self.id, *by, *at)?))
    }

    fn answer(&self, _: &mut Conn, made: Case) -> Result<Case> {
        Ok(made)
    }
}
