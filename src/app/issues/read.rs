//! Reads one issue or a page of them, with everything a view may show.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Audience, asking};
use crate::app::code_names::{self, Veil};
use crate::app::county::County;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::evidence::{self as doubts, Flag, FlagCode};
use crate::domain::ids::{IssueId, PhotoId, PointId, UserId};
use crate::domain::issue::{Action, Context, EventRecord, Issue, IssuePhoto, Severity, State, allowed_actions};
use crate::domain::policy::{self, Permission};
use crate::domain::reference::PointSummary;
use crate::domain::role::{Actor, Role};
use crate::domain::shown_time::{Deadline, Moment, Reader, ShownHalfDay, ShownTime};
use crate::domain::time::{Date, Timestamp};
use crate::store::issues::StoredPhoto;
use crate::store::{Conn, batch_issues, evidence, issues, reference, users};

/// An issue with everything its views are made from. It is complete: each audience's view selects what leaves.
#[derive(Debug, Clone)]
pub struct IssueDetail {
    /// The audience it was read for.
    pub audience: Audience,
    /// The issue.
    pub issue: Issue,
    /// What `If-Match` must name: the number of steps that this reader may know of.
    pub version: i64,
    /// Its place.
    pub point: PointSummary,
    /// Its photos, in the order they came.
    pub photos: Vec<StoredPhoto>,
    /// Doubts, a few of each kind about each photo; `None` on a page of issues, which tells of their kinds only.
    pub flags: Option<Vec<Flag>>,
    /// How many doubts of which kind were noted, by kind.
    pub flag_counts: Vec<(FlagCode, i64)>,
    /// Display names of the people on it.
    pub names: HashMap<UserId, String>,
    /// What the office calls its finder instead.
    pub veil: Option<Veil>,
    /// Issues that are relapses of it.
    pub children: Vec<IssueId>,
    /// What the reader may do now.
    pub allowed: Vec<Action>,
    /// The latest deadline that the reader may ask for; `None` on a page of issues, and where nothing limits it.
    pub extension_until_max: Option<Deadline>,
    /// Whether the fix is late.
    pub overdue: bool,
    /// Whether the deadline falls into a year whose holidays were not known when it was computed.
    pub due_unsure: bool,
    /// Used to coarsen times for this reader.
    pub calendar: Arc<WorkCalendar>,
    /// The current civil day.
    pub today: Date,
}

impl IssueDetail {
    /// A time of the issue as its reader may see it.
    #[must_use]
    pub fn shown(&self, moment: Moment, at: Timestamp) -> Option<ShownTime> {
        ShownTime::of(moment, self.audience.reader().unwrap_or(Reader::Public), at, &self.calendar)
    }

    /// The half day it was found on.
    #[must_use]
    pub fn found_on(&self) -> ShownHalfDay {
        ShownHalfDay::of(self.issue.finding.captured_at, &self.calendar)
    }

    /// The civil day it was closed.
    #[must_use]
    pub fn closed_on(&self) -> Option<Date> {
        self.issue.closing.closed_at.map(|at| self.calendar.civil_date(at))
    }

    /// Photos that were named but have not arrived.
    #[must_use]
    pub fn missing_photos(&self) -> Vec<PhotoId> {
        self.photos.iter().filter(|photo| photo.arrived.is_none()).map(|photo| photo.photo.photo_id).collect()
    }

    /// Photos this audience may see.
    pub fn visible_photos(&self) -> impl Iterator<Item = &StoredPhoto> {
        self.photos.iter().filter(|photo| is_listed(self.audience, photo))
    }
}

/// Whether a photo is listed for an audience.
fn is_listed(audience: Audience, photo: &StoredPhoto) -> bool {
    let stage = photo.photo.stage;
    let unviewable = photo.arrived.as_ref().is_some_and(|arrived| arrived.render_error.is_some());
    audience.sees(stage) && (!unviewable || audience.knows_of_unviewable(stage))
}

/// The version by which each of these readers knows the issue: steps that are concealed from them do not count.
pub(super) fn versions(conn: &mut Conn, found: &[(Audience, Issue)]) -> Result<Vec<i64>> {
    let follows = |audience: &Audience| audience.reader() == Some(Reader::Finder);
    let own: Vec<IssueId> = found.iter().filter(|(audience, _)| follows(audience)).map(|(_, issue)| issue.id).collect();
    let concealed_actions: Vec<Action> = Action::concealed().collect();
    let concealed = if own.is_empty() {
        HashMap::new()
    } else {
        issues::count_events(conn, &own, &concealed_actions)?.into_iter().collect()
    };
    let version = |(audience, issue): &(Audience, Issue)| match audience.reader() {
        None => issue.version,
        Some(Reader::Public) => issue.public_version,
        Some(Reader::Finder) => issue.version - concealed.get(&issue.id).copied().unwrap_or(0),
    };
    Ok(found.iter().map(version).collect())
}

/// Of these steps, oldest first, those after the one that this audience knows as `version`, as far as it may see them.
/// Counts as [`versions`] does.
pub(super) fn told_after(events: Vec<EventRecord>, audience: Audience, version: i64) -> Vec<EventRecord> {
    let mut concealed = 0;
    let mut is_later = |event: &EventRecord| match audience.reader() {
        None => event.version > version,
        Some(Reader::Public) => event.public_version().is_some_and(|known| known > version),
        Some(Reader::Finder) if !event.action.is_public() => {
            concealed += 1;
            false
        }
        Some(Reader::Finder) => event.version - concealed > version,
    };
    events.into_iter().filter(|event| is_later(event)).collect()
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
    let found = issues::find(conn, id)?.ok_or(AppError::NotFound)?;
    let audience = Audience::of(actor, &found).ok_or(AppError::NotFound)?;
    shown_one(conn, app, county, actor, (audience, found))
}

/// The issue in the view of `actor`, who may read it as this audience, or could until the step just taken.
pub(super) fn shown_one(
    conn: &mut Conn,
    app: &App,
    county: &County,
    actor: &Actor,
    issue: (Audience, Issue),
) -> Result<IssueDetail> {
    let mut detail = shown(conn, app, county, actor, vec![issue])?.pop().ok_or(AppError::NotFound)?;
    let told = if detail.audience.reader() == Some(Reader::Public) {
        Vec::new()
    } else {
        evidence::flags(conn, detail.issue.id)?
    };
    detail.flags = Some(doubts::told(told));
    if detail.allowed.contains(&Action::RequestExtension) {
        let events = issues::events(conn, detail.issue.id)?;
        let first_length = Issue::first_length(events.iter().map(|event| &event.changes));
        let asking = Context { first_length, ..asking(county, app.now()) };
        detail.extension_until_max = Deadline::longest(&detail.issue, &asking);
    }
    Ok(detail)
}

/// The issues among `ids` that `actor` may read, in their order.
pub(crate) fn details(
    conn: &mut Conn,
    app: &App,
    county: &County,
    actor: &Actor,
    ids: &[IssueId],
) -> Result<Vec<IssueDetail>> {
    let found = issues::find_many(conn, ids)?;
    let found = found.into_iter().filter_map(|issue| Some((Audience::of(actor, &issue)?, issue))).collect();
    shown(conn, app, county, actor, found)
}

/// An issue of a sheet: what its cells are made from, and no more.
#[derive(Debug)]
pub(crate) struct Row {
    /// The issue.
    pub issue: Issue,
    /// Its place.
    pub point: PointSummary,
    /// Used to turn times into civil days.
    pub calendar: Arc<WorkCalendar>,
    /// Whether the fix is late.
    pub overdue: bool,
}

/// The issues among `ids` that `actor` reads as the office does, in their order.
pub(crate) fn rows(conn: &mut Conn, app: &App, county: &County, actor: &Actor, ids: &[IssueId]) -> Result<Vec<Row>> {
    let mut found = issues::find_many(conn, ids)?;
    found.retain(|issue| Audience::of(actor, issue) == Some(Audience::Office));
    let (points, now) = (points_of(conn, found.iter())?, app.now());
    found
        .into_iter()
        .map(|issue| {
            let point = points.get(&issue.finding.point_id).cloned();
            Ok(Row {
                point: point.ok_or_else(|| AppError::Internal("an issue without its point".into()))?,
                calendar: county.calendar.clone(),
                overdue: issue.is_overdue(now),
                issue,
            })
        })
        .collect()
}

fn points_of<'a>(conn: &mut Conn, found: impl Iterator<Item = &'a Issue>) -> Result<HashMap<PointId, PointSummary>> {
    let mut points: Vec<PointId> = found.map(|issue| issue.finding.point_id).collect();
    points.sort_unstable();
    points.dedup();
    Ok(reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point)).collect())
}

/// The issues `found` in the view of `actor`, who may read them as these audiences, or could until the step just taken.
fn shown(
    conn: &mut Conn,
    app: &App,
    county: &County,
    actor: &Actor,
    found: Vec<(Audience, Issue)>,
) -> Result<Vec<IssueDetail>> {
    let ids: Vec<IssueId> = found.iter().map(|(_, issue)| issue.id).collect();
    let mut photos: HashMap<IssueId, Vec<StoredPhoto>> = HashMap::new();
    for photo in issues::photos(conn, &ids)? {
        photos.entry(photo.issue_id).or_default().push(photo);
    }
    let read_by = |reader: Option<Reader>| {
        let read = found.iter().filter(|(audience, _)| audience.reader() == reader);
        read.map(|(_, issue)| issue.id).collect::<Vec<IssueId>>()
    };
    let mut flag_counts: HashMap<IssueId, Vec<(FlagCode, i64)>> = HashMap::new();
    for (issue, code, count) in evidence::counts(conn, &read_by(None))? {
        flag_counts.entry(issue).or_default().push((code, count));
    }
    for (issue, code, count) in evidence::counts_about_report(conn, &read_by(Some(Reader::Finder)))? {
        if !code.is_kept_from_finder() {
            flag_counts.entry(issue).or_default().push((code, count));
        }
    }
    let is_office = found.iter().any(|(audience, _)| *audience == Audience::Office);
    let mut children: HashMap<IssueId, Vec<IssueId>> = HashMap::new();
    if is_office {
        for (parent, child) in issues::children(conn, &ids)? {
            children.entry(parent).or_default().push(child);
        }
    }
    let names = if is_office { names(conn, &found)? } else { HashMap::new() };
    // Of a batch that is still open the office releases all together.
    let sealed: Vec<IssueId> =
        found.iter().filter(|(_, issue)| issue.state == State::Sealed).map(|(_, issue)| issue.id).collect();
    let held = batch_issues::held(conn, &sealed)?;
    let walks = found.iter().filter(|_| is_office).filter_map(|(_, issue)| issue.finding.visit_id);
    let veils = code_names::of_visits(conn, walks)?;
    let points = points_of(conn, found.iter().map(|(_, issue)| issue))?;
    let (now, versions) = (app.now(), versions(conn, &found)?);
    let severe = found.iter().any(|(_, issue)| issue.finding.severity == Severity::High);
    let unit_has_vice_head = match actor.unit_id {
        Some(unit) if severe => users::unit_has_vice_head(conn, unit)?,
        Some(_) | None => false,
    };
    let asking = Context { unit_has_vice_head, ..asking(county, now) };
    found
        .into_iter()
        .zip(versions)
        .map(|((audience, issue), version)| {
            let point = points.get(&issue.finding.point_id).cloned();
            Ok(IssueDetail {
                audience,
                version,
                point: point.ok_or_else(|| AppError::Internal("an issue without its point".into()))?,
                photos: photos.remove(&issue.id).unwrap_or_default(),
                flags: None,
                flag_counts: flag_counts.remove(&issue.id).unwrap_or_default(),
                names: names.clone(),
                veil: issue.finding.visit_id.and_then(|visit| veils.get(&visit).cloned()),
                children: children.remove(&issue.id).unwrap_or_default(),
                allowed: allowed_actions(&issue, actor, &asking)
                    .into_iter()
                    .filter(|action| *action != Action::Release || !held.contains_key(&issue.id))
                    .collect(),
                extension_until_max: None,
                overdue: issue.is_overdue(now),
                due_unsure: issue.is_due_unsure(&county.calendar),
                calendar: county.calendar.clone(),
                today: county.calendar.civil_date(now),
                issue,
            })
        })
        .collect()
}

fn names(conn: &mut Conn, found: &[(Audience, Issue)]) -> Result<HashMap<UserId, String>> {
    let mut people: Vec<UserId> = found
        .iter()
        .flat_map(|(_, issue)| {
            let named = [
                Some(issue.finding.finder_id),
                issue.review.approved_by,
                issue.assignment.released_by,
                issue.fix.fixed_by,
                issue.closing.checker_id,
                issue.closing.closed_by,
                issue.closing.look_back_inspector_id,
            ];
            let votes = issue.requests.iter().flat_map(|request| {
                [Some(request.filed_by), request.first_vote.as_ref().map(|vote| vote.by)].into_iter().flatten()
            });
            let rejection = issue.review.rejection.as_ref().map(|first| first.vote.by);
            named.into_iter().flatten().chain(votes).chain(rejection).chain(issue.confirmed_by())
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    Ok(users::display_names(conn, &people)?.into_iter().collect())
}

/// What happened to an issue, oldest first.
#[derive(Debug, Clone)]
pub enum History {
    /// Everything, with the display names of the people in it, and what the finder is called instead.
    Office(Vec<EventRecord>, HashMap<UserId, String>, Option<Veil>),
    /// What everybody else may see.
    Others(Vec<ShownEvent>),
}

/// A step as readers other than the office see it.
#[derive(Debug, Clone)]
pub struct ShownEvent {
    /// The version it led to, as this reader counts.
    pub version: i64,
    /// When.
    pub at: ShownTime,
    /// The role of the person who took it; `None` for the service.
    pub actor_role: Option<Role>,
    /// The action.
    pub action: Action,
    /// State before.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// Reason.
    pub reason: Option<String>,
    /// Its photos that the reader may see.
    pub photos: Vec<IssuePhoto>,
}

/// The events of an issue that the caller may see.
///
/// # Errors
/// [`AppError::NotFound`] also for what the caller may not know of.
pub async fn history(app: &App, caller: &Caller, id: IssueId) -> Result<History> {
    let (app, actor) = (app.clone(), caller.actor);
    app.store
        .clone()
        .read(move |conn| {
            if !policy::permits(&actor, Permission::ReadIssue) {
                return Err(AppError::NotFound);
            }
            let issue = issues::find(conn, id)?.ok_or(AppError::NotFound)?;
            let audience = Audience::of(&actor, &issue).ok_or(AppError::Hidden)?;
            let events = issues::events(conn, id)?;
            let Some(reader) = audience.reader() else {
                let mut people: Vec<UserId> = events.iter().filter_map(|event| event.actor_id).collect();
                people.sort_unstable();
                people.dedup();
                let names = users::display_names(conn, &people)?.into_iter().collect();
                let visit = issue.finding.visit_id;
                let veil = code_names::of_visits(conn, visit.into_iter())?.into_values().next();
                return Ok(History::Office(events, names, veil));
            };
            let calendar = app.county.load(conn)?.calendar;
            let listed: Vec<PhotoId> = issues::photos(conn, &[id])?
                .into_iter()
                .filter(|photo| is_listed(audience, photo))
                .map(|photo| photo.photo.photo_id)
                .collect();
            Ok(History::Others(shown_steps(events, reader, &listed, &calendar)))
        })
        .await
}

/// The steps that the table of moments lets this reader see, numbered as this reader counts. A check may have been an
/// inspector's visit, so the office is shown as the one who took it.
fn shown_steps(
    events: Vec<EventRecord>,
    reader: Reader,
    listed: &[PhotoId],
    calendar: &WorkCalendar,
) -> Vec<ShownEvent> {
    // Some steps are kept back though their action is public: the first of two opinions.
    let known = |event: &EventRecord| reader != Reader::Public || event.is_public();
    let told = events.into_iter().filter(known).filter_map(|event| {
        let at = ShownTime::of(event.action.moment(), reader, event.at, calendar)?;
        Some((at, event))
    });
    let shown = |(version, (at, event)): (i64, (ShownTime, EventRecord))| ShownEvent {
        version,
        at,
        actor_role: if event.action.moment() == Moment::Checked { Some(Role::Office) } else { event.actor_role },
        action: event.action,
        from: event.from,
        to: event.to,
        reason: event.reason,
        photos: event.photos.into_iter().filter(|photo| listed.contains(&photo.photo_id)).collect(),
    };
    (1..).zip(told).map(shown).collect()
}
