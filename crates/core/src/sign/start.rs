//! Where a text may hold a key or an address: at the ends of their first letters, found in one pass by Shift-Or
//! (Baeza-Yates and Gonnet, *A New Approach to Text Searching*, 1992). It takes the same time whatever a text holds, and
//! needs no vector instructions.

/// What is looked for, by its last four letters; a `?` is any letter. The letters of one set are told apart by their
/// places only (`gha_` is found, too): what is found has to be looked at.
const SETS: [&[&[u8; 4]]; 8] = [
    &[b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"],
    &[b"npm_", b"ive_"],
    &[b"pat_", b"pat-"],
    &[b"?hf_", b"?sk-"],
    &[b"ant-", b"roj-", b"cct-"],
    &[b"oxb-", b"oxp-", b"oxa-", b"oxs-", b"app-", b"ypi-"],
    &[b"?eyJ", b"AKIA", b"AIza", b"-BEG"],
    &[b"???@"],
];

/// By letter: a bit for each set and each of its four places at which the letter can't stand.
const MISSES: [u32; 256] = misses();

const fn misses() -> [u32; 256] {
    let mut misses = [0; 256];
    let mut rest: &mut [u32] = &mut misses;
    let mut letter: u8 = 0;
    while let Some((miss, others)) = rest.split_first_mut() {
        *miss = !places(letter);
        rest = others;
        letter = letter.wrapping_add(1);
    }
    misses
}

/// A bit for each set and place at which a letter may stand.
const fn places(letter: u8) -> u32 {
    let mut places = 0;
    let mut sets: &[&[&[u8; 4]]] = &SETS;
    let mut set = 0;
    while let Some((starts, others)) = sets.split_first() {
        let mut starts = *starts;
        while let Some((&&[a, b, c, d], others)) = starts.split_first() {
            let first = is(a, letter) | is(b, letter) << 8 | is(c, letter) << 16;
            places |= (first | is(d, letter) << 24) << set;
            starts = others;
        }
        sets = others;
        set += 1;
    }
    places
}

const fn is(expected: u8, letter: u8) -> u32 {
    (expected == b'?' || expected == letter) as u32
}

/// Below this number all four places of some set are right.
const FOUND: u32 = 0xff00_0000;

/// Letters that are looked at before it is asked whether anything ended among them.
const CHUNK: usize = 8;

/// Calls `on` with the place of each last letter, in order.
pub(super) fn ends(text: &[u8], mut on: impl FnMut(usize)) {
    let (chunks, rest) = text.as_chunks::<CHUNK>();
    // As if a letter that is not looked for stood before the text.
    let mut misses = [0; 3]
        .map(miss)
        .into_iter()
        .fold(0, |all, miss| all << 8 | miss);
    for (chunk, start) in chunks.iter().zip((0..).step_by(CHUNK)) {
        let before = misses;
        let mut all = u32::MAX;
        // Two at a time: the next two need not wait for each of them.
        let (pairs, _) = chunk.as_chunks::<2>();
        for [first, second] in pairs {
            let (first, second) = (miss(*first), miss(*second));
            all &= misses << 8 | first;
            misses = misses << 16 | first << 8 | second;
            all &= misses;
        }
        if all < FOUND {
            one_by_one(before, chunk, start, &mut on);
        }
    }
    one_by_one(misses, rest, text.len() - rest.len(), &mut on);
}

fn one_by_one(mut misses: u32, letters: &[u8], start: usize, on: &mut impl FnMut(usize)) {
    for (letter, at) in letters.iter().zip(start..) {
        misses = misses << 8 | miss(*letter);
        if misses < FOUND {
            on(at);
        }
    }
}

fn miss(letter: u8) -> u32 {
    MISSES.get(usize::from(letter)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_letters_are_found_wherever_they_stand() {
        for start in SETS.into_iter().flatten() {
            let letters = start.map(|letter| if letter == b'?' { b'a' } else { letter });
            for before in 0..3 * CHUNK {
                let text = [&vec![b' '; before], &letters[..], b"  "].concat();
                let mut found = Vec::new();
                ends(&text, |at| found.push(at));
                assert_eq!(found, [before + 3], "{text:?}");
            }
        }
        let mut found = Vec::new();
        ends(b"@ a_b-c hg_p_", |at| found.push(at));
        assert_eq!(found, [0]);
    }
}
