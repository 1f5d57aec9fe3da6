//! What holds for all rules and all facts, against a naive second reading.

use super::basis::{Basis, Carrier, Form, PersonCategory, Purpose};
use super::facts::{Declared, Recognisable};
use super::finding::{Answer, ClockKind, Finding, Verdict, Weight};
use super::fixture::{Scene, at, day, state};
use super::rulebook::row::{ContactPersons, Granted, Limit, Pursuit, Regime, Row};
use super::rulebook::{ANY_OFFENCE, ART_40_7, ART_41_4A, EXTRADITABLE, LISTED_OR_EXTRADITABLE};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Span, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

const STATES: [&str; 7] = ["HU", "RO", "AT", "LU", "DE", "CH", "UA"];

fn a_state() -> impl Strategy<Value = &'static str> {
    select(STATES.to_vec())
}

fn the_row() -> impl Strategy<Value = Row> {
    (
        (
            select(Regime::ALL.to_vec()),
            select(Granted::ALL.to_vec()),
            any::<bool>(),
            proptest::option::of(1_u32..=72),
            proptest::option::of(select(vec![ART_40_7, "EXTRADITABLE"])),
        ),
        (
            proptest::option::of(select(ContactPersons::ALL.to_vec())),
            proptest::option::of(select(vec![
                vec![Carrier::Land],
                vec![Carrier::Air],
                vec![Carrier::Land, Carrier::Water, Carrier::Air],
            ])),
            proptest::option::of(select(vec!["2024-06-01", "2027-03-16", "2027-03-17"])),
        ),
        (
            proptest::option::of(any::<bool>()),
            proptest::option::weighted(0.2, Just("near the frontier")),
            proptest::option::of(select(vec![ART_40_7, ANY_OFFENCE])),
        ),
        the_pursuit(),
    )
        .prop_map(
            |(
                (regime, urgent, planned, hours, list),
                (contact, media, since),
                prevents,
                pursuit,
            )| {
                let mut row = super::fixture::row("HU", "RO");
                row.regime = regime;
                row.pursuit = pursuit;
                row.valid_from = since.map(day);
                if regime == Regime::NoneFound {
                    row.pursuit.allowed = Granted::No;
                } else if row.pursuit.allowed == Granted::No {
                    row.pursuit.allowed = Granted::Yes;
                }
                let part = &mut row.surveillance;
                part.urgent = urgent;
                part.planned = planned;
                part.consent_hours = hours;
                part.offences_urgent = list.map(Into::into);
                part.needs_implementing_agreement =
                    (urgent == Granted::WithImplementingAgreement).then_some(true);
                part.contact_persons = contact;
                part.media = media;
                let (preventive, area, offences) = prevents;
                part.preventive = preventive;
                part.preventive_area = area.map(Into::into);
                part.preventive_offences = offences.map(Into::into);
                row
            },
        )
}

fn the_pursuit() -> impl Strategy<Value = Pursuit> {
    let lists = vec![
        "PURSUIT",
        ART_41_4A,
        EXTRADITABLE,
        LISTED_OR_EXTRADITABLE,
        ANY_OFFENCE,
        "ANNEX",
    ];
    (
        select(vec![
            Granted::Yes,
            Granted::Yes,
            Granted::WithImplementingAgreement,
        ]),
        select(vec![
            None,
            Some((Limit::None, None, None)),
            Some((Limit::Unknown, None, None)),
            Some((Limit::Radius, Some(10), None)),
            Some((Limit::RadiusOrTime, Some(50), Some(120))),
        ]),
        proptest::option::of(select(lists)),
        proptest::option::of(any::<bool>()),
        proptest::option::of(select(vec![
            vec![Carrier::Land],
            vec![Carrier::Land, Carrier::Water, Carrier::Air],
        ])),
        proptest::option::of(select(vec![10_u32, 12, 30])),
        proptest::option::of(Just("after coordination")),
    )
        .prop_map(
            |(allowed, limit, list, land_only, media, check_km, drones)| {
                let mut part = super::fixture::row("HU", "RO").pursuit;
                part.allowed = allowed;
                part.limit = limit.map(|(limit, _, _)| limit);
                part.radius_km = limit.and_then(|(_, km, _)| km);
                part.minutes = limit.and_then(|(_, _, minutes)| minutes);
                part.offences = list.map(Into::into);
                part.land_only = land_only;
                part.media = media;
                part.evade_check_origin_km = check_km;
                part.unmanned_aircraft = drones.map(Into::into);
                part
            },
        )
}

/// A morning on which the Convention did not yet bind RO.
fn before_2025() -> Timestamp {
    Timestamp::parse("2024-07-01T06:00:00Z").expect("a time")
}

fn a_scene() -> impl Strategy<Value = Scene> {
    (
        (
            the_row(),
            select(Basis::ALL.to_vec()),
            select(Purpose::ALL.to_vec()),
            select(PersonCategory::ALL.to_vec()),
            select(vec!["murder", "hit_and_run", "no_such", ""]),
            proptest::collection::vec(a_state(), 0..3),
        ),
        (
            prop_oneof![4 => Just("HU"), 1 => a_state()],
            select(Carrier::ALL.to_vec()),
            prop_oneof![4 => Just(vec!["RO"]), 1 => proptest::collection::vec(a_state(), 0..3)],
            (0_i64..40_000_000, 0_i64..7_200_000),
            prop_oneof![9 => Just(false), 1 => Just(true)],
            proptest::option::of(any::<bool>()),
        ),
        prop_oneof![9 => Just(true), 1 => Just(false)],
        select(vec![at("06:00:00"), before_2025()]),
        proptest::option::of(1_u32..=72),
        (
            proptest::option::of(any::<bool>()),
            select(vec![
                Recognisable::Yes,
                Recognisable::Yes,
                Recognisable::No,
                Recognisable::NotSaid,
            ]),
            select(vec!["HU", "HU", "HU", "AT"]),
            any::<bool>(),
            any::<bool>(),
        ),
    )
        .prop_map(
            |(declares, meets, in_operation, midnight, convention_hours, pursues)| {
                let (row, basis, purpose, person_category, offence, hosts) = declares;
                let (unit_state, carrier, territory, (after, gap), disputed, in_patrol_area) =
                    meets;
                let mut scene = Scene::on(basis);
                scene.parts.rows = vec![row];
                scene.parts.convention.surveillance.consent_hours = convention_hours;
                let (extraditable, recognisable, came_from, told, answered) = pursues;
                if basis.form() == Form::Pursuit && answered {
                    scene.declared().authorisations = Scene::on(Basis::SurveillanceAuthorised)
                        .declared()
                        .authorisations
                        .clone();
                }
                scene.declared().extraditable = extraditable;
                scene.recognisable = recognisable;
                scene.came_from = StateSet::one(state(came_from));
                if !told {
                    scene.contacted.clear();
                }
                scene.declared().purpose = purpose;
                scene.declared().person_category = person_category;
                scene.declared().offence = offence.into();
                scene
                    .declared()
                    .host_states
                    .extend(hosts.into_iter().map(state));
                scene.unit_state = state(unit_state);
                scene.carrier = carrier;
                scene.territory = territory
                    .into_iter()
                    .map(state)
                    .fold(StateSet::NONE, StateSet::with);
                scene.earliest = midnight.plus(Span::from_millis(after));
                scene.likely = scene.earliest.plus(Span::from_millis(gap));
                scene.disputed = disputed;
                scene.in_patrol_area = in_patrol_area;
                if !in_operation {
                    scene.declared = None;
                }
                scene
            },
        )
}

/// Whether the only row of a scene gives a crossing into RO no obstacle: Art. 40 read again, with no finding in sight.
fn naive_no_obstacle(scene: &Scene) -> bool {
    let (Some(declared), row) = (&scene.declared, &scene.parts.rows[0]) else {
        return false;
    };
    let since_2025 = Timestamp::parse("2025-01-01T00:00:00Z").expect("a time") <= scene.likely;
    let window = declared.authorisations.first();
    // A document that does not say who granted it is that of the only host.
    let in_window = declared.host_states == [state("RO")]
        && window.is_some_and(|w| w.from <= scene.earliest && scene.likely < w.to);
    let common = !scene.disputed
        && scene.unit_state == state("HU")
        && declared.requesting_state == state("HU")
        && declared.host_states.contains(&state("RO"));
    if declared.basis == Basis::JointPatrol {
        return common
            && declared.purpose != Purpose::Customs
            && in_window
            && scene.in_patrol_area != Some(false);
    }
    if declared.basis.form() == Form::OtherCrossing {
        let means = match declared.basis {
            Basis::TrainOrShip => [Carrier::Land, Carrier::Water].contains(&scene.carrier),
            Basis::ImminentDanger | Basis::TransitByRoad | Basis::Assistance => {
                scene.carrier == Carrier::Land
            }
            _ => false,
        };
        return common
            && declared.purpose != Purpose::Customs
            && means
            && (declared.basis != Basis::Assistance || in_window);
    }
    if declared.basis.form() == Form::Pursuit {
        return naive_pursuit(scene, declared, since_2025);
    }
    let part = &row.surveillance;
    let prevents = declared.purpose == Purpose::Preventive;
    let covered = common
        && (declared.purpose == Purpose::CriminalInvestigation
            || (prevents && part.preventive == Some(true)))
        && declared.person_category != PersonCategory::Nobody
        && row.valid_from.is_none_or(|day| day.start() <= scene.likely)
        && row.regime != Regime::NoneFound
        && part.needs_implementing_agreement != Some(true)
        && (since_2025 || !row.regime.rests_on_convention())
        && match &part.media {
            None => scene.carrier == Carrier::Land,
            Some(media) => media.contains(&scene.carrier),
        };
    let suspect = declared.person_category == PersonCategory::Suspect;
    match declared.basis {
        Basis::SurveillanceAuthorised => covered && part.planned && in_window,
        Basis::SurveillanceUrgent => {
            let own = part.preventive_offences.as_deref().filter(|_| prevents);
            let own = own.or(part.offences_urgent.as_deref());
            let listed = &*declared.offence == "murder" && (own == Some(ART_40_7) || since_2025);
            covered
                && part.urgent == Granted::Yes
                && (own == Some(ANY_OFFENCE) || listed)
                && !(prevents && part.preventive_area.is_some())
                && (suspect || part.contact_persons == Some(ContactPersons::PlannedAndUrgent))
                && (part.consent_hours.is_some()
                    || (since_2025 && scene.parts.convention.surveillance.consent_hours.is_some()))
        }
        _ => false,
    }
}

/// Whether a document of RO, the only host, holds when the unit crosses.
fn host_answered(scene: &Scene, declared: &Declared) -> bool {
    declared.host_states == [state("RO")]
        && declared
            .authorisations
            .first()
            .is_some_and(|given| given.from <= scene.likely && scene.likely < given.to)
}

/// Art. 41 read again: what a pursuit into RO needs, in the order of the article.
fn naive_pursuit(scene: &Scene, declared: &Declared, since_2025: bool) -> bool {
    let row = &scene.parts.rows[0];
    let part = &row.pursuit;
    let in_force = row.valid_from.is_none_or(|day| day.start() <= scene.likely)
        && (since_2025 || !row.regime.rests_on_convention());
    let known = ["murder", "hit_and_run"].contains(&&*declared.offence);
    let caught = match part.offences.as_deref() {
        Some("ANY") => true,
        Some("PURSUIT") => known,
        Some("CISA41_4a") => &*declared.offence == "murder",
        Some("EXTRADITABLE") => declared.extraditable == Some(true),
        Some("LISTED_OR_EXTRADITABLE") => {
            &*declared.offence == "murder" || declared.extraditable == Some(true)
        }
        None | Some(_) => &*declared.offence == "murder" && since_2025,
    };
    let starts = match declared.basis {
        Basis::PursuitCaughtInTheAct => known && caught,
        Basis::PursuitEscape => known || declared.offence.is_empty(),
        Basis::PursuitEvadedCheck => {
            (known || declared.offence.is_empty())
                && part.evade_check_origin_km.is_some_and(|km| km >= 12)
        }
        _ => false,
    };
    let by_land = scene.carrier == Carrier::Land;
    let named = part
        .media
        .as_ref()
        .is_some_and(|media| media.contains(&scene.carrier));
    let drones_have_conditions =
        scene.carrier == Carrier::Drone && part.unmanned_aircraft.is_some();
    let carrier = (by_land && (part.media.is_none() || named))
        || (part.land_only == Some(false) && named && !drones_have_conditions);
    !scene.disputed
        && scene.unit_state == state("HU")
        && in_force
        && part.allowed == Granted::Yes
        && declared.purpose == Purpose::CriminalInvestigation
        && declared.person_category == PersonCategory::Suspect
        && starts
        && carrier
        && (!matches!(part.limit, None | Some(Limit::Unknown)) || host_answered(scene, declared))
        && scene.recognisable == Recognisable::Yes
        && scene.came_from.contains(state("HU"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn unknown_never_counts_as_met(scene in a_scene()) {
        for assessment in [Some(scene.cross()), scene.declared.as_ref().map(|_| scene.open())]
            .into_iter()
            .flatten()
        {
            let met = |f: &Finding| f.answer == Answer::Met || f.weight == Weight::Warns;
            let all_met = assessment.findings.iter().all(met);
            prop_assert_eq!(assessment.verdict == Verdict::NoObstacle, all_met);
        }
    }

    #[test]
    fn a_naive_reading_of_the_articles_comes_to_the_same_verdict(scene in a_scene()) {
        let mut scene = scene;
        scene.territory = StateSet::one(state("RO"));
        prop_assume!(scene.unit_state != state("RO"));
        let assessment = scene.cross();
        prop_assert_eq!(
            assessment.verdict == Verdict::NoObstacle,
            naive_no_obstacle(&scene),
            "{}", assessment.in_words()
        );
    }

    #[test]
    fn a_crossing_abroad_without_obstacle_was_looked_at(scene in a_scene()) {
        let assessment = scene.cross();
        let home = !scene.disputed && scene.territory.single() == Some(scene.unit_state);
        prop_assert_eq!(assessment.findings.is_empty(), home);
        if scene.disputed || scene.territory.is_empty() || (scene.declared.is_none() && !home) {
            prop_assert_eq!(assessment.verdict, Verdict::Stop);
        }
    }

    #[test]
    fn no_clock_has_a_figure_that_is_not_in_the_data(scene in a_scene()) {
        let row = &scene.parts.rows[0];
        for clock in scene.cross().clocks {
            match clock.kind {
                ClockKind::Consent => {
                    let hours = row
                        .surveillance
                        .consent_hours
                        .or(scene.parts.convention.surveillance.consent_hours);
                    let span = hours.map(|hours| Span::from_hours(i64::from(hours)));
                    prop_assert_eq!(Some(clock.ends.since(clock.starts)), span);
                    prop_assert_eq!(clock.starts, scene.earliest);
                }
                ClockKind::PursuitPeriod => {
                    let minutes = row.pursuit.minutes.map(|minutes| Span::from_minutes(i64::from(minutes)));
                    prop_assert_eq!(Some(clock.ends.since(clock.starts)), minutes);
                    prop_assert_eq!(clock.starts, scene.earliest);
                }
                ClockKind::AuthorisationWindow => {
                    let given = scene.declared.as_ref().and_then(|d| d.authorisations.first());
                    prop_assert_eq!(given.map(|g| (g.from, g.to)), Some((clock.starts, clock.ends)));
                }
                ClockKind::Release => prop_assert!(false, "a crossing arrests nobody"),
            }
        }
    }

    #[test]
    fn consent_never_expires_later_than_the_earliest_crossing_plus_the_pairs_hours(scene in a_scene()) {
        let hours = scene.parts.rows[0].surveillance.consent_hours;
        let mut swapped = scene.clone();
        // Facts whose times contradict each other must not lengthen the clock either.
        std::mem::swap(&mut swapped.earliest, &mut swapped.likely);
        for (scene, hours) in [(&scene, hours), (&swapped, hours)] {
            let first = scene.earliest.min(scene.likely);
            for clock in scene.cross().clocks {
                if let (ClockKind::Consent, Some(hours)) = (clock.kind, hours) {
                    prop_assert!(clock.ends <= first.plus(Span::from_hours(i64::from(hours))));
                }
            }
        }
    }

    #[test]
    fn every_crossing_abroad_of_a_surveillance_or_pursuit_owes_a_notice_whatever_the_verdict(scene in a_scene()) {
        let abroad = scene.territory.iter().any(|state| state != scene.unit_state);
        let follows = scene.declared.as_ref().is_some_and(|d| d.basis != Basis::JointPatrol);
        if abroad && follows {
            let owed = scene.cross().duties;
            prop_assert!(owed.iter().any(|d| d.duty == super::finding::Duty::NoticeOfCrossing));
        }
    }
}
