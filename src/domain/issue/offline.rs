//! From which time an answer counts that was written offline.

use std::time::Duration;

use crate::domain::time::Timestamp;

/// When the time that a device gives for an answer is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfflineRule {
    /// Most that the device's clock may differ from the server's. Source: domain §5.2, five minutes.
    pub skew_max: Duration,
    /// Longest delay from the answer to its arrival. Source: domain §5.2, a day.
    pub delay_max: Duration,
}

impl Default for OfflineRule {
    fn default() -> Self {
        OfflineRule { skew_max: Duration::from_secs(5 * 60), delay_max: Duration::from_secs(24 * 3_600) }
    }
}

/// The instant from which an answer that arrives at `now` counts. It is the time it was composed, if the device says
/// when (`composed_at`) and what its clock showed on sending (`sent_at`), that clock is right, and the answer arrives
/// soon enough; otherwise its arrival. Never later than the arrival.
#[must_use]
pub fn counts_from(
    rule: OfflineRule,
    now: Timestamp,
    composed_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
) -> Timestamp {
    let (Some(composed), Some(sent)) = (composed_at, sent_at) else { return now };
    let is_trusted = now.abs_diff(sent) <= rule.skew_max && now.since(composed) <= rule.delay_max;
    if is_trusted { composed.min(now) } else { now }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    /// Source: domain §5.2, "On time".
    #[test]
    fn an_answer_counts_from_when_it_was_composed_if_the_clock_goes_right_and_it_comes_within_a_day() {
        let day = 24 * 3_600;
        let now = at(10 * day);
        for (composed, sent, counted) in [
            (Some(now.minus(Duration::from_secs(3_600))), Some(now), now.minus(Duration::from_secs(3_600))),
            // Exactly a day, exactly five minutes, in either direction.
            (Some(at(9 * day)), Some(at(10 * day + 300)), at(9 * day)),
            (Some(at(9 * day)), Some(at(10 * day - 300)), at(9 * day)),
            // A second more of either.
            (Some(at(9 * day - 1)), Some(now), now),
            (Some(at(9 * day)), Some(at(10 * day + 301)), now),
            (Some(at(9 * day)), Some(at(10 * day - 301)), now),
            // Times are missing.
            (None, Some(now), now),
            (Some(at(9 * day)), None, now),
            (None, None, now),
            // A clock that is slightly ahead does not push it into the future.
            (Some(at(10 * day + 200)), Some(at(10 * day + 200)), now),
        ] {
            assert_eq!(counts_from(OfflineRule::default(), now, composed, sent), counted, "{composed:?} {sent:?}");
        }
    }
}
