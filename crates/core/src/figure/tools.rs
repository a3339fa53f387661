//! The chart of calls by tool, most first, with their errors.
//! A click on a bar filters by its tool.

use super::bars::{Bar, Bars, NAMES, listed};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Rule, View};
use crate::frame::group::ToolGroup;
use crate::ground::words::{cut, label, plural, share};
use crate::recipe::ListKey;

/// Tools by use.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "tools",
    title: "Tools",
    definition: "Tool calls by tool; name:verb for tools with a command. An error is a call that failed, according to \
                 the harness; a failing test run is not one.",
    sets: Sets::List(ListKey::Tool),
    needs_tokens: false,
    figure: tools,
};

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
        name: "tool".into(),
        unit: "calls".into(),
    });
    view.figure(kind, "calls", "", caption, alt, body)
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
