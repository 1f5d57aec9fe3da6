//! What a receiver makes of a place: an error that wanders slowly, as real receivers err, and is as large as it claims.

use std::f64::consts::TAU;

/// The 68 % circle of two independent normal errors has this radius in units of their standard deviation:
/// `sqrt(-2 ln 0.32)`.
const CIRCLE_68: f64 = 1.509_592;

/// A small generator of pseudo-random numbers: `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014). Not for secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The same seed gives the same numbers.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// One generator for each name under a seed, independent of the others.
    #[must_use]
    pub fn named(seed: u64, name: &str) -> Self {
        // FNV-1a spreads the name over the seed.
        let state = name
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |state, byte| {
                (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        let mut random = Self { state };
        random.number();
        random
    }

    /// The next 64 bits.
    pub const fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly spread over 0 (inclusive) to 1 (exclusive).
    pub fn share(&mut self) -> f64 {
        // 53 bits are what a float holds.
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly spread over 0 to `below`, exclusive; 0 when `below` is 0.
    pub fn below(&mut self, below: usize) -> usize {
        ((self.share() * below as f64) as usize).min(below.saturating_sub(1))
    }

    /// Normal, with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (TAU * self.share()).cos()
    }
}

/// A receiver's error over time, in metres east and north: a first-order Gauss–Markov process for each axis.
#[derive(Debug, Clone)]
pub struct Wander {
    random: Random,
    correlation_s: f64,
    east: f64,
    north: f64,
    sky: f64,
}

/// One draw of a [`Wander`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// Metres east of the true place.
    pub east_m: f64,
    /// Metres north of it.
    pub north_m: f64,
    /// The accuracy the receiver claims, metres: the radius that holds 68 % of such errors.
    pub accuracy_m: f64,
}

impl Wander {
    /// An error that forgets itself over `correlation_s` seconds.
    #[must_use]
    pub fn new(mut random: Random, correlation_s: f64) -> Self {
        let (east, north, sky) = (random.normal(), random.normal(), random.normal());
        Self {
            random,
            correlation_s: correlation_s.max(0.001),
            east,
            north,
            sky,
        }
    }

    /// The error `step_s` seconds after the last one, around this accuracy.
    pub fn next(&mut self, step_s: f64, accuracy_m: f64) -> Deviation {
        let keep = (-step_s / self.correlation_s).exp();
        let fresh = (1.0 - keep * keep).sqrt();
        for axis in [&mut self.east, &mut self.north, &mut self.sky] {
            *axis = keep * *axis + fresh * self.random.normal();
        }
        // The sky changes: the claim goes up and down by some per cent, and the error with it.
        let claimed = round(accuracy_m * (0.12 * self.sky.clamp(-2.0, 2.0)).exp(), 10.0);
        let deviation = claimed / CIRCLE_68;
        Deviation {
            east_m: self.east * deviation,
            north_m: self.north * deviation,
            accuracy_m: claimed,
        }
    }

    /// Another number of the same generator, normal.
    pub fn normal(&mut self) -> f64 {
        self.random.normal()
    }
}

/// Rounded to one part in `parts`.
#[must_use]
pub fn round(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
