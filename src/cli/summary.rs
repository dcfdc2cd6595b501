//! What a run came to, for people.

use std::fmt::Write;

use indicatif::{HumanCount, HumanDuration};

use super::account::Account;

/// Speakers that are named.
const SPEAKERS: usize = 5;

/// "3,120 statements in 1,000 documents; 2 failed"
pub fn line(account: &Account) -> String {
    let counts = &account.counts;
    let mut line =
        format!("{} in {}", counted(counts.statements.all(), "statement"), counted(counts.documents, "document"));
    if counts.failed > 0 {
        // Writing to a string does not fail.
        let _ = write!(line, "; {} failed", HumanCount(counts.failed));
    }
    if counts.passed_over.all() > 0 {
        let _ = write!(line, "; {} passed over", counted(counts.passed_over.all(), "record"));
    }
    line
}

/// The lines below that one: statements by mode, speakers, times. The time may be that of several starts.
pub fn details(account: &Account) -> String {
    let statements = &account.counts.statements;
    let modes = [("direct", statements.direct), ("mixed", statements.mixed), ("indirect", statements.indirect)];
    let modes = modes.map(|(mode, count)| format!("{} {mode}", HumanCount(count)));
    let about = if account.speakers.missing() > 0 { "at least " } else { "" };
    let speakers: Vec<_> = account.speakers.top(SPEAKERS);
    let speakers: Vec<_> =
        speakers.iter().map(|(name, count)| format!("{name} {about}{}", HumanCount(*count))).collect();
    let rows = [
        ("statements", modes.join(" · ")),
        ("speakers", speakers.join(" · ")),
        ("passed over", passed_over(account)),
        ("time", time(account)),
        ("stages", stages(account)),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    rows.map(|(name, value)| format!("  {name:<12}{value}\n")).collect()
}

/// "12 that are no responses · 3 without success · 4 that are no HTML"
fn passed_over(account: &Account) -> String {
    let records = &account.counts.passed_over;
    let sorts = [
        (records.other_records, "that are no responses"),
        (records.unsuccessful, "without success"),
        (records.not_html, "that are no HTML"),
    ];
    let found = sorts.into_iter().filter(|(count, _)| *count > 0);
    let found: Vec<_> = found.map(|(count, what)| format!("{} {what}", HumanCount(count))).collect();
    found.join(" · ")
}

/// "2 minutes on 2 threads: 10.9 documents/s, 11,800 tokens/s"
fn time(account: &Account) -> String {
    let (times, counts) = (&account.times, &account.counts);
    if times.seconds <= 0.0 {
        return String::new();
    }
    let spent = HumanDuration(std::time::Duration::from_secs_f64(times.seconds));
    format!(
        "{spent} on {}: {:.1} documents/s, {} tokens/s",
        counted(times.threads as u64, "thread"),
        counts.documents as f64 / times.seconds,
        HumanCount((counts.tokens as f64 / times.seconds) as u64),
    )
}

/// "reading 1 % · layout 9 % …": shares of the time that all threads spent.
fn stages(account: &Account) -> String {
    let stages = account.times.stages.named();
    let all: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
    if all <= 0.0 {
        return String::new();
    }
    let shares: Vec<_> =
        stages.iter().map(|(name, seconds)| format!("{name} {:.0} %", 100.0 * seconds / all)).collect();
    shares.join(" · ")
}

/// "1 document", "1,000 documents"
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", HumanCount(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        let mut account = Account::default();
        account.counts.documents = 1000;
        account.counts.statements.direct = 1200;
        account.counts.statements.indirect = 1;
        account.counts.tokens = 1_000_000;
        account.times.seconds = 100.0;
        account.times.threads = 2;
        account.times.stages.encoder = 150.0;
        account.times.stages.layout = 50.0;
        ["Holm", "Pinto", "Holm"].into_iter().for_each(|name| account.speakers.add(name));
        account
    }

    #[test]
    fn a_line_says_what_was_found_and_what_failed() {
        let mut account = account();
        assert_eq!(line(&account), "1,201 statements in 1,000 documents");
        account.counts.failed = 2;
        assert_eq!(line(&account), "1,201 statements in 1,000 documents; 2 failed");
        account.counts.passed_over.not_html = 1;
        assert_eq!(line(&account), "1,201 statements in 1,000 documents; 2 failed; 1 record passed over");
    }

    #[test]
    fn details_are_rows() {
        let expected = "  \
  statements  1,200 direct · 0 mixed · 1 indirect
  speakers    Holm 2 · Pinto 1
  time        2 minutes on 2 threads: 10.0 documents/s, 10,000 tokens/s
  stages      reading 0 % · layout 25 % · encoder 75 % · decoding 0 % · linking 0 % · writing 0 %
";
        assert_eq!(details(&account()), expected);
        let mut account = account();
        (account.counts.passed_over.other_records, account.counts.passed_over.not_html) = (1200, 3);
        let row = "\n  passed over 1,200 that are no responses · 3 that are no HTML\n";
        assert!(details(&account).contains(row), "{}", details(&account));
        assert_eq!(details(&Account::default()), "  statements  0 direct · 0 mixed · 0 indirect\n");
    }
}
