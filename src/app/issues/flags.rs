//! Doubts about photos: shown to the office, decided by a person.

use std::time::Duration;

use crate::app::Result;
use crate::app::county::County;
use crate::app::locks::{Lock, Locks};
use crate::domain::evidence::{self, FirstDoubts, Flag, FlagCode, similar_detail};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::geo::Location;
use crate::domain::ids::{PhotoId, UserId};
use crate::domain::issue::{Issue, PhotoStage, PhotoView};
use crate::domain::photo::Blob;
use crate::domain::time::Timestamp;
use crate::media::{ExifFacts, RenderError};
use crate::store::fingerprints::{self, PhotoUse};
use crate::store::{Conn, issues, photos, reference};

/// Programs that change what a photo shows, as `Software` names them, in lower case.
/// Source: our choice of common ones; camera firmware writes version numbers instead.
const EDITORS: [&str; 9] =
    ["photoshop", "lightroom", "gimp", "snapseed", "picsart", "meitu", "美图", "pixelmator", "affinity"];

/// Photos of one point by one inspector within this time count as one visit, so that one photo may serve several items.
/// Source: domain §7.1, "one capture may serve several campaigns".
const SAME_LOOK: Duration = Duration::from_secs(3_600);

/// Most earlier uses that are checked for one photo, and most similar fingerprints whose uses are looked up: limits the
/// work where very many pictures are alike. Source: our choice.
const USES_MAX: i64 = 200;
const PRINTS_MAX: usize = 16;

/// Records the doubts about stored photos that were attached to `issue`.
pub(crate) fn raise_photo_doubts(
    conn: &mut Conn,
    locks: &mut Locks,
    county: &County,
    issue: &Issue,
    ids: &[PhotoId],
    now: Timestamp,
) -> Result<()> {
    let mut doubts = Vec::new();
    for photo in photos::find_many(conn, ids)? {
        let facts: ExifFacts = serde_json::from_value(photo.blob.exif.clone()).unwrap_or_default();
        doubts.extend(told_by_exif(conn, county, issue, photo.id, &facts, now)?);
        doubts.extend(told_by_picture(&photo.blob, photo.id));
        let this = PhotoUse::on(issue, photo.id);
        doubts.extend(reused(conn, &this, &photo.blob)?);
        doubts.extend(compared(conn, county, &this, &photo.blob)?);
        doubts.extend(similar(conn, locks, &this, &photo.blob, Among::All, now)?);
    }
    Ok(crate::store::evidence::raise(conn, issue.id, &doubts, now)?)
}

/// Records that a photo of a fix is too like the photos of the fault, or too unlike them.
pub(crate) fn raise_compared(
    conn: &mut Conn,
    county: &County,
    this: &PhotoUse,
    blob: &Blob,
    now: Timestamp,
) -> Result<()> {
    let doubt = compared(conn, county, this, blob)?;
    Ok(crate::store::evidence::raise(conn, this.issue_id, doubt.as_slice(), now)?)
}

/// The doubt because a photo of a fix is too like the photos of the fault, or too unlike them.
fn compared(conn: &mut Conn, county: &County, this: &PhotoUse, blob: &Blob) -> Result<Option<Flag>> {
    let Some(print) = blob.fingerprint else { return Ok(None) };
    let shown = fingerprints::of_issue(conn, this.issue_id)?;
    let is_this = |(id, stage, ..): &&(PhotoId, PhotoStage, PhotoView, Fingerprint)| {
        *id == this.photo_id && *stage == PhotoStage::Fix
    };
    let Some((_, _, view, _)) = shown.iter().find(is_this) else { return Ok(None) };
    let found: Vec<Fingerprint> =
        shown.iter().filter(|(_, stage, ..)| *stage == PhotoStage::Found).map(|(.., print)| *print).collect();
    let limits = (county.settings.fix_alike_bits_max, county.settings.fix_unlike_bits_min);
    let is_same_angle = *view == PhotoView::SameAngle;
    Ok(evidence::fix_compared(this.photo_id, is_same_angle, print, &found, limits))
}

/// Most fixes of one person that are looked at beside a new one. Source: our choice, above what the setting allows.
const BURST_FIXES_MAX: i64 = 100;

/// The doubt because this person has reported many fixes far apart, the last one just now.
pub(super) fn burst(conn: &mut Conn, county: &County, who: UserId, now: Timestamp) -> Result<Option<Flag>> {
    let (least, minutes) = (county.settings.burst_fixes_min, county.settings.burst_minutes_max);
    let since = now.minus(Duration::from_secs(u64::from(minutes) * 60));
    let fixes = issues::fixes_since(conn, who, since, BURST_FIXES_MAX)?;
    let places: Vec<Location> = fixes.iter().copied().flatten().collect();
    Ok(evidence::burst(fixes.len(), &places, least, minutes))
}

/// Records which photos of an issue that was moved to another unit resemble photos of that unit. Photos so similar that
/// they count anywhere were recorded when the later of the two arrived.
pub(crate) fn raise_similar_in_unit(conn: &mut Conn, locks: &mut Locks, issue: &Issue, now: Timestamp) -> Result<()> {
    for stored in issues::photos(conn, &[issue.id])? {
        let id = stored.photo.photo_id;
        if let Some(photo) = photos::find(conn, id)? {
            let doubts = similar(conn, locks, &PhotoUse::on(issue, id), &photo.blob, Among::Unit, now)?;
            crate::store::evidence::raise(conn, issue.id, &doubts, now)?;
        }
    }
    Ok(())
}

/// Doubts because the same bytes were used before; the first uses.
fn reused(conn: &mut Conn, this: &PhotoUse, blob: &Blob) -> Result<Vec<Flag>> {
    let earlier = fingerprints::uses_of_bytes(conn, &blob.sha256, USES_MAX)?;
    let mut doubts = FirstDoubts::default();
    if is_cut(&earlier) {
        doubts.leave_open();
    }
    for other in earlier {
        let used_before =
            if other.issue_id == this.issue_id { other.photo_id != this.photo_id } else { !is_same_look(this, &other) };
        if used_before {
            doubts.push(
                Flag::about_photo(FlagCode::PhotoReused, this.photo_id, "").refers_to(other.issue_id, other.photo_id),
            );
        }
    }
    Ok(doubts.into_flags())
}

fn is_cut(found: &[PhotoUse]) -> bool {
    i64::try_from(found.len()).is_ok_and(|count| count >= USES_MAX)
}

/// The doubt about a photo without renditions, for this reason. A photo that may be sound but has no decoder here, or
/// is too large to decode, is not called unreadable.
pub(crate) fn not_shown(blob: &Blob, id: PhotoId, reason: &RenderError) -> Flag {
    let kind = blob.media_type.trim_start_matches("image/").to_uppercase();
    match reason {
        RenderError::NoPreview => Flag::about_photo(FlagCode::PhotoNoPreview, id, kind),
        RenderError::TooLarge => {
            let size =
                blob.width.zip(blob.height).map_or_else(String::new, |(width, height)| format!(" {width}×{height}"));
            Flag::about_photo(FlagCode::PhotoNoPreview, id, format!("{kind}{size}"))
        }
        RenderError::Undecodable(_) => Flag::about_photo(FlagCode::PhotoUnreadable, id, ""),
    }
}

fn told_by_picture(blob: &Blob, id: PhotoId) -> Option<Flag> {
    if let Some(reason) = &blob.render_error {
        return Some(not_shown(blob, id, &RenderError::from_text(reason)));
    }
    let long_edge = blob.width.max(blob.height)?;
    let small = u32::try_from(long_edge).unwrap_or(0) < evidence::PHOTO_LONG_EDGE_MIN_PX;
    small.then(|| Flag::about_photo(FlagCode::PhotoSmall, id, format!("{long_edge} px")))
}

fn told_by_exif(
    conn: &mut Conn,
    county: &County,
    issue: &Issue,
    id: PhotoId,
    facts: &ExifFacts,
    now: Timestamp,
) -> Result<Vec<Flag>> {
    let mut doubts = Vec::new();
    if let Some(taken) = taken_at(county, facts) {
        let stored = issues::photos(conn, &[issue.id])?;
        let named = stored.iter().find(|stored| stored.photo.photo_id == id);
        let said = named.and_then(|stored| stored.photo.captured_at).unwrap_or(now);
        let apart = taken.abs_diff(said);
        if apart > county.settings.photo_time_max() {
            doubts.push(Flag::about_photo(FlagCode::PhotoTimeDiffers, id, format!("{} min", apart.as_secs() / 60)));
        }
    }
    if let Some(gps) = facts.gps {
        let taken = Location { lat: gps.lat, lon: gps.lon, accuracy_m: None };
        let point = reference::find_point(conn, issue.finding.point_id)?;
        let expected = point.as_ref().and_then(|point| Some((point.location?, f64::from(point.radius_m))));
        if let Some((place, radius_m)) = expected {
            let apart = place.distance_m(&taken);
            if apart > radius_m + evidence::PHOTO_DISTANCE_MAX_M {
                doubts.push(Flag::about_photo(FlagCode::PhotoPlaceDiffers, id, format!("{apart:.0} m")));
            }
        }
    }
    if let Some(software) = &facts.software {
        let name = software.to_lowercase();
        if EDITORS.iter().any(|editor| name.contains(editor)) {
            doubts.push(Flag::about_photo(FlagCode::PhotoEdited, id, software.clone()));
        }
    }
    Ok(doubts)
}

/// When the photo says it was taken: in its own time zone, or the county's.
fn taken_at(county: &County, facts: &ExifFacts) -> Option<Timestamp> {
    let local = facts.taken_at?;
    match facts.taken_offset_min {
        None => Some(county.calendar.instant(local.date(), local.time())),
        Some(minutes) => {
            let offset = jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).ok()?;
            Some(Timestamp::from_micros(offset.to_timestamp(local).ok()?.as_microsecond()))
        }
    }
}

/// Records earlier photos of other issues that look like this one, the nearest first, and adds it to the index of its
/// unit.
pub(crate) fn raise_similar(
    conn: &mut Conn,
    locks: &mut Locks,
    this: &PhotoUse,
    blob: &Blob,
    now: Timestamp,
) -> Result<()> {
    let doubts = similar(conn, locks, this, blob, Among::All, now)?;
    Ok(crate::store::evidence::raise(conn, this.issue_id, &doubts, now)?)
}

/// The photos that a photo is compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Among {
    /// All photos.
    All,
    /// Photos of its unit that are too different to count anywhere else.
    Unit,
}

/// The doubts because earlier photos of other issues look like this one; adds it to the index of its unit.
fn similar(
    conn: &mut Conn,
    locks: &mut Locks,
    this: &PhotoUse,
    blob: &Blob,
    among: Among,
    now: Timestamp,
) -> Result<Vec<Flag>> {
    let Some(print) = blob.fingerprint else { return Ok(Vec::new()) };
    if let Some(unit) = this.unit_id {
        locks.take(conn, [Lock::UnitPhotos(unit)])?;
        fingerprints::note_for_unit(conn, unit, print, now)?;
    }
    let (mut doubts, mut left) = (FirstDoubts::default(), USES_MAX);
    let mut near = fingerprints::near(conn, print, this.unit_id)?;
    near.retain(|(likeness, _)| among == Among::All || !likeness.is_near(false));
    for (at, (likeness, near)) in near.into_iter().enumerate() {
        if left <= 0 || at >= PRINTS_MAX {
            doubts.leave_open();
            break;
        }
        let uses = fingerprints::uses(conn, near, &blob.sha256, left)?;
        left -= i64::try_from(uses.len()).unwrap_or(left);
        if left <= 0 {
            doubts.leave_open();
        }
        for earlier in uses {
            let same_unit = this.unit_id.is_some() && this.unit_id == earlier.unit_id;
            if likeness.is_near(same_unit) && earlier.issue_id != this.issue_id && !is_same_look(this, &earlier) {
                doubts.push(
                    Flag::about_photo(FlagCode::PhotoSimilar, this.photo_id, similar_detail(likeness))
                        .refers_to(earlier.issue_id, earlier.photo_id),
                );
            }
        }
    }
    Ok(doubts.into_flags())
}

fn is_same_look(one: &PhotoUse, other: &PhotoUse) -> bool {
    one.finder_id == other.finder_id
        && one.point_id == other.point_id
        && one.item_code != other.item_code
        && one.captured_at.abs_diff(other.captured_at) <= SAME_LOOK
}
