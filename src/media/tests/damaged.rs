//! Any damage may be refused or look ugly, but nothing panics.

use proptest::prelude::*;

use super::super::made::{Tiff, exif_segment, with_segments};
use super::super::picture_limits;
use super::super::render::render_unguarded;
use super::*;

/// Inspects and, if accepted, renders without the protection against panics.
fn survives(bytes: &[u8]) {
    if let Ok(seen) = inspect_bytes(bytes) {
        assert!((1..=8).contains(&seen.orientation));
        assert!(seen.width.unwrap_or(1).max(seen.height.unwrap_or(1)) <= picture_limits::SIDE_MAX_PX);
        if seen.width.unwrap_or(1) * seen.height.unwrap_or(1) < 1_000_000 {
            let _ = render_unguarded(bytes, seen.kind, seen.orientation, &[]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_behind_a_known_head(which in 0..6_usize, tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let (_, file) = sound().swap_remove(which);
        survives(&[&file[..12], &tail].concat());
        survives(&tail);
    }

    #[test]
    fn a_heic_file_with_its_boxes_changed(changes in prop::collection::vec((0..700_usize, any::<u8>()), 1..6)) {
        let (_, mut file) = sound().swap_remove(4);
        for (at, byte) in changes {
            let at = at % file.len();
            file[at] = byte;
        }
        survives(&file);
    }

    #[test]
    fn any_exif_at_all(body in prop::collection::vec(any::<u8>(), 0..600), big: bool) {
        let (_, jpeg) = sound().swap_remove(0);
        let head: &[u8] = if big { b"MM\0\x2A\0\0\0\x08" } else { b"II\x2A\0\x08\0\0\0" };
        for tiff in [body.clone(), [head, &body].concat()] {
            prop_assert!(inspect_bytes(&with_segments(&jpeg, &exif_segment(&tiff))).is_ok());
        }
    }

    #[test]
    fn sensible_exif_with_a_byte_changed(at: prop::sample::Index, byte: u8) {
        let (_, jpeg) = sound().swap_remove(0);
        let mut tiff = Tiff::default().bytes();
        let at = at.index(tiff.len());
        tiff[at] = byte;
        let seen = inspect_bytes(&with_segments(&jpeg, &exif_segment(&tiff))).unwrap();
        prop_assert!(seen.exif.gps.is_none_or(|gps| gps.lat.abs() <= 90.0 && gps.lon.abs() <= 180.0));
    }

    #[test]
    fn a_sound_file_with_a_byte_changed(which in 0..6_usize, at: prop::sample::Index, byte: u8) {
        let (_, mut file) = sound().swap_remove(which);
        let at = at.index(file.len());
        file[at] = byte;
        survives(&file);
    }

    #[test]
    fn a_sound_file_with_its_head_changed(which in 0..6_usize, at in 0..200_usize, byte: u8) {
        let (_, mut file) = sound().swap_remove(which);
        let at = at % file.len();
        file[at] = byte;
        survives(&file);
    }

    #[test]
    fn a_sound_file_with_a_piece_missing(which in 0..6_usize, from: prop::sample::Index, length in 1..64_usize) {
        let (_, mut file) = sound().swap_remove(which);
        let from = from.index(file.len());
        file.drain(from..file.len().min(from + length));
        survives(&file);
    }
}
