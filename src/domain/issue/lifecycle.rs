//! The lifecycle: one table of every legal step (ADR 0003).

use super::action::Action;
use super::state::State;

/// The state after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextState {
    /// Always this one.
    To(State),
    /// The same as before; something else on the issue changes.
    Unchanged,
    /// The same as before, or this one, as the action decides.
    Decided(State),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The action.
    pub action: Action,
    /// The states in which it may be taken; empty for the step that creates the issue.
    pub from: &'static [State],
    /// The state after it.
    pub next: NextState,
}

/// Every legal step, in display order.
///
/// Source: the REST contract, "The lifecycle"; domain rules T1–T17.
pub const LIFECYCLE: &[Step] = {
    use NextState::{Decided, To, Unchanged};
    use State as S;
    const fn step(action: Action, from: &'static [State], next: NextState) -> Step {
        Step { action, from, next }
    }
    &[
        step(Action::Report, &[], To(S::Receiving)),
        step(Action::Submit, &[S::Receiving], To(S::Submitted)),
        step(Action::Withdraw, &[S::Receiving], To(S::Void)),
        step(Action::SettlePlace, State::ALL, Unchanged),
        step(Action::Approve, &[S::Submitted], To(S::Sealed)),
        step(Action::SendBack, &[S::Submitted], To(S::Returned)),
        step(Action::Resubmit, &[S::Returned], To(S::Submitted)),
        step(Action::Reject, &[S::Submitted], Decided(S::Void)),
        step(Action::Release, &[S::Sealed], To(S::Assigned)),
        step(Action::ReleaseUrgent, &[S::Submitted], To(S::Assigned)),
        step(Action::SignIn, &[S::Assigned], To(S::Rectifying)),
        step(Action::LapseSignIn, &[S::Assigned], To(S::Rectifying)),
        step(Action::Return, &[S::Assigned, S::Rectifying], To(S::Redispatch)),
        step(Action::Reassign, &[S::Redispatch], To(S::Assigned)),
        step(Action::ReportFix, &[S::Rectifying, S::Rework], Decided(S::Reported)),
        step(Action::ConfirmFix, &[S::Rectifying, S::Rework], To(S::Reported)),
        step(Action::Remind, State::OWING, Unchanged),
        step(Action::AssignCheck, &[S::Rectifying, S::Reported, S::Rework], Unchanged),
        step(Action::Pass, &[S::Reported], To(S::Closed)),
        step(Action::Fail, &[S::Reported], To(S::Rework)),
        step(Action::RequestHang, &[S::Rectifying, S::Rework], Unchanged),
        step(Action::DecideHang, &[S::Rectifying, S::Rework], Decided(S::Hung)),
        step(Action::Hang, &[S::Rectifying, S::Rework], To(S::Hung)),
        step(Action::ReachMilestone, &[S::Hung], Unchanged),
        step(Action::Unhang, &[S::Hung], To(S::Rectifying)),
        step(Action::EndPlan, &[S::Hung], To(S::Rectifying)),
        step(Action::RequestExtension, &[S::Rectifying, S::Rework], Unchanged),
        step(Action::DecideExtension, &[S::Rectifying, S::Rework, S::Reported, S::Hung], Unchanged),
        step(Action::Dispute, &[S::Assigned, S::Rectifying], Unchanged),
        step(Action::DecideDispute, &[S::Assigned, S::Rectifying, S::Rework, S::Reported, S::Hung], Decided(S::Void)),
        step(Action::AssignLookBack, &[S::Closed, S::Archived], Unchanged),
        step(Action::LookBack, &[S::Closed, S::Archived], Unchanged),
        step(Action::Archive, &[S::Closed], To(S::Archived)),
    ]
};

/// The table's row for `action`.
#[must_use]
pub fn step(action: Action) -> &'static Step {
    // Every action has exactly one row, in the order of `Action::ALL`; the
    // constant below does not compile otherwise.
    const SORTED: [&Step; Action::ALL.len()] = {
        let mut rows = [&LIFECYCLE[0]; Action::ALL.len()];
        let mut filled = [false; Action::ALL.len()];
        assert!(LIFECYCLE.len() == Action::ALL.len());
        let mut row = 0;
        while row < LIFECYCLE.len() {
            let at = LIFECYCLE[row].action as usize;
            assert!(!filled[at], "an action has two rows");
            rows[at] = &LIFECYCLE[row];
            filled[at] = true;
            row += 1;
        }
        rows
    };
    SORTED[action as usize]
}
