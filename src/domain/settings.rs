//! Settings of the county: every one with its default, its range and where the
//! default comes from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::deadline::DayEnd;
use super::invalid::{FieldCode, Invalid};
use super::role::Role;

/// What can be set. Each field is one row of the settings table under its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// When a limit in days ends on its last day. Default midnight. Source: domain §2.4.
    pub day_end: DayEnd,
    /// Least characters of a password, 8–64. Default 10. Source: domain §7.4.
    pub password_chars_min: u32,
    /// Least kinds of characters (lower, upper, digit, other) in a password, 1–4. Default 3. Source: domain §7.4.
    pub password_classes_min: u32,
    /// Days until a password must be changed, 0 for never, up to 3650. Default 90. Source: domain §7.4.
    pub password_days_max: u32,
    /// Former passwords that may not be used again, 0–20. Default 5. Source: domain §7.4.
    pub password_history: u32,
    /// Failed sign-ins of an account before it must wait, 3–20. Default 5. Source: domain §7.4.
    pub sign_in_failures_max: u32,
    /// Minutes the wait grows to, doubling, 1–1440. Default 15. Source: domain §7.4.
    pub sign_in_lock_minutes: u32,
    /// Minutes without use after which a sign-in at a desk ends, 5–1440. Default 15. Source: domain §7.4.
    pub idle_minutes_desk: u32,
    /// The same for inspectors and units, who work on phones, 5–1440. Default 30. Source: domain §7.4.
    pub idle_minutes_phone: u32,
    /// Hours after which a sign-in ends however much it is used, 1–720. Default 24. Source: our choice.
    pub session_hours_max: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            day_end: DayEnd::Midnight,
            password_chars_min: 10,
            password_classes_min: 3,
            password_days_max: 90,
            password_history: 5,
            sign_in_failures_max: 5,
            sign_in_lock_minutes: 15,
            idle_minutes_desk: 15,
            idle_minutes_phone: 30,
            session_hours_max: 24,
        }
    }
}

impl Settings {
    /// The settings that stored rows (name, JSON value) make; names not stored have their defaults.
    ///
    /// # Errors
    /// A sentence saying which row makes no sense.
    pub fn from_rows(rows: &[(String, String)]) -> Result<Self, String> {
        let mut fields = serde_json::Map::new();
        for (name, value) in rows {
            let value: Value = serde_json::from_str(value).map_err(|error| format!("setting {name}: {error}"))?;
            fields.insert(name.clone(), value);
        }
        serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())
    }

    /// Minutes without use after which a sign-in of this role ends.
    #[must_use]
    pub fn idle_minutes(&self, role: Role) -> u32 {
        match role {
            Role::Inspector | Role::Unit => self.idle_minutes_phone,
            Role::Office | Role::Leader | Role::Discipline | Role::Admin => self.idle_minutes_desk,
        }
    }

    /// Checks every range.
    ///
    /// # Errors
    /// Each setting that is out of its range.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (name, value, range) in [
            ("password_chars_min", self.password_chars_min, 8..=64),
            ("password_classes_min", self.password_classes_min, 1..=4),
            ("password_days_max", self.password_days_max, 0..=3650),
            ("password_history", self.password_history, 0..=20),
            ("sign_in_failures_max", self.sign_in_failures_max, 3..=20),
            ("sign_in_lock_minutes", self.sign_in_lock_minutes, 1..=1440),
            ("idle_minutes_desk", self.idle_minutes_desk, 5..=1440),
            ("idle_minutes_phone", self.idle_minutes_phone, 5..=1440),
            ("session_hours_max", self.session_hours_max, 1..=720),
        ] {
            if !range.contains(&value) {
                let detail = format!("from {} to {}", range.start(), range.end());
                invalid.push(format!("/{name}"), FieldCode::OutOfRange, detail);
            }
        }
        invalid.into_result()
    }
}
