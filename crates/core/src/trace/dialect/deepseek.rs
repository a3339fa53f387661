//! DeepSeek's sections of calls: V3.1 writes `name<｜tool▁sep｜>{…}`, V3 and R1 `function<｜tool▁sep｜>name` and a fenced block.
//! <https://huggingface.co/deepseek-ai/DeepSeek-V3.1/blob/main/tokenizer_config.json>, its chat template.

use std::borrow::Cow;

use super::Dialect;
use crate::trace::structured::RawCall;
use crate::trace::tagged::Section;

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[("<｜tool▁calls▁begin｜>", |text, at| {
        SECTION.read(text, at, call)
    })],
    ..Dialect::new("deepseek")
};

const SECTION: Section = Section {
    open: "<｜tool▁calls▁begin｜>",
    call: "<｜tool▁call▁begin｜>",
    end: "<｜tool▁call▁end｜>",
    close: "<｜tool▁calls▁end｜>",
};

fn call(text: &str) -> Option<RawCall<'static>> {
    let (first, second) = text.split_once("<｜tool▁sep｜>")?;
    let (name, arguments) = match second.split_once("\n```json\n") {
        Some((name, block)) => (name, block.trim_end().strip_suffix("```")?),
        None => (first, second),
    };
    let name = name.trim();
    (!name.is_empty()).then(|| RawCall {
        name: Cow::Owned(name.to_owned()),
        arguments: Cow::Owned(arguments.trim().to_owned()),
        ..RawCall::default()
    })
}
