//! Pages and counts of issues.

use std::collections::BTreeMap;

use actix_web::{get, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::issues::list::{self, Counts, Days, Query};
use crate::domain::ids::{IssueId, PointId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Facets, RequestKind, State, with_facets};
use crate::domain::limits::{QUERY_CHARS_MAX, REMINDERS_MAX};
use crate::domain::search;
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::reference::{invalid, page_limit};
use crate::http::view::Page;
use crate::http::view::issue::IssueView;
use crate::store::issues::{Cursor, Filter, Sort};

/// The parameters, with one for each facet.
macro_rules! list_params {
    ([$($(#[doc = $doc:literal])+ $facet:ident: $stored:ty as $choice:ty;)*] { { $($before:tt)* } { $($after:tt)* } }) => {
        #[derive(Debug, Clone, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(in crate::http::routes) struct ListParams {
            $($before)*
            $($(#[doc = $doc])+ $facet: Option<$choice>,)*
            $($after)*
        }

        impl ListParams {
            fn facets(&self) -> Facets {
                Facets { $($facet: self.$facet,)* }
            }
        }
    };
}

with_facets! { list_params {
    {
        /// Any of these states, separated by commas.
        state: Option<String>,
        /// Of this unit.
        unit_id: Option<UnitId>,
        /// At this point.
        point_id: Option<PointId>,
        /// Of this campaign.
        campaign: Option<String>,
        /// Of this item.
        item_code: Option<String>,
    }
    {
        /// Whether the fix is late.
        overdue: Option<bool>,
        /// Received (released, where the caller may not know when it came: units, leaders, and inspectors of what another
        /// found) at or after.
        from: Option<Timestamp>,
        /// Received (released) before.
        to: Option<Timestamp>,
        /// Words in description, number or the point's name, or the initials of its name in pinyin.
        q: Option<String>,
        /// In this round or a later one.
        #[param(minimum = 1)]
        round_min: Option<i32>,
        /// With evidence doubts or without; for the office alone.
        flagged: Option<bool>,
        /// Handled by this person of the unit; not for inspectors.
        handler: Option<String>,
        /// In the area of this code of a county, a township or a community: 6, 9 or 12 digits.
        area: Option<String>,
        /// Due on this day of the county or later.
        #[param(value_type = Option<String>, format = Date)]
        due_from: Option<Date>,
        /// Due before this day.
        #[param(value_type = Option<String>, format = Date)]
        due_to: Option<Date>,
        /// Closed on this day of the county or later; not for inspectors.
        #[param(value_type = Option<String>, format = Date)]
        closed_from: Option<Date>,
        /// Closed before this day; not for inspectors.
        #[param(value_type = Option<String>, format = Date)]
        closed_to: Option<Date>,
        /// Closed with a fix that was in time (`true`), or late, closed or not (`false`); not for inspectors.
        on_time: Option<bool>,
        /// A relapse of an earlier issue, or not.
        rebound: Option<bool>,
        /// Reminded this many times or more, 1–9; not for inspectors.
        #[param(minimum = 1, maximum = 9)]
        reminded_min: Option<i32>,
        /// With a request that waits for its answer, of any of these kinds, separated by commas: `extension`, `dispute`;
        /// not for inspectors.
        pending: Option<String>,
        /// `due_at`, earliest deadline first; `-created_at`, latest first, which is the default; or `oldest`, the earliest
        /// by the same instant first: receipt, or release where the caller may not know when it came.
        #[param(inline)]
        sort: Option<ListSort>,
        /// Most rows, 1–200, 50 when nothing is said.
        #[param(minimum = 1, maximum = 200)]
        limit: Option<usize>,
        /// Where the page before ended.
        cursor: Option<String>,
    }
} }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
enum ListSort {
    #[serde(rename = "due_at")]
    DueAt,
    #[serde(rename = "-created_at")]
    CreatedDesc,
    #[serde(rename = "oldest")]
    Oldest,
}

impl ListParams {
    /// Those of a unit, a campaign, an area.
    pub(in crate::http::routes) fn of(unit_id: Option<UnitId>, campaign: Option<String>, area: Option<String>) -> Self {
        ListParams { unit_id, campaign, area, ..Self::default() }
    }

    /// Whether a page is named, or how long it is.
    pub(in crate::http::routes) fn is_of_page(&self) -> bool {
        self.limit.is_some() || self.cursor.is_some()
    }

    pub(in crate::http::routes) fn query(&self, now: Timestamp) -> Result<Query, Problem> {
        let mut faults = Invalid::default();
        let mut states = Vec::new();
        for code in self.state.iter().flat_map(|states| states.split(',')) {
            match State::parse(code.trim()) {
                Some(state) => states.push(state),
                None => faults.push("/state", FieldCode::Unknown, "no such state"),
            }
        }
        let mut pending = Vec::new();
        for code in self.pending.iter().flat_map(|kinds| kinds.split(',')) {
            match RequestKind::parse(code.trim()) {
                Some(kind) => pending.push(kind),
                None => faults.push("/pending", FieldCode::Unknown, "no such kind of request"),
            }
        }
        if self.q.as_ref().is_some_and(|q| q.chars().count() > QUERY_CHARS_MAX) {
            faults.push("/q", FieldCode::TooLong, format!("at most {QUERY_CHARS_MAX} characters"));
        }
        if self.round_min.is_some_and(|round| round < 1) {
            faults.push("/round_min", FieldCode::OutOfRange, "1 or more");
        }
        if self.reminded_min.is_some_and(|times| !(1..=REMINDERS_MAX).contains(&times)) {
            faults.push("/reminded_min", FieldCode::OutOfRange, format!("1–{REMINDERS_MAX}"));
        }
        let is_code =
            |area: &String| matches!(area.len(), 6 | 9 | 12) && area.bytes().all(|byte| byte.is_ascii_digit());
        if self.area.as_ref().is_some_and(|area| !is_code(area)) {
            faults.push("/area", FieldCode::Malformed, "6, 9 or 12 digits");
        }
        faults.into_result().map_err(invalid)?;
        let filter = Filter {
            states,
            unit_id: self.unit_id,
            point_id: self.point_id,
            campaign: self.campaign.clone(),
            item_code: self.item_code.clone(),
            facets: self.facets(),
            overdue: self.overdue.map(|overdue| (overdue, now)),
            from: self.from,
            to: self.to,
            q: self.q.as_deref().map(search::fold).filter(|q| !q.is_empty()),
            q_points: Vec::new(),
            q_items: Vec::new(),
            q_handlers: false,
            handler: self.handler.as_deref().map(search::fold).filter(|name| !name.is_empty()),
            area: self.area.clone(),
            due_from: None,
            due_to: None,
            closed_from: None,
            closed_to: None,
            on_time: self.on_time.map(|on_time| (on_time, now)),
            rebound: self.rebound,
            reminded_min: self.reminded_min,
            round_min: self.round_min,
            flagged: self.flagged,
            pending,
        };
        let due = Days { from: self.due_from, to: self.due_to };
        Ok(Query { filter, due, closed: Days { from: self.closed_from, to: self.closed_to } })
    }
}

/// One page of the issues that the caller may see.
#[utoipa::path(tag = "issues", params(ListParams), responses((status = 200, body = Page<IssueView>)))]
#[get("/issues")]
pub(super) async fn issues(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ListParams>,
) -> Result<web::Json<Page<IssueView>>, Problem> {
    let query = params.query(app.now())?;
    let limit = page_limit(params.limit)?;
    let sort = match params.sort {
        Some(ListSort::DueAt) => Sort::DueAt,
        Some(ListSort::Oldest) => Sort::Oldest,
        Some(ListSort::CreatedDesc) | None => Sort::CreatedDesc,
    };
    let after = params.cursor.as_deref().map(|cursor| read_cursor(cursor, sort)).transpose()?;
    let page = list::list(&app, &caller.0, query, sort, after, limit).await?;
    Ok(web::Json(Page {
        items: page.items.into_iter().map(IssueView::from).collect(),
        next_cursor: page.next.map(|cursor| write_cursor(cursor, sort)),
    }))
}

const fn sort_byte(sort: Sort) -> u8 {
    match sort {
        Sort::DueAt => 1,
        Sort::CreatedDesc => 2,
        Sort::Oldest => 3,
    }
}

/// The sort, the last row's key and its id: nothing that the page did not show.
fn write_cursor(cursor: Cursor, sort: Sort) -> String {
    let mut bytes = vec![sort_byte(sort)];
    bytes.extend(cursor.key.to_be_bytes());
    bytes.extend(cursor.id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read_cursor(text: &str, sort: Sort) -> Result<Cursor, Problem> {
    let malformed = || Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
    let (first, rest) = bytes.split_first().ok_or_else(malformed)?;
    let (key, id) = rest.split_at_checked(8).ok_or_else(malformed)?;
    let key = key.try_into().map(i64::from_be_bytes).map_err(|_| malformed())?;
    let id = uuid::Uuid::from_slice(id).map_err(|_| malformed())?;
    if *first != sort_byte(sort) {
        return Err(malformed());
    }
    Ok(Cursor { key, id: IssueId(id) })
}

/// How many issues there are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountsView {
    /// In each state that has any.
    by_state: BTreeMap<&'static str, i64>,
    /// Together.
    total: i64,
    /// Of these, late.
    overdue: i64,
}

/// How many issues the caller may see. Takes the filters of the list; `limit`, `cursor` and `sort` do nothing here.
#[utoipa::path(tag = "issues", params(ListParams), responses((status = 200, body = CountsView)))]
#[get("/issues/counts")]
pub(super) async fn counts(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ListParams>,
) -> Result<web::Json<CountsView>, Problem> {
    // Not used, but wrong here as everywhere.
    page_limit(params.limit)?;
    let now = app.now();
    let query = params.query(now)?;
    let Counts { by_state, overdue } = list::counts(&app, &caller.0, query, now).await?;
    Ok(web::Json(CountsView {
        total: by_state.iter().map(|(_, count)| count).sum(),
        by_state: by_state.into_iter().map(|(state, count)| (state.as_str(), count)).collect(),
        overdue,
    }))
}
