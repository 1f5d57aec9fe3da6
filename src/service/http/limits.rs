//! All limits of this room, in one place, and how the service is reached.

use crate::service::live::ViewerLimits;
use std::time::Duration;

/// How much is taken, and for how long is waited.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpLimits {
    /// Bytes of the body of an order.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long one request may take to be answered.
    pub request_time: Duration,
    /// The widest box of frontiers, in square degrees.
    pub frontiers_square_degrees: f64,
    /// Those who watch the live picture.
    pub viewers: ViewerLimits,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes: 512 * 1024,
            body_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            frontiers_square_degrees: 100.0,
            viewers: ViewerLimits::default(),
        }
    }
}

/// How the service is reached: what may be believed of a request's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Front {
    /// Whether it speaks TLS itself: the cookie is then for TLS only.
    pub tls: bool,
    /// Whether a proxy stands before it, whose `X-Forwarded-…` headers are believed.
    pub behind_proxy: bool,
}
