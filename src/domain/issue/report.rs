//! A report as an inspector sends it: its fields, their checks, and the digest by which a repeated report is
//! recognised.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, IssuePhoto, PhotoStage, PhotoView, Severity, Source, Violation};
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{CaptureNonce, IssueId, PhotoId, PointId, UserId, VisitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::mark::{self, Mark};
use crate::domain::time::{CLIENT_TIME_MAX, CLIENT_TIME_MIN, Timestamp};
use crate::domain::unlisted_place::UnlistedPlace;

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportBody)]
pub struct Report {
    /// Where: a point of the list, or `place`.
    #[serde(default)]
    pub point_id: Option<PointId>,
    /// Where, if it is not on the list. The office makes a point of it, or adds it to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<UnlistedPlace>,
    /// Item that is violated.
    #[schema(example = "WM-07")]
    pub item_code: String,
    /// How bad.
    pub severity: Severity,
    /// In words, at most 500 characters; may be empty.
    #[serde(default)]
    pub description: String,
    /// Device time of the finding.
    pub captured_at: Timestamp,
    /// Where the device was.
    #[serde(default)]
    pub location: Option<Location>,
    /// 1 to 9 photos, sent or to be sent.
    #[schema(min_items = 1, max_items = 9)]
    pub photos: Vec<ReportPhoto>,
    /// The walk it was found on.
    #[serde(default)]
    pub visit_id: Option<VisitId>,
    /// A number that the phone was given ahead, one for each finding: it shows that the finding was made after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_nonce: Option<CaptureNonce>,
    /// What the device's clock showed as this call was sent. It differs with each try, and is no part of the report.
    #[serde(default, skip_serializing_if = "is_never_kept")]
    pub sent_at: Option<Timestamp>,
}

/// Fields about the call, and not about the finding, are neither stored nor compared.
fn is_never_kept(_: &Option<Timestamp>) -> bool {
    true
}

/// A photo that a report names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportPhotoBody)]
pub struct ReportPhoto {
    /// The upload's id.
    pub id: PhotoId,
    /// `far`, `near` or `detail`.
    pub view: PhotoView,
    /// The bytes it must have; others are refused.
    #[serde(default)]
    pub sha256: Option<Digest>,
    /// Device time it was taken; the report's when absent.
    #[serde(default)]
    pub captured_at: Option<Timestamp>,
    /// What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 12)]
    pub marks: Vec<Mark>,
    /// Whether it was chosen from the album instead of taken for the report.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_album: bool,
}

impl Report {
    /// The digest by which a repeated report is recognised. Reports stored before the canonical form are recognised by
    /// [`Report::first_digest`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        canonical::digest(self)
    }

    /// The digest that versions before the canonical form stored: the fields of that time as they were serialised. It
    /// ignores later fields, so a report that uses one cannot match a stored digest.
    #[must_use]
    pub fn first_digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(&FirstReport::from(self)).unwrap_or_default())
    }

    /// Checks what can be checked without a lookup.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self, id: IssueId) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let photos = (0..).zip(&self.photos).map(|(at, photo): (usize, _)| (format!("/photos/{at}/id"), photo.id.0));
        for (pointer, id) in std::iter::once(("/id".to_owned(), id.0)).chain(photos) {
            invalid.random_id(pointer, id);
        }
        invalid.prose_at_most("/description", &self.description, limits::DESCRIPTION_CHARS_MAX);
        let of_photos = (0..)
            .zip(&self.photos)
            .filter_map(|(at, photo): (usize, _)| Some((format!("/photos/{at}/captured_at"), photo.captured_at?)));
        for (pointer, time) in std::iter::once(("/captured_at".to_owned(), self.captured_at)).chain(of_photos) {
            if !(CLIENT_TIME_MIN..CLIENT_TIME_MAX).contains(&time) {
                invalid.push(pointer, FieldCode::OutOfRange, "between the years 2000 and 2100");
            }
        }
        if let Some(location) = &self.location {
            location.validate("/location", &mut invalid);
        }
        match (&self.point_id, &self.place) {
            (None, None) => invalid.push("/point_id", FieldCode::Missing, "a point, or a `place` off the list"),
            (Some(_), Some(_)) => invalid.push("/place", FieldCode::NotAllowed, "either a point or a place"),
            (Some(_), None) => {}
            (None, Some(place)) => place.validate("/place", &mut invalid),
        }
        if self.photos.is_empty() {
            invalid.push("/photos", FieldCode::Missing, "at least one photo");
        }
        if self.photos.len() > limits::PHOTOS_PER_STEP_MAX {
            let max = limits::PHOTOS_PER_STEP_MAX;
            invalid.push("/photos", FieldCode::TooLong, format!("at most {max} photos"));
        }
        for (at, photo) in self.photos.iter().enumerate() {
            if self.photos.iter().take(at).any(|earlier| earlier.id == photo.id) {
                invalid.push(format!("/photos/{at}/id"), FieldCode::Duplicate, "named twice");
            }
            if !matches!(photo.view, PhotoView::Far | PhotoView::Near | PhotoView::Detail) {
                invalid.push(format!("/photos/{at}/view"), FieldCode::NotAllowed, "`far`, `near` or `detail`");
            }
            mark::validate(&photo.marks, &format!("/photos/{at}/marks"), &mut invalid);
        }
        invalid.into_result()
    }

    /// What it says was found: `violation`, by `finder`, received at `now`.
    #[must_use]
    pub fn finding(&self, violation: Violation, finder: UserId, now: Timestamp) -> Finding {
        // Each field is named: none that is added is forgotten.
        let Report {
            description,
            captured_at,
            location,
            visit_id,
            // In the violation, looked up by the caller.
            point_id: _,
            place: _,
            item_code: _,
            severity: _,
            // Attached to the issue.
            photos: _,
            // Compared with what was given to the phone.
            capture_nonce: _,
            // Compared with the server's clock when it arrives.
            sent_at: _,
        } = self;
        Finding {
            description: description.trim().to_owned(),
            location: *location,
            visit_id: *visit_id,
            ..Finding::of(Source::Inspection, violation, finder, *captured_at, now)
        }
    }

    /// Its photos as attached to the issue.
    #[must_use]
    pub fn issue_photos(&self) -> Vec<IssuePhoto> {
        let photo = |photo: &ReportPhoto| IssuePhoto {
            photo_id: photo.id,
            stage: PhotoStage::Found,
            round: 1,
            view: photo.view,
            captured_at: Some(photo.captured_at.unwrap_or(self.captured_at)),
            marks: photo.marks.clone(),
        };
        self.photos.iter().map(photo).collect()
    }
}

/// The fields of a report in the order in which versions before the canonical form wrote them. Must never change.
#[derive(Serialize)]
struct FirstReport<'a> {
    point_id: Option<PointId>,
    item_code: &'a str,
    severity: Severity,
    description: &'a str,
    captured_at: Timestamp,
    location: Option<Location>,
    photos: Vec<FirstPhoto<'a>>,
    visit_id: Option<VisitId>,
}

#[derive(Serialize)]
struct FirstPhoto<'a> {
    id: PhotoId,
    view: PhotoView,
    sha256: Option<Digest>,
    captured_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "<[Mark]>::is_empty")]
    marks: &'a [Mark],
}

impl<'a> From<&'a Report> for FirstReport<'a> {
    fn from(report: &'a Report) -> Self {
        let photo = |photo: &'a ReportPhoto| FirstPhoto {
            id: photo.id,
            view: photo.view,
            sha256: photo.sha256,
            captured_at: photo.captured_at,
            marks: &photo.marks,
        };
        FirstReport {
            point_id: report.point_id,
            item_code: &report.item_code,
            severity: report.severity,
            description: &report.description,
            captured_at: report.captured_at,
            location: report.location,
            photos: report.photos.iter().map(photo).collect(),
            visit_id: report.visit_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report() -> serde_json::Value {
        json!({
            "point_id": "00000000-0000-4000-8000-000000000003",
            "item_code": "WM-07",
            "severity": "medium",
            "description": "垃圾未清运",
            "captured_at": "2026-08-03T15:04:11.391+08:00",
            "location": {"lat": 31.25, "lon": 108.5, "accuracy_m": 12.5},
            "photos": [
                {"id": "00000000-0000-4000-8000-000000000021", "view": "far", "sha256": "ab".repeat(32)},
                {"id": "00000000-0000-4000-8000-000000000022", "view": "near",
                 "captured_at": "2026-08-03T15:03:00+08:00",
                 "marks": [{"kind": "blur", "x1": 0.1, "y1": 0.2, "x2": 0.3, "y2": 0.4}]},
            ],
        })
    }

    fn read(value: serde_json::Value) -> Report {
        serde_json::from_value(value).expect("a report")
    }

    /// Golden: stored reports are recognised by these digests before and after every upgrade.
    #[test]
    fn a_stored_report_is_known_again_by_every_later_version() {
        let report = read(report());
        assert_eq!(report.first_digest().to_string(), FIRST);
        assert_eq!(report.digest().to_string(), CANONICAL);
    }

    const FIRST: &str = "ddd1695fbd739bd6691689c17f18a64d641a937b69d8df6cfc11d6b88ac62b0b";
    const CANONICAL: &str = "ab59521f971bf63555823de173c33c283125c0ceda56bb18a3a0fa0111b09d5f";

    #[test]
    fn what_is_left_out_and_what_is_null_are_the_same_report() {
        let mut spelled = report();
        spelled["visit_id"] = serde_json::Value::Null;
        spelled["photos"][0]["captured_at"] = serde_json::Value::Null;
        spelled["photos"][0]["marks"] = json!([]);
        assert_eq!(read(spelled.clone()).digest(), read(report()).digest());
        spelled["place"] = serde_json::Value::Null;
        assert_eq!(read(spelled).digest(), read(report()).digest());
        let mut other = report();
        other["photos"][1]["marks"] = json!([]);
        assert_ne!(read(other).digest(), read(report()).digest());
    }

    #[test]
    fn a_report_has_one_to_nine_photos_that_are_kept_with_their_times_and_marks() {
        let with = |count: u32| {
            let mut some = report();
            let photo = |number| json!({"id": format!("00000000-0000-4000-8000-0000000000{number}"), "view": "far"});
            some["photos"] = json!((10..10 + count).map(photo).collect::<Vec<_>>());
            let id = IssueId(uuid::Uuid::from_u128(0x4000_8000_0000_0000_0001));
            let faults = read(some).validate(id).err().unwrap_or_default().0;
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        for (count, code) in [
            (0, Some(FieldCode::Missing)),
            (1, None),
            (9, None),
            (10, Some(FieldCode::TooLong)),
            (11, Some(FieldCode::TooLong)),
        ] {
            assert_eq!(with(count), code.map(|code| ("/photos".to_owned(), code)).into_iter().collect::<Vec<_>>());
        }
        let report = read(report());
        let kept = report.issue_photos();
        let ids: Vec<PhotoId> = kept.iter().map(|photo| photo.photo_id).collect();
        assert_eq!(ids, report.photos.iter().map(|photo| photo.id).collect::<Vec<_>>());
        assert!(kept.iter().all(|photo| (photo.stage, photo.round) == (PhotoStage::Found, 1)));
        // The first has no time of its own.
        let times: Vec<_> = kept.iter().map(|photo| photo.captured_at).collect();
        assert_eq!(times, [Some(report.captured_at), report.photos[1].captured_at]);
        assert_eq!(kept.iter().map(|photo| photo.marks.len()).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(kept.iter().map(|photo| photo.view).collect::<Vec<_>>(), [PhotoView::Far, PhotoView::Near]);
    }

    #[test]
    fn what_is_found_is_what_the_report_says() {
        let mut said = report();
        said["description"] = json!(" 垃圾未清运 ");
        said["visit_id"] = json!("00000000-0000-4000-8000-000000000041");
        let report = read(said);
        let violation = Violation {
            item_code: "WM-07".into(),
            campaign: "WM".into(),
            severity: Severity::Medium,
            point_id: report.point_id.unwrap_or(PointId(uuid::Uuid::nil())),
            area_code: "990001".into(),
        };
        let found = report.finding(violation, UserId(uuid::Uuid::from_u128(10)), report.captured_at);
        assert_eq!((&*found.description, found.location), ("垃圾未清运", report.location));
        assert!(found.location.is_some() && found.visit_id.is_some());
        assert_eq!((found.visit_id, found.captured_at), (report.visit_id, report.captured_at));
    }

    #[test]
    fn a_report_says_where_it_is_once() {
        let faults = |value: serde_json::Value| {
            let faults = read(value)
                .validate(IssueId(uuid::Uuid::from_u128(0x4000_8000_0000_0000_0001)))
                .err()
                .unwrap_or_default()
                .0;
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        let place = json!({"name": "滨河路旧码头", "location": {"lat": 31.25, "lon": 108.5}});
        let with = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut report = report();
            report["point_id"] = serde_json::Value::Null;
            report["place"] = place.clone();
            change(&mut report);
            report
        };
        assert_eq!(faults(report()), []);
        assert_eq!(faults(with(&|_| ())), []);
        assert_eq!(
            faults(with(&|it| it["point_id"] = report()["point_id"].clone())),
            one("/place", FieldCode::NotAllowed)
        );
        assert_eq!(faults(with(&|it| it["place"] = serde_json::Value::Null)), one("/point_id", FieldCode::Missing));
        assert_eq!(
            faults(with(&|it| it["place"]["name"] = json!(" \u{200b}"))),
            one("/place/name", FieldCode::Required)
        );
        assert_eq!(
            faults(with(&|it| it["place"]["name"] = json!("旧\n码头"))),
            one("/place/name", FieldCode::Malformed)
        );
        assert_eq!(
            faults(with(&|it| it["place"]["address"] = json!("路".repeat(201)))),
            one("/place/address", FieldCode::TooLong)
        );
        let beyond = with(&|it| it["place"]["location"]["lat"] = json!(90.5));
        assert_eq!(faults(beyond), one("/place/location/lat", FieldCode::OutOfRange));
        // Another name is another report.
        assert_ne!(read(with(&|it| it["place"]["name"] = json!("码头"))).digest(), read(with(&|_| ())).digest());
    }
}
