//! Log-in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who wants to log in. It has no `Debug`: a password is never printed.
#[derive(Deserialize, ToSchema)]
pub struct LogInWire {
    /// The account.
    pub account: String,
    /// Its password.
    pub password: String,
}

/// A session just opened.
#[derive(Serialize, ToSchema)]
pub struct SessionOpenedWire {
    /// The secret for `Authorization: Bearer`; a browser has it as a cookie.
    pub token: String,
    /// Whose session it is.
    #[serde(flatten)]
    pub session: SessionWire,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionWire {
    /// Who.
    pub account: String,
    /// Of which room.
    pub room: String,
    /// With which rights.
    pub role: String,
    /// Since when.
    pub opened_at: String,
    /// Over at the latest then.
    pub ends_at: String,
}
