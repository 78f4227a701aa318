//! Marks on photos 标注: an arrow, a circle, or an area that is made unrecognisable.
//!
//! Marks are stored separately from the photo. The original never changes; only the renditions have the marks in them.

use serde::{Deserialize, Serialize};

use super::invalid::{FieldCode, Invalid};
use super::limits::MARKS_PER_PHOTO_MAX;

/// One mark. Coordinates are fractions of the upright picture's width and height, 0 to 1 from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Its kind.
    pub kind: MarkKind,
    /// Horizontal: the tail of an arrow, or a corner of the box around a circle or a blur.
    pub x1: f64,
    /// Vertical.
    pub y1: f64,
    /// Horizontal: the tip of an arrow, or the opposite corner.
    pub x2: f64,
    /// Vertical.
    pub y2: f64,
}

/// The kind of a [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// An arrow from the first point to the second 箭头.
    Arrow,
    /// An ellipse that fills the box 圈.
    Circle,
    /// A box in which everything is made unrecognisable 打码.
    Blur,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [MarkKind; 3] = [MarkKind::Arrow, MarkKind::Circle, MarkKind::Blur];

    /// Its name in requests and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            MarkKind::Arrow => "arrow",
            MarkKind::Circle => "circle",
            MarkKind::Blur => "blur",
        }
    }
}

/// Reports the faults of a photo's marks in `invalid`, under `pointer`.
pub fn validate(marks: &[Mark], pointer: &str, invalid: &mut Invalid) {
    if marks.len() > MARKS_PER_PHOTO_MAX {
        invalid.push(pointer, FieldCode::TooLong, format!("at most {MARKS_PER_PHOTO_MAX} marks"));
    }
    for (at, mark) in marks.iter().enumerate() {
        for (name, value) in [("x1", mark.x1), ("y1", mark.y1), ("x2", mark.x2), ("y2", mark.y2)] {
            if !(0.0..=1.0).contains(&value) {
                invalid.push(format!("{pointer}/{at}/{name}"), FieldCode::OutOfRange, "from 0 to 1");
            }
        }
        let (wide, high) = ((mark.x1 - mark.x2).abs() > 0.0, (mark.y1 - mark.y2).abs() > 0.0);
        let is_something = match mark.kind {
            MarkKind::Arrow => wide || high,
            MarkKind::Circle | MarkKind::Blur => wide && high,
        };
        if !is_something {
            invalid.push(format!("{pointer}/{at}"), FieldCode::OutOfRange, "too small to be seen");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(marks: &[Mark]) -> Vec<String> {
        let mut invalid = Invalid::default();
        validate(marks, "/m", &mut invalid);
        invalid
            .into_result()
            .err()
            .map(|found| found.0.iter().map(|one| one.pointer.clone()).collect())
            .unwrap_or_default()
    }

    const fn mark(kind: MarkKind, x1: f64, y1: f64, x2: f64, y2: f64) -> Mark {
        Mark { kind, x1, y1, x2, y2 }
    }

    #[test]
    fn kinds_are_called_as_they_are_written() {
        for kind in MarkKind::ALL {
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.as_str().into()));
        }
        assert_eq!(MarkKind::ALL.map(MarkKind::as_str), ["arrow", "circle", "blur"]);
    }

    #[test]
    fn stays_within_its_picture_and_can_be_seen() {
        assert!(
            faults(&[mark(MarkKind::Circle, 0.0, 0.0, 1.0, 1.0), mark(MarkKind::Arrow, 0.5, 0.2, 0.5, 0.4)]).is_empty()
        );
        assert_eq!(faults(&[mark(MarkKind::Arrow, -0.001, 0.2, 1.001, f64::NAN)]), ["/m/0/x1", "/m/0/x2", "/m/0/y2"]);
        assert_eq!(faults(&[mark(MarkKind::Arrow, 0.5, 0.5, 0.5, 0.5)]), ["/m/0"]);
        for flat in [mark(MarkKind::Circle, 0.1, 0.5, 0.9, 0.5), mark(MarkKind::Blur, 0.5, 0.1, 0.5, 0.9)] {
            assert_eq!(faults(&[flat]), ["/m/0"]);
        }
    }

    #[test]
    fn are_at_most_a_dozen() {
        let some = |count| vec![mark(MarkKind::Blur, 0.1, 0.1, 0.2, 0.2); count];
        assert!(faults(&some(MARKS_PER_PHOTO_MAX)).is_empty());
        assert_eq!(faults(&some(MARKS_PER_PHOTO_MAX + 1)), ["/m"]);
    }
}
