//! Notices 消息.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, patch, put, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::App;
use crate::app::notices::{self, ShownNotice, ToldAt};
use crate::domain::ids::NoticeId;
use crate::domain::notice::NoticeKind;
use crate::domain::shown_time::{Fineness, ShownTime};
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::issue::IssueView;
use crate::store::notices::NoticeCursor;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(count).service(mark_read).service(switches).service(switch);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoticeParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// When something was, as exactly as its reader may know it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum NoticeTime {
    Exact(Timestamp),
    Shown(ShownTime),
}

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
struct NoticeView {
    /// Identity.
    id: NoticeId,
    /// What it tells.
    kind: NoticeKind,
    /// When that was; what is coarser than exact begins then. `null` where it is not told.
    #[schema(required = true)]
    at: Option<NoticeTime>,
    /// How exact that time is.
    fineness: Fineness,
    /// Whether it came since the reader last marked what is read.
    unread: bool,
    /// The issue, as its page shows it now.
    issue: IssueView,
}

impl From<ShownNotice> for NoticeView {
    fn from(ShownNotice { id, kind, at, is_unread, issue }: ShownNotice) -> Self {
        let (at, fineness) = match at {
            None => (None, Fineness::Never),
            Some(ToldAt::Exact(at)) => (Some(NoticeTime::Exact(at)), Fineness::Exact),
            Some(ToldAt::Shown(at)) => (Some(NoticeTime::Shown(at)), at.fineness()),
        };
        NoticeView { id, kind, at, fineness, unread: is_unread, issue: IssueView::from(issue) }
    }
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
struct NoticePage {
    /// Latest first; those about issues that the reader may not see any more are left out.
    items: Vec<NoticeView>,
    /// What to ask for the next page with; `null` at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// What to mark as read, once this page has been seen.
    through: i64,
    /// How many are unread, counted up to 100.
    unread: i64,
}

/// How many notices are unread.
#[derive(Debug, Serialize, ToSchema)]
struct NoticeCount {
    /// Counted up to 100: then there may be more.
    unread: i64,
}

/// Up to where notices have been read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticesRead {
    /// `through` of the page that was seen.
    through: i64,
}

/// For each kind of notices whether it is switched on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
struct NoticeSwitches(BTreeMap<NoticeKind, bool>);

impl From<Vec<(NoticeKind, bool)>> for NoticeSwitches {
    fn from(kinds: Vec<(NoticeKind, bool)>) -> Self {
        NoticeSwitches(kinds.into_iter().collect())
    }
}

/// The time and the id of the last notice: nothing that the page did not show.
fn write_cursor(NoticeCursor { at, id }: NoticeCursor) -> String {
    URL_SAFE_NO_PAD.encode([&at.as_micros().to_be_bytes()[..], id.as_bytes()].concat())
}

fn read_cursor(text: &str) -> Option<NoticeCursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (at, id) = bytes.split_at_checked(8)?;
    let at = Timestamp::from_micros(i64::from_be_bytes(at.try_into().ok()?));
    Some(NoticeCursor { at, id: NoticeId(uuid::Uuid::from_slice(id).ok()?) })
}

/// The notices of one's office or unit, or one's own.
#[utoipa::path(tag = "notices", params(NoticeParams), responses((status = 200, body = NoticePage)))]
#[get("/notices")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<NoticeParams>,
) -> Result<web::Json<NoticePage>, Problem> {
    let after = match params.cursor.as_deref().map(read_cursor) {
        None => None,
        Some(Some(place)) => Some(place),
        Some(None) => return Err(Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")),
    };
    let page = notices::list(&app, &caller.0, after, page_limit(params.limit)?).await?;
    Ok(web::Json(NoticePage {
        items: page.items.into_iter().map(NoticeView::from).collect(),
        next_cursor: page.next.map(write_cursor),
        through: page.through,
        unread: page.unread,
    }))
}

/// How many of them are unread, on every device alike.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeCount)))]
#[get("/notices/count")]
async fn count(app: web::Data<App>, caller: Active) -> Result<web::Json<NoticeCount>, Problem> {
    Ok(web::Json(NoticeCount { unread: notices::count(&app, &caller.0).await? }))
}

/// Marks what has been seen as read; what was read stays read.
#[utoipa::path(
    tag = "notices",
    request_body = NoticesRead,
    responses((status = 204, description = "Marked"))
)]
#[put("/notices/read")]
async fn mark_read(app: web::Data<App>, caller: Active, body: Body<NoticesRead>) -> Result<HttpResponse, Problem> {
    notices::mark_read(&app, &caller.0, body.read()?.through).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which kinds one gets, and whether each is switched on.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeSwitches)))]
#[get("/notices/kinds")]
async fn switches(app: web::Data<App>, caller: Active) -> Result<web::Json<NoticeSwitches>, Problem> {
    Ok(web::Json(notices::kinds(&app, &caller.0).await?.into()))
}

/// Switches kinds on and off for oneself; those that are not named stay as they are.
#[utoipa::path(
    tag = "notices",
    request_body = NoticeSwitches,
    responses((status = 200, body = NoticeSwitches))
)]
#[patch("/notices/kinds")]
async fn switch(
    app: web::Data<App>,
    caller: Active,
    body: Body<NoticeSwitches>,
) -> Result<web::Json<NoticeSwitches>, Problem> {
    let switched = body.read()?.0.into_iter().collect();
    Ok(web::Json(notices::switch(&app, &caller.0, switched).await?.into()))
}
