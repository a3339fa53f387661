//! Rows that come out of Parquet files, written as the row service answers: from there on there is one route.
//! Pure, so that benches measure what the worker does.

/// Writes an answer of `/rows`.
#[derive(Debug, Default)]
pub struct PageWriter {
    rows: String,
}

impl PageWriter {
    /// Adds the row with this index, given as JSON.
    pub fn add(&mut self, row: u64, json: &str) {
        if !self.rows.is_empty() {
            self.rows.push(',');
        }
        self.rows.push_str("{\"row_idx\":");
        self.rows.push_str(&row.to_string());
        self.rows.push_str(",\"row\":");
        self.rows.push_str(json);
        self.rows.push_str(",\"truncated_cells\":[]}");
    }

    /// The answer's text; `total` is how many rows the split has.
    pub fn finish(self, total: u64) -> Vec<u8> {
        let rows = self.rows;
        format!("{{\"features\":[],\"rows\":[{rows}],\"num_rows_total\":{total},\"num_rows_per_page\":100,\"partial\":false}}")
            .into_bytes()
    }
}
