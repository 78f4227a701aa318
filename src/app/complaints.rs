//! Complaints and suggestions: filed by anybody, read and answered by those they are meant for.

use std::collections::HashMap;
use std::time::Duration;

use super::locks::{self, Lock};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::complaint::{self, Answer, Complaint, ComplaintKind, RATE_HOURS, RATE_MAX};
use crate::domain::ids::{ComplaintId, UnitId, UserId};
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::Permission;
use crate::domain::role::Role;
use crate::store::{Conn, StoreError, audit, complaints, users};

/// What somebody has to say.
#[derive(Debug, Clone)]
pub struct NewComplaint {
    /// About what.
    pub kind: ComplaintKind,
    /// In their words.
    pub body: String,
    /// Whether those who read it may know who it was.
    pub named: bool,
}

/// Somebody behind a complaint, as far as its readers may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// What they are called; inspectors by their pseudonym.
    pub display_name: String,
    /// What they do.
    pub role: Role,
    /// The unit they work for.
    pub unit_id: Option<UnitId>,
}

/// A complaint as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What was said; whose it was is `author`.
    pub complaint: Complaint,
    /// Who said it, if they want that known.
    pub author: Option<Author>,
    /// Who answered.
    pub answered_by: Option<String>,
}

/// Files a complaint. The same again answers what is stored, and whether it was new. It stands in no
/// audit record, which would tell who it was.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::IdReused`] when the id names another one, [`AppError::TooOften`], or the store's.
pub async fn file(app: &App, caller: &Caller, id: ComplaintId, new: NewComplaint) -> Result<(Complaint, bool)> {
    caller.require(Permission::FileComplaint)?;
    let body = complaint::prose("/body", &new.body)?;
    let (author_id, now) = (caller.actor.user_id, app.now());
    app.store
        .write(move |conn| -> Result<(Complaint, bool)> {
            locks::take(conn, [Lock::User(author_id), Lock::Complaint(id)])?;
            let complaint =
                Complaint { id, author_id, kind: new.kind, body, named: new.named, filed_at: now, answer: None };
            if let Some(stored) = complaints::find(conn, id)? {
                let same = Complaint { filed_at: stored.filed_at, answer: stored.answer.clone(), ..complaint };
                return if same == stored { Ok((stored, false)) } else { Err(AppError::IdReused) };
            }
            let span = Duration::from_secs(u64::try_from(RATE_HOURS * 3600).unwrap_or_default());
            let mut recent = complaints::filed_since(conn, author_id, now.minus(span))?;
            // What was filed later than now was so before the clock was set back; it would count until then.
            recent.retain(|filed_at| filed_at.since(now) < span);
            if i64::try_from(recent.len()).unwrap_or(i64::MAX) >= RATE_MAX {
                let oldest = recent.first().copied().unwrap_or(now);
                return Err(AppError::TooOften(span.saturating_sub(now.since(oldest))));
            }
            complaints::insert(conn, &complaint)?;
            Ok((complaint, true))
        })
        .await
}

/// One's own complaints with their answers, latest first.
///
/// # Errors
/// The store's.
pub async fn own(app: &App, caller: &Caller) -> Result<Vec<Complaint>> {
    caller.require(Permission::FileComplaint)?;
    let (author, most) = (caller.actor.user_id, i64::try_from(PAGE_MAX).unwrap_or(i64::MAX));
    Ok(app.store.read(move |conn| complaints::by_author(conn, author, most)).await?)
}

/// Others' complaints that are meant for the caller, latest first, and the id to go on after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is none of them, or the store's.
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

/// Answers a complaint. The same answer again by the same person is answered alike.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Hidden`] when it is not meant for the caller,
/// [`AppError::Invalid`], [`AppError::AlreadyAnswered`], or the store's.
pub async fn answer(app: &App, caller: &Caller, id: ComplaintId, text: &str) -> Result<Shown> {
    caller.require(Permission::AnswerComplaint)?;
    let kinds = complaint::covered(&caller.actor, Permission::AnswerComplaint);
    let text = complaint::prose("/answer", text)?;
    let (actor, request_id, now) = (caller.actor, caller.request_id.clone(), app.now());
    app.store
        .write(move |conn| -> Result<Shown> {
            locks::take(conn, [Lock::Complaint(id)])?;
            let mut complaint = complaints::find(conn, id)?.ok_or(AppError::NotFound)?;
            if !kinds.contains(&complaint.kind) {
                return Err(AppError::Hidden);
            }
            match &complaint.answer {
                Some(before) if before.by == actor.user_id && before.text == text => {}
                Some(_) => return Err(AppError::AlreadyAnswered),
                None => {
                    let answer = Answer { at: now.max(complaint.filed_at), by: actor.user_id, text };
                    complaints::set_answer(conn, id, &answer)?;
                    complaint.answer = Some(answer);
                    let target = format!("complaint:{id}");
                    let action = AuditAction::ComplaintAnswered;
                    audit::append(conn, &AuditEntry::done(now, Some(&actor), action, target, &request_id))?;
                }
            }
            shown(conn, vec![complaint])?.pop().ok_or(AppError::NotFound)
        })
        .await
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
