//! What kind of picture some bytes are, told by the bytes and never by a name.

/// A kind of picture that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// JPEG of any coding process.
    Jpeg,
    /// PNG, one picture, also as an animation of one frame.
    Png,
    /// WebP, one picture, also as an animation of one frame.
    Webp,
    /// HEIF with HEVC pictures.
    Heic,
}

/// Bytes from the start of a file that [`MediaKind::sniff`] wants to see.
pub(super) const SNIFF_BYTES: usize = 12;

impl MediaKind {
    /// Its media type. Source: the IANA registry.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            MediaKind::Jpeg => "image/jpeg",
            MediaKind::Png => "image/png",
            MediaKind::Webp => "image/webp",
            MediaKind::Heic => "image/heic",
        }
    }

    /// The kind with this media type, as [`Self::media_type`] wrote it.
    #[must_use]
    pub fn from_media_type(text: &str) -> Option<Self> {
        [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp, MediaKind::Heic]
            .into_iter()
            .find(|kind| kind.media_type() == text)
    }

    /// The kind a file beginning with `head` can only be; the rest of it is not
    /// looked at, and a box file still has to name a brand that is ours.
    pub(super) fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Some(MediaKind::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(MediaKind::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(MediaKind::Webp),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(MediaKind::Heic),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_go_both_ways() {
        for kind in [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp, MediaKind::Heic] {
            assert_eq!(MediaKind::from_media_type(kind.media_type()), Some(kind));
        }
        assert_eq!(MediaKind::from_media_type("image/gif"), None);
    }
}
