//! Bytes in the browser's memory: copied into the program's own, and given back at once.
//! A collector sees how little a buffer's object is, not its megabytes, and lets a hundred of them wait.

use js_sys::{ArrayBuffer, Uint8Array};

/// A buffer's bytes, which the browser holds no longer.
pub fn take(buffer: &ArrayBuffer) -> Vec<u8> {
    let bytes = Uint8Array::new(buffer).to_vec();
    release(buffer);
    bytes
}

/// Gives a buffer's memory back. A browser that does not know `transfer` leaves that to its collector.
pub fn release(buffer: &ArrayBuffer) {
    let _ = buffer.transfer_with_length(0);
}
