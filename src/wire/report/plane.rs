//! The ground on paper: north up, one scale both ways, lines cut to the frame and freed of what nobody would see.

use super::figure::Place;
use crate::domain::measure::Position;

/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_320.0;

/// A frame of paper over a stretch of ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane {
    /// What lies in the middle, degrees.
    middle: (f64, f64),
    /// Metres of a degree of longitude there.
    degree_m: f64,
    /// Metres of a point of paper.
    pub(super) scale: f64,
    size: Place,
}

impl Plane {
    /// Over all these, with an edge around them and this much ground at least from side to side; `None` of none.
    pub(super) fn over(of: &[Position], size: Place, (edge, least_m): (f32, f64)) -> Option<Self> {
        let first = of.first()?;
        let whole = (first.lat(), first.lat(), first.lon(), first.lon());
        let (south, north, west, east) = of.iter().fold(whole, |so_far, place| {
            let (south, north, west, east) = so_far;
            (
                south.min(place.lat()),
                north.max(place.lat()),
                west.min(place.lon()),
                east.max(place.lon()),
            )
        });
        let middle = (f64::midpoint(south, north), f64::midpoint(west, east));
        let degree_m = (DEGREE_M * middle.0.to_radians().cos()).max(1.0);
        let across = |metres: f64, paper: f32| metres.max(least_m) / f64::from(paper - 2.0 * edge);
        let scale = across((east - west) * degree_m, size.0)
            .max(across((north - south) * DEGREE_M, size.1));
        Some(Self {
            middle,
            degree_m,
            scale,
            size,
        })
    }

    /// Where a position lies on the paper, also beside the frame.
    pub(super) fn place(&self, position: Position) -> Place {
        let (lat, lon) = self.middle;
        let right = (position.lon() - lon) * self.degree_m / self.scale;
        let down = (lat - position.lat()) * DEGREE_M / self.scale;
        (
            self.size.0 / 2.0 + right as f32,
            self.size.1 / 2.0 + down as f32,
        )
    }

    /// What lies under a place of the paper; `None` beyond a pole or 180° E.
    pub(super) fn position(&self, (x, y): Place) -> Option<Position> {
        let right = f64::from(x - self.size.0 / 2.0) * self.scale;
        let down = f64::from(y - self.size.1 / 2.0) * self.scale;
        let (lat, lon) = self.middle;
        Position::new(lat - down / DEGREE_M, lon + right / self.degree_m).ok()
    }

    /// The pieces of a line within the frame.
    pub(super) fn within(&self, line: &[Place]) -> Vec<Vec<Place>> {
        let mut pieces: Vec<Vec<Place>> = Vec::new();
        for pair in line.windows(2) {
            let Some((from, to)) = cut(pair[0], pair[1], self.size) else {
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// A round length of at most so much paper: metres, and how long it is.
    pub(super) fn bar(&self, most: f32) -> (f64, f32) {
        let longest = f64::from(most) * self.scale;
        let power = 10.0_f64.powf(longest.log10().floor());
        let times = [5.0, 2.0, 1.0];
        let fits = times.into_iter().find(|times| times * power <= longest);
        let metres = fits.unwrap_or(1.0) * power;
        (metres, (metres / self.scale) as f32)
    }
}

/// The part of a stretch within a frame (Liang and Barsky's way).
fn cut(from: Place, to: Place, size: Place) -> Option<(Place, Place)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enters, mut leaves) = (0.0_f32, 1.0_f32);
    let sides = [
        (-dx, from.0),
        (dx, size.0 - from.0),
        (-dy, from.1),
        (dy, size.1 - from.1),
    ];
    for (outward, room) in sides {
        if outward == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if outward < 0.0 {
            enters = enters.max(room / outward);
        } else {
            leaves = leaves.min(room / outward);
        }
    }
    let at = |share: f32| (from.0 + share * dx, from.1 + share * dy);
    let begin = if enters > 0.0 { at(enters) } else { from };
    let end = if leaves < 1.0 { at(leaves) } else { to };
    (enters < leaves).then_some((begin, end))
}

/// A line without the places that lie nearer than `off` to the straight way past them (Ramer, Douglas and Peucker's way).
pub(super) fn reduced(line: &[Place], off: f32) -> Vec<Place> {
    let mut kept = vec![false; line.len()];
    let Some(last) = line.len().checked_sub(1) else {
        return Vec::new();
    };
    kept[0] = true;
    kept[last] = true;
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let mut farthest = (off, None);
        for at in from + 1..to {
            let away = away(line[at], line[from], line[to]);
            if away > farthest.0 {
                farthest = (away, Some(at));
            }
        }
        if let (_, Some(at)) = farthest {
            kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    let both = line.iter().zip(kept);
    both.filter_map(|(place, kept)| kept.then_some(*place))
        .collect()
}

/// How far a place lies from the straight way between two.
fn away(place: Place, from: Place, to: Place) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (x, y) = (place.0 - from.0, place.1 - from.1);
    let long = dx * dx + dy * dy;
    let share = if long > 0.0 {
        ((x * dx + y * dy) / long).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - share * dx).hypot(y - share * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Position {
        Position::new(lat, lon).unwrap()
    }

    #[test]
    fn a_place_on_paper_is_the_position_under_it_at_one_scale_both_ways() {
        let corners = [at(46.0, 20.0), at(46.1, 20.2)];
        let plane = Plane::over(&corners, (500.0, 300.0), (20.0, 1_000.0)).unwrap();
        let (x, y) = plane.place(corners[0]);
        let back = plane.position((x, y)).unwrap();
        assert!((back.lat() - 46.0).abs() < 1e-6 && (back.lon() - 20.0).abs() < 1e-6);
        let (right, up) = plane.place(corners[1]);
        assert!(right > x && up < y, "east is right and north is up");
        assert!((19.9..480.1).contains(&x) && (19.9..280.1).contains(&y));
        // 0.1 degrees of latitude are 11.1 km; 0.2 of longitude here 15.5 km.
        let across = f64::from(right - x) / f64::from(y - up);
        assert!((across - 15.47 / 11.13).abs() < 0.01, "{across}");
        assert_eq!(Plane::over(&[], (500.0, 300.0), (20.0, 1_000.0)), None);
    }

    #[test]
    fn one_place_alone_has_ground_around_it() {
        let plane = Plane::over(&[at(46.0, 20.0)], (500.0, 300.0), (50.0, 2_000.0)).unwrap();
        assert!((plane.scale - 10.0).abs() < 1e-9, "{}", plane.scale);
        assert_eq!(plane.place(at(46.0, 20.0)), (250.0, 150.0));
        assert_eq!(plane.bar(120.0), (1_000.0, 100.0));
    }

    #[test]
    fn a_line_is_cut_to_the_frame_in_pieces() {
        let plane = Plane::over(&[at(46.0, 20.0)], (100.0, 100.0), (10.0, 1_000.0)).unwrap();
        let line = [(-50.0, 50.0), (50.0, 50.0), (50.0, 150.0), (150.0, 50.0)];
        assert_eq!(
            plane.within(&line),
            [[(0.0, 50.0), (50.0, 50.0), (50.0, 100.0)]]
        );
        assert_eq!(
            plane.within(&[(-1.0, -9.0), (-1.0, 900.0)]),
            Vec::<Vec<Place>>::new()
        );
        let out_and_in = [(50.0, 50.0), (150.0, 50.0), (150.0, 60.0), (50.0, 60.0)];
        assert_eq!(plane.within(&out_and_in).len(), 2);
    }

    #[test]
    fn what_nobody_would_see_of_a_line_is_left_out() {
        let line = [(0.0, 0.0), (5.0, 0.2), (10.0, 0.0), (10.0, 10.0)];
        assert_eq!(reduced(&line, 0.4), [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        assert_eq!(reduced(&line, 0.1), line);
        assert_eq!(reduced(&[], 0.4), Vec::<Place>::new());
        assert_eq!(reduced(&[(1.0, 1.0)], 0.4), [(1.0, 1.0)]);
    }
}
