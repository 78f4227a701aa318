//! Whether something has changed that the caller can see.

use std::time::Duration;

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::live::{self, WAIT_MAX};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::http::extract::Watching;
use crate::http::problem::Problem;
use crate::http::routes::reference::invalid;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangesParams {
    /// The number of the answer before; nothing is waited for without it.
    seen: Option<i64>,
    /// Seconds to wait for another number, 0–25, 0 when nothing is said.
    #[param(minimum = 0, maximum = 25)]
    wait: Option<u64>,
}

/// How many changes the caller could see.
#[derive(Debug, Serialize, ToSchema)]
struct ChangesView {
    /// A number that says nothing by itself: when it is another than before, lists and issues of the caller may differ
    /// from what was read before.
    seen: i64,
}

/// A number that grows when an issue changes in a way that the caller can see. With `seen` and `wait` the answer comes
/// when it differs from `seen`, at the latest after `wait` seconds; earlier with the same number when many wait. Asking
/// does not keep a login alive.
#[utoipa::path(tag = "issues", params(ChangesParams), responses((status = 200, body = ChangesView)))]
#[get("/changes")]
async fn read(
    app: web::Data<App>,
    caller: Watching,
    params: web::Query<ChangesParams>,
) -> Result<web::Json<ChangesView>, Problem> {
    let wait = Duration::from_secs(params.wait.unwrap_or(0));
    if wait > WAIT_MAX {
        let detail = format!("from 0 to {}", WAIT_MAX.as_secs());
        return Err(invalid(Invalid::one("/wait", FieldCode::OutOfRange, detail)));
    }
    let seen = live::changes(&app, &caller.0, params.seen, wait).await?;
    Ok(web::Json(ChangesView { seen }))
}
