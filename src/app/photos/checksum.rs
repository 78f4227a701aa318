//! Checksums of single pieces of an upload, which show damage in transit.

use sha1::Digest as _;

/// The announced checksum of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checksum {
    /// SHA-1, which every tus server must know. It protects against damage, not against forgery.
    Sha1([u8; 20]),
    /// SHA-256.
    Sha256([u8; 32]),
}

/// The running hash of a piece.
pub(super) enum Hashing {
    Sha1(sha1::Sha1, [u8; 20]),
    Sha256(sha2::Sha256, [u8; 32]),
}

impl Checksum {
    /// The algorithm names, as tus writes them.
    pub const NAMES: [&str; 2] = ["sha1", "sha256"];

    /// A checksum by its name and bytes; `None` for another name or length.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Option<Self> {
        match name {
            "sha1" => bytes.try_into().ok().map(Checksum::Sha1),
            "sha256" => bytes.try_into().ok().map(Checksum::Sha256),
            _ => None,
        }
    }

    pub(super) fn hashing(self) -> Hashing {
        match self {
            Checksum::Sha1(expected) => Hashing::Sha1(sha1::Sha1::new(), expected),
            Checksum::Sha256(expected) => Hashing::Sha256(sha2::Sha256::new(), expected),
        }
    }
}

impl Hashing {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hashing::Sha1(hasher, _) => hasher.update(bytes),
            Hashing::Sha256(hasher, _) => hasher.update(bytes),
        }
    }

    /// Whether the received bytes have the announced checksum.
    pub(super) fn fits(self) -> bool {
        match self {
            Hashing::Sha1(hasher, expected) => <[u8; 20]>::from(hasher.finalize()) == expected,
            Hashing::Sha256(hasher, expected) => <[u8; 32]>::from(hasher.finalize()) == expected,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_fits_its_checksum_or_not() {
        // FIPS 180-4, the SHA-1 of "abc".
        let sha1 = [
            0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0,
            0xd8, 0x9d,
        ];
        let sha256 = *crate::domain::digest::Digest::of(b"abc").as_bytes();
        for checksum in [Checksum::new("sha1", &sha1).unwrap(), Checksum::new("sha256", &sha256).unwrap()] {
            for (text, fits) in [("abc", true), ("abd", false)] {
                let mut hashing = checksum.clone().hashing();
                hashing.update(text.as_bytes());
                assert_eq!(hashing.fits(), fits);
            }
        }
        assert_eq!((Checksum::new("sha1", &sha256), Checksum::new("md5", &sha1)), (None, None));
    }
}
