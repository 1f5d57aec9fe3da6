//! One operation and its unit: what is told of the unit, and what the operation makes of it.

use crate::told;
use limes::domain::borders::{Certainty, Frontier};
use limes::domain::event::{
    Approach, ClockKey, Crossing, Event, OperationEvent, TrackEvent, TrackEventKind, What, Why,
};
use limes::domain::ids::{CrossingId, NoticeId, RoomId, State, StateSet, UnitId};
use limes::domain::law::basis::{Authorisation, Basis, PersonCategory, Purpose};
use limes::domain::law::facts::Declared;
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Metres, Position, Span, Timestamp};
use limes::domain::operations::channels::Channels;
use limes::domain::operations::crossings::{Consequences, Lookup, Told};
use limes::domain::operations::operation::ClockStatus;
use limes::domain::operations::orders::{self, Ask};
use limes::domain::operations::{
    Call, Closing, Operation, OperationCard, OperationChange, by_voice, deadlines, sending,
    whereabouts,
};
use limes::domain::registry::{Person, RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::Track;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn state(code: &str) -> State {
    State::parse(code).unwrap()
}

pub(super) fn states(codes: &str) -> StateSet {
    StateSet::parse(codes).unwrap()
}

pub(super) fn at(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2027-03-16T{time}Z")).unwrap()
}

pub(super) fn crossing(id: &str, from: &str, to: &str, likely: &str) -> Crossing {
    Crossing {
        id: CrossingId::parse(id).unwrap(),
        from: states(from),
        to: states(to),
        point: Position::new(46.17, 20.73).unwrap(),
        earliest: at(likely),
        likely: at(likely),
        latest: at(likely),
        position_error: Metres::new(5.0),
        border_error: None,
        border_set: "test".into(),
        inferred: false,
        why: Why {
            rule: "test".into(),
            fixes: Vec::new(),
        },
    }
}

pub(super) fn confirmed(id: &str, from: &str, to: &str, likely: &str) -> TrackEventKind {
    TrackEventKind::CrossingConfirmed(Box::new(crossing(id, from, to, likely)))
}

pub(super) fn retracted(id: &str, from: &str, to: &str, likely: &str) -> TrackEventKind {
    TrackEventKind::CrossingRetracted {
        crossing: Box::new(crossing(id, from, to, likely)),
        because: "test".into(),
    }
}

pub(super) fn revised(id: &str, from: &str, to: &str, likely: &str) -> TrackEventKind {
    TrackEventKind::CrossingRevised(Box::new(crossing(id, from, to, likely)))
}

pub(super) fn document(number: &str, of: Option<&str>, from: &str, to: &str) -> Authorisation {
    Authorisation {
        number: number.into(),
        from: at(from),
        to: at(to),
        conditions: "".into(),
        state: of.map(state),
        drone: None,
    }
}

/// One operation of Hungary and one of its cars, without a map: the track is told what it did.
pub(super) struct Case {
    pub(super) rulebook: Arc<Rulebook>,
    pub(super) rooms: BTreeMap<RoomId, RoomCard>,
    pub(super) operation: Operation,
    pub(super) car: UnitCard,
    pub(super) track: Track,
    pub(super) now: Timestamp,
    pub(super) told: Vec<Event>,
}

impl Case {
    pub(super) fn on(basis: Basis, hosts: &[&str]) -> Self {
        let room = |name: &str, code: &str| RoomCard {
            room: RoomId::parse(name).unwrap(),
            state: state(code),
        };
        let cards = [
            room("budapest", "HU"),
            room("arad", "RO"),
            room("wien", "AT"),
        ];
        let car = UnitCard {
            id: UnitId::parse("HU-1").unwrap(),
            room: cards[0].room.clone(),
            state: state("HU"),
            kind: UnitKind::Vehicle,
            callsign: "HU-1".into(),
            marks: None,
        };
        let by = Person {
            account: limes::domain::ids::AccountId::parse("budapest").unwrap(),
            room: cards[0].room.clone(),
        };
        let card = OperationCard {
            id: limes::domain::ids::OperationId::parse("OP").unwrap(),
            name: "OP".into(),
            room: cards[0].room.clone(),
            declared: Declared {
                basis,
                purpose: Purpose::CriminalInvestigation,
                offence: "murder".into(),
                person_category: PersonCategory::Suspect,
                requesting_state: state("HU"),
                host_states: hosts.iter().map(|host| state(host)).collect(),
                authorisations: Vec::new(),
                refusals: Vec::new(),
                extraditable: None,
                grounds: None,
                evaded_check: Vec::new(),
            },
            host_rooms: Vec::new(),
            target: None,
            units: vec![car.id.clone()],
            patrol: None,
            evaded_at: None,
            exercise: false,
            opened_by: by,
        };
        let now = at("10:00:00");
        let track = Track::new(&car);
        let mut case = Self {
            rulebook: limes::service::ruledata::rulebook(None).unwrap(),
            rooms: cards
                .into_iter()
                .map(|card| (card.room.clone(), card))
                .collect(),
            operation: Operation::new(card, now),
            car,
            track,
            now,
            told: Vec::new(),
        };
        case.tell("10:00:00", &[located("HU")]);
        case
    }

    pub(super) fn lookup(&self) -> Lookup<'_> {
        Lookup {
            rulebook: &self.rulebook,
            profiles: Profiles::none(),
            rooms: &self.rooms,
            scribe: limes::wire::letter::write,
            channels: Channels::none(),
        }
    }

    pub(super) fn take(&mut self, events: Vec<Event>) -> Vec<&'static str> {
        let kinds = events.iter().map(Event::kind).collect();
        for event in events {
            if let What::Operation(OperationEvent {
                operation: Some(_),
                kind,
            }) = &event.what
            {
                self.operation.apply(&event, kind);
            }
            self.told.push(event);
        }
        kinds
    }

    /// The track tells all of this in one decision, as the world follows it: first the track's events are folded, then
    /// what follows from them.
    pub(super) fn tell(&mut self, now: &str, kinds: &[TrackEventKind]) -> Vec<&'static str> {
        self.now = at(now);
        let mut track = self.track.clone();
        let mut told = Vec::new();
        for kind in kinds {
            let before = whereabouts::abroad(&track, self.car.state);
            track.apply(&Event {
                at: self.now,
                what: What::Track(TrackEvent {
                    unit: self.car.id.clone(),
                    kind: kind.clone(),
                }),
            });
            told.push(Told {
                unit: &self.car,
                kind,
                at: self.now,
                before,
                abroad: whereabouts::abroad(&track, self.car.state),
                disputed: true,
                again: false,
            });
        }
        let mut events = Vec::new();
        let lookup = self.lookup();
        let mut consequences = Consequences::of(&self.operation, lookup, self.now, &mut events);
        for told in &told {
            consequences.follow(told);
        }
        drop(told);
        self.track = track;
        for kind in kinds {
            self.operation.apply_track(self.car.state, kind);
        }
        let abroad = whereabouts::abroad(&self.track, self.car.state);
        self.operation.settle(&self.car.id, abroad);
        self.take(events)
    }

    pub(super) fn change(
        &mut self,
        now: &str,
        document: Authorisation,
    ) -> Result<Vec<&'static str>, Arc<str>> {
        self.now = at(now);
        let by = self.operation.card.opened_by.clone();
        let ask = Ask {
            by: &by,
            now: self.now,
            lookup: self.lookup(),
        };
        let units = BTreeMap::from([(self.car.id.clone(), &self.car)]);
        let change = OperationChange::Authorisation(document);
        let events = orders::change(ask, &self.operation, None, &change, &units);
        let events = events.map_err(|refusal| refusal.guard)?;
        Ok(self.take(events))
    }

    pub(super) fn close(&self) -> Result<(), Arc<str>> {
        let by = self.operation.card.opened_by.clone();
        let ask = Ask {
            by: &by,
            now: self.now,
            lookup: self.lookup(),
        };
        let closed = orders::close(ask, &self.operation, None, &Closing::because("done"));
        closed.map(|_| ()).map_err(|refusal| refusal.guard)
    }

    pub(super) fn send(&mut self, notice: &str) {
        let by = self.operation.card.opened_by.clone();
        let ask = Ask {
            by: &by,
            now: self.now,
            lookup: self.lookup(),
        };
        let id = NoticeId::parse(notice).unwrap();
        let grounds = Arc::from("no time to ask");
        let events = sending::send_notice(ask, &self.operation, &id, Some(&grounds)).unwrap();
        self.take(events);
        // A room of the same service has it in the same commit.
        let delivered = orders::delivered(&self.operation, &id, self.now);
        self.take(delivered);
    }

    /// Writes down a call about a notice.
    pub(super) fn voice(
        &mut self,
        now: &str,
        notice: &str,
        spoke: &str,
    ) -> Result<Vec<&'static str>, Arc<str>> {
        self.now = at(now);
        let by = self.operation.card.opened_by.clone();
        let ask = Ask {
            by: &by,
            now: self.now,
            lookup: self.lookup(),
        };
        let id = NoticeId::parse(notice).unwrap();
        let call = Call {
            name: "Sgt Pop".into(),
            number: "+40 257 1".into(),
            at: at(spoke),
            reference: None,
        };
        let units = BTreeMap::from([(self.car.id.clone(), &self.car)]);
        let events = by_voice::give(ask, &self.operation, &id, (&call, None), &units);
        let events = events.map_err(|refusal| refusal.guard)?;
        Ok(self.take(events))
    }

    pub(super) fn tick(&mut self, now: &str) -> Vec<&'static str> {
        self.now = at(now);
        let mut events = Vec::new();
        deadlines::tick(&self.operation, Profiles::none(), self.now, &mut events);
        self.take(events)
    }

    pub(super) fn clock(
        &self,
        kind: ClockKind,
        host: &str,
    ) -> Option<(ClockStatus, Timestamp, Timestamp)> {
        let key = ClockKey {
            kind,
            host: state(host),
        };
        let running = self.operation.clocks.get(&key)?;
        Some((running.status, running.clock.starts, running.clock.ends))
    }

    pub(super) fn consent(&self, host: &str) -> Option<ClockStatus> {
        self.clock(ClockKind::Consent, host).map(|clock| clock.0)
    }

    pub(super) fn window(&self, host: &str) -> Option<(ClockStatus, Timestamp, Timestamp)> {
        self.clock(ClockKind::AuthorisationWindow, host)
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.operation.abroad.get(&self.car.id)?.verdict
    }

    /// The last answer of the law of the car: its verdict, and what was not met.
    pub(super) fn answer(&self) -> (Verdict, Vec<String>) {
        let assessment = told::last_answer(self.told.iter());
        let obstacles = assessment.obstacles().map(|one| one.condition.to_string());
        (assessment.verdict, obstacles.collect())
    }

    pub(super) fn notice(&self, id: &str) -> &limes::domain::operations::Notice {
        &self.operation.notices[&NoticeId::parse(id).unwrap()]
    }

    pub(super) fn named(&self, id: &str) -> Vec<&str> {
        let fields = self.notice(id).fields.as_ref().unwrap();
        let crossings = fields.crossings.iter();
        crossings
            .map(|entry| entry.crossing.as_ref().map_or("-", CrossingId::as_str))
            .collect()
    }
}

pub(super) fn located(place: &str) -> TrackEventKind {
    TrackEventKind::Located {
        states: states(place),
        certainty: Certainty::Inside,
        nearest: None,
    }
}

pub(super) const OUT: (&str, &str, &str, &str) = ("c.1", "HU", "RO", "11:33:17");
pub(super) const BACK: (&str, &str, &str, &str) = ("c.2", "RO", "HU", "11:50:00");

pub(super) fn out() -> TrackEventKind {
    confirmed(OUT.0, OUT.1, OUT.2, OUT.3)
}

pub(super) fn back() -> TrackEventKind {
    confirmed(BACK.0, BACK.1, BACK.2, BACK.3)
}

pub(super) fn approaching() -> TrackEventKind {
    TrackEventKind::Approaching(Approach {
        from: states("HU"),
        to: states("RO"),
        frontier: Frontier::between(state("HU"), state("RO")),
        distance: Metres::new(3_000.0),
        eta: Span::from_secs(197),
        eta_earliest: Span::from_secs(180),
        eta_latest: Span::from_secs(240),
        point: Position::new(46.17, 20.73).unwrap(),
        crossings: Vec::new(),
    })
}
