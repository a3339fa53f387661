//! Where the files of an export go: nowhere, into one download, into a folder that the user chooses, or into blobs for
//! whoever sends them on. What was cancelled never looks like a whole file.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemWritableFileStream,
};

use super::sink::{Sink, is_abort, words};

/// An open export.
#[derive(Debug)]
pub enum Destination {
    /// Nowhere: only what would be written is wanted.
    Nowhere,
    /// One download: the only file, or the `.zip` that holds all.
    One(Sink),
    /// A folder: each file by its name.
    Folder(Folder),
    /// Each file by its name, in blobs, which the browser keeps outside of the page's memory.
    Kept(Vec<(String, Array)>),
}

impl Destination {
    /// Adds bytes to a file.
    ///
    /// # Errors
    /// Why they could not be written, in words.
    pub async fn write(&mut self, name: &str, bytes: &Uint8Array) -> Result<(), String> {
        match self {
            Self::Nowhere => Ok(()),
            Self::One(sink) => sink.write(bytes).await,
            Self::Folder(folder) => folder.write(name, bytes).await.map_err(words),
            Self::Kept(files) => {
                let piece = Blob::new_with_u8_array_sequence(&Array::of1(bytes)).map_err(words)?;
                match files.iter().find(|(known, _)| known == name) {
                    Some((_, pieces)) => {
                        pieces.push(&piece);
                    }
                    None => files.push((name.to_owned(), Array::of1(&piece))),
                }
                Ok(())
            }
        }
    }

    /// Ends the files: now they are there.
    ///
    /// # Errors
    /// Why they could not be ended, in words.
    pub async fn close(self) -> Result<Vec<(String, Array)>, String> {
        match self {
            Self::Nowhere => Ok(Vec::new()),
            Self::One(sink) => sink.close().await.map(|()| Vec::new()),
            Self::Folder(folder) => folder.close().await.map_err(words).map(|()| Vec::new()),
            Self::Kept(files) => Ok(files),
        }
    }

    /// Drops what was written.
    pub async fn abort(self) {
        match self {
            Self::One(sink) => sink.abort().await,
            Self::Folder(folder) => folder.abort().await,
            Self::Nowhere | Self::Kept(_) => {}
        }
    }
}

/// A folder that the user chose. No file in it is whole before all are.
#[derive(Debug)]
pub struct Folder {
    handle: FileSystemDirectoryHandle,
    open: Vec<OpenFile>,
}

#[derive(Debug)]
struct OpenFile {
    name: String,
    stream: FileSystemWritableFileStream,
    /// Whether it was not there before.
    is_new: bool,
}

impl Folder {
    /// Whether the browser lets a page write to a folder.
    pub fn can_be_chosen() -> bool {
        picker().is_some()
    }

    /// Asks for a folder; `None` where the user closed the dialogue. Must be called from a click.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn choose() -> Result<Option<Self>, String> {
        match pick().await {
            Ok(handle) => Ok(Some(Self {
                handle,
                open: Vec::new(),
            })),
            Err(error) if is_abort(&error) => Ok(None),
            Err(error) => Err(words(error)),
        }
    }

    async fn write(&mut self, name: &str, bytes: &Uint8Array) -> Result<(), JsValue> {
        if !self.open.iter().any(|file| file.name == name) {
            let file = self.begin(name).await?;
            self.open.push(file);
        }
        if let Some(file) = self.open.iter().find(|file| file.name == name) {
            JsFuture::from(file.stream.write_with_js_u8_array(bytes)?).await?;
        }
        Ok(())
    }

    async fn begin(&self, name: &str) -> Result<OpenFile, JsValue> {
        let is_new = JsFuture::from(self.handle.get_file_handle(name))
            .await
            .is_err();
        let create = FileSystemGetFileOptions::new();
        create.set_create(true);
        let handle = self.handle.get_file_handle_with_options(name, &create);
        let handle: FileSystemFileHandle = JsFuture::from(handle).await?.dyn_into()?;
        let stream = JsFuture::from(handle.create_writable()).await?.dyn_into()?;
        Ok(OpenFile {
            name: name.to_owned(),
            stream,
            is_new,
        })
    }

    async fn close(self) -> Result<(), JsValue> {
        for file in self.open {
            JsFuture::from(file.stream.close()).await?;
        }
        Ok(())
    }

    /// A file that was not there before leaves nothing behind; one that was stays as it was.
    async fn abort(self) {
        for file in self.open {
            let _ = JsFuture::from(file.stream.abort()).await;
            if file.is_new {
                let _ = JsFuture::from(self.handle.remove_entry(&file.name)).await;
            }
        }
    }
}

/// Not every browser has the picker, and web-sys does not know it.
fn picker() -> Option<Function> {
    let window = web_sys::window()?;
    let picker = Reflect::get(&window, &"showDirectoryPicker".into()).ok()?;
    picker.dyn_into().ok()
}

async fn pick() -> Result<FileSystemDirectoryHandle, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"mode".into(), &"readwrite".into())?;
    let picker = picker().ok_or(JsValue::UNDEFINED)?;
    let promise: Promise = picker.call1(&JsValue::UNDEFINED, &options)?.dyn_into()?;
    JsFuture::from(promise).await?.dyn_into()
}
