//! External assessments 上级测评 and the countdown to them.

use super::Put;
use crate::app::change::{self, By, Change, Decision};
use crate::app::county::CountyCache;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{AssessmentId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::countdown::Countdown;
use crate::domain::planning::{Assessment, AssessmentText};
use crate::domain::policy::Permission;
use crate::domain::time::{Date, Timestamp};
use crate::store::{Conn, planning, reference};

/// An assessment with its countdown.
#[derive(Debug, Clone)]
pub struct ShownAssessment {
    /// The assessment.
    pub assessment: Assessment,
    /// `None` once its months are over.
    pub countdown: Option<Countdown>,
}

impl ShownAssessment {
    fn on(today: Date, assessment: Assessment) -> Self {
        let countdown = assessment.text.countdown(today);
        ShownAssessment { assessment, countdown }
    }
}

/// All of them, the latest first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn assessments(app: &App, caller: &Caller) -> Result<Vec<ShownAssessment>> {
    caller.require(Permission::ReadSchedules)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let today = county.load(conn)?.calendar.civil_date(now);
            let found = planning::assessments(conn)?;
            Ok(found.into_iter().map(|assessment| ShownAssessment::on(today, assessment)).collect())
        })
        .await
}

/// One of them.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn assessment(app: &App, caller: &Caller, id: AssessmentId) -> Result<ShownAssessment> {
    caller.require(Permission::ReadSchedules)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let found = planning::find_assessment(conn, id)?.ok_or(AppError::NotFound)?;
            Ok(ShownAssessment::on(county.load(conn)?.calendar.civil_date(now), found))
        })
        .await
}

/// Keeps an assessment under the id that the client chose, or changes the one that the caller saw in version `seen`.
/// The same again changes nothing, whatever version is named.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Stale`].
pub async fn put_assessment(
    app: &App,
    caller: &Caller,
    id: AssessmentId,
    text: AssessmentText,
    seen: Option<i64>,
) -> Result<Put<ShownAssessment>> {
    let (user, county, now) = (caller.actor.user_id, app.county.clone(), app.now());
    change::make(app, PutAssessment { by: By::from(caller), user, county, id, text: text.trimmed(), seen, now }).await
}

/// An assessment is written down.
struct PutAssessment {
    by: By,
    user: UserId,
    county: CountyCache,
    id: AssessmentId,
    text: AssessmentText,
    seen: Option<i64>,
    now: Timestamp,
}

impl Change for PutAssessment {
    type Before = Option<Assessment>;
    type Made = Assessment;
    type Answer = Put<ShownAssessment>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePlanning)?;
        Ok(self.text.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(planning::find_assessment(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        match before {
            Some(kept) if kept.text != self.text && self.seen != Some(kept.version) => Err(AppError::Stale),
            Some(_) | None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Assessment, Self::Answer>> {
        let version = match before {
            Some(kept) if kept.text == self.text => return Ok(Decision::Unchanged(self.shown(conn, kept, false)?)),
            Some(kept) => kept.version.saturating_add(1),
            None => 1,
        };
        let is_known = match CampaignCode::parse(&self.text.campaign) {
            Some(code) => reference::is_campaign(conn, code)?,
            None => false,
        };
        if !is_known {
            return Err(Invalid::one("/campaign", FieldCode::Unknown, "no such campaign").into());
        }
        let made =
            Assessment { id: self.id, version, text: self.text.clone(), changed_by: self.user, changed_at: self.now };
        let entry = self.by.done(self.now, AuditAction::PlanningChanged, format!("assessment:{}", self.id));
        let records =
            vec![entry.ended(Outcome::Done, format!("{} {}–{}", self.text.name, self.text.from, self.text.to))];
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Assessment) -> Result<()> {
        Ok(planning::put_assessment(conn, made)?)
    }

    fn answer(&self, conn: &mut Conn, made: Assessment) -> Result<Self::Answer> {
        let created = made.version == 1;
        self.shown(conn, made, created)
    }
}

impl PutAssessment {
    fn shown(&self, conn: &mut Conn, assessment: Assessment, created: bool) -> Result<Put<ShownAssessment>> {
        let today = self.county.load(conn)?.calendar.civil_date(self.now);
        Ok(Put { created, shown: ShownAssessment::on(today, assessment) })
    }
}
