//! What a run's result depends on.

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

use dixit::corpus::{Failure, Input, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Most files that are listed one by one.
const LISTED: usize = 100;

/// All that decides what a run writes. Two runs with the same recipe write the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// The version of dixit.
    pub dixit: String,
    /// The model.
    pub model: ModelId,
    /// Options of the command line that make a difference, by name.
    pub options: BTreeMap<String, String>,
    /// What is read.
    pub input: Fingerprint,
}

/// Which model it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelId {
    /// "built-in", or the folder.
    pub name: String,
    /// A hash of its files.
    pub sha256: String,
}

/// What tells one input from another without reading it: names, sizes and times of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The files and folders named on the command line.
    pub paths: Vec<String>,
    /// Number of files, those that are missing included.
    pub files: usize,
    /// Their size in bytes, as far as it is known.
    pub bytes: u64,
    /// A hash of the names, sizes and times of all files.
    pub sha256: String,
    /// What that hash is of, if the files are few.
    pub listed: Vec<String>,
}

impl Fingerprint {
    /// That of the sources which were found under `paths`.
    pub fn of(paths: Vec<String>, sources: &[Result<Source, Failure>]) -> Self {
        let mut hash = Sha256::new();
        let mut listed = Vec::new();
        for source in sources {
            let line = match source {
                Ok(source) => describe(source),
                Err(failure) => failure.to_string(),
            };
            hash.update(line.as_bytes());
            hash.update(b"\n");
            if sources.len() <= LISTED {
                listed.push(line);
            }
        }
        let bytes = sources.iter().flatten().filter_map(Source::size).sum();
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { paths, files: sources.len(), bytes, sha256, listed }
    }
}

/// "a.txt, 120 bytes, 2026-01-05T10:00:00.123456789Z"
fn describe(source: &Source) -> String {
    let name = &source.name;
    let Input::File(path) = &source.input else { return name.clone() };
    let Ok(data) = path.metadata() else { return name.clone() };
    // A pipe is another one each time.
    if !data.is_file() {
        return name.clone();
    }
    let changed = data.modified().unwrap_or(UNIX_EPOCH);
    format!("{name}, {} bytes, {}", data.len(), humantime::format_rfc3339_nanos(changed))
}

impl Recipe {
    /// In what this recipe differs from the one that a run was started with, for people; empty if in nothing.
    pub fn differences(&self, started: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.dixit != started.dixit {
            found.push(format!("it was started with dixit {}, this is dixit {}", started.dixit, self.dixit));
        }
        if self.model.sha256 != started.model.sha256 {
            found.push(format!("the model is another one than {} was then", started.model.name));
        }
        let names: std::collections::BTreeSet<_> = self.options.keys().chain(started.options.keys()).collect();
        let value = |recipe: &Self, name: &str| recipe.options.get(name).map_or("not set", String::as_str).to_owned();
        for name in names {
            let (then, now) = (value(started, name), value(self, name));
            if then != now {
                found.push(format!("--{name} was {then}, is {now}"));
            }
        }
        found.extend(self.input.difference(&started.input));
        found
    }
}

impl Fingerprint {
    fn difference(&self, started: &Self) -> Option<String> {
        if self == started {
            return None;
        }
        if self.paths != started.paths {
            return Some(format!("the input was {}, is {}", started.paths.join(" "), self.paths.join(" ")));
        }
        let changed = started.listed.iter().find(|it| !self.listed.contains(it));
        Some(match changed.filter(|_| !self.listed.is_empty()) {
            Some(file) => format!("the input has changed: there was {file}"),
            None => format!(
                "the input has changed: {} files of {} bytes then, {} of {} bytes now",
                started.files, started.bytes, self.files, self.bytes
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn recipe() -> Recipe {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "Rain.").unwrap();
        let sources = dixit::corpus::find(&[path], dixit::corpus::Format::Auto);
        Recipe {
            dixit: "1.0.0".to_owned(),
            model: ModelId { name: "built-in".to_owned(), sha256: "aa".to_owned() },
            options: [("format", "csv"), ("min-confidence", "0")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            input: Fingerprint::of(vec!["a.txt".to_owned()], &sources),
        }
    }

    #[test]
    fn every_difference_is_told() {
        let started = recipe();
        assert_eq!(started.differences(&started), [""; 0]);
        let told = |change: &dyn Fn(&mut Recipe)| {
            let mut now = started.clone();
            change(&mut now);
            now.differences(&started).join("; ")
        };
        assert_eq!(told(&|it| it.dixit = "2.0.0".into()), "it was started with dixit 1.0.0, this is dixit 2.0.0");
        assert_eq!(told(&|it| it.model.sha256.clear()), "the model is another one than built-in was then");
        let format = |it: &mut Recipe| drop(it.options.insert("format".into(), "jsonl".into()));
        assert_eq!(told(&format), "--format was csv, is jsonl");
        assert_eq!(told(&|it| drop(it.options.remove("format"))), "--format was csv, is not set");
        assert_eq!(told(&|it| it.input.paths.push("b".into())), "the input was a.txt, is a.txt b");
        let line = &started.input.listed[0];
        assert!(line.starts_with("a.txt, 5 bytes, "), "{line}");
        let other = |it: &mut Recipe| it.input.listed[0] = "a.txt, 6 bytes".into();
        assert_eq!(told(&other), format!("the input has changed: there was {line}"));
        let many = |it: &mut Recipe| (it.input.files, it.input.bytes, it.input.listed) = (2000, 10, Vec::new());
        assert_eq!(told(&many), "the input has changed: 1 files of 5 bytes then, 2000 of 10 bytes now");
    }
}
