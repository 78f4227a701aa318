//! The heads of points 点长: one person answers for each point, and a finding stays with the person who was the head at
//! that time. Source: the office's founding document, 点长责任制.

use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::deadline::{DayEnd, TimeLimit};
use super::ids::{PointId, UnitId};
use super::invalid::{FieldCode, Invalid};
use super::limits;
use super::time::{Date, Timestamp};

/// How long a point may be without a head. Source: our judgement of what a unit needs to name another.
pub const VACANCY_LIMIT: TimeLimit = TimeLimit::WorkDays(3);

/// Days back in which a first day is looked for. Source: our choice; no holidays last so long.
const VACANCY_SEARCH_DAYS: i64 = 60;

/// One person's time as head of a point, in whole days of the county's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadTerm {
    /// The person's name, at most 40 characters.
    pub person: String,
    /// The unit that the person works for.
    pub unit_id: UnitId,
    /// First day.
    pub from: Date,
    /// Last day; `None` while no end is known.
    pub to: Option<Date>,
}

impl HeadTerm {
    /// Whether the person is head on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// All heads that a point has had, has and will have: in order, and never two at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointHeads {
    point_id: PointId,
    terms: Vec<HeadTerm>,
}

impl PointHeads {
    /// The heads of a point from stored terms, in any order.
    ///
    /// # Errors
    /// Each term that ends before it begins, or overlaps an earlier one; pointers count the terms by their first days.
    pub fn new(point_id: PointId, mut terms: Vec<HeadTerm>) -> Result<Self, Invalid> {
        terms.sort_by_key(|term| term.from);
        let mut invalid = Invalid::default();
        for (at, term) in terms.iter().enumerate() {
            invalid.prose(format!("/{at}/person").as_str(), &term.person, limits::NAME_CHARS_MAX);
            if term.to.is_some_and(|to| to < term.from) {
                invalid.push(format!("/{at}/to"), FieldCode::OutOfRange, "not before the first day");
            }
            if terms.iter().take(at).any(|earlier| earlier.to.is_none_or(|to| to >= term.from)) {
                invalid.push(format!("/{at}/from"), FieldCode::Duplicate, "one head at a time");
            }
        }
        invalid.into_result().map(|()| PointHeads { point_id, terms })
    }

    /// The point.
    #[must_use]
    pub fn point_id(&self) -> PointId {
        self.point_id
    }

    /// All terms, by their first days.
    #[must_use]
    pub fn terms(&self) -> &[HeadTerm] {
        &self.terms
    }

    /// The head on `day`.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&HeadTerm> {
        self.terms.iter().find(|term| term.holds_on(day))
    }

    /// The head at an instant: the one to whom a finding captured then belongs, whoever is head when it is released.
    #[must_use]
    pub fn at(&self, calendar: &WorkCalendar, instant: Timestamp) -> Option<&HeadTerm> {
        self.on(calendar.civil_date(instant))
    }

    /// Appoints a head from today or a later day on. The term that runs then ends the day before; nothing that has
    /// already been is changed.
    ///
    /// # Errors
    /// A first day in the past; another head begins on that day or is appointed for later; wrong fields.
    pub fn appoint(&self, term: HeadTerm, today: Date) -> Result<Self, Invalid> {
        if term.from < today {
            return Err(Invalid::one("/from", FieldCode::OutOfRange, "not in the past: history stays as it is"));
        }
        let mut invalid = Invalid::default();
        invalid.prose("/person", &term.person, limits::NAME_CHARS_MAX);
        if term.to.is_some_and(|to| to < term.from) {
            invalid.push("/to", FieldCode::OutOfRange, "not before the first day");
        }
        if self.terms.iter().any(|other| other.from >= term.from && term.to.is_none_or(|to| other.from <= to)) {
            invalid.push("/from", FieldCode::Duplicate, "another head begins then, or is appointed for later");
        }
        invalid.into_result()?;
        let mut terms = self.terms.clone();
        let day_before = term.from.yesterday().ok();
        for running in terms.iter_mut().filter(|running| running.holds_on(term.from)) {
            running.to = day_before;
        }
        terms.push(term);
        PointHeads::new(self.point_id, terms)
    }

    /// Ends the term that runs on `last`, with `last` as its last day.
    ///
    /// # Errors
    /// A day in the past; no head on that day.
    pub fn end(&self, last: Date, today: Date) -> Result<Self, Invalid> {
        if last < today {
            return Err(Invalid::one("/to", FieldCode::OutOfRange, "not in the past: history stays as it is"));
        }
        let mut terms = self.terms.clone();
        let Some(running) = terms.iter_mut().find(|term| term.holds_on(last)) else {
            return Err(Invalid::one("/to", FieldCode::Unknown, "there is no head on that day"));
        };
        running.to = Some(last);
        PointHeads::new(self.point_id, terms)
    }

    /// Appoints a head; or, where a term begins on that day already, changes its end, and all of it as long as it has
    /// not begun. `None` when nothing changes.
    ///
    /// # Errors
    /// As [`PointHeads::appoint`]; another person in a term that has begun; an end that has passed, before or after.
    pub fn with(&self, term: HeadTerm, today: Date) -> Result<Option<Self>, Invalid> {
        let Some(kept) = self.terms.iter().find(|kept| kept.from == term.from) else {
            return self.appoint(term, today).map(Some);
        };
        if *kept == term {
            return Ok(None);
        }
        let mut invalid = Invalid::default();
        invalid.prose("/person", &term.person, limits::NAME_CHARS_MAX);
        if kept.from <= today && (&kept.person, kept.unit_id) != (&term.person, term.unit_id) {
            invalid.push("/person", FieldCode::NotAllowed, "the term has begun: history stays as it is");
        }
        let is_over = |to: Option<Date>| to.is_some_and(|to| to < today);
        if is_over(kept.to) || is_over(term.to) {
            invalid.push("/to", FieldCode::OutOfRange, "not in the past: history stays as it is");
        } else if term.to.is_some_and(|to| to < term.from) {
            invalid.push("/to", FieldCode::OutOfRange, "not before the first day");
        }
        let later = self.terms.iter().filter(|other| other.from > term.from);
        if later.into_iter().any(|other| term.to.is_none_or(|to| other.from <= to)) {
            invalid.push("/to", FieldCode::Duplicate, "another head is appointed for later");
        }
        invalid.into_result()?;
        let others = self.terms.iter().filter(|other| other.from != term.from).cloned();
        PointHeads::new(self.point_id, others.chain([term.clone()]).collect()).map(Some)
    }

    /// Withdraws the appointment from this day on. `None` when there is none.
    ///
    /// # Errors
    /// A term that has begun.
    pub fn without(&self, from: Date, today: Date) -> Result<Option<Self>, Invalid> {
        if !self.terms.iter().any(|kept| kept.from == from) {
            return Ok(None);
        }
        if from <= today {
            return Err(Invalid::one("/from", FieldCode::OutOfRange, "it has begun: history stays as it is"));
        }
        let others = self.terms.iter().filter(|kept| kept.from != from).cloned().collect();
        PointHeads::new(self.point_id, others).map(Some)
    }

    /// The first of the days without a head up to and including `day`; `None` if somebody is head on `day`. `since` is
    /// the first day on which the point needs a head.
    #[must_use]
    pub fn vacant_from(&self, since: Date, day: Date) -> Option<Date> {
        if day < since || self.on(day).is_some() {
            return None;
        }
        let ended = self.terms.iter().filter_map(|term| term.to).filter(|to| *to < day).max();
        let after = ended.and_then(|last| last.tomorrow().ok());
        Some(after.map_or(since, |after| after.max(since)))
    }

    /// The first day of a vacancy that has lasted for more than three working days at `now`, so that the office is
    /// alarmed. Its first day counts if it is a working day: who leaves on a Friday leaves a vacancy from Saturday, and
    /// the alarm is on Thursday at 0:00.
    #[must_use]
    pub fn overdue_vacancy(&self, calendar: &WorkCalendar, since: Date, now: Timestamp) -> Option<Date> {
        let first = self.vacant_from(since, calendar.civil_date(now))?;
        // A limit does not count the day on which it starts: that is the last day before the vacancy.
        let start = calendar.instant(first, jiff::civil::Time::midnight()).minus(std::time::Duration::from_micros(1));
        (now >= VACANCY_LIMIT.due(calendar, DayEnd::Midnight, start)).then_some(first)
    }
}

/// The latest first day of a vacancy that alarms the office at `now`.
#[must_use]
pub fn overdue_since(calendar: &WorkCalendar, now: Timestamp) -> Date {
    let today = calendar.civil_date(now);
    let is_overdue = |first: &Date| {
        let start = calendar.instant(*first, jiff::civil::Time::midnight()).minus(std::time::Duration::from_micros(1));
        now >= VACANCY_LIMIT.due(calendar, DayEnd::Midnight, start)
    };
    (0..VACANCY_SEARCH_DAYS)
        .map(|back| today.saturating_sub(jiff::Span::new().days(back)))
        .find(is_overdue)
        .unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests;
