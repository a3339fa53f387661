//! Calls as bare JSON or Python, nothing else in the text: `{"name": …, "parameters": {…}}` as Llama 3 writes it, or a list as
//! xLAM does. <https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/prompt_format.md>

use super::Dialect;
use crate::trace::structured;
use crate::trace::tagged::TaggedCalls;
use crate::trace::written::Written;

pub(super) const DIALECT: Dialect = Dialect {
    written: Some(&Written {
        read,
        is_shown: |prompt, call| prompt.contains(&format!("\"{}\"", call.name)),
        is_answer: |_, _| false,
    }),
    ..Dialect::new("json_text")
};

fn read(text: &str) -> Option<TaggedCalls> {
    let inner = text.trim();
    let is_closed = inner.ends_with(['}', ']']);
    let found = is_closed.then(|| structured::calls_in_text(inner))??;
    Some(TaggedCalls::read(0..text.len(), found))
}
