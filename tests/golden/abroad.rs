//! What an operation owes, counts and answers while its units come and go: crossings told one by one, or several at once.

use limes::domain::borders::Certainty;
use limes::domain::event::{
    ClockKey, Crossing, Event, LifeEvent, OperationEvent, OperationEventKind, TrackEvent,
    TrackEventKind, What, Why,
};
use limes::domain::ids::{CrossingId, NoticeId, RoomId, State, StateSet, UnitId};
use limes::domain::input::OrderKind;
use limes::domain::law::basis::{Authorisation, Basis, PatrolArea, PersonCategory, Purpose};
use limes::domain::law::facts::Declared;
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::operations::crossings::{Again, Consequences, Lookup, Told};
use limes::domain::operations::operation::ClockStatus;
use limes::domain::operations::orders::{self, Ask};
use limes::domain::operations::{
    NoticeStatus, Operation, OperationCard, OperationChange, deadlines, whereabouts,
};
use limes::domain::registry::{Person, RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::Track;
use std::collections::BTreeMap;
use std::sync::Arc;

fn state(code: &str) -> State {
    State::parse(code).unwrap()
}

fn states(codes: &str) -> StateSet {
    StateSet::parse(codes).unwrap()
}

fn at(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2027-03-16T{time}Z")).unwrap()
}

fn crossing(id: &str, from: &str, to: &str, likely: &str) -> Crossing {
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

fn confirmed(id: &str, from: &str, to: &str, likely: &str) -> TrackEventKind {
    TrackEventKind::CrossingConfirmed(Box::new(crossing(id, from, to, likely)))
}

fn retracted(id: &str, from: &str, to: &str, likely: &str) -> TrackEventKind {
    TrackEventKind::CrossingRetracted {
        crossing: Box::new(crossing(id, from, to, likely)),
        because: "test".into(),
    }
}

fn revised(id: &str, from: &str, to: &str, likely: &str) -> TrackEventKind {
    TrackEventKind::CrossingRevised(Box::new(crossing(id, from, to, likely)))
}

fn document(number: &str, of: Option<&str>, from: &str, to: &str) -> Authorisation {
    Authorisation {
        number: number.into(),
        from: at(from),
        to: at(to),
        conditions: "".into(),
        state: of.map(state),
    }
}

/// One operation of Hungary and one of its cars, without a map: the track is told what it did.
struct Case {
    rulebook: Arc<Rulebook>,
    rooms: BTreeMap<RoomId, RoomCard>,
    operation: Operation,
    car: UnitCard,
    track: Track,
    now: Timestamp,
    told: Vec<Event>,
}

impl Case {
    fn on(basis: Basis, hosts: &[&str]) -> Self {
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
            },
            host_rooms: Vec::new(),
            target: None,
            units: vec![car.id.clone()],
            patrol: None,
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

    fn lookup(&self) -> Lookup<'_> {
        Lookup {
            rulebook: &self.rulebook,
            rooms: &self.rooms,
        }
    }

    fn take(&mut self, events: Vec<Event>) -> Vec<&'static str> {
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
    fn tell(&mut self, now: &str, kinds: &[TrackEventKind]) -> Vec<&'static str> {
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

    fn change(
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

    fn close(&self) -> Result<(), Arc<str>> {
        let by = self.operation.card.opened_by.clone();
        let ask = Ask {
            by: &by,
            now: self.now,
            lookup: self.lookup(),
        };
        let closed = orders::close(ask, &self.operation, None, &"done".into());
        closed.map(|_| ()).map_err(|refusal| refusal.guard)
    }

    fn send(&mut self, notice: &str) {
        let by = self.operation.card.opened_by.clone();
        let ask = Ask {
            by: &by,
            now: self.now,
            lookup: self.lookup(),
        };
        let id = NoticeId::parse(notice).unwrap();
        let grounds = Arc::from("no time to ask");
        let events = orders::send_notice(ask, &self.operation, &id, Some(&grounds)).unwrap();
        self.take(events);
    }

    fn tick(&mut self, now: &str) -> Vec<&'static str> {
        self.now = at(now);
        let mut events = Vec::new();
        deadlines::tick(&self.operation, self.now, &mut events);
        self.take(events)
    }

    fn clock(&self, kind: ClockKind, host: &str) -> Option<(ClockStatus, Timestamp, Timestamp)> {
        let key = ClockKey {
            kind,
            host: state(host),
        };
        let running = self.operation.clocks.get(&key)?;
        Some((running.status, running.clock.starts, running.clock.ends))
    }

    fn consent(&self, host: &str) -> Option<ClockStatus> {
        self.clock(ClockKind::Consent, host).map(|clock| clock.0)
    }

    fn window(&self, host: &str) -> Option<(ClockStatus, Timestamp, Timestamp)> {
        self.clock(ClockKind::AuthorisationWindow, host)
    }

    fn verdict(&self) -> Option<Verdict> {
        self.operation.abroad.get(&self.car.id)?.verdict
    }

    /// The last answer of the law of the car: its verdict, and what was not met.
    fn answer(&self) -> (Verdict, Vec<String>) {
        let of_car = self.told.iter().rev().find_map(|event| match &event.what {
            What::Operation(OperationEvent {
                kind:
                    OperationEventKind::Assessed {
                        unit: Some(_),
                        assessment,
                        ..
                    },
                ..
            }) => Some(assessment),
            _ => None,
        });
        let assessment = of_car.expect("the law was asked");
        let obstacles = assessment.obstacles().map(|one| one.condition.to_string());
        (assessment.verdict, obstacles.collect())
    }

    fn notice(&self, id: &str) -> &limes::domain::operations::Notice {
        &self.operation.notices[&NoticeId::parse(id).unwrap()]
    }

    fn named(&self, id: &str) -> Vec<&str> {
        let fields = self.notice(id).fields.as_ref().unwrap();
        let crossings = fields.crossings.iter();
        crossings
            .map(|entry| entry.crossing.as_ref().map_or("-", CrossingId::as_str))
            .collect()
    }
}

fn located(place: &str) -> TrackEventKind {
    TrackEventKind::Located {
        states: states(place),
        certainty: Certainty::Inside,
        nearest: None,
    }
}

const OUT: (&str, &str, &str, &str) = ("c.1", "HU", "RO", "11:33:17");
const BACK: (&str, &str, &str, &str) = ("c.2", "RO", "HU", "11:50:00");

fn out() -> TrackEventKind {
    confirmed(OUT.0, OUT.1, OUT.2, OUT.3)
}

fn back() -> TrackEventKind {
    confirmed(BACK.0, BACK.1, BACK.2, BACK.3)
}

use ClockStatus::{Expired, Running, Stopped};

#[test]
fn an_authorisation_retires_the_consent_clock_of_its_host_and_its_window_counts() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO", "AT"]);
    case.tell("11:33:20", &[out()]);
    assert_eq!(case.consent("RO"), Some(Running));
    let granted = document("27-0312", Some("RO"), "12:00:00", "14:00:00");
    case.change("12:10:00", granted).unwrap();
    assert_eq!(case.consent("RO"), Some(Stopped));
    assert_eq!(
        case.window("RO"),
        Some((Running, at("12:00:00"), at("14:00:00")))
    );
    assert_eq!(case.window("AT"), None);
    assert_eq!(case.verdict(), Some(Verdict::NoObstacle));
    let kinds = case.tick("14:00:00");
    assert!(kinds.contains(&"clock.expired"), "{kinds:?}");
    assert!(case.operation.must_stop().is_some());
}

#[test]
fn an_authorisation_of_another_host_or_another_day_leaves_the_consent_clock_running() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO", "AT"]);
    case.tell("11:33:20", &[out()]);
    let of_austria = document("AT-1", Some("AT"), "12:00:00", "14:00:00");
    case.change("12:10:00", of_austria).unwrap();
    assert_eq!(case.consent("RO"), Some(Running));
    let over = document("RO-1", Some("RO"), "08:00:00", "09:00:00");
    case.change("12:11:00", over).unwrap();
    assert_eq!(
        (case.consent("RO"), case.window("RO")),
        (Some(Running), None)
    );
    let later = document("RO-2", Some("RO"), "15:00:00", "18:00:00");
    case.change("12:12:00", later).unwrap();
    assert_eq!(case.consent("RO"), Some(Running));
    // It begins: now it retires the clock.
    case.tick("14:50:00");
    assert_eq!(deadlines::next(&case.operation), Some(at("15:00:00")));
    let kinds = case.tick("15:00:00");
    assert!(kinds.contains(&"clock.stopped"), "{kinds:?}");
    assert_eq!(case.consent("RO"), Some(Stopped));
    assert!(deadlines::next(&case.operation) > Some(at("15:00:00")));
}

#[test]
fn with_several_hosts_an_authorisation_says_which_granted_it() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO", "AT"]);
    let unsaid = document("27-0312", None, "12:00:00", "14:00:00");
    let guard = case.change("12:10:00", unsaid).unwrap_err();
    assert_eq!(&*guard, "authorisation_state");
    let of_none = document("27-0312", Some("SK"), "12:00:00", "14:00:00");
    let guard = case.change("12:10:00", of_none).unwrap_err();
    assert_eq!(&*guard, "authorisation_state");
}

#[test]
fn an_authorisation_of_one_host_does_not_open_another() {
    let mut case = Case::on(Basis::SurveillanceAuthorised, &["RO", "AT"]);
    let declared = &mut case.operation.card.declared;
    declared.authorisations = vec![document("RO-1", Some("RO"), "08:00:00", "20:00:00")];
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT", "11:33:17")]);
    assert_eq!(case.verdict(), Some(Verdict::Stop));
    assert!(
        case.answer()
            .1
            .contains(&"authorisation_in_force".to_owned())
    );
    assert_eq!(
        case.window("AT"),
        None,
        "no document of Austria is invented"
    );
    let fields = case.notice("OP.1").fields.as_ref().unwrap();
    assert_eq!(fields.authorisation, None, "the number is of Romania");
}

#[test]
fn a_retracted_return_leaves_the_unit_abroad_and_the_clock_counting_from_its_first_start() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let started = case.clock(ClockKind::Consent, "RO");
    case.tell("11:50:10", &[back()]);
    assert_eq!(
        (case.consent("RO"), case.operation.abroad.len()),
        (Some(Stopped), 0)
    );
    case.tell("11:55:00", &[retracted(BACK.0, BACK.1, BACK.2, BACK.3)]);
    assert_eq!(case.clock(ClockKind::Consent, "RO"), started);
    assert_eq!(case.verdict(), Some(Verdict::NoObstacle));
}

#[test]
fn a_retracted_second_leg_leaves_the_unit_where_the_first_took_it() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO", "AT"]);
    case.tell("11:33:20", &[out()]);
    let second = ("c.2", "RO", "AT", "12:00:00");
    case.tell(
        "12:00:10",
        &[confirmed(second.0, second.1, second.2, second.3)],
    );
    assert_eq!(
        (case.consent("RO"), case.consent("AT")),
        (Some(Stopped), Some(Running))
    );
    case.tell(
        "12:05:00",
        &[retracted(second.0, second.1, second.2, second.3)],
    );
    assert_eq!(
        (case.consent("RO"), case.consent("AT")),
        (Some(Running), Some(Stopped))
    );
    let abroad = &case.operation.abroad[&case.car.id];
    assert_eq!(abroad.territory, states("RO"));
}

#[test]
fn what_is_found_at_once_ends_as_if_it_had_been_found_one_by_one() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tell(
        "12:00:00",
        &[back(), confirmed("c.3", "HU", "RO", "11:55:00")],
    );
    assert_eq!(case.consent("RO"), Some(Running), "back, and in again");
    let (_, starts, _) = case.clock(ClockKind::Consent, "RO").unwrap();
    assert_eq!(starts, at("11:33:17"));
    assert_eq!(
        case.named("OP.1"),
        ["c.1", "c.3"],
        "no crossing of the batch is lost"
    );
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("12:00:00", &[out(), back()]);
    assert_eq!(
        case.consent("RO"),
        Some(Stopped),
        "a pass that is over counts nothing"
    );
    assert_eq!(case.named("OP.1"), ["c.1"], "and is owed all the same");
}

#[test]
fn one_way_through_a_condominium_is_one_entry() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["AT"]);
    case.tell(
        "11:40:00",
        &[
            confirmed("c.1", "HU", "AT|HU", "11:33:17"),
            confirmed("c.2", "AT|HU", "AT", "11:35:00"),
        ],
    );
    assert_eq!(case.named("OP.1"), ["c.1"]);
    let (_, starts, _) = case.clock(ClockKind::Consent, "AT").unwrap();
    assert_eq!(starts, at("11:33:17"));
}

#[test]
fn a_stopped_consent_clock_goes_on_only_for_a_real_re_entry_without_authorisation() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let granted = document("RO-1", None, "12:00:00", "14:00:00");
    case.change("12:10:00", granted).unwrap();
    case.tell("12:20:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:10")]);
    assert_eq!(
        case.consent("RO"),
        Some(Stopped),
        "a late revision changes nothing"
    );
    case.tell("12:30:00", &[confirmed("c.2", "RO", "HU", "12:25:00")]);
    case.tell("12:40:00", &[confirmed("c.3", "HU", "RO", "12:35:00")]);
    assert_eq!(
        case.consent("RO"),
        Some(Stopped),
        "in again while it is authorised"
    );
    case.tell("13:50:00", &[confirmed("c.4", "RO", "HU", "13:45:00")]);
    case.tick("14:00:00");
    assert_eq!(case.operation.must_stop(), None, "nobody is abroad");
    case.tell("14:10:00", &[confirmed("c.5", "HU", "RO", "14:05:00")]);
    let (status, starts, _) = case.clock(ClockKind::Consent, "RO").unwrap();
    assert_eq!((status, starts), (Running, at("11:33:10")));
}

#[test]
fn a_new_authorisation_is_followed_at_once() {
    let mut case = Case::on(Basis::SurveillanceAuthorised, &["RO"]);
    case.change("10:30:00", document("RO-1", None, "11:00:00", "12:00:00"))
        .unwrap();
    case.tell("11:33:20", &[out()]);
    case.tick("11:51:00");
    case.tick("12:00:00");
    assert_eq!(case.window("RO").unwrap().0, Expired);
    assert!(case.operation.must_stop().is_some());
    let later = document("RO-3", None, "15:00:00", "16:00:00");
    case.change("12:04:00", later).unwrap();
    assert!(case.operation.must_stop().is_some(), "it does not hold yet");
    case.change("12:05:00", document("RO-2", None, "12:05:00", "15:00:00"))
        .unwrap();
    assert_eq!(
        case.window("RO").unwrap(),
        (Running, at("12:05:00"), at("16:00:00"))
    );
    assert_eq!(
        (case.operation.must_stop(), case.verdict()),
        (None, Some(Verdict::NoObstacle))
    );
    let kinds = case.tick("15:31:00");
    assert_eq!(kinds, ["clock.warned"], "it warns anew");
    // Made shorter: the later word counts.
    case.change("15:32:00", document("RO-4", None, "15:00:00", "15:35:00"))
        .unwrap();
    assert_eq!(case.window("RO").unwrap().2, at("15:35:00"));
}

#[test]
fn a_revised_crossing_is_assessed_again() {
    let mut case = Case::on(Basis::SurveillanceAuthorised, &["RO"]);
    case.change("10:30:00", document("RO-1", None, "11:33:10", "12:00:00"))
        .unwrap();
    case.tell("11:33:20", &[out()]);
    assert_eq!(case.verdict(), Some(Verdict::NoObstacle));
    case.tell("11:40:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:00")]);
    assert_eq!(
        case.verdict(),
        Some(Verdict::Stop),
        "it crossed before the window"
    );
}

#[test]
fn an_open_request_follows_a_retraction_and_one_that_was_sent_is_not_owed_again() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let kinds = case.tell("11:40:00", &[retracted(OUT.0, OUT.1, OUT.2, OUT.3)]);
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "notice.withdrawn")
            .count(),
        2
    );
    assert_eq!(case.notice("OP.1").owed_since, None);
    assert_eq!(case.notice("OP.2").status, NoticeStatus::Withdrawn);
    assert_eq!(
        case.answer(),
        (Verdict::NoObstacle, Vec::new()),
        "it is home"
    );
    case.tell("12:00:00", &[confirmed("c.2", "HU", "RO", "11:59:00")]);
    assert_eq!(case.named("OP.2"), ["c.2"]);
    assert_eq!(case.notice("OP.2").owed_since, Some(at("11:59:00")));
    case.send("OP.2");
    case.tell("12:10:00", &[confirmed("c.3", "RO", "HU", "12:05:00")]);
    case.tell("12:20:00", &[confirmed("c.4", "HU", "RO", "12:15:00")]);
    assert_eq!(case.named("OP.2"), ["c.2"], "sent once, asked once");
    assert_eq!(case.named("OP.1"), ["c.2", "c.4"]);
}

#[test]
fn what_was_sent_is_corrected_when_its_crossing_moves_or_falls_away() {
    let mut case = Case::on(Basis::SurveillanceAuthorised, &["RO"]);
    case.change("10:30:00", document("RO-1", None, "11:00:00", "20:00:00"))
        .unwrap();
    case.tell("11:33:20", &[out()]);
    case.send("OP.1");
    let kinds = case.tell("11:34:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:17.200")]);
    assert!(
        !kinds.contains(&"notice.drafted"),
        "to the second it is told"
    );
    case.tell("11:35:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:10")]);
    let fields = case.notice("OP.2").fields.as_ref().unwrap();
    assert_eq!(fields.amends.as_ref().map(NoticeId::as_str), Some("OP.1"));
    assert_eq!(fields.crossings[0].likely, at("11:33:10"));
    assert_eq!(
        case.notice("OP.2").owed_since,
        None,
        "a correction is no new crossing"
    );
    case.send("OP.2");
    case.tell("11:40:00", &[retracted(OUT.0, OUT.1, OUT.2, "11:33:10")]);
    let fields = case.notice("OP.3").fields.as_ref().unwrap();
    assert!(fields.crossings[0].taken_back);
    assert_eq!(fields.amends.as_ref().map(NoticeId::as_str), Some("OP.2"));
}

#[test]
fn a_state_that_the_operation_does_not_name_is_told_of_the_crossing_and_not_asked() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT", "11:33:17")]);
    let duties: Vec<_> = case
        .operation
        .notices
        .values()
        .map(|one| one.duty.as_str())
        .collect();
    assert_eq!(duties, ["notice_of_crossing"]);
    assert_eq!(case.consent("AT"), None);
    assert_eq!(case.verdict(), Some(Verdict::Stop));
}

#[test]
fn a_unit_first_known_abroad_must_stop_and_is_owed_until_its_crossing_is_known() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.track = Track::new(&case.car);
    case.tell("11:40:00", &[located("RO")]);
    assert_eq!(case.verdict(), Some(Verdict::Stop));
    assert_eq!(case.answer().1, ["entry_known"]);
    assert_eq!(case.consent("RO"), None, "no clock is invented");
    let fields = case.notice("OP.1").fields.as_ref().unwrap();
    assert_eq!(&*fields.missing[0], "crossing");
}

#[test]
fn a_unit_assigned_abroad_counts_from_its_first_entry() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["AT"]);
    let empty = case.operation.clone();
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT|HU", "11:33:17")]);
    case.tell("11:35:10", &[confirmed("c.2", "AT|HU", "AT", "11:35:00")]);
    case.operation = empty;
    let abroad = whereabouts::abroad(&case.track, state("HU")).unwrap();
    let entries = whereabouts::entries(&case.track, &abroad, state("HU"));
    let mut events = Vec::new();
    Consequences::of(&case.operation, case.lookup(), at("12:00:00"), &mut events).assigned(
        &case.car,
        abroad.clone(),
        &entries,
    );
    case.operation.settle(&case.car.id, Some(abroad));
    case.take(events);
    let (status, starts, _) = case.clock(ClockKind::Consent, "AT").unwrap();
    assert_eq!((status, starts), (Running, at("11:33:17")));
    assert_eq!(case.named("OP.1"), ["c.1"]);
    assert_eq!(case.verdict(), Some(Verdict::NoObstacle));
}

#[test]
fn what_seems_a_disputed_area_is_a_stop_until_it_falls_away() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    let suspected =
        TrackEventKind::CrossingSuspected(Box::new(crossing("c.1", "HU", "HU|RO", "11:33:17")));
    let kinds = case.tell("11:33:20", &[suspected]);
    assert_eq!(
        kinds,
        ["law.assessed"],
        "nothing is owed of what is not confirmed"
    );
    assert_eq!(
        case.answer(),
        (Verdict::Stop, vec!["territory_certain".to_owned()])
    );
    case.tell("11:34:00", &[retracted("c.1", "HU", "HU|RO", "11:33:17")]);
    assert_eq!(case.answer(), (Verdict::NoObstacle, Vec::new()));
}

#[test]
fn an_operation_stays_open_while_a_notice_of_a_crossing_is_owed() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    assert_eq!(case.close(), Err("units_abroad".into()));
    case.tell("11:50:10", &[back()]);
    assert_eq!(case.close(), Err("notices_owed".into()));
    case.send("OP.1");
    case.send("OP.2");
    assert_eq!(case.close(), Ok(()));
    case.rooms.remove(&RoomId::parse("arad").unwrap());
    let mut case = Case::on(Basis::SurveillanceUrgent, &["SK"]);
    case.tell("11:33:20", &[confirmed("c.1", "HU", "SK", "11:33:17")]);
    case.tell("11:50:10", &[confirmed("c.2", "SK", "HU", "11:50:00")]);
    assert_eq!(case.close(), Ok(()), "there is no room that could take it");
}

#[test]
fn a_patrol_that_may_no_longer_be_there_owes_its_notice() {
    let mut case = Case::on(Basis::JointPatrol, &["RO"]);
    case.operation.card.patrol = Some(PatrolArea {
        state: state("RO"),
        area: None,
    });
    case.change("10:30:00", document("P-1", None, "11:00:00", "12:00:00"))
        .unwrap();
    let kinds = case.tell("11:33:20", &[out()]);
    assert!(!kinds.contains(&"notice.owed"));
    let mut events = Vec::new();
    let lookup = Lookup {
        rulebook: &case.rulebook,
        rooms: &case.rooms,
    };
    Consequences::of(&case.operation, lookup, at("12:00:00"), &mut events)
        .look_again(&case.car, Again::At(at("12:00:00")));
    let kinds = case.take(events);
    assert!(kinds.contains(&"notice.owed"), "{kinds:?}");
    assert_eq!(case.answer().1, ["patrol_period"]);
    assert_eq!(case.named("OP.1"), ["c.1"]);
}

#[test]
fn a_patrol_agreed_for_another_state_is_refused_and_stops_at_the_line() {
    let mut case = Case::on(Basis::JointPatrol, &["RO", "AT"]);
    case.operation.card.patrol = Some(PatrolArea {
        state: state("RO"),
        area: None,
    });
    case.operation.card.declared.authorisations =
        vec![document("P-1", Some("AT"), "08:00:00", "20:00:00")];
    case.tell("11:33:20", &[confirmed("c.1", "HU", "AT", "11:33:17")]);
    assert!(
        case.answer().1.contains(&"patrol_area".to_owned()),
        "{:?}",
        case.answer()
    );
    let mut card = case.operation.card.clone();
    card.patrol = Some(PatrolArea {
        state: state("SK"),
        area: None,
    });
    let ask = Ask {
        by: &card.opened_by,
        now: case.now,
        lookup: case.lookup(),
    };
    let units = BTreeMap::from([(case.car.id.clone(), &case.car)]);
    let refused = orders::open(ask, &card, false, &units).unwrap_err();
    assert_eq!(&*refused.guard, "patrol_state");
    let kind = OrderKind::Open(Box::new(card));
    assert_eq!(kind.operation(), &case.operation.card.id);
}

#[test]
fn the_partner_is_not_told_what_is_owed() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let granted = limes::domain::operations::sharing::granted(&case.operation);
    let assessed = granted.iter().filter_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind: OperationEventKind::Assessed { assessment, .. },
            ..
        }) => Some(assessment),
        _ => None,
    });
    let assessed: Vec<_> = assessed.collect();
    assert!(!assessed.is_empty() && assessed.iter().all(|one| one.duties.is_empty()));
    let opened = |event: &Event| {
        matches!(
            &event.what,
            What::Operation(OperationEvent {
                kind: OperationEventKind::Life(LifeEvent::Shared { .. }),
                ..
            })
        )
    };
    assert!(granted.iter().any(opened));
}

/// What the map shows of a case: its operation as opened, and all that was told since.
fn shown(case: &Case) -> limes::service::live::picture::Picture {
    let card = Case::on(case.operation.card.declared.basis, &["RO"])
        .operation
        .card;
    let opened = Event {
        at: at("10:00:00"),
        what: What::Operation(OperationEvent {
            operation: Some(card.id.clone()),
            kind: OperationEventKind::Life(LifeEvent::Opened(Box::new(card))),
        }),
    };
    let added = Event {
        at: at("10:00:00"),
        what: What::Register(limes::domain::event::RegisterEvent::UnitAdded(
            case.car.clone(),
        )),
    };
    let events = [added, opened].into_iter().chain(case.told.iter().cloned());
    let wire: Vec<_> = events
        .filter_map(|event| {
            let stored = limes::wire::stored::StoredEvent::of(&event, None)?;
            Some(stored.into_wire(limes::domain::ids::Seq(1), event.at, event.at))
        })
        .collect();
    let mut picture = limes::service::live::picture::Picture::new("budapest");
    picture.fold(1, &wire, &[]);
    picture
}

#[test]
fn the_map_says_stop_while_a_clock_is_over_and_a_unit_is_abroad() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tick("16:33:17");
    assert!(shown(&case).operations["OP"].must_stop.is_some());
    case.tell("16:50:00", &[confirmed("c.2", "RO", "HU", "16:45:00")]);
    let operation = &shown(&case).operations["OP"];
    assert_eq!(operation.must_stop, None, "nobody is abroad");
    let owed = &operation.assessments[0];
    assert!(owed.findings.is_empty() && owed.duties[0].duty == "report");
    case.tell("17:10:00", &[confirmed("c.3", "HU", "RO", "17:05:00")]);
    assert!(shown(&case).operations["OP"].must_stop.is_some());
    case.change("17:20:00", document("RO-1", None, "17:00:00", "20:00:00"))
        .unwrap();
    assert_eq!(
        shown(&case).operations["OP"].must_stop,
        None,
        "it is authorised now"
    );
    case.tell(
        "17:30:00",
        &[
            retracted("c.3", "HU", "RO", "17:05:00"),
            retracted("c.2", "RO", "HU", "16:45:00"),
            retracted(OUT.0, OUT.1, OUT.2, OUT.3),
        ],
    );
    let operation = &shown(&case).operations["OP"];
    assert!(
        operation
            .notices
            .iter()
            .all(|notice| notice.owed_since.is_none())
    );
    assert!(
        operation
            .notices
            .iter()
            .all(|notice| notice.status == "withdrawn")
    );
}

#[test]
fn the_map_keeps_what_the_law_says_of_a_unit_in_no_operation() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let abroad = whereabouts::abroad(&case.track, state("HU")).unwrap();
    let stray =
        limes::domain::operations::crossings::stray(&case.car, &abroad, case.lookup(), case.now);
    case.told.push(stray);
    let picture = shown(&case);
    let kept = picture.units["HU-1"].stray.as_ref().unwrap();
    assert_eq!(kept.verdict, "stop");
}
