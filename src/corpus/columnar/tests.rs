use std::io::Cursor;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, DictionaryArray, Float64Array, Int64Array, LargeStringArray, ListArray, RecordBatch,
    StringArray, StringViewArray, TimestampMillisecondArray, UInt8Array,
};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use proptest::prelude::*;

use super::super::failure::Place;
use super::super::options::ReadOptions;
use super::super::reader;
use super::*;
use crate::document::Document;

/// A table of these columns.
fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn strings<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn parquet_file(batch: &RecordBatch, compression: Compression, group: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(group))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    file
}

fn arrow_file(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn read_with(bytes: Vec<u8>, options: ReadOptions) -> Vec<Result<Document, String>> {
    let origin = Origin { name: "a".to_owned(), ..Origin::new(Place::file("in/a"), options) };
    match reader::open(Stream::new(Box::new(Cursor::new(bytes))), origin) {
        Ok(items) => items.map(|item| item.document.map_err(|failure| failure.to_string())).collect(),
        Err(failure) => vec![Err(failure.to_string())],
    }
}

fn read(bytes: Vec<u8>) -> Vec<Result<Document, String>> {
    read_with(bytes, ReadOptions::default())
}

/// The same table in every form.
fn forms(batch: &RecordBatch) -> Vec<Vec<u8>> {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        zstd,
        Compression::LZ4_RAW,
    ];
    let mut forms: Vec<_> = compressions.into_iter().map(|it| parquet_file(batch, it, 2)).collect();
    forms.extend([arrow_file(batch), arrow_stream(batch)]);
    forms
}

#[test]
fn a_row_gives_id_text_and_the_rest_by_their_types() {
    let tags = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None]), None]);
    let batch = table(vec![
        ("id", Arc::new(Int64Array::from(vec![Some(17), None]))),
        ("date", Arc::new(TimestampMillisecondArray::from(vec![Some(1_714_608_000_000), None]))),
        ("text", strings(["“No,” said Zoë.", ""])),
        ("score", Arc::new(Float64Array::from(vec![0.5, f64::NAN]))),
        ("tags", Arc::new(tags)),
        ("statements", strings(["x", "y"])),
    ]);
    for file in forms(&batch) {
        let found = read(file);
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.text.as_str()), ("17", "“No,” said Zoë."));
        let expected = r#"{"date":"2024-05-02T00:00:00","score":0.5,"tags":[1,null],"input_statements":"x"}"#;
        assert_eq!(serde_json::to_string(&first.extra).unwrap(), expected);
        let second = found[1].as_ref().unwrap();
        assert_eq!((second.id.as_str(), second.text.as_str()), ("a:2", ""));
        assert_eq!(
            serde_json::to_string(&second.extra).unwrap(),
            r#"{"date":null,"score":null,"tags":null,"input_statements":"y"}"#
        );
        assert_eq!(found.len(), 2);
    }
}

#[test]
fn every_column_of_strings_will_do() {
    let dictionary: DictionaryArray<Int32Type> = ["Rain.", "Rain."].into_iter().collect();
    let columns: [(&str, ArrayRef); 5] = [
        ("large", Arc::new(LargeStringArray::from(vec!["Rain."; 2]))),
        ("view", Arc::new(StringViewArray::from(vec!["Rain."; 2]))),
        ("dictionary", Arc::new(dictionary)),
        ("bytes", Arc::new(BinaryArray::from_iter_values([b"Rain."; 2]))),
        ("plain", strings(["Rain."; 2])),
    ];
    for (name, column) in columns {
        let ids: ArrayRef = Arc::new(UInt8Array::from(vec![1, 2]));
        let batch = table(vec![("body", column), ("key", ids)]);
        let options = ReadOptions {
            text_column: Some("body".to_owned()),
            id_column: Some("key".to_owned()),
            ..ReadOptions::default()
        };
        for file in forms(&batch) {
            let found = read_with(file, options.clone());
            assert_eq!(found, [Ok(Document::new("1", "Rain.")), Ok(Document::new("2", "Rain."))], "{name}");
        }
    }
}

#[test]
fn a_row_without_text_is_located_and_the_next_one_read() {
    let text: ArrayRef = Arc::new(StringArray::from(vec![None, Some("Snow.")]));
    for file in forms(&table(vec![("text", text)])) {
        let found = read(file);
        assert!(
            found[0].as_ref().unwrap_err().starts_with("in/a, row 1: no text in column \"text\"; leave"),
            "{found:?}"
        );
        assert_eq!(found[1], Ok(Document::new("a:2", "Snow.")));
    }
    let bytes: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"Zo\xEB \x00".as_slice(), b"caf\xE9 cr\xE8me"]));
    let found = read(arrow_file(&table(vec![("text", bytes)])));
    assert!(found[0].as_ref().unwrap_err().starts_with("in/a, row 1: holds bytes that no text has"), "{found:?}");
    assert_eq!(found[1].as_ref().unwrap().text, "café crème");
}

#[test]
fn a_wrong_column_is_told_with_those_that_are_there() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let cases = [
        (
            table(vec![("body", strings([""])), ("url", numbers.clone())]),
            "no column \"text\" among \"body\", \"url\"; name the columns",
        ),
        (table(vec![("text", numbers)]), "column \"text\" holds values of the type Int64; name a column of strings"),
        (table(vec![("text", strings([""])), ("id", floats)]), "column \"id\" holds values of the type Float64; name"),
    ];
    for (batch, message) in cases {
        for file in forms(&batch) {
            let found = read(file);
            assert!(found[0].as_ref().unwrap_err().starts_with(&format!("in/a: {message}")), "{found:?}");
            assert_eq!(found.len(), 1);
        }
    }
}

#[test]
fn a_damaged_row_group_does_not_keep_the_next_from_being_read() {
    let words = |row: usize| format!("Row {row}: {}", "the harbour stays open ".repeat(20 + row));
    let texts: Vec<_> = (0..6).map(words).collect();
    let batch = table(vec![("text", strings(texts.iter().map(String::as_str)))]);
    let mut file = parquet_file(&batch, Compression::UNCOMPRESSED, 2);
    // The length of the first text of the second group stands before it.
    let at = file.windows(6).position(|bytes| bytes == b"Row 2:").unwrap();
    file[at - 4..at].fill(0xFF);
    let found = read(file);
    let good: Vec<_> = found.iter().flatten().map(|document| document.id.as_str()).collect();
    assert_eq!(good, ["a:1", "a:2", "a:5", "a:6"]);
    let bad: Vec<_> = found.iter().filter_map(|it| it.as_ref().err()).collect();
    assert!(bad.len() == 1 && bad[0].starts_with("in/a, row 3: damaged: "), "{bad:?}");
}

#[test]
fn a_file_that_is_cut_off_is_a_failure_wherever_it_is_cut() {
    let texts = ["The harbour stays open, said the mayor."; 400];
    let batch = table(vec![("text", strings(texts))]);
    for file in forms(&batch) {
        for cut in [12, file.len() / 3, file.len() - 9] {
            let found = read(file[..cut].to_vec());
            let last = found.last();
            // A stream that ends between two batches is whole, but for the mark of its end.
            let whole = file.starts_with(&[0xFF; 4]) && found.len() == 400;
            assert!(whole || last.is_some_and(Result::is_err), "{cut} of {}: {last:?}", file.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_written_is_read(rows in prop::collection::vec(("\\PC{0,20}", any::<i64>()), 1..300)) {
        let texts = strings(rows.iter().map(|(text, _)| text.as_str()));
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|(_, id)| *id)));
        let batch = table(vec![("text", texts), ("id", ids)]);
        let expected: Vec<_> = rows.iter().map(|(text, id)| Ok(Document::new(id.to_string(), text.as_str()))).collect();
        for file in [parquet_file(&batch, Compression::SNAPPY, 100), arrow_file(&batch), arrow_stream(&batch)] {
            prop_assert_eq!(&read(file), &expected);
        }
    }

    #[test]
    fn no_damage_breaks_it(at in 0.0..1.0_f64, bytes in prop::collection::vec(any::<u8>(), 1..40)) {
        let batch = table(vec![("text", strings(["The harbour stays open."; 30])), ("id", strings(["x"; 30]))]);
        for mut file in [parquet_file(&batch, Compression::SNAPPY, 10), arrow_file(&batch), arrow_stream(&batch)] {
            let start = (at * (file.len() - bytes.len()) as f64) as usize;
            file[start..start + bytes.len()].copy_from_slice(&bytes);
            prop_assert!(read(file).len() <= 200);
        }
    }
}
