//! Limits concurrent work: a fixed number of places with a limited queue and a share for each caller, turns for one
//! name at a time, and the address a request comes from. Everything that waits for something scarce waits here (ADR
//! 0014).
//!
//! A place or a turn is released when it is dropped, wherever the future that held it was cancelled. Work on a thread
//! of its own takes the place along, so that it is held as long as the work runs, not as long as the caller waits.

mod address;
mod gate;
mod turns;

pub use address::{AddressGroup, BadNetwork, TrustedProxies};
pub use gate::{Figures, Full, Gate, Place, Size};
pub use turns::{Turn, Turns};

use uuid::Uuid;

/// The caller that something is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// The service itself: it has few workers, so it has no share and may always wait.
    Service,
    /// Everybody, where callers are not distinguished.
    Anybody,
    /// A logged-in user, by the id of the account.
    Account(Uuid),
    /// Somebody not logged in, by their address.
    Address(AddressGroup),
}

/// Uploads that a node receives at once: nobody queues, the next one is told to come back. Together with the pieces in
/// flight this limits memory to about 100 MB. One person may have a quarter of them. Source: our choice; a phone sends
/// three at once.
pub const PHOTO_BODIES: Size = Size { places: 96, waiting_max: 0, share: 24 };

/// Packets of unsent records that a node receives at once, one for each person: the next one is told to come back.
/// Their photos take places of [`PHOTO_BODIES`], one at a time. Source: our choice; packets are rare.
pub const PACKETS: Size = Size { places: 2, waiting_max: 0, share: 1 };

/// Whole files that a node holds in memory while they arrive and are read, at most 8 MiB each: sheets, and the picture
/// under the map. The next one is told to come back. One person may have a quarter of the places. Source: our choice;
/// both are rare, and sent from a desk.
pub const FILES: Size = Size { places: 8, waiting_max: 0, share: 2 };

/// Requests of open pages that wait for a change: the next one is answered at once and comes back later. One person may
/// have a few phones, and pages at a desk. Source: our choice; half of the connections that two workers hold open.
pub const LIVE_WAITS: Size = Size { places: 4_096, waiting_max: 0, share: 16 };

/// Attempts at one account from one address, and requests about one upload: one at a time. Source: our choice.
pub const TURN: Size = Size { places: 1, waiting_max: 32, share: usize::MAX };

/// Renditions: one for each core. Source: our choice; the queue is about five seconds of work for two cores, and one
/// person may fill a quarter of it.
#[must_use]
pub fn renditions(cores: usize) -> Size {
    Size { places: cores.max(1), waiting_max: 64, share: cores.max(1) + 16 }
}

/// Password hashes: half of the cores. The queue holds a burst of logins (`http/rate_limits.rs`) from one address and
/// has room for others besides. Source: our choice.
#[must_use]
pub fn hashes(cores: usize) -> Size {
    let places = (cores / 2).max(1);
    Size { places, waiting_max: 32, share: places + 24 }
}

/// Connections to the database. No shares: the rate limits bound each caller, and a wait is short.
#[must_use]
pub fn connections(places: usize, waiting_max: usize) -> Size {
    Size { places, waiting_max, share: usize::MAX }
}
