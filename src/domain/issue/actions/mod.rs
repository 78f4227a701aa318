//! What people do to an issue, one file an action: what its body says, which of its fields may be wrong, whose duties
//! stay apart, what may stand against it, what it changes, and what others are told of it.
//!
//! A new action is a file here and its line in the table below, its code in [`Action`], and its rows in the lifecycle
//! and the permissions. Each of these that is forgotten does not compile.

mod approve;
mod assign_check;
mod assign_look_back;
mod confirm_fix;
mod decide_dispute;
mod decide_extension;
mod decide_hang;
mod dispute;
mod fail;
mod give_back;
mod hang;
mod look_back;
mod pass;
mod reach_milestone;
mod reassign;
mod reject;
mod release;
mod release_urgent;
mod remind;
mod report_fix;
mod request_extension;
mod request_hang;
mod resubmit;
mod send_back;
mod sign_in;
mod unhang;
mod withdraw;

use serde_json::Value;
use utoipa::ToSchema;

use super::action::Action;
use super::decide::Context;
use super::refusal::{Duty, Refusal, Why};
use super::{CommandPhoto, Issue, PhotoStage, State, Transition};
use crate::domain::ids::{IssueId, UnitId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::limits;
use crate::domain::notice::{Message, Notice, NoticeKind};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// What holds for an action, whatever it says.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// What of the issue's life it is: how exactly others are told its time follows from it.
    pub moment: Moment,
    /// Whether only the office, and the inspector who was given it, may know of it: it tells of a visit to come, or of
    /// one that was not announced.
    pub is_concealed: bool,
    /// What is told, when it has been taken, to those who have to do something next.
    pub tells: fn(&Transition) -> Option<NoticeKind>,
    /// Which steps of others make it stale.
    pub stale_after: StaleAfter,
    /// What has to be looked up before it is decided.
    pub needs: &'static [Fact],
    /// The separation of duties that the actor would break.
    pub duty: fn(&Issue, &Actor) -> Option<Duty>,
    /// What is against it now, after what happened before and by the time.
    pub guard: fn(&Issue, &Actor, &Context<'_>) -> Result<(), Why>,
}

/// Which steps, taken after the caller last saw the issue, make the caller's own step stale.
#[derive(Debug, Clone, Copy)]
pub enum StaleAfter {
    /// All that the caller may know of.
    Any,
    /// These; what else happened does not change what this step says.
    Steps(&'static [Action]),
}

/// Something that is looked up for those actions which need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// [`Context::number`].
    UnusedNumber,
    /// [`Context::actor_name`].
    ActorName,
    /// [`Context::flagged`].
    Doubts,
    /// [`Context::unit_has_vice_head`].
    ViceHead,
    /// [`Context::first_length`].
    FirstLength,
}

/// The words of a step that go into its event.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The field they stand in.
    pub pointer: &'static str,
    /// The words, where there are any.
    pub text: Option<&'a str>,
    /// Whether they may not be blank.
    pub is_required: bool,
}

impl<'a> Words<'a> {
    /// The step has none.
    const NONE: Self = Words { pointer: "", text: None, is_required: false };

    fn reason(text: &'a str) -> Self {
        Words { pointer: "/reason", text: Some(text), is_required: true }
    }

    fn reason_if_any(text: Option<&'a str>) -> Self {
        Words { pointer: "/reason", text, is_required: false }
    }

    fn note(text: Option<&'a str>) -> Self {
        Words { pointer: "/note", text, is_required: false }
    }
}

/// Something that a step names and that has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// A unit that is active, in this field.
    Unit(&'static str, UnitId),
    /// An inspector who is active, in `/inspector_id`.
    Inspector(UserId),
    /// An item of the point's type, in `/item_code`.
    Item(&'a str),
    /// Another issue, in `/duplicate_of`.
    OtherIssue(IssueId),
}

/// What a step does besides changing the issue.
#[derive(Debug, Default)]
pub(super) struct Effect {
    /// Nobody but the office learns of it, though the action is a public one: the first of two opinions.
    is_kept_back: bool,
    /// A new issue that it opens.
    opens: Option<Transition>,
}

/// What a person says with an action. Nothing here has a default: every action decides all of it.
pub(super) trait Body {
    /// The words that go into the event.
    fn words(&self) -> Words<'_>;

    /// Its photos, and at which stage they are put to the issue; `None` where it takes none.
    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])>;

    /// What it names.
    fn names(&self) -> Vec<Named<'_>>;

    /// Checks the fields that can be checked without looking anything up; words and photos are checked for all.
    fn check(&self, invalid: &mut Invalid);

    /// Changes the issue, whose state is already that of the lifecycle's row.
    ///
    /// # Errors
    /// Fields that are wrong as the issue stands, or a duty that what is named would break.
    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal>;
}

/// Nobody's duties are in the way.
fn no_duty(_: &Issue, _: &Actor) -> Option<Duty> {
    None
}

/// Nothing but the lifecycle is against it.
fn no_guard(_: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    Ok(())
}

/// Nobody has to do anything next who does not see it anyway.
fn no_notice(_: &Transition) -> Option<NoticeKind> {
    None
}

/// The unit has its answer; or, of two who decide, the second is called.
fn answer_or_second_opinion(step: &Transition) -> Option<NoticeKind> {
    Some(if step.event().is_public() { NoticeKind::RequestDecided } else { NoticeKind::ToDecide })
}

/// The table of actions. From a line `Variant in module;` come the member of [`Command`] and its body's schema, how it
/// is read, and which rules hold.
macro_rules! actions {
    (people { $($name:ident in $module:ident;)+ } service { $($auto:ident: $rules:expr;)+ }) => {
        $(pub use $module::$name;)+

        /// What somebody wants done to an issue. The fields of its members are those of the REST contract's bodies.
        #[derive(Debug, Clone, PartialEq, ToSchema)]
        #[serde(untagged)]
        #[schema(as = ActionBody, title = "ActionBody")]
        #[allow(missing_docs, reason = "documented on the bodies")]
        pub enum Command { $($name($name),)+ }

        impl Command {
            /// The action this command asks for. Exhaustive, so that a command cannot be
            /// judged by another command's permission.
            #[must_use]
            pub fn action(&self) -> Action {
                match self { $(Command::$name(_) => Action::$name,)+ }
            }

            /// Reads the body of `action`; `None` for what no person may ask for.
            ///
            /// # Errors
            /// The body is not that of the action.
            #[must_use]
            pub fn read(action: Action, body: Value) -> Option<Result<Command, serde_json::Error>> {
                match action {
                    $(Action::$name => Some(serde_json::from_value(body).map(Command::$name)),)+
                    $(Action::$auto => None,)+
                }
            }

            fn body(&self) -> &dyn Body {
                match self { $(Command::$name(body) => body,)+ }
            }
        }

        impl Action {
            /// Steps that no action is asked for: a report has a call of its own, the others are the service's.
            pub const NOT_ASKED_FOR: &'static [Action] = &[$(Action::$auto,)+];

            /// What holds for it.
            #[must_use]
            pub fn rules(self) -> &'static Rules {
                match self {
                    $(Action::$name => &$module::RULES,)+
                    $(Action::$auto => const { &$rules },)+
                }
            }
        }
    };
}

/// The rules of a step that the service takes.
const fn by_service(moment: Moment, tells: fn(&Transition) -> Option<NoticeKind>) -> Rules {
    Rules {
        moment,
        is_concealed: false,
        tells,
        stale_after: StaleAfter::Any,
        needs: &[],
        duty: no_duty,
        guard: no_guard,
    }
}

/// A report that is whole waits for its review.
fn review_when_whole(step: &Transition) -> Option<NoticeKind> {
    (step.after().state == State::Submitted).then_some(NoticeKind::ToReview)
}

actions! {
    people {
        Withdraw in withdraw;
        Approve in approve;
        SendBack in send_back;
        Resubmit in resubmit;
        Reject in reject;
        Release in release;
        ReleaseUrgent in release_urgent;
        SignIn in sign_in;
        Return in give_back;
        Reassign in reassign;
        ReportFix in report_fix;
        ConfirmFix in confirm_fix;
        Remind in remind;
        AssignCheck in assign_check;
        Pass in pass;
        Fail in fail;
        RequestHang in request_hang;
        DecideHang in decide_hang;
        Hang in hang;
        ReachMilestone in reach_milestone;
        Unhang in unhang;
        RequestExtension in request_extension;
        DecideExtension in decide_extension;
        Dispute in dispute;
        DecideDispute in decide_dispute;
        AssignLookBack in assign_look_back;
        LookBack in look_back;
    }
    service {
        Report: by_service(Moment::Reported, review_when_whole);
        Submit: by_service(Moment::Reported, review_when_whole);
        LapseSignIn: by_service(Moment::SignedIn, no_notice);
        EndPlan: by_service(Moment::Hung, |_| Some(NoticeKind::ClockResumed));
        Archive: by_service(Moment::Archived, no_notice);
    }
}

impl Action {
    /// Whether those who read a released issue learn of this step.
    #[must_use]
    pub fn is_public(self) -> bool {
        !self.rules().is_concealed
    }

    /// Whether `POST /issues/{id}/actions/{action}` accepts it.
    #[must_use]
    pub fn is_requestable(self) -> bool {
        !Self::NOT_ASKED_FOR.contains(&self)
    }

    /// Steps that only the office, and the inspector who was given them, may know of.
    pub fn concealed() -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(|action| !action.is_public())
    }
}

impl Transition {
    /// What is to be told of it and of what it opens.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let kind = (self.event().action.rules().tells)(self);
        let notice = kind.and_then(|kind| {
            let (issue, event) = (self.after(), self.event());
            let recipient = kind.recipient(issue)?;
            Some(Notice { recipient, kind, issue_id: issue.id, occasion: event.version, at: event.at })
        });
        let opened = self.opens().map(Transition::messages).unwrap_or_default();
        notice.map(Message::Notice).into_iter().chain(opened).collect()
    }
}

impl Command {
    /// The photos it brings.
    #[must_use]
    pub fn photos(&self) -> &[CommandPhoto] {
        self.body().photos().map_or(&[], |(_, photos)| photos)
    }

    /// At which stage its photos are put to the issue.
    pub(super) fn stage(&self) -> Option<PhotoStage> {
        self.body().photos().map(|(stage, _)| stage)
    }

    /// Why, in the actor's words; goes into the event.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.body().words().text
    }

    /// What it names and what has to be there.
    #[must_use]
    pub fn names(&self) -> Vec<Named<'_>> {
        self.body().names()
    }

    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let Words { pointer, text, is_required } = self.body().words();
        match text {
            Some(text) if is_required => invalid.prose(pointer, text, limits::REASON_CHARS_MAX),
            Some(text) => invalid.prose_at_most(pointer, text, limits::REASON_CHARS_MAX),
            None => {}
        }
        super::command::validate_photos(self.photos(), &mut invalid);
        self.body().check(&mut invalid);
        invalid.into_result()
    }

    /// Changes `issue`; whether others are told of it, and the issue that is opened by it.
    ///
    /// # Errors
    /// Those of [`Body::take`].
    pub(super) fn take(
        &self,
        issue: &mut Issue,
        actor: &Actor,
        context: &Context<'_>,
    ) -> Result<(bool, Option<Transition>), Refusal> {
        let Effect { is_kept_back, opens } = self.body().take(issue, actor, context)?;
        Ok((self.action().is_public() && !is_kept_back, opens))
    }
}
