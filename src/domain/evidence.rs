//! Evidence doubts 证据存疑: flags for a human to weigh. A flag never blocks saving.

use super::geo::Location;
use super::ids::{IssueId, PhotoId};
use super::text::text_enum;
use super::time::Timestamp;
use std::time::Duration;

text_enum! {
    /// What is doubtful about the evidence.
    pub enum FlagCode {
        OutsideGeofence = "outside-geofence", "定位在点位围栏之外", "Outside the point's geofence";
        LocationUnknown = "location-unknown", "没有定位", "No position";
        ClockSkew = "clock-skew", "设备时间与服务器不符", "Device clock differs from the server's";
        Late = "late", "未在当日上报", "Not reported on the day";
        ViewMissing = "view-missing", "缺少远景或近景", "Far or near view missing";
        PhotoReused = "photo-reused", "照片曾被使用", "Photo used before";
        PhotoSimilar = "photo-similar", "照片与已有照片相似", "Photo similar to an earlier one";
        PhotoTimeDiffers = "photo-time-differs", "照片内记录的时间与上报不符", "Time inside the photo differs";
        PhotoPlaceDiffers = "photo-place-differs", "照片内记录的位置与点位不符", "Position inside the photo differs";
        PhotoEdited = "photo-edited", "照片经软件处理", "Photo was processed by software";
        PhotoSmall = "photo-small", "照片尺寸偏小", "Photo is small";
        PhotoNoPreview = "photo-no-preview", "照片无法预览", "Photo has no preview";
        PhotoUnreadable = "photo-unreadable", "照片无法解码", "Photo cannot be decoded";
        DeskCheck = "desk-check", "应现场核查而在线上核查", "Checked at the desk where a visit is expected";
    }
}

impl FlagCode {
    /// Whether it is about how the fix was checked, which is not the finder's to know.
    #[must_use]
    pub fn is_about_check(self) -> bool {
        match self {
            FlagCode::DeskCheck => true,
            FlagCode::OutsideGeofence
            | FlagCode::LocationUnknown
            | FlagCode::ClockSkew
            | FlagCode::Late
            | FlagCode::ViewMissing
            | FlagCode::PhotoReused
            | FlagCode::PhotoSimilar
            | FlagCode::PhotoTimeDiffers
            | FlagCode::PhotoPlaceDiffers
            | FlagCode::PhotoEdited
            | FlagCode::PhotoSmall
            | FlagCode::PhotoNoPreview
            | FlagCode::PhotoUnreadable => false,
        }
    }
}

/// One doubt about one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// What.
    pub code: FlagCode,
    /// The figures, in plain words.
    pub detail: String,
    /// Which photo it is about.
    pub photo_id: Option<PhotoId>,
    /// The earlier issue it refers to.
    pub refers_to_issue: Option<IssueId>,
    /// The earlier photo it refers to.
    pub refers_to_photo: Option<PhotoId>,
}

impl Flag {
    /// A doubt about the issue as a whole.
    #[must_use]
    pub fn about_issue(code: FlagCode, detail: impl Into<String>) -> Self {
        Flag { code, detail: detail.into(), photo_id: None, refers_to_issue: None, refers_to_photo: None }
    }

    /// A doubt about one photo.
    #[must_use]
    pub fn about_photo(code: FlagCode, photo_id: PhotoId, detail: impl Into<String>) -> Self {
        Flag { photo_id: Some(photo_id), ..Flag::about_issue(code, detail) }
    }

    /// Points to the earlier use of the same or a similar photo.
    #[must_use]
    pub fn refers_to(self, issue: IssueId, photo: PhotoId) -> Self {
        Flag { refers_to_issue: Some(issue), refers_to_photo: Some(photo), ..self }
    }

    /// What makes it the same doubt when it is raised again.
    #[must_use]
    pub fn subject(&self) -> String {
        let id = |id: Option<uuid::Uuid>| id.map_or_else(String::new, |id| id.simple().to_string());
        format!("{}/{}", id(self.photo_id.map(|photo| photo.0)), id(self.refers_to_photo.map(|photo| photo.0)))
    }
}

/// Difference between device and server clock that is still fine. Source: domain §6.5.
pub const CLOCK_SKEW_MAX: Duration = Duration::from_secs(5 * 60);

/// Distance between where a photo says it was taken and where the report says,
/// beyond the accuracy, that is still fine, in metres. Source: our choice, to be tuned.
pub const PHOTO_DISTANCE_MAX_M: f64 = 500.0;

/// Difference between the time inside a photo and the report's that is still fine.
/// Source: our choice, to be tuned.
pub const PHOTO_TIME_MAX: Duration = Duration::from_secs(30 * 60);

/// Longest edge below which a photo is called small, in pixels. Source: domain §6.4.
pub const PHOTO_LONG_EDGE_MIN_PX: u32 = 1280;

/// Whether a position is within a point's circle: three-valued, and accuracy counts
/// in favour. Source: domain §6.4, `distance ≤ radius + accuracy`.
#[must_use]
pub fn geofence(point: &Location, radius_m: f64, at: Option<&Location>) -> Option<Flag> {
    let Some(at) = at else {
        return Some(Flag::about_issue(FlagCode::LocationUnknown, ""));
    };
    let distance = point.distance_m(at);
    let allowed = radius_m + at.accuracy_m.unwrap_or(0.0);
    (distance > allowed).then(|| {
        Flag::about_issue(
            FlagCode::OutsideGeofence,
            format!("{distance:.0} m > {radius_m:.0} m ± {:.0} m", at.accuracy_m.unwrap_or(0.0)),
        )
    })
}

/// Doubts about the time of capture, given when the server received the report.
#[must_use]
pub fn timing(captured_at: Timestamp, received_at: Timestamp, same_day: bool) -> Vec<Flag> {
    let mut flags = Vec::new();
    let ahead = captured_at.since(received_at);
    if ahead > CLOCK_SKEW_MAX {
        flags.push(Flag::about_issue(FlagCode::ClockSkew, format!("+{} s", ahead.as_secs())));
    } else if !same_day {
        let behind = received_at.since(captured_at);
        flags.push(Flag::about_issue(FlagCode::Late, format!("{} h", behind.as_secs() / 3600)));
    }
    flags
}
