//! Zones where stalls are permitted 允许摆摊区: one policy for each stall 一摊一策. A stall inside its zone, on its days and
//! at its hours, is no fault; its dirt is.

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar::WorkCalendar;
use super::geo::Location;
use super::ids::{UnitId, UserId, ZoneId};
use super::invalid::{FieldCode, Invalid};
use super::limits;
use super::text::{name, text_enum};
use super::time::{Timestamp, YEARS};

/// Zones of a county. Source: our choice; every phone keeps all of them.
pub const ZONES_MAX: usize = 500;
/// Fewest corners of a zone. Source: an area has three.
pub const CORNERS_MIN: usize = 3;
/// Corners of a zone. Source: our choice; a market street has some twenty.
pub const CORNERS_MAX: usize = 500;
/// Distance in metres to the border within which a position counts as on it, and so as inside. Source: our choice; far
/// below what any device can measure, and above what calculating in floats adds.
const ON_BORDER_M: f64 = 0.01;

text_enum! {
    /// Whether a position lies in the zone at that time.
    pub enum ZonePosition {
        Inside = "inside", "在允许摆摊区内", "Inside the zone and its hours";
        Unsure = "unsure", "定位误差内，无法判断", "Too near the border for the position's accuracy";
        Outside = "outside", "不在允许摆摊区内", "Outside the zone or its hours";
    }
}

/// A corner of a zone, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Corner {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
}

/// A set of weekdays: bit 0 is Monday, bit 6 Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// All seven days.
    pub const ALL: Weekdays = Weekdays(0b111_1111);

    /// Whether it has this day.
    #[must_use]
    pub fn has(self, day: Weekday) -> bool {
        self.0 >> day.to_monday_zero_offset() & 1 == 1
    }
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PermittedZone {
    /// Its corners in order, 3–500; the last is joined to the first. It does not cross the 180th meridian.
    #[schema(min_items = 3, max_items = 500)]
    pub corners: Vec<Corner>,
    /// Days on which its hours begin: bit 0 is Monday, bit 6 Sunday.
    #[schema(value_type = u8, minimum = 1, maximum = 127)]
    pub weekdays: Weekdays,
    /// Local time at which they begin, in whole minutes.
    #[schema(value_type = String, example = "06:00:00")]
    pub from: Time,
    /// Local time at which they end, which is no longer permitted. At or before `from` it is that of the next day.
    #[schema(value_type = String, example = "09:30:00")]
    pub to: Time,
    /// What may be sold, at most 100 characters.
    pub goods: String,
    /// The unit that keeps order there.
    pub unit_id: UnitId,
    /// Number of the policy document 政策文号.
    pub policy_no: String,
    /// First day on which its hours begin; `None` for no beginning.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<Date>,
    /// Last day on which its hours begin; `None` for no end.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_to: Option<Date>,
}

/// A zone as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptZone {
    /// Identity; chosen by the client.
    pub id: ZoneId,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The zone.
    pub zone: PermittedZone,
    /// Who changed it last.
    pub changed_by: UserId,
    /// When.
    pub changed_at: Timestamp,
}

impl PermittedZone {
    /// Checks every field.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if !(CORNERS_MIN..=CORNERS_MAX).contains(&self.corners.len()) {
            invalid.push("/corners", FieldCode::OutOfRange, format!("from {CORNERS_MIN} to {CORNERS_MAX} corners"));
        } else if doubled_area(&self.corners) == 0.0 {
            invalid.push("/corners", FieldCode::Malformed, "an area, not a line");
        }
        for (at, corner) in self.corners.iter().take(CORNERS_MAX).enumerate() {
            corner.location().validate(&format!("/corners/{at}"), &mut invalid);
        }
        if self.weekdays.0 == 0 || self.weekdays.0 > Weekdays::ALL.0 {
            invalid.push("/weekdays", FieldCode::OutOfRange, "from 1 to 127: at least one day");
        }
        for (pointer, time) in [("/from", self.from), ("/to", self.to)] {
            if time.second() != 0 || time.subsec_nanosecond() != 0 {
                invalid.push(pointer, FieldCode::Malformed, "whole minutes");
            }
        }
        invalid.prose("/goods", &self.goods, limits::TITLE_CHARS_MAX);
        invalid.prose("/policy_no", &self.policy_no, limits::CODE_CHARS_MAX);
        for (pointer, day) in [("/valid_from", self.valid_from), ("/valid_to", self.valid_to)] {
            if day.is_some_and(|day| !YEARS.contains(&day.year())) {
                invalid.push(pointer, FieldCode::OutOfRange, format!("from {} to {}", YEARS.start(), YEARS.end()));
            }
        }
        if let (Some(from), Some(to)) = (self.valid_from, self.valid_to)
            && to < from
        {
            invalid.push("/valid_to", FieldCode::OutOfRange, "not before the first day");
        }
        invalid.into_result()
    }

    /// The same with its texts as they are stored.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        PermittedZone { goods: name(&self.goods), policy_no: name(&self.policy_no), ..self.clone() }
    }

    /// Whether `position` lies in the zone at `at`. Hours are those of the county's zone.
    ///
    /// A position whose circle of accuracy reaches over the border is unsure, from either side. A position without an
    /// accuracy is taken as exact; on the border is inside.
    #[must_use]
    pub fn permits(&self, calendar: &WorkCalendar, at: Timestamp, position: &Location) -> ZonePosition {
        if !self.is_open(calendar, at) {
            return ZonePosition::Outside;
        }
        let border = self.border_distance_m(position);
        if position.accuracy_m.is_some_and(|accuracy| accuracy >= border && accuracy > 0.0) {
            ZonePosition::Unsure
        } else if border <= ON_BORDER_M || self.surrounds(position) {
            ZonePosition::Inside
        } else {
            ZonePosition::Outside
        }
    }

    /// Whether `at` is within the hours of the zone: those that began today, or yesterday and last over midnight.
    #[must_use]
    pub fn is_open(&self, calendar: &WorkCalendar, at: Timestamp) -> bool {
        let today = calendar.civil_date(at);
        let yesterday = today.saturating_sub(jiff::Span::new().days(1));
        [today, yesterday].into_iter().any(|day| {
            let last = if self.to > self.from { day } else { day.saturating_add(jiff::Span::new().days(1)) };
            let is_valid = self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to);
            let hours = calendar.instant(day, self.from)..calendar.instant(last, self.to);
            is_valid && self.weekdays.has(day.weekday()) && hours.contains(&at)
        })
    }

    /// Its policy, what may be sold and when, in words.
    #[must_use]
    pub fn summary(&self) -> String {
        let minute = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        format!("{} {} {}–{}", self.policy_no, self.goods, minute(self.from), minute(self.to))
    }

    /// Each corner with the next one.
    fn sides(&self) -> impl Iterator<Item = (Corner, Corner)> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// Whether a line from `position` to the east crosses the border an odd number of times.
    fn surrounds(&self, position: &Location) -> bool {
        let crosses = |(one, other): &(Corner, Corner)| {
            let spans = (one.lat > position.lat) != (other.lat > position.lat);
            let part = (position.lat - one.lat) / (other.lat - one.lat);
            spans && position.lon < one.lon + part * (other.lon - one.lon)
        };
        self.sides().filter(crosses).count() % 2 == 1
    }

    /// Distance to the nearest place on the border, on the plane that touches the earth at `position`: right to a few
    /// millimetres within a kilometre.
    fn border_distance_m(&self, position: &Location) -> f64 {
        // Metres to the east and north of the position.
        let plane = |corner: Corner| {
            let north = position.distance_m(&Location { lat: corner.lat, ..*position });
            let east = position.distance_m(&Location { lon: corner.lon, ..*position });
            (east.copysign(corner.lon - position.lon), north.copysign(corner.lat - position.lat))
        };
        let distance = |(one, other): (Corner, Corner)| {
            let ((x, y), (to_x, to_y)) = (plane(one), plane(other));
            let (dx, dy) = (to_x - x, to_y - y);
            let length = dx * dx + dy * dy;
            let part = if length > 0.0 { (-(x * dx + y * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            (x + part * dx).hypot(y + part * dy)
        };
        self.sides().map(distance).fold(f64::INFINITY, f64::min)
    }
}

impl Corner {
    fn location(self) -> Location {
        Location { lat: self.lat, lon: self.lon, accuracy_m: None }
    }
}

/// Twice the area in square degrees; 0 for corners on a line.
fn doubled_area(corners: &[Corner]) -> f64 {
    let Some(first) = corners.first() else { return 0.0 };
    // Seen from the first corner, so that nothing is lost to large coordinates.
    let seen: Vec<(f64, f64)> = corners.iter().map(|one| (one.lon - first.lon, one.lat - first.lat)).collect();
    let next = seen.iter().cycle().skip(1);
    seen.iter().zip(next).map(|((x, y), (next_x, next_y))| x * next_y - next_x * y).sum::<f64>().abs()
}

#[cfg(test)]
mod tests;
