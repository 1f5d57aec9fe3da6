//! What a person at a desk changes of an open operation.

use super::orders::{LIST_MAX, NAME_MAX, TEXT_MAX, authorisation, grounds, units};
use super::{KeyError, at, text};
use crate::domain::ids::UnitId;
use crate::domain::law::basis::HostRefusal;
use crate::domain::operations::card::{Amendment, RecognisedBy};
use crate::domain::operations::{Detention, OperationChange};
use crate::wire::detention::{DetainedWire, DetentionStepWire};
use crate::wire::operation::{AmendmentWire, AuthorisationWire, RecognisableWire};
use crate::wire::parts::word;
use crate::wire::refusal::HostRefusedWire;
use crate::wire::resting::RestingAnewOrder;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A change of an open operation: one at a time.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct ChangeWire {
    /// The units assigned from now on.
    #[serde(default)]
    pub units: Option<Vec<String>>,
    /// An authorisation that came in, or changed.
    #[serde(default)]
    pub authorisation: Option<AuthorisationWire>,
    /// A host refused, or took back what it had granted.
    #[serde(default)]
    pub host_refused: Option<HostRefusedWire>,
    /// How the officers of a unit can be recognised as police.
    #[serde(default)]
    pub recognisable: Option<RecognisableWire>,
    /// A mistake of the opening, corrected.
    #[serde(default)]
    pub amendment: Option<AmendmentWire>,
    /// It is to rest on the rules and profiles that the room decides with now; two persons send this.
    #[serde(default)]
    pub resting_anew: Option<RestingAnewOrder>,
    /// A person is held in a host state.
    #[serde(default)]
    pub detained: Option<DetainedWire>,
    /// What became of the person held.
    #[serde(default)]
    pub detention_step: Option<DetentionStepWire>,
}

impl ChangeWire {
    /// Reads it.
    ///
    /// # Errors
    /// [`KeyError`] when it names none or several, or a value is none.
    pub fn read(&self) -> Result<OperationChange, KeyError> {
        let given = [
            ("units", self.units.is_some()),
            ("authorisation", self.authorisation.is_some()),
            ("host_refused", self.host_refused.is_some()),
            ("recognisable", self.recognisable.is_some()),
            ("amendment", self.amendment.is_some()),
            ("resting_anew", self.resting_anew.is_some()),
            ("detained", self.detained.is_some()),
            ("detention_step", self.detention_step.is_some()),
        ];
        let mut given = given.iter().filter(|(_, given)| *given);
        if let (Some((first, _)), Some((second, _))) = (given.next(), given.next()) {
            let sentence = format!("sent together with `{first}`: change one at a time");
            return Err(KeyError::new(second, sentence));
        }
        if let Some(wanted) = &self.units {
            return Ok(OperationChange::Units(units(wanted)?));
        }
        if let Some(document) = &self.authorisation {
            return Ok(OperationChange::Authorisation(authorisation(document)?));
        }
        if let Some(said) = &self.host_refused {
            return refused(said).map(OperationChange::HostRefused);
        }
        if let Some(ticked) = &self.recognisable {
            let key = "recognisable";
            let wanted = "`uniform`, `armband`, `vehicle_fittings` or `nothing`";
            return Ok(OperationChange::Recognisable {
                unit: at(key, UnitId::parse(&ticked.unit))?,
                by: at(key, word(&ticked.by, RecognisedBy::parse, wanted))?,
            });
        }
        if let Some(wanted) = &self.resting_anew {
            return resting_anew(wanted);
        }
        if let Some(detained) = &self.detained {
            return Ok(OperationChange::Detained(at(
                "detained",
                Detention::try_from(detained),
            )?));
        }
        if let Some(step) = &self.detention_step {
            let key = "detention_step";
            text(key, &step.note, NAME_MAX)?;
            let (host, step) = at(key, step.read())?;
            return Ok(OperationChange::DetentionEnded { host, step });
        }
        match &self.amendment {
            Some(amendment) => amended(amendment).map(OperationChange::Amended),
            None => Err(KeyError::new(
                "units",
                "missing: send `units`, `authorisation`, `host_refused`, `recognisable`, `amendment`, `resting_anew`, `detained` or `detention_step`",
            )),
        }
    }
}

fn refused(said: &HostRefusedWire) -> Result<HostRefusal, KeyError> {
    let key = "host_refused";
    let by = text(key, &said.said_by, NAME_MAX)?;
    if by.is_empty() {
        let sentence = "`said_by` is empty: say who of the host said it";
        return Err(KeyError::new(key, sentence));
    }
    text(key, &said.because, TEXT_MAX)?;
    at(key, HostRefusal::try_from(said))
}

fn resting_anew(wanted: &RestingAnewOrder) -> Result<OperationChange, KeyError> {
    let key = "resting_anew";
    text(key, &wanted.rules, NAME_MAX)?;
    if text(key, &wanted.because, TEXT_MAX)?.is_empty() {
        let sentence = "`because` is empty: say why other rules are to hold";
        return Err(KeyError::new(key, sentence));
    }
    Ok(OperationChange::RestingAnew(wanted.into()))
}

fn amended(amendment: &AmendmentWire) -> Result<Amendment, KeyError> {
    let key = "amendment";
    let because = text(key, &amendment.because, TEXT_MAX)?;
    if because.is_empty() {
        return Err(KeyError::new(
            key,
            "`because` is empty: say why it is corrected",
        ));
    }
    if amendment.more_hosts.len() > LIST_MAX {
        return Err(KeyError::new(
            key,
            format!("more than {LIST_MAX} hosts: send fewer"),
        ));
    }
    let offence = amendment.offence.as_deref();
    offence
        .map(|offence| text(key, offence, NAME_MAX))
        .transpose()?;
    amendment.grounds.as_deref().map(grounds).transpose()?;
    let read: Amendment = at(key, amendment.try_into())?;
    let unchanged = Amendment {
        because: Arc::clone(&read.because),
        ..Amendment::default()
    };
    if read == unchanged {
        return Err(KeyError::new(key, "corrects nothing: name what was wrong"));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_of_the_host_names_who_said_it_and_when() {
        let whole = serde_json::json!({
            "host": "RO", "kind": "withdrawn", "at": "2027-03-16T12:10:00Z", "said_by": "A. Pop",
        });
        let change = serde_json::json!({ "host_refused": whole });
        let change: ChangeWire = serde_json::from_value(change).unwrap();
        assert!(matches!(
            change.read(),
            Ok(OperationChange::HostRefused(said)) if &*said.said_by == "A. Pop"
        ));
        for (key, value) in [
            ("host", "Romania"),
            ("kind", "maybe"),
            ("at", "noon"),
            ("said_by", "  "),
            ("because", &"x".repeat(2_001)),
        ] {
            let mut said = whole.clone();
            said[key] = value.into();
            let no = refused(serde_json::json!({ "host_refused": said }));
            assert_eq!(no.key, "host_refused", "{key}");
        }
    }

    fn refused(change: serde_json::Value) -> KeyError {
        let change: ChangeWire = serde_json::from_value(change).unwrap();
        change.read().unwrap_err()
    }

    #[test]
    fn no_document_brings_in_a_time_from_before_1970() {
        for key in ["from", "to"] {
            let mut document = serde_json::json!({
                "number": "7", "from": "2027-03-16T08:00:00Z", "to": "2027-03-17T08:00:00Z",
            });
            document[key] = "0000-01-01T00:00:00+00:01".into();
            let refused = refused(serde_json::json!({ "authorisation": document }));
            assert_eq!(refused.key, "authorisation", "{key}");
        }
    }

    #[test]
    fn a_detention_names_a_state_a_moment_and_a_known_step() {
        let since = "2027-03-16T11:40:00Z";
        for detained in [
            serde_json::json!({ "host": "Romania", "since": since }),
            serde_json::json!({ "host": "RO", "since": "noon" }),
            serde_json::json!({ "host": "RO", "since": since, "unit": "" }),
        ] {
            assert_eq!(
                refused(serde_json::json!({ "detained": detained })).key,
                "detained"
            );
        }
        for (step, note) in [("escaped", ""), ("released", "x".repeat(81).as_str())] {
            let step = serde_json::json!({ "host": "RO", "step": step, "at": since, "note": note });
            assert_eq!(
                refused(serde_json::json!({ "detention_step": step })).key,
                "detention_step"
            );
        }
        let both = serde_json::json!({
            "detained": { "host": "RO", "since": since },
            "detention_step": { "host": "RO", "step": "released", "at": since },
        });
        assert_eq!(refused(both).key, "detention_step");
    }
}
