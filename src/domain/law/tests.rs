use super::basis::{Basis, Carrier, Form, Purpose};
use super::clocks::{duty_stages, expired, host_asked_to_stop, stages_of};
use super::finding::{Answer, ClockKind, Confidence, Duty, Origin, Verdict};
use super::fixture::{Scene, at, day, found, row, state};
use super::profile::agreed::{FigureOrigin, Figures};
use super::rulebook::Selection;
use super::rulebook::row::{Pair, Regime};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Span, Timestamp};

#[test]
fn an_opening_starts_no_clock_and_owes_nothing() {
    for basis in Basis::ALL {
        let assessment = Scene::on(basis).open();
        assert!(assessment.duties.is_empty() && assessment.clocks.is_empty());
    }
}

#[test]
fn an_urgent_crossing_starts_the_pairs_hours_at_the_earliest_possible_moment() {
    // NAGYLAK-27, inject a: basis 40(2), earliest 11:33:17, ends 16:33:17.
    let assessment = Scene::on(Basis::SurveillanceUrgent).cross();
    let [clock] = assessment.clocks.as_slice() else {
        panic!("one clock: {:?}", assessment.clocks);
    };
    assert_eq!(clock.kind, ClockKind::Consent);
    assert_eq!(clock.starts, at("11:33:17"));
    assert_eq!(clock.ends, at("16:33:17"));
    assert_eq!(clock.citation.origin, Origin::Law);
    assert_eq!(
        &*clock.citation.instrument,
        "CISA Art. 40(2); the two states' agreement"
    );
    assert_eq!(clock.citation.confidence, Confidence::Medium);
}

#[test]
fn an_urgent_crossing_owes_notice_request_and_report_in_the_laws_own_words() {
    let assessment = Scene::on(Basis::SurveillanceUrgent).cross();
    let owed: Vec<_> = assessment
        .duties
        .iter()
        .map(|duty| (duty.duty, &*duty.when, &*duty.citation.instrument))
        .collect();
    assert_eq!(
        owed,
        [
            (
                Duty::NoticeOfCrossing,
                "immediately, during the surveillance",
                "CISA Art. 40(2)(a)"
            ),
            (
                Duty::Request,
                "without delay, with reasons",
                "CISA Art. 40(2)(b)"
            ),
            (Duty::Report, "", "CISA Art. 40(3)(g)"),
        ]
    );
}

#[test]
fn an_authorised_crossing_is_announced_without_a_deadline_and_runs_to_the_end_of_its_window() {
    let assessment = Scene::on(Basis::SurveillanceAuthorised).cross();
    assert_eq!(
        assessment.in_words(),
        "no obstacle found in rules v7 (confidence medium)"
    );
    let owed: Vec<_> = assessment
        .duties
        .iter()
        .map(|d| (d.duty, &*d.when))
        .collect();
    assert_eq!(owed, [(Duty::NoticeOfCrossing, ""), (Duty::Report, "")]);
    let [clock] = assessment.clocks.as_slice() else {
        panic!("one clock, and none for consent: {:?}", assessment.clocks);
    };
    assert_eq!(clock.kind, ClockKind::AuthorisationWindow);
    assert_eq!((clock.starts, clock.ends), (at("07:00:00"), at("20:00:00")));
    assert_eq!(
        &*clock.citation.instrument,
        "document RO-27-0312 of RO under CISA Art. 40(1); the two states' agreement"
    );
    let marked = assessment.clone().of_exercise();
    assert_eq!(marked.clocks[0].citation.origin, Origin::Exercise);
    assert_eq!(marked.findings, assessment.findings, "law stays law");
}

#[test]
fn a_unit_that_must_stop_still_owes_its_notice_and_its_clock_still_runs() {
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    scene.carrier = Carrier::Drone;
    let assessment = scene.cross();
    assert_eq!(assessment.verdict, Verdict::Stop);
    assert_eq!(assessment.clocks.len(), 1);
    assert_eq!(assessment.duties.len(), 3);
}

#[test]
fn in_a_state_that_is_no_host_no_clock_runs() {
    for basis in Basis::ALL
        .into_iter()
        .filter(|basis| basis.form() != Form::Pursuit)
    {
        let mut scene = Scene::on(basis);
        scene.declared().host_states = vec![state("AT")];
        let assessment = scene.cross();
        assert_eq!(assessment.verdict, Verdict::Stop);
        assert!(assessment.clocks.is_empty(), "{basis:?}");
        assert_eq!(assessment.duties[0].duty, Duty::NoticeOfCrossing);
    }
}

#[test]
fn a_joint_patrol_within_state_area_and_period_raises_nothing() {
    let assessment = Scene::on(Basis::JointPatrol).cross();
    assert_eq!(assessment.verdict, Verdict::NoObstacle);
    assert_eq!(assessment.duties, []);
    assert_eq!(assessment.obstacles().count(), 0);
}

#[test]
fn a_joint_patrol_outside_its_area_owes_a_notice() {
    let mut scene = Scene::on(Basis::JointPatrol);
    scene.in_patrol_area = Some(false);
    let assessment = scene.cross();
    assert_eq!(assessment.verdict, Verdict::Stop);
    assert_eq!(assessment.duties.len(), 1);
    assert_eq!(assessment.duties[0].duty, Duty::NoticeOfCrossing);
}

#[test]
fn the_way_home_is_no_crossing_abroad() {
    for basis in Basis::ALL {
        let mut scene = Scene::on(basis);
        scene.territory = StateSet::one(state("HU"));
        let assessment = scene.cross();
        assert_eq!(assessment.verdict, Verdict::NoObstacle);
        assert!(assessment.findings.is_empty() && assessment.duties.is_empty());
        assert_eq!(assessment.in_words(), "at home: nothing to assess");
        scene.disputed = true;
        assert_eq!(
            scene.cross().verdict,
            Verdict::Stop,
            "unless home is disputed"
        );
    }
}

#[test]
fn norwegian_officers_are_at_home_on_svalbard_and_others_are_not() {
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    scene.territory = StateSet::one(state("SJ"));
    assert_eq!(scene.cross().verdict, Verdict::Stop);
    scene.unit_state = state("NO");
    assert_eq!(scene.cross().verdict, Verdict::NoObstacle);
    scene.territory = StateSet::one(state("NO"));
    scene.unit_state = state("SJ");
    assert_eq!(
        scene.cross().verdict,
        Verdict::Stop,
        "Svalbard has no officers of its own"
    );
}

#[test]
fn in_a_condominium_the_own_state_changes_nothing_about_the_other() {
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    let alone = scene.cross();
    scene.territory = StateSet::one(state("HU")).with(state("RO"));
    assert_eq!(scene.cross(), alone);
}

#[test]
fn of_two_foreign_states_the_strictest_verdict_counts_and_each_is_looked_at() {
    // Moselle: a unit of a third state lies in both.
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    scene.parts.rows = vec![row("HU", "DE"), row("HU", "LU")];
    scene.territory = StateSet::one(state("DE")).with(state("LU"));
    scene.declared().host_states = vec![state("DE"), state("LU")];
    assert_eq!(scene.cross().verdict, Verdict::NoObstacle);
    scene.parts.rows[1].surveillance.consent_hours = Some(8);
    let ends: Vec<_> = scene
        .cross()
        .clocks
        .iter()
        .map(|clock| clock.ends)
        .collect();
    assert_eq!(
        ends,
        [at("16:33:17"), at("19:33:17")],
        "one clock per host state"
    );
    scene.declared().host_states = vec![state("DE")];
    assert_eq!(scene.cross().verdict, Verdict::Stop);
}

#[test]
fn of_several_rows_the_last_that_began_by_the_crossing_counts() {
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    let mut newer = row("HU", "RO");
    newer.valid_from = Some(day("2027-03-16"));
    newer.surveillance.consent_hours = Some(8);
    let mut later = row("HU", "RO");
    later.valid_from = Some(day("2027-03-17"));
    later.surveillance.consent_hours = Some(24);
    let mut customs = row("HU", "RO");
    customs.purpose = Purpose::Customs;
    customs.surveillance.consent_hours = Some(12);
    scene.parts.rows.extend([later, newer, customs]);
    let rulebook = scene.rulebook();
    let hours = |purpose, at| {
        let pair = Pair {
            territory: state("RO"),
            from: state("HU"),
        };
        let row = rulebook.row(Selection { pair, purpose, at });
        row.and_then(|row| row.surveillance.consent_hours)
    };
    let investigation = Purpose::CriminalInvestigation;
    let before = Timestamp::parse("2027-03-15T23:59:59Z").expect("a time");
    assert_eq!(
        hours(investigation, before),
        Some(5),
        "unknown start: in force"
    );
    assert_eq!(hours(investigation, at("00:00:00")), Some(8));
    assert_eq!(hours(investigation, at("23:59:59")), Some(8));
    assert_eq!(hours(Purpose::Customs, at("11:00:00")), Some(12));
    assert_eq!(hours(Purpose::Preventive, at("11:00:00")), None);
}

#[test]
fn the_strict_reading_of_absent_hours_says_what_it_is() {
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    scene.row().regime = Regime::Bilateral;
    scene.row().surveillance.consent_hours = None;
    let assessment = scene.cross();
    let clock = &assessment.clocks[0];
    assert_eq!(clock.ends, at("16:33:17"));
    assert_eq!(
        &*clock.citation.instrument,
        "CISA Art. 40(2); pair's own text not read"
    );
    assert_eq!(clock.citation.origin, Origin::Law);
    assert_eq!(
        clock.citation.confidence,
        Confidence::Medium,
        "the row's, not the Convention's"
    );
    let finding = found(&assessment, "consent_hours_known").expect("looked at");
    assert_eq!(
        &*finding.sentence,
        "Consent of RO must be there 5 h (CISA Art. 40(2); pair's own text not read) after the earliest possible crossing."
    );
}

#[test]
fn figures_of_a_treaty_cite_the_treaty() {
    let mut scene = Scene::on(Basis::SurveillanceUrgent);
    scene.row().regime = Regime::Bilateral;
    scene.row().surveillance.consent_hours = Some(12);
    let clock = scene.cross().clocks.remove(0);
    assert_eq!(clock.ends, at("23:33:17"));
    assert_eq!(clock.citation.origin, Origin::Treaty);
    assert_eq!(&*clock.citation.instrument, "the two states' agreement");
    assert_eq!(clock.citation.sources, vec!["agreement".into()]);
}

#[test]
fn an_expired_clock_says_why_to_stop() {
    let clock = Scene::on(Basis::SurveillanceUrgent)
        .cross()
        .clocks
        .remove(0);
    let finding = expired(&clock, state("RO"));
    assert_eq!(finding.answer, Answer::NotMet);
    assert_eq!(
        &*finding.sentence,
        "The consent of RO was not there by 16:33:17Z, the last moment counted from the earliest possible crossing at 11:33:17Z: stop the surveillance."
    );
    assert_eq!(finding.citation, clock.citation);
    let clock = Scene::on(Basis::SurveillanceAuthorised)
        .cross()
        .clocks
        .remove(0);
    let finding = expired(&clock, state("RO"));
    assert_eq!(
        &*finding.sentence,
        "What RO authorised ended at 20:00:00Z: stop and leave RO."
    );
    let rulebook = Scene::on(Basis::SurveillanceUrgent).rulebook();
    let asked = host_asked_to_stop(&rulebook, state("RO"), at("12:00:00"));
    assert_eq!(
        &*asked.sentence,
        "RO asked at 12:00:00Z to stop: stop at once."
    );
}

#[test]
fn sentences_name_the_day_when_it_is_not_the_day_of_the_crossing() {
    let mut scene = Scene::on(Basis::SurveillanceAuthorised);
    scene.window().to = Timestamp::parse("2027-03-18T06:00:00Z").expect("a time");
    scene.window().conditions = "three cars at most.".into();
    let assessment = scene.cross();
    let finding = found(&assessment, "authorisation_in_force").expect("looked at");
    assert_eq!(
        &*finding.sentence,
        "Crossed at 11:33:20Z, within the authorisation RO-27-0312 from 07:00:00Z to 2027-03-18 06:00:00Z. Its conditions are for a person to check: three cars at most."
    );
}

#[test]
fn clocks_warn_in_the_stages_of_the_workflow_where_nothing_was_agreed() {
    let minutes = |kind| -> Vec<i64> {
        let stages = stages_of(kind, Span::from_hours(5), Figures::WORKFLOW);
        assert!(
            stages
                .iter()
                .all(|stage| stage.origin == FigureOrigin::Workflow)
        );
        stages
            .iter()
            .map(|stage| stage.left.as_millis() / 60_000)
            .collect()
    };
    assert_eq!(minutes(ClockKind::Consent), [60, 30, 10]);
    assert_eq!(minutes(ClockKind::AuthorisationWindow), [30, 10]);
    assert_eq!(minutes(ClockKind::Release), [60]);
    let told = |duty| -> Vec<String> {
        let figures = duty_stages(duty).iter();
        figures
            .map(|figure| figure.in_words(figure.workflow()))
            .collect()
    };
    assert_eq!(told(Duty::Request), ["5 min", "15 min"]);
    assert_eq!(told(Duty::Report), ["12 h", "24 h"]);
    assert_eq!(duty_stages(Duty::NoticeOfCrossing), []);
}
