//! How alike two texts are: the Jaccard index of their shingles (five words in a row), estimated by MinHash
//! (Broder 1997). A signature is small enough to be kept of every row; two of them tell the index to within a few
//! hundredths.

use std::collections::HashSet;

use crate::measure::canonical;

/// Numbers of a signature. The estimate's standard error is √(J·(1−J)/64): 0.05 at J = 0.8.
pub const SIGNATURE: usize = 64;

/// Words of a shingle.
const WORDS: usize = 5;

/// Bytes of each text that are read: real tasks and patches have fewer.
const LONGEST: usize = 64 * 1024;

/// The signature of some texts together; empty where they have no word.
pub fn signature(texts: &[&str]) -> Vec<u8> {
    let shingles: HashSet<u32> = texts.iter().flat_map(|text| shingles(text)).collect();
    if shingles.is_empty() {
        return Vec::new();
    }
    let factors = factors();
    let mut least = [u32::MAX; SIGNATURE];
    for shingle in shingles {
        for (least, factor) in least.iter_mut().zip(&factors) {
            // Multiply-shift hashing (Dietzfelbinger et al. 1997): the upper half of the product is as good as random.
            let hash = (u64::from(shingle | 1).wrapping_mul(*factor) >> 32) as u32;
            *least = (*least).min(hash);
        }
    }
    // The least of many numbers is small: its last byte tells it apart from another but for once in 256 times
    // (b-bit minwise hashing, Li and König 2010).
    least.map(|least| (least & 0xff) as u8).to_vec()
}

/// The estimated Jaccard index of two signatures: the share of their numbers that agree, without those that agree by
/// chance; 0 where one is empty.
pub fn alike(a: &[u8], b: &[u8]) -> f32 {
    const CHANCE: f32 = 1.0 / 256.0;
    let agreeing = a.iter().zip(b).filter(|(a, b)| a == b).count();
    let share = agreeing as f32 / SIGNATURE as f32;
    ((share - CHANCE) / (1.0 - CHANCE)).max(0.0)
}

/// The shingles of a text by their hashes. A text of fewer words is one shingle.
fn shingles(text: &str) -> Vec<u32> {
    let text = crate::measure::head(text, LONGEST);
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let words: Vec<u64> = words
        .filter(|word| !word.is_empty())
        .map(|word| canonical::hash(word.as_bytes()))
        .collect();
    let whole = |words: &[u64]| {
        (words
            .iter()
            .fold(0, |all, word| canonical::both(all, *word))
            >> 32) as u32
    };
    match words.len() {
        0 => Vec::new(),
        1..WORDS => vec![whole(&words)],
        _ => words.windows(WORDS).map(whole).collect(),
    }
}

/// A factor a number: SplitMix64's first values (Steele, Lea and Flood 2014), made odd.
fn factors() -> [u64; SIGNATURE] {
    let mut state: u64 = 0;
    std::array::from_fn(|_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) | 1
    })
}
