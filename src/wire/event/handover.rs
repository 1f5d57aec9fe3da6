//! Events of the dialogue of two rooms, to and from their stored form.

use super::EventBody;
use crate::domain::event::HandoverEvent;
use crate::domain::law::finding::Duty;
use crate::domain::operations::handover::{Body, RecallKind};
use crate::wire::dialogue::event::{recalled, said};
use crate::wire::dialogue::{
    EyesTakenWire, LeadDisputedWire, LeadMovedWire, RecallAnswerWire, SaidEventWire,
};

pub(super) fn from_domain(operation: Option<String>, event: &HandoverEvent) -> EventBody {
    match event {
        HandoverEvent::Said {
            sent,
            said: it,
            envelope,
            state,
        } => {
            let told = Box::new(said(operation, (*sent, it), envelope, state));
            of_body(&it.body, told)
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
        HandoverEvent::LeadDisputed {
            partner,
            room,
            epoch,
        } => EventBody::LeadDisputed(LeadDisputedWire {
            operation,
            partner: partner.to_string(),
            room: room.to_string(),
            epoch: epoch.0,
        }),
        HandoverEvent::LeadSettled { partner } => EventBody::LeadSettled {
            operation,
            partner: partner.to_string(),
        },
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

/// The kind of event that tells what is said.
fn of_body(body: &Body, told: Box<SaidEventWire>) -> EventBody {
    match body {
        Body::Notifies(_) => EventBody::Ntf(told),
        Body::Tells(notice) => match notice.duty {
            Duty::Request => EventBody::Rqa(told),
            Duty::NoticeOfCrossing | Duty::Report => EventBody::Xng(told),
        },
        Body::Authorises(_) => EventBody::Aut(told),
        Body::Proposes(_) => EventBody::Pro(told),
        Body::Updates(_) => EventBody::Rvn(told),
        Body::Revises(_) => EventBody::Rvr(told),
        Body::StandsBy { .. } => EventBody::Sby(told),
        Body::Counters(_) => EventBody::Cdn(told),
        Body::Accepts { .. } => EventBody::Acp(told),
        Body::Refuses { .. } => EventBody::Rjc(told),
        Body::Withdraws { .. } => EventBody::Abr(told),
        Body::Offers => EventBody::Hop(told),
        Body::Requests => EventBody::Rof(told),
        Body::Assumes => EventBody::Mas(told),
        Body::Eyes { .. } => EventBody::Eye(told),
        Body::Releases(_) => EventBody::Rel(told),
        Body::Ceases { .. } => EventBody::Cease(told),
        Body::AsksForMore { .. } => EventBody::Ext(told),
        Body::Closes => EventBody::Cls(told),
        Body::HasRead => EventBody::Ack(told),
        Body::Text { .. } => EventBody::Txt(told),
        Body::Receipts => EventBody::Lam(told),
        Body::Unfit { .. } => EventBody::Lrm(told),
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
