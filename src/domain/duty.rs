//! The division of duties 责任分工: which unit is responsible for an item at a point. The most specific duty wins, and
//! exactly one unit leads.

use jiff::civil::Date;

use super::ids::{DutyId, PointId, UnitId};
use super::reference::{Item, Point};
use super::text::text_enum;

text_enum! {
    /// What a unit does about it. Source: domain M19.
    pub enum DutyRole {
        Lead = "lead", "主责", "Lead";
        Co = "co", "协办", "Co-responsible";
        Territorial = "territorial", "属地", "Territorial";
        Frontage = "frontage", "门前三包", "Frontage";
    }
}

/// Where a duty applies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyPlace {
    /// In the whole county.
    County,
    /// Every area whose code begins with these digits.
    Area(String),
    /// At one point.
    Point(PointId),
}

/// What a duty covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutySubject {
    /// All items of a campaign.
    Category(String),
    /// One item, by code.
    Item(String),
}

/// One duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Identity.
    pub id: DutyId,
    /// Place.
    pub place: DutyPlace,
    /// Items.
    pub subject: DutySubject,
    /// Role of the unit.
    pub role: DutyRole,
    /// The unit.
    pub unit_id: UnitId,
    /// First day; `None` for no beginning.
    pub valid_from: Option<Date>,
    /// Last day; `None` for no end.
    pub valid_to: Option<Date>,
}

text_enum! {
    /// What decided, most specific first. Source: domain M19.
    pub enum Basis {
        PointItem = "point-item", "点位＋测评项", "Point and item";
        PointCategory = "point-category", "点位＋类别", "Point and category";
        AreaItem = "area-item", "区域＋测评项", "Area and item";
        AreaCategory = "area-category", "区域＋类别", "Area and category";
        Category = "category", "类别", "Category";
        PointLead = "point-lead", "点位主责单位", "The point's own lead unit";
    }
}

/// The units responsible for an item at a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    /// The lead unit 主责; exactly one.
    pub lead: UnitId,
    /// Why it leads.
    pub basis: Basis,
    /// The other units with their roles, in the order of [`DutyRole::ALL`]; no unit twice in a role.
    pub others: Vec<(DutyRole, UnitId)>,
}

impl Duty {
    /// Whether it is valid on this day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether both are valid on some day.
    #[must_use]
    pub fn overlaps(&self, other: &Duty) -> bool {
        let starts_in_time = |one: &Duty, other: &Duty| match (one.valid_from, other.valid_to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        starts_in_time(self, other) && starts_in_time(other, self)
    }

    /// How specific it is here; `None` where it does not apply. A single item in the whole county is not a level of
    /// domain M19 and is ignored: imports refuse it.
    fn basis(&self, point: &Point, item: &Item) -> Option<Basis> {
        let item_fits = match &self.subject {
            DutySubject::Item(code) => *code == item.code,
            DutySubject::Category(code) => *code == item.campaign,
        };
        let is_item = matches!(self.subject, DutySubject::Item(_));
        match &self.place {
            _ if !item_fits => None,
            DutyPlace::Point(id) if *id != point.id => None,
            DutyPlace::Point(_) => Some(if is_item { Basis::PointItem } else { Basis::PointCategory }),
            DutyPlace::Area(code) if !point.area_code.starts_with(code.as_str()) => None,
            DutyPlace::Area(_) => Some(if is_item { Basis::AreaItem } else { Basis::AreaCategory }),
            DutyPlace::County => (!is_item).then_some(Basis::Category),
        }
    }

    /// Number of digits of its area code; a smaller area has more.
    fn area_digits(&self) -> usize {
        match &self.place {
            DutyPlace::Area(code) => code.len(),
            DutyPlace::County | DutyPlace::Point(_) => 0,
        }
    }
}

/// The units responsible for `item` at `point` on `day`: for each role the most specific duties, and of two areas the
/// smaller one. If no duty names a lead, the point's lead unit leads; if none names a territorial unit, it is the
/// point's.
#[must_use]
pub fn resolve(duties: &[Duty], point: &Point, item: &Item, day: Date) -> Responsible {
    let of_role = |role: DutyRole| -> Vec<(Basis, UnitId)> {
        let rank = |(basis, duty): &(Basis, &Duty)| (*basis, std::cmp::Reverse(duty.area_digits()));
        let here: Vec<(Basis, &Duty)> = duties
            .iter()
            .filter(|duty| duty.role == role && duty.holds_on(day))
            .filter_map(|duty| duty.basis(point, item).map(|basis| (basis, duty)))
            .collect();
        let best = here.iter().map(rank).min();
        let mut units: Vec<(Basis, UnitId)> =
            here.iter().filter(|one| Some(rank(one)) == best).map(|(basis, duty)| (*basis, duty.unit_id)).collect();
        units.sort_unstable();
        units.dedup();
        units
    };
    let (basis, lead) = of_role(DutyRole::Lead).first().copied().unwrap_or((Basis::PointLead, point.lead_unit_id));
    let mut others: Vec<(DutyRole, UnitId)> = Vec::new();
    for role in DutyRole::ALL.iter().copied().filter(|role| *role != DutyRole::Lead) {
        let named = of_role(role);
        if named.is_empty() && role == DutyRole::Territorial {
            others.extend(point.territorial_unit_id.map(|unit| (role, unit)));
        }
        others.extend(named.into_iter().map(|(_, unit)| (role, unit)));
    }
    Responsible { lead, basis, others }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::geo::Location;

    const DAY: Date = Date::constant(2026, 8, 3);

    fn unit(number: u128) -> UnitId {
        UnitId(Uuid::from_u128(number))
    }

    fn point() -> Point {
        Point {
            id: PointId(Uuid::from_u128(1)),
            code: "990001-MKT-0001".into(),
            name: String::new(),
            point_type: "MKT".into(),
            location: Some(Location { lat: 31.0, lon: 107.0, accuracy_m: None }),
            radius_m: 50,
            campaigns: vec![],
            is_demo: false,
            lead_unit_id: unit(100),
            territorial_unit_id: Some(unit(101)),
            area_code: "990001".into(),
            address: String::new(),
            active: true,
        }
    }

    fn item() -> Item {
        Item {
            code: "WM-07".into(),
            campaign: "WM".into(),
            title_zh: String::new(),
            fault_zh: String::new(),
            title_en: String::new(),
            point_types: vec![],
            weight: 1,
            veto: false,
            limit: None,
            limit_note: String::new(),
            chips: vec![],
            source: String::new(),
            photo_required: false,
        }
    }

    fn duty(place: DutyPlace, subject: DutySubject, role: DutyRole, number: u128) -> Duty {
        let id = DutyId(Uuid::from_u128(number));
        Duty { id, place, subject, role, unit_id: unit(number), valid_from: None, valid_to: None }
    }

    fn here() -> DutyPlace {
        DutyPlace::Point(point().id)
    }

    fn area(code: &str) -> DutyPlace {
        DutyPlace::Area(code.into())
    }

    fn this() -> DutySubject {
        DutySubject::Item("WM-07".into())
    }

    fn category() -> DutySubject {
        DutySubject::Category("WM".into())
    }

    /// Every level, with the level above it removed in turn.
    #[test]
    fn the_most_specific_duty_leads() {
        let levels = [
            (here(), this(), Basis::PointItem),
            (here(), category(), Basis::PointCategory),
            (area("990001"), this(), Basis::AreaItem),
            (area("99"), this(), Basis::AreaItem),
            (area("990001"), category(), Basis::AreaCategory),
            (area("99"), category(), Basis::AreaCategory),
            (DutyPlace::County, category(), Basis::Category),
        ];
        let elsewhere = [
            duty(DutyPlace::Point(PointId(Uuid::from_u128(2))), this(), DutyRole::Lead, 50),
            duty(here(), DutySubject::Item("WM-08".into()), DutyRole::Lead, 51),
            duty(area("990002"), this(), DutyRole::Lead, 52),
            duty(DutyPlace::County, DutySubject::Category("WS".into()), DutyRole::Lead, 53),
            duty(DutyPlace::County, this(), DutyRole::Lead, 54),
            duty(here(), this(), DutyRole::Co, 55),
        ];
        for first in 0..=levels.len() {
            // The least specific come first, so that order cannot decide.
            let mut duties: Vec<Duty> = levels[first..]
                .iter()
                .rev()
                .zip(10..)
                .map(|((place, subject, _), number)| duty(place.clone(), subject.clone(), DutyRole::Lead, number))
                .collect();
            let wins = duties.last().map(|duty| duty.unit_id);
            duties.extend(elsewhere.iter().cloned());
            let found = resolve(&duties, &point(), &item(), DAY);
            let basis = levels.get(first).map_or(Basis::PointLead, |level| level.2);
            assert_eq!((found.lead, found.basis), (wins.unwrap_or(unit(100)), basis), "{first}");
        }
    }

    #[test]
    fn each_role_has_its_own_most_specific_duties() {
        let duties = [
            duty(area("990001"), category(), DutyRole::Territorial, 1),
            duty(here(), category(), DutyRole::Frontage, 2),
            duty(here(), category(), DutyRole::Frontage, 3),
            duty(area("990001"), this(), DutyRole::Frontage, 4),
            duty(DutyPlace::County, category(), DutyRole::Co, 5),
        ];
        let found = resolve(&duties, &point(), &item(), DAY);
        assert_eq!(found.lead, unit(100));
        let others = [(DutyRole::Co, 5), (DutyRole::Territorial, 1), (DutyRole::Frontage, 2), (DutyRole::Frontage, 3)];
        assert_eq!(found.others, others.map(|(role, number)| (role, unit(number))));
        assert_eq!(resolve(&[], &point(), &item(), DAY).others, [(DutyRole::Territorial, unit(101))]);
    }

    #[test]
    fn a_duty_holds_from_its_first_day_to_its_last() {
        let date = |day: i8| Date::constant(2026, 8, day);
        let span = |from: Option<i8>, to: Option<i8>| Duty {
            valid_from: from.map(date),
            valid_to: to.map(date),
            ..duty(here(), this(), DutyRole::Lead, 1)
        };
        let holds = |duty: &Duty| [2, 3, 4].map(|day| duty.holds_on(date(day)));
        assert_eq!(holds(&span(Some(3), Some(3))), [false, true, false]);
        assert_eq!(holds(&span(None, Some(3))), [true, true, false]);
        assert_eq!(holds(&span(Some(3), None)), [false, true, true]);
        for (one, other, meet) in [
            (span(None, Some(3)), span(Some(4), None), false),
            (span(None, Some(4)), span(Some(4), None), true),
            (span(None, None), span(Some(4), Some(4)), true),
            (span(Some(1), Some(2)), span(Some(3), Some(4)), false),
        ] {
            assert_eq!((one.overlaps(&other), other.overlaps(&one)), (meet, meet), "{one:?} {other:?}");
        }
    }
}
