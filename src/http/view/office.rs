//! An issue as the supervision office sees it: all of it.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::issue::PointView;
use super::public::{PlanStep, PublicReturn, plan_steps, returns};
use super::{CodedPerson, Person};
use crate::app::issues::read::IssueDetail;
use crate::domain::digest::Digest;
use crate::domain::evidence::{Flag, FlagCode};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId, UserId, VisitId};
use crate::domain::issue::{
    Action, Assignment, Clock, Closing, Confirmation, Finding, Fix, Issue, PhotoStage, PhotoView, Remedy, RequestKind,
    RequestState, Review, Severity, Source, State, UnitRequest, Vote,
};
use crate::domain::mark::Mark;
use crate::domain::time::{Date, Timestamp};
use crate::store::issues::StoredPhoto;

/// An issue as the supervision office reads it. Field meanings: the domain's `Issue`.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's Issue")]
pub struct OfficeIssue {
    pub id: IssueId,
    #[schema(required = true)]
    pub number: Option<String>,
    pub version: i64,
    pub state: State,
    pub round: i32,
    pub source: Source,
    pub severity: Severity,
    /// As the inspector said: a rebound is taken as one worse.
    #[schema(required = true)]
    pub reported_severity: Option<Severity>,
    pub campaign: String,
    pub item_code: String,
    pub point: PointView,
    #[schema(required = true)]
    pub unit_id: Option<UnitId>,
    pub finder: CodedPerson,
    #[schema(required = true)]
    pub visit_id: Option<VisitId>,
    pub description: String,
    pub captured_at: Timestamp,
    #[schema(required = true)]
    pub location: Option<Location>,
    pub received_at: Timestamp,
    #[schema(required = true)]
    pub submitted_at: Option<Timestamp>,
    #[schema(required = true)]
    pub approved_by: Option<Person>,
    #[schema(required = true)]
    pub approved_at: Option<Timestamp>,
    #[schema(required = true)]
    pub released_by: Option<Person>,
    #[schema(required = true)]
    pub released_at: Option<Timestamp>,
    pub urgent: bool,
    pub final_assignment: bool,
    /// The first round's limit, such as `4wh`; `null` where an instant was fixed.
    #[schema(required = true)]
    pub limit: Option<String>,
    #[schema(required = true)]
    pub due_at: Option<Timestamp>,
    pub overdue: bool,
    /// The deadline runs into a year whose days off were not known when it was counted.
    pub due_unsure: bool,
    #[schema(required = true)]
    pub calendar_version: Option<i64>,
    #[schema(required = true)]
    pub handler: Option<String>,
    #[schema(required = true)]
    pub signed_in_at: Option<Timestamp>,
    pub unclaimed: bool,
    /// How often the office has reminded the unit of it.
    pub reminders: i32,
    #[schema(required = true)]
    pub fixed_by: Option<Person>,
    #[schema(required = true)]
    pub reported_at: Option<Timestamp>,
    /// From when the last fix counts: earlier than `reported_at` where it was written offline.
    #[schema(required = true)]
    pub fix_counted_at: Option<Timestamp>,
    #[schema(required = true)]
    pub measure: Option<String>,
    #[schema(required = true)]
    pub remedy: Option<Remedy>,
    #[schema(required = true)]
    pub checker: Option<Person>,
    #[schema(required = true)]
    pub closed_by: Option<Person>,
    #[schema(required = true)]
    pub closed_at: Option<Timestamp>,
    #[schema(required = true)]
    pub closed_on_site: Option<bool>,
    /// Why it was closed at the desk though a visit was expected.
    #[schema(required = true)]
    pub desk_reason: Option<String>,
    #[schema(required = true)]
    pub on_time: Option<bool>,
    #[schema(required = true)]
    pub look_back_inspector: Option<Person>,
    pub photos: Vec<OfficePhoto>,
    pub missing_photos: Vec<PhotoId>,
    /// Doubts for people to weigh, a few of each kind about each photo; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<OfficeFlag>>,
    /// The kinds of doubts there are.
    pub flag_codes: Vec<FlagCode>,
    /// How many doubts were noted.
    pub flags_count: i64,
    pub requests: Vec<OfficeRequest>,
    pub returns: Vec<PublicReturn>,
    pub buck_passing_count: usize,
    pub pauses: Vec<PauseView>,
    pub plan: Vec<PlanStep>,
    /// Milestones missed so far, with those of earlier plans.
    pub missed_milestones: usize,
    #[schema(required = true)]
    pub parent_id: Option<IssueId>,
    pub chain_no: i32,
    /// Issues that relapsed from it.
    pub children: Vec<IssueId>,
    /// The issue whose look-back found it.
    #[schema(required = true)]
    pub look_back_of: Option<IssueId>,
    #[schema(required = true)]
    pub duplicate_of: Option<IssueId>,
    /// How a severe fix went by the unit's vice head: `asked` while it waits, `given`, or `no-vice-head`.
    #[schema(required = true)]
    pub confirmation: Option<ConfirmationView>,
    /// Who would drop it, where that takes two.
    #[schema(required = true)]
    pub rejection: Option<VoteView>,
    pub allowed_actions: Vec<Action>,
}

/// A photo with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficePhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// At which step.
    pub stage: PhotoStage,
    /// In which round.
    pub round: i32,
    /// Pixels across, upright; `null` while it is on its way.
    #[schema(required = true)]
    pub width: Option<i32>,
    /// Pixels down, upright.
    #[schema(required = true)]
    pub height: Option<i32>,
    /// Device time it was taken.
    #[schema(required = true)]
    pub captured_at: Option<Timestamp>,
    /// Server time it was stored.
    #[schema(required = true)]
    pub received_at: Option<Timestamp>,
    /// Whether it can be looked at.
    pub has_preview: bool,
    /// SHA-256 of the original.
    #[schema(required = true)]
    pub sha256: Option<Digest>,
    /// Length of the original.
    #[schema(required = true)]
    pub size_bytes: Option<i64>,
    /// What the original is.
    #[schema(required = true)]
    pub media_type: Option<String>,
    /// What its metadata says: a second witness, never proof.
    #[schema(value_type = Option<Object>, required = true)]
    pub exif: Value,
    /// What was drawn on it; `thumb` and `view` have it in them, the original has not.
    pub marks: Vec<Mark>,
}

/// A doubt, with what it refers to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeFlag {
    /// What.
    pub code: FlagCode,
    /// The figures.
    pub detail: String,
    /// About which photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_id: Option<PhotoId>,
    /// The earlier use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<EarlierUse>,
}

/// Where a photo, or one like it, was used before.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarlierUse {
    /// On which issue.
    pub issue_id: IssueId,
    /// As which upload.
    pub photo_id: PhotoId,
}

/// A request of a unit, with who filed and decided it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeRequest {
    /// Identity.
    pub id: RequestId,
    /// Extension or dispute.
    pub kind: RequestKind,
    /// What became of it.
    pub state: RequestState,
    /// Who asks.
    pub unit_id: UnitId,
    /// Who filed it.
    pub filed_by: Person,
    /// When.
    pub filed_at: Timestamp,
    /// Why.
    pub reason: String,
    /// The deadline asked for.
    #[schema(required = true)]
    pub until: Option<Timestamp>,
    /// The plan that is offered.
    pub plan: Vec<PlanStep>,
    /// Who would grant it, where that takes two.
    #[schema(required = true)]
    pub first_vote: Option<VoteView>,
    /// When it was decided.
    #[schema(required = true)]
    pub decided_at: Option<Timestamp>,
    /// What was answered.
    #[schema(required = true)]
    pub decision_reason: Option<String>,
}

/// One person's word where it takes two.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoteView {
    /// Whose.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// How a severe fix went by the unit's vice head.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmationView {
    /// `asked`, `given` or `no-vice-head`.
    pub state: &'static str,
    /// Who confirmed it.
    #[schema(required = true)]
    pub by: Option<Person>,
    /// Since when it waits, or when it was confirmed.
    #[schema(required = true)]
    pub at: Option<Timestamp>,
}

/// A time the clock stood still.
#[derive(Debug, Serialize, ToSchema)]
pub struct PauseView {
    /// Since.
    pub from: Timestamp,
    /// Until.
    #[schema(required = true)]
    pub to: Option<Timestamp>,
    /// Why.
    pub reason: String,
}

impl From<&StoredPhoto> for OfficePhoto {
    fn from(stored: &StoredPhoto) -> Self {
        let arrived = stored.arrived.as_ref();
        OfficePhoto {
            id: stored.photo.photo_id,
            view: stored.photo.view,
            stage: stored.photo.stage,
            round: stored.photo.round,
            width: arrived.and_then(|photo| photo.width),
            height: arrived.and_then(|photo| photo.height),
            captured_at: stored.photo.captured_at,
            received_at: arrived.map(|photo| photo.received_at),
            has_preview: arrived.is_some_and(|photo| photo.render_error.is_none()),
            sha256: arrived.map(|photo| photo.sha256),
            size_bytes: arrived.map(|photo| photo.size_bytes),
            media_type: arrived.map(|photo| photo.media_type.clone()),
            exif: arrived.and_then(|photo| serde_json::from_str(&photo.exif).ok()).unwrap_or_default(),
            marks: stored.photo.marks.clone(),
        }
    }
}

impl From<&Flag> for OfficeFlag {
    fn from(flag: &Flag) -> Self {
        OfficeFlag {
            code: flag.code,
            detail: flag.detail.clone(),
            photo_id: flag.photo_id,
            refers_to: flag
                .refers_to_issue
                .zip(flag.refers_to_photo)
                .map(|(issue_id, photo_id)| EarlierUse { issue_id, photo_id }),
        }
    }
}

fn person(names: &HashMap<UserId, String>, id: UserId) -> Person {
    Person { id, display_name: names.get(&id).cloned().unwrap_or_default() }
}

fn confirmation(names: &HashMap<UserId, String>, confirmation: Confirmation) -> ConfirmationView {
    match confirmation {
        Confirmation::Asked { at } => ConfirmationView { state: "asked", by: None, at: Some(at) },
        Confirmation::Given { by, at } => {
            ConfirmationView { state: "given", by: Some(person(names, by)), at: Some(at) }
        }
        Confirmation::NoViceHead => ConfirmationView { state: "no-vice-head", by: None, at: None },
    }
}

fn vote(names: &HashMap<UserId, String>, vote: Vote) -> VoteView {
    VoteView { by: person(names, vote.by), at: vote.at, reason: vote.reason }
}

fn request(names: &HashMap<UserId, String>, request: UnitRequest, today: Date) -> OfficeRequest {
    OfficeRequest {
        id: request.id,
        kind: request.kind,
        state: request.state,
        unit_id: request.unit_id,
        filed_by: person(names, request.filed_by),
        filed_at: request.filed_at,
        reason: request.reason,
        until: request.until,
        plan: plan_steps(request.plan.as_ref(), today),
        first_vote: request.first_vote.map(|first| vote(names, first)),
        decided_at: request.decided_at,
        decision_reason: request.decision_reason,
    }
}

impl From<IssueDetail> for OfficeIssue {
    fn from(detail: IssueDetail) -> Self {
        let names = &detail.names;
        let someone = |id: Option<UserId>| id.map(|id| person(names, id));
        let version = detail.version;
        let returns = returns(&detail);
        let photos = detail.visible_photos().map(OfficePhoto::from).collect();
        let missing_photos = detail.missing_photos();
        let flags = detail.flags.as_ref().map(|flags| flags.iter().map(OfficeFlag::from).collect());
        let flag_codes = detail.flag_counts.iter().map(|(code, _)| *code).collect();
        let flags_count = detail.flag_counts.iter().map(|(_, count)| count).sum();
        let buck_passing_count = detail.issue.buck_passing_count();
        let finder = CodedPerson::of(person(names, detail.issue.finding.finder_id), detail.veil.as_ref());
        let approved_by = someone(detail.issue.review.approved_by);
        let released_by = someone(detail.issue.assignment.released_by);
        let fixed_by = someone(detail.issue.fix.fixed_by);
        let checker = someone(detail.issue.closing.checker_id);
        let closed_by = someone(detail.issue.closing.closed_by);
        let look_back_inspector = someone(detail.issue.closing.look_back_inspector_id);
        let requests = detail.issue.requests.iter().cloned().map(|it| request(names, it, detail.today)).collect();
        let confirmation = detail.issue.fix.confirmation.map(|it| confirmation(names, it));
        let missed_milestones = detail.issue.missed_milestones(detail.today);
        let rejection = detail.issue.review.rejection.clone().map(|first| vote(names, first.vote));
        let point = detail.point.into();
        let limit = detail.issue.clock.limit.map(|limit| limit.to_string());
        let overdue = detail.overdue;
        let due_unsure = detail.due_unsure;
        let pauses = detail
            .issue
            .clock
            .pauses
            .iter()
            .map(|pause| PauseView { from: pause.span.from, to: pause.span.to, reason: pause.reason.clone() })
            .collect();
        let plan = plan_steps(detail.issue.clock.plan.as_ref(), detail.today);
        let children = detail.children;
        let allowed_actions = detail.allowed;
        // Destructured by name: a new field has to be shown, or left out, here too.
        let Issue {
            id,
            number,
            state,
            round,
            finding,
            review,
            assignment,
            clock,
            fix,
            closing,
            version: _,
            public_version: _,
            requests: _,
        } = detail.issue;
        let Finding {
            source,
            severity,
            reported_severity,
            campaign,
            item_code,
            visit_id,
            description,
            captured_at,
            received_at,
            submitted_at,
            parent_id,
            chain_no,
            look_back_of,
            location,
            point_id: _,
            area_code: _,
            finder_id: _,
        } = finding;
        let Review { approved_at, duplicate_of, approved_by: _, rejection: _ } = review;
        let Assignment {
            unit_id,
            released_at,
            urgent,
            final_assignment,
            handler,
            signed_in_at,
            unclaimed,
            reminders,
            released_by: _,
            assigned_at: _,
            returns: _,
        } = assignment;
        let Clock {
            due_at,
            calendar_version,
            clock_started_at: _,
            round_limit: _,
            due_fixed: _,
            plan: _,
            limit: _,
            pauses: _,
        } = clock;
        let Fix { reported_at, fix_counted_at, measure, remedy, fixed_by: _, confirmation: _ } = fix;
        let Closing {
            closed_at,
            closed_on_site,
            desk_reason,
            on_time,
            checker_id: _,
            closed_by: _,
            look_back_inspector_id: _,
        } = closing;
        OfficeIssue {
            version,
            returns,
            photos,
            missing_photos,
            flags,
            flag_codes,
            flags_count,
            buck_passing_count,
            finder,
            approved_by,
            released_by,
            fixed_by,
            checker,
            closed_by,
            look_back_inspector,
            requests,
            confirmation,
            missed_milestones,
            rejection,
            id,
            number,
            state,
            round,
            source,
            severity,
            reported_severity,
            campaign,
            item_code,
            point,
            unit_id,
            visit_id,
            description,
            captured_at,
            location,
            received_at,
            submitted_at,
            approved_at,
            released_at,
            urgent,
            final_assignment,
            limit,
            due_at,
            overdue,
            due_unsure,
            calendar_version,
            handler,
            signed_in_at,
            unclaimed,
            reminders: reminders.unwrap_or_default(),
            reported_at,
            fix_counted_at,
            measure,
            remedy,
            closed_at,
            closed_on_site,
            desk_reason,
            on_time,
            pauses,
            plan,
            parent_id,
            chain_no,
            children,
            look_back_of,
            duplicate_of,
            allowed_actions,
        }
    }
}
