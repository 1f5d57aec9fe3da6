//! The query of an address.

use super::answer::malformed;
use crate::domain::measure::Timestamp;
use crate::wire::problem::Problem;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

/// The fewest and most rows of a page, and how many when it is not said.
const LIMIT_MAX: usize = 10_000;
const LIMIT_DEFAULT: usize = 1_000;

/// The keys and values of a query, as they came. Unknown keys are passed over.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(pairs)| Self(pairs))
            .map_err(|_| malformed("query", "the query of the address cannot be read"))
    }
}

impl Pairs {
    /// The value of a key; an empty one counts as none.
    pub(super) fn get(&self, key: &'static str) -> Result<Option<&str>, Problem> {
        let mut values = self.all(key);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(malformed(
                key,
                format!("`{key}` stands there twice: give it once"),
            )),
        }
    }

    /// All values of a key, also those joined by commas.
    pub(super) fn list(&self, key: &'static str) -> Vec<String> {
        self.all(key)
            .flat_map(|value| value.split(','))
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }

    fn all(&self, key: &'static str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(name, value)| name == key && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A value read by `parse`.
    pub(super) fn read<T, E: std::fmt::Display>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        match self.get(key)? {
            None => Ok(None),
            Some(value) => parse(value)
                .map(Some)
                .map_err(|error| malformed(key, format!("`{key}`: {error}"))),
        }
    }

    /// A moment, RFC 3339 or milliseconds since 1970.
    pub(super) fn moment(&self, key: &'static str) -> Result<Option<Timestamp>, Problem> {
        self.read(key, |text| match text.parse() {
            Ok(millis) => Ok(Timestamp::from_millis(millis)),
            // In a query, a `+` that was not written `%2B` has become a space.
            Err(_) => Timestamp::parse(&text.replace(' ', "+")),
        })
    }

    /// How many rows are wanted.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        let parse = |text: &str| match text.parse() {
            Ok(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
            _ => Err(format!("not a number from 1 to {LIMIT_MAX}")),
        };
        Ok(self.read("limit", parse)?.unwrap_or(LIMIT_DEFAULT))
    }

    /// The number after which to read on.
    pub(super) fn since(&self) -> Result<Option<u64>, Problem> {
        self.read("since", |text| {
            text.parse::<u64>()
                .ok()
                .filter(|since| i64::try_from(*since).is_ok())
                .ok_or("not the number of a record")
        })
    }
}
