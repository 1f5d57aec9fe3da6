//! Operations: opened, changed, closed, spoken about.

use crate::domain::ids::{OperationId, RoomId};
use crate::domain::input::{HostSaid, Order, OrderKind};
use crate::domain::operations::OperationCard;
use crate::domain::operations::handover::Code;
use crate::domain::operations::handover::speak::Speech;
use crate::domain::rights::{DeskAct, Role, may};
use crate::service::desk::OrderAnswer;
use crate::service::http::HttpState;
use crate::service::http::answer::{
    desk_problem, internal, malformed, not_found, refused, refused_by, versioned,
};
use crate::service::http::body::{Body, if_match, order_key};
use crate::service::http::door::Who;
use crate::service::http::looks::Sight;
use crate::wire::desk::changes::ChangeWire;
use crate::wire::desk::messages::{MessageWire, Spoken};
use crate::wire::desk::orders::{ClosingWire, Opening, OpeningWire, SightingOrderWire};
use crate::wire::desk::reading::OperationsWire;
use crate::wire::desk::saying::Speaker;
use crate::wire::live::OperationPicture;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

/// How often an id is drawn before it is given up.
const DRAWS: usize = 8;

/// Opens an operation.
pub(in crate::service::http) async fn open(
    State(state): State<HttpState>,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::OpenOperation)?;
    let opening: OpeningWire = body.read()?;
    let registered = state.registry.picture();
    let own = registered
        .room(&who.card.room)
        .ok_or_else(|| not_found("your room is not registered here any more"))?;
    let card = card(&state, &who, opening.read(own.state)?)?;
    let kind = OrderKind::Open(Box::new(card));
    let done = order(&state, &who, (&headers, &body), kind).await?;
    let mut response = shown(&state, &who, &done, StatusCode::CREATED).await?;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/operations/{}", done.operation)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// The operations this room may see.
pub(in crate::service::http) async fn list(
    State(state): State<HttpState>,
    who: Who,
) -> Result<Json<OperationsWire>, Problem> {
    may_see_some(&who)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    let seen = state.hub.look(&who.card.room, |picture| OperationsWire {
        seq: picture.seq,
        operations: picture
            .operations
            .values()
            .filter(|operation| sees(&who, operation))
            .cloned()
            .collect(),
    });
    Ok(Json(seen.unwrap_or(OperationsWire {
        seq: 0,
        operations: Vec::new(),
    })))
}

/// One operation this room may see.
pub(in crate::service::http) async fn show(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    may_see_some(&who)?;
    state.looks_once(&who, Sight::Picture, None).await?;
    state.caught_up(&who.card.room).await?;
    let operation = picture_of(&state, &who.card.room, &id)
        .filter(|operation| sees(&who, operation))
        .ok_or_else(no_operation)?;
    Ok(versioned(StatusCode::OK, operation.version, &operation))
}

/// Changes an open operation: its units, or its authorisation.
pub(in crate::service::http) async fn change(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::ChangeOperation)?;
    let change: ChangeWire = body.read()?;
    if change.resting_anew.is_some() {
        who.may(DeskAct::RestAnew)?;
    }
    let kind = OrderKind::Change {
        operation: operation_id(&id)?,
        version: if_match(&headers)?,
        change: change.read()?,
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// Closes an operation.
pub(in crate::service::http) async fn close(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::CloseOperation)?;
    let closing: ClosingWire = body.read()?;
    let kind = OrderKind::Close {
        operation: operation_id(&id)?,
        version: if_match(&headers)?,
        closing: closing.read()?,
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// Sends a message to another room, writes down that it was given by telephone, or says that one was read.
pub(in crate::service::http) async fn speak(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let message: MessageWire = body.read()?;
    let operation = operation_id(&id)?;
    let kind = match message.read(state.clock.now())? {
        Spoken::Notice {
            notice,
            duty,
            grounds,
            call,
        } => {
            who.may(DeskAct::SendMessage)?;
            fits(&state, &who, (&operation, notice.as_str()), duty.as_str())?;
            match call {
                None => OrderKind::SendNotice {
                    operation,
                    notice,
                    grounds,
                },
                Some(call) => OrderKind::GiveByVoice {
                    operation,
                    notice,
                    call,
                    grounds,
                },
            }
        }
        Spoken::Read { notice, call } => {
            who.may(DeskAct::AcknowledgeMessage)?;
            match call {
                None => OrderKind::AcknowledgeNotice { operation, notice },
                Some(call) => OrderKind::HostSaid {
                    operation,
                    notice,
                    said: HostSaid::Read(call),
                },
            }
        }
        Spoken::Handover { code, call } => {
            match code {
                Code::Aut => who.may(DeskAct::DecideAuthorisation)?,
                Code::Cease => who.may(DeskAct::OrderCease)?,
                _ => who.may(DeskAct::SendMessage)?,
            }
            let to = partner(&state, &who, &operation, message.saying.to.as_deref())?;
            let speaker = Speaker {
                state: own_state(&state, &who)?,
                account: who.card.account.as_str(),
                now: state.clock.now(),
            };
            OrderKind::Speak {
                operation,
                speech: Box::new(Speech {
                    to,
                    reply_to: message.saying.reply_to()?,
                    body: message.saying.read(code, speaker)?,
                    call,
                }),
            }
        }
        Spoken::NotYet { code } => {
            let sentence =
                format!("{code} is not yet spoken here: do it by voice and write it down");
            return Err(refused_by("not_yet_spoken", sentence));
        }
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// The room that a message of the hand-over is for: the one named, or the only other one of the operation.
fn partner(
    state: &HttpState,
    who: &Who,
    operation: &OperationId,
    named: Option<&str>,
) -> Result<RoomId, Problem> {
    if let Some(named) = named {
        return RoomId::parse(named).map_err(|error| malformed("to", error.to_string()));
    }
    let own = &who.card.room;
    let known = picture_of(state, own, operation.as_str()).ok_or_else(no_operation)?;
    let only = if known.room == own.as_str() {
        let [only] = known.host_rooms.as_slice() else {
            let sentence = "name the room in `to`: the operation has not one host room";
            return Err(malformed("to", sentence.to_owned()));
        };
        only.clone()
    } else {
        known.room
    };
    RoomId::parse(&only).map_err(|error| internal(&error))
}

/// The state of the person's room.
fn own_state(state: &HttpState, who: &Who) -> Result<crate::domain::ids::State, Problem> {
    let registered = state.registry.picture();
    let own = registered.room(&who.card.room);
    own.map(|card| card.state)
        .ok_or_else(|| not_found("your room is not registered here any more"))
}

/// Says who sees the target, and where.
pub(in crate::service::http) async fn sight(
    State(state): State<HttpState>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    who.may(DeskAct::ReportSighting)?;
    let seen: SightingOrderWire = body.read()?;
    let kind = OrderKind::Sight {
        operation: operation_id(&id)?,
        version: if_match(&headers)?,
        seen: Box::new(seen.read(state.clock.now())?),
    };
    carried_out(&state, &who, (&headers, &body), kind).await
}

/// An order that the desk carried out.
struct Done {
    operation: OperationId,
    repeated: bool,
}

/// Gives an order to the desk; answers once it is durable.
async fn order(
    state: &HttpState,
    who: &Who,
    (headers, body): (&HeaderMap, &Body),
    kind: OrderKind,
) -> Result<Done, Problem> {
    let opening = matches!(kind, OrderKind::Open(_));
    let operation = kind.operation().clone();
    let order = Order {
        by: who.person(),
        key: order_key(headers, &kind, body)?,
        kind,
    };
    match state.desk.order(order).await.map_err(desk_problem)? {
        // An opening that is repeated names the operation that was opened the first time.
        OrderAnswer::Done { id, repeated, .. } if opening => Ok(Done {
            operation: OperationId::parse(&id).map_err(|error| internal(&error))?,
            repeated,
        }),
        OrderAnswer::Done { repeated, .. } => Ok(Done {
            operation,
            repeated,
        }),
        OrderAnswer::Refused(refusal) => Err(refused(&refusal)),
    }
}

pub(super) async fn carried_out(
    state: &HttpState,
    who: &Who,
    sent: (&HeaderMap, &Body),
    kind: OrderKind,
) -> Result<Response, Problem> {
    let done = order(state, who, sent, kind).await?;
    shown(state, who, &done, StatusCode::OK).await
}

/// The operation as it is after an order.
async fn shown(
    state: &HttpState,
    who: &Who,
    done: &Done,
    status: StatusCode,
) -> Result<Response, Problem> {
    let caught_up = state.caught_up(&who.card.room).await;
    let operation = caught_up
        .ok()
        .and_then(|()| picture_of(state, &who.card.room, done.operation.as_str()))
        .ok_or_else(|| {
            let sentence = "it was carried out, but the picture is late: look again in a second";
            Problem::new(ProblemKind::Busy, sentence).retry_after_s(1)
        })?;
    let mut response = versioned(status, operation.version, &operation);
    if done.repeated {
        let name = HeaderName::from_static("idempotency-replayed");
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static("true"));
    }
    Ok(response)
}

pub(super) fn picture_of(state: &HttpState, room: &RoomId, id: &str) -> Option<OperationPicture> {
    state
        .hub
        .look(room, |picture| picture.operations.get(id).cloned())
        .flatten()
}

pub(super) fn no_operation() -> Problem {
    not_found("this room sees no operation of this id")
}

pub(super) fn operation_id(id: &str) -> Result<OperationId, Problem> {
    OperationId::parse(id).map_err(|error| malformed("id", error.to_string()))
}

/// An operation shows where its target was seen: who sees no positions sees no operations. An auditor sees closed ones.
pub(super) fn may_see_some(who: &Who) -> Result<(), Problem> {
    match who.card.role {
        Role::Auditor => who.may(DeskAct::ViewClosedEvents),
        _ => who.may(DeskAct::ViewPositions),
    }
}

pub(super) fn sees(who: &Who, operation: &OperationPicture) -> bool {
    may(who.card.role, DeskAct::ViewPositions) || operation.closed.is_some()
}

/// Whether a notice is what the code says: a request is not sent as the notice of a crossing.
fn fits(
    state: &HttpState,
    who: &Who,
    (operation, notice): (&OperationId, &str),
    duty: &str,
) -> Result<(), Problem> {
    let known = picture_of(state, &who.card.room, operation.as_str())
        .and_then(|of| of.notices.into_iter().find(|known| known.id == notice));
    match known {
        Some(known) if known.duty != duty => {
            let sentence = format!(
                "notice {notice} is a {}, not a {duty}: use XNG for a notice of a crossing and RQA for a request",
                known.duty
            );
            Err(refused_by("code_of_other_duty", sentence))
        }
        Some(_) | None => Ok(()),
    }
}

/// The card of an operation to be opened.
fn card(state: &HttpState, who: &Who, opening: Opening) -> Result<OperationCard, Problem> {
    if opening
        .exercise
        .is_some_and(|exercise| exercise != state.mode.exercise)
    {
        let sentence = if state.mode.exercise {
            "this service runs an exercise: nothing real is opened here"
        } else {
            "this service is real: an exercise is run on a service of its own (`limes demo`)"
        };
        return Err(refused_by("exercise_mode", sentence));
    }
    let id = match opening.id {
        Some(id) => id,
        None => free_id(state, opening.name.as_deref())?,
    };
    let host_rooms = match opening.host_rooms {
        Some(rooms) => named_rooms(state, &opening.declared.host_states, rooms)?,
        None => rooms_of(state, &opening.declared.host_states)?,
    };
    Ok(OperationCard {
        name: opening.name.unwrap_or_else(|| id.as_str().into()),
        id,
        room: who.card.room.clone(),
        declared: opening.declared,
        host_rooms,
        target: opening.target,
        units: opening.units,
        patrol: opening.patrol,
        evaded_at: opening.evaded_at,
        exercise: state.mode.exercise,
        opened_by: who.person(),
    })
}

/// The one room of each host state that has rooms here, or at a partner's service.
fn rooms_of(
    state: &HttpState,
    host_states: &[crate::domain::ids::State],
) -> Result<Vec<RoomId>, Problem> {
    let known = state.known_rooms();
    let mut rooms = Vec::new();
    for host in host_states {
        let of_host: Vec<&RoomId> = known
            .iter()
            .filter(|card| card.state == *host)
            .map(|card| &card.room)
            .collect();
        match of_host.as_slice() {
            [] => {}
            [only] => rooms.push((*only).clone()),
            several => {
                let names: Vec<&str> = several.iter().map(|room| room.as_str()).collect();
                let sentence = format!(
                    "state {host} has the rooms {}: name the one to be told in `host_rooms`",
                    names.join(", ")
                );
                return Err(refused_by("several_rooms_of_host", sentence));
            }
        }
    }
    Ok(rooms)
}

/// The rooms a person named: each of a host state, and no two of one.
fn named_rooms(
    state: &HttpState,
    host_states: &[crate::domain::ids::State],
    rooms: Vec<RoomId>,
) -> Result<Vec<RoomId>, Problem> {
    let all = state.known_rooms();
    let mut taken = Vec::new();
    for room in &rooms {
        let known = all.iter().find(|card| card.room == *room);
        let known = known.map(|card| card.state);
        let Some(host) = known.filter(|host| host_states.contains(host)) else {
            let sentence = format!("{room} is no room of a host state here: see /api/v1/states");
            return Err(malformed("host_rooms", sentence));
        };
        if taken.contains(&host) {
            let sentence = format!("two rooms of {host}: name one for each host state");
            return Err(malformed("host_rooms", sentence));
        }
        taken.push(host);
    }
    Ok(rooms)
}

/// An id made from the name when it has the form of one and is free in every room here, else a drawn one.
fn free_id(state: &HttpState, name: Option<&str>) -> Result<OperationId, Problem> {
    let longest = crate::domain::operations::orders::OPERATION_ID_MAX;
    let from_name = name
        .filter(|name| name.len() <= longest)
        .and_then(|name| OperationId::parse(name).ok())
        .filter(|id| is_free(state, id));
    if let Some(id) = from_name {
        return Ok(id);
    }
    for _ in 0..DRAWS {
        let drawn = getrandom::u32().map_err(|error| internal(&error))?;
        let id =
            OperationId::parse(&format!("op-{drawn:08x}")).map_err(|error| internal(&error))?;
        if is_free(state, &id) {
            return Ok(id);
        }
    }
    let sentence = "no free id was found: give the operation an `id`";
    Err(Problem::new(ProblemKind::Busy, sentence).retry_after_s(1))
}

/// Whether no room here has an operation of this id: what is shared must not meet another of the same name.
fn is_free(state: &HttpState, id: &OperationId) -> bool {
    let registered = state.registry.picture();
    registered
        .rooms()
        .all(|card| picture_of(state, &card.room, id.as_str()).is_none())
}
