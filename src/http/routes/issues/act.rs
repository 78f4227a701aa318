//! `POST /issues/{id}/actions/{action}`: the one way an issue moves.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::version_tag;
use crate::app::App;
use crate::app::issues::act::{self as use_case, Acted, Seen};
use crate::app::issues::once::Once;
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId, UserId};
use crate::domain::issue::{Action, Command, CommandPhoto, Milestone, PhotoView, Plan, Remedy, Severity};
use crate::domain::mark::Mark;
use crate::domain::text;
use crate::domain::time::{Date, Timestamp};
use crate::http::extract::{Active, Body, GivenKey, SeenVersion, malformed};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::issue::IssueView;

macro_rules! bodies {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)* })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Deserialize, ToSchema)]
            #[serde(deny_unknown_fields)]
            struct $name { $($(#[$fmeta])* $field: $type,)* }
        )+

        /// The body that the action takes.
        #[derive(ToSchema)]
        #[serde(untagged)]
        #[allow(dead_code, reason = "describes the bodies; which one is read depends on the action")]
        enum ActionBody { $($name($name),)+ }
    };
}

bodies! {
    /// `approve`.
    Approve {
        /// As reviewed; as reported when absent.
        #[serde(default)]
        severity: Option<Severity>,
        /// Responsible unit.
        unit_id: UnitId,
        /// Deadline, where the item has no limit or another one is set.
        #[serde(default)]
        due: Option<Timestamp>,
    }
    /// `send-back`.
    SendBack {
        /// What to mend.
        reason: String,
    }
    /// `resubmit`.
    Resubmit {
        /// Mended words.
        #[serde(default)]
        description: Option<String>,
        /// Mended severity.
        #[serde(default)]
        severity: Option<Severity>,
        /// Mended item.
        #[serde(default)]
        item_code: Option<String>,
        /// Further photos, sent before.
        #[serde(default)]
        photos: Vec<ActionPhoto>,
    }
    /// `reject`. What is severe is dropped when a second person says so too; until then it waits.
    Reject {
        /// Why it is no case.
        reason: String,
        /// The issue it repeats.
        #[serde(default)]
        duplicate_of: Option<IssueId>,
    }
    /// `release`.
    Release {}
    /// `release-urgent`.
    ReleaseUrgent {
        /// `high`.
        severity: Severity,
        /// Responsible unit.
        unit_id: UnitId,
    }
    /// `sign-in`.
    SignIn {
        /// Person who will see to it; whoever signs in when absent.
        #[serde(default)]
        handler: Option<String>,
    }
    /// `return`.
    Return {
        /// Why it is not this unit's.
        reason: String,
        /// Whose it is.
        #[serde(default)]
        proposed_unit_id: Option<UnitId>,
    }
    /// `reassign`.
    Reassign {
        /// The unit it goes to.
        unit_id: UnitId,
        /// Whether the return was founded.
        founded: bool,
        /// Designated: it cannot be returned again.
        #[serde(default, rename = "final")]
        is_final: bool,
    }
    /// `report-fix`.
    ReportFix {
        /// What was done, at most 200 characters.
        measure: String,
        /// How it was put right.
        remedy: Remedy,
        /// At least one `same-angle` and one `wide`, sent before.
        photos: Vec<ActionPhoto>,
        /// When it was written, by the device's clock: what was written offline counts from then,
        /// where that clock goes right and the report comes within a day.
        #[serde(default)]
        composed_at: Option<Timestamp>,
        /// What the device's clock showed as this call was sent.
        #[serde(default)]
        sent_at: Option<Timestamp>,
    }
    /// `confirm-fix`, by the unit's vice head: what is severe is reported then.
    ConfirmFix {}
    /// `assign-check` and `assign-look-back`.
    AssignVisit {
        /// Who goes.
        inspector_id: UserId,
    }
    /// `pass`.
    Pass {
        /// Whether somebody went there.
        on_site: bool,
        /// What was seen, sent before.
        #[serde(default)]
        photos: Vec<ActionPhoto>,
        /// In words; required from whoever closes at the desk (`on_site: false`) what is severe, a
        /// rebound or in doubt: it stays on the issue.
        #[serde(default)]
        note: Option<String>,
    }
    /// `fail`.
    Fail {
        /// What is still wrong.
        reason: String,
        /// What was seen, sent before.
        #[serde(default)]
        photos: Vec<ActionPhoto>,
    }
    /// `request-hang`.
    RequestHang {
        /// What will be done by when.
        plan: Vec<PlanBody>,
        /// Why it cannot be fixed now.
        reason: String,
        /// At least one, of what keeps it safe meanwhile, sent before.
        photos: Vec<ActionPhoto>,
    }
    /// `reach-milestone`: the next one of the plan.
    ReachMilestone {
        /// In words.
        #[serde(default)]
        note: Option<String>,
        /// What was done, sent before.
        #[serde(default)]
        photos: Vec<ActionPhoto>,
    }
    /// `hang`.
    Hang {
        /// What will be done by when.
        plan: Vec<PlanBody>,
        /// Why it cannot be fixed now.
        reason: String,
    }
    /// `unhang`.
    Unhang {
        /// Why.
        #[serde(default)]
        reason: Option<String>,
    }
    /// `request-extension`.
    RequestExtension {
        /// Why.
        reason: String,
        /// New deadline; as long again as the limit when absent.
        #[serde(default)]
        until: Option<Timestamp>,
        /// Evidence, sent before.
        #[serde(default)]
        photos: Vec<ActionPhoto>,
    }
    /// `dispute`.
    Dispute {
        /// Why the finding is wrong.
        reason: String,
        /// Evidence, sent before.
        #[serde(default)]
        photos: Vec<ActionPhoto>,
    }
    /// `decide-extension`, `decide-hang` and `decide-dispute`. A dispute is upheld when a second person says so too.
    Decide {
        /// Which request.
        request_id: RequestId,
        /// The answer.
        granted: bool,
        /// Why.
        reason: String,
    }
    /// `look-back`.
    LookBack {
        /// Whether the fix has held.
        held: bool,
        /// What was seen, sent before.
        photos: Vec<ActionPhoto>,
        /// In words.
        #[serde(default)]
        note: Option<String>,
    }
}

/// A photo that an action brings: already sent by the same person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionPhoto {
    /// The upload.
    id: PhotoId,
    /// What it shows.
    view: PhotoView,
    /// Device time it was taken.
    #[serde(default)]
    captured_at: Option<Timestamp>,
    /// What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is.
    #[serde(default)]
    #[schema(max_items = 12)]
    marks: Vec<Mark>,
}

/// One step of a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    /// What will be done, at most 100 characters.
    milestone: String,
    /// By the end of which day.
    #[schema(value_type = String, format = Date)]
    due: Date,
}

/// Takes a step on the issue as the caller last saw it. `allowed_actions` says which.
///
/// With an `Idempotency-Key` the call may be repeated: a step that was taken is answered with the issue as it now
/// stands, whatever version is named, and not taken again. The body must be the same but for `sent_at`.
#[utoipa::path(
    tag = "issues",
    params(
        ("id" = IssueId, Path),
        ("action" = Action, Path),
        ("If-Match" = String, Header, description = "The version the step was decided on"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "What the caller calls this step; drawn once, and sent with every try"),
    ),
    request_body = ActionBody,
    responses((status = 200, body = IssueView))
)]
#[post("/issues/{id}/actions/{action}")]
pub(super) async fn act(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(IssueId, String)>,
    seen: SeenVersion,
    key: GivenKey,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, action) = path.into_inner();
    let action = Action::parse(&action)
        .filter(|action| action.is_requestable())
        .ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    let body = body.read()?;
    let once = key.0.map(|key| Once { key, digest: digest(id, action, &body) });
    let command = command(action, body)?;
    let Acted { detail, .. } = use_case::act(&app, &caller.0, id, command, Seen::Version(seen.0), once).await?;
    let tag = version_tag(detail.version);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(IssueView::from(detail)))
}

/// Of what a step says, however its members are ordered. When the call was sent is another time at each try.
pub(in crate::http::routes) fn digest(id: IssueId, action: Action, body: &Value) -> Digest {
    let mut said = body.clone();
    if let Some(fields) = said.as_object_mut() {
        fields.remove("sent_at");
    }
    Digest::of(json!({"issue": id, "action": action.as_str(), "body": said}).to_string().as_bytes())
}

pub(in crate::http::routes) fn command(action: Action, body: Value) -> Result<Command, Problem> {
    Ok(match action {
        Action::Approve => {
            let Approve { severity, unit_id, due } = read(body)?;
            Command::Approve { severity, unit_id, due }
        }
        Action::SendBack => Command::SendBack { reason: read::<SendBack>(body)?.reason },
        Action::Resubmit => {
            let Resubmit { description, severity, item_code, photos } = read(body)?;
            Command::Resubmit { description, severity, item_code, photos: named(photos) }
        }
        Action::Reject => {
            let Reject { reason, duplicate_of } = read(body)?;
            Command::Reject { reason, duplicate_of }
        }
        Action::Release => {
            let Release {} = read(body)?;
            Command::Release
        }
        Action::ReleaseUrgent => {
            let ReleaseUrgent { severity, unit_id } = read(body)?;
            Command::ReleaseUrgent { severity, unit_id }
        }
        Action::SignIn => {
            let SignIn { handler } = read(body)?;
            Command::SignIn { handler: handler.as_deref().map(text::name) }
        }
        Action::Return => {
            let Return { reason, proposed_unit_id } = read(body)?;
            Command::Return { reason, proposed_unit_id }
        }
        Action::Reassign => {
            let Reassign { unit_id, founded, is_final } = read(body)?;
            Command::Reassign { unit_id, founded, is_final }
        }
        Action::ReportFix => {
            let ReportFix { measure, remedy, photos, composed_at, sent_at } = read(body)?;
            Command::ReportFix { measure, remedy, photos: named(photos), composed_at, sent_at }
        }
        Action::ConfirmFix => {
            let ConfirmFix {} = read(body)?;
            Command::ConfirmFix
        }
        Action::RequestHang => {
            let RequestHang { plan, reason, photos } = read(body)?;
            Command::RequestHang { plan: planned(plan), reason, photos: named(photos) }
        }
        Action::DecideHang => {
            let Decide { request_id, granted, reason } = read(body)?;
            Command::DecideHang { request_id, granted, reason }
        }
        Action::ReachMilestone => {
            let ReachMilestone { note, photos } = read(body)?;
            Command::ReachMilestone { note, photos: named(photos) }
        }
        Action::AssignCheck => Command::AssignCheck { inspector_id: read::<AssignVisit>(body)?.inspector_id },
        Action::AssignLookBack => Command::AssignLookBack { inspector_id: read::<AssignVisit>(body)?.inspector_id },
        Action::Pass => {
            let Pass { on_site, photos, note } = read(body)?;
            Command::Pass { on_site, photos: named(photos), note }
        }
        Action::Fail => {
            let Fail { reason, photos } = read(body)?;
            Command::Fail { reason, photos: named(photos) }
        }
        Action::Hang => {
            let Hang { plan, reason } = read(body)?;
            Command::Hang { plan: planned(plan), reason }
        }
        Action::Unhang => Command::Unhang { note: read::<Unhang>(body)?.reason },
        Action::RequestExtension => {
            let RequestExtension { reason, until, photos } = read(body)?;
            Command::RequestExtension { reason, until, photos: named(photos) }
        }
        Action::Dispute => {
            let Dispute { reason, photos } = read(body)?;
            Command::Dispute { reason, photos: named(photos) }
        }
        Action::DecideExtension => {
            let Decide { request_id, granted, reason } = read(body)?;
            Command::DecideExtension { request_id, granted, reason }
        }
        Action::DecideDispute => {
            let Decide { request_id, granted, reason } = read(body)?;
            Command::DecideDispute { request_id, granted, reason }
        }
        Action::LookBack => {
            let LookBack { held, photos, note } = read(body)?;
            Command::LookBack { held, photos: named(photos), note }
        }
        Action::Report | Action::Submit | Action::LapseSignIn | Action::EndPlan | Action::Archive => {
            return Err(Problem::new(ProblemCode::NotFound));
        }
    })
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(|error| malformed(&error))
}

fn planned(plan: Vec<PlanBody>) -> Plan {
    let step = |step: PlanBody| Milestone { milestone: step.milestone, due: step.due, reached_on: None };
    Plan::new(plan.into_iter().map(step).collect())
}

fn named(photos: Vec<ActionPhoto>) -> Vec<CommandPhoto> {
    photos
        .into_iter()
        .map(|photo| CommandPhoto {
            id: photo.id,
            view: photo.view,
            captured_at: photo.captured_at,
            marks: photo.marks,
        })
        .collect()
}
