//! A notice given by telephone: what the call told, what it could not have told, and what is then still owed.

use super::case::{Case, OUT, approaching, at, back, confirmed, out, retracted, revised, state};
use limes::domain::event::{Event, NoticeEvent, OperationEventKind, What};
use limes::domain::law::basis::Basis;
use limes::domain::law::finding::{Answer, Duty};
use limes::domain::operations::NoticeStatus;

fn owed(case: &Case, id: &str) -> Option<limes::domain::measure::Timestamp> {
    case.notice(id).owed_since
}

#[test]
fn a_notice_given_by_telephone_counts_as_read_and_keeps_whom_and_when() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    let crossing = case.notice("OP.1").clone();
    assert_eq!(crossing.duty, Duty::NoticeOfCrossing);
    assert_eq!(
        case.voice("11:36:00", "OP.1", "11:35:00"),
        Ok(vec!["notice.voice"])
    );
    let told = case.notice("OP.1");
    assert_eq!((told.status, told.is_due()), (NoticeStatus::Voice, false));
    assert_eq!(told.fields, crossing.fields, "its whole text");
    let last: &Event = case.told.last().unwrap();
    assert_eq!(last.at, at("11:35:00"), "it happened when they spoke");
    let What::Operation(of) = &last.what else {
        panic!("{last:?}");
    };
    let OperationEventKind::Notice {
        kind: NoticeEvent::Voice { by, to, call, .. },
        ..
    } = &of.kind
    else {
        panic!("{last:?}");
    };
    assert_eq!((by.account.as_str(), to.as_str()), ("budapest", "arad"));
    assert_eq!((&*call.name, &*call.number), ("Sgt Pop", "+40 257 1"));
    assert_eq!(case.operation.contacted, [(state("RO"), at("11:35:00"))]);
}

#[test]
fn a_call_tells_what_was_known_when_it_was_made() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tell("11:50:10", &[back()]);
    case.tell("12:00:10", &[confirmed("c.3", "HU", "RO", "12:00:00")]);
    assert_eq!(case.named("OP.1"), ["c.1", "c.3"]);
    let kinds = case.voice("12:05:00", "OP.1", "11:40:00").unwrap();
    assert_eq!(
        kinds,
        [
            "notice.voice",
            "notice.owed",
            "notice.drafted",
            "notice.ready"
        ]
    );
    assert_eq!(case.named("OP.1"), ["c.1"], "c.3 had not happened");
    assert_eq!(case.named("OP.3"), ["c.3"]);
    assert_eq!(owed(&case, "OP.3"), Some(at("12:00:00")));
    assert!(case.notice("OP.3").is_due());
    assert_eq!(
        case.voice("12:06:00", "OP.3", "12:05:30"),
        Ok(vec!["notice.voice"])
    );
}

#[test]
fn what_a_call_told_is_corrected_when_it_moved_or_fell_away_since() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tell("11:40:00", &[revised(OUT.0, OUT.1, OUT.2, "11:33:00")]);
    case.voice("11:41:00", "OP.1", "11:35:00").unwrap();
    let correction = case.notice("OP.3").fields.clone().unwrap();
    assert_eq!(correction.amends.unwrap().as_str(), "OP.1");
    assert_eq!(correction.crossings[0].likely, at("11:33:00"));
    assert_eq!(owed(&case, "OP.3"), None, "no new crossing");

    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tell("11:40:00", &[retracted(OUT.0, OUT.1, OUT.2, OUT.3)]);
    assert_eq!(case.notice("OP.1").status, NoticeStatus::Withdrawn);
    assert_eq!(
        case.voice("11:41:00", "OP.1", "11:40:30"),
        Err("call_before_known".into()),
        "nothing stood to be told"
    );
    case.voice("11:42:00", "OP.1", "11:35:00").unwrap();
    assert_eq!(case.named("OP.1"), ["c.1"]);
    let correction = case.notice("OP.3").fields.clone().unwrap();
    assert!(correction.crossings[0].taken_back);
}

#[test]
fn a_call_ahead_of_time_before_its_subject_or_of_what_is_told_is_refused() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    for (spoke, guard) in [
        ("11:33:19", "call_before_known"),
        ("11:36:01", "time_in_future"),
    ] {
        assert_eq!(case.voice("11:35:00", "OP.1", spoke), Err(guard.into()));
    }
    assert_eq!(
        case.voice("11:35:00", "OP.9", "11:34:00"),
        Err("no_such_notice".into())
    );
    case.send("OP.1");
    case.voice("11:35:30", "OP.1", "11:35:10").unwrap();
    assert_eq!(
        case.voice("11:36:00", "OP.1", "11:35:20"),
        Err("notice_told".into())
    );
}

#[test]
fn a_call_before_a_notice_was_sent_tells_of_it_only_when_it_told_the_same() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["RO"]);
    case.tell("11:33:20", &[out()]);
    case.tell("11:50:10", &[back()]);
    case.tell("12:00:10", &[confirmed("c.3", "HU", "RO", "12:00:00")]);
    case.send("OP.1");
    assert_eq!(
        case.voice("12:05:00", "OP.1", "11:40:00"),
        Err("call_before_known".into()),
        "c.3 was sent and nobody was told of it"
    );
    case.voice("12:05:00", "OP.1", "12:00:10").unwrap();
    assert_eq!(case.named("OP.1"), ["c.1", "c.3"]);
}

#[test]
fn a_state_without_a_room_is_told_by_telephone_before_the_operation_closes() {
    let mut case = Case::on(Basis::SurveillanceUrgent, &["SK"]);
    case.tell("11:33:20", &[confirmed("c.1", "HU", "SK", "11:33:17")]);
    case.tell("11:50:10", &[confirmed("c.2", "SK", "HU", "11:50:00")]);
    assert_eq!(case.notice("OP.1").to.as_str(), "SK");
    assert_eq!(case.close(), Err("notices_owed".into()));
    case.voice("11:55:00", "OP.1", "11:54:00").unwrap();
    assert_eq!(case.close(), Err("notices_owed".into()), "the request too");
    case.voice("11:56:00", "OP.2", "11:54:00").unwrap();
    let request = case.notice("OP.2").fields.as_ref().unwrap();
    assert_eq!(&*request.missing[0], "grounds", "the record says so");
    assert_eq!(case.close(), Ok(()));
}

#[test]
fn a_call_before_the_line_that_is_written_down_after_it_answers_the_law_of_the_pursuit() {
    let mut case = Case::on(Basis::PursuitCaughtInTheAct, &["RO"]);
    case.tell("11:30:00", &[approaching()]);
    case.tell("11:33:20", &[out()]);
    let contacted = |case: &Case| {
        let last = crate::told::last_answer(case.told.iter());
        let mut findings = last.findings.iter();
        let found = findings.find(|one| &*one.condition == "host_contacted");
        found.map(|one| one.answer)
    };
    assert_eq!(contacted(&case), Some(Answer::NotMet));
    let kinds = case.voice("11:40:00", "OP.1", "11:31:00").unwrap();
    assert_eq!(kinds[0], "notice.voice");
    assert_eq!(contacted(&case), Some(Answer::Met));
    let announced = case.notice("OP.1").fields.as_ref().unwrap();
    assert!(announced.crossings[0].expected);
    assert_eq!(case.named("OP.2"), ["c.1"], "the crossing itself is owed");
    assert_eq!(owed(&case, "OP.2"), Some(at("11:33:17")));
}
