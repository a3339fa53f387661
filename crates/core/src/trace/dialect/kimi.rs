//! Kimi K2's sections of calls, whose ids hold the tool's name: `functions.get_weather:0`.
//! <https://huggingface.co/moonshotai/Kimi-K2-Instruct/blob/main/docs/tool_call_guidance.md>

use std::borrow::Cow;

use super::Dialect;
use crate::trace::structured::RawCall;
use crate::trace::tagged::Section;

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[("<|tool_calls_section_begin|>", |text, at| {
        SECTION.read(text, at, call)
    })],
    ..Dialect::new("kimi")
};

const SECTION: Section = Section {
    open: "<|tool_calls_section_begin|>",
    call: "<|tool_call_begin|>",
    end: "<|tool_call_end|>",
    close: "<|tool_calls_section_end|>",
};

fn call(text: &str) -> Option<RawCall<'static>> {
    let (id, arguments) = text.split_once("<|tool_call_argument_begin|>")?;
    let id = id.trim();
    let name = id.strip_prefix("functions.").unwrap_or(id);
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    (!name.is_empty()).then(|| RawCall {
        id: Cow::Owned(id.to_owned()),
        name: Cow::Owned(name.to_owned()),
        arguments: Cow::Owned(arguments.trim().to_owned()),
    })
}
