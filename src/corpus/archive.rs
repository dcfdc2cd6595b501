//! Zip archives: each member as if it were a file in a folder.

use super::failure::Failure;
use super::reader::{Documents, Origin};
use super::stream::Stream;

#[cfg(not(feature = "compression"))]
pub(super) fn open(_: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    Err(Failure::at(origin.place, super::failure::Cause::NotBuiltIn("compression")))
}

/// The documents of the archive's members, in the order in which a folder's files are read.
#[cfg(feature = "compression")]
pub(super) fn open(stream: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    members::Members::new(stream, origin).map(|members| Box::new(members) as Box<dyn Documents>)
}

#[cfg(feature = "compression")]
mod members {
    use std::fs::File;
    use std::io::{self, BufReader, Read, Seek};
    use std::vec;

    use tempfile::SpooledTempFile;
    use zip::ZipArchive;
    use zip::result::ZipError;

    use super::super::failure::{Cause, Failure};
    use super::super::limit::{Limit, Stored};
    use super::super::names;
    use super::super::options::Format;
    use super::super::reader::{self, Documents, Item, Origin};
    use super::super::stream::{Meter, Metered, Stream};

    /// A member up to this size is unpacked in memory, a larger one into a temporary file.
    const IN_MEMORY: usize = 8 << 20;

    pub(super) struct Members {
        archive: ZipArchive<BufReader<Metered<File>>>,
        origin: Origin,
        /// Index and name of those that are still to be read.
        left: vec::IntoIter<(usize, String)>,
        open: Option<Box<dyn Documents>>,
        /// Size of the archive.
        size: u64,
        /// Bytes that members have become.
        unpacked: u64,
    }

    impl Members {
        pub(super) fn new(stream: Stream, origin: Origin) -> Result<Self, Failure> {
            let failed = |cause| Failure::at(origin.place.clone(), cause);
            // What is read of a copy was counted when it was made.
            let meter = if stream.is_file() { origin.meter.clone() } else { Meter::default() };
            let file = stream.into_file().map_err(|error| failed(error.into()))?;
            let size = file.metadata().map_err(|error| failed(error.into()))?.len();
            let archive = ZipArchive::new(BufReader::new(meter.metered(file)));
            let archive = archive.map_err(|error| failed(cause(error)))?;
            let members = members(&archive, origin.options.format).map_err(failed)?;
            if members.is_empty() {
                return Err(failed(Cause::NoDocuments));
            }
            Ok(Self { archive, left: members.into_iter(), open: None, size, unpacked: 0, origin })
        }

        fn open(&mut self, index: usize, name: &str) -> Result<Box<dyn Documents>, Failure> {
            let packed = self.archive.by_index_raw(index).map_or(0, |it| it.compressed_size());
            let origin = self.origin.member(name, packed);
            let origin = origin.map_err(|cause| Failure::at(self.origin.place.clone(), cause))?;
            let unpacked = self.unpack(index).map_err(|cause| Failure::at(origin.place.clone(), cause))?;
            reader::open(Stream::new(Box::new(BufReader::new(unpacked))), origin)
        }

        /// The whole member, so that it is known to be sound before any of it is used.
        fn unpack(&mut self, index: usize) -> Result<SpooledTempFile, Cause> {
            let mut member = self.archive.by_index(index).map_err(cause)?;
            let mut unpacked = SpooledTempFile::new(IN_MEMORY);
            let size = member.size();
            // An archive may be one of thousands of members that share their bytes, so the limit is for all of them.
            let most = Limit { fixed: self.origin.options.max_unpacked, stored: Stored::Known(self.size) }.bytes();
            if self.unpacked.saturating_add(size) > most {
                return Err(Cause::UnpackedTooLarge(most));
            }
            self.unpacked += size;
            // An archive that says less than it holds is damaged, or was made to fill the disk.
            let written = io::copy(&mut (&mut member).take(size.saturating_add(1)), &mut unpacked).map_err(damaged)?;
            if written != size {
                return Err(Cause::Damaged(format!("a zip member that is not of {size} bytes, as it says")));
            }
            unpacked.rewind()?;
            Ok(unpacked)
        }
    }

    /// Index and name of the members that are documents, sorted as a folder is walked.
    fn members<R: Read + Seek>(archive: &ZipArchive<R>, format: Format) -> Result<Vec<(usize, String)>, Cause> {
        let mut found = Vec::new();
        for (index, name) in archive.file_names().enumerate() {
            let name = name.map_err(cause)?.into_owned();
            let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
            let hidden =
                name.split(['/', '\\']).any(|part| names::is_hidden(part.as_bytes()) && part != "." && part != "..");
            // macOS puts its own files into a folder of this name.
            let resource = name.starts_with("__MACOSX/");
            if !hidden && !resource && names::is_document(file, format) {
                found.push((index, name));
            }
        }
        found.sort_by(|(_, one), (_, other)| one.split('/').cmp(other.split('/')));
        Ok(found)
    }

    fn cause(error: ZipError) -> Cause {
        match error {
            ZipError::Io(error) => damaged(error),
            ZipError::UnsupportedArchive(reason) => Cause::Unsupported(format!("a zip member ({reason})")),
            ZipError::InvalidPassword => Cause::Unsupported("an encrypted zip member".to_owned()),
            ZipError::CompressionMethodNotSupported(method) => {
                Cause::Unsupported(format!("a zip member compressed by method {method}"))
            }
            other => Cause::Damaged(other.to_string()),
        }
    }

    /// What is wrong with an archive that cannot be read on.
    fn damaged(error: io::Error) -> Cause {
        if error.raw_os_error().is_some() { error.into() } else { Cause::Damaged(format!("zip data: {error}")) }
    }

    impl Documents for Members {
        fn other_id(&mut self) -> Option<String> {
            self.open.as_mut().and_then(|open| open.other_id())
        }
    }

    impl Iterator for Members {
        type Item = Item;

        fn next(&mut self) -> Option<Item> {
            loop {
                if let Some(item) = self.open.as_mut().and_then(|open| open.next()) {
                    return Some(item);
                }
                self.open = None;
                let (index, name) = self.left.next()?;
                match self.open(index, &name) {
                    Ok(open) => self.open = Some(open),
                    Err(failure) => {
                        let place = failure.place.clone();
                        return Some(Item { document: Err(failure), place, bytes: 0 });
                    }
                }
            }
        }
    }
}

#[cfg(all(test, feature = "compression"))]
mod tests {
    use super::super::compression::Compression;
    use super::super::compression::tests::compressed;
    use super::super::failure::Place;
    use super::super::options::ReadOptions;
    use super::*;
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// What an archive gives: ids, or messages.
    fn read(bytes: Vec<u8>) -> Vec<Result<String, String>> {
        read_with(bytes, ReadOptions::default())
    }

    fn read_with(bytes: Vec<u8>, options: ReadOptions) -> Vec<Result<String, String>> {
        let origin = Origin::new(Place::file("in/a.zip"), options);
        match super::super::reader::open(Stream::new(Box::new(Cursor::new(bytes))), origin) {
            Ok(items) => items.map(|item| item.document.map(|it| it.id).map_err(|it| it.to_string())).collect(),
            Err(failure) => vec![Err(failure.to_string())],
        }
    }

    fn ok(id: &str) -> Result<String, String> {
        Ok(id.to_owned())
    }

    #[test]
    fn members_are_read_as_a_folder_is() {
        let bytes = zipped(&[
            ("b.txt", b"Rain."),
            ("a/z.txt", b"Rain."),
            ("a.txt", b"Rain."),
            ("a/c.jsonl.gz", &compressed(b"{\"id\": \"x\", \"text\": \"\"}\n{\"text\": \"\"}", Compression::Gzip)),
            ("README.txt", b""),
            (".git/d.txt", b""),
            ("__MACOSX/a.txt", b""),
            ("picture.png", b""),
            ("inner.zip", &zipped(&[("e.txt", b"Snow.")])),
        ]);
        let expected = ["x", "a/c.jsonl.gz:2", "a/z", "a", "b", "inner.zip/e"].map(ok);
        assert_eq!(read(bytes), expected);
    }

    #[test]
    fn a_damaged_member_is_a_failure_and_the_next_is_read() {
        let text = "The harbour stays open, said the mayor. ".repeat(40);
        let mut bytes = zipped(&[("a.txt", text.as_bytes()), ("b.txt", b"Rain.")]);
        for byte in &mut bytes[50..60] {
            *byte ^= 0x55;
        }
        let found = read(bytes);
        assert!(found[0].as_ref().unwrap_err().starts_with("in/a.zip/a.txt: damaged: "), "{found:?}");
        assert_eq!(found[1..], [ok("b")]);
    }

    #[test]
    fn an_archive_that_is_cut_off_or_without_documents_is_a_failure() {
        let bytes = zipped(&[("a.txt", b"Rain."), ("b.txt", b"Snow.")]);
        let found = read(bytes[..bytes.len() - 30].to_vec());
        assert!(found[0].as_ref().unwrap_err().starts_with("in/a.zip: damaged: "), "{found:?}");
        let found = read(zipped(&[("picture.png", b"")]));
        assert!(found[0].as_ref().unwrap_err().starts_with("in/a.zip: the folder holds no documents"), "{found:?}");
    }

    #[test]
    fn a_member_that_becomes_too_much_is_a_failure_and_the_next_is_read() {
        let bomb = compressed(&[b'x'; 20_000], Compression::Gzip);
        let rain = "Rain. ".repeat(100);
        let bytes = zipped(&[
            ("a.txt", rain.as_bytes()),
            ("b.txt", &[b'x'; 20_000]),
            ("c.txt.gz", &bomb),
            ("d.txt", rain.as_bytes()),
        ]);
        let found = read_with(bytes, ReadOptions { max_unpacked: Some(10_000), ..ReadOptions::default() });
        let message = |name: &str| {
            Err(format!(
                "in/a.zip/{name}: unpacks to more than 9.8 KiB; if it is to be trusted, allow more with --max-unpacked"
            ))
        };
        assert_eq!(found, [ok("a"), message("b.txt"), message("c.txt.gz"), ok("d")]);
    }

    #[test]
    fn archives_within_archives_have_a_bottom() {
        let deep = (0..9).fold(zipped(&[("a.txt", b"")]), |inner, _| zipped(&[("a.zip", &inner)]));
        let found = read(deep);
        assert!(found[0].as_ref().unwrap_err().contains("a file packed more than 4 times cannot be read"), "{found:?}");
    }
}
