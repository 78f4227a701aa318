//! A decided step and its record. Only [`super::decide`], [`super::books`] and [`super::place`] make
//! one.

use serde_json::{Map, Value};

use super::{Action, Issue, IssuePhoto, State};
use crate::domain::ids::{IssueId, UserId};
use crate::domain::live::{self, Topic};
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;

/// The permanent record of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Which issue.
    pub issue_id: IssueId,
    /// The version the step led to.
    pub version: i64,
    /// Server time.
    pub at: Timestamp,
    /// Who took it; `None` for the service itself.
    pub actor_id: Option<UserId>,
    /// The actor's role.
    pub actor_role: Option<Role>,
    /// The action.
    pub action: Action,
    /// State before; `None` for the step that created the issue.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// The reason in the actor's words.
    pub reason: Option<String>,
    /// Photos of the step.
    pub photos: Vec<IssuePhoto>,
    /// Fields of [`Issue`] that changed, with their new values.
    pub changes: Map<String, Value>,
}

impl EventRecord {
    /// Whether readers of a released issue may know of this step: exactly the steps that raised their version. The
    /// first of two opinions does not, nor does a visit.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.public_version().is_some()
    }

    /// Whether it is a step that finders take, as finders.
    #[must_use]
    pub fn is_finders(&self) -> bool {
        self.actor_role.is_some_and(|role| reach(role, Permission::Act(self.action)) == Reach::Own)
    }

    /// The version that readers of a released issue know the step by; `None` for a step that they do not know of.
    #[must_use]
    pub fn public_version(&self) -> Option<i64> {
        self.from.and_then(|_| self.changes.get("public_version")?.as_i64())
    }
}

/// Proof of one decided step. Only this module can make one; the store writes only what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    expected: Option<i64>,
    after: Issue,
    pub(super) event: EventRecord,
    pub(super) opens: Option<Box<Transition>>,
    topics: Vec<Topic>,
}

impl Transition {
    /// The version the stored row must still have; `None` when the issue is new.
    #[must_use]
    pub fn expected_version(&self) -> Option<i64> {
        self.expected
    }

    /// The issue after the step.
    #[must_use]
    pub fn after(&self) -> &Issue {
        &self.after
    }

    /// The event to be recorded.
    #[must_use]
    pub fn event(&self) -> &EventRecord {
        &self.event
    }

    /// A new issue that the step opens: a relapse found at a look-back.
    #[must_use]
    pub fn opens(&self) -> Option<&Transition> {
        self.opens.as_deref()
    }

    /// Whose pages it changes.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The step from `before` to `after`. `is_public`: whether readers of a released issue learn of it.
    pub(super) fn new(
        before: Option<&Issue>,
        mut after: Issue,
        who: Option<&Actor>,
        action: Action,
        at: Timestamp,
        is_public: bool,
    ) -> Self {
        let topics = live::topics(before, &after, action, is_public);
        after.version = before.map_or(1, |issue| issue.version + 1);
        if after.assignment.released_at.is_some() && is_public {
            after.public_version += 1;
        }
        let event = EventRecord {
            issue_id: after.id,
            version: after.version,
            at,
            actor_id: who.map(|actor| actor.user_id),
            actor_role: who.map(|actor| actor.role),
            action,
            from: before.map(|issue| issue.state),
            to: after.state,
            reason: None,
            photos: Vec::new(),
            changes: changes(before, &after),
        };
        Transition { expected: before.map(|issue| issue.version), after, event, opens: None, topics }
    }
}

/// The fields of `after` that `before` does not have or that differ.
fn changes(before: Option<&Issue>, after: &Issue) -> Map<String, Value> {
    let fields = |issue: &Issue| match serde_json::to_value(issue) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let old = before.map(fields).unwrap_or_default();
    fields(after).into_iter().filter(|(name, value)| old.get(name) != Some(value)).collect()
}
