//! What the name of a file says of its content.

use super::options::Format;

/// Extensions of compressed files.
const COMPRESSED: [&str; 6] = ["bz2", "gz", "gzip", "xz", "zst", "zstd"];

/// The extensions of each format.
const EXTENSIONS: [(&str, Format); 17] = [
    ("arrow", Format::Arrow),
    ("arrows", Format::Arrow),
    ("csv", Format::Csv),
    ("feather", Format::Arrow),
    ("htm", Format::Html),
    ("html", Format::Html),
    ("ipc", Format::Arrow),
    ("jsonl", Format::Jsonl),
    ("ndjson", Format::Jsonl),
    ("parquet", Format::Parquet),
    ("pq", Format::Parquet),
    ("tab", Format::Csv),
    ("tsv", Format::Csv),
    ("txt", Format::Text),
    ("warc", Format::Warc),
    ("xht", Format::Html),
    ("xhtml", Format::Html),
];

/// The name without the extension of a compression.
pub(super) fn decompressed(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && COMPRESSED.iter().any(|it| is(extension, it)) => stem,
        _ => name,
    }
}

/// Whether the name of a file, compressed or not, ends in this extension.
pub(super) fn has_extension(name: &str, extension: &str) -> bool {
    decompressed(name).rsplit_once('.').is_some_and(|(_, found)| is(found, extension))
}

/// The format that the name of a file, compressed or not, speaks of.
pub(super) fn format(name: &str) -> Option<Format> {
    let (_, extension) = decompressed(name).rsplit_once('.')?;
    EXTENSIONS.iter().find(|(known, _)| is(extension, known)).map(|(_, format)| *format)
}

/// The id of a document that a file is by itself: the file's name without `.txt`.
pub(super) fn document_id(name: &str) -> &str {
    let name = decompressed(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if is(extension, "txt") && !stem.is_empty() => stem,
        _ => name,
    }
}

/// Whether a folder's file of this name is read: the name speaks of a format, of this one if it is known, and is neither
/// a README nor `*.gold.jsonl`. Archives are read whatever the format.
pub(super) fn is_document(file: &str, wanted: Format) -> bool {
    let Some((stem, extension)) = decompressed(file).rsplit_once('.') else { return false };
    match format(file) {
        Some(found) if wanted != Format::Auto && found != wanted => false,
        Some(Format::Text) => !stem.eq_ignore_ascii_case("readme"),
        Some(Format::Jsonl) => !stem.rsplit_once('.').is_some_and(|(_, last)| is(last, "gold")),
        Some(_) => true,
        None => is(extension, "zip"),
    }
}

/// Whether a file or folder of this name is hidden.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}

/// Whether an extension is this one, in whatever case.
fn is(extension: &str, wanted: &str) -> bool {
    extension.eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format_through_a_compression() {
        let cases = [
            ("a.txt", Some(Format::Text)),
            ("a.TXT.GZ", Some(Format::Text)),
            ("news.jsonl.zst", Some(Format::Jsonl)),
            ("CC-NEWS-1.warc.gz", Some(Format::Warc)),
            ("a.tsv.bz2", Some(Format::Csv)),
            ("a.json", None),
            ("a.gz", None),
            (".gz", None),
            ("a", None),
        ];
        for (name, expected) in cases {
            assert_eq!(format(name), expected, "{name}");
        }
    }

    #[test]
    fn a_text_is_called_by_its_name_without_txt() {
        let cases = [
            ("a.txt", "a"),
            ("x/a.b.TXT", "x/a.b"),
            ("a.txt.xz", "a"),
            (".txt", ".txt"),
            ("U.S. talks", "U.S. talks"),
            ("a.md", "a.md"),
            ("a.html.gz", "a.html"),
        ];
        for (name, id) in cases {
            assert_eq!(document_id(name), id);
        }
    }

    #[test]
    fn a_folder_holds_documents_and_other_files() {
        for read in ["a.txt", "a.jsonl.gz", "b.csv", "c.parquet", "d.htm", "e.warc.gz", "f.zip", "readme.html"] {
            assert!(is_document(read, Format::Auto), "{read}");
        }
        for left in
            ["README.txt", "readme.txt.gz", "a.gold.jsonl", "a.gold.jsonl.gz", "a.json", "a.md", "txt", "a.tar.gz"]
        {
            assert!(!is_document(left, Format::Auto), "{left}");
        }
    }

    #[test]
    fn a_format_narrows_the_choice_but_for_archives() {
        assert!(is_document("a.txt", Format::Text) && !is_document("a.csv", Format::Text));
        assert!(is_document("a.zip", Format::Text) && is_document("a.zip", Format::Parquet));
    }
}
