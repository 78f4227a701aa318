//! What county leaders are paired with, how it stands, and their notes on it.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::leader_notes::{self, NewNote, ShownNote};
use crate::app::months::Eyes;
use crate::app::paired::{self, LastScore, ShownPairing};
use crate::app::{App, AppError};
use crate::domain::ids::{IssueId, LeaderNoteId, PairingId, PointId, UnitId};
use crate::domain::month::{Month, PointStanding};
use crate::domain::pairing::{Paired, Pairing};
use crate::domain::time::Date;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::month::points;
use crate::http::view::{Items, Page};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(own_pairings).service(list_notes).service(put_note);
}

/// The score in the last month that leaders may read.
#[derive(Debug, Serialize, ToSchema)]
struct LastScoreView {
    /// The month.
    month: Month,
    /// The score, rounded to two decimals; `null` where there was too little to score.
    #[schema(required = true)]
    score: Option<String>,
    /// The unit's rank in its group.
    #[schema(required = true)]
    rank: Option<u64>,
    /// How the point stands.
    #[schema(required = true)]
    standing: Option<PointStanding>,
}

impl From<LastScore> for LastScoreView {
    fn from(LastScore { month, score, rank, standing }: LastScore) -> Self {
        LastScoreView {
            month,
            score: score.map(|score| points(&score, Eyes::Leader)),
            rank: rank.map(|rank| u64::try_from(rank).unwrap_or(u64::MAX)),
            standing,
        }
    }
}

/// A pairing 结对联创 as its leader sees it. Only what was released counts.
#[derive(Debug, Serialize, ToSchema)]
struct OwnPairingView {
    /// Identity.
    id: PairingId,
    /// The unit that answers for it.
    unit_id: UnitId,
    /// The point; `null` where it is the unit as a whole.
    #[schema(required = true)]
    point_id: Option<PointId>,
    /// Name of the point or the unit.
    name: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Last day; `null` while no end is known.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Whether it holds today, so that a note can be written.
    is_on: bool,
    /// Released and not settled.
    open: u64,
    /// Of these, late now.
    overdue: u64,
    /// Relapses of earlier issues that were released since `since`.
    rebounds: u64,
    /// A Monday, about 90 days ago.
    #[schema(value_type = String, format = Date)]
    since: Date,
    /// Its last score.
    #[schema(required = true)]
    last: Option<LastScoreView>,
}

impl From<ShownPairing> for OwnPairingView {
    fn from(shown: ShownPairing) -> Self {
        let ShownPairing { pairing, name, unit_id, is_on, situation, since, last } = shown;
        let Pairing { id, leader_id: _, with, from, to } = pairing;
        let point_id = match with {
            Paired::Unit(_) => None,
            Paired::Point(point) => Some(point),
        };
        OwnPairingView {
            id,
            unit_id,
            point_id,
            name,
            from,
            to,
            is_on,
            open: situation.open,
            overdue: situation.overdue,
            rebounds: situation.rebounds,
            since,
            last: last.map(LastScoreView::from),
        }
    }
}

/// What the caller, a county leader, is paired with, by first day, and how it stands.
#[utoipa::path(tag = "point-heads", responses((status = 200, body = Items<OwnPairingView>)))]
#[get("/own-pairings")]
async fn own_pairings(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<OwnPairingView>>, Problem> {
    let items = paired::own(&app, &caller.0).await?.into_iter().map(OwnPairingView::from).collect();
    Ok(web::Json(Items { items }))
}

/// A note 督战 of a county leader. It asks for nothing and counts for nothing.
#[derive(Debug, Serialize, ToSchema)]
struct LeaderNoteView {
    /// Identity.
    id: LeaderNoteId,
    /// What the leader is called.
    leader: String,
    /// The pairing.
    pairing_id: PairingId,
    /// The unit that reads it.
    unit_id: UnitId,
    /// Its name.
    unit_name: String,
    /// The issue that it is about.
    #[schema(required = true)]
    issue_id: Option<IssueId>,
    /// Number and place of the issue.
    #[schema(required = true)]
    issue_title: Option<String>,
    /// What it says.
    note: String,
    /// The day on which it was written.
    #[schema(value_type = String, format = Date)]
    on: Date,
}

impl From<ShownNote> for LeaderNoteView {
    fn from(ShownNote { note, leader, unit_name, issue_title, on }: ShownNote) -> Self {
        LeaderNoteView {
            id: note.id,
            leader,
            pairing_id: note.pairing_id,
            unit_id: note.unit_id,
            unit_name,
            issue_id: note.issue_id,
            issue_title,
            note: note.note,
            on,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoteParams {
    /// That this unit reads; a unit reads its own in any case.
    unit_id: Option<UnitId>,
    /// About this issue.
    issue_id: Option<IssueId>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

/// Notes of county leaders, the latest first: a leader's own, those that a unit is to read, all for the office and the
/// discipline inspection.
#[utoipa::path(tag = "point-heads", params(NoteParams), responses((status = 200, body = Page<LeaderNoteView>)))]
#[get("/leader-notes")]
async fn list_notes(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<NoteParams>,
) -> Result<web::Json<Page<LeaderNoteView>>, Problem> {
    let NoteParams { unit_id, issue_id, limit, cursor } = params.into_inner();
    let read = |text: String| crate::domain::ids::read(&text).map(LeaderNoteId).ok_or_else(no_cursor);
    let after = cursor.map(read).transpose()?;
    let found = leader_notes::list(&app, &caller.0, (unit_id, issue_id), after, page_limit(limit)?).await;
    let (found, next) = match found {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(LeaderNoteView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// What a leader writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LeaderNoteBody {
    /// On which of the own pairings; it must hold today.
    pairing_id: PairingId,
    /// About which issue of it; absent for the unit or the point as a whole.
    issue_id: Option<IssueId>,
    /// What the unit and the office are to read.
    note: String,
}

/// Keeps a note of a county leader under an id of the client's choice. It never changes; the same again answers it.
#[utoipa::path(
    tag = "point-heads",
    params(("id" = LeaderNoteId, Path, description = "A UUID that the client drew")),
    request_body = LeaderNoteBody,
    responses((status = 201, body = LeaderNoteView), (status = 200, body = LeaderNoteView, description = "It was there"))
)]
#[put("/leader-notes/{id}")]
async fn put_note(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<LeaderNoteId>,
    body: Body<LeaderNoteBody>,
) -> Result<HttpResponse, Problem> {
    let LeaderNoteBody { pairing_id, issue_id, note } = body.read()?;
    let new = NewNote { pairing_id, issue_id, note };
    let (shown, created) = leader_notes::put(&app, &caller.0, id.into_inner(), new).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(LeaderNoteView::from(shown)))
}
