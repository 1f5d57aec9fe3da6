//! What an event of the dialogue does to an operation on the map.

use super::Picture;
use crate::wire::dialogue::{
    DialoguePicture, DisputePicture, HeardPicture, LeadDisputedWire, RecallAnswerWire,
    RecallPicture, RecallWire, RecalledUnit, SaidEventWire,
};
use crate::wire::event::{EventBody, EventWire};
use crate::wire::live::OperationPicture;

/// What two rooms say to each other, and what follows from it.
pub(super) fn fold(picture: &mut Picture, event: &EventWire) {
    let at = &event.at;
    let body = &event.body;
    if let Some(it) = body.as_said() {
        picture.on_operation(it.operation.as_ref(), |of| said(of, it, at));
    }
    match body {
        EventBody::LeadMoved(it) => picture.on_operation(it.operation.as_ref(), |of| {
            // Two rooms tell it, and one of them perhaps late.
            if it.lead.epoch > of.epoch {
                of.lead.clone_from(&it.lead.room);
                of.epoch = it.lead.epoch;
                of.lead_since.clone_from(&it.lead.since);
            }
        }),
        EventBody::LeadDisputed(it) => picture.on_operation(it.operation.as_ref(), |of| {
            disputed(of, &it.partner, Some(dispute(it, at)));
        }),
        EventBody::LeadSettled { operation, partner } => {
            picture.on_operation(operation.as_ref(), |of| {
                disputed(of, partner, None);
            });
        }
        EventBody::EyesTaken(it) => picture.on_operation(it.operation.as_ref(), |of| {
            of.eyes_taken_by.clone_from(&it.unit);
        }),
        EventBody::CeaseOrdered(it) => picture.on_operation(it.operation.as_ref(), |of| {
            recalled(of, "cease", it, at);
        }),
        EventBody::ReleaseOrdered(it) => picture.on_operation(it.operation.as_ref(), |of| {
            recalled(of, "release", it, at);
        }),
        EventBody::CeaseAcknowledged(it) | EventBody::ReleaseAcknowledged(it) => {
            picture.on_operation(it.operation.as_ref(), |of| {
                recall_answered(of, it, at);
            });
        }
        _ => {}
    }
}

/// A message was sent, or has come.
fn said(operation: &mut OperationPicture, event: &SaidEventWire, at: &str) {
    let dialogues = &mut operation.dialogues;
    let known = |one: &DialoguePicture| one.state.partner == event.partner;
    if !dialogues.iter().any(known) {
        dialogues.push(DialoguePicture {
            state: event.state.clone(),
            messages: Vec::new(),
        });
    }
    let Some(dialogue) = dialogues.iter_mut().find(|one| known(one)) else {
        return;
    };
    dialogue.state = event.state.clone();
    let message = &event.message;
    let earlier = dialogue
        .messages
        .iter_mut()
        .rfind(|one| Some(&one.message.id) == message.reply_to.as_ref());
    if let Some(earlier) = earlier {
        answered(earlier, event, at);
    }
    if !matches!(&*message.code, "LAM" | "LRM") {
        dialogue.messages.push(HeardPicture {
            direction: event.direction.clone(),
            at: at.to_owned(),
            message: message.clone(),
            digest: event.envelope.digest.clone(),
            receipted_at: None,
            unfit: None,
            read_by: None,
            read_at: None,
        });
    }
}

/// What a message says of an earlier one.
fn answered(earlier: &mut HeardPicture, event: &SaidEventWire, at: &str) {
    let message = &event.message;
    match &*message.code {
        "LRM" => earlier.unfit.clone_from(&message.words),
        "ACK" => {
            earlier.read_by.clone_from(&message.by);
            earlier.read_at = Some(at.to_owned());
        }
        _ => {}
    }
    // What answers a message has it.
    if event.direction == "received" && message.code != "LRM" {
        earlier.receipted_at.get_or_insert_with(|| at.to_owned());
    }
}

/// Units are told to turn.
fn recalled(operation: &mut OperationPicture, kind: &str, recall: &RecallWire, at: &str) {
    let units = recall.units.iter().map(|unit| RecalledUnit {
        unit: unit.clone(),
        wilco_at: None,
    });
    operation.recalls.push(RecallPicture {
        kind: kind.to_owned(),
        room: recall.room.clone(),
        message: recall.message.clone(),
        by: recall.by.clone(),
        at: at.to_owned(),
        words: recall.words.clone(),
        read_by: None,
        read_at: None,
        units: units.collect(),
    });
}

/// A person has read that, or a unit said that it will.
fn recall_answered(operation: &mut OperationPicture, answer: &RecallAnswerWire, at: &str) {
    let mut recalls = operation.recalls.iter_mut();
    let Some(recall) = recalls.find(|one| one.message == answer.message) else {
        return;
    };
    if let Some(by) = &answer.by
        && recall.read_by.is_none()
    {
        recall.read_by = Some(by.clone());
        recall.read_at = Some(at.to_owned());
    }
    let units = recall.units.iter_mut();
    for unit in units.filter(|one| answer.unit.as_ref() == Some(&one.unit)) {
        unit.wilco_at = Some(at.to_owned());
    }
}

/// What a partner says of who leads, where that is another room; `None` once it names the same.
fn disputed(of: &mut OperationPicture, partner: &str, told: Option<DisputePicture>) {
    of.disputes.retain(|one| one.partner != partner);
    of.disputes.extend(told);
}

/// What a partner says of who leads, since a moment.
fn dispute(told: &LeadDisputedWire, since: &str) -> DisputePicture {
    DisputePicture {
        partner: told.partner.clone(),
        room: told.room.clone(),
        epoch: told.epoch,
        since: since.to_owned(),
    }
}
