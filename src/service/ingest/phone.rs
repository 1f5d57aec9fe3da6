//! What the addresses of phones' apps share: how they show their token, whose their fixes are, and the way to the desk.
//!
//! The apps cannot send `Authorization: Bearer`. They show the same tokens in other ways: as the password of Basic
//! authentication (the user's name is not looked at), and where an app knows only an address, as its last part. A unit's
//! token speaks for its own unit, whatever the phone calls itself. A gateway's token speaks for the units of its room, and
//! the register says whose a device is; what comes from a device that it does not know is kept apart as `unknown_unit`.

use super::Ingest;
use super::fixes::{desk_problem, slow_down};
use super::gatekeeper::{Authenticated, Gatekeeper, authorization, bearer_of};
use super::rate::Counted;
use crate::domain::ids::DeviceId;
use crate::domain::tracks::fix::ReportedFix;
use crate::service::desk::{FixReceipt, FixSender};
use crate::wire::phones::{PhoneError, PhoneFix, Report};
use crate::wire::problem::{Problem, ProblemKind};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const WANTED: &str = "send the token as the password of Basic authentication";

/// Who speaks, and the user that Basic authentication names.
pub(super) struct Caller {
    pub(super) who: Authenticated,
    pub(super) user: Option<String>,
}

/// The sender of a request, by its `Authorization` header: `Basic`, or `Bearer` from what can send it.
pub(super) fn caller(gate: &dyn Gatekeeper, headers: &HeaderMap) -> Result<Caller, Problem> {
    let (scheme, credentials) = authorization(headers, WANTED)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        let who = bearer_of(gate, credentials)?;
        return Ok(Caller { who, user: None });
    }
    let refused = || Problem::new(ProblemKind::Unauthenticated, WANTED);
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refused());
    }
    let plain = Zeroizing::new(STANDARD.decode(credentials).map_err(|_| refused())?);
    let text = std::str::from_utf8(&plain).map_err(|_| refused())?;
    let (user, token) = text.split_once(':').ok_or_else(refused)?;
    let who = bearer_of(gate, token)?;
    let user = Some(user.to_owned());
    Ok(Caller { who, user })
}

/// Hands what a phone reported to the desk; answers once it is durable. `device` is the device of a fix that names none,
/// and `key` what to name when none is known.
pub(super) async fn hand_in(
    ingest: &Ingest,
    who: Authenticated,
    report: Report,
    device: Option<&DeviceId>,
    key: &'static str,
) -> Result<FixReceipt, Problem> {
    let limit = ingest.limits.batch_fixes;
    if report.fixes.len() + report.passed_over.len() > limit {
        return Err(PhoneError::TooMany { limit }.into());
    }
    let indices: Vec<usize> = report.fixes.iter().map(|fix| fix.index).collect();
    let fixes = report
        .fixes
        .into_iter()
        .map(|fix| named(ingest, &who, fix, device, key))
        .collect::<Result<Vec<ReportedFix>, Problem>>()?;
    let mut receipt = FixReceipt::default();
    if !fixes.is_empty() {
        slow_down(ingest, &who, Counted::Fixes(fixes.len())).await?;
        let taken = ingest.desk.fixes_now(who.sender, fixes).await;
        receipt = taken.map_err(desk_problem)?;
        ingest.metrics.receipt(&receipt);
    }
    // Only now: what is sent again after a refusal counts once.
    ingest.metrics.passed_over(&report.passed_over);
    for kept in &mut receipt.quarantined {
        // The desk counts what it was given, the phone what it sent.
        kept.index = indices.get(kept.index).copied().unwrap_or(kept.index);
    }
    Ok(receipt)
}

/// A fix in the name of its unit.
fn named(
    ingest: &Ingest,
    who: &Authenticated,
    fix: PhoneFix,
    device: Option<&DeviceId>,
    key: &'static str,
) -> Result<ReportedFix, Problem> {
    let device = fix.device.as_ref().or(device);
    let source = device.map_or_else(|| who.token.clone(), DeviceId::source);
    let unit = match (&who.sender, device) {
        (FixSender::Unit { unit, .. }, _) => unit.clone(),
        (FixSender::Gateway { room }, Some(device)) => {
            let unit = ingest.gate.unit_of(room, device);
            unit.unwrap_or_else(|| device.unregistered())
        }
        (FixSender::Gateway { .. }, None) => {
            let sentence = format!(
                "`{key}` names no device: a gateway's fixes say which device they are of, a unit's own token needs none"
            );
            return Err(Problem::new(ProblemKind::Malformed, sentence).at_key(key));
        }
    };
    Ok(fix.of(unit, source))
}

/// A problem as it is answered to an app: one that shows no token is asked for it in the way that apps know.
pub(super) fn refusal(problem: Problem) -> Response {
    let unauthenticated = problem.kind() == ProblemKind::Unauthenticated;
    let mut response = problem.into_response();
    if unauthenticated {
        let basic = HeaderValue::from_static("Basic realm=\"limes\", charset=\"UTF-8\"");
        response
            .headers_mut()
            .append(header::WWW_AUTHENTICATE, basic);
    }
    response
}
