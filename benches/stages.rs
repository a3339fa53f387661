//! The speed of a worker's stages natively: reading a row, measuring it, its quality signs (which must cost less than
//! reading it: their ratio is printed), counting its tokens, writing it in each format.
//! `cargo bench --bench stages`; the same job in a browser is `--bench browser`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "rows/mod.rs"]
mod rows;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tracesift::export::writer::Writer;
use tracesift::export::{Format, Options, Origin};
use tracesift::measure::measure;
use tracesift::sign;
use tracesift::tokens::{Counter, Tokenizer};
use tracesift::trace::{self, Place, Trajectory};

fn stages(criterion: &mut Criterion) {
    let text = rows::jsonl(100);
    let lines: Vec<&str> = text.lines().collect();
    let place = Place::default();
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
        let counter = Counter::new(tokenizer);
        group.bench_function(format!("count tokens, {}", tokenizer.name()), |bench| {
            bench.iter(|| {
                trajectories
                    .iter()
                    .for_each(|trajectory| _ = black_box(counter.row(trajectory)))
            });
        });
    }
    for format in Format::ALL {
        let options = Options {
            format,
            end_at_assistant: true,
            ..Options::default()
        };
        let writer = Writer {
            options: &options,
            seed: 1,
            counter: None,
        };
        group.bench_function(format!("write, {}", format.name()), |bench| {
            bench.iter(|| {
                trajectories.iter().for_each(|trajectory| {
                    drop(black_box(writer.write(trajectory, &Origin::default())));
                });
            });
        });
    }
    group.finish();
    let seconds = |work: &dyn Fn()| {
        let rounds = (0..20).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        });
        rounds.fold(f64::INFINITY, f64::min)
    };
    let reading = seconds(&|| lines.iter().for_each(|line| drop(black_box(read(line)))));
    let signs = seconds(&|| {
        trajectories
            .iter()
            .for_each(|t| drop(black_box(sign::of(t))))
    });
    println!(
        "all signs of a row cost {:.2} of reading it",
        signs / reading
    );
}

criterion_group!(benches, stages);
criterion_main!(benches);
