//! Where the files of a run are.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use dixit::corpus::Gathering;

use crate::cli::format::Format;
use crate::cli::output::folder_of;

/// Where the output goes, and where a run works until it is there.
#[derive(Debug, Clone)]
pub struct Target {
    /// The file, or the folder that gets the parts.
    pub output: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// What is written.
    pub format: Format,
    /// Where the failures go in the end.
    pub errors: Option<PathBuf>,
}

impl Target {
    /// The target that `--output` and `--errors` name; `None` if the output is a device or a pipe, which is written to as
    /// it comes.
    pub fn new(output: &Path, format: Option<Format>, errors: Option<&Path>) -> Result<Option<Self>> {
        let is_folder =
            output.is_dir() || output.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
        if !is_folder && output.exists() && !output.is_file() {
            return Ok(None);
        }
        let folder = folder_of(output);
        if !folder.is_dir() {
            bail!("cannot write {}: there is no folder {}; create it first", output.display(), folder.display());
        }
        let format = format.unwrap_or_else(|| Format::of_name(output));
        let errors = errors.map(Path::to_owned).or_else(|| is_folder.then(|| output.join("errors.jsonl")));
        Ok(Some(Self { output: output.to_owned(), is_folder, format, errors }))
    }

    /// The folder in which a run works; it is there as long as a run is not finished.
    pub fn work(&self) -> PathBuf {
        if self.is_folder { self.output.join(".partial") } else { with_suffix(&self.output, ".partial") }
    }

    /// The manifest.
    pub fn manifest(&self) -> PathBuf {
        if self.is_folder { self.output.join("manifest.json") } else { with_suffix(&self.output, ".manifest.json") }
    }

    /// The files that a run to this target leaves outside its folders.
    pub fn leaves(&self) -> Vec<PathBuf> {
        let output = (!self.is_folder).then(|| self.output.clone());
        [output, Some(self.manifest()), self.errors.clone()].into_iter().flatten().collect()
    }

    /// Whether all parts go into one file, one after the other.
    pub fn appends(&self) -> bool {
        !self.is_folder && matches!(self.format.gathering(), Gathering::Append)
    }

    /// The file of a part, if it has one of its own.
    pub fn part(&self, number: u64) -> PathBuf {
        if self.is_folder {
            self.output.join(format!("part-{number:05}.{}", self.format.extension()))
        } else {
            self.work().join(format!("part-{number:05}"))
        }
    }

    /// The parts that are there, by whichever run: their files, and their numbers if they are of this target's format.
    pub fn parts(&self) -> Result<Vec<(PathBuf, Option<u64>)>> {
        let folder = if self.is_folder { self.output.clone() } else { self.work() };
        let context = || format!("cannot read the folder {}", folder.display());
        let mut found = Vec::new();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries.with_context(context)?,
        };
        for entry in entries {
            let path = entry.with_context(context)?.path();
            let digits = path.file_stem().and_then(|it| it.to_str()?.strip_prefix("part-"));
            let digits = digits.filter(|it| it.len() >= 5 && it.bytes().all(|byte| byte.is_ascii_digit()));
            if let Some(number) = digits.and_then(|it| it.parse().ok()) {
                let own = path == self.part(number);
                found.push((path, own.then_some(number)));
            }
        }
        Ok(found)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_or_a_folder_asks_for_parts() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| Target::new(&home.path().join(name), None, None).unwrap().unwrap();
        let (file, folder) = (at("a.csv"), at("out/"));
        assert!(!file.is_folder && file.appends() && folder.is_folder && !folder.appends());
        assert!(at("").is_folder);
        assert_eq!(file.work(), home.path().join("a.csv.partial"));
        assert_eq!(file.manifest(), home.path().join("a.csv.manifest.json"));
        assert_eq!(folder.work(), home.path().join("out/.partial"));
        assert_eq!(folder.part(7), home.path().join("out/part-00007.jsonl"));
        assert_eq!(folder.errors, Some(home.path().join("out/errors.jsonl")));
    }

    #[test]
    fn parts_are_known_by_their_names() {
        let home = tempfile::tempdir().unwrap();
        for name in ["part-00000.jsonl", "part-123456.jsonl", "part-00001.csv", "part-1.jsonl", "part-0000x.jsonl", "a"]
        {
            fs::write(home.path().join(name), "").unwrap();
        }
        let target = Target::new(home.path(), Some(Format::Jsonl), None).unwrap().unwrap();
        let mut numbers: Vec<_> = target.parts().unwrap().into_iter().map(|(_, number)| number).collect();
        numbers.sort();
        assert_eq!(numbers, [None, Some(0), Some(123_456)]);
    }
}
