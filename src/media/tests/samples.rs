//! Photos of real cameras, from a folder named in `ANFANG_SAMPLE_PHOTOS`. An independent reader says what their EXIF
//! means.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::Instant;

use exif::{In, Tag, Value};

use super::super::render;
use super::*;

fn samples() -> Vec<(PathBuf, Vec<u8>)> {
    let Some(folder) = std::env::var_os("ANFANG_SAMPLE_PHOTOS") else {
        eprintln!("ANFANG_SAMPLE_PHOTOS is not set: no real photos are tried");
        return Vec::new();
    };
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pictures = paths.filter(|path| path.extension().is_some_and(|end| end == "jpg" || end == "heic"));
    pictures.map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

fn text(read: &exif::Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &read.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = String::from_utf8_lossy(parts.first()?).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn degrees(read: &exif::Exif, tag: Tag) -> Option<f64> {
    // The standard requires unsigned fractions; some phones write signed ones.
    let parts: Vec<f64> = match &read.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => parts.iter().map(|part| part.to_f64()).collect(),
        Value::SRational(parts) => parts.iter().map(|part| part.to_f64()).collect(),
        _ => return None,
    };
    let &[whole, minutes, seconds] = &parts[..] else { return None };
    Some(whole + minutes / 60.0 + seconds / 3600.0).filter(|size| size.is_finite())
}

#[test]
fn real_photos_are_read_as_another_reader_reads_them() {
    for (path, bytes) in samples() {
        let begun = Instant::now();
        let seen = inspect(&mut File::open(&path).unwrap(), bytes.len() as u64).unwrap();
        eprintln!(
            "{} {:?} {:?}×{:?} {:?} {:?}",
            path.display(),
            begun.elapsed(),
            seen.width,
            seen.height,
            seen.orientation,
            seen.exif
        );
        let Ok(read) = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)) else {
            continue;
        };
        assert_eq!(seen.exif.make, text(&read, Tag::Make));
        assert_eq!(seen.exif.model, text(&read, Tag::Model));
        assert_eq!(seen.exif.software, text(&read, Tag::Software));
        let orientation = read.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        assert_eq!(seen.exif.orientation.map(u32::from), orientation.filter(|value| (1..=8).contains(value)));
        let taken = text(&read, Tag::DateTimeOriginal).map(|text| text.replacen(':', "-", 2).replace(' ', "T"));
        assert_eq!(seen.exif.taken_at.map(|at| at.to_string()), taken);
        let lat = degrees(&read, Tag::GPSLatitude);
        assert_eq!(seen.exif.gps.map(|gps| (gps.lat.abs() * 1e9).round()), lat.map(|lat| (lat * 1e9).round()));
    }
}

#[test]
fn real_photos_are_rendered_and_told_apart() {
    let mut found: Vec<(PathBuf, crate::domain::fingerprint::Fingerprint)> = Vec::new();
    for (path, bytes) in samples() {
        let seen = inspect_bytes(&bytes).unwrap();
        let begun = Instant::now();
        let made = render(&bytes, seen.kind, seen.orientation);
        eprintln!(
            "{} {:?} {:?}",
            path.display(),
            begun.elapsed(),
            made.as_ref().map(|m| (m.view.len(), m.thumb.len(), m.fingerprint, m.decoder))
        );
        let made = made.unwrap();
        if let Some(fingerprint) = made.fingerprint {
            for (other, print) in &found {
                let distance = fingerprint.distance(*print);
                if distance <= 12 {
                    eprintln!("  {distance} from {}", other.display());
                }
            }
            found.push((path, fingerprint));
        }
    }
}
