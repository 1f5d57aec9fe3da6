use super::basis::{Basis, Carrier, PersonCategory, Purpose};
use super::clocks::{duty_stages, expired, host_asked_to_stop, warn_stages};
use super::finding::{Answer, Assessment, ClockKind, Confidence, Duty, Origin, Verdict};
use super::fixture::{Scene, at, day, found, row, state};
use super::rulebook::Selection;
use super::rulebook::row::{ContactPersons, Granted, Pair, Regime};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Span, Timestamp};

use Answer::{Met, NotMet, Unknown};
use Basis::{JointPatrol, SurveillanceAuthorised, SurveillanceUrgent};

/// One line of a table: a provision, the change to a crossing (or opening) without obstacle, the condition, its answer.
struct Line {
    article: &'static str,
    basis: Basis,
    change: fn(&mut Scene),
    condition: &'static str,
    answer: Answer,
}

const fn line(
    article: &'static str,
    basis: Basis,
    change: fn(&mut Scene),
    condition: &'static str,
    answer: Answer,
) -> Line {
    Line {
        article,
        basis,
        change,
        condition,
        answer,
    }
}

/// Whether every line answers as it says, and the verdict is the answer's.
fn holds(lines: &[Line], assess: fn(&Scene) -> Assessment) {
    for (index, line) in lines.iter().enumerate() {
        let mut scene = Scene::on(line.basis);
        (line.change)(&mut scene);
        let assessment = assess(&scene);
        let place = format!("line {index}, {}, {}", line.article, line.condition);
        let finding = found(&assessment, line.condition)
            .unwrap_or_else(|| panic!("{place}: not looked at in {assessment:#?}"));
        assert_eq!(finding.answer, line.answer, "{place}: {}", finding.sentence);
        let verdict = if line.answer == Met {
            Verdict::NoObstacle
        } else {
            Verdict::Stop
        };
        assert_eq!(
            assessment.verdict,
            verdict,
            "{place}: {}",
            assessment.in_words()
        );
        assert!(
            !finding.sentence.contains("allowed"),
            "{}",
            finding.sentence
        );
        assert_eq!(finding.citation.rules_version, 7);
    }
}

#[test]
fn each_condition_of_an_authorised_crossing_is_met_not_met_or_unknown() {
    const B: Basis = SurveillanceAuthorised;
    holds(
        &[
            line("Art. 40", B, |_| {}, "operation_declared", Met),
            line(
                "Art. 40",
                B,
                |s| s.declared = None,
                "operation_declared",
                NotMet,
            ),
            line("Art. 40(1)", B, |_| {}, "host_state_named", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.declared().host_states.clear(),
                "host_state_named",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.territory = StateSet::one(state("AT")),
                "host_state_named",
                NotMet,
            ),
            line("Art. 40(1)", B, |_| {}, "officers_of_requesting_state", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.unit_state = state("AT"),
                "officers_of_requesting_state",
                Unknown,
            ),
            line("Art. 40(1)", B, |_| {}, "purpose_covered", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.declared().purpose = Purpose::Preventive,
                "purpose_covered",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.declared().purpose = Purpose::Customs,
                "purpose_covered",
                Unknown,
            ),
            line("Art. 40(1)", B, |_| {}, "rule_known", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.parts.rows.clear(),
                "rule_known",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.row().valid_from = Some(day("2027-03-16")),
                "rule_known",
                Met,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.row().valid_from = Some(day("2027-03-17")),
                "rule_known",
                Unknown,
            ),
            line("Art. 40(1)", B, |_| {}, "instrument_found", Met),
            line("Art. 40(1)", B, no_instrument, "instrument_found", NotMet),
            line(
                "PCC SEE Art. 14",
                B,
                waits,
                "implementing_agreement_named",
                Unknown,
            ),
            line("Art. 40(1)", B, |_| {}, "convention_binds_both", Met),
            line(
                "Art. 40(1)",
                B,
                before_schengen,
                "convention_binds_both",
                Unknown,
            ),
            line("Art. 40(1)", B, |_| {}, "planned_foreseen", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.row().surveillance.planned = false,
                "planned_foreseen",
                NotMet,
            ),
            line("Art. 40(1)", B, |_| {}, "person_category_covered", Met),
            line(
                "Art. 40(1), 2003/725/JHA",
                B,
                contact_person,
                "person_category_covered",
                Met,
            ),
            line("Art. 40(1)", B, |_| {}, "authorisation_in_force", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.declared().authorisation = None,
                "authorisation_in_force",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.window().to = at("11:33:17"),
                "authorisation_in_force",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.window().to = at("11:33:18"),
                "authorisation_in_force",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.window().from = at("11:33:18"),
                "authorisation_in_force",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.window().from = at("11:33:17"),
                "authorisation_in_force",
                Met,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.window().from = at("12:00:00"),
                "authorisation_in_force",
                NotMet,
            ),
            line("Art. 40(1)", B, |_| {}, "carrier_covered", Met),
            line(
                "Art. 40(1)",
                B,
                |s| s.carrier = Carrier::Water,
                "carrier_covered",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                B,
                |s| s.carrier = Carrier::Air,
                "carrier_covered",
                Unknown,
            ),
            line(
                "Art. 40(3)",
                B,
                |s| s.carrier = Carrier::Drone,
                "carrier_covered",
                Unknown,
            ),
            line(
                "Benelux Art. 21",
                B,
                |s| by(s, Carrier::Air, &[Carrier::Land, Carrier::Air]),
                "carrier_covered",
                Met,
            ),
            line(
                "Benelux Art. 21",
                B,
                |s| by(s, Carrier::Drone, &[Carrier::Land, Carrier::Air]),
                "carrier_covered",
                Unknown,
            ),
            line(
                "Benelux Art. 21",
                B,
                |s| by(s, Carrier::Land, &[Carrier::Air]),
                "carrier_covered",
                NotMet,
            ),
            line(
                "strict reading, disputed",
                B,
                |s| s.disputed = true,
                "territory_certain",
                Unknown,
            ),
            line(
                "strict reading, no polygons",
                B,
                |s| s.territory = StateSet::NONE,
                "territory_certain",
                Unknown,
            ),
        ],
        Scene::cross,
    );
}

fn no_instrument(scene: &mut Scene) {
    scene.row().regime = Regime::NoneFound;
    scene.row().pursuit.allowed = Granted::No;
}

fn waits(scene: &mut Scene) {
    scene.row().regime = Regime::SoutheastEurope;
    scene.row().surveillance.urgent = Granted::WithImplementingAgreement;
    scene.row().surveillance.needs_implementing_agreement = Some(true);
}

fn before_schengen(scene: &mut Scene) {
    let then = Timestamp::parse("2024-12-31T23:59:59Z").expect("a time");
    scene.earliest = then;
    scene.likely = then;
    if let Some(window) = &mut scene.declared().authorisation {
        window.from = then;
    }
}

fn contact_person(scene: &mut Scene) {
    scene.declared().person_category = PersonCategory::Contact;
}

fn by(scene: &mut Scene, carrier: Carrier, named: &[Carrier]) {
    scene.carrier = carrier;
    scene.row().surveillance.media = Some(named.to_vec());
}

fn open_list(scene: &mut Scene) {
    scene.row().surveillance.offences_urgent = Some("EXTRADITABLE".into());
}

fn hours_not_read(scene: &mut Scene) {
    scene.row().regime = Regime::Bilateral;
    scene.row().surveillance.consent_hours = None;
}

#[test]
fn each_condition_of_an_urgent_crossing_is_met_not_met_or_unknown() {
    const B: Basis = SurveillanceUrgent;
    holds(
        &[
            line("Art. 40(2)", B, |_| {}, "urgent_foreseen", Met),
            line(
                "Art. 40(2)",
                B,
                |s| s.row().surveillance.urgent = Granted::No,
                "urgent_foreseen",
                NotMet,
            ),
            line("PCC SEE Art. 14", B, waits, "urgent_foreseen", NotMet),
            line(
                "PCC SEE Art. 14",
                B,
                waits,
                "implementing_agreement_named",
                Unknown,
            ),
            line("Art. 40(2)", B, no_instrument, "instrument_found", NotMet),
            line(
                "Art. 40(2)",
                B,
                |s| s.parts.rows.clear(),
                "rule_known",
                Unknown,
            ),
            line("Art. 40(7)", B, |_| {}, "offence_listed", Met),
            line(
                "Art. 40(7)",
                B,
                |s| s.declared().offence = "hit_and_run".into(),
                "offence_listed",
                NotMet,
            ),
            line(
                "Art. 40(7)",
                B,
                |s| s.declared().offence = "no_such".into(),
                "offence_listed",
                NotMet,
            ),
            line("Art. 40(6)", B, open_list, "offence_listed", Met),
            line(
                "Art. 40(6)",
                B,
                |s| {
                    open_list(s);
                    s.declared().offence = "hit_and_run".into();
                },
                "offence_listed",
                Unknown,
            ),
            line(
                "Art. 40(7)",
                B,
                |s| s.row().surveillance.offences_urgent = None,
                "offence_listed",
                Met,
            ),
            line(
                "Art. 40(7)",
                B,
                |s| {
                    s.row().surveillance.offences_urgent = None;
                    s.declared().offence = "hit_and_run".into();
                },
                "offence_listed",
                Unknown,
            ),
            line("Art. 40(2)", B, |_| {}, "person_category_covered", Met),
            line(
                "Art. 40(2)",
                B,
                contact_person,
                "person_category_covered",
                NotMet,
            ),
            line(
                "Enschede Art. 11",
                B,
                |s| {
                    contact_person(s);
                    s.row().surveillance.contact_persons = Some(ContactPersons::PlannedAndUrgent);
                },
                "person_category_covered",
                Met,
            ),
            line(
                "Art. 40(2)",
                B,
                |s| {
                    contact_person(s);
                    s.row().surveillance.contact_persons = Some(ContactPersons::Planned);
                },
                "person_category_covered",
                NotMet,
            ),
            line("Art. 40(2)", B, |_| {}, "consent_hours_known", Met),
            line(
                "Art. 40(2), pair not read",
                B,
                hours_not_read,
                "consent_hours_known",
                Met,
            ),
            line(
                "Art. 40(2), not bound",
                B,
                |s| {
                    hours_not_read(s);
                    before_schengen(s);
                },
                "consent_hours_known",
                Unknown,
            ),
            line(
                "Art. 40(2)",
                B,
                before_schengen,
                "convention_binds_both",
                Unknown,
            ),
            line(
                "Art. 40(2)",
                B,
                |s| s.carrier = Carrier::Drone,
                "carrier_covered",
                Unknown,
            ),
            line(
                "strict reading, disputed",
                B,
                |s| s.disputed = true,
                "territory_certain",
                Unknown,
            ),
        ],
        Scene::cross,
    );
}

#[test]
fn each_condition_of_a_joint_patrol_is_met_not_met_or_unknown() {
    const B: Basis = JointPatrol;
    const A: &str = "2008/615/JHA Art. 17";
    holds(
        &[
            line(A, B, |_| {}, "joint_operations_bind_both", Met),
            line(A, B, swiss_host, "joint_operations_bind_both", Unknown),
            line(A, B, |_| {}, "patrol_period", Met),
            line(
                A,
                B,
                |s| s.declared().authorisation = None,
                "patrol_period",
                NotMet,
            ),
            line(
                A,
                B,
                |s| s.window().to = at("10:00:00"),
                "patrol_period",
                NotMet,
            ),
            line(A, B, |_| {}, "patrol_area", Met),
            line(A, B, |s| s.in_patrol_area = Some(true), "patrol_area", Met),
            line(
                A,
                B,
                |s| s.in_patrol_area = Some(false),
                "patrol_area",
                NotMet,
            ),
            line(
                A,
                B,
                |s| s.territory = StateSet::one(state("AT")),
                "host_state_named",
                NotMet,
            ),
            line(
                A,
                B,
                |s| s.unit_state = state("AT"),
                "officers_of_requesting_state",
                Unknown,
            ),
            line(
                A,
                B,
                |s| s.declared().purpose = Purpose::Preventive,
                "purpose_covered",
                Met,
            ),
            line(
                A,
                B,
                |s| s.declared().purpose = Purpose::Customs,
                "purpose_covered",
                Unknown,
            ),
            line(A, B, |s| s.disputed = true, "territory_certain", Unknown),
        ],
        Scene::cross,
    );
}

fn swiss_host(scene: &mut Scene) {
    scene.territory = StateSet::one(state("CH"));
    scene.declared().host_states = vec![state("CH")];
}

#[test]
fn each_condition_of_an_opening_is_met_not_met_or_unknown() {
    const P: Basis = SurveillanceAuthorised;
    const U: Basis = SurveillanceUrgent;
    const J: Basis = JointPatrol;
    holds(
        &[
            line("Art. 40(1)", P, |_| {}, "authorisation_given", Met),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().authorisation = None,
                "authorisation_given",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.window().number = " ".into(),
                "authorisation_given",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.window().from = at("20:00:00"),
                "authorisation_given",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.window().from = at("00:00:00"),
                "authorisation_given",
                Met,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| {
                    s.window().from = at("00:00:00");
                    s.window().to = at("06:00:00");
                },
                "authorisation_given",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                contact_person,
                "person_category_covered",
                Met,
            ),
            line("Art. 40(1)", P, |_| {}, "offence_known", Met),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().offence = "no_such".into(),
                "offence_known",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().offence = "".into(),
                "offence_known",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().offence = "hit_and_run".into(),
                "offence_known",
                Met,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().host_states.clear(),
                "host_state_named",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().host_states.push(state("HU")),
                "host_state_named",
                NotMet,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().host_states.push(state("AT")),
                "rule_known",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.parts.rows.clear(),
                "rule_known",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.row().surveillance.planned = false,
                "planned_foreseen",
                NotMet,
            ),
            line("Art. 40(1)", P, no_instrument, "instrument_found", NotMet),
            line(
                "PCC SEE Art. 14",
                P,
                waits,
                "implementing_agreement_named",
                Unknown,
            ),
            line(
                "Art. 40(1)",
                P,
                |s| s.declared().purpose = Purpose::Preventive,
                "purpose_covered",
                Unknown,
            ),
            line("Art. 40(2)", U, |_| {}, "urgent_foreseen", Met),
            line("Art. 40(2)", U, waits, "urgent_foreseen", NotMet),
            line("Art. 40(2)", U, no_instrument, "instrument_found", NotMet),
            line(
                "Art. 40(2)",
                U,
                contact_person,
                "person_category_covered",
                NotMet,
            ),
            line("Art. 40(7)", U, |_| {}, "offence_listed", Met),
            line(
                "Art. 40(7)",
                U,
                |s| s.declared().offence = "hit_and_run".into(),
                "offence_listed",
                NotMet,
            ),
            line(
                "Art. 40(2)",
                U,
                |s| s.declared().purpose = Purpose::Customs,
                "purpose_covered",
                Unknown,
            ),
            line(
                "2008/615/JHA Art. 17",
                J,
                |_| {},
                "patrol_period_agreed",
                Met,
            ),
            line(
                "2008/615/JHA Art. 17",
                J,
                |s| s.window().number = "".into(),
                "patrol_period_agreed",
                Met,
            ),
            line(
                "2008/615/JHA Art. 17",
                J,
                |s| s.declared().offence = "".into(),
                "offence_known",
                Met,
            ),
            line(
                "2008/615/JHA Art. 17",
                J,
                |s| s.declared().authorisation = None,
                "patrol_period_agreed",
                NotMet,
            ),
            line(
                "2008/615/JHA Art. 17",
                J,
                swiss_host,
                "joint_operations_bind_both",
                Unknown,
            ),
        ],
        Scene::open,
    );
}

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
    let assessment = Scene::on(SurveillanceUrgent).cross();
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
    let assessment = Scene::on(SurveillanceUrgent).cross();
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
    let assessment = Scene::on(SurveillanceAuthorised).cross();
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
    let mut scene = Scene::on(SurveillanceUrgent);
    scene.carrier = Carrier::Drone;
    let assessment = scene.cross();
    assert_eq!(assessment.verdict, Verdict::Stop);
    assert_eq!(assessment.clocks.len(), 1);
    assert_eq!(assessment.duties.len(), 3);
}

#[test]
fn in_a_state_that_is_no_host_no_clock_runs() {
    for basis in Basis::ALL {
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
    let assessment = Scene::on(JointPatrol).cross();
    assert_eq!(assessment.verdict, Verdict::NoObstacle);
    assert_eq!(assessment.duties, []);
    assert_eq!(assessment.obstacles().count(), 0);
}

#[test]
fn a_joint_patrol_outside_its_area_owes_a_notice() {
    let mut scene = Scene::on(JointPatrol);
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
fn in_a_condominium_the_own_state_changes_nothing_about_the_other() {
    let mut scene = Scene::on(SurveillanceUrgent);
    let alone = scene.cross();
    scene.territory = StateSet::one(state("HU")).with(state("RO"));
    assert_eq!(scene.cross(), alone);
}

#[test]
fn of_two_foreign_states_the_strictest_verdict_counts_and_each_is_looked_at() {
    // Moselle: a unit of a third state lies in both.
    let mut scene = Scene::on(SurveillanceUrgent);
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
    let mut scene = Scene::on(SurveillanceUrgent);
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
    let mut scene = Scene::on(SurveillanceUrgent);
    hours_not_read(&mut scene);
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
    let mut scene = Scene::on(SurveillanceUrgent);
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
    let clock = Scene::on(SurveillanceUrgent).cross().clocks.remove(0);
    let finding = expired(&clock, state("RO"));
    assert_eq!(finding.answer, NotMet);
    assert_eq!(
        &*finding.sentence,
        "The consent of RO was not there by 16:33:17Z, the last moment counted from the earliest possible crossing at 11:33:17Z: stop the surveillance."
    );
    assert_eq!(finding.citation, clock.citation);
    let clock = Scene::on(SurveillanceAuthorised).cross().clocks.remove(0);
    let finding = expired(&clock, state("RO"));
    assert_eq!(
        &*finding.sentence,
        "What RO authorised ended at 20:00:00Z: stop and leave RO."
    );
    let rulebook = Scene::on(SurveillanceUrgent).rulebook();
    let asked = host_asked_to_stop(&rulebook, state("RO"), at("12:00:00"));
    assert_eq!(
        &*asked.sentence,
        "RO asked at 12:00:00Z to stop: stop at once."
    );
}

#[test]
fn sentences_name_the_day_when_it_is_not_the_day_of_the_crossing() {
    let mut scene = Scene::on(SurveillanceAuthorised);
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
fn clocks_warn_in_stages_that_end_with_the_end() {
    let minutes = |kind| -> Vec<i64> {
        let stages: &[Span] = warn_stages(kind);
        stages
            .iter()
            .map(|stage| stage.as_millis() / 60_000)
            .collect()
    };
    assert_eq!(minutes(ClockKind::Consent), [-60, -30, -10, 0]);
    assert_eq!(minutes(ClockKind::AuthorisationWindow), [-30, -10, 0]);
    assert_eq!(
        duty_stages(Duty::Request),
        [Span::from_minutes(5), Span::from_minutes(15)]
    );
    assert_eq!(
        duty_stages(Duty::Report),
        [Span::from_hours(12), Span::from_hours(24)]
    );
    assert_eq!(duty_stages(Duty::NoticeOfCrossing), []);
}
