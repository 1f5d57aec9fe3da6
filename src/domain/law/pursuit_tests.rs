//! Art. 41 condition by condition: met, not met, unknown.

use super::basis::{Basis, Carrier, EvadedCheck, PersonCategory};
use super::facts::Recognisable;
use super::finding::{Answer, ClockKind, Duty, Verdict};
use super::fixture::{Scene, at, found, state};
use super::granted::{Extent, extent};
use super::rulebook::row::{Border, Contact, Granted, Limit, Regime};
use super::rulebook::{ANY_OFFENCE, EXTRADITABLE, LISTED_OR_EXTRADITABLE};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Span};

const PURSUITS: [Basis; 3] = [
    Basis::PursuitCaughtInTheAct,
    Basis::PursuitEscape,
    Basis::PursuitEvadedCheck,
];

fn caught() -> Scene {
    Scene::pursuit(Basis::PursuitCaughtInTheAct)
}

/// What a condition comes to on a crossing.
#[track_caller]
fn says(scene: &Scene, condition: &str, answer: Answer) {
    let assessment = scene.cross();
    let finding = found(&assessment, condition).expect(condition);
    assert_eq!(finding.answer, answer, "{}", finding.sentence);
}

#[test]
fn a_pursuit_of_which_everything_is_met_has_no_obstacle_and_owes_notice_and_report() {
    for basis in PURSUITS {
        let assessment = Scene::pursuit(basis).cross();
        assert_eq!(
            assessment.in_words(),
            "no obstacle found in rules v7 (confidence low)",
            "{basis:?}"
        );
        let owed: Vec<_> = assessment
            .duties
            .iter()
            .map(|d| (d.duty, &*d.when))
            .collect();
        assert_eq!(
            owed,
            [
                (Duty::NoticeOfCrossing, "at the latest when crossing"),
                (Duty::Report, "")
            ]
        );
        assert!(assessment.clocks.is_empty(), "no period, no clock");
    }
}

#[test]
fn art_41_3_a_the_period_counts_from_the_earliest_possible_crossing() {
    let mut scene = caught();
    let part = &mut scene.row().pursuit;
    (part.limit, part.radius_km, part.minutes) = (Some(Limit::RadiusOrTime), Some(50), Some(120));
    let assessment = scene.cross();
    let [clock] = assessment.clocks.as_slice() else {
        panic!("one clock: {:?}", assessment.clocks);
    };
    assert_eq!(clock.kind, ClockKind::PursuitPeriod);
    assert_eq!((clock.starts, clock.ends), (at("11:33:17"), at("13:33:17")));
    let figures = super::profile::agreed::Figures::WORKFLOW;
    let stages = super::clocks::stages_of(clock.kind, clock.ends.since(clock.starts), figures);
    let left: Vec<Span> = stages.iter().map(|stage| stage.left).collect();
    let minutes = [24, 6].map(Span::from_minutes);
    assert_eq!(left, minutes, "after 80 and 95 per cent of two hours");
}

#[test]
fn art_41_3_an_unknown_limit_is_given_no_number_and_stops() {
    for limit in [None, Some(Limit::Unknown)] {
        let mut scene = caught();
        scene.row().pursuit.limit = limit;
        says(&scene, "limit_known", Answer::Unknown);
        let assessment = scene.cross();
        assert_eq!(assessment.verdict, Verdict::Stop);
        let finding = found(&assessment, "limit_known").expect("looked at");
        assert_eq!(
            &*finding.sentence,
            "Limit not known: ask RO before crossing."
        );
        assert!(assessment.clocks.is_empty());
        // Before the line it is a thing to do; at the line the host's own document says how far.
        assert_eq!(scene.open().verdict, Verdict::NoObstacle);
        assert_eq!(scene.open().warnings().count(), 1);
        scene.declared().authorisations = Scene::on(Basis::SurveillanceAuthorised)
            .declared()
            .authorisations
            .clone();
        says(&scene, "limit_known", Answer::Met);
        scene.window().to = at("11:33:20");
        says(&scene, "limit_known", Answer::Unknown);
    }
    let mut scene = caught();
    scene.row().pursuit.limit = Some(Limit::Radius);
    scene.row().pursuit.radius_km = Some(30);
    says(&scene, "limit_known", Answer::Met);
    says(&scene, "limit_measured", Answer::Met);
}

#[test]
fn a_radius_over_a_fixed_link_is_measured_by_hand_and_only_warns() {
    let mut scene = caught();
    scene.row().border = Border::Bridge;
    scene.row().pursuit.limit = Some(Limit::Radius);
    scene.row().pursuit.radius_km = Some(25);
    says(&scene, "limit_measured", Answer::Unknown);
    assert_eq!(scene.cross().verdict, Verdict::NoObstacle);
    let declared = scene.declared.clone().expect("an operation");
    let extent = extent(&scene.rulebook(), &declared, state("RO"), at("11:33:20"));
    assert_eq!(
        extent,
        Some(Extent::ByHand(Metres::new(25_000.0))),
        "the map does not measure it"
    );
}

#[test]
fn art_41_3_only_a_known_radius_from_a_frontier_on_land_can_be_drawn() {
    let mut scene = caught();
    let asked = |scene: &Scene| {
        let declared = scene.declared.clone().expect("an operation");
        extent(&scene.rulebook(), &declared, state("RO"), at("11:33:20"))
    };
    assert_eq!(asked(&scene), Some(Extent::NoLimit));
    scene.row().pursuit.limit = Some(Limit::Unknown);
    assert_eq!(asked(&scene), Some(Extent::NotKnown));
    let part = &mut scene.row().pursuit;
    (part.limit, part.radius_km) = (Some(Limit::Radius), Some(30));
    let Some(Extent::Radius(radius)) = asked(&scene) else {
        panic!("a radius: {:?}", asked(&scene));
    };
    assert_eq!(radius.max, Metres::new(30_000.0));
    let part = &mut scene.row().pursuit;
    (part.limit, part.radius_km, part.allowed) = (Some(Limit::Unknown), None, Granted::No);
    scene.row().regime = Regime::NoneFound;
    assert_eq!(asked(&scene), Some(Extent::NoPursuit));
    let surveillance = Scene::on(Basis::SurveillanceAuthorised);
    assert_eq!(asked(&surveillance), None, "no pursuit has no such limit");
}

#[test]
fn art_41_4_the_offence_is_one_of_the_pairs_list() {
    let mut scene = caught();
    says(&scene, "offence_listed", Answer::Met);
    scene.row().pursuit.offences = Some("CISA41_4a".into());
    says(&scene, "offence_listed", Answer::Met);
    scene.declared().offence = "hit_and_run".into();
    says(&scene, "offence_listed", Answer::NotMet);
    scene.row().pursuit.offences = Some(ANY_OFFENCE.into());
    says(&scene, "offence_listed", Answer::Met);
    // A list that is not known is read as that of Art. 41(4)(a), and answers nothing of what is not on it.
    for list in [None, Some("ANNEX".into())] {
        scene.row().pursuit.offences = list;
        scene.declared().offence = "hit_and_run".into();
        says(&scene, "offence_listed", Answer::Unknown);
        scene.declared().offence = "murder".into();
        says(&scene, "offence_listed", Answer::Met);
    }
}

#[test]
fn art_41_4_b_whether_an_offence_leads_to_extradition_is_judged_by_a_person() {
    let judged = [
        (None, Answer::Unknown),
        (Some(true), Answer::Met),
        (Some(false), Answer::NotMet),
    ];
    for (judgement, answer) in judged {
        let mut scene = caught();
        scene.declared().extraditable = judgement;
        scene.row().pursuit.offences = Some(EXTRADITABLE.into());
        says(&scene, "offence_listed", answer);
        // Either list: murder is on the closed one, whatever was judged.
        scene.row().pursuit.offences = Some(LISTED_OR_EXTRADITABLE.into());
        says(&scene, "offence_listed", Answer::Met);
    }
}

#[test]
fn art_41_1_who_escaped_is_pursued_whatever_the_offence() {
    let mut scene = Scene::pursuit(Basis::PursuitEscape);
    scene.row().pursuit.offences = None;
    scene.declared().offence = "".into();
    assert_eq!(scene.cross().verdict, Verdict::NoObstacle);
    assert_eq!(scene.open().verdict, Verdict::NoObstacle);
    scene.declared().offence = "no_such".into();
    assert_eq!(
        scene.open().verdict,
        Verdict::Stop,
        "an offence that is named must be known"
    );
}

#[test]
fn art_41_5_b_a_pursuit_is_over_land_only_unless_the_pair_says_otherwise() {
    for land_only in [None, Some(true)] {
        for carrier in [Carrier::Water, Carrier::Air, Carrier::Drone] {
            let mut scene = caught();
            scene.row().pursuit.land_only = land_only;
            scene.carrier = carrier;
            says(&scene, "carrier_covered", Answer::NotMet);
        }
    }
    let mut scene = caught();
    scene.row().pursuit.land_only = Some(false);
    scene.row().pursuit.media = Some(vec![Carrier::Land, Carrier::Air]);
    for (carrier, answer) in [
        (Carrier::Land, Answer::Met),
        (Carrier::Air, Answer::Met),
        (Carrier::Water, Answer::Unknown),
        (Carrier::Drone, Answer::Unknown),
    ] {
        scene.carrier = carrier;
        says(&scene, "carrier_covered", answer);
    }
}

#[test]
fn aircraft_that_need_coordination_are_never_covered_by_the_row_alone() {
    let mut scene = caught();
    let part = &mut scene.row().pursuit;
    part.land_only = Some(false);
    part.media = Some(vec![Carrier::Land, Carrier::Air, Carrier::Drone]);
    part.unmanned_aircraft = Some("after coordination between the police authorities".into());
    scene.carrier = Carrier::Drone;
    says(&scene, "carrier_covered", Answer::Unknown);
    let assessment = scene.cross();
    let finding = found(&assessment, "carrier_covered").expect("looked at");
    assert!(finding.sentence.contains("after coordination"));
}

#[test]
fn art_41_5_d_officers_can_be_recognised_as_police() {
    for (how, answer) in [
        (Recognisable::Yes, Answer::Met),
        (Recognisable::No, Answer::NotMet),
        (Recognisable::NotSaid, Answer::Unknown),
    ] {
        let mut scene = caught();
        scene.recognisable = how;
        says(&scene, "recognisable", answer);
        assert_eq!(
            scene.cross().verdict == Verdict::NoObstacle,
            answer == Answer::Met
        );
    }
    let mut surveillance = Scene::on(Basis::SurveillanceUrgent);
    surveillance.recognisable = Recognisable::No;
    assert!(
        found(&surveillance.cross(), "recognisable").is_none(),
        "Art. 40 does not ask for it"
    );
}

#[test]
fn art_41_1_the_host_is_told_at_the_latest_when_crossing_and_late_it_warns() {
    // Earliest 11:33:17, likely 11:33:20.
    let cases = [
        (Some(Contact::AtCrossing), "11:33:20", Answer::Met),
        (Some(Contact::AtCrossing), "11:33:21", Answer::NotMet),
        (Some(Contact::Immediately), "11:33:20", Answer::Met),
        (Some(Contact::BeforeCrossingAsRule), "11:33:16", Answer::Met),
        (
            Some(Contact::BeforeCrossingAsRule),
            "11:33:17",
            Answer::NotMet,
        ),
        (None, "11:33:16", Answer::Met),
        (None, "11:33:17", Answer::NotMet),
    ];
    for (contact, told, answer) in cases {
        let mut scene = caught();
        scene.row().pursuit.contact = contact;
        scene.contacted = vec![(state("RO"), at(told))];
        says(&scene, "host_contacted", answer);
        assert_eq!(
            scene.cross().verdict,
            Verdict::NoObstacle,
            "{contact:?} {told}"
        );
    }
    let mut scene = caught();
    scene.contacted = vec![(state("AT"), at("11:00:00"))];
    says(&scene, "host_contacted", Answer::NotMet);
    assert_eq!(
        scene.cross().in_words(),
        "no obstacle found in rules v7 (confidence low); still open: RO is to be told at the latest when crossing: send the notice now."
    );
}

#[test]
fn a_pursuit_that_is_not_foreseen_or_waits_for_an_agreement_is_refused() {
    let mut scene = caught();
    scene.row().pursuit.allowed = Granted::WithImplementingAgreement;
    says(&scene, "pursuit_foreseen", Answer::Unknown);
    assert_eq!(scene.open().verdict, Verdict::Stop);
    let mut scene = caught();
    scene.row().pursuit.allowed = Granted::No;
    scene.row().regime = Regime::NoneFound;
    says(&scene, "pursuit_foreseen", Answer::NotMet);
    says(&scene, "instrument_found", Answer::NotMet);
}

#[test]
fn an_evaded_check_is_a_ground_only_where_the_treaty_says_so_and_within_its_zone() {
    let mut scene = Scene::pursuit(Basis::PursuitEvadedCheck);
    scene.row().pursuit.evade_check = None;
    says(&scene, "pursuit_foreseen", Answer::Unknown);
    // 12 km from the frontier, exactly on the line of the zone and beside it.
    for (km, answer) in [(12, Answer::Met), (11, Answer::NotMet), (30, Answer::Met)] {
        scene.row().pursuit.evade_check_origin_km = Some(km);
        says(&scene, "check_within_zone", answer);
    }
    scene.declared().evaded_check = vec![EvadedCheck {
        host: state("AT"),
        to_frontier: Some(Metres::ZERO),
    }];
    says(&scene, "check_within_zone", Answer::Unknown);
    let other = caught().cross();
    assert!(
        found(&other, "check_within_zone").is_none(),
        "asked of no other basis"
    );
}

#[test]
fn a_contact_person_is_never_pursued() {
    for basis in PURSUITS {
        let mut scene = Scene::pursuit(basis);
        scene.declared().person_category = PersonCategory::Contact;
        says(&scene, "person_category_covered", Answer::NotMet);
    }
}

#[test]
fn a_pursuit_that_goes_on_from_a_third_state_needs_a_rule_that_lets_it() {
    let mut scene = caught();
    scene.came_from = StateSet::one(state("AT"));
    says(&scene, "from_requesting_state", Answer::Unknown);
    assert_eq!(scene.cross().verdict, Verdict::Stop);
    scene.row().pursuit.from_third_state = Some(true);
    says(&scene, "from_requesting_state", Answer::Met);
    scene.row().pursuit.from_third_state = None;
    scene.row().border = Border::Via(state("AT"));
    says(&scene, "from_requesting_state", Answer::Met);
    // Out of a condominium in which the own state has a part it came from home.
    scene.row().border = Border::Land;
    scene.came_from = StateSet::one(state("AT")).with(state("HU"));
    assert!(found(&scene.cross(), "from_requesting_state").is_none());
}

#[test]
fn a_pursuit_may_lead_into_a_state_that_nobody_named() {
    let mut scene = caught();
    scene.declared().host_states = vec![state("AT")];
    let mut to_austria = super::fixture::row("HU", "AT");
    to_austria.pursuit.limit = Some(Limit::Unknown);
    scene.parts.rows.push(to_austria);
    assert_eq!(scene.cross().verdict, Verdict::NoObstacle);
}

#[test]
fn why_the_host_could_not_act_in_time_is_to_be_stated_and_only_warns() {
    let mut scene = caught();
    scene.declared().grounds = None;
    says(&scene, "urgency_stated", Answer::Unknown);
    assert_eq!(scene.open().verdict, Verdict::NoObstacle);
    assert_eq!(scene.open().warnings().count(), 1);
}
