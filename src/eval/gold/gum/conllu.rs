//! GUM's CoNLL-U. Of the ten columns, FORM and MISC are read.
//!
//! In MISC, `Entity` has the brackets of mentions, whose labels the line `# global.Entity` explains, and `Discourse` begins
//! a unit of discourse: `attribution-positive:35->36:0:sem-atsrc-244-247+lex-indwd-249` says that unit 35 attributes
//! unit 36, at depth 0, and that the tokens 244 to 247 of the document are the source and token 249 the cue. The content
//! is the unit that is attributed and what hangs on it less deep than the attribution.

use std::collections::HashMap;
use std::path::Path;

use super::{Cited, GumDocument, Mention, kind};
use crate::corpus::Place;
use crate::eval::gold::Fault;
use crate::eval::gold::brackets::Brackets;
use crate::eval::gold::context::{self, Collector, Context};

/// Where the parts of an entity's label stand, as GUM has them if the file does not say.
const ENTITY: &str = "GRP-etype-infstat-centering-minspan-link-identity";

pub(super) fn read(text: &str, file: &Path, context: &Context<'_>, found: &mut Collector) {
    let place = context::place(file);
    let mut reader = Reader::new(context::stem(file), ENTITY);
    for (at, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
        if let Some(name) = line.strip_prefix("# newdoc") {
            let name = name.trim_start_matches(" id").trim_start_matches([' ', '=']).trim();
            let next = Reader::new(if name.is_empty() { context::stem(file) } else { name.to_owned() }, &reader.entity);
            let done = std::mem::replace(&mut reader, next);
            done.finish(&place, context, found);
            reader.line = at + 1;
        } else if let Some(parts) = line.strip_prefix("# global.Entity") {
            reader.entity = parts.trim_start_matches([' ', '=']).trim().to_owned();
        } else if line.starts_with("# newpar") {
            reader.separator = "\n\n";
        } else if line.trim().is_empty() {
            reader.document.words.end_instance();
            reader.contraction = None;
        } else if !line.starts_with('#') && reader.word(line).is_none() {
            found.warn(place.at_line(at + 1), Fault::Malformed("a word without ten columns".to_owned()));
        }
    }
    reader.finish(&place, context, found);
}

/// A unit of discourse and what it hangs on.
#[derive(Debug)]
struct Unit {
    number: usize,
    relation: String,
    target: usize,
    depth: usize,
    signals: String,
    start: usize,
}

struct Reader {
    document: GumDocument,
    entity: String,
    brackets: Brackets,
    /// The label that each bracket was opened with, by the entity's name: the latest says most.
    labels: HashMap<(String, usize), String>,
    units: Vec<Unit>,
    separator: &'static str,
    /// The number of the last word of a contraction, and what follows it.
    contraction: Option<(usize, &'static str)>,
    /// The line at which the document begins.
    line: usize,
}

impl Reader {
    fn new(id: String, entity: &str) -> Self {
        Self {
            document: GumDocument { id, ..GumDocument::default() },
            entity: entity.to_owned(),
            brackets: Brackets::default(),
            labels: HashMap::new(),
            units: Vec::new(),
            separator: "",
            contraction: None,
            line: 0,
        }
    }

    /// Reads the line of a word.
    fn word(&mut self, line: &str) -> Option<()> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, form, .., misc] = columns[..] else { return None };
        if columns.len() != 10 {
            return None;
        }
        let after = if misc.split('|').any(|it| it == "SpaceAfter=No") { "" } else { " " };
        if let Some((_, last)) = id.split_once('-') {
            // The words of a contraction are tokens each, and nothing stands between them.
            self.contraction = Some((last.parse().ok()?, after));
            return Some(());
        }
        if id.contains('.') {
            return Some(());
        }
        let number: usize = id.parse().ok()?;
        let at = self.document.words.len();
        self.document.words.push(self.separator, form);
        self.separator = match self.contraction {
            Some((last, _)) if number < last => "",
            Some((last, after)) if number == last => after,
            _ => after,
        };
        for (name, value) in misc.split('|').filter_map(|it| it.split_once('=')) {
            match name {
                "Entity" => self.entities(value, at),
                "Discourse" => self.units.extend(value.split(';').filter_map(|it| unit(it, at))),
                _ => {}
            }
        }
        Some(())
    }

    fn entities(&mut self, brackets: &str, at: usize) {
        let group = self.part("GRP").unwrap_or(0);
        let name = |label: &str| label.split('-').nth(group).unwrap_or(label).to_owned();
        for label in brackets.split('(').skip(1) {
            let label = label.split([')', '|']).next().unwrap_or(label);
            self.labels.insert((name(label), at), label.to_owned());
        }
        self.brackets.token(brackets, at, name);
    }

    /// Where a part of an entity's label stands.
    fn part(&self, name: &str) -> Option<usize> {
        self.entity.split('-').position(|it| it == name)
    }

    fn finish(mut self, file: &Place, context: &Context<'_>, found: &mut Collector) {
        if self.document.words.len() == 0 {
            return;
        }
        self.document.words.end_instance();
        let (etype, identity) = (self.part("etype").unwrap_or(1), self.part("identity").unwrap_or(usize::MAX));
        for (entity, start, end) in std::mem::take(&mut self.brackets.mentions) {
            let label = self.labels.get(&(entity.clone(), start)).map(String::as_str).unwrap_or_default();
            // The identity is the last part and may hold hyphens itself.
            let wiki = label.splitn(identity.saturating_add(1), '-').nth(identity).unwrap_or_default();
            let wiki = wiki.replace("%28", "(").replace("%29", ")").replace("%2C", ",").replace("%2D", "-");
            let kind = label.split('-').nth(etype).and_then(kind);
            self.document.mentions.push(Mention { entity, kind, wiki, start, end });
        }
        self.document.attributions = cited(&self.units, self.document.words.len());
        self.document.finish(&file.at_line(self.line), context, found);
    }
}

/// The unit that begins at a token: `relation:number->target:depth:signals`, or `ROOT:number:depth`.
fn unit(value: &str, start: usize) -> Option<Unit> {
    let mut parts = value.splitn(4, ':');
    let (relation, edge) = (parts.next()?, parts.next()?);
    let (number, target) = edge.split_once("->").unwrap_or((edge, "0"));
    let depth = parts.next().and_then(|it| it.parse().ok()).unwrap_or(0);
    Some(Unit {
        number: number.parse().ok()?,
        relation: relation.to_owned(),
        target: target.parse().ok()?,
        depth,
        signals: parts.next().unwrap_or_default().to_owned(),
        start,
    })
}

/// The attributions among the relations of the units of a document of `length` tokens.
fn cited(units: &[Unit], length: usize) -> Vec<Cited> {
    let mut starts: Vec<usize> = units.iter().map(|it| it.start).collect();
    starts.sort_unstable();
    starts.dedup();
    let range = |unit: &Unit| {
        let next = starts.partition_point(|start| *start <= unit.start);
        unit.start..starts.get(next).copied().unwrap_or(length)
    };
    let by_number: HashMap<usize, &Unit> = units.iter().map(|it| (it.number, it)).collect();
    let mut below: HashMap<usize, Vec<&Unit>> = HashMap::new();
    for unit in units {
        below.entry(unit.target).or_default().push(unit);
    }
    let content = |attribution: &Unit| {
        let mut tokens = Vec::new();
        let mut seen = std::collections::HashSet::from([attribution.number]);
        let mut todo: Vec<&Unit> = by_number.get(&attribution.target).copied().into_iter().collect();
        while let Some(unit) = todo.pop() {
            if !seen.insert(unit.number) {
                continue;
            }
            tokens.extend(range(unit));
            let whole = unit.number != attribution.target;
            let hanging = below.get(&unit.number).into_iter().flatten();
            todo.extend(hanging.filter(|it| whole || it.depth < attribution.depth));
        }
        tokens
    };
    let attributions = units.iter().filter(|it| it.relation.starts_with("attribution"));
    attributions
        .map(|it| Cited {
            content: content(it),
            cue: signal(&it.signals, "lex-indwd", length),
            source: signal(&it.signals, "sem-atsrc", length),
        })
        .collect()
}

/// The tokens of a signal such as `sem-atsrc-244-247` or `lex-indwd-3,5`, which counts them from 1.
fn signal(signals: &str, name: &str, length: usize) -> Vec<usize> {
    let lists = signals.split('+').filter_map(|it| it.strip_prefix(name)?.strip_prefix('-'));
    let mut tokens = Vec::new();
    for range in lists.flat_map(|list| list.split(',')) {
        let mut ends = range.split('-').filter_map(|it| it.parse::<usize>().ok());
        let Some(first) = ends.next() else { continue };
        let last = ends.next().unwrap_or(first).min(length);
        tokens.extend((first.max(1)..=last).map(|it| it - 1));
    }
    tokens
}
