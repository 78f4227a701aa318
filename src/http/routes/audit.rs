//! The audit records.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::App;
use crate::app::audit::{self, AuditCursor, Record};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::{Page, Person};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// Only this.
    action: Option<AuditAction>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// One record.
#[derive(Debug, Serialize, ToSchema)]
struct AuditView {
    /// Counts up; below zero for refusals, which are counted together and by themselves.
    seq: i64,
    /// Server time.
    at: Timestamp,
    /// Who; `null` when nobody was logged in, or for the service itself.
    #[schema(required = true)]
    actor: Option<Person>,
    /// In which role.
    #[schema(required = true)]
    actor_role: Option<Role>,
    /// What.
    action: AuditAction,
    /// To what.
    target: String,
    /// How it ended.
    outcome: Outcome,
    /// More, in words.
    detail: String,
    /// The request it came with.
    request_id: String,
    /// How often in that hour, of refusals; the first is shown. 1 for all else.
    times: i64,
}

/// Who did what to the service, latest first.
#[utoipa::path(tag = "audit", params(AuditParams), responses((status = 200, body = Page<AuditView>)))]
#[get("/audit")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<AuditParams>,
) -> Result<web::Json<Page<AuditView>>, Problem> {
    let before = match params.cursor.as_deref().map(str::parse::<AuditCursor>) {
        None => None,
        Some(Ok(place)) => Some(place),
        Some(Err(_)) => return Err(Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")),
    };
    let (records, next) = audit::list(&app, &caller.0, params.action, before, page_limit(params.limit)?).await?;
    let items = records.into_iter().map(|Record { seq, entry, actor_name, times }| AuditView {
        seq,
        at: entry.at,
        actor: entry.actor_id.map(|id| Person { id, display_name: actor_name.unwrap_or_default() }),
        actor_role: entry.actor_role,
        action: entry.action,
        target: entry.target,
        outcome: entry.outcome,
        detail: entry.detail,
        request_id: entry.request_id,
        times,
    });
    Ok(web::Json(Page { items: items.collect(), next_cursor: next.map(|place| place.to_string()) }))
}
