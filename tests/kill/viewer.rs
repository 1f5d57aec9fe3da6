//! A map that looks on until the service is gone, and remembers what it was shown.

use crate::checks::{Fix, Shown};
use crate::senders::fix;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::collections::BTreeSet;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Opens the live feed; `None` when the service is gone.
pub(crate) async fn open(
    address: &str,
    session: &str,
    since: &str,
) -> Option<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let mut request = format!("ws://{address}/api/v1/live{since}")
        .into_client_request()
        .expect("an address");
    let bearer = format!("Bearer {session}");
    let headers = request.headers_mut();
    headers.insert("authorization", bearer.parse().expect("a header"));
    let opened = tokio_tungstenite::connect_async(request).await;
    opened.ok().map(|(socket, _)| socket)
}

/// What the heartbeats of the live feed say of recording, from now on.
pub(crate) async fn heartbeats(address: &str, session: &str) -> watch::Receiver<String> {
    let mut socket = open(address, session, "").await.expect("the feed opens");
    let (said, heard) = watch::channel(String::new());
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else {
                continue;
            };
            let message: Value = serde_json::from_str(&text).expect("the feed is JSON");
            if let Some(recording) = message["recording"].as_str() {
                said.send_replace(recording.to_owned());
            }
        }
    });
    heard
}

/// A viewer over several lives of the service.
#[derive(Default)]
pub(crate) struct Viewer {
    pub(crate) shown: Shown,
    pub(crate) fixes: Vec<Fix>,
    pub(crate) faults: Vec<String>,
    /// Unit and device time of every fix shown in a bulletin.
    seen: BTreeSet<(String, i64)>,
    /// What ended the feed, when the service said so.
    pub(crate) goodbye: Option<Value>,
    begun: bool,
}

impl Viewer {
    /// Looks on, from where it was, until the service is gone.
    pub(crate) async fn look(mut self, address: String, session: String) -> Self {
        let since = if self.begun {
            format!("?since={}", self.shown.seq)
        } else {
            String::new()
        };
        let Some(mut socket) = open(&address, &session, &since).await else {
            return self;
        };
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message {
                self.take(&serde_json::from_str(&text).expect("the feed is JSON"));
            }
        }
        self
    }

    fn take(&mut self, message: &Value) {
        let seq = message["seq"].as_u64().unwrap_or(0);
        match message["kind"].as_str().unwrap_or_default() {
            "snapshot" => {
                if self.begun {
                    let had = self.shown.seq;
                    let fault = format!("a viewer of {had} got a snapshot of {seq}");
                    self.faults.push(fault);
                }
                (self.begun, self.shown.seq) = (true, seq);
            }
            "bulletin" => self.bulletin(message, seq),
            "heartbeat" if seq != self.shown.seq => {
                let fault = format!("a heartbeat of {seq} after {}", self.shown.seq);
                self.faults.push(fault);
            }
            "goodbye" => self.goodbye = Some(message.clone()),
            _ => {}
        }
    }

    fn bulletin(&mut self, bulletin: &Value, seq: u64) {
        if bulletin["prev"].as_u64() != Some(self.shown.seq) {
            let fault = format!("{} follows {}", bulletin["prev"], self.shown.seq);
            self.faults.push(fault);
        }
        for event in bulletin["events"].as_array().into_iter().flatten() {
            let number = event["seq"].as_u64().unwrap_or(0);
            if number <= self.shown.seq || number > seq {
                self.faults
                    .push(format!("event {number} in a bulletin to {seq}"));
            }
            self.shown.events.insert(number, event.clone());
        }
        let positions = bulletin["positions"].as_array().into_iter().flatten();
        for fix in positions.map(fix) {
            if !self.seen.insert((fix.unit.clone(), fix.fixed_at)) {
                self.faults.push(format!("{fix:?} is shown twice"));
            }
            self.fixes.push(fix);
        }
        self.shown.seq = seq;
    }
}
