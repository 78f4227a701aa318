//! Identifiers. Every id that leaves the service is a random UUID (ADR 0004): an id that counts or contains a time
//! would tell a unit when somebody visited.

/// Declares a typed 128-bit identifier.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// The 16 bytes that are stored.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Written).map($name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A reported problem 问题; chosen by the client that reports it.
    IssueId;
    /// One upload of a photo; chosen by the client. Several may share the same bytes.
    PhotoId;
    /// An inspector's walk 走访; chosen by the client.
    VisitId;
    /// An account.
    UserId;
    /// A responsible unit 责任单位.
    UnitId;
    /// A place that is inspected 点位.
    PointId;
    /// A row of the division of duties 责任分工.
    DutyId;
    /// A login session of one device.
    SessionId;
    /// An extension or dispute request on an issue.
    RequestId;
    /// A complaint or a suggestion 投诉建议; chosen by the client.
    ComplaintId;
    /// A named list 常用视图.
    SavedViewId;
    /// A queued background job.
    JobId;
    /// A notice 消息.
    NoticeId;
    /// A long job; chosen by the client.
    LongJobId;
    /// The idempotency key of a step, chosen by the client.
    StepKey;
    /// A batch of visits 暗访批次.
    BatchId;
    /// An inspector within one draw 随机抽取; drawn anew for every batch, so that two draws cannot be linked by it.
    InspectorKey;
    /// An external assessment 上级测评; chosen by the client.
    AssessmentId;
    /// A backward schedule 倒排工期; chosen by the client.
    ScheduleId;
    /// A yellow or red card 黄牌、红牌.
    CardId;
    /// A commendation by a higher level 上级表彰.
    CommendationId;
    /// A line that corrects a locked month in a later one.
    AdjustmentId;
    /// An entry of the ledger of rewards and penalties 奖惩台账.
    LedgerEntryId;
    /// An objection of a unit to its month's score.
    ObjectionId;
    /// A look-back sample 回头看抽查.
    SampleId;
    /// An accountability case 问责台账; chosen by the client.
    CaseId;
    /// A zone where stalls are permitted 允许摆摊区; chosen by the client.
    ZoneId;
    /// A request for the name behind a code name; chosen by the client.
    NameRequestId;
    /// A random number 取证随机码 that a phone was given ahead, for one finding.
    CaptureNonce;
    /// A supply of such numbers; chosen by the client.
    NonceSupplyId;
    /// A pairing 结对联创 of a county leader; chosen by the client.
    PairingId;
    /// A fault that a unit found itself 自查; chosen by the client.
    SelfReportId;
    /// A note 督战 of a county leader; chosen by the client.
    LeaderNoteId;
    /// A draw of visits that are made again 双盲复查.
    RepeatDrawId;
}

/// Reads an id as it is written everywhere: 32 hexadecimal digits in five groups (RFC 9562 §4). Other forms that
/// programs know, without hyphens, in braces or as a URN, would be other addresses of the same thing.
#[must_use]
pub fn read(text: &str) -> Option<uuid::Uuid> {
    uuid::Uuid::try_parse(text).ok().filter(|_| text.len() == uuid::fmt::Hyphenated::LENGTH)
}

/// Reads an id from a string.
struct Written;

impl serde::de::Visitor<'_> for Written {
    type Value = uuid::Uuid;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a UUID")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<uuid::Uuid, E> {
        read(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

/// Whether an id contains the time it was made: versions 1, 2, 6 and 7 (RFC 9562 §5). Units see the ids of issues and
/// photos, so such an id would tell them the time of the visit (ADR 0004).
#[must_use]
pub fn tells_time(id: uuid::Uuid) -> bool {
    matches!(id.get_version_num(), 1 | 2 | 6 | 7)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_versions_1_2_6_and_7_tell_when_they_were_made() {
        for version in 0..16_u128 {
            let id = uuid::Uuid::from_u128(version << 76 | 2 << 62 | 0x1234);
            assert_eq!(tells_time(id), [1, 2, 6, 7].contains(&version), "{version}");
        }
        let id = IssueId(uuid::Uuid::from_u128(5));
        assert_eq!((id.as_bytes()[15], id.to_string()), (5, "00000000-0000-0000-0000-000000000005".to_owned()));
    }

    #[test]
    fn an_id_has_one_form() {
        let id = "7f6c1c1e-3a1c-4b5e-9d0a-2b1c3d4e5f60";
        let parsed = serde_json::from_str::<IssueId>(&format!("\"{id}\"")).unwrap();
        assert_eq!((parsed.to_string(), read(&id.to_uppercase())), (id.to_owned(), Some(parsed.0)));
        let simple = id.replace('-', "");
        let others =
            [simple.clone(), format!("{{{id}}}"), format!("urn:uuid:{id}"), format!("{simple}    "), String::new()];
        for other in others {
            assert_eq!(read(&other), None, "{other}");
            assert!(serde_json::from_str::<IssueId>(&format!("\"{other}\"")).is_err(), "{other}");
        }
        let refused = serde_json::from_str::<IssueId>("[1]").unwrap_err().to_string();
        assert!(refused.contains("expected a UUID"), "{refused}");
    }
}
