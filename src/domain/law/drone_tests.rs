//! A drone and what a host's document lets it do: where the rules leave it to the host, where they do not, and outside the
//! area or height.

use super::basis::{Airspace, Basis, Carrier};
use super::facts::Flown;
use super::finding::{Answer, Verdict};
use super::fixture::{Scene, at, found, state};
use super::rulebook::row::Limit;
use crate::domain::measure::Metres;

/// A drone on a surveillance that the host authorised, whose document lets it fly.
fn permitted() -> Scene {
    let mut scene = Scene::on(Basis::SurveillanceAuthorised);
    scene.carrier = Carrier::Drone;
    scene.window().drone = Some(Airspace {
        area: None,
        up_to: None,
    });
    scene
}

fn flown(in_area: Option<bool>, height: Option<Answer>) -> Flown {
    Flown {
        host: state("RO"),
        document: "RO-27-0312".into(),
        in_area,
        height: height.map(|answer| (Metres::new(250.0), answer)),
    }
}

/// What the law answers to one condition, and in all.
fn says(scene: &Scene, condition: &str) -> (Option<Answer>, Verdict) {
    let assessment = scene.cross();
    let answer = found(&assessment, condition).map(|finding| finding.answer);
    (answer, assessment.verdict)
}

#[test]
fn art_40_3_a_drone_that_the_rules_are_silent_on_may_fly_where_the_host_said_so() {
    let mut scene = permitted();
    let (answer, verdict) = says(&scene, "carrier_covered");
    assert_eq!((answer, verdict), (Some(Answer::Met), Verdict::NoObstacle));
    scene.window().drone = None;
    let (answer, verdict) = says(&scene, "carrier_covered");
    assert_eq!((answer, verdict), (Some(Answer::Unknown), Verdict::Stop));
    let mut over = permitted();
    over.window().to = at("11:00:00");
    let (answer, _) = says(&over, "carrier_covered");
    assert_eq!(answer, Some(Answer::Unknown), "the document is over");
    let mut boat = permitted();
    boat.carrier = Carrier::Water;
    let (answer, _) = says(&boat, "carrier_covered");
    assert_eq!(answer, Some(Answer::Unknown), "it says nothing of boats");
}

#[test]
fn art_41_5_b_no_document_lets_a_drone_pursue_where_the_treaty_holds_on_land_only() {
    let mut scene = Scene::pursuit(Basis::PursuitCaughtInTheAct);
    scene.carrier = Carrier::Drone;
    scene.row().pursuit.limit = Some(Limit::None);
    let mut permitted = permitted();
    scene.declared().authorisations = permitted.declared().authorisations.clone();
    let (answer, verdict) = says(&scene, "carrier_covered");
    assert_eq!((answer, verdict), (Some(Answer::NotMet), Verdict::Stop));
    let part = &mut scene.row().pursuit;
    (part.land_only, part.unmanned_aircraft) = (Some(false), Some("after coordination".into()));
    let (answer, verdict) = says(&scene, "carrier_covered");
    assert_eq!((answer, verdict), (Some(Answer::Met), Verdict::NoObstacle));
}

#[test]
fn outside_the_area_or_the_height_the_permission_does_not_hold_and_an_unknown_height_is_not_kept() {
    for (in_area, height, condition, answer) in [
        (Some(true), None, "drone_area", Answer::Met),
        (Some(false), None, "drone_area", Answer::NotMet),
        (None, Some(Answer::Met), "drone_height", Answer::Met),
        (None, Some(Answer::NotMet), "drone_height", Answer::NotMet),
        (None, Some(Answer::Unknown), "drone_height", Answer::Unknown),
    ] {
        let mut scene = permitted();
        scene.flown = vec![flown(in_area, height)];
        let verdict = if answer == Answer::Met {
            Verdict::NoObstacle
        } else {
            Verdict::Stop
        };
        assert_eq!(says(&scene, condition), (Some(answer), verdict));
        let assessment = scene.cross();
        let finding = found(&assessment, condition).expect("looked at");
        assert!(
            finding
                .citation
                .instrument
                .starts_with("document RO-27-0312 of RO under "),
            "{}",
            finding.citation.instrument
        );
    }
    let mut scene = permitted();
    scene.flown = vec![flown(None, None)];
    assert_eq!(says(&scene, "drone_area").0, None, "no area is bounded");
    scene.flown[0].host = state("BG");
    scene.flown[0].in_area = Some(false);
    let (answer, verdict) = says(&scene, "drone_area");
    assert_eq!(
        (answer, verdict),
        (None, Verdict::NoObstacle),
        "another host's"
    );
}
