//! `GET /api/v1/fixes/stream`: a socket that takes fixes and answers after each durable commit.
//!
//! Messages are read on while earlier ones wait for their commit, up to a bound; answers come in the order of the
//! messages, several in one when a commit covered several. A fix that was not answered for may be sent again: what is
//! there already is counted as a duplicate. An empty array commits nothing and is not answered. The service closes with a code and a reason:
//!
//! | code | when | sent again? |
//! |---|---|---|
//! | 1003 | a binary message | no |
//! | 1007 | a message that is not well-formed; earlier ones are answered first, nothing of it is taken | no |
//! | 1008 | the token was revoked or has expired | no |
//! | 1009 | a message too large, or with too many fixes | smaller |
//! | 1012 | the service is ending, after all that was taken is answered | yes |
//! | 1013 | nothing can be recorded at the moment | later |

use super::body::{self, Shape};
use super::fixes::{desk_problem, slow_down};
use super::gatekeeper::{Authenticated, revoked, sender_of};
use super::rate::{Counted, Holding};
use super::{Ingest, IngestState};
use crate::service::desk::{DeskError, FixReceipt, QueuedFixes};
use crate::wire::fix::{Format, QuarantinedWire, StreamReceiptWire};
use crate::wire::problem::{Problem, ProblemKind};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use futures_util::future::try_join;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite;

/// The service is ending and comes back (RFC 6455, section 7.4, registry).
const SERVICE_RESTART: u16 = 1012;
/// Try again later (registry).
const TRY_AGAIN_LATER: u16 = 1013;
/// The longest reason a close frame carries.
const REASON_BYTES: usize = 123;
/// How long the other side is given to answer a close frame.
const GOODBYE: Duration = Duration::from_secs(2);

/// Authenticates, then upgrades.
pub(super) async fn upgrade(
    State(IngestState(ingest)): State<IngestState>,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match admit(&ingest, &headers, socket).await {
        Ok(response) => response,
        Err(problem) => {
            ingest.metrics.refused(problem.kind());
            problem.into_response()
        }
    }
}

async fn admit(
    ingest: &Arc<Ingest>,
    headers: &HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let who = sender_of(&*ingest.gate, headers)?;
    slow_down(ingest, &who, Counted::Request).await?;
    let socket = socket.map_err(|_| {
        let sentence = "this address speaks WebSocket only: open it as ws:// or wss://";
        Problem::new(ProblemKind::UpgradeRequired, sentence)
    })?;
    if *ingest.ending.borrow() {
        return Err(desk_problem(DeskError::Closed));
    }
    let full = |sentence| Problem::new(ProblemKind::Busy, sentence).retry_after_s(5);
    let place = Arc::clone(&ingest.sockets)
        .try_acquire_owned()
        .map_err(|_| full("too many sockets are open: try again in 5 s"))?;
    let counted = ingest
        .rates
        .hold(&who.token, Holding::Sockets, 1)
        .ok_or_else(|| {
            full("this token has too many sockets open: close one, or try again in 5 s")
        })?;
    let limits = &ingest.limits;
    let upgrade = socket
        .max_message_size(limits.body_bytes)
        .max_frame_size(limits.body_bytes)
        .max_write_buffer_size(limits.write_buffer_bytes);
    let ingest = Arc::clone(ingest);
    Ok(upgrade.on_upgrade(async move |socket| {
        let _held = (place, counted, ingest.metrics.socket_opened());
        serve(&ingest, &who, socket).await;
    }))
}

/// Why a socket ends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// The other side closed, or is gone.
    Gone,
    /// We close, with a code and a reason.
    Close { code: u16, reason: String },
}

impl End {
    fn close(code: u16, reason: impl Into<String>) -> Self {
        Self::Close {
            code,
            reason: reason.into(),
        }
    }

    fn desk(error: DeskError) -> Self {
        let code = match error {
            DeskError::Full | DeskError::Failing => TRY_AGAIN_LATER,
            DeskError::Closed => SERVICE_RESTART,
        };
        Self::close(code, error.to_string())
    }
}

/// A message that waits for its commit.
struct Waiting {
    queued: QueuedFixes,
    fixes: usize,
    // Its share of what may wait.
    permit: OwnedSemaphorePermit,
}

/// Serves one socket until it ends.
async fn serve(ingest: &Ingest, who: &Authenticated, socket: WebSocket) {
    let (mut sink, mut stream) = socket.split();
    let (waiting, queue) = mpsc::channel(ingest.limits.pending_messages);
    // The reader ends the queue when it ends; the writer then answers what is left of it.
    let reader = Reader {
        ingest,
        who,
        stream: &mut stream,
        waiting,
    };
    let writer = Writer {
        ingest,
        sink: &mut sink,
        queue,
        through: 0,
    };
    let end = tokio::select! {
        refusal = revoked(&*ingest.gate, who) => End::close(close_code::POLICY, refusal.sentence),
        ended = try_join(reader.run(), writer.run()) => match ended {
            Ok((end, ())) | Err(end) => end,
        },
    };
    let End::Close { code, reason } = end else {
        return;
    };
    ingest.metrics.closed(code);
    let goodbye = say_goodbye(&mut sink, &mut stream, code, &reason);
    // The other side may be gone: then nobody is there to be told.
    let _ = timeout(GOODBYE, goodbye).await;
}

/// Sends the close frame and reads on until the other side answers it, so that it is not lost in a reset.
async fn say_goodbye(
    sink: &mut SplitSink<WebSocket, Message>,
    stream: &mut SplitStream<WebSocket>,
    code: u16,
    reason: &str,
) {
    let end = (0..=REASON_BYTES.min(reason.len()))
        .rfind(|end| reason.is_char_boundary(*end))
        .unwrap_or(0);
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from(&reason[..end]),
    };
    if sink.send(Message::Close(Some(frame))).await.is_ok() {
        while let Some(Ok(_)) = stream.next().await {}
    }
}

/// Reads messages and queues their fixes.
struct Reader<'a> {
    ingest: &'a Ingest,
    who: &'a Authenticated,
    stream: &'a mut SplitStream<WebSocket>,
    waiting: mpsc::Sender<Waiting>,
}

impl Reader<'_> {
    /// Reads until the socket ends; what was queued is then still to be answered.
    async fn run(self) -> Result<End, End> {
        let may_wait = Arc::new(Semaphore::new(self.ingest.limits.pending_fixes));
        let mut ending = self.ingest.ending.clone();
        loop {
            let next = tokio::select! {
                biased;
                _ = ending.wait_for(|ending| *ending) => {
                    return Ok(End::desk(DeskError::Closed));
                }
                next = timeout(self.ingest.limits.silence, self.stream.next()) => next,
            };
            let text = match next {
                Ok(Some(Ok(Message::Text(text)))) => text,
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
                Ok(Some(Ok(Message::Binary(_)))) => {
                    return Ok(End::close(
                        close_code::UNSUPPORTED,
                        "send fixes as text messages",
                    ));
                }
                Ok(Some(Err(error))) => return Ok(broken(error)),
                Ok(Some(Ok(Message::Close(_))) | None) | Err(_) => return Ok(End::Gone),
            };
            if let Err(end) = self.take(text, &may_wait).await {
                return Ok(end);
            }
        }
    }

    async fn take(&self, text: Utf8Bytes, may_wait: &Arc<Semaphore>) -> Result<(), End> {
        let Self { ingest, who, .. } = self;
        ingest.metrics.received(text.len());
        let shape = Shape {
            format: Format::Json,
            gzip: false,
        };
        let fixes = body::fixes(ingest, Message::Text(text).into_data(), shape, &who.token)
            .await
            .map_err(|problem| refused(&problem))?;
        let count = fixes.len();
        if count == 0 {
            return Ok(());
        }
        let gone = |_| End::Gone;
        let permit = Arc::clone(may_wait)
            .acquire_many_owned(count.min(ingest.limits.pending_fixes) as u32)
            .await
            .map_err(|_| End::Gone)?;
        let wait = ingest
            .rates
            .take_patiently(&who.token, count, Instant::now());
        // The timer counts whole milliseconds, upwards: even a sleep of nothing would cost one.
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let queued = ingest
            .desk
            .queue_fixes(who.sender.clone(), fixes)
            .await
            .map_err(End::desk)?;
        let waiting = Waiting {
            queued,
            fixes: count,
            permit,
        };
        self.waiting.send(waiting).await.map_err(gone)
    }
}

/// The close code of a problem.
fn refused(problem: &Problem) -> End {
    let code = match problem.kind() {
        ProblemKind::TooLarge => close_code::SIZE,
        ProblemKind::Ending => SERVICE_RESTART,
        _ => close_code::INVALID,
    };
    End::close(code, problem.detail())
}

/// What a failed read means.
fn broken(error: axum::Error) -> End {
    let Ok(error) = error.into_inner().downcast::<tungstenite::Error>() else {
        return End::Gone;
    };
    match *error {
        tungstenite::Error::Capacity(_) => End::close(
            close_code::SIZE,
            "the message is too large: send it in several",
        ),
        tungstenite::Error::Utf8(_) => End::close(close_code::INVALID, "the message is not UTF-8"),
        tungstenite::Error::Protocol(_) => {
            End::close(close_code::PROTOCOL, "this is not the WebSocket protocol")
        }
        _ => End::Gone,
    }
}

/// Waits for commits and answers.
struct Writer<'a> {
    ingest: &'a Ingest,
    sink: &'a mut SplitSink<WebSocket, Message>,
    queue: mpsc::Receiver<Waiting>,
    // How many fixes of this socket have been answered for.
    through: u64,
}

impl Writer<'_> {
    /// Answers until the queue ends.
    async fn run(mut self) -> Result<(), End> {
        let mut ping = tokio::time::interval(self.ingest.limits.ping_interval);
        ping.reset();
        let mut next = None;
        loop {
            if let Some(waiting) = next.take() {
                next = self.answer(waiting).await?;
                continue;
            }
            tokio::select! {
                waiting = self.queue.recv() => match waiting {
                    Some(waiting) => next = Some(waiting),
                    None => return Ok(()),
                },
                _ = ping.tick() => self.send(Message::Ping(bytes::Bytes::new())).await?,
            }
        }
    }

    /// Answers for this message, and for those behind it that the same commit covered; the first that still waits is
    /// handed back.
    async fn answer(&mut self, first: Waiting) -> Result<Option<Waiting>, End> {
        let mut answer = StreamReceiptWire {
            through: self.through,
            duplicate: 0,
            quarantined: Vec::new(),
        };
        let receipt = first.queued.durable().await.map_err(End::desk)?;
        self.add(&mut answer, &receipt, first.fixes);
        let mut permits = first.permit;
        let mut still_waits = None;
        let mut failed = None;
        while answer.quarantined.len() < self.ingest.limits.batch_fixes {
            let Ok(waiting) = self.queue.try_recv() else {
                break;
            };
            match waiting.queued.durable_now() {
                Ok(Ok(receipt)) => {
                    self.add(&mut answer, &receipt, waiting.fixes);
                    permits.merge(waiting.permit);
                }
                Ok(Err(error)) => {
                    failed = Some(End::desk(error));
                    break;
                }
                Err(queued) => {
                    still_waits = Some(Waiting { queued, ..waiting });
                    break;
                }
            }
        }
        // A struct of numbers and texts always serialises.
        let text = serde_json::to_string(&answer).unwrap_or_default();
        self.send(Message::Text(text.into())).await?;
        failed.map_or(Ok(still_waits), Err)
    }

    fn add(&mut self, answer: &mut StreamReceiptWire, receipt: &FixReceipt, fixes: usize) {
        self.ingest.metrics.receipt(receipt);
        answer.duplicate += receipt.duplicate;
        let before = self.through;
        let quarantined = receipt.quarantined.iter().map(|fix| QuarantinedWire {
            index: before + fix.index as u64,
            reason: fix.reason.as_str(),
            detail: fix.detail.to_string(),
        });
        answer.quarantined.extend(quarantined);
        self.through += fixes as u64;
        answer.through = self.through;
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.ingest.limits.write_time, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}
