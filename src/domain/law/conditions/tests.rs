use crate::domain::ids::StateSet;
use crate::domain::law::basis::{
    Basis, Carrier, HostRefusal, HostRefusalKind, PersonCategory, Purpose,
};
use crate::domain::law::finding::{Answer, Assessment, Duty, Verdict};
use crate::domain::law::fixture::{Scene, at, day, found, state};
use crate::domain::law::rulebook::ANY_OFFENCE;
use crate::domain::law::rulebook::row::{ContactPersons, Granted, Regime};
use crate::domain::measure::Timestamp;

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
#[rustfmt::skip]
fn each_condition_of_an_authorised_crossing_is_met_not_met_or_unknown() {
    const B: Basis = SurveillanceAuthorised;
    holds(
        &[
            line("Art. 40", B, |_| {}, "operation_declared", Met),
            line("Art. 40", B, |s| s.declared = None, "operation_declared", NotMet),
            line("Art. 40(1)", B, |_| {}, "host_state_named", Met),
            line("Art. 40(1)", B, |s| s.declared().host_states.clear(), "host_state_named", NotMet),
            line("Art. 40(1)", B, |s| s.territory = StateSet::one(state("AT")), "host_state_named", NotMet),
            line("Art. 40(1)", B, |_| {}, "officers_of_requesting_state", Met),
            line("Art. 40(1)", B, |s| s.unit_state = state("AT"), "officers_of_requesting_state", Unknown),
            line("Art. 40(1)", B, |_| {}, "purpose_covered", Met),
            line("Art. 40(1)", B, |s| s.declared().purpose = Purpose::Preventive, "purpose_covered", Unknown),
            line("Art. 40(1)", B, |s| withdrawn(s, "11:33:00"), "host_consents", NotMet),
            line("Art. 40(1)", B, |s| withdrawn(s, "11:33:20"), "host_consents", NotMet),
            line("Art. 40(1)", B, |s| withdrawn(s, "11:33:18"), "authorisation_in_force", Unknown),
            line("Art. 40(1)", B, |s| { withdrawn(s, "11:33:21"); s.abroad_at = Some(at("11:33:20")); }, "authorisation_in_force", Met),
            line("Art. 40(1)", B, |s| { withdrawn(s, "11:00:00"); granted_anew(s, "11:10:00"); }, "authorisation_in_force", Met),
            line("Art. 40(1)", B, |s| { withdrawn(s, "11:00:00"); granted_anew(s, "11:33:21"); }, "host_consents", NotMet),
            line("Art. 40(1)", B, |s| prevents(s, Some(true)), "purpose_covered", Met),
            line("Art. 40(1)", B, |s| prevents(s, Some(false)), "purpose_covered", Unknown),
            line("Art. 40(1)", B, |s| s.declared().person_category = PersonCategory::Nobody, "person_category_covered", NotMet),
            line("Art. 40(1)", B, |s| s.declared().purpose = Purpose::Customs, "purpose_covered", Unknown),
            line("Art. 40(1)", B, |_| {}, "rule_known", Met),
            line("Art. 40(1)", B, |s| s.parts.rows.clear(), "rule_known", Unknown),
            line("Art. 40(1)", B, |s| s.row().valid_from = Some(day("2027-03-16")), "rule_known", Met),
            line("Art. 40(1)", B, |s| s.row().valid_from = Some(day("2027-03-17")), "rule_known", Unknown),
            line("Art. 40(1)", B, |_| {}, "instrument_found", Met),
            line("Art. 40(1)", B, no_instrument, "instrument_found", NotMet),
            line("PCC SEE Art. 14", B, waits, "implementing_agreement_named", Unknown),
            line("Art. 40(1)", B, |_| {}, "convention_binds_both", Met),
            line("Art. 40(1)", B, before_schengen, "convention_binds_both", Unknown),
            line("Art. 40(1)", B, |_| {}, "planned_foreseen", Met),
            line("Art. 40(1)", B, |s| s.row().surveillance.planned = false, "planned_foreseen", NotMet),
            line("Art. 40(1)", B, |_| {}, "person_category_covered", Met),
            line("Art. 40(1), 2003/725/JHA", B, contact_person, "person_category_covered", Met),
            line("Art. 40(1)", B, |_| {}, "authorisation_in_force", Met),
            line("Art. 40(1)", B, |s| s.declared().authorisations.clear(), "authorisation_in_force", NotMet),
            line("Art. 40(1)", B, |s| s.window().to = at("11:33:17"), "authorisation_in_force", NotMet),
            line("Art. 40(1)", B, |s| s.window().to = at("11:33:18"), "authorisation_in_force", Unknown),
            line("Art. 40(1)", B, |s| s.window().from = at("11:33:18"), "authorisation_in_force", Unknown),
            line("Art. 40(1)", B, |s| s.window().from = at("11:33:17"), "authorisation_in_force", Met),
            line("Art. 40(1)", B, |s| s.window().from = at("12:00:00"), "authorisation_in_force", NotMet),
            line("Art. 40(1)", B, |_| {}, "carrier_covered", Met),
            line("Art. 40(1)", B, |s| s.carrier = Carrier::Water, "carrier_covered", Unknown),
            line("Art. 40(1)", B, |s| s.carrier = Carrier::Air, "carrier_covered", Unknown),
            line("Art. 40(3)", B, |s| s.carrier = Carrier::Drone, "carrier_covered", Unknown),
            line("Benelux Art. 21", B, |s| by(s, Carrier::Air, &[Carrier::Land, Carrier::Air]), "carrier_covered", Met),
            line("Benelux Art. 21", B, |s| by(s, Carrier::Drone, &[Carrier::Land, Carrier::Air]), "carrier_covered", Unknown),
            line("Benelux Art. 21", B, |s| by(s, Carrier::Land, &[Carrier::Air]), "carrier_covered", NotMet),
            line("strict reading, disputed", B, |s| s.disputed = true, "territory_certain", Unknown),
            line("strict reading, no polygons", B, |s| s.territory = StateSet::NONE, "territory_certain", Unknown),
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
    if let Some(window) = scene.declared().authorisations.first_mut() {
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

fn open_list_not_listed(scene: &mut Scene) {
    open_list(scene);
    scene.declared().offence = "hit_and_run".into();
}

fn no_list_not_listed(scene: &mut Scene) {
    scene.row().surveillance.offences_urgent = None;
    scene.declared().offence = "hit_and_run".into();
}

fn contact_person_in(scene: &mut Scene, forms: ContactPersons) {
    contact_person(scene);
    scene.row().surveillance.contact_persons = Some(forms);
}

fn over_already(scene: &mut Scene) {
    scene.window().from = at("00:00:00");
    scene.window().to = at("06:00:00");
}

fn hours_not_read_nor_bound(scene: &mut Scene) {
    hours_not_read(scene);
    before_schengen(scene);
}

fn hours_not_read(scene: &mut Scene) {
    scene.row().regime = Regime::Bilateral;
    scene.row().surveillance.consent_hours = None;
}

#[test]
#[rustfmt::skip]
fn each_condition_of_an_urgent_crossing_is_met_not_met_or_unknown() {
    const B: Basis = SurveillanceUrgent;
    holds(
        &[
            line("Art. 40(2)", B, |_| {}, "urgent_foreseen", Met),
            line("Art. 40(2)", B, |s| s.row().surveillance.urgent = Granted::No, "urgent_foreseen", NotMet),
            line("PCC SEE Art. 14", B, waits, "urgent_foreseen", NotMet),
            line("PCC SEE Art. 14", B, waits, "implementing_agreement_named", Unknown),
            line("Art. 40(2)", B, no_instrument, "instrument_found", NotMet),
            line("Art. 40(2)", B, |s| s.parts.rows.clear(), "rule_known", Unknown),
            line("Art. 40(7)", B, |_| {}, "offence_listed", Met),
            line("Art. 40(7)", B, |s| s.declared().offence = "hit_and_run".into(), "offence_listed", NotMet),
            line("Art. 40(7)", B, |s| s.declared().offence = "no_such".into(), "offence_listed", NotMet),
            line("Art. 40(6)", B, open_list, "offence_listed", Met),
            line("Art. 40(6)", B, open_list_not_listed, "offence_listed", Unknown),
            line("Art. 40(7)", B, |s| s.row().surveillance.offences_urgent = None, "offence_listed", Met),
            line("Art. 40(7)", B, no_list_not_listed, "offence_listed", Unknown),
            line("Art. 40(2)", B, |_| {}, "person_category_covered", Met),
            line("Art. 40(2)", B, contact_person, "person_category_covered", NotMet),
            line("Enschede Art. 11", B, |s| contact_person_in(s, ContactPersons::PlannedAndUrgent), "person_category_covered", Met),
            line("Art. 40(2)", B, |s| contact_person_in(s, ContactPersons::Planned), "person_category_covered", NotMet),
            line("Art. 40(2)", B, |_| {}, "consent_hours_known", Met),
            line("Art. 40(2), pair not read", B, hours_not_read, "consent_hours_known", Met),
            line("Art. 40(2), not bound", B, hours_not_read_nor_bound, "consent_hours_known", Unknown),
            line("Art. 40(2)", B, before_schengen, "convention_binds_both", Unknown),
            line("Art. 40(2)", B, |s| s.carrier = Carrier::Drone, "carrier_covered", Unknown),
            line("strict reading, disputed", B, |s| s.disputed = true, "territory_certain", Unknown),
        ],
        Scene::cross,
    );
}

#[test]
#[rustfmt::skip]
fn each_condition_of_a_joint_patrol_is_met_not_met_or_unknown() {
    const B: Basis = JointPatrol;
    const A: &str = "2008/615/JHA Art. 17";
    holds(
        &[
            line(A, B, |_| {}, "joint_operations_bind_both", Met),
            line(A, B, swiss_host, "joint_operations_bind_both", Unknown),
            line(A, B, |_| {}, "patrol_period", Met),
            line(A, B, |s| s.declared().authorisations.clear(), "patrol_period", NotMet),
            line(A, B, |s| s.window().to = at("10:00:00"), "patrol_period", NotMet),
            line(A, B, |_| {}, "patrol_area", Met),
            line(A, B, |s| s.in_patrol_area = Some(true), "patrol_area", Met),
            line(A, B, |s| s.in_patrol_area = Some(false), "patrol_area", NotMet),
            line(A, B, |s| s.territory = StateSet::one(state("AT")), "host_state_named", NotMet),
            line(A, B, |s| s.unit_state = state("AT"), "officers_of_requesting_state", Unknown),
            line(A, B, |s| s.declared().purpose = Purpose::Preventive, "purpose_covered", Met),
            line(A, B, |s| s.declared().purpose = Purpose::Customs, "purpose_covered", Unknown),
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
#[rustfmt::skip]
fn each_condition_of_an_opening_is_met_not_met_or_unknown() {
    const P: Basis = SurveillanceAuthorised;
    const U: Basis = SurveillanceUrgent;
    const J: Basis = JointPatrol;
    holds(
        &[
            line("Art. 40(1)", P, |_| {}, "authorisation_given", Met),
            line("Art. 40(1)", P, |s| s.declared().authorisations.clear(), "authorisation_given", NotMet),
            line("Art. 40(1)", P, |s| s.window().number = " ".into(), "authorisation_given", NotMet),
            line("Art. 40(1)", P, |s| s.window().from = at("20:00:00"), "authorisation_given", NotMet),
            line("Art. 40(1)", P, |s| s.window().from = at("00:00:00"), "authorisation_given", Met),
            line("Art. 40(1)", P, over_already, "authorisation_given", NotMet),
            line("Art. 40(1)", P, contact_person, "person_category_covered", Met),
            line("Art. 40(1)", P, |_| {}, "offence_known", Met),
            line("Art. 40(1)", P, |s| s.declared().offence = "no_such".into(), "offence_known", NotMet),
            line("Art. 40(1)", P, |s| s.declared().offence = "".into(), "offence_known", NotMet),
            line("Art. 40(1)", P, |s| s.declared().offence = "hit_and_run".into(), "offence_known", Met),
            line("Art. 40(1)", P, |s| s.declared().host_states.clear(), "host_state_named", NotMet),
            line("Art. 40(1)", P, |s| s.declared().host_states.push(state("HU")), "host_state_named", NotMet),
            line("Art. 40(1)", P, |s| s.declared().host_states.push(state("AT")), "rule_known", Unknown),
            line("Art. 40(1)", P, |s| s.parts.rows.clear(), "rule_known", Unknown),
            line("Art. 40(1)", P, |s| s.row().surveillance.planned = false, "planned_foreseen", NotMet),
            line("Art. 40(1)", P, no_instrument, "instrument_found", NotMet),
            line("PCC SEE Art. 14", P, waits, "implementing_agreement_named", Unknown),
            line("Art. 40(1)", P, |s| s.declared().purpose = Purpose::Preventive, "purpose_covered", Unknown),
            line("Art. 40(2)", U, |_| {}, "urgent_foreseen", Met),
            line("Art. 40(2)", U, waits, "urgent_foreseen", NotMet),
            line("Art. 40(2)", U, no_instrument, "instrument_found", NotMet),
            line("Art. 40(2)", U, contact_person, "person_category_covered", NotMet),
            line("Art. 40(7)", U, |_| {}, "offence_listed", Met),
            line("Art. 40(7)", U, |s| s.declared().offence = "hit_and_run".into(), "offence_listed", NotMet),
            line("Art. 40(2)", U, |s| s.declared().purpose = Purpose::Customs, "purpose_covered", Unknown),
            line("2008/615/JHA Art. 17", J, |_| {}, "patrol_period_agreed", Met),
            line("2008/615/JHA Art. 17", J, |s| s.window().number = "".into(), "patrol_period_agreed", Met),
            line("2008/615/JHA Art. 17", J, |s| s.declared().offence = "".into(), "offence_known", Met),
            line("2008/615/JHA Art. 17", J, |s| s.declared().authorisations.clear(), "patrol_period_agreed", NotMet),
            line("2008/615/JHA Art. 17", J, swiss_host, "joint_operations_bind_both", Unknown),
        ],
        Scene::open,
    );
}

/// Romania takes back what it had granted.
fn withdrawn(scene: &mut Scene, time: &str) {
    scene.declared().refuse(HostRefusal {
        host: state("RO"),
        kind: HostRefusalKind::Withdrawn,
        at: at(time),
        said_by: "the duty officer".into(),
        because: "".into(),
    });
}

/// And grants another document.
fn granted_anew(scene: &mut Scene, from: &str) {
    let mut document = scene.window().clone();
    document.from = at(from);
    scene.declared().authorisations.push(document);
}

fn prevents(scene: &mut Scene, row_says: Option<bool>) {
    scene.declared().purpose = Purpose::Preventive;
    scene.row().surveillance.preventive = row_says;
}

#[test]
#[rustfmt::skip]
fn each_condition_of_an_urgent_preventive_surveillance_is_met_not_met_or_unknown() {
    const U: Basis = SurveillanceUrgent;
    holds(
        &[
            line("Art. 40", U, |s| prevents(s, Some(true)), "purpose_covered", Met),
            line("Art. 40", U, |s| prevents(s, None), "purpose_covered", Unknown),
            line("AT-DE Art. 16(2)", U, any_offence, "offence_listed", Met),
            line("Art. 40(7)", U, |s| { prevents(s, Some(true)); s.declared().offence = "hit_and_run".into(); }, "offence_listed", NotMet),
            line("CH-DE Art. 15", U, confined, "preventive_area", Unknown),
        ],
        Scene::cross,
    );
    let mut scene = Scene::on(SurveillanceAuthorised);
    confined(&mut scene);
    let assessment = scene.cross();
    assert_eq!(assessment.verdict, Verdict::NoObstacle, "the host's document names its place");
    assert_eq!(found(&assessment, "preventive_area").map(|told| told.answer), Some(Unknown));
    scene = Scene::on(U);
    prevents(&mut scene, None);
    assert_eq!(scene.cross().clocks, [], "no hours of a row that does not cover it");
}

fn any_offence(scene: &mut Scene) {
    prevents(scene, Some(true));
    scene.row().surveillance.preventive_offences = Some(ANY_OFFENCE.into());
    scene.declared().offence = "hit_and_run".into();
}

fn confined(scene: &mut Scene) {
    prevents(scene, Some(true));
    scene.row().surveillance.preventive_area = Some("the border area of Art. 5".into());
}

#[test]
#[rustfmt::skip]
fn each_condition_of_another_lawful_crossing_is_met_not_met_or_unknown() {
    const A: &str = "Agreement Art. 9";
    const R: Basis = Basis::TransitByRoad;
    const S: Basis = Basis::TrainOrShip;
    const H: Basis = Basis::Assistance;
    let on_crossing = [
        line(A, R, |_| {}, "crossing_foreseen", Met),
        line(A, R, |s| s.parts.crossings.clear(), "crossing_foreseen", Unknown),
        line(A, R, |s| s.parts.crossings[1].valid_from = Some(day("2027-03-17")), "crossing_foreseen", Unknown),
        line(A, R, |s| s.parts.crossings[1].valid_from = None, "crossing_foreseen", Met),
        line(A, Basis::ControlledDelivery, |_| {}, "crossing_foreseen", Unknown),
        line(A, R, |s| s.parts.rows.clear(), "crossing_foreseen", Met),
        line(A, R, |s| s.carrier = Carrier::Drone, "carrier_covered", NotMet),
        line(A, R, |s| s.carrier = Carrier::Water, "carrier_covered", NotMet),
        line(A, S, |s| s.carrier = Carrier::Water, "carrier_covered", Met),
        line(A, R, |s| s.declared().purpose = Purpose::Preventive, "purpose_covered", Met),
        line(A, R, |s| s.declared().purpose = Purpose::Customs, "purpose_covered", Unknown),
        line(A, R, |s| s.territory = StateSet::one(state("AT")), "host_state_named", NotMet),
        line(A, R, |s| s.disputed = true, "territory_certain", Unknown),
        line(A, R, |s| s.declared().person_category = PersonCategory::Nobody, "crossing_foreseen", Met),
        line(A, H, |_| {}, "request_in_force", Met),
        line(A, H, |s| s.declared().authorisations.clear(), "request_in_force", NotMet),
        line(A, H, |s| s.window().to = at("10:00:00"), "request_in_force", NotMet),
    ];
    holds(&on_crossing, Scene::cross);
    let at_the_opening = [
        line(A, R, |_| {}, "crossing_foreseen", Met),
        line(A, R, |s| s.parts.crossings.clear(), "crossing_foreseen", Unknown),
        line(A, R, |s| s.declared().offence = "".into(), "offence_known", Met),
        line(A, H, |_| {}, "request_given", Met),
        line(A, H, |s| s.declared().authorisations.clear(), "request_given", NotMet),
    ];
    holds(&at_the_opening, Scene::open);
}

#[test]
fn another_lawful_crossing_is_announced_and_only_a_request_has_a_window() {
    for (basis, when, clocks) in [
        (Basis::ImminentDanger, "at once", 0),
        (Basis::TransitByRoad, "", 0),
        (Basis::Assistance, "", 1),
    ] {
        let assessment = Scene::on(basis).cross();
        let owed: Vec<(Duty, &str)> = assessment
            .duties
            .iter()
            .map(|owed| (owed.duty, &*owed.when))
            .collect();
        assert_eq!(owed, [(Duty::NoticeOfCrossing, when)], "{basis:?}");
        assert_eq!(
            &*assessment.duties[0].citation.instrument,
            "Agreement Art. 9"
        );
        assert_eq!(assessment.clocks.len(), clocks, "{basis:?}");
    }
}
