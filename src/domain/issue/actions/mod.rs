//! What people do to an issue, one file for each action: the fields of its body and their checks, the separation of
//! duties, the guards, its effect, and what others are told of it.
//!
//! A new action is a file here, its line in the table below, and its row in the lifecycle's table, which also says who
//! may take it. If one of these is forgotten, the program does not compile.

mod approve;
mod assign_check;
mod assign_look_back;
mod cannot_judge;
mod confirm_false_evidence;
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

pub use pass::OnSiteEvidence;

use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::decide::Context;
use super::lifecycle::Action;
use super::refusal::{Duty, Refusal, Why};
use super::{CommandPhoto, Issue, PhotoStage, State, Transition};
use crate::domain::ids::{IssueId, UnitId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::limits;
use crate::domain::notice::{Message, Notice, NoticeKind, Recipient};
use crate::domain::objects;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// The rules of an action, independent of its body.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Which moment of the issue it is; that decides how exactly others see its time.
    pub moment: Moment,
    /// Whether only the office and the assigned inspector may know of it, because it reveals a visit that is planned or
    /// was not announced.
    pub is_concealed: bool,
    /// Which notice tells those who have to do something next.
    pub tells: fn(&Transition) -> Option<NoticeKind>,
    /// Which steps of others make it stale.
    pub stale_after: StaleAfter,
    /// What has to be looked up before the decision.
    pub needs: &'static [Fact],
    /// The separation of duties that the actor would break.
    pub duty: fn(&Issue, &Actor) -> Option<Duty>,
    /// What forbids it at this time, given the issue's history.
    pub guard: fn(&Issue, &Actor, &Context<'_>) -> Result<(), Why>,
}

/// Which steps, taken after the caller last saw the issue, make the caller's own step stale.
#[derive(Debug, Clone, Copy)]
pub enum StaleAfter {
    /// Every step that the caller may know of.
    Any,
    /// Only these; other steps do not change the meaning of this one.
    Steps(&'static [Action]),
}

/// Something that is looked up only for the actions that need it.
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

/// The text of a step that goes into its event.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The field that holds it.
    pub pointer: &'static str,
    /// The text, if there is one.
    pub text: Option<&'a str>,
    /// Whether it must not be blank.
    pub is_required: bool,
}

impl<'a> Words<'a> {
    /// The step has no text.
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

/// Something that a step names and that must exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// An active unit, in this field.
    Unit(&'static str, UnitId),
    /// An active inspector, in `/inspector_id`.
    Inspector(UserId),
    /// An item of the point's type, in `/item_code`.
    Item(&'a str),
    /// Another issue, in `/duplicate_of`.
    OtherIssue(IssueId),
}

/// What a step does besides changing the issue.
#[derive(Debug, Default)]
pub(super) struct Effect {
    /// Only the office may learn of it although the action is public: the first of two opinions.
    is_kept_back: bool,
    /// A new issue that it opens.
    opens: Option<Transition>,
}

/// The body of an action. Nothing here has a default: every action decides all of it.
pub(super) trait Body {
    /// The text that goes into the event.
    fn words(&self) -> Words<'_>;

    /// Its photos, and the stage they are attached at; `None` if it takes none.
    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])>;

    /// What it names.
    fn names(&self) -> Vec<Named<'_>>;

    /// Checks the fields that can be checked without a lookup; text and photos are checked for all actions.
    fn check(&self, invalid: &mut Invalid);

    /// Changes the issue, which is already in the state from the lifecycle's row.
    ///
    /// # Errors
    /// Fields that are wrong for this issue, or a separation of duties that the named people would break.
    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal>;
}

/// No separation of duties applies.
fn no_duty(_: &Issue, _: &Actor) -> Option<Duty> {
    None
}

/// No guard besides the lifecycle.
fn no_guard(_: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    Ok(())
}

/// Nobody needs a notice: those who act next see it anyway.
fn no_notice(_: &Transition) -> Option<NoticeKind> {
    None
}

/// Tells the unit the answer; or, when two people decide, calls the second.
fn answer_or_second_opinion(step: &Transition) -> Option<NoticeKind> {
    Some(if step.event().is_public() { NoticeKind::RequestDecided } else { NoticeKind::ToDecide })
}

/// The table of actions. A line `Variant in module;` generates the variant of [`Command`] and its body's schema, how it
/// is read, and which rules apply.
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
                    $(Action::$name => Some(objects::from_value(body).map(Command::$name)),)+
                    $(Action::$auto => None,)+
                }
            }

            fn body(&self) -> &dyn Body {
                match self { $(Command::$name(body) => body,)+ }
            }
        }

        impl Action {
            /// Steps without an action request: a report and settling a place have calls of their own, the others are taken
            /// by the service.
            pub const NOT_ASKED_FOR: &'static [Action] = &[$(Action::$auto,)+];

            /// The schema of the body with which it is asked for; `None` for what no person may ask for.
            #[must_use]
            pub fn body(self) -> Option<RefOr<Schema>> {
                match self {
                    $(Action::$name => Some(<$name as PartialSchema>::schema()),)+
                    $(Action::$auto => None,)+
                }
            }

            /// Its rules.
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

/// A complete report waits for its review.
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
        ConfirmFalseEvidence in confirm_false_evidence;
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
        CannotJudge in cannot_judge;
    }
    service {
        Report: by_service(Moment::Reported, review_when_whole);
        Submit: by_service(Moment::Reported, review_when_whole);
        SettlePlace: by_service(Moment::Placed, no_notice);
        LapseSignIn: by_service(Moment::SignedIn, no_notice);
        EndPlan: by_service(Moment::Hung, |_| Some(NoticeKind::ClockResumed));
        Archive: by_service(Moment::Archived, no_notice);
    }
}

impl Action {
    /// Whether readers of a released issue learn of this step.
    #[must_use]
    pub fn is_public(self) -> bool {
        !self.rules().is_concealed
    }

    /// The fields of its body by name, each with whether it must be there.
    #[must_use]
    pub fn fields(self) -> Vec<(String, bool)> {
        match self.body() {
            Some(RefOr::T(Schema::Object(body))) => {
                body.properties.keys().map(|name| (name.clone(), body.required.contains(name))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether `POST /issues/{id}/actions/{action}` accepts it.
    #[must_use]
    pub fn is_requestable(self) -> bool {
        !Self::NOT_ASKED_FOR.contains(&self)
    }

    /// Steps that only the office and the assigned inspector may know of.
    pub fn concealed() -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(|action| !action.is_public())
    }
}

impl Transition {
    /// The messages about it and about the issue that it opens.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let kind = (self.event().action.rules().tells)(self);
        let notice = kind.and_then(|kind| {
            let (issue, event) = (self.after(), self.event());
            // A unit gets no notice of a step that its history of the issue does not show.
            let recipient = kind.recipient(issue).filter(|recipient| match recipient {
                Recipient::Unit(_) => event.is_public(),
                Recipient::Office | Recipient::Inspector(_) => true,
            })?;
            Some(Notice { recipient, kind, issue_id: issue.id, occasion: event.version, at: event.at })
        });
        let changed = Message::Changed { what: format!("issue:{}", self.after().id), topics: self.topics().to_vec() };
        let opened = self.opens().map(Transition::messages).unwrap_or_default();
        notice.map(Message::Notice).into_iter().chain([changed]).chain(opened).collect()
    }
}

impl Command {
    /// Its photos.
    #[must_use]
    pub fn photos(&self) -> &[CommandPhoto] {
        self.body().photos().map_or(&[], |(_, photos)| photos)
    }

    /// The stage its photos are attached at.
    pub(super) fn stage(&self) -> Option<PhotoStage> {
        self.body().photos().map(|(stage, _)| stage)
    }

    /// The reason in the actor's words; goes into the event.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.body().words().text
    }

    /// What it names and what must exist.
    #[must_use]
    pub fn names(&self) -> Vec<Named<'_>> {
        self.body().names()
    }

    /// Checks what can be checked without a lookup.
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

    /// Changes `issue`; answers whether others get a notice, and the issue that the step opens.
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
