//! Closed sets of words: one macro gives the type, its codes, its names for
//! people and the list that tests, schema and OpenAPI walk.

/// Declares a closed set whose members have a stable code and names in
/// Chinese and English.
///
/// Generates `ALL`, `as_str`, `zh`, `en`, `parse`, `Display` and serde by code.
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

            /// The stable code that crosses the wire and is stored.
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

/// Text of a stranger cut to `max` characters of one line: control characters, which
/// could forge a line in a log or upset a terminal, become U+FFFD.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    text.chars().take(max).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_of_a_stranger_makes_a_second_line() {
        for (text, line) in
            [("abc", "ab"), ("a\r\n", "a\u{fffd}"), ("\u{1b}[2J", "\u{fffd}["), ("\0", "\u{fffd}"), ("暗访员", "暗访")]
        {
            assert_eq!(super::one_line(text, 2), line);
        }
    }
}
