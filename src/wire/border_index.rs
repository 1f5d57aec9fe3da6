//! The compact form of a partition: what `limes borders build` writes and every start reads.
//!
//! ```text
//! "LIMESBDR" version sources[3 × 32] │ regions │ lines │ arcs: left right line len │ vertices: Δlon Δlat │ SHA-256
//! ```
//!
//! Numbers are LEB128, signed ones zigzag; vertices are differences from the one before, in microdegrees. The digest at
//! the end covers all before it. `sources` are the digests of the three published files, so that a stale index shows.

use crate::domain::borders::{
    Arc, Frontier, Line, LineKind, Partition, Region, RegionId, Standing, Vertex,
};
use crate::domain::ids::{State, StateSet};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"LIMESBDR";
const VERSION: u8 = 1;
const DIGEST_LEN: usize = 32;

/// The digest of one published file.
pub type FileDigest = [u8; DIGEST_LEN];

/// The digests of the states, the frontiers and the joint areas, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceDigests(pub [FileDigest; 3]);

impl SourceDigests {
    /// The first eight hexadecimal digits of the SHA-256 over the three digests: names the border set.
    #[must_use]
    pub fn short_name(&self) -> String {
        let digest = Sha256::digest(self.0.concat());
        hex(&digest[..4])
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    (bytes.iter())
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The SHA-256 of some bytes.
#[must_use]
pub fn digest(bytes: &[u8]) -> FileDigest {
    Sha256::digest(bytes).into()
}

/// Why bytes are no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// Another file, or another version.
    #[error("this is no border index of version {VERSION}: run `limes borders build`")]
    Format,
    /// The digest at the end does not fit.
    #[error("the border index is damaged: run `limes borders build`")]
    Damaged,
}

/// Writes a partition.
#[must_use]
pub fn encode(partition: &Partition, sources: &SourceDigests) -> Vec<u8> {
    let mut writer = Writer(Vec::with_capacity(partition.vertices.len() * 4));
    writer.0.extend_from_slice(MAGIC);
    writer.0.push(VERSION);
    writer.0.extend_from_slice(&sources.0.concat());
    writer.unsigned(partition.regions.len() as u64);
    for region in &partition.regions {
        writer.0.push(match region.standing {
            Standing::Sovereign => 0,
            Standing::Condominium => 1,
            Standing::Disputed => 2,
        });
        writer.text(&region.states.to_string());
    }
    writer.unsigned(partition.lines.len() as u64);
    for line in &partition.lines {
        writer.0.push(match line.kind {
            LineKind::Land => 0,
            LineKind::Maritime => 1,
            LineKind::Claim => 2,
        });
        writer.text(&line.frontier.to_string());
    }
    writer.unsigned(partition.arcs.len() as u64);
    for arc in &partition.arcs {
        writer.0.extend([arc.left.0, arc.right.0]);
        writer.unsigned(arc.line.map_or(0, |line| u64::from(line) + 1));
        writer.unsigned(u64::from(arc.len));
    }
    let mut last = Vertex { lon: 0, lat: 0 };
    for vertex in &partition.vertices {
        writer.signed(i64::from(vertex.lon) - i64::from(last.lon));
        writer.signed(i64::from(vertex.lat) - i64::from(last.lat));
        last = *vertex;
    }
    let digest = digest(&writer.0);
    writer.0.extend_from_slice(&digest);
    writer.0
}

/// Reads a partition and the digests of the files it was made from. The partition still wants
/// [`Partition::validate`], which [`crate::domain::borders::Atlas::new`] does.
///
/// # Errors
/// [`IndexError`] when the bytes are no index, or damaged.
pub fn decode(bytes: &[u8]) -> Result<(Partition, SourceDigests), IndexError> {
    let known = bytes.starts_with(MAGIC) && bytes.get(MAGIC.len()) == Some(&VERSION);
    if !known {
        return Err(IndexError::Format);
    }
    let (body, end) = bytes
        .split_last_chunk::<DIGEST_LEN>()
        .ok_or(IndexError::Format)?;
    if digest(body) != *end {
        return Err(IndexError::Damaged);
    }
    let mut reader = Reader(body.get(MAGIC.len() + 1..).unwrap_or_default());
    read_body(&mut reader).ok_or(IndexError::Damaged)
}

fn read_body(reader: &mut Reader) -> Option<(Partition, SourceDigests)> {
    let mut sources = SourceDigests([[0; DIGEST_LEN]; 3]);
    for digest in &mut sources.0 {
        *digest = reader.take(DIGEST_LEN)?.try_into().ok()?;
    }
    let regions = reader.list(|reader| {
        let standing = match reader.byte()? {
            0 => Standing::Sovereign,
            1 => Standing::Condominium,
            2 => Standing::Disputed,
            _ => return None,
        };
        let states = StateSet::parse(reader.text()?).ok()?;
        Some(Region { states, standing })
    })?;
    let lines = reader.list(|reader| {
        let kind = match reader.byte()? {
            0 => LineKind::Land,
            1 => LineKind::Maritime,
            2 => LineKind::Claim,
            _ => return None,
        };
        let frontier = reader.text()?;
        let (a, b) = frontier.split_once('-')?;
        let frontier = Frontier::between(State::parse(a).ok()?, State::parse(b).ok()?);
        Some(Line { frontier, kind })
    })?;
    let mut start = 0_u32;
    let arcs = reader.list(|reader| {
        let (left, right) = (RegionId(reader.byte()?), RegionId(reader.byte()?));
        let line = match reader.unsigned()? {
            0 => None,
            number => Some(u16::try_from(number - 1).ok()?),
        };
        let len = u32::try_from(reader.unsigned()?).ok()?;
        let arc = Arc {
            left,
            right,
            line,
            start,
            len,
        };
        start = start.checked_add(len)?;
        Some(arc)
    })?;
    let vertices = reader.vertices(start)?;
    reader.0.is_empty().then_some((
        Partition {
            regions,
            lines,
            arcs,
            vertices,
        },
        sources,
    ))
}

struct Writer(Vec<u8>);

impl Writer {
    fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn signed(&mut self, value: i64) {
        self.unsigned(((value << 1) ^ (value >> 63)) as u64);
    }

    fn text(&mut self, text: &str) {
        self.unsigned(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = usize::try_from(self.unsigned()?).ok()?;
        std::str::from_utf8(self.take(len)?).ok()
    }

    /// A count and that many items; each takes at least a byte, so a false count cannot ask for much memory.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.unsigned()?).ok()?;
        let mut items = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn vertices(&mut self, count: u32) -> Option<Vec<Vertex>> {
        let mut vertices = Vec::with_capacity((count as usize).min(self.0.len()));
        let (mut lon, mut lat) = (0_i64, 0_i64);
        for _ in 0..count {
            lon = lon.checked_add(self.signed()?)?;
            lat = lat.checked_add(self.signed()?)?;
            vertices.push(Vertex {
                lon: i32::try_from(lon).ok()?,
                lat: i32::try_from(lat).ok()?,
            });
        }
        Some(vertices)
    }
}
