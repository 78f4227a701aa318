//! Plausible histories of issues: every step is decided by the rules, with a time of its own, from the report to the
//! issue's present state.

mod commands;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::dice::Dice;
use super::scenes::Scene;
use crate::app::county::County;
use crate::app::issues::number;
use crate::domain::deadline::TimeLimit;
use crate::domain::duty::Duty;
use crate::domain::evidence::{Flag, geofence};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId, UserId};
use crate::domain::issue::{
    CommandPhoto, Context, Finding, Issue, IssuePhoto, OfflineRule, PhotoStage, PhotoView, Severity, Source,
    Transition, Violation,
};
use crate::domain::reference::{Item, Point};
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;
use crate::domain::user::User;

/// How an issue ends up, and how many of a thousand do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Receiving,
    Submitted,
    Returned,
    Void,
    Sealed,
    Assigned,
    Redispatch,
    Reassigned,
    Rectifying,
    Overdue,
    Extension,
    Disputed,
    Hung,
    Reported,
    Rework,
    Closed,
    ClosedLate,
    HeldUp,
    Relapsed,
    Archived,
}

use Outcome as F;

#[rustfmt::skip]
const OUTCOMES: [(Outcome, usize); 20] = [
    (F::Receiving, 4), (F::Submitted, 40), (F::Returned, 10), (F::Void, 22), (F::Sealed, 20),
    (F::Assigned, 30), (F::Redispatch, 12), (F::Reassigned, 12), (F::Rectifying, 70), (F::Overdue, 30),
    (F::Extension, 14), (F::Disputed, 8), (F::Hung, 14), (F::Reported, 42), (F::Rework, 26),
    (F::Closed, 430), (F::ClosedLate, 70), (F::HeldUp, 36), (F::Relapsed, 20), (F::Archived, 90),
];

/// A step of a history; who takes it and with what body depends on the issue.
#[derive(Debug, Clone, Copy)]
enum DemoStep {
    Approve,
    SendBack,
    Reject,
    Release,
    Urgent,
    SignIn,
    Return,
    Reassign,
    Fix,
    Check,
    Pass,
    Fail,
    Hang,
    Extend,
    Dispute,
    Uphold,
    GiveLookBack,
    LookBack(bool),
    Archive,
}

/// Age of the last step up to which it is not moved to working hours. Source: our choice.
const FRESH_HOURS: f64 = 30.0;

const DESCRIPTIONS: [&str; 14] = [
    "",
    "",
    "",
    "现场照片为准",
    "多处存在",
    "长期无人清理",
    "已存在两天以上",
    "群众反映强烈",
    "与上次同一位置",
    "影响通行",
    "存在安全隐患",
    "约三平方米",
    "入口右侧",
    "早市后未清理",
];
const MEASURES: [&str; 6] = [
    "已组织人员清理到位",
    "已修复并验收",
    "已督促商户整改并签订责任书",
    "已清运并加派保洁",
    "已更换破损设施",
    "已劝离并设置隔离设施",
];
const REASONS: [&str; 4] =
    ["整改不到位，现场仍有残留", "照片角度不一致，请同角度补拍", "材料不足", "情况属实但职责交叉"];
const HANDLERS: [&str; 6] = ["环卫一队", "市政班组", "物业经理", "市场管理员", "绿化养护组", "值班干部"];

/// The county that histories are built from.
pub(super) struct CountyData {
    pub(super) county: County,
    pub(super) points: Vec<Point>,
    pub(super) items: Vec<Item>,
    pub(super) duties: Vec<Duty>,
    pub(super) units: Vec<UnitId>,
    pub(super) people: People,
    /// For each point, the indexes in `items` of the items that apply to it.
    pub(super) items_of: Vec<Vec<usize>>,
    /// Issue numbers in use.
    pub(super) numbers: HashSet<String>,
    pub(super) now: Timestamp,
}

/// The people who act.
pub(super) struct People {
    inspectors: Vec<Actor>,
    offices: Vec<Actor>,
    units: HashMap<UnitId, Actor>,
}

impl People {
    pub(super) fn new(users: &[User]) -> Self {
        let active = || users.iter().filter(|user| user.is_active()).map(User::actor);
        People {
            inspectors: active().filter(|actor| actor.role == Role::Inspector).collect(),
            offices: active().filter(|actor| actor.role == Role::Office).collect(),
            units: active().filter_map(|actor| Some((actor.unit_id?, actor))).collect(),
        }
    }
}

/// Provides the pictures of a step.
pub(super) trait PhotoSource {
    /// A picture of the scene, before or after the fix; uploaded `by` this person at `at`.
    fn photo(&mut self, dice: &mut Dice, scene: Scene, fixed: bool, far: bool, by: UserId, at: Timestamp) -> PhotoId;
}

/// One issue's history, and that of a relapse of it.
pub(super) struct History {
    pub(super) steps: Vec<Vec<Transition>>,
    /// Set when it was reported from too far away: the doubt, and when it was captured and received.
    pub(super) reported_far_off: Option<(IssueId, Flag, Timestamp, Timestamp)>,
}

struct HistoryBuilder<'a> {
    county_data: &'a mut CountyData,
    dice: &'a mut Dice,
    photo_source: &'a mut dyn PhotoSource,
    id: IssueId,
    point: usize,
    item: usize,
    scene: Scene,
    number: String,
}

impl CountyData {
    fn unused_number(&mut self, dice: &mut Dice, at: Timestamp) -> String {
        let below = |end: u32| u32::try_from(dice.below(end as usize)).unwrap_or(0);
        let is_taken = |number: &str| Ok::<_, std::convert::Infallible>(!self.numbers.insert(number.to_owned()));
        let drawn = number::unused(self.county.calendar.year(at), below, is_taken);
        // Of 96 draws with more and more digits one is free.
        drawn.unwrap_or_default().unwrap_or_default()
    }

    /// Moved to working hours: 8 to 18 o'clock of the same day, never in the future.
    fn by_day(&self, at: Timestamp, dice: &mut Dice) -> Timestamp {
        let day = self.county.calendar.civil_date(at);
        let morning = self.county.calendar.instant(day, jiff::civil::time(8, 0, 0, 0));
        let evening = self.county.calendar.instant(day, jiff::civil::time(18, 0, 0, 0));
        let moved = if at < morning || at > evening { morning.plus(hours(dice.between(0.2, 9.5))) } else { at };
        if moved > self.now { at } else { moved.truncated_to_millis() }
    }
}

fn hours(count: f64) -> std::time::Duration {
    std::time::Duration::from_secs_f64((count * 3_600.0).max(0.0))
}

/// Roughly how long a limit is, in elapsed hours.
fn about_hours(limit: Option<TimeLimit>) -> f64 {
    match limit {
        None => 240.0,
        Some(TimeLimit::UrgentMinutes(minutes) | TimeLimit::Minutes(minutes)) => f64::from(minutes) / 60.0,
        Some(TimeLimit::WorkMinutes(minutes)) => f64::from(minutes) / 60.0 * 2.4,
        Some(TimeLimit::WorkDays(days)) => f64::from(days) * 33.0,
        Some(TimeLimit::CalendarDays(days)) => f64::from(days) * 24.0,
    }
}

/// Builds the `index`-th history of `count`. The first few take every outcome once, so that a small county shows all states.
pub(super) fn build(
    county_data: &mut CountyData,
    dice: &mut Dice,
    photo_source: &mut dyn PhotoSource,
    index: usize,
    count: usize,
) -> Option<History> {
    let outcome = match OUTCOMES.get(index) {
        Some((outcome, _)) => *outcome,
        None => drawn_outcome(dice),
    };
    let (point, item) = place(county_data, dice)?;
    let scene = Scene::of_item(&county_data.items.get(item)?.code);
    let id = IssueId(dice.ascending_uuid(index, count));
    HistoryBuilder { county_data, dice, photo_source, id, point, item, scene, number: String::new() }.build(outcome)
}

fn drawn_outcome(dice: &mut Dice) -> Outcome {
    let mut left = dice.below(OUTCOMES.iter().map(|(_, weight)| weight).sum());
    for (outcome, weight) in OUTCOMES {
        if left < weight {
            return outcome;
        }
        left -= weight;
    }
    Outcome::Closed
}

/// A point, and an item that applies to it.
fn place(county_data: &CountyData, dice: &mut Dice) -> Option<(usize, usize)> {
    for _ in 0..100 {
        let point = dice.below(county_data.points.len());
        if let Some(item) = dice.one(county_data.items_of.get(point)?) {
            return Some((point, *item));
        }
    }
    None
}

impl CountyData {
    /// For each point, the indexes of its items.
    pub(super) fn items_of(points: &[Point], items: &[Item]) -> Vec<Vec<usize>> {
        let of = |point: &Point| {
            let fits = |item: &Item| item.point_types.iter().any(|code| *code == point.point_type || code == "*");
            items.iter().enumerate().filter(|(_, item)| fits(item)).map(|(at, _)| at).collect()
        };
        points.iter().map(of).collect()
    }
}

impl HistoryBuilder<'_> {
    fn build(mut self, outcome: Outcome) -> Option<History> {
        let item = self.county_data.items.get(self.item)?.clone();
        let urgent = outcome == Outcome::Closed && item.veto && self.dice.chance(30);
        let plan = self.plan(outcome, about_hours(item.limit), urgent);
        // The last step was `age` hours ago, the others before it.
        let age = match outcome {
            F::Receiving => self.dice.between(0.05, 3.0),
            F::Assigned | F::Redispatch => self.dice.between(0.1, 2.0),
            F::Submitted | F::Sealed | F::Returned | F::Reported => self.dice.between(0.3, 40.0),
            F::Rectifying | F::Reassigned | F::Extension | F::Rework => self.dice.between(0.3, 20.0),
            F::Overdue => about_hours(item.limit) * self.dice.between(1.2, 2.2),
            F::Hung => self.dice.between(24.0, 400.0),
            F::Void | F::Disputed | F::Closed | F::ClosedLate => self.dice.between(1.0, 2_000.0),
            F::HeldUp | F::Relapsed => self.dice.between(1.0, 400.0),
            F::Archived => self.dice.between(1.0, 1_200.0),
        };
        let total: f64 = plan.iter().map(|(_, wait)| wait).sum();
        let captured = self.county_data.now.minus(hours(age + total + 0.1));
        // Recent steps keep their exact time; older ones are moved to working hours.
        let by_day = age > FRESH_HOURS;
        let captured =
            if by_day { self.county_data.by_day(captured, self.dice) } else { captured.truncated_to_millis() };
        let (first, off) = self.report(outcome, &item, captured)?;
        let mut issue = first.after().clone();
        let (mut steps, mut opened) = (vec![first], None);
        let mut at = issue.finding.received_at;
        for (step, wait) in plan {
            let next = at.plus(hours(wait)).truncated_to_millis();
            at = if by_day && wait > 6.0 {
                self.county_data.by_day(next, self.dice).max(at.plus(hours(0.02)))
            } else {
                next
            };
            if at > self.county_data.now {
                break;
            }
            let first_length = Issue::first_length(steps.iter().map(|step| &step.event().changes));
            // If the rules refuse a step at this time, the history ends here.
            let Some(transition) = self.step(&issue, step, at, first_length) else { break };
            issue = transition.after().clone();
            opened = transition.opens().cloned();
            steps.push(transition);
        }
        let steps = [Some(steps), opened.map(|relapse| vec![relapse])].into_iter().flatten().collect();
        let point = self.county_data.points.get(self.point)?;
        let far = off
            .then(|| geofence(point.location.as_ref(), f64::from(point.radius_m), issue.finding.location.as_ref()))
            .flatten();
        Some(History {
            steps,
            reported_far_off: far.map(|flag| (issue.id, flag, issue.finding.captured_at, issue.finding.received_at)),
        })
    }

    /// The steps of this outcome, each with the hours since the one before.
    fn plan(&mut self, outcome: Outcome, limit: f64, urgent: bool) -> Vec<(DemoStep, f64)> {
        let dice = &mut *self.dice;
        let mut plan = Vec::new();
        if urgent {
            plan.push((DemoStep::Urgent, dice.between(0.1, 2.0)));
        } else if matches!(outcome, F::Returned) {
            return vec![(DemoStep::SendBack, dice.between(0.5, 12.0))];
        } else if matches!(outcome, F::Void) {
            // Twice because two people are needed; otherwise the second is refused.
            return vec![(DemoStep::Reject, dice.between(0.5, 12.0)), (DemoStep::Reject, dice.between(0.5, 12.0))];
        } else if !matches!(outcome, F::Receiving | F::Submitted) {
            plan.push((DemoStep::Approve, dice.between(0.3, 14.0)));
            if outcome != F::Sealed {
                plan.push((DemoStep::Release, dice.between(0.3, 16.0)));
            }
        }
        match outcome {
            F::Receiving | F::Submitted | F::Returned | F::Void | F::Sealed | F::Assigned => return plan,
            F::Redispatch | F::Reassigned => {
                plan.push((DemoStep::Return, dice.between(0.2, 1.5)));
                if outcome == F::Reassigned {
                    plan.push((DemoStep::Reassign, dice.between(0.2, 3.0)));
                    plan.push((DemoStep::SignIn, dice.between(0.2, 3.0)));
                }
                return plan;
            }
            _ => plan.push((DemoStep::SignIn, dice.between(0.2, 3.2))),
        }
        let on_time = (limit * dice.between(0.15, 0.8)).max(0.3);
        let fix = match outcome {
            F::Rectifying | F::Overdue => return plan,
            F::Extension => {
                plan.push((DemoStep::Extend, (limit * 0.3).max(0.2)));
                return plan;
            }
            F::Disputed => {
                plan.push((DemoStep::Dispute, dice.between(0.5, 5.0)));
                plan.push((DemoStep::Uphold, dice.between(1.0, 20.0)));
                plan.push((DemoStep::Uphold, dice.between(0.5, 5.0)));
                return plan;
            }
            F::Hung => {
                plan.push((DemoStep::Hang, dice.between(4.0, 48.0)));
                return plan;
            }
            F::ClosedLate => limit * dice.between(1.3, 2.5) + 4.0,
            _ => on_time,
        };
        plan.push((DemoStep::Fix, fix));
        if outcome == F::Reported {
            if dice.chance(40) {
                plan.push((DemoStep::Check, dice.between(0.1, 3.0)));
            }
            return plan;
        }
        if outcome == F::Rework || dice.chance(14) {
            plan.push((DemoStep::Fail, dice.between(1.0, 24.0)));
            if outcome == F::Rework {
                return plan;
            }
            plan.push((DemoStep::Fix, (limit * dice.between(0.1, 0.6)).max(0.5)));
        }
        if dice.chance(50) {
            plan.push((DemoStep::Check, dice.between(0.2, 4.0)));
        }
        plan.push((DemoStep::Pass, dice.between(1.0, 30.0)));
        match outcome {
            F::HeldUp | F::Relapsed => {
                plan.push((DemoStep::GiveLookBack, dice.between(100.0, 700.0)));
                plan.push((DemoStep::LookBack(outcome == F::HeldUp), dice.between(20.0, 90.0)));
            }
            F::Archived => plan.push((DemoStep::Archive, 90.0 * 24.0 + dice.between(0.5, 3.0))),
            _ => {}
        }
        plan
    }

    fn report(&mut self, outcome: Outcome, item: &Item, captured: Timestamp) -> Option<(Transition, bool)> {
        let finder = *self.dice.one(&self.county_data.people.inspectors)?;
        let received = captured.plus(hours(self.dice.between(0.01, 0.09))).truncated_to_millis();
        let point = self.county_data.points.get(self.point)?.clone();
        let place = point.location?;
        // One in twenty-five is reported from another place.
        let off = self.dice.chance(4);
        let reach = if off { self.dice.between(0.004, 0.009) } else { 0.000_25 };
        let location = Location {
            lat: place.lat + self.dice.between(-1.0, 1.0).signum() * self.dice.between(0.2, 1.0) * reach,
            lon: place.lon + self.dice.between(-reach, reach),
            accuracy_m: Some(self.dice.between(4.0, 30.0).round()),
        };
        let severity = match self.dice.below(100) {
            _ if item.veto => Severity::High,
            0..=9 => Severity::High,
            10..=44 => Severity::Medium,
            _ => Severity::Low,
        };
        let violation = Violation {
            item_code: item.code.clone(),
            campaign: item.campaign.clone(),
            severity,
            point_id: point.id,
            area_code: point.area_code.clone(),
        };
        let finding = Finding {
            description: (*self.dice.one(&DESCRIPTIONS)?).to_owned(),
            location: Some(location),
            ..Finding::of(Source::Inspection, violation, finder.user_id, captured, received)
        };
        let draft = Issue::new(self.id, finding);
        let complete = outcome != F::Receiving;
        let mut photos = Vec::new();
        for view in [PhotoView::Far, PhotoView::Near] {
            // A photo that has not arrived is only an id.
            let photo_id = if complete || view == PhotoView::Far {
                self.photo_source.photo(self.dice, self.scene, false, view == PhotoView::Far, finder.user_id, received)
            } else {
                PhotoId(self.dice.uuid())
            };
            photos.push(IssuePhoto {
                photo_id,
                stage: PhotoStage::Found,
                round: 1,
                view,
                captured_at: Some(captured),
                marks: Vec::new(),
            });
        }
        Some((Issue::open(draft, &finder, photos, complete), off))
    }

    fn step(
        &mut self,
        issue: &Issue,
        step: DemoStep,
        at: Timestamp,
        first_length: Option<Duration>,
    ) -> Option<Transition> {
        if matches!(step, DemoStep::Archive) {
            return issue.archive(at).ok();
        }
        let (actor, command) = self.command(issue, step, at)?;
        if matches!(step, DemoStep::Release | DemoStep::Urgent) {
            self.number = self.county_data.unused_number(self.dice, at);
        }
        let context = Context {
            now: at,
            calendar: &self.county_data.county.calendar,
            day_end: self.county_data.county.settings.day_end,
            item_limit: self.county_data.items.get(self.item)?.limit,
            mended_item: None,
            flagged: false,
            actor_name: "",
            unit_has_vice_head: false,
            first_length,
            offline: OfflineRule::default(),
            on_site_evidence: self.county_data.county.settings.on_site_evidence,
            number: &self.number,
            request_id: RequestId(self.dice.uuid()),
            child_id: IssueId(self.dice.uuid()),
        };
        issue.decide(&actor, &command, &context).ok()
    }

    /// Somebody of the office other than these.
    fn another_office(&self, others: &[Option<UserId>]) -> Option<Actor> {
        self.county_data.people.offices.iter().find(|actor| !others.contains(&Some(actor.user_id))).copied()
    }

    fn other_unit(&mut self, issue: &Issue) -> Option<UnitId> {
        let others: Vec<UnitId> =
            self.county_data.units.iter().copied().filter(|unit| Some(*unit) != issue.assignment.unit_id).collect();
        self.dice.one(&others).copied()
    }

    fn photo(&mut self, view: PhotoView, fixed: bool, by: UserId, at: Timestamp) -> CommandPhoto {
        let far = view != PhotoView::SameAngle;
        let id = self.photo_source.photo(self.dice, self.scene, fixed, far, by, at);
        CommandPhoto {
            id,
            view,
            captured_at: Some(at.minus(hours(0.1)).truncated_to_millis()),
            marks: Vec::new(),
            from_album: false,
        }
    }
}
