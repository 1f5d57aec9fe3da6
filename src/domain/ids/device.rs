//! Devices as their own software names them: phones' apps and trackers know nothing of units.

use super::{IdError, SourceId, UnitId, fits_id};
use std::fmt;
use std::sync::Arc;

/// The longest name of a device, in bytes.
const DEVICE_BYTES: usize = 128;
/// The longest id.
const ID_CHARS: usize = 64;
/// What the names begin with under which fixes of devices nobody registered are kept apart.
const UNREGISTERED: &str = "device.";

/// A phone or tracker, by the name its own software sends: the register says whose it is. Traccar Client calls it the
/// device identifier, `OwnTracks` sends `user/device`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(Arc<str>);

impl DeviceId {
    /// Parses 1 to 128 bytes of text that can be seen: people name their phones freely, but nothing in it may hide
    /// or turn round what stands beside it in a list.
    ///
    /// # Errors
    /// [`IdError`] when it is empty or longer, begins or ends with white space, or holds a character that is not seen.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fits = (1..=DEVICE_BYTES).contains(&text.len())
            && text.trim() == text
            && text.chars().all(is_seen);
        if fits {
            Ok(Self(Arc::from(text)))
        } else {
            Err(IdError {
                value: text.chars().filter(|c| is_seen(*c)).take(80).collect(),
                wanted: "a device: 1 to 128 bytes of visible text without space at its ends",
            })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The source of this device's fixes: its name where that is one, else what is left of it and a fingerprint, so that
    /// two devices of one unit stay two.
    #[must_use]
    pub fn source(&self) -> SourceId {
        SourceId(fitting("", &self.0))
    }

    /// The name under which the fixes of this device are kept apart while it is no unit's. It is not a unit's id and
    /// never becomes one.
    #[must_use]
    pub fn unregistered(&self) -> UnitId {
        UnitId(fitting(UNREGISTERED, &self.0))
    }
}

impl UnitId {
    /// Whether this is not a unit's id but that of [`DeviceId::unregistered`].
    #[must_use]
    pub fn is_unregistered_device(&self) -> bool {
        self.0.starts_with(UNREGISTERED)
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Neither a control character nor one that joins, hides or turns round others.
fn is_seen(c: char) -> bool {
    let unseen = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !unseen && !c.is_control()
}

/// An id that begins with `prefix` and belongs to this text alone, as readable as the alphabet of ids allows.
fn fitting(prefix: &str, text: &str) -> Arc<str> {
    let whole = format!("{prefix}{text}");
    if fits_id(&whole) {
        return Arc::from(whole);
    }
    let fingerprint = format!(".{:016x}", fnv1a(text));
    let readable = whole
        .chars()
        .map(|c| {
            if fits_id(c.encode_utf8(&mut [0; 4])) {
                c
            } else {
                '-'
            }
        })
        .take(ID_CHARS - fingerprint.len());
    Arc::from(readable.chain(fingerprint.chars()).collect::<String>())
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo): the same on every machine. It keeps names apart and is no secret.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(text: &str) -> DeviceId {
        DeviceId::parse(text).unwrap()
    }

    #[test]
    fn a_device_may_be_called_almost_anything_that_is_seen() {
        for fine in ["48241179", "kovacs/Kovács' iPhone", &"x".repeat(128)] {
            assert_eq!(device(fine).as_str(), fine);
        }
        for wrong in [
            "",
            " a",
            "a ",
            "a\nb",
            "a\u{202e}b",
            "a\u{200b}b",
            &"x".repeat(129),
        ] {
            assert!(DeviceId::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn its_source_is_its_name_or_tells_it_apart_from_every_other() {
        assert_eq!(device("48241179").source().as_str(), "48241179");
        let (slash, dash) = (device("a/b").source(), device("a-b").source());
        assert_eq!(dash.as_str(), "a-b");
        assert!(slash.as_str().starts_with("a-b."), "{slash}");
        let long = device(&"é".repeat(64)).source();
        assert!(SourceId::parse(long.as_str()).is_ok(), "{long}");
        assert_ne!(long, device(&"è".repeat(64)).source());
    }

    #[test]
    fn the_name_it_is_kept_apart_under_is_an_id_that_no_unit_has() {
        for name in ["48241179", "HU-1", "a/b", &"x".repeat(128)] {
            let kept = device(name).unregistered();
            assert!(UnitId::parse(kept.as_str()).is_ok(), "{kept}");
            assert!(kept.is_unregistered_device(), "{kept}");
        }
        assert_eq!(device("HU-1").unregistered().as_str(), "device.HU-1");
        assert!(!UnitId::parse("HU-1").unwrap().is_unregistered_device());
    }
}
