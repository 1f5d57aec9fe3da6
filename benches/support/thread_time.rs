//! The processor time of a thread: what else the machine does counts less than in wall time.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// The processor time that this thread has used.
pub(crate) fn thread_time() -> Duration {
    // Under valgrind this clock ends the process; there instructions are counted.
    if std::env::var_os("LIMES_UNTIMED").is_some() {
        return Duration::ZERO;
    }
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        used.tv_sec.unsigned_abs(),
        used.tv_nsec.unsigned_abs() as u32,
    )
}
