//! Requests for the name behind a code name 暗访代号: a keeper asks and gives a reason, a second person consents, and the
//! name can be read once. Source: domain §6.2 不见面.

use std::time::Duration;

use super::ids::{BatchId, NameRequestId, UserId};
use super::invalid::Invalid;
use super::limits;
use super::text::text_enum;
use super::time::Timestamp;

/// How long a request waits for its answer. Source: our choice; over a weekend.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(72 * 3_600);
/// How long after the consent the name can be read. Source: our choice; a working day.
pub const READ_WITHIN: Duration = Duration::from_secs(24 * 3_600);

text_enum! {
    /// The state of a request.
    pub enum NameRequestState {
        Asked = "asked", "待第二人同意", "Waits for consent";
        Consented = "consented", "已同意，待查看", "Consented to";
        Refused = "refused", "不同意", "Refused";
        Read = "read", "已查看", "Read";
        Expired = "expired", "已过期", "Expired";
    }
}

text_enum! {
    /// What can be done with a request.
    pub enum NameRequestAction {
        Consent = "consent", "同意", "Consent";
        Refuse = "refuse", "不同意", "Refuse";
        Read = "read", "查看", "Read";
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRequest {
    /// Identity; chosen by the client.
    pub id: NameRequestId,
    /// The batch.
    pub batch_id: BatchId,
    /// Whose name is asked for, such as `暗访07`.
    pub code_name: String,
    /// Why, 1–500 characters.
    pub reason: String,
    /// The keeper who asks.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Timestamp,
    /// The second person, when it was answered, and whether they consented.
    pub answer: Option<(UserId, Timestamp, bool)>,
    /// When the name was read.
    pub read_at: Option<Timestamp>,
}

/// Why something cannot be done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameRefusal {
    /// It is not at this point.
    Illegal {
        /// Its state.
        state: NameRequestState,
        /// What was asked for.
        action: NameRequestAction,
    },
    /// The person who asks cannot consent.
    SecondPerson,
    /// Another keeper asked.
    OtherKeeper,
}

impl NameRequest {
    /// Checks its texts.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.random_id("/id", self.id.0);
        invalid.prose("/code_name", &self.code_name, limits::NAME_CHARS_MAX);
        invalid.prose("/reason", &self.reason, limits::REASON_CHARS_MAX);
        invalid.into_result()
    }

    /// Until when the next step can be taken; `None` when nothing is left to do.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match (self.answer, self.read_at) {
            (_, Some(_)) | (Some((.., false)), None) => None,
            (Some((_, at, true)), None) => Some(at.plus(READ_WITHIN)),
            (None, None) => Some(self.asked_at.plus(ANSWER_WITHIN)),
        }
    }

    /// Its state at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> NameRequestState {
        let is_over = self.expires_at().is_some_and(|until| until <= now);
        match (self.answer, self.read_at) {
            (_, Some(_)) => NameRequestState::Read,
            (Some((.., false)), None) => NameRequestState::Refused,
            (_, None) if is_over => NameRequestState::Expired,
            (Some((.., true)), None) => NameRequestState::Consented,
            (None, None) => NameRequestState::Asked,
        }
    }

    /// Whether `who` may do this at `now`.
    ///
    /// # Errors
    /// The first reason against it: its state, then the person who asked.
    pub fn admit(&self, who: UserId, action: NameRequestAction, now: Timestamp) -> Result<(), NameRefusal> {
        let state = self.state(now);
        let (from, refusal) = match action {
            NameRequestAction::Consent | NameRequestAction::Refuse => {
                (NameRequestState::Asked, (self.asked_by == who).then_some(NameRefusal::SecondPerson))
            }
            NameRequestAction::Read => {
                (NameRequestState::Consented, (self.asked_by != who).then_some(NameRefusal::OtherKeeper))
            }
        };
        if state != from {
            return Err(NameRefusal::Illegal { state, action });
        }
        refusal.map_or(Ok(()), Err)
    }

    /// What `who` may do with it at `now`.
    #[must_use]
    pub fn allowed(&self, who: UserId, now: Timestamp) -> Vec<NameRequestAction> {
        let is_allowed = |action: &NameRequestAction| self.admit(who, *action, now).is_ok();
        NameRequestAction::ALL.iter().copied().filter(is_allowed).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000_000;

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_micros(i64::try_from(hours * HOUR).unwrap())
    }

    fn user(number: u128) -> UserId {
        UserId(uuid::Uuid::from_u128(number))
    }

    fn request(answer: Option<(u64, bool)>, read: Option<u64>) -> NameRequest {
        NameRequest {
            id: NameRequestId(uuid::Uuid::from_u128(0x4000_8000_0000_0000_0001)),
            batch_id: BatchId(uuid::Uuid::from_u128(2)),
            code_name: "暗访07".into(),
            reason: "核实投诉".into(),
            asked_by: user(1),
            asked_at: at(0),
            answer: answer.map(|(hours, consented)| (user(2), at(hours), consented)),
            read_at: read.map(at),
        }
    }

    #[test]
    fn a_request_goes_from_one_to_the_other_and_back_within_its_time() {
        use NameRequestAction::{Consent, Read, Refuse};
        use NameRequestState as S;
        for (answer, read, now, state, first, second) in [
            (None, None, 71, S::Asked, vec![], vec![Consent, Refuse]),
            (None, None, 72, S::Expired, vec![], vec![]),
            (Some((5, false)), None, 6, S::Refused, vec![], vec![]),
            (Some((5, true)), None, 28, S::Consented, vec![Read], vec![]),
            (Some((5, true)), None, 29, S::Expired, vec![], vec![]),
            (Some((5, true)), Some(6), 7, S::Read, vec![], vec![]),
            (Some((5, true)), Some(6), 100, S::Read, vec![], vec![]),
        ] {
            let request = request(answer, read);
            let found = (request.state(at(now)), request.allowed(user(1), at(now)), request.allowed(user(2), at(now)));
            assert_eq!(found, (state, first, second), "{answer:?} {read:?} {now}");
        }
        let asked = request(None, None);
        assert_eq!(asked.admit(user(1), Consent, at(1)), Err(NameRefusal::SecondPerson));
        let consented = request(Some((1, true)), None);
        assert_eq!(consented.admit(user(2), Read, at(2)), Err(NameRefusal::OtherKeeper));
        let illegal = NameRefusal::Illegal { state: S::Asked, action: Read };
        assert_eq!(asked.admit(user(1), Read, at(1)), Err(illegal));
    }

    #[test]
    fn it_says_whose_name_and_why() {
        assert_eq!(request(None, None).validate(), Ok(()));
        let empty = NameRequest { code_name: " ".into(), reason: String::new(), ..request(None, None) };
        let faults: Vec<String> = empty.validate().unwrap_err().0.into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(faults, ["/code_name", "/reason"]);
    }
}
