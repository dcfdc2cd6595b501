//! Grouping of hand-written cases, and what holds of every corpus.

use proptest::prelude::*;

use super::{Consolidated, Gathering, Prepared, consolidate};
use crate::corpus::annotated::{Annotated, Speaker, Statement};
use crate::speakers::SpeakerType;
use crate::statement::Mode;

/// A document: its id, and for each statement the speaker ("Name" or "title|Name"), and the content.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)]);

fn document((id, said): Case<'_>) -> Annotated {
    let mut speakers: Vec<Speaker> = Vec::new();
    let statements = (1..).zip(said).map(|(number, (named, content))| {
        let (title, name) = named.split_once('|').unwrap_or(("", named));
        let speaker = (!name.is_empty()).then(|| {
            speakers.iter().position(|it| it.name == name).unwrap_or_else(|| {
                let kind = kind_of(name);
                let titles = if title.is_empty() { Vec::new() } else { vec![title.to_owned()] };
                let number = u32::try_from(speakers.len()).unwrap() + 1;
                speakers.push(Speaker { number, name: name.to_owned(), kind, titles });
                speakers.len() - 1
            })
        });
        Statement { number, content: (*content).to_owned(), mode: Mode::Direct, speaker, confidence: 0.8 }
    });
    let statements = statements.collect();
    Annotated { id: id.to_owned(), statements, speakers }
}

fn kind_of(name: &str) -> SpeakerType {
    match name {
        _ if name.contains("Department") || name.contains("Service") || name.contains("Agency") => {
            SpeakerType::Organization
        }
        "FSS" | "Acme" | "Acme Inc." => SpeakerType::Organization,
        "officials" => SpeakerType::Group,
        _ => SpeakerType::Person,
    }
}

fn of(documents: impl IntoIterator<Item = Annotated>) -> Consolidated {
    let mut gathering = Gathering::default();
    documents.into_iter().for_each(|it| gathering.add(Prepared::from(it)));
    consolidate(gathering)
}

fn consolidated(cases: &[Case<'_>]) -> Consolidated {
    of(cases.iter().map(|case| document(*case)))
}

/// The names that each speaker goes by, joined by `=`, and all of them sorted.
fn names(consolidated: &Consolidated) -> Vec<String> {
    let mut all: Vec<String> = consolidated
        .speakers
        .iter()
        .map(|it| {
            let mut names: Vec<_> = it.variants.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.join("=")
        })
        .collect();
    all.sort_unstable();
    all
}

const WALL: &str = "We will rebuild the harbour wall before the winter storms arrive";
const TALKS: &str = "There has been some modest progress in the talks with the delegation";

#[test]
fn copies_of_a_quotation_are_one() {
    for (case, a, b, expected) in [
        ("equal", ("Ana Roe", WALL), ("Ana Roe", WALL), 1),
        ("another speaker", ("Ana Roe", WALL), ("Jon Lund", WALL), 1),
        ("marks and case", ("Ana Roe", "“Go home, all of you!”"), ("Ana Roe", "'go home: ALL of you'"), 1),
        ("an edit", ("", WALL), ("", "We'll rebuild the harbor wall before winter storms arrive"), 2),
        ("one word of eleven", ("", WALL), ("", "We will rebuild the harbor wall before the winter storms arrive"), 1),
        ("trimmed at its end", ("", WALL), ("", "“We will rebuild the harbour wall before the winter”"), 1),
        ("trimmed at its beginning", ("", WALL), ("", "the harbour wall before the winter storms arrive"), 1),
        ("few words, one speaker", ("Ana Roe", WALL), ("Ana Roe", "rebuild the harbour wall before"), 1),
        ("few words, two speakers", ("Ana Roe", WALL), ("Jon Lund", "rebuild the harbour wall before"), 2),
        (
            "few words, one changed",
            ("Ana Roe", "we have waited long enough"),
            ("Ana Roe", "we have waited quite enough"),
            1,
        ),
        (
            "few words, one changed, two speakers",
            ("Ana Roe", "we have waited long enough"),
            ("Jon Lund", "we have waited quite enough"),
            2,
        ),
        ("short, one speaker", ("Ana Roe", "“Never.”"), ("Ana Roe", "never"), 1),
        ("short, two speakers", ("Ana Roe", "Never"), ("Jon Lund", "Never"), 2),
        ("short, nobody", ("", "Never"), ("", "Never"), 2),
        ("short, edited", ("Ana Roe", "Never ever again"), ("Ana Roe", "Never again"), 2),
        (
            "denied",
            ("Ana Roe", WALL),
            ("Ana Roe", "We will not rebuild the harbour wall before the winter storms arrive"),
            2,
        ),
        (
            "another number",
            ("", "The plant will make 300 buses in the first year"),
            ("", "The plant will make 500 buses in the first year"),
            2,
        ),
        ("something else", ("Ana Roe", WALL), ("Ana Roe", TALKS), 2),
        ("marks only", ("", "…"), ("", "…"), 2),
    ] {
        let found = consolidated(&[("a", &[a]), ("b", &[b])]);
        assert_eq!(found.quotations.len(), expected, "{case}: {:?}", found.quotations);
    }
}

#[test]
fn a_phrase_in_two_quotations_does_not_make_them_one() {
    let found = consolidated(&[
        ("a", &[("Ana Roe", "I am proud of what this team has done and the coach deserves every bit of praise")]),
        ("b", &[("Jon Lund", "After so many injuries I am proud of what this team has done away from home")]),
        ("c", &[("Jon Lund", "I am proud of what this team has done")]),
    ]);
    let sizes: Vec<_> = found.quotations.iter().map(|it| (it.statements.len(), it.content.contains("away"))).collect();
    assert_eq!(sizes, [(2, true), (1, false)]);
}

#[test]
fn speakers_are_merged_on_evidence_only() {
    let cases: [(&str, &[Case<'_>], &[&str]); 16] = [
        (
            "equal names",
            &[("a", &[("Ned Price", "One")]), ("b", &[("Dr. Ned Price", "Two")])],
            &["Dr. Ned Price=Ned Price"],
        ),
        (
            "other given names",
            &[("a", &[("Ned Price", WALL)]), ("b", &[("Ann Price", WALL)])],
            &["Ann Price", "Ned Price"],
        ),
        (
            "middle names",
            &[("a", &[("Robert Gabriel Okello", "One")]), ("b", &[("Robert Okello", "Two")])],
            &["Robert Gabriel Okello=Robert Okello"],
        ),
        (
            "middle names of two",
            &[
                ("a", &[("Robert Gabriel Okello", "1")]),
                ("b", &[("Robert Okello", "2")]),
                ("c", &[("Robert Jan Okello", "3")]),
            ],
            &["Robert Gabriel Okello", "Robert Jan Okello", "Robert Okello"],
        ),
        ("a surname alone", &[("a", &[("Ned Price", "One")]), ("b", &[("Price", "Two")])], &["Ned Price", "Price"]),
        ("a surname, one quotation", &[("a", &[("Ned Price", WALL)]), ("b", &[("Price", WALL)])], &["Ned Price=Price"]),
        (
            "a surname, one title",
            &[
                ("a", &[("State Department spokesman|Ned Price", "One")]),
                ("b", &[("State Department spokesman|Price", "Two")]),
            ],
            &["Ned Price=Price"],
        ),
        (
            "a surname, one affiliation",
            &[
                ("a", &[("State Department spokesman|Ned Price", "One")]),
                ("b", &[("senior State Department official|Price", "Two")]),
            ],
            &["Ned Price=Price"],
        ),
        (
            "a surname of two, one title",
            &[("a", &[("mayor|Ned Price", "1")]), ("b", &[("mayor|Price", "2")]), ("c", &[("actor|Ann Price", "3")])],
            &["Ann Price", "Ned Price", "Price"],
        ),
        (
            "a surname of two, who both say it",
            &[("a", &[("Ned Price", WALL)]), ("b", &[("Price", WALL)]), ("c", &[("Ann Price", WALL)])],
            &["Ann Price", "Ned Price", "Price"],
        ),
        (
            "a man is no woman",
            &[("a", &[("Mr|Ned Price", WALL)]), ("b", &[("Mrs|Price", WALL)])],
            &["Ned Price", "Price"],
        ),
        (
            "a copy of the text",
            &[
                ("a", &[("Ned Price", "One"), ("Ana Roe", WALL), ("Ana Roe", TALKS)]),
                ("b", &[("Price", "Two"), ("Ana Roe", WALL), ("Ana Roe", TALKS)]),
            ],
            &["Ana Roe", "Ned Price=Price"],
        ),
        (
            "told apart by a document",
            &[("a", &[("Ned Price", WALL)]), ("b", &[("Ned Price", TALKS), ("Price", WALL)])],
            &["Ned Price", "Price"],
        ),
        (
            "bodies",
            &[
                ("a", &[("State Department", "1"), ("Federal Security Service", "2"), ("Acme", "3")]),
                ("b", &[("Department of State", "1"), ("FSS", "2"), ("Acme Inc.", "3")]),
            ],
            &["Acme=Acme Inc.", "Department of State=State Department", "FSS=Federal Security Service"],
        ),
        ("the unnamed", &[("a", &[("officials", "One")]), ("b", &[("officials", "Two")])], &["officials", "officials"]),
        ("the unnamed in copies", &[("a", &[("officials", WALL)]), ("b", &[("officials", WALL)])], &["officials"]),
    ];
    for (case, documents, expected) in cases {
        assert_eq!(names(&consolidated(documents)), expected, "{case}");
    }
}

#[test]
fn the_result_is_numbered_and_counted() {
    let found = consolidated(&[
        ("z", &[("spokesman|Ned Price", WALL)]),
        ("b", &[("Price", WALL), ("Ana Roe", "Never")]),
        ("a", &[("Jon Lund", "rebuild the harbour wall before the winter storms arrive")]),
    ]);
    let wall = &found.quotations[0];
    assert_eq!((wall.content.as_str(), wall.documents, wall.statements.clone()), (WALL, 3, 0..3));
    assert_eq!(&*found.documents[wall.first_document], "z");
    let speaker = &found.speakers[wall.speaker.unwrap()];
    assert_eq!(
        (speaker.name.as_str(), speaker.statements, speaker.quotations, speaker.documents),
        ("Ned Price", 2, 1, 2)
    );
    assert_eq!(speaker.variants, [("Ned Price".to_owned(), 1), ("Price".to_owned(), 1)]);
    assert_eq!(speaker.titles, ["spokesman"]);
    let own: Vec<_> = found.statements.iter().map(|it| found.speakers[it.speaker.unwrap()].name.as_str()).collect();
    assert_eq!(own, ["Jon Lund", "Ned Price", "Ned Price", "Ana Roe"]);
}

fn corpus() -> impl Strategy<Value = Vec<Annotated>> {
    const SPEAKERS: [&str; 6] = ["", "Ned Price", "Price", "mayor|Price", "Ann Price", "officials"];
    const WORDS: [&str; 10] = ["we", "will", "not", "sell", "the", "harbour", "wall", "3", "5", "now"];
    let content = prop_oneof![
        prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..12).prop_map(|it| it.join(" ")),
        prop::sample::select(vec![WALL.to_owned(), TALKS.to_owned(), WALL[8..50].to_owned(), WALL.to_uppercase()]),
    ];
    let statement = (prop::sample::select(SPEAKERS.to_vec()), content);
    let documents = prop::collection::vec(prop::collection::vec(statement, 0..4), 0..8);
    documents.prop_map(|all| {
        let built = all.iter().enumerate().map(|(at, said)| {
            let said: Vec<_> = said.iter().map(|(speaker, content)| (*speaker, content.as_str())).collect();
            document((&format!("d{at}"), &said))
        });
        built.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_statement_is_in_one_quotation(documents in corpus()) {
        let count: usize = documents.iter().map(|it| it.statements.len()).sum();
        let found = of(documents);
        prop_assert_eq!(found.statements.len(), count);
        let mut next = 0;
        for (at, quotation) in found.quotations.iter().enumerate() {
            prop_assert_eq!(quotation.statements.start, next);
            prop_assert!(found.statements[quotation.statements.clone()].iter().all(|it| it.quotation == at));
            prop_assert!(!quotation.statements.is_empty());
            next = quotation.statements.end;
        }
        prop_assert_eq!(next, count);
        let mut seen: Vec<_> = found.statements.iter().map(|it| (it.document, it.number)).collect();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), count);
    }

    #[test]
    fn the_order_of_documents_changes_nothing_but_which_is_first(documents in corpus(), seed in any::<u64>()) {
        let mut shuffled = documents.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        let unordered = |mut it: Consolidated| {
            it.quotations.iter_mut().for_each(|it| it.first_document = 0);
            it
        };
        prop_assert_eq!(unordered(of(documents)), unordered(of(shuffled)));
    }

    #[test]
    fn equal_contents_are_one_quotation(documents in corpus()) {
        let text = |document: &str, number: u32| {
            let document = documents.iter().find(|it| it.id == document).unwrap();
            super::words::normal(&document.statements[number as usize - 1].content)
        };
        let found = of(documents.clone());
        let mut of_text = std::collections::HashMap::new();
        for it in &found.statements {
            let words = text(&found.documents[it.document], it.number);
            if words.split(' ').count() >= super::likeness::SHORT {
                prop_assert_eq!(*of_text.entry(words).or_insert(it.quotation), it.quotation);
            }
        }
    }
}
