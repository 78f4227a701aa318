//! Importing sheets.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ContentDisposition};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, imports};
use crate::domain::coordinates::{ListCrs, PlaceDoubt};
use crate::domain::import::{EmptyCell, ImportKind};
use crate::domain::long_job::SheetFormat;
use crate::domain::policy;
use crate::http::extract::{Active, read_sheet};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(sheets).service(import).service(template).service(export);
}

/// A kind of sheet.
#[derive(Debug, Serialize, ToSchema)]
struct SheetView {
    /// What it holds.
    kind: ImportKind,
    /// Its columns, in any order.
    columns: Vec<ColumnView>,
}

/// A column of a sheet.
#[derive(Debug, Serialize, ToSchema)]
struct ColumnView {
    /// Its name.
    name: &'static str,
    /// Headings that mean the same.
    headings: &'static [&'static str],
    /// The sheet is refused without it.
    required: bool,
    /// What an empty cell does to a row that is there; a missing column leaves it as it was.
    empty: EmptyCell,
    /// What its cells hold.
    holds: &'static str,
}

/// The sheets that the caller may load, with their columns.
#[utoipa::path(tag = "imports", responses((status = 200, body = Items<SheetView>)))]
#[get("/imports")]
async fn sheets(caller: Active) -> web::Json<Items<SheetView>> {
    let columns = |kind: ImportKind| {
        kind.columns().iter().map(|column| ColumnView {
            name: column.name,
            headings: column.headings,
            required: column.required,
            empty: column.empty,
            holds: column.holds,
        })
    };
    let may = |kind: &&ImportKind| policy::permits(&caller.0.actor, imports::permission(**kind));
    let items =
        ImportKind::ALL.iter().filter(may).map(|kind| SheetView { kind: *kind, columns: columns(*kind).collect() });
    web::Json(Items { items: items.collect() })
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportParams {
    /// Check only: nothing is written.
    #[serde(default)]
    check: bool,
    /// What the degrees of points are; `wgs84` when absent. They are stored as WGS-84.
    crs: Option<ListCrs>,
}

/// What an import came to.
#[derive(Debug, Serialize, ToSchema)]
struct ImportedView {
    /// Rows that were not there before.
    created: usize,
    /// Rows that differ from the existing ones.
    changed: usize,
    /// Rows that are there already.
    unchanged: usize,
    /// Whether it was written; not when only a check was asked for.
    written: bool,
    /// First passwords of new accounts, told this once.
    passwords: Vec<FirstPassword>,
    /// Values that empty cells empty, the first 500 of them.
    emptied: Vec<EmptiedView>,
    /// How many values empty cells empty.
    emptied_count: usize,
    /// What looks wrong with the positions of a list of points: `shifted`, most of those that are known lie where they
    /// would in another coordinate system; `elsewhere`, most are far from all known ones. Only a warning.
    #[schema(required = true)]
    doubt: Option<PlaceDoubt>,
}

/// A value that an empty cell empties.
#[derive(Debug, Serialize, ToSchema)]
struct EmptiedView {
    /// Line of the sheet.
    line: u64,
    /// Column by name.
    column: &'static str,
    /// The existing value, as people read it.
    was: String,
}

/// The first password of a new account; its owner must change it.
#[derive(Debug, Serialize, ToSchema)]
struct FirstPassword {
    /// Whose.
    username: String,
    /// What.
    password: String,
}

/// Loads a sheet: all its rows or none. A sheet with faults is answered with all of them, under
/// `/<line>/<column>`. It is a workbook (XLSX), of which the first sheet with cells is read, or CSV. Encodings of CSV:
/// UTF-8, UTF-16, GB18030; between cells commas, semicolons or tabs.
#[utoipa::path(
    tag = "imports",
    params(("kind" = ImportKind, Path), ImportParams),
    request_body(description = "The file as it is", content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = ImportedView))
)]
#[post("/imports/{kind}")]
async fn import(
    app: web::Data<App>,
    caller: Active,
    kind: web::Path<String>,
    params: web::Query<ImportParams>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let kind = kind_of(&kind)?;
    // Checked before megabytes are received from somebody who may not send them.
    let place = imports::admit(&app, &caller.0, kind).await?;
    let sheet = read_sheet(&request, body).await?;
    let crs = params.crs.unwrap_or(ListCrs::Wgs84);
    let imported = imports::run(&app, &caller.0, kind, (place, sheet), crs, params.check).await?;
    let passwords =
        imported.passwords.into_iter().map(|(username, password)| FirstPassword { username, password }).collect();
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(ImportedView {
        created: imported.created,
        changed: imported.changed,
        unchanged: imported.unchanged,
        written: imported.written,
        passwords,
        emptied: imported
            .emptied
            .into_iter()
            .map(|it| EmptiedView { line: it.line, column: it.column, was: it.was })
            .collect(),
        emptied_count: imported.emptied_count,
        doubt: imported.doubt,
    }))
}

/// A file to take home.
pub(in crate::http) fn attached(format: SheetFormat, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header(ContentDisposition::attachment(format!("{name}.{}", format.extension())))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(bytes)
}

fn kind_of(code: &str) -> Result<ImportKind, Problem> {
    ImportKind::parse(code).ok_or_else(|| Problem::new(ProblemCode::NotFound))
}

/// An empty sheet of this kind as a workbook: the headings, and on a second sheet what each column takes, with examples
/// and the values that there are.
#[utoipa::path(
    tag = "imports",
    params(("kind" = ImportKind, Path)),
    responses((status = 200, content(("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))))
)]
#[get("/imports/{kind}/template")]
async fn template(app: web::Data<App>, caller: Active, kind: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind = kind_of(&kind)?;
    let bytes = imports::template(&app, &caller.0, kind).await?;
    Ok(attached(SheetFormat::Xlsx, &format!("{kind}-template"), bytes))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ExportParams {
    /// How it is written; `csv` when absent.
    pub(in crate::http) format: Option<SheetFormat>,
}

/// The existing rows as a sheet, which can be imported again unchanged. No sheet contains passwords.
#[utoipa::path(
    tag = "imports",
    params(("kind" = ImportKind, Path), ExportParams),
    responses((status = 200, content(
        ("text/csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/imports/{kind}/export")]
async fn export(
    app: web::Data<App>,
    caller: Active,
    kind: web::Path<String>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse, Problem> {
    let kind = kind_of(&kind)?;
    let format = params.format.unwrap_or_default();
    let bytes = imports::export(&app, &caller.0, kind, format).await?;
    Ok(attached(format, kind.as_str(), bytes))
}
