//! The office's saved views.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::issues::ListParams;
use crate::app::{App, saved_views};
use crate::domain::ids::SavedViewId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::saved_view::SavedView;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::routes::reference::invalid;
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(put_view).service(remove);
}

/// A list to be named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SavedViewBody {
    /// What it is called, 1–20 characters; no two have the same name.
    name: String,
    /// The query of `GET /issues` that shows it, such as `state=rectifying&overdue=true`. A `from` of `today`, `7d` or
    /// `30d` is a day that moves on. A list has no end and no page of its own: `limit` and `cursor` are not kept.
    query: String,
}

/// A named list.
#[derive(Debug, Serialize, ToSchema)]
struct SavedViewView {
    /// Identity.
    id: SavedViewId,
    /// What it is called.
    name: String,
    /// The query of `GET /issues` that shows it.
    query: String,
    /// When it was saved last.
    saved_at: Timestamp,
}

impl From<SavedView> for SavedViewView {
    fn from(view: SavedView) -> Self {
        let SavedView { id, name, query, saved_by: _, saved_at } = view;
        SavedViewView { id, name, query, saved_at }
    }
}

/// The office's named lists, by name.
#[utoipa::path(tag = "saved-views", responses((status = 200, body = Items<SavedViewView>)))]
#[get("/saved-views")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<SavedViewView>>, Problem> {
    let items = saved_views::list(&app, &caller.0).await?.into_iter().map(SavedViewView::from).collect();
    Ok(web::Json(Items { items }))
}

/// Days that move on, as the app writes them.
const MOVING: [&str; 3] = ["today", "7d", "30d"];

/// Names a list, or changes one that has a name.
#[utoipa::path(
    tag = "saved-views",
    params(("id" = SavedViewId, Path, description = "A UUID that the client drew")),
    request_body = SavedViewBody,
    responses((status = 201, body = SavedViewView), (status = 200, body = SavedViewView, description = "It was there"))
)]
#[put("/saved-views/{id}")]
async fn put_view(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SavedViewId>,
    body: Body<SavedViewBody>,
) -> Result<HttpResponse, Problem> {
    let SavedViewBody { name, query } = body.read()?;
    let is_of_page = |pair: &&str| matches!(pair.split('=').next(), Some("limit" | "cursor"));
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_of_page(pair)).collect();
    let moves = |pair: &&&str| MOVING.iter().any(|moving| pair.strip_prefix("from=") == Some(moving));
    let fixed: Vec<&str> = kept.iter().filter(|pair| !moves(pair)).copied().collect();
    let params = web::Query::<ListParams>::from_query(&fixed.join("&"));
    // Written differently, what belongs to a page is still found.
    if !params.is_ok_and(|params| !params.is_of_page() && params.query(app.now()).is_ok()) {
        return Err(invalid(Invalid::one("/query", FieldCode::Malformed, "no query of GET /issues")));
    }
    let query = kept.join("&");
    let (view, is_new) = saved_views::put(&app, &caller.0, id.into_inner(), &name, query).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(SavedViewView::from(view)))
}

/// Forgets the name of a list.
#[utoipa::path(tag = "saved-views", params(("id" = SavedViewId, Path)), responses((status = 204, description = "It is gone")))]
#[delete("/saved-views/{id}")]
async fn remove(app: web::Data<App>, caller: Active, id: web::Path<SavedViewId>) -> Result<HttpResponse, Problem> {
    saved_views::remove(&app, &caller.0, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
