//! `POST /issues/{id}/actions/{action}`: takes a step on an issue.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, post, web};
use serde_json::{Value, json};

use super::version_tag;
use crate::app::App;
use crate::app::issues::act::{self as use_case, Acted, Seen};
use crate::app::issues::once::Once;
use crate::domain::ids::{IssueId, StepKey};
use crate::domain::issue::{Action, Command};
use crate::domain::schema::RequestedAction;
use crate::http::extract::{Active, Body, GivenKey, SeenVersion, malformed};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::issue::IssueView;

/// Takes a step on the issue as the caller last saw it. `allowed_actions` says which.
///
/// With an `Idempotency-Key` the call may be repeated: a step that was taken is answered with the issue as it now
/// stands, whatever version is named, and not taken again. The body must be the same but for `sent_at`.
#[utoipa::path(
    tag = "issues",
    params(
        ("id" = IssueId, Path),
        ("action" = inline(RequestedAction), Path),
        ("If-Match" = String, Header, description = "The version the step was decided on"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "What the caller calls this step; drawn once, and sent with every try"),
    ),
    request_body = Command,
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
    let once = key.0.map(|key| once(key, id, action, &body));
    let command = command(action, body)?;
    let Acted { detail, .. } = use_case::act(&app, &caller.0, id, command, Seen::Version(seen.0), once).await?;
    let tag = version_tag(detail.version);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(IssueView::from(detail)))
}

/// The idempotency key with the digest of the step. The time of sending is left out of it, since it differs with each
/// try.
pub(in crate::http::routes) fn once(key: StepKey, id: IssueId, action: Action, body: &Value) -> Once {
    let mut said = body.clone();
    if let Some(fields) = said.as_object_mut() {
        fields.remove("sent_at");
    }
    Once::new(key, &json!({"issue": id, "action": action.as_str(), "body": said}))
}

/// The command that `action` is with this body.
pub(in crate::http::routes) fn command(action: Action, body: Value) -> Result<Command, Problem> {
    let read = Command::read(action, body).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    read.map_err(|error| malformed(&error))
}
