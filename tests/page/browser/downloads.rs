//! Files that the page gives out: a button is pressed, a file appears, its bytes are read.
//! Chromium writes under another name until a file is whole.

use std::collections::BTreeSet;
use std::fs::DirEntry;
use std::path::PathBuf;

use super::{Browser, PATIENCE};

/// A file that was downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Download {
    /// The file as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("a download is UTF-8")
    }
}

impl Browser {
    /// Presses a button and waits for the file that comes of it.
    pub fn download(&self, button: &str) -> Download {
        self.download_during(button, |_| {})
    }

    /// The same; something is done with the page before the file can be whole.
    pub fn download_during(&self, button: &str, during: impl FnOnce(&Self)) -> Download {
        self.download_of(&format!("a file from \"{button}\""), |browser| {
            browser.press(button);
            during(browser);
        })
    }

    /// Does something and waits for the file that comes of it.
    pub fn download_of(&self, what: &str, act: impl FnOnce(&Self)) -> Download {
        let before = self.finished_files();
        act(self);
        let path = self.wait_for(what, PATIENCE * 2, |browser| {
            browser.finished_files().difference(&before).next().cloned()
        });
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let bytes = std::fs::read(&path).expect("a finished download can be read");
        // The next one of this name would take its place, and not be seen.
        std::fs::remove_file(&path).expect("a finished download can be taken away");
        Download {
            name: name.unwrap_or_default(),
            bytes,
        }
    }

    /// Files that are whole: Chromium reserves a file's name before it has written the file under another one.
    fn finished_files(&self) -> BTreeSet<PathBuf> {
        let files = std::fs::read_dir(self.downloads.path()).expect("the folder of downloads");
        let files: Vec<_> = files.flatten().collect();
        let is_part = |file: &DirEntry| {
            file.path()
                .extension()
                .is_some_and(|ending| ending == "crdownload")
        };
        if files.iter().any(is_part) {
            return BTreeSet::new();
        }
        let is_written = |file: &&DirEntry| {
            let is_hidden = file.file_name().to_string_lossy().starts_with('.');
            !is_hidden && file.metadata().is_ok_and(|facts| facts.len() > 0)
        };
        files
            .iter()
            .filter(is_written)
            .map(DirEntry::path)
            .collect()
    }
}
