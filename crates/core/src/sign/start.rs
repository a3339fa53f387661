//! Where a text may hold a key or an address: two letters are looked up at once, in a table of those by which such a thing is
//! told. That takes less than looking at each letter, whatever a text holds, and needs no vector instructions.

/// Three of the first letters of keys, and how many stand before them. Of the letters of one kind of keys these are seldom in
/// prose and code; whoever is told of a start has to look at the rest. No two of them share two letters in a row.
const TELLING: [(&[u8; 3], usize); 18] = [
    (b"hp_", 1), // ghp_
    (b"gho", 0), // gho_
    (b"hu_", 1), // ghu_
    (b"hs_", 1), // ghs_
    (b"hr_", 1), // ghr_
    (b"npm", 0), // npm_
    (b"ub_", 4), // github_pat_
    (b"glp", 0), // glpat-
    (b"hf_", 0),
    (b"sk-", 0), // and what follows of it
    (b"k_l", 1), // sk_live_, rk_live_
    (b"xox", 0),
    (b"pi-", 2), // pypi-
    (b"pp-", 2), // xapp-
    (b"AKI", 0), // AKIA
    (b"Iza", 1), // AIza
    (b"eyJ", 0),
    (b"-BE", 4), // -----BEGIN
];

/// Letters that are looked up before it is asked whether anything was told among them.
const CHUNK: usize = 16;

/// By two letters: 0, [`AT`], or which of [`TELLING`] they are of: one more than twice its place, two more where they are the
/// last two of its letters.
static TOLD: [u8; 1 << 16] = told_by_pairs();

/// One of the two letters is an `@`.
const AT: u8 = u8::MAX;

#[expect(
    clippy::indexing_slicing,
    reason = "it is checked when the program is compiled"
)]
const fn told_by_pairs() -> [u8; 1 << 16] {
    let mut told = [0; 1 << 16];
    let mut letter = 0;
    while letter < 1 << 8 {
        told[pair(b'@', letter as u8)] = AT;
        told[pair(letter as u8, b'@')] = AT;
        letter += 1;
    }
    let mut place = 0;
    while place < TELLING.len() {
        let &[first, second, third] = TELLING[place].0;
        let (begin, end) = (pair(first, second), pair(second, third));
        assert!(told[begin] == 0 && told[end] == 0 && begin != end);
        told[begin] = 2 * place as u8 + 1;
        told[end] = 2 * place as u8 + 2;
        place += 1;
    }
    told
}

const fn pair(first: u8, second: u8) -> usize {
    u16::from_le_bytes([first, second]) as usize
}

fn told(letters: [u8; 2]) -> u8 {
    let told = TOLD.get(usize::from(u16::from_le_bytes(letters)));
    told.copied().unwrap_or_default()
}

/// Calls `on` with the place of each `@` and of what may be a key's first letter, once each. (An `@` at the very end is left
/// out where the text has an odd number of letters: nothing can follow it.)
pub(super) fn each(text: &[u8], mut on: impl FnMut(usize)) {
    // Of three letters in a row, two stand in one pair, wherever the three begin.
    let (chunks, rest) = text.as_chunks::<CHUNK>();
    for (chunk, at) in chunks.iter().zip((0..).step_by(CHUNK)) {
        let (pairs, _) = chunk.as_chunks::<2>();
        if pairs.iter().fold(0, |all, pair| all | told(*pair)) != 0 {
            one_by_one(text, pairs, at, &mut on);
        }
    }
    let (pairs, _) = rest.as_chunks::<2>();
    one_by_one(text, pairs, text.len() - rest.len(), &mut on);
}

/// Looks at pairs of letters, of which the first stands at `start`.
fn one_by_one(text: &[u8], pairs: &[[u8; 2]], start: usize, on: &mut impl FnMut(usize)) {
    for (place, pair) in pairs.iter().enumerate() {
        let told = told(*pair);
        if told != 0 {
            on_told(text, start + 2 * place, *pair, told, on);
        }
    }
}

/// Calls `on` with what two letters at `at` tell of.
fn on_told(text: &[u8], at: usize, pair: [u8; 2], told: u8, on: &mut impl FnMut(usize)) {
    if told != AT {
        return on_telling(text, at, usize::from(told - 1), on);
    }
    for (letter, at) in pair.iter().zip(at..) {
        if *letter == b'@' {
            on(at);
        }
    }
}

/// Calls `on` where all three letters stand that two at `at` are of.
fn on_telling(text: &[u8], at: usize, told: usize, on: &mut impl FnMut(usize)) {
    let (Some((letters, before)), Some(from)) = (TELLING.get(told / 2), at.checked_sub(told % 2))
    else {
        return;
    };
    let are_there = text
        .get(from..)
        .is_some_and(|text| text.starts_with(*letters));
    if let Some(start) = from.checked_sub(*before).filter(|_| are_there) {
        on(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        each(text.as_bytes(), |at| found.push(at));
        found
    }

    #[test]
    fn an_at_and_telling_letters_are_found_wherever_they_stand() {
        for before in 0..3 * CHUNK {
            let text = " ".repeat(before);
            assert_eq!(all(&format!("{text}a@@b")), [before + 1, before + 2]);
            for (letters, more) in TELLING {
                let key = "?".repeat(more) + std::str::from_utf8(letters).unwrap_or_default();
                assert_eq!(all(&format!("{text}{key} ")), [before], "{text}{key}");
            }
        }
        assert_eq!(all("h hp- p_ _ ghq_ hf sk pp"), [0; 0]);
        assert_eq!(all("hp_"), [0; 0]);
        assert_eq!(all(""), [0; 0]);
    }
}
