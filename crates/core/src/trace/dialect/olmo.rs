//! Ai2's tool use (OLMo 3, Dolci): `functions` declares the tools in the system's message, `function_calls` holds calls as
//! Python, one a line, and `environment` what they gave back, one a line. <https://huggingface.co/allenai>

use super::{Dialect, Field};

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[
        ("functions", Field::Tools),
        ("function_calls", Field::Calls),
    ],
    ..Dialect::new("olmo")
};
