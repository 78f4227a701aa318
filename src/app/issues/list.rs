//! Pages and counts of the issues a caller may see.

use super::read::{IssueDetail, details};
use super::scope;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::issue::State;
use crate::domain::policy::Permission;
use crate::store::issues::{self, Cursor, Filter, Sort};

/// One page.
#[derive(Debug)]
pub struct Page {
    /// Its issues.
    pub items: Vec<IssueDetail>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
}

/// One page of the issues that the caller may see and asks for.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that reads no issue.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page> {
    caller.require(Permission::ReadIssue)?;
    let (app, actor) = (app.clone(), caller.actor);
    let filter = bounded(filter, &actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let county = app.county.load(conn)?;
            let (ids, next) = issues::list(conn, scope(&actor), &filter, sort, after, limit)?;
            Ok(Page { items: details(conn, &app, &county, &actor, &ids)?, next })
        })
        .await
}

/// How many of them stand in each state; states without any are left out.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that reads no issue.
pub async fn counts(app: &App, caller: &Caller, filter: Filter) -> Result<Vec<(State, i64)>> {
    caller.require(Permission::ReadIssue)?;
    let actor = caller.actor;
    let filter = bounded(filter, &actor)?;
    app.store.read(move |conn| Ok(issues::count(conn, scope(&actor), &filter)?)).await
}

/// The filter without what the caller may not even ask about: whether there are doubts
/// is the office's and the finder's to know.
fn bounded(filter: Filter, actor: &crate::domain::role::Actor) -> Result<Filter> {
    let public = super::Audience::of(actor.role).is_none_or(super::Audience::is_public);
    if public && filter.flagged.is_some() {
        let invalid = crate::domain::invalid::Invalid::one(
            "/flagged",
            crate::domain::invalid::FieldCode::NotAllowed,
            "not a filter for this role",
        );
        return Err(AppError::Invalid(invalid));
    }
    Ok(filter)
}
