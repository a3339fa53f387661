//! Calls as JSON between tags of several models: NVIDIA's `<TOOLCALL>`, Glaive's `<functioncall>`, Jamba's and
//! Hunyuan's `<tool_calls>`, Phi's and Granite's `<|tool_call|>`, InternLM's `<|action_start|>`. As their chat templates write them.

use super::Dialect;
use crate::trace::tagged::json_between;

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[
        ("<TOOLCALL>", |text, at| {
            json_between(text, at, ("<TOOLCALL>", "</TOOLCALL>"))
        }),
        ("<functioncall>", |text, at| {
            json_between(text, at, ("<functioncall>", "<|endoftext|>"))
        }),
        ("<function_call>", |text, at| {
            json_between(text, at, ("<function_call>", "</function_call>"))
        }),
        ("<tool_calls>", |text, at| {
            json_between(text, at, ("<tool_calls>", "</tool_calls>"))
        }),
        ("<|tool_call|>", |text, at| {
            json_between(text, at, ("<|tool_call|>", "<|/tool_call|>"))
        }),
        ("<|action_start|><|plugin|>", |text, at| {
            json_between(text, at, ("<|action_start|><|plugin|>", "<|action_end|>"))
        }),
    ],
    ..Dialect::new("json_tags")
};
