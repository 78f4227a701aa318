//! Use cases: authorise, decide, persist, in that order. No HTTP, no SQL.

pub mod ambient;
mod attempt;
pub mod audit;
pub mod batches;
pub mod calendar;
pub mod capture_nonces;
pub(crate) mod change;
pub mod code_names;
pub mod complaints;
pub mod county;
mod error;
pub mod figures;
pub mod follow_up;
pub mod hashing;
pub mod imports;
pub mod installation;
pub mod issues;
pub mod leader_notes;
pub mod live;
pub(crate) mod locks;
pub mod long_jobs;
pub mod map;
pub mod metrics;
pub mod month_rules;
pub mod months;
pub mod names;
pub mod notices;
pub mod packets;
pub mod paired;
pub mod people_in_charge;
pub mod photos;
pub mod planning;
pub mod point_heads;
pub mod readiness;
pub mod recusals;
pub mod reference;
pub mod repeats;
pub mod saved_views;
pub mod self_reports;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sheets;
pub mod starter;
pub mod stuck;
pub mod unlisted_places;
pub mod upkeep;
pub mod users;
mod veiled_records;
pub mod verify;
pub mod visits;
pub mod zones;

pub use error::AppError;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::admission::{self, Gate, Place, Turns, Who};
use crate::blobs::PhotoStore;
use crate::domain::policy::{self, Permission};
use crate::domain::role::Actor;
use crate::domain::time::{Clock, Timestamp};
use crate::store::Store;
use crate::store::issue_index::SetCache;

use ambient::Random;
use county::CountyCache;
use hashing::Hasher;
use issues::list::KnownInitials;
use live::Live;
use metrics::Metrics;
use months::ResultsCache;
use packets::HandedIn;
use photos::Renderer;
use readiness::Readiness;

/// What a use case answers.
pub type Result<T> = std::result::Result<T, AppError>;

/// Everything that use cases work with; clones share it.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// Originals and renditions.
    pub photo_store: PhotoStore,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random generator.
    pub random: Arc<dyn Random>,
    /// Password hashing, limited in number.
    pub hasher: Hasher,
    /// Password attempts: one at a time for each account and address.
    pub tries: Turns,
    /// Limits the photo bodies that are being received.
    pub photo_body_places: Gate,
    /// Limits the packets of unsent records that are being received.
    pub packet_places: Gate,
    /// Limits the files that are held in memory while they arrive and are read.
    pub file_places: Gate,
    /// Requests about a resumable upload: one at a time for each upload.
    pub upload_turns: Turns,
    /// Picture work, limited in number.
    pub renderer: Renderer,
    /// The calendar and settings that were read last.
    pub county: CountyCache,
    /// The initials of names that were looked at.
    pub known_initials: KnownInitials,
    /// Sets of the index of issues that were read last.
    pub issue_sets: SetCache,
    /// Results of months that were read last.
    pub month_results: ResultsCache,
    /// Metrics.
    pub metrics: Metrics,
    /// Set when a photo could not be synced: no upload is accepted until a restart.
    pub photos_failed: Arc<AtomicBool>,
    /// Requests of open pages that wait for a change.
    pub live: Live,
    /// The last readiness check.
    pub readiness: Readiness,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, photo_store: PhotoStore, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        App {
            store,
            photo_store,
            clock,
            random,
            hasher: Hasher::new(cores),
            tries: Turns::default(),
            photo_body_places: Gate::new(admission::PHOTO_BODIES),
            packet_places: Gate::new(admission::PACKETS),
            file_places: Gate::new(admission::FILES),
            upload_turns: Turns::default(),
            renderer: Renderer::new(cores),
            county: CountyCache::default(),
            known_initials: KnownInitials::default(),
            issue_sets: SetCache::default(),
            month_results: ResultsCache::default(),
            metrics: Metrics::default(),
            photos_failed: Arc::default(),
            live: Live::default(),
            readiness: Readiness::default(),
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Refuses writes that let the database grow while its disk is full: the reserve is for logins and reading.
    ///
    /// # Errors
    /// [`AppError::StorageFull`].
    pub(crate) fn check_room(&self) -> Result<()> {
        if self.store.is_short_of_room() { Err(AppError::StorageFull) } else { Ok(()) }
    }

    /// A place for a whole file that is held in memory, for a caller with this permission; it is taken until dropped.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::StorageFull`], [`AppError::Busy`] when there is no place, or none for this
    /// person.
    pub(crate) async fn place_for_file(&self, caller: &Caller, permission: Permission) -> Result<Place> {
        caller.require(permission)?;
        self.check_room()?;
        Ok(self.file_places.enter(caller.who()).await?)
    }

    /// Whether the database and the photo store would accept reports now; the answer is at most a second old.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] naming the part that would not, or [`AppError::StorageFull`].
    pub async fn check_ready(&self) -> Result<()> {
        // A fault that is already known needs no check.
        self.store.check_alive()?;
        if self.photos_failed.load(Ordering::Acquire) {
            return Err(AppError::Unavailable("the disk failed under the photos".into()));
        }
        self.check_room()?;
        self.readiness.ask(self).await
    }
}

/// A logged-in user, with the request that is being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user as the rules see them.
    pub actor: Actor,
    /// The login session.
    pub session_id: crate::domain::ids::SessionId,
    /// The user must set a password of their own before anything else.
    pub must_change_password: bool,
    /// The request, for the audit records.
    pub request_id: String,
    /// Set when the office hands in records that this user wrote.
    pub handed_in: Option<HandedIn>,
}

impl Caller {
    /// The caller that work is counted for.
    #[must_use]
    pub fn who(&self) -> Who {
        Who::Account(self.actor.user_id.0)
    }

    /// Refuses what the caller's role may never do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<()> {
        if policy::permits(&self.actor, permission) { Ok(()) } else { Err(AppError::Forbidden) }
    }
}

/// Runs work that blocks on disk or CPU outside the async threads.
///
/// # Errors
/// What `work` answers, or [`AppError::Internal`] when it panicked.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .unwrap_or_else(|error| Err(AppError::Internal(format!("blocking work: {error}"))))
}
