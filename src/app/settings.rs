//! The county's settings: reading and changing them.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::locks::{Lock, Locks};
use super::{App, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::policy::Permission;
use crate::domain::settings::{Difference, Settings};
use crate::domain::time::Timestamp;
use crate::store::{Conn, settings};

/// The settings in force, with defaults for what was never set.
///
/// # Errors
/// [`super::AppError::Forbidden`].
pub async fn read(app: &App, caller: &Caller) -> Result<Settings> {
    caller.require(Permission::ReadSettings)?;
    let county = app.county.clone();
    let settings = app.store.read(move |conn| county.load(conn)).await?.settings;
    Ok(Settings::clone(&settings))
}

/// Changes the named settings, all or none.
///
/// # Errors
/// [`super::AppError::Forbidden`], [`super::AppError::Invalid`] naming every setting that is unknown, of the wrong type
/// or out of its range.
pub async fn change(app: &App, caller: &Caller, changes: Map<String, Value>) -> Result<Settings> {
    let by = By::from(caller);
    change::make(app, ChangeSettings { by, county: app.county.clone(), changes, now: app.now() }).await
}

/// A change of settings.
struct ChangeSettings {
    by: By,
    county: CountyCache,
    changes: Map<String, Value>,
    now: Timestamp,
}

impl Change for ChangeSettings {
    type Before = Arc<Settings>;
    /// The new settings, and how they differ from the old ones.
    type Made = (Settings, Vec<Difference>);
    type Answer = Settings;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageSettings)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Settings]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(self.county.load(conn)?.settings)
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, Settings>> {
        let after = before.with(&self.changes)?;
        let differences = before.differences(&after);
        let record = |(name, old, new): &Difference| {
            let entry = self.by.done(self.now, AuditAction::SettingChanged, format!("setting:{name}"));
            entry.ended(Outcome::Done, format!("{old} → {new}"))
        };
        let records = differences.iter().map(record).collect();
        Ok(Decision::Made { made: (after, differences), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (_, differences): &Self::Made) -> Result<()> {
        let by = self.by.actor().map(|actor| actor.user_id);
        differences.iter().try_for_each(|(name, _, new)| Ok(settings::put(conn, name, &new.to_string(), self.now, by)?))
    }

    fn answer(&self, _: &mut Conn, (after, _): Self::Made) -> Result<Settings> {
        Ok(after)
    }
}
