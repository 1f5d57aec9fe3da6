//! May this be said now, and what follows for the room that says it?

use super::code::Code;
use super::said::{Body, Decided, Envelope, Post, Said, ToldNotice};
use super::state::{Dialogue, Dispute, Handover, Lead, Phase, Unreceipted};
use super::table::after;
use crate::domain::borders::{Frontier, Location};
use crate::domain::event::{Event, HandoverEvent, LifeEvent, OperationEventKind, Refusal};
use crate::domain::ids::{MessageId, RoomId, State, UnitId};
use crate::domain::input::{Message, MessageBody};
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Metres, Timestamp};
use crate::domain::operations::crossings::Lookup;
use crate::domain::operations::orders::{event, refuse};
use crate::domain::operations::sharing::Extent;
use crate::domain::operations::{Call, Operation, transfer};
use crate::domain::registry::Person;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a person, or the room's machine, wants to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Speech {
    /// To which room.
    pub to: RoomId,
    /// What.
    pub body: Body,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The call by which it was said already.
    pub call: Option<Call>,
}

/// What was said: to be recorded, and to be sent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spoken {
    /// To be folded and recorded, in order.
    pub events: Vec<Event>,
    /// To be sent, in order.
    pub messages: Vec<Message>,
}

/// Where a room speaks from.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The room.
    pub room: &'a RoomId,
    /// Where to look things up.
    pub lookup: Lookup<'a>,
    /// Who writes and signs.
    pub post: &'a dyn Post,
    /// Our time.
    pub now: Timestamp,
    /// The number of the next message to the partner.
    pub next: u64,
    /// Where the target is, by who has it in sight.
    pub target: Option<Location>,
}

impl Desk<'_> {
    /// Writes, signs and numbers one message.
    pub(super) fn put(
        &mut self,
        operation: &Operation,
        by: Option<&Person>,
        speech: &Speech,
    ) -> Result<(Arc<Said>, Envelope), Refusal> {
        let state = |room: &RoomId| self.lookup.rooms.get(room).map(|card| card.state);
        let (Some(own), Some(partner)) = (state(self.room), state(&speech.to)) else {
            return Err(refuse(
                "no_such_partner",
                format!("There is no room {} here.", speech.to),
            ));
        };
        let adopted = operation.profiles.as_ref();
        let profile = adopted.and_then(|adopted| adopted.get(&Frontier::between(own, partner)));
        let said = Said {
            id: MessageId::of(self.room, &speech.to, self.next),
            operation: operation.card.id.clone(),
            from: self.room.clone(),
            to: speech.to.clone(),
            by: by.cloned(),
            at: self.now,
            number: self.next,
            epoch: operation.lead.epoch,
            reply_to: speech.reply_to.clone(),
            rules: operation.rules.clone(),
            profile: profile.cloned(),
            call: speech.call.clone(),
            body: speech.body.clone(),
        };
        let envelope = self
            .post
            .seal(&said, own)
            .map_err(|why| refuse("room_key", why.to_string()))?;
        self.next += 1;
        Ok((Arc::new(said), envelope))
    }

    /// The event of one message that this room says, and the message.
    pub(super) fn sends(
        &self,
        (said, envelope): (Arc<Said>, Envelope),
        state: Handover,
        spoken: &mut Spoken,
    ) {
        let operation = said.operation.clone();
        let (from, to) = (said.from.clone(), said.to.clone());
        let kind = OperationEventKind::Handover(HandoverEvent::Said {
            sent: true,
            said,
            envelope: envelope.clone(),
            state: Box::new(state),
        });
        spoken.events.push(event(&operation, self.now, kind));
        spoken.messages.push(Message {
            from,
            to,
            body: MessageBody::Said(envelope),
        });
    }
}

/// A message to the other room.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub fn speak(
    mut desk: Desk<'_>,
    operation: &Operation,
    by: Option<&Person>,
    speech: &Speech,
) -> Result<Spoken, Refusal> {
    let between = Between::of(desk.room, desk.lookup, operation, &speech.to)?;
    let mut state = operation.handover_with(&speech.to, desk.now);
    may_say(desk, operation, (&between, &state), speech)?;
    let speech = &Speech {
        reply_to: speech
            .reply_to
            .clone()
            .or_else(|| answers(&state, &speech.body)),
        ..speech.clone()
    };
    let mut spoken = Spoken::default();
    // Whoever is spoken to sees what it is about.
    if let Some(extent) = opens(operation, speech) {
        let shared = LifeEvent::Shared {
            with: speech.to.clone(),
            extent,
        };
        let kind = OperationEventKind::Life(shared);
        spoken
            .events
            .push(event(&operation.card.id, desk.now, kind));
    }
    let (said, envelope) = desk.put(operation, by, speech)?;
    // Whether it fits is known now; it holds for this room once it is confirmed, also when it was said by telephone: the other
    // room may say something else meanwhile.
    after(&state, &said, &envelope.digest)?;
    state.unreceipted.push(Unreceipted {
        message: said.id.clone(),
        code: said.body.code(),
        at: desk.now,
    });
    desk.sends((said, envelope), state, &mut spoken);
    Ok(spoken)
}

/// Which message it answers, when nobody said: the one that waits for such an answer.
fn answers(state: &Handover, body: &Body) -> Option<MessageId> {
    let proposed = || state.proposed.as_ref().map(|open| open.message.clone());
    let offered = || state.offered.as_ref().map(|offer| offer.message.clone());
    match body.code() {
        Code::Sby | Code::Cdn | Code::Acp => proposed(),
        Code::Mas => offered(),
        Code::Hop => state.requested.clone(),
        Code::Rjc => offered()
            .or_else(proposed)
            .or_else(|| state.requested.clone()),
        _ => None,
    }
}

/// A notice that a person sends, or has given by telephone, goes out as a message too, when the room is known here.
///
/// # Errors
/// A [`Refusal`] when it cannot be signed.
pub fn tell(
    mut desk: Desk<'_>,
    operation: &Operation,
    by: &Person,
    (to, told, call): (&RoomId, ToldNotice, Option<Call>),
) -> Result<Spoken, Refusal> {
    // Where nothing may be sent a person may still have called.
    if transfer::barred(desk.lookup, operation, told.fields.host_state).is_some() {
        return Ok(Spoken::default());
    }
    let speech = Speech {
        to: to.clone(),
        body: Body::Tells(Box::new(told)),
        reply_to: None,
        call,
    };
    let mut state = operation.handover_with(to, desk.now);
    let (said, envelope) = desk.put(operation, Some(by), &speech)?;
    if speech.call.is_none() {
        state.unreceipted.push(Unreceipted {
            message: said.id.clone(),
            code: said.body.code(),
            at: desk.now,
        });
    }
    let mut spoken = Spoken::default();
    desk.sends((said, envelope), state, &mut spoken);
    Ok(spoken)
}

/// What becomes visible to a room when this is said to it: the units that are named, and at first the operation itself, as a
/// room cannot take in a word on what it does not know.
fn opens(operation: &Operation, speech: &Speech) -> Option<Extent> {
    let known = operation.shared_with.get(&speech.to);
    let names = match &speech.body {
        Body::Notifies(terms) | Body::Proposes(terms) => terms.units.iter().cloned().collect(),
        _ if known.is_none() => BTreeSet::new(),
        _ => return None,
    };
    let extent = Extent::Units(names);
    let own = operation.card.room != speech.to;
    (own && known.is_none_or(|known| !known.covers(&extent))).then_some(extent)
}

/// The two rooms of a dialogue, and their states.
pub(super) struct Between {
    pub(super) own: State,
    pub(super) partner: State,
    /// Whether the other room is the host.
    pub(super) to_host: bool,
}

impl Between {
    /// A dialogue is held by the room that opened an operation with the rooms of its hosts.
    pub(super) fn of(
        own: &RoomId,
        lookup: Lookup<'_>,
        operation: &Operation,
        partner: &RoomId,
    ) -> Result<Self, Refusal> {
        let state = |room: &RoomId| lookup.rooms.get(room).map(|card| card.state);
        let unknown = || {
            let sentence = format!(
                "Room {partner} takes no part in operation {}.",
                operation.card.id
            );
            refuse("no_such_partner", sentence)
        };
        let (Some(own_state), Some(partner_state)) = (state(own), state(partner)) else {
            return Err(unknown());
        };
        let to_host = operation.card.room == *own;
        let takes_part = if to_host {
            operation.card.host_rooms.contains(partner)
                || operation.shared_with.contains_key(partner)
        } else {
            operation.card.room == *partner
        };
        if !takes_part || own == partner || own_state == partner_state {
            return Err(unknown());
        }
        Ok(Self {
            own: own_state,
            partner: partner_state,
            to_host,
        })
    }

    /// What was agreed beside the law.
    pub(super) fn figures<'a>(&self, lookup: Lookup<'a>, operation: &Operation) -> Figures<'a> {
        let host = if self.to_host { self.partner } else { self.own };
        operation.figures(lookup.profiles, host)
    }
}

fn may_say(
    desk: Desk<'_>,
    operation: &Operation,
    (between, state): (&Between, &Handover),
    speech: &Speech,
) -> Result<(), Refusal> {
    let code = speech.body.code();
    let id = &operation.card.id;
    if code.is_of_machine() || speech.to == *desk.room {
        return Err(refuse(
            "of_machine",
            format!("{} is no person's to say.", code.as_str()),
        ));
    }
    let stays_possible = matches!(code, Code::Ack | Code::Txt | Code::Cls);
    if !operation.is_open() && !stays_possible {
        let sentence = format!("Operation {id} is closed: open a new one.");
        return Err(refuse("operation_closed", sentence));
    }
    if between.to_host
        && let Some(refusal) = transfer::barred(desk.lookup, operation, between.partner)
    {
        return Err(refusal);
    }
    of_this_side(between, code)?;
    if code.negotiates() {
        one_at_a_time(state, &speech.to)?;
    }
    let closes = state.closed_by.contains(desk.room) && !state.is_closed();
    // The host's order to stop always works.
    let may_follow = stays_possible || code == Code::Cease;
    if (closes || state.awaits_receipt_of(Code::Cls)) && !may_follow {
        let sentence = "This room has closed its side of the operation.".to_owned();
        return Err(refuse("closed", sentence));
    }
    if speech.call.is_some() && matches!(code, Code::Hop | Code::Mas) {
        let sentence =
            "The lead passes by voice only with the code that two persons of each room enter.";
        return Err(refuse("voice_transfer", sentence.to_owned()));
    }
    match &speech.body {
        Body::Notifies(terms) | Body::Proposes(terms) | Body::Revises(terms) => {
            leads(operation, desk.room)?;
            under_a_profile(between, desk.lookup, operation)?;
            names_where(code, terms.crossing_points.len())?;
            names_own_units(operation, between, &terms.units)
        }
        Body::Counters(terms) => names_where(code, terms.crossing_points.len()),
        Body::Updates(terms) => {
            leads(operation, desk.room)?;
            let tolerance = between
                .figures(desk.lookup, operation)
                .span(Figure::RevisionTolerance);
            let held = state.agreed.as_ref().map(|agreed| &agreed.terms);
            if held.is_some_and(|held| !held.is_within(terms, tolerance)) {
                let sentence =
                    "That is more than a small change of what was agreed: revise it (RVR).";
                return Err(refuse("beyond_tolerance", sentence.to_owned()));
            }
            Ok(())
        }
        Body::Offers => may_offer(desk, operation, (between, state)),
        Body::Requests => may_request(operation, (between, state), desk.room),
        Body::Assumes if operation.lead.room == *desk.room => Err(refuse(
            "leads_already",
            format!("{} leads already.", desk.room),
        )),
        Body::Releases(units) => names_units(operation, units),
        Body::HasRead => was_heard(operation, speech),
        Body::Authorises(Decided::Granted(document)) => {
            let of = document.state.is_none_or(|state| state == between.own);
            if of && document.from < document.to {
                return Ok(());
            }
            let sentence = "A document is of the room's own state, and ends after it begins.";
            Err(refuse("authorisation_window", sentence.to_owned()))
        }
        Body::Closes => nobody_is_there(operation, between),
        Body::Tells(_)
        | Body::Authorises(_)
        | Body::StandsBy { .. }
        | Body::Accepts { .. }
        | Body::Refuses { .. }
        | Body::Withdraws { .. }
        | Body::Assumes
        | Body::Eyes { .. }
        | Body::Ceases { .. }
        | Body::AsksForMore { .. }
        | Body::Text { .. }
        | Body::Receipts
        | Body::Unfit { .. } => Ok(()),
    }
}

/// What only a host says, and what only the requesting state does.
pub(super) fn of_this_side(between: &Between, code: Code) -> Result<(), Refusal> {
    let of_host = matches!(code, Code::Aut | Code::Cease | Code::Rel);
    let of_requesting = matches!(code, Code::Ext | Code::Rqa | Code::Xng | Code::Rpt);
    if (of_host && between.to_host) || (of_requesting && !between.to_host) {
        let whose = if of_host { "host" } else { "requesting" };
        let sentence = format!(
            "{} is said by the room of the {whose} state.",
            code.as_str()
        );
        return Err(refuse("of_other_side", sentence));
    }
    Ok(())
}

/// Two messages of one room that both move the dialogue never wait for their receipts together.
fn one_at_a_time(state: &Handover, partner: &RoomId) -> Result<(), Refusal> {
    if let Some(pending) = state.pending() {
        let sentence = format!(
            "{} has not confirmed {} yet: wait for it, or speak by telephone.",
            partner,
            pending.code.as_str()
        );
        let guard = if pending.code == Code::Mas {
            "assuming_already"
        } else {
            "awaits_receipt"
        };
        return Err(refuse(guard, sentence));
    }
    if state.withdrawing.is_some() || state.awaits_receipt_of(Code::Abr) {
        let sentence = "It is being taken back: that must be read first (ACK).".to_owned();
        return Err(refuse("being_withdrawn", sentence));
    }
    Ok(())
}

/// Only the room that leads offers anything, and nobody while that is in dispute.
pub(super) fn leads(operation: &Operation, room: &RoomId) -> Result<(), Refusal> {
    if let Some((partner, dispute)) = operation.disputes.first_key_value() {
        let Dispute {
            room: other, epoch, ..
        } = dispute;
        let sentence = format!(
            "Who leads is in dispute: {} here ({}), {other} at {partner} ({epoch}). Settle it by telephone first.",
            operation.lead.room, operation.lead.epoch
        );
        return Err(refuse("lead_disputed", sentence));
    }
    let Lead {
        room: leader,
        epoch,
        since,
    } = &operation.lead;
    if leader == room {
        return Ok(());
    }
    Err(refuse(
        "does_not_lead",
        format!("{leader} leads ({epoch}, since {since})."),
    ))
}

/// Row 1: without a profile that both signed there is no dialogue by the line.
fn under_a_profile(
    between: &Between,
    lookup: Lookup<'_>,
    operation: &Operation,
) -> Result<(), Refusal> {
    if between.figures(lookup, operation).profile().is_some() {
        return Ok(());
    }
    let pair = Frontier::between(between.own, between.partner);
    let sentence = format!(
        "No profile of {pair} that both states signed is in force: agree by telephone, and have one signed."
    );
    Err(refuse("no_profile", sentence))
}

fn names_where(code: Code, points: usize) -> Result<(), Refusal> {
    if points > 0 || code == Code::Ntf {
        return Ok(());
    }
    Err(refuse(
        "no_crossing_point",
        "Name the crossing point.".to_owned(),
    ))
}

fn names_own_units(
    operation: &Operation,
    between: &Between,
    units: &[UnitId],
) -> Result<(), Refusal> {
    // A host that hands the lead back names its own units: they are in no operation here.
    if between.to_host {
        names_units(operation, units)
    } else {
        Ok(())
    }
}

fn names_units(operation: &Operation, units: &[UnitId]) -> Result<(), Refusal> {
    match units.iter().find(|unit| !operation.has(unit)) {
        None => Ok(()),
        Some(unit) => {
            let sentence = format!("Unit {unit} is not in operation {}.", operation.card.id);
            Err(refuse("unit_not_in_operation", sentence))
        }
    }
}

/// Row 12: the target has reached where the lead is to pass, or the other side has it in sight, or asked for the lead.
fn may_offer(
    desk: Desk<'_>,
    operation: &Operation,
    (between, state): (&Between, &Handover),
) -> Result<(), Refusal> {
    leads(operation, desk.room)?;
    if state.requested.is_some() {
        return Ok(());
    }
    let at = state
        .agreed
        .as_ref()
        .and_then(|agreed| agreed.terms.transfer_at);
    let beyond = desk.target.and_then(|target| beyond(target, between));
    let reached = beyond.is_some_and(|beyond| beyond >= at.unwrap_or_default());
    // Only the requesting side's units are in the operation.
    let is_theirs = |unit: &UnitId| operation.has(unit) != between.to_host;
    let mut seeing = [&operation.eyes, &operation.eyes_taken_by]
        .into_iter()
        .flatten();
    if reached || seeing.any(is_theirs) {
        return Ok(());
    }
    let sentence = match (beyond, at) {
        (Some(beyond), at) => format!(
            "The target is {:.1} km from where the lead is to pass, and the other room does not have it in sight yet.",
            (at.unwrap_or_default().as_f64() - beyond.as_f64()) / 1_000.0
        ),
        (None, _) => "Where the target is is not known, and the other room does not have it in sight: say who sees it."
            .to_owned(),
    };
    Err(refuse("not_at_transfer_point", sentence))
}

/// How far a place is beyond the line of two states; negative before it. `None` where another frontier is nearer.
fn beyond(target: Location, between: &Between) -> Option<Metres> {
    let pair = Frontier::between(between.own, between.partner);
    let nearest = target.nearest.filter(|nearest| nearest.frontier == pair)?;
    let inside = target.states.contains(between.partner);
    let sign = if inside { 1.0 } else { -1.0 };
    Some(Metres::new(sign * nearest.distance.as_f64()))
}

/// Rows 13 and 16: once terms are agreed or a unit has crossed, or to have the lead back.
fn may_request(
    operation: &Operation,
    (between, state): (&Between, &Handover),
    room: &RoomId,
) -> Result<(), Refusal> {
    if operation.lead.room == *room {
        return Err(refuse("leads_already", format!("{room} leads already.")));
    }
    let host = if between.to_host {
        between.partner
    } else {
        between.own
    };
    let entered = operation.hosts_entered().contains(&host);
    if state.phase == Phase::Agreed || entered || between.to_host {
        return Ok(());
    }
    let sentence = "Nothing is agreed and no unit has crossed: wait for a proposal.".to_owned();
    Err(refuse("nothing_agreed", sentence))
}

/// What a person says to have read was received.
fn was_heard(operation: &Operation, speech: &Speech) -> Result<(), Refusal> {
    let dialogue = operation.handovers.get(&speech.to);
    let heard = speech
        .reply_to
        .as_ref()
        .and_then(|id| dialogue.and_then(|dialogue: &Dialogue| dialogue.find(id)));
    match heard {
        Some(heard) if heard.said.from == speech.to && heard.read.is_none() => Ok(()),
        Some(heard) if heard.read.is_some() => Err(refuse(
            "read_already",
            "Somebody of this room has read it.".to_owned(),
        )),
        _ => Err(refuse(
            "no_such_message",
            "There is no such message to this room.".to_owned(),
        )),
    }
}

/// While officers of the other side are there, no side closes.
fn nobody_is_there(operation: &Operation, between: &Between) -> Result<(), Refusal> {
    let host = if between.to_host {
        between.partner
    } else {
        between.own
    };
    let there: Vec<&str> = operation
        .abroad
        .iter()
        .filter(|(_, abroad)| abroad.territory.contains(host))
        .map(|(unit, _)| unit.as_str())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let sentence = format!("{} still in {host}: wait for the return.", there.join(", "));
    Err(refuse("units_abroad", sentence))
}
