//! SALT-NLP/SWE-chat: sessions that people had with coding agents, `turns` of roles of their own, and in `session` who
//! ran it and how far it succeeded, from 0 to 100.

use super::{Column, Dialect};

pub(super) const DIALECT: Dialect = Dialect {
    columns: &[
        ("session", Column::Metadata),
        ("metadata.agent", Column::Harness),
        ("metadata.session_success", Column::Percent),
        ("session_success", Column::Percent),
    ],
    ..Dialect::new("swe_chat")
};
