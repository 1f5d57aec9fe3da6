//! Pursuits (Art. 41 and the treaties that go further) on the real frontiers: what the room is told of each.

use crate::rooms::{Ground, Rooms};
use crate::told;
use limes::domain::borders::Frontier;
use limes::domain::event::{Event, Limit, OperationEvent, OperationEventKind, What};
use limes::domain::ids::{AccountId, OperationId, RoomId, SourceId, State, UnitId};
use limes::domain::input::{Cause, Order, OrderKind};
use limes::domain::law::basis::{Authorisation, Basis, PatrolArea, PersonCategory, Purpose};
use limes::domain::law::clocks::LimitStage;
use limes::domain::law::facts::Declared;
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::measure::{Metres, Position, Span, Timestamp};
use limes::domain::operations::operation::ClockStatus;
use limes::domain::operations::{
    Amendment, Detention, DetentionStep, DetentionStepKind, OperationCard, OperationChange,
    RecognisedBy,
};
use limes::domain::registry::{Marks, Person, RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

/// Metres between two fixes of a car, five seconds apart.
const STEP_M: f64 = 140.0;
const STEP: Span = Span::from_secs(5);

pub(crate) fn state(code: &str) -> State {
    State::parse(code).unwrap()
}

pub(crate) fn start() -> Timestamp {
    Timestamp::parse("2027-03-16T10:00:00Z").unwrap()
}

/// A room of the pursuers, one of each host, and a car.
pub(crate) struct Chase {
    pub(crate) rooms: Rooms,
    own: String,
    pub(crate) now: Timestamp,
    place: (f64, f64),
}

impl Chase {
    pub(crate) fn begin(
        own: &str,
        hosts: &[&str],
        marks: Option<Marks>,
        place: (f64, f64),
    ) -> Self {
        let card = |code: &str| RoomCard {
            room: RoomId::parse(&format!("room-{code}")).unwrap(),
            state: state(code),
        };
        let cards: Vec<RoomCard> = [own].iter().chain(hosts).map(|code| card(code)).collect();
        let car = UnitCard {
            id: UnitId::parse("CAR").unwrap(),
            room: card(own).room,
            state: state(own),
            kind: UnitKind::Vehicle,
            callsign: "CAR".into(),
            marks,
        };
        let mut chase = Self {
            rooms: Rooms::with(&cards, &[car], Ground::built_in(), start()),
            own: own.to_owned(),
            now: start(),
            place,
        };
        // Known at its first place before anything happens.
        for _ in 0..3 {
            chase.fix();
        }
        chase
    }

    pub(crate) fn room(&self) -> RoomId {
        RoomId::parse(&format!("room-{}", self.own)).unwrap()
    }

    pub(crate) fn fix(&mut self) {
        self.now = self.now.plus(STEP);
        self.rooms.pass(self.now);
        let fix = ReportedFix {
            unit: UnitId::parse("CAR").unwrap(),
            source: SourceId::parse("car").unwrap(),
            fixed_at: self.now,
            lat: self.place.0,
            lon: self.place.1,
            measured: Measured {
                accuracy_m: Some(5.0),
                ..Measured::default()
            },
        };
        let room = self.room();
        let answer = self.rooms.decide(&room, Cause::Fix(fix), self.now);
        assert_eq!(answer, Answer::Accepted);
    }

    /// Drives straight to a place.
    pub(crate) fn to(&mut self, lat: f64, lon: f64) {
        let (from_lat, from_lon) = self.place;
        let east = (lon - from_lon) * 111_320.0 * from_lat.to_radians().cos();
        let north = (lat - from_lat) * 111_320.0;
        let steps = (east.hypot(north) / STEP_M).ceil().max(1.0) as u32;
        for step in 1..=steps {
            let part = f64::from(step) / f64::from(steps);
            self.place = (
                from_lat + (lat - from_lat) * part,
                from_lon + (lon - from_lon) * part,
            );
            self.fix();
        }
    }

    pub(crate) fn pass(&mut self, span: Span) {
        self.now = self.now.plus(span);
        self.rooms.pass(self.now);
    }

    pub(crate) fn order(&mut self, kind: OrderKind) -> Answer {
        let room = self.room();
        let by = Person {
            account: AccountId::parse("operator").unwrap(),
            room: room.clone(),
        };
        let order = Order {
            by,
            key: None,
            kind,
        };
        self.rooms.decide(&room, Cause::Order(order), self.now)
    }

    pub(crate) fn open(
        &mut self,
        basis: Basis,
        hosts: &[&str],
        declare: impl FnOnce(&mut OperationCard),
    ) -> Answer {
        let room = self.room();
        let mut card = OperationCard {
            id: OperationId::parse("CHASE").unwrap(),
            name: "CHASE".into(),
            room: room.clone(),
            declared: Declared {
                basis,
                purpose: Purpose::CriminalInvestigation,
                offence: "aggravated_theft".into(),
                person_category: PersonCategory::Suspect,
                requesting_state: state(&self.own),
                host_states: hosts.iter().map(|host| state(host)).collect(),
                authorisations: Vec::new(),
                extraditable: None,
                grounds: Some("seen at the break-in; the other side's patrol is far".into()),
                evaded_check: Vec::new(),
            },
            host_rooms: Vec::new(),
            target: None,
            units: vec![UnitId::parse("CAR").unwrap()],
            patrol: None,
            evaded_at: None,
            exercise: true,
            opened_by: Person {
                account: AccountId::parse("operator").unwrap(),
                room,
            },
        };
        declare(&mut card);
        self.order(OrderKind::Open(Box::new(card)))
    }

    pub(crate) fn change(&mut self, change: OperationChange) -> Answer {
        self.order(OrderKind::Change {
            operation: OperationId::parse("CHASE").unwrap(),
            version: None,
            change,
        })
    }

    pub(crate) fn send(&mut self, notice: &str) -> Answer {
        self.order(OrderKind::SendNotice {
            operation: OperationId::parse("CHASE").unwrap(),
            notice: limes::domain::ids::NoticeId::parse(notice).unwrap(),
            grounds: None,
        })
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.rooms.ledgers[&self.room()]
            .iter()
            .map(|entry| &entry.event)
    }

    pub(crate) fn told(&self) -> String {
        told::ledger(&self.rooms.ledgers[&self.room()], start())
    }

    fn limits(&self) -> Vec<&Limit> {
        self.events()
            .filter_map(|event| match &event.what {
                What::Operation(OperationEvent {
                    kind: OperationEventKind::Limit(limit),
                    ..
                }) => Some(limit),
                _ => None,
            })
            .collect()
    }

    /// The last answer of the law of the car: its verdict, what stops, what only warns.
    pub(crate) fn answer(&self) -> (Verdict, Vec<String>, Vec<String>) {
        let last = told::last_answer(self.events());
        let words = |finding: &limes::domain::law::finding::Finding| finding.condition.to_string();
        (
            last.verdict,
            last.obstacles().map(words).collect(),
            last.warnings().map(words).collect(),
        )
    }

    pub(crate) fn must_stop(&self) -> Option<String> {
        let world = &self.rooms.worlds[&self.room()];
        let operation = &world.operations()[&OperationId::parse("CHASE").unwrap()];
        operation.must_stop().map(|why| why.to_string())
    }
}

pub(crate) fn opened(answer: &Answer) {
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
}

#[test]
fn a_pursuit_from_spain_into_france_is_told_each_stage_of_its_ten_kilometres_once_each_way() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.62, 2.87);
    let stages: Vec<LimitStage> = chase.limits().iter().map(|limit| limit.stage).collect();
    assert_eq!(
        stages,
        [LimitStage::Near80, LimitStage::Near95, LimitStage::Exceeded]
    );
    let frontier = Frontier::parse("ES-FR").unwrap();
    let borders = chase.rooms.ground.borders.clone();
    let mut before = f64::INFINITY;
    for event in chase.events() {
        let What::Fix(fix) = &event.what else {
            continue;
        };
        let (_, away) = borders.nearest_on(frontier, fix.position).unwrap();
        let away = away.as_f64();
        if before < 8_000.0 && away >= 8_000.0 {
            let near = chase.limits()[0].measured.as_f64();
            assert!(
                (near - away).abs() < 0.02,
                "told at the first fix beyond: {near} {away}"
            );
        }
        before = away;
    }
    assert!(
        chase
            .must_stop()
            .is_some_and(|why| why.contains("beyond the limit"))
    );
    let limit = chase.limits()[2];
    assert_eq!(limit.max, Metres::new(10_000.0));
    assert_eq!(limit.citation.confidence.as_str(), "high");
    chase.to(42.40, 2.87);
    let back: Vec<LimitStage> = chase
        .limits()
        .iter()
        .skip(3)
        .map(|limit| limit.stage)
        .collect();
    assert_eq!(
        back,
        [LimitStage::Near95, LimitStage::Near80, LimitStage::Within]
    );
    assert_eq!(chase.must_stop(), None);
    insta::assert_snapshot!("pursuit_es_fr", chase.told());
}

#[test]
fn a_backlog_shows_that_a_limit_was_exceeded_and_never_takes_it_back() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.55, 2.87);
    let told = chase.limits().len();
    assert!(
        chase
            .limits()
            .iter()
            .all(|limit| limit.stage < LimitStage::Exceeded)
    );
    // Out and back in a valley without a network: only then the phone sends what it kept.
    let out = chase.now;
    chase.now = chase.now.plus(Span::from_minutes(20));
    chase.fix();
    let room = chase.room();
    for minute in 1..20_i32 {
        let far = f64::from(10 - (minute - 10).abs()) * 0.01;
        let late = ReportedFix {
            unit: UnitId::parse("CAR").unwrap(),
            source: SourceId::parse("car").unwrap(),
            fixed_at: out.plus(Span::from_minutes(i64::from(minute))),
            lat: 42.55 + far,
            lon: 2.87,
            measured: Measured {
                accuracy_m: Some(5.0),
                ..Measured::default()
            },
        };
        chase.rooms.decide(&room, Cause::Fix(late), chase.now);
    }
    let new: Vec<LimitStage> = chase
        .limits()
        .iter()
        .skip(told)
        .map(|limit| limit.stage)
        .collect();
    assert_eq!(new.last(), Some(&LimitStage::Exceeded), "{new:?}");
    assert!(chase.must_stop().is_some());
}

#[test]
fn a_pursuit_from_portugal_into_spain_must_stop_after_its_two_hours() {
    let mut chase = Chase::begin("PT", &["ES"], Some(Marks::MarkedCar), (38.885, -7.10));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["ES"], |_| {}));
    chase.to(38.885, -6.97);
    let clock = |chase: &Chase| {
        let world = &chase.rooms.worlds[&chase.room()];
        let operation = &world.operations()[&OperationId::parse("CHASE").unwrap()];
        let running = operation.clocks.values().next().expect("one clock").clone();
        assert_eq!(running.clock.key.kind, ClockKind::PursuitPeriod);
        running
    };
    let began = clock(&chase);
    assert_eq!(
        began.clock.ends.since(began.clock.starts),
        Span::from_minutes(120)
    );
    assert_eq!(began.status, ClockStatus::Running);
    // A U-turn does not give it another two hours.
    chase.to(38.885, -7.10);
    assert_eq!(clock(&chase).status, ClockStatus::Stopped);
    chase.to(38.885, -6.97);
    assert_eq!(clock(&chase).clock, began.clock);
    chase.pass(Span::from_minutes(120));
    assert_eq!(clock(&chase).status, ClockStatus::Expired);
    assert!(chase.must_stop().is_some());
    let warned = chase
        .events()
        .filter(|event| event.kind() == "clock.warned")
        .count();
    assert_eq!(warned, 2, "at 80 and 95 per cent");
    insta::assert_snapshot!("pursuit_pt_es", chase.told());
}

#[test]
fn over_the_giurgiu_ruse_bridge_the_limit_is_not_known_until_bulgaria_says() {
    let mut chase = Chase::begin("RO", &["BG"], Some(Marks::MarkedCar), (43.925, 25.975));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["BG"], |_| {}));
    chase.to(43.855, 26.025);
    let (verdict, obstacles, warnings) = chase.answer();
    assert_eq!(verdict, Verdict::Stop);
    assert_eq!(obstacles, ["limit_known"]);
    assert_eq!(warnings, ["host_contacted"]);
    assert!(
        chase.limits().is_empty(),
        "no number is shown and none assumed"
    );
    assert!(matches!(chase.send("CHASE.1"), Answer::Done { .. }));
    let document = Authorisation {
        number: "BG-27-7".into(),
        from: chase.now,
        to: chase.now.plus(Span::from_hours(1)),
        conditions: "as far as Byala".into(),
        state: None,
    };
    opened(&chase.change(OperationChange::Authorisation(document)));
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!((verdict, obstacles), (Verdict::NoObstacle, Vec::new()));
    insta::assert_snapshot!("pursuit_ro_bg", chase.told());
}

#[test]
fn around_schengen_the_condominium_is_germany_s_too_and_france_needs_a_rule_of_its_own() {
    let mut chase = Chase::begin("LU", &["DE", "FR"], Some(Marks::Uniform), (49.476, 6.345));
    let answer = chase.open(Basis::PursuitCaughtInTheAct, &["DE", "FR"], |_| {});
    // Into Germany only for what may lead to extradition: a person judges it.
    assert!(
        matches!(answer, Answer::Refused(ref refusal) if &*refusal.guard == "offence_listed"),
        "{answer:?}"
    );
    opened(
        &chase.open(Basis::PursuitCaughtInTheAct, &["DE", "FR"], |card| {
            card.declared.extraditable = Some(true);
        }),
    );
    chase.to(49.474, 6.385);
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!((verdict, obstacles), (Verdict::NoObstacle, Vec::new()));
    chase.to(49.445, 6.400);
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!(
        (verdict, obstacles),
        (Verdict::Stop, vec!["from_requesting_state".to_owned()])
    );
    insta::assert_snapshot!("pursuit_schengen", chase.told());
}

#[test]
fn at_baarle_each_enclave_is_a_crossing_and_the_benelux_treaty_sets_no_limit() {
    let mut chase = Chase::begin("NL", &["BE"], None, (51.4400, 4.9100));
    opened(&chase.open(Basis::PursuitEscape, &["BE"], |card| {
        card.declared.offence = "".into();
    }));
    chase.to(51.4410, 4.9500);
    let crossed = chase
        .events()
        .filter(|event| event.kind() == "crossing.confirmed")
        .count();
    assert!(crossed >= 2, "{}", chase.told());
    insta::assert_snapshot!("pursuit_baarle", chase.told());
}

#[test]
fn officers_nobody_can_recognise_are_stopped_until_somebody_ticks_how() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::Covert), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    assert_eq!(chase.answer().1, ["recognisable"]);
    let unit = UnitId::parse("CAR").unwrap();
    let tick = |unit: &UnitId, by| OperationChange::Recognisable {
        unit: unit.clone(),
        by,
    };
    opened(&chase.change(tick(&unit, RecognisedBy::Armband)));
    assert_eq!(chase.answer().0, Verdict::NoObstacle);
    let stranger = UnitId::parse("OTHER").unwrap();
    let refused = chase.change(tick(&stranger, RecognisedBy::Uniform));
    assert!(
        matches!(refused, Answer::Refused(ref refusal) if &*refusal.guard == "unit_not_in_operation")
    );
}

#[test]
fn a_correction_is_kept_beside_what_it_corrects_and_the_law_is_asked_again() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    assert_eq!(chase.answer().0, Verdict::NoObstacle);
    let amendment = Amendment {
        person_category: Some(PersonCategory::Contact),
        because: "the driver is only a contact".into(),
        ..Amendment::default()
    };
    opened(&chase.change(OperationChange::Amended(amendment)));
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!(
        (verdict, obstacles),
        (Verdict::Stop, vec!["person_category_covered".to_owned()])
    );
    let kinds: Vec<&str> = chase.events().map(Event::kind).collect();
    let changed = kinds
        .iter()
        .position(|kind| *kind == "operation.changed")
        .unwrap();
    assert!(kinds[changed..].contains(&"law.assessed"));
    assert!(
        kinds[..changed].contains(&"operation.opened"),
        "nothing is deleted"
    );
}

#[test]
fn a_romanian_patrol_in_luxembourg_raises_nothing_until_it_goes_on_towards_france() {
    let mut chase = Chase::begin("RO", &["LU", "FR"], Some(Marks::Uniform), (49.500, 6.030));
    opened(&chase.open(Basis::JointPatrol, &["LU"], |card| {
        card.declared.offence = "".into();
        card.declared.authorisations.push(Authorisation {
            number: "LU-RO-1".into(),
            from: start(),
            to: start().plus(Span::from_hours(8)),
            conditions: "".into(),
            state: None,
        });
        card.patrol = Some(PatrolArea {
            state: state("LU"),
            area: None,
        });
    }));
    // Before the operation was opened it was there without one.
    let before = 1;
    let stops = |chase: &Chase| {
        let assessed = chase.events().filter(|event| matches!(&event.what,
            What::Operation(OperationEvent { kind: OperationEventKind::Assessed { assessment, .. }, .. })
                if assessment.verdict == Verdict::Stop));
        assessed.count() - before
    };
    chase.to(49.490, 6.000);
    assert_eq!(stops(&chase), 0, "{}", chase.told());
    chase.to(49.440, 6.000);
    assert_eq!(stops(&chase), 1, "{}", chase.told());
    let (_, obstacles, _) = chase.answer();
    assert!(
        obstacles.contains(&"host_state_named".to_owned()),
        "{obstacles:?}"
    );
}

#[test]
fn an_evaded_check_is_measured_from_the_frontier_of_each_host() {
    let mut chase = Chase::begin("DE", &["NL"], Some(Marks::MarkedCar), (51.80, 6.20));
    let at = |lat, lon| {
        move |card: &mut OperationCard| {
            card.declared.offence = "".into();
            card.evaded_at = Some(Position::new(lat, lon).unwrap());
        }
    };
    // Berlin is farther than 150 km from the Netherlands, Dortmund is not.
    let answer = chase.open(Basis::PursuitEvadedCheck, &["NL"], at(52.52, 13.40));
    assert!(
        matches!(answer, Answer::Refused(ref refusal) if &*refusal.guard == "check_within_zone"),
        "{answer:?}"
    );
    opened(&chase.open(Basis::PursuitEvadedCheck, &["NL"], at(51.51, 7.46)));
}

/// The clock of the release in France, when one was ever started.
fn release(chase: &Chase) -> Option<(ClockStatus, Timestamp)> {
    let world = &chase.rooms.worlds[&chase.room()];
    let operation = &world.operations()[&OperationId::parse("CHASE").unwrap()];
    let clocks = operation.clocks.iter();
    clocks
        .filter(|(key, _)| key.kind == ClockKind::Release)
        .map(|(_, running)| (running.status, running.clock.ends))
        .next()
}

fn guard(answer: &Answer) -> String {
    match answer {
        Answer::Refused(refusal) => refusal.guard.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn who_is_held_in_france_is_released_after_six_hours_of_the_day_and_a_warrant_ends_them() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    let held = |since| {
        OperationChange::Detained(Detention {
            host: state("FR"),
            since,
            unit: Some(UnitId::parse("CAR").unwrap()),
            host_national: None,
            findings: Vec::new(),
        })
    };
    let became = |kind, at| OperationChange::DetentionEnded {
        host: state("FR"),
        step: DetentionStep {
            kind,
            at,
            note: "Gendarmerie Le Boulou".into(),
        },
    };
    let since = chase.now;
    assert_eq!(
        guard(&chase.change(became(DetentionStepKind::Released, since))),
        "nobody_held"
    );
    let ahead = since.plus(Span::from_minutes(5));
    assert_eq!(guard(&chase.change(held(ahead))), "time_in_future");
    opened(&chase.change(held(since)));
    // 10:07Z in March is 11:07 in France: the six hours end before its midnight.
    assert_eq!(
        release(&chase),
        Some((ClockStatus::Running, since.plus(Span::from_hours(6))))
    );
    let findings = chase.events().find_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Life(limes::domain::event::LifeEvent::Changed {
                    change: OperationChange::Detained(detention),
                    ..
                }),
            ..
        }) => Some(detention.findings.clone()),
        _ => None,
    });
    let foreseen = findings.unwrap().remove(0);
    assert_eq!(&*foreseen.condition, "detention_foreseen");
    assert!(
        foreseen
            .sentence
            .starts_with("FR gives officers of ES no right"),
        "{}",
        foreseen.sentence
    );

    // Better known: earlier shortens, later is refused.
    let earlier = since.plus(Span::from_minutes(-2));
    opened(&chase.change(held(earlier)));
    let ends = earlier.plus(Span::from_hours(6));
    assert_eq!(release(&chase), Some((ClockStatus::Running, ends)));
    assert_eq!(guard(&chase.change(held(since))), "detention_recorded");
    assert_eq!(release(&chase), Some((ClockStatus::Running, ends)));

    // Handed over, the hours go on for the host; the room may not close while it answers for the person.
    chase.to(42.40, 2.87);
    let close = |chase: &mut Chase| {
        chase.order(OrderKind::Close {
            operation: OperationId::parse("CHASE").unwrap(),
            version: None,
            reason: "over".into(),
        })
    };
    assert_eq!(guard(&close(&mut chase)), "person_held");
    let now = chase.now;
    assert_eq!(
        guard(&chase.change(became(
            DetentionStepKind::HandedOver,
            earlier.plus(Span::from_secs(-1))
        ))),
        "before_detention"
    );
    opened(&chase.change(became(DetentionStepKind::HandedOver, now)));
    assert_eq!(
        guard(&chase.change(became(DetentionStepKind::HandedOver, now))),
        "detention_recorded"
    );
    assert_eq!(release(&chase), Some((ClockStatus::Running, ends)));
    chase.pass(Span::from_hours(5));
    let warned = chase
        .events()
        .filter(|event| event.kind() == "clock.warned")
        .count();
    assert_eq!(warned, 1, "an hour before the end");
    assert_eq!(chase.must_stop(), None);
    let now = chase.now;
    opened(&chase.change(became(DetentionStepKind::ArrestRequested, now)));
    assert_eq!(
        release(&chase).map(|(status, _)| status),
        Some(ClockStatus::Stopped)
    );
    chase.pass(Span::from_hours(2));
    assert!(!chase.events().any(|event| event.kind() == "clock.expired"));
}

#[test]
fn hours_of_release_that_are_over_stop_no_unit_and_say_what_is_to_be_done() {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.50, 2.87);
    let detained = OperationChange::Detained(Detention {
        host: state("FR"),
        since: chase.now,
        unit: None,
        host_national: Some(false),
        findings: Vec::new(),
    });
    opened(&chase.change(detained));
    chase.pass(Span::from_hours(7));
    let expired = chase.events().find_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Clock(limes::domain::event::ClockEvent::Expired {
                    clock,
                    because,
                    ..
                }),
            ..
        }) => Some((clock.kind, because.to_string())),
        _ => None,
    });
    let (kind, because) = expired.unwrap();
    assert_eq!(kind, ClockKind::Release);
    assert!(because.contains("was to be released by"), "{because}");
    assert_eq!(
        chase.must_stop(),
        None,
        "the car may stay: it is the person who must not"
    );
}
