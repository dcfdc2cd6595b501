//! What was written is read back by the crates' own readers.

use std::fs;
use std::path::{Path, PathBuf};

use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;

use super::ipc::{self, IpcWriter};
use super::parquet::{self, ParquetWriter};
use super::{ROWS, schema};
use crate::corpus::{Writer, csv, example};
use crate::document::Document;
use crate::statement::Annotation;

type Batches = Vec<RecordBatch>;

/// A format: writes the documents into a file, reads one, joins several.
struct Format {
    write: fn(&Path, &[(Document, Annotation)]),
    read: fn(&Path) -> Batches,
    join: fn(&[PathBuf], &Path) -> std::io::Result<()>,
}

const FORMATS: [Format; 2] = [
    Format { write: write_parquet, read: read_parquet, join: parquet::join },
    Format { write: write_ipc, read: read_ipc, join: ipc::join },
];

fn write(mut writer: impl Writer, documents: &[(Document, Annotation)]) {
    for (document, annotation) in documents {
        writer.write(document, annotation).unwrap();
    }
    writer.finish().unwrap();
}

fn write_parquet(path: &Path, documents: &[(Document, Annotation)]) {
    write(ParquetWriter::new(fs::File::create(path).unwrap()).unwrap(), documents);
}

fn write_ipc(path: &Path, documents: &[(Document, Annotation)]) {
    write(IpcWriter::new(fs::File::create(path).unwrap()).unwrap(), documents);
}

fn read_parquet(path: &Path) -> Batches {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(reader.schema().fields(), schema().fields());
    reader.build().unwrap().map(Result::unwrap).collect()
}

fn read_ipc(path: &Path) -> Batches {
    let reader = FileReader::try_new(fs::File::open(path).unwrap(), None).unwrap();
    assert_eq!(reader.schema(), schema());
    reader.map(Result::unwrap).collect()
}

/// The cells of a row as text, a null as `-`.
fn cells(batch: &RecordBatch, row: usize) -> Vec<String> {
    let cell = |column: &dyn Array| {
        if column.is_null(row) {
            return "-".to_owned();
        }
        if let Some(words) = column.as_string_opt::<i32>() {
            return words.value(row).to_owned();
        }
        if let Some(numbers) = column.as_primitive_opt::<UInt32Type>() {
            return numbers.value(row).to_string();
        }
        if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
            return numbers.value(row).to_string();
        }
        if let Some(choice) = column.as_dictionary_opt::<Int8Type>() {
            return choice.values().as_string::<i32>().value(choice.key(row).unwrap()).to_owned();
        }
        let spans = column.as_list::<i32>().value(row);
        let ends = |at: usize| spans.as_struct().column(at).as_primitive::<UInt32Type>().values().to_vec();
        let pairs = ends(0).into_iter().zip(ends(1)).map(|(start, end)| format!("{start}-{end}"));
        pairs.collect::<Vec<_>>().join(";")
    };
    batch.columns().iter().map(|column| cell(column)).collect()
}

fn all_cells(batches: &Batches) -> Vec<Vec<String>> {
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|row| cells(batch, row))).collect()
}

fn many(count: usize) -> Vec<(Document, Annotation)> {
    let numbered = |number: usize| {
        let (document, annotation) = example::annotated();
        (Document { id: format!("d{number}"), ..document }, annotation)
    };
    (0..count).map(numbered).collect()
}

#[test]
fn rows_say_what_those_of_the_csv_say() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let path = folder.path().join("out");
        (format.write)(&path, &[example::annotated()]);
        let mut rows = Vec::new();
        write(csv::CsvWriter::new(&mut rows), &[example::annotated()]);
        let mut reader = ::csv::Reader::from_reader(rows.as_slice());
        let expected: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let found: Vec<Vec<String>> = all_cells(&(format.read)(&path))
            .into_iter()
            .map(|row| row.into_iter().map(|cell| if cell == "-" { String::new() } else { cell }).collect())
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_file_without_statements_has_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let path = folder.path().join("out");
        (format.write)(&path, &[(Document::new("a", "Rain."), Annotation::default())]);
        assert_eq!(all_cells(&(format.read)(&path)).len(), 0);
    }
}

#[test]
fn parts_are_joined_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let documents = many(ROWS / 2);
    let at = |name: &str| folder.path().join(name);
    for format in FORMATS {
        let (parts, whole) = ([at("1"), at("2"), at("3")], at("whole"));
        (format.write)(&parts[0], &documents[..1000]);
        (format.write)(&parts[1], &[]);
        (format.write)(&parts[2], &documents[1000..]);
        (format.write)(&whole, &documents);
        (format.join)(&parts, &at("joined")).unwrap();
        let expected = all_cells(&(format.read)(&whole));
        assert_eq!(expected.len(), documents.len() * 4);
        assert!(all_cells(&(format.read)(&at("joined"))) == expected);
        // The same again makes the same bytes.
        (format.join)(&parts, &at("again")).unwrap();
        assert!(fs::read(at("joined")).unwrap() == fs::read(at("again")).unwrap());
    }
}

#[test]
fn what_is_no_part_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (part, output) = (folder.path().join("part"), folder.path().join("out"));
    fs::write(&part, "no table").unwrap();
    for format in FORMATS {
        assert!((format.join)(std::slice::from_ref(&part), &output).is_err());
    }
}
