//! Doubts about evidence 证据存疑: flags that a person decides on. A flag never blocks saving.

use super::fingerprint::{Fingerprint, Likeness};
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
        HandedIn = "handed-in", "由督查室补录", "Handed in by the office";
        ViewMissing = "view-missing", "缺少远景或近景", "Far or near view missing";
        PhotoReused = "photo-reused", "照片曾被使用", "Photo used before";
        PhotoSimilar = "photo-similar", "照片与已有照片相似", "Photo similar to an earlier one";
        PhotoTimeDiffers = "photo-time-differs", "照片内记录的时间与上报不符", "Time inside the photo differs";
        PhotoPlaceDiffers = "photo-place-differs", "照片内记录的位置与点位不符", "Position inside the photo differs";
        PhotoEdited = "photo-edited", "照片经软件处理", "Photo was processed by software";
        PhotoSmall = "photo-small", "照片尺寸偏小", "Photo is small";
        PhotoNoPreview = "photo-no-preview", "照片无法预览", "Photo has no preview";
        PhotoUnreadable = "photo-unreadable", "照片无法解码", "Photo cannot be decoded";
        PermittedZone = "permitted-zone", "在允许摆摊区和时段内", "Inside a zone where stalls are permitted";
        ImpossibleTravel = "impossible-travel", "两次取证之间移动过快", "Moved too fast between two findings";
        PositionRepeated = "position-repeated", "定位多次完全相同", "Exactly the same position again and again";
        FromAlbum = "from-album", "照片选自相册", "Photo chosen from the album";
        FixAlike = "fix-alike", "整改照片与原照片几乎相同", "Photo of the fix almost equals the found one";
        FixUnlike = "fix-unlike", "整改照片与原照片差异过大", "Photo of the fix differs too much from the found one";
        ClosingBurst = "closing-burst", "短时间内集中反馈多处整改", "Many fixes far apart reported at once";
        NonceMissing = "nonce-missing", "没有取证随机码", "No capture number";
        NonceUnknown = "nonce-unknown", "取证随机码不是发给本人的", "Capture number was never given to this person";
        NonceOutdated = "nonce-outdated", "取证随机码不在有效期内", "Capture number used outside its time";
        NonceReused = "nonce-reused", "取证随机码重复使用", "Capture number used before";
        DeskCheck = "desk-check", "应现场核查而在线上核查", "Checked at the desk where a visit is expected";
    }
}

impl FlagCode {
    /// Whether the finder may not know of it: it is about the fix or its check, or about how the finder works.
    #[must_use]
    pub fn is_kept_from_finder(self) -> bool {
        match self {
            FlagCode::DeskCheck
            | FlagCode::NonceMissing
            | FlagCode::NonceUnknown
            | FlagCode::NonceOutdated
            | FlagCode::NonceReused
            | FlagCode::ImpossibleTravel
            | FlagCode::PositionRepeated
            | FlagCode::FromAlbum
            | FlagCode::FixAlike
            | FlagCode::FixUnlike
            | FlagCode::ClosingBurst => true,
            FlagCode::OutsideGeofence
            | FlagCode::LocationUnknown
            | FlagCode::ClockSkew
            | FlagCode::Late
            | FlagCode::HandedIn
            | FlagCode::ViewMissing
            | FlagCode::PhotoReused
            | FlagCode::PhotoSimilar
            | FlagCode::PhotoTimeDiffers
            | FlagCode::PhotoPlaceDiffers
            | FlagCode::PhotoEdited
            | FlagCode::PhotoSmall
            | FlagCode::PhotoNoPreview
            | FlagCode::PhotoUnreadable
            | FlagCode::PermittedZone => false,
        }
    }
}

/// One doubt about one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Kind.
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
    /// A doubt about the whole issue.
    #[must_use]
    pub fn about_issue(code: FlagCode, detail: impl Into<String>) -> Self {
        Flag { code, detail: detail.into(), photo_id: None, refers_to_issue: None, refers_to_photo: None }
    }

    /// A doubt about one photo.
    #[must_use]
    pub fn about_photo(code: FlagCode, photo_id: PhotoId, detail: impl Into<String>) -> Self {
        Flag { photo_id: Some(photo_id), ..Flag::about_issue(code, detail) }
    }

    /// Adds the earlier use of the same or a similar photo.
    #[must_use]
    pub fn refers_to(self, issue: IssueId, photo: PhotoId) -> Self {
        Flag { refers_to_issue: Some(issue), refers_to_photo: Some(photo), ..self }
    }

    /// Identifies the doubt, so that raising it again adds nothing.
    #[must_use]
    pub fn subject(&self) -> String {
        let id = |id: Option<uuid::Uuid>| id.map_or_else(String::new, |id| id.simple().to_string());
        format!("{}/{}", id(self.photo_id.map(|photo| photo.0)), id(self.refers_to_photo.map(|photo| photo.0)))
    }
}

/// Most doubts of one kind about one photo: people look at three similar photos, but not at a thousand. Source: our
/// choice.
pub const DOUBTS_PER_PHOTO_MAX: usize = 3;

/// The doubts of one kind about one photo: the first few, which are the strongest, and a count of the others. Several
/// issues that use the same earlier photo make one doubt.
#[derive(Debug, Default)]
pub struct FirstDoubts {
    told: Vec<Flag>,
    more: usize,
    /// There may be more than were counted.
    open: bool,
}

impl FirstDoubts {
    /// Adds the next one; call it with the strongest first.
    pub fn push(&mut self, flag: Flag) {
        if self.told.iter().any(|told| told.subject() == flag.subject()) {
            return;
        }
        if self.told.len() < DOUBTS_PER_PHOTO_MAX {
            self.told.push(flag);
        } else {
            self.more += 1;
        }
    }

    /// Notes that not all candidates were checked.
    pub fn leave_open(&mut self) {
        self.open = true;
    }

    /// Whether no more are listed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.told.len() == DOUBTS_PER_PHOTO_MAX
    }

    /// The doubts; the last one says how many more there are.
    #[must_use]
    pub fn into_flags(mut self) -> Vec<Flag> {
        let more = if self.open { format!("at least {} more", self.more) } else { format!("{} more", self.more) };
        if let Some(last) = self.told.last_mut().filter(|_| self.more > 0) {
            last.detail = if last.detail.is_empty() { more } else { format!("{}, {more}", last.detail) };
        }
        self.told
    }
}

/// The doubts as they are shown: a few of each kind about each photo, the most similar first. Doubts stored before
/// there was a limit are cut to it here.
#[must_use]
pub fn told(flags: Vec<Flag>) -> Vec<Flag> {
    type About = (FlagCode, Option<PhotoId>);
    let mut groups: Vec<(About, Vec<Flag>)> = Vec::new();
    for flag in flags {
        let about = (flag.code, flag.photo_id);
        match groups.iter_mut().find(|(its, _)| *its == about) {
            Some((_, group)) => group.push(flag),
            None => groups.push((about, vec![flag])),
        }
    }
    groups
        .into_iter()
        .flat_map(|((code, _), mut group)| {
            if group.len() > DOUBTS_PER_PHOTO_MAX && code == FlagCode::PhotoSimilar {
                group.sort_by_key(|flag| bits_apart(&flag.detail));
            }
            let mut doubts = FirstDoubts::default();
            group.into_iter().for_each(|flag| doubts.push(flag));
            doubts.into_flags()
        })
        .collect()
}

/// The detail of [`FlagCode::PhotoSimilar`] for a photo that differs in this many of the 64 bits of its fingerprint.
#[must_use]
pub fn similar_detail(likeness: Likeness) -> String {
    format!("{}/64{}", likeness.distance, if likeness.mirrored { ", mirrored" } else { "" })
}

fn bits_apart(detail: &str) -> u32 {
    detail.split('/').next().and_then(|bits| bits.parse().ok()).unwrap_or(u32::MAX)
}

/// Accepted distance in metres between the place that a photo's metadata names and the point's circle. Source: our
/// choice, to be tuned.
pub const PHOTO_DISTANCE_MAX_M: f64 = 500.0;

/// A photo whose longest edge is below this many pixels counts as small. Source: domain §6.4.
pub const PHOTO_LONG_EDGE_MIN_PX: u32 = 1280;

/// Whether a position is within a point's circle: yes, no or unknown; inaccuracy counts in its favour. A point whose
/// place nobody has noted has no circle, and nobody is outside it. Source: domain §6.4, `distance ≤ radius + accuracy`.
#[must_use]
pub fn geofence(point: Option<&Location>, radius_m: f64, at: Option<&Location>) -> Option<Flag> {
    let Some(at) = at else {
        return Some(Flag::about_issue(FlagCode::LocationUnknown, ""));
    };
    let point = point?;
    let distance = point.distance_m(at);
    let allowed = radius_m + at.accuracy_m.unwrap_or(0.0);
    (distance > allowed).then(|| {
        Flag::about_issue(
            FlagCode::OutsideGeofence,
            format!("{distance:.0} m > {radius_m:.0} m ± {:.0} m", at.accuracy_m.unwrap_or(0.0)),
        )
    })
}

/// Doubts about the time of capture, given when the server received the report. A device whose clock is at most
/// `ahead_max` ahead may name the next day already: that is not late.
#[must_use]
pub fn timing(captured_at: Timestamp, received_at: Timestamp, same_day: bool, ahead_max: Duration) -> Vec<Flag> {
    let mut flags = Vec::new();
    let ahead = captured_at.since(received_at);
    if ahead > ahead_max {
        flags.push(Flag::about_issue(FlagCode::ClockSkew, format!("+{} s", ahead.as_secs())));
    } else if captured_at < received_at && !same_day {
        let behind = received_at.since(captured_at);
        flags.push(Flag::about_issue(FlagCode::Late, format!("{} h", behind.as_secs() / 3600)));
    }
    flags
}

/// The doubt because the device's clock differed from the server's as it sent the report, by more than `skew_max`.
#[must_use]
pub fn clock(sent_at: Timestamp, received_at: Timestamp, skew_max: Duration) -> Option<Flag> {
    let sign = if sent_at > received_at { '+' } else { '-' };
    let apart = sent_at.abs_diff(received_at);
    (apart > skew_max).then(|| Flag::about_issue(FlagCode::ClockSkew, format!("{sign}{} s", apart.as_secs())))
}

/// Where somebody was when they found something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capture {
    /// Device time.
    pub at: Timestamp,
    /// Where.
    pub place: Location,
}

/// Times that are nearer count as this far apart: devices round them, and positions come late. Source: our choice.
const TRAVEL_TIME_MIN: Duration = Duration::from_secs(60);
/// Findings nearer than this may share a position: it is asked for once at a place. Source: our choice.
const SAME_STAY: Duration = Duration::from_secs(3_600);

/// The doubt about a journey, from the finding before or to the one after, that is faster than anybody travels, in
/// km/h. The inaccuracy of the positions counts in the finder's favour. The fastest journey of the `others` is named.
/// Source: domain §6.5.
#[must_use]
pub fn travel(this: &Capture, others: &[Capture], kmh_max: u32) -> Option<Flag> {
    let before = others.iter().filter(|other| other.at <= this.at).max_by_key(|other| other.at);
    let after = others.iter().filter(|other| other.at > this.at).min_by_key(|other| other.at);
    let moved = |other: &Capture| {
        let unsure = this.place.accuracy_m.unwrap_or(0.0) + other.place.accuracy_m.unwrap_or(0.0);
        let metres = (this.place.distance_m(&other.place) - unsure).max(0.0);
        let time = this.at.abs_diff(other.at);
        (metres * 3.6 / time.max(TRAVEL_TIME_MIN).as_secs_f64(), metres, time)
    };
    let fastest = before.into_iter().chain(after).map(moved).max_by(|one, other| one.0.total_cmp(&other.0));
    let (kmh, metres, time) = fastest.filter(|(kmh, ..)| *kmh > f64::from(kmh_max))?;
    let detail = format!("{kmh:.0} km/h: {metres:.0} m, {} s", time.as_secs());
    Some(Flag::about_issue(FlagCode::ImpossibleTravel, detail))
}

/// The doubt because a finding names a number that was given to the phone at `issued_at`, but was not made then or within
/// so many hours after it. A device's clock may be `skew_max` behind. Source: domain §6.4.
#[must_use]
pub fn nonce(captured_at: Timestamp, issued_at: Timestamp, hours_max: u32, skew_max: Duration) -> Option<Flag> {
    let hours = |span: Duration| span.as_secs() / 3_600;
    if captured_at < issued_at && issued_at.since(captured_at) > skew_max {
        let early = issued_at.since(captured_at).as_secs() / 60;
        return Some(Flag::about_issue(FlagCode::NonceOutdated, format!("-{early} min")));
    }
    let longest = Duration::from_secs(u64::from(hours_max) * 3_600);
    let age = if captured_at > issued_at { captured_at.since(issued_at) } else { Duration::ZERO };
    (age > longest).then(|| Flag::about_issue(FlagCode::NonceOutdated, format!("{} h > {hours_max} h", hours(age))))
}

/// The doubt because at least `least` findings, this one among them, have the same position to six decimals, though
/// each of the others is more than an hour away from it. Source: domain §6.5.
#[must_use]
pub fn repeated(this: &Capture, others: &[Capture], least: u32) -> Option<Flag> {
    let written = |place: &Location| format!("{:.6}, {:.6}", place.lat, place.lon);
    let here = written(&this.place);
    let again = others.iter().filter(|other| other.at.abs_diff(this.at) > SAME_STAY && written(&other.place) == here);
    let count = again.count() + 1;
    let is_often = u32::try_from(count).is_ok_and(|count| count >= least);
    is_often.then(|| Flag::about_issue(FlagCode::PositionRepeated, format!("{count}: {here}")))
}

/// The doubt because a photo of the fix equals a photo of the fault in all but `alike_max` of the 64 bits of their
/// fingerprints; or, if it should show the same angle, differs from each of them in `unlike_min` bits or more.
/// Source: domain §6.5.
#[must_use]
pub fn fix_compared(
    photo: PhotoId,
    is_same_angle: bool,
    print: Fingerprint,
    found: &[Fingerprint],
    (alike_max, unlike_min): (u32, u32),
) -> Option<Flag> {
    let nearest = found.iter().map(|other| print.distance(*other)).min()?;
    let detail = format!("{nearest}/64");
    if nearest <= alike_max {
        Some(Flag::about_photo(FlagCode::FixAlike, photo, detail))
    } else if is_same_angle && nearest >= unlike_min {
        Some(Flag::about_photo(FlagCode::FixUnlike, photo, detail))
    } else {
        None
    }
}

/// Fixes farther apart than this, in metres, cannot be looked at within minutes by one person. Source: domain §6.5.
pub const BURST_APART_M: f64 = 1_000.0;

/// The doubt because one person reported at least `least` fixes within `minutes`, this one among them, of which two are
/// farther apart than [`BURST_APART_M`]. `places` are those of the points whose place is known; `count` counts all.
#[must_use]
pub fn burst(count: usize, places: &[Location], least: u32, minutes: u32) -> Option<Flag> {
    let apart =
        (1..).zip(places).flat_map(|(next, one)| places.iter().skip(next).map(move |other| one.distance_m(other)));
    let farthest = apart.fold(0.0, f64::max);
    let is_burst = u32::try_from(count).is_ok_and(|count| count >= least) && farthest > BURST_APART_M;
    is_burst.then(|| {
        Flag::about_issue(FlagCode::ClosingBurst, format!("{count} fixes, {minutes} min, {farthest:.0} m apart"))
    })
}

#[cfg(test)]
mod tests;
