//! What holds for every answer: its headers, its time, its line in the log.

use super::HttpState;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::time::Instant;
use tower_http::compression::CompressionLayer;

/// Everything from this service, nothing from elsewhere, and nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "geolocation=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// A service that speaks TLS is never spoken to without.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Puts around a router what holds for every answer.
pub(super) fn around(router: Router, state: &HttpState) -> Router {
    router
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn_with_state(state.clone(), headers))
        .layer(from_fn_with_state(state.clone(), log))
}

async fn headers(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // A page that stands alone has a policy of its own, which lets in less.
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if state.front.tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    // What an address of the API answers is somebody's picture of a moment, unless the route says otherwise.
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Method, address as routed, status and time: never a body, a query, an id or a token.
async fn log(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let path = path.as_ref().map_or("(map)", MatchedPath::as_str);
    let status = response.status();
    let duration = began.elapsed();
    state.metrics.http.answered(status.as_u16(), duration);
    let duration_ms = duration.as_secs_f64() * 1_000.0;
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(%method, path, status = status.as_u16(), duration_ms, "answered");
    } else {
        tracing::debug!(%method, path, status = status.as_u16(), duration_ms, "answered");
    }
    response
}

/// Ends a request that takes too long.
pub(super) async fn in_time(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let longest = state.limits.request_time;
    let answered = tokio::time::timeout(longest, next.run(request)).await;
    answered.unwrap_or_else(|_| {
        let sentence = "it took too long: ask for less, or try again in a few seconds";
        Problem::new(ProblemKind::Busy, sentence)
            .retry_after_s(5)
            .into_response()
    })
}
