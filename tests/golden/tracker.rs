//! A technical source on a target that leaves the state whose law lets it be read (WORKFLOW.md 4.5, invariant I12).

use crate::chase::{operation, order, start, state};
use crate::rooms::{Ground, Rooms};
use crate::told;
use limes::domain::alarms::AlarmKind;
use limes::domain::borders::Frontier;
use limes::domain::event::{Event, What};
use limes::domain::ids::{OperationId, RoomId, SourceId, UnitId};
use limes::domain::input::{Cause, OrderKind};
use limes::domain::law::basis::Basis;
use limes::domain::measure::{Position, Span, Timestamp};
use limes::domain::operations::trackers::TrackerPermission;
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::rights::Role;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::world::Answer;

/// Metres a second on the straight road over the line.
const SPEED_MPS: f64 = 25.0;

/// A tracker of a Hungarian room on a car that drives straight to the frontier with Romania, over it, and back.
struct Followed {
    rooms: Rooms,
    now: Timestamp,
    from: Position,
    line: Position,
    length_m: f64,
}

fn room() -> RoomId {
    RoomId::parse("room-HU").unwrap()
}

impl Followed {
    fn begin() -> Self {
        let ground = Ground::built_in();
        let card = |code: &str| RoomCard {
            room: RoomId::parse(&format!("room-{code}")).unwrap(),
            state: state(code),
        };
        let tracker = UnitCard {
            id: UnitId::parse("TR-1").unwrap(),
            room: card("HU").room,
            state: state("HU"),
            kind: UnitKind::Tracker,
            callsign: "TR-1".into(),
            marks: None,
        };
        let from = Position::new(46.21, 20.60).unwrap();
        let frontier = Frontier::parse("HU-RO").unwrap();
        let (line, away) = ground.borders.nearest_on(frontier, from).unwrap();
        let mut followed = Self {
            rooms: Rooms::with(&[card("HU"), card("RO")], &[tracker], ground, start()),
            now: start(),
            from,
            line,
            length_m: away.as_f64(),
        };
        let card = operation(&room(), "HU", (Basis::SurveillanceUrgent, &["RO"]), "TR-1");
        let opened = followed.order("operator", OrderKind::Open(Box::new(card)));
        assert!(matches!(opened, Answer::Done { .. }), "{opened:?}");
        followed
    }

    fn order(&mut self, account: &str, kind: OrderKind) -> Answer {
        order(&mut self.rooms, (&room(), account), kind, self.now)
    }

    fn permit(&mut self, account: &str, role: Role, until: Timestamp) -> Answer {
        let permission = TrackerPermission {
            unit: UnitId::parse("TR-1").unwrap(),
            state: state("RO"),
            number: "RO-27-0315".into(),
            from: start(),
            to: until,
        };
        let operation = OperationId::parse("CHASE").unwrap();
        self.order(
            account,
            OrderKind::PermitTracker {
                operation,
                permission,
                role,
            },
        )
    }

    /// Drives from so many metres before the line to so many, one fix a second; beyond it they are negative.
    fn drives(&mut self, from_m: f64, to_m: f64) {
        let seconds = ((from_m - to_m).abs() / SPEED_MPS).ceil();
        for second in 1..=seconds as u32 {
            let before_m = from_m + (to_m - from_m) * f64::from(second) / seconds;
            self.now = self.now.plus(Span::from_secs(1));
            self.rooms.pass(self.now);
            let answer = self.post(self.now, before_m);
            assert_eq!(answer, Answer::Accepted);
        }
    }

    fn post(&mut self, fixed_at: Timestamp, before_m: f64) -> Answer {
        let share = 1.0 - before_m / self.length_m;
        let between = |from: f64, to: f64| from + (to - from) * share;
        let fix = ReportedFix {
            unit: UnitId::parse("TR-1").unwrap(),
            source: SourceId::parse("box").unwrap(),
            fixed_at,
            lat: between(self.from.lat(), self.line.lat()),
            lon: between(self.from.lon(), self.line.lon()),
            measured: Measured {
                accuracy_m: Some(4.0),
                ..Measured::default()
            },
        };
        let room = room();
        self.rooms.decide(&room, Cause::Fix(fix), self.now)
    }

    fn events(&self) -> Vec<&Event> {
        let ledger = &self.rooms.ledgers[&room()];
        ledger.iter().map(|entry| &entry.event).collect()
    }

    fn kept(&self) -> Vec<Timestamp> {
        let fixes = self
            .events()
            .into_iter()
            .filter_map(|event| match &event.what {
                What::Fix(fix) => Some(fix.fixed_at),
                _ => None,
            });
        fixes.collect()
    }

    fn words(&self, start: &str) -> Vec<&'static str> {
        let kinds = self.events().into_iter().map(Event::kind);
        kinds.filter(|kind| kind.starts_with(start)).collect()
    }

    fn alarm(&self, kind: AlarmKind) -> Vec<(&'static str, Timestamp)> {
        let of_kind = self
            .events()
            .into_iter()
            .filter_map(|event| match &event.what {
                What::Alarm(alarm) if alarm.kind == kind => Some((alarm.change.word(), event.at)),
                _ => None,
            });
        of_kind.collect()
    }
}

#[test]
fn a_source_that_reaches_a_state_without_permission_is_sealed_at_the_line_and_told_ten_minutes_before()
 {
    let mut followed = Followed::begin();
    followed.drives(9_000.0, 0.0);
    let line = followed.now;
    let kept = followed.kept();
    let last = *kept.last().unwrap();
    assert!(last < line, "the fix on the line may lie beyond it");
    assert!(
        line.since(last) <= Span::from_secs(2),
        "and those before it are read"
    );
    let beyond = followed.events().len();
    followed.drives(0.0, -3_000.0);
    followed
        .rooms
        .pass(followed.now.plus(Span::from_minutes(30)));
    followed.now = followed.now.plus(Span::from_minutes(30));
    let after: Vec<&str> = followed.events()[beyond..]
        .iter()
        .map(|event| event.kind())
        .collect();
    assert_eq!(after, [] as [&str; 0], "not even a silence is told of it");
    assert_eq!(followed.kept().len(), kept.len());
    followed.drives(-3_000.0, 1_000.0);
    assert_eq!(
        followed.words("tracker."),
        ["tracker.sealed", "tracker.unsealed"]
    );
    assert_eq!(followed.words("crossing."), [] as [&str; 0]);
    assert_eq!(followed.words("notice."), [] as [&str; 0]);
    let warned = followed.alarm(AlarmKind::TrackerSealed);
    assert_eq!(
        [warned[0].0, warned[1].0],
        ["alarm.raised", "alarm.cleared"],
        "{warned:?}"
    );
    let early = line.since(warned[0].1);
    assert!(
        early >= Span::from_secs(300),
        "{early:?}: told as soon as it is on its way"
    );
    let read_again = followed.kept().into_iter().find(|at| *at > line).unwrap();
    let hysteresis_m = SPEED_MPS * followed.now.since(read_again).as_secs_f64();
    assert!(
        (900.0..950.0).contains(&hysteresis_m),
        "{hysteresis_m} m of 1,000 are read"
    );
    let partner = &followed.rooms.ledgers[&RoomId::parse("room-RO").unwrap()];
    let of_tracker = |event: &Event| event.unit().is_some_and(|unit| unit.as_str() == "TR-1");
    assert!(
        !partner.iter().any(|entry| of_tracker(&entry.event)),
        "no partner sees it"
    );
    let ledger = &followed.rooms.ledgers[&room()];
    insta::assert_snapshot!("tracker_without_permission", told::ledger(ledger, start()));
}

#[test]
fn what_comes_late_from_beyond_the_line_is_kept_nowhere_either() {
    let mut followed = Followed::begin();
    followed.drives(1_000.0, 200.0);
    let before = followed.events().len();
    // Its clock, its place and its batch are no way round: none of it is kept.
    let now = followed.now;
    for (fixed_at, before_m) in [
        (now.plus(Span::from_secs(-3)), -500.0),
        (now.plus(Span::from_minutes(-600)), -500.0),
        (now.plus(Span::from_hours(-30)), -500.0),
    ] {
        assert_eq!(followed.post(fixed_at, before_m), Answer::Accepted);
    }
    assert_eq!(followed.events().len(), before);
    // One that is the newest seals it, and says when and nothing else; a jump across the country is no jump then.
    assert_eq!(
        followed.post(now.plus(Span::from_secs(1)), -90_000.0),
        Answer::Accepted
    );
    assert_eq!(followed.words("tracker."), ["tracker.sealed"]);
    assert_eq!(followed.words("fix."), [] as [&str; 0]);
}

#[test]
fn two_persons_unseal_it_from_then_on_and_never_for_before() {
    let mut followed = Followed::begin();
    followed.drives(500.0, -500.0);
    let refused = |answer: Answer| match answer {
        Answer::Refused(refusal) => refusal.guard.to_string(),
        other => panic!("{other:?}"),
    };
    let until = start().plus(Span::from_hours(4));
    let operator = followed.permit("operator", Role::Operator, until);
    assert_eq!(refused(operator), "tracker_permission_role");
    let first = followed.permit("supervisor", Role::Supervisor, until);
    assert!(matches!(first, Answer::Done { .. }), "{first:?}");
    let alone = followed.permit("supervisor", Role::Supervisor, until);
    assert_eq!(refused(alone), "tracker_permission_second");
    let other = followed.permit("deputy", Role::Supervisor, until);
    assert_eq!(
        refused(other),
        "tracker_permission_second",
        "two roles as well"
    );
    followed.drives(-500.0, -800.0);
    let sealed = followed.kept().len();
    let granted_at = followed.now;
    let second = followed.permit("prosecutor", Role::Legal, until);
    assert!(matches!(second, Answer::Done { .. }), "{second:?}");
    let again = followed.permit("prosecutor", Role::Legal, until);
    assert_eq!(refused(again), "tracker_permission_stands");
    // A fix of before is not read, though it comes after.
    let before = granted_at.plus(Span::from_secs(-1));
    assert_eq!(followed.post(before, -790.0), Answer::Accepted);
    assert_eq!(followed.kept().len(), sealed);
    followed.drives(-800.0, -1_500.0);
    assert_eq!(followed.kept().len(), sealed + 28);
    assert_eq!(
        followed.words("tracker."),
        [
            "tracker.sealed",
            "tracker.permission_entered",
            "tracker.permitted",
            "tracker.unsealed"
        ]
    );
    // The window of the document is over.
    followed.now = until;
    followed.rooms.pass(followed.now);
    followed.drives(-1_500.0, -2_000.0);
    assert_eq!(followed.words("tracker.").last(), Some(&"tracker.sealed"));
    assert_eq!(followed.kept().len(), sealed + 28);
}
