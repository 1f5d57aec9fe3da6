//! Planted faults: what a wrong decision would have kept and sent, in the simulator's copy of it. Each must be caught.

use limes::domain::event::{
    Event, HandoverEvent, LinkEvent, LinkEventKind, OperationEvent, OperationEventKind, SentFrame,
    What,
};
use limes::domain::ids::{RoomId, UnitId};
use limes::domain::input::{Frame, MessageBody};
use limes::domain::operations::handover::{Body, Lead, Post as _, RecallKind, Said};
use limes::wire::dialogue::letter::Unsigned;
use std::sync::Arc;

/// The planted faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The lead moves as soon as a machine has the offer.
    LeadMovesOnReceipt,
    /// The room that assumes leads before it knows that the other one has that.
    AssumesAtOnce,
    /// An assumption does not count the epoch on.
    EpochStays,
    /// An assumption counts it twice.
    EpochJumps,
    /// An acceptance names another hash.
    AcceptsOtherHash,
    /// An order to stop changes nothing for the units.
    StopsNobody,
    /// A crossing is drafted nowhere.
    DraftsNothing,
    /// The partner is told where a technical source is.
    TellsOfTracker,
    /// Frames that come again are taken in again.
    FramesTakenTwice,
    /// What is said is not kept in the same commit: some of it is never sent.
    ForgetsToSend,
}

/// What was planted in one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planted {
    Nothing,
    /// The events are others than those that were folded.
    Altered,
}

impl Fault {
    /// Alters one commit of a room.
    pub(crate) fn plant(
        self,
        ends: (&RoomId, &RoomId),
        sent: u64,
        events: &mut Vec<Event>,
    ) -> Planted {
        let before = events.clone();
        match self {
            Self::LeadMovesOnReceipt => {
                add(events, |said, sent| {
                    let offer = said.reply_to.as_ref().filter(|_| !sent)?;
                    matches!(said.body, Body::Receipts).then_some(())?;
                    // Its own offers are the only messages of it that are looked for.
                    Some(moved(said, &said.from, offer.clone()))
                });
                events.retain(|event| !is_premature(event, &before));
            }
            Self::AssumesAtOnce => add(events, |said, sent| {
                let assumes = sent && matches!(said.body, Body::Assumes);
                assumes.then(|| moved(said, &said.from, said.id.clone()))
            }),
            Self::EpochStays => of_moves(events, |lead| lead.epoch.0 -= 1),
            Self::EpochJumps => of_moves(events, |lead| lead.epoch = lead.epoch.next()),
            Self::AcceptsOtherHash => of_said(events, |said| {
                if let Body::Accepts { digest } = &mut said.body {
                    *digest = "another".into();
                }
            }),
            Self::StopsNobody if ceases(events) => {
                events.retain(|event| {
                    !is(event, |kind| {
                        matches!(kind, OperationEventKind::Assessed { .. })
                    })
                });
            }
            Self::DraftsNothing => events.retain(|event| {
                !is(event, |kind| {
                    matches!(kind, OperationEventKind::Notice { .. })
                })
            }),
            Self::TellsOfTracker => {
                let told = events
                    .iter()
                    .filter(|event| matches!(&event.what, What::Fix(fix) if is_tracker(&fix.unit)));
                let shared: Vec<Event> = told.cloned().collect();
                events.extend((!shared.is_empty()).then(|| frame(ends, sent + 1, shared)));
            }
            Self::ForgetsToSend => {
                let is_frame = |event: &Event| frame_of(event).is_some();
                if before.iter().filter(|event| is_frame(event)).count() > 1 {
                    let last = events.iter().rposition(is_frame).unwrap();
                    events.remove(last);
                }
            }
            Self::StopsNobody | Self::FramesTakenTwice => {}
        }
        if *events == before {
            Planted::Nothing
        } else {
            Planted::Altered
        }
    }
}

/// What goes into a frame in one commit.
const fn frame_of(event: &Event) -> Option<&SentFrame> {
    match &event.what {
        What::Link(LinkEvent {
            kind: LinkEventKind::Sent(sent),
            ..
        }) => Some(sent),
        _ => None,
    }
}

/// A frame that tells the partner this.
fn frame((from, to): (&RoomId, &RoomId), number: u64, shared: Vec<Event>) -> Event {
    let at = shared[0].at;
    let frame = Frame {
        from: from.clone(),
        to: to.clone(),
        number,
        at,
        messages: vec![MessageBody::Shared(shared)],
    };
    let state = limes::domain::ids::State::parse("HU").unwrap();
    let sent = SentFrame {
        frame: number,
        envelope: Unsigned.seal_frame(&frame, state).unwrap(),
        unit: None,
        operation: None,
    };
    Event {
        at,
        what: What::Link(LinkEvent {
            partner: to.clone(),
            kind: LinkEventKind::Sent(sent),
        }),
    }
}

fn is_tracker(unit: &UnitId) -> bool {
    unit.as_str() == "TR-1"
}

fn is(event: &Event, of: impl Fn(&OperationEventKind) -> bool) -> bool {
    matches!(&event.what, What::Operation(it) if of(&it.kind))
}

fn ceases(events: &[Event]) -> bool {
    let ceases = |kind: &OperationEventKind| {
        matches!(kind, OperationEventKind::Handover(HandoverEvent::Recalled(recall))
            if recall.kind == RecallKind::Cease)
    };
    events.iter().any(|event| is(event, ceases))
}

/// A receipt leads nowhere but where it confirms an offer: that one shows in the state after it.
fn is_premature(event: &Event, before: &[Event]) -> bool {
    let What::Operation(OperationEvent { kind, .. }) = &event.what else {
        return false;
    };
    let OperationEventKind::Handover(HandoverEvent::LeadMoved { message, .. }) = kind else {
        return false;
    };
    if before.contains(event) {
        return false;
    }
    !before.iter().any(|one| {
        is(one, |kind| match kind {
            OperationEventKind::Handover(HandoverEvent::Said { state, .. }) => {
                let offered = state.offered.as_ref();
                offered.is_some_and(|offer| offer.message == *message)
            }
            _ => false,
        })
    })
}

/// After each message one more event, where there is one.
fn add(events: &mut Vec<Event>, more: impl Fn(&Said, bool) -> Option<HandoverEvent>) {
    let mut all = Vec::new();
    for event in events.drain(..) {
        let added = match &event.what {
            What::Operation(OperationEvent {
                operation,
                kind: OperationEventKind::Handover(HandoverEvent::Said { sent, said, .. }),
            }) => more(said, *sent).map(|added| Event {
                at: event.at,
                what: What::Operation(OperationEvent {
                    operation: operation.clone(),
                    kind: OperationEventKind::Handover(added),
                }),
            }),
            _ => None,
        };
        all.push(event);
        all.extend(added);
    }
    *events = all;
}

fn moved(said: &Said, to: &RoomId, message: limes::domain::ids::MessageId) -> HandoverEvent {
    HandoverEvent::LeadMoved {
        partner: said.to.clone(),
        lead: Lead {
            room: to.clone(),
            epoch: said.epoch.next(),
            since: said.at,
        },
        by: said.by.clone(),
        message,
    }
}

fn of_moves(events: &mut [Event], alter: impl Fn(&mut Lead)) {
    for event in events {
        if let What::Operation(of) = &mut event.what
            && let OperationEventKind::Handover(HandoverEvent::LeadMoved { lead, .. }) =
                &mut of.kind
        {
            alter(lead);
        }
    }
}

fn of_said(events: &mut [Event], alter: impl Fn(&mut Said)) {
    for event in events {
        if let What::Operation(of) = &mut event.what
            && let OperationEventKind::Handover(HandoverEvent::Said { said, .. }) = &mut of.kind
        {
            let mut altered = (**said).clone();
            alter(&mut altered);
            if altered != **said {
                *said = Arc::new(altered);
            }
        }
    }
}
