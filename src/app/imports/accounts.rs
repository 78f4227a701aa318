//! How a sheet of people changes the accounts.

use std::collections::{HashMap, HashSet};

use super::rows::{PutUser, Rows};
use super::{Import, Imported, Person, refused};
use crate::app::locks::{Lock, Locks};
use crate::app::users::{UserChange, decide_change, record};
use crate::app::{AppError, Result};
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::ids::UserId;
use crate::domain::import::LineError;
use crate::domain::invalid::FieldCode;
use crate::domain::role::{Role, WorksFor};
use crate::domain::user::User;
use crate::store::{Conn, StoreError, users};

/// Locks and reads the accounts that a sheet names. A password set before the lock is seen; one set at the same time
/// waits until the sheet is written.
pub(super) fn lock(conn: &mut Conn, locks: &mut Locks, people: &[Person]) -> Result<HashMap<String, User>> {
    let named: HashSet<&str> = people.iter().map(|person| person.username.as_str()).collect();
    let mut all = users::list(conn, None)?;
    all.retain(|user| named.contains(user.username.as_str()));
    locks.take(conn, [Lock::Administrators].into_iter().chain(all.iter().map(|user| Lock::User(user.id))))?;
    let mut known = HashMap::new();
    for user in all {
        // Accounts are never removed.
        let user = users::find(conn, user.id)?.ok_or(StoreError::NotFound)?;
        known.insert(user.username.clone(), user);
    }
    Ok(known)
}

/// The accounts to write, the counts, and the audit records.
///
/// # Errors
/// [`AppError::Invalid`] with every fault.
pub(super) fn decide(
    conn: &mut Conn,
    import: &Import,
    people: Vec<Person>,
    known: &HashMap<String, User>,
) -> Result<(Rows, Imported, Vec<AuditEntry>)> {
    let (mut imported, mut faults) = (Imported::default(), Vec::new());
    let (mut rows, mut records) = (Vec::new(), Vec::new());
    let mut admins = users::count_active(conn, Role::Admin)?;
    for person in people {
        let line = person.line;
        let Some(before) = known.get(&person.username) else {
            let missing = match person.role.works_for() {
                WorksFor::Unit if person.unit_id.is_none() => {
                    Some(("unit_code", "a new account of a unit names its unit"))
                }
                WorksFor::Campaign if person.campaign.is_none() => {
                    Some(("campaign", "a new account of a task force names its campaign"))
                }
                WorksFor::Unit | WorksFor::Campaign | WorksFor::County => None,
            };
            if let Some((column, detail)) = missing {
                let (column, detail) = (column.to_owned(), detail.to_owned());
                faults.push(LineError { line, column, code: FieldCode::Required, detail });
                continue;
            }
            let (password, user) = new_user(import, person);
            admins += i64::from(user.role == Role::Admin && user.is_active());
            records.push(record(
                &import.by,
                import.now,
                AuditAction::UserCreated,
                &user,
                &format!("role {}", user.role),
            ));
            imported.count(true, false);
            imported.passwords.push((user.username.clone(), password));
            rows.push(PutUser::New(Box::new(user)));
            continue;
        };
        let change = UserChange {
            display_name: Some(person.display_name),
            unit_id: person.unit_id,
            campaign: person.campaign,
            vice_head: person.vice_head,
            role: Some(person.role),
            disabled: person.active.map(|active| !active),
        };
        match decide_change(conn, &import.by, before, change, &mut admins, import.now) {
            Ok(None) => imported.count(false, false),
            Ok(Some((changed, record))) => {
                imported.count(false, true);
                records.push(record);
                rows.push(PutUser::Changed(Box::new(changed)));
            }
            Err(AppError::Invalid(invalid)) => faults.extend(invalid.0.into_iter().map(|fault| LineError {
                line,
                column: match fault.pointer.trim_start_matches('/') {
                    "unit_id" => "unit_code".to_owned(),
                    column => column.to_owned(),
                },
                code: fault.code,
                detail: fault.detail,
            })),
            Err(error) => return Err(error),
        }
    }
    if faults.is_empty() { Ok((Rows::Users(rows), imported, records)) } else { Err(refused(faults)) }
}

/// A new account with its first password.
fn new_user(import: &Import, person: Person) -> (String, User) {
    let (password, password_hash) = import.passwords.get(&person.username).cloned().unwrap_or_default();
    let user = User {
        id: UserId(import.random.uuid()),
        username: person.username,
        display_name: person.display_name,
        role: person.role,
        unit_id: person.unit_id,
        campaign: person.campaign,
        vice_head: person.vice_head.unwrap_or(false),
        password_hash,
        password_changed_at: import.now,
        must_change_password: true,
        disabled_at: (person.active == Some(false)).then_some(import.now),
        created_at: import.now,
    };
    (password, user)
}
