//! The facets of an issue as columns, from the domain's table of them.

use diesel::prelude::*;

use crate::domain::issue::{Facets, with_facets};
use crate::store::schema::{issue_index_docs, issues};

macro_rules! columns {
    ([$($(#[doc = $doc:literal])+ $field:ident: $stored:ty as $choice:ty;)*] {}) => {
        /// Those that an issue has, and their columns.
        pub(super) type Present = ($($stored,)*);
        pub(super) const PRESENT: ($(issues::$field,)*) = ($(issues::$field,)*);

        /// Those that the index knows.
        #[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
        #[diesel(table_name = issue_index_docs)]
        pub(super) struct Known { $($field: $stored,)* }

        impl From<Present> for Known {
            fn from(($($field,)*): Present) -> Self {
                Known { $($field,)* }
            }
        }

        impl From<&Known> for Facets {
            fn from(known: &Known) -> Self {
                Facets { $($field: Option::from(known.$field),)* }
            }
        }
    };
}

with_facets!(columns {});
