//! Faults that a unit found itself 自查自改, and what guards this against abuse. Source: domain rules M03, M16 (a).
//!
//! A unit reports a fault of its own with photos, puts it right within the item's own limit, and somebody of the office
//! confirms or refuses it by the photos. Whether an inspector had seen the fault before is no part of it: nothing here
//! is read from reports that were not released, so nobody learns of them by trying.

use super::ids::{IssueId, PhotoId, PointId, SelfReportId, UnitId, UserId};
use super::invalid::{FieldCode, Invalid};
use super::limits;
use super::month::facts::SelfReport as Cover;
use super::text::text_enum;
use super::time::Timestamp;

/// How many faults a unit may have reported and not put right: whoever reports everything in advance has to put
/// everything right in time first. Source: our choice.
pub const OPEN_MAX: usize = 30;

text_enum! {
    /// How far such a report is.
    pub enum SelfReportState {
        Open = "open", "待整改", "To be put right";
        Fixed = "fixed", "待确认", "To be confirmed";
        Confirmed = "confirmed", "已确认", "Confirmed";
        Refused = "refused", "不予认定", "Refused";
    }
}

text_enum! {
    /// What a photo of it shows.
    pub enum SelfReportStage {
        Fault = "fault", "自查发现", "The fault";
        Fix = "fix", "整改", "The fix";
    }
}

/// What a unit reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfReportBody {
    /// Where.
    pub point_id: PointId,
    /// The item that is violated.
    pub item_code: String,
    /// In words; may be empty.
    pub description: String,
    /// The closed issue whose fault has come back, if it is one.
    pub relapse_of: Option<IssueId>,
    /// 1 to 9 photos of it, sent before.
    pub photo_ids: Vec<PhotoId>,
}

/// What the unit did about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfFix {
    /// In words.
    pub measure: String,
    /// 1 to 9 photos, sent before.
    pub photo_ids: Vec<PhotoId>,
}

/// What the office says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfDecision {
    /// Whether it is confirmed.
    pub confirmed: bool,
    /// Why not; may be empty for one that is confirmed.
    pub reason: String,
}

/// A fault that a unit found itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfReport {
    /// Identity, chosen by the client.
    pub id: SelfReportId,
    /// The unit.
    pub unit_id: UnitId,
    /// What was reported.
    pub body: SelfReportBody,
    /// State.
    pub state: SelfReportState,
    /// Which account of the unit reported it.
    pub reported_by: UserId,
    /// When, by the service's clock.
    pub reported_at: Timestamp,
    /// By when it has to be put right: the item's own limit.
    pub due_at: Timestamp,
    /// The fix, with the account and the time.
    pub fix: Option<(SelfFix, UserId, Timestamp)>,
    /// The decision, with the person and the time.
    pub decision: Option<(SelfDecision, UserId, Timestamp)>,
}

/// Checks photos by their number, and that none is named twice.
fn check_photos(ids: &[PhotoId], invalid: &mut Invalid) {
    if ids.is_empty() {
        invalid.push("/photo_ids", FieldCode::Missing, "at least one photo");
    }
    if ids.len() > limits::PHOTOS_PER_STEP_MAX {
        invalid.push("/photo_ids", FieldCode::TooLong, format!("at most {} photos", limits::PHOTOS_PER_STEP_MAX));
    }
    for (at, id) in ids.iter().enumerate() {
        if ids.iter().take(at).any(|before| before == id) {
            invalid.push(format!("/photo_ids/{at}"), FieldCode::Duplicate, "named twice");
        }
    }
}

impl SelfReportBody {
    /// Checks what can be checked without reading.
    ///
    /// # Errors
    /// Each field that is wrong.
    pub fn validate(&self, id: SelfReportId) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.random_id("/id", id.0);
        invalid.prose_at_most("/description", &self.description, limits::DESCRIPTION_CHARS_MAX);
        check_photos(&self.photo_ids, &mut invalid);
        invalid.into_result()
    }
}

impl SelfFix {
    /// Checks what can be checked without reading.
    ///
    /// # Errors
    /// Each field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.prose("/measure", &self.measure, limits::MEASURE_CHARS_MAX);
        check_photos(&self.photo_ids, &mut invalid);
        invalid.into_result()
    }
}

impl SelfDecision {
    /// Checks the reason: a refusal has one.
    ///
    /// # Errors
    /// The reason, if it is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if self.confirmed {
            invalid.prose_at_most("/reason", &self.reason, limits::REASON_CHARS_MAX);
        } else {
            invalid.prose("/reason", &self.reason, limits::REASON_CHARS_MAX);
        }
        invalid.into_result()
    }
}

impl SelfReport {
    /// The same after a fix.
    ///
    /// # Errors
    /// When nothing is to be put right any more.
    pub fn fixed(self, fix: SelfFix, by: UserId, at: Timestamp) -> Result<Self, Invalid> {
        match self.state {
            SelfReportState::Open => Ok(Self { state: SelfReportState::Fixed, fix: Some((fix, by, at)), ..self }),
            SelfReportState::Fixed | SelfReportState::Confirmed | SelfReportState::Refused => {
                Err(Invalid::one("", FieldCode::NotAllowed, "its fix was reported, or it was refused"))
            }
        }
    }

    /// The same after the office's decision: one whose fix was reported may be confirmed, any that is not decided may be
    /// refused. It is decided once.
    ///
    /// # Errors
    /// When it may not be decided so.
    pub fn decided(self, decision: SelfDecision, by: UserId, at: Timestamp) -> Result<Self, Invalid> {
        let state = match (self.state, decision.confirmed) {
            (SelfReportState::Fixed, true) => SelfReportState::Confirmed,
            (SelfReportState::Open | SelfReportState::Fixed, false) => SelfReportState::Refused,
            (SelfReportState::Open, true) => {
                return Err(Invalid::one("/confirmed", FieldCode::NotAllowed, "its fix was not reported yet"));
            }
            (SelfReportState::Confirmed | SelfReportState::Refused, _) => {
                return Err(Invalid::one("", FieldCode::NotAllowed, "it was decided before"));
            }
        };
        Ok(Self { state, decision: Some((decision, by, at)), ..self })
    }

    /// Whether it was put right by its deadline: only then it adds points.
    #[must_use]
    pub fn is_in_time(&self) -> bool {
        self.fix.as_ref().is_some_and(|(_, _, at)| *at <= self.due_at)
    }

    /// What it says against a fault that an inspector saw.
    #[must_use]
    pub fn cover(&self) -> Cover {
        Cover {
            point_id: self.body.point_id,
            item_code: self.body.item_code.clone(),
            reported_at: self.reported_at,
            due_at: self.due_at,
            fixed_at: self.fix.as_ref().map(|(_, _, at)| *at),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_micros(hour * 3_600_000_000)
    }

    fn report() -> SelfReport {
        SelfReport {
            id: SelfReportId(Uuid::from_u128(0x4000_8000_0000_0000_0001)),
            unit_id: UnitId(Uuid::from_u128(1)),
            body: SelfReportBody {
                point_id: PointId(Uuid::from_u128(2)),
                item_code: "WM-07".into(),
                description: String::new(),
                relapse_of: None,
                photo_ids: vec![PhotoId(Uuid::from_u128(3))],
            },
            state: SelfReportState::Open,
            reported_by: UserId(Uuid::from_u128(4)),
            reported_at: at(10),
            due_at: at(20),
            fix: None,
            decision: None,
        }
    }

    fn fix() -> SelfFix {
        SelfFix { measure: "已清理".into(), photo_ids: vec![PhotoId(Uuid::from_u128(5))] }
    }

    fn says(confirmed: bool) -> SelfDecision {
        SelfDecision { confirmed, reason: if confirmed { String::new() } else { "照片看不出问题".into() } }
    }

    #[test]
    fn it_is_put_right_once_and_decided_once() {
        let who = UserId(Uuid::from_u128(6));
        assert!(report().decided(says(true), who, at(11)).is_err());
        let refused = report().decided(says(false), who, at(11)).unwrap();
        assert_eq!(refused.state, SelfReportState::Refused);
        assert!(
            refused.clone().fixed(fix(), who, at(12)).is_err() && refused.decided(says(false), who, at(12)).is_err()
        );
        let fixed = report().fixed(fix(), who, at(20)).unwrap();
        assert!(fixed.is_in_time() && fixed.clone().fixed(fix(), who, at(21)).is_err());
        assert!(!report().fixed(fix(), who, at(21)).unwrap().is_in_time() && !report().is_in_time());
        assert_eq!(fixed.clone().decided(says(false), who, at(22)).unwrap().state, SelfReportState::Refused);
        let confirmed = fixed.decided(says(true), who, at(22)).unwrap();
        assert_eq!(confirmed.state, SelfReportState::Confirmed);
        assert!(confirmed.decided(says(false), who, at(23)).is_err());
    }

    #[test]
    fn a_report_has_photos_and_a_refusal_a_reason() {
        let body = |photo_ids: Vec<u128>| SelfReportBody {
            photo_ids: photo_ids.into_iter().map(|id| PhotoId(Uuid::from_u128(id))).collect(),
            ..report().body
        };
        let codes = |result: Result<(), Invalid>| -> Vec<FieldCode> {
            result.err().unwrap_or_default().0.into_iter().map(|fault| fault.code).collect()
        };
        assert_eq!(codes(body((1..=9).collect()).validate(report().id)), []);
        assert_eq!(codes(body(vec![]).validate(report().id)), [FieldCode::Missing]);
        assert_eq!(codes(body((1..=10).collect()).validate(report().id)), [FieldCode::TooLong]);
        assert_eq!(codes(body(vec![1, 2, 1]).validate(report().id)), [FieldCode::Duplicate]);
        let long = SelfReportBody { description: "字".repeat(501), ..body(vec![1]) };
        assert_eq!(codes(long.validate(report().id)), [FieldCode::TooLong]);
        assert_eq!(codes(fix().validate()), []);
        assert_eq!(codes(SelfFix { measure: " ".into(), ..fix() }.validate()), [FieldCode::Required]);
        assert_eq!(codes(SelfFix { photo_ids: vec![], ..fix() }.validate()), [FieldCode::Missing]);
        assert_eq!(codes(says(true).validate()), []);
        assert_eq!(codes(says(false).validate()), []);
        assert_eq!(codes(SelfDecision { confirmed: false, reason: " ".into() }.validate()), [FieldCode::Required]);
        assert_eq!(codes(SelfDecision { reason: "字".repeat(501), ..says(true) }.validate()), [FieldCode::TooLong]);
    }

    #[test]
    fn it_covers_what_is_seen_after_it_and_before_its_fix() {
        let place = |report: &SelfReport| (report.body.point_id, report.body.item_code.clone());
        let (point, item) = place(&report());
        let covers = |report: &SelfReport, hour| report.cover().covers(point, &item, at(hour));
        assert_eq!([10, 11, 20, 21].map(|hour| covers(&report(), hour)), [false, true, true, false]);
        let fixed = report().fixed(fix(), report().reported_by, at(15)).unwrap();
        assert_eq!([14, 15].map(|hour| covers(&fixed, hour)), [true, false]);
    }
}
