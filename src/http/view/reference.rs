//! Reference data in answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::duty::{Basis, Duty, DutyPlace, DutyRole, DutySubject, Responsible};
use crate::domain::geo::Location;
use crate::domain::ids::{DutyId, PointId, UnitId};
use crate::domain::initials;
use crate::domain::permitted_zone::PermittedZone;
use crate::domain::reference::{Campaign, Chip, Item, Point, PointType, Unit};

/// A campaign 创建项目.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's Campaign")]
pub struct CampaignView {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub level: String,
    pub honour_name: String,
}

/// A point type 点位类型.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's PointType")]
pub struct PointTypeView {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub observation_unit: String,
    pub look_first: String,
    pub radius_m: i32,
}

/// An item 测评项.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's Item")]
pub struct ItemView {
    pub code: String,
    pub campaign: String,
    /// What is asked for.
    pub title: String,
    /// What is wrong where it is violated, as headlines and papers name it; the title where the county says nothing else.
    #[schema(required = false)]
    pub fault: String,
    pub title_en: String,
    /// Types of points it is looked for at; `*` is all of them.
    pub point_types: Vec<String>,
    pub weight: i32,
    pub veto: bool,
    /// Such as `4wh`; `null` where a date is set at approval.
    #[schema(required = true)]
    pub limit: Option<String>,
    pub limit_note: String,
    /// One-tap chips that lead to it.
    pub chips: Vec<Chip>,
    pub source: String,
    /// Whether a visit shows it on a photo, also where it conforms.
    pub photo_required: bool,
    /// First letters of its title in pinyin, to search by: one word a character, a letter for each of its readings.
    #[schema(required = false)]
    pub initials: String,
}

/// A responsible unit 责任单位.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's Unit")]
pub struct UnitView {
    pub id: UnitId,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub area_code: String,
    pub active: bool,
    /// First letters of its name in pinyin, to search by: one word a character, a letter for each of its readings.
    #[schema(required = false)]
    pub initials: String,
}

/// One duty of a unit 责任分工.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's Duty")]
pub struct DutyView {
    pub id: DutyId,
    /// The point it is about; `null` with `area_code` for an area, `null` both for the county.
    #[schema(required = true)]
    pub point_id: Option<PointId>,
    #[schema(required = true)]
    pub area_code: Option<String>,
    /// The item it is about; `null` when it is about a whole campaign.
    #[schema(required = true)]
    pub item_code: Option<String>,
    #[schema(required = true)]
    pub campaign: Option<String>,
    pub role: DutyRole,
    pub unit_id: UnitId,
    /// First day, such as `2026-08-03`; `null` for since ever.
    #[schema(required = true)]
    pub valid_from: Option<String>,
    /// Last day; `null` for no end.
    #[schema(required = true)]
    pub valid_to: Option<String>,
}

impl From<Duty> for DutyView {
    fn from(it: Duty) -> Self {
        let (point_id, area_code) = match it.place {
            DutyPlace::County => (None, None),
            DutyPlace::Area(code) => (None, Some(code)),
            DutyPlace::Point(id) => (Some(id), None),
        };
        let (item_code, campaign) = match it.subject {
            DutySubject::Item(code) => (Some(code), None),
            DutySubject::Category(code) => (None, Some(code)),
        };
        DutyView {
            id: it.id,
            point_id,
            area_code,
            item_code,
            campaign,
            role: it.role,
            unit_id: it.unit_id,
            valid_from: it.valid_from.map(|day| day.to_string()),
            valid_to: it.valid_to.map(|day| day.to_string()),
        }
    }
}

/// Who answers for an item at a point.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponsibleView {
    /// Exactly one unit leads 主责.
    pub lead_unit_id: UnitId,
    /// What named it.
    pub basis: Basis,
    /// The others.
    pub others: Vec<OtherUnit>,
}

/// Another unit that answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherUnit {
    /// As what.
    pub role: DutyRole,
    /// Who.
    pub unit_id: UnitId,
}

impl From<Responsible> for ResponsibleView {
    fn from(it: Responsible) -> Self {
        let others = it.others.into_iter().map(|(role, unit_id)| OtherUnit { role, unit_id });
        ResponsibleView { lead_unit_id: it.lead, basis: it.basis, others: others.collect() }
    }
}

/// A point 点位.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "documented on the domain's Point")]
pub struct PlaceView {
    pub id: PointId,
    pub code: String,
    pub name: String,
    pub r#type: String,
    /// WGS-84; `null` where only the address is known so far.
    #[schema(required = true)]
    pub location: Option<Location>,
    pub radius_m: i32,
    pub campaigns: Vec<String>,
    pub is_demo: bool,
    pub lead_unit_id: UnitId,
    #[schema(required = true)]
    pub territorial_unit_id: Option<UnitId>,
    pub area_code: String,
    pub address: String,
    /// Whether it is inspected at present.
    pub active: bool,
    /// First letters of its name in pinyin, to search by: one word a character, a letter for each of its readings.
    #[schema(required = false)]
    pub initials: String,
    /// Metres from the position that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
}

/// All that a phone needs offline.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "named by what they hold")]
pub struct ReferenceView {
    /// What the county is called; empty until somebody says so.
    pub county_name: String,
    /// What the supervision office is called; empty until somebody says so.
    pub office_name: String,
    pub campaigns: Vec<CampaignView>,
    pub point_types: Vec<PointTypeView>,
    pub items: Vec<ItemView>,
    pub points: Vec<PlaceView>,
    pub units: Vec<UnitView>,
    /// Zones where stalls are permitted 允许摆摊区; absent where the county has none.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<PermittedZone>,
    /// Whether each finding is expected to name a capture number; only inspectors are told, and absent where it is not.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub capture_nonces: bool,
}

impl From<crate::app::reference::Reference> for ReferenceView {
    fn from(all: crate::app::reference::Reference) -> Self {
        ReferenceView {
            county_name: all.county_name,
            office_name: all.office_name,
            campaigns: all.campaigns.into_iter().map(CampaignView::from).collect(),
            point_types: all.point_types.into_iter().map(PointTypeView::from).collect(),
            items: all.items.into_iter().map(ItemView::from).collect(),
            points: all.points.into_iter().map(|point| PlaceView::from((point, None))).collect(),
            units: all.units.into_iter().map(UnitView::from).collect(),
            zones: all.zones,
            capture_nonces: all.capture_nonces,
        }
    }
}

impl From<Campaign> for CampaignView {
    fn from(it: Campaign) -> Self {
        CampaignView {
            code: it.code,
            name: it.name_zh,
            name_en: it.name_en,
            level: it.level,
            honour_name: it.honour_name,
        }
    }
}

impl From<PointType> for PointTypeView {
    fn from(it: PointType) -> Self {
        PointTypeView {
            code: it.code,
            name: it.name_zh,
            name_en: it.name_en,
            observation_unit: it.observation_unit,
            look_first: it.look_first,
            radius_m: it.radius_m,
        }
    }
}

impl From<Item> for ItemView {
    fn from(it: Item) -> Self {
        ItemView {
            initials: initials::of(&it.title_zh),
            fault: it.fault().to_owned(),
            code: it.code,
            campaign: it.campaign,
            title: it.title_zh,
            title_en: it.title_en,
            point_types: it.point_types,
            weight: it.weight,
            veto: it.veto,
            limit: it.limit.map(|limit| limit.to_string()),
            limit_note: it.limit_note,
            chips: it.chips,
            source: it.source,
            photo_required: it.photo_required,
        }
    }
}

impl From<Unit> for UnitView {
    fn from(it: Unit) -> Self {
        UnitView {
            initials: initials::of(&it.name),
            id: it.id,
            code: it.code,
            name: it.name,
            kind: it.kind,
            area_code: it.area_code,
            active: it.active,
        }
    }
}

impl From<(Point, Option<f64>)> for PlaceView {
    fn from((it, distance_m): (Point, Option<f64>)) -> Self {
        PlaceView {
            initials: initials::of(&it.name),
            id: it.id,
            code: it.code,
            name: it.name,
            r#type: it.point_type,
            location: it.location,
            radius_m: it.radius_m,
            campaigns: it.campaigns,
            is_demo: it.is_demo,
            lead_unit_id: it.lead_unit_id,
            territorial_unit_id: it.territorial_unit_id,
            area_code: it.area_code,
            address: it.address,
            active: it.active,
            distance_m: distance_m.map(|metres| (metres * 10.0).round() / 10.0),
        }
    }
}
