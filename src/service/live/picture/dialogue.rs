//! What an event of the dialogue does to an operation on the map.

use crate::wire::dialogue::{
    DialoguePicture, DisputePicture, HeardPicture, LeadDisputedWire, RecallAnswerWire,
    RecallPicture, RecallWire, RecalledUnit, SaidEventWire,
};
use crate::wire::live::OperationPicture;

/// A message was sent, or has come.
pub(super) fn said(operation: &mut OperationPicture, event: &SaidEventWire, at: &str) {
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
pub(super) fn recalled(
    operation: &mut OperationPicture,
    kind: &str,
    recall: &RecallWire,
    at: &str,
) {
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
pub(super) fn recall_answered(
    operation: &mut OperationPicture,
    answer: &RecallAnswerWire,
    at: &str,
) {
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
pub(super) fn disputed(of: &mut OperationPicture, partner: &str, told: Option<DisputePicture>) {
    of.disputes.retain(|one| one.partner != partner);
    of.disputes.extend(told);
}

/// What a partner says of who leads, since a moment.
pub(super) fn dispute(told: &LeadDisputedWire, since: &str) -> DisputePicture {
    DisputePicture {
        partner: told.partner.clone(),
        room: told.room.clone(),
        epoch: told.epoch,
        since: since.to_owned(),
    }
}
