//! Deliveries that failed for good: what a room sees of its own notices, channel by channel.

use super::live::{NoticePicture, OperationPicture};
use serde::Serialize;
use utoipa::ToSchema;

/// What a room's channels could not deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeadLettersWire {
    /// The last record in this picture.
    pub seq: u64,
    /// One for each channel of a notice that had its last attempt, the newest first. It is gone once the notice is sent again.
    pub dead_letters: Vec<DeadLetterWire>,
}

/// A channel of a notice that had its last attempt, and failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeadLetterWire {
    /// Of which operation.
    pub operation: String,
    /// Which notice.
    pub notice: String,
    /// `notice_of_crossing`, `request`.
    pub duty: String,
    /// To which room, or to which state.
    pub to: String,
    /// How far the notice has come all the same: `failed` when no channel is left; another one may have delivered it, or it was
    /// given by telephone.
    pub status: String,
    /// `email` or `webhook`.
    pub channel: String,
    /// To which address: a mail address, or a web address without its path.
    pub address: String,
    /// How many attempts were made by it.
    pub attempts: u32,
    /// Why the last one failed, in the words of the way or of the far side's machine.
    pub because: String,
    /// When the last one failed.
    pub since: String,
}

impl DeadLettersWire {
    /// Those of these operations.
    #[must_use]
    pub fn of<'o>(seq: u64, operations: impl Iterator<Item = &'o OperationPicture>) -> Self {
        let mut dead_letters: Vec<DeadLetterWire> = operations.flat_map(of_operation).collect();
        dead_letters.sort_by(|one, other| {
            (other.since.cmp(&one.since))
                .then_with(|| one.notice.cmp(&other.notice))
                .then_with(|| one.channel.cmp(&other.channel))
        });
        Self { seq, dead_letters }
    }
}

fn of_operation(operation: &OperationPicture) -> impl Iterator<Item = DeadLetterWire> + '_ {
    let notices = operation.notices.iter();
    notices.flat_map(move |notice| {
        let channels = notice.channels.iter();
        channels.filter_map(move |channel| dead(operation, notice, channel))
    })
}

/// The last attempt of a channel when no other follows it: it failed, and the notice was not sent again since.
fn dead(
    operation: &OperationPicture,
    notice: &NoticePicture,
    channel: &str,
) -> Option<DeadLetterWire> {
    let mut of_channel = notice.attempts.iter().rev();
    let last = of_channel.find(|one| one.attempt.channel == channel)?;
    let again = notice.sent_again_at.as_ref();
    let is_tried_again = again.is_some_and(|again| *again >= last.at);
    let is_over = !last.attempt.delivered && last.attempt.next_at.is_none();
    (is_over && !is_tried_again).then(|| DeadLetterWire {
        operation: operation.id.clone(),
        notice: notice.id.clone(),
        duty: notice.duty.clone(),
        to: notice.to.clone(),
        status: notice.status.clone(),
        channel: channel.to_owned(),
        address: last.attempt.address.clone(),
        attempts: last.attempt.number,
        because: last.attempt.said.clone(),
        since: last.at.clone(),
    })
}
