//! The county's calendar and settings, as every decision needs them.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::calendar::{CalendarRules, WorkCalendar};
use crate::domain::settings::Settings;
use crate::store::{Conn, StoreError, settings};

/// What is in force now.
#[derive(Debug, Clone)]
pub struct County {
    /// Working calendar.
    pub calendar: Arc<WorkCalendar>,
    /// Settings, with defaults for what was never set.
    pub settings: Arc<Settings>,
}

/// The values parsed last, with the text they were parsed from, so that they are parsed again only after a change.
#[derive(Debug, Clone, Default)]
pub struct CountyCache(Arc<Mutex<Option<Read>>>);

#[derive(Debug)]
struct Read {
    calendar: Option<i64>,
    settings: Vec<(String, String)>,
    county: County,
}

impl CountyCache {
    /// Reads the values in force in the caller's transaction, so other nodes need not be told about changes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when what is stored does not parse.
    pub fn load(&self, conn: &mut Conn) -> Result<County, StoreError> {
        // A version of the calendar is never changed.
        let calendar = settings::newest_calendar_version(conn)?;
        let rows = settings::list(conn)?;
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = cache.as_ref().filter(|read| read.calendar == calendar && read.settings == rows) {
            return Ok(read.county.clone());
        }
        let corrupt = |error: String| StoreError::Corrupt(error);
        let versions = settings::calendars(conn)?;
        let (version, rules) = match versions.last() {
            None => (0, CalendarRules::plain()),
            Some((version, body)) => {
                (*version, serde_json::from_str(body).map_err(|error| corrupt(error.to_string()))?)
            }
        };
        // Older versions are only used to tell since when a year's holidays have been known; one that does not parse is
        // skipped.
        let earlier: Vec<(i64, CalendarRules)> = versions
            .into_iter()
            .filter_map(|(version, body)| Some((version, serde_json::from_str(&body).ok()?)))
            .collect();
        let newest = WorkCalendar::new(version, rules).map_err(|error| corrupt(error.to_string()))?;
        let county = County {
            calendar: Arc::new(newest.after(earlier.iter().map(|(version, rules)| (*version, rules)))),
            settings: Arc::new(Settings::from_rows(&rows).map_err(corrupt)?),
        };
        *cache = Some(Read { calendar, settings: rows, county: county.clone() });
        Ok(county)
    }
}
