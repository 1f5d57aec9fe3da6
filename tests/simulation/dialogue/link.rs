//! The line between two services: numbered frames, sent again until they are confirmed; below it a wire that delays,
//! drops, repeats and reorders them, and can be cut each way.

use limes::domain::exercise::noise::Random;
use limes::domain::input::Message;
use limes::domain::measure::{Span, Timestamp};
use std::collections::VecDeque;

/// So long a frame waits to be confirmed before it is sent again.
const RESEND: Span = Span::from_secs(2);
/// No more than so many frames are under way unconfirmed.
const WINDOW: usize = 32;

/// One room's end of the line, both ways.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ends {
    /// The number of the last frame that was written.
    sent: u64,
    /// Frames that are not confirmed, oldest first.
    waiting: VecDeque<Waiting>,
    /// Up to which number the other room's frames were taken in.
    pub(crate) taken: u64,
}

#[derive(Debug, Clone)]
struct Waiting {
    number: u64,
    message: Message,
    sent_at: Option<Timestamp>,
}

impl Ends {
    /// Numbers a message.
    pub(crate) fn send(&mut self, message: Message) {
        self.sent += 1;
        self.waiting.push_back(Waiting {
            number: self.sent,
            message,
            sent_at: None,
        });
    }

    /// The other room has everything up to this number.
    pub(crate) fn confirmed(&mut self, number: u64) {
        self.waiting.retain(|one| one.number > number);
    }

    /// What goes out now: what never did, and what was not confirmed for long.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<(u64, Message)> {
        let mut due = Vec::new();
        for one in self.waiting.iter_mut().take(WINDOW) {
            let waits = one.sent_at.is_some_and(|at| now.since(at) < RESEND);
            if !waits {
                one.sent_at = Some(now);
                due.push((one.number, one.message.clone()));
            }
        }
        due
    }

    /// After a start nothing is known of what went out when.
    pub(crate) fn forget_what_was_sent_when(&mut self) {
        for one in &mut self.waiting {
            one.sent_at = None;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many frames are not confirmed.
    pub(crate) fn waits(&self) -> usize {
        self.waiting.len()
    }
}

/// What travels.
#[derive(Debug, Clone)]
pub(crate) enum Packet {
    Frame(u64, Message),
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
