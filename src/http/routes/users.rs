//! Accounts, managed by the administrator.

use actix_web::{HttpResponse, get, patch, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::users::{self, NewUser, UserChange};
use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::view::{Items, Person};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(create).service(read).service(change).service(reset_password).service(inspectors);
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
struct UserView {
    /// Identity.
    id: UserId,
    /// Name to log in with.
    username: String,
    /// What others see.
    display_name: String,
    /// What it is for.
    role: Role,
    /// The unit it works for.
    #[schema(required = true)]
    unit_id: Option<UnitId>,
    /// Code of the campaign it works for.
    #[schema(required = true)]
    campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head 分管领导, who confirms severe fixes.
    vice_head: bool,
    /// Whether the user must still set a password of their own.
    must_change_password: bool,
    /// Since when it may not log in.
    #[schema(required = true)]
    disabled_at: Option<Timestamp>,
    /// When it was made.
    created_at: Timestamp,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        UserView {
            id: user.id,
            username: user.username,
            display_name: user.display_name,
            role: user.role,
            unit_id: user.unit_id,
            campaign: user.campaign,
            vice_head: user.vice_head,
            must_change_password: user.must_change_password,
            disabled_at: user.disabled_at,
            created_at: user.created_at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UserParams {
    /// Of this role.
    role: Option<Role>,
}

/// Accounts, by name.
#[utoipa::path(tag = "users", params(UserParams), responses((status = 200, body = Items<UserView>)))]
#[get("/users")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<UserParams>,
) -> Result<web::Json<Items<UserView>>, Problem> {
    let found = users::list(&app, &caller.0, params.role).await?;
    Ok(web::Json(Items { items: found.into_iter().map(UserView::from).collect() }))
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUserBody {
    /// Name to log in with: 2–32 of `a-z0-9._-`.
    username: String,
    /// What others see; for inspectors a pseudonym.
    display_name: String,
    /// What it is for.
    role: Role,
    /// The unit it works for: exactly for role `unit`.
    #[serde(default)]
    unit_id: Option<UnitId>,
    /// Code of the campaign it works for: exactly for role `task_force`.
    #[serde(default)]
    campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head.
    #[serde(default)]
    vice_head: bool,
    /// First password; drawn when absent. Its owner must change it.
    #[serde(default)]
    #[schema(format = Password)]
    password: Option<String>,
}

/// An account that has just been made, with its first password where one was drawn.
#[derive(Debug, Serialize, ToSchema)]
struct NewUserView {
    /// The account.
    user: UserView,
    /// The generated password; it is shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// Makes an account.
#[utoipa::path(tag = "users", request_body = NewUserBody, responses((status = 201, body = NewUserView)))]
#[post("/users")]
async fn create(app: web::Data<App>, caller: Active, body: Body<NewUserBody>) -> Result<HttpResponse, Problem> {
    let NewUserBody { username, display_name, role, unit_id, campaign, vice_head, password } = body.read()?;
    let new = NewUser { username, display_name, role, unit_id, campaign, vice_head, password };
    let (user, password) = users::create(&app, &caller.0, new).await?;
    Ok(HttpResponse::Created().json(NewUserView { user: user.into(), password }))
}

/// One account.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 200, body = UserView)))]
#[get("/users/{id}")]
async fn read(app: web::Data<App>, caller: Active, id: web::Path<UserId>) -> Result<web::Json<UserView>, Problem> {
    Ok(web::Json(users::get(&app, &caller.0, id.into_inner()).await?.into()))
}

/// What to change of an account; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChangeBody {
    /// What others see.
    #[serde(default)]
    display_name: Option<String>,
    /// The unit it works for.
    #[serde(default)]
    unit_id: Option<UnitId>,
    /// Code of the campaign it works for.
    #[serde(default)]
    campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head.
    #[serde(default)]
    vice_head: Option<bool>,
    /// What it is for.
    #[serde(default)]
    role: Option<Role>,
    /// Whether it may not log in.
    #[serde(default)]
    disabled: Option<bool>,
}

/// Changes an account. Disabling it, or another role, unit or campaign, ends its sessions.
#[utoipa::path(
    tag = "users", params(("id" = UserId, Path)), request_body = UserChangeBody, responses((status = 200, body = UserView))
)]
#[patch("/users/{id}")]
async fn change(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UserId>,
    body: Body<UserChangeBody>,
) -> Result<web::Json<UserView>, Problem> {
    let UserChangeBody { display_name, unit_id, campaign, vice_head, role, disabled } = body.read()?;
    let change = UserChange { display_name, unit_id, campaign, vice_head, role, disabled };
    Ok(web::Json(users::change(&app, &caller.0, id.into_inner(), change).await?.into()))
}

/// A generated password; it is shown once.
#[derive(Debug, Serialize, ToSchema)]
struct DrawnPassword {
    /// To be changed at the first login.
    password: String,
}

/// Draws a new password for an account and ends its sessions.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 200, body = DrawnPassword)))]
#[post("/users/{id}/password")]
async fn reset_password(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UserId>,
) -> Result<web::Json<DrawnPassword>, Problem> {
    let password = users::reset_password(&app, &caller.0, id.into_inner()).await?;
    Ok(web::Json(DrawnPassword { password }))
}

/// Inspectors who can be given a visit, by their pseudonyms.
#[utoipa::path(tag = "users", responses((status = 200, body = Items<Person>)))]
#[get("/inspectors")]
async fn inspectors(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<Person>>, Problem> {
    let found = users::inspectors(&app, &caller.0).await?;
    let items = found.into_iter().map(|user| Person { id: user.id, display_name: user.display_name });
    Ok(web::Json(Items { items: items.collect() }))
}
