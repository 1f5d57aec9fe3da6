//! Answers to senders, which wait for the commit.

use crate::domain::event::Refusal;
use crate::domain::world::Answer;
use crate::service::desk::handle::{DeskError, FixReceipt, FrameTaken, OrderAnswer};
use tokio::sync::oneshot;

/// An answer that waits for the commit.
pub(super) enum Waiting {
    Fixes(oneshot::Sender<Result<FixReceipt, DeskError>>, FixReceipt),
    Order(oneshot::Sender<Result<OrderAnswer, DeskError>>, OrderAnswer),
    Looked(oneshot::Sender<Result<(), DeskError>>),
    Frame(oneshot::Sender<Result<FrameTaken, DeskError>>, FrameTaken),
}

impl Waiting {
    /// Sends it, once it is known whether the commit is durable.
    pub(super) fn send(self, done: Result<(), DeskError>) {
        // A sender that went away does not need the answer: what it sent is durable all the same.
        match self {
            Self::Fixes(answer, receipt) => drop(answer.send(done.map(|()| receipt))),
            Self::Order(answer, of) => drop(answer.send(done.map(|()| of))),
            Self::Looked(answer) => drop(answer.send(done)),
            Self::Frame(answer, taken) => drop(answer.send(done.map(|()| taken))),
        }
    }
}

/// What the sender of an order or act is told.
pub(super) fn order_answer(answer: Answer) -> OrderAnswer {
    match answer {
        Answer::Done {
            id,
            version,
            repeated,
        } => OrderAnswer::Done {
            id,
            version,
            repeated,
        },
        Answer::Refused(refusal) => OrderAnswer::Refused(refusal),
        Answer::Silence | Answer::Accepted | Answer::Duplicate | Answer::Quarantined { .. } => {
            OrderAnswer::Refused(Refusal {
                guard: "no_such_room".into(),
                sentence: "There is no such room or unit here.".into(),
                citation: None,
            })
        }
    }
}
