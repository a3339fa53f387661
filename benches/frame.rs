//! The speed of the frame at 100,000 rows: filling it, selecting by six rules, and all counts that the page shows; and
//! of the search for rows that are alike at 20,000.
//! The page has 16 ms for a selection and its counts together; WebAssembly takes up to twice the native time.

#![allow(missing_docs)]

use std::borrow::Cow;
use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};
use tracesift_core::compare::Compared;
use tracesift_core::compare::feature::features;
use tracesift_core::frame::budget::Budgets;
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::group::{by_label, by_tool, tally};
use tracesift_core::frame::histogram::{Histogram, Scale};
use tracesift_core::frame::limit::{Curves, lengths, observed, saved};
use tracesift_core::frame::{Frame, Label, Number};
use tracesift_core::measure::{DeclaredPatches, Measurements, Overlap, ToolUse};
use tracesift_core::mix::{Fates, Mix};
use tracesift_core::patch::PatchCounts;
use tracesift_core::recipe::Comparison;
use tracesift_core::recipe::address::parse;
use tracesift_core::recipe::limits::limits;
use tracesift_core::recipe::signs::{Carried, SignRules};
use tracesift_core::recipe::{Selection, select};
use tracesift_core::sign::{Sign, Signs, signature};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::{Declared, Outcome};

const ROWS: u64 = 100_000;

/// Six rules, among them the draw of a few rows per task; 4 rows of 100 are left.
const RULES: &str = "outcome=success,failure&language=Python,Go,TypeScript&tool=!browser&tokens=..131072&\
    turns=5..&per-instance=2";

const LANGUAGES: [&str; 9] = [
    "Python",
    "Go",
    "TypeScript",
    "JavaScript",
    "Rust",
    "Java",
    "PHP",
    "Kotlin",
    "C++",
];
const TOOLS: [&str; 10] = [
    "execute_bash",
    "str_replace_editor:view",
    "str_replace_editor:create",
    "str_replace_editor:str_replace",
    "str_replace_editor:insert",
    "think",
    "finish",
    "browser",
    "task_tracker:plan",
    "str_replace_editor:undo_edit",
];

/// One row of a dataset like Open-SWE-Traces: 20,000 instances, 3,000 repositories, skewed sizes.
fn row(index: u64, random: &mut Pcg32) -> Measurements {
    let below = |random: &mut Pcg32, n: u32| random.next_u32() % n;
    let skewed = |random: &mut Pcg32, n: u32| {
        let share = f64::from(random.next_u32()) / f64::from(u32::MAX);
        (share.powi(4) * f64::from(n)) as u32
    };
    let text = |text: String| Some(Cow::Owned(text));
    let patch = |random: &mut Pcg32| PatchCounts {
        files: below(random, 12),
        hunks: below(random, 40),
        added: skewed(random, 100_000),
        deleted: skewed(random, 10_000),
        modified: skewed(random, 5_000),
        test_files: below(random, 3),
        ..PatchCounts::default()
    };
    let instance = below(random, 20_000);
    let mut row = Measurements {
        row: index,
        outcome: *[Outcome::Success, Outcome::Failure, Outcome::Unknown]
            .get(below(random, 3) as usize)
            .unwrap_or(&Outcome::Unknown),
        messages: 2 + below(random, 300),
        turns: 1 + below(random, 150),
        calls: below(random, 150),
        errors: skewed(random, 30),
        unanswered: below(random, 3),
        tools: tools(random),
        patch: Some(patch(random)),
        reference: Some(patch(random)),
        overlap: Some(Overlap {
            files: f64::from(below(random, 101)) / 100.0,
            lines: f64::from(below(random, 101)) / 100.0,
        }),
        tokens: Some(TokenCounts {
            system: 1_500,
            user: below(random, 4_000),
            assistant: below(random, 20_000),
            reasoning: below(random, 30_000),
            calls: below(random, 20_000),
            observations: skewed(random, 400_000),
            tools: 3_000,
            ..TokenCounts::default()
        }),
        bytes: u64::from(skewed(random, 5_000_000)),
        // Every fifth task has the words of the next one.
        signs: Signs {
            patch: Some(u64::from(below(random, 50_000))),
            calls: Some(u64::from(random.next_u32())),
            words: signature(&[&words(instance / 5 * 5 + instance % 5 % 4)]),
            ..Signs::default()
        },
        ..Measurements::default()
    };
    let repo = instance % 3_000;
    row.labels.trajectory_id = text(format!("{index:032x}"));
    row.labels.instance_id = text(format!("owner{repo}__name{repo}.{instance:08x}"));
    row.labels.repo = text(format!("owner{repo}/name{repo}"));
    row.labels.language = LANGUAGES.get(repo as usize % 9).map(|&l| Cow::Borrowed(l));
    row.labels.license = Some(Cow::Borrowed("MIT"));
    row.labels.harness = text(
        ["openhands", "sweagent"]
            .get(below(random, 2) as usize)
            .map_or_else(String::new, |h| (*h).to_owned()),
    );
    row.labels.teacher = text(format!("teacher{}", below(random, 2)));
    row
}

/// 80 words that are a task's own.
fn words(task: u32) -> String {
    let words = (0..80).map(|at| {
        format!(
            "w{}",
            u64::from(task * 80 + at) * 2_654_435_761 % 4_294_967_291
        )
    });
    words.collect::<Vec<_>>().join(" ")
}

/// About seven of the ten tools.
fn tools(random: &mut Pcg32) -> Vec<ToolUse> {
    let mut tools = Vec::new();
    for name in TOOLS {
        let draw = random.next_u32();
        if draw % 10 < 7 {
            tools.push(ToolUse {
                name: name.to_owned(),
                calls: 1 + draw / 10 % 40,
                errors: draw / 400 % 3,
            });
        }
    }
    tools
}

fn frame(rows: &[Measurements]) -> Frame {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame
}

/// The numbers of which the page shows a histogram.
const SHOWN: [(Number, Scale); 10] = [
    (Number::Turns, Scale::Linear),
    (Number::Tokens, Scale::Log),
    (Number::Calls, Scale::Linear),
    (Number::Errors, Scale::Linear),
    (Number::PatchAdded, Scale::Log),
    (Number::PatchDeleted, Scale::Log),
    (Number::PatchModified, Scale::Log),
    (Number::PatchFiles, Scale::Linear),
    (Number::OverlapFiles, Scale::Linear),
    (Number::Bytes, Scale::Log),
];

/// What is laid out once for a frame.
struct Layout {
    histograms: Vec<Histogram>,
    budgets: Budgets,
}

impl Layout {
    fn of(frame: &Frame) -> Self {
        let histograms = SHOWN
            .iter()
            .filter_map(|&(number, scale)| Histogram::of(frame.number(number), scale, 40));
        Self {
            histograms: histograms.collect(),
            budgets: Budgets::of(frame),
        }
    }
}

/// Everything that follows a selection on the page.
fn counts(frame: &Frame, layout: &Layout, selection: &Selection) {
    let mask = &selection.mask;
    for histogram in &layout.histograms {
        black_box(histogram.count(mask));
    }
    black_box(layout.budgets.curve(frame, mask));
    let labels = [
        Label::Language,
        Label::License,
        Label::Repo,
        Label::Harness,
        Label::Teacher,
        Label::Category,
    ];
    for label in labels {
        black_box(by_label(frame, mask, label));
    }
    black_box(tally(frame, mask));
    black_box(by_tool(frame, mask));
}

fn speed(criterion: &mut Criterion) {
    let mut random = Pcg32::seed_from_u64(1);
    let rows: Vec<Measurements> = (0..ROWS).map(|index| row(index, &mut random)).collect();
    let frame = frame(&rows);
    let layout = Layout::of(&frame);
    let recipe = parse(RULES).0;
    let selection = select(&frame, &recipe.filters, recipe.reading.seed);
    println!(
        "{} bytes per row; {} of {ROWS} rows selected",
        frame.bytes() as u64 / ROWS,
        selection.kept.len()
    );

    let mut group = criterion.benchmark_group("frame");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10);
    group.bench_function("push", |b| b.iter(|| self::frame(black_box(&rows))));
    group.bench_function("lay out 10 histograms", |b| {
        b.iter(|| Layout::of(black_box(&frame)))
    });
    group.bench_function("select by 6 rules", |b| {
        b.iter(|| select(black_box(&frame), &recipe.filters, recipe.reading.seed));
    });
    group.bench_function("all counts", |b| {
        b.iter(|| counts(black_box(&frame), &layout, &selection))
    });
    group.bench_function("select and all counts", |b| {
        b.iter(|| {
            let selection = select(black_box(&frame), &recipe.filters, recipe.reading.seed);
            counts(&frame, &layout, &selection);
        });
    });
    group.finish();
    alike(&rows);
}

/// The search for rows that are alike, slice by slice.
fn alike(rows: &[Measurements]) {
    let mut frame = frame(rows.get(..20_000).unwrap_or(rows));
    let start = Instant::now();
    frame.find_duplicates();
    let took = start.elapsed();
    println!("rows that are alike among {}: {took:?}", frame.len());
}

/// Rows of a survey, of which no text was read.
const SURVEYED: u64 = 200_000;

/// Rules that a survey can apply, the two that draw among them.
const SURVEY_RULES: &str = "outcome=success,failure&language=!PHP&tool=!browser&difficulty=sometimes&turns=5..&\
    patch=present&per-instance=3&prefer=success,shorter&balance=language&cap=0.3";

/// A surveyed frame: each change of a rule selects anew, and each panel then has its own turns.
fn survey(criterion: &mut Criterion) {
    let mut random = Pcg32::seed_from_u64(2);
    let rows: Vec<Measurements> = (0..SURVEYED)
        .map(|index| surveyed(row(index, &mut random)))
        .collect();
    let frame = frame(&rows);
    let mut group = criterion.benchmark_group("survey of 200,000");
    group.sample_size(10);
    let recipe = parse(SURVEY_RULES).0;
    let plain =
        parse("outcome=success,failure&language=!PHP&tool=!browser&turns=5..&patch=present").0;
    group.bench_function("select by 5 rules", |b| {
        b.iter(|| select(black_box(&frame), &plain.filters, 1));
    });
    group.bench_function("select by 8 rules, drawn and balanced", |b| {
        b.iter(|| select(black_box(&frame), &recipe.filters, 1));
    });
    let selection = select(&frame, &plain.filters, 1);
    let fates = Fates::of(&selection);
    group.bench_function("mix by language", |b| {
        b.iter(|| Mix::of(black_box(&frame), Facet::Language, &fates));
    });
    group.bench_function("mix by repository", |b| {
        b.iter(|| Mix::of(black_box(&frame), Facet::Repo, &fates));
    });
    let mask = selection.mask_without(&["outcome"]);
    group.bench_function("groups to compare", |b| {
        b.iter(|| Compared::of(black_box(&frame), &mask, &Comparison::default(), 1));
    });
    let compared = Compared::of(&frame, &mask, &Comparison::default(), 1);
    let rules = SignRules::default();
    let carried = Carried::new(&frame, &rules);
    let features = features(&frame, &carried);
    let turns = features.iter().find(|feature| feature.name == "turns");
    group.bench_function("one feature compared", |b| {
        b.iter(|| turns.and_then(|turns| compared.feature(black_box(turns))));
    });
    group.finish();
    measured_after(&rows, &mut random);
}

/// A row as a survey knows it.
fn surveyed(measured: Measurements) -> Measurements {
    let stated = Declared {
        files: measured.patch.as_ref().map(|patch| patch.files.into()),
        lines: Some(10),
    };
    Measurements {
        declared: Some(DeclaredPatches {
            model: stated,
            reference: stated,
        }),
        patch: None,
        tokens: None,
        signs: Signs::default(),
        ..measured
    }
}

/// What a survey's frame takes for the first rows whose texts are read, and for what is then looked at first.
fn measured_after(rows: &[Measurements], random: &mut Pcg32) {
    let mut frame = frame(rows);
    let mut measured: Vec<Measurements> = (0..SURVEYED)
        .step_by(SURVEYED as usize / 1_000)
        .map(|index| row(index, random))
        .collect();
    for sign in Sign::ALL {
        for row in &mut measured {
            row.signs.numbers.set(sign, 1.0);
        }
    }
    let mut pushed = measured.iter().map(|row| {
        let start = Instant::now();
        frame.push(row);
        start.elapsed()
    });
    let first = pushed.next().unwrap_or_default();
    let longest = pushed.max().unwrap_or_default();
    println!(
        "measured after a survey of {SURVEYED}: {first:?} the first row, {longest:?} the longest of the next {}",
        measured.len() - 1
    );
    let timed = |what: &str, work: &dyn Fn()| {
        let start = Instant::now();
        work();
        println!("then {what}: {:?}", start.elapsed());
    };
    let rules = SignRules::default();
    let tokens = parse("tokens=..32768").0;
    timed("the signs of one row", &|| {
        black_box(Carried::new(&frame, &rules).of(0));
    });
    timed("select by tokens", &|| {
        black_box(select(&frame, &tokens.filters, 1));
    });
    timed("how often one sign is carried", &|| {
        black_box(Carried::new(&frame, &rules).tallies(Sign::LoopSame));
    });
    println!("then {} bytes per row", frame.bytes() as u64 / SURVEYED);
}

/// What token limits keep of as many rows, counted. Each case is one turn of the panel and must stay below 16 ms, in
/// WebAssembly too; the count itself is done in ten turns there.
fn budget(criterion: &mut Criterion) {
    let mut random = Pcg32::seed_from_u64(3);
    let mut frame = Frame::default();
    for index in 0..SURVEYED {
        frame.push(&row(index, &mut random));
    }
    let mask = vec![true; frame.len()];
    let marks: Vec<u64> = limits(32_768).iter().map(|limit| limit.tokens).collect();
    let mut group = criterion.benchmark_group("limits of 200,000");
    group.sample_size(10);
    group.bench_function("what each limit keeps", |b| {
        let facets = [Facet::Outcome, Facet::Language];
        b.iter(|| Curves::of(black_box(&frame), &mask, &marks, &facets, 5));
    });
    group.bench_function("shift of the mix by language", |b| {
        b.iter(|| {
            let fates = Fates::of_limit(black_box(&frame), &mask, 32_768, String::new());
            Mix::of(&frame, Facet::Language, &fates)
        });
    });
    group.bench_function("what shortening saves", |b| {
        b.iter(|| (saved(black_box(&frame), &mask), observed(&frame, &mask)));
    });
    group.bench_function("lengths", |b| b.iter(|| lengths(black_box(&frame), &mask)));
    group.finish();
}

criterion_group!(benches, speed, survey, budget);
criterion_main!(benches);
