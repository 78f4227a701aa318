//! Notes 督战 of county leaders: written by the leader of a pairing, read by the unit, the office and the discipline
//! inspection. They concern only what was released.

use std::collections::HashMap;

use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{IssueId, LeaderNoteId, PairingId, PointId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::Issue;
use crate::domain::leader_note::{self, LeaderNote};
use crate::domain::limits::PAGE_MAX;
use crate::domain::live::Topic;
use crate::domain::notice::{Message, Notice, NoticeKind, Recipient};
use crate::domain::pairing::Paired;
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::time::{Date, Timestamp};
use crate::store::leader_notes::{self as kept, Listed};
use crate::store::{Conn, issues, people_in_charge, reference, users};

/// A note with what its readers are shown beside it.
#[derive(Debug)]
pub struct ShownNote {
    /// The note.
    pub note: LeaderNote,
    /// What the leader is called.
    pub leader: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Number and point of the issue.
    pub issue_title: Option<String>,
    /// The day on which it was written.
    pub on: Date,
}

fn shown(conn: &mut Conn, cache: &CountyCache, found: Vec<LeaderNote>) -> Result<Vec<ShownNote>> {
    let calendar = cache.load(conn)?.calendar;
    let mut leaders: Vec<UserId> = found.iter().map(|note| note.leader_id).collect();
    leaders.sort_unstable();
    leaders.dedup();
    let leaders: HashMap<UserId, String> = users::display_names(conn, &leaders)?.into_iter().collect();
    let units: HashMap<UnitId, String> = reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let ids: Vec<IssueId> = found.iter().filter_map(|note| note.issue_id).collect();
    let of: Vec<Issue> = issues::find_many(conn, &ids)?;
    let points: Vec<PointId> = of.iter().map(|issue| issue.finding.point_id).collect();
    let points: HashMap<PointId, String> =
        reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point.name)).collect();
    let title = |issue: &Issue| {
        let number = issue.number.clone().unwrap_or_default();
        let point = points.get(&issue.finding.point_id).cloned().unwrap_or_default();
        format!("{number} {point}").trim().to_owned()
    };
    let titles: HashMap<IssueId, String> = of.iter().map(|issue| (issue.id, title(issue))).collect();
    let one = |note: LeaderNote| ShownNote {
        leader: leaders.get(&note.leader_id).cloned().unwrap_or_default(),
        unit_name: units.get(&note.unit_id).cloned().unwrap_or_default(),
        issue_title: note.issue_id.and_then(|id| titles.get(&id).cloned()),
        on: calendar.civil_date(note.written_at),
        note,
    };
    Ok(found.into_iter().map(one).collect())
}

/// Whose notes the caller may read.
fn readable(caller: &Caller) -> Result<Listed> {
    caller.require(Permission::ReadLeaderNotes)?;
    match reach(caller.actor.role, Permission::ReadLeaderNotes) {
        Reach::All => Ok(Listed::default()),
        Reach::Own => Ok(Listed { leader: Some(caller.actor.user_id), ..Listed::default() }),
        Reach::Unit => {
            let unit = caller.actor.unit_id.ok_or(AppError::Forbidden)?;
            Ok(Listed { unit: Some(unit), ..Listed::default() })
        }
        Reach::Never
        | Reach::Check
        | Reach::LookBack
        | Reach::Involved
        | Reach::Addressed
        | Reach::UnitHead
        | Reach::Campaign
        | Reach::Released => Err(AppError::Forbidden),
    }
}

/// Notes, the latest first, and the one to continue after: a leader's own, those that a unit is to read, or all.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none to continue after.
pub async fn list(
    app: &App,
    caller: &Caller,
    (unit, issue): (Option<UnitId>, Option<IssueId>),
    after: Option<LeaderNoteId>,
    limit: usize,
) -> Result<(Vec<ShownNote>, Option<LeaderNoteId>)> {
    let own = readable(caller)?;
    let which = Listed { unit: own.unit.or(unit), issue, ..own };
    let (cache, limit) = (app.county.clone(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let after = match after {
                None => None,
                Some(id) => {
                    let last = kept::find(conn, id)?.filter(|note| own.has(note)).ok_or(AppError::NotFound)?;
                    Some((last.written_at, id))
                }
            };
            let mut found = kept::list(conn, which, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|note| note.id).filter(|_| more);
            Ok((shown(conn, &cache, found)?, next))
        })
        .await
}

/// What a leader writes.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// On which pairing.
    pub pairing_id: PairingId,
    /// About which issue.
    pub issue_id: Option<IssueId>,
    /// What it says.
    pub note: String,
}

/// Keeps a note under an id of the client's choice; the same again answers the stored one. The flag says whether it is
/// new.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::IdReused`], [`AppError::Invalid`] for a pairing that is not the caller's today,
/// and for an issue that is not of it.
pub async fn put(app: &App, caller: &Caller, id: LeaderNoteId, mut new: NewNote) -> Result<(ShownNote, bool)> {
    new.note = new.note.trim().to_owned();
    let (by, user) = (By::from(caller), caller.actor.user_id);
    change::make(app, Write { app: app.clone(), by, user, id, new, now: app.now() }).await
}

/// A leader writes a note.
struct Write {
    app: App,
    by: By,
    user: UserId,
    id: LeaderNoteId,
    new: NewNote,
    now: Timestamp,
}

impl Change for Write {
    type Before = Option<LeaderNote>;
    type Made = LeaderNote;
    type Answer = (ShownNote, bool);

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::WriteLeaderNotes)?;
        Ok(leader_note::validate(self.id, &self.new.note)?)
    }

    fn locks(&self) -> Vec<Lock> {
        // Pairings stay as they are, and of two writers under one id the second finds the first.
        [Lock::Planning].into_iter().chain(self.new.issue_id.map(Lock::Issue)).collect()
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(kept::find(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, stored: &Self::Before) -> Result<()> {
        let Some(stored) = stored else { return Ok(()) };
        let NewNote { pairing_id, issue_id, note } = &self.new;
        let is_same = stored.leader_id == self.user
            && (stored.pairing_id, stored.issue_id) == (*pairing_id, *issue_id)
            && stored.note == *note;
        if is_same { Ok(()) } else { Err(AppError::IdReused) }
    }

    fn decide(&self, conn: &mut Conn, stored: Self::Before) -> Result<Decision<LeaderNote, Self::Answer>> {
        if let Some(stored) = stored {
            return Ok(Decision::Unchanged((self.shown(conn, stored)?, false)));
        }
        let today = self.app.county.load(conn)?.calendar.civil_date(self.now);
        let own = people_in_charge::pairings(conn, Some(self.user))?;
        let pairing = own.into_iter().find(|one| one.id == self.new.pairing_id && leader_note::is_on(one, today));
        let no_pairing = || Invalid::one("/pairing_id", FieldCode::Unknown, "no pairing of yours today");
        let pairing = pairing.ok_or_else(no_pairing)?;
        let issue = match self.new.issue_id {
            None => None,
            Some(id) => {
                let found = issues::find(conn, id)?.filter(|issue| leader_note::is_about(&pairing, issue));
                let no_issue = || Invalid::one("/issue_id", FieldCode::Unknown, "no issue of what you are paired with");
                Some(found.ok_or_else(no_issue)?)
            }
        };
        let of_pairing = match pairing.with {
            Paired::Unit(unit) => Some(unit),
            Paired::Point(point) => reference::find_point(conn, point)?.map(|point| point.lead_unit_id),
        };
        let unit_id = issue.as_ref().and_then(|issue| issue.assignment.unit_id).or(of_pairing);
        let note = LeaderNote {
            id: self.id,
            leader_id: self.user,
            pairing_id: pairing.id,
            unit_id: unit_id.ok_or(AppError::NotFound)?,
            issue_id: self.new.issue_id,
            note: self.new.note.clone(),
            written_at: self.now,
        };
        let target = format!("leader-note:{}", note.id);
        let records = vec![
            self.by
                .done(self.now, AuditAction::LeaderNoteWritten, target.clone())
                .ended(Outcome::Done, format!("unit:{}", note.unit_id)),
        ];
        let mut messages = vec![Message::Changed { what: target, topics: vec![Topic::All, Topic::Unit(note.unit_id)] }];
        messages.extend(note.issue_id.map(|issue_id| {
            Message::Notice(Notice {
                recipient: Recipient::Unit(note.unit_id),
                kind: NoticeKind::LeaderNote,
                issue_id,
                occasion: self.now.as_micros(),
                at: self.now,
            })
        }));
        Ok(Decision::Made { made: note, records, messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &LeaderNote) -> Result<()> {
        Ok(kept::insert(conn, made)?)
    }

    fn answer(&self, conn: &mut Conn, made: LeaderNote) -> Result<Self::Answer> {
        Ok((self.shown(conn, made)?, true))
    }
}

impl Write {
    fn shown(&self, conn: &mut Conn, note: LeaderNote) -> Result<ShownNote> {
        shown(conn, &self.app.county, vec![note])?.pop().ok_or(AppError::NotFound)
    }
}
