//! What the office calls whoever made a visit that was drawn: by the code name of the batch 暗访代号, never by the account.
//! This is the one rule for visits, for issues that were found on them, and for the histories of these. The account is
//! read with two keys only (`names.rs`, ADR 0028).

use std::collections::HashMap;

use super::Result;
use crate::domain::ids::VisitId;
use crate::domain::role::Role;
use crate::store::{Conn, visits};

/// What stands in the place of a pseudonym.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Veil {
    /// The name that the inspector has in the batch, such as `暗访07`.
    CodeName(String),
    /// Nothing yet: a report went ahead of its visit, which will say whether a batch sent it.
    Unknown,
}

impl Veil {
    /// The name in words.
    #[must_use]
    pub fn into_name(self) -> String {
        match self {
            Veil::CodeName(name) => name,
            Veil::Unknown => Role::Inspector.zh().to_owned(),
        }
    }
}

/// Those of these visits whose inspector the office knows by another name than the account's.
pub(crate) fn of_visits(conn: &mut Conn, ids: impl Iterator<Item = VisitId>) -> Result<HashMap<VisitId, Veil>> {
    let mut ids: Vec<VisitId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let recorded: HashMap<VisitId, _> =
        visits::code_names(conn, &ids)?.into_iter().map(|(id, batch, code)| (id, (batch, code))).collect();
    let veil = |id: VisitId| match recorded.get(&id) {
        Some((None, _)) => None,
        Some((Some(_), Some(code))) => Some((id, Veil::CodeName(code.clone()))),
        Some((Some(_), None)) | None => Some((id, Veil::Unknown)),
    };
    Ok(ids.into_iter().filter_map(veil).collect())
}
