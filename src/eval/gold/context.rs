//! What the readers share: where texts come from, and where documents and warnings go.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{Fault, GoldError, Options, Read};
use crate::corpus::Place;
use crate::eval::Labelled;

/// What a reader is told.
pub(super) struct Context<'a> {
    pub options: &'a Options,
    /// The texts of the gold documents, by id, where predictions are read.
    gold: Option<HashMap<&'a str, &'a str>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(options: &'a Options, gold: Option<&'a [Labelled]>) -> Self {
        let texts = |gold: &'a [Labelled]| {
            let ids = gold.iter().flat_map(|it| [it.document.article(), it.document.id.as_str()].map(|id| (id, it)));
            ids.map(|(id, it)| (id, it.document.text.as_str())).collect()
        };
        Self { options, gold: gold.map(texts) }
    }

    /// Whether it is what a system found that is read, not gold.
    pub(super) fn is_prediction(&self) -> bool {
        self.gold.is_some()
    }

    /// The text of the document `id`, from the gold or from the folder of texts.
    pub(super) fn text(&self, id: &str) -> Result<String, GoldError> {
        if let Some(text) = self.gold.as_ref().and_then(|gold| gold.get(id)) {
            return Ok((*text).to_owned());
        }
        let missing = || GoldError::at(Place::file(id), Fault::NoText(id.to_owned()));
        if self.gold.is_some() && self.options.texts.is_none() {
            return Err(GoldError::at(Place::file(id), Fault::NotInGold(id.to_owned())));
        }
        // An id is data and must not lead out of the folder.
        let inside = Path::new(id).components().all(|part| matches!(part, Component::Normal(_)));
        let folder = self.options.texts.as_deref().filter(|_| inside).ok_or_else(missing)?;
        let path = folder.join(format!("{id}.txt"));
        if path.is_file() { file(&path) } else { Err(missing()) }
    }

    /// Whether a document of the predictions is one of the gold's, with the same text.
    fn check(&self, labelled: &Labelled) -> Result<(), Fault> {
        let Some(gold) = &self.gold else { return Ok(()) };
        let (id, text) = (&labelled.document.id, &labelled.document.text);
        match gold.get(id.as_str()) {
            None => Err(Fault::NotInGold(id.clone())),
            Some(known) if known == text => Ok(()),
            Some(known) => Err(super::positions::mismatch(0, text.chars().count(), text, known)),
        }
    }
}

/// Where a reader puts what it finds.
#[derive(Default)]
pub(super) struct Collector {
    read: Read,
    ids: HashSet<String>,
}

impl Collector {
    /// Takes a document, which came from `place`, and puts its attributions in text order.
    pub(super) fn push(&mut self, context: &Context<'_>, place: &Place, labelled: Labelled) {
        let fault = context.check(&labelled).err();
        let fault = fault.or_else(|| {
            let id = &labelled.document.id;
            (!self.ids.insert(id.clone())).then(|| Fault::DuplicateId(id.clone()))
        });
        match fault {
            Some(fault) => self.warn(place.clone(), fault),
            None => self.read.documents.push(in_text_order(labelled)),
        }
    }

    /// Tells of something that is skipped.
    pub(super) fn warn(&mut self, place: Place, fault: Fault) {
        self.read.warnings.push(GoldError::at(place, fault));
    }

    /// Tells of a file that is skipped.
    pub(super) fn skip(&mut self, error: GoldError) {
        self.read.warnings.push(error);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.read.documents.is_empty() && self.read.warnings.is_empty()
    }

    pub(super) fn finish(self) -> Read {
        self.read
    }
}

/// The document with its spans and attributions in text order, and its speakers in the order of what they say.
pub(crate) fn in_text_order(mut labelled: Labelled) -> Labelled {
    for attribution in &mut labelled.attributions {
        for spans in [&mut attribution.content, &mut attribution.cue, &mut attribution.source] {
            spans.sort();
            spans.dedup();
        }
    }
    for speaker in &mut labelled.speakers {
        speaker.mentions.sort();
        speaker.mentions.dedup();
    }
    let mut order: Vec<usize> = (0..labelled.attributions.len()).collect();
    order.sort_by_key(|at| {
        let it = &labelled.attributions[*at];
        [&it.content, &it.cue, &it.source].into_iter().find_map(|spans| spans.first().copied())
    });
    let mut position = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        position[*old] = new;
    }
    let mut sorted: Vec<_> = order.iter().map(|at| std::mem::take(&mut labelled.attributions[*at])).collect();
    for attribution in &mut sorted {
        attribution.parent = attribution.parent.and_then(|at| position.get(at).copied());
    }
    labelled.attributions = sorted;
    let order = labelled.attributions.iter().filter_map(|it| it.speaker).chain(0..labelled.speakers.len());
    let mut place = vec![None; labelled.speakers.len()];
    let mut speakers = Vec::with_capacity(place.len());
    for at in order {
        if let (Some(place @ None), Some(speaker)) = (place.get_mut(at), labelled.speakers.get_mut(at)) {
            *place = Some(speakers.len());
            speakers.push(std::mem::take(speaker));
        }
    }
    for attribution in &mut labelled.attributions {
        attribution.speaker = attribution.speaker.and_then(|at| *place.get(at)?);
    }
    labelled.speakers = speakers;
    labelled
}

/// Where messages say that a file stands.
pub(super) fn place(path: &Path) -> Place {
    Place::file(path.display().to_string())
}

/// The text of a file, as it stands.
pub(super) fn file(path: &Path) -> Result<String, GoldError> {
    let bytes = fs::read(path).map_err(|error| GoldError::at(place(path), error.into()))?;
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count();
        // The first bad byte exists: without it there would be no error.
        let byte = error.as_bytes()[offset];
        GoldError::at(place(path).at_line(line), Fault::NotUtf8 { offset, byte })
    })
}

/// The files at `path` with one of these extensions, in the order of their names; `path` itself if it is a file.
pub(super) fn files(path: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    let visible = entries.filter_entry(|it| it.depth() == 0 || !it.file_name().as_encoded_bytes().starts_with(b"."));
    let files = visible.filter_map(Result::ok).filter(|it| !it.file_type().is_dir()).map(walkdir::DirEntry::into_path);
    files.filter(|path| has_extension(path, extensions)).collect()
}

pub(super) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|it| found.eq_ignore_ascii_case(it)))
}

/// The name of a file without its last extension.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
