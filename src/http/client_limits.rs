//! The limits that clients have to know, taken from where each of them stands.

use crate::app::{live, month_rules};
use crate::domain::limits;
use crate::domain::month::{backward, cycle, ledger};
use crate::domain::{
    complaint, import, map, notice, planning, reference, saved_view, settings, unit_person, user, visit,
};
use crate::media::picture_limits;

macro_rules! named {
    ($($name:ident = $value:expr;)+) => { &[$((stringify!($name), $value as u64)),+] };
}

/// Each with its unit in its name. The document prints them as `x-limits`, and from there the web app takes them.
#[allow(clippy::unnecessary_cast, reason = "the constants have several types")]
pub const FOR_CLIENTS: &[(&str, u64)] = named! {
    ADDRESS_CHARS_MAX = limits::ADDRESS_CHARS_MAX;
    AREA_CODE_DIGITS_MAX = *reference::AREA_CODE_DIGITS.end();
    CHANGES_WAIT_SECONDS_MAX = live::WAIT_MAX.as_secs();
    CIRCULAR_CHARS_MAX = cycle::CIRCULAR_CHARS_MAX;
    CODE_CHARS_MAX = limits::CODE_CHARS_MAX;
    COMPLAINT_CHARS_MAX = complaint::COMPLAINT_CHARS_MAX;
    COUNTY_NAME_CHARS_MAX = settings::COUNTY_NAME_CHARS_MAX;
    DESCRIPTION_CHARS_MAX = limits::DESCRIPTION_CHARS_MAX;
    EFFORT_MAX = planning::EFFORT_MAX;
    HEADING_LINES_MAX = import::HEADING_LINES_MAX;
    INTERVIEWS_MAX = visit::INTERVIEWS_MAX;
    INTERVIEW_ANSWERS_MAX = visit::ANSWERS_MAX;
    LEDGER_DOCUMENT_CHARS_MAX = ledger::DOCUMENT_CHARS_MAX;
    MAP_BYTES_MAX = map::MAP_BYTES_MAX;
    MAP_PIXELS_MAX = map::MAP_PIXELS_MAX;
    MAP_SIDE_MAX_PX = map::MAP_SIDE_MAX_PX;
    MARKS_PER_PHOTO_MAX = limits::MARKS_PER_PHOTO_MAX;
    MEASURE_CHARS_MAX = limits::MEASURE_CHARS_MAX;
    MILESTONES_MAX = limits::MILESTONES_MAX;
    MILESTONE_CHARS_MAX = limits::MILESTONE_CHARS_MAX;
    MILESTONE_GAP_DAYS_MAX = limits::MILESTONE_GAP_DAYS_MAX;
    MINUTES_CHARS_MAX = limits::MINUTES_CHARS_MAX;
    NAME_CHARS_MAX = limits::NAME_CHARS_MAX;
    NEED_NOTE_CHARS_MAX = planning::NEED_NOTE_CHARS_MAX;
    PACKET_BYTES_MAX = limits::PACKET_BYTES_MAX;
    PACKET_LINE_BYTES_MAX = limits::PACKET_LINE_BYTES_MAX;
    PACKET_RECORDS_MAX = limits::PACKET_RECORDS_MAX;
    PAGE_MAX = limits::PAGE_MAX;
    PEER_GROUP_CHARS_MAX = month_rules::GROUP_CHARS_MAX;
    PHONE_CHARS_MAX = unit_person::PHONE_CHARS_MAX;
    PHOTOS_PER_STEP_MAX = limits::PHOTOS_PER_STEP_MAX;
    PHOTO_BYTES_MAX = picture_limits::FILE_BYTES_MAX;
    PLANNING_NAME_CHARS_MAX = planning::NAME_CHARS_MAX;
    PROGRESS_MAX = planning::PROGRESS_MAX;
    REASON_CHARS_MAX = limits::REASON_CHARS_MAX;
    RULES_SOURCE_CHARS_MAX = month_rules::SOURCE_CHARS_MAX;
    SAVED_VIEWS_MAX = saved_view::SAVED_VIEWS_MAX;
    SAVED_VIEW_NAME_CHARS_MAX = saved_view::NAME_CHARS_MAX;
    SHEET_BYTES_MAX = import::SHEET_BYTES_MAX;
    TASK_DAYS_MAX = backward::TASK_DAYS_MAX;
    TASK_NAME_CHARS_MAX = planning::TASK_NAME_CHARS_MAX;
    TITLE_CHARS_MAX = limits::TITLE_CHARS_MAX;
    UNREAD_MAX = notice::UNREAD_MAX;
    USERNAME_CHARS_MAX = *user::USERNAME_CHARS.end();
    VISIT_HOURS_MAX = visit::VISIT_HOURS_MAX;
};
