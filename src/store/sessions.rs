//! Login sessions, and the throttle on failed logins.

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::throttle::Throttle;
use crate::domain::time::Timestamp;
use crate::domain::user::{Session, User};
use crate::store::schema::{sessions, sign_in_throttles, users};
use crate::store::users::UserRow;
use crate::store::{Conn, StoreError};

#[diesel::declare_sql_function]
extern "SQL" {
    /// The characters of a text from this position on, the same on both databases.
    fn substr(
        text: diesel::sql_types::Text,
        from: diesel::sql_types::Integer,
        count: diesel::sql_types::Integer,
    ) -> diesel::sql_types::Text;
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    token_digest: Digest,
    user_id: UserId,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    agent: String,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Session {
            id: row.id,
            token_digest: row.token_digest,
            user_id: row.user_id,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            agent: row.agent,
        }
    }
}

/// The session with this token digest, and its account.
pub fn find_by_token(conn: &mut Conn, digest: &Digest) -> Result<Option<(Session, User)>, StoreError> {
    let row: Option<(SessionRow, UserRow)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(sessions::token_digest.eq(digest))
        .select((SessionRow::as_select(), UserRow::as_select()))
        .first(conn)
        .optional()?;
    Ok(row.map(|(session, user)| (session.into(), user.into())))
}

/// An account's sessions that are neither expired nor ended, latest first.
pub fn list_live(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order(sessions::created_at.desc())
        .select(SessionRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Stores a session.
pub fn insert(conn: &mut Conn, session: &Session) -> Result<(), StoreError> {
    let session = session.clone();
    diesel::insert_into(sessions::table)
        .values(SessionRow {
            id: session.id,
            token_digest: session.token_digest,
            user_id: session.user_id,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            revoked_at: session.revoked_at,
            agent: session.agent,
        })
        .execute(conn)?;
    Ok(())
}

/// Records that a session is being used.
pub fn touch(conn: &mut Conn, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(id)).set(sessions::last_seen_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Ends one session of `user`; answers whether there was one to end.
pub fn revoke(conn: &mut Conn, user: UserId, id: SessionId, at: Timestamp) -> Result<bool, StoreError> {
    let ended = diesel::update(
        sessions::table
            .filter(sessions::id.eq(id))
            .filter(sessions::user_id.eq(user))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(at))
    .execute(conn)?;
    Ok(ended > 0)
}

/// Ends every session of an account, except `except`.
pub fn revoke_all(conn: &mut Conn, user: UserId, except: Option<SessionId>, at: Timestamp) -> Result<(), StoreError> {
    let mut live = diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .set(sessions::revoked_at.eq(at))
        .into_boxed();
    if let Some(except) = except {
        live = live.filter(sessions::id.ne(except));
    }
    live.execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` sessions that ended before `before`; answers how many.
pub fn remove_ended(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let ended = sessions::table.filter(sessions::expires_at.lt(before)).limit(limit).select(sessions::id);
    let ended: Vec<SessionId> = ended.load(conn)?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(ended))).execute(conn)?)
}

/// The throttle under `key`.
pub fn find_throttle(conn: &mut Conn, key: &str) -> Result<Option<Throttle>, StoreError> {
    let row: Option<(i32, Timestamp, Timestamp)> = sign_in_throttles::table
        .find(key)
        .select((sign_in_throttles::failures, sign_in_throttles::last_failure_at, sign_in_throttles::blocked_until))
        .first(conn)
        .optional()?;
    Ok(row.map(|(failures, last_failure_at, blocked_until)| Throttle { failures, last_failure_at, blocked_until }))
}

/// Sets the throttle under `key`; `None` deletes it.
pub fn put_throttle(conn: &mut Conn, key: &str, throttle: Option<Throttle>) -> Result<(), StoreError> {
    diesel::delete(sign_in_throttles::table.find(key)).execute(conn)?;
    if let Some(throttle) = throttle {
        diesel::insert_into(sign_in_throttles::table)
            .values((
                sign_in_throttles::key.eq(key),
                sign_in_throttles::failures.eq(throttle.failures),
                sign_in_throttles::last_failure_at.eq(throttle.last_failure_at),
                sign_in_throttles::blocked_until.eq(throttle.blocked_until),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Deletes the throttles whose keys begin with `start`.
pub fn remove_throttles_under(conn: &mut Conn, start: &str) -> Result<(), StoreError> {
    let chars = i32::try_from(start.chars().count()).unwrap_or(i32::MAX);
    let begins = substr(sign_in_throttles::key, 1, chars).eq(start);
    diesel::delete(sign_in_throttles::table.filter(begins)).execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` throttles that have blocked nothing since `before`; answers how many.
pub fn remove_throttles(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let is_over = || sign_in_throttles::blocked_until.lt(before);
    let over = sign_in_throttles::table.filter(is_over()).limit(limit).select(sign_in_throttles::key);
    let over: Vec<String> = over.load(conn)?;
    // The condition again: one of them may have been used in between.
    Ok(diesel::delete(sign_in_throttles::table.filter(sign_in_throttles::key.eq_any(over)).filter(is_over()))
        .execute(conn)?)
}
