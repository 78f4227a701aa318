//! Months, rankings and scorecards: one view for the office, one for other readers. Numbers are texts, rounded for
//! people: to two decimals, and for units to whole points where more would let them compute what is concealed (ADR
//! 0032).

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::months::{Eyes, NamedRow, ShownCard, ShownMonth};
use crate::domain::digest::Digest;
use crate::domain::ids::{ObjectionId, UnitId, UserId};
use crate::domain::month::cycle::{LockVote, Objection};
use crate::domain::month::facts::{BonusHead, DeductionHead};
use crate::domain::month::metric::Figure;
use crate::domain::month::score::{Ruling, Term};
use crate::domain::month::{
    Exact, Listed, Metric, Month, MonthAction, MonthState, PointStanding, RankedUnit, Rate, Row, StandingPoint,
};
use crate::domain::text::text_enum;
use crate::domain::time::{Date, Timestamp};

text_enum! {
    /// What a row is.
    pub enum RowKind {
        Issue = "issue", "问题", "Issue";
        Point = "point", "点位", "Point";
        Card = "card", "黄牌、红牌", "Card";
        Commendation = "commendation", "上级表彰", "Commendation";
        Adjustment = "adjustment", "更正", "Correction";
        SelfReport = "self-report", "自查自改", "Fault that the unit found itself";
    }
}

text_enum! {
    /// A term of a score.
    pub enum ScoreTerm {
        Points = "points", "点位得分", "A, the points that the unit leads";
        Handling = "handling", "整改成效", "B, how it handles issues";
        Durability = "durability", "长效保持", "C, how long its fixes last";
    }
}

/// A row that a figure was computed from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthRow)]
pub struct RowView {
    /// What it is.
    pub kind: RowKind,
    /// Its id: of an issue or a point, that of their pages.
    #[schema(value_type = String, format = Uuid)]
    pub id: uuid::Uuid,
    /// What it is called; empty if it is gone.
    pub name: String,
}

impl From<NamedRow> for RowView {
    fn from(NamedRow { row, name }: NamedRow) -> Self {
        let (kind, id) = match row {
            Row::Issue(id) => (RowKind::Issue, id.0),
            Row::Point(id) => (RowKind::Point, id.0),
            Row::Card(id) => (RowKind::Card, id.0),
            Row::Commendation(id) => (RowKind::Commendation, id.0),
            Row::Adjustment(id) => (RowKind::Adjustment, id.0),
            Row::SelfReport(id) => (RowKind::SelfReport, id.0),
        };
        RowView { kind, id, name }
    }
}

/// One of two people's votes to lock.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockVoteView {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

impl From<LockVote> for LockVoteView {
    fn from(LockVote { by, at, results: _ }: LockVote) -> Self {
        LockVoteView { by, at }
    }
}

/// An objection of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionView {
    /// Identity.
    pub id: ObjectionId,
    /// Which unit.
    pub unit_id: UnitId,
    /// What it is about; `null` for the score as a whole. Without a name: the scorecard has it.
    #[schema(required = true)]
    pub row: Option<RowView>,
    /// Why.
    pub reason: String,
    /// Whether it was upheld; `null` while it waits for its answer.
    #[schema(required = true)]
    pub is_upheld: Option<bool>,
    /// The office's reason.
    #[schema(required = true)]
    pub answer: Option<String>,
}

impl From<&Objection> for ObjectionView {
    fn from(objection: &Objection) -> Self {
        let answer = objection.answer.as_ref();
        ObjectionView {
            id: objection.id,
            unit_id: objection.unit_id,
            row: objection.row.map(|row| NamedRow { row, name: String::new() }.into()),
            reason: objection.reason.clone(),
            is_upheld: answer.map(|answer| answer.is_upheld),
            answer: answer.map(|answer| answer.reason.clone()),
        }
    }
}

/// A month as its readers see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthView)]
pub struct MonthView {
    /// Which, such as `2026-09`.
    pub month: Month,
    /// Its state.
    pub state: MonthState,
    /// What `If-Match` must name.
    pub version: i64,
    /// Its last day; it is cut off at 24:00.
    #[schema(value_type = String, format = Date)]
    pub last_day: Date,
    /// The day from which it is frozen and its preview opened.
    #[schema(value_type = String, format = Date)]
    pub freeze_on: Date,
    /// Until when units may object: as planned, and once the preview is open as it holds.
    pub objections_until: Timestamp,
    /// Until when the office decides on objections, as planned.
    pub decide_until: Timestamp,
    /// Until when it is locked, as planned.
    pub lock_until: Timestamp,
    /// Objections: for a unit its own.
    pub objections: Vec<ObjectionView>,
    /// The number of the circular 通报文号.
    #[schema(required = true)]
    pub circular_no: Option<String>,
    /// What only the office sees; `null` for others.
    #[schema(required = true)]
    pub office: Option<OfficeMonth>,
    /// What the caller may do with it now; `object` is `PUT …/objections/{id}`.
    pub allowed_actions: Vec<MonthAction>,
}

/// What only the office sees of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeMonth {
    /// The version of the rules that hold for it; `null` while it is open.
    #[schema(required = true)]
    pub rules_version: Option<i64>,
    /// When it was frozen.
    #[schema(required = true)]
    pub frozen_at: Option<Timestamp>,
    /// The digest of its snapshot.
    #[schema(required = true)]
    pub snapshot_sha256: Option<Digest>,
    /// The digest of its results, which the lock must name.
    #[schema(required = true)]
    pub results_sha256: Option<Digest>,
    /// When the preview was opened.
    #[schema(required = true)]
    pub preview_at: Option<Timestamp>,
    /// When it was decided.
    #[schema(required = true)]
    pub decided_at: Option<Timestamp>,
    /// By whom.
    #[schema(required = true)]
    pub decided_by: Option<UserId>,
    /// The first of the two who lock it.
    #[schema(required = true)]
    pub first_vote: Option<LockVoteView>,
    /// The second.
    #[schema(required = true)]
    pub second_vote: Option<LockVoteView>,
    /// Whether it was locked later than planned.
    pub is_lock_late: bool,
    /// When it was published.
    #[schema(required = true)]
    pub published_at: Option<Timestamp>,
}

impl From<ShownMonth> for MonthView {
    fn from(ShownMonth { record, gathering, dates, eyes, allowed }: ShownMonth) -> Self {
        let is_shown = |objection: &&Objection| match eyes {
            Eyes::Office => true,
            Eyes::Leader => false,
            Eyes::Unit(own) => objection.unit_id == own,
        };
        let office = (eyes == Eyes::Office).then(|| OfficeMonth {
            rules_version: gathering.map(|gathering| gathering.rules_version),
            frozen_at: record.frozen_at,
            snapshot_sha256: record.snapshot,
            results_sha256: record.results,
            preview_at: record.preview_at,
            decided_at: record.decided_at,
            decided_by: record.decided_by,
            first_vote: record.first_vote.map(LockVoteView::from),
            second_vote: record.second_vote.map(LockVoteView::from),
            is_lock_late: record.is_lock_late,
            published_at: record.published_at,
        });
        MonthView {
            month: record.month,
            state: record.state,
            version: record.version,
            last_day: record.month.last_day(),
            freeze_on: dates.freeze_on,
            objections_until: record.objections_until.unwrap_or(dates.objections_until),
            decide_until: dates.decide_until,
            lock_until: dates.lock_until,
            objections: record.objections.iter().filter(is_shown).map(ObjectionView::from).collect(),
            circular_no: record.circular_no,
            office,
            allowed_actions: allowed,
        }
    }
}

/// Points as these eyes read them.
#[must_use]
pub fn points(exact: &Exact, eyes: Eyes) -> String {
    match eyes {
        Eyes::Office | Eyes::Leader => exact.two_decimals(),
        Eyes::Unit(_) => exact.no_decimals(),
    }
}

/// A unit in the ranking.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RankedUnit)]
pub struct RankedUnitView {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name then.
    pub name: String,
    /// Its peer group 考评分组.
    pub peer_group: String,
    /// Its rank in the group; equal units share it.
    pub rank: usize,
    /// Its score: two decimals; for units whole points.
    pub score: String,
    /// Ranks gained (positive) or lost against last month; `null` without a rank then.
    #[schema(required = true)]
    pub moved: Option<i64>,
    /// The list that it is on.
    pub listed: Listed,
}

impl RankedUnitView {
    /// As these eyes see it.
    #[must_use]
    pub fn of(unit: RankedUnit, eyes: Eyes) -> Self {
        let score = points(&unit.score, eyes);
        let RankedUnit { unit_id, name, peer_group, rank, score: _, moved, listed } = unit;
        RankedUnitView { unit_id, name, peer_group, rank, score, moved, listed }
    }
}

/// A figure with its part and its whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthFigure)]
pub struct FigureView {
    /// Which.
    pub metric: Metric,
    /// Such as `93.72%`; `null` if it does not apply 不适用, or is concealed.
    #[schema(required = true)]
    pub percent: Option<String>,
    /// The part: a count, with fractions where a township answers only as the territory.
    pub part: String,
    /// The whole; `null` where it is concealed.
    #[schema(required = true)]
    pub whole: Option<String>,
}

fn plain(exact: &Exact) -> String {
    let text = exact.two_decimals();
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}

impl FigureView {
    /// As these eyes see it. Look-backs that found nothing are the office's: of the others' figure only the part.
    #[must_use]
    pub fn of(figure: &Figure, eyes: Eyes) -> Self {
        let is_whole = eyes == Eyes::Office || figure.metric.opens_to_units();
        FigureView {
            metric: figure.metric,
            percent: figure.rate.known().filter(|_| is_whole).map(|_| figure.rate.percent()),
            part: plain(&figure.part),
            whole: is_whole.then(|| plain(&figure.whole)),
        }
    }
}

/// A term of a score.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermView {
    /// Which.
    pub term: ScoreTerm,
    /// 0 to 100; `null` without data, and of C for anybody but the office.
    #[schema(required = true)]
    pub value: Option<String>,
    /// Its share of the score, such as `0.45`; weights of terms without data went to the others.
    pub weight: String,
    /// What it adds to the score: for units, and of C for anybody but the office, in whole points; `null` without data.
    #[schema(required = true)]
    pub points: Option<String>,
}

impl TermView {
    fn of(term: ScoreTerm, of: &Term, eyes: Eyes) -> Self {
        let is_concealed = term == ScoreTerm::Durability && eyes != Eyes::Office;
        let known = of.value.known();
        // With two decimals, and the weight, it would be the value.
        let added = |value: &Exact| {
            let added = value * &of.weight;
            if is_concealed { added.no_decimals() } else { points(&added, eyes) }
        };
        TermView {
            term,
            value: known.filter(|_| !is_concealed).map(Exact::two_decimals),
            weight: of.weight.two_decimals(),
            points: known.map(added),
        }
    }
}

/// A point as it weighs in A.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeighedPointView {
    /// The point.
    pub row: RowView,
    /// Its weight.
    pub weight: String,
    /// Its score in the month.
    pub score: String,
}

/// A line of E, the deductions.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeductionView {
    /// For what.
    pub head: DeductionHead,
    /// What it can be opened to.
    pub row: RowView,
    /// The points of the head.
    pub points: String,
    /// What of them counts.
    pub counted: String,
    /// Why.
    pub ruling: Ruling,
}

/// A line of F, what is added.
#[derive(Debug, Serialize, ToSchema)]
pub struct BonusView {
    /// For what.
    pub head: BonusHead,
    /// What it adds, at most its cap.
    pub points: String,
    /// Its rows.
    pub rows: Vec<RowView>,
}

/// A unit's scorecard: U = A + B + C by their weights, − E + F + corrections, from 0 to 100.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scorecard)]
pub struct CardView {
    /// The month.
    pub month: Month,
    /// The unit.
    pub unit_id: UnitId,
    /// Its name at the cut-off.
    pub name: String,
    /// Its peer group.
    pub peer_group: String,
    /// The score; `null` when nothing of it has data. For units whole points.
    #[schema(required = true)]
    pub score: Option<String>,
    /// Its place in the ranking; `null` if it has none, or the caller may not read it.
    #[schema(required = true)]
    pub ranked: Option<RankedUnitView>,
    /// Whether there was enough to rank it by; otherwise 样本不足.
    pub is_sufficient: bool,
    /// Points validly scored.
    pub scored_points: usize,
    /// Issues due to be handled.
    pub due_issues: usize,
    /// A, B and C.
    pub terms: Vec<TermView>,
    /// The points of A.
    pub points: Vec<WeighedPointView>,
    /// The figures of B and C, then those that are shown only. Their rows are at `figures/{metric}`.
    pub figures: Vec<FigureView>,
    /// E, at most its cap.
    pub deducted: String,
    /// Its lines.
    pub deductions: Vec<DeductionView>,
    /// F.
    pub added: String,
    /// Its lines.
    pub bonuses: Vec<BonusView>,
    /// Corrections of earlier months.
    pub adjusted: String,
    /// Their rows.
    pub adjustments: Vec<RowView>,
}

impl CardView {
    /// The card as these eyes see it.
    #[must_use]
    pub fn of(month: Month, ShownCard { eyes, score, ranked, names }: ShownCard) -> Self {
        let named =
            |row: &Row| -> RowView { NamedRow { row: *row, name: names.get(row).cloned().unwrap_or_default() }.into() };
        let figures = [
            &score.handling_rate,
            &score.on_time,
            &score.rework,
            &score.overdue_open,
            &score.extension,
            &score.rebound,
            &score.buck_passing,
            &score.closing,
            &score.on_time_closing,
        ];
        let known = |rate: &Rate| rate.known().map(|score| points(score, eyes));
        let weighed = score.weighed_points.iter().map(|point| WeighedPointView {
            row: named(&point.row),
            weight: point.weight.two_decimals(),
            score: point.score.two_decimals(),
        });
        let deductions = score.deductions.lines.iter().map(|line| DeductionView {
            head: line.head,
            row: named(&line.row),
            points: line.points.two_decimals(),
            counted: line.counted.two_decimals(),
            ruling: line.ruling,
        });
        let bonuses = score.bonuses.lines.iter().map(|line| BonusView {
            head: line.head,
            points: line.points.two_decimals(),
            rows: line.rows.iter().map(named).collect(),
        });
        CardView {
            month,
            unit_id: score.unit_id,
            name: score.name.clone(),
            peer_group: score.peer_group.clone(),
            score: known(&score.score),
            ranked: ranked.map(|unit| RankedUnitView::of(unit, eyes)),
            is_sufficient: score.is_sufficient,
            scored_points: score.scored_points,
            due_issues: score.due_issues,
            terms: vec![
                TermView::of(ScoreTerm::Points, &score.points, eyes),
                TermView::of(ScoreTerm::Handling, &score.handling, eyes),
                TermView::of(ScoreTerm::Durability, &score.durability, eyes),
            ],
            points: weighed.collect(),
            figures: figures.into_iter().map(|figure| FigureView::of(figure, eyes)).collect(),
            deducted: score.deductions.points.two_decimals(),
            deductions: deductions.collect(),
            added: score.bonuses.points.two_decimals(),
            bonuses: bonuses.collect(),
            adjusted: score.adjustments.two_decimals(),
            adjustments: score.adjustment_rows.iter().map(named).collect(),
        }
    }
}

/// A point on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingPoint)]
pub struct StandingPointView {
    /// The point.
    pub point_id: crate::domain::ids::PointId,
    /// Its name.
    pub name: String,
    /// The unit that leads it.
    pub lead_unit_id: UnitId,
    /// Whether it is a demonstration point.
    pub is_demo: bool,
    /// Its standing.
    pub standing: PointStanding,
    /// The score that decides its standing.
    #[schema(required = true)]
    pub score: Option<String>,
    /// Whether that failed an item with a veto.
    pub is_vetoed: bool,
    /// Issues that were overdue there.
    pub overdue: Vec<crate::domain::ids::IssueId>,
}

impl From<StandingPoint> for StandingPointView {
    fn from(point: StandingPoint) -> Self {
        let StandingPoint { point_id, name, lead_unit_id, is_demo, standing, score, is_vetoed, overdue } = point;
        let score = score.as_ref().map(Exact::two_decimals);
        StandingPointView { point_id, name, lead_unit_id, is_demo, standing, score, is_vetoed, overdue }
    }
}
