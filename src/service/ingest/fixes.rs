//! `POST /api/v1/fixes`.

use super::body::{self, Shape};
use super::gatekeeper::{Authenticated, sender_of};
use super::rate::{Counted, TooFast};
use super::{Ingest, IngestState};
use crate::service::desk::{DeskError, FixReceipt};
use crate::wire::fix::{QuarantinedWire, ReceiptWire};
use crate::wire::problem::{Problem, ProblemKind};
use axum::body::BodyDataStream;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::time::Instant;

/// Takes a batch of fixes and answers once it is durable.
pub(super) async fn post(
    State(IngestState(ingest)): State<IngestState>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let taken = take(&ingest, &parts.headers, &mut stream).await;
    body::answered(&ingest, taken, &parts.headers, &mut stream).await
}

async fn take(
    ingest: &Ingest,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
) -> Result<ReceiptWire, Problem> {
    let who = sender_of(&*ingest.gate, headers)?;
    let _turn = ingest.turn(&who)?;
    slow_down(ingest, &who, Counted::Request).await?;
    let shape = Shape::of(headers)?;
    let received = body::receive(ingest, &who, headers, stream, ingest.limits.body_bytes).await?;
    let fixes = body::fixes(ingest, received, shape, &who.token).await?;
    if fixes.is_empty() {
        return Ok(receipt(&FixReceipt::default()));
    }
    slow_down(ingest, &who, Counted::Fixes(fixes.len())).await?;
    let taken = ingest
        .desk
        .fixes_now(who.sender, fixes)
        .await
        .map_err(desk_problem)?;
    ingest.metrics.receipt(&taken);
    Ok(receipt(&taken))
}

/// Lets the sender wait its turn, or refuses it when the wait would be too long.
pub(super) async fn slow_down(
    ingest: &Ingest,
    who: &Authenticated,
    counted: Counted,
) -> Result<(), Problem> {
    match ingest.rates.take(&who.token, counted, Instant::now()) {
        Ok(wait) if wait.is_zero() => Ok(()),
        Ok(wait) => {
            tokio::time::sleep(wait).await;
            Ok(())
        }
        Err(TooFast { retry_after }) => {
            let seconds = retry_after.as_secs_f64().ceil().max(1.0) as u64;
            let sentence = format!("this token sends too fast: try again in {seconds} s");
            Err(Problem::new(ProblemKind::TooManyRequests, sentence).retry_after_s(seconds))
        }
    }
}

/// What the desk's silence means to a sender.
pub(super) fn desk_problem(error: DeskError) -> Problem {
    let (kind, seconds) = match error {
        DeskError::Full => (ProblemKind::Busy, 1),
        DeskError::Failing => (ProblemKind::NotRecording, 5),
        DeskError::Closed => (ProblemKind::Ending, 5),
    };
    Problem::new(kind, error.to_string()).retry_after_s(seconds)
}

/// A receipt as it is answered.
pub(super) fn receipt(receipt: &FixReceipt) -> ReceiptWire {
    ReceiptWire {
        accepted: receipt.accepted,
        duplicate: receipt.duplicate,
        quarantined: receipt
            .quarantined
            .iter()
            .map(|fix| QuarantinedWire {
                index: fix.index as u64,
                reason: fix.reason.as_str(),
                detail: fix.detail.to_string(),
            })
            .collect(),
    }
}
