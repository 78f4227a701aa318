//! A list of issues as a sheet: the same rows as the list on the screen, for the office, which reads all of it.

use std::collections::HashMap;

use super::Part;
use crate::app::issues::list::Query;
use crate::app::issues::read::{IssueDetail, details};
use crate::app::issues::scope;
use crate::app::{App, AppError, Result};
use crate::domain::ids::{IssueId, UnitId};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::issues::{self, Cursor, Sort};
use crate::store::{Conn, reference};

/// Rows of one part. Source: our choice, the largest page of a list.
const ROWS: usize = 200;
/// What Excel needs before it reads a sheet as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The columns, in their order.
const COLUMNS: [&str; 19] = [
    "编号",
    "状态",
    "严重程度",
    "创建项目",
    "测评项",
    "问题",
    "点位编号",
    "点位",
    "地址",
    "责任单位",
    "发现日期",
    "交办日期",
    "整改期限",
    "整改反馈日期",
    "办结日期",
    "轮次",
    "是否逾期",
    "是否反弹",
    "问题描述",
];

/// The rows after `resume`, or the heading and the first of them.
pub(super) fn part(conn: &mut Conn, app: &App, actor: &Actor, query: &Query, resume: Option<&str>) -> Result<Part> {
    let after = resume.map(read_place).transpose()?;
    let county = app.county.load(conn)?;
    let filter = query.filter(conn, &app.known_initials, &county.calendar, actor)?;
    let (ids, next) = issues::list(conn, &app.issue_sets, scope(actor), &filter, Sort::Oldest, after, ROWS)?;
    let found = details(conn, app, &county, actor, &ids)?;
    let names = Names {
        units: reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect(),
        items: reference::items(conn)?
            .into_iter()
            .map(|item| (item.code, if item.fault_zh.is_empty() { item.title_zh } else { item.fault_zh }))
            .collect(),
        campaigns: reference::campaigns(conn)?.into_iter().map(|it| (it.code, it.name_zh)).collect(),
    };
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let total = match resume {
        Some(_) => None,
        None => {
            write(&mut sheet, COLUMNS.iter().map(|title| (*title).to_owned()))?;
            let (by_state, _) = issues::count(conn, &app.issue_sets, scope(actor), &filter, app.now())?;
            Some(by_state.into_iter().map(|(_, count)| count).sum())
        }
    };
    for detail in &found {
        write(&mut sheet, names.row(detail).into_iter())?;
    }
    let written = sheet.into_inner().map_err(|error| AppError::Internal(format!("sheet: {error}")))?;
    let bytes = if resume.is_none() { [BYTE_ORDER_MARK.as_bytes(), &written].concat() } else { written };
    let rows = i64::try_from(found.len()).unwrap_or(0);
    Ok(Part { bytes, rows, total, resume: next.map(|Cursor { key, id }| format!("{key} {id}")) })
}

fn read_place(text: &str) -> Result<Cursor> {
    let place = || {
        let (key, id) = text.split_once(' ')?;
        Some(Cursor { key: key.parse().ok()?, id: IssueId(id.parse().ok()?) })
    };
    place().ok_or_else(|| AppError::Internal(format!("no place in a list: {text}")))
}

fn write(sheet: &mut csv::Writer<Vec<u8>>, cells: impl Iterator<Item = String>) -> Result<()> {
    let cells: Vec<String> = cells.map(|cell| inert(&cell)).collect();
    sheet.write_record(cells).map_err(|error| AppError::Internal(format!("sheet: {error}")))
}

/// A cell that no spreadsheet takes for a formula. Source: OWASP, "CSV Injection".
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// What codes and ids are called.
struct Names {
    units: HashMap<UnitId, String>,
    items: HashMap<String, String>,
    campaigns: HashMap<String, String>,
}

impl Names {
    fn row(&self, detail: &IssueDetail) -> [String; 19] {
        let issue = &detail.issue;
        let day = |at: Option<Timestamp>| at.map(|at| detail.calendar.civil_date(at).to_string()).unwrap_or_default();
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
            detail.point.code.clone(),
            detail.point.name.clone(),
            detail.point.address.clone(),
            unit,
            detail.found_on().date().to_string(),
            day(issue.assignment.released_at),
            day(issue.clock.due_at),
            day(issue.fix.reported_at),
            day(issue.closing.closed_at),
            issue.round.to_string(),
            yes(detail.overdue),
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
