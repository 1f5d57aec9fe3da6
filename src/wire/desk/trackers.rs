//! What a person at a desk enters of a technical source.

use super::{KeyError, at, orders::NAME_MAX, text};
use crate::domain::operations::trackers::TrackerPermission;
use crate::wire::event::TrackerPermissionWire;

impl TrackerPermissionWire {
    /// Reads what a person sent.
    ///
    /// # Errors
    /// [`KeyError`] when the number is empty or too long, or a value is none.
    pub fn read(&self) -> Result<TrackerPermission, KeyError> {
        if text("number", &self.number, NAME_MAX)?.is_empty() {
            let sentence = "empty: give the number of the host state's document";
            return Err(KeyError::new("number", sentence));
        }
        at("unit", self.try_into())
    }
}
