//! Metrics for operators. None of them names a person, a place or an issue: all label values are our own words.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::{App, AppError, Result, blocking, readiness};
use crate::store::{jobs, outbox};
use crate::telemetry;

/// Upper bounds of the request-duration buckets, in seconds.
const REQUEST_SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// Upper bounds of the rendition-duration buckets, in seconds.
const RENDITION_SECONDS: [f64; 8] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Most waiting messages that are counted; more are reported as this number. Source: our choice, they are counted at
/// every scrape.
const OUTBOX_COUNTED_MAX: i64 = 1_000;

/// Labels of a request: never its path, only its route pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// HTTP method; `other` for one that no route has.
    pub method: &'static str,
    /// Pattern of the route; `unmatched` where there is none.
    pub route: String,
    /// `2xx`, `4xx`, …
    pub status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabels {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FaultLabels {
    fault: &'static str,
}

/// What is wrong with an original that a row refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginalFault {
    /// It is missing.
    Lost,
    /// Its bytes do not match its name.
    Damaged,
    /// The disk cannot read it.
    Unreadable,
}

impl OriginalFault {
    /// Every fault.
    pub const ALL: [OriginalFault; 3] = [OriginalFault::Lost, OriginalFault::Damaged, OriginalFault::Unreadable];

    /// Its label value and its name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            OriginalFault::Lost => "lost",
            OriginalFault::Damaged => "damaged",
            OriginalFault::Unreadable => "unreadable",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DenialLabels {
    code: &'static str,
}

/// How a background job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobOutcome {
    /// Succeeded.
    Done,
    /// Failed; it is retried.
    Failed,
    /// Failed for the last time.
    SetAside,
}

type Seconds = fn() -> Histogram;

/// Counters of this process; clones share them.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabels, Histogram, Seconds>,
    in_flight: Gauge,
    reports: Counter,
    photos: Counter,
    photo_bytes: Counter,
    sign_in_failures: Counter,
    denials: Family<DenialLabels, Counter>,
    rendition_seconds: Histogram,
    jobs: Family<JobLabels, Counter>,
    faulty_originals: Family<FaultLabels, Counter>,
    looks: Counter,
}

fn request_histogram() -> Histogram {
    Histogram::new(REQUEST_SECONDS)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("anfang");
        let requests = Family::default();
        let request_seconds = Family::new_with_constructor(request_histogram as Seconds);
        let (in_flight, reports, photos) = (Gauge::default(), Counter::default(), Counter::default());
        let (photo_bytes, sign_in_failures) = (Counter::default(), Counter::default());
        let denials = Family::default();
        let (rendition_seconds, jobs) = (Histogram::new(RENDITION_SECONDS), Family::default());
        let (faulty_originals, looks) = (Family::<FaultLabels, Counter>::default(), Counter::default());
        for fault in OriginalFault::ALL {
            // Created at the start, so that an alert can be set on it.
            drop(faulty_originals.get_or_create(&FaultLabels { fault: fault.as_str() }));
        }
        registry.register("build", "What runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time until an answer's head", request_seconds.clone());
        registry.register("http_in_flight", "Requests that are being answered", in_flight.clone());
        registry.register("reports_accepted", "Reports stored for the first time", reports.clone());
        registry.register("photos_accepted", "Photos stored for the first time", photos.clone());
        registry.register("photo_bytes_accepted", "Their bytes", photo_bytes.clone());
        registry.register("sign_in_failures", "Sign-ins that were refused", sign_in_failures.clone());
        registry.register("denials", "Requests that were refused to who asked", denials.clone());
        registry.register("rendition_seconds", "Time to draw both renditions", rendition_seconds.clone());
        registry.register("jobs", "Background work by how it ended", jobs.clone());
        registry.register(
            "originals_faulty",
            "Times that an original was found lost or damaged",
            faulty_originals.clone(),
        );
        registry.register("readiness_looks", "Looks whether reports would be taken", looks.clone());
        Metrics {
            registry: Arc::new(registry),
            requests,
            request_seconds,
            in_flight,
            reports,
            photos,
            photo_bytes,
            sign_in_failures,
            denials,
            rendition_seconds,
            jobs,
            faulty_originals,
            looks,
        }
    }
}

/// Counts a request as being answered until it is dropped.
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Counts a request that begins.
    #[must_use]
    pub fn begin_request(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts a request that was answered.
    pub fn answered(&self, labels: RequestLabels, took: Duration) {
        let route = RouteLabels { method: labels.method, route: labels.route.clone() };
        self.request_seconds.get_or_create(&route).observe(took.as_secs_f64());
        self.requests.get_or_create(&labels).inc();
    }

    /// Counts a report that came for the first time.
    pub(crate) fn report_accepted(&self) {
        self.reports.inc();
    }

    /// Counts a photo that came for the first time.
    pub(crate) fn photo_accepted(&self, size_bytes: i64) {
        self.photos.inc();
        self.photo_bytes.inc_by(u64::try_from(size_bytes).unwrap_or(0));
    }

    /// Counts a refused login.
    pub(crate) fn sign_in_failed(&self) {
        self.sign_in_failures.inc();
    }

    /// Counts a request that was refused; `code` is that of the problem.
    pub(crate) fn denied(&self, code: &'static str) {
        self.denials.get_or_create(&DenialLabels { code }).inc();
    }

    /// Counts renditions that were drawn.
    pub(crate) fn rendered(&self, took: Duration) {
        self.rendition_seconds.observe(took.as_secs_f64());
    }

    /// Counts a faulty original.
    pub(crate) fn original_is_faulty(&self, fault: OriginalFault) {
        self.faulty_originals.get_or_create(&FaultLabels { fault: fault.as_str() }).inc();
    }

    /// Counts a readiness check.
    pub(crate) fn looked_whether_ready(&self) {
        self.looks.inc();
    }

    /// Counts a finished background job.
    pub fn job_ended(&self, kind: &'static str, outcome: JobOutcome) {
        let outcome = match outcome {
            JobOutcome::Done => "done",
            JobOutcome::Failed => "failed",
            JobOutcome::SetAside => "set-aside",
        };
        self.jobs.get_or_create(&JobLabels { kind, outcome }).inc();
    }
}

/// All metrics in the OpenMetrics text format. What cannot be read at this moment is left out.
///
/// # Errors
/// [`AppError::Internal`] when they cannot be formatted.
pub async fn render(app: &App) -> Result<String> {
    let mut now = Registry::with_prefix("anfang");
    let store = app.store.figures();
    let mut counter = |name: &str, help: &str, value: u64| now.register(name, help, ConstCounter::new(value));
    counter("store_write_groups", "Groups of writes that were committed together", store.groups);
    counter("store_grouped_writes", "Writes in them", store.grouped_writes);
    counter("store_waits", "Callers that had to wait for a connection", store.waits);
    counter("store_refusals", "Callers that were refused because too many waited", store.refusals);
    counter("store_write_panics", "Panics inside writes that were contained", store.write_panics);
    counter("store_checkpoint_failures", "Times that the log was not put into the file", store.checkpoint_failures);
    let log = telemetry::figures();
    counter("log_lines_lost", "Lines of the log that were lost", log.lost);
    counter("log_lines_left_out", "Lines of the log that repeated others", log.left_out);
    gauge(&mut now, "store_writes_waiting", "Writes that wait for the writer", store.writes_waiting);
    gauge(&mut now, "store_waiting", "Callers that wait for a connection", store.waiting);
    let gates = [
        ("hashes", &app.hasher.gate),
        ("renditions", &app.renderer.gate),
        ("uploads", &app.photo_body_places),
        ("packets", &app.packet_places),
        ("files", &app.file_places),
        ("live", app.live.places()),
    ];
    for (name, gate) in gates {
        let figures = gate.figures();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        gauge(&mut now, &format!("{name}_under_way"), "Places that are taken", number(figures.held));
        gauge(&mut now, &format!("{name}_waiting"), "Callers that wait for a place", number(figures.waiting));
        let refused = ConstCounter::new(figures.refusals);
        now.register(format!("{name}_refusals"), "Callers that were refused because too many waited", refused);
    }
    let at = app.now();
    let queue = app.store.read(move |conn| Ok::<_, AppError>(jobs::figures(conn, at)?)).await;
    match queue {
        Ok((stuck, oldest_due)) => {
            let late = oldest_due.map_or(0.0, |due| at.since(due).as_secs_f64());
            gauge(&mut now, "jobs_stuck", "Background work that was set aside", stuck);
            now.register("jobs_oldest_due_seconds", "How long the oldest due work has been due", ConstGauge::new(late));
        }
        Err(error) => tracing::warn!(%error, "figures of the background work cannot be read"),
    }
    match app.store.read(move |conn| Ok::<_, AppError>(outbox::figures(conn, OUTBOX_COUNTED_MAX)?)).await {
        Ok((waiting, since)) => {
            let late = since.map_or(0.0, |since| at.since(since).as_secs_f64());
            gauge(&mut now, "outbox_waiting", "Messages that wait for their delivery", waiting);
            now.register("outbox_oldest_seconds", "How long the oldest message has waited", ConstGauge::new(late));
        }
        Err(error) => tracing::warn!(%error, "figures of the outbox cannot be read"),
    }
    match readiness::warnings(app).await {
        Ok(warnings) => {
            let count = i64::try_from(warnings.len()).unwrap_or(i64::MAX);
            gauge(&mut now, "warnings", "What keeps no report out but wants somebody's hand", count);
        }
        Err(error) => tracing::warn!(%error, "the calendar cannot be read"),
    }
    let photo_store = app.photo_store.clone();
    match blocking(move || Ok(photo_store.free_bytes()?)).await {
        Ok(Some(bytes)) => {
            gauge(
                &mut now,
                "photo_store_free_bytes",
                "Space left for photos",
                i64::try_from(bytes).unwrap_or(i64::MAX),
            );
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "the photo store's free space cannot be read"),
    }
    let mut text = String::new();
    encode_registry(&mut text, &app.metrics.registry)
        .and_then(|()| encode_registry(&mut text, &now))
        .and_then(|()| encode_eof(&mut text))
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(text)
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    registry.register(name, help, ConstGauge::new(value));
}
