//! Rows that come out of Parquet files, written as the row service answers: from there on there is one route.
//! Pure, so that benches measure what the worker does.

/// Writes an answer of `/rows`.
#[derive(Debug)]
pub struct PageWriter {
    text: String,
    is_empty: bool,
}

impl Default for PageWriter {
    fn default() -> Self {
        Self {
            text: r#"{"features":[],"rows":["#.to_owned(),
            is_empty: true,
        }
    }
}

impl PageWriter {
    /// Adds the row with this index, given as JSON.
    pub fn add(&mut self, row: u64, json: &str) {
        if !std::mem::take(&mut self.is_empty) {
            self.text.push(',');
        }
        self.text.push_str("{\"row_idx\":");
        self.text.push_str(&row.to_string());
        self.text.push_str(",\"row\":");
        self.text.push_str(json);
        self.text.push_str(",\"truncated_cells\":[]}");
    }

    /// The answer's text; `total` is how many rows the split has.
    pub fn finish(mut self, total: u64) -> Vec<u8> {
        let end =
            format!(r#"],"num_rows_total":{total},"num_rows_per_page":100,"partial":false}}"#);
        self.text.push_str(&end);
        self.text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracesift_hub::answer::rows_page;

    #[test]
    fn rows_come_back_as_those_of_the_row_service() {
        let mut page = PageWriter::default();
        page.add(7, r#"{"a":"x"}"#);
        page.add(9, r#"{"a":null}"#);
        let text = String::from_utf8(page.finish(20)).unwrap_or_default();
        let page = rows_page(&text).ok();
        let rows = page.iter().flat_map(|page| &page.rows);
        let rows: Vec<_> = rows.map(|row| (row.index, row.json)).collect();
        assert_eq!(rows, [(7, r#"{"a":"x"}"#), (9, r#"{"a":null}"#)]);
        assert_eq!(page.and_then(|page| page.total), Some(20));

        let nothing = String::from_utf8(PageWriter::default().finish(0)).unwrap_or_default();
        assert!(rows_page(&nothing).is_ok_and(|page| page.rows.is_empty()));
    }
}
