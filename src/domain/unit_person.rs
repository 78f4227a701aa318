//! Who answers for a unit: its principal 一把手, its vice head in charge 分管领导, its liaison 联络员. Each holds from a
//! day until the next one does, and what has been stays as it was. Source: the office's founding document, 落实到人.

use super::invalid::{FieldCode, Invalid};
use super::limits;
use super::text::text_enum;
use super::time::{Date, YEARS};

text_enum! {
    /// What somebody is for a unit.
    pub enum UnitDuty {
        Principal = "principal", "一把手", "Principal";
        ViceHead = "vice-head", "分管领导", "Vice head";
        Liaison = "liaison", "联络员", "Liaison";
    }
}

/// Characters of a telephone number. Source: our choice; an extension included.
pub const PHONE_CHARS_MAX: usize = 30;

/// Somebody who answers for a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitPerson {
    /// As what.
    pub duty: UnitDuty,
    /// From which day on.
    pub from: Date,
    /// The person's name; empty while nobody is named.
    pub person: String,
    /// A telephone number; may be empty.
    pub phone: String,
}

impl UnitPerson {
    /// Checks every field.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if !YEARS.contains(&self.from.year()) {
            invalid.push("/from", FieldCode::OutOfRange, format!("from {} to {}", YEARS.start(), YEARS.end()));
        }
        invalid.prose_at_most("/person", &self.person, limits::NAME_CHARS_MAX);
        let is_number = |letter: char| letter.is_ascii_digit() || " +-()".contains(letter);
        if !self.phone.chars().all(is_number) {
            invalid.push("/phone", FieldCode::Malformed, "digits, spaces and +-()");
        } else if self.phone.len() > PHONE_CHARS_MAX {
            invalid.push("/phone", FieldCode::TooLong, format!("at most {PHONE_CHARS_MAX} characters"));
        }
        invalid.into_result()
    }
}

/// Whether `asked` may be written beside what is there: from today on, or as the very first of its duty.
///
/// # Errors
/// A day that has passed.
pub fn admit(kept: &[UnitPerson], asked: &UnitPerson, today: Date) -> Result<(), Invalid> {
    let mut of_duty = kept.iter().filter(|other| other.duty == asked.duty);
    if asked.from >= today || of_duty.all(|other| other.from > asked.from && other.from >= today) {
        Ok(())
    } else {
        Err(Invalid::one("/from", FieldCode::OutOfRange, "not in the past: history stays as it is"))
    }
}

/// Who holds each duty on `day`.
#[must_use]
pub fn on(kept: &[UnitPerson], day: Date) -> Vec<&UnitPerson> {
    let holder =
        |duty: &UnitDuty| kept.iter().filter(|one| one.duty == *duty && one.from <= day).max_by_key(|one| one.from);
    UnitDuty::ALL.iter().filter_map(holder).filter(|one| !one.person.is_empty()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(number: i8) -> Date {
        jiff::civil::date(2026, 8, number)
    }

    fn person(duty: UnitDuty, from: i8, name: &str) -> UnitPerson {
        UnitPerson { duty, from: day(from), person: name.into(), phone: String::new() }
    }

    #[test]
    fn one_holds_a_duty_until_the_next_does() {
        let kept = [
            person(UnitDuty::Principal, 1, "甲"),
            person(UnitDuty::Principal, 5, "乙"),
            person(UnitDuty::Principal, 9, ""),
            person(UnitDuty::Liaison, 5, "丙"),
        ];
        let names = |number| on(&kept, day(number)).iter().map(|one| one.person.clone()).collect::<Vec<_>>();
        assert_eq!(names(4), ["甲"]);
        assert_eq!(names(5), ["乙", "丙"]);
        assert_eq!(names(8), ["乙", "丙"]);
        assert_eq!(names(9), ["丙"]);
    }

    #[test]
    fn what_has_been_stays() {
        let kept = [person(UnitDuty::Principal, 5, "甲")];
        assert!(admit(&kept, &person(UnitDuty::Principal, 6, "乙"), day(7)).is_err());
        assert!(admit(&kept, &person(UnitDuty::Principal, 4, "乙"), day(7)).is_err());
        admit(&kept, &person(UnitDuty::Principal, 7, "乙"), day(7)).unwrap();
        // Who holds a duty already is noted with the day on which that began.
        admit(&kept, &person(UnitDuty::Liaison, 1, "乙"), day(7)).unwrap();
        admit(&kept, &person(UnitDuty::Principal, 1, "乙"), day(5)).unwrap();
    }

    #[test]
    fn fields_are_checked() {
        let fine = UnitPerson { phone: "0827-123 4567 (8)".into(), ..person(UnitDuty::Liaison, 1, "甲") };
        fine.validate().unwrap();
        for wrong in [
            UnitPerson { phone: "电话".into(), ..fine.clone() },
            UnitPerson { phone: "1".repeat(31), ..fine.clone() },
            UnitPerson { person: "甲".repeat(41), ..fine.clone() },
            UnitPerson { from: jiff::civil::date(1, 1, 1), ..fine.clone() },
        ] {
            assert_eq!(wrong.validate().unwrap_err().0.len(), 1, "{wrong:?}");
        }
    }
}
