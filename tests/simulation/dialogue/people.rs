//! The persons at the two desks: which buttons there are, and who presses which.

use super::service::Service;
use limes::domain::exercise::noise::Random;
use limes::domain::ids::{AccountId, MessageId, OperationId, RoomId, State, TargetId, UnitId};
use limes::domain::input::{Cause, Order, OrderKind, Seen};
use limes::domain::law::basis::{Authorisation, HostRefusal, HostRefusalKind};
use limes::domain::measure::{Metres, Position, Span, Timestamp};
use limes::domain::operations::handover::said::{
    BackTo, Decided, EyesSaid, RefusedFor, WithdrawnFor,
};
use limes::domain::operations::handover::speak::Speech;
use limes::domain::operations::handover::{
    Body, Code, Expected, ExpectedAt, Handover, Overlap, Phase, Terms,
};
use limes::domain::operations::{Call, Notice, NoticeStatus, Operation, SightingSource};
use limes::domain::registry::Person;

/// The two rooms: the one that opens the operation, and the host's.
pub(crate) const ROOMS: [&str; 2] = ["budapest", "arad"];
/// Where the road meets the line.
pub(crate) const LINE: [f64; 2] = [46.1725, 20.716_82];

pub(crate) fn operation_id() -> OperationId {
    OperationId::parse("SIM-27").unwrap()
}

pub(crate) fn person(room: &str) -> Person {
    Person {
        account: AccountId::parse(&format!("operator-{room}")).unwrap(),
        room: RoomId::parse(room).unwrap(),
    }
}

pub(crate) fn unit(name: &str) -> UnitId {
    UnitId::parse(name).unwrap()
}

/// What can be said: the codes of persons that have a body of their own.
pub(crate) const SAYABLE: [Code; 19] = [
    Code::Ntf,
    Code::Aut,
    Code::Pro,
    Code::Rvn,
    Code::Rvr,
    Code::Sby,
    Code::Cdn,
    Code::Acp,
    Code::Rjc,
    Code::Abr,
    Code::Hop,
    Code::Rof,
    Code::Mas,
    Code::Eye,
    Code::Rel,
    Code::Cease,
    Code::Cls,
    Code::Ack,
    Code::Txt,
];

/// Terms of a crossing at one of the two points.
pub(crate) fn terms(point: usize, minutes: i64, now: Timestamp) -> Terms {
    let names = ["COP-1 Nagylak–Nădlac I", "COP-2 Csanádpalota–Nădlac II"];
    let likely = now.plus(Span::from_minutes(minutes));
    Terms {
        crossing_points: vec![ExpectedAt {
            name: names[point].into(),
            position: None,
            percent: None,
        }],
        expected: Some(Expected {
            earliest: likely.plus(Span::from_minutes(-1)),
            likely,
            latest: likely.plus(Span::from_minutes(1)),
        }),
        transfer_at: None,
        takes_eyes: Some(unit("RO-1")),
        units: Vec::new(),
        overlap: Overlap::default(),
        voice: None,
    }
}

/// A person at one of the desks, about to press something.
pub(crate) struct Desk<'a> {
    pub(crate) me: usize,
    pub(crate) service: &'a Service,
    pub(crate) now: Timestamp,
}

impl Desk<'_> {
    fn operation(&self) -> Option<&Operation> {
        self.service.world().operations().get(&operation_id())
    }

    fn partner(&self) -> RoomId {
        RoomId::parse(ROOMS[1 - self.me]).unwrap()
    }

    pub(crate) fn state(&self) -> Option<Handover> {
        let operation = self.operation()?;
        Some(operation.handover_with(&self.partner(), self.now))
    }

    /// An order of the person at this desk.
    pub(crate) fn order(&self, kind: OrderKind) -> Cause {
        Cause::Order(Order {
            by: person(ROOMS[self.me]),
            key: None,
            kind,
        })
    }

    /// One thing said.
    pub(crate) fn says(
        &self,
        body: Body,
        reply_to: Option<MessageId>,
        call: Option<Call>,
    ) -> Cause {
        let speech = Speech {
            to: self.partner(),
            body,
            reply_to,
            call,
        };
        self.order(OrderKind::Speak {
            operation: operation_id(),
            speech: Box::new(speech),
        })
    }

    /// Any button at random, filled in as the screen would fill it in, seldom otherwise.
    pub(crate) fn any(&self, random: &mut Random, by_voice: bool) -> Cause {
        let kind = match random.below(10) {
            0 => self.sight(random),
            1 => self.notice(random),
            _ => None,
        };
        if let Some(kind) = kind {
            return self.order(kind);
        }
        let code = SAYABLE[random.below(SAYABLE.len())];
        let code = self
            .next(random)
            .filter(|_| random.below(4) > 0)
            .unwrap_or(code);
        // What ends much is seldom pressed, so that much begins.
        let seldom = matches!(code, Code::Cls | Code::Cease | Code::Aut | Code::Rel);
        let code = if seldom && random.below(4) > 0 {
            Code::Hop
        } else {
            code
        };
        let body = self.body(code, random);
        let reply_to = self.reply_to(code, random);
        let called = by_voice && random.below(4) == 0;
        self.says(body, reply_to, called.then(|| self.call()))
    }

    /// What leads on to a lead that passes.
    fn next(&self, random: &mut Random) -> Option<Code> {
        let state = self.state()?;
        let partner = self.partner();
        let gives = state.giver != partner;
        let answers = state
            .proposed
            .as_ref()
            .is_some_and(|open| open.by == partner);
        let once_in = random.below(3);
        Some(match state.phase {
            _ if state.withdrawing.is_some() => Code::Ack,
            Phase::Idle | Phase::Notified if gives => Code::Pro,
            Phase::Proposed | Phase::StandBy | Phase::Countered | Phase::Agreed if answers => {
                [Code::Acp, Code::Acp, Code::Cdn][once_in]
            }
            Phase::Agreed if gives => [Code::Hop, Code::Hop, Code::Rvr][once_in],
            Phase::Agreed => [Code::Eye, Code::Eye, Code::Rof][once_in],
            Phase::Transferring if !gives => Code::Mas,
            Phase::Passed if gives => Code::Rof,
            Phase::Passed => Code::Ntf,
            Phase::Idle
            | Phase::Notified
            | Phase::Proposed
            | Phase::StandBy
            | Phase::Countered
            | Phase::Transferring => return None,
        })
    }

    fn call(&self) -> Call {
        Call {
            name: "simulated officer".into(),
            number: "112".into(),
            at: self.now,
            reference: None,
        }
    }

    /// What a screen would fill in of a code.
    pub(crate) fn body(&self, code: Code, random: &mut Random) -> Body {
        let state = self.state();
        let state = state.as_ref();
        let terms =
            |random: &mut Random| terms(random.below(2), 1 + random.below(40) as i64, self.now);
        match code {
            Code::Ntf => Body::Notifies(terms(random)),
            Code::Aut => Body::Authorises(self.decided(random)),
            Code::Pro => Body::Proposes(terms(random)),
            Code::Rvn => {
                let agreed = state.and_then(|state| state.agreed.as_ref());
                let mut updated = agreed.map_or_else(|| terms(random), |one| one.terms.clone());
                if let Some(expected) = &mut updated.expected {
                    expected.likely = expected.likely.plus(Span::from_minutes(2));
                }
                Body::Updates(updated)
            }
            Code::Rvr => Body::Revises(terms(random)),
            Code::Sby => Body::StandsBy {
                who: "Sgt Pop".into(),
                until: self.now.plus(Span::from_minutes(3)),
            },
            Code::Cdn => Body::Counters(terms(random)),
            Code::Acp => {
                let open = state.and_then(|state| state.proposed.as_ref());
                let digest = open.filter(|_| random.below(8) > 0);
                Body::Accepts {
                    digest: digest.map_or("no such".into(), |open| open.digest.clone()),
                }
            }
            Code::Rjc => Body::Refuses {
                reason: RefusedFor::NoUnit,
                words: "".into(),
            },
            Code::Abr => Body::Withdraws {
                back_to: BackTo::ALL[random.below(BackTo::ALL.len())],
                reason: WithdrawnFor::Route,
                words: "".into(),
            },
            Code::Hop => Body::Offers,
            Code::Rof => Body::Requests,
            Code::Mas => Body::Assumes,
            Code::Eye => {
                let own = [["HU-1", "HU-2"], ["RO-1", "RO-1"]][self.me];
                Body::Eyes {
                    unit: unit(own[random.below(2)]),
                    what: EyesSaid::ALL[random.below(EyesSaid::ALL.len())],
                }
            }
            Code::Rel => Body::Releases(vec![unit("HU-1")]),
            Code::Cease => Body::Ceases {
                words: "stop now".into(),
            },
            Code::Cls => Body::Closes,
            Code::Ack => Body::HasRead,
            _ => Body::Text {
                words: "simulated words".into(),
                language: None,
            },
        }
    }

    fn decided(&self, random: &mut Random) -> Decided {
        let host = State::parse("RO").unwrap();
        if random.below(3) == 0 {
            return Decided::Refused(HostRefusal {
                host,
                kind: HostRefusalKind::Withdrawn,
                at: self.now.plus(Span::from_secs(-5)),
                said_by: "simulated officer".into(),
                because: "".into(),
            });
        }
        Decided::Granted(Box::new(authorisation(self.now)))
    }

    /// Nobody says what a message answers but for what was read: the screen knows the rest. One in eight is wrong.
    pub(crate) fn reply_to(&self, code: Code, random: &mut Random) -> Option<MessageId> {
        let partner = self.partner();
        let dialogue = self.operation()?.handovers.get(&partner)?;
        let heard = |unread: bool| {
            let said = dialogue
                .said
                .iter()
                .filter(|heard| heard.said.from == partner);
            let said = said.filter(|heard| !unread || heard.read.is_none());
            said.map(|heard| heard.said.id.clone()).collect::<Vec<_>>()
        };
        let wrong = random.below(8) == 0;
        if code != Code::Ack && !wrong {
            return None;
        }
        // What is being taken back waits for that most.
        let withdrawn = dialogue.state.withdrawing.as_ref();
        if let Some(one) = withdrawn.filter(|one| one.by == partner && !wrong) {
            return Some(one.message.clone());
        }
        let from = heard(!wrong);
        (!from.is_empty()).then(|| from[random.below(from.len())].clone())
    }

    fn sight(&self, random: &mut Random) -> Option<OrderKind> {
        let own = ["HU-1", "RO-1"][self.me];
        let seen = Seen {
            target: TargetId::parse("TGT-1").unwrap(),
            seen_at: self.now,
            position: Position::new(LINE[0], LINE[1] + 0.02 * (random.share() - 0.5)).ok()?,
            accuracy: Metres::new(20.0),
            source: SightingSource::Unit,
            unit: Some(unit(own)),
            course_deg: None,
            speed_mps: None,
        };
        Some(OrderKind::Sight {
            operation: operation_id(),
            version: None,
            seen: Box::new(seen),
        })
    }

    /// Sends a notice of a crossing, or says that it was read.
    fn notice(&self, random: &mut Random) -> Option<OrderKind> {
        let wanted = |notice: &Notice| match self.me {
            0 => notice.status < NoticeStatus::Sent,
            _ => notice.status >= NoticeStatus::Sent,
        };
        let notices = self.operation()?.notices.iter();
        let notices: Vec<_> = notices.filter(|(_, notice)| wanted(notice)).collect();
        let (notice, _) = notices.get(random.below(notices.len()))?;
        let (operation, notice) = (operation_id(), (*notice).clone());
        Some(match self.me {
            0 => OrderKind::SendNotice {
                operation,
                notice,
                grounds: None,
            },
            _ => OrderKind::AcknowledgeNotice { operation, notice },
        })
    }
}

/// A document of the host that holds for hours.
pub(crate) fn authorisation(now: Timestamp) -> Authorisation {
    Authorisation {
        number: "EXERCISE".into(),
        from: now.plus(Span::from_minutes(-1)),
        to: now.plus(Span::from_hours(3)),
        conditions: "none".into(),
        state: State::parse("RO").ok(),
        drone: None,
    }
}
