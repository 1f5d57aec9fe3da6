//! A small rulebook and a crossing into it, changed by each test where it matters.

use super::assess::{assess_crossing, assess_opening};
use super::basis::{Authorisation, Basis, Carrier, EvadedCheck, PersonCategory, Purpose};
use super::facts::{CrossingFacts, Declared, Flown, Recognisable};
use super::finding::{Answer, Assessment, Confidence, Finding};
use super::rulebook::register::{
    Convention, ConventionSurveillance, JointOperations, Offence, OffenceList, OtherCrossing,
    Source, StateInfo,
};
use super::rulebook::row::{
    Border, Contact, Detain, Granted, Limit, Pair, Pursuit, Regime, Row, Surveillance,
};
use super::rulebook::{
    ANY_OFFENCE, ART_40_7, ART_41_4A, EXTRADITABLE, LISTED_OR_EXTRADITABLE, Parts, Rulebook,
};
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Day, Metres, Timestamp};

pub(super) fn state(code: &str) -> State {
    State::parse(code).expect("a state's code")
}

/// A time of 16 March 2027, such as `11:33:17`.
pub(super) fn at(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2027-03-16T{time}Z")).expect("a time")
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// A row as the Convention gives it, known in all that Art. 40 asks.
pub(super) fn row(from: &str, territory: &str) -> Row {
    Row {
        pair: Pair {
            territory: state(territory),
            from: state(from),
        },
        purpose: Purpose::CriminalInvestigation,
        border: Border::Land,
        regime: Regime::Convention,
        instrument: "the two states' agreement".into(),
        valid_from: None,
        sources: vec!["agreement".into()],
        confidence: Confidence::Low,
        notes: None,
        surveillance: Surveillance {
            planned: true,
            urgent: Granted::Yes,
            consent_hours: Some(5),
            offences_urgent: Some(ART_40_7.into()),
            needs_implementing_agreement: None,
            contact_persons: None,
            media: None,
            whole_territory: None,
            start_abroad: None,
            preventive: None,
            preventive_area: None,
            preventive_offences: None,
            technical_means: None,
            notify: None,
            inform: None,
            request_to: None,
            grant: None,
            languages: None,
            min_penalty_years: None,
            sentence_enforcement: None,
            sentence_enforcement_min_months: None,
            notes: None,
            confidence: Confidence::Medium,
        },
        pursuit: Pursuit {
            allowed: Granted::Yes,
            limit: Some(Limit::Unknown),
            radius_km: None,
            minutes: None,
            limit_rule: None,
            time_limit: None,
            detain: Some(Detain::Unknown),
            detain_condition: None,
            offences: None,
            land_only: None,
            contact: Some(Contact::AtCrossing),
            media: None,
            manned_aircraft: None,
            unmanned_aircraft: None,
            evade_check: None,
            evade_check_origin_km: None,
            from_third_state: None,
            log_retention_min_years: None,
            release_rule: None,
            notify: None,
            notify_fields: None,
            notes: None,
            confidence: Confidence::Low,
        },
        overlaid: std::collections::BTreeMap::new(),
    }
}

pub(super) fn state_info(code: &str, schengen_since: Option<&str>, eu: bool) -> StateInfo {
    StateInfo {
        state: state(code),
        name: code.into(),
        schengen: schengen_since.is_some(),
        schengen_since: schengen_since.map(day),
        eu,
        pcc_see_since: None,
        time_zone: Some("Europe/Bucharest".into()),
        languages: vec!["en".into()],
        art40_authority: None,
        art41_contact: None,
        authority_confidence: Confidence::Low,
    }
}

fn list(id: &str, closed: bool) -> OffenceList {
    OffenceList {
        id: id.into(),
        label: format!("the list {id}").into(),
        closed,
        confidence: Confidence::High,
    }
}

fn offence(id: &str, lists: &[&str]) -> Offence {
    Offence {
        id: id.into(),
        label: format!("The offence {id}").into(),
        lists: lists.iter().map(|list| (*list).into()).collect(),
        since: "1990".into(),
    }
}

fn source(id: &str) -> Source {
    Source {
        id: id.into(),
        title: format!("The text {id}").into(),
        read: true,
    }
}

/// Of officers of HU in RO.
fn other_crossing(basis: Basis, media: &[Carrier], notice: Option<&str>) -> OtherCrossing {
    OtherCrossing {
        basis,
        pair: Pair {
            territory: state("RO"),
            from: state("HU"),
        },
        instrument: "Agreement Art. 9".into(),
        valid_from: Some(day("2008-01-01")),
        media: media.to_vec(),
        asks: "the shortest way".into(),
        notice: notice.map(Into::into),
        sources: vec!["agreement".into()],
        confidence: Confidence::High,
    }
}

/// HU, RO, AT, LU, DE are bound by the Convention, CH without being of the Union; UA is not; RO only since 2025.
pub(super) fn parts(rows: Vec<Row>) -> Parts {
    Parts {
        version: 7,
        as_of: day("2026-11-21"),
        default_rule: "none".into(),
        convention: Convention {
            surveillance: ConventionSurveillance {
                consent_hours: Some(5),
                notify: Some("immediately, during the surveillance".into()),
                request: Some("without delay, with reasons".into()),
                ..ConventionSurveillance::default()
            },
            joint: JointOperations {
                confidence: Some(Confidence::High),
                ..JointOperations::default()
            },
            ..Convention::default()
        },
        sources: vec![
            source("cisa40"),
            source("cisa41"),
            source("prum"),
            source("agreement"),
        ],
        states: vec![
            state_info("HU", Some("2007-12-21"), true),
            state_info("RO", Some("2025-01-01"), true),
            state_info("AT", Some("1997-12-01"), true),
            state_info("LU", Some("1995-03-26"), true),
            state_info("DE", Some("1995-03-26"), true),
            state_info("CH", Some("2008-12-12"), false),
            state_info("UA", None, false),
        ],
        lists: vec![
            list(ART_40_7, true),
            list(ART_41_4A, true),
            list("PURSUIT", true),
            list(EXTRADITABLE, false),
            list(LISTED_OR_EXTRADITABLE, false),
            list(ANY_OFFENCE, false),
            list("ANNEX", false),
        ],
        offences: vec![
            offence("murder", &[ART_40_7, ART_41_4A, "PURSUIT"]),
            offence("hit_and_run", &["PURSUIT"]),
        ],
        rows,
        crossings: vec![
            other_crossing(Basis::ImminentDanger, &[Carrier::Land], Some("at once")),
            other_crossing(Basis::TransitByRoad, &[Carrier::Land], None),
            other_crossing(Basis::TrainOrShip, &[Carrier::Land, Carrier::Water], None),
            other_crossing(Basis::Assistance, &[Carrier::Land], None),
        ],
        overlays: Vec::new(),
    }
}

/// A crossing at 11:33:17 to 11:33:20 by a Hungarian car of an operation that names Romania, and all of it changeable.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) parts: Parts,
    pub(super) declared: Option<Declared>,
    pub(super) unit_state: State,
    pub(super) carrier: Carrier,
    pub(super) territory: StateSet,
    pub(super) earliest: Timestamp,
    pub(super) likely: Timestamp,
    pub(super) disputed: bool,
    pub(super) came_from: StateSet,
    pub(super) recognisable: Recognisable,
    pub(super) contacted: Vec<(State, Timestamp)>,
    pub(super) in_patrol_area: Option<bool>,
    pub(super) abroad_at: Option<Timestamp>,
    pub(super) flown: Vec<Flown>,
}

impl Scene {
    pub(super) fn on(basis: Basis) -> Self {
        let authorisation = Authorisation {
            number: "RO-27-0312".into(),
            from: at("07:00:00"),
            to: at("20:00:00"),
            conditions: "".into(),
            state: None,
            drone: None,
        };
        Self {
            parts: parts(vec![row("HU", "RO")]),
            declared: Some(Declared {
                basis,
                purpose: Purpose::CriminalInvestigation,
                offence: "murder".into(),
                person_category: PersonCategory::Suspect,
                requesting_state: state("HU"),
                host_states: vec![state("RO")],
                authorisations: match basis {
                    Basis::SurveillanceAuthorised | Basis::JointPatrol | Basis::Assistance => {
                        vec![authorisation]
                    }
                    _ => Vec::new(),
                },
                refusals: Vec::new(),
                extraditable: None,
                grounds: Some("seen at the break-in, the host's patrol is an hour away".into()),
                evaded_check: vec![EvadedCheck {
                    host: state("RO"),
                    to_frontier: Some(Metres::new(12_000.0)),
                }],
            }),
            unit_state: state("HU"),
            carrier: Carrier::Land,
            territory: StateSet::one(state("RO")),
            earliest: at("11:33:17"),
            likely: at("11:33:20"),
            disputed: false,
            came_from: StateSet::one(state("HU")),
            recognisable: Recognisable::Yes,
            contacted: vec![(state("RO"), at("11:33:00"))],
            in_patrol_area: None,
            abroad_at: None,
            flown: Vec::new(),
        }
    }

    /// A pursuit of which everything that Art. 41 asks is known and met: no limit, on the pair's list, by car.
    pub(super) fn pursuit(basis: Basis) -> Self {
        let mut scene = Self::on(basis);
        let part = &mut scene.row().pursuit;
        part.limit = Some(Limit::None);
        part.offences = Some("PURSUIT".into());
        part.evade_check = Some(true);
        scene
    }

    pub(super) fn row(&mut self) -> &mut Row {
        self.parts.rows.first_mut().expect("one row")
    }

    pub(super) fn declared(&mut self) -> &mut Declared {
        self.declared.as_mut().expect("an operation")
    }

    pub(super) fn window(&mut self) -> &mut Authorisation {
        let declared = self.declared();
        declared
            .authorisations
            .first_mut()
            .expect("an authorisation")
    }

    pub(super) fn rulebook(&self) -> Rulebook {
        Rulebook::new(self.parts.clone()).expect("sound rules")
    }

    pub(super) fn cross(&self) -> Assessment {
        assess_crossing(
            &self.rulebook(),
            &CrossingFacts {
                declared: self.declared.as_ref(),
                unit_state: self.unit_state,
                carrier: self.carrier,
                territory: self.territory,
                earliest: self.earliest,
                likely: self.likely,
                disputed: self.disputed,
                came_from: self.came_from,
                recognisable: self.recognisable,
                contacted: &self.contacted,
                in_patrol_area: self.in_patrol_area,
                abroad_at: self.abroad_at,
                flown: self.flown.clone(),
            },
        )
    }

    pub(super) fn open(&self) -> Assessment {
        let declared = self.declared.as_ref().expect("an operation");
        assess_opening(&self.rulebook(), declared, at("06:00:00"))
    }
}

/// The finding of a condition; the worst when several hosts were looked at.
pub(super) fn found<'a>(assessment: &'a Assessment, condition: &str) -> Option<&'a Finding> {
    assessment
        .findings
        .iter()
        .filter(|finding| &*finding.condition == condition)
        .max_by_key(|finding| finding.answer != Answer::Met)
}
