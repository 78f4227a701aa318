//! stub
use utoipa_actix_web::service_config::ServiceConfig;
pub(super) fn routes(_config: &mut ServiceConfig) {}
