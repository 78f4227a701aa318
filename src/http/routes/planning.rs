//! External assessments 上级测评, backward schedules 倒排工期, milestones 节点 of issues on the books, and needs 需求.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, delete, get, put, web};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::issues::version_tag;
use super::reference::page_limit;
use crate::app::planning::{self, Planned, Put, ShownAssessment, ShownSchedule, ShownTask};
use crate::app::{App, AppError};
use crate::domain::ids::{AssessmentId, IssueId, ScheduleId, UnitId, read};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::Month;
use crate::domain::month::backward::Light;
use crate::domain::month::needs::Need;
use crate::domain::planning::{AssessmentKind, AssessmentText, NeedNote, NeedsText, ScheduleText};
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body, SeenVersion};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::reference::invalid;
use crate::http::view::{Items, Page};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list_assessments).service(one_assessment).service(put_assessment);
    config.service(list_schedules).service(one_schedule).service(put_schedule);
    config.service(withdraw_assessment).service(withdraw_schedule);
    config.service(list_milestones).service(list_needs).service(needs_of).service(put_needs);
}

fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

/// A month of a query, such as `2026-09`.
pub(super) fn asked_month(text: Option<&str>) -> Result<Option<Month>, Problem> {
    let parsed = text.map(Month::parse).transpose();
    parsed.map_err(|detail| invalid(Invalid::one("/month", FieldCode::Malformed, detail)))
}

/// An external assessment. Nothing here depends on anything finer than a month.
#[derive(Debug, Serialize, ToSchema)]
struct AssessmentView {
    /// Identity.
    id: AssessmentId,
    /// What `If-Match` must name.
    version: i64,
    /// What it is called.
    name: String,
    /// Code of the campaign.
    campaign: String,
    /// How it is made.
    kind: AssessmentKind,
    /// First month in which it may come.
    #[schema(value_type = String)]
    from: Month,
    /// Last month.
    #[schema(value_type = String)]
    to: Month,
    /// Months until the first one; 0 from then on; `null` once they are over.
    #[schema(required = true)]
    months_left: Option<u32>,
    /// The same in words, such as `预计2027年8月，还有2个月`.
    #[schema(required = true)]
    countdown: Option<String>,
    /// When it was written last.
    changed_at: Timestamp,
}

impl From<ShownAssessment> for AssessmentView {
    fn from(ShownAssessment { assessment, countdown }: ShownAssessment) -> Self {
        let AssessmentText { name, campaign, kind, from, to } = assessment.text;
        AssessmentView {
            id: assessment.id,
            version: assessment.version,
            name,
            campaign,
            kind,
            from,
            to,
            months_left: countdown.map(|countdown| countdown.months_left),
            countdown: countdown.map(|countdown| countdown.text()),
            changed_at: assessment.changed_at,
        }
    }
}

fn told(mut response: actix_web::HttpResponseBuilder, version: i64, view: impl Serialize) -> HttpResponse {
    response.insert_header((ETAG, version_tag(version))).json(view)
}

fn assessment_answer(response: actix_web::HttpResponseBuilder, shown: ShownAssessment) -> HttpResponse {
    told(response, shown.assessment.version, AssessmentView::from(shown))
}

/// External assessments with their countdown, the latest first; for the office and leaders.
#[utoipa::path(tag = "planning", responses((status = 200, body = Items<AssessmentView>)))]
#[get("/assessments")]
async fn list_assessments(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<AssessmentView>>, Problem> {
    let found = planning::assessments(&app, &caller.0).await?;
    Ok(web::Json(Items { items: found.into_iter().map(AssessmentView::from).collect() }))
}

/// An external assessment; for the office and leaders.
#[utoipa::path(
    tag = "planning",
    params(("id" = AssessmentId, Path)),
    responses((status = 200, body = AssessmentView))
)]
#[get("/assessments/{id}")]
async fn one_assessment(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<AssessmentId>,
) -> Result<HttpResponse, Problem> {
    let shown = planning::assessment(&app, &caller.0, id.into_inner()).await?;
    Ok(assessment_answer(HttpResponse::Ok(), shown))
}

/// Writes an assessment down under an id of the client's choice, or changes it, when `If-Match` must name its present
/// version. The same again answers what is stored. Its days are not asked for: they are confidential.
#[utoipa::path(
    tag = "planning",
    params(
        ("id" = AssessmentId, Path, description = "A UUID that the client drew"),
        ("If-Match" = Option<String>, Header, description = "The version that is changed; not needed for a new one"),
    ),
    request_body = AssessmentText,
    responses((status = 201, body = AssessmentView), (status = 200, body = AssessmentView, description = "It was there"))
)]
#[put("/assessments/{id}")]
async fn put_assessment(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<AssessmentId>,
    seen: Option<SeenVersion>,
    body: Body<AssessmentText>,
) -> Result<HttpResponse, Problem> {
    let (id, seen) = (id.into_inner(), seen.map(|seen| seen.0));
    let Put { created, shown } = planning::put_assessment(&app, &caller.0, id, body.read()?, seen).await?;
    Ok(assessment_answer(if created { HttpResponse::Created() } else { HttpResponse::Ok() }, shown))
}

/// Withdraws an assessment that was entered by mistake; not one that a schedule prepares for.
#[utoipa::path(
    tag = "planning",
    params(("id" = AssessmentId, Path), ("If-Match" = String, Header, description = "The version that is withdrawn")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/assessments/{id}")]
async fn withdraw_assessment(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<AssessmentId>,
    seen: SeenVersion,
) -> Result<HttpResponse, Problem> {
    planning::withdraw(&app, &caller.0, Planned::Assessment(id.into_inner()), seen.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A task with its days and its light.
#[derive(Debug, Serialize, ToSchema)]
struct TaskLightView {
    /// Identifies it in its schedule.
    key: String,
    /// What is done.
    name: String,
    /// The unit that does it.
    #[schema(required = true)]
    unit_id: Option<UnitId>,
    /// How long it takes, in working days.
    days: u32,
    /// Places of the tasks that can begin only when it is done.
    before: Vec<usize>,
    /// How much of it is done, in percent.
    progress: u32,
    /// The day after whose end its working days are counted.
    #[schema(value_type = String, format = Date)]
    latest_start: Date,
    /// The day by whose end it must be done.
    #[schema(value_type = String, format = Date)]
    latest_finish: Date,
    /// How it stands today.
    light: Light,
}

/// A backward schedule with the lights of today.
#[derive(Debug, Serialize, ToSchema)]
struct ScheduleView {
    /// Identity.
    id: ScheduleId,
    /// What `If-Match` must name.
    version: i64,
    /// What it is called.
    name: String,
    /// The assessment that it prepares for.
    #[schema(required = true)]
    assessment_id: Option<AssessmentId>,
    /// The day by which everything is done.
    #[schema(value_type = String, format = Date)]
    end: Date,
    /// The day of the lights.
    #[schema(value_type = String, format = Date)]
    today: Date,
    /// Working days between the last task and the end.
    buffer_days: u32,
    /// How many working days too late it is, if nothing has begun; 0 when it can be kept.
    days_short: u32,
    /// Its tasks, in the order they were written.
    tasks: Vec<TaskLightView>,
    /// When it was written last.
    changed_at: Timestamp,
}

impl From<ShownTask> for TaskLightView {
    fn from(ShownTask { task, days, light }: ShownTask) -> Self {
        TaskLightView {
            key: task.key,
            name: task.name,
            unit_id: task.unit_id,
            days: task.days,
            before: task.before,
            progress: task.progress,
            latest_start: days.latest_start,
            latest_finish: days.latest_finish,
            light,
        }
    }
}

impl From<ShownSchedule> for ScheduleView {
    fn from(ShownSchedule { schedule, today, buffer_days, days_short, tasks }: ShownSchedule) -> Self {
        let ScheduleText { name, assessment_id, end, tasks: _ } = schedule.text;
        ScheduleView {
            id: schedule.id,
            version: schedule.version,
            name,
            assessment_id,
            end,
            today,
            buffer_days,
            days_short,
            tasks: tasks.into_iter().map(TaskLightView::from).collect(),
            changed_at: schedule.changed_at,
        }
    }
}

fn schedule_answer(response: actix_web::HttpResponseBuilder, shown: ShownSchedule) -> HttpResponse {
    told(response, shown.schedule.version, ScheduleView::from(shown))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScheduleParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Backward schedules with their lights, those that end last first; for the office and leaders.
#[utoipa::path(tag = "planning", params(ScheduleParams), responses((status = 200, body = Page<ScheduleView>)))]
#[get("/schedules")]
async fn list_schedules(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ScheduleParams>,
) -> Result<web::Json<Page<ScheduleView>>, Problem> {
    let after = match params.cursor.as_deref() {
        None => None,
        Some(text) => Some(ScheduleId(read(text).ok_or_else(no_cursor)?)),
    };
    let (found, next) = match planning::schedules(&app, &caller.0, after, page_limit(params.limit)?).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(ScheduleView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// A backward schedule; for the office and leaders.
#[utoipa::path(tag = "planning", params(("id" = ScheduleId, Path)), responses((status = 200, body = ScheduleView)))]
#[get("/schedules/{id}")]
async fn one_schedule(app: web::Data<App>, caller: Active, id: web::Path<ScheduleId>) -> Result<HttpResponse, Problem> {
    Ok(schedule_answer(HttpResponse::Ok(), planning::schedule(&app, &caller.0, id.into_inner()).await?))
}

/// Writes a schedule down under an id of the client's choice, or changes it, the progress of its tasks too, when
/// `If-Match` must name its present version. The same again answers what is stored.
#[utoipa::path(
    tag = "planning",
    params(
        ("id" = ScheduleId, Path, description = "A UUID that the client drew"),
        ("If-Match" = Option<String>, Header, description = "The version that is changed; not needed for a new one"),
    ),
    request_body = ScheduleText,
    responses((status = 201, body = ScheduleView), (status = 200, body = ScheduleView, description = "It was there"))
)]
#[put("/schedules/{id}")]
async fn put_schedule(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<ScheduleId>,
    seen: Option<SeenVersion>,
    body: Body<ScheduleText>,
) -> Result<HttpResponse, Problem> {
    let (id, seen) = (id.into_inner(), seen.map(|seen| seen.0));
    let Put { created, shown } = planning::put_schedule(&app, &caller.0, id, body.read()?, seen).await?;
    Ok(schedule_answer(if created { HttpResponse::Created() } else { HttpResponse::Ok() }, shown))
}

/// Withdraws a schedule that was entered by mistake.
#[utoipa::path(
    tag = "planning",
    params(("id" = ScheduleId, Path), ("If-Match" = String, Header, description = "The version that is withdrawn")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/schedules/{id}")]
async fn withdraw_schedule(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<ScheduleId>,
    seen: SeenVersion,
) -> Result<HttpResponse, Problem> {
    planning::withdraw(&app, &caller.0, Planned::Schedule(id.into_inner()), seen.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MilestoneParams {
    /// Due on this day or later; without it all earlier ones are listed too.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Due on this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A milestone of an issue on the books.
#[derive(Debug, Serialize, ToSchema)]
struct MilestoneView {
    /// The issue.
    issue_id: IssueId,
    /// Its number.
    #[schema(required = true)]
    number: Option<String>,
    /// The unit that is responsible now.
    #[schema(required = true)]
    unit_id: Option<UnitId>,
    /// What is done.
    milestone: String,
    /// The day by whose end it is due.
    #[schema(value_type = String, format = Date)]
    due: Date,
    /// The day the unit said it was done.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    reached_on: Option<Date>,
    /// The day the issue came off the books; its plan is over.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    ended_on: Option<Date>,
    /// Whether it was not done by its day.
    missed: bool,
}

/// A cursor of days, ids and places, as it is written.
fn read_place(text: &str) -> Option<(Date, IssueId, u32)> {
    let mut parts = text.split('.');
    let place = (parts.next()?.parse().ok()?, IssueId(read(parts.next()?)?), parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}

/// Milestones of the plans of issues on the books, by their days; for the office alone.
#[utoipa::path(tag = "planning", params(MilestoneParams), responses((status = 200, body = Page<MilestoneView>)))]
#[get("/milestones")]
async fn list_milestones(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<MilestoneParams>,
) -> Result<web::Json<Page<MilestoneView>>, Problem> {
    let after = match params.cursor.as_deref() {
        None => None,
        Some(text) => Some(read_place(text).ok_or_else(no_cursor)?),
    };
    let days = (params.from.unwrap_or(Date::ZERO), params.to.unwrap_or(Date::MAX));
    let limit = page_limit(params.limit)?;
    let (rows, today, next) = planning::milestones(&app, &caller.0, days, after, limit).await?;
    let items = rows.into_iter().map(|row| MilestoneView {
        missed: row.is_missed(today),
        issue_id: row.issue_id,
        number: row.number,
        unit_id: row.unit_id,
        milestone: row.milestone,
        due: row.due,
        reached_on: row.reached_on,
        ended_on: row.ended_on,
    });
    let next_cursor = next.map(|(day, issue, position)| format!("{day}.{issue}.{position}"));
    Ok(web::Json(Page { items: items.collect(), next_cursor }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NeedParams {
    /// The month in which they were noted, such as `2026-11`; the present one when nothing is said.
    month: Option<String>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// How many issues of a unit need the same.
#[derive(Debug, Serialize, ToSchema)]
struct NeedSumView {
    /// What.
    need: Need,
    /// The unit.
    unit_id: UnitId,
    /// Issues.
    issues: u64,
}

/// A need with the issue that has it.
#[derive(Debug, Serialize, ToSchema)]
struct NeedRowView {
    /// The issue.
    issue_id: IssueId,
    /// Its number.
    #[schema(required = true)]
    number: Option<String>,
    /// What it needs.
    need: Need,
    /// The unit that was responsible when it was noted.
    unit_id: UnitId,
    /// In words; may be empty.
    note: String,
    /// When it was noted.
    noted_at: Timestamp,
}

/// The needs of a month.
#[derive(Debug, Serialize, ToSchema)]
struct NeedsView {
    /// The month.
    #[schema(value_type = String)]
    month: Month,
    /// By need and unit, of the whole month.
    sums: Vec<NeedSumView>,
    /// The needs, the earliest first.
    items: Vec<NeedRowView>,
    /// What to send as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

fn read_need(text: &str) -> Option<(Timestamp, IssueId, Need)> {
    let mut parts = text.split('.');
    let at = Timestamp::from_micros(parts.next()?.parse().ok()?);
    let place = (at, IssueId(read(parts.next()?)?), Need::parse(parts.next()?)?);
    parts.next().is_none().then_some(place)
}

/// What issues need that their units do not have: the month's sum, and the issues; for the office alone.
#[utoipa::path(tag = "planning", params(NeedParams), responses((status = 200, body = NeedsView)))]
#[get("/needs")]
async fn list_needs(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<NeedParams>,
) -> Result<web::Json<NeedsView>, Problem> {
    let after = match params.cursor.as_deref() {
        None => None,
        Some(text) => Some(read_need(text).ok_or_else(no_cursor)?),
    };
    let month = asked_month(params.month.as_deref())?;
    let page = planning::needs(&app, &caller.0, month, after, page_limit(params.limit)?).await?;
    let sums = page.sums.into_iter().map(|(need, unit_id, issues)| NeedSumView { need, unit_id, issues });
    let items = page.rows.into_iter().map(|row| NeedRowView {
        issue_id: row.issue_id,
        number: row.number,
        need: row.need,
        unit_id: row.unit_id,
        note: row.note,
        noted_at: row.noted_at,
    });
    let next_cursor = page.next.map(|(at, issue, need)| format!("{}.{issue}.{need}", at.as_micros()));
    Ok(web::Json(NeedsView { month: page.month, sums: sums.collect(), items: items.collect(), next_cursor }))
}

/// What an issue needs.
#[derive(Debug, Serialize, ToSchema)]
struct IssueNeedsView {
    /// What, in a fixed order; nothing when it needs nothing.
    needs: Vec<Need>,
    /// In words; may be empty.
    note: String,
}

impl From<Option<NeedNote>> for IssueNeedsView {
    fn from(note: Option<NeedNote>) -> Self {
        let NeedsText { needs, note } = note.map_or(NeedsText { needs: Vec::new(), note: String::new() }, |it| it.text);
        IssueNeedsView { needs, note }
    }
}

/// What an issue needs that its unit does not have; for the office and the unit itself.
#[utoipa::path(tag = "planning", params(("id" = IssueId, Path)), responses((status = 200, body = IssueNeedsView)))]
#[get("/issues/{id}/needs")]
async fn needs_of(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<IssueId>,
) -> Result<web::Json<IssueNeedsView>, Problem> {
    Ok(web::Json(planning::of_issue(&app, &caller.0, id.into_inner()).await?.into()))
}

/// Notes what an issue needs, in place of what was noted before.
#[utoipa::path(
    tag = "planning",
    params(("id" = IssueId, Path)),
    request_body = NeedsText,
    responses((status = 200, body = IssueNeedsView))
)]
#[put("/issues/{id}/needs")]
async fn put_needs(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<IssueId>,
    body: Body<NeedsText>,
) -> Result<web::Json<IssueNeedsView>, Problem> {
    Ok(web::Json(planning::put_needs(&app, &caller.0, id.into_inner(), body.read()?).await?.into()))
}
