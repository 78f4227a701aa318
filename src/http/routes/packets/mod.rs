//! `POST /packets`: records that a phone could not send, handed in as the file that its app wrote.

mod file;
mod record;

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::file::{End, Header, Line, PhotoFacts, Reader};
use self::record::{Outcome, Pending};
use crate::app::packets::{self, PacketSummary};
use crate::app::photos::{Incoming, receive};
use crate::app::{App, AppError, Caller};
use crate::domain::ids::{IssueId, PhotoId, UserId, VisitId};
use crate::domain::limits::{PACKET_BYTES_MAX, PACKET_LINE_BYTES_MAX, PACKET_RECORDS_MAX};
use crate::domain::user::User;
use crate::http::extract::{Active, BodyTimeouts, Lines, NoLine, media_type, prefers_english};
use crate::http::problem::{Problem, ProblemBody, ProblemCode};
use crate::http::routes::photos::declared;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(take_packet);
}

/// A packet may take as long as this many photo bodies. Source: our choice, two hours and a half.
const BODIES: u32 = 16;

/// What became of a packet.
#[derive(Debug, Serialize, ToSchema)]
struct PacketView {
    /// Whose records it holds.
    account: OwnerView,
    /// When it was exported, by the phone's clock and in its words.
    exported_at: String,
    /// Whether it came whole; what came before it was cut is kept all the same.
    is_complete: bool,
    /// Records that are not finished, which only the phone's app can open.
    drafts: usize,
    /// Each record, in the order of the file.
    records: Vec<RecordView>,
}

/// The owner of a packet.
#[derive(Debug, Serialize, ToSchema)]
struct OwnerView {
    /// The account; `null` for an inspector whom a batch sent to what the records tell of, as it is in all that the
    /// office reads of that.
    #[schema(required = true)]
    id: Option<UserId>,
    /// Name it logs in with; `null` with `id`.
    #[schema(required = true)]
    username: Option<String>,
    /// What it is called; the code name, where `id` is `null`.
    name: String,
}

/// What became of one record.
#[derive(Debug, Serialize, ToSchema)]
struct RecordView {
    /// The record's own id; `null` where it names none.
    #[schema(required = true)]
    id: Option<uuid::Uuid>,
    /// `report`, `answer` or `visit`, as the record says.
    #[schema(required = true)]
    kind: Option<String>,
    /// The issue it makes or is about; `null` of a visit.
    #[schema(required = true)]
    issue_id: Option<IssueId>,
    /// The step, of an answer.
    #[schema(required = true)]
    action: Option<String>,
    /// What became of it.
    #[schema(inline)]
    outcome: Outcome,
    /// The issue's number, where it has one.
    #[schema(required = true)]
    number: Option<String>,
    /// Photos that it names and that are not here.
    missing_photos: Vec<PhotoId>,
    /// Why it was refused; beside what was taken, why one of its photos was not.
    #[schema(required = true)]
    problem: Option<ProblemBody>,
}

/// Takes the records of a packet, for the one whose they are. The same packet again changes nothing.
///
/// The file is version 2 of what the app exports: a JSON object a line. It is read as it comes, so that what stands
/// before a damage is kept. Each record goes the way it would have gone from the phone, with the time of now.
#[utoipa::path(
    tag = "packets",
    request_body(content = String, content_type = "text/plain", description = "The file as it is, at most 640 MiB"),
    responses((status = 200, body = PacketView))
)]
#[post("/packets")]
async fn take_packet(
    app: web::Data<App>,
    caller: Active,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    // Checked before megabytes are received from somebody who may not send them.
    let _place = packets::admit(&app, &caller.0).await?;
    if media_type(request.headers()).is_none_or(|kind| kind != "text/plain") {
        return Err(Problem::new(ProblemCode::UnsupportedMedia).detail("Content-Type: text/plain"));
    }
    let body = BodyTimeouts::of(&request).times(BODIES).with(body);
    let mut reader = Reader::new(Lines::of(body, PACKET_LINE_BYTES_MAX, PACKET_BYTES_MAX));
    let header = header(&mut reader).await?;
    let (owner, sender) = packets::owner(&app, &caller.0, header.account).await?;
    let mut taking = Taking { app: &app, sender, header, pending: None, done: Vec::new(), drafts: 0, photos: 0 };
    let is_complete = taking.all(&mut reader).await;
    let counts = |outcome| taking.done.iter().filter(|done| done.outcome == outcome).count();
    let summary = PacketSummary {
        digest: reader.digest(),
        taken: counts(Outcome::Taken),
        known: counts(Outcome::Known),
        refused: counts(Outcome::Refused),
        is_complete,
    };
    packets::close(&app, &caller.0, &owner, summary).await?;
    if let Some(problem) = reader.over().and_then(fault) {
        return Err(problem);
    }
    let code_name = taking.code_name(&owner).await?;
    Ok(HttpResponse::Ok().json(taking.view(owner, code_name, is_complete, prefers_english(&request))))
}

async fn header(reader: &mut Reader<'_>) -> Result<Header, Problem> {
    let unreadable = || Problem::new(ProblemCode::PacketUnreadable).detail("anfang-unsent, version 2");
    match reader.next().await {
        Some(Line::Packet(header)) => Header::read(header).ok_or_else(unreadable),
        Some(_) => Err(unreadable()),
        None => Err(reader.over().and_then(fault).unwrap_or_else(unreadable)),
    }
}

/// Why a packet is answered with a problem: its body did not arrive completely. A damaged file is not answered so: the
/// answer lists what stood before the damage.
fn fault(over: NoLine) -> Option<Problem> {
    match over {
        NoLine::Ended | NoLine::TooLong => None,
        NoLine::TooMuch => Some(Problem::new(ProblemCode::BodyTooLarge).detail(format!("≤ {PACKET_BYTES_MAX} B"))),
        NoLine::Broken(error) => Some(error.into()),
    }
}

/// A packet being received.
struct Taking<'a> {
    app: &'a App,
    sender: Caller,
    header: Header,
    /// The record whose photos are arriving.
    pending: Option<Pending>,
    done: Vec<record::Done>,
    drafts: usize,
    photos: usize,
}

impl Taking<'_> {
    /// Receives everything; answers whether it was complete.
    async fn all(&mut self, reader: &mut Reader<'_>) -> bool {
        let mut records = 0;
        while let Some(line) = reader.next().await {
            match line {
                Line::Record(record) => {
                    self.finish().await;
                    records += 1;
                    if records > PACKET_RECORDS_MAX {
                        return false;
                    }
                    self.pending = Some(Pending::of(record));
                }
                Line::Draft => {
                    self.finish().await;
                    self.drafts += 1;
                }
                Line::Photo(facts) => {
                    self.photos += 1;
                    self.photo(reader, facts).await;
                }
                Line::End(end) => {
                    self.finish().await;
                    return End::read(end).is_some_and(|end| end.fits(records, self.drafts, self.photos));
                }
                // Pieces of photos that were not accepted, and what a later app may write.
                Line::Piece(_) | Line::Packet(_) | Line::Unknown => {}
            }
        }
        // Nobody knows whether all its photos have arrived.
        if let Some(pending) = self.pending.take() {
            self.done.push(pending.refused(Problem::new(ProblemCode::BodyIncomplete)));
        }
        false
    }

    /// Receives a photo that the record names; others are skipped.
    async fn photo(&mut self, reader: &mut Reader<'_>, facts: serde_json::Value) {
        let Some(pending) = &mut self.pending else { return };
        let Some(facts) = PhotoFacts::read(facts).filter(|facts| pending.photos().contains(&facts.id)) else { return };
        let taken = match declared(Some(&facts.kind)) {
            Ok(declared) => {
                let incoming = Incoming { id: facts.id, declared, expected: facts.sha256 };
                let pieces = reader.pieces(facts.size_bytes);
                receive(self.app, &self.sender, incoming, pieces).await.map(drop).map_err(Problem::from)
            }
            Err(problem) => Err(problem),
        };
        if let Err(problem) = taken {
            pending.photo_refused(problem);
        }
    }

    async fn finish(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.done.push(pending.send(self.app, &self.sender, &self.header.exported_at).await);
        }
    }

    /// What its owner is called, if not by the account.
    async fn code_name(&self, owner: &User) -> Result<Option<String>, Problem> {
        let here = || self.done.iter().filter(|done| done.outcome != Outcome::Refused);
        let issues = here().filter_map(|done| done.issue_id).collect();
        let visits = here().filter(|done| done.kind.as_deref() == Some("visit")).filter_map(|done| done.id);
        Ok(packets::code_name(self.app, owner, issues, visits.map(VisitId).collect()).await?)
    }

    fn view(self, owner: User, code_name: Option<String>, is_complete: bool, english: bool) -> PacketView {
        let request_id = self.sender.request_id;
        let view = |done: record::Done| RecordView {
            problem: done.problem.as_ref().map(|it| ProblemBody::new(it, english, "/api/v1/packets", &request_id)),
            id: done.id,
            kind: done.kind,
            issue_id: done.issue_id,
            action: done.action,
            outcome: done.outcome,
            number: done.number,
            missing_photos: done.missing_photos,
        };
        PacketView {
            account: match code_name {
                Some(name) => OwnerView { id: None, username: None, name },
                None => OwnerView { id: Some(owner.id), username: Some(owner.username), name: owner.display_name },
            },
            exported_at: self.header.exported_at,
            is_complete,
            drafts: self.drafts,
            records: self.done.into_iter().map(view).collect(),
        }
    }
}

/// The photos that a record names.
type Named = HashSet<PhotoId>;
/// The bytes of a piece, or why the photo ends here.
type Piece = Result<Vec<u8>, AppError>;
