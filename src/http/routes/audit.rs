//! The audit records.

use actix_web::{get, web};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::{invalid, page_limit};
use crate::app::App;
use crate::app::audit::{self, AuditCursor, AuditQuery, Record};
use crate::app::issues::list::Days;
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::UserId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::{Items, Page, Person};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(people).service(list);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// Only this.
    action: Option<AuditAction>,
    /// Only what this person did, or was refused.
    who: Option<UserId>,
    /// On this day of the county or later.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Before this day, which is after `from`.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
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
    let AuditParams { action, who, from, to, limit, cursor: _ } = params.into_inner();
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        return Err(invalid(Invalid::one("/to", FieldCode::OutOfRange, "after `from`")));
    }
    let asked = AuditQuery { action, who, days: Days { from, to } };
    let (records, next) = audit::list(&app, &caller.0, asked, before, page_limit(limit)?).await?;
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

/// Everybody whom records may name, by name: to ask for one of them.
#[utoipa::path(tag = "audit", responses((status = 200, body = Items<Person>)))]
#[get("/audit/people")]
async fn people(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<Person>>, Problem> {
    let people = audit::people(&app, &caller.0).await?;
    let items = people.into_iter().map(|(id, display_name)| Person { id, display_name }).collect();
    Ok(web::Json(Items { items }))
}
