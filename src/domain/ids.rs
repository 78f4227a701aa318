//! Identifiers. Every id that leaves the service is a random UUID (ADR 0004): an id that counts or contains a time
//! would tell a unit when somebody visited.

/// Declares a typed 128-bit identifier.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// The 16 bytes that are stored.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
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
}

/// Whether an id contains the time it was made: versions 1, 2, 6 and 7 (RFC 9562 §5). Units see the ids of issues and
/// photos, so such an id would tell them the time of the visit (ADR 0004).
#[must_use]
pub fn tells_time(id: uuid::Uuid) -> bool {
    matches!(id.get_version_num(), 1 | 2 | 6 | 7)
}

#[cfg(test)]
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
}
