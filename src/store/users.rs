//! Accounts.

use diesel::prelude::*;

use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::dialect::each_some;
use crate::store::schema::{former_passwords, users};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub(super) struct UserRow {
    id: UserId,
    username: String,
    display_name: String,
    role: Role,
    unit_id: Option<UnitId>,
    campaign: Option<CampaignCode>,
    /// NULL on accounts older than the column means no.
    vice_head: Option<bool>,
    password_hash: String,
    password_changed_at: Timestamp,
    must_change_password: bool,
    disabled_at: Option<Timestamp>,
    created_at: Timestamp,
}

macro_rules! same_fields {
    ($from:ty => $to:ident, $vice_head:expr) => {
        impl From<$from> for $to {
            fn from(it: $from) -> Self {
                $to {
                    id: it.id,
                    username: it.username,
                    display_name: it.display_name,
                    role: it.role,
                    unit_id: it.unit_id,
                    campaign: it.campaign,
                    vice_head: $vice_head(it.vice_head),
                    password_hash: it.password_hash,
                    password_changed_at: it.password_changed_at,
                    must_change_password: it.must_change_password,
                    disabled_at: it.disabled_at,
                    created_at: it.created_at,
                }
            }
        }
    };
}
same_fields!(UserRow => User, |stored: Option<bool>| stored == Some(true));
same_fields!(User => UserRow, Some);

/// Whether an account that may log in is the vice head of this unit.
pub fn unit_has_vice_head(conn: &mut Conn, unit: UnitId) -> Result<bool, StoreError> {
    let heads = users::table
        .filter(users::unit_id.eq(unit))
        .filter(users::vice_head.eq(true))
        .filter(users::disabled_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(heads)).get_result(conn)?)
}

/// The account with this id.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = users::table.find(id).select(UserRow::as_select()).first(conn).optional()?;
    Ok(row.map(User::from))
}

/// These accounts; unknown ids are left out.
pub fn find_all(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserRow> = each_some(ids, |some| {
        Ok(users::table.filter(users::id.eq_any(some)).select(UserRow::as_select()).load(conn)?)
    })?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// The account with this login name.
pub fn find_by_username(conn: &mut Conn, username: &str) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> =
        users::table.filter(users::username.eq(username)).select(UserRow::as_select()).first(conn).optional()?;
    Ok(row.map(User::from))
}

/// All accounts, or those of one role, by name.
pub fn list(conn: &mut Conn, role: Option<Role>) -> Result<Vec<User>, StoreError> {
    let mut query = users::table.select(UserRow::as_select()).order(users::username).into_boxed();
    if let Some(role) = role {
        query = query.filter(users::role.eq(role));
    }
    let rows: Vec<UserRow> = query.load(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// Display names of these accounts.
pub fn display_names(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<(UserId, String)>, StoreError> {
    each_some(ids, |some| {
        Ok(users::table.filter(users::id.eq_any(some)).select((users::id, users::display_name)).load(conn)?)
    })
}

/// Display names of all accounts.
pub fn all_display_names(conn: &mut Conn) -> Result<Vec<(UserId, String)>, StoreError> {
    Ok(users::table.select((users::id, users::display_name)).load(conn)?)
}

/// Stores a new account.
///
/// # Errors
/// [`StoreError::Conflict`] when the name is taken.
pub fn insert(conn: &mut Conn, user: &User) -> Result<(), StoreError> {
    diesel::insert_into(users::table).values(UserRow::from(user.clone())).execute(conn)?;
    Ok(())
}

/// Changes an account's names, role, unit and status; its password is not changed, whatever `user` contains.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_account(conn: &mut Conn, user: &User) -> Result<(), StoreError> {
    // Destructured, so that a new field must be assigned: to here, to the password, or to what never changes.
    let User {
        id,
        username: _,
        display_name,
        role,
        unit_id,
        campaign,
        vice_head,
        password_hash: _,
        password_changed_at: _,
        must_change_password: _,
        disabled_at,
        created_at: _,
    } = user;
    let changed = diesel::update(users::table.find(id))
        .set((
            users::display_name.eq(display_name),
            users::role.eq(role),
            users::unit_id.eq(unit_id),
            users::campaign.eq(campaign),
            users::vice_head.eq(vice_head),
            users::disabled_at.eq(disabled_at),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Sets the password of `user`, and stores the replaced one among the former ones; everything else stays.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_password(conn: &mut Conn, user: &User) -> Result<(), StoreError> {
    let before = find(conn, user.id)?.ok_or(StoreError::NotFound)?;
    if before.password_hash != user.password_hash {
        diesel::insert_into(former_passwords::table)
            .values((
                former_passwords::user_id.eq(user.id),
                former_passwords::password_hash.eq(before.password_hash),
                former_passwords::replaced_at.eq(user.password_changed_at),
            ))
            .execute(conn)?;
    }
    diesel::update(users::table.find(user.id))
        .set((
            users::password_hash.eq(&user.password_hash),
            users::password_changed_at.eq(user.password_changed_at),
            users::must_change_password.eq(user.must_change_password),
        ))
        .execute(conn)?;
    Ok(())
}

/// The hashes of the last `count` replaced passwords.
pub fn former_password_hashes(conn: &mut Conn, id: UserId, count: i64) -> Result<Vec<String>, StoreError> {
    Ok(former_passwords::table
        .filter(former_passwords::user_id.eq(id))
        .order(former_passwords::seq.desc())
        .limit(count)
        .select(former_passwords::password_hash)
        .load(conn)?)
}

/// Whether there is any account, one that may not log in included.
pub fn is_any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(conn)?)
}

/// How many accounts of `role` may log in.
pub fn count_active(conn: &mut Conn, role: Role) -> Result<i64, StoreError> {
    Ok(users::table.filter(users::role.eq(role)).filter(users::disabled_at.is_null()).count().get_result(conn)?)
}
