//! LitBank's quotations (Sims and Bamman 2020): direct speech in novels and who says it.
//!
//! `NAME.txt` has a sentence a line, its tokens with spaces between. `NAME.ann` has two lines a quotation: `QUOTE`, its
//! id, the sentence and the token that it begins and ends with, and its words; `ATTRIB`, its id and its speaker. A
//! speaker `Alice-1` is the chain 1 of `NAME.conll`, which is looked for in the same folder, in `coref/conll` beside
//! `quotations`, and in the folder that is read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::brackets::Brackets;
use super::cast::Cast;
use super::chain;
use super::context::{self, Collector, Context};
use super::positions::mismatch;
use super::tokens;
use super::{Fault, GoldError};
use crate::document::{Byte, Document, Span};
use crate::eval::{Attribution, Labelled, Scope, Speaker, Tokens};
use crate::statement::{Kind, Mode};

const SCOPE: Scope = Scope { indirect: false, cues: false, sources: false, ..Scope::ALL };

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    let root = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    let all = if path.is_dir() { context::files(path, &["ann", "conll"]) } else { vec![path.to_owned()] };
    let (chains, labels): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| context::has_extension(it, &["conll"]));
    let chains: HashMap<String, PathBuf> = chains.into_iter().map(|it| (context::stem(&it), it)).collect();
    for file in labels {
        let chains = chains.get(&context::stem(&file)).cloned().or_else(|| chains_beside(&file, root));
        if let Err(error) = novel(&file, chains.as_deref(), context, found) {
            found.skip(error);
        }
    }
    Ok(())
}

/// The file of chains that belongs to a file of quotations.
fn chains_beside(file: &Path, root: &Path) -> Option<PathBuf> {
    let name = PathBuf::from(format!("{}.conll", context::stem(file)));
    let folders = file.ancestors().skip(1).take(3).flat_map(|it| [it.to_owned(), it.join("coref/conll")]);
    folders.chain([root.join("coref/conll")]).map(|folder| folder.join(&name)).find(|it| it.is_file())
}

fn novel(file: &Path, chains: Option<&Path>, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    let labels = context::file(file)?;
    // LitBank's entities have the same extension and other lines.
    if !labels.is_empty() && !labels.lines().any(|line| line.starts_with("QUOTE\t") || line.starts_with("ATTRIB\t")) {
        return Ok(());
    }
    let place = context::place(file);
    let id = context::stem(file);
    let path = file.with_extension("txt");
    let text = if path.is_file() { context::file(&path)? } else { context.text(&id)? };
    let tokens = sentences(&text);
    let mut cast = Cast::new();
    let mut attributions: Vec<Attribution> = Vec::new();
    let mut numbers = HashMap::new();
    for (at, line) in labels.lines().enumerate() {
        let fields: Vec<_> = line.split('\t').collect();
        let fault = match fields[..] {
            ["QUOTE", id, first, from, last, to, words] => match span(&tokens, [first, from, last, to], words, &text) {
                Ok(span) => {
                    numbers.insert(id.to_owned(), attributions.len());
                    attributions.push(quotation(span));
                    None
                }
                Err(fault) => Some(fault),
            },
            ["ATTRIB", id, speaker] => match numbers.get(id) {
                Some(at) => {
                    let named = || Speaker { names: vec![called(speaker)], ..Speaker::default() };
                    attributions[*at].speaker = Some(cast.index(speaker.to_owned(), named));
                    None
                }
                None => Some(Fault::Dangling(format!("the speaker {speaker}"), id.to_owned())),
            },
            [""] => None,
            _ => Some(Fault::Malformed("neither a QUOTE nor an ATTRIB with its fields".to_owned())),
        };
        if let Some(fault) = fault {
            found.warn(place.at_line(at + 1), fault);
        }
    }
    if let Some(chains) = chains {
        add_mentions(&mut cast, chains, &tokens, &text)?;
    }
    let speakers = cast.speakers;
    let document = Document::new(id, text);
    found.push(context, &place, Labelled { document, scope: SCOPE, attributions, speakers, tokens: Some(tokens) });
    Ok(())
}

fn quotation(content: Span<Byte>) -> Attribution {
    Attribution { content: vec![content], mode: Some(Mode::Direct), kind: Some(Kind::Speech), ..Attribution::default() }
}

/// The tokens of a text with a sentence a line.
fn sentences(text: &str) -> Tokens {
    let mut tokens = Tokens::default();
    let mut start = 0;
    for line in text.split('\n') {
        let first = tokens.spans.len();
        let mut at = start;
        for word in line.split(' ') {
            let span = Span::<Byte>::new(at, at + word.trim_end_matches('\r').len());
            if !span.is_empty() {
                tokens.spans.push(span);
            }
            at += word.len() + 1;
        }
        // Sentences are counted by their lines, so that an empty one counts, too.
        tokens.instances.push(first..tokens.spans.len());
        start += line.len() + 1;
    }
    tokens
}

/// Where a quotation stands: from a token of a sentence to a token, inclusive, of the same or a later one.
fn span(tokens: &Tokens, numbers: [&str; 4], words: &str, text: &str) -> Result<Span<Byte>, Fault> {
    let [first, from, last, to] = numbers.map(|it| it.parse::<usize>().ok());
    let token = |sentence: Option<usize>, token: Option<usize>| {
        let instance = tokens.instances.get(sentence?)?;
        let at = instance.start.checked_add(token?)?;
        (at < instance.end).then_some(at)
    };
    let ends = token(first, from).zip(token(last, to)).filter(|(start, end)| start <= end);
    let (start, end) = ends.ok_or_else(|| Fault::Malformed(format!("no tokens {}", numbers.join(" "))))?;
    let found: Vec<_> = tokens.spans[start..=end].iter().map(|it| it.of(text)).collect();
    if found.join(" ") != words {
        return Err(mismatch(start, end + 1, words, &found.join(" ")));
    }
    tokens::run(&tokens.spans[start..=end]).ok_or(Fault::Malformed("a quotation of nothing".to_owned()))
}

/// The name in a label like `Miss_Watson-26`.
fn called(label: &str) -> String {
    let name = label.rsplit_once('-').map_or(label, |(name, _)| name);
    name.split('_').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The label's name, as the text spells it, before the other names; behind them if it is a pronoun.
fn with_label(label: Vec<String>, mut names: Vec<String>) -> Vec<String> {
    let letters = |name: &str| name.chars().filter(|it| it.is_alphanumeric()).collect::<String>();
    let Some(label) = label.into_iter().next() else { return names };
    match names.iter().position(|name| letters(name) == letters(&label)) {
        Some(at) => names[..=at].rotate_right(1),
        None if !chain::is_pronoun(&label) => names.insert(0, label),
        None if names.is_empty() => names.push(label),
        None => {}
    }
    names
}

/// Gives the speakers the mentions of their chains, and the names therein.
fn add_mentions(cast: &mut Cast<String>, file: &Path, tokens: &Tokens, text: &str) -> Result<(), GoldError> {
    let mut brackets = Brackets::default();
    let lines = context::file(file)?;
    let words = lines.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for (at, line) in words.enumerate() {
        brackets.token(line.rsplit('\t').next().unwrap_or_default(), at, str::to_owned);
    }
    let mut chains: HashMap<&str, Vec<Span<Byte>>> = HashMap::new();
    for (name, start, end) in &brackets.mentions {
        let span = tokens.spans.get(*start..*end).and_then(tokens::run);
        chains.entry(name).or_default().extend(span);
    }
    let labels: Vec<(String, usize)> = cast.keys().map(|(label, at)| (label.clone(), at)).collect();
    for (label, at) in labels {
        let Some(mentions) = label.rsplit_once('-').and_then(|(_, chain)| chains.get(chain)) else { continue };
        let speaker = &mut cast.speakers[at];
        speaker.mentions.clone_from(mentions);
        speaker.mentions.sort();
        let names = chain::names(speaker.mentions.iter().map(|it| it.of(text)));
        speaker.names = with_label(std::mem::take(&mut speaker.names), names);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::eval::gold::testing::{gold, words};

    const TEXT: &str = "“ Fog , ” said Mrs. Holm .\nShe left . “ It rises .\nIt rises ! ”\n";
    const LABELS: &str = "QUOTE\tQ1\t0\t0\t0\t3\t“ Fog , ”\nATTRIB\tQ1\tMrs__Holm-3\n\
                          QUOTE\tQ2\t1\t3\t2\t3\t“ It rises . It rises ! ”\nATTRIB\tQ2\ther-4\n";

    /// The chains of [`TEXT`], a token a line, of which the last column is read.
    fn chains() -> String {
        let tags = ["_", "_", "_", "_", "_", "(3", "3)", "_", "(3)", "_"];
        let tokens = TEXT.split_whitespace().enumerate();
        let lines = tokens.map(|(at, word)| format!("quay\t0\t{at}\t{word}\t{}\n", tags.get(at).unwrap_or(&"_")));
        format!("#begin document (quay); part 0\n{}#end document\n", lines.collect::<String>())
    }

    #[test]
    fn quotations_are_counted_in_sentences_and_tokens() {
        let chains = chains();
        let quotations = [("quotations/tsv/quay.ann", LABELS), ("quotations/tsv/quay.txt", TEXT)];
        let all = [quotations.as_slice(), &[("coref/conll/quay.conll", &chains)]].concat();
        for path in ["", "quotations/tsv", "quotations/tsv/quay.ann"] {
            let (documents, warnings) = gold(&all, path);
            assert_eq!(warnings, [""; 0]);
            let expected = [["“ Fog , ”", "", "", "Mrs. Holm"], ["“ It rises .\nIt rises ! ”", "", "", "her"]];
            assert_eq!(words(&documents[0]), expected);
            assert_eq!(documents[0].speakers[0].mentions.len(), 2);
        }
        let (documents, _) = gold(&quotations, "");
        assert_eq!(documents[0].speakers[0].names, ["Mrs Holm"]);
    }

    #[test]
    fn what_is_wrong_is_located() {
        let cases = [
            (LABELS.replace("“ Fog , ”", "“ Fig , ”"), "quay.ann:1: at 0..4 the labels say \"“ Fig , ”\""),
            (LABELS.replace("\t2\t3\t", "\t2\t9\t"), "quay.ann:3: no tokens 1 3 2 9;"),
            (format!("{LABELS}ATTRIB\tQ7\tx-1\n"), "quay.ann:5: the speaker x-1 refers to Q7, which is not there;"),
            (format!("{LABELS}QUOTE\tQ7\n"), "quay.ann:5: neither a QUOTE nor an ATTRIB"),
        ];
        for (labels, expected) in cases {
            let (documents, warnings) = gold(&[("quay.ann", &labels), ("quay.txt", TEXT)], "");
            assert!(warnings.first().is_some_and(|it| it.starts_with(expected)), "{warnings:?}");
            assert_eq!(documents.len(), 1);
        }
    }
}
