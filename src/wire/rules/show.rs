//! What `rules show` says of one ordered pair, as data: the row as it stands, and what the strict reading makes of it.

use super::documents::{FlagOrWord, PairDoc, PursuitDoc, SourceDoc, SurveillanceDoc};
use crate::domain::law::basis::{Carrier, Purpose};
use crate::domain::law::clocks::consent_hours;
use crate::domain::law::finding::Citation;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::overlay::Overlaid;
use crate::domain::law::rulebook::register::OtherCrossing;
use crate::domain::law::rulebook::row::{Granted, Pair, Pursuit, Row, Surveillance};
use crate::domain::law::strict::{self, Holding, Opening, Reach};
use crate::domain::measure::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One ordered pair, shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairShown {
    /// Version of the rules.
    pub rules_version: u32,
    /// The day on which they were drawn up.
    pub as_of: String,
    /// Whose soil is entered.
    pub territory: StateShown,
    /// Whose officers enter.
    pub from: StateShown,
    /// The rows, the earliest first; none when no rule is known for the pair.
    pub rows: Vec<RowShown>,
    /// Lawful crossings of other kinds.
    pub other_crossings: Vec<OtherCrossingShown>,
    /// What holds where there is no row.
    pub without_row: Option<&'static str>,
}

/// A state, shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateShown {
    /// Its code.
    pub iso: String,
    /// Its name.
    pub name: String,
}

/// A lawful crossing of another kind, shown.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::register::OtherCrossing"
)]
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherCrossingShown {
    pub reason: &'static str,
    pub instrument: String,
    pub valid_from: Option<String>,
    pub media: Vec<&'static str>,
    pub asks: String,
    pub notice: Option<String>,
    pub sources: Vec<String>,
    pub confidence: &'static str,
}

impl From<&OtherCrossing> for OtherCrossingShown {
    fn from(known: &OtherCrossing) -> Self {
        Self {
            reason: known.basis.as_str(),
            instrument: known.instrument.to_string(),
            valid_from: known.valid_from.map(|day| day.to_string()),
            media: known.media.iter().map(|carrier| carrier.as_str()).collect(),
            asks: known.asks.to_string(),
            notice: owned(known.notice.as_ref()),
            sources: owned_all(&known.sources),
            confidence: known.confidence.as_str(),
        }
    }
}

/// One row, shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowShown {
    /// The row as it stands; `null` is not known.
    #[serde(flatten)]
    pub row: PairDoc,
    /// What the row rests on, in full.
    pub sources_in_full: Vec<SourceDoc>,
    /// What software does with it.
    pub strict_reading: StrictReading,
    /// What overlays of legal services say, by key, such as `surveillance.consent_hours`.
    pub overlays: BTreeMap<String, OverlaidShown>,
}

/// What overlays say of one key, shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverlaidShown {
    /// Whether the two states say different things: then the stricter is used.
    pub conflict: bool,
    /// How well it is known: the least of what is said.
    pub confidence: &'static str,
    /// Where the figure comes from, in words.
    pub words: String,
    /// What each says.
    pub said: Vec<SaidShown>,
}

/// What one overlay says of one key, shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidShown {
    /// Whose overlay.
    pub state: String,
    /// The legal service that answers for it.
    pub legal_service: String,
    /// Its reference.
    pub reference: String,
    /// The day on which it was drawn up.
    pub date: String,
    /// What it says, as the rule data spells it.
    pub value: String,
    /// How well it is known.
    pub confidence: &'static str,
}

impl From<&Overlaid> for OverlaidShown {
    fn from(overlaid: &Overlaid) -> Self {
        let said = overlaid.statements().iter().map(|statement| SaidShown {
            state: statement.overlay.state.to_string(),
            legal_service: statement.overlay.legal_service.to_string(),
            reference: statement.overlay.reference.to_string(),
            date: statement.overlay.date.to_string(),
            value: statement.value.to_string(),
            confidence: statement.confidence.as_str(),
        });
        Self {
            conflict: overlaid.conflicts(),
            confidence: overlaid.confidence().as_str(),
            words: overlaid.in_words(),
            said: said.collect(),
        }
    }
}

/// The strict reading of one row, field by field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StrictReading {
    /// Whether Art. 40(1) is refused on this row, and why.
    pub planned_refused: Option<&'static str>,
    /// Whether Art. 40(2) is refused on this row, and why.
    pub urgent_refused: Option<&'static str>,
    /// The consent clock, when there is one.
    pub consent: Option<FigureShown>,
    /// What stands in the place of a consent clock.
    pub consent_missing: Option<&'static str>,
    /// Whether Art. 41 is refused on this row, and why.
    pub pursuit_refused: Option<&'static str>,
    /// What an unknown limit means.
    pub limit: Option<&'static str>,
    /// What an unknown or conditional power to hold means.
    pub detain: Option<&'static str>,
    /// Whether pursuit is read as on land only.
    pub land_only: bool,
    /// When the host is contacted in a pursuit.
    pub contact: &'static str,
    /// What an absent start means.
    pub valid_from: Option<&'static str>,
}

/// A figure with its citation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureShown {
    /// Hours.
    pub hours: u32,
    /// In words: `5 h (CISA Art. 40(2); pair's own text not read)`.
    pub words: String,
    /// law, treaty, profile or exercise.
    pub origin: &'static str,
    /// Instrument and article.
    pub instrument: String,
    /// Ids of the sources.
    pub sources: Vec<String>,
    /// How well it is known.
    pub confidence: &'static str,
}

impl FigureShown {
    fn new(hours: u32, words: String, citation: &Citation) -> Self {
        Self {
            hours,
            words,
            origin: citation.origin.as_str(),
            instrument: citation.instrument.to_string(),
            sources: owned_all(&citation.sources),
            confidence: citation.confidence.as_str(),
        }
    }
}

/// Shows a pair of known states; `None` when the rules do not know one of them.
#[must_use]
pub fn pair(rulebook: &Rulebook, pair: Pair) -> Option<PairShown> {
    let shown = |state| {
        rulebook.state(state).map(|info| StateShown {
            iso: info.state.to_string(),
            name: info.name.to_string(),
        })
    };
    let rows: Vec<RowShown> = rulebook
        .rows_of(pair)
        .iter()
        .map(|row| row_shown(rulebook, row))
        .collect();
    Some(PairShown {
        rules_version: rulebook.version(),
        as_of: rulebook.as_of().to_string(),
        territory: shown(pair.territory)?,
        from: shown(pair.from)?,
        without_row: rows.is_empty().then_some(
            "no rule known: bases 40 and 41 are refused; stop at the frontier and contact the other state",
        ),
        rows,
        other_crossings: rulebook
            .other_crossings_of(pair)
            .iter()
            .map(OtherCrossingShown::from)
            .collect(),
    })
}

fn row_shown(rulebook: &Rulebook, row: &Row) -> RowShown {
    let sources = row
        .sources
        .iter()
        .filter_map(|id| rulebook.source(id))
        .map(|source| SourceDoc {
            id: source.id.to_string(),
            title: source.title.to_string(),
            read: source.read,
        })
        .collect();
    RowShown {
        row: PairDoc::from(row),
        sources_in_full: sources,
        strict_reading: strict_reading(rulebook, row),
        overlays: row
            .overlaid
            .iter()
            .map(|(key, overlaid)| (key.to_string(), OverlaidShown::from(overlaid)))
            .collect(),
    }
}

const NO_INSTRUMENT: &str =
    "no instrument found: refused at the opening; on a crossing stop, contact, record";
const NO_AGREEMENT: &str = "refused until the rules name the implementing agreement";
const NOT_BOUND: &str = "refused: the Convention is not known to bind both states";

fn strict_reading(rulebook: &Rulebook, row: &Row) -> StrictReading {
    let pursuit = &row.pursuit;
    let barred = !row.instrument_found() || row.waits_for_agreement();
    let consent = consent_hours(rulebook, row, end_of_time()).filter(|_| !barred);
    StrictReading {
        planned_refused: refused(strict::planned(rulebook, row, end_of_time())),
        urgent_refused: refused(strict::urgent(rulebook, row, end_of_time())),
        consent_missing: (!barred && consent.is_none())
            .then_some("no hours are known and none assumed: stop and ask"),
        consent: consent.map(|c| FigureShown::new(c.hours, c.in_words(), &c.citation)),
        pursuit_refused: refused(strict::pursuit(rulebook, row, end_of_time())),
        limit: match strict::reach(pursuit) {
            Reach::NotKnown => Some("limit not known: ask the host before crossing"),
            Reach::NoLimit | Reach::Radius { .. } | Reach::RadiusOrTime { .. } => None,
        },
        detain: match strict::holding(pursuit) {
            Holding::AskRoom(_) => Some("ASK ROOM"),
            Holding::UntilHostComes | Holding::No => None,
        },
        land_only: strict::land_only(pursuit),
        contact: strict::contact(pursuit).as_str(),
        valid_from: row
            .valid_from
            .is_none()
            .then_some("unknown start, treated as in force"),
    }
}

/// Why a form of entry is refused, when it is.
const fn refused(opening: Opening) -> Option<&'static str> {
    match opening {
        Opening::Foreseen => None,
        Opening::NotForeseen => Some("not foreseen"),
        Opening::NoInstrument => Some(NO_INSTRUMENT),
        Opening::WaitsForAgreement => Some(NO_AGREEMENT),
        Opening::ConventionDoesNotBind => Some(NOT_BOUND),
    }
}

/// A moment after every start that the rules name.
const fn end_of_time() -> Timestamp {
    Timestamp::from_millis(i64::MAX)
}

fn owned(value: Option<&Arc<str>>) -> Option<String> {
    value.map(ToString::to_string)
}

fn owned_all(values: &[Arc<str>]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn words(media: Option<&Vec<Carrier>>) -> Option<Vec<String>> {
    media.map(|media| media.iter().map(|c| c.as_str().to_owned()).collect())
}

impl From<&Row> for PairDoc {
    fn from(row: &Row) -> Self {
        Self {
            territory: row.pair.territory.to_string(),
            from: row.pair.from.to_string(),
            purpose: (row.purpose != Purpose::CriminalInvestigation)
                .then(|| row.purpose.as_str().to_owned()),
            border: row.border.to_string(),
            regime: row.regime.as_str().to_owned(),
            instrument: row.instrument.to_string(),
            valid_from: row.valid_from.map(|day| day.to_string()),
            sources: owned_all(&row.sources),
            confidence: row.confidence.as_str().to_owned(),
            notes: owned(row.notes.as_ref()),
            surveillance: SurveillanceDoc::from(&row.surveillance),
            pursuit: PursuitDoc::from(&row.pursuit),
        }
    }
}

impl From<&Surveillance> for SurveillanceDoc {
    fn from(part: &Surveillance) -> Self {
        Self {
            planned: part.planned,
            urgent: match part.urgent {
                Granted::Yes => FlagOrWord::Flag(true),
                Granted::No => FlagOrWord::Flag(false),
                Granted::WithImplementingAgreement => {
                    FlagOrWord::Word(part.urgent.as_str().to_owned())
                }
            },
            consent_hours: part.consent_hours,
            offences_urgent: owned(part.offences_urgent.as_ref()),
            needs_implementing_agreement: part.needs_implementing_agreement,
            contact_persons: part.contact_persons.map(|c| c.as_str().to_owned()),
            media: words(part.media.as_ref()),
            whole_territory: part.whole_territory,
            start_abroad: part.start_abroad,
            preventive: part.preventive,
            preventive_area: owned(part.preventive_area.as_ref()),
            preventive_offences: owned(part.preventive_offences.as_ref()),
            technical_means: owned(part.technical_means.as_ref()),
            notify: owned(part.notify.as_ref()),
            inform: owned(part.inform.as_ref()),
            request_to: owned(part.request_to.as_ref()),
            grant: owned(part.grant.as_ref()),
            languages: part.languages.as_deref().map(owned_all),
            min_penalty_years: part.min_penalty_years,
            sentence_enforcement: part.sentence_enforcement,
            sentence_enforcement_min_months: part.sentence_enforcement_min_months,
            notes: owned(part.notes.as_ref()),
            confidence: part.confidence.as_str().to_owned(),
        }
    }
}

impl From<&Pursuit> for PursuitDoc {
    fn from(part: &Pursuit) -> Self {
        Self {
            allowed: part.allowed.as_str().to_owned(),
            limit: part.limit.map(|l| l.as_str().to_owned()),
            radius_km: part.radius_km,
            minutes: part.minutes,
            limit_rule: part.limit_rule.map(|l| l.as_str().to_owned()),
            time_limit: part.time_limit.map(|t| t.as_str().to_owned()),
            detain: part.detain.map(|d| d.as_str().to_owned()),
            detain_condition: owned(part.detain_condition.as_ref()),
            offences: owned(part.offences.as_ref()),
            land_only: part.land_only,
            contact: part.contact.map(|c| c.as_str().to_owned()),
            media: words(part.media.as_ref()),
            manned_aircraft: owned(part.manned_aircraft.as_ref()),
            unmanned_aircraft: owned(part.unmanned_aircraft.as_ref()),
            evade_check: part.evade_check,
            evade_check_origin_km: part.evade_check_origin_km,
            from_third_state: part.from_third_state,
            log_retention_min_years: part.log_retention_min_years,
            release_rule: owned(part.release_rule.as_ref()),
            notify: owned(part.notify.as_ref()),
            notify_fields: part.notify_fields.as_deref().map(owned_all),
            notes: owned(part.notes.as_ref()),
            confidence: part.confidence.as_str().to_owned(),
        }
    }
}
