//! One record of a packet, processed as if its phone had sent it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Named;
use crate::app::issues::act::{Acted, Seen, act};
use crate::app::issues::read::IssueDetail;
use crate::app::issues::report::report;
use crate::app::{App, Caller, visits};
use crate::domain::ids::{IssueId, PhotoId, StepKey, VisitId};
use crate::domain::issue::{Action, Report};
use crate::domain::objects;
use crate::domain::visit::VisitRecord;
use crate::http::extract::{malformed, refuse_nul};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::issues::{command, once};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// It was not here before.
    Taken,
    /// It was here already.
    Known,
    /// It was not taken.
    Refused,
}

/// A record and its result.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) id: Option<Uuid>,
    pub(super) kind: Option<String>,
    pub(super) issue_id: Option<IssueId>,
    pub(super) action: Option<String>,
    pub(super) outcome: Outcome,
    pub(super) number: Option<String>,
    pub(super) missing_photos: Vec<PhotoId>,
    pub(super) problem: Option<Problem>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Record {
    Report {
        id: IssueId,
        body: Value,
    },
    Answer {
        id: StepKey,
        issue_id: IssueId,
        action: String,
        version: i64,
        #[serde(default)]
        composed_at: Option<String>,
        /// The earlier answer that this one follows.
        #[serde(default)]
        after: Option<StepKey>,
        body: Value,
    },
    /// Its reports stand before it in the file, or were delivered.
    Visit {
        id: VisitId,
        body: Value,
    },
}

/// What was taken.
struct Taken {
    is_new: bool,
    number: Option<String>,
    missing_photos: Vec<PhotoId>,
}

impl Taken {
    fn of(is_new: bool, detail: &IssueDetail) -> Self {
        Taken { is_new, number: detail.issue.number.clone(), missing_photos: detail.missing_photos() }
    }
}

/// A record whose photos are arriving.
#[derive(Debug)]
pub(super) struct Pending {
    said: Value,
    photos: Named,
    photo_problem: Option<Problem>,
}

impl Pending {
    pub(super) fn of(said: Value) -> Self {
        let all = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let named = all(said.pointer("/body/photos")).into_iter().filter_map(|photo| photo.get("id").cloned());
        let seen = all(said.pointer("/body/results")).into_iter().flat_map(|one| all(one.get("photo_ids")));
        let photos = named.chain(seen).filter_map(|id| objects::from_value(id).ok()).collect();
        Pending { said, photos, photo_problem: None }
    }

    /// The photos that it names.
    pub(super) fn photos(&self) -> &Named {
        &self.photos
    }

    /// Remembers why one of its photos was refused; the first reason is reported.
    pub(super) fn photo_refused(&mut self, problem: Problem) {
        self.photo_problem.get_or_insert(problem);
    }

    fn told(&self) -> Done {
        let text = |name: &str| self.said.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = |name: &str| self.said.get(name).and_then(|id| objects::from_value::<Uuid>(id.clone()).ok());
        let kind = text("kind");
        let issue_id = if kind.as_deref() == Some("report") { id("id") } else { id("issue_id") };
        Done {
            id: id("id"),
            kind,
            issue_id: issue_id.map(IssueId),
            action: text("action"),
            outcome: Outcome::Refused,
            number: None,
            missing_photos: Vec::new(),
            problem: None,
        }
    }

    pub(super) fn refused(self, problem: Problem) -> Done {
        Done { problem: Some(problem), ..self.told() }
    }

    /// Processes it on behalf of its author.
    pub(super) async fn send(self, app: &App, sender: &Caller, exported_at: &str) -> Done {
        let told = self.told();
        match sent(self.said, app, sender, exported_at).await {
            Ok(Taken { is_new, number, missing_photos }) => Done {
                outcome: if is_new { Outcome::Taken } else { Outcome::Known },
                number,
                missing_photos,
                problem: self.photo_problem,
                ..told
            },
            // A refused photo is the reason why the step lacks it.
            Err(problem) => Done { problem: self.photo_problem.or(Some(problem)), ..told },
        }
    }
}

/// What became of the record, if it was not refused.
async fn sent(said: Value, app: &App, sender: &Caller, exported_at: &str) -> Result<Taken, Problem> {
    refuse_nul(&said)?;
    match objects::from_value(said).map_err(|error| malformed(&error))? {
        Record::Report { id, body } => {
            let body: Report = objects::from_value(body).map_err(|error| malformed(&error))?;
            let reported = report(app, sender, id, body).await?;
            Ok(Taken::of(reported.created, &reported.detail))
        }
        Record::Answer { id, issue_id, action, version, composed_at, after, mut body } => {
            let action = Action::parse(&action).filter(|action| action.is_requestable());
            let action = action.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
            // A confirmation must be given by the vice head in person.
            if action == Action::ConfirmFix {
                return Err(Problem::new(ProblemCode::Forbidden));
            }
            if action == Action::ReportFix
                && let (Some(fields), Some(composed_at)) = (body.as_object_mut(), composed_at)
            {
                // As the phone would send it; the last known reading of its clock is the time of export.
                fields.insert("composed_at".to_owned(), json!(composed_at));
                fields.insert("sent_at".to_owned(), json!(exported_at));
            }
            let once = once(id, issue_id, action, &body);
            let seen = after.map_or(Seen::Version(version), Seen::After);
            let Acted { again, detail } = act(app, sender, issue_id, command(action, body)?, seen, Some(once)).await?;
            Ok(Taken::of(!again, &detail))
        }
        Record::Visit { id, body } => {
            let body: VisitRecord = objects::from_value(body).map_err(|error| malformed(&error))?;
            let recorded = visits::record(app, sender, id, body).await?;
            Ok(Taken { is_new: recorded.created, number: None, missing_photos: recorded.visit.missing })
        }
    }
}
