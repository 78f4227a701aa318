//! The kind of a picture, detected from its bytes and never from a name.

/// A supported kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// JPEG of any coding process.
    Jpeg,
    /// PNG with one picture; an animation of one frame counts.
    Png,
    /// WebP with one picture; an animation of one frame counts.
    Webp,
    /// HEIF with HEVC pictures.
    Heic,
}

/// Bytes from the start of a file that [`MediaKind::sniff`] needs.
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

    /// Other names that programs use. Source: what cameras, browsers and file managers send; some phones call HEIC
    /// HEIF, and the bytes decide.
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            MediaKind::Jpeg => &["image/jpg", "image/pjpeg"],
            MediaKind::Png => &["image/x-png"],
            MediaKind::Webp => &[],
            MediaKind::Heic => &["image/heif"],
        }
    }

    /// The kind with this media type or alias, in upper or lower case.
    #[must_use]
    pub fn from_media_type(text: &str) -> Option<Self> {
        [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp, MediaKind::Heic].into_iter().find(|kind| {
            std::iter::once(&kind.media_type()).chain(kind.aliases()).any(|name| name.eq_ignore_ascii_case(text))
        })
    }

    /// The only kind that a file beginning with `head` can be; the rest is not checked, and a HEIC file still has to
    /// name one of our brands.
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
