//! The result: quotations with their speakers, speakers with their names, numbered in their order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::gathered::{Gathered, Statement};
use super::vote::vote;
use super::{Consolidated, Member, Quotation, Speaker};
use crate::speakers::{SpeakerType, alone};
use crate::statement::Mode;

/// Puts in order what belongs together: `speaker_of` says of each local speaker which one leads its set, `quotation_of`
/// the same of each statement.
pub(super) fn consolidated(gathered: Gathered, speaker_of: &[u32], quotation_of: &[u32]) -> Consolidated {
    let (mut speakers, speaker_at) = speakers(&gathered, speaker_of);
    let own = |it: &Statement| it.local.and_then(|local| speaker_at.get(&speaker_of[local as usize]).copied());
    let mut order: Vec<u32> = (0..).take(gathered.statements.len()).collect();
    order.sort_by_key(|&at| quotation_of[at as usize]);
    let mut groups: Vec<(Quotation, &[u32])> = order
        .chunk_by(|&a, &b| quotation_of[a as usize] == quotation_of[b as usize])
        .map(|group| (quotation(&gathered, group, &own), group))
        .collect();
    // Statements come in the order of their documents' ids, so the first of a group tells equals apart.
    groups.sort_by(|(a, members), (b, others)| {
        let size = |it: &Quotation, members: &[u32]| Reverse((it.documents, members.len()));
        let key = size(a, members).cmp(&size(b, others));
        key.then_with(|| a.content.cmp(&b.content)).then_with(|| members[0].cmp(&others[0]))
    });
    let mut quotations = Vec::with_capacity(groups.len());
    let mut statements = Vec::with_capacity(order.len());
    for (at, (mut quotation, group)) in groups.into_iter().enumerate() {
        quotation.statements = statements.len()..statements.len() + group.len();
        if let Some(speaker) = quotation.speaker {
            speakers[speaker].quotations += 1;
        }
        statements.extend(group.iter().map(|&it| {
            let it = &gathered.statements[it as usize];
            let (document, confidence) = (it.document as usize, it.confidence);
            Member { document, number: it.number, quotation: at, speaker: own(it), confidence }
        }));
        quotations.push(quotation);
    }
    let documents = gathered.documents.into_iter().map(|it| it.id).collect();
    Consolidated { quotations, speakers, statements, documents }
}

/// The quotation that these statements are.
fn quotation(gathered: &Gathered, group: &[u32], own: &impl Fn(&Statement) -> Option<usize>) -> Quotation {
    let members = || group.iter().map(|&at| &gathered.statements[at as usize]);
    let vote = vote(members().map(|it| (own(it).and_then(|own| u32::try_from(own).ok()), it.confidence)));
    let words = |content: u32| gathered.contents[content as usize].words.len();
    let content = members().map(|it| it.content).max_by_key(|&it| (words(it), Reverse(it))).unwrap_or_default();
    let modes = [Mode::Direct, Mode::Mixed, Mode::Indirect];
    let used = |mode: Mode| members().filter(|it| it.content == content && it.mode == mode).count();
    let mode = modes.into_iter().max_by_key(|&mode| (used(mode), Reverse(mode))).unwrap_or(Mode::Direct);
    let mut documents: Vec<u32> = members().map(|it| it.document).collect();
    documents.dedup();
    let first = documents.iter().copied().min_by_key(|&it| gathered.documents[it as usize].place);
    Quotation {
        content: gathered.contents[content as usize].text.to_string(),
        mode,
        speaker: vote.speaker.map(|it| it as usize),
        confidence: vote.confidence,
        documents: documents.len(),
        first_document: first.unwrap_or_default() as usize,
        statements: 0..0,
    }
}

/// What is known of one speaker while its documents are gone through.
struct Sheet {
    kind: SpeakerType,
    /// How many documents use each name and each title; by index into the strings.
    names: BTreeMap<u32, usize>,
    titles: BTreeMap<u32, usize>,
    statements: usize,
    documents: usize,
    last_document: Option<u32>,
}

/// The speakers who make statements, and by the leaders of their sets their indices.
fn speakers(gathered: &Gathered, speaker_of: &[u32]) -> (Vec<Speaker>, HashMap<u32, usize>) {
    let mut sheets: BTreeMap<u32, Sheet> = BTreeMap::new();
    let mut counts = vec![0_usize; gathered.locals.len()];
    gathered.statements.iter().filter_map(|it| it.local).for_each(|local| counts[local as usize] += 1);
    for ((local, &leader), &statements) in gathered.locals.iter().zip(speaker_of).zip(&counts) {
        if statements == 0 {
            continue;
        }
        let sheet = sheets.entry(leader).or_insert_with(|| Sheet {
            kind: local.kind,
            names: BTreeMap::new(),
            titles: BTreeMap::new(),
            statements: 0,
            documents: 0,
            last_document: None,
        });
        *sheet.names.entry(local.name).or_default() += 1;
        local.titles.iter().for_each(|title| *sheet.titles.entry(*title).or_default() += 1);
        sheet.statements += statements;
        // Local speakers come by document.
        sheet.documents += usize::from(sheet.last_document.replace(local.document) != Some(local.document));
    }
    let mut named: Vec<(u32, Speaker)> =
        sheets.into_iter().map(|(leader, sheet)| (leader, speaker(gathered, sheet))).collect();
    named.sort_by(|(x, a), (y, b)| {
        let size = |it: &Speaker| Reverse((it.statements, it.documents));
        size(a).cmp(&size(b)).then_with(|| (&a.name, a.kind, x).cmp(&(&b.name, b.kind, y)))
    });
    let at = named.iter().enumerate().map(|(at, (leader, _))| (*leader, at)).collect();
    (named.into_iter().map(|(_, it)| it).collect(), at)
}

fn speaker(gathered: &Gathered, sheet: Sheet) -> Speaker {
    let text = |at: u32| gathered.strings[at as usize].to_string();
    let by_use = |uses: &BTreeMap<u32, usize>| {
        let mut all: Vec<(u32, usize)> = uses.iter().map(|(at, count)| (*at, *count)).collect();
        // Strings are numbered in the order of the alphabet.
        all.sort_by_key(|(at, count)| (Reverse(*count), *at));
        all
    };
    let variants = by_use(&sheet.names);
    let rank = |&(at, count): &(u32, usize)| {
        let name = &gathered.strings[at as usize];
        let words = alone::name_words(name, sheet.kind);
        let usual = if sheet.kind == SpeakerType::Person { (words.min(2), count) } else { (0, 0) };
        (usual, words, count, name.len(), Reverse(at))
    };
    let name = variants.iter().max_by_key(|it| rank(it)).map_or(String::new(), |(at, _)| text(*at));
    Speaker {
        name,
        kind: sheet.kind,
        titles: by_use(&sheet.titles).into_iter().map(|(at, _)| text(at)).collect(),
        variants: variants.into_iter().map(|(at, count)| (text(at), count)).collect(),
        statements: sheet.statements,
        quotations: 0,
        documents: sheet.documents,
    }
}
