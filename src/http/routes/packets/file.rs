//! The lines of a packet, one JSON object each. Unknown lines and fields are skipped, since later apps may write more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Piece;
use crate::app::AppError;
use crate::domain::digest::Digest;
use crate::domain::ids::{PhotoId, UserId};
use crate::domain::objects;
use crate::http::extract::{Lines, NoLine};

/// The format that is read.
const FORMAT: (&str, u32) = ("anfang-unsent", 2);

/// A line, as far as it is known before it is used.
#[derive(Debug)]
pub(super) enum Line {
    Packet(Value),
    Record(Value),
    Photo(Value),
    Piece(String),
    Draft,
    End(Value),
    Unknown,
}

#[derive(Deserialize)]
struct RawLine {
    packet: Option<Value>,
    record: Option<Value>,
    photo: Option<Value>,
    piece: Option<String>,
    draft: Option<IgnoredAny>,
    end: Option<Value>,
}

impl From<RawLine> for Line {
    fn from(line: RawLine) -> Self {
        match line {
            RawLine { piece: Some(piece), .. } => Line::Piece(piece),
            RawLine { record: Some(record), .. } => Line::Record(record),
            RawLine { photo: Some(photo), .. } => Line::Photo(photo),
            RawLine { draft: Some(_), .. } => Line::Draft,
            RawLine { packet: Some(packet), .. } => Line::Packet(packet),
            RawLine { end: Some(end), .. } => Line::End(end),
            RawLine { .. } => Line::Unknown,
        }
    }
}

/// The header of a packet.
#[derive(Debug)]
pub(super) struct Header {
    /// The author of its records.
    pub(super) account: UserId,
    /// By the phone's clock, as it wrote it.
    pub(super) exported_at: String,
}

impl Header {
    /// `None` if it is not a packet of this version.
    pub(super) fn read(value: Value) -> Option<Self> {
        #[derive(Deserialize)]
        struct Account {
            id: UserId,
        }
        #[derive(Deserialize)]
        struct Said {
            format: String,
            version: u32,
            account: Account,
            exported_at: String,
        }
        let said: Said = objects::from_value(value).ok()?;
        ((said.format.as_str(), said.version) == FORMAT)
            .then_some(Header { account: said.account.id, exported_at: said.exported_at })
    }
}

/// What a packet says about a photo.
#[derive(Debug, Deserialize)]
pub(super) struct PhotoFacts {
    pub(super) id: PhotoId,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) size_bytes: u64,
    #[serde(default)]
    pub(super) sha256: Option<Digest>,
}

impl PhotoFacts {
    pub(super) fn read(value: Value) -> Option<Self> {
        objects::from_value(value).ok()
    }
}

/// How much a packet says it contained.
#[derive(Debug, Deserialize)]
pub(super) struct End {
    records: usize,
    drafts: usize,
    photos: usize,
}

impl End {
    pub(super) fn read(value: Value) -> Option<Self> {
        objects::from_value(value).ok()
    }

    pub(super) fn fits(&self, records: usize, drafts: usize, photos: usize) -> bool {
        (self.records, self.drafts, self.photos) == (records, drafts, photos)
    }
}

/// Reads a packet, one line ahead to find where a photo's pieces end.
pub(super) struct Reader<'a> {
    lines: Lines<'a>,
    ahead: Option<Line>,
    over: Option<NoLine>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lines: Lines<'a>) -> Self {
        Reader { lines, ahead: None, over: None }
    }

    /// The next line; `None` when there is none that can be read.
    pub(super) async fn next(&mut self) -> Option<Line> {
        if let Some(line) = self.ahead.take() {
            return Some(line);
        }
        if self.over.is_some() {
            return None;
        }
        match self.lines.next().await {
            Err(over) => self.over = Some(over),
            Ok(line) => match objects::from_slice::<RawLine>(&line) {
                Ok(line) => return Some(line.into()),
                // Damaged: nothing after it can be trusted.
                Err(_) => self.over = Some(NoLine::Ended),
            },
        }
        None
    }

    /// The bytes of the next line, if it is a piece.
    async fn piece(&mut self) -> Option<Piece> {
        match self.next().await? {
            Line::Piece(coded) => Some(STANDARD.decode(coded).map_err(|_| AppError::BodyIncomplete)),
            other => {
                self.ahead = Some(other);
                None
            }
        }
    }

    /// The pieces of the photo that follows, which must add up to `size_bytes`.
    pub(super) fn pieces(&mut self, size_bytes: u64) -> impl Stream<Item = Piece> {
        stream::unfold(Some((self, 0)), move |state| async move {
            let (reader, seen) = state?;
            match reader.piece().await {
                Some(Ok(bytes)) => {
                    let seen = seen + bytes.len() as u64;
                    Some((Ok(bytes), Some((reader, seen))))
                }
                Some(Err(error)) => Some((Err(error), None)),
                None if seen == size_bytes => None,
                None => Some((Err(AppError::BodyIncomplete), None)),
            }
        })
    }

    /// Why there is no next line; answered once.
    pub(super) fn over(&mut self) -> Option<NoLine> {
        self.over.replace(NoLine::Ended)
    }

    /// SHA-256 of everything received.
    pub(super) fn digest(&self) -> Digest {
        self.lines.digest()
    }
}
