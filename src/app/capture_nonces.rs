//! Capture numbers 取证随机码: a phone is given a few ahead, for when it has no network, and each finding names one. So a
//! finding was made after its number was given. Whatever is wrong with a number is a doubt for a person to weigh, and
//! never a refusal.

use std::time::Duration;

use super::county::County;
use super::locks::Lock;
use super::{App, AppError, Caller, Result, change};
use crate::domain::evidence::{self, Flag, FlagCode};
use crate::domain::ids::{CaptureNonce, NonceSupplyId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::policy::Permission;
use crate::domain::settings::CaptureNonces;
use crate::domain::time::Timestamp;
use crate::store::Conn;
use crate::store::capture_nonces::{self, Spent};

/// Numbers of a supply. Source: our choice; an inspector makes some 20 findings a day.
const SUPPLY: usize = 32;
/// Unused numbers that one person may have which are still good. Source: our choice; eight supplies, for a few devices.
const UNUSED_MAX: usize = 8 * SUPPLY;
/// How long an unused number is remembered, so that a late one is called late and not unknown. Source: our choice.
const REMEMBERED: Duration = Duration::from_secs(60 * 86_400);

/// A supply of numbers.
#[derive(Debug)]
pub struct Supply {
    /// Whether it was given just now.
    pub created: bool,
    /// Until when its numbers are good.
    pub valid_until: Timestamp,
    /// Those that are not used.
    pub nonces: Vec<CaptureNonce>,
}

/// Gives the caller's phone a supply under the id that it chose; the same again answers what is left of it. Who has many
/// unused numbers is given fewer.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::IdReused`] when the supply is somebody else's.
pub async fn supply(app: &App, caller: &Caller, id: NonceSupplyId) -> Result<Supply> {
    caller.require(Permission::ReportIssue)?;
    let mut invalid = Invalid::default();
    invalid.random_id("/id", id.0);
    invalid.into_result()?;
    let (who, now, random) = (caller.actor.user_id, app.now(), app.random.clone());
    let county = app.county.clone();
    change::locked(app, [Lock::User(who)], move |conn, _| {
        let good_for = good_for(&county.load(conn)?);
        if let Some((whose, issued_at, nonces)) = capture_nonces::supply(conn, id)? {
            let valid_until = issued_at.plus(good_for);
            return if whose == who {
                Ok(Supply { created: false, valid_until, nonces })
            } else {
                Err(AppError::IdReused)
            };
        }
        capture_nonces::forget_unused(conn, who, now.minus(REMEMBERED))?;
        let unused = capture_nonces::count_unused(conn, who, now.minus(good_for))?;
        let room = UNUSED_MAX.saturating_sub(usize::try_from(unused).unwrap_or(UNUSED_MAX));
        let mut nonces: Vec<CaptureNonce> = (0..SUPPLY.min(room)).map(|_| CaptureNonce(random.uuid())).collect();
        nonces.sort_unstable();
        capture_nonces::insert(conn, id, who, &nonces, now)?;
        Ok(Supply { created: true, valid_until: now.plus(good_for), nonces })
    })
    .await
}

fn good_for(county: &County) -> Duration {
    Duration::from_secs(u64::from(county.settings.capture_nonce_hours_max) * 3_600)
}

/// A finding, as far as its number goes.
pub(crate) struct Finding {
    /// Whose.
    pub(crate) who: UserId,
    /// Its number.
    pub(crate) nonce: Option<CaptureNonce>,
    /// Whether something else that names a number stands for it.
    pub(crate) is_covered: bool,
    /// Its id.
    pub(crate) id: [u8; 16],
    /// Device time at which it was made.
    pub(crate) captured_at: Timestamp,
}

/// Uses the number of a finding that is being stored: the doubt about it, if there is one.
pub(crate) fn spend(conn: &mut Conn, county: &County, finding: &Finding, now: Timestamp) -> Result<Option<Flag>> {
    let settings = &county.settings;
    let Some(nonce) = finding.nonce else {
        let is_missed = settings.capture_nonces == CaptureNonces::Expected && !finding.is_covered;
        return Ok(is_missed.then(|| Flag::about_issue(FlagCode::NonceMissing, "")));
    };
    Ok(match capture_nonces::spend(conn, nonce, finding.who, &finding.id, now)? {
        Spent::Now(issued_at) => {
            let (hours, skew) = (settings.capture_nonce_hours_max, settings.capture_ahead_max());
            evidence::nonce(finding.captured_at, issued_at, hours, skew)
        }
        Spent::Before => Some(Flag::about_issue(FlagCode::NonceReused, "")),
        Spent::Unknown => Some(Flag::about_issue(FlagCode::NonceUnknown, "")),
    })
}
