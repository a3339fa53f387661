//! The chart of rows by language, most first.
//! A click on a bar filters by its language.

use super::bars::{Bar, Bars, NAMES, UNKNOWN, joined, listed, shown_language, value};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Rule, View};
use crate::frame::Label;
use crate::frame::group::{Group, by_label};
use crate::ground::words::{count, label, percent, plural, share};
use crate::recipe::ListKey;

/// Rows by language.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "languages",
    title: "Languages",
    definition: "Rows by the main language of the task's repository.",
    sets: Sets::List(ListKey::Language),
    needs_tokens: false,
    figure: languages,
};

/// Rows by language.
fn languages(view: &View<'_>) -> Figure {
    let kind = Kind::Languages;
    let mut groups = by_label(view.frame, view.mask, Label::Language);
    let known = groups.iter().filter(|group| group.value.is_some()).count();
    if known == 0 {
        return view.empty(kind, "No row says its language.");
    }
    let rest = groups.split_off(groups.len().min(NAMES));
    let mut bars: Vec<Bar> = groups
        .iter()
        .map(|group| language_bar(group, Some(Rule::Is(ListKey::Language, value(group)))))
        .collect();
    bars.extend(joined(&rest).map(|others| language_bar(&others, None)));
    let caption = format!(
        "{}; {} in all.",
        leader(view, &bars),
        plural(known as u64, "language", "languages")
    );
    let alt = format!("{caption} {}.", listed(&bars, "row", "rows"));
    let body = Body::Bars(Bars {
        bars,
        name: "language".into(),
        unit: "rows".into(),
    });
    view.figure(kind, "rows", "", caption, alt, body)
}

/// `Python has the most rows, 132 of 500 (26 %)`.
fn leader(view: &View<'_>, bars: &[Bar]) -> String {
    let narrowed = view.narrowed();
    let of = |count: Count| if narrowed { count.selected } else { count.all };
    // The first of equals, as the bars have it.
    let named = |bar: &&Bar| bar.rule.is_some() && bar.name != UNKNOWN;
    let most = bars
        .iter()
        .rev()
        .filter(named)
        .max_by_key(|bar| of(bar.count));
    most.map_or_else(String::new, |most| {
        format!(
            "{} has the most {}rows, {} of {} ({})",
            label(&most.name),
            if narrowed { "selected " } else { "" },
            count(of(most.count)),
            count(of(view.rows)),
            share(of(most.count), of(view.rows))
        )
    })
}

/// `Python: 132 rows (118 selected), success 44 % of 101 known among the selected`.
fn language_bar(group: &Group, rule: Option<Rule>) -> Bar {
    let name = shown_language(group);
    let count = Count {
        all: group.all.rows.into(),
        selected: group.selected.rows.into(),
    };
    let (tally, whose) = match count.filtered() && count.selected > 0 {
        true => (&group.selected, " among the selected"),
        false => (&group.all, ""),
    };
    let rate = match tally.rate() {
        Some(rate) => format!("success {} of {} known", percent(rate.share), rate.known),
        None => "no outcome known".to_owned(),
    };
    Bar {
        words: format!(
            "{}: {}, {rate}{whose}",
            label(&name),
            count.words("row", "rows")
        ),
        name,
        count,
        errors: None,
        rule,
    }
}
