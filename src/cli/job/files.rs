//! Files that a power cut leaves either as they were or as they shall be.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cli::output::folder_of;

/// Puts a value, as JSON, into the file `path`, by way of the file `temporary` in the same file system.
pub fn write_json(path: &Path, temporary: &Path, value: &impl Serialize) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    let mut json = serde_json::to_vec_pretty(value).with_context(context)?;
    json.push(b'\n');
    let mut file = File::create(temporary).with_context(context)?;
    file.write_all(&json).and_then(|()| file.sync_all()).with_context(context)?;
    rename(temporary, path).with_context(context)
}

/// The value in a file; `None` if there is no such file.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let context = || format!("cannot read {}", path.display());
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(context).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(context),
    }
}

/// Renames a file in such a way that the new name survives a power cut.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder(folder_of(to))
}

/// Makes the names in a folder survive a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened, and names are kept without.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes a file, if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
