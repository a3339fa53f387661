//! Hashes by which texts are compared without being kept: XXH3, and one hash of two.
//! They are the same on every machine; a hash of the standard library is not.

use twox_hash::XxHash3_64;

/// XXH3's 64 bits of some bytes.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// One hash of two, in this order.
pub(crate) fn both(first: u64, second: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (first ^ (first >> 32)).wrapping_mul(ODD).rotate_left(29) ^ second;
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(ODD);
    mixed ^ (mixed >> 32)
}
