//! Where a download is written to, piece by piece: a file that the user chooses where the browser has that,
//! else a blob that is offered when it is whole. What was cancelled never looks like a whole file.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, FileSystemFileHandle, FileSystemWritableFileStream, HtmlAnchorElement,
    Url,
};

/// An open download.
#[derive(Debug)]
pub enum Sink {
    /// Straight into a file: the browser moves it to its name when it is closed.
    File(FileSystemWritableFileStream),
    /// Into blobs, which the browser keeps outside the page's memory.
    Blobs {
        /// The pieces so far.
        pieces: Array,
        /// The name that the file is offered under.
        name: String,
    },
}

impl Sink {
    /// Opens a download; `None` where the user closed the dialogue. Must be called from a click.
    pub async fn open(name: &str) -> Option<Self> {
        match picker() {
            Some(picker) => match pick(&picker, name).await {
                Ok(stream) => Some(Self::File(stream)),
                Err(error) if is_abort(&error) => None,
                Err(_) => Some(Self::blobs(name)),
            },
            None => Some(Self::blobs(name)),
        }
    }

    /// A download that needs no choice of place: for what is small.
    pub fn blobs(name: &str) -> Self {
        Self::Blobs {
            pieces: Array::new(),
            name: name.to_owned(),
        }
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// Why it could not be written, in words.
    pub async fn write(&mut self, bytes: &Uint8Array) -> Result<(), String> {
        match self {
            Self::File(stream) => {
                let written = stream.write_with_js_u8_array(bytes).map_err(words)?;
                JsFuture::from(written).await.map(drop).map_err(words)
            }
            Self::Blobs { pieces, .. } => {
                let piece = Blob::new_with_u8_array_sequence(&Array::of1(bytes)).map_err(words)?;
                pieces.push(&piece);
                Ok(())
            }
        }
    }

    /// Ends the download: now the file is there.
    ///
    /// # Errors
    /// Why it could not be ended, in words.
    pub async fn close(self) -> Result<(), String> {
        match self {
            Self::File(stream) => JsFuture::from(stream.close())
                .await
                .map(drop)
                .map_err(words),
            Self::Blobs { pieces, name } => offer(&pieces, &name).map_err(words),
        }
    }

    /// Drops what was written.
    pub async fn abort(self) {
        if let Self::File(stream) = self {
            let _ = JsFuture::from(stream.abort()).await;
        }
    }
}

/// Not every browser has the picker, and web-sys counts it as unstable.
fn picker() -> Option<Function> {
    let window = web_sys::window()?;
    Reflect::get(&window, &"showSaveFilePicker".into())
        .ok()?
        .dyn_into()
        .ok()
}

async fn pick(picker: &Function, name: &str) -> Result<FileSystemWritableFileStream, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"suggestedName".into(), &name.into())?;
    let promise: Promise = picker.call1(&JsValue::UNDEFINED, &options)?.dyn_into()?;
    let handle: FileSystemFileHandle = JsFuture::from(promise).await?.dyn_into()?;
    JsFuture::from(handle.create_writable()).await?.dyn_into()
}

/// Whether the user closed a dialogue.
pub fn is_abort(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string());
    name.as_deref() == Some("AbortError")
}

fn offer(pieces: &Array, name: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let blob = Blob::new_with_blob_sequence_and_options(pieces, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or(JsValue::UNDEFINED)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser has taken hold of the blob by the next turn of the event loop, but not always in this one.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

/// What the browser says, in words.
pub fn words(error: JsValue) -> String {
    let message = Reflect::get(&error, &"message".into())
        .ok()
        .and_then(|message| message.as_string());
    message.unwrap_or_else(|| "the browser refused to write".to_owned())
}
