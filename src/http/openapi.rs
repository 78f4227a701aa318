//! The OpenAPI document, generated from the routes and then made strict.

use actix_web::http::StatusCode;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, ResponseBuilder, SecurityRequirement};
use utoipa::{Modify, OpenApi as _};
use utoipa_actix_web::AppExt as _;

use super::client_limits::FOR_CLIENTS;
use super::extract::{ACCOUNT, SESSION_COOKIE};
use super::problem::ProblemBody;
use super::routes;
use crate::domain::coordinates::ListCrs;
use crate::domain::ids::{NonceSupplyId, UserId};
use crate::domain::issue::Facet;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Anfang 暗访",
        description = "Unannounced inspections: a photo-backed report travels from a phone to closed. Errors are \
                       `application/problem+json`; clients switch on `code`. A call may say whose it is, by \
                       `Anfang-Account`: for anybody else it is refused before it has any effect. A reading call that \
                       nobody asked for says `Anfang-Unattended: ?1`: it does not keep the login alive.",
        license(name = "Apache-2.0 OR MIT")
    ),
    components(schemas(ProblemBody, Facet, ListCrs, NonceSupplyId)),
    modifiers(&Access, &ForClients),
    security(("bearer" = []), ("cookie" = [])),
    tags(
        (name = "sessions", description = "Login and sessions 登录"),
        (name = "reference", description = "What inspectors choose from 基础数据"),
        (name = "imports", description = "Sheets that a county loads 导入"),
        (name = "jobs", description = "Background work 后台任务"),
        (name = "long-jobs", description = "Work that somebody waits for 长任务"),
        (name = "photos", description = "Photos 照片"),
        (name = "issues", description = "Reports and what becomes of them 问题"),
        (name = "visits", description = "What inspectors saw 暗访记录"),
        (name = "batches", description = "Plans, draws and tasks 暗访批次"),
        (name = "months", description = "The month's scores and ranking 月评"),
        (name = "self-reports", description = "Faults that units found themselves, their own look-backs 自查自改"),
        (name = "follow-up", description = "Look-back samples, cards, the dispatch list 督办"),
        (name = "planning", description = "Where to improve next 谋划"),
        (name = "point-heads", description = "Who answers for a point 点长"),
        (name = "capture-nonces", description = "Numbers 取证随机码 that phones are given ahead"),
        (name = "zones", description = "Where stalls are permitted 一摊一策"),
        (name = "packets", description = "Unsent records that the office hands in 补录"),
        (name = "unlisted-places", description = "Reported places off the list of points 名单外地点"),
        (name = "notices", description = "What somebody is told 消息"),
        (name = "complaints", description = "Complaints and suggestions 投诉建议"),
        (name = "map", description = "The ground under the map 底图"),
        (name = "users", description = "Accounts 账号"),
        (name = "settings", description = "Settings 设置"),
        (name = "setup", description = "The first day of a county 开通"),
        (name = "audit", description = "Who did what 操作留痕"),
        (name = "operations", description = "Whether it lives 运行状态")
    )
)]
struct Outline;

struct Access;

impl Modify for Access {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

struct ForClients;

impl Modify for ForClients {
    fn modify(&self, document: &mut OpenApi) {
        let limits: serde_json::Map<String, serde_json::Value> =
            FOR_CLIENTS.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        document.extensions.get_or_insert_default().insert("x-limits".to_owned(), limits.into());
    }
}

/// The document without its routes: the server adds those as it registers them.
pub(super) fn outline() -> OpenApi {
    Outline::openapi()
}

/// The whole document.
#[must_use]
pub fn document() -> OpenApi {
    let (_, document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(outline())
        .configure(routes::api)
        .configure(routes::operations)
        .split_for_parts();
    strict(document)
}

/// Adds what holds for all: objects have no other fields, every operation may answer a problem and has an id made of
/// its method and path, and every call that needs a login may name the account it is for.
pub(super) fn strict(mut document: OpenApi) -> OpenApi {
    if let Some(components) = &mut document.components {
        components.schemas.values_mut().for_each(|schema| {
            close(schema);
            open_choices(schema);
        });
    }
    for (name, path) in &mut document.paths.paths {
        let words: String = name
            .trim_start_matches("/api/v1")
            .chars()
            .filter(|c| !matches!(c, '{' | '}'))
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let operations = [
            ("get", &mut path.get),
            ("put", &mut path.put),
            ("post", &mut path.post),
            ("delete", &mut path.delete),
            ("patch", &mut path.patch),
            ("head", &mut path.head),
            ("options", &mut path.options),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(format!("{method}{words}"));
            let is_open =
                operation.security.as_ref().is_some_and(|ways| ways.contains(&SecurityRequirement::default()));
            if !is_open {
                operation.parameters.get_or_insert_default().push(RefOr::T(account()));
            }
            operation.parameters.iter_mut().flatten().for_each(|parameter| match parameter {
                RefOr::T(parameter) => parameter.schema.iter_mut().for_each(without_null),
                RefOr::Ref(_) => {}
            });
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                if response.description.is_empty() {
                    response.description = reason(status);
                }
                // Every failure has a problem.
                if status.as_str() >= "400" && response.content.is_empty() {
                    response.content.insert("application/problem+json".to_owned(), RefOr::T(problem.clone()));
                }
            }
            let response = ResponseBuilder::new()
                .description("A problem (RFC 9457)")
                .content("application/problem+json", problem)
                .build();
            operation.responses.responses.insert("default".to_owned(), response.into());
        }
    }
    document
}

/// A parameter may be left out, but is never null: there is no way to write it in an address or a header.
fn without_null(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && let SchemaType::Array(types) = &mut object.schema_type
    {
        types.retain(|kind| *kind != Type::Null);
        if let [only] = types.as_slice() {
            object.schema_type = SchemaType::Type(only.clone());
        }
    }
}

/// What a status means: OpenAPI wants a description of every answer.
fn reason(status: &str) -> String {
    let known = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
    known.and_then(|status| status.canonical_reason()).unwrap_or("Answer").to_owned()
}

fn account() -> Parameter {
    ParameterBuilder::new()
        .name(ACCOUNT)
        .parameter_in(ParameterIn::Header)
        .description(Some("The account that the call is for; `other-account` if another account is logged in"))
        .schema(Some(<UserId as utoipa::PartialSchema>::schema()))
        .build()
}

/// Turns `oneOf` into `anyOf` for the untagged choices (a view for each role, a body for each action), since several
/// may match: an empty list is a page of every kind, and a reason alone is the body of several actions.
fn open_choices(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(one_of)) = schema else { return };
    let is_null = |item: &RefOr<Schema>| match item {
        RefOr::T(Schema::Object(object)) => object.schema_type == Type::Null.into(),
        _ => false,
    };
    if one_of.discriminator.is_some() || one_of.items.iter().any(is_null) {
        return;
    }
    let mut any_of = AnyOfBuilder::new().description(one_of.description.clone());
    for item in &one_of.items {
        any_of = any_of.item(item.clone());
    }
    *schema = Schema::AnyOf(any_of.build()).into();
}

fn close(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            if !object.properties.is_empty() && object.additional_properties.is_none() {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
            object.properties.values_mut().for_each(close);
        }
        Schema::OneOf(one_of) => one_of.items.iter_mut().for_each(close),
        _ => {}
    }
}
