//! CSV sheets that a county imports: their kinds and columns, and the faults of a line.

use super::duty::DutyRole;
use super::invalid::FieldCode;
use super::reference::UnitKind;
use super::role::Role;
use super::text::text_enum;

text_enum! {
    /// What a sheet holds.
    pub enum ImportKind {
        Units = "units", "责任单位", "Responsible units";
        Points = "points", "点位", "Points";
        Items = "items", "测评项", "Items";
        Users = "users", "账号", "Accounts";
        Duties = "duties", "责任分工", "Division of duties";
        Calendar = "calendar", "工作日历", "Working calendar";
    }
}

/// Bytes of a sheet. Source: our choice; ten thousand points take 2 MB.
pub const SHEET_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of a sheet: all are written in one transaction while other writers wait. Source: our choice; a prefecture has
/// about 6,000 points.
pub const SHEET_ROWS_MAX: usize = 20_000;
/// Lines in which the headings are searched: offices put titles above them. Source: our choice.
pub const HEADING_LINES_MAX: usize = 5;
/// Cleared values that an answer lists; the rest is only counted. Source: our choice.
pub const EMPTIED_MAX: usize = 500;
/// Faults that are listed; the rest is only counted. Source: our choice.
pub const LINE_ERRORS_MAX: usize = 500;

/// One column of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Accepted headings, the usual Chinese one first.
    pub headings: &'static [&'static str],
    /// The sheet is refused without it. Without an optional column its values stay as they were.
    pub required: bool,
    /// What an empty cell does to an existing row.
    pub empty: EmptyCell,
    /// What its cells contain.
    pub holds: &'static str,
}

text_enum! {
    /// What an empty cell does to a row that is there already.
    pub enum EmptyCell {
        Refused = "refused", "不得为空", "Refused";
        Kept = "kept", "保持原值", "What was there stays";
        Emptied = "emptied", "清空原值", "What was there is emptied";
        Names = "names", "参与匹配", "Part of what the row is known by";
    }
}

const fn must(name: &'static str, headings: &'static [&'static str], holds: &'static str) -> Column {
    Column { name, headings, required: true, empty: EmptyCell::Refused, holds }
}

const fn may(name: &'static str, headings: &'static [&'static str], holds: &'static str) -> Column {
    Column { name, headings, required: false, empty: EmptyCell::Emptied, holds }
}

/// What cannot be cleared, such as a yes or no.
const fn stays(name: &'static str, headings: &'static [&'static str], holds: &'static str) -> Column {
    Column { name, headings, required: false, empty: EmptyCell::Kept, holds }
}

const fn names(name: &'static str, headings: &'static [&'static str], holds: &'static str) -> Column {
    Column { name, headings, required: false, empty: EmptyCell::Names, holds }
}

const ACTIVE: Column = stays("active", &["启用", "是否启用"], "1 or 0; 1 for a new row, else as it was");

const UNITS: &[Column] = &[
    must("code", &["单位编码", "单位编号", "编码", "编号", "代码"], "short code, such as U01"),
    must("name_zh", &["单位名称", "名称"], "name"),
    must("kind", &["单位类型", "类型"], UnitKind::CODES),
    must("area_code", &["区划代码", "区域代码"], "6 to 12 digits"),
    ACTIVE,
];

const POINTS: &[Column] = &[
    must("code", &["点位编码", "点位编号", "编码", "编号", "代码"], "code, such as 990001-MKT-0001"),
    must("name_zh", &["点位名称", "名称"], "name"),
    must("type", &["点位类型", "类型"], "code or name of a point type"),
    // A list by address does not undo what somebody noted on the spot.
    stays("lat", &["纬度"], "degrees north; empty while only the address is known"),
    stays("lon", &["经度"], "degrees east"),
    may("radius_m", &["围栏半径", "半径"], "geofence in metres; the type's when empty"),
    must("campaigns", &["创建项目"], "codes or names of campaigns"),
    stays("is_demo", &["示范点位", "是否示范"], "1 or 0; 0 for a new row, else as it was"),
    must("lead_unit_code", &["主责单位", "责任单位"], "code or name of a unit"),
    may("territorial_unit_code", &["属地单位"], "code or name of a unit"),
    may("area_code", &["区划代码", "区域代码"], "6 to 12 digits; from the code, else from the lead unit"),
    may("address_zh", &["地址", "位置"], "where it is, for people"),
    ACTIVE,
];

const ITEMS: &[Column] = &[
    must("code", &["测评项编码", "测评项编号", "编码", "编号", "代码"], "code, such as WM-07"),
    must("campaign", &["创建项目"], "code or name of a campaign"),
    must("title_zh", &["测评项", "标题", "名称"], "title"),
    may("fault_zh", &["问题表述"], "what is wrong where it is violated, as headlines name it; the title when empty"),
    may("title_en", &["英文标题", "英文名称"], "title in English; the Chinese one when empty"),
    Column {
        name: "point_types",
        headings: &["点位类型", "适用点位"],
        required: true,
        // An item that is judged from papers only is inspected at no point.
        empty: EmptyCell::Emptied,
        holds: "codes or names of point types, * for all; empty for what is judged by papers alone",
    },
    must("weight", &["权重"], "1 to 5"),
    stays("veto", &["一票否决"], "1 or 0; 0 for a new row, else as it was"),
    must("limit", &["整改时限", "时限"], "such as 4wh, 3wd, 30cd; P for a plan or a date at approval"),
    may("limit_note", &["时限说明"], "what the limit is for"),
    may("chips", &["快捷词"], "codes or names of one-tap chips"),
    may("source", &["来源", "依据"], "where the row comes from"),
    stays("photo_required", &["必拍照片"], "1 or 0: a visit shows it on a photo; 0 for a new row, else as it was"),
];

const USERS: &[Column] = &[
    must("username", &["用户名", "账号"], "2 to 32 small letters, digits, . _ -"),
    must("display_name", &["显示名", "姓名"], "what others see; a pseudonym for inspectors"),
    must("role", &["角色"], Role::CODES),
    Column {
        name: "unit_code",
        headings: &["责任单位", "单位"],
        required: false,
        empty: EmptyCell::Refused,
        holds: "code or name of a unit, for role unit",
    },
    Column {
        name: "campaign",
        headings: &["创建项目"],
        required: false,
        empty: EmptyCell::Refused,
        holds: "code or name of a campaign, for role task_force",
    },
    stays("vice_head", &["分管领导", "是否分管领导"], "1 or 0, for role unit; 0 for a new row, else as it was"),
    ACTIVE,
];

const DUTIES: &[Column] = &[
    names("scope", &["点位编码", "点位"], "code of a point; empty for an area or the county"),
    names("area_code", &["区划代码", "区域代码", "区域"], "digits an area code begins with; empty for the county"),
    must("item_or_category", &["测评项或类别", "测评项", "类别"], "code of an item or of a campaign"),
    must("role", &["分工", "责任类型"], DutyRole::CODES),
    must("unit_code", &["责任单位", "单位"], "code or name of a unit"),
    names("valid_from", &["起始日期", "生效日期"], "first day; since ever when empty"),
    may("valid_to", &["截止日期", "失效日期"], "last day; for good when empty"),
];

const CALENDAR: &[Column] = &[
    must("date", &["日期"], "a day such as 2027-02-06"),
    must("kind", &["类型", "安排"], "off 休, makeup 班 (a Saturday or Sunday) or usual 平"),
    Column {
        name: "name_zh",
        headings: &["名称", "节日"],
        required: false,
        // Not stored.
        empty: EmptyCell::Kept,
        holds: "what it is for, for people",
    },
];

impl ImportKind {
    /// The columns; where one column identifies a row, it is the first.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            ImportKind::Units => UNITS,
            ImportKind::Points => POINTS,
            ImportKind::Items => ITEMS,
            ImportKind::Users => USERS,
            ImportKind::Duties => DUTIES,
            ImportKind::Calendar => CALENDAR,
        }
    }
}

/// A value that an empty cell clears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emptied {
    /// Line of the sheet.
    pub line: u64,
    /// Column by name.
    pub column: &'static str,
    /// The old value, as people read it.
    pub was: String,
}

/// A fault, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Line of the sheet, from 1.
    pub line: u64,
    /// Column by name; empty when it is about the whole line.
    pub column: String,
    /// What kind of fault.
    pub code: FieldCode,
    /// What would be right.
    pub detail: String,
}

impl std::fmt::Display for LineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let gap = if self.column.is_empty() { "" } else { " " };
        write!(f, "line {}{gap}{}: {}", self.line, self.column, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_means_two_columns_of_a_sheet() {
        for kind in ImportKind::ALL {
            let mut headings: Vec<&str> = kind
                .columns()
                .iter()
                .flat_map(|column| column.headings.iter().chain([&column.name]))
                .copied()
                .collect();
            let count = headings.len();
            headings.sort_unstable();
            headings.dedup();
            assert_eq!(headings.len(), count, "{kind}");
        }
    }

    #[test]
    fn a_sheet_is_refused_without_these_columns() {
        for (kind, count, required) in [
            (ImportKind::Units, 5, &["code", "name_zh", "kind", "area_code"][..]),
            (ImportKind::Points, 13, &["code", "name_zh", "type", "campaigns", "lead_unit_code"]),
            (ImportKind::Items, 13, &["code", "campaign", "title_zh", "point_types", "weight", "limit"]),
            (ImportKind::Users, 7, &["username", "display_name", "role"]),
            (ImportKind::Duties, 7, &["item_or_category", "role", "unit_code"]),
            (ImportKind::Calendar, 3, &["date", "kind"]),
        ] {
            let named: Vec<_> =
                kind.columns().iter().filter(|column| column.required).map(|column| column.name).collect();
            assert_eq!((kind.columns().len(), &*named), (count, required), "{kind}");
        }
    }

    #[test]
    fn a_fault_is_told_with_its_line_and_its_column_where_it_has_one() {
        let fault = |column: &str| LineError {
            line: 7,
            column: column.into(),
            code: FieldCode::Unknown,
            detail: "no such unit".into(),
        };
        assert_eq!(fault("unit_code").to_string(), "line 7 unit_code: no such unit");
        assert_eq!(fault("").to_string(), "line 7: no such unit");
    }
}
