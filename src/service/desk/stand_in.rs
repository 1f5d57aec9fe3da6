//! A desk for tests of the rooms that speak to it: what came is handed out, what is answered is the test's choice.

use super::handle::{
    DeskError, DeskHandle, FixReceipt, FixSender, OrderAnswer, Recording, Request,
};
use crate::domain::ids::RoomId;
use crate::domain::input::UnitAct;
use crate::domain::tracks::fix::ReportedFix;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// The other end of a [`DeskHandle`].
pub struct StandIn {
    queue: mpsc::Receiver<Request>,
}

/// A request as a test sees it.
pub enum Came {
    /// A batch of fixes.
    Fixes(CameFixes),
    /// A unit's own act.
    Act(CameAct),
    /// Something else.
    Other,
}

/// A batch of fixes, and the way to answer it.
pub struct CameFixes {
    /// Who sent it.
    pub sender: FixSender,
    /// What it holds.
    pub fixes: Vec<ReportedFix>,
    /// The way back.
    pub answer: oneshot::Sender<Result<FixReceipt, DeskError>>,
}

/// A unit's act, and the way to answer it.
pub struct CameAct {
    /// The ledger.
    pub room: RoomId,
    /// The act.
    pub act: UnitAct,
    /// The way back.
    pub answer: oneshot::Sender<Result<OrderAnswer, DeskError>>,
}

/// A handle whose queue holds `capacity` requests, and the stand-in behind it.
#[must_use]
pub fn stand_in(capacity: usize) -> (DeskHandle, StandIn) {
    let (queue, requests) = mpsc::channel(capacity);
    let (_, recording) = watch::channel(Recording::Ok);
    let (_, outgoing) = watch::channel(Arc::default());
    let (_, links) = watch::channel(Arc::default());
    let ending = Arc::default();
    let handle = DeskHandle {
        queue,
        recording,
        outgoing,
        links,
        ending,
    };
    (handle, StandIn { queue: requests })
}

impl StandIn {
    /// The next request; `None` when all handles are gone.
    pub async fn next(&mut self) -> Option<Came> {
        Some(match self.queue.recv().await? {
            Request::Fixes {
                sender,
                fixes,
                answer,
            } => Came::Fixes(CameFixes {
                sender,
                fixes,
                answer,
            }),
            Request::Act { room, act, answer } => Came::Act(CameAct { room, act, answer }),
            Request::Footprint { .. }
            | Request::Order { .. }
            | Request::Alarm { .. }
            | Request::Delivery { .. }
            | Request::Looked { .. }
            | Request::Link(_)
            | Request::Keep(_)
            | Request::End => Came::Other,
        })
    }
}
