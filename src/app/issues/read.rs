//! Reading one issue or a page of them, with all that a view may show.

use std::collections::HashMap;

use super::{Audience, asking};
use crate::app::county::County;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::evidence::Flag;
use crate::domain::ids::{IssueId, PhotoId, UserId};
use crate::domain::issue::{Action, EventRecord, Issue, PhotoStage, allowed_actions};
use crate::domain::policy::{self, Permission};
use crate::domain::reference::PointCard;
use crate::domain::role::{Actor, Role};
use crate::domain::time::{Date, HalfDay};
use crate::store::issues::StoredPhoto;
use crate::store::{Conn, evidence, issues, reference, users};

/// An issue with what its views are made of. It holds everything: what leaves is up
/// to the view of its audience.
#[derive(Debug, Clone)]
pub struct IssueDetail {
    /// For whom it was read.
    pub audience: Audience,
    /// The account it was read for.
    pub reader: UserId,
    /// The issue.
    pub issue: Issue,
    /// Its place.
    pub point: PointCard,
    /// Its photos, in the order they came.
    pub photos: Vec<StoredPhoto>,
    /// Doubts.
    pub flags: Vec<Flag>,
    /// What the people on it are called.
    pub names: HashMap<UserId, String>,
    /// Issues that relapsed from it.
    pub children: Vec<IssueId>,
    /// What the reader may do now.
    pub allowed: Vec<Action>,
    /// Whether the fix is late.
    pub overdue: bool,
    /// The half day of the finding, as fine as units may know it.
    pub found_on: (Date, HalfDay),
    /// The civil day it is.
    pub today: Date,
    closed_on: Option<Date>,
}

impl IssueDetail {
    /// The civil day it was closed.
    #[must_use]
    pub fn closed_on(&self) -> Option<Date> {
        self.closed_on
    }

    /// Photos that were named but have not come.
    #[must_use]
    pub fn missing_photos(&self) -> Vec<PhotoId> {
        self.photos.iter().filter(|photo| photo.arrived.is_none()).map(|photo| photo.photo.photo_id).collect()
    }

    /// The version the reader knows it by.
    #[must_use]
    pub fn version(&self) -> i64 {
        version_for(self.audience, &self.issue)
    }

    /// Photos this audience may see.
    pub fn visible_photos(&self) -> impl Iterator<Item = &StoredPhoto> {
        self.photos.iter().filter(|photo| shows(self.audience, photo.photo.stage))
    }
}

/// The version `audience` knows an issue by.
pub(super) fn version_for(audience: Audience, issue: &Issue) -> i64 {
    if audience.is_public() { issue.public_version } else { issue.version }
}

/// Whether an audience sees the photos of a stage: a look-back is nobody's business but the office's.
pub(crate) fn shows(audience: Audience, stage: PhotoStage) -> bool {
    match stage {
        PhotoStage::Found | PhotoStage::Fix | PhotoStage::Check | PhotoStage::Request => true,
        PhotoStage::LookBack => !audience.is_public(),
    }
}

/// The issue, as far as the caller may know of it.
///
/// # Errors
/// [`AppError::NotFound`] also for what the caller may not know of.
pub async fn read(app: &App, caller: &Caller, id: IssueId) -> Result<IssueDetail> {
    let (app, actor) = (app.clone(), caller.actor);
    app.store
        .clone()
        .read(move |conn| {
            let county = app.county.load(conn)?;
            match detail(conn, &app, &county, &actor, id) {
                Err(AppError::NotFound) if issues::find(conn, id)?.is_some() => Err(AppError::Hidden),
                other => other,
            }
        })
        .await
}

pub(super) fn detail(conn: &mut Conn, app: &App, county: &County, actor: &Actor, id: IssueId) -> Result<IssueDetail> {
    details(conn, app, county, actor, &[id])?.pop().ok_or(AppError::NotFound)
}

/// The issues among `ids` that `actor` may read, in their order.
pub(super) fn details(
    conn: &mut Conn,
    app: &App,
    county: &County,
    actor: &Actor,
    ids: &[IssueId],
) -> Result<Vec<IssueDetail>> {
    let mut found = issues::find_many(conn, ids)?;
    found.retain(|issue| policy::covers(actor, Permission::ReadIssue, issue));
    shown(conn, app, county, actor, found)
}

/// The issues `found` in the view of `actor`, who may read them, or did until the step just taken.
pub(super) fn shown(
    conn: &mut Conn,
    app: &App,
    county: &County,
    actor: &Actor,
    found: Vec<Issue>,
) -> Result<Vec<IssueDetail>> {
    let audience = Audience::of(actor.role).ok_or(AppError::NotFound)?;
    let ids: Vec<IssueId> = found.iter().map(|issue| issue.id).collect();
    let mut photos: HashMap<IssueId, Vec<StoredPhoto>> = HashMap::new();
    for photo in issues::photos(conn, &ids)? {
        photos.entry(photo.issue_id).or_default().push(photo);
    }
    let mut flags: HashMap<IssueId, Vec<Flag>> = HashMap::new();
    let mut children: HashMap<IssueId, Vec<IssueId>> = HashMap::new();
    if !audience.is_public() {
        for (issue, flag) in evidence::flags(conn, &ids)? {
            flags.entry(issue).or_default().push(flag);
        }
    }
    if audience == Audience::Office {
        for (parent, child) in issues::children(conn, &ids)? {
            children.entry(parent).or_default().push(child);
        }
    }
    let names = if audience == Audience::Office { names(conn, &found)? } else { HashMap::new() };
    let mut points: Vec<_> = found.iter().map(|issue| issue.point_id).collect();
    points.sort_unstable();
    points.dedup();
    let points: HashMap<_, _> =
        reference::point_cards(conn, &points)?.into_iter().map(|point| (point.id, point)).collect();
    let now = app.now();
    found
        .into_iter()
        .map(|issue| {
            let point = points.get(&issue.point_id).cloned();
            Ok(IssueDetail {
                audience,
                reader: actor.user_id,
                point: point.ok_or_else(|| AppError::Internal("an issue without its point".into()))?,
                photos: photos.remove(&issue.id).unwrap_or_default(),
                flags: flags.remove(&issue.id).unwrap_or_default(),
                names: names.clone(),
                children: children.remove(&issue.id).unwrap_or_default(),
                allowed: allowed_actions(&issue, actor, &asking(county, now)),
                overdue: issue.is_overdue(now),
                found_on: (county.calendar.civil_date(issue.captured_at), county.calendar.half_day(issue.captured_at)),
                today: county.calendar.civil_date(now),
                closed_on: issue.closed_at.map(|at| county.calendar.civil_date(at)),
                issue,
            })
        })
        .collect()
}

fn names(conn: &mut Conn, found: &[Issue]) -> Result<HashMap<UserId, String>> {
    let mut people: Vec<UserId> = found
        .iter()
        .flat_map(|issue| {
            let named = [
                Some(issue.finder_id),
                issue.approved_by,
                issue.released_by,
                issue.fixed_by,
                issue.checker_id,
                issue.closed_by,
                issue.look_back_inspector_id,
            ];
            let votes = issue.requests.iter().flat_map(|request| {
                [Some(request.filed_by), request.first_vote.as_ref().map(|vote| vote.by)].into_iter().flatten()
            });
            let rejection = issue.rejection.as_ref().map(|first| first.vote.by);
            named.into_iter().flatten().chain(votes).chain(rejection).chain(issue.confirmed_by())
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    Ok(users::display_names(conn, &people)?.into_iter().collect())
}

/// What happened to an issue, as its audience may know it.
#[derive(Debug, Clone)]
pub struct History {
    /// For whom it was read.
    pub audience: Audience,
    /// Oldest first; for the public only its public steps, numbered by public versions.
    pub events: Vec<EventRecord>,
    /// What the people in it are called; empty for all but the office.
    pub names: HashMap<UserId, String>,
}

/// The events of an issue that the caller may know of.
///
/// # Errors
/// [`AppError::NotFound`] also for what the caller may not know of.
pub async fn history(app: &App, caller: &Caller, id: IssueId) -> Result<History> {
    let (app, actor) = (app.clone(), caller.actor);
    app.store
        .clone()
        .read(move |conn| {
            let audience = Audience::of(actor.role).ok_or(AppError::NotFound)?;
            let issue = issues::find(conn, id)?.ok_or(AppError::NotFound)?;
            if !policy::covers(&actor, Permission::ReadIssue, &issue) {
                return Err(AppError::Hidden);
            }
            let mut events = issues::events(conn, id)?;
            if audience.is_public() {
                events = public_steps(events, &app.county.load(conn)?.calendar);
            }
            let mut people: Vec<UserId> = events.iter().filter_map(|event| event.actor_id).collect();
            people.sort_unstable();
            people.dedup();
            let names = match audience {
                Audience::Office => users::display_names(conn, &people)?.into_iter().collect(),
                _ => HashMap::new(),
            };
            Ok(History { audience, events, names })
        })
        .await
}

/// From the release on, without the steps that tell of visits, numbered as the public counts. A
/// check may have been a visit: who made it and when is cut to the office and to the half day.
fn public_steps(events: Vec<EventRecord>, calendar: &WorkCalendar) -> Vec<EventRecord> {
    let released = |event: &EventRecord| matches!(event.action, Action::Release | Action::ReleaseUrgent);
    let public = events.into_iter().skip_while(|event| !released(event)).filter(EventRecord::is_public);
    (1..)
        .zip(public)
        .map(|(version, event)| match event.action {
            Action::Pass | Action::Fail => EventRecord {
                version,
                at: calendar.start_of_half_day(event.at),
                actor_role: Some(Role::Office),
                ..event
            },
            _ => EventRecord { version, ..event },
        })
        .collect()
}
