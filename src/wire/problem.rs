//! What went wrong with a request, as RFC 9457 problem details.

use serde::Serialize;
use std::borrow::Cow;

/// The kinds of problem; each has one stable `type`, one title and one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The body, a header or a path segment is not well-formed.
    Malformed,
    /// No token, or one that is not accepted.
    Unauthenticated,
    /// The token may not do this.
    Forbidden,
    /// Nothing is here.
    NotFound,
    /// This method is not for this address.
    MethodNotAllowed,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The order does not fit the state of things.
    Refused,
    /// What was asked for is no longer kept.
    Gone,
    /// It was changed since it was seen.
    VersionConflict,
    /// The body is larger than the limits.
    TooLarge,
    /// The body's type or encoding is not one of ours.
    UnsupportedMedia,
    /// The idempotency key belongs to another order.
    KeyReused,
    /// This address speaks WebSocket only.
    UpgradeRequired,
    /// The token's rate is used up.
    TooManyRequests,
    /// Something broke inside the service.
    Internal,
    /// Too much at once for the service.
    Busy,
    /// Nothing can be recorded now.
    NotRecording,
    /// The service is ending.
    Ending,
}

impl ProblemKind {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Malformed,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::BodyTooSlow,
        Self::Refused,
        Self::Gone,
        Self::VersionConflict,
        Self::TooLarge,
        Self::UnsupportedMedia,
        Self::KeyReused,
        Self::UpgradeRequired,
        Self::TooManyRequests,
        Self::Internal,
        Self::Busy,
        Self::NotRecording,
        Self::Ending,
    ];

    /// The stable word at the end of `type`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::BodyTooSlow => "body-too-slow",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::VersionConflict => "version-conflict",
            Self::TooLarge => "too-large",
            Self::UnsupportedMedia => "unsupported-media",
            Self::KeyReused => "key-reused",
            Self::UpgradeRequired => "upgrade-required",
            Self::TooManyRequests => "too-many-requests",
            Self::Internal => "internal",
            Self::Busy => "busy",
            Self::NotRecording => "not-recording",
            Self::Ending => "ending",
        }
    }

    /// What it is, in a few words that do not change from case to case.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Malformed => "Not well-formed",
            Self::Unauthenticated => "Not authenticated",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Nothing here",
            Self::MethodNotAllowed => "Method not allowed",
            Self::BodyTooSlow => "Body too slow",
            Self::Refused => "Refused",
            Self::Gone => "No longer kept",
            Self::VersionConflict => "Changed meanwhile",
            Self::TooLarge => "Too large",
            Self::UnsupportedMedia => "Media type or encoding not supported",
            Self::KeyReused => "Key of another order",
            Self::UpgradeRequired => "WebSocket only",
            Self::TooManyRequests => "Too many requests",
            Self::Internal => "Internal fault",
            Self::Busy => "Busy",
            Self::NotRecording => "Not recording",
            Self::Ending => "Ending",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::BodyTooSlow => 408,
            Self::Refused => 409,
            Self::Gone => 410,
            Self::VersionConflict => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::KeyReused => 422,
            Self::UpgradeRequired => 426,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Busy | Self::NotRecording | Self::Ending => 503,
        }
    }
}

/// A problem as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Details {
    #[serde(skip)]
    kind: ProblemKind,
    #[serde(rename = "type")]
    uri: String,
    title: &'static str,
    status: u16,
    detail: Cow<'static, str>,
    /// The line of an NDJSON body, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The index in an array, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    /// The key that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Cow<'static, str>>,
    /// The guard that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<String>,
    /// The law, when it is the law that refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<super::law::CitationWire>,
    /// The oldest number still kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<u64>,
    #[serde(skip)]
    retry_after_s: Option<u64>,
    #[serde(skip)]
    allow: Option<&'static str>,
}

impl Problem {
    /// A problem with one sentence that names what to do.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Details {
            kind,
            uri: format!("/problems/{}", kind.word()),
            title: kind.title(),
            status: kind.status(),
            detail: detail.into(),
            line: None,
            index: None,
            key: None,
            guard: None,
            citation: None,
            oldest: None,
            retry_after_s: None,
            allow: None,
        }))
    }

    /// With the line of an NDJSON body, from 1.
    #[must_use]
    pub fn at_line(mut self, line: usize) -> Self {
        self.0.line = Some(line);
        self
    }

    /// With the index in an array, from 0.
    #[must_use]
    pub fn at_index(mut self, index: usize) -> Self {
        self.0.index = Some(index);
        self
    }

    /// With the key that is wrong.
    #[must_use]
    pub fn at_key(mut self, key: impl Into<Cow<'static, str>>) -> Self {
        self.0.key = Some(key.into());
        self
    }

    /// With the guard that refused and, when it is the law that refuses, its citation.
    #[must_use]
    pub fn refused_by(
        mut self,
        guard: impl Into<String>,
        citation: Option<super::law::CitationWire>,
    ) -> Self {
        self.0.guard = Some(guard.into());
        self.0.citation = citation;
        self
    }

    /// With the oldest number still kept.
    #[must_use]
    pub fn oldest(mut self, oldest: u64) -> Self {
        self.0.oldest = Some(oldest);
        self
    }

    /// With the seconds after which to try again; becomes the header `Retry-After`.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds.max(1));
        self
    }

    /// With the method that is for this address; becomes the header `Allow`.
    #[must_use]
    pub fn allow(mut self, method: &'static str) -> Self {
        self.0.allow = Some(method);
        self
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.0.kind
    }

    /// What happened and what to do, in one sentence.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The method that is for this address.
    #[must_use]
    pub fn allowed(&self) -> Option<&'static str> {
        self.0.allow
    }

    /// Seconds after which to try again.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after_s
    }
}

impl From<super::fix::ParseError> for Problem {
    fn from(error: super::fix::ParseError) -> Self {
        use super::fix::At;
        let problem = Self::new(ProblemKind::Malformed, error.to_string());
        let problem = match error.at {
            At::Body => problem,
            At::Line(line) => problem.at_line(line),
            At::Index(index) => problem.at_index(index),
        };
        match error.key {
            Some(key) => problem.at_key(key.as_str()),
            None => problem,
        }
    }
}

impl From<super::fix::FixesError> for Problem {
    fn from(error: super::fix::FixesError) -> Self {
        use super::fix::FixesError;
        match error {
            FixesError::Malformed(error) => error.into(),
            FixesError::TooMany { .. } => Self::new(ProblemKind::TooLarge, error.to_string()),
        }
    }
}
