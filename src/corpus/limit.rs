//! How much may be unpacked. What was packed to fill a disk, or to take for ever, ends there.

use std::fmt;
#[cfg(feature = "compression")]
use std::io::{self, Read};

#[cfg(feature = "compression")]
use super::stream::Meter;

/// A packed file may become so large in any case.
#[cfg(feature = "compression")]
const LEAST: u64 = 1 << 30;

/// It may become so many times what is stored. Text becomes 3 to 30 times as much; what was made to harm, thousands.
#[cfg(feature = "compression")]
const TIMES: u64 = 200;

/// How many packed bytes there are.
#[cfg(feature = "compression")]
#[derive(Debug, Clone)]
pub(super) enum Stored {
    /// As many as were read of the current source.
    Read(Meter),
    /// So many.
    Known(u64),
}

/// The most bytes that something may become when it is unpacked: so many, or as many as suit what is stored.
#[cfg(feature = "compression")]
#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub fixed: Option<u64>,
    pub stored: Stored,
}

#[cfg(feature = "compression")]
impl Limit {
    /// The most bytes for what was read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.fixed.unwrap_or_else(|| {
            let stored = match &self.stored {
                Stored::Read(meter) => meter.current(),
                Stored::Known(bytes) => *bytes,
            };
            stored.saturating_mul(TIMES).max(LEAST)
        })
    }

    /// What `unpacked` gives, up to the limit.
    pub(super) fn over<R>(self, unpacked: R) -> Limited<R> {
        Limited { unpacked, given: 0, limit: self }
    }
}

/// See [`Limit::over`].
#[cfg(feature = "compression")]
pub(super) struct Limited<R> {
    unpacked: R,
    given: u64,
    limit: Limit,
}

#[cfg(feature = "compression")]
impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.limit.bytes();
        let left = usize::try_from(most.saturating_sub(self.given)).unwrap_or(usize::MAX);
        if left == 0 && !buffer.is_empty() {
            // What ends just at the limit is not too much.
            return match self.unpacked.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::other(TooMuch(most))),
            };
        }
        let room = buffer.len().min(left);
        let read = self.unpacked.read(&mut buffer[..room])?;
        self.given += read as u64;
        Ok(read)
    }
}

/// Something becomes more than this many bytes when it is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuch(pub u64);

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unpacks to more than {}", size(self.0))
    }
}

impl std::error::Error for TooMuch {}

/// "1.5 GiB"
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let unit = (0..UNITS.len()).rev().find(|unit| bytes >> (10 * unit) > 0).unwrap_or(0);
    if unit == 0 {
        return format!("{bytes} bytes");
    }
    let tenths = format!("{:.1}", bytes as f64 / (1_u64 << (10 * unit)) as f64);
    format!("{} {}", tenths.trim_end_matches(".0"), UNITS[unit])
}

#[cfg(all(test, feature = "compression"))]
mod tests {
    use super::*;

    #[test]
    fn what_suits_the_stored_bytes_may_be_unpacked() {
        for (fixed, stored, most) in
            [(Some(5), 10, 5), (None, 0, LEAST), (None, LEAST / TIMES, LEAST), (None, LEAST, LEAST * TIMES)]
        {
            assert_eq!(Limit { fixed, stored: Stored::Known(stored) }.bytes(), most);
        }
        let meter = Meter::default();
        meter.count(LEAST);
        assert_eq!(Limit { fixed: None, stored: Stored::Read(meter) }.bytes(), LEAST * TIMES);
    }

    #[test]
    fn reading_ends_at_the_limit() {
        let limited = |most| Limit { fixed: Some(most), stored: Stored::Known(0) }.over(&b"twelve bytes"[..]);
        let mut text = String::new();
        limited(12).read_to_string(&mut text).unwrap();
        assert_eq!(text, "twelve bytes");
        let error = limited(11).read_to_string(&mut text).unwrap_err();
        assert_eq!(error.to_string(), "unpacks to more than 11 bytes");
    }

    #[test]
    fn sizes_are_for_people() {
        for (bytes, expected) in [(0, "0 bytes"), (1023, "1023 bytes"), (1 << 30, "1 GiB"), (1536 << 20, "1.5 GiB")] {
            assert_eq!(size(bytes), expected);
        }
    }
}
