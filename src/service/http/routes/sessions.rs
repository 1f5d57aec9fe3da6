//! Log-in and log-out.

use crate::domain::event::HouseEvent;
use crate::domain::registry::Person;
use crate::service::auth::{LogIn, LogInError, Session, SessionCard};
use crate::service::http::HttpState;
use crate::service::http::answer::{desk_problem, internal};
use crate::service::http::body::Body;
use crate::service::http::door::{Who, address, same_page, set_cookie};
use crate::wire::desk::session::{LogInWire, SessionOpenedWire, SessionWire};
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Opens a session: log-in.
pub(in crate::service::http) async fn open(
    State(state): State<HttpState>,
    headers: HeaderMap,
    extensions: Extensions,
    body: Body,
) -> Result<Response, Problem> {
    if headers.contains_key(header::ORIGIN) {
        same_page(&state, &headers)?;
    }
    let log_in: LogInWire = body.read()?;
    let address = address(&state, &extensions, &headers);
    let (auth, now) = (Arc::clone(&state.auth), state.wall().now());
    let opening = move || {
        let log_in = LogIn {
            account: &log_in.account,
            password: &log_in.password,
            address,
        };
        auth.open(log_in, now)
    };
    let session = tokio::task::spawn_blocking(opening)
        .await
        .map_err(|error| internal(&error))?
        .map_err(refusal)?;
    if let Err(error) = record(&state, &session.card, "logged_in").await {
        end(&state, &session.card).await;
        return Err(error);
    }
    Ok(opened(&state, &headers, &session))
}

fn opened(state: &HttpState, headers: &HeaderMap, session: &Session) -> Response {
    let cookie = set_cookie(state, headers, Some(session.secret.reveal()));
    let body = SessionOpenedWire {
        token: session.secret.reveal().to_owned(),
        session: shown(&session.card),
    };
    (
        StatusCode::CREATED,
        [(header::SET_COOKIE, cookie)],
        Json(body),
    )
        .into_response()
}

/// Who is logged in.
pub(in crate::service::http) async fn show(who: Who) -> Json<SessionWire> {
    Json(shown(&who.card))
}

/// Closes the session: log-out.
pub(in crate::service::http) async fn close(
    State(state): State<HttpState>,
    headers: HeaderMap,
    who: Who,
) -> Response {
    end(&state, &who.card).await;
    if let Err(problem) = record(&state, &who.card, "logged_out").await {
        tracing::warn!(detail = problem.detail(), "a log-out could not be recorded");
    }
    let cookie = set_cookie(&state, &headers, None);
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}

/// Ends a session; it is over in this process even when that cannot be written down.
async fn end(state: &HttpState, card: &SessionCard) {
    state.looks().forget(&card.key);
    let (auth, key) = (Arc::clone(&state.auth), card.key);
    let closed = tokio::task::spawn_blocking(move || auth.close(&key)).await;
    if !matches!(closed, Ok(Ok(()))) {
        tracing::error!(?closed, "the end of a session could not be written down");
    }
}

async fn record(state: &HttpState, card: &SessionCard, act: &str) -> Result<(), Problem> {
    let by = Person {
        account: card.account.clone(),
        room: card.room.clone(),
    };
    let event = HouseEvent::Session {
        by,
        act: act.into(),
    };
    state
        .desk
        .looked(card.room.clone(), event)
        .await
        .map_err(desk_problem)
}

fn shown(card: &SessionCard) -> SessionWire {
    SessionWire {
        account: card.account.to_string(),
        room: card.room.to_string(),
        role: card.role.as_str().to_owned(),
        opened_at: card.opened_at.to_string(),
        ends_at: card.ends_at.to_string(),
    }
}

fn refusal(error: LogInError) -> Problem {
    let sentence = error.to_string();
    match error {
        LogInError::Wrong => Problem::new(ProblemKind::Unauthenticated, sentence),
        LogInError::Throttled { retry_after } => {
            let seconds = retry_after.as_secs_f64().ceil().max(1.0) as u64;
            Problem::new(ProblemKind::TooManyRequests, sentence).retry_after_s(seconds)
        }
        LogInError::Busy => Problem::new(ProblemKind::Busy, sentence).retry_after_s(2),
        LogInError::Registry(error) => internal(&error),
    }
}
