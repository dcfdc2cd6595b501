//! Which format a file or a folder is in, by what is in it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use super::brat::SIDECAR;
use super::context::{files, has_extension, place};
use super::{Fault, Format, GoldError};

/// How much of a file is looked at, in bytes; a first line that is longer is looked at whole.
const HEAD: u64 = 1 << 16;

/// The extensions that labels have, and the order in which they decide on a folder.
const EXTENSIONS: [&str; 9] = ["ann", "conllu", "conll", "xml", "jsonl", "json", "csv", "tsv", "txt"];

/// The format of what is at `path`.
pub(super) fn recognize(path: &Path) -> Result<Format, GoldError> {
    let unrecognized = || GoldError::at(place(path), Fault::Unrecognized);
    if !path.is_dir() {
        return of_file(path)?.or_else(|| standoff(path)).ok_or_else(unrecognized);
    }
    if ["annotation.conf", SIDECAR].iter().any(|name| path.join(name).is_file()) {
        return Ok(Format::Brat);
    }
    let mut all = files(path, &EXTENSIONS);
    if all.iter().any(|it| it.ends_with("quotation_info.csv")) {
        return Ok(Format::Pdnc);
    }
    all.sort_by_key(|path| EXTENSIONS.iter().position(|it| has_extension(path, &[it])));
    let mut found = None;
    for file in &all {
        let format = of_file(file)?;
        found = found.or(format);
        // LitBank has entities in standoff files, too, but no corpus of standoff files has LitBank's quotations.
        match format {
            Some(Format::Litbank) => return Ok(Format::Litbank),
            _ if found.is_some_and(|it| it != Format::Brat) => break,
            _ => {}
        }
    }
    if let Some(format) = found {
        return Ok(format);
    }
    all.iter().find_map(|file| standoff(file)).ok_or_else(unrecognized)
}

/// The format of a standoff file in which nobody has labelled anything.
fn standoff(path: &Path) -> Option<Format> {
    has_extension(path, &["ann"]).then_some(Format::Brat)
}

fn of_file(path: &Path) -> Result<Option<Format>, GoldError> {
    let head = head(path).map_err(|error| GoldError::at(place(path), error.into()))?;
    let head = head.trim_start_matches('\u{FEFF}').trim_start();
    let first = head.lines().next().unwrap_or_default();
    Ok(match first.chars().next() {
        None => None,
        Some('{') => of_line(first),
        Some('<') => Some(Format::Parc),
        Some(_) if first.starts_with("QUOTE\t") || first.starts_with("ATTRIB\t") => Some(Format::Litbank),
        Some(_) if has_extension(path, &["ann"]) => Some(Format::Brat),
        Some(_) if first.starts_with("#begin document") => Some(Format::Litbank),
        Some(_) if is_conllu(head) => Some(Format::Gum),
        Some(_) if first.contains("quoteByteSpans") => Some(Format::Pdnc),
        Some(_) if has_extension(path, &["csv", "tsv"]) => Some(Format::Csv),
        // Running text has commas, too.
        Some(_) if path.extension().is_none() && first.matches([',', ';', '\t']).count() > 2 => Some(Format::Csv),
        Some(_) => None,
    })
}

fn of_line(line: &str) -> Option<Format> {
    let Ok(Value::Object(fields)) = serde_json::from_str(line) else { return None };
    let has = |name: &str| fields.contains_key(name);
    if has("tokens") && has("labels") {
        Some(Format::Cofenet)
    } else if has("tokens") && has("mentions") && has("sentences") {
        Some(Format::Gum)
    } else if has("attributions") || has("statements") {
        Some(Format::Dixit)
    } else {
        None
    }
}

fn is_conllu(head: &str) -> bool {
    let mut words = head.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    words.next().is_some_and(|line| line.split('\t').count() == 10 && line.starts_with(|it: char| it.is_ascii_digit()))
}

fn head(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    while !bytes.contains(&b'\n') && file.by_ref().take(HEAD).read_to_end(&mut bytes)? > 0 {}
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_tell_litbank_from_its_entities() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.ann"), "T1\tPER 0 4\tRuiz\n").unwrap();
        std::fs::write(folder.path().join("b.csv"), "a,b\n").unwrap();
        assert_eq!(recognize(folder.path()).ok(), Some(Format::Brat));
        std::fs::write(folder.path().join("c.ann"), "QUOTE\tQ1\t0\t0\t0\t3\tx\n").unwrap();
        assert_eq!(recognize(folder.path()).ok(), Some(Format::Litbank));
    }

    #[test]
    fn formats_are_told_apart_by_what_is_in_the_files() {
        let conllu = "# newdoc\n1\tRain\train\tNOUN\tNN\t_\t0\troot\t_\t_\n";
        let cases = [
            ("a.jsonl", "{\"id\": 1, \"text\": \"\", \"attributions\": []}\n", Some(Format::Dixit)),
            ("a.json", "\n{\"statements\": []}", Some(Format::Dixit)),
            ("a.txt", "{\"tokens\": [], \"labels\": []}", Some(Format::Cofenet)),
            ("a.jsonl", "{\"tokens\": [], \"mentions\": [], \"sentences\": []}", Some(Format::Gum)),
            ("a.ann", "T1\tCue 0 4\tsaid\n", Some(Format::Brat)),
            ("a.ann", "QUOTE\tQ1\t0\t0\t0\t3\tx\n", Some(Format::Litbank)),
            ("a.conll", "#begin document (a); part 0\n", Some(Format::Litbank)),
            ("a.conllu", conllu, Some(Format::Gum)),
            ("a.xml", "\u{FEFF}<?xml version=\"1.0\"?><root/>", Some(Format::Parc)),
            ("a.csv", "quoteID,quoteByteSpans\n", Some(Format::Pdnc)),
            ("a.csv", "x\n", Some(Format::Csv)),
            ("a", "document,content,cue,source\n", Some(Format::Csv)),
            ("a.txt", "Rain, snow, hail, fog.\n", None),
            ("a.md", "Rain fell.\n", None),
            ("a.jsonl", "{\"id\": 1}", None),
            ("a.ann", "", Some(Format::Brat)),
        ];
        for (name, content, expected) in cases {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(name), content).unwrap();
            std::fs::write(folder.path().join("README.md"), "{\"text\": \"\", \"attributions\": []}").unwrap();
            assert_eq!(recognize(&folder.path().join(name)).ok(), expected, "{name}: {content}");
            if has_extension(Path::new(name), &EXTENSIONS) {
                assert_eq!(recognize(folder.path()).ok(), expected, "the folder of {name}");
            }
        }
    }
}
