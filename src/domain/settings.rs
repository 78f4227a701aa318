//! The county's settings: each with its default, its range and the source of the default.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::deadline::DayEnd;
use super::invalid::{FieldCode, Invalid};
use super::issue::{OfflineRule, OnSiteEvidence};
use super::role::{Device, Role};
use super::text::{self, one_line, text_enum};

/// Characters of the name of a county or of its office. Source: our choice; they stand at the head of every page.
pub const COUNTY_NAME_CHARS_MAX: u32 = 30;
/// Highest value of `task_lead_minutes`. Source: our choice; who knows of a task for longer can tell it to more people.
pub const TASK_LEAD_MINUTES_MAX: u32 = 120;

/// All settings. Each field is a row of the settings table under its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What the county is called, at most 30 characters; empty until somebody says so. It stands on what is printed.
    pub county_name: String,
    /// What the supervision office is called, at most 30 characters; empty until somebody says so. It issues notices.
    pub office_name: String,
    /// When a limit in days ends on its last day. Default midnight. Source: domain §2.4.
    pub day_end: DayEnd,
    /// How far a device's clock may be off, in minutes, for the time it gives for an offline answer to count, 1–60.
    /// Default 5. Source: domain §5.2.
    pub offline_skew_minutes_max: u32,
    /// Longest delay, in hours, of an offline answer that counts from when it was given, 1–168. Default 24. Source:
    /// domain §5.2.
    pub offline_hours_max: u32,
    /// Minutes that a device's clock may be ahead of the server's at a finding, 1–60; beyond that the report gets a
    /// doubt. Default 5. Source: domain §6.5.
    pub capture_ahead_minutes_max: u32,
    /// Difference in minutes between the time in a photo and the report's, above which it gets a doubt, 1–1440. Default
    /// 30. Source: our choice, to be tuned.
    pub photo_time_minutes_max: u32,
    /// Whether a check that is passed on site needs a photo, or a note that says why there is none. Default optional,
    /// as the contract has it. Source: our choice.
    pub on_site_evidence: OnSiteEvidence,
    /// Least characters of a password, 8–64. Default 10. Source: domain §7.4.
    pub password_chars_min: u32,
    /// Least kinds of characters (lower, upper, digit, other) in a password, 1–4. Default 3. Source: domain §7.4.
    pub password_classes_min: u32,
    /// Days until a password must be changed, 0 for never, up to 3650. Default 90. Source: domain §7.4.
    pub password_days_max: u32,
    /// Former passwords that may not be used again, 0–20. Default 5. Source: domain §7.4.
    pub password_history: u32,
    /// Failed logins of an account before it must wait, 3–20. Default 5. Source: domain §7.4.
    pub sign_in_failures_max: u32,
    /// Longest wait in minutes, reached by doubling, 1–1440. Default 15. Source: domain §7.4.
    pub sign_in_lock_minutes: u32,
    /// Minutes without use after which a session at a desk ends, 5–1440. Default 15. Source: domain §7.4.
    pub idle_minutes_desk: u32,
    /// The same for inspectors and units, who work on phones, 5–1440. Default 30. Source: domain §7.4.
    pub idle_minutes_phone: u32,
    /// Hours after which a session ends even if it is used, 1–720. Default 24. Source: our choice.
    pub session_hours_max: u32,
    /// Minutes before its slot from which a task is shown to its inspector, 0–120. Default 30. Source: our choice.
    pub task_lead_minutes: u32,
    /// Whether visits that nobody drew count in rankings. They do not by default. Source: our judgement; whoever chooses
    /// where to go could choose who comes out last.
    pub sudden_visits: SuddenVisits,
    /// Speed in km/h between two findings of one inspector above which the later one gets a doubt, 50–1000. Default 150.
    /// Source: domain §6.5.
    pub travel_kmh_max: u32,
    /// Findings of one inspector with exactly the same position, hours apart, from which one gets a doubt, 3–50.
    /// Default 5. Source: our choice, to be tuned.
    pub same_positions_min: u32,
    /// Bits of 64 in which a photo of a fix may differ from one of the fault and still count as the same, 0–16. Default
    /// 2. Source: our choice, to be tuned.
    pub fix_alike_bits_max: u32,
    /// Bits of 64 in which a photo of a fix from the same angle must differ from all of the fault's to count as of
    /// another place, 24–64. Default 40; pictures that have nothing in common differ in 32 on average. Source: our
    /// choice, to be tuned.
    pub fix_unlike_bits_min: u32,
    /// Fixes by one person, far apart and within `burst_minutes_max`, from which one gets a doubt, 3–50. Default 5.
    /// Source: domain §6.5.
    pub burst_fixes_min: u32,
    /// Minutes within which so many fixes are too many, 1–60. Default 3. Source: domain §6.5.
    pub burst_minutes_max: u32,
    /// Whether a finding without a capture number 取证随机码 gets a doubt. Not by default: phones that were not online for
    /// long have none left. Source: our choice.
    pub capture_nonces: CaptureNonces,
    /// Hours for which a capture number is good after a phone was given it, 1–168. Default 24. Source: domain §6.4.
    pub capture_nonce_hours_max: u32,
    /// What units see of the ranking of a published month. Default their own peer group. Source: our judgement; the
    /// circular has it anyway.
    pub month_ranking: UnitsSeeRanking,
}

text_enum! {
    /// What units see of a published ranking.
    #[derive(Default)]
    pub enum UnitsSeeRanking {
        Nothing = "nothing", "不公开", "Nothing";
        #[default]
        OwnGroup = "own-group", "本考评分组", "Their own peer group";
    }
}

text_enum! {
    /// What a finding without a capture number 取证随机码 is.
    #[derive(Default)]
    pub enum CaptureNonces {
        #[default]
        Optional = "optional", "可以没有", "Taken as it is";
        Expected = "expected", "没有则存疑", "In doubt";
    }
}

text_enum! {
    /// What visits that nobody drew 突击暗访 are for.
    #[derive(Default)]
    pub enum SuddenVisits {
        #[default]
        LeftOut = "left-out", "不计入排名", "Not in rankings";
        Counted = "counted", "计入排名", "In rankings";
    }
}

/// The allowed values of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// A name of at most so many characters; it may be empty.
    Name(u32),
    /// A whole number from the first to the second.
    Numbers(u32, u32),
    /// One of these words.
    Words(&'static [&'static str]),
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            county_name: String::new(),
            office_name: String::new(),
            day_end: DayEnd::Midnight,
            offline_skew_minutes_max: 5,
            offline_hours_max: 24,
            capture_ahead_minutes_max: 5,
            photo_time_minutes_max: 30,
            on_site_evidence: OnSiteEvidence::Optional,
            password_chars_min: 10,
            password_classes_min: 3,
            password_days_max: 90,
            password_history: 5,
            sign_in_failures_max: 5,
            sign_in_lock_minutes: 15,
            idle_minutes_desk: 15,
            idle_minutes_phone: 30,
            session_hours_max: 24,
            task_lead_minutes: 30,
            sudden_visits: SuddenVisits::LeftOut,
            travel_kmh_max: 150,
            same_positions_min: 5,
            fix_alike_bits_max: 2,
            fix_unlike_bits_min: 40,
            burst_fixes_min: 5,
            burst_minutes_max: 3,
            capture_nonces: CaptureNonces::Optional,
            capture_nonce_hours_max: 24,
            month_ranking: UnitsSeeRanking::OwnGroup,
        }
    }
}

/// A changed setting: its name, its value before, its value after.
pub type Difference = (String, Value, Value);

impl Settings {
    /// The settings from stored rows (name, JSON value); names without a row have their defaults.
    ///
    /// # Errors
    /// A sentence saying which row is wrong.
    pub fn from_rows(rows: &[(String, String)]) -> Result<Self, String> {
        let mut fields = Map::new();
        for (name, value) in rows {
            let value: Value = serde_json::from_str(value).map_err(|error| format!("setting {name}: {error}"))?;
            fields.insert(name.clone(), value);
        }
        serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())
    }

    /// When the time that a device gives for an answer is believed.
    #[must_use]
    pub fn offline_rule(&self) -> OfflineRule {
        OfflineRule {
            skew_max: minutes(self.offline_skew_minutes_max),
            delay_max: minutes(self.offline_hours_max * 60),
        }
    }

    /// How far a device's clock may be ahead of the server's at a finding.
    #[must_use]
    pub fn capture_ahead_max(&self) -> Duration {
        minutes(self.capture_ahead_minutes_max)
    }

    /// How far the time in a photo may differ from the report's.
    #[must_use]
    pub fn photo_time_max(&self) -> Duration {
        minutes(self.photo_time_minutes_max)
    }

    /// Minutes without use after which a session of this role ends.
    #[must_use]
    pub fn idle_minutes(&self, role: Role) -> u32 {
        match role.works_on() {
            Device::Phone => self.idle_minutes_phone,
            Device::Desk => self.idle_minutes_desk,
        }
    }

    /// Every setting: its name and its allowed values.
    pub const FIELDS: &'static [(&'static str, Values)] = &[
        ("county_name", Values::Name(COUNTY_NAME_CHARS_MAX)),
        ("office_name", Values::Name(COUNTY_NAME_CHARS_MAX)),
        ("day_end", Values::Words(&["midnight", "close-of-business"])),
        ("offline_skew_minutes_max", Values::Numbers(1, 60)),
        ("offline_hours_max", Values::Numbers(1, 168)),
        ("capture_ahead_minutes_max", Values::Numbers(1, 60)),
        ("photo_time_minutes_max", Values::Numbers(1, 1440)),
        ("on_site_evidence", Values::Words(&["optional", "required"])),
        ("password_chars_min", Values::Numbers(8, 64)),
        ("password_classes_min", Values::Numbers(1, 4)),
        ("password_days_max", Values::Numbers(0, 3650)),
        ("password_history", Values::Numbers(0, 20)),
        ("sign_in_failures_max", Values::Numbers(3, 20)),
        ("sign_in_lock_minutes", Values::Numbers(1, 1440)),
        ("idle_minutes_desk", Values::Numbers(5, 1440)),
        ("idle_minutes_phone", Values::Numbers(5, 1440)),
        ("session_hours_max", Values::Numbers(1, 720)),
        ("task_lead_minutes", Values::Numbers(0, TASK_LEAD_MINUTES_MAX)),
        ("sudden_visits", Values::Words(&["left-out", "counted"])),
        ("travel_kmh_max", Values::Numbers(50, 1000)),
        ("same_positions_min", Values::Numbers(3, 50)),
        ("fix_alike_bits_max", Values::Numbers(0, 16)),
        ("fix_unlike_bits_min", Values::Numbers(24, 64)),
        ("burst_fixes_min", Values::Numbers(3, 50)),
        ("burst_minutes_max", Values::Numbers(1, 60)),
        ("capture_nonces", Values::Words(&["optional", "expected"])),
        ("capture_nonce_hours_max", Values::Numbers(1, 168)),
        ("month_ranking", Values::Words(&["nothing", "own-group"])),
    ];

    /// The value of this setting.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value> {
        self.fields().remove(name)
    }

    /// Checks every range.
    ///
    /// # Errors
    /// Each setting that is out of its range.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let fields = self.fields();
        for (name, values) in Self::FIELDS {
            let value = fields.get(*name).unwrap_or(&Value::Null);
            let mut fault = |code, detail: String| invalid.push(format!("/{name}"), code, detail);
            match (values, value.as_u64(), value.as_str()) {
                (Values::Numbers(min, max), Some(number), _)
                    if !(u64::from(*min)..=u64::from(*max)).contains(&number) =>
                {
                    fault(FieldCode::OutOfRange, format!("from {min} to {max}"));
                }
                (Values::Name(max), _, Some(text)) => match u32::try_from(text.chars().count()) {
                    Ok(count) if count <= *max && !text.chars().any(char::is_control) => {}
                    Ok(count) if count <= *max => fault(FieldCode::Malformed, "one line".to_owned()),
                    Ok(_) | Err(_) => fault(FieldCode::TooLong, format!("at most {max} characters")),
                },
                (Values::Numbers(..) | Values::Words(_) | Values::Name(_), ..) => {}
            }
        }
        invalid.into_result()
    }

    /// These settings with `changes` (name to JSON value) applied and checked.
    ///
    /// # Errors
    /// Each unknown name, each value of the wrong type, and each that is out of its range.
    pub fn with(&self, changes: &Map<String, Value>) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let mut changed = self.clone();
        for (name, value) in changes {
            let is_name = Self::FIELDS.iter().any(|(field, values)| field == name && matches!(values, Values::Name(_)));
            let value = match value {
                Value::String(text) if is_name => Value::String(text::name(text)),
                other => other.clone(),
            };
            let mut fields = changed.fields();
            // RFC 6901; a long name from a stranger is not repeated in full.
            let pointer = format!("/{}", one_line(&name.replace('~', "~0").replace('/', "~1"), 64));
            if fields.insert(name.clone(), value).is_none() {
                invalid.push(pointer, FieldCode::Unknown, "no such setting");
                continue;
            }
            match serde_json::from_value(Value::Object(fields)) {
                Ok(next) => changed = next,
                Err(_) => invalid.push(pointer, FieldCode::Malformed, "not a value this setting can have"),
            }
        }
        if let Err(out_of_range) = changed.validate() {
            invalid.0.extend(out_of_range.0);
        }
        invalid.into_result().map(|()| changed)
    }

    /// What differs in `after`: name, value here, value there.
    #[must_use]
    pub fn differences(&self, after: &Self) -> Vec<Difference> {
        let mut before = self.fields();
        after
            .fields()
            .into_iter()
            .filter_map(|(name, new)| {
                let old = before.remove(&name).unwrap_or_default();
                (old != new).then_some((name, old, new))
            })
            .collect()
    }

    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            // A struct of numbers and words is always an object.
            _ => Map::new(),
        }
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

#[cfg(test)]
mod tests;
