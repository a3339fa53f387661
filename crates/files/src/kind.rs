//! What a file is, by its first bytes and its name: text that may hold runs, something packed, or something else entirely.
//! What is something else is named, so that nobody has to guess why nothing was read.

/// So many bytes of a file tell what it is: a tar's mark stands at 257.
pub(crate) const TELLING: usize = 1_024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text in UTF-8, as far as its beginning tells.
    Text,
    /// Text in UTF-16; the flag says whether the high byte comes first.
    Utf16(bool),
    /// Several files in one.
    Zip,
    /// Several files in one.
    Tar,
    /// One file, compressed; it may be a tar.
    Packed(Packing),
    /// A Parquet file.
    Parquet,
    /// Nothing at all.
    Empty,
    /// Something that holds no runs, in words: `a picture`.
    Other(&'static str),
}

/// How one file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// `.gz`
    Gzip,
    /// `.zst`
    Zstd,
    /// `.bz2`
    Bzip2,
    /// `.xz`
    Xz,
}

impl Packing {
    /// The ending of its files, with which a name loses it.
    pub(crate) fn endings(self) -> &'static [&'static str] {
        match self {
            Packing::Gzip => &[".gz", ".gzip"],
            Packing::Zstd => &[".zst", ".zstd"],
            Packing::Bzip2 => &[".bz2"],
            Packing::Xz => &[".xz"],
        }
    }
}

/// Beginnings of files that are something else, and what they are.
const OTHERS: [(&[u8], &str); 32] = [
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"\0\0\x01\0", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"GGUF", "model weights"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"ARROW1", "an Arrow file; convert it to Parquet"),
    (b"Obj\x01", "an Avro file; convert it to JSONL or Parquet"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\0asm", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!\x1a", "a RAR archive; unpack it first"),
    (b"\x04\x22\x4d\x18", "an LZ4 archive; unpack it first"),
    (b"\x1f\x9d", "a .Z archive; unpack it first"),
    (b"OggS", "sound"),
    (b"ID3\x03", "sound"),
    (b"ID3\x04", "sound"),
    (b"fLaC", "sound"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (
        b"version https://git-lfs.github.com/spec/",
        "a pointer to a file that Git LFS keeps; fetch the file itself (git lfs pull)",
    ),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
];

/// Endings of files that are something else whatever they begin with.
const ENDINGS: [(&str, &str); 10] = [
    (".safetensors", "model weights"),
    (".pt", "model weights"),
    (".pth", "model weights"),
    (".ckpt", "model weights"),
    (".onnx", "model weights"),
    (".docx", "an Office document"),
    (".xlsx", "a spreadsheet; save it as CSV"),
    (".pptx", "an Office document"),
    (".whl", "a Python package"),
    (".jar", "a Java program"),
];

/// What a file is; `head` are its first bytes, 1,024 where it has so many.
pub fn kind(name: &str, head: &[u8]) -> Kind {
    let name = name.to_lowercase();
    if head.is_empty() {
        return Kind::Empty;
    }
    if let Some((_, what)) = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)) {
        return Kind::Other(what);
    }
    let begins = |magic: &[u8]| head.starts_with(magic);
    match () {
        () if begins(b"PAR1") => Kind::Parquet,
        () if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") => Kind::Zip,
        () if begins(b"\x1f\x8b") => Kind::Packed(Packing::Gzip),
        () if is_zstd(head) => Kind::Packed(Packing::Zstd),
        () if begins(b"BZh") && head.get(4..10) == Some(b"1AY&SY") => Kind::Packed(Packing::Bzip2),
        () if begins(b"\xfd7zXZ\0") => Kind::Packed(Packing::Xz),
        () if head.get(257..262) == Some(b"ustar") => Kind::Tar,
        () if begins(b"\xff\xfe\0\0") || begins(b"\0\0\xfe\xff") => {
            Kind::Other("a text in UTF-32; save it as UTF-8")
        }
        () if begins(b"\xff\xfe") || is_utf16(head, 1) => Kind::Utf16(false),
        () if begins(b"\xfe\xff") || is_utf16(head, 0) => Kind::Utf16(true),
        () => other(head).map_or(Kind::Text, Kind::Other),
    }
}

/// A frame of Zstandard, or one that its readers pass over.
fn is_zstd(head: &[u8]) -> bool {
    let skipped = head.get(1..4) == Some(b"\x2a\x4d\x18")
        && head.first().is_some_and(|byte| byte & 0xf0 == 0x50);
    head.starts_with(b"\x28\xb5\x2f\xfd") || skipped
}

/// Whether the text is JSON in UTF-16 without a mark: every other byte is 0, from the one at `zero` on.
fn is_utf16(head: &[u8], zero: usize) -> bool {
    let units = head.get(..8).unwrap_or(head).chunks_exact(2);
    let is_ascii = |unit: &[u8]| {
        let (zero, text) = (unit.get(zero), unit.get(1 - zero));
        zero == Some(&0) && text.is_some_and(|byte| (9..0x7f).contains(byte))
    };
    head.len() >= 4 && units.into_iter().all(is_ascii)
}

fn other(head: &[u8]) -> Option<&'static str> {
    let known = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, what)) = known {
        return Some(what);
    }
    if head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Some("a picture");
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Some("a video");
    }
    if head.starts_with(b"RIFF") {
        return Some(match head.get(8..12) {
            Some(b"WEBP") => "a picture",
            Some(b"WAVE") => "sound",
            _ => "a video",
        });
    }
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let begins = |word: &str| {
        let start = text.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    match () {
        () if begins("<!doctype html") || begins("<html") => {
            Some("an HTML page; if it was downloaded, the server sent a page in place of the file")
        }
        () if begins("<svg") => Some("a picture"),
        () if begins("<?xml") => Some("an XML document"),
        () if is_safetensors(head) => Some("model weights"),
        // Text holds no zero bytes.
        () if head.iter().filter(|byte| **byte == 0).count() * 50 > head.len() => {
            Some("a binary file")
        }
        () => None,
    }
}

/// The length of a header, then the header, an object.
fn is_safetensors(head: &[u8]) -> bool {
    let length = head
        .first_chunk::<8>()
        .map(|bytes| u64::from_le_bytes(*bytes));
    length.is_some_and(|length| (2..100_000_000).contains(&length))
        && head.get(8..10) == Some(b"{\"")
}
