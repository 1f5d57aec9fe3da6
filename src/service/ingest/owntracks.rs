//! `POST /api/v1/owntracks`: what `OwnTracks` sends in HTTP mode.
//!
//! The answer is the array of commands and friends that the app expects, always empty. What became of the fixes is
//! counted and kept like that of any other.

use super::body::{self, is_gzip, media_type, unsupported};
use super::fixes::slow_down;
use super::phone::{self, Caller, caller};
use super::rate::Counted;
use super::{Ingest, IngestState};
use crate::domain::ids::DeviceId;
use crate::wire::phones::owntracks::{device_of, parse};
use crate::wire::problem::Problem;
use axum::Json;
use axum::body::BodyDataStream;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

const WANTED: &str = "send one message or an array of them as Content-Type: application/json";

/// Takes one message or an array of them and answers once their fixes are durable.
pub(super) async fn post(
    State(IngestState(ingest)): State<IngestState>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    match take(&ingest, &parts.headers, &mut stream).await {
        Ok(()) => Json([(); 0]).into_response(),
        Err(problem) => {
            ingest.metrics.refused(problem.kind());
            body::discard(&mut stream, &parts.headers, &ingest.limits).await;
            phone::refusal(problem)
        }
    }
}

async fn take(
    ingest: &Ingest,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
) -> Result<(), Problem> {
    let caller = caller(&*ingest.gate, headers)?;
    let _turn = ingest.turn(&caller.who)?;
    slow_down(ingest, &caller.who, Counted::Request).await?;
    match media_type(headers, WANTED)?.as_deref() {
        Some("application/json") | None => {}
        Some(_) => return Err(unsupported(WANTED)),
    }
    let gzip = is_gzip(headers)?;
    let limit = ingest.limits.body_bytes;
    let received = body::receive(ingest, &caller.who, headers, stream, limit).await?;
    let report = body::report(ingest, received, gzip, parse).await?;
    let device = of_headers(&caller, headers);
    phone::hand_in(ingest, caller.who, report, device.as_ref(), "topic").await?;
    Ok(())
}

/// The device of `X-Limit-U` and `X-Limit-D`; without the first, the user of Basic authentication.
fn of_headers(caller: &Caller, headers: &HeaderMap) -> Option<DeviceId> {
    let text = |name| headers.get(name)?.to_str().ok();
    let user = text("x-limit-u").or(caller.user.as_deref())?;
    device_of(user, text("x-limit-d")?)
}
