//! The first day of a county: the first administrator, created in a browser with a code that only the operator of the
//! machine is told (ADR 0029), and the checklist that stays until nothing is open.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::locks::{Lock, Locks};
use super::sessions::salt;
use super::{App, AppError, Caller, Result};
use crate::admission::{AddressGroup, Who};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::UserId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::password;
use crate::domain::policy::Permission;
use crate::domain::role::Role;
use crate::domain::settings::Settings;
use crate::domain::setup::{Progress, SetupStep, StepMark, StepState, draw_code, folded_code};
use crate::domain::text;
use crate::domain::throttle::OF_ADDRESS;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, reference, sessions, settings, users};

/// Note with the code, from the first start until the first account exists. It is stored in clear text, so that every
/// node and every start prints the same code. Somebody who can read the database needs no code to take over the county.
const SETUP_CODE: &str = "setup-code";

/// The code with which the first administrator is created; `None` once there is an account.
///
/// # Errors
/// Only those of the database.
pub async fn code(app: &App) -> Result<Option<String>> {
    let (now, fresh) = (app.now(), draw_code(|end| app.random.below(end)));
    change::locked(app, [Lock::Administrators], move |conn, _| {
        if users::is_any(conn)? {
            settings::forget_note(conn, SETUP_CODE)?;
            return Ok(None);
        }
        if let Some(kept) = settings::find_note(conn, SETUP_CODE)? {
            return Ok(Some(kept));
        }
        settings::put_note(conn, SETUP_CODE, &fresh, now)?;
        Ok(Some(fresh))
    })
    .await
}

/// Whether there is no account at all.
///
/// # Errors
/// Only those of the database.
pub async fn is_needed(app: &App) -> Result<bool> {
    Ok(!app.store.read(users::is_any).await?)
}

/// The first administrator and the county.
#[derive(Clone)]
pub struct FirstAccount {
    /// What the service printed.
    pub code: String,
    /// Login name.
    pub username: String,
    /// What others see.
    pub display_name: String,
    /// The password, which need not be changed at the first login: its owner chose it.
    pub password: String,
    /// What the county is called.
    pub county_name: String,
}

/// Creates the first administrator and names the county, once: of two at a time one succeeds.
///
/// # Errors
/// [`AppError::AlreadySetUp`] once there is an account, [`AppError::SetupCodeRejected`],
/// [`AppError::SignInThrottled`] after too many wrong codes from the address, [`AppError::Invalid`] with every fault,
/// [`AppError::Busy`].
pub async fn set_up(app: &App, first: FirstAccount, address: Option<IpAddr>, request_id: &str) -> Result<User> {
    let group = AddressGroup::of(address);
    try_code(app, &first.code, group).await?;
    let now = app.now();
    let mut user = User {
        id: UserId(app.random.uuid()),
        username: text::code(&first.username).to_lowercase(),
        display_name: text::name(&first.display_name),
        role: Role::Admin,
        unit_id: None,
        campaign: None,
        vice_head: false,
        password_hash: String::new(),
        password_changed_at: now,
        must_change_password: false,
        disabled_at: None,
        created_at: now,
    };
    let county = app.county.clone();
    let before = app.store.read(move |conn| county.load(conn)).await?.settings;
    let mut invalid = Invalid::default();
    user.check(&mut invalid);
    password::check(&mut invalid, "/password", &first.password, &user.username, &before);
    let county_name = named(&before, &first.county_name, &mut invalid);
    invalid.into_result()?;
    user.password_hash = app.hasher.hash(Who::Address(group), first.password, salt(app)).await?;
    let origin = address.map_or_else(|| "from unknown".to_owned(), |address| format!("from {address}"));
    change::make(app, SetUp { user, county_name, origin, request_id: request_id.to_owned(), now }).await
}

/// The name as it is stored.
fn named(before: &Settings, name: &str, invalid: &mut Invalid) -> String {
    if text::name(name).is_empty() {
        invalid.push("/county_name", FieldCode::Required, "must not be empty");
    }
    match before.with(&Map::from_iter([("county_name".to_owned(), json!(name))])) {
        Ok(after) => after.county_name,
        Err(faults) => {
            invalid.0.extend(faults.0);
            String::new()
        }
    }
}

/// What became of a code that was tried.
enum Tried {
    Right,
    Wrong,
    TooLate,
    TooOften(std::time::Duration),
}

/// Compares a code, and counts a wrong one against the address in the same transaction, as a failed login is counted.
async fn try_code(app: &App, typed: &str, group: AddressGroup) -> Result<()> {
    let (now, key, typed) = (app.now(), format!("address:{group}"), folded_code(typed));
    let tried = change::locked(app, [Lock::Throttle(key.clone())], move |conn, _| -> Result<_> {
        if users::is_any(conn)? {
            return Ok(Tried::TooLate);
        }
        let row = sessions::find_throttle(conn, &key)?;
        if let Some(wait) = OF_ADDRESS.wait(row, now) {
            return Ok(Tried::TooOften(wait));
        }
        // Digests take as long to compare wherever two codes differ.
        let digest = |code: &str| Digest::of(folded_code(code).as_bytes());
        if settings::find_note(conn, SETUP_CODE)?.is_some_and(|kept| digest(&kept) == digest(&typed)) {
            return Ok(Tried::Right);
        }
        sessions::put_throttle(conn, &key, Some(OF_ADDRESS.spend(row, now)))?;
        Ok(Tried::Wrong)
    })
    .await?;
    match tried {
        Tried::Right => Ok(()),
        Tried::Wrong => Err(AppError::SetupCodeRejected),
        Tried::TooLate => Err(AppError::AlreadySetUp),
        Tried::TooOften(wait) => Err(AppError::SignInThrottled(wait)),
    }
}

/// The first account is created, and the county named.
struct SetUp {
    user: User,
    county_name: String,
    origin: String,
    request_id: String,
    now: Timestamp,
}

impl Change for SetUp {
    /// Whether there is an account already.
    type Before = bool;
    type Made = ();
    type Answer = User;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Administrators, Lock::Settings, Lock::User(self.user.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<bool> {
        Ok(users::is_any(conn)?)
    }

    fn authorise(&self, _: &mut Conn, is_late: &bool) -> Result<()> {
        if *is_late { Err(AppError::AlreadySetUp) } else { Ok(()) }
    }

    fn decide(&self, _: &mut Conn, _: bool) -> Result<Decision<(), User>> {
        let actor = self.user.actor();
        let record = |action, target: String, detail: String| {
            AuditEntry::done(self.now, Some(&actor), action, target, &self.request_id).ended(Outcome::Done, detail)
        };
        let created = format!("role {}, by the setup code, {}", self.user.role, self.origin);
        let named = format!("\"\" → {}", Value::from(self.county_name.as_str()));
        let records = vec![
            record(AuditAction::UserCreated, format!("user:{}", self.user.username), created),
            record(AuditAction::SettingChanged, "setting:county_name".to_owned(), named),
        ];
        Ok(Decision::Made { made: (), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        users::insert(conn, &self.user)?;
        let name = Value::from(self.county_name.as_str()).to_string();
        settings::put(conn, "county_name", &name, self.now, Some(self.user.id))?;
        Ok(settings::forget_note(conn, SETUP_CODE)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<User> {
        Ok(self.user.clone())
    }
}

/// The steps of the first day, and what exists already.
#[derive(Debug, Clone)]
pub struct Checklist {
    /// Every step, in order.
    pub steps: Vec<(SetupStep, StepState)>,
    /// What there is.
    pub progress: Progress,
}

impl Checklist {
    /// Whether no step is open or was skipped.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|(_, state)| *state == StepState::Done)
    }
}

/// The checklist of those who set the county up.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn checklist(app: &App, caller: &Caller) -> Result<Checklist> {
    caller.require(Permission::ManageReference)?;
    let (county, now) = (app.county.clone(), app.now());
    Ok(app.store.read(move |conn| read_checklist(conn, &county, now)).await?)
}

fn read_checklist(conn: &mut Conn, county: &CountyCache, now: Timestamp) -> std::result::Result<Checklist, StoreError> {
    let loaded = county.load(conn)?;
    let (items, units, points) = reference::counts(conn)?;
    let progress = Progress {
        is_named: !loaded.settings.county_name.is_empty(),
        items,
        units,
        office_people: users::count_active(conn, Role::Office)?,
        inspectors: users::count_active(conn, Role::Inspector)?,
        unit_people: users::count_active(conn, Role::Unit)?,
        points,
        unnamed_years: loaded.calendar.unnamed_years(now),
    };
    let marks = settings::step_marks(conn)?;
    let mark_of = |step| marks.iter().find(|(of, _)| *of == step).map(|(_, mark)| *mark);
    let steps = SetupStep::ALL.iter().map(|step| (*step, step.state(&progress, mark_of(*step)))).collect();
    Ok(Checklist { steps, progress })
}

/// Says something of a step, or takes it back with `None`.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for a word that the step does not take.
pub async fn mark(app: &App, caller: &Caller, step: SetupStep, mark: Option<StepMark>) -> Result<Checklist> {
    let by = By::from(caller);
    change::make(app, MarkStep { by, step, mark, county: app.county.clone(), now: app.now() }).await
}

/// A step is skipped for later, or a default is confirmed.
struct MarkStep {
    by: By,
    step: SetupStep,
    mark: Option<StepMark>,
    county: CountyCache,
    now: Timestamp,
}

impl Change for MarkStep {
    /// What was said of the step before.
    type Before = Option<StepMark>;
    type Made = ();
    type Answer = Checklist;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageReference)?;
        if self.mark == Some(StepMark::Confirmed) && !self.step.is_confirmed_by_people() {
            let detail = "this step is done when what it asks for is there";
            return Err(Invalid::one("/mark", FieldCode::NotAllowed, detail).into());
        }
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Settings]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(settings::step_marks(conn)?.into_iter().find(|(step, _)| *step == self.step).map(|(_, mark)| mark))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<(), Checklist>> {
        if before == self.mark {
            return Ok(Decision::Unchanged(read_checklist(conn, &self.county, self.now)?));
        }
        let word = |mark: Option<StepMark>| mark.map_or("none", StepMark::as_str);
        let entry = self.by.done(self.now, AuditAction::SettingChanged, format!("setting:setup.{}", self.step));
        let record = entry.ended(Outcome::Done, format!("{} → {}", word(before), word(self.mark)));
        Ok(Decision::Made { made: (), records: vec![record], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        let by = self.by.actor().map(|actor| actor.user_id);
        Ok(settings::put_step_mark(conn, self.step, self.mark, self.now, by)?)
    }

    fn answer(&self, conn: &mut Conn, (): ()) -> Result<Checklist> {
        Ok(read_checklist(conn, &self.county, self.now)?)
    }
}
