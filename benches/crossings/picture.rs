//! Pictures of a session: the distance of its fixes from the line over time, where the raw state flips, and the crossings
//! that were told of it.

use crate::border::{Frame, View};
use crate::receiver::Report;
use crate::session::{Outcome, Told};
use crate::truth::Truth;
use limes::domain::ids::StateSet;
use limes::domain::measure::{Metres, Position};
use std::fmt::Write;

const WIDE: f64 = 900.0;
const HIGH: f64 = 260.0;
/// The line of the frontier, and how far above and below it the distance is drawn.
const MIDDLE: f64 = 140.0;
const REACH: f64 = 90.0;
/// At most so many dots: the farthest on both sides of as many parts of the time.
const PARTS: usize = 450;

/// What is drawn.
pub(crate) struct Picture {
    title: String,
    /// Time, seconds, and distance from the line: above zero in other states than at the beginning.
    fixes: Vec<(f64, f64)>,
    /// Moments of true changes, where they are known.
    truth: Option<Vec<f64>>,
    flips: Vec<f64>,
    ours: Vec<Told>,
}

impl Picture {
    /// Of fixes at places, in order of time, and what was told of them.
    pub(crate) fn new(
        title: String,
        places: &[(f64, Position)],
        first: StateSet,
        outcome: &Outcome,
        view: &View,
    ) -> Self {
        let fixes = places
            .iter()
            .map(|(at_s, place)| {
                let depth_m = view.depth(*place).as_f64();
                let home = view.locate(*place, Metres::ZERO).states == first;
                (*at_s, if home { -depth_m } else { depth_m })
            })
            .collect();
        Self {
            title,
            fixes,
            truth: None,
            flips: outcome.flip.iter().map(|told| told.likely_s).collect(),
            ours: outcome.ours.clone(),
        }
    }

    /// Of a simulated session.
    pub(crate) fn simulated(
        title: String,
        reports: &[Report],
        frame: Frame,
        truth: &Truth,
        outcome: &Outcome,
        view: &View,
    ) -> Self {
        let mut places: Vec<(f64, Position)> = reports
            .iter()
            .map(|report| (report.says_s, frame.place(report.place)))
            .collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            truth: Some(truth.changes.iter().map(|change| change.at_s).collect()),
            ..Self::new(title, &places, truth.first, outcome, view)
        }
    }

    /// As SVG.
    pub(crate) fn svg(&self) -> String {
        let (from_s, until_s) = match (self.fixes.first(), self.fixes.last()) {
            (Some(first), Some(last)) if last.0 > first.0 => (first.0, last.0),
            _ => (0.0, 1.0),
        };
        let x = |at_s: f64| 10.0 + (at_s - from_s) / (until_s - from_s) * (WIDE - 20.0);
        let mut far_m: Vec<f64> = self.fixes.iter().map(|fix| fix.1.abs()).collect();
        far_m.sort_by(f64::total_cmp);
        let most_m = far_m
            .get(far_m.len() * 98 / 100)
            .map_or(1.0, |m| m.max(1.0));
        let y = |m: f64| MIDDLE - (m / most_m).clamp(-1.0, 1.0) * REACH;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" font-family=\"sans-serif\" \
             font-size=\"12\"><rect width=\"{WIDE}\" height=\"{HIGH}\" fill=\"#fff\"/>\n<text x=\"10\" y=\"18\" \
             font-weight=\"bold\">{}</text>\n<text x=\"10\" y=\"{}\">{:.0} m beyond the line above it, {:.0} m before it below; \
             {:.0} min</text>\n<path d=\"M10 {MIDDLE}H{}\" stroke=\"#000\"/>\n",
            self.title,
            HIGH - 8.0,
            most_m,
            most_m,
            (until_s - from_s) / 60.0,
            WIDE - 10.0
        );
        svg.push_str("<path stroke=\"#446\" stroke-width=\"1.6\" fill=\"none\" d=\"");
        for (at_s, m) in self.extremes(from_s, until_s) {
            let (x, y) = (x(at_s), y(m));
            let _ = write!(svg, "M{x:.1} {y:.1}h1.6");
        }
        svg.push_str("\"/>\n");
        let ticks = |moments: &mut dyn Iterator<Item = f64>, top: f64, colour: &str| {
            let mut path = String::new();
            for at_s in moments {
                let _ = write!(path, "M{:.1} {top}v10", x(at_s));
            }
            format!("<path stroke=\"{colour}\" stroke-width=\"1\" d=\"{path}\"/>\n")
        };
        svg += &ticks(&mut self.flips.iter().copied(), 26.0, "#c60");
        if let Some(truth) = &self.truth {
            svg += &ticks(&mut truth.iter().copied(), 38.0, "#060");
        }
        for told in self.ours.iter().filter(|told| told.stands) {
            let (early, late, likely) = (x(told.earliest_s), x(told.latest_s), x(told.likely_s));
            let _ = writeln!(
                svg,
                "<path stroke=\"#06c\" stroke-width=\"2\" d=\"M{early:.1} {MIDDLE}H{late:.1}M{likely:.1} {}v16\"/>",
                MIDDLE - 8.0
            );
        }
        let told = self.ours.iter().filter(|told| told.stands).count();
        let truth = self.truth.as_ref().map_or(String::new(), |truth| {
            format!("; {} true changes (green)", truth.len())
        });
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"18\" text-anchor=\"end\">{} raw flips (orange){truth}; {told} crossings told (blue)</text></svg>",
            WIDE - 10.0,
            self.flips.len()
        );
        svg
    }

    /// The farthest fixes on both sides of each part of the time.
    fn extremes(&self, from_s: f64, until_s: f64) -> Vec<(f64, f64)> {
        let mut parts: Vec<[Option<(f64, f64)>; 2]> = vec![[None; 2]; PARTS];
        for fix in &self.fixes {
            let part = ((fix.0 - from_s) / (until_s - from_s) * PARTS as f64) as usize;
            let [least, most] = &mut parts[part.min(PARTS - 1)];
            if least.is_none_or(|known| fix.1 < known.1) {
                *least = Some(*fix);
            }
            if most.is_none_or(|known| fix.1 > known.1) {
                *most = Some(*fix);
            }
        }
        parts.into_iter().flatten().flatten().collect()
    }
}
