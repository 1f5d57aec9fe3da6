//! One connection: a WebSocket of small JSON texts over TLS, and when anything last came on it.

use crate::wire::link::talk::{BYTES_MOST, TalkWire};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// When bytes last came: a long text on a slow line is heard long before its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard(Arc<Mutex<Option<Instant>>>);

impl Heard {
    /// When.
    pub(super) fn last(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Instant::now());
    }
}

/// A stream that notes when bytes come.
pub(super) struct Ear<S> {
    inner: S,
    heard: Heard,
}

impl<S> Ear<S> {
    /// On this stream.
    pub(super) fn new(inner: S) -> (Self, Heard) {
        let heard = Heard::default();
        let ear = Self {
            inner,
            heard: heard.clone(),
        };
        (ear, heard)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Ear<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, into);
        if into.filled().len() > before {
            self.heard.now();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Ear<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// How much one text may hold.
pub(super) fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(BYTES_MOST))
        .max_frame_size(Some(BYTES_MOST))
}

/// The way out.
pub(super) struct Voice<S>(SplitSink<WebSocketStream<S>, Message>);

/// The way in.
pub(super) struct Hearing<S>(SplitStream<WebSocketStream<S>>);

/// Both ways of a connection.
pub(super) fn both<S>(socket: WebSocketStream<S>) -> (Voice<S>, Hearing<S>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (sink, stream) = socket.split();
    (Voice(sink), Hearing(stream))
}

impl<S: AsyncRead + AsyncWrite + Unpin> Voice<S> {
    /// Says it.
    ///
    /// # Errors
    /// One sentence: the connection is gone.
    pub(super) async fn say(&mut self, talk: &TalkWire) -> Result<(), String> {
        let said = self.0.send(Message::text(talk.to_text())).await;
        said.map_err(|error| error.to_string())
    }

    /// Ends the conversation.
    pub(super) async fn close(&mut self) {
        // Who is gone already needs no goodbye.
        let _ = self.0.close().await;
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Hearing<S> {
    /// What is said next.
    ///
    /// # Errors
    /// One sentence: the connection is gone, or what came cannot be read.
    pub(super) async fn next(&mut self) -> Result<TalkWire, String> {
        loop {
            match self.0.next().await {
                None => return Err("the connection was closed".to_owned()),
                Some(Err(error)) => return Err(error.to_string()),
                Some(Ok(Message::Text(text))) => return TalkWire::read(&text),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Binary(_))) => {
                    return Err("bytes came where a text was expected".to_owned());
                }
                Some(Ok(Message::Close(_))) => {
                    return Err("the connection was closed".to_owned());
                }
            }
        }
    }
}
