//! Whether the service lives, is ready, and what it counts.

use crate::domain::borders::Frontier;
use crate::domain::law::finding::Duty;
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::Timestamp;
use crate::service::desk::Recording;
use crate::service::http::HttpState;
use crate::service::telemetry::Levels;
use crate::wire::desk::reading::ReadyWire;
use crate::wire::live::NoticePicture;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;

/// Whether the service lives.
pub(in crate::service::http) async fn alive() -> &'static str {
    "alive\n"
}

/// Whether the service is ready, and what is not.
pub(in crate::service::http) async fn ready(State(state): State<HttpState>) -> Response {
    let mut not_ready = Vec::new();
    if let Recording::Failing { because } = &*state.desk.recording().borrow() {
        not_ready.push(format!("journal: {because}"));
    }
    if *state.ending.borrow() {
        not_ready.push("service: it is ending".to_owned());
    }
    let registered = state.registry.picture();
    let mut rooms = 0;
    for card in registered.rooms() {
        rooms += 1;
        if state.hub.look(&card.room, |_| ()).is_none() {
            not_ready.push(format!("room {}: its picture is not there yet", card.room));
        }
    }
    let mut notes = Vec::new();
    if rooms == 0 {
        let sentence = "there is no room yet: add one with `limes room add ROOM --state XX`";
        notes.push(sentence.to_owned());
    }
    notes.extend(without_profile(&state));
    let ready = not_ready.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = ReadyWire {
        ready,
        not_ready,
        notes,
        rooms,
    };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The pairs of states with rooms here or at a partner's of which no profile is in force now, one sentence each; of a service without any
/// profile one for all.
fn without_profile(state: &HttpState) -> Vec<String> {
    let now = state.clock.now();
    if state.profiles.all().len() == 0 {
        let sentence = "no profile that two states signed is configured (`profile.files`): the workflow's defaults hold, and the strict reading";
        return vec![sentence.to_owned()];
    }
    let known = state.known_rooms();
    let states: BTreeSet<_> = known.iter().map(|card| card.state).collect();
    let pairs = states.iter().flat_map(|one| {
        let others = states.iter().filter(move |other| *other > one);
        others.map(move |other| Frontier::between(*one, *other))
    });
    let in_force = |pair: &Frontier| {
        let profile = state.profiles.of_pair(*pair);
        profile.is_some_and(|profile| profile.is_in_force(now))
    };
    let missing = pairs.filter(|pair| !in_force(pair));
    let sentence = |pair| {
        format!(
            "no profile of {pair} is in force: the workflow's defaults hold, and the strict reading"
        )
    };
    missing.map(sentence).collect()
}

/// What the service counts, in the text form of Prometheus.
pub(in crate::service::http) async fn metrics(State(state): State<HttpState>) -> Response {
    state.metrics.levels(levels(&state));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "no-store"),
        ],
        state.metrics.text(),
    )
        .into_response()
}

fn levels(state: &HttpState) -> Levels {
    let now = state.clock.now();
    let mut levels = Levels {
        queue: state.desk.waiting(),
        recording: *state.desk.recording().borrow() == Recording::Ok,
        viewers: state.hub.viewers(),
        owed_unsent: 0,
        sent_unseen: 0,
    };
    state.hub.each(|picture| {
        let open = picture
            .operations
            .values()
            .filter(|of| of.room == picture.room && of.closed.is_none());
        for notice in open.flat_map(|of| &of.notices) {
            levels.owed_unsent += usize::from(is_unsent(notice, now));
            levels.sent_unseen += usize::from(is_unseen(notice, now));
        }
    });
    levels
}

/// Whether a notice waits to be sent for longer than the workflow's default. A gauge is of all pairs of states together: what
/// two of them agreed on instead is in their alarms.
fn is_unsent(notice: &NoticePicture, now: Timestamp) -> bool {
    let longest = if notice.duty == Duty::Request.as_str() {
        Figure::RequestLate
    } else {
        Figure::NoticeUnread
    };
    let nobody_has_it = notice.sent_at.is_none() || notice.status == "failed";
    nobody_has_it && waits_longer(notice.owed_since.as_ref(), longest, now)
}

fn is_unseen(notice: &NoticePicture, now: Timestamp) -> bool {
    notice.seen_at.is_none() && waits_longer(notice.sent_at.as_ref(), Figure::NoticeUnread, now)
}

fn waits_longer(since: Option<&String>, longest: Figure, now: Timestamp) -> bool {
    let longest = Figures::WORKFLOW.span(longest);
    since
        .and_then(|at| Timestamp::parse(at).ok())
        .is_some_and(|at| now.since(at) > longest)
}
