//! Images in a line, for formats that have a place for them: where in the text each one belongs, and where it is kept.
//! A text holds a word for each of its media; only where it holds as many as there are is it known which is which.

use std::borrow::Cow;
use std::ops::Range;

use super::options::{Images, Options};
use super::prepare::Part;
use crate::trace::{Media, MediaKind, Message, Role, Trajectory, borrow};

/// What stands in a text where a medium belongs: our own words, and those of LLaMA-Factory and ms-swift, which rows that
/// were made for them have.
const WORDS: [(&str, MediaKind); 7] = [
    (MediaKind::Image.placeholder(), MediaKind::Image),
    (MediaKind::Audio.placeholder(), MediaKind::Audio),
    (MediaKind::Video.placeholder(), MediaKind::Video),
    (MediaKind::File.placeholder(), MediaKind::File),
    (MARK, MediaKind::Image),
    ("<audio>", MediaKind::Audio),
    ("<video>", MediaKind::Video),
];

/// Where an image belongs, for LLaMA-Factory and ms-swift.
const MARK: &str = "<image>";

/// An image in a text.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    /// The bytes of the word in whose place it is.
    pub at: Range<usize>,
    /// Where it is kept.
    pub reference: &'a str,
}

/// The images of a message of which it is known where they belong and where they are kept, in order.
pub(super) fn of<'a>(message: &'a Message) -> Vec<Placed<'a>> {
    if message.media.is_empty() {
        return Vec::new();
    }
    let words = words_in(&message.text);
    let kinds = words.iter().map(|(_, kind)| *kind);
    if !kinds.eq(message.media.iter().map(|media| media.kind)) {
        return Vec::new();
    }
    let placed = words.into_iter().zip(&message.media);
    let placed = placed.filter_map(|((at, _), media)| {
        let reference = image_at(media)?;
        Some(Placed { at, reference })
    });
    placed.collect()
}

fn image_at<'a>(media: &'a Media) -> Option<&'a str> {
    let is_image = media.kind == MediaKind::Image;
    media.reference.as_deref().filter(|_| is_image)
}

fn words_in(text: &str) -> Vec<(Range<usize>, MediaKind)> {
    let mut found = Vec::new();
    for (word, kind) in WORDS {
        let places = text.match_indices(word);
        found.extend(places.map(|(at, word)| (at..at + word.len(), kind)));
    }
    found.sort_unstable_by_key(|(at, _)| at.start);
    found
}

/// A row whose images are marked in its texts.
#[derive(Debug)]
pub(super) struct Marked<'a> {
    /// The row, with `<image>` where an image belongs.
    pub part: Cow<'a, Part<'a>>,
    /// Where the images are kept, in order.
    pub images: Vec<&'a str>,
    /// How many of them each message has; nothing where there are none at all.
    pub kept: Vec<usize>,
}

/// The images that a row shows by marks, where the options want them. Of those that the user and the tools show, each has
/// a mark. Where a text says `<image>` otherwise, the trainer would count one
/// image more than there are, and stop: then none is marked.
pub(super) fn shown<'a>(part: &'a Part<'a>, options: &Options) -> Marked<'a> {
    let none = || Marked {
        part: Cow::Borrowed(part),
        images: Vec::new(),
        kept: Vec::new(),
    };
    let all = &part.trajectory;
    let mut messages = all.messages.iter();
    if options.images == Images::Word || messages.all(|message| message.media.is_empty()) {
        return none();
    }
    let (mut images, mut kept) = (Vec::new(), Vec::new());
    let messages = all.messages.iter().map(|message| {
        let placed = match message.role {
            Role::User | Role::Tool => of(message),
            _ => Vec::new(),
        };
        kept.push(placed.len());
        images.extend(placed.iter().map(|image| image.reference));
        let mut marked = borrow::message(message);
        if !placed.is_empty() {
            marked.text = Cow::Owned(with_marks(&message.text, &placed));
        }
        marked
    });
    let messages: Vec<Message> = messages.collect();
    if images.is_empty() || marks_in(&messages) != images.len() {
        return none();
    }
    Marked {
        part: Cow::Owned(Part {
            trajectory: Trajectory {
                messages,
                ..borrow::without_messages(all)
            },
            marks: part.marks.clone(),
            ..*part
        }),
        images,
        kept,
    }
}

fn with_marks(text: &str, placed: &[Placed]) -> String {
    let (mut marked, mut from) = (String::with_capacity(text.len()), 0);
    for image in placed {
        marked += text.get(from..image.at.start).unwrap_or_default();
        marked += MARK;
        from = image.at.end;
    }
    marked + text.get(from..).unwrap_or_default()
}

/// How often `<image>` stands in what a trainer reads.
fn marks_in(messages: &[Message]) -> usize {
    let texts = messages.iter().flat_map(|message| {
        let calls = message.calls.iter().map(|call| &call.arguments);
        [&message.text, &message.reasoning].into_iter().chain(calls)
    });
    texts.map(|text| text.matches(MARK).count()).sum()
}
