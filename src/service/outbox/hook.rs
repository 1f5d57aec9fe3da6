//! One attempt by webhook: a `CloudEvent`, signed, over a connection of its own to an address that was judged.
//!
//! No client follows a redirect, asks a proxy or keeps a connection here: one request is written, one answer is read.

use super::address::{Unfit, resolve};
use super::settings::Webhook;
use super::{Failure, Said};
use axum::http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use axum::http::{Request, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::fmt::Display;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

/// So much of an answer is read at most.
const ANSWER_MAX: usize = 8 * 1_024;
/// So much of it is kept.
const SAID_MAX: usize = 160;

/// What is posted.
pub(super) struct Posted {
    /// The notice, in every attempt the same: `webhook-id`.
    pub(super) id: String,
    /// Seconds since 1970 at this attempt: `webhook-timestamp`.
    pub(super) timestamp: i64,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Posted {
    /// The bytes that are signed: id, timestamp and body, joined by dots (Standard Webhooks).
    pub(super) fn signed(&self) -> Vec<u8> {
        let mut bytes = format!("{}.{}.", self.id, self.timestamp).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Posts it; delivered when the answer is 2xx.
pub(super) async fn post(
    hook: &Webhook,
    tls: &Arc<ClientConfig>,
    posted: Posted,
    signature: &[u8; 64],
) -> Result<Said, Failure> {
    let secure = hook.url.scheme_str() == Some("https");
    let host = hook.url.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = hook.url.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let addresses = resolve(host, port, hook.allow_private).await;
    let addresses = addresses.map_err(|unfit| match unfit {
        Unfit::Unknown(why) => Failure::now(why),
        Unfit::NotPublic(why) => Failure::for_good(why),
    })?;
    // The very addresses that were judged: the name is not asked again.
    let stream = TcpStream::connect(&*addresses).await;
    let stream = stream.map_err(|error| not_reached(hook, error))?;
    let request = request(&hook.url, posted, signature)?;
    if !secure {
        return exchange(hook, stream, request).await;
    }
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|error| Failure::for_good(format!("{host}: {error}")))?;
    let sealed = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
    let sealed = sealed.await.map_err(|error| not_reached(hook, error))?;
    exchange(hook, sealed, request).await
}

fn request(
    url: &Uri,
    posted: Posted,
    signature: &[u8; 64],
) -> Result<Request<Full<Bytes>>, Failure> {
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let authority = url.authority().map_or("", |it| it.as_str());
    Request::post(path)
        .header(HOST, authority)
        .header(USER_AGENT, concat!("limes/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, crate::wire::channels::CLOUD_EVENT)
        .header("webhook-id", posted.id)
        .header("webhook-timestamp", posted.timestamp)
        .header(
            "webhook-signature",
            format!("v1a,{}", STANDARD.encode(signature)),
        )
        .body(Full::new(Bytes::from(posted.body)))
        .map_err(|error| Failure::for_good(error.to_string()))
}

async fn exchange(
    hook: &Webhook,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Said, Failure> {
    let (mut sender, connection) = handshake(TokioIo::new(stream))
        .await
        .map_err(|error| not_reached(hook, error))?;
    // It ends with this attempt, whatever the far side does.
    let mut driver = JoinSet::new();
    driver.spawn(async move { drop(connection.await) });
    let answer = sender.send_request(request).await;
    let answer = answer.map_err(|error| not_reached(hook, error))?;
    let status = answer.status();
    // The status is the word; what follows it is for a reader, as far as it comes.
    let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
    let body = body.map(http_body_util::Collected::to_bytes);
    let said = match body {
        Ok(body) => format!("HTTP {} {}", status.as_u16(), readable(&body)),
        Err(_) => format!("HTTP {}", status.as_u16()),
    };
    let said = said.trim_end().to_owned();
    if status.is_success() {
        Ok(said)
    } else if status.is_redirection() {
        Err(Failure::now(format!("{said} (a redirect is not followed)")))
    } else {
        Err(Failure::now(said))
    }
}

fn not_reached(hook: &Webhook, error: impl Display) -> Failure {
    Failure::now(format!("{}: {error}", hook.place()))
}

/// The beginning of an answer as one line of text.
fn readable(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = one_line.chars().filter(|letter| !letter.is_control());
    kept.take(SAID_MAX).collect()
}
