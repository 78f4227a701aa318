//! Saved views 常用视图: lists that the office has named, for all of its people.

use super::ids::{SavedViewId, UserId};
use super::invalid::{FieldCode, Invalid};
use super::text;
use super::time::Timestamp;

/// Characters of a name. Source: our choice; it stands on a tab.
pub const NAME_CHARS_MAX: usize = 20;
/// Characters of a query. Source: our choice; every filter with its longest value.
pub const QUERY_CHARS_MAX: usize = 2_000;
/// Views of a county. Source: our choice; they are shown side by side.
pub const SAVED_VIEWS_MAX: usize = 50;

/// A named list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Identity; chosen by the client.
    pub id: SavedViewId,
    /// What it is called; no two have the same name.
    pub name: String,
    /// The query of the list of issues, without limit and cursor.
    pub query: String,
    /// Who saved it last.
    pub saved_by: UserId,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

/// The name as it is kept.
///
/// # Errors
/// [`Invalid`] at `/name`.
pub fn name(typed: &str) -> Result<String, Invalid> {
    let mut invalid = Invalid::default();
    let name = text::name(typed);
    match name.chars().count() {
        _ if name.chars().any(char::is_control) => invalid.push("/name", FieldCode::Malformed, "one line"),
        0 => invalid.push("/name", FieldCode::Required, "a name"),
        1..=NAME_CHARS_MAX => {}
        _ => invalid.push("/name", FieldCode::TooLong, format!("at most {NAME_CHARS_MAX} characters")),
    }
    invalid.into_result().map(|()| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_one_to_twenty_characters() {
        let longest = "名".repeat(20);
        assert_eq!(name(" 超期\u{200b}件 "), Ok("超期件".to_owned()));
        assert_eq!((name(&longest), name("一")), (Ok(longest.clone()), Ok("一".to_owned())));
        for (typed, code) in [
            (longest + "名", FieldCode::TooLong),
            (" \u{200b}".to_owned(), FieldCode::Required),
            ("超期\n件".to_owned(), FieldCode::Malformed),
        ] {
            let faults = name(&typed).err().unwrap_or_default().0;
            let found: Vec<_> = faults.iter().map(|fault| (&*fault.pointer, fault.code)).collect();
            assert_eq!(found, [("/name", code)], "{typed:?}");
        }
    }
}
