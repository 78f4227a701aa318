//! The three values of 32 bytes that a draw is made of. Each has a type of its own, so that none is taken for another.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::digest::Digest;

/// Declares a value of 32 bytes, written as 64 lower-case hexadecimal digits and never shown by `Debug`.
macro_rules! bytes32 {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name([u8; 32]);

        impl $name {
            /// These bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&Digest::from_bytes(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                let digest = Digest::parse_hex(&text);
                digest.map(|digest| Self(*digest.as_bytes()))
                    .ok_or_else(|| serde::de::Error::custom("32 bytes are 64 hexadecimal digits"))
            }
        }
    )+};
}

bytes32! {
    /// What the server draws when the plan is approved and keeps to itself until the batch is released.
    Secret;
    /// What the approver's browser draws once the commitment is fixed, and sends.
    Nonce;
    /// What all numbers of a draw are made from.
    Seed;
}
