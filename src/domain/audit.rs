//! The audit records 操作留痕: who did what.

use super::ids::UserId;
use super::role::{Actor, Role};
use super::text::text_enum;
use super::time::Timestamp;

text_enum! {
    /// What was done, or tried.
    pub enum AuditAction {
        SignIn = "sign-in", "登录", "Sign-in";
        SignOut = "sign-out", "退出", "Sign-out";
        SessionRevoked = "session-revoked", "注销会话", "Session revoked";
        PasswordChanged = "password-changed", "修改密码", "Password changed";
        AccessDenied = "access-denied", "拒绝访问", "Access denied";
        UserCreated = "user-created", "新建账号", "Account created";
        UserChanged = "user-changed", "修改账号", "Account changed";
        UserDisabled = "user-disabled", "停用账号", "Account disabled";
        SettingChanged = "setting-changed", "修改设置", "Setting changed";
        MapChanged = "map-changed", "更换底图", "Map picture changed";
        Imported = "imported", "导入数据", "Data imported";
        ReferenceChanged = "reference-changed", "修改基础数据", "Unit or point changed";
        PlaceSettled = "place-settled", "名单外地点归入点位", "Unlisted place settled";
        JobTakenUp = "job-taken-up", "重试后台任务", "Background work taken up again";
        ComplaintAnswered = "complaint-answered", "答复投诉建议", "Complaint answered";
        PacketHandedIn = "packet-handed-in", "补录离线记录文件", "Packet handed in";
        RecordHandedIn = "record-handed-in", "补录离线记录", "Record handed in";
        ExportRequested = "export-requested", "导出清单", "List exported";
        ExportRead = "export-read", "下载导出文件", "Exported list read";
        BatchChanged = "batch-changed", "办理暗访批次", "Step of a batch taken";
        RecusalsChanged = "recusals-changed", "修改回避名单", "Recusals changed";
        PointHeadChanged = "point-head-changed", "任免点长", "Head of a point named or ended";
        ZoneChanged = "zone-changed", "修改允许摆摊区", "Zone for stalls changed";
        PlanningChanged = "planning-changed", "修改谋划资料", "Planning changed";
        NameAsked = "name-asked", "申请查看代号本人", "Name behind a code name asked for";
        NameAnswered = "name-answered", "答复查看代号本人的申请", "Request for a name answered";
        NameRead = "name-read", "查看代号本人", "Name behind a code name read";
        KeeperChanged = "keeper-changed", "任免身份保管员", "Keeper of names changed";
        DrawRead = "draw-read", "查看抽取凭证", "Proof of a draw read";
        MonthRulesChanged = "month-rules-changed", "修改月评规则", "Rules of the month changed";
        PeerGroupChanged = "peer-group-changed", "调整考评分组", "Peer group of a unit changed";
        MonthChanged = "month-changed", "办理月评", "Step of a month taken";
        AdjustmentMade = "adjustment-made", "登记月评更正", "Correction of a month made";
        CommendationMade = "commendation-made", "登记上级表彰", "Commendation recorded";
        LedgerChanged = "ledger-changed", "办理奖惩台账", "Step of a ledger entry taken";
        SampleDrawn = "sample-drawn", "抽取回头看问题", "Look-back sample drawn";
        CardChanged = "card-changed", "办理黄红牌、约谈、移交", "Step of a card taken";
        CaseChanged = "case-changed", "办理问责台账", "Accountability case entered or approved";
        SelfReportChanged = "self-report-changed", "办理自查自改", "Fault that a unit found itself reported, put right or decided";
        LeaderNoteWritten = "leader-note-written", "县领导督战", "Note of a county leader written";
        RepeatsDrawn = "repeats-drawn", "抽取双盲复查", "Visits to be made again drawn";
        OriginalRead = "original-read", "查看原图", "Original photo read";
        ScrubFailed = "scrub-failed", "原图校验失败", "Original failed its check";
    }
}

text_enum! {
    /// How it ended.
    pub enum Outcome {
        Done = "done", "成功", "Done";
        Denied = "denied", "拒绝", "Denied";
        Failed = "failed", "失败", "Failed";
    }
}

/// One audit record.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Server time.
    pub at: Timestamp,
    /// The account; `None` when nobody was logged in, and for the service and the command line.
    pub actor_id: Option<UserId>,
    /// Its role at that time.
    pub actor_role: Option<Role>,
    /// The action.
    pub action: AuditAction,
    /// The object: `user:…`, `issue:…`, `setting:…`.
    pub target: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Details in words; never a password or a token.
    pub detail: String,
    /// The request.
    pub request_id: String,
}

impl AuditEntry {
    /// A record of something `actor` did.
    #[must_use]
    pub fn done(at: Timestamp, actor: Option<&Actor>, action: AuditAction, target: String, request_id: &str) -> Self {
        AuditEntry {
            at,
            actor_id: actor.map(|actor| actor.user_id),
            actor_role: actor.map(|actor| actor.role),
            action,
            target,
            outcome: Outcome::Done,
            detail: String::new(),
            request_id: request_id.to_owned(),
        }
    }

    /// The same with another outcome.
    #[must_use]
    pub fn ended(self, outcome: Outcome, detail: impl Into<String>) -> Self {
        AuditEntry { outcome, detail: detail.into(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_says_who_what_and_how_it_ended() {
        let actor = Actor::new(UserId(uuid::Uuid::from_u128(3)), Role::Office);
        let at = Timestamp::from_micros(7);
        let done = AuditEntry::done(at, Some(&actor), AuditAction::OriginalRead, "photo:1".into(), "r-1");
        let expected = AuditEntry {
            at,
            actor_id: Some(actor.user_id),
            actor_role: Some(Role::Office),
            action: AuditAction::OriginalRead,
            target: "photo:1".into(),
            outcome: Outcome::Done,
            detail: String::new(),
            request_id: "r-1".into(),
        };
        assert_eq!(done, expected);
        let denied = AuditEntry { outcome: Outcome::Denied, detail: "not released".into(), ..expected };
        assert_eq!(done.ended(Outcome::Denied, "not released"), denied);
        let by_service = AuditEntry::done(at, None, AuditAction::ScrubFailed, "photo:1".into(), "");
        assert_eq!((by_service.actor_id, by_service.actor_role), (None, None));
    }
}
