//! How far a pursuit may go, for drawing: by the rules that each fix is measured by, along the very line.

use super::frontiers;
use super::operations::{may_see_some, no_operation, sees};
use crate::domain::borders::{Atlas, Frontier, StripWanted, Window};
use crate::domain::ids::{RoomId, State};
use crate::domain::law::granted::Extent;
use crate::domain::law::profile::agreed::Wanted;
use crate::domain::operations::limits::{Rests, allowed};
use crate::service::http::HttpState;
use crate::service::http::answer::internal;
use crate::service::http::door::Who;
use crate::service::http::looks::Sight;
use crate::service::http::query::Pairs;
use crate::wire::desk::strips::{Band, StripsAsked, StripsWire, bands, rests_on};
use crate::wire::live::{OperationPicture, UnitPicture};
use crate::wire::problem::Problem;
use crate::wire::resting::RestsOnWire;
use axum::Json;
use axum::extract::{Path, State as Shared};
use std::sync::Arc;

/// How far officers of one state may go in another.
type Told = ((State, State), Extent);

/// The strips of an operation in a box, as `GeoJSON`, and in words what is not drawn.
pub(in crate::service::http) async fn within(
    Shared(state): Shared<HttpState>,
    who: Who,
    Path(id): Path<String>,
    pairs: Pairs,
) -> Result<Json<StripsWire>, Problem> {
    may_see_some(&who)?;
    let window = frontiers::bbox(&state, &pairs)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    let (operation, units) = seen(&state, &who.card.room, &id)
        .filter(|(operation, _)| sees(&who, operation))
        .ok_or_else(no_operation)?;
    let told = extents(&state, &operation, &units)?;
    let _turn = state.strips().acquire().await;
    let atlas = Arc::clone(&state.atlas);
    let bands = bands(&units);
    let drawn = tokio::task::spawn_blocking(move || drawn(&atlas, &id, (&told, &bands), window));
    Ok(Json(drawn.await.map_err(|error| internal(&error))?))
}

fn drawn(atlas: &Atlas, id: &str, (told, bands): (&[Told], &[Band]), window: Window) -> StripsWire {
    let mut wire = StripsWire::new(id, atlas.border_set());
    for band in bands {
        let strip = atlas.strip(&StripWanted {
            frontier: Frontier::between(band.within, band.beyond),
            host: band.within,
            max: band.stand_off,
            window,
        });
        if let Some(strip) = strip {
            wire.add_band(band, &strip);
        }
    }
    for (pair, extent) in told {
        let Extent::Radius(radius) = extent else {
            wire.add(*pair, extent, None);
            continue;
        };
        let strip = atlas.strip(&StripWanted {
            frontier: Frontier::between(pair.0, pair.1),
            host: pair.1,
            max: radius.max,
            window,
        });
        match strip {
            Some(strip) => wire.add(*pair, extent, Some(&strip)),
            None => wire.add(*pair, &Extent::ByHand(radius.max), None),
        }
    }
    wire
}

/// The operation, and those of its units that the room sees.
fn seen(
    state: &HttpState,
    room: &RoomId,
    id: &str,
) -> Option<(OperationPicture, Vec<UnitPicture>)> {
    let look = state.hub.look(room, |picture| {
        let operation = picture.operations.get(id)?.clone();
        let units = operation.units.iter();
        let units = units.filter_map(|unit| picture.units.get(unit).cloned());
        let units = units.collect();
        Some((operation, units))
    });
    look.flatten()
}

/// How far, by the rules and profiles that the operation rests on: each word once.
fn extents(
    state: &HttpState,
    operation: &OperationPicture,
    units: &[UnitPicture],
) -> Result<Vec<Told>, Problem> {
    let asked = StripsAsked::read(operation, units).map_err(|error| internal(&error))?;
    let rests = match rests(state, operation) {
        Some(rests) => Some(rests_on(&rests).map_err(|error| internal(&error))?),
        None => None,
    };
    let mut told: Vec<Told> = Vec::new();
    for (from, host, entered) in &asked.stays {
        let extent = match &rests {
            Some((rules, adopted)) => {
                let wanted = Wanted {
                    pair: Frontier::between(asked.declared.requesting_state, *host),
                    opened_at: asked.opened_at,
                    exercise: asked.exercise,
                };
                let rests = Rests {
                    declared: &asked.declared,
                    rulebook: state.rulebook.of(rules.as_ref()),
                    figures: state.profiles.figures(Some(adopted), wanted),
                };
                let at = entered.unwrap_or_else(|| state.clock.now());
                allowed(rests, (*from, *host), at)
            }
            // By which rules a room elsewhere decides is not known here.
            None => Some(Extent::NotKnown),
        };
        let said = extent.map(|extent| ((*from, *host), extent));
        told.extend(said.filter(|said| !told.contains(said)));
    }
    Ok(told)
}

/// What the operation rests on, as the picture of the room that opened it says; `None` when that room is not here.
fn rests(state: &HttpState, operation: &OperationPicture) -> Option<RestsOnWire> {
    let owner = RoomId::parse(&operation.room).ok()?;
    let look = state.hub.look(&owner, |picture| {
        let own = picture.operations.get(&operation.id)?;
        own.rests_on.clone()
    });
    look.flatten()
}
