//! A released issue as units, leaders and discipline inspection read it.
//!
//! No type here has a field that could name an inspector, a device, a route, or a time
//! of a visit finer than half a day.

use serde::Serialize;
use utoipa::ToSchema;

use super::issue::PointView;
use crate::app::issues::read::IssueDetail;
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId};
use crate::domain::issue::{
    Action, Milestone, PhotoStage, PhotoView, Plan, Remedy, RequestKind, RequestState, Severity, State, UnitRequest,
    UnitReturn,
};
use crate::domain::time::{Date, Timestamp};
use crate::store::issues::StoredPhoto;

/// When something was found, as fine as a unit may know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundOn {
    /// The civil day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// `morning` or `afternoon`.
    pub half_day: &'static str,
}

/// A photo that units and leaders may look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicPhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// At which step.
    pub stage: PhotoStage,
    /// In which round.
    pub round: i32,
    /// Pixels across, upright.
    #[schema(required = true)]
    pub width: Option<i32>,
    /// Pixels down, upright.
    #[schema(required = true)]
    pub height: Option<i32>,
    /// Whether it can be looked at.
    pub has_preview: bool,
}

/// A request of a unit, as the unit and leaders read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicRequest {
    /// Identity.
    pub id: RequestId,
    /// Extension or dispute.
    pub kind: RequestKind,
    /// What became of it.
    pub state: RequestState,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Why.
    pub reason: String,
    /// The deadline asked for.
    #[schema(required = true)]
    pub until: Option<Timestamp>,
    /// When it was decided.
    #[schema(required = true)]
    pub decided_at: Option<Timestamp>,
    /// What was answered.
    #[schema(required = true)]
    pub decision_reason: Option<String>,
}

/// A return of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicReturn {
    /// Who returned it.
    pub unit_id: UnitId,
    /// When.
    pub returned_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Whose it is, in that unit's opinion.
    #[schema(required = true)]
    pub proposed_unit_id: Option<UnitId>,
    /// The office's judgement.
    #[schema(required = true)]
    pub founded: Option<bool>,
}

macro_rules! public_issue {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty = $value:expr;)* } |$detail:ident|) => {
        $(#[$meta])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $name {
            /// Identity.
            pub id: IssueId,
            /// Its number; random within the year.
            #[schema(required = true)]
            pub number: Option<String>,
            /// What `If-Match` must name: counts from the release.
            pub version: i64,
            /// Where it stands.
            pub state: State,
            /// 1, and one more with each failed check.
            pub round: i32,
            /// How bad.
            pub severity: Severity,
            /// Item that is violated.
            pub item_code: String,
            /// Where.
            pub point: PointView,
            /// Responsible unit.
            #[schema(required = true)]
            pub unit_id: Option<UnitId>,
            /// What is wrong.
            pub description: String,
            /// When it was found.
            pub found_on: FoundOn,
            /// When it was handed over.
            #[schema(required = true)]
            pub released_at: Option<Timestamp>,
            /// Released at once because of danger.
            pub urgent: bool,
            /// Deadline.
            #[schema(required = true)]
            pub due_at: Option<Timestamp>,
            /// Whether the fix is late.
            pub overdue: bool,
            /// When the unit signed in.
            #[schema(required = true)]
            pub signed_in_at: Option<Timestamp>,
            /// Nobody signed in in time.
            pub unclaimed: bool,
            /// Person the unit named.
            #[schema(required = true)]
            pub handler: Option<String>,
            /// When the last fix was reported.
            #[schema(required = true)]
            pub reported_at: Option<Timestamp>,
            /// What was done.
            #[schema(required = true)]
            pub measure: Option<String>,
            /// How it was put right.
            #[schema(required = true)]
            pub remedy: Option<Remedy>,
            /// The day it was closed; the hour could be a visit's.
            #[schema(required = true, value_type = Option<String>, format = Date)]
            pub closed_on: Option<Date>,
            /// Whether the fix that passed came in time.
            #[schema(required = true)]
            pub on_time: Option<bool>,
            /// Photos.
            pub photos: Vec<PublicPhoto>,
            /// Extensions and disputes.
            pub requests: Vec<PublicRequest>,
            /// Returns.
            pub returns: Vec<PublicReturn>,
            /// Plan of a hung issue.
            pub plan: Vec<PlanStep>,
            /// Milestones missed so far, with those of earlier plans.
            pub missed_milestones: usize,
            $($(#[$fmeta])* pub $field: $type,)*
            /// What the reader may do now.
            pub allowed_actions: Vec<Action>,
        }

        impl From<IssueDetail> for $name {
            fn from($detail: IssueDetail) -> Self {
                $name {
                    $($field: $value,)*
                    missed_milestones: $detail.issue.missed_milestones($detail.today),
                    version: $detail.version(),
                    photos: $detail.visible_photos().map(PublicPhoto::from).collect(),
                    found_on: FoundOn { date: $detail.found_on.0, half_day: $detail.found_on.1.as_str() },
                    closed_on: $detail.closed_on(),
                    id: $detail.issue.id,
                    number: $detail.issue.number,
                    state: $detail.issue.state,
                    round: $detail.issue.round,
                    severity: $detail.issue.severity,
                    item_code: $detail.issue.item_code,
                    point: $detail.point.into(),
                    unit_id: $detail.issue.unit_id,
                    description: $detail.issue.description,
                    released_at: $detail.issue.released_at,
                    urgent: $detail.issue.urgent,
                    due_at: $detail.issue.due_at,
                    overdue: $detail.overdue,
                    signed_in_at: $detail.issue.signed_in_at,
                    unclaimed: $detail.issue.unclaimed,
                    handler: $detail.issue.handler,
                    reported_at: $detail.issue.reported_at,
                    measure: $detail.issue.measure,
                    remedy: $detail.issue.remedy,
                    on_time: $detail.issue.on_time,
                    requests: $detail.issue.requests.into_iter().map(PublicRequest::from).collect(),
                    returns: $detail.issue.returns.into_iter().map(PublicReturn::from).collect(),
                    plan: plan_steps($detail.issue.plan.as_ref(), $detail.today),
                    allowed_actions: $detail.allowed,
                }
            }
        }
    };
}

public_issue! {
    /// An issue as its unit reads it.
    UnitIssue {
        /// Whether the assignment was designated and cannot be returned.
        final_assignment: bool = detail.issue.final_assignment;
        /// Whether a fix waits for the unit's vice head.
        awaits_confirmation: bool = detail.issue.awaits_confirmation();
    } |detail|
}

public_issue! {
    /// A released issue as leaders and discipline inspection read it.
    ReleasedIssue {
        /// How often units were judged to have passed the buck here.
        buck_passing_count: usize = detail.issue.buck_passing_count();
        /// Place in the chain of relapses, from 0.
        chain_no: i32 = detail.issue.chain_no;
    } |detail|
}

/// One step of a hung issue's plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanStep {
    /// What will be done.
    pub milestone: String,
    /// By the end of which day.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// The day the unit said it was done.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    pub reached_on: Option<Date>,
    /// Whether it was not done by its day.
    pub is_missed: bool,
}

/// The steps of a plan, each judged by the day the plan ended, or by today.
pub(super) fn plan_steps(plan: Option<&Plan>, today: Date) -> Vec<PlanStep> {
    let steps = |plan: &Plan| {
        let until = plan.judged_on(today);
        let step = |step: &Milestone| PlanStep {
            milestone: step.milestone.clone(),
            due: step.due,
            reached_on: step.reached_on,
            is_missed: step.is_missed(until),
        };
        plan.milestones.iter().map(step).collect()
    };
    plan.map(steps).unwrap_or_default()
}

impl From<&StoredPhoto> for PublicPhoto {
    fn from(stored: &StoredPhoto) -> Self {
        let arrived = stored.arrived.as_ref();
        PublicPhoto {
            id: stored.photo.photo_id,
            view: stored.photo.view,
            stage: stored.photo.stage,
            round: stored.photo.round,
            width: arrived.and_then(|photo| photo.width),
            height: arrived.and_then(|photo| photo.height),
            has_preview: arrived.is_some_and(|photo| photo.render_error.is_none()),
        }
    }
}

impl From<UnitRequest> for PublicRequest {
    fn from(request: UnitRequest) -> Self {
        PublicRequest {
            id: request.id,
            kind: request.kind,
            state: request.state,
            filed_at: request.filed_at,
            reason: request.reason,
            until: request.until,
            decided_at: request.decided_at,
            decision_reason: request.decision_reason,
        }
    }
}

impl From<UnitReturn> for PublicReturn {
    fn from(back: UnitReturn) -> Self {
        PublicReturn {
            unit_id: back.unit_id,
            returned_at: back.at,
            reason: back.reason,
            proposed_unit_id: back.proposed_unit_id,
            founded: back.founded,
        }
    }
}
