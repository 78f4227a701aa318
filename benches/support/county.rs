//! A county of the size that is measured: 200 inspectors, 60 units, 5,000 points.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

pub const INSPECTORS: usize = 200;
pub const UNITS: usize = 60;
pub const POINTS: usize = 5_000;

/// Adds units, people and points to the demo county, before it has any issue. `more` are flags of the store. Answers
/// the new accounts, each with its first password.
pub fn enlarge(folder: &Path, more: &[&str]) -> Vec<(String, String)> {
    let mut units = String::from("code,name_zh,kind,area_code\n");
    let mut users = String::from("username,display_name,role,unit_code,campaign\n");
    for unit in 20..UNITS + 20 {
        writeln!(units, "B{unit},第{unit}单位,bureau,990001").unwrap();
        writeln!(users, "bench-unit{unit},经办{unit},unit,B{unit},").unwrap();
    }
    for inspector in 10..INSPECTORS + 10 {
        writeln!(users, "bench-inspector{inspector},暗访{inspector},inspector,,").unwrap();
    }
    let mut points =
        String::from("code,name_zh,type,lat,lon,campaigns,is_demo,lead_unit_code,territorial_unit_code,address_zh\n");
    let streets = ["禾丰", "青禾", "打铜", "文庙", "滨河", "新安", "建设", "人民", "东门", "桂花", "学府", "茶市"];
    let kinds = [("MKT", "农贸市场"), ("EST", "小区"), ("LANE", "背街"), ("SCH", "小学"), ("ROAD", "路段")];
    for point in 0..POINTS {
        let ((kind, noun), street) = (kinds[point % kinds.len()], streets[point / 5 % streets.len()]);
        let (lat, lon) = (31.15 + (point % 71) as f64 * 0.0015, 107.42 + (point / 71) as f64 * 0.0015);
        let unit = 20 + point % UNITS;
        writeln!(
            points,
            "990001-{kind}-{:04},{street}{noun}{point}号,{kind},{lat:.5},{lon:.5},WM WS,0,B{unit},B{unit},青禾县{street}路{point}号",
            2000 + point
        )
        .unwrap();
    }
    let mut accounts = Vec::new();
    for (kind, sheet) in [("units", units), ("users", users), ("points", points)] {
        let path = folder.join(format!("bench-{kind}.csv"));
        std::fs::write(&path, sheet).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
        let output = command.args(["import", "--data"]).arg(folder).args(more).arg(kind).arg(path).output().unwrap();
        assert!(output.status.success(), "{kind}: {output:?}");
        if kind == "users" {
            let text = String::from_utf8(output.stdout).unwrap();
            let pairs = text.lines().filter_map(|line| line.split_once(','));
            let new = pairs.filter(|(name, _)| name.starts_with("bench-"));
            accounts = new.map(|(name, password)| (name.to_owned(), password.to_owned())).collect();
        }
    }
    accounts
}
