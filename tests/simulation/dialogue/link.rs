//! The line between two services: a wire that delays, drops, repeats and reorders frames, and can be cut each way. What
//! waits and what was taken in, each room's own world knows.

use limes::domain::exercise::noise::Random;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::handover::Envelope;

/// What travels.
#[derive(Debug, Clone)]
pub(crate) enum Packet {
    Frame(Envelope),
    /// Everything up to this number was taken in.
    Confirms(u64),
}

/// The wire between the two rooms.
pub(crate) struct Wire {
    /// Whether it carries anything to this room.
    pub(crate) up: [bool; 2],
    /// How often it loses or repeats a packet, in a hundred.
    pub(crate) bad: usize,
    flying: Vec<(Timestamp, usize, Packet)>,
    random: Random,
}

impl Wire {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            up: [true, true],
            bad: 10,
            flying: Vec::new(),
            random: Random::named(seed, "wire"),
        }
    }

    /// Carries a packet to a room, or not, or twice; each time as long as it takes.
    pub(crate) fn carry(&mut self, to: usize, packet: &Packet, now: Timestamp) {
        if !self.up[to] {
            return;
        }
        let copies = match self.random.below(100) {
            at if at < self.bad => 0,
            at if at < 2 * self.bad => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let takes = 20 + self.random.below(1_200) as i64;
            let arrives = now.plus(Span::from_millis(takes));
            self.flying.push((arrives, to, packet.clone()));
        }
    }

    /// The next packet that arrives until a moment. What was under way when the wire was cut is lost.
    pub(crate) fn next(&mut self, until: Timestamp) -> Option<(Timestamp, usize, Packet)> {
        let up = self.up;
        self.flying.retain(|(_, to, _)| up[*to]);
        let (place, _) = self
            .flying
            .iter()
            .enumerate()
            .min_by_key(|(_, (arrives, ..))| *arrives)?;
        (self.flying[place].0 <= until).then(|| self.flying.remove(place))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.flying.is_empty()
    }
}
