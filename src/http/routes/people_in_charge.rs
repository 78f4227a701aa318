//! Who answers for units, and which county leaders are paired with what.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::point_heads::day;
use crate::app::App;
use crate::app::people_in_charge::{self, InCharge};
use crate::app::planning::Put;
use crate::domain::ids::{PairingId, PointId, UnitId, UserId};
use crate::domain::pairing::{Paired, Pairing};
use crate::domain::time::Date;
use crate::domain::unit_person::{self, UnitDuty, UnitPerson};
use crate::domain::user::User;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(of_unit)
        .service(of_all)
        .service(put_person)
        .service(leaders)
        .service(pairings)
        .service(put_pairing)
        .service(remove_pairing);
}

/// Somebody who answers for a unit.
#[derive(Debug, Serialize, ToSchema)]
struct UnitPersonView {
    /// As what.
    duty: UnitDuty,
    /// From which day on, until the next one of the same duty.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The name; empty while nobody is named.
    person: String,
    /// A telephone number; may be empty.
    phone: String,
    /// Whether it is this person today.
    current: bool,
}

fn people(found: &InCharge) -> Items<UnitPersonView> {
    let today = unit_person::on(&found.people, found.today);
    let view = |one: &UnitPerson| UnitPersonView {
        duty: one.duty,
        from: one.from,
        person: one.person.clone(),
        phone: one.phone.clone(),
        current: today.contains(&one),
    };
    Items { items: found.people.iter().map(view).collect() }
}

/// Everybody who was, is or will be a unit's principal, vice head or liaison. A unit reads of itself.
#[utoipa::path(tag = "point-heads", params(("id" = UnitId, Path)), responses((status = 200, body = Items<UnitPersonView>)))]
#[get("/units/{id}/people")]
async fn of_unit(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UnitId>,
) -> Result<web::Json<Items<UnitPersonView>>, Problem> {
    Ok(web::Json(people(&people_in_charge::of_unit(&app, &caller.0, id.into_inner()).await?)))
}

/// Somebody who answers for a unit, or is going to.
#[derive(Debug, Serialize, ToSchema)]
struct InChargeView {
    /// Of which unit.
    unit_id: UnitId,
    /// As what.
    duty: UnitDuty,
    /// From which day on, until the next one of the same duty.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The name; empty while nobody is named.
    person: String,
    /// A telephone number; may be empty.
    phone: String,
    /// Whether it is this person today.
    current: bool,
}

/// Everybody who answers for a unit today or from a later day on, of all units; for the office.
#[utoipa::path(tag = "point-heads", responses((status = 200, body = Items<InChargeView>)))]
#[get("/unit-people")]
async fn of_all(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<InChargeView>>, Problem> {
    let units = people_in_charge::of_all(&app, &caller.0).await?;
    let shown_of = |(unit_id, found): &(UnitId, InCharge)| {
        let shown = people(found).items.into_iter().filter(|one| one.current || one.from > found.today);
        let view = |UnitPersonView { duty, from, person, phone, current }| InChargeView {
            unit_id: *unit_id,
            duty,
            from,
            person,
            phone,
            current,
        };
        shown.map(view).collect::<Vec<_>>()
    };
    Ok(web::Json(Items { items: units.iter().flat_map(shown_of).collect() }))
}

/// Who it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitPersonBody {
    /// The name, at most 40 characters; empty if nobody is named.
    person: String,
    /// A telephone number, at most 30 characters; may be empty.
    #[serde(default)]
    phone: String,
}

/// Notes who has a duty in a unit from a day on: today or later, or, as the first that is known, since a day in the past.
/// Answers all; the same again changes nothing.
#[utoipa::path(
    tag = "point-heads",
    params(
        ("id" = UnitId, Path),
        ("duty" = UnitDuty, Path),
        ("from" = String, Path, description = "The first day, such as `2026-08-03`")
    ),
    request_body = UnitPersonBody,
    responses(
        (status = 201, body = Items<UnitPersonView>),
        (status = 200, body = Items<UnitPersonView>, description = "One began on that day already")
    )
)]
#[put("/units/{id}/people/{duty}/{from}")]
async fn put_person(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(UnitId, String, String)>,
    body: Body<UnitPersonBody>,
) -> Result<HttpResponse, Problem> {
    let (unit, duty, from) = path.into_inner();
    let UnitPersonBody { person, phone } = body.read()?;
    let duty = UnitDuty::ALL.iter().find(|known| known.as_str() == duty);
    let duty = *duty.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    let person = UnitPerson { duty, from: day(&from)?, person, phone };
    let Put { created, shown } = people_in_charge::put_person(&app, &caller.0, unit, person).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(people(&shown)))
}

/// A county leader.
#[derive(Debug, Serialize, ToSchema)]
struct LeaderView {
    /// The account.
    id: UserId,
    /// The name.
    display_name: String,
    /// Whether the account is in use.
    active: bool,
}

/// County leaders, who can be paired; for the office.
#[utoipa::path(tag = "point-heads", responses((status = 200, body = Items<LeaderView>)))]
#[get("/leaders")]
async fn leaders(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<LeaderView>>, Problem> {
    let found = people_in_charge::leaders(&app, &caller.0).await?;
    let view = |user: User| LeaderView { id: user.id, active: user.is_active(), display_name: user.display_name };
    Ok(web::Json(Items { items: found.into_iter().map(view).collect() }))
}

/// A pairing 结对联创 of a county leader.
#[derive(Debug, Serialize, ToSchema)]
struct PairingView {
    /// Identity.
    id: PairingId,
    /// The leader's account.
    leader_id: UserId,
    /// With this unit.
    #[schema(required = true)]
    unit_id: Option<UnitId>,
    /// With this point.
    #[schema(required = true)]
    point_id: Option<PointId>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Last day; `null` while no end is known.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

impl From<Pairing> for PairingView {
    fn from(Pairing { id, leader_id, with, from, to }: Pairing) -> Self {
        let (unit_id, point_id) = match with {
            Paired::Unit(unit) => (Some(unit), None),
            Paired::Point(point) => (None, Some(point)),
        };
        PairingView { id, leader_id, unit_id, point_id, from, to }
    }
}

/// Pairings of county leaders with units and points, by first day: all for the office, and a leader's own for a leader.
#[utoipa::path(tag = "point-heads", responses((status = 200, body = Items<PairingView>)))]
#[get("/pairings")]
async fn pairings(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<PairingView>>, Problem> {
    let found = people_in_charge::pairings(&app, &caller.0).await?;
    Ok(web::Json(Items { items: found.into_iter().map(PairingView::from).collect() }))
}

/// Who is paired with what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PairingBody {
    /// The leader's account.
    leader_id: UserId,
    /// With this unit; either it or a point.
    unit_id: Option<UnitId>,
    /// With this point.
    point_id: Option<PointId>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Last day; absent while no end is known.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// Keeps a pairing under an id of the client's choice, or changes it; of one that has begun only the end, from yesterday
/// on. The same again changes nothing.
#[utoipa::path(
    tag = "point-heads",
    params(("id" = PairingId, Path, description = "A UUID that the client drew")),
    request_body = PairingBody,
    responses((status = 201, body = PairingView), (status = 200, body = PairingView, description = "It was there"))
)]
#[put("/pairings/{id}")]
async fn put_pairing(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PairingId>,
    body: Body<PairingBody>,
) -> Result<HttpResponse, Problem> {
    let PairingBody { leader_id, unit_id, point_id, from, to } = body.read()?;
    let with = match (unit_id, point_id) {
        (Some(unit), None) => Some(Paired::Unit(unit)),
        (None, Some(point)) => Some(Paired::Point(point)),
        (None, None) | (Some(_), Some(_)) => None,
    };
    let make = |with| Pairing { id: id.into_inner(), leader_id, with, from, to };
    let Put { created, shown } = people_in_charge::put_pairing(&app, &caller.0, with.map(make)).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(PairingView::from(shown)))
}

/// Withdraws a pairing that has not begun.
#[utoipa::path(
    tag = "point-heads",
    params(("id" = PairingId, Path)),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/pairings/{id}")]
async fn remove_pairing(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PairingId>,
) -> Result<HttpResponse, Problem> {
    people_in_charge::remove_pairing(&app, &caller.0, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
