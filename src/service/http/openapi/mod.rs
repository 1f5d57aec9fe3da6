//! The description of the service's addresses: `OpenAPI` 3.1, built from one table and the structs of the wire.

mod address;
mod addresses;
mod phones;
mod posted;

use super::HttpState;
use crate::wire::alarm::AlarmsWire;
use crate::wire::dead_letters::DeadLettersWire;
use crate::wire::desk::reports::SigningWire;
use crate::wire::desk::{alarms, changes, messages, orders, reading, session, strips};
use crate::wire::event::{StatementWire, TrackerPermissionWire};
use crate::wire::live::{LiveMessage, LiveRequest};
use crate::wire::profile::show::ProfilesWire;
use crate::wire::report::ReportWire;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::OnceLock;
use utoipa::ToSchema;
use utoipa::openapi::path::{PathItem, PathsBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

/// What stands at the head of the description.
const ABOUT: &str = "Cross-border surveillance between two police control rooms: positions in, crossings and duties out.\n\n\
    JSON keys are snake_case, times RFC 3339 in UTC with milliseconds, positions WGS 84 degrees, distances metres, states \
    ISO 3166-1 alpha-2 (Kosovo `XK`). Readers ignore keys and event kinds they do not know.\n\n\
    What goes wrong is answered as `application/problem+json` (RFC 9457) with a stable `type`. What the law refuses is \
    answered with the guard that held and the citation, and is kept.\n\n\
    People log in at `/api/v1/sessions` and send the token as a bearer, or the browser's cookie from a page of the \
    service; units and gateways send the token they were given; a phone's app sends it as the password of Basic \
    authentication or, where it knows only an address, at its end. Looking is recorded with person, reason and time.";

/// The description as an object.
pub(super) fn describe() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for address in addresses::all() {
        let path = address.path;
        let item = PathItem::new(address.http_method(), address.operation());
        paths = paths.path(path, item);
    }
    let tags = addresses::TAGS
        .map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build());
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Limes")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT))
                .build(),
        )
        .paths(paths.build())
        .components(Some(components()))
        .tags(Some(tags))
        .build()
}

/// The description as it is sent; made once.
pub(super) fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    // Outside the house a form is called by what it is, not by the room that writes it.
    TEXT.get_or_init(|| {
        let text = describe().to_pretty_json().unwrap_or_default();
        text.replace("Wire\"", "\"")
    })
}

/// The description of all addresses: `OpenAPI` 3.1.
pub(super) async fn document(State(_): State<HttpState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text())
}

fn components() -> Components {
    let cookie = ApiKey::Cookie(ApiKeyValue::new(super::door::COOKIE));
    let bearer = || HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
    let components = ComponentsBuilder::new()
        .security_scheme("cookie", SecurityScheme::ApiKey(cookie))
        .security_scheme("session", SecurityScheme::Http(bearer()))
        .security_scheme("unit", SecurityScheme::Http(bearer()))
        .security_scheme("phone", SecurityScheme::Http(basic))
        .build();
    let mut schemas = Schemas(components);
    schemas.with::<posted::Problem>();
    schemas.with::<posted::Fix>();
    schemas.with::<posted::TraccarPosition>();
    schemas.with::<posted::OwnTracksMessage>();
    schemas.with::<posted::FixReceipt>();
    schemas.with::<posted::StreamReceipt>();
    schemas.with::<posted::Act>();
    schemas.with::<posted::ActReceipt>();
    schemas.with::<crate::wire::footprint::FootprintWire>();
    schemas.with::<crate::wire::footprint::FootprintReceiptWire>();
    schemas.with::<session::LogInWire>();
    schemas.with::<session::SessionOpenedWire>();
    schemas.with::<session::SessionWire>();
    schemas.with::<orders::OpeningWire>();
    schemas.with::<changes::ChangeWire>();
    schemas.with::<orders::ClosingWire>();
    schemas.with::<messages::MessageWire>();
    schemas.with::<messages::AnswerOrderWire>();
    schemas.with::<DeadLettersWire>();
    schemas.with::<orders::SightingOrderWire>();
    schemas.with::<alarms::ShelvingWire>();
    schemas.with::<AlarmsWire>();
    schemas.with::<reading::OperationsWire>();
    schemas.with::<reading::UnitsWire>();
    schemas.with::<reading::EventsWire>();
    schemas.with::<reading::TrackWire>();
    schemas.with::<reading::FrontiersWire>();
    schemas.with::<reading::CrossingPointsWire>();
    schemas.with::<strips::StripsWire>();
    schemas.with::<reading::OffencesWire>();
    schemas.with::<reading::StatesWire>();
    schemas.with::<reading::RulesShownWire>();
    schemas.with::<ProfilesWire>();
    schemas.with::<reading::ReadyWire>();
    schemas.with::<ReportWire>();
    schemas.with::<StatementWire>();
    schemas.with::<TrackerPermissionWire>();
    schemas.with::<SigningWire>();
    schemas.with::<LiveMessage>();
    schemas.with::<LiveRequest>();
    schemas.0
}

struct Schemas(Components);

impl Schemas {
    /// Takes a schema, and those that it names.
    fn with<T: ToSchema>(&mut self) {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        self.0.schemas.extend(found);
    }
}

#[cfg(test)]
mod tests;
