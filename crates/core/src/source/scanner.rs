//! Where the rows of a file lie, found byte by byte in one pass: lines, the elements of one array, or objects one after another.
//! Nothing is parsed, so that what is broken is still a row.

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Where a row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowSpan {
    /// The byte that parts it from the row before, where a page may begin.
    pub parted_at: u64,
    /// Its first byte.
    pub start: u64,
    /// The byte after its last one.
    pub end: u64,
}

impl RowSpan {
    /// The row, of the bytes that it was found in.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        let at = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
        let row = bytes.get(at(self.start)..at(self.end));
        row.unwrap_or_default().trim_ascii()
    }
}

/// How rows lie in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Form {
    /// Not known: nothing but white space was seen.
    #[default]
    Unknown,
    /// Not known: an opening brace was seen, and it tells by what follows it on its line.
    Brace,
    /// One row per line. Also what stands behind the end of an array.
    Lines,
    /// The elements of one array.
    Array,
    /// Objects one after another, each over several lines.
    Values,
}

/// Finds rows byte by byte; its state is all that is carried from one piece of a file to the next.
///
/// A page begins at the byte that parts it from the page before, and by that byte its form is known again: a line
/// break (or the bracket that closes an array) for lines, a comma for an array, anything else for values.
#[derive(Debug, Clone, Default)]
pub(super) struct Scanner {
    form: Form,
    at: u64,
    /// How many bytes of a byte order mark the file began with.
    mark: usize,
    parted_at: u64,
    /// Where the row began that is being read.
    row: Option<u64>,
    /// Brackets and braces that are open, the outer array's included.
    depth: u64,
    in_string: bool,
    is_escaped: bool,
}

impl Scanner {
    /// A scanner of lines.
    pub fn of_lines() -> Self {
        Self {
            form: Form::Lines,
            ..Self::default()
        }
    }

    /// A scanner at the beginning of a page within a file, which begins with this byte.
    pub fn within(first: u8) -> Self {
        let (form, depth) = match first {
            b'\n' => (Form::Lines, 0),
            b',' | b']' => (Form::Array, 1),
            _ => (Form::Values, 0),
        };
        Self {
            form,
            depth,
            ..Self::default()
        }
    }

    /// Reads on, and calls `each` with every row that ends in these bytes.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(RowSpan)) {
        let mut rest = bytes;
        loop {
            let (idle, after) = rest.split_at(self.idle(rest).min(rest.len()));
            self.at = self.at.saturating_add(idle.len() as u64);
            let Some((byte, after)) = after.split_first() else {
                return;
            };
            if let Some(row) = self.step(*byte) {
                each(row);
            }
            self.at = self.at.saturating_add(1);
            rest = after;
        }
    }

    /// Ends the last row, at the end of the file.
    pub fn finish(&mut self) -> Option<RowSpan> {
        if self.has_half_mark() {
            self.begin_row_with_mark();
        }
        self.end_row(self.at)
    }

    /// How many of the next bytes change nothing, so that long texts are passed over quickly.
    fn idle(&self, bytes: &[u8]) -> usize {
        let until = |ends: fn(&u8) -> bool| bytes.iter().position(ends).unwrap_or(bytes.len());
        match self.form {
            _ if self.is_escaped => 0,
            _ if self.in_string => until(|byte| matches!(byte, b'"' | b'\\')),
            Form::Lines if self.row.is_some() => until(|byte| *byte == b'\n'),
            _ => 0,
        }
    }

    fn step(&mut self, byte: u8) -> Option<RowSpan> {
        if self.in_string {
            self.step_in_string(byte);
            return None;
        }
        match self.form {
            Form::Unknown => self.step_unknown(byte),
            Form::Brace => self.step_brace(byte),
            Form::Lines => self.step_lines(byte),
            Form::Array => self.step_array(byte),
            Form::Values => self.step_values(byte),
        }
    }

    fn step_in_string(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' => self.in_string = false,
            _ => {}
        }
    }

    fn step_unknown(&mut self, byte: u8) -> Option<RowSpan> {
        let is_at_mark = self.at == self.mark as u64;
        match byte {
            _ if is_at_mark && BYTE_ORDER_MARK.get(self.mark) == Some(&byte) => self.mark += 1,
            _ if self.has_half_mark() => {
                self.begin_row_with_mark();
                return self.step_lines(byte);
            }
            b'[' => {
                self.form = Form::Array;
                self.depth = 1;
            }
            b'{' => {
                self.form = Form::Brace;
                self.begin_row();
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                self.form = Form::Lines;
                self.begin_row();
            }
        }
        None
    }

    /// Whether the file began with some bytes of a byte order mark that did not become one: they belong to its first row.
    fn has_half_mark(&self) -> bool {
        self.form == Form::Unknown && (1..BYTE_ORDER_MARK.len()).contains(&self.mark)
    }

    fn begin_row_with_mark(&mut self) {
        self.form = Form::Lines;
        self.row = Some(0);
    }

    /// No line of a file of lines is a brace alone; the first line of a pretty-printed object is.
    fn step_brace(&mut self, byte: u8) -> Option<RowSpan> {
        match byte {
            b'\n' => {
                self.form = Form::Values;
                self.depth = 1;
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => self.form = Form::Lines,
        }
        None
    }

    fn step_lines(&mut self, byte: u8) -> Option<RowSpan> {
        let is_at_mark = self.row.is_none() && self.at == self.mark as u64;
        match byte {
            b'\n' => return self.part(),
            _ if is_at_mark && BYTE_ORDER_MARK.get(self.mark) == Some(&byte) => self.mark += 1,
            _ if byte.is_ascii_whitespace() => {}
            _ => self.begin_row(),
        }
        None
    }

    fn step_array(&mut self, byte: u8) -> Option<RowSpan> {
        match byte {
            b',' if self.depth == 1 => return self.part(),
            b']' if self.depth == 1 => {
                self.form = Form::Lines;
                return self.part();
            }
            b'}' if self.depth == 1 => self.begin_row(),
            _ => self.step_value(byte),
        }
        None
    }

    fn step_values(&mut self, byte: u8) -> Option<RowSpan> {
        let is_between = self.depth == 0 && self.row.is_none();
        match byte {
            b'}' | b']' | b',' if is_between => return None,
            b'\n' if self.depth == 0 => return self.end_row(self.at),
            _ => {}
        }
        if is_between {
            self.parted_at = self.at;
        }
        self.step_value(byte);
        let is_closed = self.depth == 0 && matches!(byte, b'}' | b']');
        is_closed.then(|| self.end_row(self.at.saturating_add(1)))?
    }

    fn step_value(&mut self, byte: u8) {
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ if byte.is_ascii_whitespace() => return,
            _ => {}
        }
        self.begin_row();
    }

    fn begin_row(&mut self) {
        self.row.get_or_insert(self.at);
    }

    /// Ends the row before this byte, which parts it from the next.
    fn part(&mut self) -> Option<RowSpan> {
        let row = self.end_row(self.at);
        self.parted_at = self.at;
        row
    }

    fn end_row(&mut self, end: u64) -> Option<RowSpan> {
        let start = self.row.take()?;
        Some(RowSpan {
            parted_at: self.parted_at,
            start,
            end,
        })
    }
}
