//! Parquet and Arrow IPC: tables in binary files, one row a document.
//!
//! The text is a column of strings (of bytes, which are then decoded), the id one of strings or integers. Every other
//! column is handed through as the JSON value of its type; columns of types that JSON has nothing for are left out.

use super::failure::Failure;
use super::reader::{Documents, Origin};
use super::stream::Stream;

#[cfg(not(feature = "arrow"))]
pub(super) fn parquet(_: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    Err(Failure::at(origin.place, super::failure::Cause::NotBuiltIn("arrow")))
}

#[cfg(not(feature = "arrow"))]
pub(super) fn arrow(_: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    Err(Failure::at(origin.place, super::failure::Cause::NotBuiltIn("arrow")))
}

/// The documents of a Parquet file.
#[cfg(feature = "arrow")]
pub(super) fn parquet(stream: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    let (batches, schema) =
        batches::parquet(stream, &origin.meter).map_err(|cause| Failure::at(origin.place.clone(), cause))?;
    rows::Rows::open(batches, &schema, origin)
}

/// The documents of an Arrow IPC file or stream.
#[cfg(feature = "arrow")]
pub(super) fn arrow(stream: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    let (batches, schema) =
        batches::arrow(stream, &origin.meter).map_err(|cause| Failure::at(origin.place.clone(), cause))?;
    rows::Rows::open(batches, &schema, origin)
}

/// The batches of rows that a file holds.
#[cfg(feature = "arrow")]
mod batches {
    use std::any::Any;
    use std::fs::File;
    use std::io::BufReader;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use arrow_array::RecordBatch;
    use arrow_ipc::reader::{FileReader, StreamReader};
    use arrow_schema::{ArrowError, SchemaRef};
    use parquet::arrow::arrow_reader::{
        ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    };

    use super::super::detect;
    use super::super::failure::Cause;
    use super::super::stream::{Meter, Stream};

    /// Number of rows that are in memory at a time.
    pub(super) const ROWS: usize = 128;

    /// Rows that stand together, and the number of the first, counted from 0; or why those from there on are missing.
    pub(super) type Batch = (usize, Result<RecordBatch, Cause>);
    pub(super) type Batches = Box<dyn Iterator<Item = Batch> + Send>;

    pub(super) fn parquet(mut stream: Stream, meter: &Meter) -> Result<(Batches, SchemaRef), Cause> {
        if stream.peek(4) != b"PAR1" {
            return Err(Cause::NotA("Parquet file"));
        }
        let meter = meter_of(&stream, meter);
        let file = stream.into_file()?;
        let metadata = guarded(|| ArrowReaderMetadata::load(&file, Default::default()).map_err(damaged))?;
        let schema = metadata.schema().clone();
        Ok((Box::new(Groups { file, metadata, meter, group: 0, open: None, row: 0 }), schema))
    }

    /// What counts the bytes of the file that is made of the stream: of a copy they were counted when it was made.
    fn meter_of(stream: &Stream, meter: &Meter) -> Meter {
        if stream.is_file() { meter.clone() } else { Meter::default() }
    }

    pub(super) fn arrow(mut stream: Stream, meter: &Meter) -> Result<(Batches, SchemaRef), Cause> {
        let head = stream.peek(8);
        if detect::is_arrow_file(head) {
            let meter = meter_of(&stream, meter);
            let file = BufReader::new(meter.metered(stream.into_file()?));
            let reader = guarded(|| FileReader::try_new(file, None).map_err(damaged))?;
            let schema = reader.schema();
            return Ok((Box::new(Counted::new(reader)), schema));
        }
        if !head.starts_with(&[0xFF; 4]) {
            return Err(Cause::NotA("Arrow IPC file or stream"));
        }
        let reader = guarded(|| StreamReader::try_new(stream, None).map_err(damaged))?;
        let schema = reader.schema();
        Ok((Box::new(Counted::new(reader)), schema))
    }

    /// What reading gives; if the reader panics on damaged data, that is the data's fault.
    fn guarded<T>(read: impl FnOnce() -> Result<T, Cause>) -> Result<T, Cause> {
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| Err(Cause::Damaged(message(panic.as_ref()))))
    }

    fn message(panic: &(dyn Any + Send)) -> String {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        text.unwrap_or("the reader broke off").to_owned()
    }

    fn damaged(error: impl ToString) -> Cause {
        Cause::Damaged(error.to_string())
    }

    /// The row groups of a Parquet file. One that is damaged does not keep the next from being read.
    struct Groups {
        file: File,
        metadata: ArrowReaderMetadata,
        meter: Meter,
        /// Number of groups opened so far.
        group: usize,
        open: Option<ParquetRecordBatchReader>,
        /// Number of the next row.
        row: usize,
    }

    impl Groups {
        fn open(&self, group: usize) -> Result<ParquetRecordBatchReader, Cause> {
            let file = self.file.try_clone()?;
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
            guarded(|| builder.with_row_groups(vec![group]).with_batch_size(ROWS).build().map_err(damaged))
        }

        /// Number of the first row of a group.
        fn first(&self, group: usize) -> usize {
            let rows =
                |group: &parquet::file::metadata::RowGroupMetaData| usize::try_from(group.num_rows()).unwrap_or(0);
            self.metadata.metadata().row_groups().iter().take(group).map(rows).sum()
        }
    }

    impl Iterator for Groups {
        type Item = Batch;

        fn next(&mut self) -> Option<Batch> {
            loop {
                let row = self.row;
                if let Some(open) = &mut self.open {
                    match guarded(|| open.next().transpose().map_err(damaged)) {
                        Ok(Some(batch)) => {
                            self.row += batch.num_rows();
                            return Some((row, Ok(batch)));
                        }
                        Ok(None) => self.open = None,
                        Err(cause) => {
                            self.open = None;
                            return Some((row, Err(cause)));
                        }
                    }
                }
                let group = self.metadata.metadata().row_groups().get(self.group)?;
                self.meter.count(group.compressed_size().try_into().unwrap_or(0));
                self.row = self.first(self.group);
                self.group += 1;
                match self.open(self.group - 1) {
                    Ok(open) => self.open = Some(open),
                    Err(cause) => return Some((self.row, Err(cause))),
                }
            }
        }
    }

    /// The batches of an Arrow file or stream, up to the first that is damaged: where the next begins it does not tell.
    struct Counted<R> {
        reader: Option<R>,
        row: usize,
    }

    impl<R> Counted<R> {
        fn new(reader: R) -> Self {
            Self { reader: Some(reader), row: 0 }
        }
    }

    impl<R: Iterator<Item = Result<RecordBatch, ArrowError>>> Iterator for Counted<R> {
        type Item = Batch;

        fn next(&mut self) -> Option<Batch> {
            let (reader, row) = (self.reader.as_mut()?, self.row);
            let batch = guarded(|| reader.next().transpose().map_err(damaged));
            match &batch {
                Ok(Some(batch)) => self.row += batch.num_rows(),
                Ok(None) | Err(_) => self.reader = None,
            }
            batch.transpose().map(|batch| (row, batch))
        }
    }
}

/// The documents of the batches.
#[cfg(feature = "arrow")]
mod rows {
    use std::vec;

    use arrow_array::cast::AsArray;
    use arrow_array::{Array, ArrayRef, RecordBatch, new_empty_array};
    use arrow_cast::cast;
    use arrow_json::writer::{EncoderOptions, LineDelimited, WriterBuilder, make_encoder};
    use arrow_schema::{ArrowError, DataType, SchemaRef};
    use serde_json::{Map, Value};

    use super::super::encoding::decode_file;
    use super::super::failure::{Cause, Failure, Unit};
    use super::super::jsonl::renamed;
    use super::super::options::ReadOptions;
    use super::super::reader::{Documents, Item, Origin};
    use super::super::stream::LARGEST;
    use super::batches::{Batches, ROWS};
    use crate::document::Document;

    pub(super) struct Rows {
        batches: Batches,
        columns: Columns,
        origin: Origin,
        /// What is left of the rows that were turned into documents last.
        ready: vec::IntoIter<Item>,
        /// What is left of the current batch, and the number of its first row.
        batch: Option<(usize, RecordBatch)>,
    }

    struct Columns {
        text: usize,
        id: Option<usize>,
        /// Those that are handed through.
        rest: Vec<usize>,
        /// Name of the column of the text.
        name: String,
    }

    impl Rows {
        pub(super) fn open(
            batches: Batches,
            schema: &SchemaRef,
            origin: Origin,
        ) -> Result<Box<dyn Documents>, Failure> {
            let columns = Columns::new(schema, &origin.options);
            let columns = columns.map_err(|cause| Failure::at(origin.place.clone(), cause))?;
            Ok(Box::new(Self { batches, columns, origin, ready: Vec::new().into_iter(), batch: None }))
        }

        /// The documents of these rows, the first of which has this number.
        fn documents(&self, first: usize, rows: &RecordBatch) -> Result<Vec<Item>, Cause> {
            let columns = &self.columns;
            let damaged = |error: ArrowError| Cause::Damaged(error.to_string());
            let text = rows.column(columns.text);
            let text = cast(text, plain(text.data_type())).map_err(damaged)?;
            let id = columns.id.map(|id| cast(rows.column(id), &DataType::LargeUtf8)).transpose().map_err(damaged)?;
            let mut rest = columns.rest(rows).map_err(damaged)?.into_iter();
            let items = (0..rows.num_rows()).map(|row| {
                let number = first + row + 1;
                let id = id.as_ref().and_then(|ids| string(ids, row)).filter(|id| !id.is_empty());
                let id = id.unwrap_or_else(|| format!("{}:{number}", self.origin.name));
                let extra = renamed(rest.next().unwrap_or_default());
                let text = self.text(&text, row);
                let bytes = text.as_ref().map_or(0, |text| text.len() as u64);
                let place = self.origin.place.at(Unit::Row, number);
                let document = match text {
                    Ok(text) => Ok(Document { id, text, extra }),
                    Err(cause) => Err(Failure { id: Some(id), place: place.clone(), cause }),
                };
                Item { document, place, bytes }
            });
            Ok(items.collect())
        }

        fn text(&self, texts: &ArrayRef, row: usize) -> Result<String, Cause> {
            if texts.is_null(row) {
                return Err(Cause::EmptyCell(self.columns.name.clone()));
            }
            let bytes = match texts.data_type() {
                DataType::LargeUtf8 => texts.as_string::<i64>().value(row).as_bytes(),
                _ => texts.as_binary::<i64>().value(row),
            };
            match (bytes.len() as u64 > LARGEST, texts.data_type()) {
                (true, _) => Err(Cause::TooLarge),
                (false, DataType::LargeUtf8) => Ok(texts.as_string::<i64>().value(row).to_owned()),
                (false, _) => match decode_file(bytes.to_vec(), self.origin.options.encoding) {
                    Ok((text, _)) => Ok(text),
                    Err(undecodable) => Err(undecodable.cause),
                },
            }
        }
    }

    /// The string of a row; `None` if it has none.
    fn string(values: &ArrayRef, row: usize) -> Option<String> {
        values.is_valid(row).then(|| values.as_string::<i64>().value(row).to_owned())
    }

    /// The type that all columns of strings, or of bytes, are turned into.
    fn plain(found: &DataType) -> &'static DataType {
        if is_bytes(found) { &DataType::LargeBinary } else { &DataType::LargeUtf8 }
    }

    fn is_string(found: &DataType) -> bool {
        match found {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
            DataType::Dictionary(_, values) => is_string(values),
            _ => false,
        }
    }

    fn is_bytes(found: &DataType) -> bool {
        match found {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
            DataType::Dictionary(_, values) => is_bytes(values),
            _ => false,
        }
    }

    fn is_id(found: &DataType) -> bool {
        match found {
            DataType::Dictionary(_, values) => is_id(values),
            _ => is_string(found) || found.is_integer(),
        }
    }

    impl Columns {
        fn new(schema: &SchemaRef, options: &ReadOptions) -> Result<Self, Cause> {
            let at = |wanted: &str| schema.fields().iter().position(|field| field.name() == wanted);
            let missing = |name: &str| {
                let columns = schema.fields().iter().map(|field| field.name().clone()).collect();
                Cause::NoColumn { name: name.to_owned(), columns }
            };
            let of_type = |index: usize, fits: fn(&DataType) -> bool| {
                let field = schema.field(index);
                let wrong = Cause::ColumnType { name: field.name().clone(), found: field.data_type().to_string() };
                if fits(field.data_type()) { Ok(()) } else { Err(wrong) }
            };
            let text = at(options.text_column()).ok_or_else(|| missing(options.text_column()))?;
            of_type(text, |found| is_string(found) || is_bytes(found))?;
            let id = at(options.id_column()).filter(|id| *id != text);
            match id {
                Some(id) => of_type(id, is_id)?,
                None if options.id_column.is_some() => return Err(missing(options.id_column())),
                None => {}
            }
            let rest = (0..schema.fields().len()).filter(|index| *index != text && Some(*index) != id);
            let rest = rest.filter(|index| has_json(schema, *index)).collect();
            Ok(Self { text, id, rest, name: options.text_column().to_owned() })
        }

        /// The values of the rest of the columns, a map a row.
        fn rest(&self, rows: &RecordBatch) -> Result<Vec<Map<String, Value>>, ArrowError> {
            if self.rest.is_empty() {
                return Ok(Vec::new());
            }
            let mut lines = Vec::new();
            let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut lines);
            writer.write(&rows.project(&self.rest)?)?;
            writer.finish()?;
            drop(writer);
            let values = serde_json::Deserializer::from_slice(&lines).into_iter();
            values.collect::<Result<_, _>>().map_err(|error| ArrowError::JsonError(error.to_string()))
        }
    }

    /// Whether the values of a column can be written as JSON.
    fn has_json(schema: &SchemaRef, index: usize) -> bool {
        let field = &schema.fields()[index];
        make_encoder(field, &new_empty_array(field.data_type()), &EncoderOptions::default()).is_ok()
    }

    impl Documents for Rows {}

    impl Iterator for Rows {
        type Item = Item;

        fn next(&mut self) -> Option<Item> {
            loop {
                if let Some(item) = self.ready.next() {
                    return Some(item);
                }
                let (first, batch) = match self.batch.take() {
                    Some(batch) => batch,
                    None => match self.batches.next()? {
                        (first, Ok(batch)) => (first, batch),
                        (first, Err(cause)) => return Some(self.failed(first, cause)),
                    },
                };
                // The writer of an Arrow file may have made its batches of any size.
                let now = batch.num_rows().min(ROWS);
                if now < batch.num_rows() {
                    self.batch = Some((first + now, batch.slice(now, batch.num_rows() - now)));
                }
                match self.documents(first, &batch.slice(0, now)) {
                    Ok(items) => self.ready = items.into_iter(),
                    Err(cause) => return Some(self.failed(first, cause)),
                }
            }
        }
    }

    impl Rows {
        fn failed(&self, first: usize, cause: Cause) -> Item {
            let place = self.origin.place.at(Unit::Row, first + 1);
            Item { document: Err(Failure::at(place.clone(), cause)), place, bytes: 0 }
        }
    }
}

#[cfg(all(test, feature = "arrow"))]
mod tests;
