//! What archives hold: names first, since they tell which files belong together, then one entry after the other.
//! Nothing is put anywhere by an entry's path, which is a name and no more.

use std::io::{self, BufReader, Read};

use zip::{CompressionMethod, ZipArchive};

use crate::compress::{Budget, decoder};
use crate::kind::Packing;
use crate::open::ReadSeek;

/// An archive may hold so many files.
const MOST_ENTRIES: usize = 500_000;

/// Why an archive, or an entry of one, is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// Its bytes are not what they should be.
    #[error("damaged: {0}")]
    Damaged(String),
    /// It is a bomb, or too much for a browser.
    #[error("an archive of more than {MOST_ENTRIES} files; unpack it first and open a part of it")]
    TooMany,
    /// It lies in too many others.
    #[error("an archive in an archive in an archive; unpack it first")]
    TooDeep,
    /// It would have to be held in memory whole.
    #[error(
        "of more than 512 MB, too large to be read within an archive or a folder; open it by itself"
    )]
    TooLarge,
    /// An entry that can't be read.
    #[error("protected by a password; unpack it first")]
    Encrypted,
    /// An entry in a form that nothing here knows.
    #[error("compressed in a way that is not known here ({0}); unpack it first")]
    Unknown(String),
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<zip::result::ZipError> for ArchiveError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// What an archive's entry is called and how many bytes it has, as the archive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its path.
    pub name: String,
    /// Its place in the archive.
    pub at: usize,
}

/// A zip whose list of entries was read.
pub(crate) struct Zip<'s>(ZipArchive<&'s mut dyn ReadSeek>);

impl<'s> Zip<'s> {
    /// Reads the list of entries.
    pub fn open(source: &'s mut dyn ReadSeek) -> Result<Self, ArchiveError> {
        let zip = ZipArchive::new(source)?;
        match zip.len() > MOST_ENTRIES {
            true => Err(ArchiveError::TooMany),
            false => Ok(Self(zip)),
        }
    }

    /// The entries that are files.
    pub fn entries(&self) -> Vec<Entry> {
        let name = |at| {
            let name = self.0.name_for_index(at)?.ok()?;
            let name = name.trim_start_matches('/').replace('\\', "/");
            (!name.ends_with('/') && !name.is_empty()).then_some(Entry { name, at })
        };
        (0..self.0.len()).filter_map(name).collect()
    }

    /// Gives an entry's bytes to `read`.
    pub fn read<T>(
        &mut self,
        entry: &Entry,
        budget: &Budget,
        read: impl FnOnce(&mut dyn Read) -> T,
    ) -> Result<T, ArchiveError> {
        let raw = self.0.by_index_raw(entry.at)?;
        let method = raw.compression();
        if raw.encrypted() {
            return Err(ArchiveError::Encrypted);
        }
        // Newer logs of Inspect are packed by Zstandard, which the library has only as a program in C.
        let packing = match method {
            CompressionMethod::ZSTD => Some(Packing::Zstd),
            CompressionMethod::BZIP2 => Some(Packing::Bzip2),
            CompressionMethod::XZ => Some(Packing::Xz),
            _ => None,
        };
        if let Some(packing) = packing {
            let mut unpacked = budget.counted(decoder(packing, raw));
            return Ok(read(&mut unpacked));
        }
        drop(raw);
        if !matches!(
            method,
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(ArchiveError::Unknown(format!("{method:?}")));
        }
        let mut unpacked = budget.counted(self.0.by_index(entry.at)?);
        Ok(read(&mut unpacked))
    }
}

/// A tar, plain or compressed, which is read from its beginning as often as need be.
pub(crate) struct Tar<'s> {
    source: &'s mut dyn ReadSeek,
    packing: Option<Packing>,
    budget: Budget,
}

impl<'s> Tar<'s> {
    /// A tar in a file of this size.
    pub fn new(source: &'s mut dyn ReadSeek, packing: Option<Packing>, size: u64) -> Self {
        Self {
            source,
            packing,
            budget: Budget::of(size),
        }
    }

    /// The names of the entries that are files, in their order; also those before damage.
    pub fn names(&mut self) -> Result<Vec<String>, ArchiveError> {
        let mut names = Vec::new();
        let mut list = |name: String| match names.len() >= MOST_ENTRIES {
            true => Err(ArchiveError::TooMany),
            false => {
                names.push(name);
                Ok(())
            }
        };
        self.source.rewind()?;
        let listed = match self.packing {
            // Only the heads of the entries are read.
            None => {
                let mut tar = tar::Archive::new(&mut *self.source);
                let mut listed = Ok(());
                for entry in tar.entries_with_seek()? {
                    listed = match entry {
                        Ok(entry) => name_of(&entry).map_or(Ok(()), &mut list),
                        Err(error) => Err(error.into()),
                    };
                    if listed.is_err() {
                        break;
                    }
                }
                listed
            }
            Some(_) => self.each(|name, _| list(name.to_owned())),
        };
        match listed {
            // What is damaged shows up again when the entries are read.
            Err(ArchiveError::Damaged(_)) if !names.is_empty() => Ok(names),
            listed => listed.map(|()| names),
        }
    }

    /// Gives each entry that is a file to `each`, in their order.
    pub fn each(
        &mut self,
        mut each: impl FnMut(&str, &mut dyn Read) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        self.source.rewind()?;
        // Each pass unpacks all of it.
        let budget = self.budget.clone();
        let unpacked: Box<dyn Read + '_> = match self.packing {
            Some(packing) => Box::new(budget.again().counted(decoder(packing, &mut *self.source))),
            None => Box::new(BufReader::with_capacity(1 << 16, &mut *self.source)),
        };
        let mut tar = tar::Archive::new(unpacked);
        for entry in tar.entries()? {
            let mut entry = entry?;
            if let Some(name) = name_of(&entry) {
                each(&name, &mut entry)?;
            }
        }
        Ok(())
    }
}

/// The path of an entry that is a file.
fn name_of<R: Read>(entry: &tar::Entry<R>) -> Option<String> {
    let kind = entry.header().entry_type();
    if !(kind.is_file() || kind.is_contiguous()) {
        return None;
    }
    let path = entry.path_bytes();
    let name = String::from_utf8_lossy(&path);
    let name = name.trim_start_matches("./").trim_start_matches('/');
    (!name.is_empty()).then(|| name.to_owned())
}
