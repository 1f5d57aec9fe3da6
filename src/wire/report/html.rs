//! A sheet as a page: one file, no script, nothing from elsewhere. What anybody wrote stands in it as text.

use super::figure::{Anchor, Colour, Figure, Place, Shape};
use super::sheet::{Cell, Piece, Row, Said, Section, Sheet};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The look, for screen and print.
pub const STYLE: &str = include_str!("sheet.css");

/// The page. `linked`: whether the numbers of records lead to them, where the service answers under the same address.
#[must_use]
pub fn page(sheet: &Sheet, linked: bool) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(sheet.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="icon" href="data:,";
                title { (sheet.title.one.1) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if let Some(foot) = &sheet.foot { p class="band foot" { (foot) } }
                @if let Some(band) = &sheet.band { p class="band" { (said(band)) } }
                header {
                    h1 { (said(&sheet.title)) }
                    @for note in &sheet.notes { p class="note" { (said(note)) } }
                }
                @for one in &sheet.sections { (section(one, linked)) }
            }
        }
    };
    page.into_string()
}

fn said(said: &Said) -> Markup {
    html! {
        span lang=(said.one.0.tag()) { (said.one.1) }
        @if let Some((language, text)) = &said.other {
            span class="other" lang=(language.tag()) { (text) }
        }
    }
}

fn section(section: &Section, linked: bool) -> Markup {
    let is_list = section.columns.is_empty();
    html! {
        section {
            h2 { (said(&section.heading)) }
            @for one in &section.figures { (figure(one)) }
            @if section.rows.is_empty() && section.figures.is_empty() { p class="unknown" { (said(&section.empty)) } }
            @if !section.rows.is_empty() {
                table class=[is_list.then_some("pairs")] {
                    @if !is_list {
                        thead { tr {
                            @for column in &section.columns { th scope="col" { (said(&column.heading)) } }
                        } }
                    }
                    tbody { @for one in &section.rows { (row(one, linked)) } }
                }
            }
            @if !section.foot.0.is_empty() { p class="note" { (cell(&section.foot, linked)) } }
        }
    }
}

fn row(row: &Row, linked: bool) -> Markup {
    html! {
        tr class=[row.marked.then_some("marked")] {
            @if let Some(heading) = &row.heading { th scope="row" { (said(heading)) } }
            @for one in &row.cells { td { (cell(one, linked)) } }
        }
    }
}

fn cell(cell: &Cell, linked: bool) -> Markup {
    let line = |pieces: &[Piece]| {
        html! { @for (at, one) in pieces.iter().enumerate() { @if at > 0 { " " } (piece(one, linked)) } }
    };
    html! {
        @match cell.0.as_slice() {
            [only] => (line(only)),
            several => { @for one in several { div { (line(one)) } } }
        }
    }
}

fn piece(piece: &Piece, linked: bool) -> Markup {
    html! {
        @match piece {
            Piece::Word(word) => (said(word)),
            Piece::Strong(word) => strong { (said(word)) },
            Piece::Unknown(word) => span class="unknown" { (said(word)) },
            Piece::Plain(text) => (text),
            Piece::Code(text) => code { (text) },
            Piece::Recorded(text) => span class="recorded" lang="en" { (text) },
            Piece::Written(text) => span class="recorded" { (text) },
            Piece::Record(record) => @if linked {
                a class="record" href={ "/api/v1/events?since=" (record.saturating_sub(1)) "&limit=1" } { "#" (record) }
            } @else {
                span class="record" { "#" (record) }
            },
        }
    }
}

/// A drawing as SVG. Its look stands in attributes, as the page lets no other style in.
fn figure(figure: &Figure) -> Markup {
    let size = format!("0 0 {} {}", number(figure.width), number(figure.height));
    html! {
        svg class="figure" viewBox=(size) role="img" aria-label=(figure.name) {
            @for one in &figure.shapes { (shape(one)) }
        }
    }
}

fn shape(shape: &Shape) -> Markup {
    html! {
        @match shape {
            Shape::Line { through, width, colour, dashed } => {
                polyline points=(places(through)) fill="none" stroke=(hex(*colour)) stroke-width=(number(*width))
                    stroke-dasharray=[dashed.then_some("3 3")] stroke-linejoin="round" {}
            }
            Shape::Area { corners, colour, filled } => {
                polygon points=(places(corners)) fill=(if *filled { hex(*colour) } else { "#ffffff".to_owned() })
                    stroke=(hex(*colour)) stroke-width=(if *filled { "0" } else { "1.2" }) {}
            }
            Shape::Text { at, text, size, anchor, bold, colour } => {
                text x=(number(at.0)) y=(number(at.1)) font-size=(number(*size)) fill=(hex(*colour))
                    font-weight=[bold.then_some("600")]
                    text-anchor=(match anchor { Anchor::Start => "start", Anchor::Middle => "middle", Anchor::End => "end" })
                    { (text) }
            }
        }
    }
}

fn places(places: &[Place]) -> String {
    let place = |(x, y): &Place| format!("{},{}", number(*x), number(*y));
    places.iter().map(place).collect::<Vec<_>>().join(" ")
}

/// To a tenth of a point: what differs less looks the same.
fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
