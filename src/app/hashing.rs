//! Passwords: argon2id, off the async threads and bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{AppError, Result, blocking};

/// Memory of one hash in KiB. Source: OWASP Password Storage, argon2id with t=2, p=1.
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Callers that may wait for a turn; the next is refused at once.
const WAITING_MAX: usize = 32;
/// What a refused caller is told to wait.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// A hash that no password is known for: names that do not exist are checked against it,
/// so that they cost what others cost.
pub const DUMMY_PHC: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YW5mYW5nLW5vYm9keS0xMg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords, a few at a time; clones share the bound.
#[derive(Clone)]
pub struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Hasher {
    /// A hasher that uses at most half of `cores`, and at least one.
    #[must_use]
    pub fn new(cores: usize) -> Self {
        Hasher { running: Arc::new(Semaphore::new((cores / 2).max(1))), waiting: Arc::default() }
    }

    /// The hash of `password` in PHC string form.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String> {
        self.run(move || hash_blocking(&password, salt)).await
    }

    /// Whether `password` is the one `phc` was made from.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait, [`AppError::Internal`] when `phc` is no hash.
    pub async fn verify(&self, password: String, phc: String) -> Result<bool> {
        self.run(move || verify_blocking(&password, &phc)).await
    }

    /// Whether `password` is one that any of `phcs` was made from; takes one turn.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait, [`AppError::Internal`] when one of `phcs` is no hash.
    pub async fn verify_any(&self, password: String, phcs: Vec<String>) -> Result<bool> {
        self.run(move || {
            for phc in &phcs {
                if verify_blocking(&password, phc)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = self.turn().await?;
        blocking(move || {
            // Held by the work, not by the caller: one who leaves does not make room for more.
            let _turn = turn;
            work()
        })
        .await
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        if let Ok(turn) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(turn);
        }
        let _waiting = Waiting::begin(&self.waiting)?;
        let turn = Arc::clone(&self.running).acquire_owned().await;
        turn.map_err(|_| AppError::Unavailable("password hashing has stopped".into()))
    }
}

/// Counts one caller that waits, for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Result<Self> {
        let before = count.fetch_add(1, Ordering::AcqRel);
        let waiting = Waiting(count);
        if before >= WAITING_MAX { Err(AppError::Busy(RETRY_AFTER)) } else { Ok(waiting) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The hash of `password` in PHC string form, made on this thread: for the command line.
///
/// # Errors
/// [`AppError::Internal`] when there is no memory for it.
pub fn hash_blocking(password: &str, salt: [u8; 16]) -> Result<String> {
    let made: PasswordHash =
        argon2id()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|error| failed(&error))?;
    Ok(made.to_string())
}

fn verify_blocking(password: &str, phc: &str) -> Result<bool> {
    let hash = PasswordHash::new(phc).map_err(|error| failed(&error))?;
    match argon2id()?.verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

fn argon2id() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| failed(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: &dyn std::fmt::Display) -> AppError {
    AppError::Internal(format!("argon2: {error}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_only() {
        let phc = hash_blocking("Kite-flying 7", [7; 16]).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify_blocking("Kite-flying 7", &phc).unwrap());
        assert!(!verify_blocking("kite-flying 7", &phc).unwrap());
        assert!(matches!(verify_blocking("x", "plain"), Err(AppError::Internal(_))));
    }

    #[test]
    fn nobody_has_the_dummys_password_and_it_costs_the_same() {
        assert!(!verify_blocking("", DUMMY_PHC).unwrap());
        let made = hash_blocking("", [0; 16]).unwrap();
        let params = |phc: &str| phc.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(params(DUMMY_PHC), params(&made));
        assert_eq!(DUMMY_PHC.len(), made.len());
    }

    #[tokio::test]
    async fn the_thirty_third_that_waits_is_refused_at_once() {
        let hasher = Hasher::new(1);
        let running = hasher.turn().await.unwrap();
        let waiting: Vec<_> = (0..WAITING_MAX)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.turn().await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(matches!(hasher.turn().await, Err(AppError::Busy(_))));
        drop(running);
        for waiter in waiting {
            waiter.await.unwrap().unwrap();
        }
        assert!(hasher.turn().await.is_ok());
    }
}
