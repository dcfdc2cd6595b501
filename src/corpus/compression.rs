//! Compressed files: gzip, zstd, bzip2 and xz, of one member or many.

use super::failure::Cause;
use super::reader::Origin;
use super::stream::Stream;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Compression {
    /// The compression that a file's first bytes tell.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            // A frame, or one of those that readers skip and parallel compressors write first.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Self::Bzip2),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            _ => None,
        }
    }

    #[cfg(not(feature = "compression"))]
    pub(super) fn open(self, _: Stream, _: &Origin) -> Result<Stream, Cause> {
        Err(Cause::NotBuiltIn("compression"))
    }

    /// What the stream holds, up to the limit of its origin. An error of reading it says how it is compressed.
    #[cfg(feature = "compression")]
    pub(super) fn open(self, stream: Stream, origin: &Origin) -> Result<Stream, Cause> {
        use decoder::{Members, named};
        use std::io::{BufReader, Read};

        let (decoder, name): (Box<dyn Read + Send>, _) = match self {
            Self::Gzip => (Box::new(Members::new(stream)), "gzip"),
            Self::Zstd => (Box::new(zstd::Decoder::with_buffer(stream)?), "zstd"),
            Self::Bzip2 => (Box::new(bzip2::bufread::MultiBzDecoder::new(stream)), "bzip2"),
            Self::Xz => (Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(stream)), "xz"),
        };
        let limited = origin.limit().over(named(decoder, name));
        Ok(Stream::new(Box::new(BufReader::with_capacity(64 << 10, limited))))
    }
}

#[cfg(feature = "compression")]
mod decoder {
    use std::io::{self, BufRead, ErrorKind, Read};

    use flate2::bufread::GzDecoder;

    use super::super::limit::TooMuch;

    /// A reader whose errors say what it reads.
    pub(super) struct Named<R> {
        inner: R,
        name: &'static str,
    }

    pub(super) fn named<R: Read>(inner: R, name: &'static str) -> Named<R> {
        Named { inner, name }
    }

    impl<R: Read> Read for Named<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.inner.read(buffer).map_err(|error| match error.kind() {
                ErrorKind::Interrupted => error,
                // The system's own errors are not the data's fault, and neither is a limit.
                _ if error.raw_os_error().is_some() => error,
                _ if error.get_ref().is_some_and(|it| it.is::<TooMuch>()) => error,
                ErrorKind::InvalidInput => {
                    io::Error::new(ErrorKind::InvalidInput, format!("{} data: {error}", self.name))
                }
                _ => io::Error::new(ErrorKind::InvalidData, format!("{} data: {error}", self.name)),
            })
        }
    }

    /// The members of a gzip file, one after the other. After an error in one, reading goes on with the next that can be
    /// found: a web archive has a member for each record. An error before a member gave anything is
    /// [`ErrorKind::InvalidInput`]: what came before is sound.
    pub(super) struct Members<R: BufRead> {
        state: State<R>,
    }

    enum State<R: BufRead> {
        /// Before a member.
        Between(R),
        /// Somewhere in a damaged member, or after it.
        Lost(R),
        /// In a member that has given something, or has not.
        Within(Box<GzDecoder<R>>, bool),
        Ended,
    }

    impl<R: BufRead> Members<R> {
        pub(super) fn new(input: R) -> Self {
            Self { state: State::Between(input) }
        }
    }

    impl<R: BufRead> Read for Members<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if buffer.is_empty() {
                return Ok(0);
            }
            loop {
                match std::mem::replace(&mut self.state, State::Ended) {
                    State::Ended => return Ok(0),
                    State::Between(mut input) => match input.fill_buf()? {
                        [] => {}
                        [0x1F, ..] => self.state = State::Within(Box::new(GzDecoder::new(input)), false),
                        [0, ..] => {
                            input.consume(1);
                            self.state = State::Between(input);
                        }
                        _ => {
                            self.state = State::Lost(input);
                            return Err(io::Error::new(ErrorKind::InvalidInput, "bytes between two members"));
                        }
                    },
                    State::Lost(mut input) => {
                        if find_member(&mut input)? {
                            self.state = State::Within(Box::new(GzDecoder::new(input)), false);
                        }
                    }
                    State::Within(mut member, begun) => match member.read(buffer) {
                        Ok(0) => self.state = State::Between(member.into_inner()),
                        Ok(read) => {
                            self.state = State::Within(member, true);
                            return Ok(read);
                        }
                        Err(error) if error.kind() == ErrorKind::Interrupted => {
                            self.state = State::Within(member, begun);
                            return Err(error);
                        }
                        Err(error) => {
                            self.state = State::Lost(member.into_inner());
                            let fresh = !begun && error.raw_os_error().is_none();
                            return Err(if fresh { io::Error::new(ErrorKind::InvalidInput, error) } else { error });
                        }
                    },
                }
            }
        }
    }

    /// Skips to the next member's first byte, past what is left of a damaged member.
    fn find_member(input: &mut impl BufRead) -> io::Result<bool> {
        loop {
            let bytes = input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(false);
            }
            match bytes.iter().position(|byte| *byte == 0x1F) {
                None => {
                    let all = bytes.len();
                    input.consume(all);
                }
                Some(at) => {
                    let rest = &bytes[at..];
                    // A header that the end of the buffer cuts is taken for one: the decoder sees whether it is.
                    let header = [0x1F, 0x8B, 8];
                    let matches = rest.iter().zip(header).all(|(byte, wanted)| *byte == wanted);
                    input.consume(if matches { at } else { at + 1 });
                    if matches {
                        return Ok(true);
                    }
                }
            }
        }
    }
}

#[cfg(all(test, feature = "compression"))]
pub(super) mod tests {
    use super::super::failure::Place;
    use super::super::options::ReadOptions;
    use super::*;
    use proptest::prelude::*;
    use std::io::{BufReader, Read, Write};

    pub(in crate::corpus) fn compressed(bytes: &[u8], compression: Compression) -> Vec<u8> {
        let mut out = Vec::new();
        match compression {
            Compression::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap();
            }
            Compression::Zstd => out = zstd::encode_all(bytes, 1).unwrap(),
            Compression::Bzip2 => {
                bzip2::read::BzEncoder::new(bytes, bzip2::Compression::fast()).read_to_end(&mut out).unwrap();
            }
            Compression::Xz => {
                liblzma::read::XzEncoder::new(bytes, 0).read_to_end(&mut out).unwrap();
            }
        }
        out
    }

    fn origin() -> Origin {
        Origin::new(Place::file("a"), ReadOptions::default())
    }

    const ALL: [Compression; 4] = [Compression::Gzip, Compression::Zstd, Compression::Bzip2, Compression::Xz];

    fn read(bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
        let compression = Compression::of(&bytes).unwrap();
        // A small buffer cuts headers in two.
        let input = BufReader::with_capacity(2, std::io::Cursor::new(bytes));
        let mut out = Vec::new();
        compression.open(Stream::new(Box::new(input)), &origin()).unwrap().read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn members_are_read_as_one_file() {
        for compression in ALL {
            let both = [compressed(b"The first. ", compression), compressed(b"The second.", compression)].concat();
            assert_eq!(read(both).unwrap(), b"The first. The second.", "{compression:?}");
        }
    }

    #[test]
    fn what_becomes_too_much_ends_there() {
        let sizes = ReadOptions { max_unpacked: Some(10_000), ..ReadOptions::default() };
        let origin = Origin::new(Place::file("a"), sizes);
        for compression in ALL {
            // Packed twice, so that the limit is met within the other decoder.
            for layers in [1, 2] {
                let once = compressed(&[b'x'; 20_000], compression);
                let bytes = if layers == 1 { once } else { compressed(&once, Compression::Gzip) };
                let mut stream = Stream::new(Box::new(std::io::Cursor::new(bytes)));
                for layer in 0..layers {
                    let packed = if layer + 1 < layers { Compression::Gzip } else { compression };
                    stream = packed.open(stream, &origin).unwrap();
                }
                let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
                assert!(matches!(Cause::from(error), Cause::UnpackedTooLarge(10_000)), "{compression:?}");
            }
        }
    }

    #[test]
    fn nothing_compressed_is_nothing() {
        for compression in ALL {
            assert_eq!(read(compressed(b"", compression)).unwrap(), b"", "{compression:?}");
        }
    }

    #[test]
    fn what_is_cut_off_is_not_taken_for_whole() {
        for compression in ALL {
            let bytes = compressed(&"The harbour will stay open. ".repeat(100).into_bytes(), compression);
            for cut in [bytes.len() / 2, bytes.len() - 1] {
                let error = read(bytes[..cut].to_vec()).unwrap_err();
                assert!(error.to_string().contains(" data: "), "{compression:?}: {error}");
                assert_eq!(Cause::from(error).mend(), "it is cut off or damaged: fetch or write it again");
            }
        }
    }

    #[test]
    fn after_a_damaged_gzip_member_comes_the_next() {
        let mut damaged =
            compressed(&b"The second record, which was damaged on its way. ".repeat(9), Compression::Gzip);
        let middle = damaged.len() / 2;
        damaged[middle..middle + 4].copy_from_slice(b"\xFF\xFF\xFF\xFF");
        let members = [compressed(b"one ", Compression::Gzip), damaged, compressed(b"three", Compression::Gzip)];
        let input = std::io::Cursor::new(members.concat());
        let mut stream = Compression::Gzip.open(Stream::new(Box::new(BufReader::new(input))), &origin()).unwrap();
        let mut text = Vec::new();
        assert!(stream.read_to_end(&mut text).is_err());
        assert!(text.starts_with(b"one "));
        text.clear();
        stream.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"three");
    }

    #[test]
    fn padding_after_gzip_is_no_fault_and_a_lost_member_is() {
        let rain = || compressed(b"Rain.", Compression::Gzip);
        assert_eq!(read([rain(), vec![0; 512]].concat()).unwrap(), b"Rain.");
        let mut headless = rain();
        headless[0] = b'x';
        let error = read([rain(), headless, rain()].concat()).unwrap_err();
        assert_eq!(error.to_string(), "gzip data: bytes between two members");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_was_compressed_comes_out(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
            for compression in ALL {
                prop_assert_eq!(&read(compressed(&bytes, compression)).unwrap(), &bytes);
            }
        }

        #[test]
        fn rubbish_ends(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..100) {
            for compression in ALL {
                let mut all = compressed(b"some words to begin with", compression);
                all.truncate(cut.max(10));
                all.extend(&bytes);
                let _ = read(all);
            }
        }
    }
}
