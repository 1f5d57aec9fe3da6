//! The table of this room's addresses: what is routed is listed, and what is listed is described.

use super::routes::{
    alarms, events, frontiers, house, live, map, notices, operations, reports, rules, sessions,
    strips, trackers, tracks, units,
};
use super::{HttpState, docs, openapi};
use crate::wire::problem::{Problem, ProblemKind};
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, delete, get, patch, post};

/// Addresses on their way into a router.
pub(super) struct Table {
    router: Router<HttpState>,
    pub(super) listed: Vec<(&'static str, &'static str)>,
}

impl Table {
    /// Every address of this room.
    pub(super) fn with_all() -> Self {
        let table = Self {
            router: Router::new(),
            listed: Vec::new(),
        };
        table.api().around_it()
    }

    fn api(self) -> Self {
        self.post("/api/v1/sessions", sessions::open)
            .get("/api/v1/sessions", sessions::show)
            .delete("/api/v1/sessions", sessions::close)
            .get("/api/v1/alarms", alarms::list)
            .post("/api/v1/alarms/{id}/annunciate", alarms::annunciate)
            .post("/api/v1/alarms/{id}/acknowledge", alarms::acknowledge)
            .post("/api/v1/alarms/{id}/shelve", alarms::shelve)
            .post("/api/v1/operations", operations::open)
            .get("/api/v1/operations", operations::list)
            .get("/api/v1/operations/{id}", operations::show)
            .get("/api/v1/operations/{id}/notices/{notice}", notices::show)
            .post(
                "/api/v1/operations/{id}/notices/{notice}/answers",
                notices::answer,
            )
            .get("/api/v1/dead-letters", notices::dead_letters)
            .patch("/api/v1/operations/{id}", operations::change)
            .post("/api/v1/operations/{id}/close", operations::close)
            .post("/api/v1/operations/{id}/messages", operations::speak)
            .post("/api/v1/operations/{id}/sightings", operations::sight)
            .get("/api/v1/operations/{id}/report", reports::read)
            .post(
                "/api/v1/operations/{id}/report/statements",
                reports::state_in,
            )
            .post("/api/v1/operations/{id}/report/signatures", reports::sign)
            .post(
                "/api/v1/operations/{id}/tracker-permissions",
                trackers::permit,
            )
            .get("/api/v1/operations/{id}/strips", strips::within)
            .get("/api/v1/units", units::list)
            .get("/api/v1/units/{id}", units::show)
            .get("/api/v1/tracks/{unit}", tracks::read)
            .get("/api/v1/events", events::read)
            .get("/api/v1/live", live::open)
            .get("/api/v1/frontiers", frontiers::within)
            .get("/api/v1/crossing-points", frontiers::crossing_points)
            .get("/api/v1/offences", rules::offences)
            .get("/api/v1/states", rules::states)
            .get("/api/v1/rules", rules::version)
            .get("/api/v1/profiles", rules::profiles)
    }

    fn around_it(self) -> Self {
        self.get("/api/v1/openapi.json", openapi::document)
            .get("/api/docs", docs::page)
            .get("/api/docs.css", docs::style)
            .get("/healthz", house::alive)
            .get("/readyz", house::ready)
            .get("/metrics", house::metrics)
    }

    fn get<H: Handler<T, HttpState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.route("get", path, get(handler))
    }

    fn post<H: Handler<T, HttpState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.route("post", path, post(handler))
    }

    fn patch<H: Handler<T, HttpState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.route("patch", path, patch(handler))
    }

    fn delete<H: Handler<T, HttpState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.route("delete", path, delete(handler))
    }

    fn route(
        mut self,
        method: &'static str,
        path: &'static str,
        to: MethodRouter<HttpState>,
    ) -> Self {
        self.router = self.router.route(path, to);
        self.listed.push((method, path));
        self
    }

    /// The router: these addresses, and the map for everything else.
    pub(super) fn into_router(self, state: &HttpState) -> Router<HttpState> {
        let timed = axum::middleware::from_fn_with_state(state.clone(), super::middleware::in_time);
        self.router
            .method_not_allowed_fallback(other_method)
            .route_layer(timed)
            .fallback(map::file)
    }
}

async fn other_method() -> Problem {
    Problem::new(
        ProblemKind::MethodNotAllowed,
        "this address is not for this method: the header Allow names those it is for",
    )
}
