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

    /// What programs call it besides. Source: what cameras, browsers and file managers are seen to send; HEIF is what
    /// some phones call HEIC, and which of the two it is the bytes tell.
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            MediaKind::Jpeg => &["image/jpg", "image/pjpeg"],
            MediaKind::Png => &["image/x-png"],
            MediaKind::Webp => &[],
            MediaKind::Heic => &["image/heif"],
        }
    }

    /// The kind with this media type, in either case, or with another name it goes by.
    #[must_use]
    pub fn from_media_type(text: &str) -> Option<Self> {
        [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp, MediaKind::Heic].into_iter().find(|kind| {
            std::iter::once(&kind.media_type()).chain(kind.aliases()).any(|name| name.eq_ignore_ascii_case(text))
        })
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
        for (name, kind) in [
            ("image/jpg", MediaKind::Jpeg),
            ("IMAGE/JPEG", MediaKind::Jpeg),
            ("image/pjpeg", MediaKind::Jpeg),
            ("Image/X-PNG", MediaKind::Png),
            ("image/WebP", MediaKind::Webp),
            ("image/heif", MediaKind::Heic),
        ] {
            assert_eq!(MediaKind::from_media_type(name), Some(kind), "{name}");
        }
    }
}
