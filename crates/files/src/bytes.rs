//! Bytes of a stream: its first ones, as many as there is room for, all of them where they are not too many.
//! What came before damage is never lost with it.

use std::io::{self, Read};

use crate::archive::ArchiveError;
use crate::kind::TELLING;

/// The first bytes of a file.
pub(crate) fn head_of(bytes: &mut (impl Read + ?Sized)) -> io::Result<Vec<u8>> {
    let mut head = vec![0; TELLING];
    let (count, error) = read_some(bytes, &mut head);
    head.truncate(count);
    error.map_or(Ok(head), Err)
}

/// Reads until the room is full, the end has come or the bytes are damaged; how many bytes came before.
pub(crate) fn read_some(
    bytes: &mut (impl Read + ?Sized),
    room: &mut [u8],
) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match bytes.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

/// All bytes, where they are not too many.
pub(crate) fn all_of(bytes: &mut dyn Read, most: u64) -> Result<Vec<u8>, ArchiveError> {
    let mut all = Vec::new();
    bytes.take(most.saturating_add(1)).read_to_end(&mut all)?;
    match all.len() as u64 > most {
        true => Err(ArchiveError::TooLarge),
        false => Ok(all),
    }
}
