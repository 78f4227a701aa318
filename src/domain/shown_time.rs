//! How exactly a time may be shown to readers from whom the inspection is concealed: one table, and types that only it
//! can make (ADR 0016). Views for units, leaders, discipline inspection and inspectors contain these types and never a
//! bare [`Timestamp`].

use serde::Serialize;

use super::calendar::WorkCalendar;
use super::issue::{Action, Context, Issue, UnitRequest};
use super::self_report::SelfReport;
use super::text::text_enum;
use super::time::{Date, HalfDay, Timestamp};

text_enum! {
    /// What happened at an instant of an issue's life.
    pub enum Moment {
        Found = "found", "发现", "An inspector found it";
        Reported = "reported", "上报收齐", "The report and its photos came";
        Reviewed = "reviewed", "审核", "The office reviewed it, or the finder mended it";
        Placed = "placed", "归入点位", "The office said at which point it is";
        HandedOver = "handed-over", "交办", "The office handed it to a unit";
        SignedIn = "signed-in", "签收", "The unit signed in, or the clock did it for the unit";
        Returned = "returned", "退回", "The unit returned it";
        FixReported = "fix-reported", "整改反馈", "The unit reported its fix";
        RequestFiled = "request-filed", "提出申请", "The unit asked for something";
        MilestoneReached = "milestone-reached", "完成节点", "The unit said that a step of its plan is done";
        RequestDecided = "request-decided", "答复申请", "The office answered what the unit asked";
        Told = "told", "告知", "The office told the unit something, such as a reminder";
        Checked = "checked", "核查", "The fix was checked, on site or at a desk";
        Hung = "hung", "挂账解挂", "The office put it on the books or took it off, or its plan ended";
        Carded = "carded", "出示黄红牌", "The office issued a card for it, or withdrew it";
        Archived = "archived", "归档", "The service filed it";
        VisitGiven = "visit-given", "指派走访", "An inspector was given a check or a look-back";
        LookedBack = "looked-back", "回头看", "An inspector looked whether the fix has held";
    }
}

text_enum! {
    /// How exactly an instant is shown.
    pub enum Fineness {
        Exact = "exact", "精确时间", "To the millisecond";
        HalfDay = "half-day", "半天", "The half day: its first instant stands for it";
        Day = "day", "当天", "The civil day: its first instant stands for it";
        Never = "never", "不告知", "Not at all; nor that it happened";
    }
}

/// A reader of an issue who is not the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Units, leaders, discipline inspection; and an inspector with a check or a look-back, who needs to know no more
    /// of the finding than the unit.
    Public,
    /// The inspector who found it.
    Finder,
}

/// For each moment: how exactly the public and the finder see it, and why.
pub type MomentRow = (Moment, Fineness, Fineness, &'static str);

/// Every moment. Source: domain §6.2 三不三无, "to the half-day"; ADR 0016.
#[rustfmt::skip]
pub const MOMENTS: &[MomentRow] = {
    use Fineness::*;
    use Moment as M;
    &[
        // moment            public   finder
        (M::Found,          HalfDay, Exact,   "where the finder stood; the day and half day are told with the fault"),
        (M::Reported,       Never,   Exact,   "comes with the visit, by minutes or hours"),
        (M::Reviewed,       Never,   Exact,   "lies between the visit and the hand-over"),
        (M::Placed,         Exact,   Exact,   "the office's act at its desk; before the hand-over nobody else sees it"),
        (M::HandedOver,     Exact,   Exact,   "limits run from it, and the unit sees it happen"),
        (M::SignedIn,       Exact,   Exact,   "the unit's own act, or the clock's from the hand-over"),
        (M::Returned,       Exact,   Exact,   "the unit's own act"),
        (M::FixReported,    Exact,   Exact,   "the unit's own act"),
        (M::RequestFiled,   Exact,   Exact,   "the unit's own act"),
        (M::MilestoneReached, Exact, Exact,   "the unit's own act"),
        (M::RequestDecided, HalfDay, HalfDay, "somebody may have gone to look first"),
        (M::Told,           Exact,   Exact,   "the office's act at its desk, and the unit sees it happen"),
        (M::Checked,        HalfDay, HalfDay, "where the checker stood, when it was a visit"),
        (M::Hung,           HalfDay, HalfDay, "somebody may have gone to look first"),
        (M::Carded,         Day,     Day,     "the office's act at its desk; a card is dated by its day"),
        (M::Archived,       Day,     Day,     "follows the day of the closing by a fixed number of days"),
        (M::VisitGiven,     Never,   Never,   "tells of a visit to come"),
        (M::LookedBack,     Never,   Never,   "tells of a visit that nobody was told of"),
    ]
};

impl Moment {
    /// How exactly `reader` sees it, from the table.
    #[must_use]
    pub fn fineness(self, reader: Reader) -> Fineness {
        let row = MOMENTS.iter().find(|(moment, ..)| *moment == self);
        match (row, reader) {
            (None, _) => Fineness::Never,
            (Some((_, public, ..)), Reader::Public) => *public,
            (Some((_, _, finder, _)), Reader::Finder) => *finder,
        }
    }
}

impl Action {
    /// The moment of the issue that the step is.
    #[must_use]
    pub fn moment(self) -> Moment {
        self.rules().moment
    }
}

/// A time as exact as its reader may know it. It is truncated when it is made, so that no view can reveal more.
/// Serialised as the truncated instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownTime {
    at: Timestamp,
    fineness: Fineness,
}

impl ShownTime {
    /// The `moment` at `at` as `reader` may see it; `None` when it is not shown.
    #[must_use]
    pub fn of(moment: Moment, reader: Reader, at: Timestamp, calendar: &WorkCalendar) -> Option<Self> {
        let fineness = moment.fineness(reader);
        let at = match fineness {
            Fineness::Exact => at,
            Fineness::HalfDay => calendar.start_of_half_day(at),
            Fineness::Day => calendar.start_of_day(at),
            Fineness::Never => return None,
        };
        Some(ShownTime { at, fineness })
    }

    /// How exact it is.
    #[must_use]
    pub fn fineness(self) -> Fineness {
        self.fineness
    }
}

impl Serialize for ShownTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.at.serialize(serializer)
    }
}

/// The half day of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownHalfDay {
    date: Date,
    half_day: HalfDay,
}

impl ShownHalfDay {
    /// The half day of `at`.
    #[must_use]
    pub fn of(at: Timestamp, calendar: &WorkCalendar) -> Self {
        ShownHalfDay { date: calendar.civil_date(at), half_day: calendar.half_day(at) }
    }

    /// The civil day.
    #[must_use]
    pub fn date(self) -> Date {
        self.date
    }

    /// Morning or afternoon.
    #[must_use]
    pub fn half_day(self) -> HalfDay {
        self.half_day
    }
}

/// A deadline as shown to those who must meet it. It may be exact to the millisecond, because the domain computes it
/// from what they know anyway (the hand-over, a date that somebody chose) or, when a check or a pause is involved, from
/// whole half days; see `deadline::rounded_outward`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Deadline(Timestamp);

impl Deadline {
    /// The deadline of an issue, if it has one.
    #[must_use]
    pub fn of(issue: &Issue) -> Option<Self> {
        issue.clock.due_at.map(Deadline)
    }

    /// The latest deadline that the unit may ask for: as long again as its limit, from the present one on.
    #[must_use]
    pub fn longest(issue: &Issue, context: &Context<'_>) -> Option<Self> {
        issue.extension_until_max(context).map(Deadline)
    }

    /// The deadline of a fault that the unit found itself: its own report's time and the item's limit.
    #[must_use]
    pub fn of_own(report: &SelfReport) -> Self {
        Deadline(report.due_at)
    }

    /// The deadline that a request asks for.
    #[must_use]
    pub fn asked(request: &UnitRequest) -> Option<Self> {
        request.until.map(Deadline)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarRules;

    #[test]
    fn every_moment_has_one_row_with_a_reason() {
        for moment in Moment::ALL {
            let rows: Vec<_> = MOMENTS.iter().filter(|(row, ..)| row == moment).collect();
            assert_eq!(rows.len(), 1, "{moment}");
            assert!(!rows[0].3.is_empty(), "{moment}");
        }
    }

    /// A step that is shown in a reader's history counts in that reader's version, and the other way round.
    #[test]
    fn the_table_and_the_public_steps_agree() {
        for action in Action::ALL {
            let before_release = matches!(action.moment(), Moment::Reported | Moment::Reviewed);
            let told = action.moment().fineness(Reader::Public) != Fineness::Never;
            assert_eq!(told, action.is_public() && !before_release, "{action}");
            assert_eq!(action.moment().fineness(Reader::Finder) != Fineness::Never, action.is_public(), "{action}");
        }
    }

    #[test]
    fn what_is_shown_is_cut_when_it_is_made() {
        let calendar = WorkCalendar::new(1, CalendarRules::plain()).unwrap();
        let at = Timestamp::parse("2026-08-03T15:04:11.391+08:00").unwrap();
        let shown = |moment, reader| {
            let shown: Option<ShownTime> = ShownTime::of(moment, reader, at, &calendar);
            shown.map(|shown| serde_json::to_value(shown).unwrap().as_str().unwrap().to_owned())
        };
        assert_eq!(shown(Moment::FixReported, Reader::Public).unwrap(), "2026-08-03T07:04:11.391Z");
        assert_eq!(shown(Moment::Checked, Reader::Public).unwrap(), "2026-08-03T04:00:00Z");
        assert_eq!(shown(Moment::Checked, Reader::Finder).unwrap(), "2026-08-03T04:00:00Z");
        assert_eq!(shown(Moment::Archived, Reader::Public).unwrap(), "2026-08-02T16:00:00Z");
        assert_eq!(shown(Moment::Reported, Reader::Public), None);
        assert_eq!(shown(Moment::Reported, Reader::Finder).unwrap(), "2026-08-03T07:04:11.391Z");
        let found = ShownHalfDay::of(at, &calendar);
        assert_eq!((found.date().to_string(), found.half_day()), ("2026-08-03".to_owned(), HalfDay::Afternoon));
    }

    /// Source: domain §6.2, "to the half-day"; ADR 0016.
    #[test]
    fn nobody_but_the_finder_is_told_when_it_was_found_reported_or_reviewed() {
        use Fineness::{Day, Exact, HalfDay as Half, Never};
        for (moment, public, finder) in [
            (Moment::Found, Half, Exact),
            (Moment::Reported, Never, Exact),
            (Moment::Reviewed, Never, Exact),
            (Moment::HandedOver, Exact, Exact),
            (Moment::Checked, Half, Half),
            (Moment::Archived, Day, Day),
            (Moment::VisitGiven, Never, Never),
            (Moment::LookedBack, Never, Never),
        ] {
            assert_eq!(
                (moment.fineness(Reader::Public), moment.fineness(Reader::Finder)),
                (public, finder),
                "{moment}"
            );
            let calendar = WorkCalendar::new(1, CalendarRules::plain()).unwrap();
            let shown = ShownTime::of(moment, Reader::Public, Timestamp::from_micros(0), &calendar);
            assert_eq!(shown.map(ShownTime::fineness), Some(public).filter(|fineness| *fineness != Never), "{moment}");
        }
        for (action, moment) in [
            (Action::SendBack, Moment::Reviewed),
            (Action::Reassign, Moment::HandedOver),
            (Action::LapseSignIn, Moment::SignedIn),
            (Action::ConfirmFix, Moment::FixReported),
            (Action::RequestHang, Moment::RequestFiled),
            (Action::DecideHang, Moment::RequestDecided),
            (Action::Fail, Moment::Checked),
            (Action::EndPlan, Moment::Hung),
            (Action::AssignLookBack, Moment::VisitGiven),
        ] {
            assert_eq!(action.moment(), moment, "{action}");
        }
    }
}
