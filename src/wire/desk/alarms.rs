//! What a person at a desk says of an alarm.

use super::{KeyError, text};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The longest reason, in characters.
const REASON_MAX: usize = 500;
/// More minutes than any role may ask for: what is beyond is a slip, and the guard names the most for the role.
const MINUTES_MAX: u32 = 24 * 60;

/// Puts an alarm aside for a while.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct ShelvingWire {
    /// For how many minutes.
    pub minutes: u32,
    /// Why.
    pub reason: String,
}

impl ShelvingWire {
    /// Reads it.
    ///
    /// # Errors
    /// [`KeyError`] when the minutes are none, or the reason is empty or too long.
    pub fn read(&self) -> Result<(u32, Arc<str>), KeyError> {
        if !(1..=MINUTES_MAX).contains(&self.minutes) {
            let sentence = format!("1 to {MINUTES_MAX}");
            return Err(KeyError::new("minutes", sentence));
        }
        let reason = text("reason", &self.reason, REASON_MAX)?;
        if reason.is_empty() {
            return Err(KeyError::new("reason", "empty: say why it is put aside"));
        }
        Ok((self.minutes, reason))
    }
}
