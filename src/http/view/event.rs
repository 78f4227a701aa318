//! The history of an issue, as far as the reader may know it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{CodedPerson, Items, Person};
use crate::app::issues::read::{History, ShownEvent};
use crate::domain::ids::PhotoId;
use crate::domain::issue::{Action, IssuePhoto, PhotoStage, PhotoView, State};
use crate::domain::role::Role;
use crate::domain::shown_time::{Fineness, ShownTime};
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
    pub actor: Option<CodedPerson>,
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
    /// The time, as exactly as the reader may know it; a half day or a day is given by its beginning.
    pub at: ShownTime,
    /// How exact that time is.
    pub fineness: Fineness,
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
        match history {
            History::Office(events, names, veil) => {
                let person = |id| Person { id, display_name: names.get(&id).cloned().unwrap_or_default() };
                let items = events.into_iter().map(|event| OfficeEvent {
                    version: event.version,
                    at: event.at,
                    actor: event
                        .actor_id
                        .map(|id| CodedPerson::of(person(id), veil.as_ref().filter(|_| event.is_finders()))),
                    actor_role: event.actor_role,
                    action: event.action,
                    from: event.from,
                    to: event.to,
                    reason: event.reason,
                    photos: event.photos.iter().map(EventPhoto::from).collect(),
                    changes: Value::Object(match &veil {
                        Some(_) => event.changes.into_iter().filter(|(name, _)| name != "finder_id").collect(),
                        None => event.changes,
                    }),
                });
                HistoryView::Office(Items { items: items.collect() })
            }
            History::Others(events) => {
                HistoryView::Other(Items { items: events.into_iter().map(EventView::from).collect() })
            }
        }
    }
}

impl From<ShownEvent> for EventView {
    fn from(event: ShownEvent) -> Self {
        EventView {
            version: event.version,
            at: event.at,
            fineness: event.at.fineness(),
            actor_role: event.actor_role,
            action: event.action,
            from: event.from,
            to: event.to,
            reason: event.reason,
            photos: event.photos.iter().map(EventPhoto::from).collect(),
        }
    }
}

impl From<&IssuePhoto> for EventPhoto {
    fn from(photo: &IssuePhoto) -> Self {
        EventPhoto { id: photo.photo_id, view: photo.view, stage: photo.stage }
    }
}
