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

/// Somebody, as the office knows them; inspectors by their pseudonym.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// The account.
    pub id: crate::domain::ids::UserId,
    /// What they are called.
    pub display_name: String,
}
