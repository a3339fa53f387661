//! ms-swift's messages: `loss` or `loss_scale` of a message, and calls in a role of their own.
//! <https://swift.readthedocs.io/en/latest/Customization/Custom-dataset.html>

use super::{Dialect, Field};

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[("loss_scale", Field::Weight), ("train", Field::Weight)],
    ..Dialect::new("swift")
};
