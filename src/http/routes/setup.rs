//! The first day of a county.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::setup::{self, Checklist, FirstAccount};
use crate::app::starter::{self, StarterSet};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::setup::{OFFICE_PEOPLE_MIN, SetupStep, StepMark, StepState};
use crate::http::extract::{Active, Body, caller_address, refuse_other_site, request_id};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(is_needed).service(set_up).service(checklist).service(mark).service(read_sets).service(load_sets);
}

/// Whether the county is still to be set up.
#[derive(Debug, Serialize, ToSchema)]
struct SetupView {
    /// Whether there is no account yet: then `POST /setup` creates the first one.
    needed: bool,
}

/// Whether the county is still to be set up.
#[utoipa::path(tag = "setup", responses((status = 200, body = SetupView)), security(()))]
#[get("/setup")]
async fn is_needed(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let needed = setup::is_needed(&app).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(SetupView { needed }))
}

/// The first administrator and the county.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstAccountBody {
    /// The code that the service printed when it started.
    code: String,
    /// Name to log in with: 2–32 of `a-z0-9._-`.
    username: String,
    /// What others see.
    display_name: String,
    /// Its password.
    #[schema(format = Password)]
    password: String,
    /// What the county is called, 1–30 characters.
    county_name: String,
}

/// The first administrator.
#[derive(Debug, Serialize, ToSchema)]
struct FirstAccountView {
    /// Identity.
    id: UserId,
    /// Name to log in with.
    username: String,
    /// What others see.
    display_name: String,
    /// What it is for: `admin`.
    role: Role,
}

/// Creates the first administrator and names the county, with the code that the service printed. Works once.
#[utoipa::path(
    tag = "setup", request_body = FirstAccountBody, responses((status = 201, body = FirstAccountView)), security(())
)]
#[post("/setup")]
async fn set_up(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<FirstAccountBody>,
) -> Result<HttpResponse, Problem> {
    refuse_other_site(request.headers())?;
    let FirstAccountBody { code, username, display_name, password, county_name } = body.read()?;
    let first = FirstAccount { code, username, display_name, password, county_name };
    let user = setup::set_up(&app, first, caller_address(&request), &request_id(&request)).await?;
    Ok(HttpResponse::Created().json(FirstAccountView {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        role: user.role,
    }))
}

/// What a county does before its first inspection, and what there is.
#[derive(Debug, Serialize, ToSchema)]
struct ChecklistView {
    /// Whether every step is done.
    done: bool,
    /// The steps, in order.
    steps: Vec<StepView>,
    /// Items of all campaigns.
    items: i64,
    /// Units in use.
    units: i64,
    /// Accounts of the office that may log in.
    office_people: i64,
    /// How many the office needs at least: who approves an issue does not release it.
    office_people_min: i64,
    /// Inspectors who may log in.
    inspectors: i64,
    /// Accounts of units that may log in.
    unit_people: i64,
    /// Points in use.
    points: i64,
    /// Years whose days off should be named by now and are not.
    unnamed_years: Vec<i16>,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    /// Which.
    step: SetupStep,
    /// Its state.
    state: StepState,
}

impl From<Checklist> for ChecklistView {
    fn from(list: Checklist) -> Self {
        ChecklistView {
            done: list.is_done(),
            steps: list.steps.into_iter().map(|(step, state)| StepView { step, state }).collect(),
            items: list.progress.items,
            units: list.progress.units,
            office_people: list.progress.office_people,
            office_people_min: OFFICE_PEOPLE_MIN,
            inspectors: list.progress.inspectors,
            unit_people: list.progress.unit_people,
            points: list.progress.points,
            unnamed_years: list.progress.unnamed_years,
        }
    }
}

/// The checklist 开通清单: what a county does before its first inspection.
#[utoipa::path(tag = "setup", responses((status = 200, body = ChecklistView)))]
#[get("/setup/checklist")]
async fn checklist(app: web::Data<App>, caller: Active) -> Result<web::Json<ChecklistView>, Problem> {
    Ok(web::Json(setup::checklist(&app, &caller.0).await?.into()))
}

/// What is said of a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkBody {
    /// `skipped` for later, or `confirmed` for the county, whose zone and hours are there by default; `null` takes it
    /// back.
    mark: Option<StepMark>,
}

/// Skips a step for later, confirms one, or takes that back.
#[utoipa::path(
    tag = "setup",
    params(("step" = SetupStep, Path)),
    request_body = MarkBody,
    responses((status = 200, body = ChecklistView))
)]
#[put("/setup/checklist/{step}")]
async fn mark(
    app: web::Data<App>,
    caller: Active,
    step: web::Path<String>,
    body: Body<MarkBody>,
) -> Result<web::Json<ChecklistView>, Problem> {
    let MarkBody { mark } = body.read()?;
    let step = SetupStep::parse(&step).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(web::Json(setup::mark(&app, &caller.0, step, mark).await?.into()))
}

/// A campaign with items that come with the program.
#[derive(Debug, Serialize, ToSchema)]
struct StarterSetView {
    /// Code of the campaign.
    campaign: String,
    /// Its name.
    name: String,
    /// Its name in English.
    name_en: String,
    /// How many items it has.
    items: usize,
    /// Whether the county has this campaign already.
    is_there: bool,
}

impl From<StarterSet> for StarterSetView {
    fn from(set: StarterSet) -> Self {
        StarterSetView {
            campaign: set.campaign.code,
            name: set.campaign.name_zh,
            name_en: set.campaign.name_en,
            items: set.items,
            is_there: set.is_there,
        }
    }
}

fn views(sets: Vec<StarterSet>) -> web::Json<Items<StarterSetView>> {
    web::Json(Items { items: sets.into_iter().map(StarterSetView::from).collect() })
}

/// The sets of items that come with the program.
#[utoipa::path(tag = "setup", responses((status = 200, body = Items<StarterSetView>)))]
#[get("/setup/starters")]
async fn read_sets(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<StarterSetView>>, Problem> {
    Ok(views(starter::sets(&app, &caller.0).await?))
}

/// Sets to be loaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartersBody {
    /// Codes of their campaigns.
    campaigns: Vec<String>,
}

/// Loads sets of items; those that are there already stay as they are.
#[utoipa::path(
    tag = "setup", request_body = StartersBody, responses((status = 200, body = Items<StarterSetView>))
)]
#[post("/setup/starters")]
async fn load_sets(
    app: web::Data<App>,
    caller: Active,
    body: Body<StartersBody>,
) -> Result<web::Json<Items<StarterSetView>>, Problem> {
    let StartersBody { campaigns } = body.read()?;
    Ok(views(starter::load(&app, &caller.0, campaigns).await?))
}
