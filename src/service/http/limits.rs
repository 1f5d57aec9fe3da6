//! All limits of this room, in one place, and how the service is reached.

use crate::service::live::ViewerLimits;
use std::time::Duration;

/// How much is taken, and for how long is waited.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpLimits {
    /// Open connections, of units and people together; what comes beyond is closed at once.
    pub connections: usize,
    /// How long a connection may take to send the head of its next request, silence included.
    pub header_time: Duration,
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
            // All sockets of units and all viewers, and as many who ask.
            connections: 20_000,
            // Longer than a unit that posts once a minute is silent.
            header_time: Duration::from_secs(75),
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
