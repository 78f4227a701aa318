//! The places of the demo county: streets on a grid, and its points on them.

use std::fmt::Write as _;

use super::dice::Dice;
use crate::domain::reference::{Item, PointType};

/// Points of the demo county, besides those of the small one. Source: design §5, 200–600 a county.
pub(super) const POINTS: usize = 284;

/// The centre of the county. Source: our choice; there is no place of this name.
const MIDDLE: (f64, f64) = (31.2100, 107.4900);

const STREETS: [&str; 24] = [
    "禾丰路",
    "青禾大道",
    "打铜巷",
    "文庙街",
    "滨河路",
    "新安路",
    "建设路",
    "人民路",
    "东门街",
    "桂花巷",
    "学府路",
    "茶市街",
    "和平路",
    "凤凰路",
    "育才路",
    "朝阳街",
    "石桥路",
    "古楼街",
    "金桥路",
    "松涛路",
    "竹园路",
    "丰收路",
    "环城路",
    "渡口街",
];
const AREAS: [&str; 12] =
    ["禾苑", "锦绣", "阳光", "翠湖", "福安", "康宁", "金桂", "兴旺", "清源", "望江", "百合", "同心"];

/// For each type of point: its share, its name, and its lead unit.
#[rustfmt::skip]
const KINDS: [(&str, usize, &str, &str); 34] = [
    ("ROAD", 14, "", "U01"),           ("COMM", 5, "商业街", "U01"),      ("LANE", 12, "后巷", "U06"),
    ("CROSS", 6, "路口", "U09"),       ("MKT", 6, "农贸市场", "U02"),     ("COMTY", 8, "社区", "U06"),
    ("EST", 16, "小区", "U03"),        ("PARK", 5, "公园", "U04"),        ("SQ", 3, "广场", "U01"),
    ("HOSP", 3, "医院", "U08"),        ("SCH", 6, "小学", "U10"),         ("SCHV", 4, "小学周边", "U10"),
    ("STA", 1, "汽车站", "U05"),       ("BUS", 6, "公交站", "U05"),       ("GOV", 2, "政务服务大厅", "U12"),
    ("BANK", 3, "营业厅", "U12"),      ("TOI", 7, "公厕", "U01"),         ("SITE", 5, "工地", "U03"),
    ("NET", 2, "网吧", "U11"),         ("CIN", 1, "影院", "U11"),         ("LIB", 1, "图书馆", "U11"),
    ("MALL", 2, "商场", "U12"),        ("HOTEL", 3, "宾馆", "U08"),       ("REST", 6, "餐馆", "U02"),
    ("SMALL", 3, "理发店", "U08"),     ("PHARM", 3, "药店", "U02"),       ("WST", 4, "垃圾中转站", "U01"),
    ("WAT", 3, "河段", "U12"),         ("GRN", 5, "绿地", "U04"),         ("PKG", 3, "停车场", "U01"),
    ("STALL", 2, "夜市", "U01"),       ("URB", 3, "城中村", "U06"),       ("VIL", 4, "村", "U07"),
    ("EDU", 1, "科普馆", "U11"),
];

/// A sheet of points, as a county would send it.
pub(super) fn sheet(dice: &mut Dice, items: &[Item], types: &[PointType]) -> String {
    let mut sheet =
        String::from("code,name_zh,type,lat,lon,campaigns,is_demo,lead_unit_code,territorial_unit_code,address_zh\n");
    let shares: usize = KINDS.iter().map(|(_, share, ..)| share).sum();
    let mut written = 0;
    for (code, share, noun, lead) in KINDS {
        let Some(kind) = types.iter().find(|kind| kind.code == code) else { continue };
        let campaigns = campaigns(items, &kind.code);
        // Rounded up: a few too many, and the last are left out.
        for serial in 0..(share * POINTS).div_ceil(shares) {
            if written == POINTS {
                return sheet;
            }
            written += 1;
            let (row, column) = (dice.below(STREETS.len()), dice.below(STREETS.len()));
            let street = STREETS.get(row).copied().unwrap_or_default();
            let area = dice.one(&AREAS).copied().unwrap_or_default();
            let offset = |index: usize| f64::from(u32::try_from(index).unwrap_or(0)) - 11.5;
            let lat = MIDDLE.0 + offset(row) * 0.0022 + dice.between(-0.0004, 0.0004);
            let lon = MIDDLE.1 + offset(column) * 0.0026 + dice.between(-0.0006, 0.0006);
            let cross = STREETS.get(column).copied().unwrap_or_default();
            let name = match code {
                "ROAD" => format!("{street}（{cross}口段）"),
                "CROSS" => format!("{street}与{cross}{noun}"),
                "LANE" | "TOI" | "BUS" | "PKG" | "BANK" | "REST" | "SMALL" | "PHARM" | "HOTEL" => {
                    format!("{street}{noun}{}号", serial + 1)
                }
                "VIL" => format!("{area}{noun}"),
                _ => format!("{area}{noun}（{street}）"),
            };
            let territorial = if row > 15 { "U07" } else { "U06" };
            let demo = u8::from(dice.chance(12));
            let number = dice.below(180) + 1;
            let _ = writeln!(
                sheet,
                "990001-{code}-{:04},{name},{code},{lat:.6},{lon:.6},{campaigns},{demo},{lead},{territorial},青禾县{street}{number}号",
                serial + 101,
            );
        }
    }
    sheet
}

/// The campaigns with an item for this type of point.
fn campaigns(items: &[Item], kind: &str) -> String {
    let mut found: Vec<&str> = items
        .iter()
        .filter(|item| item.point_types.iter().any(|code| code == kind || code == "*"))
        .map(|item| item.campaign.as_str())
        .collect();
    found.sort_unstable();
    found.dedup();
    found.join(" ")
}
