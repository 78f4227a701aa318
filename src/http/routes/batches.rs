//! Batches of visits 暗访批次, their draws, and the tasks of inspectors.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::issues::version_tag;
use super::reference::page_limit;
use crate::app::batches::act::{Step, act};
use crate::app::batches::draw::{self, ShownDraw};
use crate::app::batches::{self, Planned, ShownBatch, tasks};
use crate::app::issues::once::Once;
use crate::app::{App, AppError, recusals};
use crate::domain::batch::{Batch, BatchAction, BatchState, Plan, Signed};
use crate::domain::digest::Digest;
use crate::domain::draw::{Commitment, Nonce};
use crate::domain::ids::{BatchId, PointId, UserId};
use crate::domain::objects;
use crate::domain::recusal::Recusals;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body, GivenKey, SeenVersion, malformed};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::{Items, Page};
use crate::store::batches::KeptTask;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(one).service(put_plan).service(take).service(read_draw).service(own_tasks);
    config.service(read_recusals).service(put_recusals);
}

/// Who took a step, and when.
#[derive(Debug, Serialize, ToSchema)]
struct SignedView {
    /// The account.
    by: UserId,
    /// When.
    at: Timestamp,
}

impl From<Signed> for SignedView {
    fn from(Signed { by, at }: Signed) -> Self {
        SignedView { by, at }
    }
}

/// A batch as the office reads it. Which points are visited, when and by whom is in the draw's proof after the release.
#[derive(Debug, Serialize, ToSchema)]
struct BatchView {
    /// Identity.
    id: BatchId,
    /// What `If-Match` must name.
    version: i64,
    /// Its state.
    state: BatchState,
    /// Its plan.
    plan: Plan,
    /// How often its draw was committed to; above 1 somebody started again.
    attempt: u32,
    /// Who proposed the plan.
    #[schema(required = true)]
    proposed: Option<SignedView>,
    /// Who approved it.
    #[schema(required = true)]
    approved: Option<SignedView>,
    /// Number of the document that approves the plan.
    #[schema(required = true)]
    approval_no: Option<String>,
    /// What the draw is committed to. The approver keeps it, and sends it with the nonce.
    #[schema(required = true)]
    commitment_sha256: Option<Digest>,
    /// When it was drawn.
    #[schema(required = true)]
    drawn_at: Option<Timestamp>,
    /// When the first task was shown to its inspector.
    #[schema(required = true)]
    began_at: Option<Timestamp>,
    /// Redraws after declared conflicts.
    redraws: u32,
    /// Who found that everything is reviewed.
    #[schema(required = true)]
    reviewed: Option<SignedView>,
    /// Who released it.
    #[schema(required = true)]
    released: Option<SignedView>,
    /// Who wants it abandoned; a second person has to agree.
    #[schema(required = true)]
    abandon_vote: Option<SignedView>,
    /// Who abandoned it.
    #[schema(required = true)]
    abandoned: Option<SignedView>,
    /// Tasks that were drawn and not dropped.
    tasks: u32,
    /// Of these, carried out.
    visited: u32,
    /// Of these, neither carried out nor over.
    open_tasks: u32,
    /// Reports found on its visits that wait for their review.
    unreviewed_reports: u32,
    /// What the caller may do with it now.
    allowed_actions: Vec<BatchAction>,
}

impl From<ShownBatch> for BatchView {
    fn from(ShownBatch { batch, progress, allowed }: ShownBatch) -> Self {
        let Batch {
            id,
            version,
            state,
            plan,
            attempt,
            proposed,
            approved,
            approval_no,
            commitment_sha256,
            drawn_at,
            // Known to whoever verifies the proof; before that it would only invite guesses.
            outcome_sha256: _,
            redraws,
            began_at,
            reviewed,
            released,
            abandon_vote,
            abandoned,
        } = batch;
        let signed = |signed: Option<Signed>| signed.map(SignedView::from);
        BatchView {
            id,
            version,
            state,
            plan,
            attempt,
            proposed: signed(proposed),
            approved: signed(approved),
            approval_no,
            commitment_sha256,
            drawn_at,
            began_at,
            redraws,
            reviewed: signed(reviewed),
            released: signed(released),
            abandon_vote: abandon_vote.map(|vote| SignedView { by: vote.by, at: vote.at }),
            abandoned: signed(abandoned),
            tasks: progress.tasks,
            visited: progress.visited,
            open_tasks: progress.open,
            unreviewed_reports: progress.unreviewed,
            allowed_actions: allowed,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BatchParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<usize>,
    /// Where the page before ended.
    pub(super) cursor: Option<String>,
}

/// The answer to a cursor that no page ended with.
pub(super) fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

/// The batch to continue after.
pub(super) fn cursor_of(params: &BatchParams) -> Result<Option<BatchId>, Problem> {
    let id = params.cursor.as_deref().map(str::parse::<uuid::Uuid>).transpose();
    Ok(id.map_err(|_| no_cursor())?.map(BatchId))
}

/// Batches, the latest first; for the office alone.
#[utoipa::path(tag = "batches", params(BatchParams), responses((status = 200, body = Page<BatchView>)))]
#[get("/batches")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<BatchParams>,
) -> Result<web::Json<Page<BatchView>>, Problem> {
    let after = cursor_of(&params)?;
    let (found, next) = match batches::list(&app, &caller.0, after, page_limit(params.limit)?).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(BatchView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

fn answer(mut response: actix_web::HttpResponseBuilder, shown: ShownBatch) -> HttpResponse {
    let tag = version_tag(shown.batch.version);
    response.insert_header((ETAG, tag)).json(BatchView::from(shown))
}

/// A batch; for the office alone.
#[utoipa::path(tag = "batches", params(("id" = BatchId, Path)), responses((status = 200, body = BatchView)))]
#[get("/batches/{id}")]
async fn one(app: web::Data<App>, caller: Active, id: web::Path<BatchId>) -> Result<HttpResponse, Problem> {
    Ok(answer(HttpResponse::Ok(), batches::read(&app, &caller.0, id.into_inner()).await?))
}

/// Drafts a batch with this plan under an id of the client's choice, or changes the plan of a draft, which `If-Match`
/// must name in its present version. The same plan again answers what is stored.
#[utoipa::path(
    tag = "batches",
    params(
        ("id" = BatchId, Path, description = "A UUID that the client drew"),
        ("If-Match" = Option<String>, Header, description = "The version whose plan is changed; not needed for a new batch"),
    ),
    request_body = Plan,
    responses((status = 201, body = BatchView), (status = 200, body = BatchView, description = "It was there"))
)]
#[put("/batches/{id}")]
async fn put_plan(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<BatchId>,
    seen: Option<SeenVersion>,
    body: Body<Plan>,
) -> Result<HttpResponse, Problem> {
    let seen = seen.map(|seen| seen.0);
    let Planned { created, shown } = batches::put(&app, &caller.0, id.into_inner(), body.read()?, seen).await?;
    Ok(answer(if created { HttpResponse::Created() } else { HttpResponse::Ok() }, shown))
}

/// A step that says nothing more: `propose`, `withdraw`, `review`, `release`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlainStep {}

/// A step with a reason: `send-back`, `revoke`, `abandon`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReasonedStep {
    /// 1–500 characters.
    reason: String,
}

/// `approve`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApproveBatch {
    /// Number of the document that approves the plan, 1–40 characters.
    approval_no: String,
}

/// `draw`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DrawBatch {
    /// What the approver was shown. The nonce must be drawn after that.
    commitment_sha256: Digest,
    /// 32 bytes that the approver's browser drew.
    #[schema(value_type = Digest)]
    nonce: Nonce,
}

/// `redraw`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedrawTask {
    /// Number of the task.
    task: u32,
    /// Who declared the conflict, such as `暗访07`.
    code_name: String,
    /// 1–500 characters.
    reason: String,
}

/// The body of a step.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the bodies in the OpenAPI document")]
enum BatchActionBody {
    Plain(PlainStep),
    Reasoned(ReasonedStep),
    Approve(ApproveBatch),
    Draw(DrawBatch),
    Redraw(RedrawTask),
}

/// The step that `action` is with this body; `None` for what no person may ask for here.
fn step(action: BatchAction, body: Value) -> Result<Option<Step>, serde_json::Error> {
    let plain = |body: Value, step: Step| objects::from_value::<PlainStep>(body).map(|PlainStep {}| step);
    let reasoned = |body: Value, step: fn(String) -> Step| {
        objects::from_value::<ReasonedStep>(body).map(|ReasonedStep { reason }| step(reason))
    };
    Ok(Some(match action {
        BatchAction::Propose => plain(body, Step::Propose)?,
        BatchAction::Withdraw => plain(body, Step::Withdraw)?,
        BatchAction::Review => plain(body, Step::Review)?,
        BatchAction::Release => plain(body, Step::Release)?,
        BatchAction::SendBack => reasoned(body, Step::SendBack)?,
        BatchAction::Revoke => reasoned(body, Step::Revoke)?,
        BatchAction::Abandon => reasoned(body, Step::Abandon)?,
        BatchAction::Approve => {
            let ApproveBatch { approval_no } = objects::from_value(body)?;
            Step::Approve(approval_no)
        }
        BatchAction::Draw => {
            let DrawBatch { commitment_sha256, nonce } = objects::from_value(body)?;
            Step::Draw(commitment_sha256, nonce)
        }
        BatchAction::Redraw => {
            let RedrawTask { task, code_name, reason } = objects::from_value(body)?;
            Step::Redraw(task, code_name, reason)
        }
        BatchAction::Create | BatchAction::Amend | BatchAction::Begin => return Ok(None),
    }))
}

/// Takes a step on the batch as the caller last saw it. `allowed_actions` says which.
///
/// `approve` answers what the draw is committed to; only then the approver's browser draws the nonce for `draw`.
/// `release` releases every approved issue that was found on its visits, or nothing.
///
/// With an `Idempotency-Key` the call may be repeated: a step that was taken is answered with the batch as it now
/// stands, whatever version is named, and not taken again.
#[utoipa::path(
    tag = "batches",
    params(
        ("id" = BatchId, Path),
        ("action" = BatchAction, Path),
        ("If-Match" = String, Header, description = "The version the step was decided on"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "What the caller calls this step; drawn once, and sent with every try"),
    ),
    request_body = BatchActionBody,
    responses((status = 200, body = BatchView))
)]
#[post("/batches/{id}/actions/{action}")]
async fn take(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(BatchId, String)>,
    seen: SeenVersion,
    key: GivenKey,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, action) = path.into_inner();
    let not_found = || Problem::new(ProblemCode::NotFound);
    let action = BatchAction::parse(&action).ok_or_else(not_found)?;
    let body = body.read()?;
    let said = json!({"batch": id, "action": action.as_str(), "body": &body});
    let once = key.0.map(|key| Once::new(key, &said));
    let step = step(action, body).map_err(|error| malformed(&error))?.ok_or_else(not_found)?;
    Ok(answer(HttpResponse::Ok(), act(&app, &caller.0, id, step, seen.0, once).await?))
}

/// What a draw is committed to; see `docs/DRAW.md`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CommitmentView {
    /// Which commitment of the batch it is, from 1.
    attempt: u32,
    /// The digest of the commitment, which the approver was shown.
    commitment_sha256: Digest,
    /// The commitment itself.
    #[schema(value_type = Object)]
    commitment: Commitment,
}

/// A draw, as far as it may be known.
#[derive(Debug, Serialize, ToSchema)]
struct DrawView {
    /// Every commitment of the batch, the first first; more than one says that somebody started again.
    commitments: Vec<CommitmentView>,
    /// The proof file, for `anfang draw verify`; `null` until the batch is released.
    #[schema(required = true, value_type = Option<Object>)]
    proof: Option<Value>,
}

impl From<Commitment> for CommitmentView {
    fn from(commitment: Commitment) -> Self {
        CommitmentView { attempt: commitment.attempt, commitment_sha256: commitment.digest(), commitment }
    }
}

impl From<ShownDraw> for DrawView {
    fn from(ShownDraw { commitments, proof }: ShownDraw) -> Self {
        let commitments = commitments.into_iter().map(CommitmentView::from);
        DrawView { commitments: commitments.collect(), proof: proof.and_then(|proof| serde_json::to_value(proof).ok()) }
    }
}

/// What the draw of a batch is committed to, and its proof once the batch is released; for the office and the
/// discipline inspection. Reading a proof is noted.
#[utoipa::path(tag = "batches", params(("id" = BatchId, Path)), responses((status = 200, body = DrawView)))]
#[get("/batches/{id}/draw")]
async fn read_draw(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<BatchId>,
) -> Result<web::Json<DrawView>, Problem> {
    Ok(web::Json(draw::read(&app, &caller.0, id.into_inner()).await?.into()))
}

/// An own task.
#[derive(Debug, Serialize, ToSchema)]
struct TaskView {
    /// The batch.
    batch_id: BatchId,
    /// Its number in it; the visit names both.
    number: u32,
    /// Where.
    point_id: PointId,
    /// From when.
    from: Timestamp,
    /// Until when.
    to: Timestamp,
    /// What the caller is called in the batch.
    code_name: String,
    /// What the other person of a pair is called.
    #[schema(required = true)]
    with: Option<String>,
}

/// The caller's tasks whose time has come. Nothing is sent before, not even that there is one.
#[utoipa::path(tag = "batches", responses((status = 200, body = Items<TaskView>)))]
#[get("/tasks")]
async fn own_tasks(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<TaskView>>, Problem> {
    let who = caller.0.actor.user_id;
    let view = |task: KeptTask| {
        let (own, other): (Vec<_>, Vec<_>) = task.people.into_iter().partition(|(user, _)| *user == who);
        let code = |people: Vec<(UserId, String)>| people.into_iter().next().map(|(_, code)| code);
        TaskView {
            batch_id: task.batch_id,
            number: task.number,
            point_id: task.point_id,
            from: task.from_at,
            to: task.to_at,
            code_name: code(own).unwrap_or_default(),
            with: code(other),
        }
    };
    let found = tasks::own(&app, &caller.0).await?;
    Ok(web::Json(Items { items: found.into_iter().map(view).collect() }))
}

/// What an inspector is recused from 回避; for the office alone.
#[utoipa::path(tag = "batches", params(("id" = UserId, Path)), responses((status = 200, body = Recusals)))]
#[get("/inspectors/{id}/recusals")]
async fn read_recusals(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UserId>,
) -> Result<web::Json<Recusals>, Problem> {
    Ok(web::Json(recusals::read(&app, &caller.0, id.into_inner()).await?))
}

/// Replaces what an inspector is recused from. Draws that are committed to stay as they are. Noted.
#[utoipa::path(
    tag = "batches",
    params(("id" = UserId, Path)),
    request_body = Recusals,
    responses((status = 200, body = Recusals))
)]
#[put("/inspectors/{id}/recusals")]
async fn put_recusals(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UserId>,
    body: Body<Recusals>,
) -> Result<web::Json<Recusals>, Problem> {
    Ok(web::Json(recusals::replace(&app, &caller.0, id.into_inner(), body.read()?).await?))
}
