//! Identifiers of one body.

use crate::domain::ids::IdError;
use std::borrow::Cow;
use std::collections::HashMap;

/// Identifiers met in this body: a thousand fixes of one unit share one allocation.
pub(super) struct Names<'de, T> {
    last: Option<(&'de str, T)>,
    all: HashMap<&'de str, T>,
}

impl<T> Default for Names<'_, T> {
    fn default() -> Self {
        Self {
            last: None,
            all: HashMap::new(),
        }
    }
}

impl<'de, T: Clone> Names<'de, T> {
    /// The identifier of this text; `parse` is asked once for each text of a body.
    pub(super) fn get(
        &mut self,
        text: Cow<'de, str>,
        parse: fn(&str) -> Result<T, IdError>,
    ) -> Result<T, IdError> {
        let text = match text {
            Cow::Borrowed(text) => text,
            // Written with escapes: rare, and valid all the same.
            Cow::Owned(text) => return parse(&text),
        };
        if let Some((last, name)) = &self.last
            && *last == text
        {
            return Ok(name.clone());
        }
        let name = if let Some(name) = self.all.get(text) {
            name.clone()
        } else {
            let name = parse(text)?;
            self.all.insert(text, name.clone());
            name
        };
        self.last = Some((text, name.clone()));
        Ok(name)
    }
}
