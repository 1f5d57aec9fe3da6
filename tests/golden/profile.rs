//! What two states agreed on, through the core: it sets delays and stages, and an operation keeps what it began with.

use crate::chase::{Chase, agreed, opened, state};
use limes::domain::alarms::AlarmKind;
use limes::domain::event::{AlarmChange, ClockEvent, OperationEvent, OperationEventKind, What};
use limes::domain::ids::OperationId;
use limes::domain::input::Cause;
use limes::domain::law::basis::Basis;
use limes::domain::law::clocks::LimitStage;
use limes::domain::law::finding::{ClockKind, Origin};
use limes::domain::law::profile::agreed::{FigureOrigin, Profiles};
use limes::domain::law::profile::figure::Figure;
use limes::domain::law::profile::{AgreedLimit, Parts, Profile};
use limes::domain::measure::{Day, Metres, Span, Timestamp};
use limes::domain::operations::Operation;
use limes::domain::registry::Marks;
use limes::domain::world::World;

impl Chase {
    fn operation(&self) -> &Operation {
        let id = OperationId::parse("CHASE").unwrap();
        &self.rooms.worlds[&self.room()].operations()[&id]
    }

    /// When an alarm of a kind was first raised.
    fn first(&self, kind: AlarmKind) -> Option<Timestamp> {
        self.events().find_map(|event| match &event.what {
            What::Alarm(alarm) if alarm.kind == kind => match &alarm.change {
                AlarmChange::Raised(raised) => Some(raised.raised_at),
                _ => None,
            },
            _ => None,
        })
    }

    /// How long after the crossing was recorded A02 was raised.
    fn notice_unread_after(&self) -> Span {
        let owed = self.rooms.ledgers[&self.room()]
            .iter()
            .find(|entry| entry.event.kind() == "notice.owed");
        let raised = self.first(AlarmKind::NoticeNotSeen).expect("it was raised");
        raised.since(owed.unwrap().recorded_at)
    }

    /// The service goes on with other profiles.
    fn agree(&mut self, profile: Profile) {
        let earlier: Vec<Profile> = self.rooms.ground.profiles.all().cloned().collect();
        self.rooms.ground.profiles = Profiles::new([profile]).unwrap().keeping(earlier);
        let (room, now) = (self.room(), self.now);
        self.rooms.decide(&room, Cause::ProfilesAdopted, now);
    }
}

fn sooner(parts: &mut Parts) {
    for (figure, number) in [
        (Figure::NoticeWarns, 10),
        (Figure::NoticeUnread, 20),
        (Figure::LimitNear, 50),
        (Figure::LimitNearlyReached, 60),
    ] {
        parts.figures.insert(figure, number);
    }
}

fn into_france(profiles: Vec<Profile>) -> Chase {
    let marks = Some(Marks::MarkedCar);
    let mut chase = Chase::begin_as_agreed("ES", &["FR"], marks, (42.40, 2.87), profiles);
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase
}

#[test]
fn delays_and_stages_are_those_of_the_profile() {
    let mut chase = into_france(vec![agreed("ES", "FR", sooner)]);
    chase.to(42.62, 2.87);
    assert_eq!(chase.notice_unread_after(), Span::from_secs(20));
    let told: Vec<_> = chase
        .limits()
        .iter()
        .map(|limit| (limit.stage, limit.percent, limit.stages))
        .collect();
    let exercise = FigureOrigin::Exercise;
    assert_eq!(
        told,
        [
            (LimitStage::Near, 50, exercise),
            (LimitStage::NearlyReached, 60, exercise),
            (LimitStage::Exceeded, 100, exercise),
        ]
    );
    let near = chase.limits()[0].measured;
    assert!(
        near >= Metres::new(5_000.0) && near < Metres::new(5_300.0),
        "{near:?}"
    );
    assert_eq!(chase.first(AlarmKind::NoProfile), None);
}

#[test]
fn without_a_profile_the_workflows_defaults_hold_and_the_room_is_told() {
    let mut chase = into_france(Vec::new());
    assert_eq!(chase.first(AlarmKind::NoProfile), Some(chase.now));
    chase.to(42.62, 2.87);
    assert_eq!(chase.notice_unread_after(), Span::from_secs(60));
    let told: Vec<_> = chase
        .limits()
        .iter()
        .map(|limit| (limit.percent, limit.stages))
        .collect();
    let workflow = FigureOrigin::Workflow;
    assert_eq!(told, [(80, workflow), (95, workflow), (100, workflow)]);
}

#[test]
fn a_profile_of_a_real_service_or_past_its_days_is_none_for_an_exercise() {
    for change in [
        |parts: &mut Parts| parts.exercise = false,
        |parts: &mut Parts| {
            parts.until = Day::parse("2027-03-15").unwrap();
        },
    ] {
        let chase = into_france(vec![agreed("ES", "FR", change)]);
        assert!(chase.first(AlarmKind::NoProfile).is_some());
        assert!(
            chase
                .operation()
                .figures(&chase.rooms.ground.profiles, state("FR"))
                .profile()
                .is_none()
        );
    }
}

#[test]
fn an_operation_keeps_the_profile_it_was_opened_with() {
    let mut chase = into_france(vec![agreed("ES", "FR", sooner)]);
    let next = agreed("ES", "FR", |parts| {
        (parts.named.version, parts.named.digest) = (2, "digest 2".into());
    });
    chase.agree(next);
    let room = chase.room();
    let now: Vec<u32> = chase.rooms.worlds[&room]
        .profiles()
        .values()
        .map(|named| named.version)
        .collect();
    assert_eq!(now, [2], "what is opened now rests on it");
    chase.to(42.48, 2.87);
    chase.pass(Span::from_secs(60));
    assert_eq!(
        chase.notice_unread_after(),
        Span::from_secs(20),
        "of version 1"
    );
    let needed: Vec<String> = chase.rooms.worlds[&room]
        .profiles_named()
        .map(ToString::to_string)
        .collect();
    assert_eq!(needed, ["ES-FR v2", "ES-FR v1"], "a start needs both");

    // A restart folds the same.
    let mut world = World::new(room.clone());
    for event in chase.events() {
        world.apply(event);
    }
    assert_eq!(world, chase.rooms.worlds[&room]);
}

#[test]
fn a_clock_ends_when_the_profile_says_if_that_is_before_the_law() {
    let four_hours = |parts: &mut Parts| {
        parts.limits.push(AgreedLimit {
            from: state("HU"),
            into: state("RO"),
            consent: Some(Span::from_hours(4)),
            period: None,
            radius: None,
        });
    };
    let profile = agreed("HU", "RO", four_hours);
    let mut chase = Chase::begin_as_agreed("HU", &["RO"], None, (46.19, 20.66), vec![profile]);
    opened(&chase.open(Basis::SurveillanceUrgent, &["RO"], |card| {
        card.declared.offence = "drugs".into();
    }));
    chase.to(46.16, 20.80);
    let clocks = &chase.operation().clocks;
    let consent = clocks
        .values()
        .find(|running| running.clock.key.kind == ClockKind::Consent)
        .unwrap_or_else(|| panic!("{}", chase.told()));
    let clock = &consent.clock;
    assert_eq!(clock.ends.since(clock.starts), Span::from_hours(4));
    assert_eq!(clock.citation.origin, Origin::Exercise);
    assert!(
        clock
            .citation
            .instrument
            .starts_with("profile HU-RO v1, within CISA Art. 40(2)")
    );
    let ends = clock.ends;
    chase.pass(Span::from_hours(5));
    let expired = chase.events().find_map(|event| match &event.what {
        What::Operation(OperationEvent {
            kind: OperationEventKind::Clock(ClockEvent::Expired { .. }),
            ..
        }) => Some(event.at),
        _ => None,
    });
    let expired = expired.expect("it is over");
    assert!(expired >= ends && expired.since(ends) <= Span::from_millis(200));
}
