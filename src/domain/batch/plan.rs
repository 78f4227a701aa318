//! The plan of a batch 暗访方案: when, where, for which campaigns, and by which rules its points are drawn.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::draw::Rules;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::text::name;
use crate::domain::time::Date;

/// Campaigns or areas that a plan names. Source: our choice; a county has some thirty townships.
pub const NAMED_MAX: usize = 100;

/// A plan, as the office writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BatchPlan)]
pub struct Plan {
    /// What it is called, for the office only; 1–100 characters.
    pub title: String,
    /// First day of the window.
    #[schema(value_type = String, format = Date)]
    pub window_from: Date,
    /// Last day of the window, in the same calendar month.
    #[schema(value_type = String, format = Date)]
    pub window_to: Date,
    /// Codes of campaigns: points of any of them are in the pool; all points if there are none.
    #[schema(max_items = 100)]
    pub campaigns: Vec<String>,
    /// Six-digit codes of areas: points of any of them are in the pool; all points if there are none.
    #[schema(max_items = 100)]
    pub areas: Vec<String>,
    /// Slots, quotas and caps.
    pub rules: Rules,
}

impl Plan {
    /// The same with its title as it is stored.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Plan { title: name(&self.title), ..self.clone() }
    }

    /// Whether a point of these campaigns in this area is in the pool.
    #[must_use]
    pub fn covers(&self, campaigns: &[String], area: &str) -> bool {
        let is_of_campaign = self.campaigns.is_empty() || campaigns.iter().any(|code| self.campaigns.contains(code));
        is_of_campaign && (self.areas.is_empty() || self.areas.iter().any(|one| one == area))
    }

    /// Reports every field that is wrong.
    pub(super) fn validate(&self, invalid: &mut Invalid) {
        invalid.prose("/title", &self.title, limits::TITLE_CHARS_MAX);
        let (from, to) = (self.window_from, self.window_to);
        if to < from || (from.year(), from.month()) != (to.year(), to.month()) {
            let detail = "not before the first day, and in the same calendar month";
            invalid.push("/window_to", FieldCode::OutOfRange, detail);
        }
        for (name, codes) in [("/campaigns", &self.campaigns), ("/areas", &self.areas)] {
            if codes.len() > NAMED_MAX {
                invalid.push(name, FieldCode::TooLong, format!("at most {NAMED_MAX}"));
                continue;
            }
            for (at, code) in codes.iter().enumerate() {
                let pointer = format!("{name}/{at}");
                invalid.prose(&pointer, code, limits::CODE_CHARS_MAX);
                if codes.iter().take(at).any(|earlier| earlier == code) {
                    invalid.push(pointer, FieldCode::Duplicate, "named twice");
                }
            }
        }
        for fault in self.rules.validate().err().into_iter().flat_map(|faults| faults.0) {
            invalid.push(format!("/rules{}", fault.pointer), fault.code, fault.detail);
        }
        for (at, slot) in self.rules.slots.iter().enumerate() {
            if !(from..=to).contains(&slot.date) {
                invalid.push(format!("/rules/slots/{at}/date"), FieldCode::OutOfRange, "within the window");
            }
        }
    }
}
