//! Issues: reporting, listing, reading, acting.

mod act;
mod list;
mod multipart;
mod read;
mod report;

pub(super) use act::{command, once};
pub(super) use list::ListParams;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(list::counts)
        .service(list::issues)
        .service(multipart::report_multipart)
        .service(report::report_issue)
        .service(read::issue)
        .service(read::events)
        .service(act::act);
}

/// The entity tag of a version.
pub(super) fn version_tag(version: i64) -> String {
    format!("\"{version}\"")
}
