//! A visit as the office reads it, and as its own inspector reads it, without the score.

use serde::Serialize;
use utoipa::ToSchema;

use super::issue::PointView;
use super::{CodedPerson, Person};
use crate::app::code_names::Veil;
use crate::app::visits::ShownVisit;
use crate::domain::evidence::{Flag, FlagCode};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, VisitId};
use crate::domain::time::Timestamp;
use crate::domain::visit::{Interview, ItemResult, NoScore, Seen, TaskRef, Visit};

/// A visit, in the view of whoever reads it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum VisitView {
    /// The office's.
    Office(Box<OfficeVisit>),
    /// Its inspector's.
    Inspector(InspectorVisit),
}

impl From<ShownVisit> for VisitView {
    fn from(shown: ShownVisit) -> Self {
        if shown.with_score { VisitView::Office(Box::new(shown.into())) } else { VisitView::Inspector(shown.into()) }
    }
}

/// How one item was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenView {
    /// The item.
    pub item_code: String,
    /// How it was found.
    pub result: ItemResult,
    /// In words.
    pub note: String,
    /// Photos, in order.
    pub photo_ids: Vec<PhotoId>,
    /// The issue that it opened.
    #[schema(required = true)]
    pub issue_id: Option<IssueId>,
    /// The policy 一摊一策 that permits stalls there and then: the item is not applicable then, whatever was seen. `null`
    /// where none does, and for items that are not about stalls.
    #[schema(required = true, example = "青摊规〔2026〕3号 蔬菜 06:00–09:30")]
    pub permitted_by: Option<String>,
}

impl From<Seen> for SeenView {
    fn from(seen: Seen) -> Self {
        let Seen { item_code, result, note, photo_ids, issue_id, permitted_by } = seen;
        SeenView { item_code, result, note, photo_ids, issue_id, permitted_by }
    }
}

/// An own visit as its inspector reads it. There is no score: it could colour the next visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectorVisit {
    /// Identity.
    pub id: VisitId,
    /// Where.
    pub point_id: PointId,
    /// The task that it carries out.
    #[schema(required = true)]
    pub task: Option<TaskRef>,
    /// Device time at which it began.
    pub began_at: Timestamp,
    /// Device time at which it ended.
    pub ended_at: Timestamp,
    /// Where the device was.
    #[schema(required = true)]
    pub location: Option<Location>,
    /// What was seen.
    pub results: Vec<SeenView>,
    /// Street interviews.
    pub interviews: Vec<Interview>,
    /// Photos of results that have not arrived; those of reports are on their issues.
    pub missing_photos: Vec<PhotoId>,
}

impl From<ShownVisit> for InspectorVisit {
    fn from(shown: ShownVisit) -> Self {
        let ShownVisit { visit, missing, point: _, inspector: _, veil: _, doubts: _, counts: _, with_score: _ } = shown;
        InspectorVisit {
            id: visit.id,
            point_id: visit.point_id,
            task: visit.task,
            began_at: visit.began_at,
            ended_at: visit.ended_at,
            location: visit.location,
            results: visit.results.into_iter().map(SeenView::from).collect(),
            interviews: visit.interviews,
            missing_photos: missing,
        }
    }
}

/// How the point is judged by a visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreView {
    /// From 0 to 100, with two decimals, rounded half up; `null` where too little was observed, and the visit is
    /// invalid.
    #[schema(required = true, example = "87.50")]
    pub value: Option<String>,
    /// Veto items that failed.
    pub vetoed_by: Vec<String>,
    /// Weight of the items that were judged.
    pub observed_weight: u64,
    /// Weight of all items of such points; 60 % of it must be judged.
    pub total_weight: u64,
}

impl From<&Visit> for ScoreView {
    fn from(visit: &Visit) -> Self {
        match visit.score() {
            Ok(score) => ScoreView {
                value: Some(score.value.to_string()),
                vetoed_by: score.vetoed_by,
                observed_weight: score.observed_weight,
                total_weight: score.total_weight,
            },
            Err(NoScore::TooLittle { observed, total }) => {
                ScoreView { value: None, vetoed_by: Vec::new(), observed_weight: observed, total_weight: total }
            }
            Err(NoScore::Checklist(_) | NoScore::Item(_)) => {
                ScoreView { value: None, vetoed_by: Vec::new(), observed_weight: 0, total_weight: 0 }
            }
        }
    }
}

fn whose(visit: &Visit, display_name: String, veil: Option<&Veil>) -> CodedPerson {
    CodedPerson::of(Person { id: visit.inspector_id, display_name }, veil)
}

fn code_name(veil: Option<Veil>) -> Option<String> {
    match veil {
        Some(Veil::CodeName(name)) => Some(name),
        Some(Veil::Unknown) | None => None,
    }
}

/// A visit as the office reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeVisit {
    /// Identity.
    pub id: VisitId,
    /// Where.
    pub point: PointView,
    /// Whose: by the code name of its batch, or for a sudden visit by pseudonym.
    pub inspector: CodedPerson,
    /// The task that it carries out; `null` for a sudden visit 突击暗访, which nobody drew.
    #[schema(required = true)]
    pub task: Option<TaskRef>,
    /// The name of its inspector in the batch, such as `暗访07`.
    #[schema(required = true)]
    pub code_name: Option<String>,
    /// Whether it counts in rankings.
    pub counts: bool,
    /// Device time at which it began.
    pub began_at: Timestamp,
    /// Device time at which it ended.
    pub ended_at: Timestamp,
    /// By how many seconds, at least, the phone's clock was set back during it, which is a doubt: beginning and end are
    /// both the time of its end, by the clock that somebody corrected. `null` where it was not.
    #[schema(required = true)]
    pub clock_set_back_seconds: Option<u64>,
    /// Server time at which it arrived.
    pub received_at: Timestamp,
    /// Where the device was.
    #[schema(required = true)]
    pub location: Option<Location>,
    /// What was seen.
    pub results: Vec<SeenView>,
    /// Street interviews.
    pub interviews: Vec<Interview>,
    /// Right answers in percent, with two decimals; `null` without interviews.
    #[schema(required = true, example = "92.00")]
    pub awareness: Option<String>,
    /// Photos of results that have not arrived.
    pub missing_photos: Vec<PhotoId>,
    /// Doubts about it, for a person to weigh.
    pub doubts: Vec<VisitDoubt>,
    /// How the point is judged by it.
    pub score: ScoreView,
}

/// A doubt about a visit 证据存疑.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitDoubt {
    /// Kind.
    pub code: FlagCode,
    /// The figures, in plain words.
    pub detail: String,
}

impl From<Flag> for VisitDoubt {
    fn from(flag: Flag) -> Self {
        VisitDoubt { code: flag.code, detail: flag.detail }
    }
}

impl From<ShownVisit> for OfficeVisit {
    fn from(shown: ShownVisit) -> Self {
        let ShownVisit { visit, missing, point, inspector, veil, doubts, counts, with_score: _ } = shown;
        OfficeVisit {
            score: ScoreView::from(&visit),
            awareness: visit.awareness().map(|part| part.to_string()),
            id: visit.id,
            point: point.into(),
            inspector: whose(&visit, inspector, veil.as_ref()),
            task: visit.task,
            code_name: code_name(veil),
            counts,
            began_at: visit.began_at,
            ended_at: visit.ended_at,
            clock_set_back_seconds: visit.clock_set_back.map(|back| back.as_secs()),
            received_at: visit.received_at,
            location: visit.location,
            results: visit.results.into_iter().map(SeenView::from).collect(),
            interviews: visit.interviews,
            missing_photos: missing,
            doubts: doubts.into_iter().map(VisitDoubt::from).collect(),
        }
    }
}

/// A visit in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitRow {
    /// Identity.
    pub id: VisitId,
    /// Where.
    pub point: PointView,
    /// Whose: by the code name of its batch, or for a sudden visit by pseudonym.
    pub inspector: CodedPerson,
    /// The task that it carries out; `null` for a sudden visit 突击暗访, which nobody drew.
    #[schema(required = true)]
    pub task: Option<TaskRef>,
    /// The name of its inspector in the batch, such as `暗访07`.
    #[schema(required = true)]
    pub code_name: Option<String>,
    /// Whether it counts in rankings.
    pub counts: bool,
    /// Device time at which it began.
    pub began_at: Timestamp,
    /// Device time at which it ended.
    pub ended_at: Timestamp,
    /// Items that conform.
    pub conforms: usize,
    /// Items that mostly conform.
    pub mostly: usize,
    /// Items that fail, each with an issue.
    pub fails: usize,
    /// Items that do not apply.
    pub not_applicable: usize,
    /// Kinds of doubt about it.
    pub doubt_codes: Vec<FlagCode>,
    /// How the point is judged by it.
    pub score: ScoreView,
}

impl From<ShownVisit> for VisitRow {
    fn from(shown: ShownVisit) -> Self {
        let ShownVisit { visit, missing: _, point, inspector, veil, doubts, counts, with_score: _ } = shown;
        VisitRow {
            id: visit.id,
            point: point.into(),
            inspector: whose(&visit, inspector, veil.as_ref()),
            task: visit.task,
            code_name: code_name(veil),
            counts,
            began_at: visit.began_at,
            ended_at: visit.ended_at,
            conforms: visit.count(ItemResult::Conforms),
            mostly: visit.count(ItemResult::Mostly),
            fails: visit.count(ItemResult::Fails),
            not_applicable: visit.count(ItemResult::NotApplicable),
            doubt_codes: doubts.into_iter().map(|doubt| doubt.code).collect(),
            score: ScoreView::from(&visit),
        }
    }
}
