//! How well `dixit consolidate` finds copies: makes statements of which it is known which are copies of one another,
//! consolidates them, and prints the recall and the precision of pairs, and the time.
//!
//! ```sh
//! cargo run --release --example copies -- 100000
//! ```
//!
//! Words are drawn at random by frequency (Zipf). A quotation has 5 to 40 words and 1 to 42 statements; one quotation in
//! twelve begins with one of twenty stock phrases. Of the copies some are whole, some have other marks, some are edited
//! (a word in a dozen), some are trimmed, to five words at least. Whoever trims a quotation to its stock phrase leaves
//! something that nobody can tell from another's, so those statements are counted separately.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::time::Instant;

use dixit::consolidate::{Consolidated, Gathering, Prepared, consolidate};
use dixit::corpus::annotated::{Annotated, Speaker, Statement};
use dixit::speakers::SpeakerType;
use dixit::statement::Mode;
use fastrand::Rng;

/// Statements of a document.
const A_DOCUMENT: usize = 8;

/// How a statement came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Copy {
    Whole,
    Marks,
    Edited,
    Trimmed,
    /// Trimmed so far that little more than a stock phrase is left.
    Phrase,
}

/// A statement, and the number of the quotation that it was made of.
struct Made {
    content: String,
    speaker: usize,
    quotation: usize,
    copy: Copy,
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = env::args().nth(1).unwrap_or_else(|| "100000".to_owned()).parse()?;
    let mut rng = Rng::with_seed(7);
    let mut made = statements(&mut rng, count);
    rng.shuffle(&mut made);
    let begun = Instant::now();
    let mut gathering = Gathering::default();
    for (at, said) in made.chunks(A_DOCUMENT).enumerate() {
        gathering.add(Prepared::from(document(at, said)));
    }
    let gathered = begun.elapsed();
    let consolidated = consolidate(gathering);
    println!("{count} statements, {} groups", consolidated.quotations.len());
    println!("{:.1} s to take them in, {:.1} s in all", gathered.as_secs_f64(), begun.elapsed().as_secs_f64());
    measure(&consolidated, &made);
    Ok(())
}

/// Words by frequency: the first is drawn most often.
fn word(rng: &mut Rng) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "co", "di", "fe", "ga", "hu", "ja", "ki", "lo", "ma", "ne", "po", "ra", "si", "tu", "ve"];
    const WORDS: f64 = 30_000.0;
    // Zipf's law with an exponent of 1.
    let mut rank = WORDS.powf(rng.f64()) as usize;
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[rank % SYLLABLES.len()]);
        rank /= SYLLABLES.len();
        if rank == 0 {
            return word;
        }
    }
}

fn statements(rng: &mut Rng, count: usize) -> Vec<Made> {
    let phrases: Vec<Vec<String>> = (0..20).map(|_| (0..8).map(|_| word(rng)).collect()).collect();
    let mut made = Vec::with_capacity(count);
    for quotation in 0.. {
        let mut words: Vec<String> = (0..rng.usize(5..=40)).map(|_| word(rng)).collect();
        let phrase = if rng.u8(0..12) == 0 { phrases[rng.usize(0..phrases.len())].clone() } else { Vec::new() };
        words.splice(0..0, phrase.iter().cloned());
        let speaker = rng.usize(0..count / 20 + 1);
        // Most are said once or twice, few in very many documents.
        let copies = (42.0_f64.powf(rng.f64() * rng.f64()) + 0.5) as usize;
        for at in 0..copies {
            if made.len() == count {
                return made;
            }
            let (content, copy) =
                if at == 0 { (words.join(" "), Copy::Whole) } else { copied(rng, &words, phrase.len()) };
            made.push(Made { content, speaker, quotation, copy });
        }
    }
    made
}

/// A copy of a quotation that begins with a stock phrase of so many words.
fn copied(rng: &mut Rng, words: &[String], phrase: usize) -> (String, Copy) {
    let mut words = words.to_vec();
    match rng.u8(0..10) {
        0..3 => (words.join(" "), Copy::Whole),
        3..5 => (format!("“{}.”", words.join(" ")), Copy::Marks),
        5..7 => {
            for _ in 0..words.len().div_ceil(12) {
                let at = rng.usize(0..words.len());
                match rng.u8(0..3) {
                    0 => drop(words.remove(at)),
                    1 => words.insert(at, word(rng)),
                    _ => words[at] = word(rng),
                }
            }
            (words.join(" "), Copy::Edited)
        }
        _ => {
            let keep = rng.usize(5..=words.len().max(6) - 1).min(words.len());
            let from = if rng.bool() { 0 } else { rng.usize(0..=words.len() - keep) };
            let copy = if from + keep <= phrase + 2 && from < phrase { Copy::Phrase } else { Copy::Trimmed };
            (words[from..from + keep].join(" "), copy)
        }
    }
}

fn document(at: usize, said: &[Made]) -> Annotated {
    let speaker = |number: u32, it: &Made| Speaker {
        number,
        name: format!("Given{} Name{}", it.speaker % 97, it.speaker),
        kind: SpeakerType::Person,
        titles: Vec::new(),
    };
    let statement = |(at, it): (usize, &Made)| Statement {
        number: number(at),
        content: it.content.clone(),
        mode: Mode::Direct,
        speaker: Some(at),
        confidence: 0.8,
    };
    Annotated {
        id: format!("{at:08}"),
        statements: said.iter().enumerate().map(statement).collect(),
        speakers: said.iter().enumerate().map(|(at, it)| speaker(number(at), it)).collect(),
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

/// Pairs of so many.
fn pairs(count: usize) -> f64 {
    (count as f64) * (count as f64 - 1.0) / 2.0
}

fn measure(found: &Consolidated, made: &[Made]) {
    // Documents are sorted by id, which is the order in which they were made.
    let of = |at: usize| {
        let member = &found.statements[at];
        &made[member.document * A_DOCUMENT + member.number as usize - 1]
    };
    for (name, counts) in [
        ("all statements", &(|_: Copy| true) as &dyn Fn(Copy) -> bool),
        ("but for stock phrases", &|copy| copy != Copy::Phrase),
    ] {
        let (mut together, mut right, mut largest, mut mixed) = (0.0, 0.0, 0, 0);
        for it in &found.quotations {
            let mut sizes: HashMap<usize, usize> = HashMap::new();
            let members = it.statements.clone().map(of).filter(|it| counts(it.copy));
            members.for_each(|it| *sizes.entry(it.quotation).or_default() += 1);
            let size = sizes.values().sum();
            together += pairs(size);
            right += sizes.values().map(|it| pairs(*it)).sum::<f64>();
            largest = largest.max(size);
            mixed += usize::from(sizes.len() > 1);
        }
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        made.iter().filter(|it| counts(it.copy)).for_each(|it| *sizes.entry(it.quotation).or_default() += 1);
        let all: f64 = sizes.values().map(|it| pairs(*it)).sum();
        println!("{name}: recall of pairs {:.2} %, precision {:.2} %", 100.0 * right / all, 100.0 * right / together);
        println!(
            "  largest group {largest}; groups of several quotations {mixed}; largest quotation {}",
            sizes.values().max().unwrap_or(&0)
        );
    }
    by_copy(found, made, of);
}

/// How many of each sort of copies are in the group of their quotation's first statement, or another whole one.
fn by_copy<'m>(found: &Consolidated, made: &[Made], of: impl Fn(usize) -> &'m Made) {
    let mut home: HashMap<usize, HashMap<usize, usize>> = HashMap::new();
    for (at, member) in found.statements.iter().enumerate() {
        *home.entry(of(at).quotation).or_default().entry(member.quotation).or_default() += 1;
    }
    let home: HashMap<usize, usize> = home
        .into_iter()
        .filter_map(|(quotation, groups)| Some((quotation, groups.into_iter().max_by_key(|it| (it.1, it.0))?.0)))
        .collect();
    let mut counts: HashMap<Copy, (usize, usize)> = HashMap::new();
    for (at, member) in found.statements.iter().enumerate() {
        let it = of(at);
        let count = counts.entry(it.copy).or_default();
        count.0 += usize::from(home.get(&it.quotation) == Some(&member.quotation));
        count.1 += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    for (copy, (at_home, all)) in counts {
        println!(
            "  {copy:?}: {:.2} % of {all} in the largest group of their quotation",
            100.0 * at_home as f64 / all as f64
        );
    }
    println!("  {} quotations made", made.iter().map(|it| it.quotation).max().map_or(0, |it| it + 1));
}
