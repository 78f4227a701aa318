//! A list of issues as a sheet: the same rows as the list on the screen, for the office, which reads all of it.

use std::collections::HashMap;
use std::io::Read;

use encoding_rs::GB18030;
use futures_util::future::try_join_all;

use super::pieces::{self, Spooled};
use super::workbook::{self, Column};
use super::{Made, Part, Step};
use crate::app::issues::list::Query;
use crate::app::issues::read::{Row, rows};
use crate::app::issues::scope;
use crate::app::photos::serve::thumbnail;
use crate::app::sheets::{BYTE_ORDER_MARK, inert};
use crate::app::{App, AppError, Result};
use crate::domain::ids::{self, IssueId, PhotoId, UnitId};
use crate::domain::issue::PhotoStage;
use crate::domain::long_job::{LongJob, LongJobKind, SheetForm, SheetFormat};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::issues::{self, Cursor, Sort, StoredPhoto};
use crate::store::{Conn, reference};

/// Rows of one part. Source: measured on SQLite, `benches/export.rs`; each part costs two transactions, and larger ones
/// save little more and hold the writer longer.
const ROWS: usize = 1_000;

/// The columns, in their order.
const COLUMNS: [(&str, Column); 19] = [
    ("编号", Column::Text(16)),
    ("状态", Column::Text(10)),
    ("严重程度", Column::Text(9)),
    ("创建项目", Column::Text(12)),
    ("测评项", Column::Text(9)),
    ("问题", Column::Text(30)),
    ("点位编号", Column::Text(18)),
    ("点位", Column::Text(20)),
    ("地址", Column::Text(24)),
    ("责任单位", Column::Text(20)),
    ("发现日期", Column::Day(12)),
    ("交办日期", Column::Day(12)),
    ("整改期限", Column::Day(12)),
    ("整改反馈日期", Column::Day(13)),
    ("办结日期", Column::Day(12)),
    ("轮次", Column::Number(6)),
    ("是否逾期", Column::Text(9)),
    ("是否反弹", Column::Text(9)),
    ("问题描述", Column::Text(50)),
];
/// The heading of the pictures.
const PICTURE: &str = "照片";
/// Most rows of a sheet with pictures: they are in memory until it is written. Source: our choice; some 30 MB.
const PICTURES_MAX: i64 = 2_000;
/// Pictures that are fetched at the same time. Source: our choice; an object store answers each after a while.
const AT_ONCE: usize = 8;
/// Where a workbook goes on when all rows are read: they are made into a workbook.
const ROWS_ARE_READ: &str = "workbook";

/// The rows after `resume`, or the heading and the first of them; for a workbook, at the end, all of them.
pub(super) fn part(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    (query, form): (&Query, SheetForm),
    resume: Option<&str>,
) -> Result<Step> {
    let is_workbook = match form.format {
        SheetFormat::Csv | SheetFormat::CsvGb18030 => false,
        SheetFormat::Xlsx => true,
    };
    if resume == Some(ROWS_ARE_READ) {
        return Ok(Step::RowsAreRead(form));
    }
    let after = resume.map(read_place).transpose()?;
    let county = app.county.load(conn)?;
    let filter = query.filter(conn, &app.known_initials, &county.calendar, actor)?;
    let (ids, next) = issues::list(conn, &app.issue_sets, scope(actor), &filter, Sort::Oldest, after, ROWS)?;
    let found = rows(conn, app, &county, actor, &ids)?;
    // Only a sheet with pictures says of each row which one it has.
    let pictures = if form.pictures { pictures_of(conn, &ids)? } else { HashMap::new() };
    let names = Names {
        units: reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect(),
        items: reference::items(conn)?
            .into_iter()
            .map(|item| (item.code, if item.fault_zh.is_empty() { item.title_zh } else { item.fault_zh }))
            .collect(),
        campaigns: reference::campaigns(conn)?.into_iter().map(|it| (it.code, it.name_zh)).collect(),
    };
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut write = |cells: &mut dyn Iterator<Item = String>, picture: &str| {
        // A workbook says of each cell that it is text, and it has a cell for the picture.
        let cells: Vec<String> = if is_workbook {
            cells.chain([picture.to_owned()]).collect()
        } else {
            cells.map(|cell| inert(&cell)).collect()
        };
        sheet.write_record(cells).map_err(|error| AppError::Internal(format!("sheet: {error}")))
    };
    let total = match resume {
        Some(_) => None,
        None => {
            write(&mut COLUMNS.iter().map(|(title, _)| (*title).to_owned()), PICTURE)?;
            let (by_state, _) = issues::count(conn, &app.issue_sets, scope(actor), &filter, app.now())?;
            Some(by_state.into_iter().map(|(_, count)| count).sum())
        }
    };
    if form.pictures && total.is_some_and(|total: i64| total > PICTURES_MAX) {
        return Ok(Step::Refused(format!("more than {PICTURES_MAX} rows with pictures: narrow the filter")));
    }
    for row in &found {
        let picture = pictures.get(&row.issue.id).map(String::as_str).unwrap_or_default();
        write(&mut names.cells(row).into_iter(), picture)?;
    }
    let written = sheet.into_inner().map_err(|error| AppError::Internal(format!("sheet: {error}")))?;
    let bytes = match form.format {
        SheetFormat::Csv if resume.is_none() => [BYTE_ORDER_MARK.as_bytes(), &written].concat(),
        SheetFormat::Csv | SheetFormat::Xlsx => written,
        // Every character of Unicode has a code in it.
        SheetFormat::CsvGb18030 => GB18030.encode(&String::from_utf8_lossy(&written)).0.into_owned(),
    };
    let count = i64::try_from(found.len()).unwrap_or(0);
    let next = next.map(|Cursor { key, id }| format!("{key} {id}"));
    let resume = next.or_else(|| is_workbook.then(|| ROWS_ARE_READ.to_owned()));
    Ok(Step::Part(Part { made: Made::Next(bytes), rows: count, total, resume }))
}

/// The first photo of each fault that has arrived.
fn pictures_of(conn: &mut Conn, ids: &[IssueId]) -> Result<HashMap<IssueId, String>> {
    let is_shown = |stored: &StoredPhoto| stored.photo.stage == PhotoStage::Found && stored.arrived.is_some();
    let mut found = HashMap::new();
    for stored in issues::photos(conn, ids)?.into_iter().filter(is_shown) {
        found.entry(stored.issue_id).or_insert_with(|| stored.photo.photo_id.to_string());
    }
    Ok(found)
}

/// The rows that were kept as CSV, as a workbook. Each read is a transaction of its own, and pictures are fetched
/// between them: a slow photo store holds no connection. One piece of the rows is in memory at a time.
///
/// # Errors
/// The store's: then it may succeed later.
pub(super) async fn into_workbook(app: &App, job: &LongJob, form: SheetForm) -> Result<Spooled> {
    app.check_room()?;
    let pictures = if form.pictures {
        let named = pieces::read_through(app, job, named_pictures).await?;
        Some(pictures(app, &named).await?)
    } else {
        None
    };
    pieces::read_through(app, job, |rows| {
        let columns = COLUMNS.map(|(_, column)| column);
        Spooled::written(|file| workbook::write(LongJobKind::IssueList.zh(), &columns, rows, pictures, file))
    })
    .await
}

/// The pictures that the last cells of these rows name.
fn named_pictures(rows: impl Read) -> Result<Vec<PhotoId>> {
    let mut named = Vec::new();
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(rows).records() {
        let record = record.map_err(|error| AppError::Internal(format!("sheet: {error}")))?;
        named.extend(record.get(COLUMNS.len()).and_then(ids::read).map(PhotoId));
    }
    Ok(named)
}

async fn pictures(app: &App, named: &[PhotoId]) -> Result<HashMap<String, Vec<u8>>> {
    let mut found = HashMap::new();
    for some in named.chunks(AT_ONCE) {
        let fetched = some.iter().map(|id| async { Ok::<_, AppError>((id.to_string(), thumbnail(app, *id).await?)) });
        for (id, picture) in try_join_all(fetched).await? {
            found.extend(picture.map(|picture| (id, picture)));
        }
    }
    Ok(found)
}

fn read_place(text: &str) -> Result<Cursor> {
    let place = || {
        let (key, id) = text.split_once(' ')?;
        Some(Cursor { key: key.parse().ok()?, id: IssueId(id.parse().ok()?) })
    };
    place().ok_or_else(|| AppError::Internal(format!("no place in a list: {text}")))
}

/// What codes and ids are called.
struct Names {
    units: HashMap<UnitId, String>,
    items: HashMap<String, String>,
    campaigns: HashMap<String, String>,
}

impl Names {
    fn cells(&self, row: &Row) -> [String; 19] {
        let Row { issue, point, calendar, overdue } = row;
        let day = |at: Option<Timestamp>| at.map(|at| calendar.civil_date(at).to_string()).unwrap_or_default();
        let yes = |is: bool| if is { "是" } else { "否" }.to_owned();
        let named =
            |names: &HashMap<String, String>, code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
        let unit = issue.assignment.unit_id.and_then(|id| self.units.get(&id).cloned()).unwrap_or_default();
        [
            issue.number.clone().unwrap_or_default(),
            issue.state.zh().to_owned(),
            issue.finding.severity.zh().to_owned(),
            named(&self.campaigns, &issue.finding.campaign),
            issue.finding.item_code.clone(),
            named(&self.items, &issue.finding.item_code),
            point.code.clone(),
            point.name.clone(),
            point.address.clone(),
            unit,
            day(Some(issue.finding.captured_at)),
            day(issue.assignment.released_at),
            issue.clock.due_at.map(|due| calendar.last_date(due).to_string()).unwrap_or_default(),
            day(issue.fix.reported_at),
            day(issue.closing.closed_at),
            issue.round.to_string(),
            yes(*overdue),
            yes(issue.finding.chain_no > 0),
            issue.finding.description.clone(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for (cell, kept) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("垃圾=多", "垃圾=多"),
            ("", ""),
        ] {
            assert_eq!(inert(cell), kept);
        }
    }
}
