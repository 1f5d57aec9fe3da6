//! Drawings on paper.

use super::{Look, Types, fill, glyphs};
use crate::wire::report::figure::{Anchor, Figure, Place, Shape};
use krilla::geom::{Path, PathBuilder, Point};
use krilla::paint::{Stroke, StrokeDash};
use krilla::surface::Surface;

/// How thick the edge of a hollow mark is.
const EDGE: f32 = 1.2;

/// Draws a figure whose upper left corner lies at a place of the page.
pub(super) fn draw(surface: &mut Surface<'_>, types: &Types, figure: &Figure, (x, y): Place) {
    let moved = |(across, down): Place| (x + across, y + down);
    for shape in &figure.shapes {
        match shape {
            Shape::Line {
                through,
                width,
                colour,
                dashed,
            } => {
                let Some(path) = path(through.iter().copied().map(moved), false) else {
                    continue;
                };
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke {
                    paint: fill(*colour).paint,
                    width: *width,
                    dash: dashed.then(|| StrokeDash {
                        array: vec![3.0, 3.0],
                        offset: 0.0,
                    }),
                    ..Stroke::default()
                }));
                surface.draw_path(&path);
            }
            Shape::Area {
                corners,
                colour,
                filled,
            } => {
                let Some(path) = path(corners.iter().copied().map(moved), true) else {
                    continue;
                };
                let edge = Stroke {
                    paint: fill(*colour).paint,
                    width: EDGE,
                    ..Stroke::default()
                };
                surface.set_fill(Some(fill(if *filled { *colour } else { [0xff; 3] })));
                surface.set_stroke((!filled).then_some(edge));
                surface.draw_path(&path);
            }
            Shape::Text {
                at,
                text,
                size,
                anchor,
                bold,
                colour,
            } => {
                let look = Look {
                    bold: *bold,
                    size: *size,
                    colour: *colour,
                };
                let of = types.of(look);
                let text = of.lettered(text);
                let wide = of.width(&text, *size);
                let back = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => wide / 2.0,
                    Anchor::End => wide,
                };
                let (left, line) = moved(*at);
                surface.set_stroke(None);
                surface.set_fill(Some(fill(*colour)));
                let start = Point::from_xy(left - back, line);
                let glyphs = glyphs(of, &text);
                surface.draw_glyphs(start, &glyphs, of.font.clone(), &text, *size, false);
            }
        }
    }
    surface.set_stroke(None);
}

fn path(mut places: impl Iterator<Item = Place>, closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (x, y) = places.next()?;
    path.move_to(x, y);
    for (x, y) in places {
        path.line_to(x, y);
    }
    if closed {
        path.close();
    }
    path.finish()
}
