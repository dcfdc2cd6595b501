//! `dixit annotate`: documents in, statements out.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, ColorChoice, ValueHint};
use dixit::corpus::{self, Failure, Input, Reader, Source, confidence};
use dixit::eval::write::brat::Folder;
use dixit::pipeline::Annotator;
use dixit::run::{self, PartSize, RunError, Settings};

use super::account::{Account, chained};
use super::delivery::{Delivery, Stream, write_failure};
use super::engine::Engine;
use super::format::{Format, Look};
use super::input as reading;
use super::job::{Earlier, Fingerprint, Job, Recipe, Start, Target};
use super::output::{Output, folder_of};
use super::report::Report;
use super::telling::Telling;

/// Find the statements of documents.
///
/// A plain text file is one document. Its id is its path below the folder that holds all the input, without ".txt":
/// "a" for news/a.txt alone or for the folder news, "2024/a" for the folders news/2023 and news/2024 together. The text
/// is taken as it stands, with a byte order mark and CR LF line ends if it has them; offsets count its code points.
///
/// A JSONL file is one document a line: an object with "text" and "id" (if that is missing, the file's name and the
/// line's number). All other fields come out again after dixit's own; "statements" and "speakers" come out as
/// "input_statements" and "input_speakers". A CSV, TSV, Parquet or Arrow file is one document a row, its columns like the
/// fields of JSONL.
///
/// Of a web page (HTML, or a response in a WARC archive) the article is the document. Offsets refer to the article's
/// text, which comes out in the field "text" of JSONL output.
///
/// All of them may be compressed (gzip, zstd, bzip2, xz) or lie in a zip archive, which is read as a folder is. Text that
/// is not UTF-8 is decoded; offsets refer to the decoded text.
///
/// Of a folder, all files in it and in the folders below are read whose names speak of one of these formats (*.txt,
/// *.jsonl, *.csv, *.parquet, *.html, *.warc.gz, …), sorted by name, except hidden ones, READMEs and *.gold.jsonl.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Annotate {
    /// Files and folders to read; - is standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Write to this file, which appears when it is complete; or, to an existing folder or with a slash at the end, parts
    /// of a thousand documents into this folder
    ///
    /// A run that was cut off leaves FILE.partial or DIR/.partial; --resume goes on with it. Beside the output appears a
    /// manifest (FILE.manifest.json, DIR/manifest.json) that says what it was made of and how.
    #[arg(short, long, value_name = "FILE|DIR/", value_hint = ValueHint::AnyPath)]
    output: Option<PathBuf>,

    /// Go on with a run that was cut off; from the beginning if there is none
    ///
    /// The result is the same, byte by byte, as if it had not been cut off. Input, model and options must be the same.
    #[arg(long, requires = "output", conflicts_with = "overwrite")]
    resume: bool,

    /// Throw away what an earlier run to the same output has left
    #[arg(long, requires = "output")]
    overwrite: bool,

    /// What to write [default: pretty on a terminal, csv, parquet or arrow for an output file so called,
    /// otherwise jsonl]
    #[arg(short, long, value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    input: reading::Input,

    /// Leave out statements with less confidence than this, from 0 to 1
    #[arg(long, value_name = "X", value_parser = parse_confidence, default_value = "0")]
    min_confidence: f64,

    #[command(flatten)]
    engine: Engine,

    /// Also write the documents that failed to this file, as JSONL: id, place, reason, mend [default: errors.jsonl in an
    /// output folder, otherwise none]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    errors: Option<PathBuf>,

    #[command(flatten)]
    telling: Telling,

    /// Documents in a part
    #[arg(long, hide = true, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), default_value_t = PartSize::default().documents)]
    part_documents: u64,

    /// Bytes of input in a part
    #[arg(long, hide = true, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), default_value_t = PartSize::default().bytes)]
    part_bytes: u64,

    /// Colours in pretty output; auto heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
}

const EXAMPLES: &str = "\
Examples:
  dixit annotate article.txt
  dixit annotate articles/ -o statements.jsonl --errors failed.jsonl
  dixit annotate 2023/ 2024/ more.jsonl -o statements.csv --min-confidence 0.8
  dixit annotate news.parquet --text-column body --id-column url -o statements.jsonl
  dixit annotate CC-NEWS-20240502.warc.gz -o statements.jsonl
  dixit annotate archive/ -o statements/ --resume --log json 2> log.jsonl
  dixit annotate articles/ | jq -r '.statements[] | [.speaker.name, .content[0].text] | @tsv'
  curl -s https://example.org/story.html | dixit annotate -";

/// A confidence from 0 to 1.
pub fn parse_confidence(argument: &str) -> Result<f64, String> {
    let number = argument.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "not a number from 0 to 1".to_owned())
}

impl Annotate {
    /// Annotates; 1 is the exit status if some documents failed, 2 if there are none.
    pub fn run(self) -> Result<ExitCode> {
        self.telling.begin();
        self.engine.check()?;
        let target = self.target()?;
        let mut sources = corpus::find(&self.paths, self.input.options().format);
        if let Some(target) = target.as_ref().filter(|_| self.resume) {
            // A run that was cut off at its very end has left them among the input.
            for left in target.leaves() {
                let is_left = is_same_file(&left);
                sources.retain(|source| !source.as_ref().is_ok_and(&is_left));
            }
        }
        self.check_targets(&sources)?;
        if sources.iter().all(Result::is_err) {
            self.fail_all(&sources)?;
            return Ok(ExitCode::from(2));
        }
        let account = match target {
            _ if self.format == Some(Format::Brat) => self.brat(sources)?,
            None => self.stream(sources)?,
            Some(target) => self.job(target, sources)?,
        };
        Ok(if account.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// The file or folder to write to; `None` for standard output, devices and pipes.
    fn target(&self) -> Result<Option<Target>> {
        if self.output.is_some() && self.output == self.errors {
            bail!("--output and --errors name the same file; give them two");
        }
        if let Some(errors) = self.errors.as_deref().filter(|it| !folder_of(it).is_dir()) {
            let folder = folder_of(errors).display();
            bail!("cannot write {}: there is no folder {folder}; create it first", errors.display());
        }
        let Some(output) = &self.output else { return Ok(None) };
        if self.format == Some(Format::Brat) {
            return Ok(None);
        }
        let target = Target::new(output, self.format, self.errors.as_deref())?;
        if target.is_none() && self.resume {
            bail!("{} is written to as a stream, which cannot be gone on with; leave out --resume", output.display());
        }
        Ok(target)
    }

    fn fail_all(&self, sources: &[Result<Source, Failure>]) -> Result<()> {
        let report = Report::new(self.telling, &Account::default());
        let mut errors = self.errors_file()?;
        for failure in sources.iter().filter_map(|source| source.as_ref().err()) {
            report.failed(failure);
            errors.as_mut().map_or(Ok(()), |file| write_failure(file, failure))?;
        }
        Ok(())
    }

    fn errors_file(&self) -> Result<Option<File>> {
        let create = |path: &PathBuf| File::create(path).with_context(|| format!("cannot write {}", path.display()));
        self.errors.as_ref().map(create).transpose()
    }

    /// Annotates to standard output, a device or a pipe.
    fn stream(&self, sources: Vec<Result<Source, Failure>>) -> Result<Account> {
        let annotator = self.engine.annotator()?;
        let errors = self.errors_file()?;
        let mut output = self.output.as_deref().map_or_else(|| Ok(Output::stdout()), Output::file)?;
        let format = self.format.or_else(|| self.output.as_deref().map(Format::of_name));
        let format = format.unwrap_or(if self.writes_to_terminal() { Format::Pretty } else { Format::Jsonl });
        let writer = format.writer(Box::new(&mut output), false, self.look()).context("cannot write the output")?;
        let (account, report) = self.through(Stream::new(writer, errors), sources, &annotator)?;
        output.commit().context("cannot write the output")?;
        report.finish(&account, false);
        Ok(account)
    }

    /// Annotates into a folder of brat's files. A document is a pair of files, so there are no parts to go on with.
    fn brat(&self, sources: Vec<Result<Source, Failure>>) -> Result<Account> {
        let Some(path) = &self.output else { bail!("brat needs a folder; name one with --output") };
        if self.resume || self.overwrite {
            bail!("brat's folder is written anew each time; leave out --resume and --overwrite");
        }
        if path.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} is not empty; name a new folder", path.display());
        }
        let annotator = self.engine.annotator()?;
        let folder = Folder::create(path).with_context(|| format!("cannot write into {}", path.display()))?;
        let stream = Stream::new(Box::new(folder), self.errors_file()?);
        let (account, report) = self.through(stream, sources, &annotator)?;
        report.finish(&account, true);
        Ok(account)
    }

    /// Annotates to a stream, from the first document to the last.
    fn through(
        &self,
        mut stream: Stream<'_>,
        sources: Vec<Result<Source, Failure>>,
        annotator: &Annotator,
    ) -> Result<(Account, Report)> {
        let mut account = Account::default();
        account.times.threads = self.engine.threads().get();
        let report = self.report(&account, &sources);
        let mut reader = Reader::new(sources, self.input.options());
        self.annotate(&mut reader, annotator, &mut stream, &mut account, &report)?;
        stream.finish()?;
        Ok((account, report))
    }

    /// Annotates to a file or folder, in parts.
    fn job(&self, target: Target, sources: Vec<Result<Source, Failure>>) -> Result<Account> {
        let annotator = self.engine.annotator()?;
        let recipe = self.recipe(&target, &sources)?;
        let earlier = match (self.resume, self.overwrite) {
            (true, _) => Earlier::Resume,
            (_, true) => Earlier::Overwrite,
            _ => Earlier::Keep,
        };
        let name = target.output.display().to_string();
        let mut job = match Job::start(target, recipe, earlier, self.engine.threads().get(), self.look())? {
            Start::Open(job) => *job,
            Start::Complete(account) => {
                let report = Report::new(self.telling, &account);
                report.complete(&name, &account);
                return Ok(*account);
            }
        };
        let mut account = job.account().clone();
        let report = self.report(&account, &sources);
        let mut reader = Reader::new(sources, self.input.options());
        skip(&mut reader, &account)?;
        report.begin_at(reader.meter().bytes());
        let done = self.annotate(&mut reader, &annotator, &mut job, &mut account, &report);
        if let Err(error) = done {
            return Err(error.context(format!("the run broke off ({})", job.kept())));
        }
        let kept = job.kept();
        job.finish(&account).with_context(|| format!("the run broke off at its end ({kept})"))?;
        report.finish(&account, true);
        Ok(account)
    }

    /// What the output depends on.
    fn recipe(&self, target: &Target, sources: &[Result<Source, Failure>]) -> Result<Recipe> {
        let mut options: BTreeMap<String, String> =
            self.engine.options().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        options.extend(self.input.described().into_iter().map(|(name, value)| (name.to_owned(), value)));
        for (name, value) in [
            ("format", target.format.name().to_owned()),
            ("min-confidence", self.min_confidence.to_string()),
            ("part-documents", self.part_documents.to_string()),
            ("part-bytes", self.part_bytes.to_string()),
        ] {
            options.insert(name.to_owned(), value);
        }
        if target.format == Format::Pretty {
            options.insert("color".to_owned(), self.look().coloured.to_string());
        }
        let paths = self.paths.iter().map(|path| path.display().to_string()).collect();
        Ok(Recipe {
            dixit: env!("CARGO_PKG_VERSION").to_owned(),
            model: self.engine.model_id()?,
            options,
            input: Fingerprint::of(paths, sources),
        })
    }

    /// Tells of a run that goes on after what `account` counts.
    fn report(&self, account: &Account, sources: &[Result<Source, Failure>]) -> Report {
        let mut report = Report::new(self.telling, account);
        if self.telling.shows_progress() && !self.writes_to_terminal() {
            report.show_progress(total_size(sources));
        }
        report.started(self.engine.threads().get(), &self.engine.name());
        report
    }

    /// Takes what `reader` gives through the annotator; counts it, tells of it and delivers it.
    fn annotate(
        &self,
        reader: &mut Reader,
        annotator: &Annotator,
        delivery: &mut dyn Delivery,
        account: &mut Account,
        report: &Report,
    ) -> Result<()> {
        let settings = Settings {
            part: PartSize { documents: self.part_documents, bytes: self.part_bytes },
            chunks: account.chunks,
            threads: self.engine.threads(),
        };
        let (begin, before) = (Instant::now(), account.times.seconds);
        let annotate = |documents: &[_]| annotator.annotate_measured(documents);
        let meter = reader.meter();
        // The reader is ahead: for each document on its way, how far it was when it had read it.
        let (sender, positions) = mpsc::channel();
        let mut position = 0;
        let reader = reader.inspect(|_| {
            // Nobody listens after the end.
            let _ = sender.send(meter.bytes());
        });
        let result = run::run(reader, annotate, settings, |chunk| -> Result<()> {
            account.chunk(&chunk);
            for outcome in chunk.documents {
                account.read(&outcome);
                position = positions.recv().unwrap_or(position);
                match outcome.result {
                    Ok((document, annotation)) => {
                        let annotation = confidence::at_least(annotation, self.min_confidence);
                        account.annotated(&annotation);
                        let begin = Instant::now();
                        delivery.write(&document, &annotation)?;
                        account.wrote(begin.elapsed());
                    }
                    Err(failure) => {
                        account.failed();
                        report.failed(&failure);
                        delivery.failed(&failure)?;
                    }
                }
            }
            account.times.seconds = before + begin.elapsed().as_secs_f64();
            if chunk.ends_part {
                delivery.end_part(account)?;
                report.part(account);
            }
            report.advance(account, position);
            Ok(())
        });
        account.passed_over(meter.passed_over());
        match result {
            Ok(()) => Ok(()),
            Err(RunError::Stopped(error)) => Err(error),
            Err(RunError::Threads(error)) => Err(error).context("cannot start the threads; try fewer with --threads"),
        }
    }

    /// Refuses to write over the input, or into it.
    fn check_targets(&self, sources: &[Result<Source, Failure>]) -> Result<()> {
        for target in [&self.output, &self.errors].into_iter().flatten() {
            if sources.iter().flatten().any(is_same_file(target)) {
                bail!("{} is also an input, which would be lost; write to another file", target.display());
            }
        }
        let folder = self.output.as_deref().filter(|it| it.is_dir()).and_then(|it| it.canonicalize().ok());
        let inside = |input: &&PathBuf| {
            let input = input.canonicalize().ok().filter(|it| it.is_dir());
            folder.as_ref().zip(input).is_some_and(|(folder, input)| folder.starts_with(input))
        };
        if let Some(input) = self.paths.iter().find(inside) {
            let input = input.display();
            bail!(
                "the output folder is in {input}, where its parts would be read as documents; write to another folder"
            );
        }
        Ok(())
    }

    fn writes_to_terminal(&self) -> bool {
        self.output.is_none() && io::stdout().is_terminal()
    }

    fn look(&self) -> Look {
        // Lines of more than a hundred columns are hard to read.
        let width = if self.writes_to_terminal() { textwrap::termwidth().min(100) } else { 80 };
        let coloured = match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                self.output.is_none() && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
            }
        };
        Look { width, coloured }
    }
}

/// Reads what an earlier run has done, and makes sure that it is the same.
fn skip(reader: &mut Reader, done: &Account) -> Result<()> {
    let fingerprints = reader.take(usize::try_from(done.items())?).map(|item| run::fingerprint(&item));
    if fingerprints.fold(0, chained) != done.fingerprint {
        bail!("the documents that were annotated are no longer what they were; start anew with --overwrite");
    }
    Ok(())
}

/// The bytes to read, if that is known of all the sources.
fn total_size(sources: &[Result<Source, Failure>]) -> Option<u64> {
    sources.iter().flatten().map(Source::size).sum()
}

/// Tells whether a source is the file `target`.
fn is_same_file(target: &Path) -> impl Fn(&Source) -> bool {
    let target = target.canonicalize().ok();
    move |source| {
        let (Some(target), Input::File(input)) = (&target, &source.input) else { return false };
        // The names are compared first because they cost nothing: a folder may hold a million files.
        target.file_name() == input.file_name() && input.canonicalize().is_ok_and(|input| input == *target)
    }
}
