//! Answers: one type for each audience, listing exactly what that audience may see. A field that a type does not have
//! cannot leak (ADR 0005).

pub mod event;
pub mod follow_up;
pub mod inspector;
pub mod issue;
pub mod month;
pub mod office;
pub mod public;
pub mod reference;
pub mod sheets;
pub mod visit;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::code_names::Veil;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// Its rows.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// All rows of a short list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T: ToSchema> {
    /// Its rows.
    pub items: Vec<T>,
}

/// Whoever inspects, as the office knows them: by the account's pseudonym, and where a batch sent them by their code name
/// in it, without the account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CodedPerson {
    /// The account; `null` for who is known by a code name only.
    #[schema(required = true)]
    pub id: Option<crate::domain::ids::UserId>,
    /// What they are called.
    #[schema(example = "暗访07")]
    pub display_name: String,
}

impl CodedPerson {
    /// Whoever has this account and this pseudonym, behind the veil where there is one.
    #[must_use]
    pub fn of(account: Person, veil: Option<&Veil>) -> Self {
        match veil {
            None => account.into(),
            Some(veil) => CodedPerson { id: None, display_name: veil.clone().into_name() },
        }
    }
}

impl From<Person> for CodedPerson {
    fn from(Person { id, display_name }: Person) -> Self {
        CodedPerson { id: Some(id), display_name }
    }
}

/// Somebody, as the office knows them; inspectors by their pseudonym.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// The account.
    pub id: crate::domain::ids::UserId,
    /// What they are called.
    pub display_name: String,
}
