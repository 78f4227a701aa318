//! Long jobs: somebody asks for one, follows its progress, may cancel it, and finds its result for some days. Work that
//! nobody waits for is background work (`job.rs`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::{LongJobId, UserId};
use super::text::text_enum;
use super::time::Timestamp;

text_enum! {
    /// What is made.
    pub enum LongJobKind {
        IssueList = "issue-list", "问题清单", "A list of issues as a sheet";
    }
}

text_enum! {
    /// Its state.
    pub enum LongJobState {
        Queued = "queued", "排队中", "Not begun";
        Running = "running", "进行中", "Under way";
        Done = "done", "已完成", "Its result can be fetched";
        Failed = "failed", "未完成", "It could not be done";
        Cancelled = "cancelled", "已取消", "Its owner did not want it any more";
    }
}

text_enum! {
    /// How a sheet is written.
    #[derive(Default)]
    pub enum SheetFormat {
        #[default]
        Csv = "csv", "CSV（UTF-8）", "CSV in UTF-8 with a byte order mark";
        CsvGb18030 = "csv-gb18030", "CSV（GB18030）", "CSV in GB18030, for programs that know no UTF-8";
        Xlsx = "xlsx", "Excel", "XLSX";
    }
}

impl SheetFormat {
    /// The media type of a file.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            SheetFormat::Csv => "text/csv; charset=utf-8",
            SheetFormat::CsvGb18030 => "text/csv; charset=gb18030",
            SheetFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// How the name of a file ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            SheetFormat::Csv | SheetFormat::CsvGb18030 => "csv",
            SheetFormat::Xlsx => "xlsx",
        }
    }
}

/// What a sheet is to be like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SheetForm {
    /// How it is written.
    pub format: SheetFormat,
    /// Whether each row has a picture; only a workbook can have them.
    pub pictures: bool,
}

impl SheetForm {
    /// That of a request as it is kept.
    #[must_use]
    pub fn of_request(said: &Value) -> Self {
        // Requests that were kept before there were forms have none.
        serde_json::from_value(said["sheet"].clone()).unwrap_or_default()
    }
}

/// Days that a long job and its result are kept. Source: our choice, a week.
pub const LONG_JOB_DAYS: u32 = 7;
/// Long jobs of one person that are not ended. Source: our choice.
pub const LONG_JOBS_OPEN_MAX: i64 = 3;
/// Long jobs of one person that are kept; of those that are ended, the oldest make room. Source: our choice; with the
/// largest results 1.3 GB.
pub const LONG_JOBS_KEPT_MAX: i64 = 20;
/// Bytes of one result. Source: our choice; some 300,000 rows of a list.
pub const RESULT_BYTES_MAX: i64 = 64 * 1024 * 1024;

impl LongJobState {
    /// Whether nothing more becomes of it.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        match self {
            LongJobState::Queued | LongJobState::Running => false,
            LongJobState::Done | LongJobState::Failed | LongJobState::Cancelled => true,
        }
    }
}

/// A long job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongJob {
    /// Identity; chosen by the client.
    pub id: LongJobId,
    /// What is made.
    pub kind: LongJobKind,
    /// What its sheet is like.
    pub sheet: SheetForm,
    /// Who asked for it; nobody else learns of it.
    pub owner_id: UserId,
    /// Its state.
    pub state: LongJobState,
    /// Rows that are done.
    pub done: i64,
    /// Rows there were to do when it began; `None` before.
    pub total: Option<i64>,
    /// Pieces of its result so far.
    pub pieces: i32,
    /// Bytes of its result so far.
    pub size_bytes: i64,
    /// Why it could not be done.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When it is forgotten, with its result.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sheet_has_the_type_and_the_ending_of_its_format() {
        for (format, media_type, extension) in [
            (SheetFormat::Csv, "text/csv; charset=utf-8", "csv"),
            (SheetFormat::CsvGb18030, "text/csv; charset=gb18030", "csv"),
            (SheetFormat::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ] {
            assert_eq!((format.media_type(), format.extension()), (media_type, extension), "{format}");
        }
    }

    #[test]
    fn a_request_says_what_its_sheet_is_like_or_has_a_plain_one() {
        let workbook = SheetForm { format: SheetFormat::Xlsx, pictures: true };
        for (said, form) in [
            (json!({"sheet": {"format": "xlsx", "pictures": true}}), workbook),
            (json!({"sheet": {"format": "xlsx"}}), SheetForm { pictures: false, ..workbook }),
            (json!({"query": ""}), SheetForm { format: SheetFormat::Csv, pictures: false }),
        ] {
            assert_eq!(SheetForm::of_request(&said), form, "{said}");
        }
    }

    #[test]
    fn what_waits_or_runs_is_not_ended() {
        let ended: Vec<_> = LongJobState::ALL.iter().filter(|state| state.is_ended()).collect();
        assert_eq!(ended, [&LongJobState::Done, &LongJobState::Failed, &LongJobState::Cancelled]);
    }
}
