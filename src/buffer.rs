//! Bytes in the browser's memory: copied into the program's own, and given back at once.
//! A collector sees how little a buffer's object is, not its megabytes, and lets a hundred of them wait.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{MessageChannel, MessagePort};

thread_local! {
    static NOWHERE: Option<MessagePort> = nowhere();
}

/// A buffer's bytes, which the browser holds no longer.
pub fn take(buffer: &ArrayBuffer) -> Vec<u8> {
    let bytes = Uint8Array::new(buffer).to_vec();
    release(buffer);
    bytes
}

/// Gives a buffer's memory back: it is sent to where nobody listens. (`ArrayBuffer.transfer` takes it from the collector's
/// count, but Chromium keeps the memory until the collector comes by.)
pub fn release(buffer: &ArrayBuffer) {
    NOWHERE.with(|port| {
        if let Some(port) = port {
            // A buffer that can't be sent is left to the collector.
            let _ = port.post_message_with_transferable(&JsValue::NULL, &Array::of1(buffer));
        }
    });
}

/// A port whose other end is closed: what is sent to it is dropped.
fn nowhere() -> Option<MessagePort> {
    let channel = MessageChannel::new().ok()?;
    channel.port2().close();
    Some(channel.port1())
}
