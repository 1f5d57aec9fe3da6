//! The way to the live picture.

use crate::domain::rights::DeskAct;
use crate::service::http::HttpState;
use crate::service::http::door::{Who, is_upgrade};
use crate::service::http::query::Pairs;
use crate::service::live::{Standing, Viewer};
use crate::wire::live::MeWire;
use crate::wire::problem::{Problem, ProblemKind};
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// The live picture, as a WebSocket.
pub(in crate::service::http) async fn open(
    State(state): State<HttpState>,
    who: Who,
    pairs: Pairs,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    who.may(DeskAct::ViewPositions)?;
    let upgrade = upgrade
        .ok()
        .filter(|_| is_upgrade(&headers))
        .ok_or_else(|| {
            let sentence = "this address speaks WebSocket only: open it as ws:// or wss://";
            Problem::new(ProblemKind::UpgradeRequired, sentence)
        })?;
    // A map that shows another room's ledger cannot go on in this one: it begins anew.
    let other = pairs
        .get("room")?
        .is_some_and(|room| room != who.card.room.as_str());
    let since = pairs.since()?.filter(|_| !other);
    let feeds = Arc::clone(state.feeds());
    let place = feeds.place(&who.card.room).ok_or_else(|| {
        let sentence = "too many watch the live picture: close one, or try again in 5 s";
        Problem::new(ProblemKind::Busy, sentence).retry_after_s(5)
    })?;
    state.looks_live(&who, since).await?;
    if since.is_none() {
        // What a late picture lacks follows on the feed, whose heartbeats say how far it is.
        let _ = state.caught_up(&who.card.room).await;
    }
    let viewer = Viewer {
        room: who.card.room.clone(),
        me: Some(MeWire {
            account: who.card.account.to_string(),
            role: who.card.role.as_str().to_owned(),
        }),
        since,
        standing: Box::new(Logged {
            state: state.clone(),
            who,
        }),
        bell: state.registry.bell(),
    };
    let upgrade = upgrade
        .max_message_size(feeds.limits().request_bytes)
        .max_frame_size(feeds.limits().request_bytes)
        .max_write_buffer_size(feeds.limits().write_buffer_bytes);
    Ok(upgrade.on_upgrade(async move |socket| {
        let _place = place;
        feeds.serve(viewer, socket).await;
    }))
}

/// A session, as long as it stands.
struct Logged {
    state: HttpState,
    who: Who,
}

impl Standing for Logged {
    fn stands(&self) -> Result<(), String> {
        self.state
            .auth
            .stands(&self.who.card.key, self.state.wall().now())
            .map(|_| ())
            .map_err(|over| over.to_string())
    }

    fn looks_back(&self, since: u64) -> BoxFuture<'_, Result<(), String>> {
        let looked = self.state.looks_live(&self.who, Some(since));
        Box::pin(async { looked.await.map_err(|problem| problem.detail().to_owned()) })
    }
}
