//! What transactions wait for each other on, in the one order in which everybody takes it.
//!
//! On PostgreSQL transactions run beside each other, and none sees what another has not committed yet. Whoever decides
//! on something therefore takes its lock first and reads it after: what was read before may be another's past by the
//! time the lock is there. SQLite has one writer, and taking a lock costs nothing there.
//!
//! Locks are taken in the order of [`Lock`], in one call or in several: who took a later one never takes an earlier
//! one, or two transactions could wait for each other for ever. [`Locks`] holds everybody to it, on SQLite too. Only
//! `change.rs` begins a transaction with them.

use std::collections::BTreeSet;

use crate::domain::digest::Digest;
use crate::domain::ids::{ComplaintId, IssueId, JobId, LongJobId, PhotoId, StepKey, UnitId, UserId};
use crate::store::{Conn, StoreError, dialect};

/// What is decided on. The order of the members is the order in which locks are taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    /// The starter data of an empty database.
    Starting,
    /// Which photo store belongs to the database.
    Installation,
    /// Units, points, items, duties and the calendar; sheets follow each other.
    Importing,
    /// That one administrator is left.
    Administrators,
    /// The county's settings.
    Settings,
    /// The picture under the map.
    MapImage,
    /// Failed sign-ins under this key.
    Throttle(String),
    /// An account.
    User(UserId),
    /// A key of somebody's for a step, on whichever issue.
    StepKey(UserId, StepKey),
    /// An upload.
    Photo(PhotoId),
    /// Sealed bytes, what they look like, and which photos use them.
    Bytes(Digest),
    /// An issue.
    Issue(IssueId),
    /// What the photos of a unit look like: of two alike that come to it at once, the later finds the earlier.
    UnitPhotos(UnitId),
    /// That a fingerprint, by its bits, is in the index of similar photos once.
    Fingerprint(u64),
    /// A complaint.
    Complaint(ComplaintId),
    /// A piece of background work.
    Job(JobId),
    /// The long jobs of somebody, which are counted.
    LongJobsOf(UserId),
    /// A long job.
    LongJob(LongJobId),
    /// The refusals of a caller, which are counted.
    Denials(String),
    /// The delivery of messages: one node delivers at a time, so that they stay in order.
    Outbox,
}

impl Lock {
    /// The name that the database knows it by. Hashed with the kind, so that no id a client chooses is another
    /// kind's lock.
    fn name(&self) -> uuid::Uuid {
        let (bits, pair);
        let (kind, what): (&str, &[u8]) = match self {
            Lock::Starting => ("starting", &[]),
            Lock::Installation => ("installation", &[]),
            Lock::Importing => ("importing", &[]),
            Lock::Administrators => ("administrators", &[]),
            Lock::Settings => ("settings", &[]),
            Lock::MapImage => ("map-image", &[]),
            Lock::Throttle(key) => ("throttle", key.as_bytes()),
            Lock::User(id) => ("user", id.0.as_bytes()),
            Lock::StepKey(actor, key) => {
                pair = [*actor.as_bytes(), *key.as_bytes()].concat();
                ("step-key", &pair)
            }
            Lock::Photo(id) => ("photo", id.0.as_bytes()),
            Lock::Bytes(digest) => ("bytes", digest.as_bytes()),
            Lock::Issue(id) => ("issue", id.0.as_bytes()),
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
            Lock::Outbox => ("outbox", &[]),
        };
        let digest = Digest::of(&[kind.as_bytes(), b":", what].concat());
        uuid::Uuid::from_bytes(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

/// The locks that a transaction holds.
#[derive(Debug)]
pub(crate) struct Locks(BTreeSet<Lock>);

impl Locks {
    /// Those of a transaction that begins.
    pub(super) fn none() -> Self {
        Locks(BTreeSet::new())
    }

    /// Takes these locks until the transaction ends, waiting for whoever has them. Those that it holds are its own.
    ///
    /// # Errors
    /// The database's; [`StoreError::Unavailable`] when another held one for too long; [`StoreError::Corrupt`] when one
    /// comes before another that is held, which is a mistake of ours.
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
            Lock::Throttle(String::new()),
            Lock::Throttle("account:x".into()),
            Lock::User(UserId(id)),
            Lock::StepKey(UserId(id), StepKey(id)),
            Lock::Photo(PhotoId(id)),
            Lock::Bytes(Digest::of(b"")),
            Lock::Issue(IssueId(id)),
            Lock::UnitPhotos(UnitId(id)),
            Lock::Fingerprint(0x1234),
            Lock::Complaint(ComplaintId(id)),
            Lock::Job(JobId(id)),
            Lock::LongJobsOf(UserId(id)),
            Lock::LongJob(LongJobId(id)),
            Lock::Denials(String::new()),
            Lock::Outbox,
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
