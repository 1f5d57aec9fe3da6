//! Where a unit was said to cross, with which probability, against where it did.

use limes::domain::borders::Atlas;
use limes::domain::event::LikelyCrossing;
use limes::domain::measure::Position;

/// Who crosses within this of a crossing point crosses there, metres.
const THERE_M: f64 = 500.0;
/// Probabilities are judged in so many classes.
const CLASSES: usize = 5;

/// Tellings of one class of probability.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    told: usize,
    /// The sum of their probabilities.
    probability: f64,
    came_true: usize,
}

/// What was told of places, by class of probability.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Places {
    named: [Class; CLASSES],
    elsewhere: [Class; CLASSES],
    /// Approaches that named a place, followed by a crossing.
    approaches: usize,
    /// Those whose likeliest place was the one.
    first_right: usize,
}

impl Class {
    fn add(&mut self, other: Self) {
        self.told += other.told;
        self.probability += other.probability;
        self.came_true += other.came_true;
    }

    fn row(&self) -> String {
        if self.told == 0 {
            return "0 | - | -".to_owned();
        }
        let all = self.told as f64;
        let (mean, share) = (self.probability / all, self.came_true as f64 / all);
        format!("{} | {mean:.2} | {share:.2}", self.told)
    }
}

impl Places {
    /// What one approach told, and where the unit then crossed.
    pub(crate) fn judge(&mut self, told: &[LikelyCrossing], crossed: Position) {
        if told.is_empty() {
            return;
        }
        let there = |of: &LikelyCrossing| Atlas::distance(of.point, crossed).as_f64() <= THERE_M;
        let note = |classes: &mut [Class; CLASSES], probability: f64, came_true: bool| {
            let class = ((probability * CLASSES as f64) as usize).min(CLASSES - 1);
            classes[class].add(Class {
                told: 1,
                probability,
                came_true: usize::from(came_true),
            });
        };
        for of in told {
            note(&mut self.named, of.probability, there(of));
        }
        let rest = 1.0 - told.iter().map(|of| of.probability).sum::<f64>();
        let elsewhere = !told.iter().any(there);
        note(&mut self.elsewhere, rest.max(0.0), elsewhere);
        self.approaches += 1;
        self.first_right += usize::from(there(&told[0]));
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (class, more) in self.named.iter_mut().zip(other.named) {
            class.add(more);
        }
        for (class, more) in self.elsewhere.iter_mut().zip(other.elsewhere) {
            class.add(more);
        }
        self.approaches += other.approaches;
        self.first_right += other.first_right;
    }
}

/// The table of what came true; nothing when no place was told.
pub(crate) fn table(places: &Places) -> String {
    if places.approaches == 0 {
        return String::new();
    }
    let mut text = String::from(
        "\n| probability | crossing points told | mean | came true | elsewhere told | mean | came true |\n|---|---|---|---|---|---|---|\n",
    );
    for class in 0..CLASSES {
        let (from, to) = (class as f64 / 5.0, (class + 1) as f64 / 5.0);
        text += &format!(
            "| {from:.1} to {to:.1} | {} | {} |\n",
            places.named[class].row(),
            places.elsewhere[class].row()
        );
    }
    text + &format!(
        "\n{} approaches named crossing points; the likeliest was the one in {:.1} %.\n",
        places.approaches,
        100.0 * places.first_right as f64 / places.approaches as f64
    )
}
