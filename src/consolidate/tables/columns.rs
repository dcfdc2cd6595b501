//! The tables as typed columns: in Parquet or in Arrow IPC.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, ListBuilder, StringBuilder, StructBuilder, UInt32Builder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Fields};

use super::{MemberRow, QuotationRow, SpeakerRow, Variant};
use crate::corpus::table::{MODES, ROWS, TYPES, choice, ipc, parquet, small};

/// A column: its name, whether it may be null, its values.
pub(super) type Column = (&'static str, bool, Result<ArrayRef, ArrowError>);

/// A row that has typed columns.
pub(super) trait Columns: Sized {
    /// The columns of these rows.
    fn columns(rows: &[Self]) -> Vec<Column>;
}

/// Writes rows as a Parquet file.
pub(super) fn parquet<R: Columns>(rows: impl Iterator<Item = R>, output: impl Write + Send) -> io::Result<()> {
    let mut file = parquet::Batches::new(output, batch::<R>(&[])?.schema())?;
    batches(rows, |batch| file.write(batch))?;
    file.finish()
}

/// Writes rows as an Arrow IPC file.
pub(super) fn ipc<R: Columns>(rows: impl Iterator<Item = R>, output: impl Write) -> io::Result<()> {
    let mut file = ipc::Batches::new(output, &batch::<R>(&[])?.schema())?;
    batches(rows, |batch| file.write(batch))?;
    file.finish()
}

fn batches<R: Columns>(
    mut rows: impl Iterator<Item = R>,
    mut write: impl FnMut(&RecordBatch) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let some: Vec<R> = rows.by_ref().take(ROWS).collect();
        if some.is_empty() {
            return Ok(());
        }
        write(&batch(&some)?)?;
    }
}

fn batch<R: Columns>(rows: &[R]) -> io::Result<RecordBatch> {
    let columns = R::columns(rows).into_iter().map(|(name, nullable, values)| Ok((name, values?, nullable)));
    let columns: Result<Vec<_>, ArrowError> = columns.collect();
    columns.and_then(RecordBatch::try_from_iter_with_nullable).map_err(io::Error::other)
}

fn numbers(values: impl Iterator<Item = usize>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(UInt32Array::from_iter_values(values.map(small))))
}

fn numbers_or_null(values: impl Iterator<Item = Option<usize>>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(values.map(|it| it.map(small)).collect::<UInt32Array>()))
}

fn words<'a>(values: impl Iterator<Item = &'a str>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(StringArray::from_iter_values(values)))
}

fn words_or_null<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(values.collect::<StringArray>()))
}

fn shares(values: impl Iterator<Item = f64>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(Float64Array::from_iter_values(values)))
}

/// Values each of which is one of a few.
fn choices<'a>(few: &[&str], values: impl Iterator<Item = Option<&'a str>>) -> Result<ArrayRef, ArrowError> {
    let at = |value: &str| few.iter().position(|it| *it == value).and_then(|at| i8::try_from(at).ok());
    choice(values.map(|it| it.and_then(at)).collect(), few)
}

fn lists<'a>(values: impl Iterator<Item = &'a [String]>) -> Result<ArrayRef, ArrowError> {
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(Field::new("item", DataType::Utf8, false));
    for list in values {
        list.iter().for_each(|it| lists.values().append_value(it));
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

/// Names with the number of documents that use them.
fn variants<'a>(values: impl Iterator<Item = &'a [Variant<'a>]>) -> Result<ArrayRef, ArrowError> {
    let fields = [Field::new("name", DataType::Utf8, false), Field::new("documents", DataType::UInt32, false)];
    let fields: Fields = fields.into_iter().collect();
    let columns: [Box<dyn ArrayBuilder>; 2] = [Box::new(StringBuilder::new()), Box::new(UInt32Builder::new())];
    let item = Field::new("item", DataType::Struct(fields.clone()), false);
    let mut lists = ListBuilder::new(StructBuilder::new(fields, columns.into())).with_field(item);
    for list in values {
        for it in list {
            let item = lists.values();
            if let Some(names) = item.field_builder::<StringBuilder>(0) {
                names.append_value(it.name);
            }
            if let Some(documents) = item.field_builder::<UInt32Builder>(1) {
                documents.append_value(small(it.documents));
            }
            item.append(true);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

impl Columns for QuotationRow<'_> {
    fn columns(rows: &[Self]) -> Vec<Column> {
        let all = || rows.iter();
        vec![
            ("id", false, numbers(all().map(|it| it.id))),
            ("content", false, words(all().map(|it| it.content))),
            ("mode", false, choices(&MODES, all().map(|it| Some(it.mode)))),
            ("speaker_id", true, numbers_or_null(all().map(|it| it.speaker_id))),
            ("speaker", true, words_or_null(all().map(|it| it.speaker))),
            ("speaker_type", true, choices(&TYPES, all().map(|it| it.speaker_type))),
            ("confidence", false, shares(all().map(|it| it.confidence))),
            ("documents", false, numbers(all().map(|it| it.documents))),
            ("statements", false, numbers(all().map(|it| it.statements))),
            ("agreeing", false, numbers(all().map(|it| it.agreeing))),
            ("first_document", false, words(all().map(|it| it.first_document))),
            ("members", false, lists(all().map(|it| it.members.as_slice()))),
        ]
    }
}

impl Columns for SpeakerRow<'_> {
    fn columns(rows: &[Self]) -> Vec<Column> {
        let all = || rows.iter();
        vec![
            ("id", false, numbers(all().map(|it| it.id))),
            ("name", false, words(all().map(|it| it.name))),
            ("type", false, choices(&TYPES, all().map(|it| Some(it.r#type)))),
            ("titles", false, lists(all().map(|it| it.titles))),
            ("variants", false, variants(all().map(|it| it.variants.as_slice()))),
            ("statements", false, numbers(all().map(|it| it.statements))),
            ("quotations", false, numbers(all().map(|it| it.quotations))),
            ("documents", false, numbers(all().map(|it| it.documents))),
        ]
    }
}

impl Columns for MemberRow<'_> {
    fn columns(rows: &[Self]) -> Vec<Column> {
        let all = || rows.iter();
        vec![
            ("document", false, words(all().map(|it| it.document))),
            ("statement", false, Ok(Arc::new(UInt32Array::from_iter_values(all().map(|it| it.statement))))),
            ("quotation", false, numbers(all().map(|it| it.quotation))),
            ("speaker_id", true, numbers_or_null(all().map(|it| it.speaker_id))),
            ("speaker", true, words_or_null(all().map(|it| it.speaker))),
            ("voted_id", true, numbers_or_null(all().map(|it| it.voted_id))),
            ("voted", true, words_or_null(all().map(|it| it.voted))),
            ("agrees", false, Ok(Arc::new(all().map(|it| Some(it.agrees)).collect::<BooleanArray>()))),
            ("confidence", false, shares(all().map(|it| it.confidence))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Row, Table, write};
    use super::*;
    use crate::consolidate::Consolidated;
    use arrow_ipc::reader::FileReader;
    use std::io::Cursor;

    #[test]
    fn the_columns_are_those_of_the_csv() {
        fn names<R: Columns>() -> Vec<&'static str> {
            R::columns(&[]).into_iter().map(|it| it.0).collect()
        }
        assert_eq!(names::<QuotationRow>(), QuotationRow::COLUMNS);
        assert_eq!(names::<SpeakerRow>(), SpeakerRow::COLUMNS);
        assert_eq!(names::<MemberRow>(), MemberRow::COLUMNS);
    }

    #[test]
    fn a_table_without_rows_has_its_columns() {
        for table in [Table::Quotations, Table::Speakers, Table::Statements] {
            let mut file = Vec::new();
            write(&Consolidated::default(), table, Format::Arrow, &mut file).unwrap();
            let reader = FileReader::try_new(Cursor::new(file), None).unwrap();
            assert!(reader.schema().fields().len() >= 8 && reader.count() == 0, "{table:?}");
        }
    }

    #[test]
    fn more_rows_than_a_batch_holds_are_all_written() {
        let statements = (1..).take(ROWS + 7).map(|number| MemberRow {
            document: "a",
            statement: number,
            quotation: 1,
            speaker_id: None,
            speaker: None,
            voted_id: Some(3),
            voted: Some("Ana Roe"),
            agrees: false,
            confidence: 0.5,
        });
        let mut file = Vec::new();
        ipc(statements, &mut file).unwrap();
        let batches: Vec<_> = FileReader::try_new(Cursor::new(file), None).unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [ROWS, 7]);
        let last = batches[1].column_by_name("statement").unwrap().as_any().downcast_ref::<UInt32Array>().unwrap();
        assert_eq!(last.value(6) as usize, ROWS + 7);
        assert_eq!(batches[1].column_by_name("speaker").unwrap().null_count(), 7);
    }
}
