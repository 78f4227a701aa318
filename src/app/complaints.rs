//! Complaints and suggestions: anybody may file one; they are read and answered by the roles they are addressed to.

use std::collections::HashMap;
use std::time::Duration;

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::AuditAction;
use crate::domain::complaint::{self, Answer, Complaint, ComplaintKind, RATE_HOURS, RATE_MAX};
use crate::domain::ids::{ComplaintId, UnitId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::limits::PAGE_MAX;
use crate::domain::live::Topic;
use crate::domain::notice::Message;
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;
use crate::store::{Conn, StoreError, complaints, users};

/// A complaint as it is filed.
#[derive(Debug, Clone)]
pub struct NewComplaint {
    /// What it is about.
    pub kind: ComplaintKind,
    /// In their words.
    pub body: String,
    /// Whether its readers may learn who filed it.
    pub named: bool,
}

/// The author of a complaint, as far as its readers may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Display name; for inspectors the pseudonym.
    pub display_name: String,
    /// What they do.
    pub role: Role,
    /// The unit they work for.
    pub unit_id: Option<UnitId>,
}

/// A complaint as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What was filed; the author is in `author`.
    pub complaint: Complaint,
    /// The author, if they want that known.
    pub author: Option<Author>,
    /// Who answered.
    pub answered_by: Option<String>,
}

/// Files a complaint. Filing the same one again answers the stored one; the flag says whether it was new. There is no
/// audit record, since it would name the author.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::IdReused`] when the id belongs to another one, [`AppError::TooOften`].
pub async fn file(app: &App, caller: &Caller, id: ComplaintId, new: NewComplaint) -> Result<(Complaint, bool)> {
    caller.require(Permission::FileComplaint)?;
    let NewComplaint { kind, body, named } = new;
    let mut invalid = Invalid::default();
    invalid.random_id("/id", id.0);
    invalid.into_result()?;
    let body = complaint::prose("/body", &body)?;
    let complaint =
        Complaint { id, author_id: caller.actor.user_id, kind, body, named, filed_at: app.now(), answer: None };
    change::make(app, File(complaint)).await
}

/// A complaint is filed.
struct File(Complaint);

impl Change for File {
    /// The one stored under its id.
    type Before = Option<Complaint>;
    type Made = ();
    type Answer = (Complaint, bool);

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.0.author_id), Lock::Complaint(self.0.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(complaints::find(conn, self.0.id)?)
    }

    fn authorise(&self, _: &mut Conn, stored: &Self::Before) -> Result<()> {
        let Some(stored) = stored else { return Ok(()) };
        let same = Complaint { filed_at: stored.filed_at, answer: stored.answer.clone(), ..self.0.clone() };
        if same == *stored { Ok(()) } else { Err(AppError::IdReused) }
    }

    fn decide(&self, conn: &mut Conn, stored: Self::Before) -> Result<Decision<(), Self::Answer>> {
        if let Some(stored) = stored {
            return Ok(Decision::Unchanged((stored, false)));
        }
        let now = self.0.filed_at;
        let span = Duration::from_secs(u64::try_from(RATE_HOURS * 3600).unwrap_or_default());
        let mut recent = complaints::filed_since(conn, self.0.author_id, now.minus(span))?;
        // Complaints with a filing time in the future are from before the clock was set back; they would count until
        // then.
        recent.retain(|filed_at| filed_at.since(now) < span);
        if i64::try_from(recent.len()).unwrap_or(i64::MAX) >= RATE_MAX {
            let oldest = recent.first().copied().unwrap_or(now);
            return Err(AppError::TooOften(span.saturating_sub(now.since(oldest))));
        }
        // No audit record: it would name the author.
        Ok(Decision::Made { made: (), records: Vec::new(), messages: vec![changed(self.0.id)] })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(complaints::insert(conn, &self.0)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<Self::Answer> {
        Ok((self.0.clone(), true))
    }
}

/// The caller's own complaints with their answers, latest first.
pub async fn own(app: &App, caller: &Caller) -> Result<Vec<Complaint>> {
    caller.require(Permission::FileComplaint)?;
    let (author, most) = (caller.actor.user_id, i64::try_from(PAGE_MAX).unwrap_or(i64::MAX));
    Ok(app.store.read(move |conn| complaints::by_author(conn, author, most)).await?)
}

/// Complaints of others that are addressed to the caller, latest first, and the id to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is none of them.
pub async fn list(
    app: &App,
    caller: &Caller,
    answered: Option<bool>,
    after: Option<ComplaintId>,
    limit: usize,
) -> Result<(Vec<Shown>, Option<ComplaintId>)> {
    caller.require(Permission::ReadComplaints)?;
    let kinds = complaint::covered(&caller.actor, Permission::ReadComplaints);
    let limit = limit.clamp(1, PAGE_MAX);
    app.store
        .read(move |conn| -> Result<_> {
            let after = match after {
                None => None,
                Some(id) => {
                    let last = complaints::find(conn, id)?.filter(|it| kinds.contains(&it.kind));
                    Some(last.map(|it| (it.filed_at, it.id)).ok_or(AppError::NotFound)?)
                }
            };
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = complaints::list(conn, &kinds, answered, after, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|it| it.id).filter(|_| more);
            Ok((shown(conn, found)?, next))
        })
        .await
}

/// How many complaints are addressed to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// That wait for an answer.
    pub open: i64,
    /// That have one.
    pub answered: i64,
}

/// How many complaints of others are addressed to the caller.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn counts(app: &App, caller: &Caller) -> Result<Counts> {
    caller.require(Permission::ReadComplaints)?;
    let kinds = complaint::covered(&caller.actor, Permission::ReadComplaints);
    let (open, answered) = app.store.read(move |conn| Ok::<_, AppError>(complaints::count(conn, &kinds)?)).await?;
    Ok(Counts { open, answered })
}

/// Answers a complaint. The same answer by the same person again succeeds again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Hidden`] when it is not addressed to the caller,
/// [`AppError::Invalid`], [`AppError::AlreadyAnswered`].
pub async fn answer(app: &App, caller: &Caller, id: ComplaintId, text: &str) -> Result<Shown> {
    caller.require(Permission::AnswerComplaint)?;
    let text = complaint::prose("/answer", text)?;
    change::make(app, GiveAnswer { by: By::from(caller), actor: caller.actor, id, text, now: app.now() }).await
}

/// A complaint is answered.
struct GiveAnswer {
    by: By,
    actor: Actor,
    id: ComplaintId,
    text: String,
    now: Timestamp,
}

impl Change for GiveAnswer {
    type Before = Complaint;
    type Made = Complaint;
    type Answer = Shown;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::AnswerComplaint)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Complaint(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Complaint> {
        complaints::find(conn, self.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, before: &Complaint) -> Result<()> {
        let kinds = complaint::covered(&self.actor, Permission::AnswerComplaint);
        if kinds.contains(&before.kind) { Ok(()) } else { Err(AppError::Hidden) }
    }

    fn decide(&self, conn: &mut Conn, before: Complaint) -> Result<Decision<Complaint, Shown>> {
        match &before.answer {
            Some(given) if given.by == self.actor.user_id && given.text == self.text => {
                Ok(Decision::Unchanged(shown_one(conn, before)?))
            }
            Some(_) => Err(AppError::AlreadyAnswered),
            None => {
                let at = self.now.max(before.filed_at);
                let answer = Answer { at, by: self.actor.user_id, text: self.text.clone() };
                let target = format!("complaint:{}", self.id);
                Ok(Decision::Made {
                    made: Complaint { answer: Some(answer), ..before },
                    records: vec![self.by.done(self.now, AuditAction::ComplaintAnswered, target)],
                    messages: vec![changed(self.id)],
                })
            }
        }
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Complaint) -> Result<()> {
        made.answer.iter().try_for_each(|answer| Ok(complaints::set_answer(conn, self.id, answer)?))
    }

    fn answer(&self, conn: &mut Conn, made: Complaint) -> Result<Shown> {
        shown_one(conn, made)
    }
}

/// The office's pages of complaints are out of date.
fn changed(id: ComplaintId) -> Message {
    Message::Changed { what: format!("complaint:{id}"), topics: vec![Topic::All] }
}

fn shown_one(conn: &mut Conn, complaint: Complaint) -> Result<Shown> {
    shown(conn, vec![complaint])?.pop().ok_or(AppError::NotFound)
}

fn shown(conn: &mut Conn, found: Vec<Complaint>) -> std::result::Result<Vec<Shown>, StoreError> {
    let named: Vec<UserId> = found.iter().filter(|it| it.named).map(|it| it.author_id).collect();
    let authors: HashMap<UserId, Author> = users::find_all(conn, &named)?
        .into_iter()
        .map(|user| (user.id, Author { display_name: user.display_name, role: user.role, unit_id: user.unit_id }))
        .collect();
    let answerers: Vec<UserId> = found.iter().filter_map(|it| it.answer.as_ref()).map(|answer| answer.by).collect();
    let names: HashMap<UserId, String> = users::display_names(conn, &answerers)?.into_iter().collect();
    let shown = |complaint: Complaint| Shown {
        author: authors.get(&complaint.author_id).filter(|_| complaint.named).cloned(),
        answered_by: complaint.answer.as_ref().and_then(|answer| names.get(&answer.by).cloned()),
        complaint,
    };
    Ok(found.into_iter().map(shown).collect())
}
