//! Background work that keeps failing.

use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, stuck};
use crate::domain::ids::JobId;
use crate::domain::job::JobKind;
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::Problem;
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(take_up);
}

/// Work that was set aside after its last try.
#[derive(Debug, Serialize, ToSchema)]
struct StuckJobView {
    /// Identity.
    id: JobId,
    /// What it is; `null` for a kind that only a newer version knows.
    #[schema(required = true)]
    kind: Option<JobKind>,
    /// Why the last try failed.
    #[schema(required = true)]
    last_error: Option<String>,
    /// When it was set aside.
    #[schema(required = true)]
    stuck_at: Option<Timestamp>,
}

/// Background work that was set aside, the longest first.
#[utoipa::path(tag = "jobs", responses((status = 200, body = Items<StuckJobView>)))]
#[get("/jobs/stuck")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<StuckJobView>>, Problem> {
    let items = stuck::list(&app, &caller.0).await?.into_iter().map(|(id, kind, last_error, stuck_at)| StuckJobView {
        id,
        kind: JobKind::parse(&kind),
        last_error,
        stuck_at,
    });
    Ok(web::Json(Items { items: items.collect() }))
}

/// Has work that was set aside tried again. Noted.
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path)), responses((status = 204, description = "It will be tried at once")))]
#[post("/jobs/{id}/retry")]
async fn take_up(app: web::Data<App>, caller: Active, id: web::Path<JobId>) -> Result<HttpResponse, Problem> {
    stuck::take_up(&app, &caller.0, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
