//! Background work: what it is about. How it is done stands in `jobs`.

use super::text::text_enum;

text_enum! {
    /// Every kind of background work.
    pub enum JobKind {
        Render = "render", "生成缩略图", "Make the renditions of a photo";
        SweepOrphans = "sweep-orphans", "清理无主照片", "Forget photos that no issue names";
        Scrub = "scrub", "校验原图", "Re-hash originals";
        LapseSignIns = "lapse-sign-ins", "处理逾期未签收", "Start issues that nobody signed in";
        Archive = "archive", "归档", "Archive issues that stayed closed";
        EndSessions = "end-sessions", "清理过期登录", "Forget sign-ins that have ended";
    }
}
