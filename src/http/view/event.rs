//! What happened to an issue, as the one who asks may know it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Items, Person};
use crate::app::issues::Audience;
use crate::app::issues::read::{History, shows};
use crate::domain::ids::PhotoId;
use crate::domain::issue::{Action, EventRecord, PhotoStage, PhotoView, State};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// The history in the view of the caller's role, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum HistoryView {
    /// For the supervision office.
    Office(Items<OfficeEvent>),
    /// For everybody else.
    Other(Items<EventView>),
}

/// A step, with who took it and what it changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeEvent {
    /// The version it led to.
    pub version: i64,
    /// Server time.
    pub at: Timestamp,
    /// Who; `null` for the service.
    #[schema(required = true)]
    pub actor: Option<Person>,
    /// In which role.
    #[schema(required = true)]
    pub actor_role: Option<Role>,
    /// What.
    pub action: Action,
    /// From where.
    #[schema(required = true)]
    pub from: Option<State>,
    /// To where.
    pub to: State,
    /// Why.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// Photos it brought.
    pub photos: Vec<EventPhoto>,
    /// Fields that changed, with their new values.
    #[schema(value_type = Object)]
    pub changes: Value,
}

/// A step without who took it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// The version it led to, as the reader counts.
    pub version: i64,
    /// Server time; of a check, which may have been a visit, only the start of its half day.
    pub at: Timestamp,
    /// Which side took it; `null` for the service.
    #[schema(required = true)]
    pub actor_role: Option<Role>,
    /// What.
    pub action: Action,
    /// From where.
    #[schema(required = true)]
    pub from: Option<State>,
    /// To where.
    pub to: State,
    /// Why.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// Photos it brought.
    pub photos: Vec<EventPhoto>,
}

/// A photo that a step brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventPhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// At which step.
    pub stage: PhotoStage,
}

impl From<History> for HistoryView {
    fn from(history: History) -> Self {
        let History { audience, events, names } = history;
        if audience == Audience::Office {
            let items = events.into_iter().map(|event| {
                let photos = photos(&event, audience);
                OfficeEvent {
                    version: event.version,
                    at: event.at,
                    actor: event
                        .actor_id
                        .map(|id| Person { id, display_name: names.get(&id).cloned().unwrap_or_default() }),
                    actor_role: event.actor_role,
                    action: event.action,
                    from: event.from,
                    to: event.to,
                    reason: event.reason,
                    photos,
                    changes: Value::Object(event.changes),
                }
            });
            return HistoryView::Office(Items { items: items.collect() });
        }
        let items = events.into_iter().map(|event| {
            let photos = photos(&event, audience);
            EventView {
                version: event.version,
                at: event.at,
                actor_role: event.actor_role,
                action: event.action,
                from: event.from,
                to: event.to,
                reason: event.reason,
                photos,
            }
        });
        HistoryView::Other(Items { items: items.collect() })
    }
}

fn photos(event: &EventRecord, audience: Audience) -> Vec<EventPhoto> {
    event
        .photos
        .iter()
        .filter(|photo| shows(audience, photo.stage))
        .map(|photo| EventPhoto { id: photo.photo_id, view: photo.view, stage: photo.stage })
        .collect()
}
