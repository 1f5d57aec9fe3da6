//! What rows refer to: sources, states, offences and their lists, the Convention itself.

use super::row::Pair;
use crate::domain::ids::State;
use crate::domain::law::basis::{Basis, Carrier};
use crate::domain::law::finding::{Citation, Confidence, Origin};
use crate::domain::measure::{Day, Timestamp};
use std::sync::Arc;

/// A text, register or statement that a row rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id, as rows name it.
    pub id: Arc<str>,
    /// What it is and where it was found.
    pub title: Arc<str>,
    /// Whether it was read; else it is general knowledge.
    pub read: bool,
}

/// What the rules know of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateInfo {
    /// Its ISO 3166-1 code.
    pub state: State,
    /// Its English name.
    pub name: Arc<str>,
    /// Whether it is a full Schengen state.
    pub schengen: bool,
    /// Since when.
    pub schengen_since: Option<Day>,
    /// Whether it is a member of the European Union.
    pub eu: bool,
    /// Since when it is party to the Police Cooperation Convention for Southeast Europe.
    pub pcc_see_since: Option<Day>,
    /// The time zone of its soil in Europe, by its name in the IANA database; islands far off may keep another.
    pub time_zone: Option<Arc<str>>,
    /// Its official languages, ISO 639-1.
    pub languages: Vec<Arc<str>>,
    /// Who receives requests under Art. 40.
    pub art40_authority: Option<Arc<str>>,
    /// Whom to contact in a pursuit under Art. 41.
    pub art41_contact: Option<Arc<str>>,
    /// How well its authorities are known.
    pub authority_confidence: Confidence,
}

impl StateInfo {
    /// Whether the Convention binds it at this moment, as far as the rules know.
    #[must_use]
    pub fn bound_by_convention(&self, at: Timestamp) -> bool {
        self.schengen && self.schengen_since.is_some_and(|day| day.start() <= at)
    }
}

/// A list of offences that an article or treaty names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffenceList {
    /// Its id, as rows and offences name it.
    pub id: Arc<str>,
    /// What it is, for an operator.
    pub label: Arc<str>,
    /// Whether the rule data holds all of it: only then does an offence that is not on it fail the test.
    pub closed: bool,
    /// How well it is known.
    pub confidence: Confidence,
}

/// An offence that an operation can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    /// Its id.
    pub id: Arc<str>,
    /// What it is, for an operator.
    pub label: Arc<str>,
    /// The lists it is on.
    pub lists: Vec<Arc<str>>,
    /// Since which year.
    pub since: Arc<str>,
}

/// A lawful crossing that is neither surveillance nor pursuit nor a joint patrol, as a treaty between two states has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherCrossing {
    /// For what reason; its form is that of other crossings.
    pub basis: Basis,
    /// Who enters whose soil.
    pub pair: Pair,
    /// The treaty and its article.
    pub instrument: Arc<str>,
    /// Since when; an unknown start is treated as in force.
    pub valid_from: Option<Day>,
    /// On what officers may move.
    pub media: Vec<Carrier>,
    /// What is asked of the officers, in words.
    pub asks: Arc<str>,
    /// When the host is told, in words; `None` where the treaty was not read to ask for it.
    pub notice: Option<Arc<str>>,
    /// What it rests on.
    pub sources: Vec<Arc<str>>,
    /// How well it is known.
    pub confidence: Confidence,
}

impl OtherCrossing {
    /// Cites the treaty and its article.
    #[must_use]
    pub fn cite(&self, rules_version: u32) -> Citation {
        Citation {
            origin: Origin::Treaty,
            instrument: Arc::clone(&self.instrument),
            sources: self.sources.clone(),
            confidence: self.confidence,
            rules_version,
        }
    }
}

/// Art. 40 of the Convention itself. Never merged into a pair's absent fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConventionSurveillance {
    /// Hours until which the consent under Art. 40(2) must be there.
    pub consent_hours: Option<u32>,
    /// From what they count.
    pub clock_starts: Option<Arc<str>>,
    /// When to tell the host state of the crossing, Art. 40(2)(a).
    pub notify: Option<Arc<str>>,
    /// When to send the request, Art. 40(2)(b).
    pub request: Option<Arc<str>>,
    /// Whether the surveillance stops when the host state asks.
    pub stop_on_request: Option<bool>,
    /// Whether officers may stop, question or arrest.
    pub may_stop_or_arrest: Option<bool>,
    /// Whether homes and places not open to the public are barred.
    pub no_homes_or_private_places: Option<bool>,
    /// When proof of the authorisation is carried.
    pub carry_authorisation: Option<Arc<str>>,
    /// Whether officers must be able to prove their capacity.
    pub prove_official_capacity: Option<bool>,
    /// The rule on service weapons.
    pub service_weapon: Option<Arc<str>>,
    /// Whether each operation is reported to the host state.
    pub report_after: Option<bool>,
    /// When contact persons may be followed.
    pub contact_persons: Option<Arc<str>>,
    /// Whether it holds on land only.
    pub land_only: Option<bool>,
}

/// Art. 41 of the Convention itself. Never merged into a pair's absent fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConventionPursuit {
    /// What makes a pursuit.
    pub trigger: Option<Vec<Arc<str>>>,
    /// When to contact the host state.
    pub contact: Option<Arc<str>>,
    /// Whether it stops when the host state asks.
    pub stop_on_request: Option<bool>,
    /// Whether it holds on land only.
    pub land_only: Option<bool>,
    /// Whether homes and places not open to the public are barred.
    pub no_homes_or_private_places: Option<bool>,
    /// How officers are to be recognised.
    pub identifiable: Option<Arc<str>>,
    /// The rule on service weapons.
    pub service_weapon: Option<Arc<str>>,
    /// Whether officers report in person afterwards.
    pub report_in_person_after: Option<bool>,
    /// Whether they stay until the circumstances are clear.
    pub stay_until_clarified: Option<bool>,
    /// Hours until an arrested person is released.
    pub release_hours: Option<u32>,
    /// Night hours that do not count: from.
    pub release_excluded_from: Option<Arc<str>>,
    /// Night hours that do not count: to.
    pub release_excluded_to: Option<Arc<str>>,
    /// In which time.
    pub release_tz: Option<Arc<str>>,
    /// Whom the release concerns.
    pub release_applies_to: Option<Arc<str>>,
    /// What keeps the person held.
    pub release_exception: Option<Arc<str>>,
}

/// Joint operations under Decision 2008/615/JHA Art. 17.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JointOperations {
    /// Whether entering the host state is a crossing in the sense of Art. 40 and 41.
    pub crossing_event: Option<bool>,
    /// What must match.
    pub condition: Option<Arc<str>>,
    /// What follows outside area or period.
    pub outside_area_or_period: Option<Arc<str>>,
    /// When officers may act with sovereign powers.
    pub sovereign_powers: Option<Arc<str>>,
    /// How well it is known.
    pub confidence: Option<Confidence>,
}

/// What holds where no pair is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Convention {
    /// Art. 40.
    pub surveillance: ConventionSurveillance,
    /// Art. 41.
    pub pursuit: ConventionPursuit,
    /// Joint operations.
    pub joint: JointOperations,
}
