//! How domain types appear in the OpenAPI document: strings of a known format, places, marks. Closed sets of codes
//! describe themselves (`text_enum`).

use std::borrow::Cow;

use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema as AnySchema};
use utoipa::{PartialSchema, ToSchema};

use super::campaign::CampaignCode;
use super::digest::Digest;
use super::ids::{
    AdjustmentId, AssessmentId, BatchId, CaptureNonce, CardId, CaseId, CommendationId, ComplaintId, DutyId,
    InspectorKey, IssueId, JobId, LeaderNoteId, LedgerEntryId, LongJobId, NameRequestId, NonceSupplyId, NoticeId,
    ObjectionId, PairingId, PhotoId, PointId, RequestId, SampleId, SavedViewId, ScheduleId, SelfReportId, SessionId,
    UnitId, UserId, VisitId, ZoneId,
};
use super::issue::Action;
use super::month::{Exact, Month};
use super::shown_time::{Deadline, ShownTime};
use super::time::Timestamp;

macro_rules! formatted {
    ($($type:ident as $format:expr, $pattern:expr;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<AnySchema> {
                let mut text = ObjectBuilder::new().schema_type(Type::String).pattern($pattern);
                text = text.format($format);
                Schema::Object(text.build()).into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                stringify!($type).into()
            }
        }
    )+};
}

const DATE_TIME: Option<SchemaFormat> = Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));
const UUID: Option<SchemaFormat> = Some(SchemaFormat::KnownFormat(KnownFormat::Uuid));

formatted! {
    AdjustmentId as UUID, None::<String>;
    CommendationId as UUID, None::<String>;
    LedgerEntryId as UUID, None::<String>;
    ObjectionId as UUID, None::<String>;
    Month as None, Some("^[0-9]{4}-[0-9]{2}$");
    Exact as None, Some("^-?[0-9]+([/.][0-9]+)?$");
    AssessmentId as UUID, None::<String>;
    ScheduleId as UUID, None::<String>;
    BatchId as UUID, None::<String>;
    CardId as UUID, None::<String>;
    CaseId as UUID, None::<String>;
    SelfReportId as UUID, None::<String>;
    SampleId as UUID, None::<String>;
    ComplaintId as UUID, None::<String>;
    SavedViewId as UUID, None::<String>;
    DutyId as UUID, None::<String>;
    InspectorKey as UUID, None::<String>;
    IssueId as UUID, None::<String>;
    JobId as UUID, None::<String>;
    LongJobId as UUID, None::<String>;
    NoticeId as UUID, None::<String>;
    PhotoId as UUID, None::<String>;
    PointId as UUID, None::<String>;
    RequestId as UUID, None::<String>;
    SessionId as UUID, None::<String>;
    UnitId as UUID, None::<String>;
    UserId as UUID, None::<String>;
    VisitId as UUID, None::<String>;
    NameRequestId as UUID, None::<String>;
    ZoneId as UUID, None::<String>;
    CaptureNonce as UUID, None::<String>;
    NonceSupplyId as UUID, None::<String>;
    PairingId as UUID, None::<String>;
    LeaderNoteId as UUID, None::<String>;
    CampaignCode as None, None::<String>;
    Timestamp as DATE_TIME, None::<String>;
    ShownTime as DATE_TIME, None::<String>;
    Deadline as DATE_TIME, None::<String>;
    Digest as None, Some("^[0-9a-f]{64}$");
}

/// The steps that can be asked for, as a parameter.
pub(crate) struct RequestedAction;

impl PartialSchema for RequestedAction {
    fn schema() -> RefOr<AnySchema> {
        let codes = Action::ALL.iter().filter(|action| action.is_requestable()).map(|action| action.as_str());
        Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).build()).into()
    }
}

impl ToSchema for RequestedAction {}

/// Four corners of two numbers each: a derived schema of nested arrays would leave out the lengths.
pub(crate) fn corners() -> ArrayBuilder {
    let corner =
        ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::Number)).min_items(Some(2)).max_items(Some(2));
    ArrayBuilder::new()
        .items(corner)
        .min_items(Some(4))
        .max_items(Some(4))
        .description(Some("Longitude and latitude of its corners: upper left, upper right, lower right, lower left."))
}

impl PartialSchema for super::geo::Location {
    fn schema() -> RefOr<AnySchema> {
        let degrees = |name: &str, most: f64| {
            ObjectBuilder::new()
                .schema_type(Type::Number)
                .minimum(Some(-most))
                .maximum(Some(most))
                .description(Some(format!("Degrees of WGS-84, {name}.")))
        };
        let accuracy = ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0.0))
            .description(Some("Radius of the 68 % circle in metres."));
        Schema::Object(
            ObjectBuilder::new()
                .schema_type(Type::Object)
                .property("lat", degrees("north", 90.0))
                .property("lon", degrees("east", 180.0))
                .property("accuracy_m", accuracy)
                .required("lat")
                .required("lon")
                .build(),
        )
        .into()
    }
}

impl PartialSchema for super::mark::Mark {
    fn schema() -> RefOr<AnySchema> {
        let part = |name: &str| {
            ObjectBuilder::new()
                .schema_type(Type::Number)
                .minimum(Some(0.0))
                .maximum(Some(1.0))
                .description(Some(format!("Part of the upright picture's {name}.")))
        };
        let kinds = super::mark::MarkKind::ALL.map(|kind| kind.as_str());
        let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds)).description(Some(
            "An arrow goes from the first point to the second; a circle fills the box between them, a blur hides it.",
        ));
        let mut mark = ObjectBuilder::new().schema_type(Type::Object).property("kind", kind).required("kind");
        for (field, side) in [("x1", "width"), ("y1", "height"), ("x2", "width"), ("y2", "height")] {
            mark = mark.property(field, part(side)).required(field);
        }
        Schema::Object(mark.build()).into()
    }
}

impl ToSchema for super::mark::Mark {
    fn name() -> Cow<'static, str> {
        "Mark".into()
    }
}

impl ToSchema for super::geo::Location {
    fn name() -> Cow<'static, str> {
        "Location".into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written<T: PartialSchema>() -> Value {
        serde_json::to_value(T::schema()).unwrap()
    }

    #[test]
    fn a_position_a_mark_and_corners_have_their_ranges() {
        let location = written::<super::super::geo::Location>();
        for (field, least, most) in [("lat", -90.0, 90.0), ("lon", -180.0, 180.0)] {
            let degrees = &location["properties"][field];
            assert_eq!((degrees["minimum"].as_f64(), degrees["maximum"].as_f64()), (Some(least), Some(most)));
        }
        let mark = written::<super::super::mark::Mark>();
        assert_eq!(mark["properties"]["kind"]["enum"], json!(["arrow", "circle", "blur"]));
        assert_eq!(mark["required"], json!(["kind", "x1", "y1", "x2", "y2"]));
        let corners = serde_json::to_value(Schema::Array(corners().build())).unwrap();
        let lengths = |list: &Value| (list["minItems"].as_u64(), list["maxItems"].as_u64());
        assert_eq!((lengths(&corners), lengths(&corners["items"])), ((Some(4), Some(4)), (Some(2), Some(2))));
        let names = [<super::super::geo::Location as ToSchema>::name(), <super::super::mark::Mark as ToSchema>::name()];
        assert_eq!(names, ["Location", "Mark"]);
    }

    #[test]
    fn only_steps_that_can_be_asked_for_are_a_parameter() {
        let listed = written::<RequestedAction>()["enum"].clone();
        let codes: Vec<&str> = Action::ALL.iter().filter(|one| one.is_requestable()).map(|one| one.as_str()).collect();
        assert_eq!(listed, json!(codes));
        assert!(codes.contains(&"approve") && !codes.contains(&"archive"));
    }
}
