//! Passwords: argon2id, on threads of their own and limited in number.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};

use super::{AppError, Result, blocking};
use crate::admission::{self, Gate, Who};

/// Memory of one hash in KiB. Source: OWASP Password Storage, argon2id with t=2, p=1.
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Parallel lanes.
const LANES: u32 = 1;

/// A hash of a password that nobody knows: unknown user names are checked against it, so that they take as long as
/// known ones.
pub const DUMMY_PHC: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YW5mYW5nLW5vYm9keS0xMg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords, a limited number at a time; clones share the limit.
#[derive(Clone)]
pub struct Hasher {
    /// Limits the number of hashes at once.
    pub gate: Gate,
}

impl Hasher {
    /// A hasher that uses at most half of `cores`, and at least one.
    #[must_use]
    pub fn new(cores: usize) -> Self {
        Hasher { gate: Gate::new(admission::hashes(cores)) }
    }

    /// The hash of `password` in PHC string form.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait, or too many of `who`.
    pub async fn hash(&self, who: Who, password: String, salt: [u8; 16]) -> Result<String> {
        self.run(who, move || hash_blocking(&password, salt)).await
    }

    /// Whether `password` is the one `phc` was made from.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait, or too many of `who`, [`AppError::Internal`] when `phc` is no hash.
    pub async fn verify(&self, who: Who, password: String, phc: String) -> Result<bool> {
        self.run(who, move || verify_blocking(&password, &phc)).await
    }

    /// Whether `password` matches any of `phcs`; takes one place for all of them.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait, or too many of `who`, [`AppError::Internal`] when one of `phcs` is no
    /// hash.
    pub async fn verify_any(&self, who: Who, password: String, phcs: Vec<String>) -> Result<bool> {
        self.run(who, move || {
            for phc in &phcs {
                if verify_blocking(&password, phc)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, who: Who, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let place = self.gate.enter(who).await?;
        blocking(move || {
            // The place belongs to the work, not to the request: a client that disconnects does not free it early.
            let _place = place;
            work()
        })
        .await
    }
}

/// The hash of `password` in PHC string form, computed on this thread: for the command line.
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
    use crate::admission::AddressGroup;

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

    /// A caller that disconnects during hashing does not let another one start.
    #[tokio::test]
    async fn a_hash_keeps_its_place_though_its_caller_has_gone() {
        let hasher = Hasher::new(1);
        let caller = tokio::spawn({
            let hasher = hasher.clone();
            async move { hasher.hash(Who::Anybody, "Kite-flying 7".into(), [0; 16]).await.map(drop) }
        });
        while hasher.gate.figures().held == 0 {
            tokio::task::yield_now().await;
        }
        caller.abort();
        let _ = caller.await;
        // The next caller waits until the running hash is finished, and no place is lost.
        hasher.hash(Who::Anybody, "Kite-flying 8".into(), [0; 16]).await.unwrap();
        let figures = hasher.gate.figures();
        assert_eq!((figures.held, figures.waiting, figures.callers), (0, 0, 0));
    }

    #[tokio::test]
    async fn who_asks_too_often_is_refused_at_once_and_others_are_not() {
        let hasher = Hasher::new(1);
        let address = |last: u8| Who::Address(AddressGroup::of(Some([10, 0, 0, last].into())));
        let running = hasher.gate.enter(Who::Service).await.unwrap();
        let ask = |who| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.hash(who, "x".into(), [0; 16]).await.map(drop) })
        };
        let share = admission::hashes(1).share;
        let waiting: Vec<_> = (0..share).map(|_| ask(address(1))).collect();
        while hasher.gate.figures().waiting < share {
            tokio::task::yield_now().await;
        }
        assert!(matches!(ask(address(1)).await.unwrap(), Err(AppError::Busy(_))));
        let other = ask(address(2));
        while hasher.gate.figures().waiting == share {
            tokio::task::yield_now().await;
        }
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
        drop(running);
        other.await.unwrap().unwrap();
    }
}
