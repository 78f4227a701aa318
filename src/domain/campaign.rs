//! The code of the campaign 创建项目 that an account works for.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a code. Source: our choice; the starter data's have two.
const BYTES_MAX: usize = 16;

/// A campaign's code, small enough to be copied with the one who acts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CampaignCode {
    /// Zeros after the code.
    bytes: [u8; BYTES_MAX],
}

impl CampaignCode {
    /// The code, unless it is empty, longer than 16 bytes or holds a control character.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        if code.is_empty() || code.contains(|c: char| c.is_control()) {
            return None;
        }
        let mut bytes = [0; BYTES_MAX];
        bytes.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
        Some(CampaignCode { bytes })
    }

    /// As it is stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(BYTES_MAX);
        // What was made of text is text.
        self.bytes.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl std::fmt::Display for CampaignCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for CampaignCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Serialize for CampaignCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CampaignCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| serde::de::Error::custom("no code of a campaign"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_kept_whole_or_not_at_all() {
        for code in ["WM", "文明创建", "ABCDEFGHIJKLMNOP"] {
            let kept = CampaignCode::parse(code).unwrap();
            assert_eq!(
                (kept.as_str(), kept.to_string(), format!("{kept:?}")),
                (code, code.into(), format!("{code:?}"))
            );
            assert_eq!(serde_json::from_str::<CampaignCode>(&serde_json::to_string(&kept).unwrap()).unwrap(), kept);
        }
        for code in ["", "W\0M", "W\nM", "ABCDEFGHIJKLMNOPQ", "文明创建文明"] {
            assert_eq!(CampaignCode::parse(code), None, "{code:?}");
        }
        assert!(serde_json::from_str::<CampaignCode>("\"\"").is_err());
    }
}
