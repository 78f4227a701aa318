//! Kinds of background work, and their lanes. How the work is done is in `jobs`.

use super::text::text_enum;

text_enum! {
    /// Every kind of background work.
    pub enum JobKind {
        Render = "render", "生成缩略图", "Make the renditions of a photo";
        WorkLong = "work-long", "办理长任务", "Do the next part of a long job";
        SweepOrphans = "sweep-orphans", "清理无主照片", "Forget photos that no issue names";
        SweepFiles = "sweep-files", "清理无记录文件", "Remove files that no row names";
        Scrub = "scrub", "校验原图", "Re-hash originals";
        LapseSignIns = "lapse-sign-ins", "处理逾期未签收", "Start issues that nobody signed for";
        IndexFingerprints = "index-fingerprints", "建立相似照片索引", "Add photos that are older than the index of fingerprints to it";
        IndexIssues = "index-issues", "更新问题索引", "Bring changed issues into the index that lists and searches are answered from";
        EndPlans = "end-plans", "挂账方案到期", "Take issues off the books whose plan has ended";
        Archive = "archive", "归档", "Archive issues that stayed closed";
        TellDueSoon = "tell-due-soon", "提醒即将到期", "Send units notices of deadlines that are near";
        LookForCards = "look-for-cards", "拟定黄红牌和督办清单", "Propose cards by the rules, and keep the dispatch list";
        DrawStaged = "draw-staged", "抽取当日销号问题", "Draw the daily sample of same-day closings";
        GiveLookBacks = "give-look-backs", "指派回头看", "Give drawn look-backs to inspectors";
        DrawRepeats = "draw-repeats", "抽取双盲复查", "Draw completed visits that somebody else makes again";
        FreezeMonths = "freeze-months", "冻结月评", "Freeze months on their day, and open their previews";
        EndSessions = "end-sessions", "清理过期登录、拒绝记录、旧消息和长任务", "Delete ended sessions, and old refusals, notices and long jobs";
    }
}

text_enum! {
    /// Lanes of background work. What is in one never waits for what is in another: each has workers of its own.
    pub enum JobLane {
        People = "people", "有人等待", "Somebody waits for it";
        Messages = "messages", "发送消息", "Messages of the outbox are delivered";
        Long = "long", "长任务", "Somebody asked for it and sees how far it is";
        Clock = "clock", "到时处理", "It falls due by the clock";
        Index = "index", "更新索引", "Lists and searches read fewer changed issues one by one";
        Upkeep = "upkeep", "日常维护", "Nobody waits for it";
        Sweep = "sweep", "全库清扫", "It looks through everything";
    }
}

impl JobKind {
    /// The lane it runs in.
    #[must_use]
    pub const fn lane(self) -> JobLane {
        match self {
            JobKind::Render => JobLane::People,
            JobKind::WorkLong => JobLane::Long,
            JobKind::LapseSignIns
            | JobKind::EndPlans
            | JobKind::TellDueSoon
            | JobKind::Archive
            | JobKind::LookForCards
            | JobKind::DrawStaged
            | JobKind::GiveLookBacks
            | JobKind::DrawRepeats
            | JobKind::FreezeMonths => JobLane::Clock,
            JobKind::IndexIssues => JobLane::Index,
            JobKind::SweepOrphans | JobKind::Scrub | JobKind::EndSessions => JobLane::Upkeep,
            JobKind::SweepFiles | JobKind::IndexFingerprints => JobLane::Sweep,
        }
    }
}

impl JobLane {
    /// The kinds that run in it.
    pub fn kinds(self) -> impl Iterator<Item = JobKind> {
        JobKind::ALL.iter().copied().filter(move |kind| kind.lane() == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_has_work_and_what_people_wait_for_has_one_to_itself() {
        for lane in JobLane::ALL {
            // Messages are rows of the outbox and need no job.
            assert_eq!(lane.kinds().count() > 0, *lane != JobLane::Messages, "{lane}");
        }
        assert_eq!(JobLane::People.kinds().collect::<Vec<_>>(), [JobKind::Render]);
        assert!(JobLane::Clock.kinds().all(|kind| kind != JobKind::Scrub));
    }

    #[test]
    fn every_kind_of_work_is_in_one_lane() {
        let counts = [
            (JobLane::People, 1),
            (JobLane::Long, 1),
            (JobLane::Clock, 9),
            (JobLane::Index, 1),
            (JobLane::Upkeep, 3),
            (JobLane::Sweep, 2),
        ];
        for (lane, count) in counts {
            assert_eq!(lane.kinds().count(), count, "{lane}");
        }
    }
}
