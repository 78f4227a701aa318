//! The proof of a look-back sample: everything that the draw depended on, so that anybody can make it again.
//! `docs/DRAW.md` says how, byte by byte.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rules::LookBackRules;
use super::sampling::{Closed, DayPart, Member, Sample, StagedDraw, assigned, staged_draw};
use crate::domain::digest::Digest;
use crate::domain::draw::{Seed, Stream};
use crate::domain::ids::{InspectorKey, IssueId, SampleId, UserId};
use crate::domain::issue::Severity;
use crate::domain::limits::BACKUP_LINE_BYTES_MAX;
use crate::domain::text::text_enum;
use crate::domain::time::{Date, Timestamp};

/// The format of the proof file.
pub const SAMPLE_FORMAT: &str = "anfang-look-back-proof/1";
/// The name of the algorithm. If any result changes, the name must change.
pub const SAMPLE_ALGORITHM: &str = "anfang-look-back/1";

/// Closed issues that a sample is drawn from at most. Source: our choice; a province closes about 100,000 in 84 days,
/// and if all were drawn the proof would still be smaller than [`PROOF_BYTES_MAX`], see the test.
pub const POPULATION_MAX: usize = 120_000;
/// Largest [`SampleProof::bytes_in_backup`]: a line of a backup has a few hundred bytes besides.
pub const PROOF_BYTES_MAX: usize = BACKUP_LINE_BYTES_MAX - 64 * 1024;

text_enum! {
    /// What is drawn from.
    pub enum SampleKind {
        Monthly = "monthly", "当月抽查", "Issues that have stayed closed for some time";
        Staged = "staged", "当日销号抽查", "Issues closed on the day of their release";
    }
}

text_enum! {
    /// Why an issue was drawn.
    pub enum SampleReason {
        Severe = "severe", "严重问题抽查", "Severe issues are drawn at a higher share";
        Share = "share", "按比例抽查", "The share of all closed issues";
        SameDay = "same-day", "当日销号抽查", "Closed on the day of its release";
    }
}

text_enum! {
    /// What became of a drawn issue.
    pub enum SampleRowState {
        Waiting = "waiting", "待指派", "Its day has not come";
        Given = "given", "已指派", "Given to an inspector";
        Nobody = "nobody", "无人可派", "Everybody had found or checked it, or whoever was drawn cannot go";
        Pending = "pending", "已有回头看任务", "Somebody else is to look back at it already";
        Reopened = "reopened", "已不在销号状态", "It is not closed any more";
    }
}

/// Who of the inspectors may not look back at an issue: its finder, whoever checked it, and who is recused from its
/// point or unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Barred {
    /// The issue.
    pub issue: IssueId,
    /// Their keys, in order.
    pub inspectors: Vec<InspectorKey>,
}

/// A look-back that was drawn for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleTask {
    /// The issue.
    pub issue: IssueId,
    /// The inspector who goes; `None` when everybody had found or checked it.
    pub inspector: Option<InspectorKey>,
    /// On which day.
    pub on: Date,
    /// When on that day.
    pub part: DayPart,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleOutcome {
    /// How many issues could be drawn.
    pub population: usize,
    /// How many had to be.
    pub size: usize,
    /// The drawn issues, in the order of the draw's rules.
    pub drawn: Vec<IssueId>,
    /// Hundredths that the next daily draw begins with; `None` for a monthly one.
    pub carried: Option<u32>,
    /// Who looks when, by issue.
    pub tasks: Vec<SampleTask>,
}

/// What the issues are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamplePool {
    /// The sample.
    pub sample: SampleId,
    /// Its kind.
    pub kind: SampleKind,
    /// The month `2026-09`, or for a daily one the day `2026-09-03`, that it is for.
    pub period: String,
    /// The rules.
    pub rules: LookBackRules,
    /// The closed issues, by id.
    pub members: Vec<Member>,
    /// Hundredths carried over from the daily draw before; `None` for the first, and for a monthly one.
    pub carried: Option<u32>,
    /// The inspectors who could be given a look-back, by key; keys are drawn again for every sample.
    pub inspectors: Vec<InspectorKey>,
    /// The first day on which somebody may be sent.
    pub first: Date,
    /// Days from then on, at least 1.
    pub days: u32,
}

/// The proof file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleProof {
    /// [`SAMPLE_FORMAT`].
    pub format: String,
    /// [`SAMPLE_ALGORITHM`].
    pub algorithm: String,
    /// What all numbers are made from; drawn by the service.
    pub seed: Seed,
    /// What was drawn from.
    pub pool: SamplePool,
    /// Who may not look back at what was drawn, in the order of `outcome.drawn`.
    pub barred: Vec<Barred>,
    /// What was drawn.
    pub outcome: SampleOutcome,
}

/// The first thing that differs between a proof and what it claims.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleMismatch {
    /// The file is no proof of this format.
    #[error("not a proof file: {0}")]
    Form(String),
    /// It is not the proof that the reader knows the digest of.
    #[error("the proof differs: its digest is {0}")]
    Digest(Digest),
    /// The draw gives something else in this part of the outcome.
    #[error("the outcome differs in {0}")]
    Outcome(&'static str),
}

/// The drawn issues, before anybody is given one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    size: usize,
    carried: Option<u32>,
    /// The issues.
    pub issues: Vec<IssueId>,
}

fn chance(mut stream: Stream) -> impl FnMut(u64) -> u64 {
    move |end| stream.below(NonZeroU64::new(end).unwrap_or(NonZeroU64::MIN))
}

impl SamplePool {
    /// The same with its lists in their one order.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.members.sort_unstable_by_key(|member| member.issue);
        self.members.dedup_by_key(|member| member.issue);
        self.inspectors.sort_unstable();
        self.inspectors.dedup();
        self
    }

    /// Draws the issues.
    #[must_use]
    pub fn draw(&self, seed: &Seed) -> Drawn {
        let mut chance = chance(Stream::new(seed, "anfang-look-back/1 issues"));
        match self.kind {
            SampleKind::Monthly => {
                let Sample { population: _, size, drawn } = Sample::from(&self.members, &self.rules, &mut chance);
                Drawn { size, carried: None, issues: drawn }
            }
            SampleKind::Staged => {
                let ids: Vec<IssueId> = self.members.iter().map(|member| member.issue).collect();
                let StagedDraw { drawn, carried } = staged_draw(&ids, self.carried, &self.rules, &mut chance);
                Drawn { size: drawn.len(), carried: Some(carried), issues: drawn }
            }
        }
    }

    /// Why this issue was drawn; call it when the pool is [sorted](SamplePool::sorted).
    #[must_use]
    pub fn reason(&self, issue: IssueId) -> SampleReason {
        let place = self.members.binary_search_by_key(&issue, |member| member.issue);
        let member = place.ok().and_then(|place| self.members.get(place));
        match (self.kind, member.map(|member| member.severity)) {
            (SampleKind::Staged, _) => SampleReason::SameDay,
            (SampleKind::Monthly, Some(Severity::High)) => SampleReason::Severe,
            (SampleKind::Monthly, Some(Severity::Low | Severity::Medium) | None) => SampleReason::Share,
        }
    }

    fn tasks(&self, seed: &Seed, barred: &[Barred]) -> Vec<SampleTask> {
        let mut chance = chance(Stream::new(seed, "anfang-look-back/1 inspectors"));
        let never = Timestamp::from_micros(0);
        let closed: Vec<Closed> = barred
            .iter()
            .map(|Barred { issue, inspectors }| Closed {
                issue_id: *issue,
                unit_id: crate::domain::ids::UnitId(uuid::Uuid::nil()),
                severity: Severity::Low,
                released_at: never,
                closed_at: never,
                // A key of nobody: finders and checkers are barred alike.
                finder_id: UserId(uuid::Uuid::nil()),
                checkers: inspectors.iter().map(|key| UserId(key.0)).collect(),
            })
            .collect();
        let drawn: Vec<&Closed> = closed.iter().collect();
        let inspectors: Vec<UserId> = self.inspectors.iter().map(|key| UserId(key.0)).collect();
        assigned(&drawn, &inspectors, self.first, self.days.max(1), &mut chance)
            .into_iter()
            .map(|task| SampleTask {
                issue: task.issue_id,
                inspector: task.inspector.map(|user| InspectorKey(user.0)),
                on: task.on,
                part: task.part,
            })
            .collect()
    }
}

impl SampleProof {
    /// Gives each of the drawn issues to somebody, and makes the proof of it. `barred` names the drawn issues in their
    /// order.
    #[must_use]
    pub fn of(pool: SamplePool, seed: Seed, drawn: Drawn, barred: Vec<Barred>) -> Self {
        let tasks = pool.tasks(&seed, &barred);
        let Drawn { size, carried, issues } = drawn;
        let outcome = SampleOutcome { population: pool.members.len(), size, drawn: issues, carried, tasks };
        SampleProof { format: SAMPLE_FORMAT.into(), algorithm: SAMPLE_ALGORITHM.into(), seed, pool, barred, outcome }
    }

    /// How long the proof is in a line of a backup: as JSON, and that as text in JSON again.
    #[must_use]
    pub fn bytes_in_backup(&self) -> usize {
        let text = serde_json::to_string(self).unwrap_or_default();
        // Of what JSON escapes, a proof has quotation marks only.
        text.len() + text.bytes().filter(|byte| *byte == b'"').count() + 2
    }

    /// SHA-256 over [`SAMPLE_ALGORITHM`], ` proof`, a zero byte, and the proof as canonical JSON. The audit record of
    /// the draw has it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let value = serde_json::to_value(self).unwrap_or_default();
        Digest::of(format!("{SAMPLE_ALGORITHM} proof\0{value}").as_bytes())
    }

    /// Whether a file says that it is the proof of a sample, rather than of a batch's draw.
    #[must_use]
    pub fn is_claimed_by(text: &[u8]) -> bool {
        let format = |value: Value| value.get("format").and_then(Value::as_str).map(str::to_owned);
        serde_json::from_slice(text).ok().and_then(format).is_some_and(|format| format == SAMPLE_FORMAT)
    }

    /// Reads a proof file, which must be written as this module writes it, apart from spaces and the order of members.
    ///
    /// # Errors
    /// [`SampleMismatch::Form`].
    pub fn read(text: &[u8]) -> Result<Self, SampleMismatch> {
        let form = |error: serde_json::Error| SampleMismatch::Form(error.to_string());
        let proof: SampleProof = serde_json::from_slice(text).map_err(form)?;
        let written: Value = serde_json::from_slice(text).map_err(form)?;
        if serde_json::to_value(&proof).map_err(form)? == written {
            Ok(proof)
        } else {
            Err(SampleMismatch::Form("it is not written in the one form".into()))
        }
    }

    /// Replays the draw. A reader who knows the digest from the audit record passes it as `kept`; without it, the proof
    /// shows only that it is consistent.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn verify(&self, kept: Option<&Digest>) -> Result<(), SampleMismatch> {
        if self.format != SAMPLE_FORMAT || self.algorithm != SAMPLE_ALGORITHM {
            return Err(SampleMismatch::Form(format!("not {SAMPLE_FORMAT} of {SAMPLE_ALGORITHM}")));
        }
        if self.pool != self.pool.clone().sorted() {
            return Err(SampleMismatch::Form("the pool is not in its order".into()));
        }
        let digest = self.digest();
        if kept.is_some_and(|kept| *kept != digest) {
            return Err(SampleMismatch::Digest(digest));
        }
        let known: BTreeSet<&InspectorKey> = self.pool.inspectors.iter().collect();
        if self.barred.iter().any(|barred| barred.inspectors.iter().any(|key| !known.contains(key))) {
            return Err(SampleMismatch::Form("somebody is barred who is not in the pool".into()));
        }
        let drawn = self.pool.draw(&self.seed);
        let differs = |same: bool, what| if same { Ok(()) } else { Err(SampleMismatch::Outcome(what)) };
        differs(self.outcome.population == self.pool.members.len(), "population")?;
        differs(self.outcome.size == drawn.size, "size")?;
        differs(self.outcome.drawn == drawn.issues, "drawn")?;
        differs(self.outcome.carried == drawn.carried, "carried")?;
        differs(self.barred.iter().map(|barred| barred.issue).eq(drawn.issues.iter().copied()), "drawn")?;
        differs(self.outcome.tasks == self.pool.tasks(&self.seed, &self.barred), "tasks")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::ids::UnitId;
    use crate::domain::month::Rules;
    use uuid::Uuid;

    fn proof(kind: SampleKind, seed: u8) -> SampleProof {
        let member = |number: u128| Member {
            issue: IssueId(Uuid::from_u128(number)),
            unit: UnitId(Uuid::from_u128(number % 3)),
            severity: Severity::ALL[usize::try_from(number % 7).unwrap().min(2)],
        };
        let pool = SamplePool {
            sample: SampleId(Uuid::from_u128(9)),
            kind,
            period: "2026-09".into(),
            rules: Rules::default().look_back,
            members: (1..120).rev().map(member).collect(),
            carried: None,
            inspectors: (1..5).map(|number| InspectorKey(Uuid::from_u128(number))).collect(),
            first: Date::constant(2026, 9, 2),
            days: 20,
        };
        let (pool, seed) = (pool.sorted(), Seed::from_bytes([seed; 32]));
        let drawn = pool.draw(&seed);
        let barred = |issue: &IssueId| Barred {
            issue: *issue,
            inspectors: vec![InspectorKey(Uuid::from_u128(1 + issue.0.as_u128() % 4))],
        };
        let barred = drawn.issues.iter().map(barred).collect();
        SampleProof::of(pool, seed, drawn, barred)
    }

    #[test]
    fn a_proof_is_replayed_and_nobody_is_given_what_is_barred() {
        for (kind, seed) in [(SampleKind::Monthly, 1), (SampleKind::Staged, 2), (SampleKind::Monthly, 3)] {
            let proof = proof(kind, seed);
            assert!(proof.outcome.drawn.len() >= 11, "{}", proof.outcome.drawn.len());
            assert_eq!(proof.outcome.tasks.len(), proof.outcome.drawn.len());
            for task in &proof.outcome.tasks {
                let barred = proof.barred.iter().find(|barred| barred.issue == task.issue).unwrap();
                assert!(!barred.inspectors.contains(&task.inspector.unwrap()));
            }
            let text = serde_json::to_vec(&proof).unwrap();
            assert!(SampleProof::is_claimed_by(&text) && !SampleProof::is_claimed_by(b"{}"));
            let read = SampleProof::read(&text).unwrap();
            assert_eq!(read, proof);
            assert_eq!(read.verify(Some(&proof.digest())), Ok(()));
        }
    }

    #[test]
    fn the_largest_proof_fits_into_a_line_of_a_backup() {
        const SOME: u128 = 600;
        let id = |number: u128| Uuid::from_u128(u128::MAX - number);
        let member = |number: u128| Member {
            issue: IssueId(id(number)),
            unit: UnitId(id(number % 7)),
            severity: Severity::ALL[usize::try_from(number % 3).unwrap()],
        };
        let pool = SamplePool {
            sample: SampleId(id(9)),
            kind: SampleKind::Monthly,
            period: "2026-09".into(),
            // All are drawn.
            rules: LookBackRules { share_percent: 100, high_percent: 100, ..Rules::default().look_back },
            members: (0..SOME).map(member).collect(),
            carried: None,
            inspectors: (0..5).map(|number| InspectorKey(id(number))).collect(),
            first: Date::constant(2026, 9, 2),
            days: 20,
        };
        let (pool, seed) = (pool.sorted(), Seed::from_bytes([1; 32]));
        for number in 0..SOME {
            let expected = if number % 3 == 2 { SampleReason::Severe } else { SampleReason::Share };
            assert_eq!(pool.reason(IssueId(id(number))), expected);
        }
        let drawn = pool.draw(&seed);
        // The finder and two checkers.
        let barred = |issue: &IssueId| Barred { issue: *issue, inspectors: pool.inspectors[..3].to_vec() };
        let barred = drawn.issues.iter().map(barred).collect();
        let proof = SampleProof::of(pool, seed, drawn, barred);
        assert_eq!(proof.outcome.drawn.len(), usize::try_from(SOME).unwrap());
        let bytes = proof.bytes_in_backup();
        assert_eq!(bytes, serde_json::to_string(&serde_json::to_string(&proof).unwrap()).unwrap().len());
        let largest = bytes * POPULATION_MAX / usize::try_from(SOME).unwrap();
        assert!(largest < PROOF_BYTES_MAX, "{largest}");
    }

    #[test]
    fn what_is_changed_is_found() {
        let proof = proof(SampleKind::Monthly, 1);
        let kept = proof.digest();
        let mut other = proof.clone();
        other.pool.members.pop();
        assert!(matches!(other.verify(Some(&kept)), Err(SampleMismatch::Digest(_))));
        assert_eq!(other.verify(None), Err(SampleMismatch::Outcome("population")));
        let mut other = proof.clone();
        other.seed = Seed::from_bytes([7; 32]);
        assert_eq!(other.verify(None), Err(SampleMismatch::Outcome("drawn")));
        let mut other = proof.clone();
        other.outcome.tasks[0].inspector = None;
        assert_eq!(other.verify(None), Err(SampleMismatch::Outcome("tasks")));
        let renamed: [fn(&mut SampleProof); 2] = [|proof| proof.format.push('x'), |proof| proof.algorithm.push('x')];
        for change in renamed {
            let mut other = proof.clone();
            change(&mut other);
            assert!(matches!(other.verify(None), Err(SampleMismatch::Form(_))));
        }
        let mut other = proof.clone();
        other.barred[0].inspectors.push(InspectorKey(Uuid::from_u128(77)));
        assert!(matches!(other.verify(None), Err(SampleMismatch::Form(_))));
        let mut other = proof;
        other.pool.inspectors.reverse();
        assert!(matches!(other.verify(None), Err(SampleMismatch::Form(_))));
    }
}
