//! The first day of a county: the code with which the first administrator is created, and the steps until the first
//! issue can be reported and released.

use super::text::{self, text_enum};

/// Characters of a setup code: digits and capital letters without those that look alike on a screen.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters of a setup code. Source: our choice; 40 bits, of which an address may try a hundred at once and then one
/// every half minute (`throttle::OF_ADDRESS`).
const CODE_CHARS: usize = 8;
/// People of the office without whom nothing can be released: who approves an issue does not release it. Source:
/// `duty` rules of `domain/policy.rs`: approver and releaser are two people.
pub const OFFICE_PEOPLE_MIN: i64 = 2;

text_enum! {
    /// What a county does before its first inspection, in this order.
    pub enum SetupStep {
        County = "county", "县区与工作时间", "County and working hours";
        Campaigns = "campaigns", "创建项目与测评项", "Campaigns and items";
        Units = "units", "责任单位", "Responsible units";
        People = "people", "用户账号", "Accounts";
        Points = "points", "点位", "Points";
        Calendar = "calendar", "工作日历", "Working calendar";
    }
}

text_enum! {
    /// The state of a step.
    pub enum StepState {
        Open = "open", "待办", "Open";
        Done = "done", "已完成", "Done";
        Skipped = "skipped", "以后再办", "Skipped for later";
    }
}

text_enum! {
    /// What somebody said of a step.
    pub enum StepMark {
        Skipped = "skipped", "以后再办", "Skipped for later";
        Confirmed = "confirmed", "已核对", "What is there was looked at";
    }
}

/// What there is already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether the county has a name.
    pub is_named: bool,
    /// Items of all campaigns.
    pub items: i64,
    /// Units in use.
    pub units: i64,
    /// Accounts of the office that may log in.
    pub office_people: i64,
    /// Inspectors who may log in.
    pub inspectors: i64,
    /// Accounts of units that may log in.
    pub unit_people: i64,
    /// Points in use.
    pub points: i64,
    /// Years whose days off should be named by now and are not.
    pub unnamed_years: Vec<i16>,
}

impl SetupStep {
    /// Whether nothing is missing. Zone and hours have defaults, so somebody has to say that they are right.
    #[must_use]
    pub fn is_done(self, there: &Progress, mark: Option<StepMark>) -> bool {
        match self {
            SetupStep::County => there.is_named && mark == Some(StepMark::Confirmed),
            SetupStep::Campaigns => there.items > 0,
            SetupStep::Units => there.units > 0,
            SetupStep::People => {
                there.office_people >= OFFICE_PEOPLE_MIN && there.inspectors > 0 && there.unit_people > 0
            }
            SetupStep::Points => there.points > 0,
            SetupStep::Calendar => there.unnamed_years.is_empty(),
        }
    }

    /// Its state: a step that is done counts as done, even if it was skipped before.
    #[must_use]
    pub fn state(self, there: &Progress, mark: Option<StepMark>) -> StepState {
        match (self.is_done(there, mark), mark) {
            (true, _) => StepState::Done,
            (false, Some(StepMark::Skipped)) => StepState::Skipped,
            (false, Some(StepMark::Confirmed) | None) => StepState::Open,
        }
    }

    /// Whether somebody may confirm what exists: only defaults need that.
    #[must_use]
    pub const fn is_confirmed_by_people(self) -> bool {
        match self {
            SetupStep::County => true,
            SetupStep::Campaigns | SetupStep::Units | SetupStep::People | SetupStep::Points | SetupStep::Calendar => {
                false
            }
        }
    }
}

/// A new setup code such as `7KQ2-M9XD`; `below` draws a number below its argument.
pub fn draw_code(mut below: impl FnMut(u32) -> u32) -> String {
    let mut code = String::new();
    for at in 0..CODE_CHARS {
        if at == CODE_CHARS / 2 {
            code.push('-');
        }
        let drawn = usize::try_from(below(32)).unwrap_or(0);
        code.push(ALPHABET.get(drawn).map_or('2', |byte| char::from(*byte)));
    }
    code
}

/// A code as it is compared: what was typed without its hyphen and blanks, in capital letters.
#[must_use]
pub fn folded_code(typed: &str) -> String {
    text::code(typed).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_compared_however_it_is_typed() {
        let mut next = 0;
        let code = draw_code(|end| {
            next = (next + 5) % end;
            next
        });
        assert_eq!(code, "7CHN-TY5A");
        for typed in [&*code, "7chnty5a", " 7chn ty5a ", "７ＣＨＮ－ＴＹ５Ａ"] {
            assert_eq!(folded_code(typed), "7CHNTY5A", "{typed}");
        }
        for other in ["7CHN-TY5", "7CHN-TY5AA", ""] {
            assert_ne!(folded_code(other), folded_code(&code), "{other}");
        }
        assert_eq!(draw_code(|_| 31), "ZZZZ-ZZZZ");
    }

    #[test]
    fn every_step_is_done_when_nothing_is_missing() {
        let all = Progress {
            is_named: true,
            items: 1,
            units: 1,
            office_people: 2,
            inspectors: 1,
            unit_people: 1,
            points: 1,
            unnamed_years: Vec::new(),
        };
        let confirmed = Some(StepMark::Confirmed);
        for step in SetupStep::ALL {
            assert_eq!(step.state(&all, confirmed), StepState::Done, "{step}");
        }
        for (step, missing) in [
            (SetupStep::County, Progress { is_named: false, ..all.clone() }),
            (SetupStep::Campaigns, Progress { items: 0, ..all.clone() }),
            (SetupStep::Units, Progress { units: 0, ..all.clone() }),
            (SetupStep::People, Progress { office_people: 1, ..all.clone() }),
            (SetupStep::People, Progress { inspectors: 0, ..all.clone() }),
            (SetupStep::People, Progress { unit_people: 0, ..all.clone() }),
            (SetupStep::Points, Progress { points: 0, ..all.clone() }),
            (SetupStep::Calendar, Progress { unnamed_years: vec![2027], ..all.clone() }),
        ] {
            assert_eq!(step.state(&missing, confirmed), StepState::Open, "{step}");
            assert_eq!(step.state(&missing, None), StepState::Open, "{step}");
            assert_eq!(step.state(&missing, Some(StepMark::Skipped)), StepState::Skipped, "{step}");
            for other in SetupStep::ALL.iter().filter(|other| **other != step) {
                assert_eq!(other.state(&missing, confirmed), StepState::Done, "{step} {other}");
            }
        }
        // Defaults do not count until somebody confirms them; what exists counts as done, even if it was skipped
        // before.
        assert_eq!(SetupStep::County.state(&all, None), StepState::Open);
        assert_eq!(SetupStep::County.state(&all, Some(StepMark::Skipped)), StepState::Skipped);
        assert_eq!(SetupStep::Units.state(&all, Some(StepMark::Skipped)), StepState::Done);
        let confirmable: Vec<_> = SetupStep::ALL.iter().filter(|step| step.is_confirmed_by_people()).collect();
        assert_eq!(confirmable, [&SetupStep::County]);
    }
}
