use super::*;
use crate::domain::ids::{State, StateSet};
use crate::domain::law::assess::{assess_crossing, assess_opening};
use crate::domain::law::basis::{Authorisation, Basis, Carrier, PersonCategory, Purpose};
use crate::domain::law::facts::{CrossingFacts, Declared, Recognisable};
use crate::domain::law::finding::{
    Answer, Assessment, ClockKind, Confidence, Duty, Origin, Verdict,
};
use crate::domain::law::rulebook::row::{Granted, Limit, Pair, Row};
use crate::domain::measure::{Span, Timestamp};
use crate::wire::rules::documents::PairDoc;
use std::collections::{BTreeMap, BTreeSet};

fn built_in() -> Arc<Rulebook> {
    rulebook(None).expect("the built-in rules have no flaw")
}

fn state(code: &str) -> State {
    State::parse(code).expect("a state's code")
}

fn crossing_time() -> Timestamp {
    Timestamp::parse("2027-03-16T11:33:17Z").expect("a time")
}

/// An operation of `from` that names `territory`, for murder by a suspect, authorised for the day unless it is urgent.
fn declared(basis: Basis, pair: Pair) -> Declared {
    Declared {
        basis,
        purpose: Purpose::CriminalInvestigation,
        offence: "murder".into(),
        person_category: PersonCategory::Suspect,
        requesting_state: pair.from,
        host_states: vec![pair.territory],
        authorisations: (basis != Basis::SurveillanceUrgent)
            .then(|| Authorisation {
                number: "27-0312".into(),
                from: crossing_time().plus(Span::from_hours(-4)),
                to: crossing_time().plus(Span::from_hours(8)),
                conditions: "".into(),
                state: None,
                drone: None,
            })
            .into_iter()
            .collect(),
        refusals: Vec::new(),
        extraditable: None,
        grounds: None,
        evaded_check: Vec::new(),
    }
}

fn crosses(rulebook: &Rulebook, declared: &Declared, carrier: Carrier) -> Assessment {
    assess_crossing(
        rulebook,
        &CrossingFacts {
            declared: Some(declared),
            unit_state: declared.requesting_state,
            carrier,
            territory: declared
                .host_states
                .iter()
                .copied()
                .fold(StateSet::NONE, StateSet::with),
            earliest: crossing_time(),
            likely: crossing_time().plus(Span::from_secs(3)),
            disputed: false,
            came_from: StateSet::NONE,
            recognisable: Recognisable::NotSaid,
            contacted: &[],
            in_patrol_area: None,
            abroad_at: None,
            flown: Vec::new(),
        },
    )
}

fn consent_hours(assessment: &Assessment) -> Option<i64> {
    assessment
        .clocks
        .iter()
        .find(|clock| clock.kind == ClockKind::Consent)
        .map(|clock| clock.ends.since(clock.starts).as_millis() / 3_600_000)
}

fn pair(from: &str, territory: &str) -> Pair {
    Pair {
        territory: state(territory),
        from: state(from),
    }
}

fn row(rulebook: &Rulebook, pair: Pair) -> &Row {
    let [row] = rulebook.rows_of(pair) else {
        panic!("one row of {pair}");
    };
    row
}

#[test]
fn the_built_in_rules_are_whole() {
    let rulebook = built_in();
    assert_eq!(rulebook.rows().count(), 132, "ordered pairs");
    let pairs: BTreeSet<Pair> = rulebook.rows().map(|row| row.pair).collect();
    assert_eq!(pairs.len(), 132, "one row each");
    assert_eq!(rulebook.states().len(), 43, "states");
    assert_eq!(rulebook.offences().len(), 20, "offences");
    assert_eq!(rulebook.lists().len(), 9, "offence lists");
    assert_eq!(rulebook.sources().len(), 64, "sources");
    assert_eq!(rulebook.version(), 1);
    assert_eq!(rulebook.as_of().to_string(), "2026-11-21");
}

#[test]
fn every_pair_has_its_reverse() {
    let rulebook = built_in();
    for row in rulebook.rows() {
        let Pair { territory, from } = row.pair;
        let reverse = Pair {
            territory: from,
            from: territory,
        };
        assert_eq!(rulebook.rows_of(reverse).len(), 1, "{reverse}");
    }
}

#[test]
fn every_file_of_the_folder_is_built_in_word_for_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("border-data");
    let from_folder = files(Some(&folder)).expect("the folder of the source tree");
    assert_eq!(from_folder, files(None).expect("built in"));
}

#[test]
fn no_key_of_a_row_is_lost_on_the_way_in() {
    let rulebook = built_in();
    let mut written: Vec<PairDoc> = files(None)
        .expect("built in")
        .iter()
        .flat_map(|file| rules::parse(file).expect("TOML").pair)
        .collect();
    written.sort_by(|a, b| (&a.territory, &a.from).cmp(&(&b.territory, &b.from)));
    let kept: Vec<PairDoc> = rulebook.rows().map(PairDoc::from).collect();
    assert_eq!(kept, written);
}

#[test]
fn figures_of_the_built_in_rules_add_up() {
    // Counted by hand from the proposal: a figure lost or gained shows here.
    let rulebook = built_in();
    let mut hours: BTreeMap<Option<u32>, usize> = BTreeMap::new();
    for row in rulebook.rows() {
        *hours.entry(row.surveillance.consent_hours).or_default() += 1;
    }
    let expected = [
        (None, 29),
        (Some(5), 89),
        (Some(8), 2),
        (Some(12), 10),
        (Some(24), 2),
    ];
    assert_eq!(hours, BTreeMap::from(expected));
    let count = |wanted: fn(&Row) -> bool| rulebook.rows().filter(|row| wanted(row)).count();
    assert_eq!(count(|row| row.valid_from.is_some()), 35);
    assert_eq!(count(|row| row.pursuit.radius_km.is_some()), 12);
    assert_eq!(count(|row| row.pursuit.minutes.is_some()), 2);
    assert_eq!(count(|row| row.pursuit.limit == Some(Limit::Unknown)), 60);
    assert_eq!(count(|row| row.pursuit.allowed == Granted::No), 26);
    assert_eq!(count(Row::waits_for_agreement), 16);
    assert_eq!(count(|row| row.surveillance.media.is_some()), 10);
    assert_eq!(count(|row| row.confidence == Confidence::High), 40);
    assert_eq!(count(|row| row.confidence == Confidence::Unknown), 33);
}

#[test]
fn the_consent_clock_runs_the_hours_of_the_pair() {
    let rulebook = built_in();
    let table = [
        // Art. 40(2) of the Convention.
        ("HU", "RO", 5, Origin::Law),
        ("RO", "HU", 5, Origin::Law),
        ("RO", "BG", 5, Origin::Law),
        ("FR", "ES", 5, Origin::Law),
        // Benelux Police Treaty; Enschede Art. 11; CH-IT and AT-IT agreements.
        ("NL", "BE", 5, Origin::Treaty),
        ("NL", "DE", 5, Origin::Treaty),
        ("IT", "CH", 5, Origin::Treaty),
        ("AT", "IT", 5, Origin::Treaty),
        // CH-DE treaty of 2022, Art. 14.
        ("CH", "DE", 8, Origin::Treaty),
        ("DE", "CH", 8, Origin::Treaty),
        // DE-PL agreement; FR-CH agreement Art. 12; AT-CH-LI treaty Art. 14.
        ("DE", "PL", 12, Origin::Treaty),
        ("PL", "DE", 12, Origin::Treaty),
        ("FR", "CH", 12, Origin::Treaty),
        ("CH", "FR", 12, Origin::Treaty),
        ("AT", "CH", 12, Origin::Treaty),
        ("LI", "AT", 12, Origin::Treaty),
        ("CH", "LI", 12, Origin::Treaty),
        // AT-CZ treaty, since 2016.
        ("AT", "CZ", 24, Origin::Treaty),
        ("CZ", "AT", 24, Origin::Treaty),
        // Not read in the pair's own text: the Convention's.
        ("HU", "AT", 5, Origin::Law),
        ("SI", "AT", 5, Origin::Law),
        ("AT", "SI", 5, Origin::Law),
    ];
    for (from, territory, hours, origin) in table {
        let pair = pair(from, territory);
        let declared = declared(Basis::SurveillanceUrgent, pair);
        let assessment = crosses(&rulebook, &declared, Carrier::Land);
        assert_eq!(consent_hours(&assessment), Some(hours), "{pair}");
        assert_eq!(assessment.clocks[0].citation.origin, origin, "{pair}");
        assert_eq!(assessment.clocks[0].starts, crossing_time());
        assert_eq!(
            assessment.verdict,
            Verdict::NoObstacle,
            "{pair}: {}",
            assessment.in_words()
        );
    }
}

#[test]
fn hours_that_were_not_read_say_so_in_exactly_three_pairs() {
    let rulebook = built_in();
    let not_read: Vec<String> = rulebook
        .rows()
        .filter(|row| {
            let declared = declared(Basis::SurveillanceUrgent, row.pair);
            let clocks = crosses(&rulebook, &declared, Carrier::Land).clocks;
            clocks.iter().any(|clock| {
                clock
                    .citation
                    .instrument
                    .contains("pair's own text not read")
            })
        })
        .map(|row| row.pair.to_string())
        .collect();
    assert_eq!(not_read, ["AT from HU", "AT from SI", "SI from AT"]);
}

#[test]
fn hours_are_not_cited_to_a_text_that_was_not_read() {
    let rulebook = built_in();
    let cited = |from, territory| {
        let declared = declared(Basis::SurveillanceUrgent, pair(from, territory));
        let clocks = crosses(&rulebook, &declared, Carrier::Land).clocks;
        clocks[0].citation.clone()
    };
    for (from, territory) in [("SK", "AT"), ("CZ", "DE"), ("SK", "PL"), ("DK", "DE")] {
        let citation = cited(from, territory);
        assert_eq!(citation.origin, Origin::Law, "{from} in {territory}");
        assert!(citation.instrument.starts_with("CISA Art. 40(2); "));
        assert!(citation.instrument.contains("not read"), "{citation:?}");
    }
    assert!(!cited("DE", "PL").instrument.contains("not read"));
}

#[test]
fn over_every_pair_no_clock_outlasts_the_pairs_own_hours_and_none_runs_without_a_right() {
    let rulebook = built_in();
    for row in rulebook.rows() {
        let declared = declared(Basis::SurveillanceUrgent, row.pair);
        let assessment = crosses(&rulebook, &declared, Carrier::Land);
        let open = row.surveillance.urgent == Granted::Yes;
        let hours = row.surveillance.consent_hours.unwrap_or(5);
        let expected = open.then_some(i64::from(hours));
        assert_eq!(consent_hours(&assessment), expected, "{}", row.pair);
        assert_eq!(
            assessment.verdict == Verdict::NoObstacle,
            open,
            "{}",
            row.pair
        );
        let opening = assess_opening(&rulebook, &declared, crossing_time());
        assert_eq!(opening.verdict, assessment.verdict, "{}", row.pair);
    }
}

#[test]
fn both_bases_of_article_40_are_refused_where_no_instrument_was_found_or_an_agreement_is_missing() {
    let rulebook = built_in();
    let mut refused = 0;
    for row in rulebook.rows() {
        for basis in [Basis::SurveillanceAuthorised, Basis::SurveillanceUrgent] {
            let opening = assess_opening(&rulebook, &declared(basis, row.pair), crossing_time());
            let barred = !row.instrument_found() || row.waits_for_agreement();
            assert_eq!(
                opening.verdict == Verdict::Stop,
                barred,
                "{basis:?} {}",
                row.pair
            );
            refused += usize::from(barred);
        }
    }
    assert_eq!(refused, 2 * (26 + 16));
}

#[test]
fn hungarian_officers_in_romania_in_detail() {
    let rulebook = built_in();
    let row = row(&rulebook, pair("HU", "RO"));
    assert_eq!(&*row.instrument, "RO-HU agreement 21-10-2008; law 51/2025");
    assert_eq!(row.confidence, Confidence::Low);
    assert_eq!(row.surveillance.confidence, Confidence::Medium);
    assert_eq!(row.valid_from, None);
    assert_eq!(row.surveillance.request_to.as_deref(), Some("CCPI"));

    let planned = declared(Basis::SurveillanceAuthorised, row.pair);
    let assessment = crosses(&rulebook, &planned, Carrier::Land);
    assert_eq!(
        assessment.in_words(),
        "no obstacle found in rules v1 (confidence medium)"
    );
    assert_eq!(
        consent_hours(&assessment),
        None,
        "absent, not zero: it does not apply"
    );
    assert_eq!(assessment.clocks[0].kind, ClockKind::AuthorisationWindow);
    let duties: Vec<Duty> = assessment.duties.iter().map(|duty| duty.duty).collect();
    assert_eq!(duties, [Duty::NoticeOfCrossing, Duty::Report]);

    let urgent = declared(Basis::SurveillanceUrgent, row.pair);
    let assessment = crosses(&rulebook, &urgent, Carrier::Land);
    let clock = &assessment.clocks[0];
    assert_eq!(clock.ends.to_string(), "2027-03-16T16:33:17.000Z");
    assert_eq!(
        &*clock.citation.instrument,
        "CISA Art. 40(2); RO-HU agreement 21-10-2008; law 51/2025"
    );
    assert_eq!(clock.citation.sources, ["rolaw".into(), "rohu".into()]);
    assert_eq!(clock.citation.confidence, Confidence::Medium);
    assert_eq!(clock.citation.rules_version, 1);
    let duties: Vec<(Duty, &str)> = assessment
        .duties
        .iter()
        .map(|d| (d.duty, &*d.when))
        .collect();
    assert_eq!(
        duties,
        [
            (
                Duty::NoticeOfCrossing,
                "immediately, during the surveillance"
            ),
            (Duty::Request, "without delay, with reasons"),
            (Duty::Report, ""),
        ]
    );
    for carrier in [Carrier::Water, Carrier::Air, Carrier::Drone] {
        let assessment = crosses(&rulebook, &planned, carrier);
        assert_eq!(assessment.verdict, Verdict::Stop, "{carrier:?}");
    }
}

#[test]
fn romanian_officers_in_hungary_in_detail() {
    let rulebook = built_in();
    let row = row(&rulebook, pair("RO", "HU"));
    assert_eq!(&*row.instrument, "RO-HU agreement 21-10-2008");
    assert_eq!(row.confidence, Confidence::Unknown);
    assert_eq!(row.surveillance.confidence, Confidence::Medium);
    assert_eq!(row.surveillance.request_to.as_deref(), Some("NEBEK"));
    let urgent = declared(Basis::SurveillanceUrgent, row.pair);
    let clock = crosses(&rulebook, &urgent, Carrier::Land).clocks.remove(0);
    assert_eq!(clock.ends.since(clock.starts), Span::from_hours(5));
    assert_eq!(clock.citation.sources, ["rohu".into(), "ejnhu70".into()]);
}

#[test]
fn twelve_hours_between_germany_and_poland_cite_their_agreement_and_not_the_convention() {
    let rulebook = built_in();
    let declared = declared(Basis::SurveillanceUrgent, pair("DE", "PL"));
    let clock = crosses(&rulebook, &declared, Carrier::Land)
        .clocks
        .remove(0);
    assert_eq!(
        &*clock.citation.instrument,
        "Agreement 15-5-2014, Arts 22-25"
    );
}

#[test]
fn before_romania_was_a_full_schengen_state_article_40_stops() {
    let rulebook = built_in();
    let declared = declared(Basis::SurveillanceUrgent, pair("HU", "RO"));
    let then = Timestamp::parse("2024-12-31T12:00:00Z").expect("a time");
    let opening = assess_opening(&rulebook, &declared, then);
    let reasons: Vec<&str> = opening.obstacles().map(|f| &*f.condition).collect();
    assert_eq!(reasons, ["convention_binds_both"]);
}

#[test]
fn every_offence_of_article_40_7_opens_urgent_surveillance_and_no_other_does() {
    let rulebook = built_in();
    let mut listed = 0;
    for offence in rulebook.offences() {
        let mut declared = declared(Basis::SurveillanceUrgent, pair("HU", "RO"));
        declared.offence = Arc::clone(&offence.id);
        let opening = assess_opening(&rulebook, &declared, crossing_time());
        let on_list = offence.lists.iter().any(|list| &**list == "CISA40_7");
        assert_eq!(
            opening.verdict == Verdict::NoObstacle,
            on_list,
            "{}",
            offence.id
        );
        listed += usize::from(on_list);
    }
    assert_eq!(listed, 19, "13 of 1990 and 6 of 2003");
}

#[test]
fn only_the_treaty_of_enschede_adds_contact_persons_to_urgent_surveillance() {
    let rulebook = built_in();
    let mut open: Vec<String> = Vec::new();
    for row in rulebook.rows() {
        let mut declared = declared(Basis::SurveillanceUrgent, row.pair);
        declared.person_category = PersonCategory::Contact;
        let opening = assess_opening(&rulebook, &declared, crossing_time());
        if opening.verdict == Verdict::NoObstacle {
            open.push(row.pair.to_string());
        }
    }
    assert_eq!(open, ["DE from NL", "NL from DE"]);
}

#[test]
fn by_air_and_water_only_pairs_that_name_them_have_no_obstacle_and_drones_none() {
    let rulebook = built_in();
    for row in rulebook.rows() {
        let declared = declared(Basis::SurveillanceAuthorised, row.pair);
        for carrier in [Carrier::Water, Carrier::Air, Carrier::Drone] {
            let named = row
                .surveillance
                .media
                .as_ref()
                .is_some_and(|m| m.contains(&carrier));
            let assessment = crosses(&rulebook, &declared, carrier);
            assert_eq!(
                assessment.verdict == Verdict::NoObstacle,
                named,
                "{carrier:?} {}",
                row.pair
            );
            assert!(carrier != Carrier::Drone || !named, "no row names drones");
        }
    }
}

#[test]
fn a_romanian_patrol_in_luxembourg_raises_nothing_until_it_leaves_its_terms() {
    let rulebook = built_in();
    let declared = declared(Basis::JointPatrol, pair("RO", "LU"));
    assert_eq!(
        assess_opening(&rulebook, &declared, crossing_time()).verdict,
        Verdict::NoObstacle
    );
    let inside = crosses(&rulebook, &declared, Carrier::Land);
    assert_eq!(
        (inside.verdict, inside.duties.len()),
        (Verdict::NoObstacle, 0)
    );
    let onward = assess_crossing(
        &rulebook,
        &CrossingFacts {
            declared: Some(&declared),
            unit_state: state("RO"),
            carrier: Carrier::Land,
            territory: StateSet::one(state("FR")),
            earliest: crossing_time(),
            likely: crossing_time(),
            disputed: false,
            came_from: StateSet::NONE,
            recognisable: Recognisable::NotSaid,
            contacted: &[],
            in_patrol_area: None,
            abroad_at: None,
            flown: Vec::new(),
        },
    );
    assert_eq!(onward.verdict, Verdict::Stop);
    let reasons: Vec<(&str, Answer)> = onward
        .obstacles()
        .map(|f| (&*f.condition, f.answer))
        .collect();
    // What Luxembourg agreed says nothing of France.
    let unmet = ["host_state_named", "patrol_period"];
    assert_eq!(reasons, unmet.map(|condition| (condition, Answer::NotMet)));
}

#[test]
fn a_pair_without_a_row_stops() {
    let rulebook = built_in();
    for basis in [Basis::SurveillanceAuthorised, Basis::SurveillanceUrgent] {
        let declared = declared(basis, pair("HU", "PL"));
        let assessment = crosses(&rulebook, &declared, Carrier::Land);
        assert_eq!(assessment.verdict, Verdict::Stop);
        assert!(
            assessment
                .in_words()
                .contains("No rule is known for officers of HU in PL")
        );
    }
}

#[test]
fn no_sentence_says_allowed_and_each_citation_names_only_sources_that_exist() {
    let rulebook = built_in();
    for row in rulebook.rows() {
        for basis in Basis::ALL {
            let declared = declared(basis, row.pair);
            let assessment = crosses(&rulebook, &declared, Carrier::Drone);
            assert!(!assessment.in_words().contains("allowed"));
            for finding in &assessment.findings {
                assert!(
                    !finding.sentence.contains("allowed"),
                    "{}",
                    finding.sentence
                );
                for source in &finding.citation.sources {
                    assert!(rulebook.source(source).is_some(), "{source}");
                }
            }
        }
    }
}
