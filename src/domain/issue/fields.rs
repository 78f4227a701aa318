//! The fields of an issue, in groups. Each field is declared once, here: events contain the groups as they are
//! serialised, the store builds its row from them, and each view destructures a group by name, so that a new field has
//! to be shown or left out in every view.

use serde::{Deserialize, Serialize};

use super::{ClockPause, Confirmation, Plan, Rejection, Remedy, Severity, Source, UnitReturn, Violation};
use crate::domain::deadline::TimeLimit;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PointId, UnitId, UserId, VisitId};
use crate::domain::time::Timestamp;

/// Declares a group of fields, and a macro that passes the fields with a column of the same name to a macro of the
/// store: `finding_columns!(row (FindingRow …))` calls `row!(Finding [source: Source, …] (FindingRow …))`.
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
    /// What was found, where, by whom, and which earlier issue it is a relapse of.
    Finding, finding_columns {
        /// Where the finding came from.
        source: Source,
        /// As reported, one level higher for a rebound, then as reviewed.
        severity: Severity,
        /// As the inspector reported it. `None` on issues older than this field.
        #[serde(default)]
        reported_severity: Option<Severity>,
        /// Campaign 创建项目 of the item.
        campaign: String,
        /// Item 测评项 that is violated.
        item_code: String,
        /// The point.
        point_id: PointId,
        /// Six-digit area code of the point; every list filters by it.
        area_code: String,
        /// The finder. Never in a unit's view.
        finder_id: UserId,
        /// The inspector's walk.
        visit_id: Option<VisitId>,
        /// Free text, may be empty: point, item and photos carry the meaning.
        description: String,
        /// Device time of the finding.
        captured_at: Timestamp,
        /// Server time at which the report arrived.
        received_at: Timestamp,
        /// Server time at which the last of its photos was on stable storage.
        submitted_at: Option<Timestamp>,
        /// The issue that this one is a relapse of.
        parent_id: Option<IssueId>,
        /// Position in the chain of rebounds 反弹: 0, and one more than the parent's for a rebound.
        chain_no: i32,
        /// The issue whose look-back found this one, a rebound or not.
        #[serde(default)]
        look_back_of: Option<IssueId>,
    }
    elsewhere {
        /// Position that the device reported.
        location: Option<Location>,
    }
}

impl Finding {
    /// What is known of every finding. What its finder may leave out, and an earlier issue that it continues, are left
    /// out: a field that is added for these changes no caller.
    #[must_use]
    pub fn of(source: Source, violation: Violation, finder_id: UserId, captured_at: Timestamp, now: Timestamp) -> Self {
        let Violation { item_code, campaign, severity, point_id, area_code } = violation;
        Finding {
            source,
            severity,
            reported_severity: None,
            campaign,
            item_code,
            point_id,
            area_code,
            finder_id,
            visit_id: None,
            description: String::new(),
            captured_at,
            received_at: now,
            submitted_at: None,
            parent_id: None,
            chain_no: 0,
            look_back_of: None,
            location: None,
        }
    }
}

group! {
    /// The office's review of the report.
    #[derive(Default)]
    Review, review_columns {
        /// Who approved it.
        approved_by: Option<UserId>,
        /// When it was approved.
        approved_at: Option<Timestamp>,
        /// For a rejected report: the issue that it duplicates.
        duplicate_of: Option<IssueId>,
        /// The vote of the first of two reviewers who would reject it.
        #[serde(default)]
        rejection: Option<Rejection>,
    }
    elsewhere {}
}

group! {
    /// The responsible unit, and how it accepted the case.
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
        /// When the present unit got it (by release or reassignment).
        assigned_at: Option<Timestamp>,
        /// Whether the present assignment was designated as final 指定责任.
        final_assignment: bool,
        /// Person the unit named, 整改责任人.
        handler: Option<String>,
        /// When the unit signed for it 签收, or the service did so for it.
        signed_in_at: Option<Timestamp>,
        /// Whether the unit did not sign for it in time 无人认领.
        unclaimed: bool,
        /// How often the office has reminded the unit that has it 督办提醒; `None` for never.
        #[serde(default)]
        reminders: Option<i32>,
    }
    elsewhere {
        /// Returns so far, at most one for each unit.
        returns: Vec<UnitReturn>,
    }
}

group! {
    /// The deadline, and the pauses of its clock.
    #[derive(Default)]
    Clock, clock_columns {
        /// Start of the present clock.
        clock_started_at: Option<Timestamp>,
        /// Limit of the present clock.
        round_limit: Option<TimeLimit>,
        /// A deadline set by a person (at approval, or by an extension) instead of the limit.
        due_fixed: Option<Timestamp>,
        /// Deadline as an instant.
        due_at: Option<Timestamp>,
        /// Version of the calendar the deadline was computed with.
        calendar_version: Option<i64>,
        /// Plan of a hung issue.
        plan: Option<Plan>,
    }
    elsewhere {
        /// Limit of the first round; halved already for a rebound. `None` when a deadline was set instead.
        limit: Option<TimeLimit>,
        /// Pauses of the clock.
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
        /// The time from which that fix counts: its arrival, or when it was composed offline. Source: domain §5.2.
        #[serde(default)]
        fix_counted_at: Option<Timestamp>,
        /// What was done.
        measure: Option<String>,
        /// The kind of remedy.
        remedy: Option<Remedy>,
        /// The confirmation of a severe fix by the unit's vice head.
        #[serde(default)]
        confirmation: Option<Confirmation>,
    }
    elsewhere {}
}

group! {
    /// The check, the closing, and the look-back.
    #[derive(Default)]
    Closing, closing_columns {
        /// Inspector assigned to the check.
        checker_id: Option<UserId>,
        /// Who closed it.
        closed_by: Option<UserId>,
        /// When it was closed.
        closed_at: Option<Timestamp>,
        /// Whether the closing check was made on site.
        closed_on_site: Option<bool>,
        /// Why the office closed it from the desk although a visit was expected.
        #[serde(default)]
        desk_reason: Option<String>,
        /// Whether the fix that passed was reported by the deadline.
        on_time: Option<bool>,
        /// Inspector assigned to the look-back.
        look_back_inspector_id: Option<UserId>,
    }
    elsewhere {}
}
