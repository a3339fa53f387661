//! Calls as a Python list, `[get_weather(city="Bern"), f()]`, as ToolACE and BFCL ask for in their prompts.
//! <https://huggingface.co/datasets/Team-ACE/ToolACE>

use super::Dialect;
use crate::trace::python_calls;
use crate::trace::tagged::TaggedCalls;
use crate::trace::written::Written;

pub(super) const DIALECT: Dialect = Dialect {
    written: Some(&Written {
        read,
        is_shown: |prompt, call| prompt.contains(&format!("\"{}\"", call.name)),
        is_answer: |_, _| false,
    }),
    ..Dialect::new("python_list")
};

/// A text that is nothing but such a list.
fn read(text: &str) -> Option<TaggedCalls> {
    let list = text.trim();
    if !(list.starts_with('[') && list.ends_with(']')) {
        return None;
    }
    TaggedCalls::many(0..text.len(), python_calls::read(list)?)
}
