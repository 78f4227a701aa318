//! Closed sets of codes: one macro generates the type, its codes, its display names and the list that tests, schema and
//! OpenAPI use.

use serde::{Deserialize as _, Deserializer};

/// Declares a closed set whose members have a stable code and names in Chinese and English.
///
/// Generates `ALL`, `COUNT`, `CODES`, `as_str`, `zh`, `en`, `parse`, `Display`, serde by code, and its OpenAPI schema.
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* #[doc = concat!("`", $code, "` ", $zh)] $variant,)+ }

        impl $name {
            /// Every member, in declaration order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// How many members there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Every code, as help texts list them.
            pub const CODES: &'static str = {
                let (codes, _) = concat!($($code, ", "),+).split_at(concat!($($code, ", "),+).len() - ", ".len());
                codes
            };

            /// The stable code, as it is sent and stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// The name shown to people, in Chinese.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh,)+ }
            }

            /// The name shown to people, in English.
            #[must_use]
            pub const fn en(self) -> &'static str {
                match self { $($name::$variant => $en,)+ }
            }

            /// The member with this code, if there is one.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.as_str() == code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        crate::domain::text::closed_set!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&code).ok_or_else(|| {
                    serde::de::Error::custom(format!(
                        "unknown {} `{}`",
                        stringify!($name),
                        code.chars().take(40).collect::<String>()
                    ))
                })
            }
        }
    };
}
pub(crate) use text_enum;

/// Describes a type with `ALL`, `as_str`, `zh` and `en` as a closed set of codes in the OpenAPI document. `x-names` has
/// the names of each code, from which the app's texts are printed.
macro_rules! closed_set {
    ($name:ident) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
                let codes = $name::ALL.iter().map(|member| member.as_str());
                let named = |member: &$name| {
                    (member.as_str().to_owned(), serde_json::json!({"zh": member.zh(), "en": member.en()}))
                };
                let names: serde_json::Map<String, serde_json::Value> = $name::ALL.iter().map(named).collect();
                let names = utoipa::openapi::extensions::ExtensionsBuilder::new().add("x-names", names).build();
                let set = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
                Schema::Object(set.extensions(Some(names)).build()).into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
pub(crate) use closed_set;

/// A name as it is stored: in Unicode NFC, without invisible characters, each kind of space a plain one, trimmed. So
/// two names that look alike are equal. Line breaks and other control characters stay, for the caller to refuse.
#[must_use]
pub fn name(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).map(plain_blank).collect();
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(seen.trim()).into_owned()
}

/// Reads a field that may hold a [`name`].
///
/// # Errors
/// It is neither text nor null.
pub fn optional_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.as_deref().map(name))
}

/// A code as it is stored: a [`name`] with full-width letters, digits and signs made half-width (U+FF01–U+FF5E are
/// 0xFEE0 above U+0021–U+007E), since Chinese keyboards type both.
#[must_use]
pub fn code(text: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    name(text).chars().map(half).collect::<String>().trim().to_owned()
}

/// Whether this character is invisible: Unicode's format characters (Cf: zero-width spaces and joiners, direction
/// marks, soft hyphens, byte order marks), and those that need not be displayed (Default_Ignorable_Code_Point: fillers,
/// variation selectors).
#[must_use]
pub fn is_invisible(c: char) -> bool {
    use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
    icu_properties::CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format
        || icu_properties::CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Replaces no-break, ideographic and other spaces (Zs) by U+0020.
fn plain_blank(c: char) -> char {
    if c.is_whitespace() && !c.is_control() { ' ' } else { c }
}

/// Untrusted text cut to `max` characters on one line: control characters, which could forge a log line or disturb a
/// terminal, become U+FFFD.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    text.chars().take(max).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_that_look_alike_are_one_name() {
        for text in [
            "U01",
            " U01 ",
            "U01\u{200b}",
            "\u{feff}U01",
            "U\u{202e}01",
            "U\u{ad}01",
            "U01\u{3164}",
            "U01\u{fe0f}",
            "U01\u{3000}",
        ] {
            assert_eq!(super::name(text), "U01", "{text:?}");
        }
        assert_eq!(super::name("王\u{3000}工"), "王 工");
        assert_eq!(super::name("e\u{301}"), "\u{e9}");
        // Line breaks stay, so that the caller can refuse them.
        assert_eq!(super::name("甲\n乙"), "甲\n乙");
        assert_eq!(super::code("Ｕ０１－ＭＫＴ"), "U01-MKT");
        assert_eq!(super::code("县城市管理局（本级）"), "县城市管理局(本级)");
        assert_eq!(super::name("县城市管理局（本级）"), "县城市管理局（本级）");
    }

    #[test]
    fn a_name_that_may_be_left_out_is_kept_like_any_other() {
        let read = |json: &str| super::optional_name(&mut serde_json::Deserializer::from_str(json)).ok();
        assert_eq!(read("null"), Some(None));
        assert_eq!(read("\" U01\u{200b} \""), Some(Some("U01".to_owned())));
        assert_eq!(read("1"), None);
    }

    #[test]
    fn nothing_of_a_stranger_makes_a_second_line() {
        for (text, line) in
            [("abc", "ab"), ("a\r\n", "a\u{fffd}"), ("\u{1b}[2J", "\u{fffd}["), ("\0", "\u{fffd}"), ("暗访员", "暗访")]
        {
            assert_eq!(super::one_line(text, 2), line);
        }
    }
}
