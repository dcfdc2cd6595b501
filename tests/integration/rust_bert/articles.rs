//! News made from patterns, in any amount: the same for the same numbers.

const FIRST: [&str; 16] = [
    "Adaeze", "Bram", "Corinne", "Dmitri", "Elif", "Fintan", "Gudrun", "Hamid", "Ingrid", "Jovan", "Keiko", "Luca",
    "Mireille", "Nnamdi", "Oksana", "Pilar",
];
const LAST: [&str; 16] = [
    "Abara",
    "Brankovic",
    "Castellane",
    "Dunmore",
    "Eriksen",
    "Fazekas",
    "Grimaldi",
    "Hollis",
    "Ibarra",
    "Jensen-Ray",
    "Kovalenko",
    "Lindgren",
    "Mbeki-Stone",
    "Novak",
    "O'Rourke",
    "Petrov",
];
const ROLE: [&str; 14] = [
    "the transport minister",
    "a nurse at the district hospital",
    "head of the growers' union",
    "the club's captain",
    "a spokeswoman for the port",
    "the opposition leader",
    "chief executive of Tarn Foods",
    "a retired judge",
    "the county sheriff",
    "an economist at Veld Bank",
    "the museum's director",
    "a ferry passenger",
    "the school's principal",
    "president of the chamber",
];
const BODY: [&str; 10] = [
    "the Interior Ministry",
    "Tarn Foods",
    "the union",
    "the regional court",
    "a government report",
    "the coastguard",
    "two officials familiar with the talks",
    "residents",
    "the central bank",
    "the Daily Ledger",
];
const CLAIM: [&str; 18] = [
    "the dam would hold through the winter",
    "prices had risen by 7.5 percent since March",
    "nobody had been told about the closure",
    "the contract was signed in 2019",
    "talks could resume as early as Tuesday",
    "the fire began in a storage room",
    "wages should be frozen for a year",
    "the bridge needed new cables",
    "three of the five tests had failed",
    "the law was never meant for small farms",
    "her office had received no complaint",
    "the ferry was carrying too many cars",
    "a second vote was out of the question",
    "the team had earned its place",
    "most of the money was gone",
    "the old mill should be kept",
    "drivers were still waiting for an answer",
    "the plan would cost $40 million",
];
const SPEECH: [&str; 16] = [
    "We were not asked",
    "It is a disgrace",
    "I have seen this before, and it ended badly",
    "Nobody wins here",
    "The numbers speak for themselves",
    "You can't run a town on promises",
    "This is the last warning",
    "We will appeal, of course",
    "My children grew up on this street",
    "There is no plan B",
    "I slept in the car for two nights",
    "That is simply not true",
    "They knew in April",
    "We need doctors, not brochures",
    "It felt like a small earthquake",
    "Ask me again in a year",
];
const VERB: [&str; 12] = [
    "said",
    "told reporters",
    "added",
    "insisted",
    "warned",
    "admitted",
    "wrote in a letter",
    "claimed",
    "argued",
    "recalled",
    "announced",
    "told the committee",
];
const THOUGHT: [&str; 6] = ["believes", "hopes", "fears", "had expected", "doubts", "thinks"];
const SCENE: [&str; 10] = [
    "Rain fell on the harbour for a third day.",
    "The hearing lasted four hours.",
    "About 200 people gathered outside the town hall.",
    "Shares of the company fell 3 percent.",
    "The road has been closed since Sunday night.",
    "Police cordoned off the square.",
    "A decision is due next month.",
    "The match ended 2-2.",
    "Two schools stayed shut on Monday.",
    "The report runs to 114 pages.",
];

/// A linear congruential generator: poor, and enough to vary text.
struct Choice(u64);

impl Choice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end
    }

    fn of<'s>(&mut self, list: &[&'s str]) -> &'s str {
        list[self.below(list.len())]
    }
}

/// Article `number`: a headline, and paragraphs of one to three sentences.
pub fn article(number: u64) -> String {
    let mut choice = Choice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let people: Vec<(String, &str)> =
        (0..3).map(|_| (format!("{} {}", choice.of(&FIRST), choice.of(&LAST)), choice.of(&ROLE))).collect();
    let mut paragraphs = vec![capital(choice.of(&CLAIM))];
    for _ in 0..6 + choice.below(8) {
        let sentences: Vec<String> = (0..1 + choice.below(3)).map(|_| sentence(&mut choice, &people)).collect();
        paragraphs.push(sentences.join(" "));
    }
    paragraphs.join("\n\n")
}

fn sentence(choice: &mut Choice, people: &[(String, &str)]) -> String {
    let (name, role) = &people[choice.below(people.len())];
    let surname = name.rsplit(' ').next().unwrap();
    let (open, close) = [("“", "”"), ("\"", "\"")][choice.below(2)];
    let (verb, claim, speech, more) = (choice.of(&VERB), choice.of(&CLAIM), choice.of(&SPEECH), choice.of(&SPEECH));
    let body = choice.of(&BODY);
    match choice.below(14) {
        0 => choice.of(&SCENE).to_owned(),
        1 => format!("{open}{speech},{close} {verb} {name}, {role}."),
        2 => format!("{open}{speech},{close} {surname} {verb}. {open}{more}.{close}"),
        3 => format!("{open}{speech},{close} she {verb}, {open}and {}.{close}", lower(more)),
        4 => format!("{name}, {role}, {verb} that {claim}."),
        5 => format!("{} {verb} that {claim}, but declined to say more.", capital(body)),
        6 => format!("According to {body}, {claim}."),
        7 => format!("{}, {body} {verb}.", capital(claim)),
        8 => format!("{surname} {} that {claim}.", choice.of(&THOUGHT)),
        9 => format!("He described the offer as {open}{}{close} and {verb} {claim}.", lower(speech)),
        10 => format!("Asked about the delay, {surname} {verb}: {open}{speech}. {more}.{close}"),
        11 => format!("{} denied that {claim}.", capital(body)),
        12 => format!("{open}{speech}!{close} shouted {role}. {}", choice.of(&SCENE)),
        _ => format!("{} In a statement, {body} called it {open}{}{close}.", choice.of(&SCENE), lower(more)),
    }
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

fn lower(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_lowercase() + rest
}
