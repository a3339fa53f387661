//! The frames that charts are tried on: ordinary rows, and everything that a dataset may throw at them.

use std::borrow::Cow;

use tracesift_core::figure::Rule;
use tracesift_core::frame::Frame;
use tracesift_core::measure::{Measurements, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::recipe::{Filters, ListFilter, ListKey, Selection, select};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::{Labels, Outcome};

pub const BUDGET: u64 = 32_768;
pub const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script>",
    "\u{202e}evil\u{1b}[31m\u{0}\u{7}",
    "a&b \"c\" 'd' ]]> --> <img src=x onerror=alert(1)>",
    "\u{200b}\u{feff}",
];

/// A row of ordinary numbers: made from its index, so that every run sees the same.
pub fn ordinary(row: u64) -> Measurements {
    // Knuth's multiplicative hash, as a number from 0 to 1.
    let draw = |salt: u64| {
        let hash = (row + 1)
            .wrapping_mul(2_654_435_761)
            .wrapping_add(salt * 40_503)
            ^ (row * salt);
        (hash % 10_007) as f64 / 10_007.0
    };
    let turns = (8.0 * (draw(1) * 3.2).exp()) as u32;
    let of = |names: &[&'static str], salt| {
        let at = (draw(salt) * draw(salt + 1) * names.len() as f64) as usize;
        Some(Cow::Borrowed(names[at]))
    };
    let tools = [
        "execute_bash",
        "str_replace_editor:view",
        "str_replace_editor:create",
        "finish",
    ]
    .iter()
    .zip(2..)
    .map(|(name, salt)| ToolUse {
        name: (*name).to_owned(),
        calls: 1 + (f64::from(turns) * draw(salt)) as u32,
        errors: (draw(salt) * 2.0) as u32,
    });
    Measurements {
        row,
        labels: Labels {
            language: of(
                &[
                    "Python",
                    "Go",
                    "TypeScript",
                    "Rust",
                    "Java",
                    "C++",
                    "JavaScript",
                    "C",
                    "PHP",
                ],
                3,
            ),
            harness: of(&["openhands", "sweagent"], 5),
            teacher: of(&["minimax_m25", "qwen35_122b"], 7),
            ..Labels::default()
        },
        outcome: Outcome::ALL[(draw(9) * 4.0) as usize],
        turns,
        calls: turns,
        tools: tools.collect(),
        patch: (!row.is_multiple_of(7)).then(|| PatchCounts {
            files: 1,
            added: (draw(11) * draw(12) * 400.0) as u32,
            deleted: (draw(13) * 40.0) as u32,
            ..PatchCounts::default()
        }),
        tokens: (!row.is_multiple_of(11)).then(|| TokenCounts {
            observations: turns * 900 + (draw(15) * 9_000.0) as u32,
            ..TokenCounts::default()
        }),
        ..Measurements::default()
    }
}

pub fn framed(rows: impl IntoIterator<Item = Measurements>) -> Frame {
    let mut frame = Frame::default();
    for row in rows {
        frame.push(&row);
    }
    frame
}

pub fn unknown(row: u64) -> Measurements {
    Measurements {
        row,
        ..Measurements::default()
    }
}

pub fn outlier(row: u64) -> Measurements {
    let mut odd = ordinary(row);
    if row == 17 {
        odd.turns = 90_000;
        odd.patch = Some(PatchCounts {
            files: 9,
            added: 34_209_809,
            ..PatchCounts::default()
        });
        odd.tokens = Some(TokenCounts {
            observations: u32::MAX,
            tools: u32::MAX,
            ..TokenCounts::default()
        });
    }
    odd
}

pub fn hostile(row: u64) -> Measurements {
    let mut odd = ordinary(row);
    let name = HOSTILE[row as usize % HOSTILE.len()];
    let long = format!("{name}{}", "W".repeat(5_000));
    odd.labels.language = Some(Cow::Owned(if row.is_multiple_of(2) {
        name.to_owned()
    } else {
        long.clone()
    }));
    odd.labels.harness = Some(Cow::Borrowed(name));
    odd.labels.teacher = Some(Cow::Owned(long.clone()));
    odd.tools = vec![
        ToolUse {
            name: name.to_owned(),
            calls: u32::MAX,
            errors: u32::MAX,
        },
        ToolUse {
            name: format!("{long}:{row}"),
            calls: 3,
            errors: 1,
        },
    ];
    odd
}

/// Every frame a chart must cope with, with its name.
pub fn frames() -> Vec<(&'static str, Frame)> {
    vec![
        ("empty", Frame::default()),
        ("one row", framed([ordinary(0)])),
        ("one full row", framed([ordinary(1)])),
        ("all unknown", framed((0..40).map(unknown))),
        ("ordinary", framed((0..600).map(ordinary))),
        ("outliers", framed((0..600).map(outlier))),
        ("hostile", framed((0..60).map(hostile))),
        (
            "many names",
            framed((0..400).map(|row| {
                let mut many = ordinary(row);
                many.labels.language = Some(Cow::Owned(format!("language {}", row % 40)));
                many.labels.teacher = Some(Cow::Owned(format!("teacher {}", row % 40)));
                many.tools[0].name = format!("tool {}", row % 40);
                many
            })),
        ),
    ]
}

pub fn all(frame: &Frame) -> Selection {
    select(frame, &Filters::default(), 1)
}

pub fn filtered(frame: &Frame, rule: Rule) -> Selection {
    let mut filters = Filters::default();
    match rule {
        Rule::Is(key, value) => {
            let include = vec![value];
            filters.lists.insert(
                key,
                ListFilter {
                    include,
                    ..ListFilter::default()
                },
            );
        }
        Rule::Within(key, bounds) => {
            filters.ranges.insert(key, bounds);
        }
        Rule::Row(row) => {
            let position = frame.position(row).unwrap();
            let mut mask = vec![false; frame.len()];
            mask[position] = true;
            return Selection {
                mask,
                ..Selection::default()
            };
        }
    }
    select(frame, &filters, 1)
}

pub fn successes(frame: &Frame) -> Selection {
    filtered(frame, Rule::Is(ListKey::Outcome, "success".to_owned()))
}
