//! A run that can be cut off at any moment and gone on with.
//!
//! A run works in a folder of its own. Its results are written in parts; after each, the data are brought to the disk, and
//! then `state`, which says how much of them counts, is replaced as a whole. So what lies there is always a finished number
//! of parts, and perhaps the beginning of another, which is thrown away when the run is gone on with. In the end output,
//! errors and manifest are renamed into their places and the folder is removed; each of these steps may be done again.

mod files;
mod manifest;
mod recipe;
mod state;
mod target;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use dixit::corpus::{Failure, Gathering, Writer};
use dixit::document::Document;
use dixit::statement::Annotation;

use super::account::Account;
use super::delivery::{Delivery, write_failure};
use super::format::Look;
use super::output::{Output, folder_of};
use manifest::Manifest;
pub use recipe::{Fingerprint, ModelId, Recipe};
use state::{Stage, State};
pub use target::Target;

/// What to do with an earlier run to the same target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// Refuse to lose what it has done.
    Keep,
    /// Go on with it.
    Resume,
    /// Throw it away.
    Overwrite,
}

/// What there is to do.
pub enum Start {
    /// Documents are to be annotated.
    Open(Box<Job>),
    /// The run was finished earlier; this is what it had done.
    Complete(Box<Account>),
}

/// A run to a file or folder.
pub struct Job {
    target: Target,
    look: Look,
    state: State,
    errors: BufWriter<File>,
    part: Option<Part>,
    /// Held as long as the run goes on, so that no other works in the same folder.
    _lock: File,
}

/// The part that is being written.
struct Part {
    writer: Box<dyn Writer>,
    file: File,
}

impl Job {
    /// Begins a run, or goes on with it.
    ///
    /// # Errors
    /// If there is an earlier run to the same target that must not be lost, or another than the one to go on with; if
    /// another process works on it; if the files cannot be written.
    pub fn start(target: Target, recipe: Recipe, earlier: Earlier, threads: usize, look: Look) -> Result<Start> {
        let work = target.work();
        let found = files::read_json::<State>(&work.join("state"))
            .context("the journal of an unfinished run is damaged; start anew with --overwrite");
        let found = if earlier == Earlier::Overwrite { None } else { found? };
        if let Some(state) = &found {
            check_same(state, &recipe, earlier, &work)?;
        } else if earlier == Earlier::Resume
            && let Some(account) = completed(&target, &recipe)?
        {
            clear(&work)?;
            return Ok(Start::Complete(Box::new(account)));
        }
        let found = found.filter(|_| earlier == Earlier::Resume);
        if found.is_none() && earlier != Earlier::Overwrite && target.is_folder {
            check_free(&target)?;
        }
        if target.is_folder {
            create_folder(&target.output)?;
        }
        create_folder(&work)?;
        let lock = lock(&work)?;
        let mut state = found.unwrap_or_else(|| State::new(recipe));
        state.account.times.starts += 1;
        state.account.times.threads = threads;
        save(&work, &state)?;
        if state.stage == Stage::Running {
            let errors =
                recover(&target, &state).with_context(|| format!("cannot go on with the run in {}", work.display()))?;
            let errors = BufWriter::new(errors);
            return Ok(Start::Open(Box::new(Self { target, look, state, errors, part: None, _lock: lock })));
        }
        settle(&target, &mut state)?;
        Ok(Start::Complete(Box::new(state.account)))
    }

    /// What the finished parts came to.
    pub fn account(&self) -> &Account {
        &self.state.account
    }

    /// Finishes the last part and puts output, errors and manifest in their places.
    pub fn finish(mut self, account: &Account) -> Result<()> {
        let unfinished = account.items() > self.state.account.items();
        self.state.stage = Stage::Written;
        if unfinished || self.state.parts == 0 {
            self.end_part(account)?;
        } else {
            self.state.account = account.clone();
            save(&self.target.work(), &self.state)?;
        }
        settle(&self.target, &mut self.state)
    }

    /// What is kept of the run if it ends here, and how to go on.
    pub fn kept(&self) -> String {
        let work = self.target.work();
        match self.state.parts {
            0 => "no part was finished yet".to_owned(),
            _ => format!(
                "{} documents are kept in {}; mend it and go on with --resume",
                self.state.account.items(),
                work.display()
            ),
        }
    }

    /// The part that is being written; a new one if there is none.
    fn part(&mut self) -> Result<&mut Part> {
        let part = match self.part.take() {
            Some(part) => part,
            None => self.open_part().context("cannot write the output")?,
        };
        Ok(self.part.insert(part))
    }

    fn open_part(&self) -> io::Result<Part> {
        let appends = self.target.appends();
        let path = self.target.work().join("output");
        let mut file = OpenOptions::new().create(true).write(true).truncate(!appends).open(path)?;
        file.seek(SeekFrom::End(0))?;
        let output = Box::new(BufWriter::new(file.try_clone()?));
        let writer = self.target.format.writer(output, appends && self.state.parts > 0, self.look)?;
        Ok(Part { writer, file })
    }
}

impl Delivery for Job {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> Result<()> {
        self.part()?.writer.write(document, annotation).context("cannot write the output")
    }

    fn failed(&mut self, failure: &Failure) -> Result<()> {
        write_failure(&mut self.errors, failure)
    }

    fn end_part(&mut self, account: &Account) -> Result<()> {
        self.part()?;
        let Some(Part { mut writer, file }) = self.part.take() else { return Ok(()) };
        let output = self.target.work().join("output");
        let size = writer.finish().and_then(|()| {
            drop(writer);
            file.sync_all()?;
            Ok(file.metadata()?.len())
        });
        let size = size.context("cannot write the output")?;
        drop(file);
        self.errors.flush().and_then(|()| self.errors.get_ref().sync_all()).context("cannot write the errors file")?;
        if self.target.appends() {
            self.state.output_bytes = size;
        } else {
            files::rename(&output, &self.target.part(self.state.parts)).context("cannot write the output")?;
            self.state.output_bytes += size;
        }
        self.state.parts += 1;
        self.state.errors_bytes = self.errors.get_ref().metadata().context("cannot write the errors file")?.len();
        self.state.account = account.clone();
        save(&self.target.work(), &self.state)
    }
}

fn save(work: &Path, state: &State) -> Result<()> {
    files::write_json(&work.join("state"), &work.join("state.new"), state)
}

/// Refuses to go on with another run than the one that was begun, or to lose a part of it.
fn check_same(state: &State, recipe: &Recipe, earlier: Earlier, work: &Path) -> Result<()> {
    if earlier == Earlier::Keep && (state.parts > 0 || state.stage != Stage::Running) {
        bail!(
            "an unfinished run has left {} documents in {}; go on with it with --resume, or start anew with --overwrite",
            state.account.items(),
            work.display()
        );
    }
    let mut differences = recipe.differences(&state.recipe);
    if state.stage != Stage::Running && recipe.input != state.recipe.input {
        // All was read; that the input has changed since, by the output for instance, makes no difference.
        differences.pop();
    }
    if earlier == Earlier::Resume && !differences.is_empty() {
        bail!(
            "cannot go on with the run in {}: {}; go on with what it had, or start anew with --overwrite",
            work.display(),
            differences.join("; ")
        );
    }
    Ok(())
}

/// What a finished run with this recipe did, if its output is there. Refuses to replace that of a run with another one.
fn completed(target: &Target, recipe: &Recipe) -> Result<Option<Account>> {
    let output = if target.is_folder { target.part(0) } else { target.output.clone() };
    let manifest = files::read_json::<Manifest>(&target.manifest()).unwrap_or_default();
    let Some(manifest) = manifest.filter(|_| output.is_file()) else { return Ok(None) };
    let differences = recipe.differences(&manifest.recipe);
    if !differences.is_empty() {
        bail!(
            "{} is complete, and is of another run: {}; write to another place, or replace it with --overwrite",
            target.output.display(),
            differences.join("; ")
        );
    }
    Ok(Some(Account { counts: manifest.counts, ..Account::default() }))
}

/// Refuses to mix the parts of two runs.
fn check_free(target: &Target) -> Result<()> {
    if target.parts()?.is_empty() {
        return Ok(());
    }
    let folder = target.output.display();
    bail!("{folder} holds the parts of an earlier run; write to another folder, or replace them with --overwrite")
}

fn create_folder(path: &Path) -> Result<()> {
    let created = match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.and_then(|()| files::sync_folder(folder_of(path))),
    };
    created.with_context(|| format!("cannot create the folder {}", path.display()))
}

/// A lock that is held as long as this process lives.
fn lock(work: &Path) -> Result<File> {
    let path = work.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            bail!("another dixit works in {}; wait for it, or write to another place", work.display())
        }
        // There are file systems without locks.
        _ => Ok(file),
    }
}

/// Throws away what does not belong to a finished part; gives the errors file, to be written on.
fn recover(target: &Target, state: &State) -> Result<File> {
    let work = target.work();
    let output = work.join("output");
    if target.appends() {
        cut_back(&output, state.output_bytes)?;
    } else {
        files::remove(&output)?;
        let (kept, rest): (Vec<_>, Vec<_>) =
            target.parts()?.into_iter().partition(|(_, number)| number.is_some_and(|it| it < state.parts));
        if kept.len() as u64 != state.parts {
            bail!("{} of its {} parts are left; start anew with --overwrite", kept.len(), state.parts);
        }
        rest.iter().try_for_each(|(path, _)| files::remove(path))?;
    }
    if target.is_folder {
        // That of a run whose parts are being replaced.
        files::remove(&target.manifest())?;
    }
    cut_back(&work.join("errors"), state.errors_bytes)
}

/// Cuts off what follows the first `size` bytes of a file; gives the file, to be written on.
fn cut_back(path: &Path, size: u64) -> Result<File> {
    let context = || format!("cannot write {}", path.display());
    let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(path).with_context(context)?;
    let found = file.metadata().with_context(context)?.len();
    if found < size {
        bail!("{} has {found} bytes instead of {size}; start anew with --overwrite", path.display());
    }
    file.set_len(size).and_then(|()| file.seek(SeekFrom::End(0))).with_context(context)?;
    Ok(file)
}

/// Puts output, errors and manifest in their places and removes the work folder. May be done again at any point.
fn settle(target: &Target, state: &mut State) -> Result<()> {
    let work = target.work();
    if state.stage == Stage::Written {
        if let Some(errors) = &target.errors {
            put(&work.join("errors"), errors)?;
        }
        files::write_json(&target.manifest(), &work.join("manifest"), &Manifest::of(state))?;
        if !target.is_folder {
            let output = work.join("output");
            if let Gathering::Join(join) = target.format.gathering() {
                let parts: Vec<PathBuf> = (0..state.parts).map(|number| target.part(number)).collect();
                join(&parts, &output)
                    .and_then(|()| File::open(&output)?.sync_all())
                    .with_context(|| format!("cannot write {}", target.output.display()))?;
            }
            put(&output, &target.output)?;
        }
        state.stage = Stage::Placed;
        save(&work, state)?;
    }
    let mut rest: Vec<_> = ["output", "errors", "manifest", "state.new"].iter().map(|name| work.join(name)).collect();
    if !target.is_folder {
        rest.extend(target.parts()?.into_iter().map(|(path, _)| path));
    }
    // The state last: as long as it is there, this can be done again.
    rest.push(work.join("state"));
    rest.iter()
        .try_for_each(|path| files::remove(path))
        .with_context(|| format!("cannot remove the files in {}; remove them yourself", work.display()))?;
    clear(&work)
}

/// Removes a work folder in which there is no state, if there is one: a run was cut off as it began or as it ended.
fn clear(work: &Path) -> Result<()> {
    if !work.is_dir() {
        return Ok(());
    }
    ["state.new", "lock"]
        .iter()
        .try_for_each(|name| files::remove(&work.join(name)))
        .and_then(|()| fs::remove_dir(work))
        .with_context(|| format!("cannot remove the folder {}; remove it yourself", work.display()))
}

/// Moves a file to its place, if that was not done already. A device gets what is in it; a link stays a link.
fn put(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    let context = || format!("cannot write {}", to.display());
    let place = to.canonicalize().unwrap_or_else(|_| to.to_owned());
    if place.is_file() || !place.exists() {
        if let Ok(existing) = place.metadata() {
            fs::set_permissions(from, existing.permissions()).with_context(context)?;
        }
        match files::rename(from, &place) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
            renamed => return renamed.with_context(context),
        }
    }
    let mut output = Output::file(to)?;
    let mut input = File::open(from).with_context(context)?;
    io::copy(&mut input, &mut output).with_context(context)?;
    output.commit()
}
