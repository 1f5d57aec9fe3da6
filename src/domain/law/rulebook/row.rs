//! One row: what officers of one state may do on the soil of another. What is absent is not known.

use super::overlay::Overlaid;
use super::words::words;
use crate::domain::ids::State;
use crate::domain::law::basis::{Carrier, Purpose};
use crate::domain::law::finding::{Citation, Confidence, Origin};
use crate::domain::measure::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An ordered pair of states: who enters whose soil.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// Whose soil is entered.
    pub territory: State,
    /// Whose officers enter.
    pub from: State,
}

impl std::fmt::Display for Pair {
    /// `RO from HU`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} from {}", self.territory, self.from)
    }
}

words! {
    /// What kind of instrument governs a pair.
    Regime {
        /// The Schengen Convention.
        Convention = "CISA",
        /// The Convention, extended by a bilateral treaty.
        ConventionAndBilateral = "CISA+bilateral",
        /// A police treaty between the two (or three).
        Bilateral = "bilateral",
        /// The Benelux Police Treaty.
        Benelux = "Benelux",
        /// The Police Cooperation Convention for Southeast Europe.
        SoutheastEurope = "PCC_SEE",
        /// No instrument was found.
        NoneFound = "NONE_FOUND",
    }
}

impl Regime {
    /// Whether it rests on the Convention, so that both states must be bound by it.
    #[must_use]
    pub const fn rests_on_convention(self) -> bool {
        match self {
            Self::Convention | Self::ConventionAndBilateral => true,
            Self::Bilateral | Self::Benelux | Self::SoutheastEurope | Self::NoneFound => false,
        }
    }

    /// Where figures of such a row come from.
    #[must_use]
    pub const fn origin(self) -> Origin {
        match self {
            Self::Convention | Self::NoneFound => Origin::Law,
            Self::ConventionAndBilateral
            | Self::Bilateral
            | Self::Benelux
            | Self::SoutheastEurope => Origin::Treaty,
        }
    }
}

/// How the two states meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Border {
    /// By a frontier on land.
    Land,
    /// By a fixed link over water.
    Bridge,
    /// Only through a third state.
    Via(State),
}

impl Border {
    /// Parses `land`, `bridge` or `via BE`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "land" => Some(Self::Land),
            "bridge" => Some(Self::Bridge),
            other => State::parse(other.strip_prefix("via ")?)
                .ok()
                .map(Self::Via),
        }
    }
}

impl std::fmt::Display for Border {
    /// As the rule data spells it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Land => f.write_str("land"),
            Self::Bridge => f.write_str("bridge"),
            Self::Via(state) => write!(f, "via {state}"),
        }
    }
}

words! {
    /// Whether an instrument gives a form of entry at all.
    Granted {
        /// It does.
        Yes = "yes",
        /// It does not.
        No = "no",
        /// Only once the two states have made an implementing agreement: refused until the rules name it.
        WithImplementingAgreement = "with_implementing_agreement",
    }
}

words! {
    /// In which forms of surveillance contact persons may be followed.
    ContactPersons {
        /// Art. 40(1) only.
        Planned = "planned",
        /// Art. 40(2) too.
        PlannedAndUrgent = "planned+urgent",
    }
}

/// What a row says of Art. 40.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveillance {
    /// Whether authorised surveillance, Art. 40(1), is foreseen.
    pub planned: bool,
    /// Whether urgent surveillance, Art. 40(2), is foreseen.
    pub urgent: Granted,
    /// Hours from the crossing until which consent must be there.
    pub consent_hours: Option<u32>,
    /// The offence list of urgent surveillance.
    pub offences_urgent: Option<Arc<str>>,
    /// Whether neither form exists before an implementing agreement.
    pub needs_implementing_agreement: Option<bool>,
    /// When contact persons may be followed.
    pub contact_persons: Option<ContactPersons>,
    /// On what officers may move.
    pub media: Option<Vec<Carrier>>,
    /// Whether it holds on the whole territory.
    pub whole_territory: Option<bool>,
    /// Whether it may start on the other side.
    pub start_abroad: Option<bool>,
    /// Whether preventive surveillance exists.
    pub preventive: Option<bool>,
    /// Where preventive surveillance is confined to.
    pub preventive_area: Option<Arc<str>>,
    /// The offence list of urgent surveillance that is preventive, where it is another one.
    pub preventive_offences: Option<Arc<str>>,
    /// The rule on technical means.
    pub technical_means: Option<Arc<str>>,
    /// Whom to tell of the crossing.
    pub notify: Option<Arc<str>>,
    /// Whom to inform besides.
    pub inform: Option<Arc<str>>,
    /// To whom the request goes.
    pub request_to: Option<Arc<str>>,
    /// Who decides on it.
    pub grant: Option<Arc<str>>,
    /// In which languages.
    pub languages: Option<Vec<Arc<str>>>,
    /// The least maximum penalty of the offence, years.
    pub min_penalty_years: Option<u32>,
    /// Whether a person who evades a sentence may be followed.
    pub sentence_enforcement: Option<bool>,
    /// The least sentence still to serve, months.
    pub sentence_enforcement_min_months: Option<u32>,
    /// What else was read.
    pub notes: Option<Arc<str>>,
    /// How well this part is known.
    pub confidence: Confidence,
}

words! {
    /// How far a pursuit may go.
    Limit {
        /// No limit in space or time.
        None = "none",
        /// A distance.
        Radius = "radius",
        /// A distance or a period.
        RadiusOrTime = "radius_or_time",
        /// Not known: no number is shown and none assumed.
        Unknown = "unknown",
    }
}

words! {
    /// Which of two limits ends a pursuit.
    LimitRule {
        /// Whichever; which comes first is not stated.
        Either = "either",
    }
}

words! {
    /// A limit in time, said apart.
    TimeLimit {
        /// There is none.
        None = "none",
    }
}

words! {
    /// Whether pursuing officers may hold the person.
    Detain {
        /// Until the host's officers come.
        Yes = "yes",
        /// Not at all.
        No = "no",
        /// On the condition beside it.
        Conditional = "conditional",
        /// Not known: neither yes nor no.
        Unknown = "unknown",
    }
}

words! {
    /// When the host state is contacted.
    Contact {
        /// As a rule before the crossing.
        BeforeCrossingAsRule = "before_crossing_as_rule",
        /// At the latest when crossing.
        AtCrossing = "at_crossing",
        /// Immediately.
        Immediately = "immediately",
    }
}

/// What a row says of Art. 41.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pursuit {
    /// Whether pursuit is foreseen.
    pub allowed: Granted,
    /// How far it may go.
    pub limit: Option<Limit>,
    /// Radius in the host state, kilometres.
    pub radius_km: Option<u32>,
    /// Period from the crossing, minutes.
    pub minutes: Option<u32>,
    /// Which of the two ends it.
    pub limit_rule: Option<LimitRule>,
    /// A limit in time, said apart.
    pub time_limit: Option<TimeLimit>,
    /// Whether officers may hold the person.
    pub detain: Option<Detain>,
    /// On what condition.
    pub detain_condition: Option<Arc<str>>,
    /// The offence list.
    pub offences: Option<Arc<str>>,
    /// Whether it holds on land only; absent is read as yes.
    pub land_only: Option<bool>,
    /// When to contact the host; absent is read as before the crossing.
    pub contact: Option<Contact>,
    /// On what officers may move.
    pub media: Option<Vec<Carrier>>,
    /// The rule on manned aircraft.
    pub manned_aircraft: Option<Arc<str>>,
    /// The rule on unmanned aircraft.
    pub unmanned_aircraft: Option<Arc<str>>,
    /// Whether evading a check is a ground to start.
    pub evade_check: Option<bool>,
    /// How deep in the state of origin that check may lie, kilometres: never a radius of the pursuit.
    pub evade_check_origin_km: Option<u32>,
    /// Whether a pursuit that comes from a third state may go on.
    pub from_third_state: Option<bool>,
    /// Years for which transfer logs are kept at least.
    pub log_retention_min_years: Option<u32>,
    /// The rule on release, where it is not the Convention's.
    pub release_rule: Option<Arc<str>>,
    /// Whom to tell.
    pub notify: Option<Arc<str>>,
    /// What to tell.
    pub notify_fields: Option<Vec<Arc<str>>>,
    /// What else was read.
    pub notes: Option<Arc<str>>,
    /// How well this part is known.
    pub confidence: Confidence,
}

/// The rules for one ordered pair of states, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who enters whose soil.
    pub pair: Pair,
    /// What the officers are there for; a row that does not say speaks of criminal investigations by police.
    pub purpose: Purpose,
    /// How the two meet.
    pub border: Border,
    /// The kind of instrument.
    pub regime: Regime,
    /// The instrument and its articles.
    pub instrument: Arc<str>,
    /// From when; absent is an unknown start, shown so and treated as in force.
    pub valid_from: Option<Day>,
    /// What the row rests on.
    pub sources: Vec<Arc<str>>,
    /// How well the row is known.
    pub confidence: Confidence,
    /// What else was read.
    pub notes: Option<Arc<str>>,
    /// Art. 40.
    pub surveillance: Surveillance,
    /// Art. 41.
    pub pursuit: Pursuit,
    /// What overlays of legal services say, by field, such as `surveillance.consent_hours`.
    pub overlaid: BTreeMap<Arc<str>, Overlaid>,
}

impl Row {
    /// Cites the row for a figure of its surveillance part; `article` is the Convention's, said where the figure is the
    /// Convention's and not a treaty's.
    #[must_use]
    pub fn cite_surveillance(&self, article: &str, rules_version: u32) -> Citation {
        self.cite_part(
            "surveillance.",
            article,
            self.surveillance.confidence,
            rules_version,
        )
    }

    /// Cites the row for a figure of its pursuit part, as [`Self::cite_surveillance`] does.
    #[must_use]
    pub fn cite_pursuit(&self, article: &str, rules_version: u32) -> Citation {
        self.cite_part("pursuit.", article, self.pursuit.confidence, rules_version)
    }

    /// Cites the row for one field, such as `surveillance.consent_hours`: what an overlay says is cited as the overlay's,
    /// with its own confidence.
    #[must_use]
    pub fn cite_field(&self, field: &str, article: &str, rules_version: u32) -> Citation {
        let confidence = if field.starts_with("pursuit.") {
            self.pursuit.confidence
        } else {
            self.surveillance.confidence
        };
        let cited = self.cite(article, confidence, rules_version);
        match self.overlaid.get(field) {
            Some(overlaid) => Citation {
                instrument: format!("{}; {}", overlaid.in_words(), cited.instrument).into(),
                confidence: overlaid.confidence(),
                ..cited
            },
            None => cited,
        }
    }

    /// Cites the row for a whole part: its confidence is the least of all that stands in the part, and the overlays that
    /// speak of it are named.
    fn cite_part(
        &self,
        part: &str,
        article: &str,
        confidence: Confidence,
        rules_version: u32,
    ) -> Citation {
        let cited = self.cite(article, confidence, rules_version);
        let of_part = || {
            self.overlaid
                .iter()
                .filter(|(key, _)| key.starts_with(part))
        };
        let by: BTreeSet<String> = of_part()
            .flat_map(|(_, overlaid)| overlaid.statements())
            .map(|statement| statement.overlay.to_string())
            .collect();
        if by.is_empty() {
            return cited;
        }
        let by: Vec<String> = by.into_iter().collect();
        Citation {
            instrument: format!("{}; {}", by.join("; "), cited.instrument).into(),
            confidence: of_part()
                .map(|(_, overlaid)| overlaid.confidence())
                .fold(confidence, Confidence::max),
            ..cited
        }
    }

    fn cite(&self, article: &str, confidence: Confidence, rules_version: u32) -> Citation {
        let instrument = match self.regime {
            Regime::Convention => format!("CISA {article}; {}", self.instrument),
            Regime::ConventionAndBilateral
            | Regime::Bilateral
            | Regime::Benelux
            | Regime::SoutheastEurope
            | Regime::NoneFound => self.instrument.to_string(),
        };
        Citation {
            origin: self.regime.origin(),
            instrument: instrument.into(),
            sources: self.sources.clone(),
            confidence,
            rules_version,
        }
    }

    /// Whether an instrument for officers to enter was found at all. Where none was, neither Art. 40 nor Art. 41 is
    /// open to them.
    #[must_use]
    pub fn instrument_found(&self) -> bool {
        match (self.regime, self.pursuit.allowed) {
            (Regime::NoneFound, _) | (_, Granted::No) => false,
            (
                Regime::Convention
                | Regime::ConventionAndBilateral
                | Regime::Bilateral
                | Regime::Benelux
                | Regime::SoutheastEurope,
                Granted::Yes | Granted::WithImplementingAgreement,
            ) => true,
        }
    }

    /// Whether surveillance waits for an implementing agreement that the rules do not name.
    #[must_use]
    pub fn waits_for_agreement(&self) -> bool {
        self.surveillance.needs_implementing_agreement == Some(true)
    }
}
