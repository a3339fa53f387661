//! How alike two texts are: the Jaccard index of their shingles (five words in a row), estimated by MinHash
//! (Broder 1997). A signature is small enough to be kept of every row; two of them tell the index to within a few
//! hundredths.

use crate::ground::hash::{both, hash};
use crate::ground::text::{each_word, head};

/// Numbers of a signature. The estimate's standard error is √(J·(1−J)/64): 0.05 at J = 0.8.
pub const SIGNATURE: usize = 64;

/// Words of a shingle.
const WORDS: usize = 5;

/// Bytes of each text that are read: real tasks and patches have fewer.
const LONGEST: usize = 64 * 1024;

/// The signature of some texts together; empty where they have no word.
pub fn signature(texts: &[&str]) -> Vec<u8> {
    const FACTORS: [u64; SIGNATURE] = factors();
    // One that stands there twice changes no least number.
    let mut shingles: Vec<u32> = Vec::new();
    for text in texts {
        add_shingles(text, |shingle| shingles.push(shingle | 1));
    }
    if shingles.is_empty() {
        return Vec::new();
    }
    let (factors, _) = FACTORS.as_chunks();
    let least = factors.iter().flat_map(|factors| least(&shingles, factors));
    // The least of many numbers is small: its last byte tells it apart from another but for once in 256 times
    // (b-bit minwise hashing, Li and König 2010).
    least.map(|least| least as u8).collect()
}

/// Numbers of a signature that are worked out side by side: as many as stay in registers.
const LANES: usize = 8;

/// The least of the shingles' hashes by each factor. It is multiply-shift hashing (Dietzfelbinger et al. 1997): the upper half
/// of the product is as good as random.
fn least(shingles: &[u32], factors: &[u64; LANES]) -> [u32; LANES] {
    // Half by half: vector instructions multiply 32 bits, and in a browser these are ten times as fast as 64 at once.
    let low = factors.map(|factor| factor as u32);
    let high = factors.map(|factor| (factor >> 32) as u32);
    let mut least = [u32::MAX; LANES];
    for shingle in shingles {
        for ((least, low), high) in least.iter_mut().zip(&low).zip(&high) {
            let carried = (u64::from(*shingle) * u64::from(*low)) >> 32;
            let upper = shingle.wrapping_mul(*high).wrapping_add(carried as u32);
            *least = (*least).min(upper);
        }
    }
    least
}

/// The estimated Jaccard index of two signatures: the share of their numbers that agree, without those that agree by
/// chance; 0 where one is empty.
pub fn alike(a: &[u8], b: &[u8]) -> f32 {
    const CHANCE: f32 = 1.0 / 256.0;
    let pairs = a.iter().zip(b).take(SIGNATURE);
    // Counted in bytes: many pairs at once.
    let agreeing = pairs.fold(0_u8, |all, (a, b)| all.wrapping_add(u8::from(a == b)));
    let share = f32::from(agreeing) / SIGNATURE as f32;
    ((share - CHANCE) / (1.0 - CHANCE)).max(0.0)
}

/// Calls `add` with the shingles of a text by their hashes. A text of fewer words is one shingle.
fn add_shingles(text: &str, add: impl FnMut(u32)) {
    let text = head(text, LONGEST);
    let mut words: Vec<u64> = Vec::with_capacity(text.len() / 8);
    each_word(text, |word| words.push(hash(word)));
    let whole = |words: &[u64]| (words.iter().fold(0, |all, word| both(all, *word)) >> 32) as u32;
    match words.len() {
        0 => {}
        1..WORDS => [whole(&words)].into_iter().for_each(add),
        _ => words.windows(WORDS).map(whole).for_each(add),
    }
}

/// One factor per number: SplitMix64's first values (Steele, Lea and Flood 2014), made odd.
const fn factors() -> [u64; SIGNATURE] {
    let mut factors = [0; SIGNATURE];
    let mut state: u64 = 0;
    let mut rest: &mut [u64] = &mut factors;
    while let Some((factor, others)) = rest.split_first_mut() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *factor = (z ^ (z >> 31)) | 1;
        rest = others;
    }
    factors
}
