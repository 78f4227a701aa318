//! Checks that a month's record still contains what its steps wrote into it.

use serde_json::Value;

use super::{MonthAction, MonthRecord};
use crate::domain::ids::UserId;
use crate::domain::time::Timestamp;

/// Members of a record that a later step may change. The others are written once.
const CHANGING: [&str; 4] = ["state", "version", "is_lock_late", "objections_until"];
/// Members that a decision replaces.
const DECIDED: [&str; 2] = ["snapshot", "results"];

impl MonthRecord {
    /// Whether the record after a step names that step's time, and the person where it names one.
    #[must_use]
    pub fn tells(&self, action: MonthAction, at: Timestamp, by: Option<UserId>) -> bool {
        match action {
            MonthAction::Freeze => self.frozen_at == Some(at),
            MonthAction::Preview => self.preview_at == Some(at),
            MonthAction::Object => self.objections.last().is_some_and(|of| of.at == at && by == Some(of.by)),
            MonthAction::Answer => {
                let mut answers = self.objections.iter().filter_map(|objection| objection.answer.as_ref());
                answers.any(|answer| answer.at == at && by == Some(answer.by))
            }
            MonthAction::Decide => self.decided_at == Some(at) && self.decided_by == by,
            MonthAction::Lock => {
                let vote = self.second_vote.or(self.first_vote);
                vote.is_some_and(|vote| vote.at == at && by == Some(vote.by) && self.results == Some(vote.results))
            }
            MonthAction::Publish => self.published_at == Some(at),
        }
    }

    /// Whether nothing is lost or changed of what the record before `action` said.
    #[must_use]
    pub fn keeps(&self, before: &MonthRecord, action: MonthAction) -> bool {
        let members = |record: &MonthRecord| match serde_json::to_value(record) {
            Ok(Value::Object(mut members)) => {
                members.retain(|name, _| {
                    let is_replaced = action == MonthAction::Decide && DECIDED.contains(&name.as_str());
                    !CHANGING.contains(&name.as_str()) && !is_replaced
                });
                Value::Object(members)
            }
            Ok(other) => other,
            Err(_) => Value::Null,
        };
        grows(&members(before), &members(self))
    }
}

/// Whether `after` has everything that `before` has; what was empty may be filled.
fn grows(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Null, _) => true,
        (Value::Array(before), Value::Array(after)) => {
            before.len() <= after.len() && before.iter().zip(after).all(|(before, after)| grows(before, after))
        }
        (Value::Object(before), Value::Object(after)) => {
            before.iter().all(|(name, before)| after.get(name).is_some_and(|after| grows(before, after)))
        }
        (before, after) => before == after,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::month::Month;

    #[test]
    fn what_was_written_stays_and_what_was_empty_may_be_filled() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let open = MonthRecord::open(Month::parse("2026-08").unwrap());
        let frozen = MonthRecord { frozen_at: Some(at(5)), ..open.clone() };
        let shown = MonthRecord { preview_at: Some(at(7)), ..frozen.clone() };
        assert!(frozen.keeps(&open, MonthAction::Freeze) && shown.keeps(&frozen, MonthAction::Preview));
        assert!(frozen.tells(MonthAction::Freeze, at(5), None));
        assert!(!frozen.tells(MonthAction::Freeze, at(6), None) && !frozen.tells(MonthAction::Preview, at(5), None));
        assert!(!open.keeps(&frozen, MonthAction::Preview));
        let later = MonthRecord { frozen_at: Some(at(6)), ..shown.clone() };
        assert!(!later.keeps(&frozen, MonthAction::Preview));
        // A decision replaces the results, and nothing else does.
        let digest = |byte: u8| Some(crate::domain::digest::Digest::of(&[byte]));
        let first = MonthRecord { results: digest(1), ..shown.clone() };
        let second = MonthRecord { results: digest(2), ..shown };
        assert!(second.keeps(&first, MonthAction::Decide) && !second.keeps(&first, MonthAction::Lock));
    }
}
