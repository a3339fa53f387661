//! CSV and TSV as lines of JSON: each record an object, its cells texts by the names of the columns.
//! A cell that holds a conversation as JSON stays the text that it is; the stage that reads rows looks into it.

use std::io::{self, Read};

/// What parts the cells of a file with this name; `None` where it is not a table.
pub(crate) fn delimiter(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    match () {
        () if name.ends_with(".csv") => Some(b','),
        () if name.ends_with(".tsv") || name.ends_with(".tab") => Some(b'\t'),
        () => None,
    }
}

/// Gives each record as a line of JSON to `each`. `head` are the table's first bytes: some programs part the cells of a
/// `.csv` by semicolons.
///
/// # Errors
/// Where the table can't be read, or `each` fails.
pub(crate) fn each_line(
    table: impl Read,
    delimiter: u8,
    head: &[u8],
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let has = |byte: u8| first_line.contains(&byte);
    let delimiter = match delimiter {
        b',' if !has(b',') && has(b';') => b';',
        b',' if !has(b',') && has(b'\t') => b'\t',
        delimiter => delimiter,
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(table);
    let names: Vec<Vec<u8>> = reader
        .byte_headers()
        .map_err(io::Error::other)?
        .iter()
        .zip(1..)
        .map(|(name, number)| column_name(name, number))
        .collect();
    let mut record = csv::ByteRecord::new();
    let mut line = Vec::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(io::Error::other)?
    {
        line.clear();
        line.push(b'{');
        for (at, cell) in record.iter().enumerate() {
            if at > 0 {
                line.push(b',');
            }
            match names.get(at) {
                Some(name) => line.extend_from_slice(name),
                None => line.extend(column_name(b"", at + 1)),
            }
            line.push(b':');
            match cell {
                b"" => line.extend_from_slice(b"null"),
                cell => push_text(cell, &mut line),
            }
        }
        line.extend_from_slice(b"}\n");
        each(&line)?;
    }
    Ok(())
}

/// A column's name as JSON; one without a name is called by its number.
fn column_name(name: &[u8], number: usize) -> Vec<u8> {
    let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name);
    let mut json = Vec::new();
    match name {
        b"" => push_text(format!("column_{number}").as_bytes(), &mut json),
        name => push_text(name, &mut json),
    }
    json
}

/// Bytes as a JSON text. Those that are not UTF-8 stay: whoever reads the line replaces them and says so.
fn push_text(bytes: &[u8], json: &mut Vec<u8>) {
    json.push(b'"');
    for chunk in bytes.utf8_chunks() {
        let quoted = serde_json::to_string(chunk.valid()).unwrap_or_default();
        let inner = quoted.as_bytes();
        json.extend_from_slice(
            inner
                .get(1..inner.len().saturating_sub(1))
                .unwrap_or_default(),
        );
        json.extend_from_slice(chunk.invalid());
    }
    json.push(b'"');
}
