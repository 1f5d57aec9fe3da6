//! Events of notices, from their stored form.

use crate::domain::event::NoticeEvent;
use crate::domain::ids::RoomId;
use crate::domain::law::finding::Duty;
use crate::wire::answer::HostAnswerWire;
use crate::wire::call::CallWire;
use crate::wire::channels;
use crate::wire::law::CitationWire;
use crate::wire::letter::WrittenWire;
use crate::wire::operation::NoticeFieldsWire;
use crate::wire::parts::{PersonWire, WireError, timestamp, word};

/// What is owed by a notice, and to which room, as stored.
type Addressed<'a> = (&'a str, &'a str);

/// What a notice says, and the same as it was written out.
type Said<'a> = (&'a NoticeFieldsWire, &'a [WrittenWire]);

fn addressed((duty, to): Addressed<'_>) -> Result<(Duty, RoomId), WireError> {
    Ok((word(duty, Duty::parse, "a duty")?, RoomId::parse(to)?))
}

pub(super) fn owed(
    of: Addressed<'_>,
    since: &str,
    citation: &CitationWire,
) -> Result<NoticeEvent, WireError> {
    let (duty, to) = addressed(of)?;
    Ok(NoticeEvent::Owed {
        duty,
        to,
        since: timestamp(since)?,
        citation: citation.try_into()?,
    })
}

pub(super) fn drafted(
    of: Addressed<'_>,
    fields: &NoticeFieldsWire,
) -> Result<NoticeEvent, WireError> {
    let (duty, to) = addressed(of)?;
    Ok(NoticeEvent::Drafted {
        duty,
        to,
        fields: Box::new(fields.try_into()?),
    })
}

pub(super) fn sent(
    by: &PersonWire,
    of: Addressed<'_>,
    (fields, texts): Said<'_>,
    channels: &[String],
) -> Result<NoticeEvent, WireError> {
    let (duty, to) = addressed(of)?;
    Ok(NoticeEvent::Sent {
        channels: channels::kinds(channels)?,
        by: by.try_into()?,
        duty,
        to,
        fields: Box::new(fields.try_into()?),
        texts: texts.iter().map(Into::into).collect(),
    })
}

pub(super) fn sent_again(by: &PersonWire, channels: &[String]) -> Result<NoticeEvent, WireError> {
    Ok(NoticeEvent::SentAgain {
        by: by.try_into()?,
        channels: channels::kinds(channels)?,
    })
}

pub(super) fn seen(by: &PersonWire, call: Option<&CallWire>) -> Result<NoticeEvent, WireError> {
    let call = call.map(TryInto::try_into).transpose()?;
    Ok(NoticeEvent::Seen {
        by: by.try_into()?,
        call: call.map(Box::new),
    })
}

pub(super) fn answered(by: &PersonWire, answer: &HostAnswerWire) -> Result<NoticeEvent, WireError> {
    Ok(NoticeEvent::Answered {
        by: by.try_into()?,
        answer: Box::new(answer.try_into()?),
    })
}

pub(super) fn by_voice(
    (by, call): (&PersonWire, &CallWire),
    of: Addressed<'_>,
    (fields, texts): Said<'_>,
) -> Result<NoticeEvent, WireError> {
    let (duty, to) = addressed(of)?;
    Ok(NoticeEvent::Voice {
        by: by.try_into()?,
        duty,
        to,
        call: Box::new(call.try_into()?),
        fields: Box::new(fields.try_into()?),
        texts: texts.iter().map(Into::into).collect(),
    })
}
