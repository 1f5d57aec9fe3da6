//! What an operation can name: offences and states, from the rule data.

use crate::service::http::HttpState;
use crate::service::http::door::Who;
use crate::wire::desk::reading::{OffenceWire, OffencesWire, StateWire, StatesWire};
use axum::Json;
use axum::extract::State;

/// The offences an operation can name.
pub(in crate::service::http) async fn offences(
    State(state): State<HttpState>,
    _who: Who,
) -> Json<OffencesWire> {
    let offence = |offence: &crate::domain::law::rulebook::register::Offence| OffenceWire {
        id: offence.id.to_string(),
        label: offence.label.to_string(),
        lists: offence.lists.iter().map(ToString::to_string).collect(),
    };
    Json(OffencesWire {
        rules_version: state.rulebook.version(),
        offences: state.rulebook.offences().map(offence).collect(),
    })
}

/// The states the rules know, and their rooms here.
pub(in crate::service::http) async fn states(
    State(state): State<HttpState>,
    _who: Who,
) -> Json<StatesWire> {
    let now = state.clock.now();
    let registered = state.registry.picture();
    let info = |info: &crate::domain::law::rulebook::register::StateInfo| StateWire {
        id: info.state.to_string(),
        name: info.name.to_string(),
        bound: info.bound_by_convention(now),
        rooms: registered
            .rooms()
            .filter(|card| card.state == info.state)
            .map(|card| card.room.to_string())
            .collect(),
    };
    Json(StatesWire {
        rules_version: state.rulebook.version(),
        states: state.rulebook.states().map(info).collect(),
    })
}
