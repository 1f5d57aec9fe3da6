//! Authorisations, consent and windows, and which of them count while a unit comes and goes.

use super::case::{
    BACK, Case, OUT, at, back, confirmed, document, out, retracted, revised, states,
};
use limes::domain::law::basis::Basis;
use limes::domain::law::finding::{ClockKind, Verdict};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::operations::deadlines;
use limes::domain::operations::operation::ClockStatus::{Expired, Running, Stopped};

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
    assert_eq!(
        deadlines::next(&case.operation, Profiles::none()),
        Some(at("15:00:00"))
    );
    let kinds = case.tick("15:00:00");
    assert!(kinds.contains(&"clock.stopped"), "{kinds:?}");
    assert_eq!(case.consent("RO"), Some(Stopped));
    assert!(deadlines::next(&case.operation, Profiles::none()) > Some(at("15:00:00")));
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
