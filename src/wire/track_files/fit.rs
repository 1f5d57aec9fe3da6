//! FIT, as sports watches and bicycle computers write it (Garmin, Flexible and Interoperable Data Transfer): the positions
//! of its `record` messages.
//!
//! A file describes itself: a definition message says which fields, of how many bytes, the data messages of one of 16 local
//! numbers have. Of all of them only time, position, speed and accuracy of `record` are looked at. Course points are
//! way-points, and a file of the type `course` is a plan and no recording. A record without a position, from before the first
//! fix, is left out; altitude is above the sea and left out too. The accuracy is in metres, of how many per cent is not
//! told: it is taken as the radius of the 68 % circle, as that of phones.

use super::{Place, TrackFileError};
use crate::domain::measure::Timestamp;
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::PostedFix;

/// 1989-12-31T00:00:00Z, from which FIT counts seconds, in seconds since 1970.
const EPOCH_S: i64 = 631_065_600;
/// Times below this count from when the device was switched on.
const FIRST_DATE: u32 = 0x1000_0000;
/// Degrees in one semicircle of 2³¹.
const DEGREES: f64 = 180.0 / 2_147_483_648.0;

const FILE_ID: u16 = 0;
const RECORD: u16 = 20;
const TIMESTAMP: u8 = 253;
/// The type of file that is a planned way.
const COURSE: u64 = 6;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    let mut fixes = Vec::new();
    let mut at = 0;
    // Files may be chained, one behind the other.
    while at < bytes.len() || at == 0 {
        at = file(bytes, at, &mut fixes)?;
    }
    Ok(fixes)
}

fn fault(at: usize, sentence: &str) -> TrackFileError {
    TrackFileError::new(Place::Byte(at), sentence)
}

/// Reads one file of a chain, which begins at this byte; answers where it ends.
fn file(bytes: &[u8], begin: usize, fixes: &mut Vec<PostedFix>) -> Result<usize, TrackFileError> {
    let header = &bytes[begin..];
    let size = usize::from(*header.first().unwrap_or(&0));
    let marked = header.get(8..12) == Some(b".FIT");
    if size < 12 || !marked || header.len() < size {
        return Err(fault(begin, "is no FIT file: it has no header"));
    }
    let data = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
    if data == 0 {
        return Err(fault(
            begin,
            "the recording was never closed: its header counts no data",
        ));
    }
    let (from, end) = (begin + size, begin + size + data);
    let ends_early = || fault(bytes.len(), "the file ends early");
    let messages = bytes.get(..end).ok_or_else(ends_early)?;
    let checksum = bytes.get(end..end + 2).ok_or_else(ends_early)?;
    Messages::new(messages, from).read(fixes)?;
    let counted = crc(&bytes[begin..end]);
    if checksum != counted.to_le_bytes() {
        return Err(fault(
            end,
            "the checksum does not match: the file is damaged",
        ));
    }
    Ok(end + 2)
}

/// CRC-16 with the polynomial 0x8005, lowest bit first, from 0.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xa001
            } else {
                crc >> 1
            }
        })
    })
}

/// How the data messages of one local number are made up.
struct Definition {
    global: u16,
    big_endian: bool,
    // Number and size of each field.
    fields: Vec<(u8, u8)>,
    // The bytes of fields that an app on the device has added.
    added: usize,
}

struct Messages<'a> {
    bytes: &'a [u8],
    at: usize,
    definitions: [Option<Definition>; 16],
    // The newest whole time, which short ones count from.
    newest: Option<u32>,
}

impl<'a> Messages<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            definitions: [const { None }; 16],
            newest: None,
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], TrackFileError> {
        let taken = self.bytes.get(self.at..self.at + count);
        let taken =
            taken.ok_or_else(|| fault(self.at, "a message goes on after the end of the data"))?;
        self.at += count;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, TrackFileError> {
        Ok(self.take(1)?[0])
    }

    fn read(mut self, fixes: &mut Vec<PostedFix>) -> Result<(), TrackFileError> {
        while self.at < self.bytes.len() {
            let begin = self.at;
            let header = self.byte()?;
            if header & 0x80 != 0 {
                let local = usize::from(header >> 5 & 0x03);
                self.data(begin, local, Some(header & 0x1f), fixes)?;
            } else if header & 0x40 != 0 {
                self.define(usize::from(header & 0x0f), header & 0x20 != 0)?;
            } else {
                self.data(begin, usize::from(header & 0x0f), None, fixes)?;
            }
        }
        Ok(())
    }

    fn define(&mut self, local: usize, has_added: bool) -> Result<(), TrackFileError> {
        let begin = self.at;
        let fixed = self.take(5)?;
        let big_endian = match fixed[1] {
            0 => false,
            1 => true,
            _ => return Err(fault(begin, "a definition is of neither byte order")),
        };
        let global = [fixed[2], fixed[3]];
        let fields = self.take(3 * usize::from(fixed[4]))?;
        let fields: Vec<(u8, u8)> = fields.chunks(3).map(|field| (field[0], field[1])).collect();
        if fields.iter().any(|(_, size)| *size == 0) {
            return Err(fault(begin, "a definition has a field without bytes"));
        }
        let mut added = 0;
        if has_added {
            let count = usize::from(self.byte()?);
            let sizes = self.take(3 * count)?.chunks(3);
            added = sizes.map(|field| usize::from(field[1])).sum();
        }
        self.definitions[local] = Some(Definition {
            global: if big_endian {
                u16::from_be_bytes(global)
            } else {
                u16::from_le_bytes(global)
            },
            big_endian,
            fields,
            added,
        });
        Ok(())
    }

    /// One data message; `short` is its time as five bits, when its header holds one.
    fn data(
        &mut self,
        begin: usize,
        local: usize,
        short: Option<u8>,
        fixes: &mut Vec<PostedFix>,
    ) -> Result<(), TrackFileError> {
        let Some(definition) = self.definitions[local].take() else {
            return Err(fault(begin, "a message has no definition before it"));
        };
        let mut message = Message::default();
        for (number, size) in &definition.fields {
            let bytes = self.take(usize::from(*size))?;
            if let Some(value) = unsigned(bytes, definition.big_endian) {
                message.take(definition.global, *number, bytes.len(), value);
            }
        }
        self.take(definition.added)?;
        if let Some(short) = short {
            let newest = self.newest;
            let newest =
                newest.ok_or_else(|| fault(begin, "a short time has no whole one before it"))?;
            let ahead = u32::from(short).wrapping_sub(newest) & 0x1f;
            message.time = Some(newest.wrapping_add(ahead));
        }
        self.newest = message.time.or(self.newest);
        if definition.global == FILE_ID && message.file_type == Some(COURSE) {
            return Err(fault(begin, "is a course: a planned way and no recording"));
        }
        if definition.global == RECORD {
            fixes.extend(message.fix().map_err(|sentence| fault(begin, sentence))?);
        }
        self.definitions[local] = Some(definition);
        Ok(())
    }
}

/// A whole number of 1, 2 or 4 bytes; `None` for other sizes, which no field that is looked at has.
fn unsigned(bytes: &[u8], big_endian: bool) -> Option<u64> {
    if !matches!(bytes.len(), 1 | 2 | 4) {
        return None;
    }
    let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    Some(if big_endian {
        bytes.iter().fold(0, join)
    } else {
        bytes.iter().rev().fold(0, join)
    })
}

/// What of a message is looked at.
#[derive(Default)]
struct Message {
    file_type: Option<u64>,
    time: Option<u32>,
    lat: Option<i32>,
    lon: Option<i32>,
    measured: Measured,
    // Whether the speed is the one of more digits.
    enhanced: bool,
}

impl Message {
    fn take(&mut self, global: u16, number: u8, size: usize, value: u64) {
        let known = |invalid: u64| Some(value).filter(|value| *value != invalid);
        match (global, number, size) {
            (_, TIMESTAMP, 4) => self.time = known(0xffff_ffff).map(|value| value as u32),
            (FILE_ID, 0, 1) => self.file_type = Some(value),
            (RECORD, 0, 4) => self.lat = known(0x7fff_ffff).map(|value| value as u32 as i32),
            (RECORD, 1, 4) => self.lon = known(0x7fff_ffff).map(|value| value as u32 as i32),
            (RECORD, 6, 2) if !self.enhanced => {
                self.measured.speed_mps = known(0xffff).map(|value| value as f64 / 1_000.0);
            }
            (RECORD, 73, 4) if value != 0xffff_ffff => {
                self.enhanced = true;
                self.measured.speed_mps = Some(value as f64 / 1_000.0);
            }
            (RECORD, 31, 1) => {
                let metres = known(0xff).filter(|metres| *metres > 0);
                self.measured.accuracy_m = metres.map(|metres| metres as f64);
            }
            _ => {}
        }
    }

    fn fix(self) -> Result<Option<PostedFix>, &'static str> {
        let (Some(lat), Some(lon)) = (self.lat, self.lon) else {
            return Ok(None);
        };
        let time = self.time.ok_or("a position has no time")?;
        if time < FIRST_DATE {
            return Err(
                "a time counts from when the device was switched on: its clock was never set",
            );
        }
        let (lat, lon) = (f64::from(lat) * DEGREES, f64::from(lon) * DEGREES);
        if !(-90.0..=90.0).contains(&lat) {
            return Err("a latitude lies beyond the poles");
        }
        Ok(Some(PostedFix {
            unit: None,
            source: None,
            fixed_at: Timestamp::from_millis((EPOCH_S + i64::from(time)) * 1_000),
            lat,
            lon,
            measured: self.measured,
        }))
    }
}
