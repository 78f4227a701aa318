//! Double-blind repeat visits 双盲复查: of the visits that carried out a task, one in twenty is made again by somebody else,
//! who is given it as an ordinary task and knows as little of it as the first one did. What comes of it says how much
//! visits miss and how soft they are, all together; it judges nobody (domain rule §6.5, §7.1).
//!
//! The draw is a function of its pool and seed in whole numbers; `docs/DRAW.md` section 12 says how, byte by byte.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use super::kept::Visit;
use super::record::ItemResult;
use crate::domain::digest::Digest;
use crate::domain::draw::{Seed, Stream};
use crate::domain::ids::{InspectorKey, RepeatDrawId, UserId, VisitId};
use crate::domain::text::text_enum;
use crate::domain::time::Timestamp;

/// The name of the algorithm. If any result changes, the name must change.
pub const REPEAT_ALGORITHM: &str = "anfang-repeat/1";
/// Visits in a hundred that are made again. Source: domain rule §6.5.
pub const REPEAT_PERCENT: u32 = 5;
/// Most months that figures are given for. Source: our choice.
pub const REPEAT_MONTHS_MAX: u32 = 36;

text_enum! {
    /// What became of a drawn visit.
    pub enum RepeatState {
        Given = "given", "已派复查", "Given to somebody as a task";
        NoSlot = "no-slot", "无可用时段", "No slot of its batch is left, or the point has had its visits of the month";
        Nobody = "nobody", "无人可派", "Nobody is free who neither was there nor is recused";
    }
}

/// Somebody who could go at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Start of the slot.
    pub from: Timestamp,
    /// End of the slot.
    pub to: Timestamp,
    /// Who, by the key that the person has in the batch.
    pub inspector: InspectorKey,
}

/// Who could make a drawn visit again, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// The first visit.
    pub visit: VisitId,
    /// Whether any slot is left for it.
    pub has_slots: bool,
    /// The choices, in order.
    pub choices: Vec<Choice>,
}

/// What became of a drawn visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The first visit.
    pub visit: VisitId,
    /// Who makes it again, and when; `None` when nobody does.
    pub choice: Option<Choice>,
    /// Why.
    pub state: RepeatState,
}

/// A draw with everything that it depended on, so that it can be made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatProof {
    /// [`REPEAT_ALGORITHM`].
    pub algorithm: String,
    /// The draw.
    pub draw: RepeatDrawId,
    /// What all its numbers are made from.
    pub seed: Seed,
    /// Visits in a hundred that are made again.
    pub percent: u32,
    /// Hundredths of a visit left over by the draw before.
    pub carried: u32,
    /// The completed visits that could be drawn, by id.
    pub visits: Vec<VisitId>,
    /// Of the drawn ones, who could go.
    pub choices: Vec<Choices>,
    /// What was drawn.
    pub given: Vec<Given>,
    /// Hundredths of a visit left over.
    pub left: u32,
}

/// The visits that are drawn, by id, and the hundredths of a visit left over. `visits` are by id.
///
/// Nothing is rounded: what does not make a whole visit is carried to the next draw, so that over time it is exactly
/// this share, however often is drawn.
#[must_use]
pub fn drawn_of(visits: &[VisitId], percent: u32, carried: u32, seed: &Seed) -> (Vec<VisitId>, u32) {
    let hundredths = u64::try_from(visits.len()).unwrap_or(0) * u64::from(percent) + u64::from(carried);
    let (count, left) = (usize::try_from(hundredths / 100).unwrap_or(0), hundredths % 100);
    let mut stream = Stream::new(seed, "anfang-repeat/1 visits");
    let mut drawn = visits.to_vec();
    let count = count.min(drawn.len());
    for at in 0..count {
        let rest = u64::try_from(drawn.len() - at).ok().and_then(NonZeroU64::new);
        let step = rest.map_or(0, |rest| stream.below(rest));
        drawn.swap(at, at + usize::try_from(step).unwrap_or(0));
    }
    drawn.truncate(count);
    drawn.sort_unstable();
    (drawn, u32::try_from(left).unwrap_or(0))
}

/// Who makes each drawn visit again, and when: every choice that is left is as probable as any other. Nobody is sent to
/// two at a time.
#[must_use]
pub fn given_of(choices: &[Choices], seed: &Seed) -> Vec<Given> {
    let mut stream = Stream::new(seed, "anfang-repeat/1 people");
    let mut busy: BTreeSet<(InspectorKey, Timestamp)> = BTreeSet::new();
    let mut given = Vec::new();
    for Choices { visit, has_slots, choices } in choices {
        let free: Vec<&Choice> =
            choices.iter().filter(|choice| !busy.contains(&(choice.inspector, choice.from))).collect();
        let choice = stream.pick(free.len()).and_then(|at| free.get(at)).map(|choice| **choice);
        busy.extend(choice.map(|choice| (choice.inspector, choice.from)));
        let state = match choice {
            Some(_) => RepeatState::Given,
            None if *has_slots => RepeatState::Nobody,
            None => RepeatState::NoSlot,
        };
        given.push(Given { visit: *visit, choice, state });
    }
    given
}

impl RepeatProof {
    /// Makes the draw of these visits; `choices` says who could go of those that are drawn.
    ///
    /// # Errors
    /// Those of `choices`.
    pub fn make<E>(
        draw: RepeatDrawId,
        seed: Seed,
        carried: u32,
        mut visits: Vec<VisitId>,
        mut choices: impl FnMut(VisitId) -> Result<Choices, E>,
    ) -> Result<Self, E> {
        visits.sort_unstable();
        let (drawn, left) = drawn_of(&visits, REPEAT_PERCENT, carried, &seed);
        let choices: Vec<Choices> = drawn.into_iter().map(&mut choices).collect::<Result<_, E>>()?;
        let given = given_of(&choices, &seed);
        let algorithm = REPEAT_ALGORITHM.to_owned();
        Ok(RepeatProof { algorithm, draw, seed, percent: REPEAT_PERCENT, carried, visits, choices, given, left })
    }

    /// Whether the same comes of it when it is made again.
    #[must_use]
    pub fn replays(&self) -> bool {
        let (drawn, left) = drawn_of(&self.visits, self.percent, self.carried, &self.seed);
        let named: Vec<VisitId> = self.choices.iter().map(|one| one.visit).collect();
        self.algorithm == REPEAT_ALGORITHM
            && self.visits.is_sorted()
            && (drawn, left) == (named, self.left)
            && given_of(&self.choices, &self.seed) == self.given
    }

    /// SHA-256 over the label, a zero byte, and the proof as JSON with members by name.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let value = serde_json::to_value(self).unwrap_or_default();
        Digest::of(format!("{REPEAT_ALGORITHM} proof\0{value}").as_bytes())
    }
}

/// A share with the bounds between which the true one lies in 95 of 100 cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// So many.
    pub count: u64,
    /// Of so many, at least 1.
    pub of: u64,
    /// The lower bound in hundredths of a percent, rounded down.
    pub low: u32,
    /// The upper bound, rounded up.
    pub high: u32,
}

/// A whole, in hundredths of a percent.
const WHOLE: u32 = 10_000;
/// 1.96², the square of the normal deviate of 95 %, times 10,000. Source: E. B. Wilson, 1927.
const DEVIATE_SQUARED: u128 = 38_416;

impl Share {
    /// The share `count` of `of`; `None` of nothing, which is not zero.
    ///
    /// The bounds are Wilson's: all p with (k/n − p)² ≤ z² · p · (1 − p) / n, found in whole numbers.
    #[must_use]
    pub fn of(count: u64, of: u64) -> Option<Self> {
        if of == 0 || count > of {
            return None;
        }
        let (k, n) = (u128::from(count), u128::from(of));
        // Whether p, in hundredths of a percent, is not inside the bounds. Both sides are times n² · 10⁸ · 10⁴.
        let is_outside = |p: u32| {
            let p = u128::from(p);
            let apart = (k * u128::from(WHOLE)).abs_diff(n * p);
            apart * apart * 10_000 >= DEVIATE_SQUARED * n * p * (u128::from(WHOLE) - p)
        };
        let middle = u32::try_from(k * u128::from(WHOLE) / n).unwrap_or(WHOLE);
        let low = (0..=middle.min(WHOLE - 1)).rev().find(|p| is_outside(*p)).unwrap_or(0);
        let high = (middle..=WHOLE).find(|p| *p > 0 && u128::from(*p) * n >= k * 10_000 && is_outside(*p));
        Some(Share { count, of, low, high: high.unwrap_or(WHOLE) })
    }
}

/// What two visits of one point saw, item by item, over all pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Pairs of visits.
    pub pairs: u64,
    /// Who made the first ones.
    pub first: BTreeSet<UserId>,
    /// Items that both judged.
    pub judged: u64,
    /// Of these, items at which either found a fault.
    pub faults: u64,
    /// Of the faults, found by the second visit alone: missed 漏报, or not there before.
    pub missed: u64,
    /// Of the faults, found by the first visit alone: put right since, or missed by the second.
    pub only_first: u64,
    /// Of the items that both judged, judged milder by the first.
    pub milder: u64,
    /// Judged stricter by the first.
    pub stricter: u64,
    /// Items that the second judged.
    pub asked: u64,
    /// Of these, held to be not applicable by the first.
    pub left_out: u64,
}

/// Fewest pairs, and fewest people who made the first visits, from which figures are shown: below that they would be
/// about somebody. Source: our choice.
pub const PAIRS_MIN: u64 = 10;
/// See [`PAIRS_MIN`].
pub const PEOPLE_MIN: usize = 3;

fn harshness(result: ItemResult) -> Option<u8> {
    match result {
        ItemResult::Conforms => Some(0),
        ItemResult::Mostly => Some(1),
        ItemResult::Fails => Some(2),
        ItemResult::NotApplicable => None,
    }
}

impl Compared {
    /// Adds a pair.
    pub fn add(&mut self, first: &Visit, second: &Visit) {
        self.pairs += 1;
        self.first.insert(first.inspector_id);
        for seen in &second.results {
            let Some(after) = harshness(seen.counted()) else { continue };
            let Some(before) = first.results.iter().find(|one| one.item_code == seen.item_code) else { continue };
            self.asked += 1;
            let Some(before) = harshness(before.counted()) else {
                self.left_out += 1;
                continue;
            };
            self.judged += 1;
            self.milder += u64::from(before < after);
            self.stricter += u64::from(before > after);
            let fails = |harshness: u8| harshness == 2;
            self.faults += u64::from(fails(before) || fails(after));
            self.missed += u64::from(fails(after) && !fails(before));
            self.only_first += u64::from(fails(before) && !fails(after));
        }
    }

    /// Whether there are enough pairs, of enough people, to be about nobody.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.pairs >= PAIRS_MIN && self.first.len() >= PEOPLE_MIN
    }
}

#[cfg(test)]
mod tests;
