//! Several files as one `.zip`, written from its first byte to its last: nothing that was written is looked at again.
//! The same files give the same bytes, since no time of day is in it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

/// Why an archive can't go on.
#[derive(Debug, thiserror::Error)]
#[error("The .zip can't be written: {0}. Choose a folder, or another compression.")]
pub struct ArchiveError(String);

impl From<zip::result::ZipError> for ArchiveError {
    fn from(error: zip::result::ZipError) -> Self {
        Self(error.to_string())
    }
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// An archive that is being written.
#[derive(Debug)]
pub struct Archive {
    writer: ZipWriter<StreamWriter<Outbox>>,
    outbox: Outbox,
}

impl Default for Archive {
    fn default() -> Self {
        Self::new()
    }
}

impl Archive {
    /// No file yet.
    pub fn new() -> Self {
        let outbox = Outbox::default();
        Self {
            writer: ZipWriter::new_stream(outbox.clone()),
            outbox,
        }
    }

    /// Begins the next file. What is compressed already is stored as it is.
    ///
    /// # Errors
    /// [`ArchiveError`] where the name is taken or too long.
    pub fn begin(&mut self, name: &str) -> Result<(), ArchiveError> {
        let method = match name.ends_with(".gz") {
            true => CompressionMethod::Stored,
            false => CompressionMethod::Deflated,
        };
        // A file's size is not known when it is begun: it may be over 4 GB.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(true);
        Ok(self.writer.start_file(name, options)?)
    }

    /// Adds bytes to the file that was begun last.
    ///
    /// # Errors
    /// [`ArchiveError`] where none was begun.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        Ok(self.writer.write_all(bytes)?)
    }

    /// The archive's bytes since they were taken last.
    pub fn take(&mut self) -> Vec<u8> {
        self.outbox.take()
    }

    /// Ends the archive: its last bytes.
    ///
    /// # Errors
    /// [`ArchiveError`] as the others.
    pub fn finish(self) -> Result<Vec<u8>, ArchiveError> {
        self.writer.finish()?;
        Ok(self.outbox.take())
    }
}

/// Where the archive's bytes wait to be taken.
#[derive(Debug, Clone, Default)]
struct Outbox(Rc<RefCell<Vec<u8>>>);

impl Outbox {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
