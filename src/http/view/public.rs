//! A released issue as units, leaders and discipline inspection see it.
//!
//! No type here has a field for an inspector, a device or a route; no type can prevent that one is added, so
//! `tests/it/leaks.rs` looks for each of them in everything that can be read. Times are [`ShownTime`] and [`Deadline`]
//! only, which the domain's table of moments fills (ADR 0016).

use serde::Serialize;
use utoipa::ToSchema;

use super::issue::PointView;
use crate::app::issues::read::IssueDetail;
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId};
use crate::domain::issue::{
    Action, Assignment, Clock, Closing, Finding, Fix, Issue, Milestone, PhotoStage, PhotoView, Plan, Remedy,
    RequestKind, RequestState, Review, Severity, State,
};
use crate::domain::shown_time::{Deadline, Moment, ShownHalfDay, ShownTime};
use crate::domain::time::Date;
use crate::media;
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

impl From<ShownHalfDay> for FoundOn {
    fn from(found: ShownHalfDay) -> Self {
        FoundOn { date: found.date(), half_day: found.half_day().as_str() }
    }
}

/// A photo that others than the office and its finder may look at.
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
    /// Pixels across of its `view`, upright; the original's size would tell one phone from another.
    #[schema(required = true)]
    pub width: Option<i32>,
    /// Pixels down of its `view`, upright.
    #[schema(required = true)]
    pub height: Option<i32>,
    /// Whether it can be looked at; `false` only of what units sent.
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
    pub filed_at: ShownTime,
    /// Why.
    pub reason: String,
    /// The deadline asked for.
    #[schema(required = true)]
    pub until: Option<Deadline>,
    /// The beginning of the half day in which it was decided.
    #[schema(required = true)]
    pub decided_at: Option<ShownTime>,
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
    pub returned_at: ShownTime,
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
            /// Its state.
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
            pub released_at: Option<ShownTime>,
            /// Released at once because of danger.
            pub urgent: bool,
            /// Deadline; of a rework round, and after a pause, a full hour.
            #[schema(required = true)]
            pub due_at: Option<Deadline>,
            /// Whether the fix is late.
            pub overdue: bool,
            /// The deadline runs into a year whose days off were not known when it was counted.
            pub due_unsure: bool,
            /// When the unit took the step `sign-in` 签收.
            #[schema(required = true)]
            pub signed_in_at: Option<ShownTime>,
            /// Nobody took the step `sign-in` 签收 in time.
            pub unclaimed: bool,
            /// How often the office has reminded of it.
            pub reminders: i32,
            /// Person the unit named.
            #[schema(required = true)]
            pub handler: Option<String>,
            /// When the last fix was reported.
            #[schema(required = true)]
            pub reported_at: Option<ShownTime>,
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
                $(let $field: $type = $value;)*
                let missed_milestones = $detail.issue.missed_milestones($detail.today);
                let version = $detail.version;
                let photos = $detail.visible_photos().map(PublicPhoto::from).collect();
                let found_on = $detail.found_on().into();
                let released_at = released_at(&$detail);
                let due_at = Deadline::of(&$detail.issue);
                let signed_in_at = $detail.issue.assignment.signed_in_at.and_then(|at| $detail.shown(Moment::SignedIn, at));
                let reported_at = reported_at(&$detail);
                let closed_on = $detail.closed_on();
                let requests = requests(&$detail);
                let returns = returns(&$detail);
                let point = $detail.point.into();
                let overdue = $detail.overdue;
                let due_unsure = $detail.due_unsure;
                let plan = plan_steps($detail.issue.clock.plan.as_ref(), $detail.today);
                let allowed_actions = $detail.allowed;
                // Destructured by name: a new field has to be shown, or left out, here too.
                let Issue { id, number, state, round, finding, review, assignment, clock, fix, closing, version: _, public_version: _, requests: _ } = $detail.issue;
                let Finding { severity, item_code, description, source: _, reported_severity: _, campaign: _, point_id: _, area_code: _, finder_id: _, visit_id: _, captured_at: _, received_at: _, submitted_at: _, parent_id: _, chain_no: _, look_back_of: _, location: _ } = finding;
                let Review { approved_by: _, approved_at: _, duplicate_of: _, rejection: _ } = review;
                let Assignment { unit_id, urgent, handler, unclaimed, reminders, released_by: _, released_at: _, assigned_at: _, final_assignment: _, signed_in_at: _, returns: _ } = assignment;
                let Clock { clock_started_at: _, round_limit: _, due_fixed: _, due_at: _, calendar_version: _, plan: _, limit: _, pauses: _ } = clock;
                let Fix { measure, remedy, fixed_by: _, reported_at: _, fix_counted_at: _, confirmation: _ } = fix;
                let Closing { on_time, checker_id: _, closed_by: _, closed_at: _, closed_on_site: _, desk_reason: _, look_back_inspector_id: _ } = closing;
                $name {
                    $($field,)*
                    missed_milestones,
                    version,
                    photos,
                    found_on,
                    released_at,
                    due_at,
                    signed_in_at,
                    reported_at,
                    closed_on,
                    requests,
                    returns,
                    id,
                    number,
                    state,
                    round,
                    severity,
                    item_code,
                    point,
                    unit_id,
                    description,
                    urgent,
                    overdue,
                    due_unsure,
                    unclaimed,
                    reminders: reminders.unwrap_or_default(),
                    handler,
                    measure,
                    remedy,
                    on_time,
                    plan,
                    allowed_actions,
                }
            }
        }
    };
}

public_issue! {
    /// An issue as its unit reads it.
    UnitIssue {
        /// Whether the assignment was designated and cannot be returned.
        final_assignment: bool = detail.issue.assignment.final_assignment;
        /// The latest deadline that the unit may ask for now; `null` on a page of issues, where it may not ask, and where
        /// nothing limits it, as of a second extension.
        #[schema(required = true)]
        extension_until_max: Option<Deadline> = detail.extension_until_max;
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
        chain_no: i32 = detail.issue.finding.chain_no;
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

/// The milestones of a plan, judged as of the day the plan ended, or today.
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
        let (width, height) = view_size(stored);
        PublicPhoto {
            id: stored.photo.photo_id,
            view: stored.photo.view,
            stage: stored.photo.stage,
            round: stored.photo.round,
            width,
            height,
            has_preview: has_preview(stored),
        }
    }
}

/// Whether a photo can be shown, as far as is known.
pub(super) fn has_preview(stored: &StoredPhoto) -> bool {
    stored.arrived.as_ref().is_some_and(|photo| photo.render_error.is_none())
}

/// Width and height of the shown picture; none where there is no picture.
pub(super) fn view_size(stored: &StoredPhoto) -> (Option<i32>, Option<i32>) {
    let arrived = stored.arrived.as_ref().filter(|_| has_preview(stored));
    let size = arrived.and_then(|photo| {
        let (width, height) = (u32::try_from(photo.width?).ok()?, u32::try_from(photo.height?).ok()?);
        let (width, height) = media::view_size(width, height);
        Some((i32::try_from(width).ok()?, i32::try_from(height).ok()?))
    });
    size.unzip()
}

/// When the issue was handed over.
pub(super) fn released_at(detail: &IssueDetail) -> Option<ShownTime> {
    detail.issue.assignment.released_at.and_then(|at| detail.shown(Moment::HandedOver, at))
}

/// When the last fix was reported.
pub(super) fn reported_at(detail: &IssueDetail) -> Option<ShownTime> {
    detail.issue.fix.reported_at.and_then(|at| detail.shown(Moment::FixReported, at))
}

fn requests(detail: &IssueDetail) -> Vec<PublicRequest> {
    let shown = detail.issue.requests.iter().filter_map(|request| {
        Some(PublicRequest {
            id: request.id,
            kind: request.kind,
            state: request.state,
            filed_at: detail.shown(Moment::RequestFiled, request.filed_at)?,
            reason: request.reason.clone(),
            until: Deadline::asked(request),
            decided_at: request.decided_at.and_then(|at| detail.shown(Moment::RequestDecided, at)),
            decision_reason: request.decision_reason.clone(),
        })
    });
    shown.collect()
}

/// The returns of an issue, which are the units' own acts.
pub(super) fn returns(detail: &IssueDetail) -> Vec<PublicReturn> {
    let shown = detail.issue.assignment.returns.iter().filter_map(|back| {
        Some(PublicReturn {
            unit_id: back.unit_id,
            returned_at: detail.shown(Moment::Returned, back.at)?,
            reason: back.reason.clone(),
            proposed_unit_id: back.proposed_unit_id,
            founded: back.founded,
        })
    });
    shown.collect()
}
