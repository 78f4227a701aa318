//! The fields of an issue, grouped by what they speak of. Each is named here once: events carry the groups as they are
//! serialised, the store makes its row of them, and each view takes a group apart by name, so that a new field has to be
//! shown or left out by everybody.

use serde::{Deserialize, Serialize};

use super::{ClockPause, Confirmation, Plan, Rejection, Remedy, Severity, Source, UnitReturn};
use crate::domain::deadline::TimeLimit;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PointId, UnitId, UserId, VisitId};
use crate::domain::time::Timestamp;

/// Declares a group of fields, and a macro that hands those which are one column each, under the same name, to a macro
/// of the store: `finding_columns!(row (FindingRow …))` calls `row!(Finding [source: Source, …] (FindingRow …))`.
macro_rules! group {
    (
        $(#[$meta:meta])*
        $name:ident, $columns:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)* }
        elsewhere { $($(#[$ometa:meta])* $other:ident: $otype:ty,)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $type,)*
            $($(#[$ometa])* pub $other: $otype,)*
        }

        macro_rules! $columns {
            ($with:ident $more:tt) => { $with! { $name [$($field: $type,)*] $more } };
        }
        pub(crate) use $columns;
    };
}

group! {
    /// What was found, where, by whom, and from which earlier fault it relapsed.
    Finding, finding_columns {
        /// Where the finding came from.
        source: Source,
        /// As reported, one worse for a rebound, then as reviewed.
        severity: Severity,
        /// As the inspector said. `None` on issues older than this field.
        #[serde(default)]
        reported_severity: Option<Severity>,
        /// Campaign 创建项目 of the item.
        campaign: String,
        /// Item 测评项 that is violated.
        item_code: String,
        /// Place.
        point_id: PointId,
        /// Six-digit area of the place; every list is keyed by it.
        area_code: String,
        /// Who found it. Never leaves through a unit's view.
        finder_id: UserId,
        /// The walk it was found on.
        visit_id: Option<VisitId>,
        /// Free text, may be empty: point, item and photos carry the meaning.
        description: String,
        /// Device time of the finding.
        captured_at: Timestamp,
        /// Server time the report came.
        received_at: Timestamp,
        /// Server time the last of its photos was on stable storage.
        submitted_at: Option<Timestamp>,
        /// The issue this one relapsed from.
        parent_id: Option<IssueId>,
        /// 0, and one more than the parent's for a rebound 反弹.
        chain_no: i32,
        /// The issue whose look-back found this one, a rebound or not.
        #[serde(default)]
        look_back_of: Option<IssueId>,
    }
    elsewhere {
        /// Where the device said it was.
        location: Option<Location>,
    }
}

group! {
    /// What the office made of the report.
    #[derive(Default)]
    Review, review_columns {
        /// Who approved it.
        approved_by: Option<UserId>,
        /// When.
        approved_at: Option<Timestamp>,
        /// For a rejected report: the issue it repeats.
        duplicate_of: Option<IssueId>,
        /// What the first of two reviewers said who would drop it.
        #[serde(default)]
        rejection: Option<Rejection>,
    }
    elsewhere {}
}

group! {
    /// The unit that has to answer, and how it took it.
    #[derive(Default)]
    Assignment, assignment_columns {
        /// Responsible unit, once proposed.
        unit_id: Option<UnitId>,
        /// Who released it.
        released_by: Option<UserId>,
        /// When it was handed over: from then on the unit sees it.
        released_at: Option<Timestamp>,
        /// Released at once because of danger.
        urgent: bool,
        /// When the present unit got it (release or reassignment).
        assigned_at: Option<Timestamp>,
        /// Whether the present assignment was designated as final 指定责任.
        final_assignment: bool,
        /// Person the unit named, 整改责任人.
        handler: Option<String>,
        /// When the unit signed in, or the clock did it for it.
        signed_in_at: Option<Timestamp>,
        /// Nobody signed in in time 无人认领.
        unclaimed: bool,
    }
    elsewhere {
        /// Returns so far, one a unit at most.
        returns: Vec<UnitReturn>,
    }
}

group! {
    /// By when, and when the clock stood still.
    #[derive(Default)]
    Clock, clock_columns {
        /// Start of the clock that runs now.
        clock_started_at: Option<Timestamp>,
        /// Limit of the clock that runs now.
        round_limit: Option<TimeLimit>,
        /// An instant set by a person (at approval, or by an extension) instead of the limit.
        due_fixed: Option<Timestamp>,
        /// Deadline as an instant.
        due_at: Option<Timestamp>,
        /// Version of the calendar the deadline was computed with.
        calendar_version: Option<i64>,
        /// Plan of a hung issue.
        plan: Option<Plan>,
    }
    elsewhere {
        /// Limit of the first round; halved already for a rebound. `None`: a fixed instant was set.
        limit: Option<TimeLimit>,
        /// Times the clock stood still.
        pauses: Vec<ClockPause>,
    }
}

group! {
    /// What the unit did.
    #[derive(Default)]
    Fix, fix_columns {
        /// Account that reported the last fix.
        fixed_by: Option<UserId>,
        /// Server time of the last reported fix.
        reported_at: Option<Timestamp>,
        /// From when that fix counts: its arrival, or when it was composed offline. Source: domain §5.2.
        #[serde(default)]
        fix_counted_at: Option<Timestamp>,
        /// What was done.
        measure: Option<String>,
        /// How it was put right.
        remedy: Option<Remedy>,
        /// How a severe fix went by the unit's vice head.
        #[serde(default)]
        confirmation: Option<Confirmation>,
    }
    elsewhere {}
}

group! {
    /// The check, the closing, and the look-back after it.
    #[derive(Default)]
    Closing, closing_columns {
        /// Inspector who was given the check.
        checker_id: Option<UserId>,
        /// Who closed it.
        closed_by: Option<UserId>,
        /// When.
        closed_at: Option<Timestamp>,
        /// Whether the closing check was made on site.
        closed_on_site: Option<bool>,
        /// Why the office closed it at the desk though a visit was expected.
        #[serde(default)]
        desk_reason: Option<String>,
        /// Whether the fix that passed was reported by the deadline.
        on_time: Option<bool>,
        /// Inspector who was given the look-back.
        look_back_inspector_id: Option<UserId>,
    }
    elsewhere {}
}
