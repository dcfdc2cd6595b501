//! Bytes to read documents from.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::failure::Cause;

/// Bytes, read once and in order.
pub(super) type Bytes = Box<dyn BufRead + Send>;

/// The most that one document may take in memory, and a line, a row or a page before it is one.
pub(super) const LARGEST: u64 = 512 << 20;

/// What has been read so far. Clones are of the same meter.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    gauge: Arc<Gauge>,
}

#[derive(Debug, Default)]
struct Gauge {
    /// The size of all sources before the current one.
    done: AtomicU64,
    /// Bytes read of the current one. A file that is not read from front to back may have more read than it holds.
    current: AtomicU64,
    /// The size of the current one.
    size: AtomicU64,
    passed_over: [AtomicU64; 3],
}

impl Meter {
    /// Bytes read of the files and of standard input, as they are stored: compressed, if they are. In the end the size of
    /// all of them.
    pub fn bytes(&self) -> u64 {
        let Gauge { done, current, size, .. } = &*self.gauge;
        done.load(Ordering::Relaxed) + current.load(Ordering::Relaxed).min(size.load(Ordering::Relaxed))
    }

    /// Records of web archives that were passed over.
    pub fn passed_over(&self) -> PassedOver {
        let [other_records, unsuccessful, not_html] =
            [0, 1, 2].map(|at| self.gauge.passed_over[at].load(Ordering::Relaxed));
        PassedOver { other_records, unsuccessful, not_html }
    }

    #[cfg(feature = "web")]
    pub(super) fn pass_over(&self, why: Why) {
        self.gauge.passed_over[why as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// What was read before is done with; what is read from now on is of a source of this size, if it has one.
    pub(super) fn begin(&self, size: Option<u64>) {
        let read = self.gauge.current.swap(0, Ordering::Relaxed);
        let before = self.gauge.size.swap(size.unwrap_or(u64::MAX), Ordering::Relaxed);
        self.gauge.done.fetch_add(if before == u64::MAX { read } else { before }, Ordering::Relaxed);
    }

    /// Bytes read of the current source.
    pub(super) fn current(&self) -> u64 {
        self.gauge.current.load(Ordering::Relaxed)
    }

    pub(super) fn count(&self, bytes: u64) {
        self.gauge.current.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The input, every byte of which is counted.
    pub(super) fn metered<R>(&self, input: R) -> Metered<R> {
        Metered { input, meter: self.clone() }
    }
}

/// Records of web archives that hold no page, by what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Requests, metadata and whatever else is no response of a web server.
    pub other_records: u64,
    /// Responses with another status than 200 to 299: redirections, errors.
    pub unsuccessful: u64,
    /// Responses that are no HTML: images, feeds.
    pub not_html: u64,
}

/// Why a record was passed over.
#[cfg(feature = "web")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    OtherRecord,
    Unsuccessful,
    NotHtml,
}

/// See [`Meter::metered`].
pub(super) struct Metered<R> {
    input: R,
    meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.meter.count(read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.input.seek(position)
    }
}

/// Bytes whose first ones can be looked at before they are read.
pub(super) struct Stream {
    head: Vec<u8>,
    /// How much of the head has been read.
    at: usize,
    /// What went wrong after the head.
    failed: Option<io::Error>,
    rest: Bytes,
    /// The file that holds the same bytes, if one does.
    file: Option<PathBuf>,
}

impl Stream {
    pub(super) fn new(rest: Bytes) -> Self {
        Self { head: Vec::new(), at: 0, failed: None, rest, file: None }
    }

    /// The bytes of a file, metered.
    pub(super) fn file(path: PathBuf, meter: &Meter) -> io::Result<Self> {
        let file = File::open(&path)?;
        // A pipe gives its bytes once.
        let regular = file.metadata()?.is_file();
        let mut stream = Self::new(Box::new(BufReader::with_capacity(64 << 10, meter.metered(file))));
        stream.file = regular.then_some(path);
        Ok(stream)
    }

    /// The next bytes: `size` of them, or as many as there are before the end or an error.
    pub(super) fn peek(&mut self, size: usize) -> &[u8] {
        self.peek_until(size, |_| false)
    }

    /// The bytes up to the end of the line, but no more than `size`.
    pub(super) fn peek_line(&mut self, size: usize) -> &[u8] {
        let head = self.peek_until(size, |bytes| bytes.contains(&b'\n'));
        let end = head.iter().position(|byte| *byte == b'\n');
        end.map_or(head, |end| &head[..end])
    }

    fn peek_until(&mut self, size: usize, enough: impl Fn(&[u8]) -> bool) -> &[u8] {
        self.head.drain(..self.at);
        self.at = 0;
        while self.failed.is_none() && self.head.len() < size && !enough(&self.head) {
            match self.rest.fill_buf() {
                Ok([]) => break,
                Ok(bytes) => {
                    let taken = bytes.len().min(size - self.head.len());
                    self.head.extend_from_slice(&bytes[..taken]);
                    self.rest.consume(taken);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.failed = Some(error),
            }
        }
        &self.head[..size.min(self.head.len())]
    }

    /// The error that comes before so many more bytes do, if one does that makes the bytes before it doubtful.
    #[cfg(feature = "web")]
    pub(super) fn error_within(&mut self, size: usize) -> Option<io::Error> {
        let near = self.peek(size).len() < size;
        self.failed.take_if(|error| near && error.kind() == io::ErrorKind::InvalidData)
    }

    /// Whether the bytes are those of a file, which [`into_file`](Self::into_file) gives without copying it.
    #[cfg(any(feature = "arrow", feature = "compression"))]
    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// The number of bytes, if it is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.file.as_ref()?.metadata().ok().map(|it| it.len())
    }

    /// What `change` makes of the bytes.
    pub(super) fn map(self, change: impl FnOnce(Bytes) -> Bytes) -> Self {
        Self::new(change(Box::new(self)))
    }

    /// A file of the bytes, for formats that are not read from front to back: the file itself or a temporary copy.
    #[cfg(any(feature = "arrow", feature = "compression"))]
    pub(super) fn into_file(mut self) -> io::Result<File> {
        if let Some(path) = self.file.take() {
            return File::open(path);
        }
        let mut copy = tempfile::tempfile()?;
        io::copy(&mut self, &mut copy)?;
        io::Write::flush(&mut copy)?;
        copy.rewind()?;
        Ok(copy)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.head.len() {
            return Ok(&self.head[self.at..]);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.rest.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.at < self.head.len() {
            self.at = self.head.len().min(self.at + amount);
        } else {
            self.rest.consume(amount);
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// All bytes to the end, unless that is too far. With the number that is to be `expected`, a huge text is not held twice
/// while it grows.
pub(super) fn read_whole(input: &mut dyn Read, expected: Option<u64>, limit: u64) -> Result<Vec<u8>, Cause> {
    // With one byte more the end is found without growing.
    let room = expected.map_or(0, |it| it.min(limit) + 1);
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
    input.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Cause::TooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes in two pieces with an error between them.
    struct Broken(u8);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => b"one\ntwo".as_slice().read(buffer),
                2 => Err(io::Error::other("torn")),
                3 => b"three".as_slice().read(buffer),
                _ => Ok(0),
            }
        }
    }

    #[test]
    fn what_was_looked_at_is_read_all_the_same() {
        let mut stream = Stream::new(Box::new(&b"one\ntwo\nthree"[..]));
        assert_eq!(stream.peek(2), b"on");
        assert_eq!(stream.peek_line(100), b"one");
        assert_eq!(stream.peek_line(1), b"o");
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert_eq!(text, "one\ntwo\nthree");
        assert_eq!(stream.peek(5), b"");
    }

    #[test]
    fn an_error_comes_where_it_stands() {
        let mut stream = Stream::new(Box::new(BufReader::new(Broken(0))));
        assert_eq!(stream.peek(100), b"one\ntwo");
        let mut line = Vec::new();
        assert_eq!(stream.read_until(b'\n', &mut line).unwrap(), 4);
        assert_eq!(stream.read_until(b'\n', &mut line).unwrap_err().to_string(), "torn");
        line.clear();
        assert_eq!(stream.read_until(b'\n', &mut line).unwrap(), 5);
    }

    #[test]
    fn what_is_too_large_is_not_read_to_its_end() {
        assert_eq!(read_whole(&mut io::repeat(b'x').take(10), None, 10).unwrap().len(), 10);
        for expected in [None, Some(10), Some(99)] {
            assert!(matches!(read_whole(&mut io::repeat(b'x'), expected, 10), Err(Cause::TooLarge)));
        }
    }

    #[test]
    fn what_is_of_known_size_takes_no_more_room() {
        let bytes = read_whole(&mut io::repeat(b'x').take(100_000), Some(100_000), LARGEST).unwrap();
        assert_eq!((bytes.len(), bytes.capacity()), (100_000, 100_001));
    }

    #[test]
    fn a_source_counts_as_much_as_it_holds() {
        let meter = Meter::default();
        meter.begin(Some(100));
        meter.count(70);
        assert_eq!(meter.bytes(), 70);
        meter.count(70);
        assert_eq!((meter.bytes(), meter.current()), (100, 140));
        meter.begin(Some(50));
        assert_eq!((meter.bytes(), meter.current()), (100, 0));
        meter.begin(None);
        meter.count(9);
        assert_eq!(meter.bytes(), 159);
        meter.begin(Some(0));
        assert_eq!(meter.bytes(), 159);
    }
}
