//! Sheets to download: an empty template that explains its columns, and an export of the existing rows, which can be
//! imported again without changing anything.

use encoding_rs::GB18030;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::permission;
use super::read::Known;
use crate::app::county::CountyCache;
use crate::app::{App, AppError, Caller, Result, blocking};
use crate::domain::calendar::{DayKind, WorkCalendar};
use crate::domain::duty::{DutyPlace, DutyRole, DutySubject};
use crate::domain::ids::UnitId;
use crate::domain::import::{Column, ImportKind};
use crate::domain::long_job::SheetFormat;
use crate::domain::reference::{Chip, Unit, UnitKind};
use crate::domain::role::{Role, WorksFor};
use crate::domain::user::User;
use crate::store::{Conn, users};

/// Name of the sheet that explains the first one.
const EXPLAINED: &str = "填写说明";
/// Width of a column, in characters. Source: our choice.
const WIDTH: f64 = 18.0;
/// The same of explanations.
const WIDE: f64 = 60.0;
/// A byte order mark, by which Excel knows UTF-8.
const BOM: &str = "\u{feff}";

/// What a sheet is made of.
struct There {
    known: Known,
    users: Vec<User>,
    calendar: std::sync::Arc<WorkCalendar>,
}

impl There {
    fn load(conn: &mut Conn, county: &CountyCache, kind: ImportKind) -> Result<Self> {
        let users = if kind == ImportKind::Users { users::list(conn, None)? } else { Vec::new() };
        Ok(There { known: Known::load(conn)?, users, calendar: county.load(conn)?.calendar })
    }

    fn unit_code(&self, id: Option<UnitId>) -> String {
        let found = self.known.units.values().find(|unit| Some(unit.id) == id);
        found.map_or_else(String::new, |unit| unit.code.clone())
    }
}

async fn there(app: &App, caller: &Caller, kind: ImportKind) -> Result<There> {
    caller.require(permission(kind))?;
    let county = app.county.clone();
    app.store.read(move |conn| There::load(conn, &county, kind)).await
}

/// An empty sheet of this kind as a workbook: the headings, and on a second sheet what each column takes, with examples
/// and the values that there are.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn template(app: &App, caller: &Caller, kind: ImportKind) -> Result<Vec<u8>> {
    let there = there(app, caller, kind).await?;
    blocking(move || workbook(kind, &[], Some(&there)).map_err(|error| failed(&error))).await
}

/// What is there, as a sheet that imports again unchanged.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn export(app: &App, caller: &Caller, kind: ImportKind, format: SheetFormat) -> Result<Vec<u8>> {
    let there = there(app, caller, kind).await?;
    blocking(move || {
        let rows = rows(kind, &there);
        match format {
            SheetFormat::Xlsx => workbook(kind, &rows, None).map_err(|error| failed(&error)),
            SheetFormat::Csv => csv_of(kind, &rows),
            SheetFormat::CsvGb18030 => {
                let bytes = csv_of(kind, &rows)?;
                let text = String::from_utf8_lossy(&bytes);
                Ok(GB18030.encode(text.trim_start_matches(BOM)).0.into_owned())
            }
        }
    })
    .await
}

fn failed(error: &XlsxError) -> AppError {
    AppError::Internal(format!("sheet: {error}"))
}

fn heading(column: &Column) -> &'static str {
    column.headings.first().copied().unwrap_or(column.name)
}

fn csv_of(kind: ImportKind, rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BOM.as_bytes().to_vec());
    let broken = |error: csv::Error| AppError::Internal(format!("sheet: {error}"));
    sheet.write_record(kind.columns().iter().map(heading)).map_err(broken)?;
    for row in rows {
        sheet.write_record(row).map_err(broken)?;
    }
    sheet.into_inner().map_err(|error| AppError::Internal(format!("sheet: {error}")))
}

fn workbook(
    kind: ImportKind,
    rows: &[Vec<String>],
    explained: Option<&There>,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    // As text: a spreadsheet makes numbers and dates of codes.
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name(kind.zh())?.set_freeze_panes(1, 0)?;
    for (at, column) in (0_u16..).zip(kind.columns()) {
        sheet.set_column_width(at, WIDTH)?.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, heading(column), &bold)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (at, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string_with_format(line, at, cell, &text)?;
        }
    }
    if let Some(there) = explained {
        explain(book.add_worksheet(), kind, there, &bold)?;
    }
    book.save_to_buffer()
}

/// What each column takes.
fn explain(
    sheet: &mut Worksheet,
    kind: ImportKind,
    there: &There,
    bold: &Format,
) -> std::result::Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap();
    sheet.set_name(EXPLAINED)?.set_freeze_panes(1, 0)?;
    for (at, (title, width)) in
        (0_u16..).zip([("列", WIDTH), ("是否必填", WIDTH), ("填什么", WIDE), ("示例", WIDTH), ("可填的值", WIDE)])
    {
        sheet.set_column_width(at, width)?;
        sheet.write_string_with_format(0, at, title, bold)?;
    }
    for (line, column) in (1_u32..).zip(kind.columns()) {
        let needed = if column.required { "必填" } else { column.empty.zh() };
        let (told, example) = told(kind, column.name);
        let cells = [heading(column), needed, told, example, &values(kind, column.name, there)];
        for (at, cell) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(line, at, cell, &wrapped)?;
        }
    }
    Ok(())
}

fn listed<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    all.map(|(code, name)| format!("{name}（{code}）")).collect::<Vec<_>>().join("、")
}

/// The values that a column takes, where they are few; either the name or the code of each.
fn values(kind: ImportKind, column: &str, there: &There) -> String {
    let campaigns = || listed(there.known.campaigns.iter().map(|it| (it.code.as_str(), it.name_zh.as_str())));
    let types = || listed(there.known.point_types.iter().map(|it| (it.code.as_str(), it.name_zh.as_str())));
    let units = || {
        let mut units: Vec<&Unit> = there.known.units.values().filter(|unit| unit.active).collect();
        units.sort_by_key(|unit| &unit.code);
        listed(units.into_iter().map(|unit| (unit.code.as_str(), unit.name.as_str())))
    };
    match (kind, column) {
        (ImportKind::Units, "kind") => listed(UnitKind::ALL.iter().map(|it| (it.as_str(), it.zh()))),
        (ImportKind::Points, "type") | (ImportKind::Items, "point_types") => types(),
        (_, "campaigns" | "campaign") => campaigns(),
        (_, "lead_unit_code" | "territorial_unit_code" | "unit_code") => units(),
        (ImportKind::Items, "chips") => listed(Chip::ALL.iter().map(|it| (it.as_str(), it.zh()))),
        (ImportKind::Users, "role") => listed(Role::ALL.iter().map(|it| (it.as_str(), it.zh()))),
        (ImportKind::Duties, "role") => listed(DutyRole::ALL.iter().map(|it| (it.as_str(), it.zh()))),
        (ImportKind::Duties, "item_or_category") => format!("测评项编码，或创建项目：{}", campaigns()),
        (ImportKind::Calendar, "kind") => listed(DayKind::ALL.iter().map(|it| (it.as_str(), it.zh()))),
        (_, "active" | "is_demo" | "veto" | "photo_required" | "vice_head") => "是、否（或 1、0）".to_owned(),
        _ => String::new(),
    }
}

/// What a column takes, in Chinese, and an example.
fn told(kind: ImportKind, column: &str) -> (&'static str, &'static str) {
    match (kind, column) {
        (ImportKind::Units, "code") => ("单位的编码，不重复，建立后不改", "U01"),
        (ImportKind::Units, "name_zh") => ("单位全称，不重复", "县城市管理局"),
        (ImportKind::Units, "kind") => ("单位类型，填名称或代码", "部门"),
        (ImportKind::Units, "area_code") => ("6 至 12 位区划代码", "511723"),
        (ImportKind::Points, "code") => ("区划-类型-序号，不重复，建立后不改", "511723-MKT-0001"),
        (ImportKind::Points, "name_zh") => ("点位名称", "禾丰农贸市场"),
        (ImportKind::Points, "type") => ("点位类型，填名称或代码", "农贸市场"),
        (ImportKind::Points, "lat") => ("纬度，小数形式；只知道地址时留空，导入时选择坐标系", "31.210250"),
        (ImportKind::Points, "lon") => ("经度，小数形式；与纬度同填同空", "107.490350"),
        (ImportKind::Points, "radius_m") => ("围栏半径（米）；留空按类型", "60"),
        (ImportKind::Points, "campaigns") => ("参加的创建项目，多个用顿号隔开", "文明城市、WS"),
        (ImportKind::Points, "is_demo") => ("是否示范点位；留空为否", "否"),
        (ImportKind::Points, "lead_unit_code") => ("主责单位，填名称或编码；先导入责任单位", "U02"),
        (ImportKind::Points, "territorial_unit_code") => ("属地单位，填名称或编码", "城关街道办事处"),
        (ImportKind::Points, "area_code") => ("区划代码，或乡镇街道、村社区的名称；留空按编码推断", "511723"),
        (ImportKind::Points, "address_zh") => ("地址；没有经纬度时必填", "禾丰路 22 号"),
        (ImportKind::Items, "code") => ("测评项编码，不重复，建立后不改", "WM-07"),
        (ImportKind::Items, "campaign") => ("创建项目，填名称或代码；建立后不改", "文明城市"),
        (ImportKind::Items, "title_zh") => ("要求做到什么", "消防通道畅通"),
        (ImportKind::Items, "fault_zh") => ("做不到时怎么说，用作问题标题；留空用上一列", "消防通道被占用"),
        (ImportKind::Items, "title_en") => ("英文标题；可以留空", "Fire lanes are clear"),
        (ImportKind::Items, "point_types") => ("适用的点位类型，多个用顿号隔开；* 为全部；留空为只查资料", "MKT、EST"),
        (ImportKind::Items, "weight") => ("权重，1 至 5 的整数", "3"),
        (ImportKind::Items, "veto") => ("是否一票否决；留空为否", "否"),
        (ImportKind::Items, "limit") => {
            ("整改时限：4wh 为 4 个工作小时，3wd 为 3 个工作日，30cd 为 30 个自然日，P 为审核时定", "3wd")
        }
        (ImportKind::Items, "limit_note") => ("时限的说明；可以留空", ""),
        (ImportKind::Items, "chips") => ("快捷词，多个用顿号隔开；可以留空", "灯不亮"),
        (ImportKind::Items, "photo_required") => ("暗访时是否必须拍照，符合的也要拍；留空为否", "否"),
        (ImportKind::Items, "source") => ("依据；可以留空", "省测评体系"),
        (ImportKind::Users, "username") => ("登录用户名：2 至 32 位小写字母、数字、点、下划线、短横", "office01"),
        (ImportKind::Users, "display_name") => ("姓名；暗访员填代号", "督查一"),
        (ImportKind::Users, "role") => ("角色，填名称或代码。督查室至少两人：审核通过的人不能自己交办", "督查室"),
        (ImportKind::Users, "unit_code") => ("责任单位经办人所在单位，填名称或编码；其他角色留空", "U02"),
        (ImportKind::Users, "campaign") => ("创建专班所属的创建项目；其他角色留空", "WM"),
        (ImportKind::Users, "vice_head") => ("是否该单位分管领导；其他角色留空", "否"),
        (ImportKind::Duties, "scope") => ("点位编码；留空为按区划或全县", "511723-MKT-0001"),
        (ImportKind::Duties, "area_code") => ("区划代码，或乡镇街道、村社区的名称；留空为全县", "511723001"),
        (ImportKind::Duties, "item_or_category") => ("测评项编码，或创建项目", "WM-07"),
        (ImportKind::Duties, "role") => ("分工，填名称或代码", "主责"),
        (ImportKind::Duties, "unit_code") => ("责任单位，填名称或编码", "U02"),
        (ImportKind::Duties, "valid_from") => ("从哪天起；留空为一直", "2026-08-01"),
        (ImportKind::Duties, "valid_to") => ("到哪天止；留空为长期", ""),
        (ImportKind::Calendar, "date") => ("日期", "2027-02-06"),
        (ImportKind::Calendar, "kind") => ("休为放假，班为周末调休上班，平为照常", "休"),
        (ImportKind::Calendar, "name_zh") => ("节日名称，仅供查看", "春节"),
        (_, "active") => ("是否启用；新行留空为是，否为停用", "是"),
        _ => ("", ""),
    }
}

fn yes(is: bool) -> String {
    if is { "1" } else { "0" }.to_owned()
}

/// What is there, in the order of the columns.
fn rows(kind: ImportKind, there: &There) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = match kind {
        ImportKind::Units => units(there),
        ImportKind::Points => points(there),
        ImportKind::Items => items(there),
        ImportKind::Users => people(there),
        ImportKind::Duties => duties(there),
        ImportKind::Calendar => days(there),
    };
    rows.sort();
    rows
}

fn units(there: &There) -> Vec<Vec<String>> {
    let row = |unit: &Unit| {
        let kind = UnitKind::parse(&unit.kind).map_or_else(|| unit.kind.clone(), |kind| kind.zh().to_owned());
        vec![unit.code.clone(), unit.name.clone(), kind, unit.area_code.clone(), yes(unit.active)]
    };
    there.known.units.values().map(row).collect()
}

fn points(there: &There) -> Vec<Vec<String>> {
    let rows = there.known.points.values().map(|point| {
        let degrees = |degrees: Option<f64>| degrees.map_or_else(String::new, |degrees| degrees.to_string());
        vec![
            point.code.clone(),
            point.name.clone(),
            point.point_type.clone(),
            degrees(point.location.map(|at| at.lat)),
            degrees(point.location.map(|at| at.lon)),
            point.radius_m.to_string(),
            point.campaigns.join("、"),
            yes(point.is_demo),
            there.unit_code(Some(point.lead_unit_id)),
            there.unit_code(point.territorial_unit_id),
            point.area_code.clone(),
            point.address.clone(),
            yes(point.active),
        ]
    });
    rows.collect()
}

fn items(there: &There) -> Vec<Vec<String>> {
    let rows = there.known.items.values().map(|item| {
        let chips: Vec<&str> = item.chips.iter().map(|chip| chip.zh()).collect();
        vec![
            item.code.clone(),
            item.campaign.clone(),
            item.title_zh.clone(),
            item.fault_zh.clone(),
            if item.title_en == item.title_zh { String::new() } else { item.title_en.clone() },
            item.point_types.join("、"),
            item.weight.to_string(),
            yes(item.veto),
            item.limit.map_or_else(|| "P".to_owned(), |limit| limit.to_string()),
            item.limit_note.clone(),
            chips.join("、"),
            item.source.clone(),
            yes(item.photo_required),
        ]
    });
    rows.collect()
}

fn people(there: &There) -> Vec<Vec<String>> {
    let rows = there.users.iter().map(|user| {
        vec![
            user.username.clone(),
            user.display_name.clone(),
            user.role.zh().to_owned(),
            there.unit_code(user.unit_id),
            user.campaign.map_or_else(String::new, |code| code.to_string()),
            if user.role.works_for() == WorksFor::Unit { yes(user.vice_head) } else { String::new() },
            yes(user.is_active()),
        ]
    });
    rows.collect()
}

fn duties(there: &There) -> Vec<Vec<String>> {
    let rows = there.known.duties.iter().map(|duty| {
        let (point, area) = match &duty.place {
            DutyPlace::County => (String::new(), String::new()),
            DutyPlace::Area(code) => (String::new(), code.clone()),
            DutyPlace::Point(id) => {
                let found = there.known.points.values().find(|point| point.id == *id);
                (found.map_or_else(String::new, |point| point.code.clone()), String::new())
            }
        };
        let subject = match &duty.subject {
            DutySubject::Item(code) | DutySubject::Category(code) => code.clone(),
        };
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
        vec![
            point,
            area,
            subject,
            duty.role.zh().to_owned(),
            there.unit_code(Some(duty.unit_id)),
            day(duty.valid_from),
            day(duty.valid_to),
        ]
    });
    rows.collect()
}

fn days(there: &There) -> Vec<Vec<String>> {
    let rules = there.calendar.rules();
    let named =
        |kind: DayKind| move |day: &jiff::civil::Date| vec![day.to_string(), kind.zh().to_owned(), String::new()];
    let off = rules.off.iter().map(named(DayKind::Off));
    off.chain(rules.makeup.iter().map(named(DayKind::Makeup))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_told_in_the_template() {
        for kind in ImportKind::ALL {
            for column in kind.columns() {
                assert!(!told(*kind, column.name).0.is_empty(), "{kind} {}", column.name);
            }
        }
    }
}
