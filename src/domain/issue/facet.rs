//! Facets: the closed sets of an issue by which lists are filtered. One table gives each its filter, its parameter, its
//! term and column in the index, how it is stored, and its names in the app.

use serde::{Deserialize, Serialize};

use super::Issue;
use crate::domain::text::text_enum;

/// The table of facets. A line `Member = name, Chinese, English: group.field, stored as choice, known;` generates the
/// member of [`Facet`] and the field of [`Facets`]. The name is that of the query parameter, the field and the columns.
/// The comment describes the parameter.
///
/// `with_facets!(params { … })` passes the lines to a macro of another layer.
macro_rules! facets {
    ($(
        $(#[doc = $doc:literal])+
        $facet:ident = $name:literal, $zh:literal, $en:literal:
            $group:ident.$field:ident, $stored:ty as $choice:ty, $known:expr;
    )+) => {
        text_enum! {
            /// A closed set by which lists of issues are filtered; its code is that of the query parameter.
            pub enum Facet { $($facet = $name, $zh, $en;)+ }
        }

        /// At most one choice of each facet: those of an issue, or those that a filter asks for.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Facets {
            $(
                $(#[doc = $doc])+
                pub $field: Option<$choice>,
            )+
        }

        impl Facets {
            /// Those of `issue`.
            #[must_use]
            pub fn of(issue: &Issue) -> Self {
                Facets { $($field: Option::from(issue.$group.$field),)+ }
            }

            /// Only this choice; `None` if the facet has no such code.
            #[must_use]
            #[allow(clippy::needless_update, reason = "with a single facet there is nothing else")]
            pub fn only(facet: Facet, code: &str) -> Option<Self> {
                match facet {
                    $(Facet::$facet => Some(Facets {
                        $field: Some(<$choice>::parse(code)?),
                        ..Facets::default()
                    }),)+
                }
            }

            /// The code of the choice of `facet`.
            #[must_use]
            pub fn choice(&self, facet: Facet) -> Option<&'static str> {
                match facet { $(Facet::$facet => self.$field.map(|choice| choice.as_str()),)+ }
            }
        }

        impl Facet {
            /// Its codes.
            #[must_use]
            pub fn codes(self) -> Vec<&'static str> {
                match self { $(Facet::$facet => <$choice>::ALL.iter().map(|choice| choice.as_str()).collect(),)+ }
            }

            /// Which readers may filter by it.
            #[must_use]
            pub const fn known(self) -> Known {
                match self { $(Facet::$facet => $known,)+ }
            }
        }

        macro_rules! with_facets {
            ($with:ident $more:tt) => {
                $with! { [$($(#[doc = $doc])+ $field: $stored as $choice;)+] $more }
            };
        }
        pub(crate) use with_facets;
    };
}

/// Which readers of an issue may filter by a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Every reader of the issue.
    ToAll,
    /// All but inspectors, whose views of what others found do not show it.
    NotToInspectors,
}

facets! {
    /// This bad.
    Severity = "severity", "严重程度", "Severity":
        finding.severity, crate::domain::issue::Severity as crate::domain::issue::Severity, Known::ToAll;
}

impl Facets {
    /// Its choices.
    pub fn chosen(self) -> impl Iterator<Item = (Facet, &'static str)> {
        Facet::ALL.iter().filter_map(move |facet| Some((*facet, self.choice(*facet)?)))
    }

    /// Whether `issue` has all these choices.
    #[must_use]
    pub fn fit(self, issue: &Issue) -> bool {
        let has = Facets::of(issue);
        self.chosen().all(|(facet, code)| has.choice(facet) == Some(code))
    }
}
