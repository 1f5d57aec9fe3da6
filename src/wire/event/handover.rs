//! Events of the dialogue of two rooms, to and from their stored form.

use super::EventBody;
use crate::domain::event::HandoverEvent;
use crate::domain::operations::handover::{Code, RecallKind};
use crate::wire::dialogue::event::{recalled, said};
use crate::wire::dialogue::{EyesTakenWire, LeadMovedWire, RecallAnswerWire, SaidEventWire};

pub(super) fn from_domain(operation: Option<String>, event: &HandoverEvent) -> EventBody {
    match event {
        HandoverEvent::Said {
            sent,
            said: it,
            envelope,
            state,
        } => {
            let told = Box::new(said(operation, (*sent, it), envelope, state));
            of_code(it.body.code(), told)
        }
        HandoverEvent::LeadMoved {
            partner,
            lead,
            by,
            message,
        } => EventBody::LeadMoved(LeadMovedWire {
            operation,
            partner: partner.to_string(),
            lead: lead.into(),
            by: by.as_ref().map(Into::into),
            message: message.to_string(),
        }),
        HandoverEvent::EyesTaken(unit) => EventBody::EyesTaken(EyesTakenWire {
            operation,
            unit: unit.as_ref().map(ToString::to_string),
        }),
        HandoverEvent::Recalled(recall) => {
            let told = recalled(operation, recall);
            match recall.kind {
                RecallKind::Cease => EventBody::CeaseOrdered(told),
                RecallKind::Release => EventBody::ReleaseOrdered(told),
            }
        }
        HandoverEvent::RecallRead { kind, message, by } => answered(
            *kind,
            RecallAnswerWire {
                operation,
                message: message.to_string(),
                by: Some(by.into()),
                unit: None,
            },
        ),
        HandoverEvent::UnitTurns {
            kind,
            message,
            unit,
        } => answered(
            *kind,
            RecallAnswerWire {
                operation,
                message: message.to_string(),
                by: None,
                unit: Some(unit.to_string()),
            },
        ),
    }
}

fn answered(kind: RecallKind, answer: RecallAnswerWire) -> EventBody {
    match kind {
        RecallKind::Cease => EventBody::CeaseAcknowledged(answer),
        RecallKind::Release => EventBody::ReleaseAcknowledged(answer),
    }
}

fn of_code(code: Code, told: Box<SaidEventWire>) -> EventBody {
    match code {
        Code::Ntf => EventBody::Ntf(told),
        Code::Aut => EventBody::Aut(told),
        Code::Pro => EventBody::Pro(told),
        Code::Rvn => EventBody::Rvn(told),
        Code::Rvr => EventBody::Rvr(told),
        Code::Sby => EventBody::Sby(told),
        Code::Cdn => EventBody::Cdn(told),
        Code::Acp => EventBody::Acp(told),
        Code::Rjc => EventBody::Rjc(told),
        Code::Abr => EventBody::Abr(told),
        Code::Hop => EventBody::Hop(told),
        Code::Rof => EventBody::Rof(told),
        Code::Mas => EventBody::Mas(told),
        Code::Eye => EventBody::Eye(told),
        Code::Rel => EventBody::Rel(told),
        Code::Cease => EventBody::Cease(told),
        Code::Ext => EventBody::Ext(told),
        Code::Cls => EventBody::Cls(told),
        Code::Ack => EventBody::Ack(told),
        Code::Lam => EventBody::Lam(told),
        Code::Lrm => EventBody::Lrm(told),
        Code::Xng => EventBody::Xng(told),
        Code::Rqa => EventBody::Rqa(told),
        // No message of these is kept: a report is told by events of its own, a heartbeat by none.
        Code::Txt | Code::Rpt | Code::Hbt => EventBody::Txt(told),
    }
}

impl EventBody {
    /// The message of a dialogue, when it tells one.
    #[must_use]
    pub fn as_said(&self) -> Option<&SaidEventWire> {
        match self {
            Self::Ntf(told)
            | Self::Xng(told)
            | Self::Rqa(told)
            | Self::Aut(told)
            | Self::Pro(told)
            | Self::Rvn(told)
            | Self::Rvr(told)
            | Self::Sby(told)
            | Self::Cdn(told)
            | Self::Acp(told)
            | Self::Rjc(told)
            | Self::Abr(told)
            | Self::Hop(told)
            | Self::Rof(told)
            | Self::Mas(told)
            | Self::Eye(told)
            | Self::Rel(told)
            | Self::Cease(told)
            | Self::Ext(told)
            | Self::Cls(told)
            | Self::Ack(told)
            | Self::Txt(told)
            | Self::Lam(told)
            | Self::Lrm(told) => Some(told),
            _ => None,
        }
    }
}
