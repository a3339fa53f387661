//! JSON that stands in a text, written as the value that it is. It is gone through token by token and never built up.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Writer;

impl Writer {
    /// Writes a value that is given as JSON. Whether it is JSON; if it is not, nothing is written.
    pub fn json(&mut self, json: &[u8]) -> bool {
        let before = self.place_of_next();
        let mut reader = serde_json::Deserializer::from_slice(json);
        let written = Value(self).deserialize(&mut reader);
        let is_json = written.and_then(|()| reader.end()).is_ok();
        if !is_json {
            self.go_back(before);
        }
        is_json
    }
}

/// Writes the next value.
struct Value<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        self.0.bool(truth);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.signed(number);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.whole(number);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.float(number);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.text(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.open_list();
        while items.next_element_seed(Item(self.0))?.is_some() {}
        self.0.close();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        self.0.open_object();
        while let Some(key) = fields.next_key::<std::borrow::Cow<str>>()? {
            let place = self.0.place(&key);
            self.0.key(place);
            fields.next_value_seed(Value(self.0))?;
        }
        self.0.close();
        Ok(())
    }
}

/// Writes the next item of a list, where there is one.
struct Item<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.item();
        Value(self.0).deserialize(deserializer)
    }
}
