//! Who asks: by the session cookie or a bearer token, from which page, from which address.

use super::HttpState;
use crate::domain::registry::Person;
use crate::domain::rights::{DeskAct, may};
use crate::service::auth::SessionCard;
use crate::wire::problem::{Problem, ProblemKind};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The cookie of a session.
pub(super) const COOKIE: &str = "limes_session";

/// A person with a session that stands.
pub(super) struct Who {
    pub(super) card: SessionCard,
}

impl Who {
    /// Who, as events name a person.
    pub(super) fn person(&self) -> Person {
        Person {
            account: self.card.account.clone(),
            room: self.card.room.clone(),
        }
    }

    /// Whether this person's role may do this.
    pub(super) fn may(&self, act: DeskAct) -> Result<(), Problem> {
        if may(self.card.role, act) {
            return Ok(());
        }
        let (role, act) = (self.card.role.as_str(), act.as_str());
        let sentence = format!("the role {role} may not {act}: ask somebody whose role may");
        Err(Problem::new(ProblemKind::Forbidden, sentence))
    }
}

impl FromRequestParts<HttpState> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let credential = Credential::of(&parts.headers)?;
        let card = state
            .auth
            .check(credential.secret(), state.wall().now())
            .map_err(|refused| refusal(state, &credential, &refused.to_string()))?;
        if let Credential::Cookie(_) = credential
            && (!parts.method.is_safe() || is_upgrade(&parts.headers))
        {
            same_page(state, &parts.headers)?;
        }
        Ok(Self { card })
    }
}

enum Credential {
    Bearer(String),
    Cookie(String),
}

impl Credential {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let unknown = |sentence| Problem::new(ProblemKind::Unauthenticated, sentence);
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return value
                .to_str()
                .ok()
                .and_then(|value| value.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, secret)| Self::Bearer(secret.trim().to_owned()))
                .ok_or_else(|| unknown("the Authorization header is not `Bearer <token>`"));
        }
        cookie(headers)
            .map(|secret| Self::Cookie(secret.to_owned()))
            .ok_or_else(|| unknown("log in first: POST /api/v1/sessions"))
    }

    fn secret(&self) -> &str {
        match self {
            Self::Bearer(secret) | Self::Cookie(secret) => secret,
        }
    }
}

/// A session that does not stand; a unit's token is a token, but for the units' door.
fn refusal(state: &HttpState, credential: &Credential, sentence: &str) -> Problem {
    let speaks = state
        .registry
        .authenticate(credential.secret(), state.wall().now());
    if speaks.is_ok() {
        let sentence = "this token is a unit's or a gateway's: log in as a person for this";
        return Problem::new(ProblemKind::Forbidden, sentence);
    }
    Problem::new(ProblemKind::Unauthenticated, sentence.to_owned())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// Whether a request wants to become a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers
        .get(header::UPGRADE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Whether a request comes from a page of this service, by its `Origin`.
pub(super) fn same_page(state: &HttpState, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN.as_str());
    let authority = origin
        .and_then(|origin| origin.split_once("://"))
        .filter(|(scheme, _)| *scheme == "https" || (*scheme == "http" && !state.front.tls))
        .map(|(_, authority)| authority);
    let forwarded = text("x-forwarded-host").filter(|_| state.front.behind_proxy);
    let host = forwarded.or_else(|| text(header::HOST.as_str()));
    match (authority, host) {
        (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host.trim()) => Ok(()),
        _ => {
            let sentence = "the cookie is for pages of this service only: open the service's own page, or send the \
                            session's token as a bearer";
            Err(Problem::new(ProblemKind::Forbidden, sentence))
        }
    }
}

/// The cookie that a browser keeps for a session, or forgets when there is none.
pub(super) fn set_cookie(state: &HttpState, headers: &HeaderMap, secret: Option<&str>) -> String {
    // A proxy that says nothing of it ends TLS: that is what it is for.
    let forwarded_tls = state.front.behind_proxy
        && headers
            .get("x-forwarded-proto")
            .is_none_or(|proto| !proto.as_bytes().eq_ignore_ascii_case(b"http"));
    let secure = if state.front.tls || forwarded_tls {
        "; Secure"
    } else {
        ""
    };
    let (value, age) = match secret {
        Some(secret) => (secret, ""),
        None => ("", "; Max-Age=0"),
    };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")
}

/// From where a request comes: the peer, or behind a proxy whom the proxy itself names.
pub(super) fn address(state: &HttpState, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| {
            peer.ip()
        });
    if !state.front.behind_proxy {
        return peer;
    }
    // The proxy appends whom it saw: only the last name is its own.
    headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(peer)
}
