//! Whether a link is whole: what was heard and when, and what is to be told of that. No clock of its own.
//!
//! ```text
//!            both within SILENT                 one of them not
//!  start ──────────────────────▶ whole ◀──────────────────────▶ cut {since, hears, is_heard}
//!    └── SILENT without both ──────────────────────────────────▶
//! ```

use crate::domain::event::Cut;
use crate::domain::measure::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// Who is not heard for so long is not there: three beats.
pub(super) const SILENT: Duration = Duration::from_secs(6);
/// Once the one way is silent for that long, the other one is judged by less, which a single beat that is late does not reach: a
/// line is seldom cut one way only.
const SILENT_TOO: Duration = Duration::from_millis(3_500);
/// A link that is cut otherwise than before is so for this long before that is told.
const SETTLES: Duration = Duration::from_secs(2);

/// One moment by both clocks: the one that waits, and the one that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) on: Instant,
    pub(super) at: Timestamp,
}

/// How a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// Both hear each other.
    Whole,
    /// One of them does not.
    Cut(Cut),
}

impl Is {
    /// How it is cut, when it is.
    pub(super) const fn cut(self) -> Option<Cut> {
        match self {
            Self::Whole => None,
            Self::Cut(cut) => Some(cut),
        }
    }
}

/// What is known of one link.
#[derive(Debug)]
pub(super) struct Watch {
    began: Moment,
    heard: Option<Moment>,
    answered: Option<Moment>,
    told: Option<Is>,
    /// The state that is not told yet, and since when it stands.
    otherwise: Option<((bool, bool), Instant)>,
}

impl Watch {
    /// From the start of the service on.
    pub(super) const fn new(began: Moment) -> Self {
        Self {
            began,
            heard: None,
            answered: None,
            told: None,
            otherwise: None,
        }
    }

    /// The partner was heard.
    pub(super) fn heard(&mut self, moment: Moment) {
        self.heard = Some(later(self.heard, moment));
    }

    /// The partner has heard us.
    pub(super) fn answered(&mut self, moment: Moment) {
        self.answered = Some(later(self.answered, moment));
    }

    /// How it is now; `None` while that is not known yet.
    fn is(&self, now: Moment) -> Option<Is> {
        let silent = |of: Option<Moment>| now.on.duration_since(of.unwrap_or(self.began).on);
        let (heard, answered) = (silent(self.heard), silent(self.answered));
        let speaks = |of: Option<Moment>, silent, limit| of.is_some() && silent < limit;
        if heard >= SILENT || answered >= SILENT {
            let began = self.began.at;
            let last = |of: Option<Moment>| of.map_or(began, |moment| moment.at);
            return Some(Is::Cut(Cut {
                since: last(self.heard).min(last(self.answered)),
                hears: speaks(self.heard, heard, SILENT_TOO),
                is_heard: speaks(self.answered, answered, SILENT_TOO),
            }));
        }
        let whole = self.heard.is_some() && self.answered.is_some();
        whole.then_some(Is::Whole)
    }

    /// What is to be told, when it is not told yet.
    pub(super) fn news(&mut self, now: Moment) -> Option<Is> {
        let is = self.is(now)?;
        match (self.told, is) {
            (Some(Is::Whole), Is::Whole) => None,
            // Since when is told once, and stays.
            (Some(Is::Cut(told)), Is::Cut(cut)) => {
                let ways = (cut.hears, cut.is_heard);
                if ways == (told.hears, told.is_heard) {
                    self.otherwise = None;
                    return None;
                }
                let stands = self.otherwise.filter(|(before, _)| *before == ways);
                let (_, from) = *self.otherwise.insert(stands.unwrap_or((ways, now.on)));
                let settled = now.on.duration_since(from) >= SETTLES;
                settled.then_some(Is::Cut(Cut {
                    since: told.since,
                    ..cut
                }))
            }
            (None | Some(Is::Whole | Is::Cut(_)), is) => Some(is),
        }
    }

    /// It was told.
    pub(super) fn told(&mut self, news: Is) {
        self.told = Some(news);
        self.otherwise = None;
    }

    /// Whether it is whole, as it was told.
    pub(super) const fn is_whole(&self) -> bool {
        matches!(self.told, Some(Is::Whole))
    }
}

fn later(known: Option<Moment>, moment: Moment) -> Moment {
    match known {
        Some(known) if known.on >= moment.on => known,
        _ => moment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When something was told, in milliseconds; since when the link is cut, and which ways are whole.
    type Told = (u64, Option<(i64, bool, bool)>);

    /// A link that began at zero; all times are milliseconds from there.
    struct Seen {
        watch: Watch,
        zero: Instant,
    }

    impl Seen {
        fn new() -> Self {
            let zero = Instant::now();
            let began = Moment {
                on: zero,
                at: Timestamp::EPOCH,
            };
            Self {
                watch: Watch::new(began),
                zero,
            }
        }

        fn at(&self, ms: u64) -> Moment {
            Moment {
                on: self.zero + Duration::from_millis(ms),
                at: Timestamp::from_millis(ms as i64),
            }
        }

        /// Both ways, every two seconds.
        fn speak(&mut self, from: u64, to: u64) {
            for ms in (from..=to).step_by(2_000) {
                self.watch.heard(self.at(ms));
                self.watch.answered(self.at(ms + 10));
            }
        }

        /// What is told when it is looked four times a second, with when.
        fn told(&mut self, from: u64, to: u64) -> Vec<Told> {
            let mut told = Vec::new();
            for ms in (from..=to).step_by(250) {
                if let Some(news) = self.watch.news(self.at(ms)) {
                    self.watch.told(news);
                    let cut = news.cut();
                    let cut = cut.map(|cut| (cut.since.as_millis(), cut.hears, cut.is_heard));
                    told.push((ms, cut));
                }
            }
            told
        }
    }

    #[test]
    fn a_link_that_never_came_up_is_lost_six_seconds_after_the_start() {
        let mut seen = Seen::new();
        assert_eq!(seen.told(0, 20_000), [(6_000, Some((0, false, false)))]);
    }

    #[test]
    fn it_is_whole_when_both_hear_and_that_is_told_once() {
        let mut seen = Seen::new();
        seen.watch.heard(seen.at(100));
        assert_eq!(seen.told(250, 1_000), []);
        seen.watch.answered(seen.at(1_100));
        assert_eq!(seen.told(1_250, 3_000), [(1_250, None)]);
        seen.speak(3_000, 9_000);
        assert_eq!(seen.told(9_000, 12_000), []);
        assert!(seen.watch.is_whole());
    }

    #[test]
    fn silence_of_six_seconds_is_a_cut_since_it_was_last_whole() {
        let mut seen = Seen::new();
        seen.speak(0, 10_000);
        assert_eq!(seen.told(10_250, 15_750), [(10_250, None)]);
        assert_eq!(
            seen.told(16_000, 30_000),
            [(16_000, Some((10_000, false, false)))],
            "both ways at once, although one was heard a little later"
        );
        seen.speak(30_000, 30_000);
        assert_eq!(seen.told(30_250, 31_000), [(30_250, None)]);
    }

    #[test]
    fn a_cut_of_one_way_names_the_way() {
        let mut seen = Seen::new();
        seen.speak(0, 10_000);
        seen.told(10_250, 10_250);
        for ms in [12_000, 14_000, 16_000, 18_000] {
            seen.watch.heard(seen.at(ms));
        }
        let told = seen.told(10_500, 18_000);
        assert_eq!(told, [(16_250, Some((10_010, true, false)))]);
        // The other way falls silent too: told once that has stood, with the time that was told before.
        assert_eq!(
            seen.told(18_250, 30_000),
            [(23_500, Some((10_010, false, false)))]
        );
        // One way is back, and soon the other: nothing is told between.
        seen.watch.heard(seen.at(30_000));
        assert_eq!(seen.told(30_250, 31_500), []);
        seen.watch.answered(seen.at(31_600));
        assert_eq!(seen.told(31_750, 32_000), [(31_750, None)]);
    }

    #[test]
    fn an_answer_that_is_older_than_what_is_known_changes_nothing() {
        let mut seen = Seen::new();
        seen.speak(0, 10_000);
        seen.watch.answered(seen.at(3_000));
        seen.told(10_250, 10_250);
        assert!(seen.watch.is_whole());
    }
}
