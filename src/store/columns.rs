//! How domain types are written to and read from columns.

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::Sqlite;

use super::connection::Backend;
use crate::domain::accountability::CaseKind;
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::batch::{BatchAction, BatchState};
use crate::domain::campaign::CampaignCode;
use crate::domain::card::{CardAction, CardState};
use crate::domain::complaint::ComplaintKind;
use crate::domain::deadline::TimeLimit;
use crate::domain::digest::Digest;
use crate::domain::draw::{Nonce, Secret};
use crate::domain::duty::DutyRole;
use crate::domain::evidence::FlagCode;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::ids::{
    AdjustmentId, AssessmentId, BatchId, CaptureNonce, CardId, CaseId, CommendationId, ComplaintId, DutyId,
    InspectorKey, IssueId, JobId, LeaderNoteId, LedgerEntryId, LongJobId, NameRequestId, NonceSupplyId, NoticeId,
    PairingId, PhotoId, PointId, RepeatDrawId, RequestId, SampleId, SavedViewId, ScheduleId, SelfReportId, SessionId,
    StepKey, UnitId, UserId, VisitId, ZoneId,
};
use crate::domain::issue::{
    Action, Confirmation, PhotoStage, PhotoView, Plan, Rejection, Remedy, RequestKind, RequestState, Source, State,
    with_facets,
};
use crate::domain::long_job::{LongJobKind, LongJobState};
use crate::domain::map::Crs;
use crate::domain::month::escalation::Measure;
use crate::domain::month::ledger::{EntryAction, EntryState};
use crate::domain::month::needs::Need;
use crate::domain::month::sample_proof::{SampleKind, SampleReason, SampleRowState};
use crate::domain::month::sampling::DayPart;
use crate::domain::month::{Exact, Month, MonthAction, MonthState};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::permitted_zone::PermittedZone;
use crate::domain::planning::AssessmentKind;
use crate::domain::role::Role;
use crate::domain::self_report::{SelfReportStage, SelfReportState};
use crate::domain::time::Timestamp;
use crate::domain::unit_person::UnitDuty;
use crate::domain::visit::ItemResult;
use crate::domain::visit::repeat::{RepeatProof, RepeatState};

type Raw<'a> = <Backend as diesel::backend::Backend>::RawValue<'a>;

/// Stores `$type` as `$sql`: `$out` converts to the stored value, `$back` from it.
macro_rules! column {
    ($($type:ty => $sql:ty, $stored:ty, |$value:ident| $out:expr, |$raw:ident| $back:expr;)+) => {$(
        impl AsExpression<$sql> for $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'e> AsExpression<$sql> for &'e $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl AsExpression<Nullable<$sql>> for $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'e> AsExpression<Nullable<$sql>> for &'e $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl ToSql<$sql, Sqlite> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let $value = self;
                let stored: $stored = $out;
                out.set_value(stored);
                Ok(IsNull::No)
            }
        }

        impl ToSql<$sql, Pg> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let $value = self;
                let stored: $stored = $out;
                <$stored as ToSql<$sql, Pg>>::to_sql(&stored, &mut out.reborrow())
            }
        }

        impl ToSql<$sql, Backend> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Backend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }

        impl<DB: diesel::backend::Backend> ToSql<Nullable<$sql>, DB> for $type
        where
            Self: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <Self as ToSql<$sql, DB>>::to_sql(self, out)
            }
        }

        impl FromSql<$sql, Backend> for $type {
            fn from_sql(raw: Raw<'_>) -> deserialize::Result<Self> {
                let $raw = <$stored as FromSql<$sql, Backend>>::from_sql(raw)?;
                $back
            }
        }

        impl Queryable<$sql, Backend> for $type {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    )+};
}

macro_rules! id_columns {
    ($($type:ident)+) => {
        column! {$(
            $type => Binary, Vec<u8>, |id| id.as_bytes().to_vec(), |bytes| Ok($type(uuid::Uuid::from_slice(&bytes)?));
        )+}
    };
}

macro_rules! text_columns {
    ($($type:ty),+) => {
        column! {$(
            $type => Text, String, |member| member.as_str().to_owned(), |code| <$type>::parse(&code).ok_or_else(|| {
                format!("`{code}` is no {}", stringify!($type)).into()
            });
        )+}
    };
}

/// The choices of facets are stored by their codes.
macro_rules! facet_columns {
    ([$($(#[doc = $doc:literal])+ $field:ident: $stored:ty as $choice:ty;)*] {}) => {
        text_columns! { $($choice),+ }
    };
}

/// Stores a value as JSON in one column.
macro_rules! json_columns {
    ($($type:ident)+) => {
        column! {$(
            $type => Text, String, |value| serde_json::to_string(value)?, |text| Ok(serde_json::from_str(&text)?);
        )+}
    };
}

id_columns! { BatchId InspectorKey ComplaintId SavedViewId DutyId IssueId PhotoId VisitId UserId UnitId PointId SessionId RequestId JobId StepKey NoticeId LongJobId }
id_columns! { AdjustmentId CommendationId LedgerEntryId CardId CaseId SampleId AssessmentId ScheduleId ZoneId NameRequestId CaptureNonce NonceSupplyId PairingId SelfReportId LeaderNoteId RepeatDrawId }
text_columns! { ComplaintKind, Crs, DutyRole, Role, State, Source, Remedy, PhotoView, PhotoStage, RequestKind, RequestState, Action, FlagCode, AuditAction, Outcome, NoticeKind, LongJobKind, LongJobState, ItemResult, BatchAction, BatchState }
text_columns! { MonthAction, MonthState, EntryAction, EntryState, CaseKind, CardAction, CardState, Measure, SampleKind, SampleReason, SampleRowState, DayPart, AssessmentKind, Need, UnitDuty, SelfReportStage, SelfReportState, RepeatState }
with_facets!(facet_columns {});
json_columns! { Confirmation PermittedZone Plan Rejection RepeatProof }
column! {
    Recipient => Text, String, |recipient| recipient.key(), |key| {
        Recipient::parse(&key).ok_or_else(|| format!("`{key}` is no recipient of notices").into())
    };
    Month => Text, String, |month| month.to_string(), |text| Ok(Month::parse(&text)?);
    Exact => Text, String, |number| number.to_string(), |text| Ok(Exact::parse(&text)?);
    Timestamp => BigInt, i64, |time| time.as_micros(), |micros| Ok(Timestamp::from_micros(micros));
    Fingerprint => BigInt, i64, |print| print.bits().cast_signed(), |bits| Ok(Fingerprint::from_bits(bits.cast_unsigned()));
    Digest => Binary, Vec<u8>, |digest| digest.as_bytes().to_vec(), |bytes| {
        Digest::from_slice(&bytes).ok_or_else(|| "a digest is 32 bytes".into())
    };
    Secret => Binary, Vec<u8>, |secret| secret.as_bytes().to_vec(), |bytes| {
        bytes.first_chunk().filter(|_| bytes.len() == 32).map(|bytes| Secret::from_bytes(*bytes)).ok_or_else(|| "a secret is 32 bytes".into())
    };
    Nonce => Binary, Vec<u8>, |nonce| nonce.as_bytes().to_vec(), |bytes| {
        bytes.first_chunk().filter(|_| bytes.len() == 32).map(|bytes| Nonce::from_bytes(*bytes)).ok_or_else(|| "a nonce is 32 bytes".into())
    };
    CampaignCode => Text, String, |code| code.to_string(), |code| {
        CampaignCode::parse(&code).ok_or_else(|| format!("`{code}` is no code of a campaign").into())
    };
    TimeLimit => Text, String, |limit| limit.to_string(), |text| {
        TimeLimit::parse(&text).map_err(|error| error.to_string().into())
    };
}
