//! A drawing on a sheet: lines, marks and words on a plane, drawn alike in a page and in a PDF.

/// Red, green, blue.
pub type Colour = [u8; 3];

/// Ink for words.
pub const INK: Colour = [0x16, 0x18, 0x1d];
/// For what stands back.
pub const FAINT: Colour = [0x4a, 0x52, 0x61];
/// For rules and frames.
pub const RULE: Colour = [0xc4, 0xc9, 0xd2];

/// A drawing. The plane is measured in points, from its upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// How wide it is; the width of the paper at most.
    pub width: f32,
    /// How high.
    pub height: f32,
    /// What it shows, for who cannot see it.
    pub name: String,
    /// What is drawn, the lowest first.
    pub shapes: Vec<Shape>,
}

/// A place on the plane: to the right, down.
pub type Place = (f32, f32);

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A line through places.
    Line {
        /// Which: two at least.
        through: Vec<Place>,
        /// How thick.
        width: f32,
        /// Its colour.
        colour: Colour,
        /// Whether it is broken: what is not known for sure.
        dashed: bool,
    },
    /// An outline, filled or hollow.
    Area {
        /// Its corners.
        corners: Vec<Place>,
        /// Its colour.
        colour: Colour,
        /// Whether it is filled; else its edge alone is drawn, on white.
        filled: bool,
    },
    /// A word or two on one line.
    Text {
        /// Where it begins, ends or has its middle, on the line it stands on.
        at: Place,
        /// What.
        text: String,
        /// How high its letters are.
        size: f32,
        /// Where `at` lies in it.
        anchor: Anchor,
        /// Whether it is bold.
        bold: bool,
        /// Its colour.
        colour: Colour,
    },
}

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// What a mark looks like: each can be told from the others without its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A ring.
    Ring,
    /// A filled disc.
    Disc,
    /// An empty square.
    Square,
    /// A filled square.
    Block,
    /// A filled triangle.
    Triangle,
    /// An empty diamond.
    Diamond,
    /// A cross.
    Cross,
}

impl Figure {
    /// An empty one.
    #[must_use]
    pub const fn new(width: f32, height: f32, name: String) -> Self {
        Self {
            width,
            height,
            name,
            shapes: Vec::new(),
        }
    }

    /// Draws a line; one place alone is no line.
    pub fn line(&mut self, through: Vec<Place>, width: f32, colour: Colour) {
        if through.len() > 1 {
            self.shapes.push(Shape::Line {
                through,
                width,
                colour,
                dashed: false,
            });
        }
    }

    /// Draws a broken line.
    pub fn dashes(&mut self, from: Place, to: Place, colour: Colour) {
        self.shapes.push(Shape::Line {
            through: vec![from, to],
            width: 1.0,
            colour,
            dashed: true,
        });
    }

    /// Draws a filled box.
    pub fn bar(&mut self, (x, y): Place, (width, height): (f32, f32), colour: Colour) {
        self.shapes.push(Shape::Area {
            corners: vec![
                (x, y),
                (x + width, y),
                (x + width, y + height),
                (x, y + height),
            ],
            colour,
            filled: true,
        });
    }

    /// Draws a mark around a place.
    pub fn mark(&mut self, mark: Mark, (x, y): Place, radius: f32, colour: Colour) {
        let turn = |corners: u16, from: f32| -> Vec<Place> {
            let corner = |at: u16| {
                let share = f32::from(at) / f32::from(corners);
                let angle = (share + from) * std::f32::consts::TAU;
                (x + radius * angle.cos(), y + radius * angle.sin())
            };
            (0..corners).map(corner).collect()
        };
        let (corners, filled) = match mark {
            Mark::Ring => (turn(24, 0.0), false),
            Mark::Disc => (turn(24, 0.0), true),
            Mark::Square => (turn(4, 0.125), false),
            Mark::Block => (turn(4, 0.125), true),
            Mark::Triangle => (turn(3, 0.75), true),
            Mark::Diamond => (turn(4, 0.0), false),
            Mark::Cross => {
                for (one, other) in [((-1.0, -1.0), (1.0, 1.0)), ((-1.0, 1.0), (1.0, -1.0))] {
                    let end = |(across, down): Place| {
                        (x + across * radius * 0.8, y + down * radius * 0.8)
                    };
                    self.line(vec![end(one), end(other)], 1.2, colour);
                }
                return;
            }
        };
        self.shapes.push(Shape::Area {
            corners,
            colour,
            filled,
        });
    }

    /// Writes a text.
    pub fn text(&mut self, at: Place, text: impl Into<String>, size: f32, anchor: Anchor) {
        self.words(at, text.into(), (size, anchor), (false, INK));
    }

    /// Writes a text that stands back.
    pub fn faint(&mut self, at: Place, text: impl Into<String>, size: f32, anchor: Anchor) {
        self.words(at, text.into(), (size, anchor), (false, FAINT));
    }

    /// Writes a text that stands out.
    pub fn bold(&mut self, at: Place, text: impl Into<String>, size: f32, anchor: Anchor) {
        self.words(at, text.into(), (size, anchor), (true, INK));
    }

    fn words(
        &mut self,
        at: Place,
        text: String,
        (size, anchor): (f32, Anchor),
        (bold, colour): (bool, Colour),
    ) {
        self.shapes.push(Shape::Text {
            at,
            text,
            size,
            anchor,
            bold,
            colour,
        });
    }
}

/// A text cut to so many letters, where it is longer.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
