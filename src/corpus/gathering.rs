//! How the parts of an output become one file.

use std::io;
use std::path::{Path, PathBuf};

/// How one file is made of what several writers of a format wrote, one after the other.
#[derive(Debug, Clone, Copy)]
pub enum Gathering {
    /// What one writes after the other is a whole: each appends to the same file.
    Append,
    /// Each writes a file of its own, and in the end this writes the file (second argument) that holds what all of them
    /// do (first argument, in order). The second does not exist, or may be overwritten.
    Join(fn(&[PathBuf], &Path) -> io::Result<()>),
}
