//! What follows when the other room said something.

use super::code::Code;
use super::recall;
use super::said::{Body, Decided, Envelope, EyesSaid, Said, Unreadable};
use super::speak::{Between, Desk, Speech, Spoken, leads, of_this_side};
use super::state::{Handover, Lead, Phase};
use super::table::after;
use crate::domain::event::{Event, HandoverEvent, LifeEvent, OperationEventKind, Refusal};
use crate::domain::ids::{MessageId, RoomId, UnitId};
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::Timestamp;
use crate::domain::operations::orders::{self, Ask, event, refuse};
use crate::domain::operations::sharing::Extent;
use crate::domain::operations::{Operation, OperationChange};
use crate::domain::registry::UnitCard;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What follows from a message of the other room: it is kept, confirmed or refused, and does what it says.
#[must_use]
pub fn hear(
    mut desk: Desk<'_>,
    operation: &Operation,
    (said, envelope): (Said, Envelope),
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Spoken {
    let partner = said.from.clone();
    let dialogue = operation.handovers.get(&partner);
    let mut spoken = Spoken::default();
    if let Some(known) = dialogue.and_then(|dialogue| dialogue.find(&said.id)) {
        let body = if known.digest != envelope.digest {
            // The other room was set back to an earlier state, and gives its numbers anew.
            let sentence = "Something else was said under this number before: say it again.";
            Body::Unfit {
                guard: "number_taken".into(),
                sentence: sentence.into(),
            }
        } else if let Some(sentence) = &known.unfit {
            Body::Unfit {
                guard: "refused_already".into(),
                sentence: Arc::clone(sentence),
            }
        } else {
            // Said again: its receipt was lost.
            Body::Receipts
        };
        let again = Speech {
            to: partner.clone(),
            body,
            reply_to: Some(known.said.id.clone()),
            call: None,
        };
        let state = operation.handover_with(&partner, desk.now);
        answer(&mut desk, operation, &again, state, &mut spoken);
        return spoken;
    }
    let hearing = Hearing {
        operation,
        state: operation.handover_with(&partner, desk.now),
        said: Arc::new(said),
        envelope,
        units,
    };
    match &hearing.said.body {
        Body::Receipts => hearing.receipted(desk),
        Body::Unfit { .. } => hearing.refused(desk),
        _ => hearing.taken(desk),
    }
}

/// What follows from a message that cannot be read: its sender is told so, where it says which it is.
#[must_use]
pub fn unreadable(
    mut desk: Desk<'_>,
    operation: &Operation,
    (partner, unread): (&RoomId, &Unreadable),
) -> Spoken {
    let mut spoken = Spoken::default();
    if unread.id.is_some() {
        let reply = Speech {
            to: partner.clone(),
            body: Body::Unfit {
                guard: Arc::clone(&unread.guard),
                sentence: Arc::clone(&unread.sentence),
            },
            reply_to: unread.id.clone(),
            call: None,
        };
        let state = operation.handover_with(partner, desk.now);
        answer(&mut desk, operation, &reply, state, &mut spoken);
    }
    spoken
}

struct Hearing<'a> {
    operation: &'a Operation,
    /// The dialogue as everything written so far has made it.
    state: Handover,
    said: Arc<Said>,
    envelope: Envelope,
    units: &'a BTreeMap<UnitId, &'a UnitCard>,
}

impl Hearing<'_> {
    /// The other machine has what we said: it holds.
    fn receipted(mut self, desk: Desk<'_>) -> Spoken {
        let mut spoken = Spoken::default();
        let confirmed = self.said.reply_to.clone();
        let held = confirmed.and_then(|id| self.holds(&id));
        self.keep(desk, &mut spoken);
        if let Some(held) = held {
            self.own_holds(desk, &held, &mut spoken);
        }
        spoken
    }

    /// The other machine refuses what we said: it never held.
    fn refused(mut self, desk: Desk<'_>) -> Spoken {
        let mut spoken = Spoken::default();
        if let Some(id) = self.said.reply_to.clone() {
            self.state.unreceipted.retain(|one| one.message != id);
        }
        self.keep(desk, &mut spoken);
        spoken
    }

    fn taken(mut self, mut desk: Desk<'_>) -> Spoken {
        let mut spoken = Spoken::default();
        // What answers a message has it.
        let held = self.said.reply_to.clone().and_then(|id| self.holds(&id));
        let judged = self.judge(desk);
        let body = match judged {
            Ok(state) => {
                let unreceipted = std::mem::take(&mut self.state.unreceipted);
                self.state = Handover {
                    unreceipted,
                    ..state
                };
                Body::Receipts
            }
            Err(refusal) => Body::Unfit {
                guard: refusal.guard,
                sentence: refusal.sentence,
            },
        };
        let fits = matches!(body, Body::Receipts);
        self.keep(desk, &mut spoken);
        if let Some(held) = held {
            self.own_holds(desk, &held, &mut spoken);
        }
        let reply = Speech {
            to: self.said.from.clone(),
            body,
            reply_to: Some(self.said.id.clone()),
            call: None,
        };
        if fits {
            self.follow(desk, &mut spoken);
        }
        answer(
            &mut desk,
            self.operation,
            &reply,
            self.state.clone(),
            &mut spoken,
        );
        spoken
    }

    /// The event of what the other room said.
    fn keep(&self, desk: Desk<'_>, spoken: &mut Spoken) {
        let kind = OperationEventKind::Handover(HandoverEvent::Said {
            sent: false,
            said: Arc::clone(&self.said),
            envelope: self.envelope.clone(),
            state: Box::new(self.state.clone()),
        });
        spoken
            .events
            .push(event(&self.operation.card.id, desk.now, kind));
    }

    /// What this room said holds from now on, if it waited for that. What was overtaken by something else holds no more.
    fn holds(&mut self, id: &MessageId) -> Option<Arc<Said>> {
        let place = self
            .state
            .unreceipted
            .iter()
            .position(|one| one.message == *id)?;
        self.state.unreceipted.remove(place);
        let dialogue = self.operation.handovers.get(&self.said.from)?;
        let heard = dialogue.find(id)?;
        let after = after(&self.state, &heard.said, &heard.digest).ok()?;
        self.state = after;
        Some(Arc::clone(&heard.said))
    }

    /// What follows for this room from its own word that holds now.
    fn own_holds(&self, desk: Desk<'_>, own: &Said, spoken: &mut Spoken) {
        match own.body {
            Body::Assumes => self.lead_moves(desk, own, spoken),
            Body::Accepts { .. } => self.opens_all(desk, spoken),
            Body::Tells(ref told) => {
                let delivered = orders::delivered(self.operation, &told.notice, desk.now);
                spoken.events.extend(delivered);
            }
            _ => {}
        }
    }

    /// Whether it fits, and to where it leads.
    fn judge(&self, desk: Desk<'_>) -> Result<Handover, Refusal> {
        let (said, operation) = (&*self.said, self.operation);
        let code = said.body.code();
        let between = Between::of(&said.from, desk.lookup, operation, desk.room)?;
        of_this_side(&between, code)?;
        self.crosses(code)?;
        match &said.body {
            Body::Notifies(_) | Body::Proposes(_) | Body::Revises(_) | Body::Offers => {
                leads(operation, &said.from)?;
                self.of_epoch()?;
            }
            Body::Updates(terms) => {
                leads(operation, &said.from)?;
                let figures = between.figures(desk.lookup, operation);
                let tolerance = figures.span(Figure::RevisionTolerance);
                let held = self.state.agreed.as_ref().map(|agreed| &agreed.terms);
                if held.is_some_and(|held| !held.is_within(terms, tolerance)) {
                    let sentence = "That is more than a small change: it must be revised.";
                    return Err(refuse("beyond_tolerance", sentence.to_owned()));
                }
            }
            Body::Assumes => {
                leads(operation, desk.room)?;
                self.of_epoch()?;
            }
            _ => {}
        }
        after(&self.state, said, &self.envelope.digest)
    }

    /// Whoever speaks of the lead knows which epoch runs.
    fn of_epoch(&self) -> Result<(), Refusal> {
        let Lead { room, epoch, since } = &self.operation.lead;
        if self.said.epoch == *epoch {
            return Ok(());
        }
        let sentence = format!(
            "{} is over: {room} leads ({epoch}, since {since}).",
            self.said.epoch
        );
        Err(refuse("stale_epoch", sentence))
    }

    /// Two messages that crossed: one of them wins, and the same one in both rooms. What this room said and the other one has
    /// not confirmed holds there already, or will before this is confirmed.
    fn crosses(&self, code: Code) -> Result<(), Refusal> {
        let said = |code| self.state.awaits_receipt_of(code);
        let answered = [Code::Acp, Code::Rjc, Code::Cdn].into_iter().any(said);
        let (guard, sentence) = if said(Code::Mas) && (code.negotiates() || code == Code::Abr) {
            let sentence = "The lead was assumed at the same time: it has passed.";
            ("control_already_moved", sentence)
        } else if said(Code::Abr) && matches!(code, Code::Hop | Code::Pro) {
            let sentence = "It was taken back at the same time: the lead stays.";
            ("being_withdrawn", sentence)
        } else if said(Code::Cls) && matches!(code, Code::Ntf | Code::Pro) {
            let sentence = "This room closed its side at the same time: speak by telephone.";
            ("closed", sentence)
        } else if answered && matches!(code, Code::Pro | Code::Rvr)
            // A small change is one of the terms before, and not of those that were accepted.
            || said(Code::Acp) && code == Code::Rvn
        {
            let sentence = "What was proposed before is answered already: look again.";
            ("answered_already", sentence)
        } else {
            return Ok(());
        };
        Err(refuse(guard, sentence.to_owned()))
    }

    /// What a message that fits brings about beside the dialogue.
    fn follow(&self, desk: Desk<'_>, spoken: &mut Spoken) {
        let own = self.operation.card.room == *desk.room;
        match &self.said.body {
            Body::Assumes => self.lead_moves(desk, &self.said, spoken),
            Body::Accepts { .. } => self.opens_all(desk, spoken),
            Body::Authorises(decided) if own => {
                let change = match decided {
                    Decided::Granted(document) => {
                        OperationChange::Authorisation((**document).clone())
                    }
                    Decided::Refused(refusal) => OperationChange::HostRefused(refusal.clone()),
                };
                self.change(desk, &change, spoken);
            }
            Body::Ceases { words } if own => {
                if let Some(by) = &self.said.by {
                    let ordered = recall::cease(desk, self.operation, &self.said, words);
                    spoken.events.extend(ordered);
                    if let Some(refusal) =
                        recall::refusal(desk, self.operation, &self.said, by, words)
                    {
                        self.change(desk, &OperationChange::HostRefused(refusal), spoken);
                    }
                }
            }
            Body::Releases(units) if own => {
                let released = recall::release(desk, self.operation, &self.said, units);
                spoken.events.extend(released);
            }
            Body::HasRead if own => self.notice_read(desk, spoken),
            Body::Eyes { unit, what } if own => {
                let moved = eyes(self.operation, unit, *what, false, desk);
                spoken.events.extend(moved);
            }
            _ => {}
        }
    }

    /// A person of the other room has read a notice that this room sent.
    fn notice_read(&self, desk: Desk<'_>, spoken: &mut Spoken) {
        let dialogue = self.operation.handovers.get(&self.said.from);
        let read = self.said.reply_to.as_ref();
        let heard = read.and_then(|id| dialogue.and_then(|dialogue| dialogue.find(id)));
        if let (Some(heard), Some(by)) = (heard, &self.said.by)
            && let Body::Tells(told) = &heard.said.body
        {
            let seen = orders::seen(self.operation, &told.notice, by, desk.now);
            spoken.events.extend(seen);
        }
    }

    /// A change of the operation that the other room's word is.
    fn change(&self, desk: Desk<'_>, change: &OperationChange, spoken: &mut Spoken) {
        let Some(by) = &self.said.by else { return };
        let ask = Ask {
            by,
            now: desk.now,
            lookup: desk.lookup,
        };
        match orders::changed(ask, self.operation, change, self.units) {
            Ok(events) => spoken.events.extend(events),
            Err(refusal) => {
                let id = Some(self.operation.card.id.clone());
                let word = self.said.body.code().as_str();
                let kept = orders::refused(id, by, word, refusal, desk.now);
                spoken.events.push(kept);
            }
        }
    }

    /// The lead passes to who said the assumption: for the room that led as soon as it has it, for the other one when it
    /// knows that.
    fn lead_moves(&self, desk: Desk<'_>, assumption: &Said, spoken: &mut Spoken) {
        let kind = HandoverEvent::LeadMoved {
            partner: self.said.from.clone(),
            lead: Lead {
                room: assumption.from.clone(),
                epoch: assumption.epoch.next(),
                since: desk.now,
            },
            by: assumption.by.clone(),
            message: assumption.id.clone(),
        };
        let kind = OperationEventKind::Handover(kind);
        spoken
            .events
            .push(event(&self.operation.card.id, desk.now, kind));
    }

    /// With the agreement the other room sees all of the operation.
    fn opens_all(&self, desk: Desk<'_>, spoken: &mut Spoken) {
        let (operation, room) = (self.operation, &self.said.from);
        let own = operation.card.room == *desk.room;
        let known = operation.shared_with.get(room);
        if !own || self.state.phase < Phase::Agreed || known == Some(&Extent::All) {
            return;
        }
        let shared = LifeEvent::Shared {
            with: room.clone(),
            extent: Extent::All,
        };
        let kind = OperationEventKind::Life(shared);
        spoken
            .events
            .push(event(&operation.card.id, desk.now, kind));
    }
}

/// What a machine says back.
fn answer(
    desk: &mut Desk<'_>,
    operation: &Operation,
    reply: &Speech,
    state: Handover,
    spoken: &mut Spoken,
) {
    // Without a key nothing is confirmed: the other room then calls.
    if let Ok(put) = desk.put(operation, None, reply) {
        desk.sends(put, state, spoken);
    }
}

/// Who has the target, as both sides said it: what one takes it holds once the other lets go, or had lost it.
pub(super) fn eyes(
    operation: &Operation,
    unit: &UnitId,
    what: EyesSaid,
    own_side: bool,
    desk: Desk<'_>,
) -> Vec<Event> {
    let has = operation.eyes.as_ref();
    match what {
        // A side speaks of its own units.
        _ if operation.has(unit) != own_side => Vec::new(),
        EyesSaid::Has | EyesSaid::Takes => takes(operation, unit, desk.now),
        // Nobody hands the target to nobody.
        EyesSaid::Hands if operation.eyes_taken_by.is_none() => Vec::new(),
        EyesSaid::Hands | EyesSaid::Lost if has == Some(unit) => let_go(operation, desk.now),
        EyesSaid::Hands | EyesSaid::Lost => Vec::new(),
    }
}

/// A unit takes the target: at once from nobody or from one of its own side; from one of the other side when that lets go.
#[must_use]
pub fn takes(operation: &Operation, unit: &UnitId, now: Timestamp) -> Vec<Event> {
    let has = operation.eyes.as_ref();
    if has == Some(unit) {
        return Vec::new();
    }
    if has.is_none_or(|has| operation.has(has) == operation.has(unit)) {
        return vec![orders::eyes(operation, Some(unit.clone()), now)];
    }
    if operation.eyes_taken_by.as_ref() == Some(unit) {
        return Vec::new();
    }
    let wanted = HandoverEvent::EyesTaken(Some(unit.clone()));
    let kind = OperationEventKind::Handover(wanted);
    vec![event(&operation.card.id, now, kind)]
}

/// The unit that has the target lets it go: to the one that wanted to take it, or to nobody.
#[must_use]
pub fn let_go(operation: &Operation, now: Timestamp) -> Vec<Event> {
    let next = operation.eyes_taken_by.clone();
    let mut events = vec![orders::eyes(operation, next.clone(), now)];
    if next.is_some() {
        let settled = OperationEventKind::Handover(HandoverEvent::EyesTaken(None));
        events.push(event(&operation.card.id, now, settled));
    }
    events
}

/// The same for what this room says of its own units, in its own operation.
#[must_use]
pub fn own_eyes(desk: Desk<'_>, operation: &Operation, speech: &Speech) -> Vec<Event> {
    match &speech.body {
        Body::Eyes { unit, what } if operation.card.room == *desk.room => {
            eyes(operation, unit, *what, true, desk)
        }
        _ => Vec::new(),
    }
}
