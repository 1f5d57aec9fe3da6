//! How the rest of the service speaks to the desk: one bounded queue, one answer for each request.

use crate::domain::event::{HouseEvent, LinkRefusal, Refusal};
use crate::domain::ids::{RoomId, Seq, UnitId};
use crate::domain::input::{AlarmOrder, Footprint, LinkNews, Order, UnitAct};
use crate::domain::operations::channels::Delivery;
use crate::domain::operations::handover::{Envelope, LeadTold};
use crate::domain::tracks::fix::{QuarantineReason, ReportedFix};
use crate::domain::world::outbox::Outgoing;
use crate::service::journal::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{mpsc, oneshot, watch};

/// Who posts fixes, as its token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixSender {
    /// One unit, for itself.
    Unit {
        /// Its room.
        room: RoomId,
        /// The unit.
        unit: UnitId,
    },
    /// A gateway, for every unit of its room.
    Gateway {
        /// The room.
        room: RoomId,
    },
}

impl FixSender {
    /// The room whose ledger takes the fixes.
    #[must_use]
    pub const fn room(&self) -> &RoomId {
        match self {
            Self::Unit { room, .. } | Self::Gateway { room } => room,
        }
    }
}

/// What became of a batch of fixes; sent once it is durable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FixReceipt {
    /// How many were admitted.
    pub accepted: u64,
    /// How many were there already.
    pub duplicate: u64,
    /// Which were kept apart, by their index in the batch.
    pub quarantined: Vec<Quarantined>,
}

/// One fix of a batch that was kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its index in the batch, from 0.
    pub index: usize,
    /// Why.
    pub reason: QuarantineReason,
    /// What is wrong with it, in one sentence.
    pub detail: Arc<str>,
}

/// What became of an order; sent once it is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderAnswer {
    /// Carried out: the id of what came of it, and the operation's version after it.
    Done {
        /// The id of the operation, notice or sighting.
        id: Arc<str>,
        /// The operation's version: its `ETag`.
        version: u64,
        /// Whether the same key had been answered before.
        repeated: bool,
    },
    /// Refused, and kept as refused.
    Refused(Refusal),
}

/// Why the desk did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The queue is full: try again in a moment.
    #[error("the desk's queue is full: try again in a second")]
    Full,
    /// Nothing can be recorded: nothing is acknowledged.
    #[error("the journal cannot be written: nothing is taken until it can")]
    Failing,
    /// The service is ending.
    #[error("the service is ending")]
    Closed,
}

/// Whether what happens is being recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recording {
    /// It is.
    Ok,
    /// It is not: nothing is acknowledged.
    Failing {
        /// Why, in one sentence.
        because: Arc<str>,
    },
}

/// One request to the desk.
pub(super) enum Request {
    /// A batch of fixes of one sender.
    Fixes {
        sender: FixSender,
        fixes: Vec<ReportedFix>,
        answer: oneshot::Sender<Result<FixReceipt, DeskError>>,
    },
    /// A unit's own act.
    Act {
        room: RoomId,
        act: UnitAct,
        answer: oneshot::Sender<Result<OrderAnswer, DeskError>>,
    },
    /// What ground an aircraft's camera sees.
    Footprint {
        room: RoomId,
        footprint: Footprint,
        answer: oneshot::Sender<Result<OrderAnswer, DeskError>>,
    },
    /// A person's order.
    Order {
        order: Box<Order>,
        answer: oneshot::Sender<Result<OrderAnswer, DeskError>>,
    },
    /// What a person does with an alarm.
    Alarm {
        order: AlarmOrder,
        answer: oneshot::Sender<Result<OrderAnswer, DeskError>>,
    },
    /// What came of an attempt to deliver a notice.
    Delivery {
        room: RoomId,
        delivery: Delivery,
        answer: oneshot::Sender<Result<(), DeskError>>,
    },
    /// Of a room in another service.
    Link(LinkRequest),
    /// Snapshots of the ledgers, made beside the desk.
    Keep(Vec<Snapshot>),
    /// The service ends: what is in the queue is still decided and recorded.
    End,
    /// A person looked: recorded before anything is shown.
    Looked {
        room: RoomId,
        look: HouseEvent,
        answer: oneshot::Sender<Result<(), DeskError>>,
    },
}

/// What is asked of the desk about a room here and a partner's in another service.
pub(super) enum LinkRequest {
    /// A frame came.
    Take {
        room: RoomId,
        partner: RoomId,
        envelope: Envelope,
        answer: oneshot::Sender<Result<FrameTaken, DeskError>>,
    },
    /// Something became of the link.
    Tell {
        room: RoomId,
        partner: RoomId,
        news: LinkNews,
        answer: oneshot::Sender<Result<(), DeskError>>,
    },
    /// What is to be told?
    Frames {
        room: RoomId,
        partner: RoomId,
        after: u64,
        most: usize,
        answer: oneshot::Sender<Vec<(u64, Envelope)>>,
    },
}

/// What became of a frame; sent once it is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameTaken {
    /// The partner's frames through this one are recorded here.
    pub through: u64,
    /// Why this one was refused.
    pub refused: Option<LinkRefusal>,
}

/// How far a room and one in another service have come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// The last frame that was told.
    pub sent: u64,
    /// The last one that the partner has recorded.
    pub confirmed: u64,
    /// The partner's last frame that was taken in.
    pub taken: u64,
    /// What its bytes hash to, hexadecimal.
    pub taken_digest: Arc<str>,
    /// The number of the partner's last message that was heard.
    pub heard: u64,
    /// Who leads each open operation of both.
    pub leads: Vec<LeadTold>,
}

/// How far a room here has come, all of it recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomLinks {
    /// The last record of its ledger.
    pub seq: Seq,
    /// The hash of that record's header, hexadecimal.
    pub hash: Arc<str>,
    /// With each partner in another service.
    pub partners: BTreeMap<RoomId, Numbers>,
}

/// A batch of fixes that waits for the desk.
#[derive(Debug)]
pub struct QueuedFixes {
    receipt: oneshot::Receiver<Result<FixReceipt, DeskError>>,
}

impl QueuedFixes {
    /// The receipt, once the batch is durable.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: the batch is not acknowledged. A failed write may have kept it all
    /// the same; posting it again is then answered as duplicates.
    pub async fn durable(self) -> Result<FixReceipt, DeskError> {
        self.receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// The receipt if the batch is durable already, else the batch itself.
    ///
    /// # Errors
    /// The batch, which still waits.
    pub fn durable_now(mut self) -> Result<Result<FixReceipt, DeskError>, Self> {
        match self.receipt.try_recv() {
            Ok(receipt) => Ok(receipt),
            Err(oneshot::error::TryRecvError::Closed) => Ok(Err(DeskError::Closed)),
            Err(oneshot::error::TryRecvError::Empty) => Err(self),
        }
    }
}

/// The way to the desk. Cheap to clone.
#[derive(Clone)]
pub struct DeskHandle {
    pub(super) queue: mpsc::Sender<Request>,
    pub(super) recording: watch::Receiver<Recording>,
    pub(super) outgoing: watch::Receiver<Arc<[Outgoing]>>,
    pub(super) links: watch::Receiver<Arc<BTreeMap<RoomId, RoomLinks>>>,
    pub(super) ending: Arc<AtomicBool>,
}

impl DeskHandle {
    /// Whether what happens is being recorded; changes ring.
    #[must_use]
    pub fn recording(&self) -> watch::Receiver<Recording> {
        self.recording.clone()
    }

    /// What is to be sent by mail or webhook, all of it recorded; changes ring.
    #[must_use]
    pub fn outgoing(&self) -> watch::Receiver<Arc<[Outgoing]>> {
        self.outgoing.clone()
    }

    /// How far every room here and its partners in other services have come, all of it recorded; changes ring.
    #[must_use]
    pub fn links(&self) -> watch::Receiver<Arc<BTreeMap<RoomId, RoomLinks>>> {
        self.links.clone()
    }

    /// The recorded frames of `room` after `after` that a partner has not confirmed, oldest first, at most `most`.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: ask again.
    pub async fn frames(
        &self,
        room: &RoomId,
        partner: &RoomId,
        after: u64,
        most: usize,
    ) -> Result<Vec<(u64, Envelope)>, DeskError> {
        let (answer, frames) = oneshot::channel();
        self.send_link(LinkRequest::Frames {
            room: room.clone(),
            partner: partner.clone(),
            after,
            most,
            answer,
        })
        .await?;
        frames.await.map_err(|_| DeskError::Closed)
    }

    /// Takes a frame of a partner in; answers once what it tells is durable. Waits while the queue is full.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: it is not acknowledged, and comes again.
    pub async fn take_frame(
        &self,
        room: &RoomId,
        partner: &RoomId,
        envelope: Envelope,
    ) -> Result<FrameTaken, DeskError> {
        let (answer, taken) = oneshot::channel();
        self.send_link(LinkRequest::Take {
            room: room.clone(),
            partner: partner.clone(),
            envelope,
            answer,
        })
        .await?;
        taken.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Takes what became of a link; answers once that is durable. The same told again changes nothing.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: it was not taken, tell it again.
    pub async fn tell_link(
        &self,
        room: &RoomId,
        partner: &RoomId,
        news: LinkNews,
    ) -> Result<(), DeskError> {
        let (answer, told) = oneshot::channel();
        self.send_link(LinkRequest::Tell {
            room: room.clone(),
            partner: partner.clone(),
            news,
            answer,
        })
        .await?;
        told.await.unwrap_or(Err(DeskError::Closed))
    }

    async fn send_link(&self, request: LinkRequest) -> Result<(), DeskError> {
        self.is_recording()?;
        let sent = self.queue.send(Request::Link(request)).await;
        sent.map_err(|_| DeskError::Closed)
    }

    /// Takes what came of an attempt to deliver a notice of a room; answers once that is durable. Waits while the queue is
    /// full. The same told again changes nothing.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: it was not taken, tell it again.
    pub async fn delivery(&self, room: RoomId, delivery: Delivery) -> Result<(), DeskError> {
        self.is_recording()?;
        let (answer, receipt) = oneshot::channel();
        let request = Request::Delivery {
            room,
            delivery,
            answer,
        };
        self.queue
            .send(request)
            .await
            .map_err(|_| DeskError::Closed)?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Takes a batch of fixes; answers once it is durable. Waits while the queue is full: a WebSocket stops reading.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: the batch is not acknowledged. A failed write may have kept it all
    /// the same; posting it again is then answered as duplicates.
    pub async fn fixes(
        &self,
        sender: FixSender,
        fixes: Vec<ReportedFix>,
    ) -> Result<FixReceipt, DeskError> {
        self.queue_fixes(sender, fixes).await?.durable().await
    }

    /// Puts a batch of fixes into the queue, waiting while it is full; its receipt comes later. A sender that queues
    /// one batch after the other keeps their order.
    ///
    /// # Errors
    /// [`DeskError::Failing`] or [`DeskError::Closed`]: the batch is not acknowledged. A failed write may have kept it all
    /// the same; posting it again is then answered as duplicates.
    pub async fn queue_fixes(
        &self,
        sender: FixSender,
        fixes: Vec<ReportedFix>,
    ) -> Result<QueuedFixes, DeskError> {
        self.is_recording()?;
        let (answer, receipt) = oneshot::channel();
        let request = Request::Fixes {
            sender,
            fixes,
            answer,
        };
        self.queue
            .send(request)
            .await
            .map_err(|_| DeskError::Closed)?;
        Ok(QueuedFixes { receipt })
    }

    /// As [`Self::fixes`], but answers [`DeskError::Full`] at once while the queue is full: HTTP says 503.
    ///
    /// # Errors
    /// Any [`DeskError`]: the batch is not acknowledged. A failed write may have kept it all the same; posting it again is
    /// then answered as duplicates.
    pub async fn fixes_now(
        &self,
        sender: FixSender,
        fixes: Vec<ReportedFix>,
    ) -> Result<FixReceipt, DeskError> {
        let (answer, receipt) = oneshot::channel();
        self.try_send(Request::Fixes {
            sender,
            fixes,
            answer,
        })?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Takes a unit's own act; answers once it is durable.
    ///
    /// # Errors
    /// Any [`DeskError`]: the act was not taken.
    pub async fn act(&self, room: RoomId, act: UnitAct) -> Result<OrderAnswer, DeskError> {
        let (answer, receipt) = oneshot::channel();
        self.try_send(Request::Act { room, act, answer })?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Takes what ground an aircraft's camera sees; answers once what it changes is durable.
    ///
    /// # Errors
    /// Any [`DeskError`]: it was not taken.
    pub async fn footprint(
        &self,
        room: RoomId,
        footprint: Footprint,
    ) -> Result<OrderAnswer, DeskError> {
        let (answer, receipt) = oneshot::channel();
        self.try_send(Request::Footprint {
            room,
            footprint,
            answer,
        })?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Takes a person's order; answers once it, or its refusal, is durable.
    ///
    /// # Errors
    /// Any [`DeskError`]: the order was not taken.
    pub async fn order(&self, order: Order) -> Result<OrderAnswer, DeskError> {
        let (answer, receipt) = oneshot::channel();
        let order = Box::new(order);
        self.try_send(Request::Order { order, answer })?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Takes what a person does with an alarm; answers once it, or its refusal, is durable.
    ///
    /// # Errors
    /// Any [`DeskError`]: nothing was taken.
    pub async fn alarm(&self, order: AlarmOrder) -> Result<OrderAnswer, DeskError> {
        let (answer, receipt) = oneshot::channel();
        self.try_send(Request::Alarm { order, answer })?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Records that a person looked; answers once that is durable, so that nothing is shown before.
    ///
    /// # Errors
    /// Any [`DeskError`]: the look was not recorded, so nothing may be shown.
    pub async fn looked(&self, room: RoomId, look: HouseEvent) -> Result<(), DeskError> {
        let (answer, receipt) = oneshot::channel();
        self.try_send(Request::Looked { room, look, answer })?;
        receipt.await.unwrap_or(Err(DeskError::Closed))
    }

    /// Ends the desk: what is in the queue is still decided and recorded, nothing more is taken. A disk that is full or
    /// fails is not waited for: what could not be recorded is answered so.
    pub async fn end(&self) {
        self.ending.store(true, Ordering::Release);
        // A desk that is gone has ended.
        let _ = self.queue.send(Request::End).await;
    }

    /// How many requests wait for the desk.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Whether what happens is being recorded now.
    ///
    /// # Errors
    /// [`DeskError::Failing`] while it is not.
    pub fn is_recording(&self) -> Result<(), DeskError> {
        match &*self.recording.borrow() {
            Recording::Ok => Ok(()),
            Recording::Failing { .. } => Err(DeskError::Failing),
        }
    }

    fn try_send(&self, request: Request) -> Result<(), DeskError> {
        self.is_recording()?;
        self.queue
            .try_send(request)
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => DeskError::Full,
                mpsc::error::TrySendError::Closed(_) => DeskError::Closed,
            })
    }
}
