//! Values of all rows, which take milliseconds: computed between frames, one after the other, and again when what they
//! depend on has changed. Until then the former value stays, so that a choice among 200,000 rows never holds the page up.

use std::borrow::Cow;

use leptos::prelude::*;

use super::paint;

/// What `of` makes of what `from` reads; the default until it was made first. No two values have the same name.
pub fn later<F, T>(
    name: impl Into<Cow<'static, str>>,
    from: impl Fn() -> F + Send + Sync + 'static,
    of: impl Fn(F) -> T + Clone + Send + Sync + 'static,
) -> ReadSignal<T>
where
    F: 'static,
    T: Default + PartialEq + Send + Sync + 'static,
{
    let name = name.into();
    let value = RwSignal::new(T::default());
    Effect::new(move |_| {
        let (from, of) = (from(), of.clone());
        paint::soon(name.clone(), move || {
            let new = untrack(|| of(from));
            // Whoever shows it may be gone by now.
            let is_new = value.try_with_untracked(|former| *former != new);
            if is_new == Some(true) {
                value.set(new);
            }
        });
    });
    value.read_only()
}
