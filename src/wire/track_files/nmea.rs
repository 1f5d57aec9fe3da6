//! NMEA 0183: the fixes of its RMC and GGA sentences, of whatever talker.
//!
//! Sentences of one time of day make one fix: RMC gives date, place, speed (knots) and course, GGA gives the height above
//! the ellipsoid (above the sea, and the sea above the ellipsoid). A fix that either of them calls void is left out, and so
//! is one that was not measured but estimated, typed in or simulated. GGA alone has no date, and nothing is dated without
//! one. HDOP is a factor and no distance: no accuracy is made of it. Every sentence that carries a checksum must match it,
//! and these two must carry one.

use super::day::{Day, time_of_day};
use super::{Place, TrackFileError};
use crate::domain::tracks::fix::Measured;
use crate::wire::fix::PostedFix;

/// Metres a second in one knot: 1,852 m in 3,600 s.
const MPS_PER_KNOT: f64 = 1_852.0 / 3_600.0;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    let mut log = Log::default();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        log.line = index + 1;
        log.take(line.trim_ascii())?;
    }
    log.flush()?;
    Ok(log.fixes)
}

/// What the sentences of one time say together.
struct Epoch {
    line: usize,
    time: i64,
    void: bool,
    place: Option<(f64, f64)>,
    measured: Measured,
}

#[derive(Default)]
struct Log {
    line: usize,
    day: Day,
    epoch: Option<Epoch>,
    fixes: Vec<PostedFix>,
}

impl Log {
    fn fault(&self, sentence: impl Into<String>) -> TrackFileError {
        TrackFileError::new(Place::Line(self.line), sentence)
    }

    fn take(&mut self, line: &[u8]) -> Result<(), TrackFileError> {
        let Some(fields) = sentence(line).map_err(|sentence| self.fault(sentence))? else {
            return Ok(());
        };
        match fields[0].get(2..) {
            Some(b"RMC") => self.rmc(&fields),
            Some(b"GGA") => self.gga(&fields),
            Some(_) | None => Ok(()),
        }
    }

    /// Recommended minimum: time, status, place, speed, course, date, magnetic variation, mode.
    fn rmc(&mut self, fields: &[&[u8]]) -> Result<(), TrackFileError> {
        let [
            _,
            time,
            status,
            lat,
            ns,
            lon,
            ew,
            speed,
            course,
            date,
            more @ ..,
        ] = fields
        else {
            return Err(self.fault("the RMC sentence ends early"));
        };
        let measured = match more.get(2).and_then(|mode| mode.first()) {
            Some(b'N' | b'E' | b'M' | b'S') => false,
            Some(_) | None => true,
        };
        let void = match *status {
            b"A" | b"D" => !measured,
            b"V" => true,
            _ => return Err(self.fault("the status of the RMC sentence is neither A nor V")),
        };
        // A receiver that has no time yet says nothing.
        let Some(time) = self.time(time, void)? else {
            return Ok(());
        };
        let place = self.place(void, lat, ns, lon, ew)?;
        let speed = decimal(speed).map_err(|()| self.fault("the speed is not a number"))?;
        let course = decimal(course).map_err(|()| self.fault("the course is not a number"))?;
        self.epoch(time)?;
        if !date.is_empty() && self.day.set(date).is_none() {
            return Err(self.fault("the date is not DDMMYY"));
        }
        if let Some(epoch) = &mut self.epoch {
            epoch.void |= void;
            epoch.place = place.or(epoch.place);
            epoch.measured.speed_mps = speed.map(|knots| knots * MPS_PER_KNOT);
            epoch.measured.course_deg = course;
        }
        Ok(())
    }

    /// Fix data: time, place, quality, satellites, HDOP, height above the sea, the sea above the ellipsoid.
    fn gga(&mut self, fields: &[&[u8]]) -> Result<(), TrackFileError> {
        let [_, time, lat, ns, lon, ew, quality, _, _, sea, _, geoid, ..] = fields else {
            return Err(self.fault("the GGA sentence ends early"));
        };
        let void = match *quality {
            // None, estimated, typed in, simulated.
            b"" | b"0" | b"6" | b"7" | b"8" => true,
            [digit] if digit.is_ascii_digit() => false,
            _ => return Err(self.fault("the quality of the GGA sentence is not one digit")),
        };
        let Some(time) = self.time(time, void)? else {
            return Ok(());
        };
        let place = self.place(void, lat, ns, lon, ew)?;
        let sea = decimal(sea).map_err(|()| self.fault("the height is not a number"))?;
        let geoid = decimal(geoid).map_err(|()| self.fault("the geoid is not a number"))?;
        self.epoch(time)?;
        if let Some(epoch) = &mut self.epoch {
            epoch.void |= void;
            epoch.place = epoch.place.or(place);
            epoch.measured.altitude_m = sea.zip(geoid).map(|(sea, geoid)| sea + geoid);
        }
        Ok(())
    }

    /// `hhmmss.sss` in milliseconds; only a void sentence may have none.
    fn time(&self, text: &[u8], void: bool) -> Result<Option<i64>, TrackFileError> {
        if text.is_empty() && void {
            return Ok(None);
        }
        let wrong = || self.fault("the time is not hhmmss.sss");
        let (whole, rest) = text.split_at_checked(6).ok_or_else(wrong)?;
        let fraction = match rest.split_first() {
            None => &[],
            Some((b'.', digits)) if digits.iter().all(u8::is_ascii_digit) => digits,
            Some(_) => return Err(wrong()),
        };
        let zeros = std::iter::repeat(&b'0');
        let millis = fraction.iter().chain(zeros).take(3);
        let millis = millis.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        let time = time_of_day(whole).ok_or_else(wrong)?;
        Ok(Some(time + millis))
    }

    fn place(
        &self,
        void: bool,
        lat: &[u8],
        ns: &[u8],
        lon: &[u8],
        ew: &[u8],
    ) -> Result<Option<(f64, f64)>, TrackFileError> {
        if void {
            return Ok(None);
        }
        let lat = degrees(lat, 2, 90.0).and_then(|lat| signed(lat, ns, b"N", b"S"));
        let lon = degrees(lon, 3, 180.0).and_then(|lon| signed(lon, ew, b"E", b"W"));
        match (lat, lon) {
            (Some(lat), Some(lon)) => Ok(Some((lat, lon))),
            (None, _) => Err(self.fault("the latitude is not ddmm.mmm and N or S")),
            (Some(_), None) => Err(self.fault("the longitude is not dddmm.mmm and E or W")),
        }
    }

    /// Ends what is there of another time.
    fn epoch(&mut self, time: i64) -> Result<(), TrackFileError> {
        if self.epoch.as_ref().is_some_and(|epoch| epoch.time == time) {
            return Ok(());
        }
        self.flush()?;
        self.epoch = Some(Epoch {
            line: self.line,
            time,
            void: false,
            place: None,
            measured: Measured::default(),
        });
        Ok(())
    }

    fn flush(&mut self) -> Result<(), TrackFileError> {
        let Some(epoch) = self.epoch.take() else {
            return Ok(());
        };
        let dated = self.day.at(epoch.time);
        let Some((lat, lon)) = epoch.place.filter(|_| !epoch.void) else {
            return Ok(());
        };
        let fixed_at = dated.ok_or_else(|| {
            let sentence = "no RMC sentence up to here tells the date of this fix";
            TrackFileError::new(Place::Line(epoch.line), sentence)
        })?;
        self.fixes.push(PostedFix {
            unit: None,
            source: None,
            fixed_at,
            lat,
            lon,
            measured: epoch.measured,
        });
        Ok(())
    }
}

/// The fields of a sentence, whose checksum has been compared; `None` for a blank line and for what is no position.
fn sentence(line: &[u8]) -> Result<Option<Vec<&[u8]>>, &'static str> {
    // A block of tags before the sentence.
    let line = match line.strip_prefix(b"\\") {
        None => line,
        Some(tags) => match tags.iter().position(|byte| *byte == b'\\') {
            Some(end) => &tags[end + 1..],
            None => return Err("the block of tags has no end"),
        },
    };
    let body = match line.split_first() {
        None | Some((b'!', _)) => return Ok(None),
        Some((b'$', body)) => body,
        Some(_) => return Err("is no NMEA sentence: it begins with neither $ nor !"),
    };
    let mut parts = body.splitn(2, |byte| *byte == b'*');
    let said = parts.next().unwrap_or_default();
    let fields: Vec<&[u8]> = said.split(|byte| *byte == b',').collect();
    match parts.next() {
        Some(checksum) => {
            let sum = said.iter().fold(0, |sum, byte| sum ^ byte);
            if hex(checksum) != Some(sum) {
                return Err("the checksum does not match: the line is damaged");
            }
        }
        None if fields[0].ends_with(b"RMC") || fields[0].ends_with(b"GGA") => {
            return Err("has no checksum: the line ends early");
        }
        None => return Ok(None),
    }
    Ok(Some(fields))
}

/// Two hexadecimal digits.
fn hex(text: &[u8]) -> Option<u8> {
    let [high, low] = text else { return None };
    let digit = |byte: &u8| (*byte as char).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

/// A number with or without a fraction; an empty field is none.
fn decimal(text: &[u8]) -> Result<Option<f64>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let text = std::str::from_utf8(text).map_err(|_| ())?;
    let number = text.parse::<f64>().ok();
    let number = number.filter(|number| number.is_finite() && text.as_bytes().iter().all(plain));
    number.map(|number| Some(number + 0.0)).ok_or(())
}

/// `ddmm.mmm`: whole degrees in so many digits, then minutes.
fn degrees(text: &[u8], digits: usize, most: f64) -> Option<f64> {
    let (whole, minutes) = text.split_at_checked(digits)?;
    let whole = super::day::number(whole)? as f64;
    let two = minutes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
        == 2;
    let minutes = decimal(minutes).ok()??;
    let degrees = whole + minutes / 60.0;
    (two && (0.0..60.0).contains(&minutes) && degrees <= most).then_some(degrees)
}

fn signed(degrees: f64, letter: &[u8], plus: &[u8], minus: &[u8]) -> Option<f64> {
    if letter == plus {
        Some(degrees)
    } else {
        // `+ 0.0` turns -0.0 into 0.0, so that equal places are equal bytes.
        (letter == minus).then_some(-degrees + 0.0)
    }
}
