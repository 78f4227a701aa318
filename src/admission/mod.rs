//! Who is let in, and how many at once: bounded places with bounded waiting and a share for each caller, turns at
//! one thing, and the address a request comes from. Everything that waits for something scarce waits here (ADR 0014).
//!
//! A place or a turn is given back when it is dropped, wherever the future that holds it was left. What works on a
//! thread of its own takes the place along, so that it lasts as long as the work, not as long as the caller.

mod address;
mod gate;
mod turns;

pub use address::{AddressGroup, BadNetwork, TrustedProxies};
pub use gate::{Figures, Full, Gate, Place, Size};
pub use turns::{Turn, Turns};

use uuid::Uuid;

/// On whose account something is taken or counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// The service itself: it has few workers, so it has no share and may always wait.
    Service,
    /// Anybody, where callers are not told apart.
    Anybody,
    /// Somebody who has signed in, by the id of the account.
    Account(Uuid),
    /// Somebody who has not, by where they ask from.
    Address(AddressGroup),
}

/// Uploads a node takes at once: none waits, the next is told to come back. With the pieces in flight it bounds
/// memory to about 100 MB. A person may have a quarter of them. Source: our choice; a phone sends three at once.
pub const UPLOADS: Size = Size { places: 96, waiting_max: 0, share: 24 };

/// Packets of unsent records that a node takes at once, one of a person's: the next is told to come back. Their photos
/// take places of [`UPLOADS`], one at a time. Source: our choice; they are rare.
pub const PACKETS: Size = Size { places: 2, waiting_max: 0, share: 1 };

/// Tries at one account from one address, and requests about one upload: one at a time. Source: our choice.
pub const TURN: Size = Size { places: 1, waiting_max: 32, share: usize::MAX };

/// Renditions: one for a core. Source: our choice; the queue is about five seconds' work for two cores, a quarter
/// of it one person's.
#[must_use]
pub fn renditions(cores: usize) -> Size {
    Size { places: cores.max(1), waiting_max: 64, share: cores.max(1) + 16 }
}

/// Password hashes: half of the cores. The queue takes a burst of sign-ins (`http/rate_limits.rs`) from one address and
/// has room for others besides. Source: our choice.
#[must_use]
pub fn hashes(cores: usize) -> Size {
    let places = (cores / 2).max(1);
    Size { places, waiting_max: 32, share: places + 24 }
}

/// Connections to the database. No shares: who asks is held by the rate limits, and a wait is short.
#[must_use]
pub fn connections(places: usize, waiting_max: usize) -> Size {
    Size { places, waiting_max, share: usize::MAX }
}
