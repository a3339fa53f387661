//! The chart of rows by the quality sign that they carry, most first.
//! A row may carry several; a click on a bar filters by its sign.

use super::bars::{Bar, Bars, NAMES};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Rule, View};
use crate::frame::group::Tally;
use crate::frame::order;
use crate::ground::words::{percent, plural};
use crate::recipe::ListKey;
use crate::recipe::signs::Carried;
use crate::sign::Sign;
use crate::trace::Outcome;

/// Rows by quality sign.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "signs",
    title: "Quality signs",
    definition: "Rows that carry each quality sign, by the chosen thresholds, with the success rate of rows with it \
                 and without it. A row may carry several.",
    sets: Sets::List(ListKey::Flag),
    needs_tokens: false,
    figure: signs,
};

/// Rows by the quality sign that they carry; a row may carry several.
fn signs(view: &View<'_>) -> Figure {
    let kind = Kind::Signs;
    let carried = Carried::new(view.frame, view.signs);
    let kinds = kinds(view);
    let bars = Sign::ALL
        .into_iter()
        .filter_map(|sign| sign_bar(&kinds, &carried, sign));
    let mut bars = order::sorted(bars.collect(), &|a: &Bar, b: &Bar| {
        b.count.all.cmp(&a.count.all)
    });
    let different = bars.len() as u64;
    bars.truncate(NAMES);
    let Some(most) = bars.first() else {
        return view.empty(kind, "No row carries a quality sign, as far as is known.");
    };
    let caption = format!(
        "{} carry “{}”, the most frequent of {}.",
        most.count.words("row", "rows"),
        most.name,
        plural(different, "sign that occurs", "signs that occur"),
    );
    let listed: Vec<&str> = bars.iter().take(5).map(|bar| bar.words.as_str()).collect();
    let alt = format!("{caption} {}.", listed.join("; "));
    let body = Body::Bars(Bars {
        bars,
        name: "sign".into(),
        unit: "rows".into(),
    });
    view.figure(kind, "rows", "", caption, alt, body)
}

/// Rows that count alike: each outcome, selected or not.
const KINDS: usize = 2 * Outcome::ALL.len();

/// Of each row its outcome and whether it is selected, as one small number: every sign's rows are counted by it.
fn kinds(view: &View<'_>) -> Vec<u8> {
    let outcomes = view.frame.outcomes().iter();
    let kind = |(outcome, selected): (&Outcome, bool)| 2 * *outcome as u8 + u8::from(selected);
    outcomes.zip(view.selected()).map(kind).collect()
}

/// `Empty patch: 32 rows, success 3 % of 30 known with it, 44 % of 412 known without`; none where no row carries it.
fn sign_bar(kinds: &[u8], carried: &Carried, sign: Sign) -> Option<Bar> {
    if !carried.may_occur(sign) {
        return None;
    }
    let mut rows = [[0_u32; KINDS]; 2];
    for (has, kind) in carried.of_rows(sign).zip(kinds) {
        let counted = has.and_then(|has| rows.get_mut(usize::from(has)));
        if let Some(rows) = counted.and_then(|rows| rows.get_mut(usize::from(*kind))) {
            *rows += 1;
        }
    }
    let [without, with] = rows;
    let count = Count {
        all: with.iter().map(|rows| u64::from(*rows)).sum(),
        selected: with
            .iter()
            .skip(1)
            .step_by(2)
            .map(|rows| u64::from(*rows))
            .sum(),
    };
    let [with, without] = [with, without].map(tally);
    let rate = |tally: Tally| match tally.rate() {
        Some(rate) => format!("{} of {} known", percent(rate.share), rate.known),
        None => "of no known outcome".to_owned(),
    };
    (count.all > 0).then(|| Bar {
        words: format!(
            "{}: {}, success {} with it, {} without",
            sign.title(),
            count.words("row", "rows"),
            rate(with),
            rate(without)
        ),
        name: sign.title().to_owned(),
        count,
        errors: None,
        rule: Some(Rule::Is(ListKey::Flag, sign.name().to_owned())),
    })
}

fn tally(rows: [u32; KINDS]) -> Tally {
    let mut tally = Tally::default();
    for (rows, outcome) in rows.chunks(2).zip(Outcome::ALL) {
        tally.add(outcome, rows.iter().sum());
    }
    tally
}
