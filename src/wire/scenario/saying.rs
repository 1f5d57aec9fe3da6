//! What a line of the script says to the other room: which keys go with which code.

use super::form::{Line, Readable as _, TermsOfFile};
use super::{WrongKey, missing};
use crate::domain::borders::ListedPoint;
use crate::domain::exercise::{Saying, TermsPlan};
use crate::domain::measure::{Metres, Span};
use crate::domain::operations::handover::said::RefusedFor;
use crate::domain::operations::handover::{Body, Code, ExpectedAt, Overlap};
use std::sync::Arc;

impl Line {
    /// The first key that only a line that says something has.
    pub(super) const fn key_of_say(&self) -> Option<&'static str> {
        match self {
            Self { code: Some(_), .. } => Some("code"),
            Self { terms: Some(_), .. } => Some("terms"),
            Self { who: Some(_), .. } => Some("who"),
            Self { lasts: Some(_), .. } => Some("lasts"),
            Self { eyes: Some(_), .. } => Some("eyes"),
            Self { units: Some(_), .. } => Some("units"),
            Self { words: Some(_), .. } => Some("words"),
            Self {
                language: Some(_), ..
            } => Some("language"),
            _ => None,
        }
    }

    /// What it says.
    pub(super) fn saying(mut self, points: &[ListedPoint]) -> Result<Saying, WrongKey> {
        let code = self.code.take();
        let code = code.ok_or_else(|| missing("code", "say what is said"))?.0;
        let saying = self.of_code(code, points)?;
        let left = match &self {
            Self { unit: Some(_), .. } => Some("unit"),
            Self {
                reason: Some(_), ..
            } => Some("reason"),
            Self { duty: Some(_), .. } => Some("duty"),
            Self {
                grounds: Some(_), ..
            } => Some("grounds"),
            Self {
                outcome: Some(_), ..
            } => Some("outcome"),
            left => left.key_of_say(),
        };
        match left {
            Some(key) => Err((key, format!("does not go with {}", code.as_str()))),
            None => Ok(saying),
        }
    }

    fn of_code(&mut self, code: Code, points: &[ListedPoint]) -> Result<Saying, WrongKey> {
        Ok(match code {
            Code::Ntf => Saying::Notifies(self.terms(points)?),
            Code::Pro => {
                let terms = self.terms(points)?;
                if terms.crossing_point.is_none() {
                    return Err(missing("terms", "name the `crossing_point` in it"));
                }
                Saying::Proposes(terms)
            }
            Code::Rvr => Saying::Revises(self.terms(points)?),
            Code::Cdn => Saying::Counters(self.terms(points)?),
            Code::Sby => Saying::StandsBy {
                who: needed("who", self.who.take(), "say who is deciding")?,
                lasts: match self.lasts.take() {
                    Some(lasts) if lasts.0 > Span::ZERO => lasts.0,
                    _ => return Err(missing("lasts", "say for how long, such as +02:25")),
                },
            },
            Code::Acp => Saying::Accepts,
            Code::Rjc => Saying::Refuses {
                reason: match self.reason.take() {
                    Some(word) => RefusedFor::read(&word).map_err(|says| ("reason", says))?,
                    None => return Err(missing("reason", "say why, as one word")),
                },
                words: self.words.take().unwrap_or_default().into(),
            },
            Code::Hop => Saying::Offers,
            Code::Rof => Saying::Requests,
            Code::Mas => Saying::Assumes,
            Code::Eye => Saying::AsIs(Body::Eyes {
                unit: match self.unit.take() {
                    Some(unit) => unit.0,
                    None => return Err(missing("unit", "say which unit")),
                },
                what: match self.eyes.take() {
                    Some(what) => what.0,
                    None => return Err(missing("eyes", "write has, lost, hands or takes")),
                },
            }),
            Code::Rel => {
                let units = self.units.take().unwrap_or_default();
                if units.is_empty() {
                    return Err(missing("units", "say which units are released"));
                }
                let units = units.into_iter().map(|unit| unit.0).collect();
                Saying::AsIs(Body::Releases(units))
            }
            Code::Cease => Saying::AsIs(Body::Ceases {
                words: needed("words", self.words.take(), "say why it must stop")?,
            }),
            Code::Cls => Saying::Closes,
            Code::Ack => Saying::AsIs(Body::HasRead),
            Code::Txt => Saying::AsIs(Body::Text {
                words: needed("words", self.words.take(), "say something")?,
                language: self.language.take().map(Into::into),
            }),
            Code::Rqa
            | Code::Aut
            | Code::Rvn
            | Code::Abr
            | Code::Xng
            | Code::Ext
            | Code::Rpt
            | Code::Hbt
            | Code::Lam
            | Code::Lrm => {
                let sentence = format!("{} is not said by a script", code.as_str());
                return Err(("code", sentence));
            }
        })
    }

    fn terms(&mut self, points: &[ListedPoint]) -> Result<TermsPlan, WrongKey> {
        let terms = self.terms.take();
        let terms = terms.ok_or_else(|| missing("terms", "say what is proposed or changed"))?;
        terms.plan(points).map_err(|says| ("terms", says))
    }
}

impl TermsOfFile {
    fn plan(self, points: &[ListedPoint]) -> Result<TermsPlan, String> {
        let place = |name: String| match points.iter().find(|point| *point.name == *name) {
            Some(point) => Ok(ExpectedAt {
                name: Arc::clone(&point.name),
                position: Some(point.near),
                percent: None,
            }),
            None => Err(format!("there is no crossing point `{name}` in this file")),
        };
        let expected = match (self.expected, self.expected_within) {
            (Some(at), Some(within)) if within.0 >= Span::ZERO => Some((at.0, within.0)),
            (None, None) => None,
            _ => return Err("write `expected` and `expected_within` together".to_owned()),
        };
        let metres = |metres: Option<f64>| match metres {
            Some(metres) if !metres.is_finite() => Err("a distance is no number".to_owned()),
            metres => Ok(metres.map(Metres::new)),
        };
        let minutes = |minutes: u32| Span::from_minutes(i64::from(minutes));
        let units = |units: Vec<super::form::Read<_>>| units.into_iter().map(|unit| unit.0);
        Ok(TermsPlan {
            crossing_point: self.crossing_point.map(place).transpose()?,
            expected,
            transfer_at: metres(self.transfer_at_m)?,
            takes_eyes: self.takes_eyes.map(|unit| unit.0),
            units: self.units.map(|named| units(named).collect()),
            overlap: Overlap {
                distance: metres(self.overlap_m)?,
                period: self.overlap_min.map(minutes),
            },
            voice: self.voice.map(Into::into),
        })
    }
}

fn needed(key: &'static str, text: Option<String>, why: &str) -> Result<Arc<str>, WrongKey> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map_or_else(|| Err(missing(key, why)), |text| Ok(text.into()))
}
