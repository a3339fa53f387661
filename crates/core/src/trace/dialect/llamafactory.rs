//! LLaMA-Factory's own rows since its version 1: parts of `type` and `value`, a call as JSON text in one, and `loss_weight`.
//! <https://github.com/hiyouga/LLaMA-Factory>, `src/llamafactory/v1/utils/types.py`

use super::{Dialect, PartField};

pub(super) const DIALECT: Dialect = Dialect {
    part_fields: &[("value", PartField::Text)],
    ..Dialect::new("llamafactory")
};
