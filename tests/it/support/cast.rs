//! The people of the small county: one list for every test that asks what others may read or do. A new role does not
//! compile until it has people here; from then on leaks, permissions and steps are tested for it like for all others.

use anfang::domain::policy::{Permission, Reach, reach};
use anfang::domain::role::{Role, WorksFor};
use serde_json::json;

use super::service::Service;

/// Somebody of the small county, `src/seed/data/people.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub username: &'static str,
    pub role: Role,
    /// Code of what the account works for; empty for the county.
    pub works_for: &'static str,
}

/// People of a role by name and what they work for. The first has no more to do with the issues of
/// [`Service::drive_to`] than the role has.
fn named(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        // inspector01 finds, inspector02 is given visits.
        Role::Inspector => &[("inspector03", ""), ("inspector01", ""), ("inspector02", "")],
        // U02 answers for the market, U06 for the lane.
        Role::Unit => &[("unit02", "U02"), ("unit06", "U06"), ("unit03", "U03")],
        Role::Office => &[("office01", ""), ("office02", "")],
        Role::Leader => &[("leader01", "")],
        Role::TaskForce => &[("taskforce01", "WM"), ("taskforce02", "WS")],
        Role::Discipline => &[("discipline01", "")],
        Role::Admin => &[("admin", "")],
    }
}

fn people(role: Role) -> impl Iterator<Item = Person> {
    named(role).iter().map(move |&(username, works_for)| Person { username, role, works_for })
}

/// All people, by role.
pub fn everybody() -> impl Iterator<Item = Person> {
    Role::ALL.iter().copied().flat_map(people)
}

/// The first of each role, in the order of [`Role::ALL`].
pub fn one_of_each() -> impl Iterator<Item = Person> {
    Role::ALL.iter().map(|role| people(*role).next().unwrap_or_else(|| panic!("nobody is {role}")))
}

/// The people who may learn nothing of the inspection.
pub fn outsiders() -> impl Iterator<Item = Person> {
    everybody().filter(|person| person.is_outsider())
}

/// Those who read an issue at the market once it is handed to U02, besides the inspectors who have a part in it.
pub fn readers() -> impl Iterator<Item = Person> {
    everybody().filter(|person| person.reads_released("U02", "WM"))
}

/// Whether an account of this name is in the cast, and works for the unit or campaign with this code.
pub fn works_for(username: &str, code: &str) -> bool {
    everybody().any(|person| person.username == username && person.works_for == code)
}

impl Person {
    /// Whether the permission table gives the role anything of this.
    pub fn may(self, permission: Permission) -> bool {
        reach(self.role, permission) != Reach::Never
    }

    /// Whether this person may learn nothing of the inspection. Inspectors, the office, the administrator and readers
    /// of the audit records know of it.
    pub fn is_outsider(self) -> bool {
        use Permission::{ListInspectors, ManageUsers, ReadAudit, ReportIssue};
        ![ReportIssue, ListInspectors, ManageUsers, ReadAudit].iter().any(|permission| self.may(*permission))
    }

    /// Whether this person may read a released issue of this unit and this campaign.
    pub fn reads_released(self, unit: &str, campaign: &str) -> bool {
        match reach(self.role, Permission::ReadIssue) {
            Reach::Never | Reach::Addressed => false,
            Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => false,
            Reach::Unit | Reach::UnitHead => self.works_for == unit,
            Reach::Campaign => self.works_for == campaign,
            Reach::Released | Reach::All => true,
        }
    }
}

on_both! {
    /// What this file says of people is what the county's accounts say.
    fn the_cast_is_of_the_county(db: TestDb) {
        let service = Service::start(db);
        for person in everybody() {
            let user = service.sign_in(person.username).get("/me").expect(200).json["user"].clone();
            assert_eq!(user["role"], person.role.as_str(), "{person:?}");
            let (unit, campaign) = match person.role.works_for() {
                WorksFor::County => (json!(null), json!(null)),
                WorksFor::Unit => (json!(service.unit(person.works_for)), json!(null)),
                WorksFor::Campaign => (json!(null), json!(person.works_for)),
            };
            assert_eq!((&user["unit_id"], &user["campaign"]), (&unit, &campaign), "{person:?}");
        }
    }
}
