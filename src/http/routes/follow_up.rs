//! Following up 督办: look-back samples, cards, accountability cases, the dispatch list.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::imports::{ExportParams, attached};
use super::issues::version_tag;
use super::reference::page_limit;
use crate::app::follow_up::cards::{self, CardPage};
use crate::app::follow_up::samples::ShownProof;
use crate::app::follow_up::{cases, dispatch, samples};
use crate::app::{self, App, AppError};
use crate::domain::accountability::{CaseBody, CaseKind};
use crate::domain::card::{CardAction, CardCommand, CardState};
use crate::domain::digest::Digest;
use crate::domain::ids::{CardId, CaseId, IssueId, SampleId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::time::{Date, read_day};
use crate::http::extract::{Active, Body, SeenVersion};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::follow_up::{CardView, CaseView, ChokeView, OfficeCard, PublicCard, SampleRowView, SampleView};
use crate::http::view::{Page, sheets};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list_samples).service(draw_sample).service(read_sample).service(read_proof);
    config.service(list_cards).service(take_card).service(dispatch_list).service(export_dispatch);
    config.service(list_cases).service(put_case).service(approve_case);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

/// Reads a cursor that is an id.
fn cursor<T>(text: Option<&str>, id: fn(uuid::Uuid) -> T) -> Result<Option<T>, Problem> {
    text.map(|text| crate::domain::ids::read(text).map(id).ok_or_else(no_cursor)).transpose()
}

/// The answer of a list; one that is not there to continue after was no cursor.
fn paged<T>(found: Result<T, AppError>) -> Result<T, Problem> {
    match found {
        Err(AppError::NotFound) => Err(no_cursor()),
        found => Ok(found?),
    }
}

/// Look-back samples, the latest first; for the office alone.
#[utoipa::path(tag = "follow-up", params(PageParams), responses((status = 200, body = Page<SampleView>)))]
#[get("/look-back-samples")]
async fn list_samples(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<PageParams>,
) -> Result<web::Json<Page<SampleView>>, Problem> {
    let after = cursor(params.cursor.as_deref(), SampleId)?;
    let (found, next) = paged(samples::list(&app, &caller.0, after, page_limit(params.limit)?).await)?;
    let items = found.into_iter().map(SampleView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// What is to be drawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DrawSampleBody {
    /// The present month, such as `2026-09`.
    month: String,
}

/// Has the look-back sample of the present month drawn: a month has one. When it was drawn before, that one is answered.
/// Each drawn issue is given to an inspector who neither found nor checked it, when its day has come.
#[utoipa::path(
    tag = "follow-up",
    request_body = DrawSampleBody,
    responses((status = 201, body = SampleView), (status = 200, body = SampleView, description = "It was drawn before"))
)]
#[post("/look-back-samples")]
async fn draw_sample(app: web::Data<App>, caller: Active, body: Body<DrawSampleBody>) -> Result<HttpResponse, Problem> {
    let DrawSampleBody { month } = body.read()?;
    let (shown, is_new) = samples::draw_monthly(&app, &caller.0, &month).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(SampleView::from(shown)))
}

/// A sample with its drawn issues.
#[derive(Debug, Serialize, ToSchema)]
struct SampleDetail {
    /// The sample.
    #[serde(flatten)]
    sample: SampleView,
    /// At most 200 of its rows.
    rows: Vec<SampleRowView>,
    /// What to send as `after` for the next ones; `null` on the last part.
    #[schema(required = true)]
    next: Option<i32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RowParams {
    /// The number of the last row of the part before.
    #[param(minimum = 0)]
    after: Option<i32>,
}

/// A sample and to whom each drawn issue was given; for the office alone.
#[utoipa::path(
    tag = "follow-up",
    params(("id" = SampleId, Path), RowParams),
    responses((status = 200, body = SampleDetail))
)]
#[get("/look-back-samples/{id}")]
async fn read_sample(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SampleId>,
    params: web::Query<RowParams>,
) -> Result<web::Json<SampleDetail>, Problem> {
    let after = params.after.unwrap_or(0);
    let (sample, rows, next) = samples::read(&app, &caller.0, id.into_inner(), after).await?;
    let rows = rows.into_iter().map(SampleRowView::from).collect();
    Ok(web::Json(SampleDetail { sample: sample.into(), rows, next }))
}

/// The proof of a sample.
#[derive(Debug, Serialize, ToSchema)]
struct SampleProofView {
    /// Digest of the proof, as the audit record of the draw has it.
    proof_sha256: Digest,
    /// The proof file, for `anfang draw verify`; `null` while a drawn issue waits for its day, and if
    /// `is_for_discipline`.
    #[schema(required = true, value_type = Option<Object>)]
    proof: Option<Value>,
    /// Whether the discipline inspection alone reads it: somebody is barred in it whom the office knows by a code name.
    is_for_discipline: bool,
}

/// The proof of a sample, once every drawn issue was given; for the office and the discipline inspection. Reading it is
/// noted.
#[utoipa::path(tag = "follow-up", params(("id" = SampleId, Path)), responses((status = 200, body = SampleProofView)))]
#[get("/look-back-samples/{id}/proof")]
async fn read_proof(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SampleId>,
) -> Result<web::Json<SampleProofView>, Problem> {
    let ShownProof { sample, proof, is_for_discipline } = samples::proof(&app, &caller.0, id.into_inner()).await?;
    let proof = proof.and_then(|proof| serde_json::to_value(proof).ok());
    Ok(web::Json(SampleProofView { proof_sha256: sample.digest, proof, is_for_discipline }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CardParams {
    /// Only those in this state; the office alone may ask.
    state: Option<CardState>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

fn card_views(page: CardPage) -> Vec<CardView> {
    let CardPage { items, next: _, for_office, calendar } = page;
    let view = |shown| {
        if for_office {
            CardView::Office(OfficeCard::of(shown, &calendar))
        } else {
            CardView::Public(PublicCard::of(shown, &calendar))
        }
    };
    items.into_iter().map(view).collect()
}

/// Yellow and red cards, talks and referrals, the latest first. The office reads all, a unit its own that were issued,
/// leaders and the discipline inspection all that were issued.
#[utoipa::path(tag = "follow-up", params(CardParams), responses((status = 200, body = Page<CardView>)))]
#[get("/cards")]
async fn list_cards(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<CardParams>,
) -> Result<web::Json<Page<CardView>>, Problem> {
    let after = cursor(params.cursor.as_deref(), CardId)?;
    let page = paged(cards::list(&app, &caller.0, params.state, after, page_limit(params.limit)?).await)?;
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(web::Json(Page { items: card_views(page), next_cursor }))
}

/// A step on a card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CardStep {
    /// For `issue`, `drop`, `keep`, `withdraw`: why, 1–500 characters. Of what was issued or withdrawn the unit reads it.
    reason: Option<String>,
    /// For `conclude`: the day of the talk, or on which the referral was taken over.
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<String>,
    /// For `conclude`: the minutes of the talk, or who took the referral over, 1–2000 characters.
    minutes: Option<String>,
    /// For `conclude`: number of the document, 1–40 characters.
    document_no: Option<String>,
}

impl CardStep {
    /// The step that `action` is; `None` for what no person may ask for.
    fn command(self, action: CardAction) -> Result<Option<CardCommand>, Invalid> {
        let CardStep { reason, on, minutes, document_no } = self;
        let mut invalid = Invalid::default();
        let mut day = None;
        if action == CardAction::Conclude {
            if reason.is_some() {
                invalid.push("/reason", FieldCode::NotAllowed, "not for this step");
            }
            match on.as_deref().map(read_day) {
                None => invalid.push("/on", FieldCode::Required, "the day"),
                Some(Err(detail)) => invalid.push("/on", FieldCode::Malformed, detail),
                Some(Ok(read)) => day = Some(read),
            }
        } else {
            let others =
                [("/on", on.is_some()), ("/minutes", minutes.is_some()), ("/document_no", document_no.is_some())];
            for (pointer, _) in others.into_iter().filter(|(_, is_given)| *is_given) {
                invalid.push(pointer, FieldCode::NotAllowed, "not for this step");
            }
        }
        invalid.into_result()?;
        let reason = reason.unwrap_or_default();
        Ok(match action {
            CardAction::Issue => Some(CardCommand::Issue { reason }),
            CardAction::Drop => Some(CardCommand::Drop { reason }),
            CardAction::Keep => Some(CardCommand::Keep { reason }),
            CardAction::Withdraw => Some(CardCommand::Withdraw { reason }),
            CardAction::Conclude => Some(CardCommand::Conclude {
                on: day.unwrap_or(Date::MAX),
                minutes: minutes.unwrap_or_default(),
                document_no,
            }),
            CardAction::Propose | CardAction::ProposeWithdrawal => None,
        })
    }
}

/// Takes a step on the card as the caller last saw it. `allowed_actions` says which.
#[utoipa::path(
    tag = "follow-up",
    params(
        ("id" = CardId, Path),
        ("action" = CardAction, Path),
        ("If-Match" = String, Header, description = "The version the step was decided on"),
    ),
    request_body = CardStep,
    responses((status = 200, body = OfficeCard))
)]
#[post("/cards/{id}/actions/{action}")]
async fn take_card(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(CardId, String)>,
    seen: SeenVersion,
    body: Body<CardStep>,
) -> Result<HttpResponse, Problem> {
    let (id, action) = path.into_inner();
    let not_found = || Problem::new(ProblemCode::NotFound);
    let action = CardAction::parse(&action).ok_or_else(not_found)?;
    let command = body.read()?.command(action).map_err(AppError::Invalid)?.ok_or_else(not_found)?;
    let CardPage { items, calendar, .. } = cards::act(&app, &caller.0, id, command, seen.0).await?;
    let view = items.into_iter().next().map(|shown| OfficeCard::of(shown, &calendar)).ok_or_else(not_found)?;
    Ok(HttpResponse::Ok().insert_header((ETAG, version_tag(view.version))).json(view))
}

/// The daily dispatch list.
#[derive(Debug, Serialize, ToSchema)]
struct DispatchView {
    /// The county's day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// How many issues are on it, counted up to 10,000.
    total: i64,
    /// A part of it, those with most reasons first.
    items: Vec<ChokeView>,
    /// What to send as `cursor` for the next part; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// What a meeting talks about today: issues that nobody took over, that were returned or failed again and again, that
/// are overdue, rebounded or past their plan; for the office alone.
#[utoipa::path(tag = "follow-up", params(PageParams), responses((status = 200, body = DispatchView)))]
#[get("/dispatch-list")]
async fn dispatch_list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<PageParams>,
) -> Result<web::Json<DispatchView>, Problem> {
    let after = cursor(params.cursor.as_deref(), IssueId)?;
    let page = paged(dispatch::list(&app, &caller.0, after, page_limit(params.limit)?).await)?;
    Ok(web::Json(DispatchView {
        day: page.day,
        total: page.total,
        items: page.items.into_iter().map(ChokeView::from).collect(),
        next_cursor: page.next.map(|id| id.to_string()),
    }))
}

/// Most rows of the exported list. Source: our choice; a list as long as this is none.
const EXPORTED_MAX: usize = 2_000;

/// The daily dispatch list as a sheet, its first 2,000 rows; for the office alone.
#[utoipa::path(tag = "follow-up", params(ExportParams), responses((status = 200, content(
    ("text/csv"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
))))]
#[get("/dispatch-list/export")]
async fn export_dispatch(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse, Problem> {
    let mut page = dispatch::list(&app, &caller.0, None, PAGE_MAX).await?;
    let (day, calendar) = (page.day, page.calendar.clone());
    let mut items: Vec<ChokeView> = page.items.into_iter().map(ChokeView::from).collect();
    while let Some(next) = page.next.filter(|_| items.len() < EXPORTED_MAX) {
        page = match dispatch::list(&app, &caller.0, Some(next), PAGE_MAX).await {
            // It was settled meanwhile; what comes after it is not known.
            Err(AppError::NotFound) => break,
            found => found?,
        };
        items.extend(page.items.into_iter().map(ChokeView::from));
    }
    let format = params.format.unwrap_or_default();
    let table = sheets::dispatch(day, &items, |choke| calendar.last_date(choke.due_at));
    let bytes = app::sheets::file(table, format).await?;
    Ok(attached(format, &format!("dispatch-{day}"), bytes))
}

/// Accountability cases, the latest first; the discipline inspection reads those that were approved.
#[utoipa::path(tag = "follow-up", params(PageParams), responses((status = 200, body = Page<CaseView>)))]
#[get("/accountability-cases")]
async fn list_cases(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<PageParams>,
) -> Result<web::Json<Page<CaseView>>, Problem> {
    let after = cursor(params.cursor.as_deref(), CaseId)?;
    let (found, next) = paged(cases::list(&app, &caller.0, after, page_limit(params.limit)?).await)?;
    let items = found.into_iter().map(CaseView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// What is entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCase {
    /// The unit.
    unit_id: UnitId,
    /// The issue that it is about, if it is about one.
    issue_id: Option<IssueId>,
    /// Name and post of the person, 1–40 characters.
    person: String,
    /// How.
    kind: CaseKind,
    /// For what, 1–500 characters.
    reason: String,
    /// Number of the document, 1–40 characters.
    document_no: String,
    /// The day of the document.
    #[schema(value_type = String, format = Date)]
    on: String,
}

/// Enters an accountability case under an id of the client's choice. The same again answers what is stored.
#[utoipa::path(
    tag = "follow-up",
    params(("id" = CaseId, Path, description = "A UUID that the client drew")),
    request_body = NewCase,
    responses((status = 201, body = CaseView), (status = 200, body = CaseView, description = "It was there"))
)]
#[put("/accountability-cases/{id}")]
async fn put_case(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<CaseId>,
    body: Body<NewCase>,
) -> Result<HttpResponse, Problem> {
    let NewCase { unit_id, issue_id, person, kind, reason, document_no, on } = body.read()?;
    let on = read_day(&on).map_err(|detail| AppError::Invalid(Invalid::one("/on", FieldCode::Malformed, detail)))?;
    let body = CaseBody { unit_id, issue_id, person, kind, reason, document_no, on };
    let (case, is_new) = cases::enter(&app, &caller.0, id.into_inner(), body).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(CaseView::from(case)))
}

/// Approves a case that somebody else entered.
#[utoipa::path(tag = "follow-up", params(("id" = CaseId, Path)), responses((status = 200, body = CaseView)))]
#[put("/accountability-cases/{id}/approval")]
async fn approve_case(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<CaseId>,
) -> Result<web::Json<CaseView>, Problem> {
    Ok(web::Json(cases::approve(&app, &caller.0, id.into_inner()).await?.into()))
}
