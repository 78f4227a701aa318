//! The names behind code names: keepers, and requests that need two keys.

use actix_web::{HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::names::{self, ShownRequest};
use crate::domain::ids::{BatchId, NameRequestId, UserId};
use crate::domain::name_request::{NameRequestAction, NameRequestState};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::view::{Items, Person};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(ask).service(answer_request).service(read_name);
    config.service(keepers).service(name_keeper).service(remove_keeper);
}

/// A request for the name behind a code name.
#[derive(Debug, Serialize, ToSchema)]
struct NameRequestView {
    /// Identity.
    id: NameRequestId,
    /// Whose name, such as `暗访07`.
    code_name: String,
    /// Why.
    reason: String,
    /// Its state.
    state: NameRequestState,
    /// The keeper who asks.
    asked_by: UserId,
    /// When.
    asked_at: Timestamp,
    /// The second person.
    #[schema(required = true)]
    answered_by: Option<UserId>,
    /// When they answered.
    #[schema(required = true)]
    answered_at: Option<Timestamp>,
    /// When the name was read.
    #[schema(required = true)]
    read_at: Option<Timestamp>,
    /// Until when the next step can be taken; `null` when nothing is left to do.
    #[schema(required = true)]
    expires_at: Option<Timestamp>,
    /// What the caller may do with it now; to read it one has to be a keeper still.
    allowed_actions: Vec<NameRequestAction>,
}

impl From<ShownRequest> for NameRequestView {
    fn from(ShownRequest { request, allowed, now }: ShownRequest) -> Self {
        NameRequestView {
            state: request.state(now),
            expires_at: request.expires_at(),
            id: request.id,
            code_name: request.code_name,
            reason: request.reason,
            asked_by: request.asked_by,
            asked_at: request.asked_at,
            answered_by: request.answer.map(|(by, ..)| by),
            answered_at: request.answer.map(|(_, at, _)| at),
            read_at: request.read_at,
            allowed_actions: allowed,
        }
    }
}

/// The requests for names behind the code names of a batch, the latest first, at most 200; for the office and the
/// discipline inspection. No name is in it.
#[utoipa::path(tag = "batches", params(("id" = BatchId, Path)), responses((status = 200, body = Items<NameRequestView>)))]
#[get("/batches/{id}/name-requests")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<BatchId>,
) -> Result<web::Json<Items<NameRequestView>>, Problem> {
    let found = names::requests(&app, &caller.0, id.into_inner()).await?;
    Ok(web::Json(Items { items: found.into_iter().map(NameRequestView::from).collect() }))
}

/// Whose name is asked for, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameRequestBody {
    /// The code name in the batch, such as `暗访07`.
    code_name: String,
    /// Why it must be known, 1–500 characters.
    reason: String,
}

/// A keeper asks for the name behind a code name, under an id of the client's choice. Somebody else has to consent within
/// 72 hours. Noted.
#[utoipa::path(
    tag = "batches",
    params(("id" = BatchId, Path), ("request" = NameRequestId, Path, description = "A UUID that the client drew")),
    request_body = NameRequestBody,
    responses((status = 201, body = NameRequestView), (status = 200, body = NameRequestView, description = "It was there"))
)]
#[put("/batches/{id}/name-requests/{request}")]
async fn ask(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(BatchId, NameRequestId)>,
    body: Body<NameRequestBody>,
) -> Result<HttpResponse, Problem> {
    let (batch, id) = path.into_inner();
    let NameRequestBody { code_name, reason } = body.read()?;
    let (shown, created) = names::ask(&app, &caller.0, batch, id, &code_name, &reason).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(NameRequestView::from(shown)))
}

/// The second person's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameAnswerBody {
    /// Whether the name may be read.
    consents: bool,
}

/// Somebody else than who asked consents, or refuses. Noted.
#[utoipa::path(
    tag = "batches",
    params(("id" = BatchId, Path), ("request" = NameRequestId, Path)),
    request_body = NameAnswerBody,
    responses((status = 200, body = NameRequestView))
)]
#[put("/batches/{id}/name-requests/{request}/answer")]
async fn answer_request(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(BatchId, NameRequestId)>,
    body: Body<NameAnswerBody>,
) -> Result<web::Json<NameRequestView>, Problem> {
    let (batch, id) = path.into_inner();
    let NameAnswerBody { consents } = body.read()?;
    Ok(web::Json(names::answer(&app, &caller.0, batch, id, consents).await?.into()))
}

/// The inspector behind a code name.
#[derive(Debug, Serialize, ToSchema)]
struct NameView {
    /// The account.
    id: UserId,
    /// Its login name.
    username: String,
    /// What it is called.
    display_name: String,
}

/// The keeper who asked reads the name, once and within 24 hours of the consent. Noted. An answer that is lost on its way
/// was a reading too: it has to be asked for anew.
#[utoipa::path(
    tag = "batches",
    params(("id" = BatchId, Path), ("request" = NameRequestId, Path)),
    responses((status = 200, body = NameView))
)]
#[post("/batches/{id}/name-requests/{request}/reading")]
async fn read_name(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(BatchId, NameRequestId)>,
) -> Result<web::Json<NameView>, Problem> {
    let (batch, id) = path.into_inner();
    let User { id, username, display_name, .. } = names::read(&app, &caller.0, batch, id).await?;
    Ok(web::Json(NameView { id, username, display_name }))
}

/// The accounts that may ask for names 身份保管员; for administrators.
#[utoipa::path(tag = "users", responses((status = 200, body = Items<Person>)))]
#[get("/identity-keepers")]
async fn keepers(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<Person>>, Problem> {
    let found = names::keepers(&app, &caller.0).await?;
    let items = found.into_iter().map(|User { id, display_name, .. }| Person { id, display_name });
    Ok(web::Json(Items { items: items.collect() }))
}

/// Makes an account of the office a keeper. Noted.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 204, description = "It is one")))]
#[put("/identity-keepers/{id}")]
async fn name_keeper(app: web::Data<App>, caller: Active, id: web::Path<UserId>) -> Result<HttpResponse, Problem> {
    names::set_keeper(&app, &caller.0, id.into_inner(), true).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The account is no keeper any more; what it asked for and has not read, it reads no more. Noted.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 204, description = "It is none")))]
#[delete("/identity-keepers/{id}")]
async fn remove_keeper(app: web::Data<App>, caller: Active, id: web::Path<UserId>) -> Result<HttpResponse, Problem> {
    names::set_keeper(&app, &caller.0, id.into_inner(), false).await?;
    Ok(HttpResponse::NoContent().finish())
}
