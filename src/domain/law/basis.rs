//! On what an operation rests: legal basis, purpose, person category, offence, authorisation.

use super::clocks::utc;
use crate::domain::ids::State;
use crate::domain::measure::{Metres, Timestamp};
use std::sync::Arc;

/// The provision an operation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Art. 40(1) of the Schengen Convention: surveillance the host state authorised beforehand.
    SurveillanceAuthorised,
    /// Art. 40(2): surveillance too urgent to ask first.
    SurveillanceUrgent,
    /// Art. 41(1): pursuit of somebody caught in the act.
    PursuitCaughtInTheAct,
    /// Art. 41(1): pursuit of somebody who escaped from custody or from serving a sentence.
    PursuitEscape,
    /// A treaty that goes further: pursuit of somebody who evaded a check near the frontier.
    PursuitEvadedCheck,
    /// Decision 2008/615/JHA Art. 17: a joint patrol under the host state's command.
    JointPatrol,
    /// Help in imminent danger, until the host's officers are there.
    ImminentDanger,
    /// Passing through because of the road network, without powers.
    TransitByRoad,
    /// On board a train or ship, to the first stop.
    TrainOrShip,
    /// Help that the host asked for.
    Assistance,
    /// Bringing or taking over a person at the border.
    TransferOfPerson,
    /// A consignment that is let pass under watch.
    ControlledDelivery,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::SurveillanceAuthorised,
        Self::SurveillanceUrgent,
        Self::PursuitCaughtInTheAct,
        Self::PursuitEscape,
        Self::PursuitEvadedCheck,
        Self::JointPatrol,
        Self::ImminentDanger,
        Self::TransitByRoad,
        Self::TrainOrShip,
        Self::Assistance,
        Self::TransferOfPerson,
        Self::ControlledDelivery,
    ];

    /// What kind of undertaking it is.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::SurveillanceAuthorised | Self::SurveillanceUrgent => Form::Surveillance,
            Self::PursuitCaughtInTheAct | Self::PursuitEscape | Self::PursuitEvadedCheck => {
                Form::Pursuit
            }
            Self::JointPatrol => Form::JointPatrol,
            Self::ImminentDanger
            | Self::TransitByRoad
            | Self::TrainOrShip
            | Self::Assistance
            | Self::TransferOfPerson
            | Self::ControlledDelivery => Form::OtherCrossing,
        }
    }

    /// Whether it rests on a document that the host gave beforehand: an authorisation, the terms of a joint patrol, or its
    /// own request. What rests on none stops by its clock alone.
    #[must_use]
    pub const fn rests_on_document(self) -> bool {
        match self {
            Self::SurveillanceAuthorised | Self::JointPatrol | Self::Assistance => true,
            Self::SurveillanceUrgent
            | Self::PursuitCaughtInTheAct
            | Self::PursuitEscape
            | Self::PursuitEvadedCheck
            | Self::ImminentDanger
            | Self::TransitByRoad
            | Self::TrainOrShip
            | Self::TransferOfPerson
            | Self::ControlledDelivery => false,
        }
    }

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SurveillanceAuthorised => "40(1)",
            Self::SurveillanceUrgent => "40(2)",
            Self::PursuitCaughtInTheAct => "pursuit_flagrante",
            Self::PursuitEscape => "pursuit_escape",
            Self::PursuitEvadedCheck => "pursuit_evaded_check",
            Self::JointPatrol => "joint_patrol",
            Self::ImminentDanger => "imminent_danger",
            Self::TransitByRoad => "transit_road",
            Self::TrainOrShip => "train_or_ship",
            Self::Assistance => "assistance",
            Self::TransferOfPerson => "transfer_person",
            Self::ControlledDelivery => "controlled_delivery",
        }
    }

    /// The basis of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == word)
    }
}

/// The kinds of undertaking that a [`Basis`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Art. 40: officers follow unseen; they neither stop nor arrest.
    Surveillance,
    /// Art. 41: officers run after somebody who flees.
    Pursuit,
    /// Officers under the host state's command: nobody is followed.
    JointPatrol,
    /// A lawful crossing of another kind, such as transit by road: nobody is followed, and it needs a rule of its own
    /// between the two states.
    OtherCrossing,
}

impl Form {
    /// Whether somebody is followed: then there is a person, an offence mostly, and a report afterwards.
    #[must_use]
    pub const fn follows_somebody(self) -> bool {
        match self {
            Self::Surveillance | Self::Pursuit => true,
            Self::JointPatrol | Self::OtherCrossing => false,
        }
    }
}

/// A host state said no: to a request, or by taking back what it had granted. What it grants afterwards holds again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostRefusal {
    /// Which host state.
    pub host: State,
    /// Whether it refused a request or took a document back.
    pub kind: HostRefusalKind,
    /// When it said so; exactly then nothing granted before holds any more.
    pub at: Timestamp,
    /// Who said it, by name or office.
    pub said_by: Arc<str>,
    /// Why, in the words of the host.
    pub because: Arc<str>,
}

impl HostRefusal {
    /// `RO refused at 12:10:00Z (A. Pop)`, with the day where it is not that of `beside`.
    pub(in crate::domain) fn in_words(&self, beside: Timestamp) -> String {
        let said = match self.kind {
            HostRefusalKind::Refused => "refused",
            HostRefusalKind::Withdrawn => "withdrew what it had granted",
        };
        let at = utc(self.at, beside);
        format!("{} {said} at {at} ({})", self.host, self.said_by)
    }
}

/// How a host state said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostRefusalKind {
    /// It refused what was asked for.
    Refused,
    /// It withdrew what it had granted.
    Withdrawn,
}

impl HostRefusalKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Refused, Self::Withdrawn];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What the operation is for. Rows of the rulebook speak of criminal investigations by police; another purpose needs a
/// row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// A criminal investigation (Art. 40(1): "as part of a criminal investigation").
    CriminalInvestigation,
    /// Prevention of crime, without an investigation yet.
    Preventive,
    /// Customs (Naples II).
    Customs,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CriminalInvestigation, Self::Preventive, Self::Customs];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CriminalInvestigation => "criminal_investigation",
            Self::Preventive => "preventive",
            Self::Customs => "customs",
        }
    }

    /// The purpose of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == word)
    }
}

/// Who is followed (Directive (EU) 2016/680 Art. 6; Art. 40(1) as changed by Decision 2003/725/JHA).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonCategory {
    /// Presumed to have taken part in the offence.
    Suspect,
    /// Seriously believed able to lead to the suspect.
    Contact,
    /// Nobody is followed.
    Nobody,
}

impl PersonCategory {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Suspect, Self::Contact, Self::Nobody];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspect => "suspect",
            Self::Contact => "contact",
            Self::Nobody => "nobody",
        }
    }

    /// The category of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == word)
    }
}

/// On what the officers move: the rules of a pair differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// On foot or on wheels.
    Land,
    /// By boat.
    Water,
    /// By manned aircraft.
    Air,
    /// By unmanned aircraft.
    Drone,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Land, Self::Water, Self::Air, Self::Drone];

    /// The carrier of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|carrier| carrier.as_str() == word)
    }

    /// The word shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Land => "land",
            Self::Water => "water",
            Self::Air => "air",
            Self::Drone => "drone",
        }
    }
}

/// What the host state granted beforehand under Art. 40(1), or agreed for a joint patrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorisation {
    /// The document's number.
    pub number: Arc<str>,
    /// From when, inclusive.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub to: Timestamp,
    /// Conditions, in the words of the document.
    pub conditions: Arc<str>,
    /// Which host state granted it; `None` when it was not said, as with one host it need not be.
    pub state: Option<State>,
    /// Where it lets a drone fly; `None` when it says nothing of drones.
    pub drone: Option<Airspace>,
}

/// Where a host state lets a drone fly, as its document says. What the document does not bound is not bounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Airspace {
    /// A ring of positions (first repeated last is allowed), or wherever the document holds.
    pub area: Option<Arc<[crate::domain::measure::Position]>>,
    /// No higher than this above the ellipsoid, as fixes give it: no data here know the ground.
    pub up_to: Option<Metres>,
}

// A position is a pair of finite numbers by construction.
impl Eq for Airspace {}

/// Where somebody evaded a check, told by its distance from the frontier: a treaty may bind it to a zone there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvadedCheck {
    /// The state whose frontier with the requesting state is measured.
    pub host: State,
    /// The shortest distance to that frontier; `None` where the two have none in common.
    pub to_frontier: Option<Metres>,
}

/// Where and when a joint patrol was agreed: the host state, and the period. The area is the whole state unless a
/// polygon is given.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolArea {
    /// The host state.
    pub state: State,
    /// A ring of positions (first repeated last is allowed), or the whole state.
    pub area: Option<Arc<[crate::domain::measure::Position]>>,
}
