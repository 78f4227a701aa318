//! Takes a step on an issue for a person. Other steps: a report and its photos (`report.rs`, `photos/receive.rs`), the
//! settling of a place off the list (`unlisted_places.rs`), and those that the service takes itself (`upkeep.rs`,
//! `follow_up/give.rs`).

use super::look_up::{active_inspector, active_unit, item_for};
use super::once::{Once, taken_before};
use super::read::{IssueDetail, shown_one, told_after, versions};
use super::report::{bytes_and_issues, relapse_of, same_marks};
use super::{Audience, flags, number};
use crate::app::change::{self, Change, Decision};
use crate::app::county::County;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result, packets};
use crate::domain::evidence::{Flag, FlagCode};
use crate::domain::ids::{IssueId, PhotoId, RequestId, StepKey};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Action, Command, Context, Fact, Issue, MendedItem, Named, Release, StaleAfter, Transition};
use crate::domain::policy::{self, Permission};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::issues::KeyedStep;
use crate::store::{Conn, batch_issues, evidence, issues, photos, reference, unlisted_places, users};

/// What the caller last saw of the issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// This version of it.
    Version(i64),
    /// The version after this caller's own step with this key: several steps were written offline, one after the other.
    After(StepKey),
}

/// The result of a step.
#[derive(Debug)]
pub struct Acted {
    /// Whether it had been taken before under the same key.
    pub again: bool,
    /// The issue as the caller sees it.
    pub detail: IssueDetail,
}

/// Takes the step `command` on the issue as the caller last saw it. A step taken before under the key in `once` is not
/// taken again; the answer shows the issue as it is now.
///
/// # Errors
/// [`AppError::NotFound`] also for what the caller may not know of, [`AppError::Forbidden`], [`AppError::Stale`],
/// [`AppError::Refused`] with the rule that forbids it, [`AppError::Invalid`], [`AppError::KeyReused`] when the key
/// names another step.
pub async fn act(
    app: &App,
    caller: &Caller,
    id: IssueId,
    command: Command,
    seen: Seen,
    once: Option<Once>,
) -> Result<Acted> {
    let change =
        Act { app: app.clone(), caller: caller.clone(), id, command, seen: Some(seen), once, with_batch: false };
    change::make(app, change).await
}

/// The release of an issue as a part of the release of its batch.
pub(crate) fn release_with_batch(app: &App, caller: &Caller, id: IssueId) -> Act {
    let command = Command::Release(Release {});
    Act { app: app.clone(), caller: caller.clone(), id, command, seen: None, once: None, with_batch: true }
}

/// A person's step on an issue.
pub(crate) struct Act {
    app: App,
    caller: Caller,
    id: IssueId,
    command: Command,
    /// What the caller saw of it; `None` when the caller saw the batch that it is released with.
    seen: Option<Seen>,
    once: Option<Once>,
    /// Whether it is released with its batch.
    with_batch: bool,
}

/// What the decision depends on.
pub(crate) enum Before {
    /// It was taken before, under the same key.
    Taken(Box<IssueDetail>),
    /// The issue as it is, and the audience of the caller.
    Stands(Box<(Audience, Issue)>, County),
}

/// A decided step.
pub(crate) struct Made {
    audience: Audience,
    before: Issue,
    county: County,
    flagged: bool,
    transition: Transition,
    now: Timestamp,
}

impl Change for Act {
    type Before = Before;
    type Made = Made;
    type Answer = Acted;

    fn admit(&self) -> Result<()> {
        // What the caller may not read is answered as if it did not exist; only its row tells which.
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        let key = self.once.iter().map(|once| Lock::StepKey(self.caller.actor.user_id, once.key));
        key.chain(self.command.photos().iter().map(|photo| Lock::Photo(photo.id))).collect()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Before> {
        let named: Vec<PhotoId> = self.command.photos().iter().map(|photo| photo.id).collect();
        let here = photos::arrived(conn, &named)?;
        locks.take(conn, bytes_and_issues(&here, &[self.id]))?;
        if let Some(once) = &self.once
            && let Some(detail) = taken_before(conn, &self.app, &self.caller.actor, once)?
        {
            return Ok(Before::Taken(Box::new(detail)));
        }
        let actor = &self.caller.actor;
        if !policy::permits(actor, Permission::ReadIssue) {
            return Err(AppError::NotFound);
        }
        let issue = issues::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        let audience = Audience::of(actor, &issue).ok_or(AppError::Hidden)?;
        Ok(Before::Stands(Box::new((audience, issue)), self.app.county.load(conn)?))
    }

    fn authorise(&self, conn: &mut Conn, before: &Before) -> Result<()> {
        let Before::Stands(here, _) = before else { return Ok(()) };
        let (actor, action) = (&self.caller.actor, self.command.action());
        if !policy::covers(actor, Permission::Act(action), &here.1) {
            return Err(AppError::Forbidden);
        }
        if action == Action::Release && !self.with_batch && !batch_issues::held(conn, &[self.id])?.is_empty() {
            return Err(AppError::HeldByBatch);
        }
        match self.seen {
            Some(seen) if !is_as_seen(conn, actor, here, seen, action)? => Err(AppError::Stale),
            Some(_) | None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, Acted>> {
        let (audience, issue, county) = match before {
            Before::Taken(detail) => return Ok(Decision::Unchanged(Acted { again: true, detail: *detail })),
            Before::Stands(here, county) => (here.0, here.1, county),
        };
        let (transition, flagged, now) = self.decided(conn, &issue, &county)?;
        let records = packets::record(&self.caller, format!("issue:{}", self.id), now).into_iter().collect();
        let messages = transition.messages();
        Ok(Decision::Made {
            made: Made { audience, before: issue, county, flagged, transition, now },
            records,
            messages,
        })
    }

    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Made) -> Result<()> {
        let Made { before, county, flagged, transition, now, audience: _ } = made;
        issues::apply(conn, transition, None)?;
        if let Some(Once { key, digest, first_digest: _ }) = &self.once {
            let step = KeyedStep { issue_id: self.id, version: transition.event().version, digest: *digest };
            issues::note_key(conn, self.caller.actor.user_id, *key, &step)?;
        }
        raise_doubts(conn, locks, county, &self.command, transition, *flagged, *now)?;
        if transition.after().assignment.unit_id != before.assignment.unit_id {
            flags::raise_similar_in_unit(conn, locks, transition.after(), *now)?;
        }
        Ok(())
    }

    fn answer(&self, conn: &mut Conn, made: Made) -> Result<Acted> {
        let Made { audience, county, transition, .. } = made;
        // A finished look-back is no longer assigned to the inspector who did it, but they still get the answer.
        let here = (audience, transition.after().clone());
        let detail = shown_one(conn, &self.app, &county, &self.caller.actor, here)?;
        Ok(Acted { again: false, detail })
    }
}

/// Whether the step may be taken on what the caller saw: nothing it depends on has happened since.
fn is_as_seen(conn: &mut Conn, actor: &Actor, now: &(Audience, Issue), seen: Seen, action: Action) -> Result<bool> {
    let (audience, issue) = now;
    let stale_after = action.rules().stale_after;
    let later = match (seen, stale_after) {
        (Seen::Version(version), _) => {
            let newest = versions(conn, std::slice::from_ref(now))?;
            match stale_after {
                // What has happened since is only read if anything has.
                StaleAfter::Any | StaleAfter::Steps(_) if newest == [version] => return Ok(true),
                StaleAfter::Steps(_) if newest.iter().all(|newest| version < *newest) => {
                    told_after(issues::events(conn, issue.id)?, *audience, version)
                }
                StaleAfter::Any | StaleAfter::Steps(_) => return Ok(false),
            }
        }
        (Seen::After(key), _) => {
            let Some(before) = issues::find_key(conn, actor.user_id, key)?.filter(|it| it.issue_id == issue.id) else {
                return Ok(false);
            };
            let mut later = issues::events(conn, issue.id)?;
            later.retain(|event| event.version > before.version);
            told_after(later, *audience, 0)
        }
    };
    Ok(!later.iter().any(|event| match stale_after {
        StaleAfter::Any => true,
        StaleAfter::Steps(steps) => steps.contains(&event.action),
    }))
}

impl Act {
    /// The step, whether the issue had doubts before it, and when it is taken.
    fn decided(&self, conn: &mut Conn, issue: &Issue, county: &County) -> Result<(Transition, bool, Timestamp)> {
        let Act { app, caller, id, command, .. } = self;
        let (actor, now) = (&caller.actor, app.now());
        let item_limit = reference::find_item(conn, &issue.finding.item_code)?.and_then(|item| item.limit);
        let needs = |fact: Fact| command.action().rules().needs.contains(&fact);
        let number = if needs(Fact::UnusedNumber) { unused_number(conn, app, county, now)? } else { String::new() };
        let actor_name = if needs(Fact::ActorName) {
            users::display_names(conn, &[actor.user_id])?.pop().map(|(_, name)| name).unwrap_or_default()
        } else {
            String::new()
        };
        let flagged = needs(Fact::Doubts) && !evidence::counts(conn, &[issue.id])?.is_empty();
        let unit_has_vice_head = match issue.assignment.unit_id {
            Some(unit) if needs(Fact::ViceHead) => users::unit_has_vice_head(conn, unit)?,
            Some(_) | None => false,
        };
        let first_length = if needs(Fact::FirstLength) {
            Issue::first_length(issues::events(conn, *id)?.iter().map(|event| &event.changes))
        } else {
            None
        };
        let context = Context {
            now,
            calendar: &county.calendar,
            day_end: county.settings.day_end,
            item_limit,
            mended_item: None,
            flagged,
            actor_name: &actor_name,
            unit_has_vice_head,
            first_length,
            offline: county.settings.offline_rule(),
            on_site_evidence: county.settings.on_site_evidence,
            number: &number,
            request_id: RequestId(app.random.uuid()),
            child_id: IssueId(app.random.uuid()),
        };
        issue.admit(actor, command.action(), &context)?;
        let mended = look_up(conn, caller, issue, command)?;
        let transition = issue.decide(actor, command, &Context { mended_item: mended.as_ref(), ..context })?;
        Ok((transition, flagged, now))
    }
}

fn unused_number(conn: &mut Conn, app: &App, county: &County, now: Timestamp) -> Result<String> {
    let year = county.calendar.year(now);
    let drawn = number::unused(year, |end| app.random.below(end), |number| issues::number_exists(conn, number))?;
    drawn.ok_or_else(|| AppError::Unavailable(format!("no free number of {year} was drawn")))
}

/// Checks that everything the command names exists, and reports every fault at once. Answers the item of a corrected
/// report when it is another than before.
fn look_up(conn: &mut Conn, caller: &Caller, issue: &Issue, command: &Command) -> Result<Option<MendedItem>> {
    let mut invalid = Invalid::default();
    let mut mended = None;
    for named in command.names() {
        match named {
            Named::Unit(pointer, id) => active_unit(conn, pointer, id, &mut invalid)?,
            Named::Inspector(id) => active_inspector(conn, id, &mut invalid)?,
            Named::Item(code) if code == issue.finding.item_code => {}
            Named::Item(code) => {
                let point = reference::find_point(conn, issue.finding.point_id)?;
                // The type of a place off the list is a guess until the office has settled it.
                let is_guess = unlisted_places::is_off_the_list(conn, issue.finding.point_id)?;
                let point = point.filter(|_| !is_guess);
                if let Some(item) = item_for(conn, code, point.as_ref(), &mut invalid)? {
                    let found = issue.finding.captured_at.min(issue.finding.received_at);
                    let parent = relapse_of(conn, issue.finding.point_id, &item.code, found)?;
                    mended = Some(MendedItem { code: item.code, campaign: item.campaign, parent });
                }
            }
            Named::OtherIssue(other) => {
                if other == issue.id || issues::find(conn, other)?.is_none() {
                    invalid.push("/duplicate_of", FieldCode::Unknown, "no such other issue");
                }
            }
        }
    }
    look_up_photos(conn, caller, issue, command, &mut invalid)?;
    invalid.into_result()?;
    Ok(mended)
}

fn look_up_photos(
    conn: &mut Conn,
    caller: &Caller,
    issue: &Issue,
    command: &Command,
    invalid: &mut Invalid,
) -> Result<()> {
    let named: Vec<PhotoId> = command.photos().iter().map(|photo| photo.id).collect();
    if named.is_empty() {
        return Ok(());
    }
    let here = photos::arrived(conn, &named)?;
    let known = issues::photos(conn, &[issue.id])?;
    for (at, id) in named.iter().enumerate() {
        let pointer = format!("/photos/{at}/id");
        let mine = here.iter().any(|(photo, uploader, _)| photo == id && *uploader == caller.actor.user_id);
        if !mine {
            invalid.push(pointer, FieldCode::Unknown, "send the photo first");
        } else if known.iter().any(|stored| stored.photo.photo_id == *id) {
            invalid.push(pointer, FieldCode::Duplicate, "already part of this issue");
        }
    }
    let named: Vec<_> = command.photos().iter().map(|photo| (photo.id, &*photo.marks)).collect();
    same_marks(conn, &named, invalid)
}

fn raise_doubts(
    conn: &mut Conn,
    locks: &mut Locks,
    county: &County,
    command: &Command,
    transition: &Transition,
    flagged: bool,
    now: Timestamp,
) -> Result<()> {
    let after = transition.after();
    let named: Vec<PhotoId> = command.photos().iter().map(|photo| photo.id).collect();
    flags::raise_photo_doubts(conn, locks, county, after, &named, now)?;
    let chosen = command.photos().iter().filter(|photo| photo.from_album);
    let mut doubts: Vec<Flag> = chosen.map(|photo| Flag::about_photo(FlagCode::FromAlbum, photo.id, "")).collect();
    if transition.event().action == Action::ReportFix
        && let Some(who) = transition.event().actor_id
    {
        doubts.extend(flags::burst(conn, county, who, now)?);
    }
    evidence::raise(conn, after.id, &doubts, now)?;
    let is_pass = transition.event().action == Action::Pass;
    if is_pass && after.expects_visit(flagged) && after.closing.closed_on_site == Some(false) {
        evidence::raise(conn, after.id, &[Flag::about_issue(FlagCode::DeskCheck, "")], now)?;
    }
    Ok(())
}
