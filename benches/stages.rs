//! The speed of a worker's stages natively: reading a row, measuring it, its quality signs (which must cost less than
//! reading it: their ratio is printed, and from 1 on the program fails), counting its tokens without and with a chat
//! template, beside the `tiktoken` crate alone (below [`FLOOR`] the program fails).
//! `cargo bench --bench stages`; the same job in a browser is `--bench browser`, writing lines `--bench write`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "rows/mod.rs"]
mod rows;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tracesift_core::measure::measure;
use tracesift_core::sign;
use tracesift_core::tokens::template::Family;
use tracesift_core::tokens::{Counter, Templated, Tokenizer};
use tracesift_core::trace::{self, RowContext, Trajectory};

/// How many times as fast as the `tiktoken` crate alone rows are counted at least, with a fresh counter.
const FLOOR: f64 = 1.7;

fn stages(criterion: &mut Criterion) {
    let text = rows::jsonl(100);
    let lines: Vec<&str> = text.lines().collect();
    let place = RowContext::default();
    let read = |line| trace::read(line, &place).unwrap();
    let trajectories: Vec<Trajectory> = lines.iter().map(|line| read(line)).collect();

    let mut group = criterion.benchmark_group(format!("stages, {}", rows::origin()));
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(10)
        .measurement_time(Duration::from_secs(5));
    group.bench_function("read", |bench| {
        bench.iter(|| lines.iter().for_each(|line| drop(black_box(read(line)))));
    });
    group.bench_function("measure", |bench| {
        bench.iter(|| {
            trajectories
                .iter()
                .for_each(|trajectory| drop(black_box(measure(0, 0, trajectory, None))))
        });
    });
    group.bench_function("signs", |bench| {
        bench.iter(|| {
            trajectories
                .iter()
                .for_each(|trajectory| drop(black_box(sign::of(trajectory))))
        });
    });
    group.bench_function("read and measure", |bench| {
        bench.iter(|| {
            lines
                .iter()
                .for_each(|line| drop(black_box(measure(0, 0, &read(line), None))))
        });
    });
    for tokenizer in [Tokenizer::O200kBase, Tokenizer::Qwen2] {
        let name = tokenizer.name();
        // Every text anew: what the counter's memory of texts saves is the difference to the next.
        let vocabulary = tiktoken::get_encoding(name).unwrap();
        group.bench_function(format!("count tokens, {name}, without memory"), |bench| {
            bench.iter(|| {
                let texts = trajectories.iter().flat_map(texts);
                black_box(texts.map(|text| vocabulary.count(text)).sum::<usize>())
            });
        });
        let count = |counter: &mut Counter| {
            trajectories
                .iter()
                .for_each(|trajectory| _ = black_box(counter.row(trajectory)));
        };
        let unpacked = || Counter::new(tokenizer);
        group.bench_function(format!("count tokens, {name}"), |bench| {
            bench.iter_batched_ref(unpacked, count, BatchSize::PerIteration);
        });
        let counted = || {
            let mut counter = unpacked();
            count(&mut counter);
            counter
        };
        group.bench_function(format!("count tokens, {name}, once more"), |bench| {
            bench.iter_batched_ref(counted, count, BatchSize::PerIteration);
        });
        if tokenizer == Tokenizer::Qwen2 {
            let templated = || Counter::with_template(tokenizer, Templated::Own).unwrap();
            group.bench_function(format!("count tokens, {name}, with template"), |bench| {
                bench.iter_batched_ref(templated, count, BatchSize::PerIteration);
            });
        }
    }
    let template = Family::Qwen3.template().unwrap();
    group.bench_function("render, qwen3", |bench| {
        bench.iter(|| {
            trajectories
                .iter()
                .for_each(|trajectory| drop(black_box(template.render(trajectory, false))));
        });
    });
    group.finish();
    let seconds = |work: &dyn Fn()| {
        let rounds = (0..20).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        });
        rounds.fold(f64::INFINITY, f64::min)
    };
    // Both in one run, each with a memory of its own, so that the ratio holds on a busy machine.
    for tokenizer in [Tokenizer::Qwen2, Tokenizer::DeepseekV3, Tokenizer::Glm4] {
        let [without, with] = [Templated::None, Templated::Own].map(|templated| {
            let rounds = (0..3).map(|_| {
                let counter = Counter::with_template(tokenizer, templated).unwrap();
                let start = Instant::now();
                for trajectory in &trajectories {
                    black_box(counter.row(trajectory));
                }
                start.elapsed().as_secs_f64()
            });
            rounds.fold(f64::INFINITY, f64::min)
        });
        println!(
            "{}: counting takes {:.0} ms, with a chat template {:.0} ms ({:.2} of it)",
            tokenizer.name(),
            without * 1e3,
            with * 1e3,
            with / without
        );
    }
    beside_the_crate(&trajectories);
    print_reuse(&trajectories);
    let reading = seconds(&|| lines.iter().for_each(|line| drop(black_box(read(line)))));
    let signs = seconds(&|| {
        trajectories
            .iter()
            .for_each(|t| drop(black_box(sign::of(t))))
    });
    let ratio = signs / reading;
    println!("all signs of a row cost {ratio:.2} of reading it");
    if ratio >= 1.0 {
        eprintln!("they must cost less than reading it");
        std::process::exit(1);
    }
}

/// The same texts by the `tiktoken` crate and by us, in turn, so that the ratio holds on a busy machine.
fn beside_the_crate(trajectories: &[Trajectory]) {
    for tokenizer in [
        Tokenizer::Qwen2,
        Tokenizer::O200kBase,
        Tokenizer::DeepseekV3,
    ] {
        let alone = tiktoken::get_encoding(tokenizer.name()).unwrap();
        let [mut theirs, mut ours] = [f64::INFINITY; 2];
        for _ in 0..7 {
            let start = Instant::now();
            let tokens = trajectories.iter().flat_map(texts);
            let tokens: usize = tokens.map(|text| alone.count(text)).sum();
            theirs = theirs.min(start.elapsed().as_secs_f64());
            let counter = Counter::new(tokenizer);
            let start = Instant::now();
            let counts = trajectories.iter().map(|row| counter.row(row).total());
            let counted: u64 = counts.sum();
            ours = ours.min(start.elapsed().as_secs_f64());
            assert_eq!(counted, tokens as u64);
        }
        let ratio = theirs / ours;
        println!(
            "{}: {:.0} ms, by the crate alone {:.0} ms: {ratio:.2} times as fast",
            tokenizer.name(),
            ours * 1e3,
            theirs * 1e3
        );
        if ratio < FLOOR {
            eprintln!("it must be {FLOOR} times as fast");
            std::process::exit(1);
        }
    }
}

/// How much of the rows' text stood in lines that were counted before, by harness, each by a counter of its own; of the
/// real rows too, where they are there.
fn print_reuse(trajectories: &[Trajectory]) {
    let mut harnesses = BTreeMap::<_, Vec<_>>::new();
    for trajectory in trajectories {
        let harness = trajectory.labels.harness.as_deref().unwrap_or("no harness");
        harnesses.entry(harness).or_default().push(trajectory);
    }
    for (harness, rows) in harnesses {
        let counter = Counter::new(Tokenizer::Qwen2);
        rows.iter().for_each(|row| _ = black_box(counter.row(row)));
        print_rate(&format!("{} rows of {harness}", rows.len()), &counter);
    }
    let Some(folder) = std::env::var_os("TRACESIFT_TRACES") else {
        return;
    };
    for file in ["swe-gym-openhands", "swe-smith-xml", "nebius-swe-agent"] {
        let path = Path::new(&folder).join(file).with_extension("jsonl");
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let counter = Counter::new(Tokenizer::Qwen2);
        let rows = text.lines().map(|line| {
            let row = trace::read(line, &RowContext::default()).unwrap();
            _ = black_box(counter.row(&row));
        });
        print_rate(&format!("{} real rows, {file}", rows.count()), &counter);
    }
}

fn print_rate(rows: &str, counter: &Counter) {
    let reuse = counter.reuse();
    let rate = 100.0 * reuse.known as f64 / reuse.all as f64;
    println!("{rows}: {rate:.0} % of the bytes counted stand in lines that were known");
}

/// All texts of a row that are counted.
fn texts<'t>(trajectory: &'t Trajectory) -> impl Iterator<Item = &'t str> {
    let messages = trajectory.messages.iter().flat_map(|message| {
        let calls = message.calls.iter();
        let calls = calls.flat_map(|call| [call.name.as_ref(), call.arguments.as_ref()]);
        [message.text.as_ref(), message.reasoning.as_ref()]
            .into_iter()
            .chain(calls)
    });
    messages.chain(trajectory.tools.iter().map(|tool| tool.schema.as_ref()))
}

criterion_group!(benches, stages);
criterion_main!(benches);
