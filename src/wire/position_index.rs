//! The index of positions as the journal keeps it: spans by record, places by unit.

use serde::{Deserialize, Serialize};

/// What one part of a record holds of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedSpan<'a> {
    /// Which part.
    pub part: u32,
    /// The unit.
    pub unit: &'a str,
    /// The device.
    pub source: &'a str,
    /// The first device time, milliseconds since 1970.
    pub from: i64,
    /// The last.
    pub to: i64,
}

/// Where fixes of a unit are. In the order of their first device time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SpanPlace {
    /// The first device time, milliseconds since 1970.
    pub from: i64,
    /// The record.
    pub seq: u64,
    /// Which part of it.
    pub part: u32,
    /// The last device time.
    pub to: i64,
}

/// A list in its one form.
///
/// # Panics
/// Never for the rows of this room: numbers and texts have a form.
#[must_use]
pub fn pack<T: Serialize>(list: &[T]) -> Vec<u8> {
    postcard::to_stdvec(list).expect("numbers and texts have a form")
}

/// What [`pack`] made; `None` for anything else, and for every other form of the same content.
#[must_use]
pub fn unpack<'a, T: Serialize + Deserialize<'a>>(bytes: &'a [u8]) -> Option<Vec<T>> {
    let list: Vec<T> = postcard::from_bytes(bytes).ok()?;
    (pack(&list) == bytes).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::{SpanPlace, pack, unpack};

    #[test]
    fn a_list_has_one_form_and_no_other_is_taken() {
        let place = |from| SpanPlace {
            from,
            seq: 7,
            part: 0,
            to: from + 1,
        };
        let list = [place(-5), place(1_805_196_797_000)];
        let packed = pack(&list);
        assert_eq!(unpack::<SpanPlace>(&packed).as_deref(), Some(&list[..]));
        // A length of two bytes where one does, and something behind the end.
        let longer = [&[packed[0] | 0x80, 0], &packed[1..]].concat();
        let behind = [&packed[..], &[0]].concat();
        for wrong in [&longer[..], &behind, &packed[..3], &[]] {
            assert_eq!(unpack::<SpanPlace>(wrong), None, "{wrong:?}");
        }
    }
}
