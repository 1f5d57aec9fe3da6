//! A request's body: what its headers say, its bytes as sent, and its fixes.

use super::Ingest;
use super::gatekeeper::Authenticated;
use super::limits::IngestLimits;
use super::rate::{Holding, Share};
use crate::domain::ids::SourceId;
use crate::domain::tracks::fix::ReportedFix;
use crate::wire::fix::{Format, parse_fixes};
use crate::wire::phones::{PhoneError, Report};
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::body::BodyDataStream;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use flate2::bufread::MultiGzDecoder;
use futures_util::StreamExt;
use std::io::Read;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

/// Bodies up to this size are read where they arrive; larger ones where they hold nobody up.
const READ_AT_ONCE_BYTES: usize = 64 * 1024;
/// The unit in which received bytes are accounted for.
const ACCOUNT_BYTES: usize = 1024;

/// What the headers say of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) format: Format,
    pub(super) gzip: bool,
}

impl Shape {
    /// Reads `Content-Type` and `Content-Encoding`.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self {
            format: format_of(headers)?,
            gzip: is_gzip(headers)?,
        })
    }
}

pub(super) fn unsupported(sentence: &'static str) -> Problem {
    Problem::new(ProblemKind::UnsupportedMedia, sentence)
}

fn format_of(headers: &HeaderMap) -> Result<Format, Problem> {
    const WANTED: &str = "send Content-Type: application/json for one object or an array, or application/x-ndjson for one object a line";
    match media_type(headers, WANTED)?.as_deref() {
        Some("application/json") => Ok(Format::Json),
        Some("application/x-ndjson") => Ok(Format::Ndjson),
        Some(_) | None => Err(unsupported(WANTED)),
    }
}

/// The media type that `Content-Type` names, in small letters and without parameters; `None` without the header. `wanted`
/// is what to say when it cannot be read.
pub(super) fn media_type(
    headers: &HeaderMap,
    wanted: &'static str,
) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Err(unsupported(wanted)),
    };
    let value = value.to_str().map_err(|_| unsupported(wanted))?;
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, charset)| charset.trim().trim_matches('"'));
    match charset {
        Some(charset)
            if !["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| charset.eq_ignore_ascii_case(known)) =>
        {
            Err(unsupported(
                "the charset is not UTF-8: write the body in UTF-8",
            ))
        }
        Some(_) | None => Ok(Some(essence)),
    }
}

/// Reads `Content-Encoding`.
pub(super) fn is_gzip(headers: &HeaderMap) -> Result<bool, Problem> {
    const WANTED: &str = "send the body as it is, or with Content-Encoding: gzip";
    let mut gzip = false;
    for value in headers.get_all(header::CONTENT_ENCODING) {
        let value = value.to_str().map_err(|_| unsupported(WANTED))?;
        for encoding in value.split(',').map(str::trim) {
            match encoding.to_ascii_lowercase().as_str() {
                "" | "identity" => {}
                "gzip" | "x-gzip" if !gzip => gzip = true,
                _ => return Err(unsupported(WANTED)),
            }
        }
    }
    Ok(gzip)
}

/// The bytes of a body as sent. They count among the bytes being received until they are dropped.
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    _account: Account,
}

impl AsRef<[u8]> for Received {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Receives a body of at most `limit` bytes.
pub(super) async fn receive(
    ingest: &Ingest,
    who: &Authenticated,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
    limit: usize,
) -> Result<Received, Problem> {
    let limits = &ingest.limits;
    let too_large = || {
        let sentence = format!("the body is larger than {limit} bytes: send it in several");
        Problem::new(ProblemKind::TooLarge, sentence)
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > limit) {
        return Err(too_large());
    }
    let deadline = Instant::now() + limits.body_time;
    let share = ingest.rates.hold(&who.token, Holding::Bytes, 0);
    let mut account = Account::new(&ingest.receiving, share.ok_or_else(busy)?);
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(READ_AT_ONCE_BYTES));
    loop {
        let pause = deadline.min(Instant::now() + limits.body_pause);
        let Ok(chunk) = timeout_at(pause, stream.next()).await else {
            return Err(Problem::new(
                ProblemKind::BodyTooSlow,
                "the body did not arrive in time: send it again",
            ));
        };
        let Some(chunk) = chunk else { break };
        let chunk =
            chunk.map_err(|_| Problem::new(ProblemKind::Malformed, "the body broke off"))?;
        ingest.metrics.received(chunk.len());
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        account.grow(bytes.len() + chunk.len()).ok_or_else(busy)?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(Received {
        bytes,
        _account: account,
    })
}

fn busy() -> Problem {
    Problem::new(
        ProblemKind::Busy,
        "too many bodies at once: try again in a second",
    )
    .retry_after_s(1)
}

/// The share of one body in all bytes being received, and in those of its token.
struct Account {
    all: Arc<Semaphore>,
    of_token: Share,
    held: Option<OwnedSemaphorePermit>,
}

impl Account {
    fn new(all: &Arc<Semaphore>, of_token: Share) -> Self {
        Self {
            all: Arc::clone(all),
            of_token,
            held: None,
        }
    }

    fn grow(&mut self, bytes: usize) -> Option<()> {
        let held = self
            .held
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = bytes.div_ceil(ACCOUNT_BYTES).saturating_sub(held);
        if !self.of_token.grow(missing * ACCOUNT_BYTES) {
            return None;
        }
        let more = Arc::clone(&self.all)
            .try_acquire_many_owned(missing as u32)
            .ok()?;
        match &mut self.held {
            Some(held) => held.merge(more),
            none @ None => *none = Some(more),
        }
        Some(())
    }
}

/// The account of all bytes being received.
pub(super) fn receiving(limits: &IngestLimits) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(limits.receiving_bytes / ACCOUNT_BYTES))
}

/// The answer to what was taken, or why it was not: then what is still coming is read on through.
pub(super) async fn answered<T: serde::Serialize>(
    ingest: &Ingest,
    taken: Result<T, Problem>,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
) -> Response {
    match taken {
        Ok(receipt) => Json(receipt).into_response(),
        Err(problem) => {
            ingest.metrics.refused(problem.kind());
            discard(stream, headers, &ingest.limits).await;
            problem.into_response()
        }
    }
}

/// Reads on through a refused body for a moment: a connection closed over unread bytes is reset, and the sender would
/// never see the answer.
pub(super) async fn discard(
    stream: &mut BodyDataStream,
    headers: &HeaderMap,
    limits: &IngestLimits,
) {
    // A sender that asks first has not sent anything yet.
    if headers.contains_key(header::EXPECT) {
        return;
    }
    let mut left = limits.body_bytes;
    let drain = async {
        while let Some(Ok(chunk)) = stream.next().await {
            match left.checked_sub(chunk.len()) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    };
    // Whether it ended or not, the answer goes out now.
    let _ = timeout(limits.discard_time, drain).await;
}

/// The fixes of a body; a large one is read where it holds nobody up.
pub(super) async fn fixes(
    ingest: &Ingest,
    bytes: impl AsRef<[u8]> + Send + 'static,
    shape: Shape,
    source: &SourceId,
) -> Result<Vec<ReportedFix>, Problem> {
    let batch = ingest.limits.batch_fixes;
    if !shape.gzip && bytes.as_ref().len() <= READ_AT_ONCE_BYTES {
        return Ok(parse_fixes(bytes.as_ref(), shape.format, source, batch)?);
    }
    let source = source.clone();
    let read = move |plain: &[u8]| Ok(parse_fixes(plain, shape.format, &source, batch)?);
    read_beside(ingest, bytes, shape.gzip, read).await
}

/// What a phone's body says; a large one is read where it holds nobody up.
pub(super) async fn report(
    ingest: &Ingest,
    received: Received,
    gzip: bool,
    parse: fn(&[u8]) -> Result<Report, PhoneError>,
) -> Result<Report, Problem> {
    if !gzip && received.bytes.len() <= READ_AT_ONCE_BYTES {
        return Ok(parse(&received.bytes)?);
    }
    read_beside(ingest, received, gzip, move |plain| Ok(parse(plain)?)).await
}

/// Inflates and reads a body in a thread beside those that serve requests, a few at once.
async fn read_beside<T: Send + 'static>(
    ingest: &Ingest,
    bytes: impl AsRef<[u8]> + Send + 'static,
    gzip: bool,
    read: impl FnOnce(&[u8]) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let inflated = ingest.limits.inflated_bytes;
    let ending = || Problem::new(ProblemKind::Ending, "the service is ending").retry_after_s(5);
    let permit = Arc::clone(&ingest.reading)
        .acquire_owned()
        .await
        .map_err(|_| ending())?;
    let reading = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        if gzip {
            read(&inflate(bytes.as_ref(), inflated)?)
        } else {
            read(bytes.as_ref())
        }
    });
    match reading.await {
        Ok(read) => read,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(ending()),
    }
}

/// Inflates gzip, but never more than `limit` bytes.
fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Problem> {
    let mut plain = Vec::with_capacity(bytes.len().saturating_mul(4).min(limit / 64));
    let read = MultiGzDecoder::new(bytes)
        .take(limit as u64 + 1)
        .read_to_end(&mut plain);
    if plain.len() > limit {
        let sentence = format!("the body inflates to more than {limit} bytes: send it in several");
        return Err(Problem::new(ProblemKind::TooLarge, sentence));
    }
    match read {
        Ok(_) => Ok(plain),
        Err(_) => Err(Problem::new(
            ProblemKind::Malformed,
            "the body is no whole gzip stream: it is damaged or ends early",
        )),
    }
}
