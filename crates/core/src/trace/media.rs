//! Images and other media in messages: where each is kept, if its row says so. A row may hold the bytes themselves; they
//! are no text and are left out.

use std::borrow::Cow;

use super::object::{Object, elements};
use super::{Media, MediaKind, json};

/// Fields that say where a medium is kept, or hold an object that does, in the order in which they are asked.
const PLACES: [&str; 26] = [
    "url",
    "uri",
    "path",
    "file_id",
    "fileId",
    "image_url",
    "image",
    "video_url",
    "video",
    "audio_url",
    "audio",
    "input_audio",
    "file_url",
    "fileUri",
    "file_uri",
    "file",
    "fileData",
    "file_data",
    "inlineData",
    "inline_data",
    "source",
    "src",
    "media",
    "data",
    "value",
    "filename",
];
/// Bytes of a reference at most: what is longer is the medium itself.
const LONGEST: usize = 2_048;
/// How deep an object may hold the place.
const DEEPEST: u8 = 3;

/// The medium of that kind in a part's fields.
pub(super) fn of_part<'a>(kind: MediaKind, part: &Object<'a>) -> Media<'a> {
    Media {
        kind,
        reference: place_in(part, 0),
    }
}

/// The media of a row's or a message's own list, or of one value.
pub(super) fn of_list(kind: MediaKind, raw: &str) -> Vec<Media<'_>> {
    let media = |raw| Media {
        kind,
        reference: place_of(raw, 0),
    };
    match raw.as_bytes().first() {
        Some(b'[') => elements(raw).into_iter().map(media).collect(),
        Some(b'n') | None => Vec::new(),
        _ => vec![media(raw)],
    }
}

/// What a part without a known kind holds, where it is a medium by its MIME type.
pub(super) fn kind_of_mime(mime: &str) -> MediaKind {
    match mime.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Audio,
        Some("video") => MediaKind::Video,
        _ => MediaKind::File,
    }
}

/// The medium that a text is, if it is nothing but a `data:` URL of one.
pub(super) fn of_data_url(text: &str) -> Option<Media<'static>> {
    let (head, bytes) = text.trim().strip_prefix("data:")?.split_once(',')?;
    let mime = head.strip_suffix(";base64")?;
    let is_base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
    let kind = kind_of_mime(mime);
    let is_medium = kind != MediaKind::File || mime.starts_with("application/");
    let is_url = is_medium && !mime.contains(char::is_whitespace) && bytes.bytes().all(is_base64);
    is_url.then_some(Media {
        kind,
        reference: None,
    })
}

fn place_in<'a>(part: &Object<'a>, depth: u8) -> Option<Cow<'a, str>> {
    let mut places = PLACES.iter().filter_map(|name| {
        let id = name.starts_with("file") && name.ends_with(['d']) || *name == "filename";
        Some((id, part.raw(name)?))
    });
    places.find_map(|(is_name, raw)| match is_name {
        true => Some(part_text(raw)).filter(|name| is_short(name)),
        false => place_of(raw, depth),
    })
}

fn part_text(raw: &str) -> Cow<'_, str> {
    match raw.starts_with('"') {
        true => json::raw_text(raw),
        false => Cow::Borrowed(""),
    }
}

/// The place that a value is, or that an object holds.
fn place_of(raw: &str, depth: u8) -> Option<Cow<'_, str>> {
    if depth >= DEEPEST {
        return None;
    }
    match Object::read(raw) {
        Some(object) => place_in(&object, depth + 1),
        None => Some(part_text(raw)).filter(|text| is_place(text)),
    }
}

/// Whether a text is a URL or a path: bytes as Base64 have neither a colon nor a dot, and a `data:` URL holds them.
fn is_place(text: &str) -> bool {
    is_short(text) && text.contains(['.', ':'])
}

fn is_short(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.starts_with("data:") && !text.contains('\n')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn place(part: &str) -> Option<String> {
        let media = of_part(MediaKind::Image, &Object::read(part).unwrap()).to_owned();
        media.reference.map(Cow::into_owned)
    }

    #[test]
    fn only_a_text_that_is_all_a_data_url_is_a_medium() {
        let kind = |text| of_data_url(text).map(|media| media.kind);
        assert_eq!(
            kind("data:image/png;base64,iVBO/+==\n"),
            Some(MediaKind::Image)
        );
        assert_eq!(
            kind("data:application/pdf;base64,JVBE"),
            Some(MediaKind::File)
        );
        for words in [
            "data:text/plain;base64,aGk=",
            "data:image/png;base64,iVBO and so on",
            "data:image/svg+xml,<svg/>",
            "data: a, b",
            "see data:image/png;base64,iVBO",
        ] {
            assert_eq!(kind(words), None, "{words}");
        }
    }

    #[test]
    fn urls_paths_and_ids_are_references_and_bytes_are_none() {
        for (part, reference) in [
            (
                r#"{"image_url": {"url": "https://a.b/c"}}"#,
                Some("https://a.b/c"),
            ),
            (r#"{"image_url": "https://a.b/c"}"#, Some("https://a.b/c")),
            (
                r#"{"source": {"type": "file", "file_id": "f1"}}"#,
                Some("f1"),
            ),
            (
                r#"{"image": {"bytes": "iVBO", "path": "a.png"}}"#,
                Some("a.png"),
            ),
            (
                r#"{"image_url": {"url": "data:image/png;base64,iVBO"}}"#,
                None,
            ),
            (r#"{"source": {"type": "base64", "data": "iVBO/+="}}"#, None),
            (r#"{"type": "image"}"#, None),
        ] {
            assert_eq!(place(part).as_deref(), reference, "{part}");
        }
    }
}
