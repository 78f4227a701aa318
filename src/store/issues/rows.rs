//! The row of an issue, and its conversion from and to the domain type.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::deadline::TimeLimit;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PointId, UnitId, UserId, VisitId};
// The types of all columns, whichever the groups have.
use crate::domain::issue::*;
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::store::schema::issues;

/// The columns of one issue; [`super::read`] adds what is in other tables.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = issues, treat_none_as_null = true)]
pub(super) struct IssueRow {
    pub id: IssueId,
    pub number: Option<String>,
    pub version: i64,
    pub public_version: i64,
    pub state: State,
    pub round: i32,
    #[diesel(embed)]
    pub finding: FindingRow,
    #[diesel(embed)]
    pub review: ReviewRow,
    #[diesel(embed)]
    pub assignment: AssignmentRow,
    #[diesel(embed)]
    pub clock: ClockRow,
    #[diesel(embed)]
    pub fix: FixRow,
    #[diesel(embed)]
    pub closing: ClosingRow,
}

/// The columns of a group of fields: the plain ones from the group's own list, then those that are stored differently,
/// each with the written value; after `read`, how fields without a column of their own are computed.
macro_rules! row {
    (
        $group:ident [$($field:ident: $type:ty,)*]
        (
            $row:ident
            write { $($column:ident: $stored:ty = |$from:ident| $out:expr,)* }
            read { $($other:ident = |$read:ident| $back:expr,)* }
        )
    ) => {
        #[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
        #[diesel(table_name = issues, treat_none_as_null = true)]
        pub(super) struct $row {
            $(pub $field: $type,)*
            $(pub $column: $stored,)*
        }

        impl From<&$group> for $row {
            fn from(group: &$group) -> Self {
                $row {
                    $($field: group.$field.clone(),)*
                    $($column: { let $from = group; $out },)*
                }
            }
        }

        impl From<$row> for $group {
            fn from(row: $row) -> Self {
                $group { $($other: { let $read = &row; $back },)* $($field: row.$field,)* }
            }
        }
    };
}

finding_columns! { row (FindingRow
    write {
        lat: Option<f64> = |finding| finding.location.map(|at| at.lat),
        lon: Option<f64> = |finding| finding.location.map(|at| at.lon),
        accuracy_m: Option<f64> = |finding| finding.location.and_then(|at| at.accuracy_m),
    }
    read {
        location = |row| row.lat.zip(row.lon).map(|(lat, lon)| Location { lat, lon, accuracy_m: row.accuracy_m }),
    }
) }

review_columns! { row (ReviewRow write {} read {}) }

assignment_columns! { row (AssignmentRow write {} read { returns = |_row| Vec::new(), }) }

clock_columns! { row (ClockRow
    write {
        time_limit: Option<TimeLimit> = |clock| clock.limit,
        // `due_at`, or the end of time, so that lists sorted by deadline need no rule for NULL.
        due_order: i64 = |clock| clock.due_at.map_or(i64::MAX, Timestamp::as_micros),
    }
    read {
        limit = |row| row.time_limit,
        pauses = |_row| Vec::new(),
    }
) }

fix_columns! { row (FixRow write {} read {}) }

closing_columns! { row (ClosingRow write {} read {}) }

/// A value that is stored in one column as JSON.
pub(super) fn to_json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    value.map(serde_json::to_string).transpose().map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Parses what [`to_json`] wrote.
pub(super) fn from_json<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(serde_json::from_str).transpose().map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl From<&Issue> for IssueRow {
    fn from(issue: &Issue) -> Self {
        // Destructured by name, so that a new field or group has to be stored somewhere. Requests have a table of their
        // own.
        let Issue {
            id,
            number,
            version,
            public_version,
            state,
            round,
            finding,
            review,
            assignment,
            clock,
            fix,
            closing,
            requests: _,
        } = issue;
        IssueRow {
            id: *id,
            number: number.clone(),
            version: *version,
            public_version: *public_version,
            state: *state,
            round: *round,
            finding: finding.into(),
            review: review.into(),
            assignment: assignment.into(),
            clock: clock.into(),
            fix: fix.into(),
            closing: closing.into(),
        }
    }
}

impl From<IssueRow> for Issue {
    fn from(row: IssueRow) -> Self {
        Issue {
            id: row.id,
            number: row.number,
            version: row.version,
            public_version: row.public_version,
            state: row.state,
            round: row.round,
            finding: row.finding.into(),
            review: row.review.into(),
            assignment: row.assignment.into(),
            clock: row.clock.into(),
            fix: row.fix.into(),
            closing: row.closing.into(),
            requests: Vec::new(),
        }
    }
}
