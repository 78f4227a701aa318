//! Finds the first issues of a set in a given order.

use roaring::RoaringBitmap;

use super::sets::{Index, Keyed, ROWS_AT_ONCE};
use super::term::{Block, Direction, LEVELS, Order, bounds_of, slot_in};
use crate::store::StoreError;

/// So few issues are sorted by reading them all. Source: our choice.
const READ_AT_ONCE: u64 = 256;
/// The level at which a walk begins: below it, a block is half a chunk or less in a county of a million issues.
const FIRST_LEVEL: u32 = LEVELS - 2;
/// Blocks of this level that are read together.
const TOGETHER: u32 = 8;

/// What is looked for.
struct Page<'a> {
    set: &'a RoaringBitmap,
    order: Order,
    direction: Direction,
    after: Option<Keyed>,
    wanted: usize,
    found: Vec<Keyed>,
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.found.len() >= self.wanted
    }

    /// Where the page begins, in blocks of a level.
    fn begin(&self, level: u32) -> u32 {
        match (self.after, self.direction) {
            (Some((key, id)), _) => Block::around(self.order, level, slot_in(self.order, key, id)).number,
            (None, Direction::Ascending) => 0,
            (None, Direction::Descending) => u32::MAX,
        }
    }

    /// Adds those that are behind the page before, sorted; all of them are after what was found already.
    fn add(&mut self, keyed: impl Iterator<Item = Keyed>) {
        let after = self.after;
        match self.direction {
            Direction::Ascending => {
                let mut next: Vec<Keyed> = keyed.filter(|keyed| after.is_none_or(|after| *keyed > after)).collect();
                next.sort_unstable();
                self.found.extend(next);
            }
            Direction::Descending => {
                let mut next: Vec<Keyed> = keyed.filter(|keyed| after.is_none_or(|after| *keyed < after)).collect();
                next.sort_unstable_by(|a, b| b.cmp(a));
                self.found.extend(next);
            }
        }
    }
}

impl Index<'_> {
    /// The first `wanted` issues of `set` behind `after`, each with its sort key.
    pub(in crate::store) fn first(
        &mut self,
        set: &RoaringBitmap,
        (order, direction): (Order, Direction),
        after: Option<Keyed>,
        wanted: usize,
    ) -> Result<Vec<Keyed>, StoreError> {
        let mut page = Page { set, order, direction, after, wanted, found: Vec::new() };
        if set.len() <= READ_AT_ONCE {
            let keys = self.keys(order, set)?;
            page.add(keys.into_iter().map(|(_, keyed)| keyed));
        } else {
            self.walk(&mut page)?;
        }
        page.found.truncate(wanted);
        Ok(page.found)
    }

    /// The first issues of `inside`, which are all in one slot, as far as the page needs them. Many may have the same
    /// deadline, to the microsecond.
    fn in_slot(&mut self, page: &Page<'_>, slot: u32, inside: &RoaringBitmap) -> Result<Vec<Keyed>, StoreError> {
        let (stale, clean) = self.parted(inside);
        let mut found: Vec<Keyed> = self.keys(page.order, &stale)?.into_iter().map(|(_, keyed)| keyed).collect();
        let [first, last] = bounds_of(page.order, slot);
        let (mut from, end) = match page.direction {
            Direction::Ascending => (page.after.unwrap_or(first).max(first), last),
            Direction::Descending => (page.after.unwrap_or(last).min(last), first),
        };
        let missing = page.wanted - page.found.len() + found.len();
        loop {
            let rows = self.in_order(page.order, page.direction, from)?;
            let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < ROWS_AT_ONCE);
            for (place, keyed) in rows {
                let is_beyond = match page.direction {
                    Direction::Ascending => keyed > end,
                    Direction::Descending => keyed < end,
                };
                // The first row of each but the first reading was the last of the one before.
                if is_beyond || found.len() > missing {
                    return Ok(found);
                }
                if clean.contains(place) && found.last() != Some(&keyed) {
                    found.push(keyed);
                }
                from = keyed;
            }
            if is_last {
                return Ok(found);
            }
        }
    }

    /// From one block that has any issue to the next.
    fn walk(&mut self, page: &mut Page<'_>) -> Result<(), StoreError> {
        let mut from = page.begin(FIRST_LEVEL);
        while let Some(next) = self.next_block(page.order, FIRST_LEVEL, from, page.direction == Direction::Ascending)? {
            let (numbers, beyond) = match page.direction {
                Direction::Ascending => {
                    let last = next.saturating_add(TOGETHER - 1);
                    (next..=last, last.checked_add(1))
                }
                Direction::Descending => {
                    let first = next.saturating_sub(TOGETHER - 1);
                    (first..=next, first.checked_sub(1))
                }
            };
            self.descend(page, FIRST_LEVEL, numbers)?;
            match beyond {
                Some(beyond) if !page.is_full() => from = beyond,
                Some(_) | None => break,
            }
        }
        Ok(())
    }

    /// Takes what is in these blocks of a level, in order, until the page is full.
    fn descend(
        &mut self,
        page: &mut Page<'_>,
        level: u32,
        numbers: std::ops::RangeInclusive<u32>,
    ) -> Result<(), StoreError> {
        let begin = page.begin(level);
        let mut blocks = self.blocks(page.order, level, numbers)?;
        match page.direction {
            Direction::Ascending => blocks.retain(|(number, _)| *number >= begin),
            Direction::Descending => {
                blocks.retain(|(number, _)| *number <= begin);
                blocks.reverse();
            }
        }
        for (number, block) in blocks {
            if page.is_full() {
                break;
            }
            let inside = page.set & &*block;
            if inside.is_empty() {
                continue;
            }
            if inside.len() <= READ_AT_ONCE {
                let keys = self.keys(page.order, &inside)?;
                page.add(keys.into_iter().map(|(_, keyed)| keyed));
            } else if level == 0 {
                let keys = self.in_slot(page, number, &inside)?;
                page.add(keys.into_iter());
            } else {
                let parts = Block { order: page.order, level, number }.parts();
                self.descend(page, level - 1, parts)?;
            }
        }
        Ok(())
    }
}
