//! PDNC's protocol (Vishnubhotla et al. 2022, 2023): the speakers of quotations by how the text tells them.
//!
//! - **accuracy**: of all gold quotations that are explicit (their speaker is named beside them), anaphoric (a pronoun or a
//!   description is) or implicit (nobody is), the share with the right speaker; one that is not found (content IoU above
//!   ½, one to one) is wrong.
//! - **accuracy of found**: the same over those that were found. Published figures are of systems that are given the
//!   quotations, so this is the one to put beside them.
//!
//! "all" are the quotations of the three sorts. Whom a system means is a matter of characters, not of the form of a name:
//! its speaker is the character whose names, of those that PDNC lists, most of the speaker's mentions are, the title before a
//! mention taken with it; "Mrs Norris" and "Norris" are one name where nobody else in the book has it. Without such a mention the speaker's own name decides.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::Protocol;
use crate::document::{Byte, Span};
use crate::eval::case::{Case, Item};
use crate::eval::tally::{Counts, Measure};
use crate::eval::{Naming, names};

/// See the module.
pub struct Pdnc;

impl Protocol for Pdnc {
    fn name(&self) -> &'static str {
        "pdnc"
    }

    fn definition(&self) -> &'static str {
        "speaker accuracy over explicit, anaphoric and implicit quotations, of all and of those found"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::share("explicit", "accuracy"),
                Measure::share("explicit", "accuracy of found"),
                Measure::share("anaphoric", "accuracy"),
                Measure::share("anaphoric", "accuracy of found"),
                Measure::share("implicit", "accuracy"),
                Measure::share("implicit", "accuracy of found"),
                Measure::share("all", "accuracy"),
                Measure::share("all", "accuracy of found"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let scope = case.scope;
        let told = case.gold.items.iter().any(|item| item.labels.naming.is_some());
        if !(scope.speakers && scope.contents && scope.relations && told) {
            return None;
        }
        let cast = Cast::new(case);
        let mut rows = vec![Counts::default(); 8];
        for (g, item) in case.gold.items.iter().enumerate() {
            let Some(naming) = item.labels.naming else { continue };
            let group = match naming {
                Naming::Explicit => 0,
                Naming::Anaphoric => 2,
                Naming::Implicit => 4,
            };
            let right = case.found(g).is_some_and(|predicted| cast.is_right(case, item, predicted));
            let right = usize::from(right);
            for row in [group, 6] {
                rows[row] += Counts::share(right, 1);
                rows[row + 1] += Counts::share(right, usize::from(case.found(g).is_some()));
            }
        }
        Some(rows)
    }
}

/// Which character each predicted speaker is.
struct Cast {
    /// By the number of the predicted speaker.
    characters: Vec<Option<usize>>,
}

impl Cast {
    fn new(case: &Case<'_>) -> Self {
        let bearers = Bearers::new(case);
        let text = &case.document.text;
        let character = |mentions: &[Span<Byte>]| {
            let mut votes: HashMap<usize, usize> = HashMap::new();
            for bearer in mentions.iter().filter_map(|mention| bearers.at(text, *mention)) {
                *votes.entry(bearer).or_default() += 1;
            }
            votes.into_iter().max_by_key(|&(bearer, count)| (count, Reverse(bearer))).map(|(bearer, _)| bearer)
        };
        Self { characters: case.predicted.speakers.iter().map(|it| character(&it.mentions)).collect() }
    }

    fn is_right(&self, case: &Case<'_>, gold: &Item<'_>, predicted: &Item<'_>) -> bool {
        let character = predicted.labels.speaker.and_then(|speaker| *self.characters.get(speaker)?);
        match character {
            Some(character) => gold.labels.speaker == Some(character),
            None => case.is_same_speaker(gold, predicted),
        }
    }
}

/// The only character of each name, `None` where several have it.
struct Bearers(HashMap<String, Option<usize>>);

impl Bearers {
    fn new(case: &Case<'_>) -> Self {
        let (mut whole, mut bare) = (HashMap::new(), HashMap::new());
        for (number, character) in case.gold.speakers.iter().enumerate() {
            for name in &character.names {
                let key = names::key(name);
                let untitled = untitled(&key).to_owned();
                for (map, key) in [(&mut whole, key), (&mut bare, untitled)] {
                    let bearer = map.entry(key).or_insert(Some(number));
                    *bearer = bearer.filter(|it| *it == number);
                }
            }
        }
        // A name as it is listed says more than one without its title.
        bare.extend(whole);
        Self(bare)
    }

    /// The bearer of the name that is mentioned here, with the title before it or without.
    fn at(&self, text: &str, mention: Span<Byte>) -> Option<usize> {
        let name = mention.get(text)?;
        let before = text.get(..mention.start)?.split_whitespace().next_back();
        let title = before.filter(|word| TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str()));
        let titled = title.and_then(|title| self.0.get(&names::key(&format!("{title} {name}"))).copied().flatten());
        titled.or_else(|| self.of(name))
    }

    fn of(&self, name: &str) -> Option<usize> {
        let key = names::key(name);
        let bearer = self.0.get(&key).or_else(|| self.0.get(untitled(&key)));
        bearer.copied().flatten()
    }
}

/// Titles that stand before a name.
const TITLES: [&str; 12] =
    ["mr", "mrs", "miss", "ms", "dr", "sir", "lady", "lord", "madame", "mademoiselle", "monsieur", "captain"];

/// A name without the title that it begins with.
fn untitled(key: &str) -> &str {
    key.split_once(' ').filter(|(first, _)| TITLES.contains(first)).map_or(key, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};

    #[test]
    fn worked_example() {
        let text = "x".repeat(60);
        let of = |start: usize, speaker, naming| Attribution {
            speaker: Some(speaker),
            naming,
            ..attribution(&[(start, start + 8)], &[], &[])
        };
        use Naming::{Anaphoric, Explicit, Implicit};
        let mut gold = labelled(
            &text,
            vec![
                of(0, 0, Some(Explicit)),
                of(10, 0, Some(Explicit)),
                of(20, 0, Some(Anaphoric)),
                of(30, 0, Some(Implicit)),
                of(40, 0, None),
            ],
        );
        gold.speakers = vec![speaker(&["Emma Hale", "Emma"])];
        // Right, missed, wrong, right; the fifth is not asked.
        let mut predicted = labelled(&text, vec![of(0, 0, None), of(20, 1, None), of(30, 0, None), of(40, 0, None)]);
        predicted.speakers = vec![speaker(&["Emma"]), speaker(&["Ruth"])];
        let rows = Pdnc.tally(&Case::new(&gold, &predicted)).unwrap();
        let expected = [(1, 2), (1, 1), (0, 1), (0, 1), (1, 1), (1, 1), (2, 4), (2, 3)];
        assert_eq!(rows, expected.map(|(right, all)| Counts::share(right, all)));
        gold.attributions.iter_mut().for_each(|it| it.naming = None);
        assert_eq!(Pdnc.tally(&Case::new(&gold, &predicted)), None);
    }

    #[test]
    fn a_speaker_is_the_character_whose_names_most_of_its_mentions_are() {
        let text = "Mrs Norris met Ann Lee. Norris and Lee, and Mr Lee, left.";
        let gold_cast = vec![speaker(&["Mrs. Norris"]), speaker(&["Ann Lee", "Ann"]), speaker(&["Mr. Lee"])];
        let gold = |who| {
            let said =
                Attribution { speaker: Some(who), naming: Some(Naming::Explicit), ..attribution(&[(0, 9)], &[], &[]) };
            let mut gold = labelled(text, vec![said]);
            gold.speakers = gold_cast.clone();
            gold
        };
        let at = |word: &str| text.rfind(word).map(|start| Span::new(start, start + word.len())).unwrap();
        let cases = [
            ("without its title", "Norris", vec!["Norris"], 0, true),
            ("another's", "Norris", vec!["Norris"], 1, false),
            ("most mentions", "Lee", vec!["Ann Lee", "Mrs Norris", "Ann"], 1, true),
            ("a title that tells two apart", "Lee", vec!["Mr Lee"], 2, true),
            ("no mention that is listed", "Ann", vec!["left"], 1, true),
        ];
        for (case, name, mentions, who, right) in cases {
            let (gold, said) = (gold(who), Attribution { speaker: Some(0), ..attribution(&[(0, 9)], &[], &[]) });
            let mut predicted = labelled(text, vec![said]);
            predicted.speakers = vec![speaker(&[name])];
            predicted.speakers[0].mentions = mentions.into_iter().map(at).collect();
            let rows = Pdnc.tally(&Case::new(&gold, &predicted)).unwrap();
            assert_eq!(rows[0], Counts::share(usize::from(right), 1), "{case}");
        }
    }
}
