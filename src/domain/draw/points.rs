//! The first part of a draw: which points are visited.

use std::collections::{BTreeMap, HashMap};

use super::bytes::Seed;
use super::outcome::Shortfall;
use super::pool::{Pool, PoolPoint};
use super::rules::Rules;
use super::stream::Stream;
use super::urn::Urn;
use crate::domain::ids::UnitId;

/// Type and area.
type Stratum<'a> = (&'a str, &'a str);

/// A draw of points that is under way.
struct Drawing<'a> {
    pool: &'a Pool,
    /// All points that may still be drawn.
    urn: Urn,
    /// Visits that a unit may still have.
    left: HashMap<UnitId, u32>,
    /// Positions of the points of a unit.
    by_unit: HashMap<UnitId, Vec<usize>>,
    /// Positions of the points drawn, in that order.
    drawn: Vec<usize>,
    is_drawn: Vec<bool>,
    stream: Stream,
}

/// The positions of the points drawn, in the order drawn, and the strata with too few.
///
/// `pool` and `rules` are sorted; `drawable` says of every point whether it may be drawn at all.
pub(super) fn draw_points(pool: &Pool, rules: &Rules, seed: &Seed, drawable: &[bool]) -> (Vec<usize>, Vec<Shortfall>) {
    let weight = |(point, drawable): (&PoolPoint, &bool)| if *drawable { point.weight(rules.demo_percent) } else { 0 };
    let weights = pool.points.iter().zip(drawable).map(weight).collect();
    let mut by_unit: HashMap<UnitId, Vec<usize>> = HashMap::new();
    for (at, point) in pool.points.iter().enumerate() {
        by_unit.entry(point.lead_unit).or_default().push(at);
    }
    let left = |visits: u32| rules.unit_visits_max.saturating_sub(visits);
    let mut drawing = Drawing {
        pool,
        urn: Urn::new(weights),
        left: pool.units.iter().map(|unit| (unit.id, left(unit.visits_this_month))).collect(),
        by_unit,
        drawn: Vec::new(),
        is_drawn: vec![false; pool.points.len()],
        stream: Stream::new(seed, "anfang-draw/1 points"),
    };
    let places = usize::try_from(rules.places()).unwrap_or(usize::MAX);
    drawing.draw_from_all(usize::try_from(rules.open_places).unwrap_or(usize::MAX));
    let quotas = quotas(pool, rules, drawable);
    drawing.fill(&quotas, rules, drawable);
    drawing.draw_from_all(places);
    let count = drawing.counts();
    let shortfalls = quotas.iter().filter_map(|((point_type, area), quota)| {
        let missing = quota.saturating_sub(count.get(&(*point_type, *area)).copied().unwrap_or(0));
        let missing = u32::try_from(missing).unwrap_or(u32::MAX);
        (missing > 0).then(|| Shortfall { point_type: (*point_type).into(), area: (*area).into(), missing })
    });
    (drawing.drawn.clone(), shortfalls.collect())
}

/// The quota of each stratum, in the order of the strata: what the rules say, and for the others their part of the
/// proportional places.
///
/// A stratum has the whole part of places · its drawable points ÷ all drawable points of such strata. The places left
/// over go one each to the strata with the greatest remainders; of equal ones to the first in the order of the strata.
fn quotas<'a>(pool: &'a Pool, rules: &'a Rules, drawable: &[bool]) -> BTreeMap<Stratum<'a>, u64> {
    let fixed: BTreeMap<Stratum, u64> =
        rules.quotas.iter().map(|quota| ((&*quota.point_type, &*quota.area), u64::from(quota.count))).collect();
    let mut points: BTreeMap<Stratum, u64> = BTreeMap::new();
    for (point, _) in pool.points.iter().zip(drawable).filter(|(_, drawable)| **drawable) {
        if !fixed.contains_key(&point.stratum()) {
            *points.entry(point.stratum()).or_default() += 1;
        }
    }
    let all: u64 = points.values().sum();
    let mut quotas = fixed;
    if all == 0 {
        return quotas;
    }
    let places = u64::from(rules.proportional_places);
    let mut rest = places;
    let mut remainders = Vec::new();
    for (stratum, count) in points {
        let whole = places * count / all;
        rest -= whole;
        remainders.push((std::cmp::Reverse(places * count % all), stratum));
        quotas.insert(stratum, whole);
    }
    remainders.sort();
    for (_, stratum) in remainders.into_iter().take(usize::try_from(rest).unwrap_or(usize::MAX)) {
        *quotas.entry(stratum).or_default() += 1;
    }
    quotas
}

impl Drawing<'_> {
    /// Draws from all points until so many are drawn.
    fn draw_from_all(&mut self, until: usize) {
        while self.drawn.len() < until {
            let Some(position) = self.urn.draw(&mut self.stream) else { return };
            self.take(position);
        }
    }

    /// Draws from each stratum, in their order, until it has its quota.
    fn fill(&mut self, quotas: &BTreeMap<Stratum<'_>, u64>, rules: &Rules, drawable: &[bool]) {
        let pool = self.pool;
        let mut members: BTreeMap<Stratum, Vec<usize>> = BTreeMap::new();
        for (at, point) in pool.points.iter().enumerate().filter(|(at, _)| drawable.get(*at) == Some(&true)) {
            members.entry(point.stratum()).or_default().push(at);
        }
        for (stratum, quota) in quotas {
            let members = members.get(stratum).map_or(&[][..], Vec::as_slice);
            let mut count = members.iter().filter(|at| self.is_drawn[**at]).count();
            let may_be_drawn = |at: usize| !self.is_drawn[at] && self.may_visit(pool.points[at].lead_unit);
            let weight = |at: usize| if may_be_drawn(at) { pool.points[at].weight(rules.demo_percent) } else { 0 };
            let mut urn = Urn::new(members.iter().map(|at| weight(*at)).collect());
            while u64::try_from(count).is_ok_and(|count| count < *quota) {
                let Some(chosen) = urn.draw(&mut self.stream) else { break };
                let unit = pool.points[members[chosen]].lead_unit;
                urn.remove(chosen);
                self.take(members[chosen]);
                count += 1;
                if !self.may_visit(unit) {
                    for (at, _) in members.iter().enumerate().filter(|(_, at)| pool.points[**at].lead_unit == unit) {
                        urn.remove(at);
                    }
                }
            }
        }
    }

    fn may_visit(&self, unit: UnitId) -> bool {
        self.left.get(&unit).is_some_and(|left| *left > 0)
    }

    /// Notes that a point is drawn; if its unit has had its visits with it, none of the unit's points is left.
    fn take(&mut self, position: usize) {
        self.drawn.push(position);
        self.is_drawn[position] = true;
        self.urn.remove(position);
        let unit = self.pool.points[position].lead_unit;
        if let Some(left) = self.left.get_mut(&unit) {
            *left = left.saturating_sub(1);
        }
        if !self.may_visit(unit) {
            for at in self.by_unit.get(&unit).map_or(&[][..], Vec::as_slice) {
                self.urn.remove(*at);
            }
        }
    }

    /// How many points of each stratum are drawn.
    fn counts(&self) -> HashMap<Stratum<'_>, u64> {
        let mut counts = HashMap::new();
        for at in &self.drawn {
            *counts.entry(self.pool.points[*at].stratum()).or_default() += 1;
        }
        counts
    }
}
