//! The rules of the month, and the peer groups of units.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, month_rules};
use crate::domain::ids::{UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::Rules;
use crate::domain::month::facts::UnitRow;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::routes::reference::invalid;
use crate::http::view::Items;
use crate::store::months::KeptRules;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(put_rules).service(groups).service(put_group);
}

/// A version of the rules.
#[derive(Debug, Serialize, ToSchema)]
struct MonthRulesView {
    /// The rules, with their version. Numbers are exact, such as `9/20`.
    rules: Rules,
    /// The document that they follow; `null` for the program's own, version 1.
    #[schema(required = true)]
    source: Option<String>,
    /// Who made them.
    #[schema(required = true)]
    made_by: Option<UserId>,
    /// When.
    #[schema(required = true)]
    made_at: Option<Timestamp>,
}

impl From<KeptRules> for MonthRulesView {
    fn from(KeptRules { rules, source, made_by, made_at }: KeptRules) -> Self {
        MonthRulesView { rules, source: Some(source), made_by: Some(made_by), made_at: Some(made_at) }
    }
}

/// Every version of the rules, the newest first: that one holds for months that are frozen from now on.
#[utoipa::path(tag = "months", responses((status = 200, body = Items<MonthRulesView>)))]
#[get("/month-rules")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<MonthRulesView>>, Problem> {
    let (made, own) = month_rules::list(&app, &caller.0).await?;
    let own = MonthRulesView { rules: own, source: None, made_by: None, made_at: None };
    Ok(web::Json(Items { items: made.into_iter().map(MonthRulesView::from).chain([own]).collect() }))
}

/// A version to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonthRulesBody {
    /// The rules; their version is that of the path.
    rules: Rules,
    /// The document that they follow, 1–200 characters.
    source: String,
}

/// Makes a new version of the rules: the one after the newest. Every version stays. The same again changes nothing.
#[utoipa::path(
    tag = "months",
    params(("version" = i64, Path)),
    request_body = MonthRulesBody,
    responses((status = 201, body = MonthRulesView), (status = 200, body = MonthRulesView, description = "It was there"))
)]
#[put("/month-rules/{version}")]
async fn put_rules(
    app: web::Data<App>,
    caller: Active,
    version: web::Path<i64>,
    body: Body<MonthRulesBody>,
) -> Result<HttpResponse, Problem> {
    let MonthRulesBody { rules, source } = body.read()?;
    if rules.version != *version {
        return Err(invalid(Invalid::one("/rules/version", FieldCode::OutOfRange, "that of the path")));
    }
    let (kept, is_new) = month_rules::put(&app, &caller.0, rules, source).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(MonthRulesView::from(kept)))
}

/// A unit with its peer group.
#[derive(Debug, Serialize, ToSchema)]
struct UnitGroupView {
    /// The unit.
    unit_id: UnitId,
    /// Its name.
    name: String,
    /// The group that it is ranked in 考评分组.
    peer_group: String,
    /// Whether it also answers for what others lead on its territory 乡镇(街道).
    is_township: bool,
}

impl From<UnitRow> for UnitGroupView {
    fn from(UnitRow { unit_id, name, peer_group, is_township }: UnitRow) -> Self {
        UnitGroupView { unit_id, name, peer_group, is_township }
    }
}

/// The peer groups of all units in use: those that were set, otherwise by the units' kinds.
#[utoipa::path(tag = "months", responses((status = 200, body = Items<UnitGroupView>)))]
#[get("/unit-groups")]
async fn groups(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<UnitGroupView>>, Problem> {
    let items = month_rules::groups(&app, &caller.0).await?.into_iter().map(UnitGroupView::from).collect();
    Ok(web::Json(Items { items }))
}

/// A group to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitGroupBody {
    /// 1–20 characters.
    peer_group: String,
    /// Whether it is scored as a township.
    is_township: bool,
}

/// Sets the peer group of a unit, for months that are frozen from now on.
#[utoipa::path(
    tag = "months",
    params(("id" = UnitId, Path)),
    request_body = UnitGroupBody,
    responses((status = 200, body = UnitGroupView))
)]
#[put("/unit-groups/{id}")]
async fn put_group(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UnitId>,
    body: Body<UnitGroupBody>,
) -> Result<web::Json<UnitGroupView>, Problem> {
    let UnitGroupBody { peer_group, is_township } = body.read()?;
    Ok(web::Json(month_rules::put_group(&app, &caller.0, id.into_inner(), &peer_group, is_township).await?.into()))
}
