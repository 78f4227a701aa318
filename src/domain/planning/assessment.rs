//! External assessments 上级测评: what the county prepares for. Source: domain rule M13.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NAME_CHARS_MAX;
use crate::domain::ids::{AssessmentId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::Month;
use crate::domain::month::countdown::{Countdown, ExternalAssessment};
use crate::domain::text::{name, text_enum};
use crate::domain::time::{Date, Timestamp};

/// Longest window, in months. Source: our choice; a round of assessments is over within a year.
pub const ASSESSMENT_MONTHS_MAX: i32 = 12;

text_enum! {
    /// How an external assessment is made.
    pub enum AssessmentKind {
        Unannounced = "unannounced", "暗访测评", "Unannounced inspection";
        OnSite = "on-site", "实地考察", "On-site review";
        Documents = "documents", "材料审核", "Review of documents";
        Survey = "survey", "问卷调查", "Survey";
        Recheck = "recheck", "复查复评", "Recheck";
    }
}

/// An external assessment, as the office writes it down. Its days are confidential and are not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Assessment)]
pub struct AssessmentText {
    /// What it is called, 1–40 characters.
    pub name: String,
    /// Code of the campaign that is assessed.
    pub campaign: String,
    /// How it is made.
    pub kind: AssessmentKind,
    /// First month in which it may come, such as `2027-08`.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub from: Month,
    /// Last month, the same one or at most eleven months later.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub to: Month,
}

/// An external assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Identity; chosen by the client.
    pub id: AssessmentId,
    /// Counts the changes, from 1.
    pub version: i64,
    /// What is written down.
    pub text: AssessmentText,
    /// Who wrote it last.
    pub changed_by: UserId,
    /// When.
    pub changed_at: Timestamp,
}

impl AssessmentText {
    /// The same with its name as it is stored.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        AssessmentText { name: name(&self.name), ..self.clone() }
    }

    /// Reports every field that is wrong in itself.
    ///
    /// # Errors
    /// All of them.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.prose("/name", &self.name, NAME_CHARS_MAX);
        if !(0..ASSESSMENT_MONTHS_MAX).contains(&self.to.months_since(self.from)) {
            let detail = format!("from the first month on, {ASSESSMENT_MONTHS_MAX} months at most");
            invalid.push("/to", FieldCode::OutOfRange, detail);
        }
        invalid.into_result()
    }

    /// The countdown on `today`; `None` once its months are over.
    #[must_use]
    pub fn countdown(&self, today: Date) -> Option<Countdown> {
        let (from, to) = (self.from.first_day(), self.to.last_day());
        ExternalAssessment { campaign: self.campaign.clone(), from, to }.countdown(today)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_one_to_twelve_months_and_its_countdown_ends_with_it() {
        let month = |text: &str| Month::parse(text).unwrap();
        let text = |from: &str, to: &str| AssessmentText {
            name: " 省级文明城市测评 ".into(),
            campaign: "WM".into(),
            kind: AssessmentKind::Unannounced,
            from: month(from),
            to: month(to),
        };
        assert_eq!(text("2027-08", "2027-08").validate(), Ok(()));
        assert_eq!(text("2027-08", "2028-07").validate(), Ok(()));
        for (from, to) in [("2027-08", "2027-07"), ("2027-08", "2028-08")] {
            assert_eq!(text(from, to).validate().unwrap_err().0[0].pointer, "/to");
        }
        assert_eq!(text("2027-08", "2027-08").trimmed().name, "省级文明城市测评");
        let left = |today: &str| {
            text("2027-08", "2027-09").countdown(today.parse().unwrap()).map(|countdown| countdown.months_left)
        };
        assert_eq!((left("2027-06-30"), left("2027-09-30"), left("2027-10-01")), (Some(2), Some(0), None));
        assert_eq!(
            AssessmentText { name: " ".into(), ..text("2027-08", "2027-08") }.validate().unwrap_err().0.len(),
            1
        );
    }
}
