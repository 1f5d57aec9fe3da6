//! What decisions rest on: the rules with the offences and states that an operation can name, and the profiles.

use crate::domain::law::profile::agreed::Figures;
use crate::service::http::HttpState;
use crate::service::http::door::Who;
use crate::wire::desk::reading::{
    OffenceWire, OffencesWire, RulesShownWire, StateWire, StatesWire,
};
use crate::wire::profile::show::{ProfileWire, ProfilesWire, figures};
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

/// The states the rules know, and their rooms here and at partners' services.
pub(in crate::service::http) async fn states(
    State(state): State<HttpState>,
    _who: Who,
) -> Json<StatesWire> {
    let now = state.clock.now();
    let known = state.known_rooms();
    let info = |info: &crate::domain::law::rulebook::register::StateInfo| StateWire {
        id: info.state.to_string(),
        name: info.name.to_string(),
        bound: info.bound_by_convention(now),
        rooms: known
            .iter()
            .filter(|card| card.state == info.state)
            .map(|card| card.room.to_string())
            .collect(),
    };
    Json(StatesWire {
        rules_version: state.rulebook.version(),
        states: state.rulebook.states().map(info).collect(),
    })
}

/// Which rules the service decides with.
pub(in crate::service::http) async fn version(
    State(state): State<HttpState>,
    _who: Who,
) -> Json<RulesShownWire> {
    let named = state.rulebook.named();
    let overlays = state.rulebook.overlays().iter();
    Json(RulesShownWire {
        rules_version: state.rulebook.version(),
        digest: named.map(|named| named.digest.to_string()),
        as_of: state.rulebook.as_of().to_string(),
        overlays: overlays.map(ToString::to_string).collect(),
    })
}

/// Which profiles it decides with.
pub(in crate::service::http) async fn profiles(
    State(state): State<HttpState>,
    _who: Who,
) -> Json<ProfilesWire> {
    Json(ProfilesWire {
        profiles: state.profiles.all().map(ProfileWire::from).collect(),
        defaults: figures(Figures::WORKFLOW),
    })
}
