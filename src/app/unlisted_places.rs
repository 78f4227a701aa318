//! Places that are not on the list of points 名单外地点: the office reads which wait, and settles them (ADR 0030).

use super::change::{self, By, Change, Decision};
use super::issues::relapse_of;
use super::locks::{Lock, Locks};
use super::reference::within;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{IssueId, PointId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Issue, Transition};
use crate::domain::limits::PAGE_MAX;
use crate::domain::notice::Message;
use crate::domain::policy::Permission;
use crate::domain::reference::Point;
use crate::domain::time::Timestamp;
use crate::domain::unlisted_place::{Listing, NEAR_M, Settling};
use crate::store::unlisted_places::StoredPlace;
use crate::store::{Conn, issues, reference, unlisted_places};

/// An unlisted place as the office sees it.
#[derive(Debug)]
pub struct PlaceDetail {
    /// What was reported, and how it was settled.
    pub stored: StoredPlace,
    /// The point that stands for it.
    pub point: Point,
    /// The issues there; once it was added to a point, the one that named it.
    pub issues: Vec<IssueId>,
    /// Points within [`NEAR_M`], nearest first, with their distance in metres; empty once it is settled.
    pub near: Vec<(Point, f64)>,
}

/// Those that wait, the earliest first; at most [`PAGE_MAX`].
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<PlaceDetail>> {
    caller.require(Permission::SettlePlaces)?;
    let limit = i64::try_from(PAGE_MAX).unwrap_or(i64::MAX);
    app.store
        .read(move |conn| {
            let open = unlisted_places::open(conn, limit)?;
            open.into_iter().map(|stored| detail(conn, stored)).collect()
        })
        .await
}

fn detail(conn: &mut Conn, stored: StoredPlace) -> Result<PlaceDetail> {
    let without = || AppError::Internal("an unlisted place without its point".into());
    let point = reference::find_point(conn, stored.point_id)?.ok_or_else(without)?;
    let near = match point.location.as_ref().filter(|_| stored.settled_at.is_none()) {
        Some(here) => within(conn, here, true, NEAR_M, |_| true)?,
        None => Vec::new(),
    };
    let issues = match stored.merged_into {
        Some(_) => vec![stored.issue_id],
        None => unlisted_places::issues_at(conn, point.id)?,
    };
    Ok(PlaceDetail { stored, point, issues, near })
}

/// Makes a point of the place, or adds it to one; its issues follow. The same again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] with every wrong field,
/// [`AppError::PlaceSettled`] when it was settled in another way.
pub async fn settle(app: &App, caller: &Caller, id: PointId, settling: Settling) -> Result<PlaceDetail> {
    let (by, now) = (By::from(caller), app.now());
    change::make(app, Settle { by, caller: caller.clone(), id, settling, now }).await
}

/// A place that is to be settled.
struct Settle {
    by: By,
    caller: Caller,
    id: PointId,
    settling: Settling,
    now: Timestamp,
}

/// The place, the point that stands for it, and its issues.
type Before = (StoredPlace, Point, Vec<Issue>);

/// A place that may be settled so.
struct Made {
    /// The point that it becomes; `None` where it is added to another.
    listed: Option<Point>,
    merged_into: Option<PointId>,
    steps: Vec<Transition>,
}

impl Change for Settle {
    type Before = Before;
    type Made = Made;
    type Answer = PlaceDetail;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::SettlePlaces)
    }

    fn locks(&self) -> Vec<Lock> {
        // A sheet may give another point the same code.
        vec![Lock::Importing]
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Before> {
        let stored = unlisted_places::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        let point = reference::find_point(conn, self.id)?.ok_or(AppError::NotFound)?;
        let ids = unlisted_places::issues_at(conn, self.id)?;
        locks.take(conn, ids.iter().copied().map(Lock::Issue))?;
        if unlisted_places::issues_at(conn, self.id)? != ids {
            return Err(AppError::Unavailable("an issue came to the place meanwhile".into()));
        }
        Ok((stored, point, issues::find_many(conn, &ids)?))
    }

    fn authorise(&self, _: &mut Conn, _: &Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, PlaceDetail>> {
        let (stored, point, found) = before;
        if stored.settled_at.is_some() {
            let is_same = match &self.settling {
                Settling::Merged(target) => stored.merged_into == Some(*target),
                Settling::Listed(listing) => {
                    stored.merged_into.is_none() && listing.clone().checked().is_ok_and(|it| it.code == point.code)
                }
            };
            return if is_same { Ok(Decision::Unchanged(detail(conn, stored)?)) } else { Err(AppError::PlaceSettled) };
        }
        let (target, made) = match &self.settling {
            Settling::Listed(listing) => {
                let listed = listed(conn, listing, &point)?;
                (listed.clone(), Made { listed: Some(listed), merged_into: None, steps: Vec::new() })
            }
            Settling::Merged(target) => {
                let target = merge_target(conn, *target)?;
                let merged_into = Some(target.id);
                (target, Made { listed: None, merged_into, steps: Vec::new() })
            }
        };
        let steps: Vec<Transition> =
            found.iter().map(|issue| self.step(conn, issue, &target)).collect::<Result<_>>()?;
        let what = if made.listed.is_some() { "listed as" } else { "added to" };
        let record = self.by.done(self.now, AuditAction::PlaceSettled, format!("point:{}", self.id));
        let records = vec![record.ended(Outcome::Done, format!("{what} {}", target.code))];
        let messages: Vec<Message> = steps.iter().flat_map(Transition::messages).collect();
        Ok(Decision::Made { made: Made { steps, ..made }, records, messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Made) -> Result<()> {
        let by = self.caller.actor.user_id;
        unlisted_places::settle(conn, self.id, by, self.now, made.merged_into)?;
        if let Some(point) = &made.listed {
            reference::list_point(conn, point)?;
        }
        made.steps.iter().try_for_each(|step| Ok(issues::apply(conn, step, None)?))
    }

    fn answer(&self, conn: &mut Conn, _: Made) -> Result<PlaceDetail> {
        let stored = unlisted_places::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        detail(conn, stored)
    }
}

impl Settle {
    /// The step by which an issue of the place is at `target`.
    fn step(&self, conn: &mut Conn, issue: &Issue, target: &Point) -> Result<Transition> {
        let is_moved = issue.is_reviewable() && target.id != issue.finding.point_id;
        let parent = if is_moved {
            relapse_of(conn, target.id, &issue.finding.item_code, issue.finding.captured_at.min(self.now))?
        } else {
            None
        };
        Ok(issue.settle_place(target.id, &target.area_code, parent, &self.caller.actor, self.now))
    }
}

/// The point that the place becomes.
fn listed(conn: &mut Conn, listing: &Listing, provisional: &Point) -> Result<Point> {
    let listing = listing.clone().checked()?;
    let mut invalid = Invalid::default();
    if reference::has_point_code(conn, &listing.code)? {
        invalid.push("/code", FieldCode::Duplicate, "another point has this code");
    }
    let unit = reference::find_unit(conn, listing.lead_unit_id)?.filter(|unit| unit.active);
    if unit.is_none() {
        invalid.push("/lead_unit_id", FieldCode::Unknown, "no such unit takes issues");
    }
    let kind = reference::point_types(conn)?.into_iter().find(|kind| kind.code == listing.point_type);
    if kind.is_none() {
        invalid.push("/type", FieldCode::Unknown, "no such type of points");
    }
    let campaigns = reference::campaigns(conn)?;
    if listing.campaigns.iter().any(|code| !campaigns.iter().any(|known| known.code == *code)) {
        invalid.push("/campaigns", FieldCode::Unknown, "no such campaign");
    }
    let (Some(unit), Some(kind)) = (unit, kind) else { return Err(invalid.into()) };
    invalid.into_result()?;
    Ok(listing.point(provisional, unit.area_code, kind.radius_m))
}

/// The point that the place is added to.
fn merge_target(conn: &mut Conn, id: PointId) -> Result<Point> {
    // A provisional point is out of use.
    let found = reference::find_point(conn, id)?.filter(|point| point.active);
    found.ok_or_else(|| Invalid::one("/point_id", FieldCode::Unknown, "no such point is inspected").into())
}
