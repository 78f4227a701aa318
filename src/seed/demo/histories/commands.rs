//! The commands of the steps of a history.

use super::{CountyData, DemoStep, HANDLERS, HistoryBuilder, MEASURES, REASONS, hours};
use crate::domain::duty;
use crate::domain::issue::{Command, Issue, Milestone, PhotoView, Plan, Remedy, RequestKind, Severity, actions};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

impl HistoryBuilder<'_> {
    /// Who takes a step, and its command.
    pub(super) fn command(&mut self, issue: &Issue, step: DemoStep, at: Timestamp) -> Option<(Actor, Command)> {
        let office = *self.dice.one(&self.county_data.people.offices)?;
        let reason = || REASONS.first().copied().unwrap_or_default().to_owned();
        let of_unit = |county_data: &CountyData| county_data.people.units.get(&issue.assignment.unit_id?).copied();
        Some(match step {
            DemoStep::Approve | DemoStep::Urgent => {
                let (point, item) = (self.county_data.points.get(self.point)?, self.county_data.items.get(self.item)?);
                let day = self.county_data.county.calendar.civil_date(at);
                let unit_id = duty::resolve(&self.county_data.duties, point, item, day).lead;
                if matches!(step, DemoStep::Urgent) {
                    return Some((
                        office,
                        Command::ReleaseUrgent(actions::ReleaseUrgent { severity: Severity::High, unit_id }),
                    ));
                }
                let due = item.limit.is_none().then(|| at.plus(hours(self.dice.between(300.0, 900.0))));
                (
                    office,
                    Command::Approve(actions::Approve {
                        severity: None,
                        unit_id,
                        due: due.map(Timestamp::truncated_to_millis),
                    }),
                )
            }
            DemoStep::SendBack => {
                (office, Command::SendBack(actions::SendBack { reason: "照片不清，请补近景".into() }))
            }
            DemoStep::Reject => (
                self.another_office(&[issue.review.rejection.as_ref().map(|first| first.vote.by)])?,
                Command::Reject(actions::Reject { reason: "不属于测评范围".into(), duplicate_of: None }),
            ),
            DemoStep::Release => {
                (self.another_office(&[issue.review.approved_by])?, Command::Release(actions::Release {}))
            }
            DemoStep::SignIn => (
                of_unit(self.county_data)?,
                Command::SignIn(actions::SignIn { handler: self.dice.one(&HANDLERS).map(|it| (*it).to_owned()) }),
            ),
            DemoStep::Return => {
                let proposed_unit_id = self.other_unit(issue);
                (
                    of_unit(self.county_data)?,
                    Command::Return(actions::Return {
                        reason: "不属于本单位职责范围".into(), proposed_unit_id
                    }),
                )
            }
            DemoStep::Reassign => {
                let (unit_id, founded) = (self.other_unit(issue)?, self.dice.chance(60));
                (office, Command::Reassign(actions::Reassign { unit_id, founded, is_final: false }))
            }
            DemoStep::Fix => {
                let actor = of_unit(self.county_data)?;
                let photos = vec![
                    self.photo(PhotoView::SameAngle, true, actor.user_id, at),
                    self.photo(PhotoView::Wide, true, actor.user_id, at),
                ];
                let measure = (*self.dice.one(&MEASURES)?).to_owned();
                let remedy = *self.dice.one(Remedy::ALL)?;
                (
                    actor,
                    Command::ReportFix(actions::ReportFix {
                        measure,
                        remedy,
                        photos,
                        composed_at: None,
                        sent_at: None,
                    }),
                )
            }
            DemoStep::Check => {
                let inspectors = &self.county_data.people.inspectors;
                let other = inspectors.iter().find(|actor| actor.user_id != issue.finding.finder_id)?;
                (office, Command::AssignCheck(actions::AssignCheck { inspector_id: other.user_id }))
            }
            DemoStep::Pass | DemoStep::Fail => {
                let inspectors = self.county_data.people.inspectors.iter().copied();
                let given = inspectors.into_iter().find(|actor| Some(actor.user_id) == issue.closing.checker_id);
                let (actor, on_site) = (given.unwrap_or(office), given.is_some() || self.dice.chance(30));
                let passes = matches!(step, DemoStep::Pass);
                let photos =
                    if on_site { vec![self.photo(PhotoView::SameAngle, passes, actor.user_id, at)] } else { vec![] };
                if passes {
                    let note = (!on_site).then(|| "照片清晰完整，线上核查即可".to_owned());
                    (actor, Command::Pass(actions::Pass { on_site, photos, note }))
                } else {
                    (actor, Command::Fail(actions::Fail { reason: reason(), photos }))
                }
            }
            DemoStep::Hang => {
                let today = self.county_data.county.calendar.civil_date(at);
                let due = |days: i64| today.checked_add(jiff::Span::new().days(days)).unwrap_or(today);
                let milestone =
                    |text: &str, days| Milestone { milestone: text.into(), due: due(days), reached_on: None };
                let plan = Plan::new(vec![milestone("完成方案设计", 20), milestone("施工并验收", 75)]);
                (office, Command::Hang(actions::Hang { plan, reason: "需立项改造，纳入年度计划".into() }))
            }
            DemoStep::Extend => {
                let until = issue.clock.due_at.map(|due| due.plus(hours(72.0)).truncated_to_millis());
                let command = Command::RequestExtension(actions::RequestExtension {
                    reason: "材料采购周期较长".into(),
                    until,
                    photos: vec![],
                });
                (of_unit(self.county_data)?, command)
            }
            DemoStep::Dispute => (
                of_unit(self.county_data)?,
                Command::Dispute(actions::Dispute {
                    reason: "现场为相邻地块，不在本单位范围".into(), photos: vec![]
                }),
            ),
            DemoStep::Uphold => {
                let request = issue.pending(RequestKind::Dispute)?;
                let request_id = request.id;
                let judge =
                    self.another_office(&[issue.review.approved_by, request.first_vote.as_ref().map(|vote| vote.by)])?;
                (
                    judge,
                    Command::DecideDispute(actions::DecideDispute {
                        request_id,
                        granted: true,
                        reason: "核查属实，予以采纳".into(),
                    }),
                )
            }
            DemoStep::GiveLookBack => {
                let inspector_id = self.dice.one(&self.county_data.people.inspectors)?.user_id;
                (office, Command::AssignLookBack(actions::AssignLookBack { inspector_id }))
            }
            DemoStep::LookBack(held) => {
                let mut inspectors = self.county_data.people.inspectors.iter().copied();
                let actor = inspectors.find(|actor| Some(actor.user_id) == issue.closing.look_back_inspector_id)?;
                let photos = vec![self.photo(PhotoView::Far, held, actor.user_id, at)];
                (actor, Command::LookBack(actions::LookBack { held, photos, note: None }))
            }
            DemoStep::Archive => return None,
        })
    }
}
