#![allow(clippy::unwrap_used)]

use uuid::Uuid;

use super::*;
use crate::domain::import::ImportKind;

fn unit(at: u128, code: &str, name: &str, kind: UnitKind, area_code: &str) -> Unit {
    let (code, name, kind) = (code.to_owned(), name.to_owned(), kind.as_str().to_owned());
    Unit { id: UnitId(Uuid::from_u128(at)), code, name, kind, area_code: area_code.to_owned(), active: true }
}

const CITY: UnitId = UnitId(Uuid::from_u128(1));
const STREET: UnitId = UnitId(Uuid::from_u128(2));
const MARKET: PointId = PointId(Uuid::from_u128(11));

fn market() -> Point {
    Point {
        id: MARKET,
        code: "990001-MKT-0001".into(),
        name: "东门市场".into(),
        point_type: "MKT".into(),
        location: Some(Location { lat: 31.25, lon: 108.5, accuracy_m: None }),
        radius_m: 80,
        campaigns: vec!["WM".into()],
        is_demo: true,
        lead_unit_id: CITY,
        territorial_unit_id: Some(STREET),
        area_code: "990001002".into(),
        address: "东门路".into(),
        active: false,
    }
}

fn item() -> Item {
    Item {
        code: "WM-07".into(),
        campaign: "WM".into(),
        title_zh: "消防通道畅通".into(),
        fault_zh: "消防通道被占".into(),
        title_en: "Fire lanes are free".into(),
        point_types: vec!["MKT".into(), "EST".into()],
        weight: 3,
        veto: true,
        limit: TimeLimit::parse("4wh").ok(),
        limit_note: "先清".into(),
        chips: vec![Chip::RoadTrading, Chip::Dirty],
        source: "县表".into(),
        photo_required: true,
    }
}

fn duty(place: DutyPlace, subject: DutySubject, unit_id: UnitId, from: Option<Date>, to: Option<Date>) -> Duty {
    let id = DutyId(Uuid::from_u128(21));
    Duty { id, place, subject, role: DutyRole::Lead, unit_id, valid_from: from, valid_to: to }
}

/// A county of three units, two types of points, a market, an item and these duties.
fn with_duties(duties: Vec<Duty>) -> Known {
    let campaign = |code: &str, name: &str| Campaign {
        code: code.into(),
        name_zh: name.into(),
        name_en: code.into(),
        level: "national".into(),
        honour_name: name.into(),
    };
    let kind = |code: &str, name: &str, radius_m| PointType {
        code: code.into(),
        name_zh: name.into(),
        name_en: code.into(),
        observation_unit: String::new(),
        look_first: String::new(),
        radius_m,
    };
    Known::of(
        vec![campaign("WM", "文明城市"), campaign("WS", "卫生城市")],
        vec![kind("MKT", "农贸市场", 100), kind("EST", "住宅小区", 50)],
        vec![item()],
        vec![
            unit(1, "U01", "县城市管理局", UnitKind::Bureau, "990001"),
            unit(2, "U02", "东城街道", UnitKind::Township, "990001002"),
            unit(3, "U03", "东门社区", UnitKind::Community, "990001002003"),
        ],
        vec![market()],
        duties,
    )
}

fn known() -> Known {
    with_duties(Vec::new())
}

/// Rows of a sheet, with faults as `line column code`, and what is emptied as `line column was`.
fn read_in<T>(
    known: &Known,
    kind: ImportKind,
    text: &str,
    read: impl FnOnce(&Sheet, &Known, &mut Found) -> Vec<T>,
) -> (Vec<T>, Vec<String>, Vec<String>) {
    let sheet = Sheet::read(kind, text.as_bytes()).map_err(|faults| format!("{faults:?}")).unwrap();
    let mut found = Found::default();
    let rows = read(&sheet, known, &mut found);
    let faults = found.faults.iter().map(|it| format!("{} {} {}", it.line, it.column, it.code)).collect();
    let emptied = found.emptied.iter().map(|it| format!("{} {} {}", it.line, it.column, it.was)).collect();
    (rows, faults, emptied)
}

fn details(known: &Known, kind: ImportKind, text: &str, read: fn(&Sheet, &Known, &mut Found)) -> Vec<String> {
    let sheet = Sheet::read(kind, text.as_bytes()).map_err(|faults| format!("{faults:?}")).unwrap();
    let mut found = Found::default();
    read(&sheet, known, &mut found);
    found.faults.into_iter().map(|it| it.detail).collect()
}

const NONE: [String; 0] = [];

const UNITS: &str = "code,name_zh,kind,area_code,active\n";

fn read_units(rows: &str) -> (Vec<Unit>, Vec<String>) {
    let (rows, faults, _) = read_in(&known(), ImportKind::Units, &format!("{UNITS}{rows}"), units);
    (rows, faults)
}

#[test]
fn a_unit_keeps_its_id_and_what_the_sheet_does_not_say() {
    let (rows, faults) =
        read_units("U01,县城管局,部门,990001,\nU04,县水务局,bureau,990001,\nU05,县交通局,bureau,990001,否\n");
    assert_eq!(faults, NONE);
    let changed = Unit { name: "县城管局".into(), ..unit(1, "U01", "", UnitKind::Bureau, "990001") };
    let closed = Unit { active: false, ..unit(0, "U05", "县交通局", UnitKind::Bureau, "990001") };
    assert_eq!(rows, [changed, unit(0, "U04", "县水务局", UnitKind::Bureau, "990001"), closed]);
    let mut out_of_use = known();
    out_of_use.units.get_mut("U01").unwrap().active = false;
    let text = format!("{UNITS}U01,县城市管理局,bureau,990001,\n");
    let (rows, ..) = read_in(&out_of_use, ImportKind::Units, &text, units);
    assert!(!rows[0].active);
}

#[test]
fn each_fault_of_a_unit_is_told() {
    for (row, fault) in [
        ("U04,水务局,局,990001,", "2 kind unknown"),
        ("U04,,bureau,990001,", "2 name_zh required"),
        ("U04,水务局,bureau,99000,", "2 area_code malformed"),
        ("U04,水务局,bureau,9900010020031,", "2 area_code malformed"),
        ("U04,水务局,bureau,99000A,", "2 area_code malformed"),
        ("U04,水务局,bureau,东城街道,", "2 area_code malformed"),
        ("U04,水务局,bureau,990001,也许", "2 active malformed"),
        (",水务局,bureau,990001,", "2 code required"),
    ] {
        assert_eq!(read_units(row).1, [fault], "{row}");
    }
    let twice = "U04,甲,bureau,990001,\nU05,乙,bureau,990001,\nU04,丙,bureau,990001,\n";
    assert!(read_units(twice).1.contains(&"4 code duplicate".to_owned()));
    let told = details(&known(), ImportKind::Units, &format!("{UNITS}{twice}"), |sheet, known, found| {
        units(sheet, known, found);
    });
    assert!(told.contains(&"also on line 2".to_owned()), "{told:?}");
    // Rows without a code are not said to be equal.
    let nameless = ",甲,bureau,990001,\n,乙,bureau,990001,\n";
    assert_eq!(read_units(nameless).1, ["2 code required", "3 code required"]);
}

#[test]
fn a_name_means_one_unit_and_units_may_swap_theirs() {
    let swap = "U01,东城街道,bureau,990001,\nU02,县城市管理局,township,990001002,\n";
    assert_eq!(read_units(swap).1, NONE);
    assert_eq!(read_units("U04,县城市管理局,bureau,990001,\n").1, ["2 name_zh duplicate"]);
    assert_eq!(read_units("U04,U02,bureau,990001,\n").1, ["2 name_zh duplicate"]);
    // Its own code is a name like any other.
    assert_eq!(read_units("U04,U04,bureau,990001,\n").1, NONE);
    // The code of a new unit is the name of one that is there.
    let mut named = known();
    named.units.get_mut("U03").unwrap().name = "U09".into();
    let text = format!("{UNITS}U09,水务局,bureau,990001,\n");
    assert_eq!(read_in(&named, ImportKind::Units, &text, units).1, ["2 name_zh duplicate"]);
}

const POINTS: &str = "code,name_zh,type,lat,lon,radius_m,campaigns,is_demo,lead_unit_code,\
    territorial_unit_code,area_code,address_zh,active\n";

fn read_points(rows: &str) -> (Vec<Point>, Vec<String>, Vec<String>) {
    read_in(&known(), ImportKind::Points, &format!("{POINTS}{rows}"), |sheet, known, found| {
        points(sheet, known, ListCrs::Wgs84, found)
    })
}

#[test]
fn a_point_that_is_there_keeps_what_the_sheet_does_not_say() {
    let text = "code,name_zh,type,campaigns,lead_unit_code\n990001-MKT-0001,东门市场,农贸市场,文明城市,县城市管理局\n";
    let read = |known: &Known| {
        read_in(known, ImportKind::Points, text, |sheet, known, found| points(sheet, known, ListCrs::Gcj02, found))
    };
    assert_eq!(read(&known()), (vec![market()], vec![], vec![]));
    // Empty cells empty what can be emptied, and say so.
    let (rows, faults, emptied) = read_points("990001-MKT-0001,东门市场,MKT,,,,WM,,U01,,,,\n");
    let cleared = Point {
        radius_m: 100,
        territorial_unit_id: None,
        area_code: "990001".into(),
        address: String::new(),
        ..market()
    };
    assert_eq!((rows, faults), (vec![cleared], vec![]));
    let was = ["2 radius_m 80 m", "2 territorial_unit_code 东城街道", "2 area_code 990001002", "2 address_zh 东门路"];
    assert_eq!(emptied, was);
    // What only follows from the type and the code was never typed.
    let mut derived = known();
    let point = derived.points.get_mut("990001-MKT-0001").unwrap();
    (point.radius_m, point.area_code, point.territorial_unit_id) = (100, "990001".into(), None);
    let text = format!("{POINTS}990001-MKT-0001,东门市场,MKT,,,,WM,,U01,,,路,\n");
    let (.., emptied) =
        read_in(&derived, ImportKind::Points, &text, |sheet, known, found| points(sheet, known, ListCrs::Wgs84, found));
    assert_eq!(emptied, NONE);
}

#[test]
fn a_new_point_takes_what_follows_from_its_type_its_code_and_its_unit() {
    let (rows, faults, emptied) = read_points(
        "990002-EST-0001,甲小区,住宅小区,31.5,108.25,,WM、卫生城市,1,U02,U03,东门社区,路 1 号,0\n\
         EST-2,乙小区,EST,,,120,WM,,东城街道,,,路 2 号,\n\
         990002-EST-0003,丙小区,EST,31.5,108.25,,WM,,U01,,990003,,\n",
    );
    assert_eq!((faults, emptied), (vec![], vec![]));
    let first = Point {
        id: PointId(Uuid::nil()),
        code: "990002-EST-0001".into(),
        name: "甲小区".into(),
        point_type: "EST".into(),
        location: Some(Location { lat: 31.5, lon: 108.25, accuracy_m: None }),
        radius_m: 50,
        campaigns: vec!["WM".into(), "WS".into()],
        is_demo: true,
        lead_unit_id: STREET,
        territorial_unit_id: Some(UnitId(Uuid::from_u128(3))),
        area_code: "990001002003".into(),
        address: "路 1 号".into(),
        active: false,
    };
    assert_eq!(rows[0], first);
    let second = &rows[1];
    assert_eq!((&*second.area_code, second.radius_m, second.location), ("990001002", 120, None));
    assert_eq!((second.is_demo, second.active, second.territorial_unit_id), (false, true, None));
    assert_eq!(rows[2].area_code, "990003");
    let text = "code,name_zh,type,campaigns,lead_unit_code,address_zh\n990002-EST-0001,甲,EST,WM,U02,路\n";
    let (rows, ..) =
        read_in(&known(), ImportKind::Points, text, |sheet, known, found| points(sheet, known, ListCrs::Wgs84, found));
    assert_eq!(rows[0].area_code, "990002");
}

#[test]
fn each_fault_of_a_point_is_told() {
    let row = |change: (usize, &str)| {
        let mut cells = ["P-1", "甲", "EST", "31", "108", "", "WM", "", "U01", "", "", "路", ""];
        cells[change.0] = change.1;
        read_points(&format!("{}\n", cells.join(","))).1
    };
    assert_eq!(row((0, "P-1")), NONE);
    for (at, cell, faults) in [
        (0, "", vec!["2 code required"]),
        (1, "", vec!["2 name_zh required"]),
        (2, "XXX", vec!["2 type unknown"]),
        (3, "", vec!["2 lat required"]),
        (4, "", vec!["2 lon required"]),
        (3, "x", vec!["2 lat malformed"]),
        (3, "91", vec!["2 lat out-of-range"]),
        (4, "-181", vec!["2 lon out-of-range"]),
        (5, "0", vec!["2 radius_m out-of-range"]),
        (5, "1", vec![]),
        (5, "20000", vec![]),
        (5, "20001", vec!["2 radius_m out-of-range"]),
        (5, "x", vec!["2 radius_m malformed"]),
        (6, "", vec!["2 campaigns required"]),
        (6, "WM、XX", vec!["2 campaigns unknown"]),
        (7, "x", vec!["2 is_demo malformed"]),
        (8, "U09", vec!["2 lead_unit_code unknown"]),
        (9, "U09", vec!["2 territorial_unit_code unknown"]),
        (10, "12345", vec!["2 area_code malformed"]),
        (11, "", vec![]),
        (12, "x", vec!["2 active malformed"]),
    ] {
        assert_eq!(row((at, cell)), faults, "{at} {cell}");
    }
    assert_eq!(read_points("P-1,甲,EST,,,,WM,,U01,,,,\n").1, ["2 address_zh required"]);
    // A position that is wrong is not said to be missing besides.
    assert_eq!(read_points("P-1,甲,EST,x,,,WM,,U01,,,,\n").1, ["2 lat malformed"]);
    let twice = "P-1,甲,EST,31,108,,WM,,U01,,,,\nP-1,乙,EST,31,108,,WM,,U01,,,,\n";
    assert_eq!(read_points(twice).1, ["3 code duplicate"]);
    let told = details(
        &known(),
        ImportKind::Points,
        &format!("{POINTS}P-1,甲,EST,31,108,,XX,,U01,,,,\n"),
        |sheet, known, found| {
            points(sheet, known, ListCrs::Wgs84, found);
        },
    );
    assert_eq!(told, ["no campaign `XX`; there are WM 文明城市, WS 卫生城市"]);
    // What was wrong before is told as it is.
    let told = details(
        &known(),
        ImportKind::Points,
        &format!("{POINTS}P-1,,EST,31,108,,XX,,U01,,,,\n"),
        |sheet, known, found| {
            points(sheet, known, ListCrs::Wgs84, found);
        },
    );
    assert_eq!(told[0], "must not be empty");
}

#[test]
fn one_degree_is_mended_alone_only_in_the_system_that_is_stored() {
    let moved = |crs: ListCrs, lat: &str, lon: &str| {
        let text = format!("{POINTS}990001-MKT-0001,东门市场,MKT,{lat},{lon},,WM,,U01,,,路,\n");
        let read = |sheet: &Sheet, known: &Known, found: &mut Found| points(sheet, known, crs, found);
        let (rows, faults, _) = read_in(&known(), ImportKind::Points, &text, read);
        (rows.first().and_then(|point| point.location).map(|at| (at.lat, at.lon)), faults)
    };
    assert_eq!(moved(ListCrs::Wgs84, "31.5", ""), (Some((31.5, 108.5)), vec![]));
    assert_eq!(moved(ListCrs::Wgs84, "", "108.75"), (Some((31.25, 108.75)), vec![]));
    assert_eq!(moved(ListCrs::Gcj02, "", ""), (Some((31.25, 108.5)), vec![]));
    assert_eq!(moved(ListCrs::Gcj02, "31.5", "").1, ["2 lon required"]);
    assert_eq!(moved(ListCrs::Gcj02, "", "108.75").1, ["2 lat required"]);
    let (at, faults) = moved(ListCrs::Gcj02, "31.25", "108.5");
    let (lat, lon) = at.unwrap();
    assert_eq!(faults, NONE);
    assert!((lat - 31.25).abs() > 1e-4 && (lat - 31.25).abs() < 0.01 && (lon - 108.5).abs() > 1e-4, "{lat} {lon}");
}

const ITEMS: &str = "code,campaign,title_zh,fault_zh,title_en,point_types,weight,veto,limit,limit_note,chips,source\n";

fn read_items(rows: &str) -> (Vec<Item>, Vec<String>, Vec<String>) {
    read_in(&known(), ImportKind::Items, &format!("{ITEMS}{rows}"), items)
}

#[test]
fn an_item_keeps_what_the_sheet_does_not_say() {
    let text = "code,campaign,title_zh,point_types,weight,limit\nWM-07,WM,消防通道畅通,MKT EST,3,4wh\n";
    assert_eq!(read_in(&known(), ImportKind::Items, text, items), (vec![item()], vec![], vec![]));
    let (rows, faults, emptied) = read_items("WM-07,WM,消防通道畅通,,,,3,,P,,,\n");
    let cleared = Item {
        fault_zh: String::new(),
        title_en: "消防通道畅通".into(),
        point_types: vec![],
        limit: None,
        limit_note: String::new(),
        chips: vec![],
        source: String::new(),
        ..item()
    };
    assert_eq!((rows, faults), (vec![cleared], vec![]));
    let was = [
        "2 point_types MKT EST",
        "2 title_en Fire lanes are free",
        "2 fault_zh 消防通道被占",
        "2 limit_note 先清",
        "2 source 县表",
        "2 chips 占道经营、卫生差",
    ];
    assert_eq!(emptied, was);
    // A title that was never given is not lost.
    let mut untitled = known();
    let same = untitled.items.get_mut("WM-07").unwrap();
    same.title_en = same.title_zh.clone();
    let text = format!("{ITEMS}WM-07,WM,消防通道畅通,错,,MKT,3,,P,注,卫生差,源\n");
    assert_eq!(read_in(&untitled, ImportKind::Items, &text, items).2, NONE);
}

#[test]
fn a_new_item_is_read_with_its_words() {
    let (rows, faults, _) = read_items(
        "WS-01,卫生城市,地面干净,地面脏,Clean,*,5,是,3wd,注,dirty/灯不亮,源\nWS-02,WS,甲,,,农贸市场,1,,2uh,,,\n",
    );
    assert_eq!(faults, NONE);
    let first = Item {
        code: "WS-01".into(),
        campaign: "WS".into(),
        title_zh: "地面干净".into(),
        fault_zh: "地面脏".into(),
        title_en: "Clean".into(),
        point_types: vec!["*".into()],
        weight: 5,
        veto: true,
        limit: TimeLimit::parse("3wd").ok(),
        limit_note: "注".into(),
        chips: vec![Chip::Dirty, Chip::LampOut],
        source: "源".into(),
        photo_required: false,
    };
    assert_eq!(rows[0], first);
    assert_eq!((&*rows[1].title_en, &rows[1].point_types, rows[1].veto), ("甲", &vec!["MKT".to_owned()], false));
}

#[test]
fn a_sheet_says_which_items_a_visit_shows_on_a_photo() {
    let read = |code: &str, cell: &str| {
        let text = format!("code,campaign,title_zh,point_types,weight,limit,必拍照片\n{code},WM,甲,*,3,3wd,{cell}\n");
        let (rows, faults, _) = read_in(&known(), ImportKind::Items, &text, items);
        (rows.first().map(|item| item.photo_required), faults)
    };
    assert_eq!(read("WM-08", "是"), (Some(true), vec![]));
    assert_eq!(read("WM-08", ""), (Some(false), vec![]));
    assert_eq!(read("WM-07", ""), (Some(true), vec![]));
    assert_eq!(read("WM-07", "否"), (Some(false), vec![]));
    assert_eq!(read("WM-07", "?").1, ["2 photo_required malformed"]);
}

#[test]
fn each_fault_of_an_item_is_told() {
    let row = |at: usize, cell: &str| {
        let mut cells = ["WS-01", "WS", "甲", "", "", "MKT", "3", "", "3wd", "", "", ""];
        cells[at] = cell;
        read_items(&format!("{}\n", cells.join(","))).1
    };
    for (at, cell, faults) in [
        (0, "WS-01", vec![]),
        (0, "", vec!["2 code required"]),
        // It is there, and of another campaign.
        (0, "WM-07", vec!["2 campaign not-allowed"]),
        (1, "XX", vec!["2 campaign unknown"]),
        (2, "", vec!["2 title_zh required"]),
        (5, "MKT XX", vec!["2 point_types unknown"]),
        (6, "0", vec!["2 weight out-of-range"]),
        (6, "1", vec![]),
        (6, "5", vec![]),
        (6, "6", vec!["2 weight out-of-range"]),
        (6, "", vec!["2 weight required"]),
        (7, "x", vec!["2 veto malformed"]),
        (8, "", vec!["2 limit malformed"]),
        (8, "x", vec!["2 limit malformed"]),
        (8, "P", vec![]),
        (10, "x", vec!["2 chips unknown"]),
    ] {
        assert_eq!(row(at, cell), faults, "{at} {cell}");
    }
    assert_eq!(read_items("WS-01,WS,甲,,,MKT,3,,P,,,\nWS-01,WS,甲,,,MKT,3,,P,,,\n").1, ["3 code duplicate"]);
}

const USERS: &str = "username,display_name,role,unit_code,campaign,vice_head,active\n";

#[test]
fn an_account_names_what_its_role_works_for_and_nothing_else() {
    let read = |rows: &str| {
        let (rows, faults, _) = read_in(&known(), ImportKind::Users, &format!("{USERS}{rows}"), users);
        (rows, faults)
    };
    let (rows, faults) = read("Wang01,王,unit,U02,,1,\nforce01,专班,创建专班,,文明城市,,0\nins.1,甲,暗访员,,,0,1\n");
    assert_eq!(faults, NONE);
    let person = |line, username: &str, display_name: &str, role| Person {
        line,
        username: username.into(),
        display_name: display_name.into(),
        role,
        unit_id: None,
        campaign: None,
        vice_head: None,
        active: None,
    };
    let of_unit = Person { unit_id: Some(STREET), vice_head: Some(true), ..person(2, "wang01", "王", Role::Unit) };
    let of_force = Person {
        campaign: CampaignCode::parse("WM"),
        active: Some(false),
        ..person(3, "force01", "专班", Role::TaskForce)
    };
    let inspector = Person { vice_head: Some(false), active: Some(true), ..person(4, "ins.1", "甲", Role::Inspector) };
    assert_eq!(rows, [of_unit, of_force, inspector]);
    for (row, faults) in [
        ("u,王,unit,U02,,,", vec!["2 username malformed"]),
        ("wang,,unit,U02,,,", vec!["2 display_name required"]),
        ("wang,王,chief,,,,", vec!["2 role unknown"]),
        ("wang,王,unit,,,,", vec!["2 unit_code required"]),
        ("wang,王,unit,U09,,,", vec!["2 unit_code unknown"]),
        ("wang,王,unit,U02,WM,,", vec!["2 campaign not-allowed"]),
        ("wang,王,office,U02,,,", vec!["2 unit_code not-allowed"]),
        ("wang,王,task_force,,,,", vec!["2 campaign required"]),
        ("wang,王,task_force,,XX,,", vec!["2 campaign unknown"]),
        ("wang,王,office,,,1,", vec!["2 vice_head not-allowed"]),
        ("wang,王,office,,,x,", vec!["2 vice_head malformed"]),
        ("wang,王,office,,,,x", vec!["2 active malformed"]),
        ("wang,王,office,,,,\nWANG,李,office,,,,", vec!["3 username duplicate"]),
    ] {
        assert_eq!(read(row).1, faults, "{row}");
    }
    // Without the column it stays as it is.
    let text = "username,display_name,role\nwang,王,unit\n";
    let (rows, faults, _) = read_in(&known(), ImportKind::Users, text, users);
    assert_eq!((rows[0].unit_id, faults), (None, vec![]));
}

const DUTIES: &str = "scope,area_code,item_or_category,role,unit_code,valid_from,valid_to\n";

fn read_duties(duties_before: Vec<Duty>, rows: &str) -> (Vec<Duty>, Vec<String>, Vec<String>) {
    read_in(&with_duties(duties_before), ImportKind::Duties, &format!("{DUTIES}{rows}"), duties)
}

fn category() -> DutySubject {
    DutySubject::Category("WM".into())
}

#[test]
fn a_duty_says_where_what_and_who() {
    let (rows, faults, _) = read_duties(
        vec![],
        ",,WM,lead,U01,,\n\
         ,990001,WM-07,主责,U02,2026-08-01,2026-08-31\n\
         ,东门社区,文明城市,门前责任,U02,,\n\
         990001-MKT-0001,990001,WM-07,co,东城街道,,\n",
    );
    assert_eq!(faults, NONE);
    let told = |duty: &Duty| (duty.place.clone(), duty.subject.clone(), duty.role, duty.unit_id);
    let item = || DutySubject::Item("WM-07".into());
    assert_eq!(
        rows.iter().map(told).collect::<Vec<_>>(),
        [
            (DutyPlace::County, category(), DutyRole::Lead, CITY),
            (DutyPlace::Area("990001".into()), item(), DutyRole::Lead, STREET),
            (DutyPlace::Area("990001002003".into()), category(), DutyRole::Frontage, STREET),
            (DutyPlace::Point(MARKET), item(), DutyRole::Co, STREET),
        ]
    );
    let day = |day| Some(Date::constant(2026, 8, day));
    assert_eq!((rows[1].valid_from, rows[1].valid_to), (day(1), day(31)));
    for (row, faults) in [
        (",99,WM,lead,U01,,", vec!["2 area_code malformed"]),
        ("P-9,,WM,lead,U01,,", vec!["2 scope unknown"]),
        (",,WM-07,lead,U01,,", vec!["2 area_code required"]),
        (",,XX,lead,U01,,", vec!["2 item_or_category unknown"]),
        (",,WM,chief,U01,,", vec!["2 role unknown"]),
        (",,WM,lead,U09,,", vec!["2 unit_code unknown"]),
        (",,WM,lead,U01,8月,", vec!["2 valid_from malformed"]),
        (",,WM,lead,U01,,8月", vec!["2 valid_to malformed"]),
        (",,WM,lead,U01,8月,\n,,WM,lead,U02,,", vec!["2 valid_from malformed"]),
        (",,WM,lead,U01,2026-08-02,2026-08-01", vec!["2 valid_to out-of-range"]),
        (",,WM,lead,U01,2026-08-02,2026-08-02", vec![]),
        (",,WM,co,U01,,\n,,WM,co,U01,,", vec!["3  duplicate"]),
        (",,WM,co,U01,,\n,,WM,co,U02,,", vec![]),
    ] {
        assert_eq!(read_duties(vec![], row).1, faults, "{row}");
    }
}

#[test]
fn a_duty_is_known_again_by_all_but_its_last_day() {
    let day = |day| Some(Date::constant(2026, 8, day));
    let there = || duty(DutyPlace::County, category(), CITY, day(1), day(31));
    let (rows, faults, emptied) = read_duties(vec![there()], ",,WM,lead,U01,2026-08-01,\n");
    assert_eq!((rows, faults), (vec![Duty { valid_to: None, ..there() }], vec![]));
    assert_eq!(emptied, ["2 valid_to 2026-08-31"]);
    // Another first day makes another duty.
    let (rows, ..) = read_duties(vec![there()], ",,WM,co,U01,2026-08-02,2026-08-03\n");
    assert_eq!((rows[0].id, rows[0].valid_to), (DutyId(Uuid::nil()), day(3)));
    // Without its column the first day is that of the only one that is alike.
    let text = "item_or_category,role,unit_code\nWM,lead,U01\n";
    let read = |before: Vec<Duty>| read_in(&with_duties(before), ImportKind::Duties, text, duties);
    assert_eq!(read(vec![there()]), (vec![there()], vec![], vec![]));
    let later = Duty { id: DutyId(Uuid::from_u128(22)), valid_from: day(2), ..there() };
    assert!(read(vec![there(), later]).1.contains(&"2 valid_from required".to_owned()));
    let of_others = Duty { unit_id: STREET, role: DutyRole::Co, ..there() };
    assert_eq!(read(vec![of_others]).0[0].valid_from, None);
}

#[test]
fn one_unit_leads_at_a_time() {
    let day = |day| Some(Date::constant(2026, 8, day));
    let there = |unit| duty(DutyPlace::County, category(), unit, day(1), day(10));
    assert_eq!(read_duties(vec![there(CITY)], ",,WM,lead,U02,2026-08-10,\n").1, ["2 role duplicate"]);
    assert_eq!(read_duties(vec![there(CITY)], ",,WM,lead,U02,2026-08-11,\n").1, NONE);
    assert_eq!(read_duties(vec![there(CITY)], ",,WM,co,U02,2026-08-10,\n").1, NONE);
    assert_eq!(read_duties(vec![there(CITY)], ",990001,WM,lead,U02,2026-08-10,\n").1, NONE);
    // What the sheet ends is no longer there.
    let ended = ",,WM,lead,U01,2026-08-01,2026-08-05\n,,WM,lead,U02,2026-08-06,\n";
    assert_eq!(read_duties(vec![there(CITY)], ended).1, NONE);
    let both = ",,WM,lead,U01,2026-08-20,\n,,WM,lead,U02,2026-08-21,\n";
    assert_eq!(read_duties(vec![], both).1, ["3 role duplicate"]);
    // Those that were there are not judged.
    let other = Duty { id: DutyId(Uuid::from_u128(22)), ..there(STREET) };
    assert_eq!(read_duties(vec![there(CITY), other], ",,WS,lead,U02,,\n").1, NONE);
    let told = |before: Vec<Duty>, rows: &str| {
        details(&with_duties(before), ImportKind::Duties, &format!("{DUTIES}{rows}"), |sheet, known, found| {
            duties(sheet, known, found);
        })
    };
    let there_already = "another unit leads there already: give that duty a last day first";
    assert_eq!(told(vec![there(CITY)], ",,WM,lead,U02,2026-08-10,\n"), [there_already]);
    assert_eq!(told(vec![], both), ["line 2 names another lead for the same days"]);
}

#[test]
fn a_calendar_names_days_off_and_days_that_are_made_up() {
    let read = |rows: &str| {
        let text = format!("date,kind,name_zh\n{rows}");
        read_in(&known(), ImportKind::Calendar, &text, |sheet, _, found| calendar(sheet, found))
    };
    let day = |month, day| Date::constant(2027, month, day);
    let (rows, faults, _) =
        read("2027-02-06,休,春节\n2027-02-20,makeup,\n2027-02-21,班,\n2027-03-01,usual,\n2027-01-01,off,\n");
    assert_eq!(faults, NONE);
    let kinds = [
        (day(2, 6), DayKind::Off),
        (day(2, 20), DayKind::Makeup),
        (day(2, 21), DayKind::Makeup),
        (day(3, 1), DayKind::Usual),
        (day(1, 1), DayKind::Off),
    ];
    assert_eq!(rows, kinds);
    for (row, faults) in [
        (",休,春节", vec!["2 date required"]),
        ("2月6日,休,", vec!["2 date malformed"]),
        ("2027-02-06,假,", vec!["2 kind unknown"]),
        ("2027-02-05,班,", vec!["2 kind not-allowed"]),
        ("2027-01-01,usual,", vec!["2 kind not-allowed"]),
        ("2028-01-01,makeup,", vec!["2 kind not-allowed"]),
        ("2027-02-06,休,\n2027/2/6,休,", vec!["3 date duplicate"]),
    ] {
        assert_eq!(read(row).1, faults, "{row}");
    }
}
