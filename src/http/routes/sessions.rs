//! Login, logout, and one's own account.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::admission::Who;
use crate::app::{App, sessions};
use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{SessionId, UnitId, UserId};
use crate::domain::issue::Action;
use crate::domain::policy::{POLICY, Permission, Reach, reach};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::domain::user::{Session, User};
use crate::http::extract::{Body, SESSION_COOKIE, Signed, caller_address, refuse_other_site, request_id};
use crate::http::problem::Problem;
use crate::http::rate_limits::RateLimits;
use crate::http::server::{CookiePolicy, no_content};
use crate::http::view::Items;
use crate::http::view::reference::UnitView;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(sign_in).service(sign_out).service(list).service(revoke).service(me).service(change_password);
}

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// Name of the account.
    username: String,
    /// Its password.
    #[schema(format = Password)]
    password: String,
}

/// An account as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
struct OwnAccount {
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
}

impl From<User> for OwnAccount {
    fn from(user: User) -> Self {
        OwnAccount {
            id: user.id,
            username: user.username,
            display_name: user.display_name,
            role: user.role,
            unit_id: user.unit_id,
            campaign: user.campaign,
        }
    }
}

/// A session that has just begun. The token is shown only once.
#[derive(Debug, Serialize, ToSchema)]
struct SignedInView {
    /// What programs send as `Authorization: Bearer …`.
    token: String,
    /// When it ends, however much it is used.
    expires_at: Timestamp,
    /// Whether a password of one's own must be set before anything else.
    must_change_password: bool,
    /// Whose it is.
    user: OwnAccount,
}

/// Logs in: a token for programs, a cookie for browsers.
#[utoipa::path(tag = "sessions", request_body = Credentials, responses((status = 201, body = SignedInView)), security(()))]
#[post("/sessions")]
async fn sign_in(
    app: web::Data<App>,
    cookies: web::Data<CookiePolicy>,
    limits: web::Data<RateLimits>,
    request: HttpRequest,
    body: Body<Credentials>,
) -> Result<HttpResponse, Problem> {
    refuse_other_site(request.headers())?;
    let address = caller_address(&request);
    let agent: String = request
        .headers()
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map_or_else(String::new, |agent| agent.chars().take(200).collect());
    let Credentials { username, password } = body.read()?;
    let signed = sessions::sign_in(&app, &username, password, address, &agent, &request_id(&request)).await?;
    limits.learn(&signed.token, Who::Account(signed.user.id.0));
    // As long as the session: a phone that kills the browser must not log its owner out.
    let seconds = signed.expires_at.since(app.now()).as_secs();
    let lasts = Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
    let cookie = Cookie::build(SESSION_COOKIE, signed.token.clone())
        .max_age(lasts)
        .path("/")
        .http_only(true)
        .secure(cookies.secure)
        .same_site(SameSite::Strict)
        .finish();
    let view = SignedInView {
        token: signed.token,
        expires_at: signed.expires_at,
        must_change_password: signed.user.must_change_password,
        user: signed.user.into(),
    };
    Ok(HttpResponse::Created().cookie(cookie).json(view))
}

/// Logs out: ends this session.
#[utoipa::path(tag = "sessions", responses((status = 204, description = "Ended")))]
#[delete("/sessions/current")]
async fn sign_out(app: web::Data<App>, caller: Signed) -> Result<HttpResponse, Problem> {
    sessions::sign_out(&app, &caller.0).await?;
    let mut response = no_content();
    let mut cookie = Cookie::build(SESSION_COOKIE, "").path("/").http_only(true).finish();
    cookie.make_removal();
    // A cookie that cannot be written is no reason to fail: the session has ended.
    let _ = response.add_cookie(&cookie);
    Ok(response)
}

/// A session of the caller's account.
#[derive(Debug, Serialize, ToSchema)]
struct SessionView {
    /// Identity.
    id: SessionId,
    /// When it began, by a login.
    created_at: Timestamp,
    /// Last use, to the minute.
    last_seen_at: Timestamp,
    /// When it ends.
    expires_at: Timestamp,
    /// What the client called itself.
    agent: String,
    /// Whether it is the one that asks.
    is_current: bool,
}

/// The sessions of the caller's account, latest first.
#[utoipa::path(tag = "sessions", responses((status = 200, body = Items<SessionView>)))]
#[get("/sessions")]
async fn list(app: web::Data<App>, caller: Signed) -> Result<web::Json<Items<SessionView>>, Problem> {
    let current = caller.0.session_id;
    let view = |session: Session| SessionView {
        id: session.id,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        agent: session.agent,
        is_current: session.id == current,
    };
    let found = sessions::list(&app, &caller.0).await?;
    Ok(web::Json(Items { items: found.into_iter().map(view).collect() }))
}

/// Ends one of the caller's own sessions.
#[utoipa::path(tag = "sessions", params(("id" = SessionId, Path)), responses((status = 204, description = "Ended")))]
#[delete("/sessions/{id}")]
async fn revoke(app: web::Data<App>, caller: Signed, id: web::Path<SessionId>) -> Result<HttpResponse, Problem> {
    sessions::revoke(&app, &caller.0, id.into_inner()).await?;
    Ok(no_content())
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
struct MeView {
    /// The account.
    user: OwnAccount,
    /// The unit it works for.
    #[schema(required = true)]
    unit: Option<UnitView>,
    /// Whether a password of one's own must be set before anything else.
    must_change_password: bool,
    /// What the role may do at all, as far as its reach goes.
    permissions: Vec<String>,
    /// Actions on issues that the role may take at all.
    actions: Vec<Action>,
}

/// Who asks, their role, their unit, and what they may do.
#[utoipa::path(tag = "sessions", responses((status = 200, body = MeView)))]
#[get("/me")]
async fn me(app: web::Data<App>, caller: Signed) -> Result<web::Json<MeView>, Problem> {
    let (user, unit) = sessions::me(&app, &caller.0).await?;
    let role = user.role;
    let granted = || POLICY.iter().map(|(permission, _)| *permission).filter(|it| reach(role, *it) != Reach::Never);
    Ok(web::Json(MeView {
        user: user.into(),
        unit: unit.map(UnitView::from),
        must_change_password: caller.0.must_change_password,
        permissions: granted().filter(|it| !matches!(it, Permission::Act(_))).map(Permission::name).collect(),
        actions: granted()
            .filter_map(|permission| match permission {
                Permission::Act(action) if action.is_requestable() => Some(action),
                _ => None,
            })
            .collect(),
    }))
}

/// An old password and the one to take its place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    /// The present one.
    #[schema(format = Password)]
    old_password: String,
    /// The one to take its place.
    #[schema(format = Password)]
    new_password: String,
}

/// Changes the caller's own password and ends all other sessions.
#[utoipa::path(tag = "sessions", request_body = PasswordChange, responses((status = 204, description = "Changed")))]
#[put("/me/password")]
async fn change_password(
    app: web::Data<App>,
    caller: Signed,
    body: Body<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let PasswordChange { old_password, new_password } = body.read()?;
    sessions::change_password(&app, &caller.0, old_password, new_password).await?;
    Ok(no_content())
}
