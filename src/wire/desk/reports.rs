//! What a person at a desk does with a report.

use super::{KeyError, text};
use crate::domain::operations::{Statement, Topic};
use crate::wire::event::StatementWire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest statement, in characters.
const TEXT_MAX: usize = 4_000;
/// The longest tag of a language, in characters.
const LANGUAGE_MAX: usize = 35;

impl StatementWire {
    /// Reads what a person sent.
    ///
    /// # Errors
    /// [`KeyError`] when the topic is none, the text empty or too long, or the language no tag.
    pub fn read(&self) -> Result<Statement, KeyError> {
        let topic = Topic::parse(&self.topic).ok_or_else(|| {
            let words = Topic::ALL.map(Topic::as_str).join(", ");
            KeyError::new("topic", format!("`{}` is none of: {words}", self.topic))
        })?;
        let said = text("text", &self.text, TEXT_MAX)?;
        if said.is_empty() {
            return Err(KeyError::new("text", "empty: say what happened"));
        }
        let language = |tag: &String| {
            let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if tag.is_empty() || tag.len() > LANGUAGE_MAX || !tag.chars().all(is_tag) {
                return Err(KeyError::new(
                    "language",
                    "no tag of a language, such as hu",
                ));
            }
            Ok(tag.as_str().into())
        };
        Ok(Statement {
            topic,
            text: said,
            language: self.language.as_ref().map(language).transpose()?,
        })
    }
}

/// Signs a report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct SigningWire {
    /// `made.facts` of the report that the person read: another one is not signed.
    pub facts: String,
}
