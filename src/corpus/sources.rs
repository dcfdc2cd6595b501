//! Which files to read, in which order, and what their documents are called.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf, absolute};

use walkdir::{DirEntry, WalkDir};

use super::detect;
use super::failure::{Cause, Failure, Place};
use super::names;
use super::options::Format;
use super::stream::{Meter, Stream};

/// Where the bytes of a [`Source`] come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// Something that holds one document or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where its bytes come from.
    pub input: Input,
    /// Its path below the deepest folder that holds all the input, with `/` between the parts; `stdin` for standard
    /// input. A zip archive that the user names counts as a folder, so the name of one that is all the input is empty.
    pub name: String,
}

impl Source {
    /// Where messages say that the source stands: the path as the user would type it.
    pub fn place(&self) -> Place {
        match &self.input {
            Input::Stdin => Place::file("stdin"),
            Input::File(path) => place_of(path),
        }
    }

    /// Opens it for reading.
    pub(super) fn open(&self, meter: &Meter) -> io::Result<Stream> {
        match &self.input {
            Input::Stdin => Ok(Stream::new(Box::new(BufReader::new(meter.metered(io::stdin()))))),
            Input::File(path) => Stream::file(path.clone(), meter),
        }
    }

    /// Its size in bytes, as far as it is known beforehand.
    pub fn size(&self) -> Option<u64> {
        match &self.input {
            Input::Stdin => None,
            Input::File(path) => path.metadata().ok().filter(|it| it.is_file()).map(|it| it.len()),
        }
    }
}

/// The sources that `arguments` name, in their order; `-` is standard input.
///
/// A folder stands for the documents in it and in the folders below, sorted by name within each folder: the files whose
/// names speak of a [`Format`], of the one asked for if it is not [`Format::Auto`], and zip archives. Of these, hidden
/// files and folders, READMEs and `*.gold.jsonl` are left out. A folder that holds nothing to read is a failure,
/// and so is a file that is not there.
pub fn find(arguments: &[PathBuf], format: Format) -> Vec<Result<Source, Failure>> {
    let root = common_folder(arguments);
    let mut found = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            found.push(Ok(Source { input: Input::Stdin, name: "stdin".to_owned() }));
        } else if argument.is_dir() {
            let before = found.len();
            found.extend(walk(argument, format).map(|file| file.map(|path| source(path, &root))));
            if found.len() == before {
                found.push(Err(Failure::at(place_of(argument), Cause::NoDocuments)));
            }
        } else if let Err(error) = argument.metadata() {
            found.push(Err(Failure::at(place_of(argument), error.into())));
        } else {
            found.push(Ok(source(argument.clone(), &root)));
        }
    }
    found
}

fn place_of(path: &Path) -> Place {
    Place::file(path.display().to_string())
}

fn source(path: PathBuf, root: &Path) -> Source {
    let full = absolute(&path).unwrap_or_else(|_| path.clone());
    let below = full.strip_prefix(root).unwrap_or(&full);
    let parts: Vec<_> = below
        .components()
        .filter(|part| !matches!(part, Component::RootDir))
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    Source { name: parts.join("/"), input: Input::File(path) }
}

/// The deepest folder that holds everything the arguments name: names below it are short and tell files apart.
fn common_folder(arguments: &[PathBuf]) -> PathBuf {
    let folders = arguments.iter().filter(|it| it.as_os_str() != "-").filter_map(|argument| {
        let full = absolute(argument).ok()?;
        if argument.is_dir() || is_archive(argument) { Some(full) } else { full.parent().map(Path::to_owned) }
    });
    folders
        .reduce(|all, folder| {
            let shared = all.components().zip(folder.components()).take_while(|(one, other)| one == other);
            shared.map(|(part, _)| part).collect()
        })
        .unwrap_or_default()
}

/// The documents of a folder and of those below it.
fn walk(folder: &Path, format: Format) -> impl Iterator<Item = Result<PathBuf, Failure>> + use<> {
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    entries.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())).filter_map(move |entry| {
        match entry {
            Ok(entry) => is_document(&entry, format).then(|| Ok(entry.into_path())),
            Err(error) => {
                let path = error.path().unwrap_or(Path::new("")).to_owned();
                let hidden = path.file_name().is_some_and(is_hidden);
                let reason = error.into_io_error().unwrap_or_else(|| io::Error::other("a link to a folder above it"));
                (!hidden).then(|| Err(Failure::at(place_of(&path), Cause::Unreadable(reason))))
            }
        }
    })
}

fn is_document(entry: &DirEntry, format: Format) -> bool {
    names::is_document(&entry.file_name().to_string_lossy(), format) && !entry.file_type().is_dir()
}

/// Whether the file at this path is a zip archive. Only files are looked into: a pipe gives its bytes once.
fn is_archive(path: &Path) -> bool {
    let mut head = [0; 4];
    path.is_file() && File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && detect::is_zip(&head)
}

fn is_hidden(name: &OsStr) -> bool {
    names::is_hidden(name.as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn names(folder: &Path, arguments: &[&str], format: Format) -> Vec<String> {
        let inside: Vec<_> = arguments.iter().map(|name| folder.join(name)).collect();
        let sources = find(&inside, format);
        sources.into_iter().map(|source| source.map_or_else(|f| f.cause.to_string(), |s| s.name)).collect()
    }

    #[test]
    fn a_folder_is_walked_in_the_order_of_names() {
        let folder = folder(&["b.txt", "a/z.TXT", "a/c.jsonl", "a.txt", "a/deep/er.txt", "B.txt"]);
        let found = names(folder.path(), &["."], Format::Auto);
        assert_eq!(found, ["B.txt", "a/c.jsonl", "a/deep/er.txt", "a/z.TXT", "a.txt", "b.txt"]);
    }

    #[test]
    fn a_walk_leaves_out_what_is_no_document() {
        let folder =
            folder(&[".hidden.txt", ".git/x.txt", "README.md", "readme.txt", "a.gold.jsonl", "a.json", "txt", "a.txt"]);
        assert_eq!(names(folder.path(), &[""], Format::Auto), ["a.txt"]);
    }

    #[test]
    fn a_format_narrows_the_walk() {
        let folder = folder(&["a.txt", "b.jsonl"]);
        assert_eq!(names(folder.path(), &[""], Format::Auto), ["a.txt", "b.jsonl"]);
        assert_eq!(names(folder.path(), &[""], Format::Text), ["a.txt"]);
        assert_eq!(names(folder.path(), &[""], Format::Jsonl), ["b.jsonl"]);
    }

    #[test]
    fn names_are_paths_below_the_folder_that_holds_all() {
        let folder = folder(&["2023/a.txt", "2024/a.txt", "2024/b/c.txt", "README.txt"]);
        let cases: [(&[&str], &[&str]); 7] = [
            (&["2023/a.txt"], &["a.txt"]),
            (&["2024"], &["a.txt", "b/c.txt"]),
            (&["."], &["2023/a.txt", "2024/a.txt", "2024/b/c.txt"]),
            (&["2023/a.txt", "2024/a.txt"], &["2023/a.txt", "2024/a.txt"]),
            (&["2024", "2023"], &["2024/a.txt", "2024/b/c.txt", "2023/a.txt"]),
            (&["2024/a.txt", "2024/b"], &["a.txt", "b/c.txt"]),
            (&["README.txt", "2023/none.txt"], &["README.txt", "no such file or folder"]),
        ];
        for (arguments, expected) in cases {
            assert_eq!(names(folder.path(), arguments, Format::Auto), expected, "{arguments:?}");
        }
    }

    #[test]
    fn a_folder_without_documents_is_a_failure() {
        let folder = folder(&["empty/README.txt"]);
        assert_eq!(names(folder.path(), &["empty"], Format::Auto), ["the folder holds no documents"]);
    }

    #[test]
    fn an_archive_that_is_named_counts_as_a_folder() {
        let folder = folder(&["a.txt"]);
        for name in ["one.zip", "two.zip"] {
            fs::write(folder.path().join(name), b"PK\x05\x06").unwrap();
        }
        assert_eq!(names(folder.path(), &["one.zip"], Format::Auto), [""]);
        assert_eq!(names(folder.path(), &["one.zip", "two.zip"], Format::Auto), ["one.zip", "two.zip"]);
        assert_eq!(names(folder.path(), &["one.zip", "a.txt"], Format::Auto), ["one.zip", "a.txt"]);
        assert_eq!(names(folder.path(), &["."], Format::Text), ["a.txt", "one.zip", "two.zip"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_is_a_failure_unless_hidden() {
        let folder = folder(&["a.txt"]);
        std::os::unix::fs::symlink("gone", folder.path().join("b.txt")).unwrap();
        std::os::unix::fs::symlink("gone", folder.path().join(".lock")).unwrap();
        let found = names(folder.path(), &[""], Format::Auto);
        assert_eq!(found.len(), 2);
        assert!(found[1].starts_with("cannot be read"), "{found:?}");
    }
}
