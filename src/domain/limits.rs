//! Limits of what people send and of how long things are kept, each with its unit and source.
//!
//! Limits of a picture are in `media/picture_limits.rs`, requests a second in `http/rate_limits.rs`, places and queues
//! in `admission/mod.rs`.

use super::deadline::TimeLimit;

/// Characters of a report's description. Source: our choice; real ones have a median of 10.
pub const DESCRIPTION_CHARS_MAX: usize = 500;
/// Characters of a reason or a note. Source: our choice.
pub const REASON_CHARS_MAX: usize = 500;
/// Longest minutes of a talk 约谈纪要, in characters. Source: our choice, two pages.
pub const MINUTES_CHARS_MAX: usize = 2_000;
/// Characters of what was done. Source: domain rule T9.
pub const MEASURE_CHARS_MAX: usize = 200;
/// Characters of a person's name. Source: our choice.
pub const NAME_CHARS_MAX: usize = 40;
/// Characters of a milestone. Source: our choice.
pub const MILESTONE_CHARS_MAX: usize = 100;
/// Milestones of a plan. Source: our choice.
pub const MILESTONES_MAX: usize = 24;
/// Days from one milestone to the next. Source: domain rule T13.
pub const MILESTONE_GAP_DAYS_MAX: i32 = 90;
/// Photos a report or a step may bring. Source: the REST contract.
pub const PHOTOS_PER_STEP_MAX: usize = 9;
/// Marks drawn on a photo. Source: our choice; more would hide what they point at.
pub const MARKS_PER_PHOTO_MAX: usize = 12;
/// Characters of a code. Source: our choice.
pub const CODE_CHARS_MAX: usize = 40;
/// Characters of a title or of a place's or unit's name. Source: our choice.
pub const TITLE_CHARS_MAX: usize = 100;
/// Characters of an address. Source: our choice.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// Metres of a geofence. Source: our choice; a river or a park takes a few thousand.
pub const RADIUS_M_MAX: i32 = 20_000;
/// Rows of a page. Source: the REST contract.
pub const PAGE_MAX: usize = 200;
/// Rows of a page when the request names none. Source: the REST contract.
pub const PAGE_DEFAULT: usize = 50;
/// Bytes of a JSON request. Source: our choice; the largest report is about 4 kB.
pub const JSON_BYTES_MAX: usize = 64 * 1024;
/// Bytes of the record of a visit, 1 MiB. Source: our choice; 200 results with the longest notes are about 350 kB, and
/// a hundred of the largest reports in them 400 kB.
pub const VISIT_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a packet of unsent records, 640 MiB. Source: our choice; a record with nine of the largest photos is 480 MiB
/// in Base64, and packets are cut at 40 MB where they can be.
pub const PACKET_BYTES_MAX: u64 = 640 * 1024 * 1024;
/// Bytes of a line of a packet. Source: the format of packets.
pub const PACKET_LINE_BYTES_MAX: usize = 1024 * 1024;
/// Records of a packet. Source: our choice; a day's work is some fifty.
pub const PACKET_RECORDS_MAX: usize = 1_000;
/// Characters of a search. Source: our choice.
pub const QUERY_CHARS_MAX: usize = 100;
/// Most reminders that a filter tells apart. Source: our choice.
pub const REMINDERS_MAX: i32 = 9;
/// Limit of an urgent release whose item has none. Source: domain §2.4, make safe within two hours.
pub const URGENT_LIMIT: TimeLimit = TimeLimit::UrgentMinutes(120);
/// Limit when the deadline set at approval has passed before the release and the item has no limit. Source: our choice.
pub const FALLBACK_LIMIT: TimeLimit = TimeLimit::WorkDays(3);
/// Days an upload may wait for the issue or the visit that names it. Source: reliability plan, orphans.
pub const ORPHAN_DAYS: u32 = 7;
/// Days in which a resumable upload has to be completed. Source: our choice; as long as a complete one may wait.
pub const UPLOAD_DAYS: u32 = 7;
/// Unfinished uploads of one person at one node. Source: our choice; a day's records that were all interrupted.
pub const UPLOADS_PER_PERSON_MAX: usize = 32;
/// Bytes that the unfinished uploads of one person may announce together, 410 MiB. Source: our choice, ten of the
/// largest photos.
pub const UPLOAD_BYTES_PER_PERSON_MAX: u64 = 410 * 1024 * 1024;
/// Days for which a counted refusal is kept. Source: 网络安全法 art. 21 (3) asks for six months of records, which are 184
/// days at most.
pub const DENIAL_DAYS: u32 = 190;
/// Routes and reasons of one caller that are counted separately in an hour; further ones are counted together. Source:
/// our choice; a caller refused at more of them is probing.
pub const DENIALS_PER_HOUR_MAX: usize = 20;
/// Days within which every original is re-hashed. Source: guarantee G4.
pub const SCRUB_DAYS: u32 = 30;

/// Longest line of a table in a backup: a row with the proof of a large sample has tens of megabytes, all others a few
/// kilobytes, and a damaged file may have no line end.
pub const BACKUP_LINE_BYTES_MAX: usize = 64 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// The values in plain numbers, as the sources give them.
    #[test]
    fn limits_that_are_computed_are_what_their_sources_say() {
        use super::super::month::sample_proof;
        use super::super::{import, long_job, map, throttle};
        assert_eq!(JSON_BYTES_MAX, 65_536);
        assert_eq!(VISIT_BYTES_MAX, 1_048_576);
        assert_eq!((PACKET_BYTES_MAX, PACKET_LINE_BYTES_MAX), (671_088_640, 1_048_576));
        assert_eq!((BACKUP_LINE_BYTES_MAX, long_job::RESULT_BYTES_MAX), (67_108_864, 67_108_864));
        assert_eq!(UPLOAD_BYTES_PER_PERSON_MAX, 429_916_160);
        assert_eq!(sample_proof::PROOF_BYTES_MAX, 67_043_328);
        assert_eq!(import::SHEET_BYTES_MAX, 8_388_608);
        assert_eq!(map::MAP_BYTES_MAX, 8_388_608);
        assert_eq!(throttle::FORGOTTEN_AFTER.as_secs(), 86_400);
        assert_eq!(throttle::PROVEN_FOR.as_secs(), 2_592_000);
        assert_eq!(super::super::deadline::REWORK_MINIMUM, TimeLimit::WorkMinutes(240));
    }
}
