//! The strict reading of a row, field by field: what an absent or unknown value means. Decisions and what is shown of the
//! rules ask here, so that the two can not differ.
//!
//! Nothing here fills a value in: a figure is the row's own, or there is none. The one exception is the Convention's
//! consent hours ([`super::clocks::consent_hours`]), which say so.

use super::basis::Carrier;
use super::finding::Answer;
use super::rulebook::Rulebook;
use super::rulebook::register::{ConventionPursuit, OffenceList};
use super::rulebook::row::{
    Contact, ContactPersons, Detain, Granted, Limit, Pursuit, Row, Surveillance,
};
use crate::domain::measure::Timestamp;

/// Whether a row opens a form of entry at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It does: the conditions of the form follow.
    Foreseen,
    /// It does not.
    NotForeseen,
    /// No instrument that lets officers enter was found.
    NoInstrument,
    /// Only under an implementing agreement, and the rules name none.
    WaitsForAgreement,
    /// It rests on the Convention, which does not bind both states at that moment as far as the rules know.
    ConventionDoesNotBind,
}

/// Whether a row opens surveillance that the host authorised, Art. 40(1), at a moment.
#[must_use]
pub fn planned(rulebook: &Rulebook, row: &Row, at: Timestamp) -> Opening {
    let granted = if row.surveillance.planned {
        Granted::Yes
    } else {
        Granted::No
    };
    surveillance(rulebook, row, granted, at)
}

/// Whether a row opens urgent surveillance, Art. 40(2), at a moment.
#[must_use]
pub fn urgent(rulebook: &Rulebook, row: &Row, at: Timestamp) -> Opening {
    surveillance(rulebook, row, row.surveillance.urgent, at)
}

fn surveillance(rulebook: &Rulebook, row: &Row, granted: Granted, at: Timestamp) -> Opening {
    if row.instrument_found() && row.waits_for_agreement() {
        return Opening::WaitsForAgreement;
    }
    form(rulebook, row, granted, at)
}

/// Whether a row opens pursuit, Art. 41, at a moment.
#[must_use]
pub fn pursuit(rulebook: &Rulebook, row: &Row, at: Timestamp) -> Opening {
    form(rulebook, row, row.pursuit.allowed, at)
}

fn form(rulebook: &Rulebook, row: &Row, granted: Granted, at: Timestamp) -> Opening {
    if !row.instrument_found() {
        return Opening::NoInstrument;
    }
    if row.regime.rests_on_convention() && !rulebook.convention_binds(row.pair, at) {
        return Opening::ConventionDoesNotBind;
    }
    match granted {
        Granted::Yes => Opening::Foreseen,
        Granted::No => Opening::NotForeseen,
        Granted::WithImplementingAgreement => Opening::WaitsForAgreement,
    }
}

/// What a row says of a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierRule<'a> {
    /// The row covers it.
    Covered,
    /// The row covers it on a condition that a person must see to.
    OnCondition(&'a str),
    /// The row holds on land only; absent is read so.
    LandOnly,
    /// The row names others, and not this one.
    NotNamed,
    /// The row names none.
    NotKnown,
}

impl CarrierRule<'_> {
    /// The answer to the question whether the carrier is covered: only a plain yes is met.
    #[must_use]
    pub const fn answer(self, carrier: Carrier) -> Answer {
        match (self, carrier) {
            (Self::Covered, _) => Answer::Met,
            (Self::LandOnly, _) | (Self::NotNamed, Carrier::Land) => Answer::NotMet,
            (Self::OnCondition(_) | Self::NotNamed | Self::NotKnown, _) => Answer::Unknown,
        }
    }
}

/// What surveillance says of a carrier. Land is the plain case; water, air and drones need a row that names them. Art. 40
/// itself has no rule that it holds on land only.
#[must_use]
pub fn surveillance_carrier(part: &Surveillance, carrier: Carrier) -> CarrierRule<'_> {
    named(part.media.as_deref(), carrier)
}

/// What pursuit says of a carrier. Art. 41(5)(b) holds on land only, and so does a row that does not say otherwise; a
/// manned or unmanned aircraft may have a condition of its own.
#[must_use]
pub fn pursuit_carrier(part: &Pursuit, carrier: Carrier) -> CarrierRule<'_> {
    if carrier != Carrier::Land && land_only(part) {
        return CarrierRule::LandOnly;
    }
    let condition = match carrier {
        Carrier::Land | Carrier::Water => None,
        Carrier::Air => part.manned_aircraft.as_deref(),
        Carrier::Drone => part.unmanned_aircraft.as_deref(),
    };
    condition.map_or_else(
        || named(part.media.as_deref(), carrier),
        CarrierRule::OnCondition,
    )
}

fn named(media: Option<&[Carrier]>, carrier: Carrier) -> CarrierRule<'static> {
    match (media, carrier) {
        (Some(media), _) if media.contains(&carrier) => CarrierRule::Covered,
        (None, Carrier::Land) => CarrierRule::Covered,
        (Some(_), _) => CarrierRule::NotNamed,
        (None, Carrier::Water | Carrier::Air | Carrier::Drone) => CarrierRule::NotKnown,
    }
}

/// Whether pursuit holds on land only: absent is yes.
#[must_use]
pub fn land_only(part: &Pursuit) -> bool {
    part.land_only.unwrap_or(true)
}

/// How far a pursuit may go. No number stands in for one that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// No limit in space or time.
    NoLimit,
    /// This far, kilometres.
    Radius {
        /// Kilometres.
        km: u32,
    },
    /// This far or this long after the crossing. Which of the two ends it may not be stated: then the first does.
    RadiusOrTime {
        /// Kilometres.
        km: u32,
        /// Minutes.
        minutes: u32,
    },
    /// Not known: ask the host before crossing.
    NotKnown,
}

/// How far a pursuit may go in a row. A limit without its figure is not known.
#[must_use]
pub fn reach(part: &Pursuit) -> Reach {
    match (part.limit, part.radius_km, part.minutes) {
        (Some(Limit::None), _, _) => Reach::NoLimit,
        (Some(Limit::Radius), Some(km), _) => Reach::Radius { km },
        (Some(Limit::RadiusOrTime), Some(km), Some(minutes)) => Reach::RadiusOrTime { km, minutes },
        (Some(Limit::Unknown | Limit::Radius | Limit::RadiusOrTime) | None, _, _) => {
            Reach::NotKnown
        }
    }
}

/// Whether pursuing officers may hold the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding<'a> {
    /// Until the host's officers come, Art. 41(2)(b).
    UntilHostComes,
    /// Not at all, Art. 41(2)(a).
    No,
    /// Neither yes nor no is shown, but "ASK ROOM" with the condition.
    AskRoom(Option<&'a str>),
}

/// Whether pursuing officers may hold the person in a row: absent, unknown and conditional are to be asked.
#[must_use]
pub fn holding(part: &Pursuit) -> Holding<'_> {
    match part.detain {
        Some(Detain::Yes) => Holding::UntilHostComes,
        Some(Detain::No) => Holding::No,
        Some(Detain::Conditional | Detain::Unknown) | None => {
            Holding::AskRoom(part.detain_condition.as_deref())
        }
    }
}

/// When the host is contacted in a pursuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactTime {
    /// Before the crossing, as the row does not say otherwise.
    BeforeCrossing,
    /// As the row says.
    Stated(Contact),
}

impl ContactTime {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeCrossing => "before_crossing",
            Self::Stated(contact) => contact.as_str(),
        }
    }
}

/// When the host is contacted in a pursuit: absent is before the crossing.
#[must_use]
pub const fn contact(part: &Pursuit) -> ContactTime {
    match part.contact {
        Some(contact) => ContactTime::Stated(contact),
        None => ContactTime::BeforeCrossing,
    }
}

/// Whether contact persons may be followed in urgent surveillance: only where the pair's treaty adds them.
#[must_use]
pub fn contact_persons_in_urgent(part: &Surveillance) -> bool {
    part.contact_persons == Some(ContactPersons::PlannedAndUrgent)
}

/// An offence list that a row names, when the rules hold it and know what it is.
#[must_use]
pub fn offence_list<'a>(rulebook: &'a Rulebook, named: Option<&str>) -> Option<&'a OffenceList> {
    use super::finding::Confidence;
    named
        .and_then(|id| rulebook.list(id))
        .filter(|list| list.confidence != Confidence::Unknown)
}

/// Whether evading a check is a ground to start a pursuit, and how deep in the state of origin that check may lie:
/// never a radius of the pursuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvadedCheck {
    /// It is, for a check within this distance of the frontier, or wherever when the row gives none.
    Ground {
        /// Kilometres.
        km: Option<u32>,
    },
    /// It is not, or is not known to be.
    NoGround,
}

/// Whether evading a check is a ground to start a pursuit in a row. A row that says how deep the check may lie says that
/// it is one.
#[must_use]
pub const fn evaded_check(part: &Pursuit) -> EvadedCheck {
    match (part.evade_check, part.evade_check_origin_km) {
        (Some(false), _) | (None, None) => EvadedCheck::NoGround,
        (Some(true), km) | (None, km @ Some(_)) => EvadedCheck::Ground { km },
    }
}

/// When an arrested person is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release<'a> {
    /// As the pair's own treaty says.
    OwnRule(&'a str),
    /// As Art. 41(6) says, where the Convention binds both states.
    Convention(&'a ConventionPursuit),
    /// Not known.
    NotKnown,
}

/// When an arrested person is released under a row, at a moment.
#[must_use]
pub fn release<'a>(rulebook: &'a Rulebook, row: &'a Row, at: Timestamp) -> Release<'a> {
    if let Some(own) = row.pursuit.release_rule.as_deref() {
        return Release::OwnRule(own);
    }
    let convention = &rulebook.convention().pursuit;
    if convention.release_hours.is_some() && rulebook.convention_binds(row.pair, at) {
        Release::Convention(convention)
    } else {
        Release::NotKnown
    }
}
