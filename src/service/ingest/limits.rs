//! All limits of this room, in one place.

use std::time::Duration;

/// How much is taken, from whom, and for how long is waited.
///
/// The defaults never refuse a backlog: a phone that was out of reach for 40 minutes brings 2,400 fixes, a gateway sends
/// batch after batch and is slowed down, not refused.
#[derive(Debug, Clone, PartialEq)]
pub struct IngestLimits {
    /// Bytes of one body or WebSocket message as sent.
    pub body_bytes: usize,
    /// Bytes of one body after inflating.
    pub inflated_bytes: usize,
    /// Fixes in one batch or WebSocket message.
    pub batch_fixes: usize,
    /// Bytes of the body of a unit's act.
    pub act_bytes: usize,
    /// Bytes of all bodies that are being received, together.
    pub receiving_bytes: usize,
    /// Large or inflated bodies that are being read at once.
    pub reading_at_once: usize,
    /// HTTP requests that are being answered at once.
    pub requests_at_once: usize,
    /// HTTP requests of one token that are being answered at once.
    pub requests_at_once_per_token: usize,
    /// Bytes of all bodies of one token that are being received, together.
    pub receiving_bytes_per_token: usize,
    /// Fixes of one token.
    pub fixes: RateLimit,
    /// HTTP requests of one token, upgrades included.
    pub requests: RateLimit,
    /// Open sockets, together.
    pub sockets: usize,
    /// Open sockets of one token.
    pub sockets_per_token: usize,
    /// Fixes of one socket that were received and are not yet durable; above it the socket is not read.
    pub pending_fixes: usize,
    /// Messages of one socket that were received and are not yet durable; above it the socket is not read.
    pub pending_messages: usize,
    /// Bytes that wait to be written to one socket.
    pub write_buffer_bytes: usize,
    /// How long a body may pause while it is received.
    pub body_pause: Duration,
    /// How long a body may take in all.
    pub body_time: Duration,
    /// How long the rest of a refused body is read, so that the answer arrives.
    pub discard_time: Duration,
    /// How often a socket is pinged.
    pub ping_interval: Duration,
    /// How long a socket may say nothing, not even a pong.
    pub silence: Duration,
    /// How long one answer may take to be written.
    pub write_time: Duration,
}

/// A rate with a reserve, as a bucket of tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// How many a second, on average.
    pub per_second: f64,
    /// How many at once after a pause.
    pub burst: f64,
    /// How long the sender is made to wait before it is refused.
    pub longest_wait: Duration,
}

impl Default for IngestLimits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            body_bytes: 8 * MIB,
            inflated_bytes: 64 * MIB,
            batch_fixes: 10_000,
            act_bytes: 16 * 1024,
            receiving_bytes: 256 * MIB,
            reading_at_once: 4,
            requests_at_once: 4_096,
            requests_at_once_per_token: 512,
            receiving_bytes_per_token: 64 * MIB,
            fixes: RateLimit {
                per_second: 5_000.0,
                burst: 60_000.0,
                longest_wait: Duration::from_secs(10),
            },
            requests: RateLimit {
                per_second: 500.0,
                burst: 1_000.0,
                longest_wait: Duration::from_secs(2),
            },
            sockets: 10_000,
            sockets_per_token: 64,
            pending_fixes: 20_000,
            pending_messages: 256,
            write_buffer_bytes: 8 * MIB,
            body_pause: Duration::from_secs(20),
            body_time: Duration::from_mins(5),
            discard_time: Duration::from_secs(3),
            ping_interval: Duration::from_secs(20),
            silence: Duration::from_mins(1),
            write_time: Duration::from_secs(10),
        }
    }
}
