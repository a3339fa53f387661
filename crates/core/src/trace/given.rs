//! What a call gave back, in whichever shape: a text, parts, or an object that says of what kind its value is.
//! It becomes one text; media have a placeholder in it, and how the call ended is noted where the object says it.

use std::borrow::Cow;

use super::object::Object;
use super::part::{DEEPEST, add_text, read_part};
use super::parts::Part;
use super::reported::{self, Report};
use super::speaker::Plain;
use super::vocabulary::VOCABULARY;
use super::{Media, Reported};

/// What a call gave back, as one text with its media.
#[derive(Default)]
pub(super) struct Given<'a> {
    pub texts: Vec<Cow<'a, str>>,
    pub media: Vec<Media<'a>>,
    pub reported: Option<Reported>,
}

impl<'a> Given<'a> {
    /// Adds a result's content: a text, parts, or an object.
    pub fn add(&mut self, raw: &'a str, depth: u8) {
        match Object::read(raw) {
            Some(object) => self.add_object(&object, raw, depth),
            None => self.add_parts(raw, depth),
        }
    }

    fn add_parts(&mut self, raw: &'a str, depth: u8) {
        let mut parts = Vec::new();
        add_text(raw, depth, &mut parts);
        for part in parts {
            self.push(part);
        }
    }

    /// An object in the place of a text. One that only says of what kind its value is stands for the value, and so does
    /// one with nothing but an output.
    fn add_object(&mut self, object: &Object<'a>, raw: &'a str, depth: u8) {
        let kind = object.text("type");
        let codes = ["return_code", "exit_code"];
        let exit = codes.iter().find_map(|name| object.integer(name));
        let fault = object.raw("error").and_then(|raw| Report::Fault.read(raw));
        let failed = kind.starts_with("error") || kind.ends_with("_error");
        for said in [
            exit.map(Reported::Exit),
            fault,
            failed.then_some(Reported::Error),
        ] {
            self.reported = reported::both(self.reported, said);
        }
        let fields = object.fields().count();
        let only = ["output", "result"].iter().find(|name| object.has(name));
        let wrapped = match (fields, only) {
            (1, Some(only)) => object.raw(only).filter(|raw| raw.starts_with('"')),
            (2, None) if object.has("type") => object.raw("value"),
            _ => None,
        };
        match wrapped {
            Some(value) if value.starts_with('{') => self.texts.push(Cow::Borrowed(value)),
            Some(value) => self.add_parts(value, depth),
            None if !kind.is_empty()
                && VOCABULARY.parts.get(Plain::of(&kind).as_str()).is_some() =>
            {
                self.add_one(raw, depth);
            }
            None => self.texts.push(Cow::Borrowed(raw)),
        }
    }

    /// One part in the place of a list of parts.
    fn add_one(&mut self, raw: &'a str, depth: u8) {
        let mut parts = Vec::new();
        match depth < DEEPEST {
            true => read_part(raw, depth + 1, &mut parts),
            false => parts.push(Part::Text(Cow::Borrowed(raw))),
        }
        for part in parts {
            self.push(part);
        }
    }

    fn push(&mut self, part: Part<'a>) {
        match part {
            Part::Media(media) => {
                self.texts.push(Cow::Borrowed(media.kind.placeholder()));
                self.media.push(media);
            }
            part => self.texts.push(part.into_text()),
        }
    }
}
