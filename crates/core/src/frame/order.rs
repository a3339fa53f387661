//! Sorting by any comparison, with one copy of the sorting code for all of them.
//! The standard library's sort is compiled anew for each type and comparison: a dozen of them were a twentieth of the page.

use std::cmp::Ordering;

/// Sorts positions; equal ones keep their order.
pub fn sort(positions: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    positions.sort_by(|&a, &b| compare(a, b));
}

/// The items sorted; equal ones keep their order. There are at most `u32::MAX` of them.
pub fn sorted<T>(items: Vec<T>, compare: &dyn Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut order: Vec<u32> = (0..).take(items.len()).collect();
    let item = |at: u32| items.get(at as usize);
    sort(&mut order, &|a, b| match (item(a), item(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let taken = order
        .iter()
        .filter_map(|&at| items.get_mut(at as usize)?.take());
    taken.collect()
}
