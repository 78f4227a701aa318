//! Street interviews 应知应会: whether people know of the campaigns of their town. Anonymous: nothing in one says who
//! answered, where exactly or when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ratio::Ratio;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::text::text_enum;

/// Questions of an interview. Source: our choice; a form that takes a passer-by two minutes.
pub const ANSWERS_MAX: u8 = 20;
/// Interviews of a visit. Source: our choice.
pub const INTERVIEWS_MAX: usize = 50;

text_enum! {
    /// All that is recorded of a person. Only adults are asked: data about children under 14 are sensitive (个人信息保护法
    /// art. 31).
    pub enum AgeBand {
        From18 = "18-34", "18—34岁", "18 to 34";
        From35 = "35-59", "35—59岁", "35 to 59";
        From60 = "60-plus", "60岁及以上", "60 and above";
    }
}

/// One person's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Interview {
    /// Age, roughly, as the inspector judges it.
    pub age_band: AgeBand,
    /// Questions answered, 1–20.
    #[schema(minimum = 1, maximum = 20)]
    pub answered: u8,
    /// Of these, answered right.
    #[schema(minimum = 0, maximum = 20)]
    pub right: u8,
}

impl Interview {
    /// Reports faults under `pointer`.
    pub fn validate(&self, pointer: &str, invalid: &mut Invalid) {
        if !(1..=ANSWERS_MAX).contains(&self.answered) {
            invalid.push(format!("{pointer}/answered"), FieldCode::OutOfRange, format!("from 1 to {ANSWERS_MAX}"));
        }
        if self.right > self.answered {
            invalid.push(format!("{pointer}/right"), FieldCode::OutOfRange, "at most as many as were answered");
        }
    }
}

/// Right answers in percent of all answers, 0–100; `None` without answers. Every answer counts the same, so somebody
/// who was asked more counts more.
#[must_use]
pub fn awareness<'a>(interviews: impl IntoIterator<Item = &'a Interview>) -> Option<Ratio> {
    let add = |(right, answered): (i128, i128), one: &Interview| {
        (right + i128::from(one.right), answered + i128::from(one.answered))
    };
    let (right, answered) = interviews.into_iter().fold((0, 0), add);
    Ratio::new(100 * right, answered)
}
