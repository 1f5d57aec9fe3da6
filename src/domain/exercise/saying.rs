//! What persons say to the other room by the script. What exactly is known when it is said: what is accepted, which terms
//! are changed, by when somebody decides.

use crate::domain::ids::{MessageId, OperationId, RoomId, UnitId};
use crate::domain::input::{Order, OrderKind};
use crate::domain::measure::{Metres, Span, Timestamp};
use crate::domain::operations::handover::said::RefusedFor;
use crate::domain::operations::handover::speak::Speech;
use crate::domain::operations::handover::table::COUNTERS_MOST;
use crate::domain::operations::handover::{
    Body, Code, Dialogue, Expected, ExpectedAt, Handover, Overlap, Phase, Terms,
};
use crate::domain::registry::Person;
use std::sync::Arc;

/// What somebody says to the other room.
#[derive(Debug, Clone, PartialEq)]
pub enum Saying {
    /// NTF, by a person.
    Notifies(TermsPlan),
    /// PRO.
    Proposes(TermsPlan),
    /// RVR: what it leaves out stays as it is agreed.
    Revises(TermsPlan),
    /// CDN: what it leaves out stays as it is proposed.
    Counters(TermsPlan),
    /// SBY.
    StandsBy {
        /// Who is deciding.
        who: Arc<str>,
        /// For how long from when it is said.
        lasts: Span,
    },
    /// ACP of what waits for this room.
    Accepts,
    /// RJC of what waits for this room.
    Refuses {
        /// Why, as one word.
        reason: RefusedFor,
        /// Why, in words.
        words: Arc<str>,
    },
    /// HOP.
    Offers,
    /// ROF.
    Requests,
    /// MAS.
    Assumes,
    /// CLS.
    Closes,
    /// What is said as it is, however far the dialogue is: EYE, REL, CEASE, TXT, and ACK of the newest message to this room that
    /// nobody has read.
    AsIs(Body),
}

/// Terms whose times are relative to the lap. What is `None` is taken from the terms that they change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TermsPlan {
    /// The crossing point, by name.
    pub crossing_point: Option<ExpectedAt>,
    /// When the target is expected over the line, and how much sooner or later.
    pub expected: Option<(Span, Span)>,
    /// How far beyond the line the lead passes.
    pub transfer_at: Option<Metres>,
    /// Who takes the target.
    pub takes_eyes: Option<UnitId>,
    /// Who enters.
    pub units: Option<Vec<UnitId>>,
    /// How far and how long both stay.
    pub overlap: Overlap,
    /// How they speak.
    pub voice: Option<Arc<str>>,
}

/// Something that a person says to the other room of the operation.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageDeed {
    /// Who.
    pub by: Person,
    /// Of which operation.
    pub operation: OperationId,
    /// To whom.
    pub to: RoomId,
    /// What.
    pub saying: Saying,
    /// The start of the lap, from which its times count.
    pub start: Timestamp,
}

impl MessageDeed {
    /// See [`Saying::body`].
    #[must_use]
    pub fn body(&self, state: &Handover, now: Timestamp) -> Option<Body> {
        self.saying.body(state, self.start, now)
    }

    /// The order by which it is said.
    #[must_use]
    pub fn order(&self, body: Body, reply_to: Option<MessageId>) -> Order {
        let speech = Speech {
            to: self.to.clone(),
            body,
            reply_to,
            call: None,
        };
        Order {
            by: self.by.clone(),
            key: None,
            kind: OrderKind::Speak {
                operation: self.operation.clone(),
                speech: Box::new(speech),
            },
        }
    }

    /// The newest message to this room that nobody has read: what an ACK answers. Notices of crossings are acknowledged apart.
    #[must_use]
    pub fn unread(dialogue: &Dialogue) -> Option<&MessageId> {
        let mut newest = dialogue.said.iter().rev();
        let heard = newest.find(|heard| {
            let received = heard.said.from == dialogue.state.partner;
            let code = heard.said.body.code();
            let counts = !matches!(code, Code::Ack | Code::Xng | Code::Rqa);
            received && heard.read.is_none() && counts
        });
        heard.map(|heard| &heard.said.id)
    }
}

impl TermsPlan {
    /// These over others, in a lap that starts at `start`.
    #[must_use]
    pub fn over(&self, others: &Terms, start: Timestamp) -> Terms {
        let others = others.clone();
        let expected = self.expected.map(|(at, within)| {
            let likely = start.plus(at);
            Expected {
                earliest: likely.plus(Span::from_millis(-within.as_millis())),
                likely,
                latest: likely.plus(within),
            }
        });
        Terms {
            crossing_points: match &self.crossing_point {
                Some(point) => vec![point.clone()],
                None => others.crossing_points,
            },
            expected: expected.or(others.expected),
            transfer_at: self.transfer_at.or(others.transfer_at),
            takes_eyes: self.takes_eyes.clone().or(others.takes_eyes),
            units: self.units.clone().unwrap_or(others.units),
            overlap: Overlap {
                distance: self.overlap.distance.or(others.overlap.distance),
                period: self.overlap.period.or(others.overlap.period),
            },
            voice: self.voice.clone().or(others.voice),
        }
    }
}

impl Saying {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Notifies(_) => Code::Ntf,
            Self::Proposes(_) => Code::Pro,
            Self::Revises(_) => Code::Rvr,
            Self::Counters(_) => Code::Cdn,
            Self::StandsBy { .. } => Code::Sby,
            Self::Accepts => Code::Acp,
            Self::Refuses { .. } => Code::Rjc,
            Self::Offers => Code::Hop,
            Self::Requests => Code::Rof,
            Self::Assumes => Code::Mas,
            Self::Closes => Code::Cls,
            Self::AsIs(body) => body.code(),
        }
    }

    /// The terms that it gives.
    #[must_use]
    pub const fn terms(&self) -> Option<&TermsPlan> {
        match self {
            Self::Notifies(terms)
            | Self::Proposes(terms)
            | Self::Revises(terms)
            | Self::Counters(terms) => Some(terms),
            Self::StandsBy { .. }
            | Self::Accepts
            | Self::Refuses { .. }
            | Self::Offers
            | Self::Requests
            | Self::Assumes
            | Self::Closes
            | Self::AsIs(_) => None,
        }
    }

    /// The units that it names: its own room's and the other one's.
    pub fn units(&self) -> impl Iterator<Item = &UnitId> {
        let terms = self.terms();
        let of_terms = terms.and_then(|terms| terms.units.as_ref());
        let takes = terms.and_then(|terms| terms.takes_eyes.as_ref());
        let (eyes, released) = match self {
            Self::AsIs(Body::Eyes { unit, .. }) => (Some(unit), None),
            Self::AsIs(Body::Releases(units)) => (None, Some(units)),
            _ => (None, None),
        };
        of_terms
            .into_iter()
            .chain(released)
            .flatten()
            .chain(takes)
            .chain(eyes)
    }

    /// The body of the message, as the dialogue stands in the room that says it now; `None` when it does not fit there.
    /// `start`: of the lap.
    #[must_use]
    pub fn body(&self, state: &Handover, start: Timestamp, now: Timestamp) -> Option<Body> {
        let busy = state.pending().is_some() || state.withdrawing.is_some();
        if self.code().negotiates() && busy {
            return None;
        }
        let gives = (state.giver == state.partner) == (state.phase == Phase::Passed);
        let waits = state
            .proposed
            .as_ref()
            .filter(|open| open.by == state.partner);
        match self {
            Self::Notifies(plan) | Self::Proposes(plan) => {
                let first = matches!(state.phase, Phase::Idle | Phase::Notified | Phase::Passed);
                let says = match self {
                    Self::Notifies(_) => Body::Notifies,
                    _ => Body::Proposes,
                };
                (gives && first).then(|| says(plan.over(&Terms::default(), start)))
            }
            Self::Revises(plan) => {
                let agreed = state
                    .agreed
                    .as_ref()
                    .filter(|_| gives && state.phase == Phase::Agreed && !state.is_revising())?;
                Some(Body::Revises(plan.over(&agreed.terms, start)))
            }
            Self::Counters(plan) => {
                let open = waits.filter(|_| state.counters < COUNTERS_MOST)?;
                Some(Body::Counters(plan.over(&open.terms, start)))
            }
            Self::StandsBy { who, lasts } => {
                waits.filter(|_| state.stand_by.is_none())?;
                Some(Body::StandsBy {
                    who: Arc::clone(who),
                    until: now.plus(*lasts),
                })
            }
            Self::Accepts => waits.map(|open| Body::Accepts {
                digest: Arc::clone(&open.digest),
            }),
            Self::Refuses { reason, words } => {
                let offered = state.offered.is_some() && !gives;
                let requested = state.requested.is_some() && gives;
                (waits.is_some() || offered || requested).then(|| Body::Refuses {
                    reason: *reason,
                    words: Arc::clone(words),
                })
            }
            Self::Offers => {
                let asked = state.requested.is_some() && state.phase < Phase::Agreed;
                (gives && (state.phase == Phase::Agreed || asked)).then_some(Body::Offers)
            }
            Self::Requests => {
                let early = state.phase < Phase::Transferring && state.requested.is_none();
                (!gives && (early || state.phase == Phase::Passed)).then_some(Body::Requests)
            }
            Self::Assumes => (!gives && state.offered.is_some()).then_some(Body::Assumes),
            Self::Closes => {
                let mut closed = state.closed_by.iter();
                closed
                    .all(|room| *room == state.partner)
                    .then_some(Body::Closes)
            }
            Self::AsIs(body) => Some(body.clone()),
        }
    }
}
