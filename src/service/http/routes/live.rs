//! The way to the live picture.

use crate::domain::rights::DeskAct;
use crate::service::auth::{Auth, SessionCard};
use crate::service::clock::Clock;
use crate::service::http::HttpState;
use crate::service::http::door::{Who, is_upgrade};
use crate::service::http::looks::Sight;
use crate::service::http::query::Pairs;
use crate::service::live::{Standing, Viewer};
use crate::wire::live::MeWire;
use crate::wire::problem::{Problem, ProblemKind};
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::response::Response;
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
    let since = pairs.since()?;
    let feeds = Arc::clone(state.feeds());
    let place = feeds.place(&who.card.room).ok_or_else(|| {
        let sentence = "too many watch the live picture: close one, or try again in 5 s";
        Problem::new(ProblemKind::Busy, sentence).retry_after_s(5)
    })?;
    // A feed that is taken up again belongs to the look that began it.
    if since.is_some() {
        state.looks_once(&who, Sight::Live, None).await?;
    } else {
        state.looks_again(&who, Sight::Live, None).await?;
        state.caught_up(&who.card.room).await;
    }
    let viewer = Viewer {
        room: who.card.room.clone(),
        me: Some(MeWire {
            account: who.card.account.to_string(),
            role: who.card.role.as_str().to_owned(),
        }),
        since,
        standing: Box::new(Logged {
            auth: Arc::clone(&state.auth),
            wall: state.wall().clone(),
            card: who.card,
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
    auth: Arc<Auth>,
    wall: Clock,
    card: SessionCard,
}

impl Standing for Logged {
    fn stands(&self) -> Result<(), String> {
        self.auth
            .stands(&self.card.key, self.wall.now())
            .map(|_| ())
            .map_err(|over| over.to_string())
    }
}
