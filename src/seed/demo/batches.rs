//! Visits of the demo county, and who answers for what: a batch that is released, one that is under way, one that waits
//! for its approval. Everything is done as people do it, by the use cases, with a clock that shows when they did.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Time;

use super::dice::Dice;
use super::scenes::Scene;
use super::{Picture, keep};
use crate::app::batches::act::{Step, act};
use crate::app::batches::{ShownBatch, put, reading, tasks};
use crate::app::issues::act::{Seen, act as act_on};
use crate::app::{App, AppError, Caller, Result, blocking, people_in_charge, visits};
use crate::domain::batch::Plan;
use crate::domain::calendar::WorkCalendar;
use crate::domain::draw::{ALGORITHM, Nonce, Rules, Slot, SlotKind};
use crate::domain::ids::{BatchId, IssueId, PairingId, PhotoId, SessionId, UnitId, VisitId};
use crate::domain::issue::{Approve, Command, PhotoView, Report, ReportPhoto, Severity};
use crate::domain::pairing::{Paired, Pairing};
use crate::domain::reference::{Item, Point};
use crate::domain::role::Role;
use crate::domain::time::{Clock, Date, Timestamp};
use crate::domain::unit_person::{UnitDuty, UnitPerson};
use crate::domain::user::User;
use crate::domain::visit::{AgeBand, Interview, ItemResult, Observation, OpenedIssue, TaskRef, VisitRecord};
use crate::store::{batches, reference, users};

/// Slots of a day, from and to. Source: our choice.
const SLOTS: [(u16, u16); 5] = [(540, 630), (630, 720), (870, 960), (960, 1_050), (1_140, 1_230)];
/// From this minute on it is evening.
const EVENING: u16 = 18 * 60;
/// One visit of so many finds a fault.
const FINDS_ONE_OF: usize = 3;
const SURNAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
const GIVEN: [&str; 9] = ["建国", "志强", "晓燕", "文斌", "丽华", "海涛", "永红", "春梅", "国庆"];

/// A clock that stands still.
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// The service as it was at that time.
fn at(app: &App, then: Timestamp) -> App {
    App { clock: Arc::new(At(then)), ..app.clone() }
}

/// The people and places of the county.
struct Stage {
    app: App,
    calendar: Arc<WorkCalendar>,
    offices: Vec<Caller>,
    inspectors: Vec<Caller>,
    leaders: Vec<Caller>,
    points: Vec<Point>,
    items: Vec<Item>,
    units: Vec<UnitId>,
    dice: Dice,
    picture_px: u32,
    /// Visits that were recorded.
    visited: usize,
}

/// Adds the batches, unless there are any, and who is in charge.
pub(super) async fn fill(app: &App, picture_px: u32) -> Result<()> {
    let Some(mut stage) = Stage::set(app, picture_px).await? else { return Ok(()) };
    stage.in_charge().await?;
    let today = stage.calendar.civil_date(app.now());
    stage.released(today).await?;
    stage.under_way(today).await?;
    stage.proposed(today).await
}

fn caller(user: &User, session_id: SessionId) -> Caller {
    let actor = user.actor();
    Caller { actor, session_id, must_change_password: false, request_id: "demo".to_owned(), handed_in: None }
}

/// The day so many days after another.
fn day(from: Date, days: i64) -> Result<Date> {
    from.checked_add(days.days()).map_err(|error| AppError::Internal(error.to_string()))
}

/// The days so many days after today that are in one month with the first of them: a batch is of one month.
fn days(today: Date, after: &[i64]) -> Result<Vec<Date>> {
    let mut found: Vec<Date> = after.iter().map(|days| day(today, *days)).collect::<Result<_>>()?;
    let month = found.first().map(|first| (first.year(), first.month()));
    found.retain(|day| Some((day.year(), day.month())) == month);
    Ok(found)
}

impl Stage {
    async fn set(app: &App, picture_px: u32) -> Result<Option<Self>> {
        let county = app.county.clone();
        let read = app
            .store
            .read(move |conn| -> Result<_> {
                if !batches::list(conn, None, 1)?.is_empty() {
                    return Ok(None);
                }
                let calendar = county.load(conn)?.calendar;
                let mut points = reference::points(conn)?;
                points.retain(|point| point.active);
                let units =
                    reference::units(conn)?.into_iter().filter(|unit| unit.active).map(|unit| unit.id).collect();
                Ok(Some((calendar, users::list(conn, None)?, points, reference::items(conn)?, units)))
            })
            .await?;
        let Some((calendar, users, points, items, units)) = read else { return Ok(None) };
        let session = SessionId(app.random.uuid());
        let of = |role: Role| -> Vec<Caller> {
            let active = users.iter().filter(|user| user.is_active() && user.role == role);
            active.map(|user| caller(user, session)).collect()
        };
        let (offices, inspectors, leaders) = (of(Role::Office), of(Role::Inspector), of(Role::Leader));
        let dice = Dice::new(&*app.random);
        let app = app.clone();
        let stage =
            Stage { app, calendar, offices, inspectors, leaders, points, items, units, dice, picture_px, visited: 0 };
        Ok(Some(stage))
    }

    /// The office's person with this place.
    fn office(&self, place: usize) -> Result<Caller> {
        self.offices.get(place).cloned().ok_or_else(|| AppError::Internal("the office has too few people".into()))
    }

    fn instant(&self, day: Date, minute: u16) -> Timestamp {
        self.calendar.instant(day, Time::midnight()).plus(Duration::from_secs(u64::from(minute) * 60))
    }

    /// Who answers for each unit, and with what the leaders are paired.
    async fn in_charge(&mut self) -> Result<()> {
        let (office, today) = (self.office(0)?, self.calendar.civil_date(self.app.now()));
        let from = day(today, -90)?;
        for (at, unit) in self.units.clone().into_iter().enumerate() {
            for (place, duty) in UnitDuty::ALL.iter().enumerate() {
                let name = at * UnitDuty::ALL.len() + place;
                let part = |of: &[&'static str]| of.get(name % of.len()).copied().unwrap_or_default();
                let person = format!("{}{}", part(&SURNAMES), part(&GIVEN));
                let phone = format!("0000-6330{:03}", 100 + name);
                let person = UnitPerson { duty: *duty, from, person, phone };
                people_in_charge::put_person(&self.app, &office, unit, person).await?;
            }
        }
        for (at, leader) in self.leaders.clone().into_iter().enumerate() {
            let units = self.units.iter().skip(at * 2).take(2).map(|unit| Paired::Unit(*unit));
            let points = self.points.iter().skip(at * 2).take(2).map(|point| Paired::Point(point.id));
            for with in units.chain(points).collect::<Vec<_>>() {
                let id = PairingId(self.app.random.uuid());
                let pairing = Pairing { id, leader_id: leader.actor.user_id, with, from, to: None };
                people_in_charge::put_pairing(&self.app, &office, Some(pairing)).await?;
            }
        }
        Ok(())
    }

    fn plan(&self, title: &str, days: &[Date], places: u32) -> Result<Plan> {
        let slots = days.iter().flat_map(|date| {
            SLOTS.iter().map(move |(from_minute, to_minute)| {
                let kind = match (self.calendar.is_working(*date), *from_minute >= EVENING) {
                    (false, _) => SlotKind::Weekend,
                    (true, true) => SlotKind::Evening,
                    (true, false) => SlotKind::Day,
                };
                Slot { date: *date, from_minute: *from_minute, to_minute: *to_minute, kind }
            })
        });
        let none = || AppError::Internal("a plan without days".into());
        Ok(Plan {
            title: title.to_owned(),
            window_from: *days.first().ok_or_else(none)?,
            window_to: *days.last().ok_or_else(none)?,
            campaigns: Vec::new(),
            areas: Vec::new(),
            rules: Rules {
                algorithm: ALGORITHM.to_owned(),
                slots: slots.collect(),
                evening_min: 0,
                weekend_min: 0,
                open_places: places / 2,
                proportional_places: places - places / 2,
                quotas: Vec::new(),
                point_visits_max: 2,
                unit_visits_max: 20,
                pair_types: std::collections::BTreeSet::new(),
                pair_severe: false,
                tasks_per_inspector_max: 8,
                demo_percent: 150,
            },
        })
    }

    /// A plan that one person of the office proposed, at this time.
    async fn plan_at(&self, then: Timestamp, plan: Plan) -> Result<ShownBatch> {
        let (app, office) = (at(&self.app, then), self.office(0)?);
        let id = BatchId(app.random.uuid());
        let planned = put(&app, &office, id, plan, None).await?;
        act(&app, &office, id, Step::Propose, planned.shown.batch.version, None).await
    }

    /// The same, approved and drawn by a second person.
    async fn drawn_at(&self, then: Timestamp, plan: Plan, approval_no: &str) -> Result<BatchId> {
        let (app, office) = (at(&self.app, then), self.office(1)?);
        let planned = self.plan_at(then, plan).await?.batch;
        let approve = Step::Approve(approval_no.to_owned());
        let approved = act(&app, &office, planned.id, approve, planned.version, None).await?.batch;
        let missing = || AppError::Internal("an approved batch without a commitment".into());
        let mut nonce = [0; 32];
        app.random.fill(&mut nonce);
        let draw = Step::Draw(approved.commitment_sha256.ok_or_else(missing)?, Nonce::from_bytes(nonce));
        act(&app, &office, planned.id, draw, approved.version, None).await?;
        Ok(planned.id)
    }

    /// Everybody carries out the tasks of these days, as they are shown, but for the first `missed` of them.
    async fn carry_out(&mut self, days: &[Date], mut missed: usize) -> Result<()> {
        for date in days {
            for (from, to) in SLOTS {
                let (from, end) = (self.instant(*date, from), self.instant(*date, to));
                for inspector in self.inspectors.clone() {
                    for task in tasks::own(&at(&self.app, from), &inspector).await? {
                        if task.from_at > from {
                            continue;
                        }
                        if missed > 0 {
                            missed -= 1;
                            continue;
                        }
                        let carried_out = TaskRef { batch_id: task.batch_id, number: task.number };
                        let point = self.points.iter().find(|point| point.id == task.point_id).cloned();
                        let point = point.ok_or(AppError::NotFound)?;
                        self.visit(&inspector, &point, carried_out, (from, end)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn visit(
        &mut self,
        inspector: &Caller,
        point: &Point,
        task: TaskRef,
        (from, end): (Timestamp, Timestamp),
    ) -> Result<()> {
        let fits = |item: &&Item| item.point_types.iter().any(|kind| kind == "*" || *kind == point.point_type);
        let items: Vec<Item> = self.items.iter().filter(fits).cloned().collect();
        // Something that is put right within its time: no date has to be set for it.
        let can_fail: Vec<usize> =
            (0..items.len()).filter(|at| items.get(*at).is_some_and(|it| it.limit.is_some())).collect();
        let finds = self.visited.is_multiple_of(FINDS_ONE_OF);
        self.visited += 1;
        let failing = if finds { self.dice.one(&can_fail).copied() } else { None };
        let (began_at, ended_at) = (from.plus(Duration::from_secs(600)), end.minus(Duration::from_secs(1_200)));
        let app = at(&self.app, end.minus(Duration::from_secs(900)));
        let mut results = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let (result, note) = match self.dice.below(12) {
                _ if failing == Some(place) => (ItemResult::Fails, ""),
                0 => (ItemResult::Mostly, "个别位置不够规范"),
                1 => (ItemResult::NotApplicable, "该点位没有此类设施"),
                _ => (ItemResult::Conforms, ""),
            };
            let issue = match result {
                ItemResult::Fails => Some(self.found(&app, inspector, point, item, began_at).await?),
                ItemResult::Conforms | ItemResult::Mostly | ItemResult::NotApplicable => None,
            };
            let (item_code, note) = (item.code.clone(), note.to_owned());
            results.push(Observation { item_code, result, note, photo_ids: Vec::new(), issue });
        }
        let interviews = vec![Interview { age_band: AgeBand::From35, answered: 5, right: 3 + u8::from(finds) }];
        let record = VisitRecord {
            point_id: point.id,
            task: Some(task),
            began_at,
            ended_at,
            location: point.location,
            capture_nonce: None,
            results,
            interviews,
        };
        visits::record(&app, inspector, VisitId(app.random.uuid()), record).await?;
        Ok(())
    }

    /// The issue of an item that fails, with two pictures.
    async fn found(
        &mut self,
        app: &App,
        inspector: &Caller,
        point: &Point,
        item: &Item,
        began_at: Timestamp,
    ) -> Result<OpenedIssue> {
        let mut photos = Vec::new();
        for view in [PhotoView::Far, PhotoView::Near] {
            let picture = Picture {
                scene: Scene::of_item(&item.code),
                fixed: false,
                far: view == PhotoView::Far,
                shift: self.dice.between(-0.05, 0.05),
                grain: self.dice.below(1 << 30),
                light: self.dice.between(0.88, 1.06),
                picture_px: self.picture_px,
            };
            let bytes = blocking(move || picture.draw()).await?;
            let photo = keep(app, inspector, PhotoId(self.dice.uuid()), bytes).await?;
            photos.push(ReportPhoto {
                id: photo.id,
                view,
                sha256: None,
                captured_at: None,
                from_album: false,
                marks: Vec::new(),
            });
        }
        let report = Report {
            point_id: Some(point.id),
            place: None,
            item_code: item.code.clone(),
            severity: Severity::Medium,
            description: "现场照片为准".to_owned(),
            captured_at: began_at.plus(Duration::from_secs(300)),
            location: point.location,
            photos,
            visit_id: None,
            capture_nonce: None,
            sent_at: None,
        };
        Ok(OpenedIssue { id: IssueId(self.dice.uuid()), report })
    }

    /// Last week's batch, which units have had since yesterday.
    async fn released(&mut self, today: Date) -> Result<()> {
        let days = days(today, &[-9, -8, -7, -6])?;
        let plan = self.plan("上周综合暗访", &days, 12)?;
        let id = self.drawn_at(self.instant(day(today, -11)?, 570), plan, "督查〔示例〕11号").await?;
        self.carry_out(&days, 0).await?;
        let reviewer = self.office(2)?;
        let app = at(&self.app, self.instant(day(today, -2)?, 600));
        for found in reading::issues(&app, &reviewer, id).await? {
            let point = self.points.iter().find(|point| point.id == found.issue.finding.point_id);
            let unit_id = point.ok_or(AppError::NotFound)?.lead_unit_id;
            let approve = Command::Approve(Approve { severity: None, unit_id, due: None });
            act_on(&app, &reviewer, found.issue.id, approve, Seen::Version(found.version), None).await?;
        }
        let version = self.version(id).await?;
        let reviewed = act(&app, &reviewer, id, Step::Review, version, None).await?;
        let app = at(&self.app, self.instant(day(today, -1)?, 960));
        act(&app, &self.office(0)?, id, Step::Release, reviewed.batch.version, None).await?;
        Ok(())
    }

    /// A batch whose first days are over; one task was missed, others are still to come.
    async fn under_way(&mut self, today: Date) -> Result<()> {
        let all = days(today, &[-2, -1, 1])?;
        let plan = self.plan("农贸市场与背街小巷暗访", &all, 12)?;
        self.drawn_at(self.instant(day(today, -4)?, 570), plan, "督查〔示例〕12号").await?;
        let over: Vec<Date> = all.into_iter().filter(|day| *day < today).collect();
        self.carry_out(&over, 1).await
    }

    /// Next week's plan.
    async fn proposed(&mut self, today: Date) -> Result<()> {
        let plan = self.plan("下周夜间暗访", &days(today, &[6, 7, 8, 9])?, 20)?;
        self.plan_at(self.app.now(), plan).await.map(drop)
    }

    async fn version(&self, id: BatchId) -> Result<i64> {
        let found = self.app.store.read(move |conn| batches::find(conn, id)).await?;
        found.map(|batch| batch.version).ok_or(AppError::NotFound)
    }
}
