//! What a desk sends and is answered over HTTP.

pub mod alarms;
pub mod changes;
pub mod messages;
pub mod orders;
pub mod reading;
pub mod reports;
pub mod saying;
pub mod session;
pub mod strips;
pub mod trackers;

use super::parts::WireError;

/// A value of a request that is not what its key promises.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{key}: {sentence}")]
pub struct KeyError {
    /// The key.
    pub key: &'static str,
    /// What is wrong with its value, in one sentence.
    pub sentence: String,
}

impl KeyError {
    /// Of one key.
    #[must_use]
    pub fn new(key: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            key,
            sentence: sentence.into(),
        }
    }
}

/// Names the key that a value belongs to.
fn at<T, E: Into<WireError>>(key: &'static str, read: Result<T, E>) -> Result<T, KeyError> {
    read.map_err(|error| KeyError::new(key, error.into().to_string()))
}

/// A text of at most so many characters, none of them a control character but a line break.
fn text(key: &'static str, value: &str, longest: usize) -> Result<std::sync::Arc<str>, KeyError> {
    if value.chars().count() > longest {
        let sentence = format!("longer than {longest} characters: shorten it");
        return Err(KeyError::new(key, sentence));
    }
    if value.chars().any(|c| c.is_control() && c != '\n') {
        let sentence = "holds control characters: take them out";
        return Err(KeyError::new(key, sentence));
    }
    Ok(value.trim().into())
}

impl From<KeyError> for super::problem::Problem {
    fn from(error: KeyError) -> Self {
        let problem = Self::new(super::problem::ProblemKind::Malformed, error.to_string());
        problem.at_key(error.key)
    }
}
