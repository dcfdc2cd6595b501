//! Which statements are one quotation.

use indexmap::IndexSet;

use super::gathered::{Gathered, Lists, small};
use super::likeness::SHORT;
use super::sets::Sets;
use super::{fragments, minhash};
use crate::speakers::alone;

/// Contents that are one quotation, as far as their words alone prove it.
#[derive(Debug)]
pub(super) struct Alike {
    sets: Sets,
    /// Pairs that are one quotation if one speaker makes both.
    weak: Vec<(u32, u32)>,
}

/// Finds the contents that are alike.
pub(super) fn alike(gathered: &Gathered) -> Alike {
    let by_content = by_content(gathered);
    let surnames = surnames(gathered, &by_content);
    let mut sets = Sets::new(gathered.contents.len());
    let mut weak = minhash::join(gathered, &mut sets);
    weak.extend(fragments::join(gathered, &surnames, &by_content, &mut sets));
    Alike { sets, weak }
}

impl Alike {
    /// For each content the first one that is the same quotation, as far as words alone prove it.
    pub fn leaders(&self) -> Vec<u32> {
        self.sets.clone().leaders()
    }

    /// For each statement the first one that is the same quotation, now that the speakers are known: `speaker_of` has
    /// one for each index into [`Gathered::locals`].
    pub fn statements(mut self, gathered: &Gathered, speaker_of: &[u32]) -> Vec<u32> {
        let by_content = by_content(gathered);
        let speaker =
            |statement: u32| gathered.statements[statement as usize].local.map(|local| speaker_of[local as usize]);
        let speakers = |content: u32| {
            let mut all: Vec<u32> = by_content.of(content).iter().filter_map(|&it| speaker(it)).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        for &(a, b) in &self.weak {
            let of_b = speakers(b);
            if speakers(a).iter().any(|it| of_b.binary_search(it).is_ok()) {
                self.sets.join(a, b);
            }
        }
        let leaders = self.sets.leaders();
        let mut statements = Sets::new(gathered.statements.len());
        for content in 0..small(gathered.contents.len()) {
            let said = by_content.of(content);
            if gathered.contents[content as usize].words.len() >= SHORT {
                // Every content of a set has a statement, for contents come from statements.
                let first = by_content.of(leaders[content as usize]).first().or(said.first());
                first.into_iter().for_each(|&first| said.iter().for_each(|&it| statements.join(first, it)));
                continue;
            }
            // "Yes" is the same quotation only from the same mouth.
            let mut named: Vec<(u32, u32)> = said.iter().filter_map(|&it| Some((speaker(it)?, it))).collect();
            named.sort_unstable();
            for pair in named.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                statements.join(pair[0].1, pair[1].1);
            }
        }
        statements.leaders()
    }
}

fn by_content(gathered: &Gathered) -> Lists {
    Lists::new(gathered.contents.len(), gathered.statements.iter().map(|it| Some(it.content)))
}

/// The last words of the names of those who say each content, numbered and sorted.
fn surnames(gathered: &Gathered, by_content: &Lists) -> Vec<Box<[u32]>> {
    let mut known: IndexSet<String> = IndexSet::new();
    let of_string: Vec<u32> = gathered
        .strings
        .iter()
        .map(|name| {
            let folded = alone::folded(name);
            let last = folded.rsplit(' ').next().unwrap_or_default().to_owned();
            small(known.insert_full(last).0)
        })
        .collect();
    let of_content = |content: u32| {
        let locals = by_content.of(content).iter().filter_map(|&it| gathered.statements[it as usize].local);
        let mut all: Vec<u32> = locals.map(|local| of_string[gathered.locals[local as usize].name as usize]).collect();
        all.sort_unstable();
        all.dedup();
        all.into_boxed_slice()
    };
    (0..small(gathered.contents.len())).map(of_content).collect()
}
