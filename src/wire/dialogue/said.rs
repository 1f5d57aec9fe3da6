//! One message of a dialogue: the bytes that are signed are this, written as JSON.

use super::terms::TermsWire;
use crate::domain::ids::{MessageId, NoticeId, OperationId, RoomId, UnitId};
use crate::domain::law::finding::Duty;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::operations::Call;
use crate::domain::operations::handover::said::{
    BackTo, Decided, EyesSaid, RefusedFor, ToldNotice, WithdrawnFor,
};
use crate::domain::operations::handover::{Body, Code, Epoch, Said};
use crate::domain::registry::Person;
use crate::wire::call::CallWire;
use crate::wire::letter::WrittenWire;
use crate::wire::operation::{AuthorisationWire, NoticeFieldsWire};
use crate::wire::parts::{PersonWire, WireError, timestamp, word};
use crate::wire::profile::ProfileVersionWire;
use crate::wire::refusal::HostRefusedWire;
use crate::wire::resting::RulesVersionWire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The version of the form of messages.
pub const SCHEMA: u16 = 1;

/// One message of one room to another about an operation. Which keys it has beside the first ones depends on its code.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct SaidWire {
    /// The version of this form.
    pub schema: u16,
    /// The same message sent again has the same.
    pub id: String,
    /// About which operation.
    pub operation: String,
    /// `NTF`, `PRO`, `ACP` …
    pub code: String,
    /// How often the lead has passed, as the sender knew it, from 1.
    pub epoch: u32,
    /// Which room said it.
    pub from: String,
    /// To which.
    pub to: String,
    /// Which person; `null` when a machine said it.
    pub by: Option<PersonWire>,
    /// When, by the sender's clock.
    pub at: String,
    /// The message that it answers.
    pub reply_to: Option<String>,
    /// The how manyth message of this sender to this receiver.
    #[ts(type = "number")]
    pub number: u64,
    /// The rules that the sender's side of the operation rests on.
    pub rules: Option<RulesVersionWire>,
    /// The profile of the two states that it rests on.
    pub profile: Option<ProfileVersionWire>,
    /// The retention class of what it tells.
    pub retention: String,
    /// When it is to be deleted; `null` when that follows from the class.
    pub delete_at: Option<String>,
    /// The call by which it was said, when it was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub call: Option<CallWire>,
    /// Of `NTF`, `PRO`, `RVN`, `RVR`, `CDN`: the terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub terms: Option<TermsWire>,
    /// Of `ACP`: the SHA-256 of the bytes of the message that it accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub accepts: Option<String>,
    /// Of `SBY`: who is deciding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub who: Option<String>,
    /// Of `SBY`: by when. Of `EXT`: until when it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<String>,
    /// Of `RJC` (`no_unit`, `no_basis`, `safety`, `area`, `other`) and `ABR` (`route`, `cancel`, `stop`, `hold`,
    /// `target_lost`, `other`): why. Of `LRM`: the guard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// The words that go with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub words: Option<String>,
    /// Of `TXT`: their language, such as `hu`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub language: Option<String>,
    /// Of `ABR`: what is left, `nothing`, `notice`, `agreement`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub back_to: Option<String>,
    /// Of `EYE`: which unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unit: Option<String>,
    /// Of `EYE`: `has`, `lost`, `hands`, `takes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub eyes: Option<String>,
    /// Of `REL`: which units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub units: Option<Vec<String>>,
    /// Of `XNG` and `RQA`: which notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub notice: Option<String>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fields: Option<NoticeFieldsWire>,
    /// The same in the languages of both states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub texts: Option<Vec<WrittenWire>>,
    /// Of `AUT`: what is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub authorisation: Option<AuthorisationWire>,
    /// Of `AUT`: that it is refused, or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub host_refused: Option<HostRefusedWire>,
}

impl From<&Said> for SaidWire {
    fn from(said: &Said) -> Self {
        let frame = Self {
            schema: SCHEMA,
            id: said.id.to_string(),
            operation: said.operation.to_string(),
            code: said.body.code().as_str().to_owned(),
            epoch: said.epoch.0,
            from: said.from.to_string(),
            to: said.to.to_string(),
            by: said.by.as_ref().map(Into::into),
            at: said.at.to_string(),
            reply_to: said.reply_to.as_ref().map(ToString::to_string),
            number: said.number,
            rules: said.rules.as_ref().map(Into::into),
            profile: said.profile.as_ref().map(Into::into),
            retention: "operation".to_owned(),
            call: said.call.as_ref().map(Into::into),
            ..Self::default()
        };
        frame.with(&said.body)
    }
}

impl SaidWire {
    fn with(self, body: &Body) -> Self {
        let text = |text: &str| Some(text.to_owned());
        match body {
            Body::Notifies(terms)
            | Body::Proposes(terms)
            | Body::Updates(terms)
            | Body::Revises(terms)
            | Body::Counters(terms) => Self {
                terms: Some(terms.into()),
                ..self
            },
            Body::Tells(told) => Self {
                notice: text(told.notice.as_str()),
                fields: Some((&told.fields).into()),
                texts: Some(told.texts.iter().map(Into::into).collect()),
                ..self
            },
            Body::Authorises(Decided::Granted(document)) => Self {
                authorisation: Some((&**document).into()),
                ..self
            },
            Body::Authorises(Decided::Refused(refusal)) => Self {
                host_refused: Some(refusal.into()),
                ..self
            },
            Body::StandsBy { who, until } => Self {
                who: text(who),
                until: Some(until.to_string()),
                ..self
            },
            Body::Accepts { digest } => Self {
                accepts: text(digest),
                ..self
            },
            Body::Refuses { reason, words } => Self {
                reason: text(reason.as_str()),
                words: text(words),
                ..self
            },
            Body::Withdraws {
                back_to,
                reason,
                words,
            } => Self {
                back_to: text(back_to.as_str()),
                reason: text(reason.as_str()),
                words: text(words),
                ..self
            },
            Body::Eyes { unit, what } => Self {
                unit: text(unit.as_str()),
                eyes: text(what.as_str()),
                ..self
            },
            Body::Releases(units) => Self {
                units: Some(units.iter().map(ToString::to_string).collect()),
                ..self
            },
            Body::Ceases { words } => Self {
                words: text(words),
                ..self
            },
            Body::AsksForMore { until, words } => Self {
                until: until.map(|until| until.to_string()),
                words: text(words),
                ..self
            },
            Body::Text { words, language } => Self {
                words: text(words),
                language: language.as_deref().and_then(text),
                ..self
            },
            Body::Unfit { guard, sentence } => Self {
                reason: text(guard),
                words: text(sentence),
                ..self
            },
            Body::Offers
            | Body::Requests
            | Body::Assumes
            | Body::Closes
            | Body::HasRead
            | Body::Receipts => self,
        }
    }

    fn body(&self) -> Result<Body, WireError> {
        let code = word(&self.code, Code::parse, "a code of a message")?;
        let words = || self.words.as_deref().unwrap_or_default().into();
        let terms = || match &self.terms {
            Some(terms) => terms.try_into(),
            None => Err(missing("terms")),
        };
        let reason = self.reason.as_deref().unwrap_or_default();
        Ok(match code {
            Code::Ntf => Body::Notifies(terms()?),
            Code::Pro => Body::Proposes(terms()?),
            Code::Rvn => Body::Updates(terms()?),
            Code::Rvr => Body::Revises(terms()?),
            Code::Cdn => Body::Counters(terms()?),
            Code::Aut => Body::Authorises(match (&self.authorisation, &self.host_refused) {
                (Some(document), _) => Decided::Granted(Box::new(document.try_into()?)),
                (None, Some(refusal)) => Decided::Refused(refusal.try_into()?),
                (None, None) => return Err(missing("authorisation")),
            }),
            Code::Sby => Body::StandsBy {
                who: self.who.as_deref().ok_or_else(|| missing("who"))?.into(),
                until: timestamp(self.until.as_deref().ok_or_else(|| missing("until"))?)?,
            },
            Code::Acp => Body::Accepts {
                digest: self
                    .accepts
                    .as_deref()
                    .ok_or_else(|| missing("accepts"))?
                    .into(),
            },
            Code::Rjc => Body::Refuses {
                reason: word(reason, RefusedFor::parse, "a reason of a refusal")?,
                words: words(),
            },
            Code::Abr => Body::Withdraws {
                back_to: word(
                    self.back_to.as_deref().unwrap_or_default(),
                    BackTo::parse,
                    "what is left",
                )?,
                reason: word(reason, WithdrawnFor::parse, "a reason of a withdrawal")?,
                words: words(),
            },
            Code::Eye => Body::Eyes {
                unit: UnitId::parse(self.unit.as_deref().unwrap_or_default())?,
                what: word(
                    self.eyes.as_deref().unwrap_or_default(),
                    EyesSaid::parse,
                    "`has`, `lost`, `hands` or `takes`",
                )?,
            },
            Code::Rel => {
                let units = self.units.iter().flatten();
                let units = units.map(|unit| Ok(UnitId::parse(unit)?));
                Body::Releases(units.collect::<Result<_, WireError>>()?)
            }
            Code::Cease => Body::Ceases { words: words() },
            Code::Ext => Body::AsksForMore {
                until: self.until.as_deref().map(timestamp).transpose()?,
                words: words(),
            },
            Code::Txt => Body::Text {
                words: words(),
                language: self.language.as_deref().map(Into::into),
            },
            Code::Lrm => Body::Unfit {
                guard: reason.into(),
                sentence: words(),
            },
            Code::Hop => Body::Offers,
            Code::Rof => Body::Requests,
            Code::Mas => Body::Assumes,
            Code::Cls => Body::Closes,
            Code::Ack => Body::HasRead,
            Code::Lam => Body::Receipts,
            Code::Xng => self.told(Duty::NoticeOfCrossing)?,
            Code::Rqa => self.told(Duty::Request)?,
            Code::Rpt | Code::Hbt => {
                return Err(WireError::Word {
                    value: self.code.clone(),
                    wanted: "a code of a message that is told in a dialogue",
                });
            }
        })
    }
}

impl SaidWire {
    fn told(&self, duty: Duty) -> Result<Body, WireError> {
        let fields = self.fields.as_ref().ok_or_else(|| missing("fields"))?;
        let texts = self.texts.iter().flatten();
        Ok(Body::Tells(Box::new(ToldNotice {
            notice: NoticeId::parse(self.notice.as_deref().unwrap_or_default())?,
            duty,
            fields: fields.try_into()?,
            texts: texts.map(Into::into).collect(),
        })))
    }
}

fn missing(key: &'static str) -> WireError {
    WireError::Word {
        value: String::new(),
        wanted: key,
    }
}

impl TryFrom<&SaidWire> for Said {
    type Error = WireError;

    fn try_from(said: &SaidWire) -> Result<Self, WireError> {
        Ok(Self {
            id: MessageId::parse(&said.id)?,
            operation: OperationId::parse(&said.operation)?,
            from: RoomId::parse(&said.from)?,
            to: RoomId::parse(&said.to)?,
            by: said.by.as_ref().map(Person::try_from).transpose()?,
            at: timestamp(&said.at)?,
            number: said.number,
            epoch: Epoch(said.epoch),
            reply_to: said.reply_to.as_deref().map(MessageId::parse).transpose()?,
            rules: said.rules.as_ref().map(RulesVersion::from),
            profile: said.profile.as_ref().map(TryInto::try_into).transpose()?,
            call: said.call.as_ref().map(Call::try_from).transpose()?,
            body: said.body()?,
        })
    }
}
