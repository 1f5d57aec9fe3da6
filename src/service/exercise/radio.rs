//! A unit's own socket to the service. What was not answered for is sent again after a loss: the service knows what it
//! has.

use crate::domain::ids::UnitId;
use crate::domain::tracks::fix::ReportedFix;
use crate::wire::fix::{FixBody, StreamAnswer};
use futures_util::{SinkExt, StreamExt};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::{ClientRequestBuilder, IntoClientRequest};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Between two attempts to connect.
const AGAIN: Duration = Duration::from_millis(500);
/// How long a unit waits for its last fixes to be answered for when the exercise ends.
const GOODBYE: Duration = Duration::from_secs(3);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A unit's socket, kept open by a task of its own.
pub(super) struct Radio {
    fixes: mpsc::UnboundedSender<Vec<ReportedFix>>,
    task: JoinHandle<()>,
}

impl Radio {
    /// Switches it on.
    pub(super) fn on(unit: UnitId, address: SocketAddr, token: String) -> Self {
        let (fixes, queue) = mpsc::unbounded_channel();
        let set = Set {
            unit,
            address,
            token,
            queue,
            unanswered: VecDeque::new(),
        };
        Self {
            fixes,
            task: tokio::spawn(set.run()),
        }
    }

    /// Sends fixes; they wait here while there is no connection.
    pub(super) fn send(&self, fixes: Vec<ReportedFix>) {
        // The task ends only with this sender.
        let _ = self.fixes.send(fixes);
    }

    /// Switches it off, once what was sent is answered for or nobody answers.
    pub(super) async fn off(self) {
        drop(self.fixes);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(GOODBYE, self.task).await.is_err() {
            abort.abort();
        }
    }
}

struct Set {
    unit: UnitId,
    address: SocketAddr,
    token: String,
    queue: mpsc::UnboundedReceiver<Vec<ReportedFix>>,
    unanswered: VecDeque<ReportedFix>,
}

/// Why a connection ended.
enum End {
    SwitchedOff,
    Lost,
}

impl Set {
    async fn run(mut self) {
        loop {
            match self.connect().await {
                Ok(socket) => match self.talk(socket).await {
                    Ok(End::SwitchedOff) => return,
                    Ok(End::Lost) => {}
                    Err(error) => {
                        tracing::debug!(unit.id = %self.unit, %error, "a unit of the exercise lost its connection");
                    }
                },
                Err(error) => {
                    tracing::debug!(unit.id = %self.unit, %error, "a unit of the exercise cannot connect");
                }
            }
            if self.queue.is_closed() && self.unanswered.is_empty() && self.queue.is_empty() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn connect(&self) -> Result<Socket, Error> {
        let address = format!("ws://{}/api/v1/fixes/stream", self.address);
        let request = ClientRequestBuilder::new(address.parse()?)
            .with_header("Authorization", format!("Bearer {}", self.token))
            .into_client_request()?;
        connect_async(request).await.map(|(socket, _)| socket)
    }

    async fn talk(&mut self, mut socket: Socket) -> Result<End, Error> {
        // Counted on this socket: what is sent again counts again.
        let mut through = 0;
        if !self.unanswered.is_empty() {
            let again = body(self.unanswered.make_contiguous());
            socket.send(again).await?;
        }
        let mut open = true;
        loop {
            if !open && self.unanswered.is_empty() {
                socket.close(None).await?;
                return Ok(End::SwitchedOff);
            }
            tokio::select! {
                fixes = self.queue.recv(), if open => match fixes {
                    Some(fixes) => {
                        let message = body(&fixes);
                        self.unanswered.extend(fixes);
                        socket.send(message).await?;
                    }
                    None => open = false,
                },
                answer = socket.next() => match answer {
                    Some(Ok(Message::Text(text))) => self.answered(&text, &mut through),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error),
                    None => return Ok(End::Lost),
                },
            }
        }
    }

    fn answered(&mut self, text: &str, through: &mut u64) {
        let Ok(answer) = serde_json::from_str::<StreamAnswer>(text) else {
            tracing::warn!(unit.id = %self.unit, "an answer on the socket of a unit cannot be read");
            return;
        };
        let new = answer.through.saturating_sub(*through) as usize;
        self.unanswered.drain(..new.min(self.unanswered.len()));
        *through = answer.through;
        if let Some(kept) = answer.quarantined.first() {
            let fixes = answer.quarantined.len();
            let (reason, detail) = (&*kept.reason, &*kept.detail);
            tracing::debug!(unit.id = %self.unit, fixes, reason, detail, "fixes of the exercise were kept apart");
        }
    }
}

/// Fixes as one message.
fn body(fixes: &[ReportedFix]) -> Message {
    let bodies: Vec<FixBody<'_>> = fixes.iter().map(FixBody::from).collect();
    // Plain numbers and texts always serialise.
    Message::text(serde_json::to_string(&bodies).unwrap_or_default())
}
