//! The command line: one file a subcommand.

mod account;
mod annotate;
mod compare;
mod consolidate;
mod convert;
mod delivery;
mod engine;
mod evaluate;
mod format;
mod input;
mod job;
mod output;
mod report;
mod scoring;
mod summary;
mod tables;
mod tally;
mod telling;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Finds who said what in news text.
///
/// dixit marks every attributed statement of a text, quoted or not: what is said, the words that signal it, who is named
/// as its source, and which speaker that is.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dixit annotate article.txt                          show the statements of one article
  dixit annotate articles/ -o statements.jsonl        annotate all documents below a folder
  dixit annotate articles.jsonl -o statements.csv     write a table, one row a statement
  dixit annotate archive/ -o statements/ --resume     write parts; go on where an earlier run was cut off
  zcat articles.jsonl.gz | dixit annotate -           read standard input
  dixit consolidate statements.jsonl --quotations q.csv --speakers s.csv
                                                      find the same quotations and speakers in them
  dixit convert polnear/ -o polnear.gold.jsonl        turn labels of another format into dixit's
  dixit evaluate dev.gold.jsonl                       score dixit against labels
  dixit compare a.jsonl b.jsonl --gold dev.gold.jsonl tell whether two systems differ

Exit status: 0 if every document was annotated, 1 if some failed, 2 if nothing could be done.";

#[derive(Debug, Subcommand)]
enum Command {
    Annotate(annotate::Annotate),
    Consolidate(consolidate::Consolidate),
    Convert(convert::Convert),
    Evaluate(evaluate::Evaluate),
    Compare(compare::Compare),
}

impl Cli {
    /// Does what the command line asks; an error is what made it impossible.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Annotate(annotate) => annotate.run(),
            Command::Consolidate(consolidate) => consolidate.run(),
            Command::Convert(convert) => convert.run(),
            Command::Evaluate(evaluate) => evaluate.run(),
            Command::Compare(compare) => compare.run(),
        }
    }
}

/// Says something to the user on standard error.
pub fn say(message: fmt::Arguments<'_>) {
    if telling::is_logged() {
        tracing::error!("{message}");
        return;
    }
    // Who closes standard error does not want to hear it.
    let _ = writeln!(io::stderr(), "dixit: {message}");
}
