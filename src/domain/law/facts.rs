//! The facts that the law is asked about. The law never sees a track or a polygon.

use super::basis::{
    Authorisation, Basis, Carrier, EvadedCheck, HostRefusal, PersonCategory, Purpose,
};
use super::finding::Answer;
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Timestamp};
use std::sync::Arc;

/// What a host granted, and the first moment at which it does not hold any more: its end, or when the host took it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostDocument<'a> {
    /// The document.
    pub document: &'a Authorisation,
    /// From when on it does not hold.
    pub ends: Timestamp,
}

/// What an operation declares when it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The provision it rests on.
    pub basis: Basis,
    /// What it is for.
    pub purpose: Purpose,
    /// The offence, by its id in the rule data.
    pub offence: Arc<str>,
    /// Who is followed.
    pub person_category: PersonCategory,
    /// Whose officers.
    pub requesting_state: State,
    /// Where they may have to go.
    pub host_states: Vec<State>,
    /// What hosts granted, in the order in which it was entered; nothing is ever taken out.
    pub authorisations: Vec<Authorisation>,
    /// Where hosts said no, in the order in which it was entered; each with how many documents had been entered before:
    /// of those the host's own do not hold any more.
    pub refusals: Vec<(HostRefusal, usize)>,
    /// Whether the offence may lead to extradition, as a person of the room judged; `None` when nobody did. The rules
    /// hold no list of such offences, because each state's law makes its own.
    pub extraditable: Option<bool>,
    /// Why the host could not be asked (Art. 40(2)) or told (Art. 41(1)) before the crossing.
    pub grounds: Option<Arc<str>>,
    /// Of a pursuit after an evaded check: how far from the frontier it was, by host.
    pub evaded_check: Vec<EvadedCheck>,
}

impl Declared {
    /// Which host granted a document: the one it names, else the only one there is. `None` when several are named and
    /// the document does not say: then it counts for none of them.
    #[must_use]
    pub fn granted_by(&self, document: &Authorisation) -> Option<State> {
        match (document.state, self.host_states.as_slice()) {
            (Some(state), _) => Some(state),
            (None, [only]) => Some(*only),
            (None, _) => None,
        }
    }

    /// The documents of one host, the one entered last first.
    pub fn documents_of(&self, host: State) -> impl Iterator<Item = HostDocument<'_>> {
        let newest_first = self.authorisations.iter().enumerate().rev();
        newest_first
            .filter(move |(_, document)| self.granted_by(document) == Some(host))
            .map(move |(index, document)| {
                let refusals = self.refusals.iter();
                let ended = refusals.filter(|(said, before)| said.host == host && index < *before);
                let first = ended.map(|(said, _)| said.at).min();
                let ends = first.map_or(document.to, |at| at.min(document.to));
                HostDocument { document, ends }
            })
    }

    /// The document of a host that holds at a moment. One entered later takes the place of those that
    /// began before its end: a window made shorter is not outlived by the one before it.
    #[must_use]
    pub fn document_at(&self, host: State, at: Timestamp) -> Option<HostDocument<'_>> {
        let mut ended: Option<Timestamp> = None;
        for granted in self.documents_of(host) {
            let from = granted.document.from;
            if from > at || ended.is_some_and(|ended| from < ended) {
                continue;
            }
            if at < granted.ends {
                return Some(granted);
            }
            ended = ended.max(Some(granted.ends));
        }
        None
    }

    /// A host says no: what it granted before does not hold any more.
    pub fn refuse(&mut self, refusal: HostRefusal) {
        self.refusals.push((refusal, self.authorisations.len()));
    }

    /// The last word of a host that said no up to a moment, while it stands.
    #[must_use]
    pub fn refused(&self, host: State, at: Timestamp) -> Option<&HostRefusal> {
        let spoken = self.refusals_of(host).filter(|(said, _)| said.at <= at);
        let (said, until) = spoken.last()?;
        until.is_none_or(|until| at < until).then_some(said)
    }

    /// Where a host said no, in the order in which it was entered; each with the moment from which on a document that was
    /// entered after it is in force: from then on it does not stand.
    pub fn refusals_of(
        &self,
        host: State,
    ) -> impl Iterator<Item = (&HostRefusal, Option<Timestamp>)> {
        let of_host = self
            .refusals
            .iter()
            .filter(move |(said, _)| said.host == host);
        of_host.map(move |(said, before)| {
            let since = self.authorisations.iter().skip(*before);
            let granted = since.filter(|document| self.granted_by(document) == Some(host));
            (said, granted.map(|document| document.from).min())
        })
    }

    /// Until when a host's documents hold without a gap, from a moment at which one does.
    #[must_use]
    pub fn held_until(&self, host: State, at: Timestamp) -> Option<Timestamp> {
        let mut held_to = self.document_at(host, at)?.ends;
        let mut since = at;
        loop {
            let starts = self.documents_of(host).map(|granted| granted.document.from);
            let next = starts.filter(|from| *from > since).min();
            let Some(next) = next.filter(|next| *next <= held_to) else {
                return Some(held_to);
            };
            since = next;
            match self.document_at(host, next) {
                Some(granted) => held_to = granted.ends,
                None => return Some(next),
            }
        }
    }

    /// The document of a host that begins next after a moment.
    #[must_use]
    pub fn next_document(&self, host: State, after: Timestamp) -> Option<HostDocument<'_>> {
        self.documents_of(host)
            .filter(|granted| after < granted.document.from && granted.document.from < granted.ends)
            .min_by_key(|granted| granted.document.from)
    }
}

/// How officers can be recognised as police, as far as somebody said (Art. 41(5)(d)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recognisable {
    /// By uniform, armband or the fittings of the vehicle.
    Yes,
    /// In plain clothes in an unmarked vehicle: forbidden in a pursuit.
    No,
    /// Nobody said.
    NotSaid,
}

/// Whether a drone keeps to where a host's document lets it fly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flown {
    /// The host state.
    pub host: State,
    /// The number of its document.
    pub document: Arc<str>,
    /// Whether it is in the area; `None` where the document bounds none, or the place is not known.
    pub in_area: Option<bool>,
    /// How high it may be, and whether it is no higher; `None` where the document bounds no height, or it is not asked: a
    /// crossing has no height, each fix after it has.
    pub height: Option<(Metres, Answer)>,
}

/// What is known when a unit of the operation entered another state.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossingFacts<'a> {
    /// What the operation declared; `None` when the unit is in no operation.
    pub declared: Option<&'a Declared>,
    /// Whose officers crossed.
    pub unit_state: State,
    /// On what they move.
    pub carrier: Carrier,
    /// Where they are now: one state, or both of a condominium (the stricter law applies).
    pub territory: StateSet,
    /// The earliest moment consistent with the data: every clock counts from here.
    pub earliest: Timestamp,
    /// The likely moment: the rule row is chosen by it.
    pub likely: Timestamp,
    /// Whether the place lies in a disputed, undelimited or overlapping area.
    pub disputed: bool,
    /// The states left by the crossing; empty when that is not known.
    pub came_from: StateSet,
    /// How the unit can be recognised as police (Art. 41(5)(d)).
    pub recognisable: Recognisable,
    /// When this operation was first announced to a host state, by host.
    pub contacted: &'a [(State, Timestamp)],
    /// Of a joint patrol: whether the place lies in the agreed area. `None` when no area was agreed (the whole state).
    pub in_patrol_area: Option<bool>,
    /// Whether the host's document is asked for at a later moment, the unit being abroad still; `None` for the crossing
    /// itself.
    pub abroad_at: Option<Timestamp>,
    /// Of a drone: whether it keeps to where hosts let it fly, of each host whose document says so.
    pub flown: Vec<Flown>,
}

impl CrossingFacts<'_> {
    /// Whether the unit is back in its own state, and only there: then no law of another state is concerned.
    #[must_use]
    pub fn is_return_home(&self) -> bool {
        !self.disputed && !self.territory.is_empty() && self.foreign_states().next().is_none()
    }

    /// The states other than the unit's own whose law applies at the place. In a condominium the unit's own state being
    /// one of them changes nothing about the others.
    pub fn foreign_states(&self) -> impl Iterator<Item = State> {
        foreign(self.territory, self.unit_state)
    }
}

/// The states of a place whose law is another than that of officers of `own`.
pub fn foreign(place: StateSet, own: State) -> impl Iterator<Item = State> {
    let states: Vec<State> = place
        .iter()
        .filter(|place| *place != own && !is_part_of(*place, own))
        .collect();
    states.into_iter()
}

/// Whether a place with a code of its own is the soil of this state: Svalbard (SJ) is Norway's, so that Norwegian
/// officers do not go abroad there.
fn is_part_of(place: State, state: State) -> bool {
    (place.as_str(), state.as_str()) == ("SJ", "NO")
}
