//! How far it is, on a terminal; nothing when standard error is piped.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How often the line is written anew.
const INTERVAL: Duration = Duration::from_millis(250);

/// A line on the terminal that is written over.
pub(super) struct Progress {
    shown: bool,
    next: Instant,
}

impl Progress {
    /// Progress of work whose result goes elsewhere than this terminal.
    pub(super) fn new(result_is_elsewhere: bool) -> Self {
        Self {
            shown: result_is_elsewhere && std::io::stderr().is_terminal(),
            next: Instant::now() + INTERVAL,
        }
    }

    /// Says how much is done, when it is time to.
    pub(super) fn show(&mut self, done: usize, all: usize, what: &str) {
        if self.shown && Instant::now() >= self.next {
            self.next = Instant::now() + INTERVAL;
            eprint!("\r{done} of {all} fixes {what} ");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            // Back to the first column, and the rest of the line away.
            eprint!("\r\x1b[K");
        }
    }
}
