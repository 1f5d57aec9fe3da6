//! What is read from a partner's beats: how far its record has come, and how its clock differs. No clock of its own.

use crate::domain::event::RoomHead;
use crate::domain::ids::Seq;
use crate::domain::input::LinkNews;
use crate::domain::measure::{Span, Timestamp};
use crate::wire::link::talk::{BeatWire, LeadWire};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// A partner's head is told so often at most.
const HEAD_EVERY: Duration = Duration::from_mins(1);
/// How its clock differs is told so often.
const CLOCK_EVERY: Duration = Duration::from_secs(10);
/// So many comparisons of clocks are kept: of these the one that was shortest under way is believed.
const COMPARISONS: usize = 16;
/// And for so long.
const COMPARED: Duration = Duration::from_secs(30);
/// The longest hash, in digits.
const HASH_MOST: usize = 128;

/// One comparison: by how much the partner is ahead, give or take half the time under way.
#[derive(Debug, Clone, Copy)]
struct Comparison {
    on: Instant,
    ahead_ms: i64,
    under_way_ms: i64,
}

/// What the beats of one partner told.
#[derive(Debug, Default)]
pub(super) struct Beats {
    head: Option<RoomHead>,
    head_told: Option<(Seq, Instant)>,
    leads: Option<LinkNews>,
    comparisons: VecDeque<Comparison>,
    clock_told: Option<Instant>,
}

impl Beats {
    /// A beat was read.
    pub(super) fn heard(&mut self, beat: &BeatWire, (on, read_at): (Instant, Timestamp)) {
        let is_hash = beat.hash.len() <= HASH_MOST
            && beat.hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        if let (true, Ok(at)) = (is_hash, Timestamp::parse(&beat.at)) {
            self.head = Some(RoomHead {
                seq: Seq(beat.seq),
                hash: beat.hash.as_str().into(),
                at,
            });
        }
        if !beat.leads.is_empty() {
            self.leads = Some(LinkNews::Leads {
                sent: beat.sent,
                taken: beat.taken,
                leads: beat.leads.iter().filter_map(LeadWire::read).collect(),
            });
        }
        if let Some([ours, read, theirs, back]) = beat.times(read_at) {
            let out = read.since(ours).as_millis();
            let home = back.since(theirs).as_millis();
            if self.comparisons.len() == COMPARISONS {
                self.comparisons.pop_front();
            }
            self.comparisons.push_back(Comparison {
                on,
                ahead_ms: out.saturating_sub(home) / 2,
                under_way_ms: out.saturating_add(home).max(0),
            });
        }
    }

    /// Who leads, as the newest beat says: told once for each.
    pub(super) fn leads(&mut self) -> Option<LinkNews> {
        self.leads.take()
    }

    /// The link is whole again: where the partner stands is of interest at once.
    pub(super) fn again_whole(&mut self) {
        self.head_told = None;
    }

    /// The partner's head, when it is to be told.
    pub(super) fn head(&self, now: Instant) -> Option<RoomHead> {
        let head = self.head.as_ref()?;
        let due = self
            .head_told
            .is_none_or(|(seq, told)| seq != head.seq && now.duration_since(told) >= HEAD_EVERY);
        due.then(|| head.clone())
    }

    /// It was told.
    pub(super) fn head_told(&mut self, seq: Seq, now: Instant) {
        self.head_told = Some((seq, now));
    }

    /// By how much the partner's clock is ahead at the least, when that is to be told.
    pub(super) fn clock(&self, now: Instant) -> Option<Span> {
        if self
            .clock_told
            .is_some_and(|told| now.duration_since(told) < CLOCK_EVERY)
        {
            return None;
        }
        let fresh = self.comparisons.iter();
        let fresh = fresh.filter(|one| now.duration_since(one.on) < COMPARED);
        let best = fresh.min_by_key(|one| one.under_way_ms)?;
        // A message that was long under way one way only looks like a clock that differs by half of that.
        let sure = best.ahead_ms.saturating_abs() - best.under_way_ms / 2;
        Some(Span::from_millis(best.ahead_ms.signum() * sure.max(0)))
    }

    /// It was told.
    pub(super) fn clock_told(&mut self, now: Instant) {
        self.clock_told = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::link::talk::YoursWire;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + ms)
    }

    /// A beat of a partner whose clock is ahead, `out` and `home` under way, said right after ours was read.
    fn beat(seq: u64, ahead: i64, out: i64) -> BeatWire {
        let read = at(out + ahead).to_string();
        BeatWire {
            sent: 0,
            taken: 0,
            leads: Vec::new(),
            seq,
            hash: "0a".to_owned(),
            at: read.clone(),
            heard_ms_ago: Some(0),
            yours: Some(YoursWire {
                at: at(0).to_string(),
                read_at: read,
            }),
        }
    }

    #[test]
    fn a_clock_differs_by_what_the_quickest_comparison_proves() {
        let zero = Instant::now();
        let mut beats = Beats::default();
        assert_eq!(beats.clock(zero), None);
        // Nine seconds under way to the partner, none back: it looks 4.5 s ahead, and nothing is proven.
        beats.heard(&beat(1, 0, 9_000), (zero, at(9_000)));
        assert_eq!(beats.clock(zero), Some(Span::ZERO));
        beats.heard(&beat(1, 2_000, 40), (zero, at(80)));
        assert_eq!(beats.clock(zero), Some(Span::from_millis(1_960)));
        beats.clock_told(zero);
        let soon = zero + Duration::from_secs(9);
        assert_eq!(beats.clock(soon), None, "once in ten seconds");
        let later = zero + Duration::from_secs(31);
        assert_eq!(beats.clock(later), None, "that was too long ago");
        beats.heard(&beat(1, -2_000, 40), (later, at(80)));
        assert_eq!(beats.clock(later), Some(Span::from_millis(-1_960)));
    }

    #[test]
    fn a_head_is_told_once_a_minute_when_it_moved_and_at_once_when_the_link_is_whole_again() {
        let zero = Instant::now();
        let mut beats = Beats::default();
        let seq = |beats: &Beats, s: u64| {
            let head = beats.head(zero + Duration::from_secs(s));
            head.map(|head| head.seq.0)
        };
        assert_eq!(seq(&beats, 0), None);
        beats.heard(&beat(7, 0, 0), (zero, at(0)));
        assert_eq!(seq(&beats, 0), Some(7));
        beats.head_told(Seq(7), zero);
        assert_eq!(seq(&beats, 100), None, "it has not moved");
        beats.heard(&beat(8, 0, 0), (zero, at(0)));
        assert_eq!(seq(&beats, 59), None);
        assert_eq!(seq(&beats, 60), Some(8));
        beats.again_whole();
        assert_eq!(seq(&beats, 1), Some(8));
        let strange = BeatWire {
            hash: "no hash".to_owned(),
            ..beat(9, 0, 0)
        };
        beats.heard(&strange, (zero, at(0)));
        assert_eq!(seq(&beats, 1), Some(8));
    }
}
