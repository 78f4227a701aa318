//! Permissions: one table of who may do what, and how far each permission reaches (ADR 0003). Lists filter by it,
//! actions check it, documents print it.

use super::issue::{Action, Issue, LIFECYCLE};
use super::role::{Actor, Role};
use super::text::text_enum;

text_enum! {
    /// How far a grant reaches.
    pub enum Reach {
        Never = "never", "无", "Never";
        Own = "own", "本人的", "What the actor made";
        Check = "check", "指派本人核查的", "Issues whose check was given to the actor";
        LookBack = "look-back", "指派本人回头看的", "Issues whose look-back was given to the actor";
        Involved = "involved", "本人上报或指派的", "Issues the actor found or was given";
        Addressed = "addressed", "该由本人所在部门办理的", "Complaints of the kinds that are meant for the role";
        Unit = "unit", "本单位已交办的", "The unit's own issues, once released";
        UnitHead = "unit-head", "本单位已交办的（分管领导）", "The unit's own issues, once released, for its vice head";
        Campaign = "campaign", "本创建项目已交办的", "Issues of the actor's campaign, once released, of all units";
        Released = "released", "已交办的", "Everything that has been released";
        All = "all", "全部", "Everything";
    }
}

/// Something that a person may be permitted to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Hand in records that somebody else's phone could not send.
    TakePackets,
    /// Read campaigns, items, points, units.
    ReadReference,
    /// Import units, points, items and duties.
    ManageReference,
    /// Send a photo's bytes.
    UploadPhoto,
    /// Report a new issue.
    ReportIssue,
    /// Read an issue, its derived photos and its history.
    ReadIssue,
    /// Read the sealed original of a photo and what its metadata says.
    ReadOriginal,
    /// Take this step on an issue.
    Act(Action),
    /// Read the names of those who can be given a check.
    ListInspectors,
    /// Create, change, disable accounts.
    ManageUsers,
    /// Read settings.
    ReadSettings,
    /// Change settings.
    ManageSettings,
    /// See background jobs that keep failing, and retry them.
    ManageJobs,
    /// Read the audit records.
    ReadAudit,
    /// File a complaint or a suggestion, and read one's own with its answer.
    FileComplaint,
    /// Read other people's complaints; the author only if they want it.
    ReadComplaints,
    /// Answer a complaint.
    AnswerComplaint,
    /// Read the notices of one's office or unit, or one's own.
    ReadNotices,
    /// Have a list of issues made into a sheet.
    ExportIssues,
    /// Read how the issues that one may read developed, and how each unit stands.
    ReadFigures,
    /// Read, name and remove the office's lists.
    KeepViews,
    /// Read which reported places are not on the list, and make points of them.
    SettlePlaces,
    /// Record a visit.
    RecordVisit,
    /// Read visits.
    ReadVisits,
    /// Read and change plans and batches of visits.
    ManageBatches,
    /// Read what a draw is committed to, and its proof once the batch is released.
    ReadDraws,
    /// Read one's own tasks when their time has come.
    ReadTasks,
    /// Read months, as far as their state lets the reader; rules and peer groups too.
    ReadMonths,
    /// Take steps of months, change rules and groups, keep adjustments, commendations and the ledger.
    ManageMonths,
    /// Object to the own unit's score.
    ObjectToMonth,
    /// Have look-back samples drawn, and read whom each drawn issue was given to.
    ManageSamples,
    /// Read cards, talks and referrals that were issued; the office those that are proposed, too.
    ReadCards,
    /// Issue, drop and withdraw cards, record talks and referrals.
    ManageCards,
    /// Read the daily dispatch list.
    ReadDispatchList,
    /// Read accountability cases that were approved; the office the others, too.
    ReadCases,
    /// Enter and approve accountability cases.
    ManageCases,
    /// Read the countdown to external assessments, and backward schedules with their lights.
    ReadSchedules,
    /// Read where points are lost, how points stand, needs and burdens, and change what the office plans with.
    ManagePlanning,
    /// Read and write down what an issue needs.
    NoteNeeds,
    /// Read who is and was head of a point 点长, and which points have none; a unit as far as its own people are.
    ReadPointHeads,
    /// Say who answers for a place: heads of points, the people of units, pairings of leaders.
    ManagePointHeads,
    /// Read which county leaders are paired 结对联创 with what; a leader reads the own.
    ReadPairings,
    /// Read the notes 督战 of county leaders: a leader the own, a unit those that it is to read.
    ReadLeaderNotes,
    /// Write notes on what one is paired with.
    WriteLeaderNotes,
    /// Read what came of visits that were made again 双盲复查.
    ReadRepeats,
    /// Read which names behind code names were asked for, and who consented.
    ReadNameRequests,
    /// Ask for the name behind a code name, and read it once; only who keeps the names may.
    AskForNames,
    /// Consent to somebody else's request for a name, or refuse it.
    ConsentToNames,
    /// Read the faults that units found themselves, and the own closed issues that a unit may look back at.
    ReadSelfReports,
    /// Report a fault of the own unit, put it right, and look back at the unit's own fixes.
    ReportSelfFound,
    /// Confirm or refuse what units found themselves.
    DecideSelfReports,
    /// Draw the zones where stalls are permitted 一摊一策, and remove them.
    ManageZones,
}

impl Permission {
    /// The stable name that documents print.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Permission::TakePackets => "take-packets".into(),
            Permission::ReadReference => "read-reference".into(),
            Permission::ManageReference => "manage-reference".into(),
            Permission::UploadPhoto => "upload-photo".into(),
            Permission::ReportIssue => "report-issue".into(),
            Permission::ReadIssue => "read-issue".into(),
            Permission::ReadOriginal => "read-original".into(),
            Permission::Act(action) => format!("issue:{action}"),
            Permission::ListInspectors => "list-inspectors".into(),
            Permission::ManageUsers => "manage-users".into(),
            Permission::ReadSettings => "read-settings".into(),
            Permission::ManageSettings => "manage-settings".into(),
            Permission::ManageJobs => "manage-jobs".into(),
            Permission::ReadAudit => "read-audit".into(),
            Permission::FileComplaint => "file-complaint".into(),
            Permission::ReadComplaints => "read-complaints".into(),
            Permission::AnswerComplaint => "answer-complaint".into(),
            Permission::ReadNotices => "read-notices".into(),
            Permission::ExportIssues => "export-issues".into(),
            Permission::ReadFigures => "read-figures".into(),
            Permission::KeepViews => "keep-views".into(),
            Permission::SettlePlaces => "settle-places".into(),
            Permission::RecordVisit => "record-visit".into(),
            Permission::ReadVisits => "read-visits".into(),
            Permission::ManageBatches => "manage-batches".into(),
            Permission::ReadDraws => "read-draws".into(),
            Permission::ReadTasks => "read-tasks".into(),
            Permission::ReadMonths => "read-months".into(),
            Permission::ManageMonths => "manage-months".into(),
            Permission::ObjectToMonth => "object-to-month".into(),
            Permission::ManageSamples => "manage-samples".into(),
            Permission::ReadCards => "read-cards".into(),
            Permission::ManageCards => "manage-cards".into(),
            Permission::ReadDispatchList => "read-dispatch-list".into(),
            Permission::ReadCases => "read-cases".into(),
            Permission::ManageCases => "manage-cases".into(),
            Permission::ReadSchedules => "read-schedules".into(),
            Permission::ManagePlanning => "manage-planning".into(),
            Permission::NoteNeeds => "note-needs".into(),
            Permission::ReadPointHeads => "read-point-heads".into(),
            Permission::ManagePointHeads => "manage-point-heads".into(),
            Permission::ReadPairings => "read-pairings".into(),
            Permission::ReadLeaderNotes => "read-leader-notes".into(),
            Permission::WriteLeaderNotes => "write-leader-notes".into(),
            Permission::ReadRepeats => "read-repeats".into(),
            Permission::ReadNameRequests => "read-name-requests".into(),
            Permission::AskForNames => "ask-for-names".into(),
            Permission::ConsentToNames => "consent-to-names".into(),
            Permission::ReadSelfReports => "read-self-reports".into(),
            Permission::ReportSelfFound => "report-self-found".into(),
            Permission::DecideSelfReports => "decide-self-reports".into(),
            Permission::ManageZones => "manage-zones".into(),
        }
    }
}

/// One row: a permission and its reach for each role, in [`Role::ALL`] order.
pub type Row = (Permission, [Reach; Role::COUNT]);

/// Rows that several permissions share; the table of an issue's actions names them.
#[rustfmt::skip]
pub(super) mod grant {
    use super::Reach::{self, All, Check, LookBack, Never, Own, Unit, UnitHead};
    use super::Role;

    type Reaches = [Reach; Role::COUNT];
    //                                    inspector unit      office  leader task_force discipline admin
    pub const NOBODY: Reaches =            [Never,    Never,    Never, Never, Never,     Never,     Never];
    pub const OFFICE: Reaches =            [Never,    Never,    All,   Never, Never,     Never,     Never];
    pub const UNIT: Reaches =              [Never,    Unit,     Never, Never, Never,     Never,     Never];
    pub const VICE_HEAD: Reaches =         [Never,    UnitHead, Never, Never, Never,     Never,     Never];
    pub const FINDER: Reaches =            [Own,      Never,    Never, Never, Never,     Never,     Never];
    pub const CHECKER_OR_OFFICE: Reaches = [Check,    Never,    All,   Never, Never,     Never,     Never];
    pub const LOOKER_BACK: Reaches =       [LookBack, Never,    Never, Never, Never,     Never,     Never];
}

/// Every permission except those of actions on issues.
#[rustfmt::skip]
const GENERAL: &[Row] = {
    use Permission::*;
    use Reach::*;
    use grant::{OFFICE, UNIT};
    &[
        //                inspector  unit    office     leader    task_force discipline admin
        (ReadReference,  [All,       All,    All,       All,      All,      All,       All]),
        (ManageReference, [Never,    Never,  All,       Never,    Never,    Never,     All]),
        (UploadPhoto,    [Own,       Own,    Own,       Never,    Never,    Never,     Never]),
        (ReportIssue,    [Own,       Never,  Never,     Never,    Never,    Never,     Never]),
        (RecordVisit,    [Own,       Never,  Never,     Never,    Never,    Never,     Never]),
        (ReadVisits,     [Own,       Never,  All,       Never,    Never,    Never,     Never]),
        (ManageBatches,  OFFICE),
        (ReadDraws,      [Never,     Never,  All,       Never,    Never,    All,       Never]),
        (ReadTasks,      [Own,       Never,  Never,     Never,    Never,    Never,     Never]),
        (ReadMonths,     [Never,     Unit,   All,       Released, Never,    Released,  Never]),
        (ManageMonths,   OFFICE),
        (ObjectToMonth,  UNIT),
        (ManageSamples,  OFFICE),
        (ReadCards,      [Never,     Unit,   All,       Released, Never,    Released,  Never]),
        (ManageCards,    OFFICE),
        (ReadDispatchList, OFFICE),
        (ReadCases,      [Never,     Never,  All,       Never,    Never,    Released,  Never]),
        (ManageCases,    OFFICE),
        (ReadSchedules,  [Never,     Never,  All,       All,      Never,    Never,     Never]),
        (ManagePlanning, OFFICE),
        (NoteNeeds,      [Never,     Unit,   All,       Never,    Never,    Never,     Never]),
        (ReadPointHeads, [Never,     Unit,   All,       All,      Never,    All,       Never]),
        (ManagePointHeads, OFFICE),
        (ReadPairings,   [Never,     Never,  All,       Own,      Never,    Never,     Never]),
        (ReadLeaderNotes, [Never,    Unit,   All,       Own,      Never,    All,       Never]),
        (WriteLeaderNotes, [Never,   Never,  Never,     Own,      Never,    Never,     Never]),
        (ReadRepeats,    OFFICE),
        (ManageZones,    OFFICE),
        (ReadSelfReports, [Never,    Unit,   All,       Never,    Never,    Never,     Never]),
        (ReportSelfFound, UNIT),
        (DecideSelfReports, OFFICE),
        (ReadNameRequests, [Never,   Never,  All,       Never,    Never,    All,       Never]),
        (AskForNames,    OFFICE),
        (ConsentToNames, OFFICE),
        (TakePackets,    [Never,     Never,  All,       Never,    Never,    Never,     Never]),
        (ReadIssue,      [Involved,  Unit,   All,       Released, Campaign, Released,  Never]),
        (ReadOriginal,   [Never,     Never,  All,       Never,    Never,    Never,     Never]),
        (ListInspectors, [Never,     Never,  All,       Never,    Never,    Never,     Never]),
        (ManageUsers,    [Never,     Never,  Never,     Never,    Never,    Never,     All]),
        (ReadSettings,   [Never,     Never,  All,       Never,    Never,    All,       All]),
        (ManageSettings, [Never,     Never,  Never,     Never,    Never,    Never,     All]),
        (ManageJobs,     [Never,     Never,  All,       Never,    Never,    Never,     All]),
        (ReadAudit,      [Never,     Never,  Never,     Never,    Never,    All,       Never]),
        (FileComplaint,  [Own,       Own,    Own,       Own,      Own,      Own,       Own]),
        (ReadComplaints, [Never,     Never,  Addressed, Never,    Never,    All,       Never]),
        (AnswerComplaint, [Never,    Never,  Addressed, Never,    Never,    All,       Never]),
        (ReadNotices,    [Own,       Unit,   All,       Never,    Never,    Never,     Never]),
        (ExportIssues,   OFFICE),
        (KeepViews,      OFFICE),
        (SettlePlaces,   OFFICE),
        (ReadFigures,    [Never,     Unit,   All,       Released, Campaign, Released,  Never]),
    ]
};

/// Who may do what; the actions on issues are taken from their own table. Source: the REST contract; domain §6.2 三不三无.
pub const POLICY: &[Row] = &{
    let mut rows = [(Permission::Act(Action::Report), grant::NOBODY); GENERAL.len() + LIFECYCLE.len()];
    let mut at = 0;
    while at < GENERAL.len() {
        rows[at] = GENERAL[at];
        at += 1;
    }
    let mut at = 0;
    while at < LIFECYCLE.len() {
        rows[GENERAL.len() + at] = (Permission::Act(LIFECYCLE[at].action), LIFECYCLE[at].grant);
        at += 1;
    }
    rows
};

/// How far `permission` reaches for `role`; [`Reach::Never`] when the table has no row.
#[must_use]
pub fn reach(role: Role, permission: Permission) -> Reach {
    POLICY
        .iter()
        .find(|(row, _)| *row == permission)
        .and_then(|(_, reaches)| reaches.get(role.column()).copied())
        .unwrap_or(Reach::Never)
}

/// Whether `actor` may use `permission` on `issue`.
#[must_use]
pub fn covers(actor: &Actor, permission: Permission, issue: &Issue) -> bool {
    let found = issue.finding.finder_id == actor.user_id;
    let checks = issue.closing.checker_id == Some(actor.user_id);
    let looks_back = issue.closing.look_back_inspector_id == Some(actor.user_id);
    let is_released = issue.assignment.released_at.is_some();
    let is_units = is_released && actor.unit_id.is_some() && issue.assignment.unit_id == actor.unit_id;
    match reach(actor.role, permission) {
        Reach::Never | Reach::Addressed => false,
        Reach::Own => found,
        Reach::Check => checks,
        Reach::LookBack => looks_back,
        Reach::Involved => found || checks || looks_back,
        Reach::Unit => is_units,
        Reach::UnitHead => is_units && actor.vice_head,
        Reach::Campaign => is_released && actor.campaign.is_some_and(|code| code.as_str() == issue.finding.campaign),
        Reach::Released => is_released,
        Reach::All => true,
    }
}

/// Whether `actor` may use a `permission` that is not about one issue.
#[must_use]
pub fn permits(actor: &Actor, permission: Permission) -> bool {
    reach(actor.role, permission) != Reach::Never
}

#[cfg(test)]
mod tests;
