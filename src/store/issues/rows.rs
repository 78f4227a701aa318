//! An issue's row, and its translation from and to the domain.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::deadline::TimeLimit;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PointId, UnitId, UserId, VisitId};
use crate::domain::issue::{Issue, Remedy, Severity, Source, State};
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::store::schema::issues;

/// The columns of one issue; what stands in other tables is put in by [`super::read`].
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = issues, treat_none_as_null = true)]
pub(super) struct IssueRow {
    pub id: IssueId,
    pub number: Option<String>,
    pub version: i64,
    pub public_version: i64,
    pub state: State,
    pub round: i32,
    pub source: Source,
    pub severity: Severity,
    pub reported_severity: Option<Severity>,
    pub campaign: String,
    pub item_code: String,
    pub point_id: PointId,
    pub area_code: String,
    pub unit_id: Option<UnitId>,
    pub finder_id: UserId,
    pub visit_id: Option<VisitId>,
    pub description: String,
    pub captured_at: Timestamp,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub accuracy_m: Option<f64>,
    pub received_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<Timestamp>,
    pub released_by: Option<UserId>,
    pub released_at: Option<Timestamp>,
    pub urgent: bool,
    pub assigned_at: Option<Timestamp>,
    pub final_assignment: bool,
    pub time_limit: Option<TimeLimit>,
    pub clock_started_at: Option<Timestamp>,
    pub round_limit: Option<TimeLimit>,
    pub due_fixed: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// `due_at`, or the end of time, so that lists by deadline need no NULL rule.
    pub due_order: i64,
    pub calendar_version: Option<i64>,
    pub handler: Option<String>,
    pub signed_in_at: Option<Timestamp>,
    pub unclaimed: bool,
    pub fixed_by: Option<UserId>,
    pub reported_at: Option<Timestamp>,
    pub fix_counted_at: Option<Timestamp>,
    pub measure: Option<String>,
    pub remedy: Option<Remedy>,
    pub checker_id: Option<UserId>,
    pub closed_by: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    pub closed_on_site: Option<bool>,
    pub desk_reason: Option<String>,
    pub on_time: Option<bool>,
    pub look_back_inspector_id: Option<UserId>,
    pub parent_id: Option<IssueId>,
    pub chain_no: i32,
    pub look_back_of: Option<IssueId>,
    pub duplicate_of: Option<IssueId>,
    pub rejection: Option<String>,
    pub confirmation: Option<String>,
    pub plan: Option<String>,
}

/// A value that stands in one column as JSON.
pub(super) fn to_json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    value.map(serde_json::to_string).transpose().map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// The value that [`to_json`] wrote.
pub(super) fn from_json<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(serde_json::from_str).transpose().map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl TryFrom<&Issue> for IssueRow {
    type Error = StoreError;

    fn try_from(issue: &Issue) -> Result<Self, StoreError> {
        let plan = to_json(issue.plan.as_ref())?;
        let rejection = to_json(issue.rejection.as_ref())?;
        let confirmation = to_json(issue.confirmation.as_ref())?;
        let i = issue.clone();
        Ok(IssueRow {
            id: i.id,
            number: i.number,
            version: i.version,
            public_version: i.public_version,
            state: i.state,
            round: i.round,
            source: i.source,
            severity: i.severity,
            reported_severity: i.reported_severity,
            campaign: i.campaign,
            item_code: i.item_code,
            point_id: i.point_id,
            area_code: i.area_code,
            unit_id: i.unit_id,
            finder_id: i.finder_id,
            visit_id: i.visit_id,
            description: i.description,
            captured_at: i.captured_at,
            lat: i.location.map(|at| at.lat),
            lon: i.location.map(|at| at.lon),
            accuracy_m: i.location.and_then(|at| at.accuracy_m),
            received_at: i.received_at,
            submitted_at: i.submitted_at,
            approved_by: i.approved_by,
            approved_at: i.approved_at,
            released_by: i.released_by,
            released_at: i.released_at,
            urgent: i.urgent,
            assigned_at: i.assigned_at,
            final_assignment: i.final_assignment,
            time_limit: i.limit,
            clock_started_at: i.clock_started_at,
            round_limit: i.round_limit,
            due_fixed: i.due_fixed,
            due_at: i.due_at,
            due_order: i.due_at.map_or(i64::MAX, Timestamp::as_micros),
            calendar_version: i.calendar_version,
            handler: i.handler,
            signed_in_at: i.signed_in_at,
            unclaimed: i.unclaimed,
            fixed_by: i.fixed_by,
            reported_at: i.reported_at,
            fix_counted_at: i.fix_counted_at,
            measure: i.measure,
            remedy: i.remedy,
            checker_id: i.checker_id,
            closed_by: i.closed_by,
            closed_at: i.closed_at,
            closed_on_site: i.closed_on_site,
            desk_reason: i.desk_reason,
            on_time: i.on_time,
            look_back_inspector_id: i.look_back_inspector_id,
            parent_id: i.parent_id,
            chain_no: i.chain_no,
            look_back_of: i.look_back_of,
            duplicate_of: i.duplicate_of,
            rejection,
            confirmation,
            plan,
        })
    }
}

impl TryFrom<IssueRow> for Issue {
    type Error = StoreError;

    fn try_from(row: IssueRow) -> Result<Self, StoreError> {
        let plan = from_json(row.plan.as_deref())?;
        let rejection = from_json(row.rejection.as_deref())?;
        let confirmation = from_json(row.confirmation.as_deref())?;
        let location = match (row.lat, row.lon) {
            (Some(lat), Some(lon)) => Some(Location { lat, lon, accuracy_m: row.accuracy_m }),
            _ => None,
        };
        Ok(Issue {
            id: row.id,
            number: row.number,
            version: row.version,
            public_version: row.public_version,
            state: row.state,
            round: row.round,
            source: row.source,
            severity: row.severity,
            reported_severity: row.reported_severity,
            campaign: row.campaign,
            item_code: row.item_code,
            point_id: row.point_id,
            area_code: row.area_code,
            unit_id: row.unit_id,
            finder_id: row.finder_id,
            visit_id: row.visit_id,
            description: row.description,
            captured_at: row.captured_at,
            location,
            received_at: row.received_at,
            submitted_at: row.submitted_at,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
            released_by: row.released_by,
            released_at: row.released_at,
            urgent: row.urgent,
            assigned_at: row.assigned_at,
            final_assignment: row.final_assignment,
            limit: row.time_limit,
            clock_started_at: row.clock_started_at,
            round_limit: row.round_limit,
            due_fixed: row.due_fixed,
            due_at: row.due_at,
            calendar_version: row.calendar_version,
            handler: row.handler,
            signed_in_at: row.signed_in_at,
            unclaimed: row.unclaimed,
            fixed_by: row.fixed_by,
            reported_at: row.reported_at,
            fix_counted_at: row.fix_counted_at,
            measure: row.measure,
            remedy: row.remedy,
            checker_id: row.checker_id,
            closed_by: row.closed_by,
            closed_at: row.closed_at,
            closed_on_site: row.closed_on_site,
            desk_reason: row.desk_reason,
            on_time: row.on_time,
            look_back_inspector_id: row.look_back_inspector_id,
            parent_id: row.parent_id,
            chain_no: row.chain_no,
            look_back_of: row.look_back_of,
            duplicate_of: row.duplicate_of,
            rejection,
            confirmation,
            returns: Vec::new(),
            requests: Vec::new(),
            pauses: Vec::new(),
            plan,
        })
    }
}
