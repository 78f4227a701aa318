//! Which closed issues are looked back at 回头看, and by whom. Chance is passed in, so that a draw can be repeated from
//! its seed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::rules::LookBackRules;
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{IssueId, UnitId, UserId};
use crate::domain::issue::Severity;
use crate::domain::text::text_enum;
use crate::domain::time::{Date, Timestamp};

/// A closed issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The issue.
    pub issue_id: IssueId,
    /// The unit that fixed it.
    pub unit_id: UnitId,
    /// How bad it was.
    pub severity: Severity,
    /// When it was released.
    pub released_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// Who found it.
    pub finder_id: UserId,
    /// Who checked or closed it, in any round.
    pub checkers: Vec<UserId>,
}

impl Closed {
    /// Whether this inspector may look back at it: neither the finder nor a checker.
    #[must_use]
    pub fn may_look_back(&self, inspector: UserId) -> bool {
        self.finder_id != inspector && !self.checkers.contains(&inspector)
    }
}

/// A closed issue that may be drawn: what the draw depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The issue.
    pub issue: IssueId,
    /// The unit that fixed it.
    pub unit: UnitId,
    /// How bad it was.
    pub severity: Severity,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How many issues could be drawn.
    pub population: usize,
    /// How many had to be, before units without any were given one.
    pub size: usize,
    /// The drawn issues, by unit, severity and id.
    #[serde(default)]
    pub drawn: Vec<IssueId>,
}

/// A source of chance: an unbiased number below its argument, which is never 0.
pub trait Chance: FnMut(u64) -> u64 {}

impl<F: FnMut(u64) -> u64> Chance for F {}

/// A place in a list of this length, which is not empty.
fn below(chance: &mut impl Chance, length: usize) -> usize {
    let bound = u64::try_from(length).unwrap_or(u64::MAX).max(1);
    // A source that breaks its promise must not break the list.
    usize::try_from(chance(bound) % bound).unwrap_or(0)
}

/// Draws `count` of `items` without putting back, in the order drawn (Fisher–Yates): every choice is equally likely.
fn draw<T>(items: &mut Vec<T>, count: usize, chance: &mut impl Chance) {
    let count = count.min(items.len());
    for at in 0..count {
        let other = at + below(chance, items.len() - at);
        items.swap(at, other);
    }
    items.truncate(count);
}

/// Hundredths in a whole.
const HUNDRED: usize = 100;

fn share_up(count: usize, percent: u32) -> usize {
    (count * usize::try_from(percent).unwrap_or(100)).div_ceil(100)
}

/// A stratum: the issues of one unit and severity, the drawn ones among them first.
type Strata = BTreeMap<(UnitId, Severity), Vec<IssueId>>;

impl Sample {
    /// This month's sample. Issues closed from [`LookBackRules::from_days`] to [`LookBackRules::to_days`] before
    /// `today` are the population, in strata of unit and severity; severe ones are drawn at a higher share. The order
    /// of `closed` does not matter. Source: our judgement.
    #[must_use]
    pub fn of(
        closed: &[Closed],
        today: Date,
        calendar: &WorkCalendar,
        rules: &LookBackRules,
        chance: &mut impl Chance,
    ) -> Self {
        let is_old_enough = |issue: &&Closed| {
            let age = days_between(calendar.civil_date(issue.closed_at), today);
            (i64::from(rules.from_days)..=i64::from(rules.to_days)).contains(&age)
        };
        let member = |issue: &Closed| Member { issue: issue.issue_id, unit: issue.unit_id, severity: issue.severity };
        let members: Vec<Member> = closed.iter().filter(is_old_enough).map(member).collect();
        Self::from(&members, rules, chance)
    }

    /// A sample of all of `members`, whose order does not matter.
    #[must_use]
    pub fn from(members: &[Member], rules: &LookBackRules, chance: &mut impl Chance) -> Self {
        let mut strata = Strata::new();
        for Member { issue, unit, severity } in members {
            strata.entry((*unit, *severity)).or_default().push(*issue);
        }
        for issues in strata.values_mut() {
            issues.sort_unstable();
            issues.dedup();
        }
        let population: usize = strata.values().map(Vec::len).sum();
        let size = share_up(population, rules.share_percent);
        let size = size.max(usize::try_from(rules.size_min).unwrap_or(usize::MAX)).min(population);
        let quotas = quotas(&strata, size, rules, chance);
        let mut drawn = Vec::new();
        for (stratum, mut issues) in strata {
            draw(&mut issues, quotas.get(&stratum).copied().unwrap_or(0), chance);
            issues.sort_unstable();
            drawn.append(&mut issues);
        }
        Sample { population, size, drawn }
    }
}

/// How many to draw from each stratum.
fn quotas(
    strata: &Strata,
    size: usize,
    rules: &LookBackRules,
    chance: &mut impl Chance,
) -> BTreeMap<(UnitId, Severity), usize> {
    let is_high = |severity: Severity| severity == Severity::High;
    let sizes = |wanted: bool| -> Vec<((UnitId, Severity), usize)> {
        let wanted = strata.iter().filter(|((_, severity), _)| is_high(*severity) == wanted);
        wanted.map(|(stratum, issues)| (*stratum, issues.len())).collect()
    };
    let (high, other) = (sizes(true), sizes(false));
    let total = |sizes: &[((UnitId, Severity), usize)]| -> usize { sizes.iter().map(|(_, size)| size).sum() };
    let least_high = share_up(total(&high), rules.high_percent);
    let from_others = size.saturating_sub(least_high).min(total(&other));
    let from_high = least_high.max(size - from_others.min(size));
    let mut quotas: BTreeMap<_, _> = allotted(high, from_high, chance);
    quotas.extend(allotted(other, from_others, chance));
    // A unit with many closings is never left out.
    let units: BTreeSet<UnitId> = strata.keys().map(|(unit, _)| *unit).collect();
    for unit in units {
        let own = || strata.iter().filter(move |((owner, _), _)| *owner == unit);
        let closings: usize = own().map(|(_, issues)| issues.len()).sum();
        let is_drawn = own().any(|(stratum, _)| quotas.get(stratum).is_some_and(|quota| *quota > 0));
        if is_drawn || u32::try_from(closings).is_ok_and(|closings| closings < rules.unit_closings_min) {
            continue;
        }
        let largest = own().max_by_key(|((_, severity), issues)| (issues.len(), *severity));
        if let Some((stratum, _)) = largest {
            quotas.insert(*stratum, 1);
        }
    }
    quotas
}

/// Divides `quota` among strata in proportion to their sizes, by largest remainders; equal remainders by chance.
fn allotted<K: Ord>(mut sizes: Vec<(K, usize)>, quota: usize, chance: &mut impl Chance) -> BTreeMap<K, usize> {
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    let count = sizes.len();
    draw(&mut sizes, count, chance);
    let mut shares: Vec<(K, usize, usize)> = sizes
        .into_iter()
        .map(|(key, size)| {
            (key, (size * quota).checked_div(total).unwrap_or(0), (size * quota).checked_rem(total).unwrap_or(0))
        })
        .collect();
    // Stable: those with equal remainders stay in the drawn order.
    shares.sort_by_key(|(_, _, rest)| std::cmp::Reverse(*rest));
    let given: usize = shares.iter().map(|(_, share, _)| share).sum();
    let left = quota.saturating_sub(given);
    shares.into_iter().enumerate().map(|(at, (key, share, _))| (key, share + usize::from(at < left))).collect()
}

/// What a draw of same-day closings came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagedDraw {
    /// The drawn issues, by id.
    #[serde(default)]
    pub drawn: Vec<IssueId>,
    /// Hundredths of an issue that the next draw begins with, 0 to 99.
    pub carried: u32,
}

/// Draws the share of same-day closings that are looked at soon, of what was closed since the last draw.
///
/// What a draw cannot give as a whole issue is carried over to the next one: with 10 % and four closings a day, rounding
/// up each day would draw 25 % of them. The first draw of all begins with a random remainder, so that no closing is
/// certain not to be drawn; over any number of draws, the drawn issues are the share rounded up or down.
#[must_use]
pub fn staged_draw(
    same_day: &[IssueId],
    carried: Option<u32>,
    rules: &LookBackRules,
    chance: &mut impl Chance,
) -> StagedDraw {
    let carried = carried.unwrap_or_else(|| u32::try_from(below(chance, HUNDRED)).unwrap_or(0)).min(99);
    let mut issues = same_day.to_vec();
    issues.sort_unstable();
    issues.dedup();
    let percent = usize::try_from(rules.staged_percent).unwrap_or(HUNDRED);
    let hundredths = issues.len() * percent + usize::try_from(carried).unwrap_or(0);
    draw(&mut issues, hundredths / HUNDRED, chance);
    issues.sort_unstable();
    StagedDraw { drawn: issues, carried: u32::try_from(hundredths % HUNDRED).unwrap_or(0) }
}

text_enum! {
    /// A part of a day. Look-backs are made in the evening, too.
    pub enum DayPart {
        Morning = "morning", "上午", "Morning";
        Afternoon = "afternoon", "下午", "Afternoon";
        Evening = "evening", "晚间", "Evening";
    }
}

/// A look-back that somebody is to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookBackTask {
    /// The issue.
    pub issue_id: IssueId,
    /// The inspector who goes; `None` when everybody had found or checked it.
    pub inspector: Option<UserId>,
    /// On which day: working days and days off are equally likely.
    pub on: Date,
    /// When on that day.
    pub part: DayPart,
}

/// Gives each of `drawn` to an inspector who neither found nor checked it, on one of `days` days from `first` on. Those
/// with the fewest tasks come first; among them chance decides.
#[must_use]
pub fn assigned(
    drawn: &[&Closed],
    inspectors: &[UserId],
    first: Date,
    days: u32,
    chance: &mut impl Chance,
) -> Vec<LookBackTask> {
    let mut load: BTreeMap<UserId, usize> = inspectors.iter().map(|inspector| (*inspector, 0)).collect();
    let mut order: Vec<&Closed> = drawn.to_vec();
    order.sort_by_key(|issue| issue.issue_id);
    let count = order.len();
    draw(&mut order, count, chance);
    let mut tasks = Vec::with_capacity(count);
    for issue in order {
        let eligible = || load.iter().filter(|(inspector, _)| issue.may_look_back(**inspector));
        let least = eligible().map(|(_, tasks)| *tasks).min();
        let mut candidates: Vec<UserId> =
            eligible().filter(|(_, tasks)| Some(**tasks) == least).map(|(inspector, _)| *inspector).collect();
        draw(&mut candidates, 1, chance);
        let inspector = candidates.first().copied();
        if let Some(tasks) = inspector.and_then(|inspector| load.get_mut(&inspector)) {
            *tasks += 1;
        }
        let by = below(chance, usize::try_from(days).unwrap_or(usize::MAX));
        let on = first.saturating_add(jiff::Span::new().days(i64::try_from(by).unwrap_or(0)));
        let part = DayPart::ALL.get(below(chance, DayPart::COUNT)).copied().unwrap_or(DayPart::Morning);
        tasks.push(LookBackTask { issue_id: issue.issue_id, inspector, on, part });
    }
    tasks.sort_by_key(|task| task.issue_id);
    tasks
}

fn days_between(earlier: Date, later: Date) -> i64 {
    earlier.until(later).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests;
