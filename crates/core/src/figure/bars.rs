//! Counts by name, most first: rows by language, calls by tool with their errors, rows by quality sign.
//! What is past the first fifteen is one bar, and it says how many names it stands for.

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Rule, View};
use crate::frame::Label;
use crate::frame::group::{Group, Tally, ToolGroup, by_label};
use crate::frame::order;
use crate::ground::words::{count, cut, label, percent, plural, share};
use crate::recipe::ListKey;
use crate::recipe::signs::Carried;
use crate::sign::Sign;

/// Rows by language.
pub(super) const LANGUAGES: ChartRecord = ChartRecord {
    name: "languages",
    title: "Languages",
    definition: "Rows by the repository's main language, as the row spells it.",
    sets: Sets::List(ListKey::Language),
    needs_tokens: false,
    figure: languages,
};

/// Tools by use.
pub(super) const TOOLS: ChartRecord = ChartRecord {
    name: "tools",
    title: "Tools",
    definition: "Tool calls by tool; name:verb for tools with a command. An error is a call that failed by the \
                 harness's own words; a failing test run is none.",
    sets: Sets::List(ListKey::Tool),
    needs_tokens: false,
    figure: tools,
};

/// Rows by quality sign.
pub(super) const SIGNS: ChartRecord = ChartRecord {
    name: "signs",
    title: "Quality signs",
    definition: "Rows that carry each quality sign, by the thresholds chosen, with the success rate of rows with it and \
                 without it. A row may carry several.",
    sets: Sets::List(ListKey::Flag),
    needs_tokens: false,
    figure: signs,
};

/// How many names have a bar of their own.
const NAMES: usize = 15;
/// The name of rows whose label is not known.
const UNKNOWN: &str = "not known";

/// Counts by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// The bars, longest first; the one for all other names is last.
    pub bars: Vec<Bar>,
    /// What a bar's name is: `language`.
    pub name: &'static str,
    /// What is counted: `rows`.
    pub unit: &'static str,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its name, harmless but whole.
    pub name: String,
    /// How many.
    pub count: Count,
    /// How many of these are errors, where errors are counted.
    pub errors: Option<Count>,
    /// What it says when it is pointed at.
    pub words: String,
    /// Which rows it stands for; none for the bar of all other names.
    pub rule: Option<Rule>,
}

impl Bars {
    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let errors = self.bars.iter().any(|bar| bar.errors.is_some());
        let mut head = vec![
            self.name.to_owned(),
            self.unit.to_owned(),
            format!("selected {}", self.unit),
        ];
        if errors {
            head.extend(["errors".to_owned(), "selected errors".to_owned()]);
        }
        let rows = self.bars.iter().map(|bar| {
            let mut row = vec![
                bar.name.clone(),
                bar.count.all.to_string(),
                bar.count.selected.to_string(),
            ];
            if errors {
                let errors = bar.errors.unwrap_or_default();
                row.extend([errors.all.to_string(), errors.selected.to_string()]);
            }
            row
        });
        std::iter::once(head).chain(rows).collect()
    }
}

/// A group's name as it is shown: harmless but whole.
pub(super) fn shown(group: &Group) -> String {
    group
        .value
        .as_deref()
        .map_or_else(|| UNKNOWN.to_owned(), |value| cut(value, 120))
}

/// A group's value as a filter says it.
pub(super) fn value(group: &Group) -> String {
    group.value.clone().unwrap_or_else(|| "none".to_owned())
}

/// All groups that have no bar of their own, as one; none where there are none.
pub(super) fn joined(groups: &[Group]) -> Option<Group> {
    let sum = |of: fn(&Group) -> &Tally| {
        groups
            .iter()
            .map(of)
            .fold(Tally::default(), |sum, tally| Tally {
                rows: sum.rows.saturating_add(tally.rows),
                by_outcome: std::array::from_fn(|i| {
                    let at = |tally: &Tally| tally.by_outcome.get(i).copied().unwrap_or_default();
                    at(&sum).saturating_add(at(tally))
                }),
            })
    };
    (!groups.is_empty()).then(|| Group {
        value: Some(format!("{} others", groups.len())),
        all: sum(|group| &group.all),
        selected: sum(|group| &group.selected),
    })
}

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
        name: "language",
        unit: "rows",
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
    let name = shown(group);
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

/// `Python 132 rows (118 selected), Go 80 rows, …`: the first five.
fn listed(bars: &[Bar], one: &str, many: &str) -> String {
    let mut words: Vec<String> = bars
        .iter()
        .take(5)
        .map(|bar| format!("{} {}", label(&bar.name), bar.count.words(one, many)))
        .collect();
    if bars.len() > 5 {
        words.push(format!("and {} more", bars.len() - 5));
    }
    words.join(", ")
}

/// Calls by tool, with their errors.
fn tools(view: &View<'_>) -> Figure {
    let kind = Kind::Tools;
    let mut tools = view.ground.tools(view.frame).groups(view.frame, view.mask);
    if tools.is_empty() {
        return view.empty(kind, "No row calls a tool.");
    }
    let narrowed = view.narrowed();
    let used = |tool: &&ToolGroup| !narrowed || tool.selected.calls > 0;
    let different = tools.iter().filter(used).count() as u64;
    let (calls, errors) = totals(&tools);
    let rest = tools.split_off(tools.len().min(NAMES));
    let mut bars: Vec<Bar> = tools
        .iter()
        .map(|tool| {
            let (calls, errors) = totals(std::slice::from_ref(tool));
            tool_bar(cut(&tool.name, 120), calls, errors, Some(&tool.name))
        })
        .collect();
    if !rest.is_empty() {
        let (calls, errors) = totals(&rest);
        let name = format!("{} others", rest.len());
        bars.push(tool_bar(name, calls, errors, None));
    }
    let (part, whole, whose) = match narrowed {
        true => (errors.selected, calls.selected, " of the selected rows"),
        false => (errors.all, calls.all, ""),
    };
    let caption = format!(
        "{}{whose} to {}; {} ended in an error.",
        plural(whole, "call", "calls"),
        plural(different, "tool", "different tools"),
        share(part, whole),
    );
    let alt = format!("{caption} {}.", listed(&bars, "call", "calls"));
    let body = Body::Bars(Bars {
        bars,
        name: "tool",
        unit: "calls",
    });
    view.figure(kind, "calls", "", caption, alt, body)
}

/// Rows by the quality sign that they carry; a row may carry several.
fn signs(view: &View<'_>) -> Figure {
    let kind = Kind::Signs;
    let carried = Carried::new(view.frame, view.signs);
    let bars = Sign::ALL
        .into_iter()
        .filter_map(|sign| sign_bar(view, &carried, sign));
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
        name: "sign",
        unit: "rows",
    });
    view.figure(kind, "rows", "", caption, alt, body)
}

/// `Empty patch: 32 rows, success 3 % of 30 known with it, 44 % of 412 known without`; none where no row carries it.
fn sign_bar(view: &View<'_>, carried: &Carried, sign: Sign) -> Option<Bar> {
    if !carried.may_occur(sign) {
        return None;
    }
    let mut count = Count::default();
    let (mut with, mut without) = (Tally::default(), Tally::default());
    let rows = carried.of_rows(sign).zip(view.frame.outcomes());
    for ((has, &outcome), selected) in rows.zip(view.selected()) {
        match has {
            Some(true) => {
                count.add(1, selected);
                with.add(outcome, 1);
            }
            Some(false) => without.add(outcome, 1),
            None => {}
        }
    }
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

/// Calls and errors of some tools together.
fn totals(tools: &[ToolGroup]) -> (Count, Count) {
    let mut sums = (Count::default(), Count::default());
    for tool in tools {
        sums.0.join(Count {
            all: tool.all.calls,
            selected: tool.selected.calls,
        });
        sums.1.join(Count {
            all: tool.all.errors,
            selected: tool.selected.errors,
        });
    }
    sums
}

/// `bash: 1,200 calls (900 selected), 36 errors (4 %) among the selected`.
fn tool_bar(name: String, calls: Count, errors: Count, filter: Option<&str>) -> Bar {
    let (part, whole, whose) = match calls.filtered() && calls.selected > 0 {
        true => (errors.selected, calls.selected, " among the selected"),
        false => (errors.all, calls.all, ""),
    };
    Bar {
        words: format!(
            "{}: {}, {} ({}){whose}",
            label(&name),
            calls.words("call", "calls"),
            plural(part, "error", "errors"),
            share(part, whole),
        ),
        name,
        count: calls,
        errors: Some(errors),
        rule: filter.map(|name| Rule::Is(ListKey::Tool, name.to_owned())),
    }
}
