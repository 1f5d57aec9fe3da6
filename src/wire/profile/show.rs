//! A profile as it is shown: every figure with its unit, its origin, and which way it is stricter.

use super::ProfileVersionWire;
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::profile::figure::Figure;
use crate::domain::law::profile::{AgreedLimit, Parts, Profile, Transfer, VoiceNumber};
use crate::domain::measure::{Metres, Span};
use serde::Serialize;
use utoipa::ToSchema;

/// The profiles that the service decides with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProfilesWire {
    /// The profiles, by pair.
    pub profiles: Vec<ProfileWire>,
    /// The figures of every other pair: the workflow's defaults.
    pub defaults: Vec<FigureWire>,
}

/// A bilateral profile.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProfileWire {
    /// Which it is.
    #[serde(flatten)]
    pub named: ProfileVersionWire,
    /// How the two sides file it.
    pub reference: String,
    /// Its first day (UTC).
    pub valid_from: String,
    /// Its last day (UTC).
    pub valid_until: String,
    /// `profile`, or `exercise`: no real operation rests on that.
    pub origin: String,
    /// The public key by which each side signed it.
    pub signatures: Vec<SignedWire>,
    /// Every figure.
    pub figures: Vec<FigureWire>,
    /// How far a unit may go along after the host has taken over; null: nothing was agreed.
    pub overlap_m: Option<f64>,
    /// How long; null: nothing was agreed.
    pub overlap_min: Option<i64>,
    /// Ends that lie before those of the law.
    pub limits: Vec<AgreedLimitWire>,
    /// The names of the agreed crossing points.
    pub crossing_points: Vec<String>,
    /// The numbers to call.
    pub voice_numbers: Vec<VoiceNumberWire>,
    /// The states outside the Union and Schengen to which personal data may go.
    pub transfers: Vec<TransferWire>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedWire {
    /// The state.
    pub state: String,
    /// The public key, as 64 hexadecimal digits.
    pub key: String,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FigureWire {
    /// Table and key of the document, such as `T5.alarm_s`.
    pub key: String,
    /// The number.
    pub value: i64,
    /// `s`, `min`, `h`, `d`, `%`, `m` or `km`.
    pub unit: String,
    /// `default of the workflow`, `profile` or `exercise`. None of them is law.
    pub origin: String,
    /// The default of the workflow.
    pub default: i64,
    /// Whether `less` or `more` is stricter.
    pub stricter: String,
    /// What it is.
    pub meaning: String,
}

/// Ends that lie before those of the law.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AgreedLimitWire {
    /// Whose officers.
    pub from: String,
    /// Where.
    pub into: String,
    /// For the consent of Art. 40(2), from the earliest possible crossing.
    pub consent_min: Option<i64>,
    /// For a pursuit, from the earliest possible crossing.
    pub pursuit_min: Option<i64>,
    /// For a pursuit, from the frontier.
    pub pursuit_m: Option<f64>,
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoiceNumberWire {
    /// The room.
    pub room: String,
    /// Who answers.
    pub desk: String,
    /// The number.
    pub number: String,
    /// The day of the last test call.
    pub checked_on: String,
    /// Who made it.
    pub checked_by: String,
}

/// A state outside the Union and Schengen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransferWire {
    /// The state.
    pub to: String,
    /// `adequacy`, `safeguards` or `derogation` (Directive (EU) 2016/680, Art. 36 to 38).
    pub basis: String,
    /// The decision or instrument.
    pub instrument: String,
}

fn minutes(span: Span) -> i64 {
    span.as_millis() / 60_000
}

/// Every figure, in the order of the document.
#[must_use]
pub fn figures(figures: Figures<'_>) -> Vec<FigureWire> {
    let wire = |figure: &Figure| {
        let (value, origin) = figures.get(*figure);
        FigureWire {
            key: figure.to_string(),
            value,
            unit: figure.unit().sign().to_owned(),
            origin: origin.in_words().to_owned(),
            default: figure.workflow(),
            stricter: figure.stricter().as_str().to_owned(),
            meaning: figure.meaning().to_owned(),
        }
    };
    Figure::ALL.iter().map(wire).collect()
}

impl From<&Profile> for ProfileWire {
    fn from(profile: &Profile) -> Self {
        let parts: &Parts = profile.parts();
        let signed = profile.signatures().iter();
        let points = parts.crossing_points.iter();
        Self {
            named: profile.named().into(),
            reference: parts.reference.to_string(),
            valid_from: parts.from.to_string(),
            valid_until: parts.until.to_string(),
            origin: if parts.exercise {
                "exercise"
            } else {
                "profile"
            }
            .to_owned(),
            signatures: signed
                .map(|(state, key)| SignedWire {
                    state: state.to_string(),
                    key: key.to_string(),
                })
                .collect(),
            figures: figures(Figures::of(profile)),
            overlap_m: parts.overlap.distance.map(Metres::as_f64),
            overlap_min: parts.overlap.duration.map(minutes),
            limits: parts.limits.iter().map(Into::into).collect(),
            crossing_points: points.map(|point| point.name.to_string()).collect(),
            voice_numbers: parts.voice_numbers.iter().map(Into::into).collect(),
            transfers: parts.transfers.iter().map(Into::into).collect(),
        }
    }
}

impl From<&AgreedLimit> for AgreedLimitWire {
    fn from(limit: &AgreedLimit) -> Self {
        Self {
            from: limit.from.to_string(),
            into: limit.into.to_string(),
            consent_min: limit.consent.map(minutes),
            pursuit_min: limit.period.map(minutes),
            pursuit_m: limit.radius.map(Metres::as_f64),
        }
    }
}

impl From<&VoiceNumber> for VoiceNumberWire {
    fn from(voice: &VoiceNumber) -> Self {
        Self {
            room: voice.room.to_string(),
            desk: voice.desk.to_string(),
            number: voice.number.to_string(),
            checked_on: voice.checked_on.to_string(),
            checked_by: voice.checked_by.to_string(),
        }
    }
}

impl From<&Transfer> for TransferWire {
    fn from(transfer: &Transfer) -> Self {
        Self {
            to: transfer.to.to_string(),
            basis: transfer.basis.as_str().to_owned(),
            instrument: transfer.instrument.to_string(),
        }
    }
}
