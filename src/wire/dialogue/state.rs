//! How far two rooms are with a hand-over.

use super::terms::TermsWire;
use crate::domain::ids::{MessageId, RoomId};
use crate::domain::operations::handover::said::BackTo;
use crate::domain::operations::handover::{
    Agreement, Code, Epoch, Handover, Lead, Offer, Phase, Proposal, StandBy, Term, Unreceipted,
    Withdrawal,
};
use crate::wire::parts::{WireError, timestamp, word};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// How far two rooms are with a hand-over, as one of them knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct HandoverWire {
    /// The other room.
    pub partner: String,
    /// The room that hands the lead over.
    pub giver: String,
    /// `idle`, `notified`, `proposed`, `stand_by`, `countered`, `agreed`, `transferring`, `passed`.
    pub phase: String,
    /// Since when.
    pub since: String,
    /// What was notified of the crossing to come.
    pub notified: Option<TermsWire>,
    /// What both agreed on: in force until something else is.
    pub agreed: Option<AgreementWire>,
    /// What is proposed and waits for an answer.
    pub proposed: Option<ProposalWire>,
    /// In what the proposed terms differ from the agreed ones.
    pub changes: Vec<String>,
    /// How often terms were countered in this round of talks.
    pub counters: u8,
    /// Who is deciding.
    pub stand_by: Option<StandByWire>,
    /// What is being taken back, until a person of the other room has read that.
    pub withdrawing: Option<WithdrawalWire>,
    /// The message by which the lead is asked for.
    pub requested: Option<String>,
    /// The lead is offered.
    pub offered: Option<OfferWire>,
    /// What this room said and the other room's machine has not confirmed.
    pub unreceipted: Vec<UnreceiptedWire>,
    /// Which rooms have closed their side.
    pub closed_by: Vec<String>,
}

/// Terms that both rooms hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct AgreementWire {
    /// The message that was accepted.
    pub message: String,
    /// The SHA-256 of its bytes.
    pub digest: String,
    /// What was agreed.
    pub terms: TermsWire,
    /// Since when.
    pub since: String,
}

/// Terms that wait for an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct ProposalWire {
    /// The message.
    pub message: String,
    /// The SHA-256 of its bytes: what an acceptance names.
    pub digest: String,
    /// The room that proposes; the other one answers.
    pub by: String,
    /// Since when.
    pub at: String,
    /// What is proposed.
    pub terms: TermsWire,
}

/// Somebody is deciding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StandByWire {
    /// Who.
    pub who: String,
    /// By when it is promised.
    pub until: String,
}

/// Something is being taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct WithdrawalWire {
    /// The message.
    pub message: String,
    /// By which room.
    pub by: String,
    /// What is left then: `nothing`, `notice`, `agreement`.
    pub back_to: String,
}

/// The lead is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfferWire {
    /// The message.
    pub message: String,
    /// The epoch that ends when it is assumed.
    pub epoch: u32,
    /// Since when.
    pub at: String,
}

/// A message without the other machine's receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct UnreceiptedWire {
    /// Which.
    pub message: String,
    /// Its code.
    pub code: String,
    /// Since when.
    pub at: String,
}

/// Who leads, and how often the lead has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LeadWire {
    /// The room.
    pub room: String,
    /// From 1.
    pub epoch: u32,
    /// Since when.
    pub since: String,
}

impl From<&Lead> for LeadWire {
    fn from(lead: &Lead) -> Self {
        Self {
            room: lead.room.to_string(),
            epoch: lead.epoch.0,
            since: lead.since.to_string(),
        }
    }
}

impl TryFrom<&LeadWire> for Lead {
    type Error = WireError;

    fn try_from(lead: &LeadWire) -> Result<Self, WireError> {
        Ok(Self {
            room: RoomId::parse(&lead.room)?,
            epoch: Epoch(lead.epoch),
            since: timestamp(&lead.since)?,
        })
    }
}

impl From<&Handover> for HandoverWire {
    fn from(state: &Handover) -> Self {
        Self {
            partner: state.partner.to_string(),
            giver: state.giver.to_string(),
            phase: state.phase.as_str().to_owned(),
            since: state.since.to_string(),
            notified: state.notified.as_ref().map(Into::into),
            agreed: state.agreed.as_ref().map(|agreed| AgreementWire {
                message: agreed.message.to_string(),
                digest: agreed.digest.to_string(),
                terms: (&agreed.terms).into(),
                since: agreed.since.to_string(),
            }),
            proposed: state.proposed.as_ref().map(|proposed| ProposalWire {
                message: proposed.message.to_string(),
                digest: proposed.digest.to_string(),
                by: proposed.by.to_string(),
                at: proposed.at.to_string(),
                terms: (&proposed.terms).into(),
            }),
            changes: state
                .changes()
                .into_iter()
                .map(Term::as_str)
                .map(str::to_owned)
                .collect(),
            counters: state.counters,
            stand_by: state.stand_by.as_ref().map(|deciding| StandByWire {
                who: deciding.who.to_string(),
                until: deciding.until.to_string(),
            }),
            withdrawing: state.withdrawing.as_ref().map(|one| WithdrawalWire {
                message: one.message.to_string(),
                by: one.by.to_string(),
                back_to: one.back_to.as_str().to_owned(),
            }),
            requested: state.requested.as_ref().map(ToString::to_string),
            offered: state.offered.as_ref().map(|offer| OfferWire {
                message: offer.message.to_string(),
                epoch: offer.epoch.0,
                at: offer.at.to_string(),
            }),
            unreceipted: state
                .unreceipted
                .iter()
                .map(|one| UnreceiptedWire {
                    message: one.message.to_string(),
                    code: one.code.as_str().to_owned(),
                    at: one.at.to_string(),
                })
                .collect(),
            closed_by: state.closed_by.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TryFrom<&HandoverWire> for Handover {
    type Error = WireError;

    fn try_from(state: &HandoverWire) -> Result<Self, WireError> {
        let agreed = state.agreed.as_ref().map(|agreed| {
            Ok::<_, WireError>(Agreement {
                message: MessageId::parse(&agreed.message)?,
                digest: agreed.digest.as_str().into(),
                terms: (&agreed.terms).try_into()?,
                since: timestamp(&agreed.since)?,
            })
        });
        let proposed = state.proposed.as_ref().map(|proposed| {
            Ok::<_, WireError>(Proposal {
                message: MessageId::parse(&proposed.message)?,
                digest: proposed.digest.as_str().into(),
                by: RoomId::parse(&proposed.by)?,
                at: timestamp(&proposed.at)?,
                terms: (&proposed.terms).try_into()?,
            })
        });
        let stand_by = state.stand_by.as_ref().map(|deciding| {
            Ok::<_, WireError>(StandBy {
                who: deciding.who.as_str().into(),
                until: timestamp(&deciding.until)?,
            })
        });
        let withdrawing = state.withdrawing.as_ref().map(|one| {
            Ok::<_, WireError>(Withdrawal {
                message: MessageId::parse(&one.message)?,
                by: RoomId::parse(&one.by)?,
                back_to: word(&one.back_to, BackTo::parse, "what is left")?,
            })
        });
        let offered = state.offered.as_ref().map(|offer| {
            Ok::<_, WireError>(Offer {
                message: MessageId::parse(&offer.message)?,
                epoch: Epoch(offer.epoch),
                at: timestamp(&offer.at)?,
            })
        });
        let unreceipted = state.unreceipted.iter().map(|one| {
            Ok::<_, WireError>(Unreceipted {
                message: MessageId::parse(&one.message)?,
                code: word(&one.code, Code::parse, "a code of a message")?,
                at: timestamp(&one.at)?,
            })
        });
        let closed_by = state.closed_by.iter().map(|room| RoomId::parse(room));
        Ok(Self {
            partner: RoomId::parse(&state.partner)?,
            giver: RoomId::parse(&state.giver)?,
            phase: word(&state.phase, Phase::parse, "a phase of a hand-over")?,
            since: timestamp(&state.since)?,
            notified: state.notified.as_ref().map(TryInto::try_into).transpose()?,
            agreed: agreed.transpose()?,
            proposed: proposed.transpose()?,
            counters: state.counters,
            stand_by: stand_by.transpose()?,
            withdrawing: withdrawing.transpose()?,
            requested: state
                .requested
                .as_deref()
                .map(MessageId::parse)
                .transpose()?,
            offered: offered.transpose()?,
            unreceipted: unreceipted.collect::<Result<_, _>>()?,
            closed_by: closed_by.collect::<Result<_, _>>()?,
        })
    }
}
