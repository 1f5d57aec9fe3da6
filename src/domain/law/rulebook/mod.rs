//! The rules as a whole: rows by ordered pair, and what they refer to. Consistent by construction.

pub mod flaws;
pub mod kept;
pub mod overlay;
pub mod register;
pub mod row;
mod words;

use crate::domain::ids::State;
use crate::domain::law::basis::{Basis, Purpose};
use crate::domain::law::finding::{Citation, Confidence, Origin};
use crate::domain::measure::{Day, Timestamp};
use flaws::Flaw;
use kept::Written;
use overlay::Overlay;
use register::{Convention, Offence, OffenceList, OtherCrossing, Source, StateInfo};
use row::{Pair, Row};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The list of offences of Art. 40(7), by its id in the rule data.
pub const ART_40_7: &str = "CISA40_7";

/// The list of offences of Art. 41(4)(a), by its id in the rule data.
pub const ART_41_4A: &str = "CISA41_4a";

/// The list of the offences that may lead to extradition (Art. 41(4)(b)). No data can hold it: a person judges.
pub const EXTRADITABLE: &str = "EXTRADITABLE";

/// Either of the two lists of Art. 41(4).
pub const LISTED_OR_EXTRADITABLE: &str = "LISTED_OR_EXTRADITABLE";

/// The list that stands for no test of the offence at all.
pub const ANY_OFFENCE: &str = "ANY";

/// The source id of the text of Art. 40.
const ART_40_SOURCE: &str = "cisa40";
/// The source id of the text of Art. 41.
const ART_41_SOURCE: &str = "cisa41";
/// The source id of the text of Decision 2008/615/JHA Art. 17.
const JOINT_OPERATIONS_SOURCE: &str = "prum";

/// What a [`Rulebook`] is built from, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The version of the rules.
    pub version: u32,
    /// The day on which they were drawn up.
    pub as_of: Day,
    /// What holds for a pair without a row, in words.
    pub default_rule: Arc<str>,
    /// The Convention and joint operations.
    pub convention: Convention,
    /// What rows rest on.
    pub sources: Vec<Source>,
    /// States.
    pub states: Vec<StateInfo>,
    /// Lists of offences.
    pub lists: Vec<OffenceList>,
    /// Offences.
    pub offences: Vec<Offence>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Lawful crossings of other kinds.
    pub crossings: Vec<OtherCrossing>,
    /// The files of legal services that were laid over the rows.
    pub overlays: Vec<Arc<Overlay>>,
}

/// The rules on which every decision of law rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    version: u32,
    as_of: Day,
    default_rule: Arc<str>,
    convention: Convention,
    sources: BTreeMap<Arc<str>, Source>,
    states: BTreeMap<State, StateInfo>,
    lists: BTreeMap<Arc<str>, OffenceList>,
    offences: BTreeMap<Arc<str>, Offence>,
    // Of one pair, the earliest start first; an unknown start comes before every other.
    rows: BTreeMap<Pair, Vec<Row>>,
    // By pair, then in the order of the data.
    crossings: BTreeMap<Pair, Vec<OtherCrossing>>,
    overlays: Vec<Arc<Overlay>>,
    written: Option<Written>,
    // Earlier rules that operations still rest on, by digest.
    earlier: Arc<BTreeMap<Arc<str>, Rulebook>>,
}

/// Which row is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Who enters whose soil.
    pub pair: Pair,
    /// What for.
    pub purpose: Purpose,
    /// When: the crossing.
    pub at: Timestamp,
}

impl Rulebook {
    /// Checks the parts against each other and binds them.
    ///
    /// # Errors
    /// Every [`Flaw`] found, in the order of the parts.
    pub fn new(parts: Parts) -> Result<Self, Vec<Flaw>> {
        let flaws = flaws::find(&parts);
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let mut rows: BTreeMap<Pair, Vec<Row>> = BTreeMap::new();
        for row in parts.rows {
            rows.entry(row.pair).or_default().push(row);
        }
        for of_pair in rows.values_mut() {
            of_pair.sort_by_key(|row| (row.purpose, row.valid_from));
        }
        let mut crossings: BTreeMap<Pair, Vec<OtherCrossing>> = BTreeMap::new();
        for crossing in parts.crossings {
            crossings.entry(crossing.pair).or_default().push(crossing);
        }
        Ok(Self {
            version: parts.version,
            as_of: parts.as_of,
            default_rule: parts.default_rule,
            convention: parts.convention,
            sources: by(parts.sources, |source| Arc::clone(&source.id)),
            states: by(parts.states, |info| info.state),
            lists: by(parts.lists, |list| Arc::clone(&list.id)),
            offences: by(parts.offences, |offence| Arc::clone(&offence.id)),
            rows,
            crossings,
            overlays: parts.overlays,
            written: None,
            earlier: Arc::default(),
        })
    }

    /// The version of the rules.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The day on which they were drawn up.
    #[must_use]
    pub const fn as_of(&self) -> Day {
        self.as_of
    }

    /// What holds for a pair without a row, in the words of the data.
    #[must_use]
    pub fn default_rule(&self) -> &str {
        &self.default_rule
    }

    /// The Convention and joint operations.
    #[must_use]
    pub const fn convention(&self) -> &Convention {
        &self.convention
    }

    /// What is known of a state.
    #[must_use]
    pub fn state(&self, state: State) -> Option<&StateInfo> {
        self.states.get(&state)
    }

    /// The offence with this id.
    #[must_use]
    pub fn offence(&self, id: &str) -> Option<&Offence> {
        self.offences.get(id)
    }

    /// The list of offences with this id.
    #[must_use]
    pub fn list(&self, id: &str) -> Option<&OffenceList> {
        self.lists.get(id)
    }

    /// The source with this id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// All states, by code.
    #[must_use]
    pub fn states(&self) -> impl ExactSizeIterator<Item = &StateInfo> {
        self.states.values()
    }

    /// All offences, by id.
    #[must_use]
    pub fn offences(&self) -> impl ExactSizeIterator<Item = &Offence> {
        self.offences.values()
    }

    /// All lists of offences, by id.
    #[must_use]
    pub fn lists(&self) -> impl ExactSizeIterator<Item = &OffenceList> {
        self.lists.values()
    }

    /// All sources, by id.
    #[must_use]
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.sources.values()
    }

    /// The files of legal services that were laid over the rows.
    #[must_use]
    pub fn overlays(&self) -> &[Arc<Overlay>] {
        &self.overlays
    }

    /// All rows, by territory, then by the state whose officers enter.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().flatten()
    }

    /// All rows of a pair, whatever their purpose and start.
    #[must_use]
    pub fn rows_of(&self, pair: Pair) -> &[Row] {
        self.rows.get(&pair).map_or(&[], Vec::as_slice)
    }

    /// The row in force: of this pair and purpose, the one that began last at or before the moment. A row whose start
    /// is unknown is treated as in force.
    #[must_use]
    pub fn row(&self, wanted: Selection) -> Option<&Row> {
        self.rows_of(wanted.pair)
            .iter()
            .filter(|row| row.purpose == wanted.purpose)
            .rfind(|row| row.valid_from.is_none_or(|day| day.start() <= wanted.at))
    }

    /// The lawful crossings of other kinds that a pair has, whatever their start.
    #[must_use]
    pub fn other_crossings_of(&self, pair: Pair) -> &[OtherCrossing] {
        self.crossings.get(&pair).map_or(&[], Vec::as_slice)
    }

    /// The rule of a pair for a crossing of another kind, in force at a moment.
    #[must_use]
    pub fn other_crossing(
        &self,
        pair: Pair,
        basis: Basis,
        at: Timestamp,
    ) -> Option<&OtherCrossing> {
        self.other_crossings_of(pair).iter().find(|known| {
            known.basis == basis && known.valid_from.is_none_or(|day| day.start() <= at)
        })
    }

    /// Whether the Convention binds both states of a pair at this moment, as far as the rules know.
    #[must_use]
    pub fn convention_binds(&self, pair: Pair, at: Timestamp) -> bool {
        [pair.territory, pair.from].into_iter().all(|state| {
            self.state(state)
                .is_some_and(|info| info.bound_by_convention(at))
        })
    }

    /// Cites an article of the Convention itself, such as `Art. 40(2)`.
    #[must_use]
    pub fn cite_convention(&self, article: &str) -> Citation {
        let source = if article.starts_with("Art. 41") {
            ART_41_SOURCE
        } else {
            ART_40_SOURCE
        };
        self.cite(&format!("CISA {article}"), source)
    }

    /// Cites Decision 2008/615/JHA Art. 17.
    #[must_use]
    pub fn cite_joint_operations(&self) -> Citation {
        Citation {
            confidence: self
                .convention
                .joint
                .confidence
                .unwrap_or(Confidence::Unknown),
            ..self.cite("Decision 2008/615/JHA Art. 17", JOINT_OPERATIONS_SOURCE)
        }
    }

    /// Cites these rules for saying nothing.
    #[must_use]
    pub fn cite_no_rule(&self) -> Citation {
        Citation {
            origin: Origin::Law,
            instrument: "no rule found".into(),
            sources: Vec::new(),
            confidence: Confidence::Unknown,
            rules_version: self.version,
        }
    }

    fn cite(&self, instrument: &str, source: &str) -> Citation {
        let known = self.source(source);
        Citation {
            origin: Origin::Law,
            instrument: instrument.into(),
            sources: known
                .map(|source| Arc::clone(&source.id))
                .into_iter()
                .collect(),
            confidence: match known {
                Some(source) if source.read => Confidence::High,
                Some(_) => Confidence::Medium,
                None => Confidence::Unknown,
            },
            rules_version: self.version,
        }
    }
}

fn by<K: Ord, V>(values: Vec<V>, key: impl Fn(&V) -> K) -> BTreeMap<K, V> {
    values
        .into_iter()
        .map(|value| (key(&value), value))
        .collect()
}
