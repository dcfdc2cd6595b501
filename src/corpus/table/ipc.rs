//! The table of statements as an Arrow IPC file ("Feather"), uncompressed, so that it can be mapped into memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Schema};

use super::{Rows, schema};
use crate::corpus::Writer;
use crate::document::Document;
use crate::statement::Annotation;

/// Writes batches of rows, whatever their columns.
pub(crate) struct Batches<W: Write> {
    file: FileWriter<W>,
}

impl<W: Write> Batches<W> {
    pub(crate) fn new(output: W, schema: &Schema) -> io::Result<Self> {
        Ok(Self { file: FileWriter::try_new(output, schema).map_err(io_error)? })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        if batch.num_rows() == 0 { Ok(()) } else { self.file.write(batch).map_err(io_error) }
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.file.finish().map_err(io_error)?;
        self.file.get_mut().flush()
    }
}

/// Writes one row a statement.
pub struct IpcWriter<W: Write> {
    file: Batches<W>,
    rows: Rows,
}

impl<W: Write> IpcWriter<W> {
    /// Writes to `output`, which should be buffered.
    ///
    /// # Errors
    /// If `output` cannot be written to.
    pub fn new(output: W) -> io::Result<Self> {
        Ok(Self { file: Batches::new(output, &schema())?, rows: Rows::new() })
    }
}

impl<W: Write> Writer for IpcWriter<W> {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()> {
        self.rows.add(document, annotation, |batch| self.file.write(&batch))
    }

    fn finish(&mut self) -> io::Result<()> {
        let batch = self.rows.take().map_err(io_error)?;
        self.file.write(&batch)?;
        self.file.finish()
    }
}

/// Writes into `output` what the files `parts` hold, in their order, one batch of rows after the other.
///
/// # Errors
/// If a part is no file that [`IpcWriter`] wrote, or `output` cannot be written.
pub fn join(parts: &[PathBuf], output: &Path) -> io::Result<()> {
    let mut writer = FileWriter::try_new(BufWriter::new(File::create(output)?), &schema()).map_err(io_error)?;
    for part in parts {
        let reader = FileReader::try_new(BufReader::new(File::open(part)?), None).map_err(io_error)?;
        if reader.schema() != schema() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} has other columns", part.display())));
        }
        for batch in reader {
            writer.write(&batch.map_err(io_error)?).map_err(io_error)?;
        }
    }
    writer.finish().map_err(io_error)?;
    writer.get_mut().flush()
}

/// The error of the file underneath, if it is one: callers tell a closed pipe from a full disk by it.
fn io_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}
