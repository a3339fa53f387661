//! The selected rows in parts: of a label the most frequent values and all others as one, of a number three parts with as
//! many rows each. Colours and small charts are told apart by it.

use super::Part;
use crate::figure::View;
use crate::frame::facet::Facet;
use crate::frame::quantile::{selected, sorted_quantile};
use crate::frame::{Number, order};
use crate::ground::words::{count, cut, short};
use crate::recipe::explore::Field;
use crate::trace::Outcome;

/// The selected rows, cut into parts by a field.
pub(super) struct Cut {
    /// The parts' names.
    pub names: Vec<String>,
    /// The parts' values as filters have them; none of numbers and of all others together.
    pub values: Vec<Option<String>>,
    /// By position: the part; none where it is not known or not selected.
    pub of: Vec<Option<u8>>,
}

impl Cut {
    /// In one part where there is no field; of a label the most frequent values have one.
    pub fn of(view: &View<'_>, field: Option<Field>, most: usize) -> Self {
        match field {
            None => Self {
                names: vec![String::new()],
                values: vec![None],
                of: view
                    .selected()
                    .take(view.frame.len())
                    .map(|is_on| is_on.then_some(0))
                    .collect(),
            },
            Some(Field::Facet(facet)) => Self::by_facet(view, facet, most),
            Some(Field::Number(number)) => Self::by_number(view, number),
        }
    }

    /// The most frequent values, and all others as one.
    pub fn by_facet(view: &View<'_>, facet: Facet, most: usize) -> Self {
        let parts = facet.parts(view.frame);
        let mut sizes = vec![0_u64; parts.len()];
        for (part, is_on) in parts.by_position().zip(view.selected()) {
            if let Some(size) = sizes.get_mut(part) {
                *size += u64::from(is_on);
            }
        }
        let size = |part: usize| sizes.get(part).copied().unwrap_or_default();
        let there = (0..parts.len()).filter(|part| size(*part) > 0);
        let mut there: Vec<usize> = order::sorted(there.collect(), &|a, b| size(*b).cmp(&size(*a)));
        // Outcomes have an order of their own, and few values.
        if facet == Facet::Outcome {
            there.sort_unstable();
        }
        let rest = if there.len() > most {
            there.split_off(most - 1)
        } else {
            Vec::new()
        };
        let name = |part: &usize| cut(&facet.shown(parts.name(*part)), 40);
        let mut names: Vec<String> = there.iter().map(name).collect();
        let value = |part: &usize| Some(parts.name(*part).to_owned());
        let mut values: Vec<Option<String>> = there.iter().map(value).collect();
        if !rest.is_empty() {
            names.push(format!("{} others", count(rest.len() as u64)));
            values.push(None);
        }
        let mut place = vec![None; parts.len()];
        for (at, part) in there.iter().enumerate() {
            if let Some(place) = place.get_mut(*part) {
                *place = u8::try_from(at).ok();
            }
        }
        let others = u8::try_from(there.len()).ok();
        let part_of = |(part, is_on): (usize, bool)| match is_on {
            true => place.get(part).copied().flatten().or(others),
            false => None,
        };
        Self {
            names,
            values,
            of: parts
                .by_position()
                .zip(view.selected())
                .map(part_of)
                .collect(),
        }
    }

    /// Three parts with about as many rows each.
    fn by_number(view: &View<'_>, number: Number) -> Self {
        let values = view.frame.number(number);
        let mut known: Vec<f64> = selected(values, view.mask)
            .filter(|v| !v.is_nan())
            .collect();
        known.sort_unstable_by(f64::total_cmp);
        let mut borders = [1.0 / 3.0, 2.0 / 3.0]
            .map(|q| sorted_quantile(&known, q))
            .to_vec();
        borders.retain(|border| known.last().is_some_and(|last| border < last));
        borders.dedup();
        let mut names: Vec<String> = Vec::new();
        for (at, border) in borders.iter().enumerate() {
            names.push(match at {
                0 => format!("up to {}", short(*border)),
                _ => format!("to {}", short(*border)),
            });
        }
        names.push(match borders.last() {
            Some(border) => format!("over {}", short(*border)),
            None => known.last().map_or_else(String::new, |last| short(*last)),
        });
        let part_of = |(&value, is_on): (&f64, bool)| {
            let part = borders.partition_point(|border| *border < value);
            u8::try_from(part).ok().filter(|_| is_on && !value.is_nan())
        };
        Self {
            values: vec![None; names.len()],
            of: values.iter().zip(view.selected()).map(part_of).collect(),
            names,
        }
    }

    /// What is said of the parts.
    pub fn parts(&self, field: Option<Field>) -> Vec<Part> {
        let outcome = |value: &Option<String>| {
            let is_outcome = field == Some(Field::Facet(Facet::Outcome));
            let mut all = Outcome::ALL.into_iter();
            all.find(|outcome| is_outcome && value.as_deref() == Some(outcome.name()))
        };
        let parts = self.names.iter().zip(&self.values);
        parts
            .map(|(name, value)| Part {
                name: name.clone(),
                outcome: outcome(value),
            })
            .collect()
    }

    /// How many rows each part has.
    pub fn sizes(&self, view: &View<'_>) -> Vec<u64> {
        let mut sizes = vec![0; self.names.len()];
        for part in self.of.iter().take(view.frame.len()).flatten() {
            if let Some(size) = sizes.get_mut(usize::from(*part)) {
                *size += 1;
            }
        }
        sizes
    }
}
