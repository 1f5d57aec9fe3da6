//! What the rules and the documents of one host state give an operation: the row it goes by, how far, and until when.

use super::basis::{Form, Purpose};
use super::clocks::pair_into;
use super::conditions::pair_rules::Place;
use super::conditions::{article, cite_basis};
use super::facts::Declared;
use super::finding::{Citation, ClockKind, ClockSpec, Radius};
use super::rulebook::row::{Border, Granted, Row};
use super::rulebook::{Rulebook, Selection};
use super::strict::{self, Reach};
use crate::domain::ids::State;
use crate::domain::measure::{Metres, Timestamp};

/// The window of what this host state granted: an authorisation, or the agreed period of a joint patrol. Of several
/// documents the one that holds at `at`, with those that follow it without a gap; else the next to begin; else the last.
/// The document is the host's own: its origin is that of the instrument under which the host granted it at `at`, and the
/// citation names the document.
#[must_use]
pub fn authorisation_window(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Option<ClockSpec> {
    let given = declared
        .document_at(host, at)
        .or_else(|| declared.next_document(host, at))
        .or_else(|| declared.documents_of(host).next())?;
    let (given, ends) = (given.document, given.ends);
    let citation = cite_granting(rulebook, declared, host, at);
    let instrument = format!(
        "document {} of {host} under {}",
        given.number, citation.instrument
    );
    Some(ClockSpec {
        kind: ClockKind::AuthorisationWindow,
        starts: given.from,
        ends: declared
            .held_until(host, given.from.max(at))
            .unwrap_or(ends),
        citation: Citation {
            instrument: instrument.into(),
            ..citation
        },
    })
}

/// How far officers may go in a host state, as far as the rules say it and a map can show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// So far, measured as the shortest distance to the common frontier.
    Radius(Radius),
    /// As far as it leads: no limit in space.
    NoLimit,
    /// The rules give no figure: the host is asked.
    NotKnown,
    /// So far, from where is not on the map: the two have no common frontier on land.
    ByHand(Metres),
    /// No pursuit is foreseen, or no rule of one is known.
    NoPursuit,
}

impl Extent {
    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Radius(_) => "radius",
            Self::NoLimit => "no_limit",
            Self::NotKnown => "not_known",
            Self::ByHand(_) => "by_hand",
            Self::NoPursuit => "no_pursuit",
        }
    }

    /// One sentence for people, of officers of `from` in `host`.
    #[must_use]
    pub fn in_words(&self, from: State, host: State) -> String {
        match self {
            Self::Radius(radius) => {
                let km = radius.max.as_f64() / 1_000.0;
                format!(
                    "At most {km} km into {host}, measured as the shortest distance to the frontier of {from} and {host}."
                )
            }
            Self::NoLimit => format!("No limit in space for {from} in {host}."),
            Self::NotKnown => {
                format!("How far {from} may go in {host} is not known: ask {host}.")
            }
            Self::ByHand(max) => {
                let km = max.as_f64() / 1_000.0;
                format!(
                    "At most {km} km into {host}; from where they are measured is not on the map. Measure by hand."
                )
            }
            Self::NoPursuit => {
                format!("No pursuit by {from} in {host} is foreseen: no strip is drawn.")
            }
        }
    }
}

/// How far officers may go in a host state, of a pursuit; `None` of another undertaking, which has no such limit.
#[must_use]
pub fn extent(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Option<Extent> {
    if declared.basis.form() != Form::Pursuit {
        return None;
    }
    let Some(place) = pursued_into(rulebook, declared, host, at) else {
        return Some(Extent::NoPursuit);
    };
    let part = &place.row.pursuit;
    Some(match strict::reach(part) {
        Reach::Radius { km } | Reach::RadiusOrTime { km, .. } => {
            let max = Metres::new(f64::from(km) * 1_000.0);
            if place.row.border == Border::Land {
                let citation = place.cite_for(declared.basis);
                Extent::Radius(Radius { max, citation })
            } else {
                Extent::ByHand(max)
            }
        }
        Reach::NoLimit => Extent::NoLimit,
        Reach::NotKnown if part.allowed == Granted::No => Extent::NoPursuit,
        Reach::NotKnown => Extent::NotKnown,
    })
}

/// Where the conditions of a pursuit into a host state are looked at; none of another undertaking, or without a row.
pub(super) fn pursued_into<'a>(
    rulebook: &'a Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Option<Place<'a>> {
    if declared.basis.form() != Form::Pursuit {
        return None;
    }
    let row = row_of(rulebook, declared, host, at)?;
    Some(Place {
        rulebook,
        pair: row.pair,
        row,
        at,
    })
}

/// Cites what the basis rests on in one host state: the row of the pair, or the Convention where there is none; of a
/// joint patrol the Decision; of another crossing the treaty of the two.
pub(super) fn cite_granting(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Citation {
    let (basis, version) = (declared.basis, rulebook.version());
    let row = || row_of(rulebook, declared, host, at);
    let cited = match basis.form() {
        Form::Surveillance => row().map(|row| row.cite_surveillance(article(basis), version)),
        Form::Pursuit => row().map(|row| row.cite_pursuit(article(basis), version)),
        Form::JointPatrol => None,
        Form::OtherCrossing => rulebook
            .other_crossing(pair_into(host, declared.requesting_state), basis, at)
            .map(|known| known.cite(version)),
    };
    cited.unwrap_or_else(|| cite_basis(rulebook, basis))
}

/// The row in force for what is declared. A preventive surveillance goes by the row of criminal investigations where that
/// row says that it has preventive ones too.
pub(super) fn row_of<'a>(
    rulebook: &'a Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Option<&'a Row> {
    let of_purpose = |purpose| {
        rulebook.row(Selection {
            pair: pair_into(host, declared.requesting_state),
            purpose,
            at,
        })
    };
    let preventive =
        declared.basis.form() == Form::Surveillance && declared.purpose == Purpose::Preventive;
    of_purpose(declared.purpose).or_else(|| {
        of_purpose(Purpose::CriminalInvestigation)
            .filter(|row| preventive && row.surveillance.preventive == Some(true))
    })
}
