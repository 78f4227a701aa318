//! The faults of a request's fields, all at once.

use uuid::Uuid;

use super::ids::tells_time;
use super::text::{name, text_enum};

text_enum! {
    /// Why a field is refused.
    pub enum FieldCode {
        Required = "required", "必填", "Required";
        TooLong = "too-long", "太长", "Too long";
        OutOfRange = "out-of-range", "超出范围", "Out of range";
        Malformed = "malformed", "格式不对", "Malformed";
        Unknown = "unknown", "不存在", "Does not exist";
        Duplicate = "duplicate", "重复", "Given twice";
        Missing = "missing", "缺少", "Missing";
        NotAllowed = "not-allowed", "不允许", "Not allowed";
        DigestMismatch = "digest-mismatch", "校验值不符", "Bytes differ from the stated digest";
    }
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request's body.
    pub pointer: String,
    /// What kind of fault.
    pub code: FieldCode,
    /// What would be right, in a sentence; no secret, no internal cause.
    pub detail: String,
}

/// Collects [`FieldError`]s, so that a person can correct all of them at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// A request with this single fault.
    #[must_use]
    pub fn one(pointer: &str, code: FieldCode, detail: impl Into<String>) -> Self {
        let mut invalid = Self::default();
        invalid.push(pointer, code, detail);
        invalid
    }

    /// Adds a fault.
    pub fn push(&mut self, pointer: impl Into<String>, code: FieldCode, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), code, detail: detail.into() });
    }

    /// Requires an id that tells no time: others read it.
    pub fn random_id(&mut self, pointer: impl Into<String>, id: Uuid) {
        if tells_time(id) {
            self.push(pointer, FieldCode::NotAllowed, "a random UUID (version 4): this one tells a time");
        }
    }

    /// Requires text of 1 to `max` characters, some of which can be seen.
    pub fn prose(&mut self, pointer: &str, text: &str, max: usize) {
        if name(text).is_empty() {
            self.push(pointer, FieldCode::Required, "must not be empty");
        }
        self.prose_at_most(pointer, text, max);
    }

    /// Requires text of at most `max` characters and no control characters.
    pub fn prose_at_most(&mut self, pointer: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.push(pointer, FieldCode::TooLong, format!("at most {max} characters"));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.push(pointer, FieldCode::Malformed, "contains control characters");
        }
    }

    /// `Ok(())` when nothing was wrong.
    ///
    /// # Errors
    /// All faults that were collected.
    pub fn into_result(self) -> Result<(), Invalid> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The fault codes for a text that may have four characters.
    fn codes(check: fn(&mut Invalid, &str, &str, usize), text: &str) -> Vec<FieldCode> {
        let mut invalid = Invalid::default();
        check(&mut invalid, "/text", text, 4);
        assert!(invalid.0.iter().all(|error| error.pointer == "/text" && !error.detail.is_empty()));
        invalid.0.into_iter().map(|error| error.code).collect()
    }

    #[test]
    fn prose_is_counted_in_characters_and_has_no_control_characters_but_line_breaks_and_tabs() {
        use FieldCode::{Malformed, Required, TooLong};
        for (text, required, faults) in [
            ("垃圾未清", None, &[][..]),
            ("垃圾未清走", None, &[TooLong]),
            ("a\nb\t", None, &[]),
            ("a\rb", None, &[Malformed]),
            ("a\0b", None, &[Malformed]),
            ("\u{1b}[2J[", None, &[TooLong, Malformed]),
            ("", Some(Required), &[]),
            (" \n\t ", Some(Required), &[]),
            ("     ", Some(Required), &[TooLong]),
        ] {
            assert_eq!(codes(Invalid::prose_at_most, text), faults, "{text:?}");
            let all: Vec<_> = required.into_iter().chain(faults.iter().copied()).collect();
            assert_eq!(codes(Invalid::prose, text), all, "{text:?}");
        }
    }

    #[test]
    fn every_fault_is_kept_and_none_is_fine() {
        assert_eq!(Invalid::default().into_result(), Ok(()));
        let mut invalid = Invalid::one("/due", FieldCode::OutOfRange, "in the future");
        invalid.push("/unit_id", FieldCode::Unknown, "no such unit");
        let faults = invalid.into_result().unwrap_err().0;
        let found: Vec<_> = faults.iter().map(|error| (&*error.pointer, error.code, &*error.detail)).collect();
        let expected =
            [("/due", FieldCode::OutOfRange, "in the future"), ("/unit_id", FieldCode::Unknown, "no such unit")];
        assert_eq!(found, expected);
    }
}
