//! Room for one more in a queue of many units' fixes: doubling would leave half of the memory of a fleet empty.

use std::collections::VecDeque;

/// What the first item makes room for.
const FIRST: usize = 4;

/// A queue that grows by an eighth.
pub(super) trait Roomy {
    /// Makes room for one more item, where there is none.
    fn make_room(&mut self);
}

impl<T> Roomy for VecDeque<T> {
    fn make_room(&mut self) {
        if self.len() == self.capacity() {
            self.reserve_exact(FIRST.max(self.len() / 8));
        }
    }
}
