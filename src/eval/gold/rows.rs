//! The rows of a CSV file with the lines they begin at.

use csv::StringRecord;

use super::{Fault, GoldError};
use crate::corpus::Place;

/// The header of a table, and its rows with the line, counted from 1, that each begins at.
pub(super) fn rows(
    text: &str,
    separator: u8,
    place: &Place,
) -> Result<(StringRecord, Vec<(usize, StringRecord)>), GoldError> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut table = csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(0, |it| usize::try_from(it.line()).unwrap_or(usize::MAX));
        GoldError::at(place.at_line(line), Fault::Malformed(error.to_string()))
    };
    let header = table.headers().map_err(broken)?.clone();
    let (mut rows, mut line, mut seen) = (Vec::new(), 1, 0);
    for row in table.records() {
        let row = row.map_err(broken)?;
        let offset = row.position().map_or(0, |it| usize::try_from(it.byte()).unwrap_or(usize::MAX));
        // The parser takes the end of CR LF for the beginning of the next row.
        let breaks = text.as_bytes()[offset.min(text.len())..].iter().take_while(|it| matches!(it, b'\r' | b'\n'));
        let start = (offset.min(text.len()) + breaks.count()).max(seen);
        line += text.as_bytes()[seen..start].iter().filter(|it| **it == b'\n').count();
        seen = start;
        rows.push((line, row));
    }
    Ok((header, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_their_lines() {
        for end in ["\n", "\r\n"] {
            let text = ["\u{FEFF}a,b", "1,\"x", "y\"", "", "2,z", "3,z"].join(end);
            let (header, rows) = rows(&text, b',', &Place::file("t.csv")).unwrap();
            assert_eq!(header, vec!["a", "b"]);
            assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5, 6], "{text:?}");
        }
    }
}
