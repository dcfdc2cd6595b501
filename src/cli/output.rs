//! Where the result goes: standard output, or a file that appears when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempPath;

/// An output to write to. A file has its new content only after [`Output::commit`]; until then, and if that never comes,
/// whatever was there stays.
pub struct Output {
    sink: BufWriter<Box<dyn Write + Send>>,
    pending: Option<(TempPath, PathBuf)>,
}

impl Output {
    /// Standard output.
    pub fn stdout() -> Self {
        Self { sink: BufWriter::new(Box::new(io::stdout())), pending: None }
    }

    /// The file at `path`, or the device or pipe that is there.
    pub fn file(path: &Path) -> Result<Self> {
        let context = || format!("cannot write {}", path.display());
        if path.is_dir() {
            bail!("{}: it is a folder; name a file in it", context());
        }
        if path.exists() && !path.is_file() {
            let device = OpenOptions::new().write(true).open(path).with_context(context)?;
            return Ok(Self { sink: BufWriter::new(Box::new(device)), pending: None });
        }
        // A link stays a link: what it leads to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = folder_of(&target);
        if !folder.is_dir() {
            bail!("{}: there is no folder {}; create it first", context(), folder.display());
        }
        let (file, temporary) = temporary(&target, folder).with_context(context)?;
        Ok(Self { sink: BufWriter::new(Box::new(file)), pending: Some((temporary, target)) })
    }

    /// Hands out what is buffered and puts the file in its place.
    pub fn commit(mut self) -> Result<()> {
        self.sink.flush()?;
        // An open file cannot be renamed everywhere.
        drop(self.sink);
        if let Some((temporary, target)) = self.pending {
            temporary.persist(&target).with_context(|| format!("cannot write {}", target.display()))?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// The folder that holds the file at `path`.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new file beside the target, with the permissions that the target has or would get.
fn temporary(target: &Path, folder: &Path) -> io::Result<(File, TempPath)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dixit-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    if let Ok(existing) = target.metadata() {
        file.as_file().set_permissions(existing.permissions())?;
    }
    Ok(file.into_parts())
}
