//! What persons say to the other room by the script, on a running service. Who watches may speak for a room in its place: from
//! then on the script says no more for that room in this lap, and goes on for the other one.

use super::play::{Player, WAIT};
use crate::domain::exercise::{Lap, MessageDeed};
use crate::domain::ids::{MessageId, RoomId};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::{Body, Code, Handover};
use crate::wire::dialogue::{DialoguePicture, HeardPicture};
use crate::wire::live::OperationPicture;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long it is looked for in the pictures what was said just now, and how often.
const SHOWN_WITHIN: u32 = 250;
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The dialogue of one lap, as far as the script has come.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// What waits until it fits, and until when, in the order of the script.
    waiting: Vec<(MessageDeed, Timestamp)>,
    /// The messages that the script has said.
    said: BTreeSet<String>,
    /// The rooms for which a person speaks.
    taken_over: BTreeSet<RoomId>,
}

/// What a room's picture says of what somebody wants to say.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    /// It fits.
    Now(Body, Option<MessageId>),
    /// It does not fit, or not yet.
    NotYet,
    /// The operation is closed.
    Closed,
    /// A person has spoken for the room.
    TakenOver,
}

impl Player {
    /// Says what a step of the script wants said, as soon as it fits.
    pub(super) async fn will_say(
        &self,
        (deed, at): (MessageDeed, Timestamp),
        talk: &mut Talk,
        lap: &Lap<'_>,
    ) {
        talk.waiting.push((deed, at.plus(WAIT)));
        self.on_messages(talk, lap).await;
    }

    /// Says what fits by now. What moves the dialogue is said in the order of the script, room by room.
    pub(super) async fn on_messages(&self, talk: &mut Talk, lap: &Lap<'_>) {
        let mut held: BTreeSet<RoomId> = BTreeSet::new();
        for (deed, until) in std::mem::take(&mut talk.waiting) {
            let room = &deed.by.room;
            if talk.taken_over.contains(room) {
                continue;
            }
            let now = self.clock().now();
            let moves = deed.saying.code().negotiates();
            let found = if moves && held.contains(room) {
                Found::NotYet
            } else {
                let found = self.look(room, &deed.operation, |of| {
                    found(&deed, &talk.said, of, now)
                });
                found.unwrap_or(Found::NotYet)
            };
            match found {
                Found::Now(body, reply_to) => self.says(&deed, (body, reply_to), talk, lap).await,
                Found::NotYet if now < until => {
                    if moves {
                        held.insert(room.clone());
                    }
                    talk.waiting.push((deed, until));
                }
                Found::NotYet | Found::Closed => {
                    let (who, code) = (&deed.by.account, deed.saying.code().as_str());
                    self.say(lap, &format!("{who} passes over {code}: it does not fit"));
                }
                Found::TakenOver => {
                    let sentence =
                        format!("a person speaks for {room}: the script says no more for it");
                    self.say(lap, &sentence);
                    tracing::info!(room = %room, "a person speaks for a room of the exercise");
                    talk.taken_over.insert(room.clone());
                }
            }
        }
    }

    async fn says(
        &self,
        deed: &MessageDeed,
        (body, reply_to): (Body, Option<MessageId>),
        talk: &mut Talk,
        lap: &Lap<'_>,
    ) {
        let code = deed.saying.code().as_str();
        self.say(lap, &format!("{} says {code}", deed.by.account));
        if self.order(deed.order(body, reply_to), true).await {
            self.shown(deed, talk).await;
        }
    }

    /// Waits until both rooms' pictures show what was said: what is said next rests on it.
    async fn shown(&self, deed: &MessageDeed, talk: &mut Talk) {
        for _ in 0..SHOWN_WITHIN {
            let own = self.look(&deed.by.room, &deed.operation, |of| {
                let said = of_persons(of, deed).find(|said| is_it(said, deed, &talk.said));
                said.map(|said| said.message.id.clone())
            });
            if let Some(id) = own.flatten() {
                let has = |of: &OperationPicture| {
                    let heard = of.dialogues.iter().flat_map(|dialogue| &dialogue.messages);
                    heard.map(|heard| &heard.message.id).any(|of| *of == id)
                };
                if self.look(&deed.to, &deed.operation, has) == Some(true) {
                    talk.said.insert(id);
                    return;
                }
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        tracing::warn!(
            code = deed.saying.code().as_str(),
            "what the exercise said is not shown"
        );
    }
}

/// What a room's picture says of what somebody wants to say; `said`: the messages of the script.
fn found(
    deed: &MessageDeed,
    said: &BTreeSet<String>,
    of: &OperationPicture,
    now: Timestamp,
) -> Found {
    if of_persons(of, deed).any(|heard| !said.contains(&heard.message.id)) {
        return Found::TakenOver;
    }
    if of.closed.is_some() {
        return Found::Closed;
    }
    let dialogue = dialogue(of, deed);
    let state = match dialogue {
        Some(dialogue) => Handover::try_from(&dialogue.state).ok(),
        None => RoomId::parse(&of.lead)
            .ok()
            .map(|lead| Handover::new(deed.to.clone(), lead, now)),
    };
    let Some(body) = state.and_then(|state| deed.body(&state, now)) else {
        return Found::NotYet;
    };
    if body.code() != Code::Ack {
        return Found::Now(body, None);
    }
    match dialogue.and_then(unread) {
        Some(id) => Found::Now(body, Some(id)),
        None => Found::NotYet,
    }
}

fn dialogue<'p>(of: &'p OperationPicture, deed: &MessageDeed) -> Option<&'p DialoguePicture> {
    let mut dialogues = of.dialogues.iter();
    dialogues.find(|dialogue| dialogue.state.partner == deed.to.as_str())
}

/// What persons of the room have said to the other one of the hand-over, the newest first. Notices of crossings, and that they
/// were read, are played beside it.
fn of_persons<'p>(
    of: &'p OperationPicture,
    deed: &MessageDeed,
) -> impl Iterator<Item = &'p HeardPicture> {
    let messages = dialogue(of, deed).map_or(&[][..], |dialogue| &dialogue.messages);
    let reads_notice = |heard: &HeardPicture| {
        let read = |one: &HeardPicture| {
            is_notice(one) && Some(&one.message.id) == heard.message.reply_to.as_ref()
        };
        heard.message.code == Code::Ack.as_str() && messages.iter().any(read)
    };
    let newest = messages.iter().rev();
    newest.filter(move |heard| {
        let by_person = heard.direction == "sent" && heard.message.by.is_some();
        by_person && !is_notice(heard) && !reads_notice(heard)
    })
}

/// Whether a message is a notice of a crossing, or a request.
fn is_notice(heard: &HeardPicture) -> bool {
    [Code::Xng, Code::Rqa]
        .map(Code::as_str)
        .contains(&&*heard.message.code)
}

fn is_it(heard: &HeardPicture, deed: &MessageDeed, said: &BTreeSet<String>) -> bool {
    let by = heard.message.by.as_ref();
    heard.message.code == deed.saying.code().as_str()
        && by.is_some_and(|by| by.account == deed.by.account.as_str())
        && !said.contains(&heard.message.id)
}

/// The newest message to the room that nobody has read.
fn unread(dialogue: &DialoguePicture) -> Option<MessageId> {
    let mut newest = dialogue.messages.iter().rev();
    let heard = newest.find(|heard| {
        heard.direction == "received"
            && heard.read_by.is_none()
            && heard.message.code != Code::Ack.as_str()
            && !is_notice(heard)
    });
    MessageId::parse(&heard?.message.id).ok()
}
