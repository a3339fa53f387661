//! A text cut where ranges of several kinds begin and end: its colours, its changed words, its matches. So that each piece
//! is put into the document as a text of its own, and all of them together are the text.

/// Ranges of bytes of a text, in order, that do not overlap each other.
pub type Ranges<'a> = &'a [(usize, usize)];

/// A piece of a text that lies wholly within or wholly outside of each range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// The range of each layer that it lies in, by index.
    pub of: [Option<usize>; LAYERS],
}

/// Kinds of ranges at once.
pub const LAYERS: usize = 3;

/// Cuts a text of so many bytes. What a range has beyond the text is left out.
pub fn pieces(length: usize, layers: [Ranges; LAYERS]) -> Vec<Piece> {
    let mut next = [0; LAYERS];
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < length {
        let (mut end, mut of) = (length, [None; LAYERS]);
        for ((ranges, next), of) in layers.iter().zip(&mut next).zip(&mut of) {
            while ranges.get(*next).is_some_and(|(_, end)| *end <= start) {
                *next += 1;
            }
            match ranges.get(*next) {
                Some((from, _)) if *from > start => end = end.min(*from),
                Some((_, to)) => {
                    *of = Some(*next);
                    end = end.min(*to);
                }
                None => {}
            }
        }
        pieces.push(Piece { start, end, of });
        start = end;
    }
    pieces
}
