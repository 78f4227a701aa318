//! What a photo's metadata says. These are claims of the file, for the office to judge; nothing is verified. Source:
//! EXIF 2.32 §4.6.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::tiff::{Block, Directory, Number};

/// Characters of a text field that are kept.
const TEXT_CHARS_MAX: usize = 64;

/// The plausible EXIF fields; the rest is `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExifFacts {
    /// When it was taken, by the camera's clock and in the camera's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<DateTime>,
    /// The camera's zone at that time, in minutes east of UTC, −1439 to 1439.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_offset_min: Option<i16>,
    /// Where it was taken, by the camera's receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gps: Option<Position>,
    /// When it was taken, by the satellites, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gps_time_utc: Option<jiff::Timestamp>,
    /// The camera's maker, at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// The camera's model, at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The program that wrote the file, at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// The orientation, 1 to 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<u8>,
}

/// A position in degrees of WGS-84, the datum EXIF devices use. Altitude is left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
}

mod tag {
    pub(super) const MAKE: u16 = 0x010F;
    pub(super) const MODEL: u16 = 0x0110;
    pub(super) const ORIENTATION: u16 = 0x0112;
    pub(super) const SOFTWARE: u16 = 0x0131;
    pub(super) const EXIF_DIRECTORY: u16 = 0x8769;
    pub(super) const GPS_DIRECTORY: u16 = 0x8825;
    pub(super) const TIME_ZONE_OFFSET: u16 = 0x882A;
    pub(super) const TAKEN_AT: u16 = 0x9003;
    pub(super) const DIGITIZED_AT: u16 = 0x9004;
    pub(super) const CHANGED_OFFSET: u16 = 0x9010;
    pub(super) const TAKEN_OFFSET: u16 = 0x9011;
    pub(super) const DIGITIZED_OFFSET: u16 = 0x9012;
    pub(super) const LAT_REF: u16 = 1;
    pub(super) const LAT: u16 = 2;
    pub(super) const LON_REF: u16 = 3;
    pub(super) const LON: u16 = 4;
    pub(super) const GPS_TIME: u16 = 7;
    pub(super) const GPS_DATE: u16 = 29;
}

impl ExifFacts {
    /// Reads the plausible fields of a TIFF block; none of a broken one.
    pub(super) fn read(block: &Block<'_>) -> Self {
        let Some(root) = block.root() else { return Self::default() };
        let camera = block.child(root, tag::EXIF_DIRECTORY);
        let gps = block.child(root, tag::GPS_DIRECTORY);
        let orientation = block.unsigned(root, tag::ORIENTATION).and_then(|value| u8::try_from(value).ok());
        ExifFacts {
            taken_at: camera.and_then(|camera| taken_at(block, camera)),
            taken_offset_min: camera.and_then(|camera| taken_offset(block, camera)),
            gps: gps.and_then(|gps| position(block, gps)),
            gps_time_utc: gps.and_then(|gps| gps_time(block, gps)),
            make: text(block, root, tag::MAKE),
            model: text(block, root, tag::MODEL),
            software: text(block, root, tag::SOFTWARE),
            orientation: orientation.filter(|value| (1..=8).contains(value)),
        }
    }
}

fn text(block: &Block<'_>, directory: Directory, tag: u16) -> Option<String> {
    let text = String::from_utf8_lossy(block.text(directory, tag)?);
    let kept: String = text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// A digital camera captures and digitises at the same time; some write only one of the two.
fn taken_at(block: &Block<'_>, camera: Directory) -> Option<DateTime> {
    [tag::TAKEN_AT, tag::DIGITIZED_AT].into_iter().find_map(|tag| date_time(block.text(camera, tag)?))
}

/// The zone of the capture time, or else that of another time in the same file: a phone has one zone at a time.
fn taken_offset(block: &Block<'_>, camera: Directory) -> Option<i16> {
    [tag::TAKEN_OFFSET, tag::CHANGED_OFFSET, tag::DIGITIZED_OFFSET]
        .into_iter()
        .find_map(|tag| offset(block.text(camera, tag)?))
        .or_else(|| {
            // In hours, by an older standard. Source: TIFF/EP §5.2.48.
            let [Number::Known(hours), ..] = block.numbers(camera, tag::TIME_ZONE_OFFSET)? else { return None };
            (hours.abs() < 24.0 && hours.fract() == 0.0).then_some(hours as i16 * 60)
        })
}

/// `2026:11:24 10:32:05`, also with `T` between date and time. Anything after it is ignored: fractions and zones have
/// fields of their own.
fn date_time(text: &[u8]) -> Option<DateTime> {
    let (day, time) = text.split_at_checked(10)?;
    let (&[b' ' | b'T', h1, h0, b':', m1, m0], seconds) = time.split_first_chunk()? else { return None };
    let second = match *seconds {
        [] => 0,
        [b':', s1, s0, ..] => digits(&[s1, s0])?,
        _ => return None,
    };
    let time = time_of_day(digits(&[h1, h0])?, digits(&[m1, m0])?, second)?;
    Some(date(day)?.to_datetime(time))
}

/// Some cameras write the first hour of a day as the 24th of the same day, since the common Java pattern `kk` counts
/// from 1 to 24. A leap second is the 60th, which clocks without leap seconds do not have.
fn time_of_day(hour: i8, minute: i8, second: i8) -> Option<Time> {
    let hour = if hour == 24 { 0 } else { hour };
    let second = if second == 60 { 59 } else { second };
    Time::new(hour, minute, second, 0).ok()
}

/// `2026:11:24`, also with hyphens, slashes or full stops.
fn date(text: &[u8]) -> Option<Date> {
    let &[y3, y2, y1, y0, first, m1, m0, second, d1, d0] = text else { return None };
    if first != second || !matches!(first, b':' | b'-' | b'/' | b'.') {
        return None;
    }
    let century = i16::from(digits(&[y3, y2])?);
    Date::new(century * 100 + i16::from(digits(&[y1, y0])?), digits(&[m1, m0])?, digits(&[d1, d0])?).ok()
}

/// `+08:00`, in minutes; also `+8:00`, `+0800`, `+08`, `+8` and `Z`.
fn offset(text: &[u8]) -> Option<i16> {
    let (hours, minutes) = match *text.trim_ascii() {
        [b'Z' | b'z'] => return Some(0),
        [_, h0, b':', m1, m0] => (digits(&[b'0', h0])?, digits(&[m1, m0])?),
        [_, h1, h0, b':', m1, m0] | [_, h1, h0, m1, m0] => (digits(&[h1, h0])?, digits(&[m1, m0])?),
        [_, h1, h0] => (digits(&[h1, h0])?, 0),
        [_, h0] => (digits(&[b'0', h0])?, 0),
        _ => return None,
    };
    let size = (hours < 24 && minutes < 60).then_some(i16::from(hours) * 60 + i16::from(minutes))?;
    match text.trim_ascii().first()? {
        b'+' => Some(size),
        b'-' => Some(-size),
        _ => None,
    }
}

/// The value of two decimal digits, 0 to 99; a space before a single digit counts as 0.
fn digits(text: &[u8; 2]) -> Option<i8> {
    let digit = |byte: u8| char::from(byte).to_digit(10).and_then(|value| i8::try_from(value).ok());
    let [high, low] = *text;
    Some(if high == b' ' { 0 } else { digit(high)? } * 10 + digit(low)?)
}

fn position(block: &Block<'_>, gps: Directory) -> Option<Position> {
    let lat = degrees(block, gps, tag::LAT, tag::LAT_REF, [b'N', b'S']).filter(|lat| lat.abs() <= 90.0)?;
    let lon = degrees(block, gps, tag::LON, tag::LON_REF, [b'E', b'W']).filter(|lon| lon.abs() <= 180.0)?;
    // Phones without a position fix write zeros.
    (lat != 0.0 || lon != 0.0).then_some(Position { lat, lon })
}

/// Degrees, minutes and seconds, or degrees and decimal minutes, or decimal degrees. The letter gives the hemisphere;
/// without one the sign does.
fn degrees(block: &Block<'_>, gps: Directory, tag: u16, reference: u16, [plus, minus]: [u8; 2]) -> Option<f64> {
    let [whole, minutes, seconds] = known(block.numbers(gps, tag)?)?;
    let size = whole.abs() + minutes.abs() / 60.0 + seconds.abs() / 3600.0;
    match block
        .text(gps, reference)
        .and_then(|letter| letter.first().copied())
        .map(|letter| letter.to_ascii_uppercase())
    {
        Some(letter) if letter == plus => Some(size),
        Some(letter) if letter == minus => Some(-size),
        Some(_) => None,
        None => Some(size.copysign(whole)),
    }
}

fn gps_time(block: &Block<'_>, gps: Directory) -> Option<jiff::Timestamp> {
    let day = date(block.text(gps, tag::GPS_DATE)?)?;
    let [hour, minute, second] = known(block.numbers(gps, tag::GPS_TIME)?)?;
    let whole = |value: f64| (0.0..=60.0).contains(&value).then_some(value.trunc() as i8);
    let time = time_of_day(whole(hour)?, whole(minute)?, whole(second)?)?;
    jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(time)).ok()
}

/// A missing value or `0/0` counts as 0; if all are missing there is no value.
fn known(numbers: [Number; 3]) -> Option<[f64; 3]> {
    numbers.iter().any(|number| *number != Number::Unknown).then(|| numbers.map(Number::or_zero))
}
