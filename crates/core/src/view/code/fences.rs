//! Code between fences, as Markdown has it: its language stands behind the first fence.
//! Where none does, or one that is not known, the code has no colour.

use super::{Language, Span, colours};

/// The colours of a text's fenced code.
pub(super) fn fenced(text: &str, is_cut: bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Option<Fence> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        match (open, Fence::of(line, next)) {
            (None, fence) => open = fence,
            (Some(fence), Some(end)) if end.closes(&fence) => {
                fence.colour(text, at, false, &mut spans);
                open = None;
            }
            (Some(_), _) => {}
        }
        at = next;
    }
    if let Some(fence) = open.filter(|_| is_cut) {
        fence.colour(text, at, true, &mut spans);
    }
    spans
}

/// A line that begins or ends fenced code.
#[derive(Clone, Copy)]
struct Fence<'t> {
    /// `` ` `` or `~`.
    letter: u8,
    length: usize,
    /// What stands behind it.
    info: &'t str,
    /// The byte behind its line.
    end: usize,
}

impl<'t> Fence<'t> {
    fn of(line: &'t str, end: usize) -> Option<Self> {
        let bare = line.trim_start_matches(' ');
        let letter = bare
            .bytes()
            .next()
            .filter(|byte| matches!(byte, b'`' | b'~'))?;
        let length = bare.bytes().take_while(|byte| *byte == letter).count();
        let info = bare.get(length..)?.trim();
        let is_fence = length >= 3 && line.len() - bare.len() <= 3 && !info.contains('`');
        is_fence.then_some(Self {
            letter,
            length,
            info,
            end,
        })
    }

    fn closes(&self, open: &Fence) -> bool {
        self.letter == open.letter && self.length >= open.length && self.info.is_empty()
    }

    /// Colours the code from behind the fence to a place.
    fn colour(&self, text: &str, to: usize, is_cut: bool, spans: &mut Vec<Span>) {
        let name = self.info.split([' ', '{', ',', ':']).next();
        let language = name.and_then(Language::by_name);
        if let (Some(language), Some(code)) = (language, text.get(self.end..to)) {
            let of_code = colours(code, language, is_cut).into_iter();
            spans.extend(of_code.map(|span| span.moved(self.end)));
        }
    }
}
