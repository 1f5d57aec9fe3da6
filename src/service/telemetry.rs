//! What the service says of itself: its log and its metrics.
//!
//! Log: a readable message, and fields named by noun. Never logged: tokens, free text, bodies, positions.

mod metrics;

pub use metrics::{
    DeskMetrics, HttpMetrics, Levels, LinkMetrics, LiveMetrics, Metrics, OutboxMetrics,
};

use tracing_subscriber::EnvFilter;

/// Sets up the log on standard error. `LIMES_LOG` chooses what is said (`limes=debug`); default is `limes=info,warn`.
pub fn begin() {
    let filter =
        EnvFilter::try_from_env("LIMES_LOG").unwrap_or_else(|_| EnvFilter::new("warn,limes=info"));
    // A second call, as in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}
