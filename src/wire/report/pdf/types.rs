//! The type of the house: its letters and how wide they are.

use super::{Look, PdfError};
use krilla::text::{Font, GlyphId};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

const PLAIN: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// The two cuts of the type.
pub(super) struct Types {
    plain: Type,
    bold: Type,
}

pub(super) struct Type {
    pub(super) font: Font,
    read: FontRef<'static>,
}

impl Types {
    pub(super) fn read() -> Result<Self, PdfError> {
        let read = |bytes: &'static [u8]| {
            let font = Font::new(bytes.into(), 0)?;
            let read = FontRef::new(bytes).ok()?;
            Some(Type { font, read })
        };
        let both = read(PLAIN).zip(read(BOLD));
        let (plain, bold) = both.ok_or_else(|| PdfError("a type cannot be read".to_owned()))?;
        Ok(Self { plain, bold })
    }

    pub(super) const fn of(&self, look: Look) -> &Type {
        if look.bold { &self.bold } else { &self.plain }
    }
}

impl Type {
    /// A letter's glyph and its width, in sizes of the type.
    pub(super) fn glyph(&self, letter: char) -> (GlyphId, f32) {
        let id = self.read.charmap().map(letter).unwrap_or_default();
        let widths = self
            .read
            .glyph_metrics(Size::new(1.0), LocationRef::default());
        let width = widths.advance_width(id).unwrap_or(0.5);
        (GlyphId::new(id.to_u32()), width)
    }

    /// A text with its letters alone; what the type has no letter for stands as its number, `[U+1F694]`.
    pub(super) fn lettered(&self, text: &str) -> String {
        let letters = self.read.charmap();
        let has = |letter: char| letter.is_whitespace() || letters.map(letter).is_some();
        if text.chars().all(has) {
            return text.to_owned();
        }
        let letter = |letter: char| {
            if has(letter) {
                letter.to_string()
            } else {
                format!("[U+{:04X}]", u32::from(letter))
            }
        };
        text.chars().map(letter).collect()
    }

    /// How wide a text is, points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.glyph(letter).1 * size).sum()
    }
}
