//! What a receiver reports of a true way: correlated error, false claims, outliers, gaps, a wrong clock.

use crate::dice::Dice;

/// A circle of so many deviations holds 68 % of a two-dimensional normal error: the posted accuracy of an honest receiver.
pub(crate) const HONEST: f64 = 1.51;
/// The error decays over this time (a first-order Gauss-Markov process)...
pub(crate) const LASTS_S: f64 = 60.0;
/// ...but for this share of its deviation, which is new with every fix.
pub(crate) const WHITE: f64 = 0.2;
/// One fix of so many begins a burst of outliers.
const FIXES_A_BURST: f64 = 600.0;

/// ...of at most five fixes, all within less than this.
const BURST_LASTS_S: f64 = 30.0;

/// What is wrong with a receiver, beside its error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    /// It claims what it errs by.
    Honest,
    /// It claims half of that.
    ClaimsHalf,
    /// Now and then 1 to 5 fixes lie 30 to 500 m away and claim 2 m.
    Outliers,
    /// It hears nothing for half a minute to three minutes, every ten minutes or so.
    Gaps,
    /// Its clock is wrong by up to 30 s, and of every hour ten minutes arrive late.
    Skewed,
}

impl Habit {
    pub(crate) const ALL: [Self; 5] = [
        Self::Honest,
        Self::ClaimsHalf,
        Self::Outliers,
        Self::Gaps,
        Self::Skewed,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::ClaimsHalf => "claims half",
            Self::Outliers => "outliers of 2 m",
            Self::Gaps => "gaps",
            Self::Skewed => "clock wrong, late",
        }
    }
}

/// One report: the true second it was taken, what it says, and the second it arrives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) taken_s: f64,
    pub(crate) says_s: f64,
    pub(crate) arrives_s: f64,
    pub(crate) place: (f64, f64),
    pub(crate) claims_m: f64,
}

/// The reports of a true way, one place a second, in the order in which they arrive.
pub(crate) fn reports(
    way: &[(f64, f64)],
    interval_s: usize,
    deviation_m: f64,
    habit: Habit,
    dice: &mut Dice,
) -> Vec<Report> {
    let seconds = interval_s as f64;
    let keeps = (-seconds / LASTS_S).exp();
    let slow_m = deviation_m * (1.0 - WHITE * WHITE).sqrt();
    let fresh_m = slow_m * (1.0 - keeps * keeps).sqrt();
    let mut error = (dice.normal() * slow_m, dice.normal() * slow_m);
    let claims_m = match habit {
        Habit::ClaimsHalf => HONEST / 2.0 * deviation_m,
        _ => HONEST * deviation_m,
    };
    let skew_s = match habit {
        Habit::Skewed => dice.between(-30.0, 30.0),
        _ => 0.0,
    };
    let (mut burst, mut off) = (0_u64, (0.0, 0.0));
    let mut silent_until = 0.0;
    let mut reports = Vec::new();
    for (index, truth) in way.iter().enumerate().step_by(interval_s) {
        let now_s = index as f64;
        error.0 = error.0 * keeps + dice.normal() * fresh_m;
        error.1 = error.1 * keeps + dice.normal() * fresh_m;
        let white_m = WHITE * deviation_m;
        let mut place = (
            truth.0 + error.0 + dice.normal() * white_m,
            truth.1 + error.1 + dice.normal() * white_m,
        );
        let mut says_m = claims_m;
        if habit == Habit::Outliers {
            if burst == 0 && dice.share() < 1.0 / FIXES_A_BURST {
                // An outlier has a cause that passes: no burst lasts for half a minute.
                let most = (BURST_LASTS_S / seconds).ceil() as u64;
                burst = (1 + dice.word() % 5).min(most);
                let (far_m, angle) = (
                    dice.between(30.0, 500.0),
                    dice.between(0.0, std::f64::consts::TAU),
                );
                off = (far_m * angle.cos(), far_m * angle.sin());
            }
            if burst > 0 {
                burst -= 1;
                place = (place.0 + off.0, place.1 + off.1);
                says_m = 2.0;
            }
        }
        if habit == Habit::Gaps {
            if now_s >= silent_until && dice.share() < seconds / 600.0 {
                silent_until = now_s + dice.between(30.0, 180.0);
            }
            if now_s < silent_until {
                continue;
            }
        }
        let late = habit == Habit::Skewed && now_s % 3_600.0 >= 3_000.0;
        let arrives_s = if late {
            (now_s / 3_600.0).floor() * 3_600.0 + 3_600.0 + (now_s % 3_600.0) * 0.01
        } else {
            now_s + 0.3
        };
        reports.push(Report {
            taken_s: now_s,
            says_s: now_s + skew_s,
            arrives_s,
            place,
            claims_m: says_m,
        });
    }
    reports.sort_by(|a, b| a.arrives_s.total_cmp(&b.arrives_s));
    reports
}
