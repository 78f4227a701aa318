//! What an issue needs that its unit does not have 需求. Source: domain rule M35.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::{UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::needs::Need;
use crate::domain::time::Timestamp;

/// Characters of the words beside a need. Source: our choice; the request itself goes by its own document.
pub const NEED_NOTE_CHARS_MAX: usize = 200;

/// What an issue needs, as it is written down; nothing when it needs nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Needs)]
pub struct NeedsText {
    /// What, each once.
    #[schema(max_items = 4)]
    pub needs: Vec<Need>,
    /// In words, at most 200 characters; may be empty.
    #[serde(default)]
    pub note: String,
}

/// What an issue needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedNote {
    /// What is written down; its needs are in the order of [`Need::ALL`].
    pub text: NeedsText,
    /// The unit that was responsible when it was written.
    pub unit_id: UnitId,
    /// Who wrote it.
    pub noted_by: UserId,
    /// When.
    pub noted_at: Timestamp,
}

impl NeedsText {
    /// The same in order, without blanks around its words, and without words where there is no need.
    #[must_use]
    pub fn ordered(&self) -> Self {
        let needs: Vec<Need> = Need::ALL.iter().copied().filter(|need| self.needs.contains(need)).collect();
        let note = if needs.is_empty() { String::new() } else { self.note.trim().to_owned() };
        NeedsText { needs, note }
    }

    /// Reports every field that is wrong.
    ///
    /// # Errors
    /// All of them.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (at, need) in self.needs.iter().enumerate() {
            if self.needs.iter().take(at).any(|earlier| earlier == need) {
                invalid.push(format!("/needs/{at}"), FieldCode::Duplicate, "named twice");
            }
        }
        invalid.prose_at_most("/note", &self.note, NEED_NOTE_CHARS_MAX);
        invalid.into_result()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_kept_in_order_and_words_only_beside_a_need() {
        let text = |needs: &[Need], note: &str| NeedsText { needs: needs.to_vec(), note: note.into() };
        let written = text(&[Need::Law, Need::Funds], " 缺执法依据 ");
        assert_eq!(written.validate(), Ok(()));
        assert_eq!(written.ordered(), text(&[Need::Funds, Need::Law], "缺执法依据"));
        assert_eq!(text(&[], "无").ordered(), text(&[], ""));
        let wrong = text(&[Need::Law, Need::Law], &"字".repeat(NEED_NOTE_CHARS_MAX + 1)).validate().unwrap_err();
        let pointers: Vec<&str> = wrong.0.iter().map(|fault| &*fault.pointer).collect();
        assert_eq!(pointers, ["/needs/1", "/note"]);
    }
}
