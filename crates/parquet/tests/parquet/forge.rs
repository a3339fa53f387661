//! Parquet files forged byte by byte, so that they can lie wherever a file says something of itself.
//! The encoder of Thrift's compact protocol is this file's own.

/// What Thrift can say.
#[derive(Debug, Clone)]
pub enum Word {
    Bool(bool),
    Int(i64),
    Bytes(Vec<u8>),
    List(Vec<Word>),
    Struct(Vec<(i16, Word)>),
    /// Anything: its kind and its bytes.
    Raw(u8, Vec<u8>),
}

use Word::{Bool, Bytes, Int, List, Raw, Struct};

pub fn text(words: &str) -> Word {
    Bytes(words.as_bytes().to_vec())
}

pub fn unsigned(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

pub fn signed(number: i64) -> Vec<u8> {
    unsigned(((number << 1) ^ (number >> 63)) as u64)
}

/// A list's head: how many items of a kind follow.
pub fn items(count: u64, kind: u8) -> Vec<u8> {
    let mut out = vec![0xf0 | kind];
    out.extend(unsigned(count));
    out
}

impl Word {
    fn kind(&self) -> u8 {
        match self {
            Bool(true) => 1,
            Bool(false) => 2,
            Int(_) => 6,
            Bytes(_) => 8,
            List(_) => 9,
            Struct(_) => 12,
            Raw(kind, _) => *kind,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Bool(_) => Vec::new(),
            Int(number) => signed(*number),
            Bytes(bytes) => [unsigned(bytes.len() as u64), bytes.clone()].concat(),
            List(words) => {
                let kind = words.first().map_or(3, Word::kind);
                // The format's lists of numbers are of 32 bits.
                let kind = if kind == 6 { 5 } else { kind };
                let mut out = items(words.len() as u64, kind);
                out.extend(words.iter().flat_map(Word::bytes));
                out
            }
            Struct(fields) => {
                let mut out = Vec::new();
                for (id, word) in fields {
                    out.push(word.kind());
                    out.extend(signed(i64::from(*id)));
                    out.extend(word.bytes());
                }
                out.push(0);
                out
            }
            Raw(_, bytes) => bytes.clone(),
        }
    }

    /// With a field said in another way.
    pub fn with(mut self, id: i16, word: Word) -> Self {
        if let Struct(fields) = &mut self {
            fields.retain(|(field, _)| *field != id);
            fields.push((id, word));
            fields.sort_by_key(|(id, _)| *id);
        }
        self
    }
}

pub const INT32: i64 = 1;
pub const INT64: i64 = 2;
pub const BYTES: i64 = 6;
pub const FIXED: i64 = 7;

pub const REQUIRED: i64 = 0;
pub const OPTIONAL: i64 = 1;
pub const REPEATED: i64 = 2;

pub const PLAIN: i64 = 0;
pub const RLE: i64 = 3;
pub const DELTA_BINARY: i64 = 5;
pub const DELTA_LENGTH: i64 = 6;
pub const DELTA_BYTES: i64 = 7;
pub const DICTIONARY: i64 = 8;
pub const SPLIT: i64 = 9;

pub fn root(children: i64) -> Word {
    Struct(vec![(4, text("schema")), (5, Int(children))])
}

/// A leaf; text where it is of bytes.
pub fn leaf(name: &str, kind: i64, repetition: i64) -> Word {
    let mut fields = vec![(1, Int(kind)), (3, Int(repetition)), (4, text(name))];
    if kind == BYTES {
        fields.push((6, Int(0)));
    }
    Struct(fields)
}

/// A page with its header; the sizes are those of `body`.
pub fn page(kind: i64, numbers: Word, unpacked: usize, body: &[u8]) -> Vec<u8> {
    let field = match kind {
        0 => 5,
        2 => 7,
        _ => 8,
    };
    let header = Struct(vec![
        (1, Int(kind)),
        (2, Int(unpacked as i64)),
        (3, Int(body.len() as i64)),
        (field, numbers),
    ]);
    [header.bytes(), body.to_vec()].concat()
}

/// The numbers of a data page of the first version.
pub fn data(values: i64, encoding: i64) -> Word {
    Struct(vec![
        (1, Int(values)),
        (2, Int(encoding)),
        (3, Int(RLE)),
        (4, Int(RLE)),
    ])
}

pub fn dictionary(values: i64) -> Word {
    Struct(vec![(1, Int(values)), (2, Int(PLAIN))])
}

/// A run of a level.
pub fn run(times: u64, level: u8) -> Vec<u8> {
    [unsigned(times << 1), vec![level]].concat()
}

/// Levels behind their length.
pub fn levels(runs: &[u8]) -> Vec<u8> {
    [(runs.len() as u32).to_le_bytes().to_vec(), runs.to_vec()].concat()
}

/// A plain text.
pub fn plain(text: &[u8]) -> Vec<u8> {
    levels(text)
}

/// A file in the making: one row group whose only leaf has these pages.
#[derive(Debug, Clone)]
pub struct Forged {
    pub schema: Vec<Word>,
    pub kind: i64,
    pub codec: i64,
    pub rows: i64,
    pub pages: Vec<u8>,
    /// Fields of the leaf's description, said in another way.
    pub column: Vec<(i16, Word)>,
    /// Fields of the file's description, said in another way.
    pub file: Vec<(i16, Word)>,
}

impl Forged {
    /// A leaf of texts.
    pub fn texts(repetition: i64, rows: i64, pages: Vec<u8>) -> Self {
        Self {
            schema: vec![root(1), leaf("t", BYTES, repetition)],
            kind: BYTES,
            codec: 0,
            rows,
            pages,
            column: Vec::new(),
            file: Vec::new(),
        }
    }

    pub fn of_kind(mut self, kind: i64) -> Self {
        self.kind = kind;
        let repetition = match &self.schema[1] {
            Struct(fields) => fields.iter().find(|(id, _)| *id == 3),
            _ => None,
        };
        let Some((_, Int(repetition))) = repetition else {
            return self;
        };
        self.schema[1] = leaf("t", kind, *repetition);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut column = Struct(vec![
            (1, Int(self.kind)),
            (2, List(vec![Int(PLAIN)])),
            (3, List(vec![text("t")])),
            (4, Int(self.codec)),
            (5, Int(self.rows)),
            (6, Int(self.pages.len() as i64)),
            (7, Int(self.pages.len() as i64)),
            (9, Int(4)),
        ]);
        for (id, word) in &self.column {
            column = column.with(*id, word.clone());
        }
        let chunk = Struct(vec![(2, Int(0)), (3, column)]);
        let group = Struct(vec![
            (1, List(vec![chunk])),
            (2, Int(self.pages.len() as i64)),
            (3, Int(self.rows)),
        ]);
        let mut file = Struct(vec![
            (1, Int(1)),
            (2, List(self.schema.clone())),
            (3, Int(self.rows)),
            (4, List(vec![group])),
        ]);
        for (id, word) in &self.file {
            file = file.with(*id, word.clone());
        }
        whole(&self.pages, &file.bytes())
    }
}

/// A file of some bytes and a footer.
pub fn whole(pages: &[u8], footer: &[u8]) -> Vec<u8> {
    let length = (footer.len() as u32).to_le_bytes();
    [b"PAR1", pages, footer, &length[..], b"PAR1"].concat()
}
