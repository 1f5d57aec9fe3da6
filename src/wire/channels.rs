//! Notices beside the other room: the attempts as they are told, and the `CloudEvent` that a webhook takes.

use super::letter::WrittenWire;
use super::operation::NoticeFieldsWire;
use super::parts::{PersonWire, WireError, time, timestamp, word};
use super::words::{Language, coded};
use crate::domain::operations::channels::{Attempt, ChannelKind, Channels, Outcome};
use crate::domain::world::outbox::Outgoing;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The words of channels.
pub(super) fn words(channels: &[ChannelKind]) -> Vec<String> {
    let words = channels.iter().map(|channel| channel.as_str().to_owned());
    words.collect()
}

/// The channels of these words.
pub(super) fn kinds(channels: &[String]) -> Result<Vec<ChannelKind>, WireError> {
    channels.iter().map(|channel| kind(channel)).collect()
}

fn kind(channel: &str) -> Result<ChannelKind, WireError> {
    word(channel, ChannelKind::parse, "a channel")
}

/// An attempt to deliver a notice by a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AttemptWire {
    /// `email` or `webhook`.
    pub channel: String,
    /// The how manyth of this notice by this channel, from 1.
    pub number: u32,
    /// To which address: a mail address, or a web address without its path.
    pub address: String,
    /// Whether the far side's machine took it.
    pub delivered: bool,
    /// What it said, or why it could not be asked.
    pub said: String,
    /// When it is tried again; null when it was delivered, and after the last attempt.
    pub next_at: Option<String>,
}

impl From<&Attempt> for AttemptWire {
    fn from(attempt: &Attempt) -> Self {
        let (delivered, said, next) = match &attempt.outcome {
            Outcome::Taken { said } => (true, said, None),
            Outcome::Failed { because, next } => (false, because, *next),
        };
        Self {
            channel: attempt.channel.as_str().to_owned(),
            number: attempt.number,
            address: attempt.address.to_string(),
            delivered,
            said: said.to_string(),
            next_at: next.map(time),
        }
    }
}

impl TryFrom<&AttemptWire> for Attempt {
    type Error = WireError;

    fn try_from(attempt: &AttemptWire) -> Result<Self, WireError> {
        let said = attempt.said.as_str().into();
        let outcome = if attempt.delivered {
            Outcome::Taken { said }
        } else {
            Outcome::Failed {
                because: said,
                next: attempt.next_at.as_deref().map(timestamp).transpose()?,
            }
        };
        Ok(Self {
            channel: kind(&attempt.channel)?,
            number: attempt.number,
            address: attempt.address.as_str().into(),
            outcome,
        })
    }
}

/// An attempt, as a picture shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AttemptPicture {
    /// When it was over.
    pub at: String,
    /// The attempt.
    #[serde(flatten)]
    pub attempt: AttemptWire,
}

/// Whom a notice reaches beside the rooms of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReachedWire {
    /// A room, or a state by its code.
    pub to: String,
    /// `email`, `webhook`.
    pub channels: Vec<String>,
}

impl ReachedWire {
    /// Everybody whom operations of a service reach, which may be one of an exercise.
    #[must_use]
    pub fn of(channels: &Channels, exercise: bool) -> Vec<Self> {
        let reached = channels.reached(exercise).map(|(to, kinds)| Self {
            to: to.to_string(),
            channels: kinds.map(|kind| kind.as_str().to_owned()).collect(),
        });
        reached.collect()
    }
}

/// The media type of a [`CloudEvent`] in structured mode.
pub const CLOUD_EVENT: &str = "application/cloudevents+json; charset=utf-8";

/// A notice as a webhook takes it: `CloudEvents` 1.0, structured JSON. The same notice has the same `source` and `id` in every
/// attempt, so a receiver knows a repeat.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CloudEvent {
    /// `1.0`.
    pub specversion: String,
    /// The notice's id.
    pub id: String,
    /// The room that sends it, such as `/rooms/budapest`.
    pub source: String,
    /// `limes.notice.sent`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The operation.
    pub subject: String,
    /// When a person sent it.
    pub time: String,
    /// `application/json`.
    pub datacontenttype: String,
    /// What is told.
    pub data: CloudEventData,
}

/// What a [`CloudEvent`] tells.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CloudEventData {
    /// Whether it belongs to an exercise: then nothing real happened.
    pub exercise: bool,
    /// The operation's name.
    pub operation_name: String,
    /// `notice_of_crossing` or `request`.
    pub duty: String,
    /// From which room.
    pub from: String,
    /// To which room, or to which state when that has no room here.
    pub to: String,
    /// Who sent it.
    pub sent_by: PersonWire,
    /// What it says, coded.
    pub fields: NoticeFieldsWire,
    /// The same in the languages of both states, the sender's first.
    pub texts: Vec<WrittenWire>,
}

impl From<&Outgoing> for CloudEvent {
    fn from(outgoing: &Outgoing) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id: outgoing.notice.to_string(),
            source: format!("/rooms/{}", outgoing.from),
            kind: "limes.notice.sent".to_owned(),
            subject: outgoing.operation.to_string(),
            time: time(outgoing.sent_at),
            datacontenttype: "application/json".to_owned(),
            data: CloudEventData {
                exercise: outgoing.exercise,
                operation_name: outgoing.name.to_string(),
                duty: outgoing.duty.as_str().to_owned(),
                from: outgoing.from.to_string(),
                to: outgoing.to.to_string(),
                sent_by: (&outgoing.sent_by).into(),
                fields: (&outgoing.fields).into(),
                texts: outgoing.texts.iter().map(Into::into).collect(),
            },
        }
    }
}

impl CloudEvent {
    /// The body of the request.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // A struct of strings and numbers has a form.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The subject of a mail: which notice, and what it is in the languages of both states.
#[must_use]
pub fn subject(outgoing: &Outgoing) -> String {
    let fields = &outgoing.fields;
    let mut languages = vec![
        Language::of(fields.requesting_state),
        Language::of(fields.host_state),
    ];
    languages.dedup();
    let duty = |language: &Language| coded(*language, "duty", outgoing.duty.as_str());
    let duties: Vec<String> = languages.iter().map(duty).collect();
    let exercise = if outgoing.exercise { "EXERCISE " } else { "" };
    format!("{exercise}{}: {}", outgoing.notice, duties.join(" / "))
}

/// The text of a mail: the notice in the languages of both states, one under the other.
#[must_use]
pub fn mail_text(outgoing: &Outgoing) -> String {
    let texts: Vec<&str> = outgoing.texts.iter().map(|text| &*text.text).collect();
    texts.join("\n----\n\n")
}
