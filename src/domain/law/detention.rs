//! What does the law say when a person is held abroad: whether the officers may, and until when?
//!
//! That somebody is held is a fact and is never refused; what the law says of it stands beside it.

use super::assess::conclude;
use super::basis::Form;
use super::clocks::utc;
use super::conditions::pair_rules::Place;
use super::conditions::{cite_basis, finding};
use super::facts::Declared;
use super::finding::{Answer, Assessment, Citation, ClockKind, ClockSpec, Finding};
use super::granted::pursued_into;
use super::release::{DaytimeHours, zone};
use super::rulebook::Rulebook;
use super::rulebook::register::ConventionPursuit;
use super::strict::{self, Holding, Release};
use crate::domain::ids::State;
use crate::domain::measure::Timestamp;

/// A person is held in a host state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetentionFacts {
    /// Where.
    pub host: State,
    /// From when. Art. 41(6) counts from the arrest; the hold of the pursuing officers comes before it, so nothing here is
    /// ever later than the law.
    pub since: Timestamp,
    /// Whether the person is a national of the host state; `None` when nobody said, which counts as no.
    pub host_national: Option<bool>,
}

/// What the law says of it: whether it is foreseen, whether a rule of release is known, and the clock of that rule where it
/// can be counted.
#[must_use]
pub fn assess_detention(
    rulebook: &Rulebook,
    declared: &Declared,
    facts: &DetentionFacts,
) -> Assessment {
    let form = declared.basis.form();
    let place = pursued_into(rulebook, declared, facts.host, facts.since);
    let foreseen = match (form, &place) {
        (Form::Surveillance, _) => finding(
            "detention_foreseen",
            Answer::NotMet,
            "Officers of a surveillance may not stop, question or arrest. Hand the person to the host's officers, and record why.".to_owned(),
            rulebook.cite_convention("Art. 40(3)(f)"),
        ),
        (Form::JointPatrol, _) => finding(
            "detention_foreseen",
            Answer::Unknown,
            format!(
                "A joint patrol has the powers that {} gave, as a rule in presence of its officers: ask them.",
                facts.host
            ),
            rulebook.cite_joint_operations(),
        ),
        (Form::OtherCrossing, _) => finding(
            "detention_foreseen",
            Answer::Unknown,
            format!(
                "No rule is known for holding a person in {} on this crossing: hand the person to its officers, and record why.",
                facts.host
            ),
            cite_basis(rulebook, declared.basis),
        ),
        (Form::Pursuit, None) => finding(
            "detention_foreseen",
            Answer::Unknown,
            format!("No rule is known for holding a person in {}: ASK ROOM.", facts.host),
            cite_basis(rulebook, declared.basis),
        ),
        (Form::Pursuit, Some(place)) => may_hold(place),
    };
    let mut clocks = Vec::new();
    let released = match place {
        Some(place) => released(&place, facts, &mut clocks),
        None => not_known(facts.host, rulebook.cite_no_rule()),
    };
    conclude(vec![foreseen, released], Vec::new(), clocks)
}

/// `detention_foreseen` (Art. 41(2)): the row gives the officers the right to hold the person until the host's come.
fn may_hold(place: &Place<'_>) -> Finding {
    let pair = place.pair;
    let (host, from) = (pair.territory, pair.from);
    let version = place.rulebook.version();
    let citation = place
        .row
        .cite_field("pursuit.detain", "Art. 41(2)", version);
    let (answer, sentence) = match strict::holding(&place.row.pursuit) {
        Holding::UntilHostComes => (
            Answer::Met,
            format!("Officers of {from} may hold the person until officers of {host} come."),
        ),
        Holding::No => (
            Answer::NotMet,
            format!(
                "{host} gives officers of {from} no right to hold a person. Call its officers now, and record why."
            ),
        ),
        Holding::AskRoom(Some(condition)) => (
            Answer::Unknown,
            format!("ASK ROOM whether {host} lets the person be held: {condition}"),
        ),
        Holding::AskRoom(None) => (
            Answer::Unknown,
            format!("ASK ROOM whether {host} lets the person be held: it is not known."),
        ),
    };
    finding("detention_foreseen", answer, sentence, citation)
}

/// `release_rule_known` (Art. 41(6)): until when somebody who is no national of the host state is released.
fn released(place: &Place<'_>, facts: &DetentionFacts, clocks: &mut Vec<ClockSpec>) -> Finding {
    let (rulebook, host) = (place.rulebook, facts.host);
    let convention = match strict::release(rulebook, place.row, facts.since) {
        Release::OwnRule(rule) => {
            let cite =
                place
                    .row
                    .cite_field("pursuit.release_rule", "Art. 41(6)", rulebook.version());
            let sentence = format!("Release: {rule}. Ask {host} for the hour.");
            return finding("release_rule_known", Answer::Unknown, sentence, cite);
        }
        Release::NotKnown => return not_known(host, rulebook.cite_no_rule()),
        Release::Convention(convention) => convention,
    };
    let cite = rulebook.cite_convention("Art. 41(6)");
    if facts.host_national == Some(true) {
        let sentence = format!(
            "The person is a national of {host}: the hours of release do not apply, its own law does."
        );
        return finding("release_rule_known", Answer::Met, sentence, cite);
    }
    let Some((hours, ends)) = last_moment(rulebook, convention, facts) else {
        return not_known(host, cite);
    };
    let category = match facts.host_national {
        Some(_) => "",
        None => " The nationality is not said: counted as if it were not the host's.",
    };
    let sentence = format!(
        "To be released by {} ({}, in the time of {host}), unless a request for arrest is there first.{category}",
        utc(ends, facts.since),
        hours.in_words(),
    );
    clocks.push(ClockSpec {
        kind: ClockKind::Release,
        starts: facts.since,
        ends,
        citation: cite.clone(),
    });
    finding("release_rule_known", Answer::Met, sentence, cite)
}

fn last_moment(
    rulebook: &Rulebook,
    convention: &ConventionPursuit,
    facts: &DetentionFacts,
) -> Option<(DaytimeHours, Timestamp)> {
    let hours = DaytimeHours::of(convention)?;
    let zone = zone(rulebook.state(facts.host)?.time_zone.as_deref()?)?;
    Some((hours, hours.end(facts.since, &zone)?))
}

fn not_known(host: State, citation: Citation) -> Finding {
    let sentence =
        format!("By when the person is to be released in {host} is not known: ask {host}.");
    finding("release_rule_known", Answer::Unknown, sentence, citation)
}

#[cfg(test)]
mod tests {
    use super::super::basis::Basis;
    use super::super::fixture::{Scene, at, found, state};
    use super::super::rulebook::row::Detain;
    use super::*;

    /// A pursuit under rules that hold the six hours of Art. 41(6).
    fn pursuit() -> Scene {
        let mut scene = Scene::pursuit(Basis::PursuitCaughtInTheAct);
        let part = &mut scene.parts.convention.pursuit;
        part.release_hours = Some(6);
        part.release_excluded_from = Some("00:00".into());
        part.release_excluded_to = Some("09:00".into());
        scene
    }

    fn held(scene: &Scene, host_national: Option<bool>) -> Assessment {
        let facts = DetentionFacts {
            host: state("RO"),
            since: at("11:40:00"),
            host_national,
        };
        assess_detention(
            &scene.rulebook(),
            scene.declared.as_ref().expect("declared"),
            &facts,
        )
    }

    fn answers(scene: &Scene, host_national: Option<bool>) -> (Answer, Answer) {
        let assessment = held(scene, host_national);
        let of = |condition| found(&assessment, condition).expect("looked at").answer;
        (of("detention_foreseen"), of("release_rule_known"))
    }

    #[test]
    fn art_41_2_whether_the_person_may_be_held_is_the_rows_own_word() {
        let mut scene = pursuit();
        for (detain, answer) in [
            (Some(Detain::Yes), Answer::Met),
            (Some(Detain::No), Answer::NotMet),
            (Some(Detain::Unknown), Answer::Unknown),
            (None, Answer::Unknown),
        ] {
            scene.row().pursuit.detain = detain;
            assert_eq!(answers(&scene, None).0, answer, "{detain:?}");
        }
        let part = &mut scene.row().pursuit;
        part.detain = Some(Detain::Conditional);
        part.detain_condition = Some("within 30 minutes of the crossing".into());
        let assessment = held(&scene, None);
        let finding = found(&assessment, "detention_foreseen").expect("looked at");
        assert_eq!(finding.answer, Answer::Unknown);
        assert!(
            finding.sentence.contains("ASK ROOM"),
            "{}",
            finding.sentence
        );
        assert!(
            finding.sentence.contains("within 30 minutes"),
            "{}",
            finding.sentence
        );
    }

    #[test]
    fn art_40_3_f_a_surveillance_holds_nobody_and_a_patrol_asks() {
        for (basis, answer) in [
            (Basis::SurveillanceAuthorised, Answer::NotMet),
            (Basis::SurveillanceUrgent, Answer::NotMet),
            (Basis::JointPatrol, Answer::Unknown),
        ] {
            let scene = Scene {
                parts: pursuit().parts,
                ..Scene::on(basis)
            };
            assert_eq!(
                answers(&scene, None),
                (answer, Answer::Unknown),
                "{basis:?}"
            );
            assert!(
                held(&scene, None).clocks.is_empty(),
                "Art. 41(6) is of a pursuit"
            );
        }
    }

    #[test]
    fn art_41_6_who_is_no_national_of_the_host_is_released_within_six_hours_of_the_day() {
        let scene = pursuit();
        for said in [Some(false), None] {
            let assessment = held(&scene, said);
            let [clock] = assessment.clocks.as_slice() else {
                panic!("one clock: {:?}", assessment.clocks);
            };
            assert_eq!(clock.kind, ClockKind::Release);
            assert_eq!((clock.starts, clock.ends), (at("11:40:00"), at("17:40:00")));
            assert_eq!(&*clock.citation.instrument, "CISA Art. 41(6)");
            let finding = found(&assessment, "release_rule_known").expect("looked at");
            assert!(finding.sentence.contains("6 h, 00:00 to 09:00 not counted"));
            assert_eq!(finding.sentence.contains("not said"), said.is_none());
        }
        assert!(
            held(&scene, Some(true)).clocks.is_empty(),
            "a national of the host"
        );
    }

    #[test]
    fn no_hour_is_invented_where_the_rules_give_none() {
        let mut own = pursuit();
        own.row().pursuit.release_rule = Some("national law of the territory state".into());
        let mut no_hours = pursuit();
        no_hours.parts.convention.pursuit.release_hours = None;
        let mut no_zone = pursuit();
        for info in &mut no_zone.parts.states {
            info.time_zone = None;
        }
        let mut no_row = pursuit();
        no_row.parts.rows.clear();
        let mut unbound = pursuit();
        for info in unbound
            .parts
            .states
            .iter_mut()
            .filter(|info| info.state == state("RO"))
        {
            (info.schengen, info.schengen_since) = (false, None);
        }
        for (scene, why) in [
            (own, "a rule of its own"),
            (no_hours, "no hours"),
            (no_zone, "no zone"),
            (no_row, "no row"),
            (unbound, "not bound by the Convention"),
        ] {
            let assessment = held(&scene, Some(false));
            assert!(assessment.clocks.is_empty(), "{why}");
            let finding = found(&assessment, "release_rule_known").expect("looked at");
            assert_eq!(finding.answer, Answer::Unknown, "{why}");
            assert!(
                !finding.sentence.chars().any(|c| c.is_ascii_digit()),
                "{why}: {}",
                finding.sentence
            );
        }
    }
}
