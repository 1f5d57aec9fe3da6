//! What a person says to another room of a hand-over.

use super::orders::{LIST_MAX, NAME_MAX, TEXT_MAX, moment};
use super::{KeyError, at, text};
use crate::domain::ids::{MessageId, State, UnitId};
use crate::domain::law::basis::{Authorisation, HostRefusal, HostRefusalKind};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::said::{
    BackTo, Decided, EyesSaid, RefusedFor, WithdrawnFor,
};
use crate::domain::operations::handover::{Body, Code, Terms};
use crate::wire::dialogue::TermsWire;
use crate::wire::operation::AuthorisationWire;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The most crossing points that terms name.
const POINTS_MOST: usize = 8;
/// The farthest that a place or an overlap is agreed on, metres.
const FARTHEST_M: f64 = 500_000.0;
/// The longest overlap, seconds: a day.
const LONGEST_S: f64 = 86_400.0;

/// What a message of the hand-over says; which keys it needs depends on its code.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize, ToSchema)]
pub struct SayingWire {
    /// To which room; may be left out while the operation has one other room.
    #[serde(default)]
    pub to: Option<String>,
    /// The message that it answers; of `SBY`, `CDN`, `ACP`, `RJC` and `MAS` that which waits for it, when left out.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// Of `NTF`, `PRO`, `RVN`, `RVR` and `CDN`: the terms.
    #[serde(default)]
    pub terms: Option<TermsWire>,
    /// Of `ACP`: the `digest` of the proposal that is accepted.
    #[serde(default)]
    pub accepts: Option<String>,
    /// Of `SBY`: who is deciding.
    #[serde(default)]
    pub who: Option<String>,
    /// Of `SBY`: by when. Of `EXT`: until when it is asked for.
    #[serde(default)]
    pub until: Option<String>,
    /// Of `RJC`: `no_unit`, `no_basis`, `safety`, `area`, `other`. Of `ABR`: `route`, `cancel`, `stop`, `hold`, `target_lost`,
    /// `other`.
    #[serde(default)]
    pub reason: Option<String>,
    /// Words that go with it. `CEASE`, `EXT` and `TXT` need them.
    #[serde(default)]
    pub words: Option<String>,
    /// Of `TXT`: their language, such as `hu`.
    #[serde(default)]
    pub language: Option<String>,
    /// Of `ABR`: what is left, `nothing`, `notice`, `agreement`.
    #[serde(default)]
    pub back_to: Option<String>,
    /// Of `EYE`: which unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// Of `EYE`: `has`, `lost`, `hands`, `takes`.
    #[serde(default)]
    pub eyes: Option<String>,
    /// Of `REL`: which units.
    #[serde(default)]
    pub units: Option<Vec<String>>,
    /// Of `AUT`: what is granted.
    #[serde(default)]
    pub authorisation: Option<AuthorisationWire>,
    /// Of `AUT`: `refused` or `withdrawn`, in place of a document; `words` say why.
    #[serde(default)]
    pub decision: Option<String>,
}

/// Who says it.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// The state of the room.
    pub state: State,
    /// The person.
    pub account: &'a str,
    /// Our time.
    pub now: Timestamp,
}

impl SayingWire {
    /// The message that it answers.
    ///
    /// # Errors
    /// [`KeyError`] when it is no id.
    pub fn reply_to(&self) -> Result<Option<MessageId>, KeyError> {
        let id = self.reply_to.as_deref();
        id.map(|id| at("reply_to", MessageId::parse(id)))
            .transpose()
    }

    /// What it says, by its code.
    ///
    /// # Errors
    /// [`KeyError`] naming the key that is missing, or whose value is none.
    pub fn read(&self, code: Code, by: Speaker<'_>) -> Result<Body, KeyError> {
        Ok(match code {
            Code::Ntf => Body::Notifies(self.terms()?),
            Code::Pro => Body::Proposes(self.terms()?),
            Code::Rvn => Body::Updates(self.terms()?),
            Code::Rvr => Body::Revises(self.terms()?),
            Code::Cdn => Body::Counters(self.terms()?),
            Code::Sby => Body::StandsBy {
                who: needed("who", self.who.as_deref(), NAME_MAX, "say who is deciding")?,
                until: self
                    .until(by.now)?
                    .ok_or_else(|| KeyError::new("until", "missing: say by when it is decided"))?,
            },
            Code::Acp => Body::Accepts {
                digest: needed(
                    "accepts",
                    self.accepts.as_deref(),
                    NAME_MAX,
                    "give the `digest` of the proposal that is accepted",
                )?,
            },
            Code::Rjc => Body::Refuses {
                reason: self.reason(RefusedFor::parse, RefusedFor::ALL, RefusedFor::as_str)?,
                words: self.words()?,
            },
            Code::Abr => Body::Withdraws {
                back_to: one_of(
                    "back_to",
                    self.back_to.as_deref(),
                    BackTo::parse,
                    BackTo::ALL,
                    BackTo::as_str,
                )?,
                reason: self.reason(
                    WithdrawnFor::parse,
                    WithdrawnFor::ALL,
                    WithdrawnFor::as_str,
                )?,
                words: self.words()?,
            },
            Code::Hop => Body::Offers,
            Code::Rof => Body::Requests,
            Code::Mas => Body::Assumes,
            Code::Eye => Body::Eyes {
                unit: at(
                    "unit",
                    UnitId::parse(self.unit.as_deref().unwrap_or_default()),
                )?,
                what: one_of(
                    "eyes",
                    self.eyes.as_deref(),
                    EyesSaid::parse,
                    EyesSaid::ALL,
                    EyesSaid::as_str,
                )?,
            },
            Code::Rel => Body::Releases(self.units()?),
            Code::Cease => Body::Ceases {
                words: needed(
                    "words",
                    self.words.as_deref(),
                    TEXT_MAX,
                    "say why it must stop",
                )?,
            },
            Code::Ext => Body::AsksForMore {
                until: self.until(by.now)?,
                words: needed(
                    "words",
                    self.words.as_deref(),
                    TEXT_MAX,
                    "say what is asked for, and why",
                )?,
            },
            Code::Aut => Body::Authorises(self.decided(by)?),
            Code::Cls => Body::Closes,
            Code::Ack => Body::HasRead,
            Code::Txt => Body::Text {
                words: needed("words", self.words.as_deref(), TEXT_MAX, "say something")?,
                language: match &self.language {
                    Some(language) => Some(text("language", language, NAME_MAX)?),
                    None => None,
                },
            },
            Code::Rqa | Code::Xng | Code::Rpt | Code::Hbt | Code::Lam | Code::Lrm => {
                return Err(KeyError::new("code", "not said this way"));
            }
        })
    }

    fn decided(&self, by: Speaker<'_>) -> Result<Decided, KeyError> {
        if let Some(document) = &self.authorisation {
            let mut document: Authorisation = at("authorisation", document.try_into())?;
            document.state.get_or_insert(by.state);
            return Ok(Decided::Granted(Box::new(document)));
        }
        let missing = "missing: give the `authorisation`, or `decision` as refused or withdrawn";
        let word = self
            .decision
            .as_deref()
            .ok_or_else(|| KeyError::new("authorisation", missing))?;
        let kind = HostRefusalKind::parse(word).ok_or_else(|| {
            KeyError::new(
                "decision",
                format!("`{word}` is none of: refused, withdrawn"),
            )
        })?;
        Ok(Decided::Refused(HostRefusal {
            host: by.state,
            kind,
            at: by.now,
            said_by: by.account.into(),
            because: self.words()?,
        }))
    }

    fn terms(&self) -> Result<Terms, KeyError> {
        let Some(terms) = &self.terms else {
            return Err(KeyError::new("terms", "missing: say what is proposed"));
        };
        let wrong = |sentence: &str| Err(KeyError::new("terms", sentence));
        if terms.crossing_points.len() > POINTS_MOST || terms.units.len() > LIST_MAX {
            return wrong("too many crossing points or units");
        }
        for point in &terms.crossing_points {
            if text("terms", &point.name, NAME_MAX)?.is_empty() {
                return wrong("a crossing point has no name");
            }
        }
        if let Some(voice) = &terms.voice {
            text("terms", voice, NAME_MAX)?;
        }
        let far = [terms.transfer_at_m.map(f64::abs), terms.overlap_m];
        let is_far = |metres: f64| !(0.0..=FARTHEST_M).contains(&metres);
        if far.into_iter().flatten().any(is_far) {
            return wrong("a distance is less than 0 or more than 500 km");
        }
        if terms
            .overlap_s
            .is_some_and(|s| !(0.0..=LONGEST_S).contains(&s))
        {
            return wrong("the overlap is less than 0 or longer than a day");
        }
        if terms
            .expected
            .as_ref()
            .is_some_and(|at| at.earliest > at.likely || at.likely > at.latest)
        {
            return wrong("the expected time is not in the order earliest, likely, latest");
        }
        at("terms", terms.try_into())
    }

    fn until(&self, now: Timestamp) -> Result<Option<Timestamp>, KeyError> {
        let until = self
            .until
            .as_deref()
            .map(|time| moment("until", time))
            .transpose()?;
        match until {
            Some(until) if until <= now => {
                Err(KeyError::new("until", "is past: give a time to come"))
            }
            until => Ok(until),
        }
    }

    fn units(&self) -> Result<Vec<UnitId>, KeyError> {
        let units = self.units.as_deref().unwrap_or_default();
        if units.is_empty() || units.len() > LIST_MAX {
            return Err(KeyError::new("units", "name the units that are released"));
        }
        units
            .iter()
            .map(|unit| at("units", UnitId::parse(unit)))
            .collect()
    }

    fn words(&self) -> Result<Arc<str>, KeyError> {
        text("words", self.words.as_deref().unwrap_or_default(), TEXT_MAX)
    }

    fn reason<T: Copy>(
        &self,
        parse: fn(&str) -> Option<T>,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<T, KeyError> {
        one_of("reason", self.reason.as_deref(), parse, all, word)
    }
}

fn needed(
    key: &'static str,
    value: Option<&str>,
    longest: usize,
    why: &str,
) -> Result<Arc<str>, KeyError> {
    let value = text(key, value.unwrap_or_default(), longest)?;
    if value.is_empty() {
        return Err(KeyError::new(key, format!("missing: {why}")));
    }
    Ok(value)
}

fn one_of<T: Copy>(
    key: &'static str,
    value: Option<&str>,
    parse: fn(&str) -> Option<T>,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<T, KeyError> {
    let value = value.unwrap_or_default();
    parse(value).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        KeyError::new(key, format!("`{value}` is none of: {}", words.join(", ")))
    })
}
