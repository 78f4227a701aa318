//! The locks of transactions, and the order in which they are taken.
//!
//! On PostgreSQL, transactions run concurrently and none sees what another has not committed. So a decision takes its
//! lock first and reads afterwards: rows that were read before the lock may be outdated by the time the lock is
//! granted. SQLite has a single writer, and taking a lock there costs nothing.
//!
//! Locks are taken in the order of [`Lock`], in one call or in several: a transaction that took a later lock never
//! takes an earlier one, otherwise two of them could deadlock. [`Locks`] enforces this, on SQLite too. Only `change.rs`
//! starts a transaction with locks.
//!
//! One lock is outside this order: the gathering lock of months (`store/months/marks.rs`), which is shared. Whoever
//! writes a step or a visit holds it shared; whoever freezes or decides a month holds it alone. It closes no cycle:
//! - Who holds it alone has [`Lock::Months`] and nothing else, and takes no lock afterwards. Those who wait for it hold
//!   locks of issues, cards, batches or visits, so [`Locks`] does not let them take `Months` any more.
//! - While somebody waits to have it alone, PostgreSQL also lets new sharers wait. A sharer may still take later locks
//!   (`UnitPhotos`, `Fingerprint`, `VisitSums`); whoever holds one of these does not begin to share. Keep it so: write
//!   the step before you take them.

use std::collections::BTreeSet;

use crate::domain::digest::Digest;
use crate::domain::ids::{
    BatchId, CaseId, ComplaintId, IssueId, JobId, LongJobId, PhotoId, StepKey, UnitId, UserId, VisitId,
};
use crate::store::{Conn, StoreError, dialect};

/// What a lock protects. The variants are in the order in which locks are taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    /// Loading the starter data into an empty database.
    Starting,
    /// Pairing the photo store with the database.
    Installation,
    /// Units, points, items, duties and the calendar: one import at a time.
    Importing,
    /// That at least one administrator is left.
    Administrators,
    /// The county's settings.
    Settings,
    /// The picture under the map.
    MapImage,
    /// The office's named lists.
    SavedViews,
    /// Months, their rules, groups, adjustments, commendations, and the ledger: one change at a time.
    Months,
    /// What the office plans with: assessments, schedules, efforts; heads of points, zones for stalls.
    Planning,
    /// Failed logins under this key.
    Throttle(String),
    /// An account.
    User(UserId),
    /// A batch, its draws and tasks.
    Batch(BatchId),
    /// Drawing look-back samples: a month or a day has one.
    Sampling,
    /// A visit.
    Visit(VisitId),
    /// An idempotency key of a user, for a step on any issue.
    StepKey(UserId, StepKey),
    /// An upload.
    Photo(PhotoId),
    /// Sealed bytes, their fingerprint, and the list of photos that use them.
    Bytes(Digest),
    /// An issue.
    Issue(IssueId),
    /// The cards of a unit: the measures that they lead to depend on all of them.
    Cards(UnitId),
    /// An accountability case.
    Case(CaseId),
    /// The faults that a unit reported itself.
    SelfReports(UnitId),
    /// The similar photos of a unit: of two alike that arrive at once, the later one finds the earlier one.
    UnitPhotos(UnitId),
    /// That a fingerprint, by its bits, is in the index of similar photos only once.
    Fingerprint(u64),
    /// A complaint.
    Complaint(ComplaintId),
    /// A background job.
    Job(JobId),
    /// The number of somebody's open long jobs.
    LongJobsOf(UserId),
    /// A long job.
    LongJob(LongJobId),
    /// The counted refusals of a caller.
    Denials(String),
    /// The sums that visits add to.
    VisitSums,
    /// Delivery of messages: one node at a time, so that they stay in order.
    Outbox,
    /// Bringing changed issues into their index.
    IssueIndex,
}

impl Lock {
    /// The name of the lock in the database. It is hashed together with the kind, so that no id a client chooses can
    /// equal a lock of another kind.
    fn name(&self) -> uuid::Uuid {
        let (bits, pair);
        let (kind, what): (&str, &[u8]) = match self {
            Lock::Starting => ("starting", &[]),
            Lock::Installation => ("installation", &[]),
            Lock::Importing => ("importing", &[]),
            Lock::Administrators => ("administrators", &[]),
            Lock::Settings => ("settings", &[]),
            Lock::MapImage => ("map-image", &[]),
            Lock::SavedViews => ("saved-views", &[]),
            Lock::Months => ("months", &[]),
            Lock::Planning => ("planning", &[]),
            Lock::Throttle(key) => ("throttle", key.as_bytes()),
            Lock::User(id) => ("user", id.0.as_bytes()),
            Lock::Batch(id) => ("batch", id.0.as_bytes()),
            Lock::Sampling => ("sampling", &[]),
            Lock::Visit(id) => ("visit", id.0.as_bytes()),
            Lock::StepKey(actor, key) => {
                pair = [*actor.as_bytes(), *key.as_bytes()].concat();
                ("step-key", &pair)
            }
            Lock::Photo(id) => ("photo", id.0.as_bytes()),
            Lock::Bytes(digest) => ("bytes", digest.as_bytes()),
            Lock::Issue(id) => ("issue", id.0.as_bytes()),
            Lock::Cards(id) => ("cards", id.0.as_bytes()),
            Lock::Case(id) => ("case", id.0.as_bytes()),
            Lock::SelfReports(id) => ("self-reports", id.0.as_bytes()),
            Lock::UnitPhotos(id) => ("unit-photos", id.0.as_bytes()),
            Lock::Fingerprint(print) => {
                bits = print.to_be_bytes();
                ("fingerprint", &bits)
            }
            Lock::Complaint(id) => ("complaint", id.0.as_bytes()),
            Lock::Job(id) => ("job", id.0.as_bytes()),
            Lock::LongJobsOf(id) => ("long-jobs-of", id.0.as_bytes()),
            Lock::LongJob(id) => ("long-job", id.0.as_bytes()),
            Lock::Denials(origin) => ("denials", origin.as_bytes()),
            Lock::VisitSums => ("visit-sums", &[]),
            Lock::Outbox => ("outbox", &[]),
            Lock::IssueIndex => ("issue-index", &[]),
        };
        let digest = Digest::of(&[kind.as_bytes(), b":", what].concat());
        uuid::Uuid::from_bytes(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

/// The locks that a transaction holds.
#[derive(Debug)]
pub(crate) struct Locks(BTreeSet<Lock>);

impl Locks {
    /// No locks: a transaction that begins.
    pub(super) fn none() -> Self {
        Locks(BTreeSet::new())
    }

    /// Takes these locks until the transaction ends, and waits while another transaction holds one. Locks that this
    /// transaction holds already are skipped.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when another transaction held one for too long; [`StoreError::Corrupt`] when one
    /// comes before a lock that is held, which is a bug of ours.
    pub(crate) fn take(&mut self, conn: &mut Conn, locks: impl IntoIterator<Item = Lock>) -> Result<(), StoreError> {
        let new: BTreeSet<Lock> = locks.into_iter().filter(|lock| !self.0.contains(lock)).collect();
        if let (Some(first), Some(last)) = (new.first(), self.0.last())
            && first < last
        {
            return Err(StoreError::Corrupt(format!("locks out of order: {first:?} is to be taken before {last:?}")));
        }
        new.iter().try_for_each(|lock| dialect::serialize_on(conn, lock.name()))?;
        self.0.extend(new);
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::store::{DatabaseUrl, Purpose};

    #[test]
    fn one_id_is_another_lock_for_each_kind() {
        let id = uuid::Uuid::from_u128(0x1234);
        let locks = [
            Lock::Starting,
            Lock::Installation,
            Lock::Importing,
            Lock::Administrators,
            Lock::Settings,
            Lock::MapImage,
            Lock::SavedViews,
            Lock::Months,
            Lock::Planning,
            Lock::Throttle(String::new()),
            Lock::Throttle("account:x".into()),
            Lock::User(UserId(id)),
            Lock::Batch(BatchId(id)),
            Lock::Sampling,
            Lock::Visit(VisitId(id)),
            Lock::StepKey(UserId(id), StepKey(id)),
            Lock::Photo(PhotoId(id)),
            Lock::Bytes(Digest::of(b"")),
            Lock::Issue(IssueId(id)),
            Lock::Cards(UnitId(id)),
            Lock::Case(CaseId(id)),
            Lock::UnitPhotos(UnitId(id)),
            Lock::Fingerprint(0x1234),
            Lock::Complaint(ComplaintId(id)),
            Lock::Job(JobId(id)),
            Lock::LongJobsOf(UserId(id)),
            Lock::LongJob(LongJobId(id)),
            Lock::Denials(String::new()),
            Lock::VisitSums,
            Lock::Outbox,
            Lock::IssueIndex,
        ];
        let names: BTreeSet<uuid::Uuid> = locks.iter().map(Lock::name).collect();
        assert_eq!(names.len(), locks.len());
        assert!(locks.is_sorted(), "in the order in which they are taken");
    }

    #[test]
    fn a_lock_is_not_taken_after_a_later_one() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("locks.db"));
        let mut conn = url.connect(Purpose::Write).unwrap();
        let mut locks = Locks::none();
        let (issue, user) = (Lock::Issue(IssueId(uuid::Uuid::nil())), Lock::User(UserId(uuid::Uuid::nil())));
        locks.take(&mut conn, [issue.clone(), user.clone()]).unwrap();
        locks.take(&mut conn, [user, issue, Lock::Outbox]).unwrap();
        let refused = locks.take(&mut conn, [Lock::Settings]).unwrap_err();
        assert!(matches!(refused, StoreError::Corrupt(_)), "{refused}");
    }
}
