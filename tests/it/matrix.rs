//! Every operation of the OpenAPI document × every role, and callers who are not logged in. The table in this file is
//! the rule; a route without a row fails.

use std::collections::{BTreeMap, BTreeSet};

use anfang::domain::issue::State;
use anfang::domain::role::Role;
use serde_json::{Value, json};

use crate::support::cast;
use crate::support::plans;
use crate::support::service::{Answer, Client, Service, new_id};
use crate::support::transcript::document;
use crate::support::walk;

/// What the first of each role is answered, in the order of [`Role::ALL`]: inspector, unit, office, leader, task force,
/// discipline, admin.
type Row = (&'static str, &'static str, [u16; Role::COUNT]);

/// `{issue}` is an unreleased one that inspector01 found; `{released}` one of unit02 that is closed; `{photo}`
/// of the former, `{shown}` of the latter, `{visit}` is one that inspector01 made, `{batch}` a draft, `{absent}` nothing's id.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("GET", "/healthz",                                 [204, 204, 204, 204, 204, 204, 204]),
    ("GET", "/readyz",                                  [204, 204, 204, 204, 204, 204, 204]),
    ("POST", "/api/v1/sessions",                        [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/sessions",                         [200, 200, 200, 200, 200, 200, 200]),
    ("DELETE", "/api/v1/sessions/{absent}",             [404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/me",                               [200, 200, 200, 200, 200, 200, 200]),
    ("PUT", "/api/v1/me/password",                      [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/reference",                        [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/campaigns",                        [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/items",                            [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/points",                           [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/points/{absent}",                  [404, 404, 404, 404, 404, 404, 404]),
    ("PUT", "/api/v1/points/{absent}",                  [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/points/{absent}/responsible?item=WM-07", [404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/points/{absent}/open-cases",       [404, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/duties",                           [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/imports",                          [200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/imports/points",                  [403, 403, 415, 403, 403, 403, 415]),
    ("GET", "/api/v1/imports/points/template",          [403, 403, 200, 403, 403, 403, 200]),
    ("GET", "/api/v1/imports/points/export",            [403, 403, 200, 403, 403, 403, 200]),
    ("GET", "/api/v1/units",                            [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/units/{absent}",                   [404, 404, 404, 404, 404, 404, 404]),
    ("PUT", "/api/v1/units/{absent}",                   [400, 400, 400, 400, 400, 400, 400]),
    ("PUT", "/api/v1/photos/{absent}",                  [415, 415, 415, 415, 415, 415, 415]),
    ("OPTIONS", "/api/v1/uploads",                      [204, 204, 204, 204, 204, 204, 204]),
    ("POST", "/api/v1/uploads",                         [400, 400, 400, 403, 403, 403, 403]),
    ("HEAD", "/api/v1/uploads/{absent}",                [404, 404, 404, 403, 403, 403, 403]),
    ("PATCH", "/api/v1/uploads/{absent}",               [415, 415, 415, 403, 403, 403, 403]),
    ("DELETE", "/api/v1/uploads/{absent}",              [404, 404, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/photos/{photo}/thumb",             [404, 404, 200, 404, 404, 404, 404]),
    ("GET", "/api/v1/photos/{shown}/view",              [404, 200, 200, 200, 200, 200, 404]),
    ("GET", "/api/v1/photos/{shown}/original",          [404, 404, 200, 404, 404, 404, 404]),
    ("GET", "/api/v1/issues",                           [200, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/changes",                          [200, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/issues/counts",                    [200, 200, 200, 200, 200, 200, 403]),
    ("POST", "/api/v1/issues",                          [415, 403, 403, 403, 403, 403, 403]),
    ("PUT", "/api/v1/issues/{absent}",                  [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/issues/{issue}",                   [404, 404, 200, 404, 404, 404, 404]),
    ("GET", "/api/v1/issues/{released}",                [404, 200, 200, 200, 200, 200, 404]),
    ("GET", "/api/v1/issues/{absent}",                  [404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/issues/{issue}/events",            [404, 404, 200, 404, 404, 404, 404]),
    ("GET", "/api/v1/issues/{released}/events",         [404, 200, 200, 200, 200, 200, 404]),
    ("POST", "/api/v1/issues/{issue}/actions/release",  [404, 404, 409, 404, 404, 404, 404]),
    ("POST", "/api/v1/issues/{released}/actions/release", [404, 403, 409, 403, 403, 403, 404]),
    ("GET", "/api/v1/visits",                           [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/visits/{absent}",                  [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/visits/{visit}",                   [404, 404, 200, 404, 404, 404, 404]),
    ("GET", "/api/v1/visits/{absent}",                  [404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/batches",                          [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/batches/{absent}",                 [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/batches/{batch}",                  [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/batches/{absent}",                 [403, 403, 404, 403, 403, 403, 403]),
    ("POST", "/api/v1/batches/{batch}/actions/propose", [403, 403, 409, 403, 403, 403, 403]),
    ("POST", "/api/v1/batches/{absent}/actions/propose", [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/batches/{batch}/draw",             [403, 403, 200, 403, 403, 200, 403]),
    ("GET", "/api/v1/batches/{absent}/draw",            [403, 403, 404, 403, 403, 404, 403]),
    ("GET", "/api/v1/batches/{batch}/events",           [403, 403, 200, 403, 403, 200, 403]),
    ("GET", "/api/v1/batches/{absent}/events",          [403, 403, 404, 403, 403, 404, 403]),
    ("GET", "/api/v1/batches/{batch}/issues",           [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/batches/{absent}/issues",          [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/batches/{batch}/forecast",         [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/batches/{absent}/forecast",        [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/draws",                            [403, 403, 200, 403, 403, 200, 403]),
    ("GET", "/api/v1/batches/{batch}/name-requests",    [403, 403, 200, 403, 403, 200, 403]),
    ("GET", "/api/v1/batches/{absent}/name-requests",   [403, 403, 404, 403, 403, 404, 403]),
    ("PUT", "/api/v1/batches/{absent}/name-requests/{absent}", [400, 400, 400, 400, 400, 400, 400]),
    ("PUT", "/api/v1/batches/{absent}/name-requests/{absent}/answer", [400, 400, 400, 400, 400, 400, 400]),
    ("POST", "/api/v1/batches/{batch}/name-requests/{absent}/reading", [403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/identity-keepers",                 [403, 403, 403, 403, 403, 403, 200]),
    ("PUT", "/api/v1/identity-keepers/{absent}",        [403, 403, 403, 403, 403, 403, 404]),
    ("DELETE", "/api/v1/identity-keepers/{absent}",     [403, 403, 403, 403, 403, 403, 404]),
    ("GET", "/api/v1/inspectors/{absent}/recusals",     [403, 403, 404, 403, 403, 403, 403]),
    ("PUT", "/api/v1/inspectors/{absent}/recusals",     [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/tasks",                            [200, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/months",                           [403, 200, 200, 200, 403, 200, 403]),
    ("GET", "/api/v1/months/2026-08",                   [403, 404, 200, 404, 403, 404, 403]),
    ("POST", "/api/v1/months/2026-08/actions/preview",  [403, 403, 409, 403, 403, 403, 403]),
    ("PUT", "/api/v1/months/2026-08/objections/{absent}", [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/months/2026-08/ranking",           [403, 404, 404, 404, 403, 404, 403]),
    ("GET", "/api/v1/months/2026-08/ranking/export",    [403, 404, 404, 404, 403, 404, 403]),
    ("GET", "/api/v1/months/2026-08/board",             [403, 404, 404, 404, 403, 404, 403]),
    ("GET", "/api/v1/months/2026-08/units/{absent}",    [403, 404, 404, 404, 403, 404, 403]),
    ("GET", "/api/v1/months/2026-08/units/{absent}/export", [403, 404, 404, 404, 403, 404, 403]),
    ("GET", "/api/v1/months/2026-08/units/{absent}/figures/handling", [403, 404, 404, 404, 403, 404, 403]),
    ("GET", "/api/v1/month-rules",                      [403, 200, 200, 200, 403, 200, 403]),
    ("PUT", "/api/v1/month-rules/2",                    [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/unit-groups",                      [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/unit-groups/{absent}",             [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/month-adjustments?month=2026-08",  [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/month-adjustments/{absent}",       [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/commendations?month=2026-08",      [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/commendations/{absent}",           [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/ledger?month=2026-08",             [403, 200, 200, 200, 403, 200, 403]),
    ("GET", "/api/v1/ledger/export?month=2026-08",      [403, 200, 200, 200, 403, 200, 403]),
    ("POST", "/api/v1/ledger/{absent}/actions/approve", [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/year-scores/2026",                 [403, 200, 200, 200, 403, 200, 403]),
    ("PUT", "/api/v1/year-adjustments/{absent}",        [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/look-back-samples",                [403, 403, 200, 403, 403, 403, 403]),
    ("POST", "/api/v1/look-back-samples",               [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/look-back-samples/{absent}",       [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/look-back-samples/{absent}/proof", [403, 403, 404, 403, 403, 404, 403]),
    ("GET", "/api/v1/cards",                            [403, 200, 200, 200, 403, 200, 403]),
    ("POST", "/api/v1/cards/{absent}/actions/issue",    [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/dispatch-list",                    [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/dispatch-list/export",             [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/accountability-cases",             [403, 403, 200, 403, 403, 200, 403]),
    ("PUT", "/api/v1/accountability-cases/{absent}",    [400, 400, 400, 400, 400, 400, 400]),
    ("PUT", "/api/v1/accountability-cases/{absent}/approval", [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/self-reports",                     [403, 200, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/self-reports/{absent}",            [403, 404, 404, 403, 403, 403, 403]),
    ("PUT", "/api/v1/self-reports/{absent}",            [400, 400, 400, 400, 400, 400, 400]),
    ("PUT", "/api/v1/self-reports/{absent}/fix",        [400, 400, 400, 400, 400, 400, 400]),
    ("PUT", "/api/v1/self-reports/{absent}/decision",   [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/own-look-backs",                   [403, 200, 403, 403, 403, 403, 403]),
    ("PUT", "/api/v1/own-look-backs/{absent}",          [403, 404, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/packets",                         [403, 403, 415, 403, 403, 403, 403]),
    ("GET", "/api/v1/users",                            [403, 403, 403, 403, 403, 403, 200]),
    ("POST", "/api/v1/users",                           [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/users/{absent}",                   [403, 403, 403, 403, 403, 403, 404]),
    ("PATCH", "/api/v1/users/{absent}",                 [403, 403, 403, 403, 403, 403, 404]),
    ("POST", "/api/v1/users/{absent}/password",         [403, 403, 403, 403, 403, 403, 404]),
    ("GET", "/api/v1/inspectors",                       [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/settings",                         [403, 403, 200, 403, 403, 200, 200]),
    ("PATCH", "/api/v1/settings",                       [403, 403, 403, 403, 403, 403, 200]),
    ("GET", "/api/v1/settings/fields",                  [403, 403, 200, 403, 403, 200, 200]),
    ("GET", "/api/v1/setup",                            [200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/setup",                           [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/setup/checklist",                  [403, 403, 200, 403, 403, 403, 200]),
    ("PUT", "/api/v1/setup/checklist/county",           [403, 403, 200, 403, 403, 403, 200]),
    ("GET", "/api/v1/setup/starters",                   [403, 403, 200, 403, 403, 403, 200]),
    ("POST", "/api/v1/setup/starters",                  [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/calendar",                         [200, 200, 200, 200, 200, 200, 200]),
    ("PATCH", "/api/v1/calendar",                     [403, 403, 200, 403, 403, 403, 200]),
    ("GET", "/api/v1/saved-views",                      [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/saved-views/{absent}",             [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/saved-views/{absent}",          [403, 403, 204, 403, 403, 403, 403]),
    ("GET", "/api/v1/unlisted-places",                  [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/unlisted-places/{absent}/point",   [400, 400, 400, 400, 400, 400, 400]),
    ("PUT", "/api/v1/unlisted-places/{absent}/merge",   [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/figures",                          [403, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/figures/areas",                    [403, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/assessments",                      [403, 403, 200, 200, 403, 403, 403]),
    ("GET", "/api/v1/assessments/{absent}",             [403, 403, 404, 404, 403, 403, 403]),
    ("PUT", "/api/v1/assessments/{absent}",             [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/assessments/{absent}",          [428, 428, 428, 428, 428, 428, 428]),
    ("GET", "/api/v1/schedules",                        [403, 403, 200, 200, 403, 403, 403]),
    ("GET", "/api/v1/schedules/{absent}",               [403, 403, 404, 404, 403, 403, 403]),
    ("PUT", "/api/v1/schedules/{absent}",               [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/schedules/{absent}",            [428, 428, 428, 428, 428, 428, 428]),
    ("GET", "/api/v1/milestones",                       [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/needs",                            [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/issues/{issue}/needs",             [404, 404, 200, 404, 404, 404, 404]),
    ("GET", "/api/v1/issues/{released}/needs",          [404, 200, 200, 403, 403, 403, 404]),
    ("GET", "/api/v1/issues/{absent}/needs",            [404, 404, 404, 404, 404, 404, 404]),
    ("PUT", "/api/v1/issues/{absent}/needs",            [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/gap-matrix",                       [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/gap-matrix/losses?item_code=WM-07&point_type=MKT", [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/gap-matrix/efforts",               [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/point-board",                      [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/burden",                           [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/points/{absent}/heads",            [403, 404, 404, 404, 403, 404, 403]),
    ("PUT", "/api/v1/points/{absent}/heads/2026-08-03", [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/points/{absent}/heads/2026-08-03", [403, 403, 404, 403, 403, 403, 403]),
    ("GET", "/api/v1/point-heads?person=x",             [403, 200, 200, 200, 403, 200, 403]),
    ("GET", "/api/v1/units/{absent}/people",            [403, 404, 404, 404, 403, 404, 403]),
    ("PUT", "/api/v1/units/{absent}/people/liaison/2026-08-03", [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/unit-people",                      [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/leaders",                          [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/pairings",                         [403, 403, 200, 200, 403, 403, 403]),
    ("PUT", "/api/v1/pairings/{absent}",                [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/pairings/{absent}",             [403, 403, 204, 403, 403, 403, 403]),
    ("GET", "/api/v1/own-pairings",                     [403, 403, 403, 200, 403, 403, 403]),
    ("GET", "/api/v1/leader-notes",                     [403, 200, 200, 200, 403, 200, 403]),
    ("PUT", "/api/v1/leader-notes/{absent}",            [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/repeat-visits",                    [403, 403, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/capture-nonces/{absent}",          [201, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/point-vacancies",                  [403, 403, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/zones",                            [200, 200, 200, 200, 200, 200, 200]),
    ("PUT", "/api/v1/zones/{absent}",                   [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/zones/{absent}",                [428, 428, 428, 428, 428, 428, 428]),
    ("GET", "/api/v1/map",                              [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/map/image",                        [404, 404, 404, 404, 404, 404, 404]),
    ("PUT", "/api/v1/map/image?corners=1",              [403, 403, 415, 403, 403, 403, 415]),
    ("PATCH", "/api/v1/map/image",                      [400, 400, 400, 400, 400, 400, 400]),
    ("DELETE", "/api/v1/map/image",                     [403, 403, 404, 403, 403, 403, 404]),
    ("GET", "/api/v1/notices",                          [200, 200, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/notices/count",                    [200, 200, 200, 403, 403, 403, 403]),
    ("PUT", "/api/v1/notices/read",                     [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/notices/kinds",                    [200, 200, 200, 403, 403, 403, 403]),
    ("PATCH", "/api/v1/notices/kinds",                  [200, 200, 200, 403, 403, 403, 403]),
    ("GET", "/api/v1/long-jobs",                        [200, 200, 200, 200, 200, 200, 200]),
    ("PUT", "/api/v1/long-jobs/{absent}",               [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/long-jobs/{absent}",               [404, 404, 404, 404, 404, 404, 404]),
    ("DELETE", "/api/v1/long-jobs/{absent}",            [404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/long-jobs/{absent}/file",          [404, 404, 404, 404, 404, 404, 404]),
    ("PUT", "/api/v1/complaints/{absent}",              [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/complaints/own",                   [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/complaints",                       [403, 403, 200, 403, 403, 200, 403]),
    ("GET", "/api/v1/complaints/counts",                [403, 403, 200, 403, 403, 200, 403]),
    ("PUT", "/api/v1/complaints/{absent}/answer",       [400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/api/v1/jobs/stuck",                       [403, 403, 200, 403, 403, 403, 200]),
    ("POST", "/api/v1/jobs/{absent}/retry",             [403, 403, 404, 403, 403, 403, 404]),
    ("GET", "/api/v1/audit",                            [403, 403, 403, 403, 403, 200, 403]),
    ("GET", "/api/v1/audit/people",                     [403, 403, 403, 403, 403, 200, 403]),
    ("DELETE", "/api/v1/sessions/current",              [204, 204, 204, 204, 204, 204, 204]),
];

/// Open without login.
const OPEN: [&str; 5] = ["/healthz", "/readyz", "/api/v1/sessions", "/api/v1/uploads", "/api/v1/setup"];

/// Paths of the document that people may read who may learn nothing of the inspection. Whoever may not read a path is
/// answered 403; 404 says nothing of the path.
pub fn read_by_outsiders() -> BTreeSet<String> {
    let outsiders: Vec<bool> = cast::one_of_each().map(cast::Person::is_outsider).collect();
    let may = |answers: &[u16; Role::COUNT]| answers.iter().zip(&outsiders).any(|(status, it)| *it && *status != 403);
    let reads = TABLE.iter().filter(|(verb, _, answers)| *verb == "GET" && may(answers));
    reads.map(|(_, path, _)| template(path)).collect()
}

/// A row's path as the document writes it: ids by their names there.
fn template(path: &str) -> String {
    let mut path = path.split('?').next().unwrap().replace("/imports/points", "/imports/{kind}");
    path = path.replace("/checklist/county", "/checklist/{step}").replace("/months/2026-08", "/months/{month}");
    path = path.replace("/units/{absent}/figures/handling", "/units/{unit_id}/figures/{metric}");
    path = path.replace("/month-rules/2", "/month-rules/{version}").replace("/year-scores/2026", "/year-scores/{year}");
    path = path
        .replace("/heads/2026-08-03", "/heads/{from}")
        .replace("/people/liaison/2026-08-03", "/people/{duty}/{from}")
        .replace("/name-requests/{absent}", "/name-requests/{request}");
    if path.starts_with("/api/v1/months/") {
        path = path.replace("/units/{absent}", "/units/{unit_id}");
    }
    for name in ["{absent}", "{issue}", "{released}", "{photo}", "{shown}", "{visit}", "{batch}"] {
        path = path.replace(name, "{id}");
    }
    for variant in ["/thumb", "/view", "/original"] {
        if path.starts_with("/api/v1/photos/") {
            path = path.replace(variant, "/{variant}");
        }
    }
    for action in ["release", "propose", "preview", "approve", "issue"] {
        path = path.replace(&format!("/actions/{action}"), "/actions/{action}");
    }
    path
}

#[test]
fn every_route_has_a_row() {
    let document = document();
    let mut missing = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            if !TABLE.iter().any(|(verb, row, _)| *verb == method && template(row) == *path) {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "no row for {missing:#?}");
    for (verb, path, _) in TABLE {
        let operation = &document["paths"][template(path)][verb.to_lowercase()];
        assert!(operation.is_object(), "{verb} {path} is no route any more");
    }
}

struct Places(BTreeMap<&'static str, String>);

impl Places {
    fn new(service: &Service) -> Self {
        let photo_of = |issue| {
            let read = service.sign_in("office01").read(issue);
            read.json["photos"][0]["id"].as_str().unwrap().to_owned()
        };
        let (issue, released) = (service.drive_to(State::Submitted), service.drive_to(State::Closed));
        Places(BTreeMap::from([
            ("{issue}", issue.to_string()),
            ("{released}", released.to_string()),
            ("{photo}", photo_of(issue)),
            ("{shown}", photo_of(released)),
            ("{visit}", walk::record(&service.sign_in("inspector01"), &walk::clean(service)).to_string()),
            ("{batch}", plans::drafted(service).to_string()),
            ("{absent}", new_id().to_string()),
        ]))
    }

    fn put_into(&self, path: &str) -> String {
        self.0.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id))
    }
}

fn ask(client: &Client<'_>, verb: &str, path: &str) -> Answer {
    let under = path.strip_prefix("/api/v1").map_or_else(|| format!("/{path}"), str::to_owned);
    // Versions of issues are 1 or more. Whether the role may take the action at all is checked before the version.
    let version = if path.contains("/actions/") { Some(("if-match", "\"0\"")) } else { None };
    let body = matches!(verb, "POST" | "PUT" | "PATCH").then_some(&b"{}"[..]);
    let tus = path.contains("/uploads").then_some(("tus-resumable", "1.0.0"));
    let headers: Vec<(&str, &str)> =
        version.into_iter().chain(body.map(|_| ("content-type", "application/json"))).chain(tus).collect();
    client.send(verb, &under, &headers, body)
}

on_both! {
    fn every_role_is_answered_as_the_table_says(db: TestDb) {
        let service = Service::start(db);
        let places = Places::new(&service);
        let mut wrong = Vec::new();
        for (verb, path, expected) in TABLE {
            for (username, expected) in cast::one_of_each().map(|person| person.username).zip(expected) {
                let client = service.sign_in(username);
                let status = ask(&client, verb, &places.put_into(path)).status;
                // The issue does not have this version, so a caller who may act is answered that it is stale.
                let expected = if path.contains("/actions/") && *expected == 409 { 412 } else { *expected };
                if status != expected {
                    wrong.push(format!("{verb} {path} as {username}: {status}, not {expected}"));
                }
            }
            let status = ask(&service.anybody(), verb, &places.put_into(path)).status;
            let open = match *path {
                "/api/v1/sessions" => *verb != "GET",
                "/api/v1/uploads" => *verb == "OPTIONS",
                _ => true,
            };
            let expected = if OPEN.contains(path) && open {
                expected[0]
            } else {
                401
            };
            if status != expected {
                wrong.push(format!("{verb} {path} as nobody: {status}, not {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    fn what_is_denied_looks_like_what_is_absent(db: TestDb) {
        let service = Service::start(db);
        let places = Places::new(&service);
        let told = |username: &str, path: &str| {
            let answer = ask(&service.sign_in(username), "GET", &places.put_into(path)).expect(404);
            let mut body: Value = answer.json.clone();
            body["instance"] = json!(null);
            body["request_id"] = json!(null);
            let names: BTreeSet<String> = answer.headers.keys().map(ToString::to_string).collect();
            (body, names)
        };
        for (denied, absent) in [
            ("/api/v1/issues/{issue}", "/api/v1/issues/{absent}"),
            ("/api/v1/issues/{released}", "/api/v1/issues/{absent}"),
            ("/api/v1/issues/{released}/events", "/api/v1/issues/{absent}/events"),
            ("/api/v1/visits/{visit}", "/api/v1/visits/{absent}"),
            ("/api/v1/photos/{photo}/view", "/api/v1/photos/{absent}/view"),
            ("/api/v1/photos/{shown}/original", "/api/v1/photos/{absent}/original"),
        ] {
            for person in cast::outsiders().filter(|person| !person.reads_released("U02", "WM")) {
                assert_eq!(told(person.username, denied), told(person.username, absent), "{person:?} {denied}");
            }
        }
    }
}
