//! What a photo says about itself. Claims of the file, for the office to weigh:
//! nothing here was checked. Source: EXIF 2.32 §4.6.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::tiff::{Block, Directory};

/// Characters of a text field that are kept.
const TEXT_CHARS_MAX: usize = 64;

/// What EXIF says, as far as it makes sense; the rest is `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExifFacts {
    /// When it was taken by the camera's clock, in the camera's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<DateTime>,
    /// The camera's zone at that time, in minutes east of UTC, −1439 to 1439.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_offset_min: Option<i16>,
    /// Where, by the camera's receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gps: Option<Position>,
    /// When, by the satellites, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gps_time_utc: Option<jiff::Timestamp>,
    /// Who made the camera, at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// The camera's model, at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The program that wrote the file, at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// How it is stored, 1 to 8.
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
    pub(super) const TAKEN_AT: u16 = 0x9003;
    pub(super) const TAKEN_OFFSET: u16 = 0x9011;
    pub(super) const LAT_REF: u16 = 1;
    pub(super) const LAT: u16 = 2;
    pub(super) const LON_REF: u16 = 3;
    pub(super) const LON: u16 = 4;
    pub(super) const GPS_TIME: u16 = 7;
    pub(super) const GPS_DATE: u16 = 29;
}

impl ExifFacts {
    /// Reads what makes sense in a TIFF block; of a broken one, nothing.
    pub(super) fn read(block: &Block<'_>) -> Self {
        let Some(root) = block.root() else { return Self::default() };
        let camera = block.child(root, tag::EXIF_DIRECTORY);
        let gps = block.child(root, tag::GPS_DIRECTORY);
        let orientation = block.unsigned(root, tag::ORIENTATION).and_then(|value| u8::try_from(value).ok());
        ExifFacts {
            taken_at: camera.and_then(|camera| date_time(block.ascii(camera, tag::TAKEN_AT)?)),
            taken_offset_min: camera.and_then(|camera| offset(block.ascii(camera, tag::TAKEN_OFFSET)?)),
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
    let text = String::from_utf8_lossy(block.ascii(directory, tag)?);
    let kept: String = text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// `2026:11:24 10:32:05`.
fn date_time(text: &[u8]) -> Option<DateTime> {
    let (day, time) = text.split_at_checked(10)?;
    let &[b' ', h1, h0, b':', m1, m0, b':', s1, s0, ..] = time else { return None };
    let time = Time::new(digits(&[h1, h0])?, digits(&[m1, m0])?, digits(&[s1, s0])?, 0).ok()?;
    Some(date(day)?.to_datetime(time))
}

/// `2026:11:24`.
fn date(text: &[u8]) -> Option<Date> {
    let &[y3, y2, y1, y0, b':', m1, m0, b':', d1, d0] = text else { return None };
    let century = i16::from(digits(&[y3, y2])?);
    Date::new(century * 100 + i16::from(digits(&[y1, y0])?), digits(&[m1, m0])?, digits(&[d1, d0])?).ok()
}

/// `+08:00`, in minutes.
fn offset(text: &[u8]) -> Option<i16> {
    let &[sign, h1, h0, b':', m1, m0] = text else { return None };
    let (hours, minutes) = (i16::from(digits(&[h1, h0])?), i16::from(digits(&[m1, m0])?));
    let size = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
    match sign {
        b'+' => Some(size),
        b'-' => Some(-size),
        _ => None,
    }
}

/// One or two decimal digits' value, 0 to 99.
fn digits(text: &[u8; 2]) -> Option<i8> {
    let digit = |byte: u8| char::from(byte).to_digit(10).and_then(|value| i8::try_from(value).ok());
    let [high, low] = *text;
    Some(digit(high)? * 10 + digit(low)?)
}

fn position(block: &Block<'_>, gps: Directory) -> Option<Position> {
    let degrees = |tag, reference, plus: u8, minus: u8| {
        let [whole, minutes, seconds] = block.rationals(gps, tag)?;
        let size = whole + minutes / 60.0 + seconds / 3600.0;
        match block.ascii(gps, reference)?.first()?.to_ascii_uppercase() {
            letter if letter == plus => Some(size),
            letter if letter == minus => Some(-size),
            _ => None,
        }
    };
    let lat = degrees(tag::LAT, tag::LAT_REF, b'N', b'S').filter(|lat| lat.abs() <= 90.0)?;
    let lon = degrees(tag::LON, tag::LON_REF, b'E', b'W').filter(|lon| lon.abs() <= 180.0)?;
    // Phones without a fix write zeros.
    (lat != 0.0 || lon != 0.0).then_some(Position { lat, lon })
}

fn gps_time(block: &Block<'_>, gps: Directory) -> Option<jiff::Timestamp> {
    let day = date(block.ascii(gps, tag::GPS_DATE)?)?;
    let [hour, minute, second] = block.rationals(gps, tag::GPS_TIME)?;
    let whole = |value: f64, below: f64| (0.0..below).contains(&value).then_some(value.trunc() as i8);
    let time = Time::new(whole(hour, 24.0)?, whole(minute, 60.0)?, whole(second, 60.0)?, 0).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(time)).ok()
}
