//! Notices 消息: delivered from the outbox and read by their recipients; the unread count is the same on every device.

use std::collections::HashMap;
use std::time::Duration;

use super::change::{self, Change, Decision};
use super::issues::read::{IssueDetail, details};
use super::locks::{Lock, Locks};
use super::upkeep::Progress;
use super::{App, AppError, Caller, Result};
use crate::domain::ids::{IssueId, NoticeId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::notice::{Message, NOTICE_DAYS, Notice, NoticeKind, NoticeTime, OWING_A_FIX, Recipient, UNREAD_MAX};
use crate::domain::policy::Permission;
use crate::domain::shown_time::ShownTime;
use crate::domain::time::Timestamp;
use crate::store::notices::{self, NoticeCursor, StoredNotice};
use crate::store::outbox::{self, OutboxMessage};
use crate::store::{Conn, changes, issues};

/// Messages that one round of delivery takes, so that other transactions do not wait long. Source: our choice.
const BATCH: i64 = 100;
/// Issues that are checked in one batch for a near deadline. Source: our choice.
const LOOKED_AT: usize = 100;
/// Longest wait before a message that could not be delivered is tried again. Source: our choice.
const RETRY_MAX: Duration = Duration::from_secs(3_600);
/// How far the clocks of two nodes may differ: a retry that is set later than that is ignored. Source: as for
/// background jobs.
const CLOCKS_APART_MAX: Duration = Duration::from_secs(300);
/// Notices that are deleted in one batch. Source: our choice.
const FORGOTTEN_AT_ONCE: i64 = 1_000;

/// A notice as its reader sees it.
#[derive(Debug, Clone)]
pub struct ShownNotice {
    /// Identity.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// When that was, as exactly as the reader may know it; `None` where that is not told.
    pub at: Option<ToldAt>,
    /// Whether it came since the reader last marked what is read.
    pub is_unread: bool,
    /// The issue, as its page shows it now.
    pub issue: IssueDetail,
}

/// The time that a notice tells.
#[derive(Debug, Clone, Copy)]
pub enum ToldAt {
    /// Exact: for the office, and for deadlines.
    Exact(Timestamp),
    /// As coarse as the table of moments says: for everybody else.
    Shown(ShownTime),
}

/// A page of notices.
#[derive(Debug)]
pub struct Page {
    /// Its notices, latest first.
    pub items: Vec<ShownNotice>,
    /// Where the next page starts, if there is one.
    pub next: Option<NoticeCursor>,
    /// The number to mark as read: what comes later is unread.
    pub through: i64,
    /// How many are unread, counted up to [`UNREAD_MAX`].
    pub unread: i64,
}

/// The recipient whose notices the caller reads.
fn recipient(caller: &Caller) -> Result<Recipient> {
    caller.require(Permission::ReadNotices)?;
    Recipient::of(&caller.actor).ok_or(AppError::Forbidden)
}

/// The kinds that the caller has not switched off.
fn wanted(conn: &mut Conn, caller: &Caller, recipient: Recipient) -> Result<Vec<NoticeKind>> {
    let muted = notices::muted(conn, caller.actor.user_id)?;
    Ok(recipient.kinds().filter(|kind| !muted.contains(kind)).collect())
}

fn unread(conn: &mut Conn, caller: &Caller, recipient: Recipient, kinds: &[NoticeKind]) -> Result<(i64, i64)> {
    let read = notices::read_through(conn, caller.actor.user_id, recipient)?;
    Ok((read, notices::count_after(conn, recipient, kinds, read, UNREAD_MAX)?))
}

/// A page of the caller's notices. One about an issue that the caller may not see any more is left out.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that gets none.
pub async fn list(app: &App, caller: &Caller, after: Option<NoticeCursor>, limit: usize) -> Result<Page> {
    let recipient = recipient(caller)?;
    let (limit, app, caller) = (limit.clamp(1, PAGE_MAX), app.clone(), caller.clone());
    app.store
        .clone()
        .read(move |conn| -> Result<Page> {
            let kinds = wanted(conn, &caller, recipient)?;
            let (read, unread) = unread(conn, &caller, recipient, &kinds)?;
            let through = notices::last_seq(conn, recipient)?;
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = notices::list(conn, recipient, &kinds, after, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|last| NoticeCursor { at: last.at, id: last.id }).filter(|_| more);
            let items = shown(conn, &app, &caller, found, read)?;
            Ok(Page { items, next, through, unread })
        })
        .await
}

fn shown(conn: &mut Conn, app: &App, caller: &Caller, found: Vec<StoredNotice>, read: i64) -> Result<Vec<ShownNotice>> {
    let mut ids: Vec<IssueId> = found.iter().map(|stored| stored.issue_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let county = app.county.load(conn)?;
    let of: HashMap<IssueId, IssueDetail> =
        details(conn, app, &county, &caller.actor, &ids)?.into_iter().map(|detail| (detail.issue.id, detail)).collect();
    let shown = |stored: StoredNotice| {
        let issue = of.get(&stored.issue_id)?.clone();
        let at = match (issue.audience.reader(), stored.kind.time()) {
            (None, _) | (Some(_), NoticeTime::Deadline) => Some(ToldAt::Exact(stored.at)),
            (Some(reader), NoticeTime::Of(moment)) => {
                ShownTime::of(moment, reader, stored.at, &issue.calendar).map(ToldAt::Shown)
            }
        };
        Some(ShownNotice { id: stored.id, kind: stored.kind, at, is_unread: stored.seq > read, issue })
    };
    Ok(found.into_iter().filter_map(shown).collect())
}

/// How many of the caller's notices are unread, counted up to [`UNREAD_MAX`].
///
/// # Errors
/// [`AppError::Forbidden`] for a role that gets none.
pub async fn count(app: &App, caller: &Caller) -> Result<i64> {
    let (recipient, caller) = (recipient(caller)?, caller.clone());
    app.store
        .read(move |conn| -> Result<i64> {
            let kinds = wanted(conn, &caller, recipient)?;
            Ok(unread(conn, &caller, recipient, &kinds)?.1)
        })
        .await
}

/// Marks the caller's notices up to the number `through` as read, on every device. What was read stays read.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] when there is no such number yet.
pub async fn mark_read(app: &App, caller: &Caller, through: i64) -> Result<()> {
    let recipient = recipient(caller)?;
    change::make(app, MarkRead { user: caller.actor.user_id, recipient, through }).await
}

/// The caller has read the notices up to a number.
struct MarkRead {
    user: UserId,
    recipient: Recipient,
    through: i64,
}

impl Change for MarkRead {
    /// The number up to which they were read, and the last number there is.
    type Before = (i64, i64);
    type Made = ();
    type Answer = ();

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.user)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<(i64, i64)> {
        Ok((notices::read_through(conn, self.user, self.recipient)?, notices::last_seq(conn, self.recipient)?))
    }

    fn authorise(&self, _: &mut Conn, _: &(i64, i64)) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, (read, last): (i64, i64)) -> Result<Decision<(), ()>> {
        if !(0..=last).contains(&self.through) {
            return Err(Invalid::one("/through", FieldCode::OutOfRange, format!("0 to {last}")).into());
        }
        if self.through <= read {
            return Ok(Decision::Unchanged(()));
        }
        Ok(Decision::Made { made: (), records: Vec::new(), messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(notices::set_read_through(conn, self.user, self.recipient, self.through)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<()> {
        Ok(())
    }
}

/// The kinds that the caller can get, each with whether it is switched on.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that gets none.
pub async fn kinds(app: &App, caller: &Caller) -> Result<Vec<(NoticeKind, bool)>> {
    let (recipient, user) = (recipient(caller)?, caller.actor.user_id);
    app.store
        .read(move |conn| {
            let muted = notices::muted(conn, user)?;
            Ok(recipient.kinds().map(|kind| (kind, !muted.contains(&kind))).collect())
        })
        .await
}

/// Switches kinds on and off for the caller; those that are not named stay as they are.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for a kind that the caller does not get.
pub async fn switch(app: &App, caller: &Caller, switched: Vec<(NoticeKind, bool)>) -> Result<Vec<(NoticeKind, bool)>> {
    let recipient = recipient(caller)?;
    change::make(app, Switch { user: caller.actor.user_id, recipient, switched }).await
}

/// The caller switches kinds of notices on or off.
struct Switch {
    user: UserId,
    recipient: Recipient,
    switched: Vec<(NoticeKind, bool)>,
}

impl Switch {
    fn shown(&self, muted: &[NoticeKind]) -> Vec<(NoticeKind, bool)> {
        self.recipient.kinds().map(|kind| (kind, !muted.contains(&kind))).collect()
    }
}

impl Change for Switch {
    /// What is switched off.
    type Before = Vec<NoticeKind>;
    type Made = Vec<NoticeKind>;
    type Answer = Vec<(NoticeKind, bool)>;

    fn admit(&self) -> Result<()> {
        let mut invalid = Invalid::default();
        for (kind, _) in &self.switched {
            if !self.recipient.kinds().any(|known| known == *kind) {
                invalid.push(format!("/{kind}"), FieldCode::NotAllowed, "not a kind for this role");
            }
        }
        Ok(invalid.into_result()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.user)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(notices::muted(conn, self.user)?)
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, Self::Answer>> {
        let said = |kind: &NoticeKind| self.switched.iter().rev().find(|(named, _)| named == kind).map(|(_, on)| *on);
        let is_off = |kind: &NoticeKind| said(kind).map_or(before.contains(kind), |on| !on);
        let made: Vec<NoticeKind> = NoticeKind::ALL.iter().copied().filter(is_off).collect();
        Ok(Decision::Made { made, records: Vec::new(), messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Self::Made) -> Result<()> {
        Ok(notices::set_muted(conn, self.user, made)?)
    }

    fn answer(&self, _: &mut Conn, made: Self::Made) -> Result<Self::Answer> {
        Ok(self.shown(&made))
    }
}

/// Whether any message waits in the outbox.
pub(crate) async fn is_waiting(app: &App) -> Result<bool> {
    let (now, latest) = (app.now(), app.now().plus(RETRY_MAX).plus(CLOCKS_APART_MAX));
    app.store
        .read(move |conn| {
            Ok::<_, AppError>(outbox::is_waiting(conn)? && !outbox::next(conn, now, latest, 1)?.is_empty())
        })
        .await
}

/// Delivers the first messages of the outbox, those about one aggregate in their order. The notice is written and the
/// message deleted in one transaction, so each is shown once. When one fails, each is retried on its own, and later
/// messages about the same aggregate wait behind it.
pub(crate) async fn deliver(app: &App) -> Result<Progress> {
    let all = app.clone();
    let together = change::locked(app, [Lock::Outbox], move |conn, _| {
        let found = next(conn, all.now(), BATCH)?;
        found.iter().try_for_each(|waiting| deliver_one(conn, &all, waiting))?;
        Ok(found.len())
    });
    match together.await {
        Ok(done) => Ok(Progress { done, more: i64::try_from(done).unwrap_or(BATCH) >= BATCH }),
        Err(AppError::Internal(_) | AppError::NotFound) => deliver_singly(app).await,
        Err(error) => Err(error),
    }
}

fn next(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<OutboxMessage>> {
    Ok(outbox::next(conn, now, now.plus(RETRY_MAX).plus(CLOCKS_APART_MAX), limit)?)
}

/// Delivers each in a transaction of its own, so that only the one that fails is put back.
async fn deliver_singly(app: &App) -> Result<Progress> {
    let mut done = 0;
    for _ in 0..BATCH {
        let now = app.now();
        let Some(first) = app.store.read(move |conn| next(conn, now, 1)).await?.pop() else {
            return Ok(Progress { done, more: false });
        };
        let (one, waiting) = (app.clone(), first.clone());
        let tried = change::locked(app, [Lock::Outbox], move |conn, _| deliver_one(conn, &one, &waiting)).await;
        match tried {
            Ok(()) => done += 1,
            Err(error @ (AppError::Unavailable(_) | AppError::StorageFull | AppError::Busy(_))) => return Err(error),
            Err(error) => put_back(app, &first, &error).await?,
        }
    }
    Ok(Progress { done, more: true })
}

async fn put_back(app: &App, waiting: &OutboxMessage, error: &AppError) -> Result<()> {
    let OutboxMessage { seq, ref aggregate, attempts, .. } = *waiting;
    tracing::error!(message.seq = seq, message.aggregate = %aggregate, attempts, %error, "a message was not delivered and will be tried again");
    let wait = Duration::from_secs(4_u64.saturating_pow(u32::try_from(attempts).unwrap_or(0))).min(RETRY_MAX);
    let (retry_at, why) = (app.now().plus(wait), error.to_string());
    change::locked(app, [Lock::Outbox], move |conn, _| Ok(outbox::failed(conn, seq, retry_at, &why)?)).await
}

/// Delivers a message in the caller's transaction, which holds the lock on the outbox; a message that is gone was
/// delivered.
fn deliver_one(conn: &mut Conn, app: &App, waiting: &OutboxMessage) -> Result<()> {
    if !outbox::delivered(conn, waiting.seq)? {
        return Ok(());
    }
    match &waiting.message {
        Ok(Message::Notice(notice)) => keep(conn, app, notice),
        Ok(Message::Changed { topics, what: _ }) => Ok(changes::count(conn, topics)?),
        Err(why) => Err(AppError::Internal(format!("message {}: {why}", waiting.seq))),
    }
}

fn keep(conn: &mut Conn, app: &App, notice: &Notice) -> Result<()> {
    let missing = || AppError::Internal(format!("a notice of no issue: {}", notice.issue_id));
    let issue = issues::find(conn, notice.issue_id)?.ok_or_else(missing)?;
    let told_at = notice.told_at(&issue, &app.county.load(conn)?.calendar);
    Ok(notices::keep(conn, NoticeId(app.random.uuid()), notice, told_at)?)
}

/// Notifies units of near deadlines, once for each deadline.
pub async fn tell_due_soon(app: &App) -> Result<Progress> {
    let now = app.now();
    let mut done = 0;
    for state in OWING_A_FIX {
        let mut after = None;
        loop {
            let limit = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
            let (page, due) = app
                .store
                .read(move |conn| -> Result<_> {
                    let page = notices::due_within_a_day(conn, now, *state, after, limit)?;
                    let ids: Vec<IssueId> = page.iter().map(|(_, id)| *id).collect();
                    let told = notices::told(conn, NoticeKind::DueSoon, &ids)?;
                    let issues = issues::find_many(conn, &ids)?;
                    let due: Vec<IssueId> = issues
                        .iter()
                        .filter_map(|issue| issue.due_soon(now))
                        .filter(|notice| !told.contains(&(notice.issue_id, notice.occasion)))
                        .map(|notice| notice.issue_id)
                        .collect();
                    Ok((page, due))
                })
                .await?;
            for id in due {
                done += usize::from(change::make(app, TellDueSoon { id, now }).await?);
            }
            if page.len() < LOOKED_AT {
                break;
            }
            after = page.last().copied();
        }
    }
    Ok(Progress { done, more: false })
}

/// Notifies an issue's unit that its deadline is near.
struct TellDueSoon {
    id: IssueId,
    now: Timestamp,
}

impl Change for TellDueSoon {
    type Before = Option<Notice>;
    type Made = ();
    /// Whether the unit was notified.
    type Answer = bool;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Issue(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(issues::find(conn, self.id)?.and_then(|issue| issue.due_soon(self.now)))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, notice: Self::Before) -> Result<Decision<(), bool>> {
        Ok(match notice {
            None => Decision::Unchanged(false),
            Some(notice) => Decision::Made { made: (), records: Vec::new(), messages: vec![Message::Notice(notice)] },
        })
    }

    fn write(&self, _: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(())
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<bool> {
        Ok(true)
    }
}

/// Deletes notices past their retention time (housekeeping).
pub async fn forget_old(app: &App) -> Result<Progress> {
    let before = app.now().minus(Duration::from_secs(u64::from(NOTICE_DAYS) * 86_400));
    let done =
        app.store.write(move |conn| Ok::<_, AppError>(notices::forget(conn, before, FORGOTTEN_AT_ONCE)?)).await?;
    Ok(Progress { done, more: i64::try_from(done).is_ok_and(|done| done >= FORGOTTEN_AT_ONCE) })
}
