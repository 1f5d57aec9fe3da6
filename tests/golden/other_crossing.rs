//! Lawful crossings that follow nobody, on the real frontiers with the real rules.

use crate::chase::{Chase, opened};
use limes::domain::ids::OperationId;
use limes::domain::law::basis::{Authorisation, Basis, PersonCategory};
use limes::domain::law::finding::Verdict;
use limes::domain::measure::Span;
use limes::domain::operations::OperationCard;
use limes::domain::registry::Marks;
use limes::domain::world::Answer;

/// West of Świecko, in Germany, and east of it.
const GERMANY: (f64, f64) = (52.31, 14.54);
const POLAND: (f64, f64) = (52.31, 14.64);

fn nobody(card: &mut OperationCard) {
    card.declared.offence = "".into();
    card.declared.person_category = PersonCategory::Nobody;
}

fn begin() -> Chase {
    Chase::begin("DE", &["PL"], Some(Marks::MarkedCar), GERMANY)
}

#[test]
fn transit_by_road_is_announced_and_no_alarm_but_the_notice_follows() {
    let mut chase = begin();
    opened(&chase.open(Basis::TransitByRoad, &["PL"], nobody));
    chase.to(POLAND.0, POLAND.1);
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!((verdict, obstacles), (Verdict::NoObstacle, vec![]));
    let notice = chase.notice_to("room-PL");
    opened(&chase.send(&notice));
    chase.seen_by("room-PL", &notice);
    chase.pass(Span::from_minutes(1));
    let alarms: Vec<&str> = chase.standing();
    assert_eq!(alarms, Vec::<&str>::new(), "{}", chase.told());
    assert_eq!(chase.must_stop(), None);
    chase.to(GERMANY.0, GERMANY.1);
    let operation = OperationId::parse("CHASE").unwrap();
    let operation = &chase.rooms.worlds[&chase.room()].operations()[&operation];
    assert_eq!(operation.report.owed_since, None, "nobody was followed");
}

#[test]
fn for_a_reason_without_a_rule_it_is_refused_with_the_words_to_ask() {
    let mut chase = begin();
    let Answer::Refused(refusal) = chase.open(Basis::ControlledDelivery, &["PL"], nobody) else {
        panic!("no rule of it was read");
    };
    assert!(
        refusal.sentence.contains("no rule is known"),
        "{}",
        refusal.sentence
    );
}

#[test]
fn help_ends_with_the_hosts_request() {
    let mut chase = begin();
    let refused = chase.open(Basis::Assistance, &["PL"], nobody);
    assert!(matches!(refused, Answer::Refused(_)), "no request is given");
    let now = chase.now;
    opened(&chase.open(Basis::Assistance, &["PL"], |card| {
        nobody(card);
        card.declared.authorisations = vec![Authorisation {
            number: "PL 17/2027".into(),
            from: now,
            to: now.plus(Span::from_minutes(30)),
            conditions: "".into(),
            state: None,
            drone: None,
        }];
    }));
    chase.to(POLAND.0, POLAND.1);
    assert_eq!(chase.answer().0, Verdict::NoObstacle, "{}", chase.told());
    chase.pass(Span::from_minutes(31));
    let (verdict, obstacles, _) = chase.answer();
    assert_eq!(verdict, Verdict::Stop, "{}", chase.told());
    assert_eq!(obstacles, ["request_in_force"]);
}
