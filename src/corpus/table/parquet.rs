//! The table of statements as a Parquet file, compressed with zstd.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::properties::WriterProperties;

use super::{Rows, schema};
use crate::corpus::Writer;
use crate::document::Document;
use crate::statement::Annotation;

/// Rows of a row group at most. A group is in memory, compressed, until it is written.
const GROUP_ROWS: usize = 1 << 17;

/// Bytes of a row group, about.
const GROUP_BYTES: usize = 64 << 20;

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by(concat!("dixit ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .build()
}

/// Writes batches of rows, whatever their columns.
#[derive(Debug)]
pub(crate) struct Batches<W: Write + Send> {
    file: ArrowWriter<W>,
}

impl<W: Write + Send> Batches<W> {
    pub(crate) fn new(output: W, schema: SchemaRef) -> io::Result<Self> {
        Ok(Self { file: ArrowWriter::try_new(output, schema, Some(properties())).map_err(io_error)? })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        self.file.write(batch).map_err(io_error)?;
        if self.file.in_progress_size() >= GROUP_BYTES { self.file.flush().map_err(io_error) } else { Ok(()) }
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.file.finish().map_err(io_error)?;
        self.file.inner_mut().flush()
    }
}

/// Writes one row a statement.
#[derive(Debug)]
pub struct ParquetWriter<W: Write + Send> {
    file: Batches<W>,
    rows: Rows,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Writes to `output`, which need not be buffered.
    ///
    /// # Errors
    /// If `output` cannot be written to.
    pub fn new(output: W) -> io::Result<Self> {
        Ok(Self { file: Batches::new(output, schema())?, rows: Rows::new() })
    }
}

impl<W: Write + Send> Writer for ParquetWriter<W> {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()> {
        self.rows.add(document, annotation, |batch| self.file.write(&batch))
    }

    fn finish(&mut self) -> io::Result<()> {
        let batch = self.rows.take().map_err(ParquetError::from).map_err(io_error)?;
        self.file.write(&batch)?;
        self.file.finish()
    }
}

/// Writes into `output` what the files `parts` hold, in their order, one row group after the other as it is.
///
/// # Errors
/// If a part is no file that [`ParquetWriter`] wrote, or `output` cannot be written.
pub fn join(parts: &[PathBuf], output: &Path) -> io::Result<()> {
    let file = BufWriter::new(File::create(output)?);
    let writer = ArrowWriter::try_new(file, schema(), Some(properties())).map_err(io_error)?;
    let (mut writer, _) = writer.into_serialized_writer().map_err(io_error)?;
    let root = writer.schema_descr().root_schema_ptr();
    for part in parts {
        let input = File::open(part)?;
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&input).map_err(io_error)?;
        if metadata.file_metadata().schema() != &*root {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} has other columns", part.display())));
        }
        for group in metadata.row_groups() {
            let mut joined = writer.next_row_group().map_err(io_error)?;
            for column in group.columns() {
                let column = ColumnCloseResult {
                    bytes_written: u64::try_from(column.compressed_size()).unwrap_or_default(),
                    rows_written: u64::try_from(group.num_rows()).unwrap_or_default(),
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                joined.append_column(&input, column).map_err(io_error)?;
            }
            joined.close().map_err(io_error)?;
        }
    }
    writer.into_inner().map_err(io_error)?.flush()
}

/// The error of the file underneath, if it is one: callers tell a closed pipe from a full disk by it.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
