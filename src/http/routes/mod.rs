//! Routes by noun. Registering one also documents it: there is no second list.

mod audit;
mod batch_reading;
mod batches;
mod calendar;
mod capture_nonces;
mod changes;
mod complaints;
mod figures;
mod follow_up;
mod gaps;
mod imports;
mod issues;
mod jobs;
mod leader_notes;
mod long_jobs;
mod map;
mod months;
mod names;
mod notices;
mod operations;
mod packets;
mod people_in_charge;
mod photos;
mod planning;
mod point_heads;
mod reference;
mod repeats;
mod saved_views;
mod self_reports;
mod sessions;
mod settings;
mod setup;
mod unlisted_places;
mod uploads;
mod users;
mod visits;
mod zones;

use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

/// Everything under `/api/v1`.
pub(super) fn api(config: &mut ServiceConfig) {
    config.service(
        scope::scope("/api/v1")
            .configure(sessions::routes)
            .configure(reference::routes)
            .configure(imports::routes)
            .configure(photos::routes)
            .configure(uploads::routes)
            .configure(issues::routes)
            .configure(visits::routes)
            .configure(batches::routes)
            .configure(batch_reading::routes)
            .configure(names::routes)
            .configure(months::routes)
            .configure(packets::routes)
            .configure(users::routes)
            .configure(settings::routes)
            .configure(setup::routes)
            .configure(calendar::routes)
            .configure(map::routes)
            .configure(notices::routes)
            .configure(complaints::routes)
            .configure(figures::routes)
            .configure(follow_up::routes)
            .configure(planning::routes)
            .configure(gaps::routes)
            .configure(point_heads::routes)
            .configure(people_in_charge::routes)
            .configure(leader_notes::routes)
            .configure(repeats::routes)
            .configure(capture_nonces::routes)
            .configure(zones::routes)
            .configure(changes::routes)
            .configure(saved_views::routes)
            .configure(self_reports::routes)
            .configure(unlisted_places::routes)
            .configure(jobs::routes)
            .configure(long_jobs::routes)
            .configure(audit::routes),
    );
}

/// Health checks.
pub(super) fn operations(config: &mut ServiceConfig) {
    config.configure(operations::routes);
}
