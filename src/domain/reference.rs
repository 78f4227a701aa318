//! Reference data: what a county sets up before inspections start.

use serde::Serialize;

use super::deadline::TimeLimit;
use super::geo::Location;
use super::ids::{PointId, UnitId};
use super::text::text_enum;

/// Digits of an area code, 6 for a county to 12 for a community. Source: GB/T 2260, GB/T 10114.
pub const AREA_CODE_DIGITS: std::ops::RangeInclusive<usize> = 6..=12;

/// A campaign 创建项目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// `WM`, `WS`, `SL`, `YL`.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// `national` or `provincial`.
    pub level: String,
    /// The honour aimed at.
    pub honour_name: String,
}

/// A type of places 点位类型.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointType {
    /// Upper-case code such as `MKT`.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What one visit covers.
    pub observation_unit: String,
    /// Where to look first.
    pub look_first: String,
    /// Default geofence radius in metres.
    pub radius_m: i32,
}

/// An item 测评项. Weights and limits are the county's, never a national standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Code such as `WM-07`.
    pub code: String,
    /// Campaign it belongs to.
    pub campaign: String,
    /// Chinese title: what is asked for 测评要求.
    pub title_zh: String,
    /// What is wrong where it is violated 问题表述; empty where the county has no text.
    pub fault_zh: String,
    /// English title.
    pub title_en: String,
    /// Point types it applies to; empty for items judged from papers.
    pub point_types: Vec<String>,
    /// 1–5.
    pub weight: i32,
    /// One failure fails the point 一票否决.
    pub veto: bool,
    /// Time to fix; `None` needs a plan or a date set at approval.
    pub limit: Option<TimeLimit>,
    /// What the limit covers, where it has stages.
    pub limit_note: String,
    /// Quick-choice chips for it.
    pub chips: Vec<Chip>,
    /// Source of the row.
    pub source: String,
    /// Whether a visit shows it on a photo, also where it conforms 必拍照片.
    pub photo_required: bool,
}

impl Item {
    /// The fault as headlines and papers name it; the title when the county has no text.
    #[must_use]
    pub fn fault(&self) -> &str {
        if self.fault_zh.is_empty() { &self.title_zh } else { &self.fault_zh }
    }
}

text_enum! {
    /// What people see every day, at one tap 群众身边小事. Source: domain M12.
    pub enum Chip {
        RoadUneven = "road-uneven", "路不平", "Uneven road";
        LampOut = "lamp-out", "灯不亮", "Lamp out";
        Dirty = "dirty", "卫生差", "Dirty";
        FacilityMissing = "facility-missing", "设施缺", "Facility missing";
        StreetMarket = "street-market", "以街为市", "Street as market";
        StrayStall = "stray-stall", "乱摆摊点", "Stray stall";
        RoadTrading = "road-trading", "占道经营", "Trading on the road";
        ShopSpill = "shop-spill", "出店经营", "Shop spills out";
        RoadWorking = "road-working", "占道作业", "Working on the road";
    }
}

impl Chip {
    /// Whether it is about stalls, which are no fault where they are permitted.
    #[must_use]
    pub fn is_about_stalls(self) -> bool {
        match self {
            Chip::StreetMarket | Chip::StrayStall | Chip::RoadTrading => true,
            Chip::RoadUneven
            | Chip::LampOut
            | Chip::Dirty
            | Chip::FacilityMissing
            | Chip::ShopSpill
            | Chip::RoadWorking => false,
        }
    }
}

text_enum! {
    /// What a unit is.
    pub enum UnitKind {
        Bureau = "bureau", "部门", "Bureau";
        Township = "township", "乡镇街道", "Township or subdistrict";
        Community = "community", "村社区", "Village or community";
        Company = "company", "企业", "Company";
        Institution = "institution", "事业单位", "Institution";
    }
}

/// A responsible unit 责任单位.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Identity.
    pub id: UnitId,
    /// Short code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Code of its [`UnitKind`].
    pub kind: String,
    /// Six-digit area code.
    pub area_code: String,
    /// Whether it may be given issues.
    pub active: bool,
}

/// A place that is inspected 点位.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Identity.
    pub id: PointId,
    /// `area6-TYPE-serial4`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Code of its [`PointType`].
    pub point_type: String,
    /// WGS-84; `None` where only the address is known so far.
    pub location: Option<Location>,
    /// Geofence radius in metres.
    pub radius_m: i32,
    /// Codes of the campaigns that inspect it.
    pub campaigns: Vec<String>,
    /// Demonstration point 示范点位.
    pub is_demo: bool,
    /// Lead unit 主责单位.
    pub lead_unit_id: UnitId,
    /// Territorial unit 属地单位.
    pub territorial_unit_id: Option<UnitId>,
    /// Six-digit area code.
    pub area_code: String,
    /// Where it is, for people.
    pub address: String,
    /// Whether it is inspected at present.
    pub active: bool,
}

/// What an issue shows of its point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PointSummary {
    /// Identity.
    pub id: PointId,
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Code of its type.
    pub point_type: String,
    /// WGS-84; `None` where only the address is known so far.
    pub location: Option<Location>,
    /// Where it is, for people.
    pub address: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_named_by_its_own_text_or_by_the_title() {
        let item = |fault: &str| Item {
            code: "WM-07".into(),
            campaign: "WM".into(),
            title_zh: "垃圾日产日清".into(),
            fault_zh: fault.into(),
            title_en: "Waste".into(),
            point_types: Vec::new(),
            weight: 3,
            veto: false,
            limit: None,
            limit_note: String::new(),
            chips: Vec::new(),
            source: String::new(),
            photo_required: false,
        };
        assert_eq!((item("垃圾未清运").fault(), item("").fault()), ("垃圾未清运", "垃圾日产日清"));
    }
}
