//! The verdict of a row, from whichever column has one. Three-valued at heart: what is not said is unknown, and −1
//! (the datasets' "not known") is never a failure and never a success.

use super::Outcome;
use super::cell::{CHOSEN_OUTCOME, Cell, Columns};
use super::column::Column;
use super::dialect::TABLE;

/// The row's outcome: the column the user chose, else the first column that gives a verdict, else the split's name.
pub(super) fn read(columns: &Columns, split: &str) -> Outcome {
    if let Some(chosen) = columns.chosen(CHOSEN_OUTCOME) {
        return of_chosen(chosen).unwrap_or_default();
    }
    columns
        .holding(Column::Flag)
        .find_map(of_flag)
        .or_else(|| columns.holding(Column::Reward).find_map(of_reward))
        .or_else(|| columns.holding(Column::Percent).find_map(of_percent))
        .or_else(|| columns.holding(Column::Result).find_map(of_result))
        .or_else(|| of_split(split))
        .unwrap_or_default()
}

/// A flag: 1, 0, and any other number for unknown; a truth value; either of them as text. `None` says nothing.
fn of_flag(cell: &Cell) -> Option<Outcome> {
    if let Cell::Bool(value) = cell {
        return Some(if *value {
            Outcome::Success
        } else {
            Outcome::Failure
        });
    }
    match number(cell) {
        Some(1.0) => Some(Outcome::Success),
        Some(0.0) => Some(Outcome::Failure),
        Some(_) => Some(Outcome::Unknown),
        None => of_words(cell),
    }
}

/// A reward: 1 and more is full, 0 and less none, what lies between partial.
fn of_reward(cell: &Cell) -> Option<Outcome> {
    match number(cell) {
        Some(reward) if reward >= 1.0 => Some(Outcome::Success),
        Some(reward) if reward <= 0.0 => Some(Outcome::Failure),
        Some(reward) if reward.is_nan() => None,
        Some(_) => Some(Outcome::Partial),
        None => of_flag(cell),
    }
}

/// A share in percent; one below 0 is not known.
fn of_percent(cell: &Cell) -> Option<Outcome> {
    match number(cell)? {
        percent if percent >= 100.0 => Some(Outcome::Success),
        percent if percent > 0.0 => Some(Outcome::Partial),
        percent if percent < 0.0 => Some(Outcome::Unknown),
        _ => Some(Outcome::Failure),
    }
}

/// A result: words, a truth value, or a reward. Who ran out of time did not solve the task; any other error says nothing
/// of it.
fn of_result(cell: &Cell) -> Option<Outcome> {
    match (number(cell), cell) {
        (Some(-1.0), _) => Some(Outcome::Unknown),
        (None, Cell::Text(text)) if text.trim().eq_ignore_ascii_case("timeout") => {
            Some(Outcome::Failure)
        }
        _ => of_reward(cell),
    }
}

/// A column that the user chose may be any of these; a share between 0 and 1 is a reward.
fn of_chosen(cell: &Cell) -> Option<Outcome> {
    match number(cell) {
        Some(share) if share > 0.0 && share < 1.0 => Some(Outcome::Partial),
        _ => of_flag(cell),
    }
}

/// A number, or a text that is one.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => number.as_f64(),
        Cell::Text(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

fn of_words(cell: &Cell) -> Option<Outcome> {
    let Cell::Text(text) = cell else { return None };
    let text = text.trim();
    if text.len() > 16 {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "resolved" | "success" | "successful" | "pass" | "passed" | "correct"
        | "solved" => Some(Outcome::Success),
        "false" | "no" | "unresolved" | "fail" | "failed" | "failure" | "incorrect" | "error" => {
            Some(Outcome::Failure)
        }
        "partial" | "partially" => Some(Outcome::Partial),
        "unknown" => Some(Outcome::Unknown),
        _ => None,
    }
}

/// A split that holds one outcome only says so in its name.
fn of_split(split: &str) -> Option<Outcome> {
    let says = TABLE.iter().filter_map(|dialect| dialect.split);
    says.into_iter().find_map(|says| says(split))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(text.into())
    }

    #[test]
    fn a_flag_has_three_values() {
        assert_eq!(of_flag(&Cell::Number(1.into())), Some(Outcome::Success));
        assert_eq!(of_flag(&Cell::Number(0.into())), Some(Outcome::Failure));
        assert_eq!(of_flag(&Cell::Number((-1).into())), Some(Outcome::Unknown));
        assert_eq!(of_flag(&Cell::Number(7.into())), Some(Outcome::Unknown));
        assert_eq!(of_flag(&text("1.0")), Some(Outcome::Success));
        assert_eq!(of_flag(&text("-1")), Some(Outcome::Unknown));
        assert_eq!(of_flag(&text("False")), Some(Outcome::Failure));
        assert_eq!(of_flag(&Cell::Null), None);
    }

    #[test]
    fn a_reward_between_none_and_full_is_partial() {
        assert_eq!(of_reward(&text("0.25")), Some(Outcome::Partial));
        assert_eq!(of_reward(&text("-3")), Some(Outcome::Failure));
        assert_eq!(of_reward(&Cell::Number(2.into())), Some(Outcome::Success));
        assert_eq!(of_reward(&Cell::Bool(true)), Some(Outcome::Success));
        assert_eq!(of_reward(&text("NaN")), None);
    }
}
