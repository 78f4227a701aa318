//! Visits that were made again.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::repeats::{self, Repeats};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::time::Date;
use crate::domain::visit::repeat::{Compared, PAIRS_MIN, PEOPLE_MIN, REPEAT_MONTHS_MAX, RepeatState, Share};
use crate::http::extract::Active;
use crate::http::problem::Problem;
use crate::http::routes::reference::invalid;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RepeatParams {
    /// Of draws in so many months up to today, 1–36, 12 when nothing is said.
    #[param(minimum = 1, maximum = 36)]
    months: Option<u32>,
}

/// A share with the bounds between which the true one lies in 95 of 100 cases (Wilson).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RepeatShare)]
struct ShareView {
    /// So many.
    count: u64,
    /// Of so many.
    of: u64,
    /// The lower bound in hundredths of a percent, rounded down.
    low: u32,
    /// The upper bound, rounded up.
    high: u32,
}

impl From<Share> for ShareView {
    fn from(Share { count, of, low, high }: Share) -> Self {
        ShareView { count, of, low, high }
    }
}

/// What pairs of visits saw. `null` where there was nothing to count, which is not zero.
#[derive(Debug, Serialize, ToSchema)]
struct RepeatFigures {
    /// Items that both judged.
    judged: u64,
    /// Of the faults that either found, those that the second visit alone found: missed 漏报, or not there before.
    #[schema(required = true)]
    missed: Option<ShareView>,
    /// Those that the first visit alone found: put right since, or missed by the second.
    #[schema(required = true)]
    only_first: Option<ShareView>,
    /// Of the items that both judged, those that the first judged milder.
    #[schema(required = true)]
    milder: Option<ShareView>,
    /// Those that the first judged stricter.
    #[schema(required = true)]
    stricter: Option<ShareView>,
    /// Of the items that the second judged, those that the first held to be not applicable.
    #[schema(required = true)]
    left_out: Option<ShareView>,
}

/// Visits that were made again 双盲复查, all together. It is about no inspector, unit or point, and judges nobody.
#[derive(Debug, Serialize, ToSchema)]
struct RepeatsView {
    /// The day from which draws count.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Completed visits that could be drawn.
    visits: i64,
    /// Drawn ones.
    drawn: i64,
    /// Of the drawn ones, given to somebody else.
    given: i64,
    /// Of the given ones, carried out: pairs that can be compared.
    pairs: u64,
    /// Of the given ones, neither carried out nor over.
    open: u64,
    /// Of the drawn ones, without a slot left.
    no_slot: i64,
    /// Of the drawn ones, without anybody who could go.
    nobody: i64,
    /// Fewest pairs from which figures are shown.
    pairs_min: u64,
    /// Fewest people who made the first visits from which figures are shown.
    people_min: u64,
    /// The figures; `null` while there are fewer pairs or people.
    #[schema(required = true)]
    figures: Option<RepeatFigures>,
}

fn figures(compared: &Compared) -> RepeatFigures {
    let Compared { pairs: _, first: _, judged, faults, missed, only_first, milder, stricter, asked, left_out } =
        compared;
    let share = |count: &u64, of: &u64| Share::of(*count, *of).map(ShareView::from);
    RepeatFigures {
        judged: *judged,
        missed: share(missed, faults),
        only_first: share(only_first, faults),
        milder: share(milder, judged),
        stricter: share(stricter, judged),
        left_out: share(left_out, asked),
    }
}

impl From<Repeats> for RepeatsView {
    fn from(Repeats { from, visits, states, open, compared }: Repeats) -> Self {
        let of = |state: RepeatState| states.get(&state).copied().unwrap_or_default();
        RepeatsView {
            from,
            visits,
            drawn: states.values().sum(),
            given: of(RepeatState::Given),
            pairs: compared.pairs,
            open: u64::try_from(open).unwrap_or(u64::MAX),
            no_slot: of(RepeatState::NoSlot),
            nobody: of(RepeatState::Nobody),
            pairs_min: PAIRS_MIN,
            people_min: u64::try_from(PEOPLE_MIN).unwrap_or(u64::MAX),
            figures: compared.is_enough().then(|| figures(&compared)),
        }
    }
}

/// What came of visits that somebody else made again, without knowing it; for the office alone.
#[utoipa::path(tag = "visits", params(RepeatParams), responses((status = 200, body = RepeatsView)))]
#[get("/repeat-visits")]
async fn read(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<RepeatParams>,
) -> Result<web::Json<RepeatsView>, Problem> {
    let months = params.months.unwrap_or(12);
    if !(1..=REPEAT_MONTHS_MAX).contains(&months) {
        return Err(invalid(Invalid::one("/months", FieldCode::OutOfRange, format!("1–{REPEAT_MONTHS_MAX}"))));
    }
    Ok(web::Json(repeats::read(&app, &caller.0, months).await?.into()))
}
