//! The channels of a notice beside the other room: e-mail and webhook. Which there are for whom, what each has come to, and
//! when another attempt is made.
//!
//! ```text
//!   sent ──▶ attempt 1 ── no ──▶ wait ──▶ attempt 2 ── no ──▶ … ──▶ last attempt ── no ──▶ failed ──▶ sent again, or voice
//!                     └─ taken by the far side's machine ──▶ delivered
//! ```
//!
//! The attempts are made beside the desk; each outcome comes back as an input and is decided here. So what is still to be
//! sent follows from the record alone, after a restart too.

use super::notice::NoticeStatus;
use super::operation::Operation;
use crate::domain::event::{Event, NoticeEvent, OperationEvent, OperationEventKind, What};
use crate::domain::ids::{NoticeId, OperationId, RoomId, State};
use crate::domain::measure::{Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// A way by which a notice leaves the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// A mail to a fixed address.
    Email,
    /// An HTTP request to a fixed address.
    Webhook,
}

impl ChannelKind {
    /// The word told.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }

    /// The channel of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Email, Self::Webhook]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// How often a notice is tried, and how long is waited between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// After the first attempt that failed; doubled after each further one.
    pub first: Span,
    /// The longest.
    pub most: Span,
    /// How many attempts one sending has; at least 1.
    pub attempts: u32,
}

impl Waits {
    /// Six attempts in about a minute, from the two seconds of the workflow's T1 on: when the alarm for an unread notice
    /// stands (A02), it is known whether it arrived.
    pub const WORKFLOW: Self = Self {
        first: Span::from_secs(2),
        most: Span::from_secs(300),
        attempts: 6,
    };

    /// How long is waited after the attempt of this number, from 1: between half of the doubled wait and all of it, as chance
    /// has it, so that what failed together is not tried together. `chance` is from 0 to 999; what is above counts as 999.
    #[must_use]
    pub fn after(&self, attempt: u32, chance: u16) -> Span {
        let doublings = attempt.saturating_sub(1).min(32);
        let doubled = self.first.as_millis().saturating_mul(1 << doublings);
        let whole = doubled.min(self.most.as_millis());
        let half = whole / 2;
        let by_chance = i128::from(half) * i128::from(chance.min(999)) / 999;
        Span::from_millis(half + by_chance as i64)
    }
}

impl Default for Waits {
    fn default() -> Self {
        Self::WORKFLOW
    }
}

/// Which channels there are for whom, as the service is configured. Decisions rest on it, and no fold does: what was ordered
/// stands in the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channels {
    /// By addressee: a room, or a state.
    of: BTreeMap<RoomId, BTreeSet<ChannelKind>>,
    /// Whether an operation of an exercise may use them.
    in_exercise: bool,
    /// How often each is tried.
    pub waits: Waits,
}

impl Default for Channels {
    fn default() -> Self {
        Self::NONE
    }
}

impl Channels {
    /// None at all.
    pub const NONE: Self = Self {
        of: BTreeMap::new(),
        in_exercise: false,
        waits: Waits::WORKFLOW,
    };

    /// None at all, to rest decisions on.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: Channels = Channels::NONE;
        &NONE
    }

    /// With these, by addressee: a room's id, or a state's code.
    #[must_use]
    pub const fn new(
        of: BTreeMap<RoomId, BTreeSet<ChannelKind>>,
        in_exercise: bool,
        waits: Waits,
    ) -> Self {
        Self {
            of,
            in_exercise,
            waits,
        }
    }

    /// The channels of a notice to a room of a state, or to the state itself. What is said of a room goes before what is said
    /// of its state.
    pub fn to(
        &self,
        room: &RoomId,
        host: State,
        exercise: bool,
    ) -> impl Iterator<Item = ChannelKind> {
        let allowed = self.in_exercise || !exercise;
        self.addressee(room, host)
            .and_then(|addressee| self.of.get(addressee))
            .filter(|_| allowed)
            .into_iter()
            .flatten()
            .copied()
    }

    /// Everybody who is reached, and by which channels.
    pub fn reached(
        &self,
        exercise: bool,
    ) -> impl Iterator<Item = (&RoomId, impl Iterator<Item = ChannelKind>)> {
        let allowed = self.in_exercise || !exercise;
        let of = self.of.iter().filter(move |_| allowed);
        of.map(|(to, kinds)| (to, kinds.iter().copied()))
    }

    /// Under which addressee a notice is looked up.
    #[must_use]
    pub fn addressee(&self, room: &RoomId, host: State) -> Option<&RoomId> {
        let of_state = || self.of.keys().find(|id| id.as_str() == host.as_str());
        self.of
            .get_key_value(room)
            .map(|(id, _)| id)
            .or_else(of_state)
    }
}

/// One attempt to send a notice by a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// By which channel.
    pub channel: ChannelKind,
    /// The how manyth of this notice by this channel, from 1. It goes on when the notice is sent again.
    pub number: u32,
    /// To which address, without anything secret: a mail address, or a web address without its path.
    pub address: Arc<str>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The far side's machine took it, in its own words.
    Taken {
        /// Such as `250 2.0.0 OK`.
        said: Arc<str>,
    },
    /// It did not.
    Failed {
        /// Why.
        because: Arc<str>,
        /// When it is tried again; `None` when that was the last attempt.
        next: Option<Timestamp>,
    },
}

/// The outcome of an attempt as it comes to the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Of which operation.
    pub operation: OperationId,
    /// Which notice.
    pub notice: NoticeId,
    /// By which channel.
    pub channel: ChannelKind,
    /// The how manyth attempt.
    pub number: u32,
    /// To which address.
    pub address: Arc<str>,
    /// What came of it.
    pub result: DeliveryResult,
}

/// What the far side, or the way there, said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryResult {
    /// It was taken, in these words.
    Taken(Arc<str>),
    /// It was not.
    Failed {
        /// Why.
        because: Arc<str>,
        /// Whether another attempt can change nothing: an address that is not let, a receiver that is refused for good.
        for_good: bool,
        /// From 0 to 999: how much of the wait is waited.
        chance: u16,
    },
}

/// What one channel of a notice has come to, as folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// How many attempts were made.
    pub made: u32,
    /// How many of them before it was last sent.
    pub before: u32,
    /// How it stands.
    pub standing: Standing,
}

/// How a channel of a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is to be tried, not before a moment.
    Waiting(Timestamp),
    /// The far side's machine has it.
    Delivered,
    /// Every attempt failed: a dead letter.
    Failed,
}

/// The channels of a notice, as folded from its events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carriage {
    of: BTreeMap<ChannelKind, Carried>,
}

impl Carriage {
    /// None.
    pub const NONE: Self = Self {
        of: BTreeMap::new(),
    };

    /// Each channel and what it has come to.
    pub fn iter(&self) -> impl Iterator<Item = (ChannelKind, &Carried)> {
        self.of.iter().map(|(kind, carried)| (*kind, carried))
    }

    /// The attempt that is to be made by a channel: its number, and from when.
    #[must_use]
    pub fn waiting(&self, channel: ChannelKind) -> Option<(u32, Timestamp)> {
        let carried = self.of.get(&channel)?;
        match carried.standing {
            Standing::Waiting(from) => Some((carried.made + 1, from)),
            Standing::Delivered | Standing::Failed => None,
        }
    }

    /// Whether every channel there is has failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let failed = |carried: &Carried| carried.standing == Standing::Failed;
        !self.of.is_empty() && self.of.values().all(failed)
    }

    /// It was sent by these channels at a moment, or again: what was delivered stays so.
    pub(super) fn send(&mut self, channels: &[ChannelKind], at: Timestamp) {
        for channel in channels {
            let carried = self.of.entry(*channel).or_insert(Carried {
                made: 0,
                before: 0,
                standing: Standing::Waiting(at),
            });
            if carried.standing == Standing::Failed {
                carried.before = carried.made;
                carried.standing = Standing::Waiting(at);
            }
        }
    }

    /// An attempt was made. Folded twice it is one attempt.
    pub(super) fn take(&mut self, attempt: &Attempt) {
        let Some(carried) = self.of.get_mut(&attempt.channel) else {
            return;
        };
        carried.made = carried.made.max(attempt.number);
        carried.standing = match &attempt.outcome {
            Outcome::Taken { .. } => Standing::Delivered,
            Outcome::Failed {
                next: Some(next), ..
            } => Standing::Waiting(*next),
            Outcome::Failed { next: None, .. } => Standing::Failed,
        };
    }
}

/// What follows from the outcome of an attempt. One that is not the next of its channel changes nothing: it was told before,
/// or the notice was never ordered that way.
#[must_use]
pub fn attempted(
    operation: &Operation,
    delivery: &Delivery,
    waits: &Waits,
    now: Timestamp,
) -> Vec<Event> {
    let (id, channel, number) = (&delivery.notice, delivery.channel, delivery.number);
    let Some(notice) = operation.notices.get(id) else {
        return Vec::new();
    };
    if notice.carriage.waiting(channel).map(|(next, _)| next) != Some(number) {
        return Vec::new();
    }
    let before = notice.carriage.of.get(&channel).map_or(0, |it| it.before);
    let outcome = match &delivery.result {
        DeliveryResult::Taken(said) => Outcome::Taken {
            said: Arc::clone(said),
        },
        DeliveryResult::Failed {
            because,
            for_good,
            chance,
        } => {
            let tried = number - before;
            let again = !for_good && tried < waits.attempts;
            Outcome::Failed {
                because: Arc::clone(because),
                next: again.then(|| now.plus(waits.after(tried, *chance))),
            }
        }
    };
    let attempt = Attempt {
        channel,
        number,
        address: Arc::clone(&delivery.address),
        outcome,
    };
    let mut after = notice.carriage.clone();
    after.take(&attempt);
    let reached = match &attempt.outcome {
        Outcome::Taken { .. } if notice.status < NoticeStatus::Delivered => {
            Some(NoticeEvent::Delivered)
        }
        // By one channel that failed nothing is lost while another has it, or still may.
        Outcome::Failed { because, .. }
            if after.has_failed() && notice.status == NoticeStatus::Sent =>
        {
            Some(NoticeEvent::Failed {
                because: Arc::clone(because),
            })
        }
        Outcome::Taken { .. } | Outcome::Failed { .. } => None,
    };
    std::iter::once(NoticeEvent::Attempted(Box::new(attempt)))
        .chain(reached)
        .map(|kind| Event {
            at: now,
            what: What::Operation(OperationEvent {
                operation: Some(operation.card.id.clone()),
                kind: OperationEventKind::Notice {
                    notice: id.clone(),
                    kind,
                },
            }),
        })
        .collect()
}
