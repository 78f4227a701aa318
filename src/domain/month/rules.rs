//! The rules of the month, in versions: weights, thresholds and switches. They are this county's own; no national
//! standard sets any of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Exact;
use super::ledger::Amounts;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::text::text_enum;

text_enum! {
    /// What 返工率 is a share of.
    pub enum ReworkBase {
        DueToClose = "due-to-close", "应结案数", "Issues due to be closed";
        Checks = "checks", "核查数", "Checks made";
    }
}

text_enum! {
    /// What 按期结案率 is a share of.
    pub enum OnTimeClosing {
        All = "all", "应结案数", "Issues due to be closed";
        LessDeferred = "less-deferred", "应结案数−缓办数", "Issues due to be closed, less those on the books";
    }
}

text_enum! {
    /// What the service does with a month by itself, on the working day on which it is due.
    pub enum ByItself {
        Nothing = "nothing", "均由人办理", "Nothing: people do all of it";
        Freeze = "freeze", "到日自动冻结", "It freezes the month";
        Preview = "preview", "到日自动冻结并发送核对", "It freezes the month and opens the preview";
    }
}

impl ByItself {
    /// What holds where the rules say nothing of it.
    const DEFAULT: Self = ByItself::Freeze;

    fn default_of_rules() -> Self {
        Self::DEFAULT
    }

    /// What is not said leaves the form of a snapshot as it was before there was this rule.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_default(&self) -> bool {
        *self == Self::DEFAULT
    }
}

/// The weights of the unit's score; together 1. A term without data is left out, and the others share its weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermWeights {
    /// A, the points that the unit leads. Default 0.45. Source: our judgement.
    pub points: Exact,
    /// B, how it handles issues. Default 0.35. Source: our judgement.
    pub handling: Exact,
    /// C, how long its fixes last. Default 0.20. Source: our judgement.
    pub durability: Exact,
}

/// The weights within B; together 100. A rate without data is left out, and the others share its weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandlingWeights {
    /// 处置率. Default 30. Source: 成都金牛区.
    pub handling: Exact,
    /// 按期处置率. Default 20. Source: 成都金牛区.
    pub on_time: Exact,
    /// 1 − 返工率. Default 20. Source: 成都金牛区.
    pub rework: Exact,
    /// 1 − 超期待处置率. Default 20. Source: 成都金牛区.
    pub overdue_open: Exact,
    /// 1 − 延期率. Default 10. Source: 成都金牛区.
    pub extension: Exact,
}

/// Points that are taken away or added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// For a yellow card. Default 0.5. Source: 广元 (四川) takes 1 for two on one
    /// task.
    pub yellow_card: Exact,
    /// For a red card. Default 2. Source: 广元 (四川).
    pub red_card: Exact,
    /// For an unfounded return. Default 1. Source: 金华 (浙江).
    pub unfounded_return: Exact,
    /// For false evidence. Default 5. Source: our judgement; 金华 (浙江) takes 1.
    pub false_evidence: Exact,
    /// For an exposure by a higher level or the media. Default 2, twice that of an unfounded return. Source: 金华 (浙江)
    /// doubles such cases.
    pub exposure: Exact,
    /// Most that is taken away. Default 15. Source: our judgement.
    pub deductions_max: Exact,
    /// For a fault found and fixed by the unit itself. Default 0.1. Source: our judgement.
    pub self_found: Exact,
    /// Most that is added for those. Default 2. Source: our judgement.
    pub self_found_max: Exact,
    /// For a commendation by a higher level. Default 1. Source: our judgement.
    pub commendation: Exact,
    /// Most that is added for those. Default 2. Source: our judgement.
    pub commendations_max: Exact,
}

/// When cards, talks and referrals are proposed. All numbers are the least that lead to the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationRules {
    /// Failed checks of one issue for a yellow card. Default 2. Source: our judgement.
    pub reworks_yellow: u32,
    /// Failed checks of one issue for a red card. Default 3. Source: 金华 (浙江), which deducts more from the third on.
    pub reworks_red: u32,
    /// Working days overdue for a red card. Default 5. Source: our judgement.
    pub overdue_days_red: u32,
    /// Position in a chain of rebounds for a red card. Default 2. Source: our judgement.
    pub chain_red: u32,
    /// Yellow cards on one issue for a red card. Default 2. Source: 广元 (四川), which escalates the second.
    pub yellows_red: u32,
    /// Red cards of a unit in a month for a talk 约谈. Default 2. Source: our judgement; 隆昌 (四川) takes three running.
    pub reds_talk: u32,
    /// Red cards of a unit in a month for a referral 移交. Default 3. Source: our judgement.
    pub reds_referral: u32,
    /// Months running on the black list for a talk. Default 2. Source: our judgement.
    pub black_months_talk: u32,
    /// Months running on the black list for a referral. Default 3. Source: our judgement.
    pub black_months_referral: u32,
}

/// What the county pays or takes, in yuan; 0 where it has set no amount. Source of both defaults: none, so 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountRules {
    /// For a place on the red list, up to a million.
    pub red_list_yuan: u32,
    /// For a place on the black list, up to a million.
    pub black_list_yuan: u32,
}

impl AmountRules {
    /// As [`ByItself::is_default`].
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_default(&self) -> bool {
        *self == AmountRules::default()
    }

    /// The amounts of the ledger.
    #[must_use]
    pub fn amounts(self) -> Amounts {
        let fen = |yuan: u32| (yuan > 0).then(|| u64::from(yuan) * 100);
        Amounts { red_list_fen: fen(self.red_list_yuan), black_list_fen: fen(self.black_list_yuan) }
    }
}

/// How closed issues are sampled for look-backs. Source of all defaults: our judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookBackRules {
    /// Days after the closing from which an issue is sampled. Default 7.
    pub from_days: u32,
    /// Days after the closing up to which an issue is sampled. Default 90, as rebounds are counted.
    pub to_days: u32,
    /// Least size of the sample. Default 10.
    pub size_min: u32,
    /// Share of the population, in percent, rounded up. Default 15.
    pub share_percent: u32,
    /// Share of severe issues, in percent, rounded up. Default 50.
    pub high_percent: u32,
    /// Closings from which a unit has at least one in the sample. Default 5.
    pub unit_closings_min: u32,
    /// Share of closings on the day of release that are looked at again soon, in percent; what is not a whole issue is
    /// carried over to the next draw. Default 10.
    pub staged_percent: u32,
    /// Hours after such a closing within which somebody looks. Default 72.
    pub staged_hours: u32,
}

/// A version of the rules. A stored month names its version, and keeps a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MonthRules)]
pub struct Rules {
    /// Which version; increases with each change.
    pub version: i64,
    /// Weights of A, B and C.
    pub terms: TermWeights,
    /// Weights within B.
    pub handling: HandlingWeights,
    /// What 返工率 is a share of. Default 应结案数. Source: 成都金牛区.
    pub rework_base: ReworkBase,
    /// What 按期结案率 is a share of. Default 应结案数. Source: 天门 (湖北).
    pub on_time_closing: OnTimeClosing,
    /// Weight of a demonstration point; other points have 1. Default 1.5. Source: our judgement.
    pub demo_weight: Exact,
    /// How much a township answers for what others lead on its territory, 0 to 1. Default 0.5. Source: our judgement.
    pub territorial_share: Exact,
    /// Points taken away and added.
    pub marks: Marks,
    /// Least score with which a point passes, 1 to 100. Default 90. Source: our judgement; counties set 80 to 95.
    pub pass_line: Exact,
    /// Days after which a point's score is stale, counted from the visit. Default 92, a quarter. Source: our judgement.
    pub stale_days: u32,
    /// Months of look-backs that count for C, the scored one included. Default 3. Source: our judgement.
    pub durability_months: u32,
    /// With fewer scored points than this, and fewer due issues than the next, a unit is not ranked 样本不足. Default 3.
    /// Source: our judgement.
    pub sample_points_min: u32,
    /// See the field before. Default 5. Source: our judgement.
    pub sample_issues_min: u32,
    /// Share of a peer group on the red list, in percent, rounded down, but at least one unit. Default 10. Source: our
    /// judgement.
    pub red_percent: u32,
    /// Least score for the red list. Default 90. Source: our judgement.
    pub red_min: Exact,
    /// Share of a peer group that the black list may take, in percent, rounded down, but at least one unit. Default 10.
    /// Source: our judgement.
    pub black_percent: u32,
    /// Score below which a unit may be on the black list. Default 80. Source: our judgement.
    pub black_below: Exact,
    /// Working days for objections, after the day of the preview. Default 3. Source: our judgement.
    pub objection_days: u32,
    /// Working days for deciding on them. Default 2. Source: our judgement.
    pub decision_days: u32,
    /// The working day of the next month by whose end the month is locked. Default 8. Source: our judgement.
    pub lock_day: u32,
    /// What the service does by itself on the first working day of the next month, once people froze a month for the
    /// first time. Default `freeze`: nobody sees more by it. Source: our judgement.
    #[serde(default = "ByItself::default_of_rules", skip_serializing_if = "ByItself::is_default")]
    pub by_itself: ByItself,
    /// Valid months that a year's score needs. Default 6. Source: our judgement.
    pub year_months_min: u32,
    /// Escalation.
    pub escalation: EscalationRules,
    /// Look-backs.
    pub look_back: LookBackRules,
    /// Rewards and penalties of the ledger.
    #[serde(default, skip_serializing_if = "AmountRules::is_default")]
    pub amounts: AmountRules,
}

impl Default for Rules {
    fn default() -> Self {
        let number = Exact::from;
        Rules {
            version: 1,
            terms: TermWeights {
                points: Exact::hundredths(45),
                handling: Exact::hundredths(35),
                durability: Exact::hundredths(20),
            },
            handling: HandlingWeights {
                handling: number(30),
                on_time: number(20),
                rework: number(20),
                overdue_open: number(20),
                extension: number(10),
            },
            rework_base: ReworkBase::DueToClose,
            on_time_closing: OnTimeClosing::All,
            demo_weight: Exact::hundredths(150),
            territorial_share: Exact::hundredths(50),
            marks: Marks {
                yellow_card: Exact::hundredths(50),
                red_card: number(2),
                unfounded_return: number(1),
                false_evidence: number(5),
                exposure: number(2),
                deductions_max: number(15),
                self_found: Exact::hundredths(10),
                self_found_max: number(2),
                commendation: number(1),
                commendations_max: number(2),
            },
            pass_line: number(90),
            stale_days: 92,
            durability_months: 3,
            sample_points_min: 3,
            sample_issues_min: 5,
            red_percent: 10,
            red_min: number(90),
            black_percent: 10,
            black_below: number(80),
            objection_days: 3,
            decision_days: 2,
            lock_day: 8,
            by_itself: ByItself::DEFAULT,
            year_months_min: 6,
            escalation: EscalationRules {
                reworks_yellow: 2,
                reworks_red: 3,
                overdue_days_red: 5,
                chain_red: 2,
                yellows_red: 2,
                reds_talk: 2,
                reds_referral: 3,
                black_months_talk: 2,
                black_months_referral: 3,
            },
            look_back: LookBackRules {
                from_days: 7,
                to_days: 90,
                size_min: 10,
                share_percent: 15,
                high_percent: 50,
                unit_closings_min: 5,
                staged_percent: 10,
                staged_hours: 72,
            },
            amounts: AmountRules::default(),
        }
    }
}

impl Rules {
    /// Checks every number, and those that depend on one another.
    ///
    /// # Errors
    /// Each field that is wrong, by its JSON pointer.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let hundred = Exact::from(100);
        let (terms, handling, marks) = (&self.terms, &self.handling, &self.marks);
        weights(
            &mut invalid,
            "/terms",
            &[("points", &terms.points), ("handling", &terms.handling), ("durability", &terms.durability)],
            &Exact::one(),
        );
        weights(
            &mut invalid,
            "/handling",
            &[
                ("handling", &handling.handling),
                ("on_time", &handling.on_time),
                ("rework", &handling.rework),
                ("overdue_open", &handling.overdue_open),
                ("extension", &handling.extension),
            ],
            &hundred,
        );
        if !self.demo_weight.is_positive() {
            invalid.push("/demo_weight", FieldCode::OutOfRange, "more than 0");
        }
        for (pointer, number, most) in [
            ("/territorial_share", &self.territorial_share, &Exact::one()),
            ("/marks/yellow_card", &marks.yellow_card, &hundred),
            ("/marks/red_card", &marks.red_card, &hundred),
            ("/marks/unfounded_return", &marks.unfounded_return, &hundred),
            ("/marks/false_evidence", &marks.false_evidence, &hundred),
            ("/marks/exposure", &marks.exposure, &hundred),
            ("/marks/deductions_max", &marks.deductions_max, &hundred),
            ("/marks/self_found", &marks.self_found, &hundred),
            ("/marks/self_found_max", &marks.self_found_max, &hundred),
            ("/marks/commendation", &marks.commendation, &hundred),
            ("/marks/commendations_max", &marks.commendations_max, &hundred),
            ("/pass_line", &self.pass_line, &hundred),
            ("/red_min", &self.red_min, &hundred),
            ("/black_below", &self.black_below, &hundred),
        ] {
            if number.is_negative() || number > most {
                invalid.push(pointer, FieldCode::OutOfRange, format!("from 0 to {most}"));
            }
        }
        if self.pass_line < Exact::one() {
            invalid.push("/pass_line", FieldCode::OutOfRange, "from 1 to 100");
        }
        if self.black_below > self.red_min {
            invalid.push("/black_below", FieldCode::OutOfRange, "at most red_min: no unit is on both lists");
        }
        if marks.yellow_card > marks.red_card {
            invalid.push("/marks/yellow_card", FieldCode::OutOfRange, "at most what a red card takes");
        }
        self.validate_counts(&mut invalid);
        invalid.into_result()
    }

    fn validate_counts(&self, invalid: &mut Invalid) {
        let (escalation, look_back) = (&self.escalation, &self.look_back);
        for (pointer, number, least, most) in [
            ("/stale_days", self.stale_days, 1, 366),
            ("/durability_months", self.durability_months, 1, 12),
            ("/sample_points_min", self.sample_points_min, 1, 1_000),
            ("/sample_issues_min", self.sample_issues_min, 1, 1_000),
            ("/red_percent", self.red_percent, 1, 50),
            ("/black_percent", self.black_percent, 1, 50),
            ("/objection_days", self.objection_days, 1, 20),
            ("/decision_days", self.decision_days, 1, 20),
            ("/lock_day", self.lock_day, 3, 20),
            ("/year_months_min", self.year_months_min, 1, 12),
            ("/escalation/reworks_yellow", escalation.reworks_yellow, 1, 20),
            ("/escalation/reworks_red", escalation.reworks_red, 1, 20),
            ("/escalation/overdue_days_red", escalation.overdue_days_red, 1, 250),
            ("/escalation/chain_red", escalation.chain_red, 1, 20),
            ("/escalation/yellows_red", escalation.yellows_red, 1, 20),
            ("/escalation/reds_talk", escalation.reds_talk, 1, 100),
            ("/escalation/reds_referral", escalation.reds_referral, 1, 100),
            ("/escalation/black_months_talk", escalation.black_months_talk, 1, 12),
            ("/escalation/black_months_referral", escalation.black_months_referral, 1, 12),
            ("/look_back/from_days", look_back.from_days, 0, 90),
            ("/look_back/to_days", look_back.to_days, 1, 90),
            ("/look_back/size_min", look_back.size_min, 1, 1_000),
            ("/look_back/share_percent", look_back.share_percent, 1, 100),
            ("/look_back/high_percent", look_back.high_percent, 1, 100),
            ("/look_back/unit_closings_min", look_back.unit_closings_min, 1, 1_000),
            ("/look_back/staged_percent", look_back.staged_percent, 0, 100),
            ("/look_back/staged_hours", look_back.staged_hours, 1, 720),
            ("/amounts/red_list_yuan", self.amounts.red_list_yuan, 0, 1_000_000),
            ("/amounts/black_list_yuan", self.amounts.black_list_yuan, 0, 1_000_000),
        ] {
            if !(least..=most).contains(&number) {
                invalid.push(pointer, FieldCode::OutOfRange, format!("from {least} to {most}"));
            }
        }
        for (pointer, less, more) in [
            ("/escalation/reworks_red", escalation.reworks_yellow, escalation.reworks_red),
            ("/escalation/reds_referral", escalation.reds_talk, escalation.reds_referral),
            ("/escalation/black_months_referral", escalation.black_months_talk, escalation.black_months_referral),
            ("/look_back/to_days", look_back.from_days, look_back.to_days),
        ] {
            if less >= more {
                invalid.push(pointer, FieldCode::OutOfRange, format!("more than {less}, the lighter of the two"));
            }
        }
        // The day of the preview is the first; those for objections and decisions follow.
        let decided = 1 + self.objection_days + self.decision_days;
        if self.lock_day < decided {
            invalid.push("/lock_day", FieldCode::OutOfRange, format!("at least {decided}, the day of the decision"));
        }
        if self.version < 1 {
            invalid.push("/version", FieldCode::OutOfRange, "at least 1");
        }
    }
}

/// Requires that each weight is positive and that together they make `sum`.
fn weights(invalid: &mut Invalid, pointer: &str, weights: &[(&str, &Exact)], sum: &Exact) {
    for (name, weight) in weights {
        if !weight.is_positive() {
            invalid.push(format!("{pointer}/{name}"), FieldCode::OutOfRange, "more than 0");
        }
    }
    let all: Exact = weights.iter().map(|(_, weight)| *weight).sum();
    if all != *sum {
        invalid.push(pointer, FieldCode::OutOfRange, format!("together {sum}, and not {all}"));
    }
}

#[cfg(test)]
mod tests;
