//! Readers against mutated inputs: no panic, nothing that a reader promises broken, time in proportion to the input.
//! The same seed gives the same inputs; one that fails is kept in a file, to be read again by `--input`.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A reader under test.
pub struct Reader {
    /// Its name, for `--only` and in the report.
    pub name: &'static str,
    /// Inputs that it reads, to begin with.
    pub seeds: Vec<Vec<u8>>,
    /// Pieces that mean something to it, put in anywhere.
    pub pieces: &'static [&'static str],
    /// Reads an input; says which promise was broken.
    pub check: fn(&[u8]) -> Result<(), String>,
}

/// The longest input, in bytes.
const LONGEST: usize = 64 * 1024;

/// How many times the median's time per byte an input may take.
const MOST_TIMES: f64 = 50.0;

/// Time below which nothing is said of an input, in seconds, and bytes that each is taken to have besides its own.
const NOTHING: f64 = 0.05;
const BYTES_BESIDES: f64 = 1_000.0;

/// The stack of a worker in the browser.
const STACK: usize = 4 << 20;

/// Runs the readers as the program's arguments say: `--seconds 60` for each, `--seed 1`, `--only NAME`, `--input FILE`.
pub fn main(readers: Vec<Reader>) -> ExitCode {
    let option = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1)
    };
    let number = |name, usual| option(name).map_or(usual, |text| text.parse().expect("a number"));
    let (seconds, seed) = (number("--seconds", 60), number("--seed", 1));
    let only = option("--only");
    let input = option("--input").map(|file| fs::read(file).expect("the input"));
    let is_wanted = |reader: &&Reader| only.as_deref().is_none_or(|only| only == reader.name);
    let wanted: Vec<_> = readers.iter().filter(is_wanted).collect();
    let run = |reader: &Reader| match &input {
        Some(input) => usize::from(!reader.passes(input, None)),
        None => reader.run(Duration::from_secs(seconds), seed),
    };
    // Each reader is timed by its own thread's clock, so that others beside it do no harm.
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let mut failed = 0;
    for some in wanted.chunks(at_once) {
        failed += std::thread::scope(|scope| {
            let mut running = Vec::new();
            for &reader in some {
                let thread = std::thread::Builder::new().stack_size(STACK);
                let began = thread.spawn_scoped(scope, || run(reader));
                running.push(began.expect("a thread"));
            }
            let runs = running.into_iter();
            runs.map(|thread| thread.join().expect("a run"))
                .sum::<usize>()
        });
    }
    ExitCode::from(u8::from(failed > 0))
}

impl Reader {
    /// Reads mutated inputs for a time; how many failed.
    fn run(&self, time: Duration, seed: u64) -> usize {
        println!("{}: {} seeds", self.name, self.seeds.len());
        let mut failed = self
            .seeds
            .iter()
            .filter(|seed| !self.passes(seed, None))
            .count();
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut rates = Vec::new();
        let (begun, mut inputs, mut bytes) = (Instant::now(), 0_u64, 0_usize);
        while begun.elapsed() < time && failed < 10 {
            let input = self.mutated(&mut random);
            let median = (rates.len() >= 200).then(|| median(&rates));
            let used = ThreadTime::now();
            failed += usize::from(!self.passes(&input, median));
            if rates.len() < 2_000 {
                rates.push(used.elapsed().as_secs_f64() / (input.len() as f64 + BYTES_BESIDES));
            }
            inputs += 1;
            bytes += input.len();
        }
        println!(
            "{}: {inputs} inputs, {bytes} bytes, {failed} failed",
            self.name
        );
        failed
    }

    /// Whether an input is read as it should be; `median` is the usual time per byte, once it is known.
    fn passes(&self, input: &[u8], median: Option<f64>) -> bool {
        let mut least = f64::INFINITY;
        let most = median.map_or(f64::INFINITY, |median| {
            (MOST_TIMES * median * (input.len() as f64 + BYTES_BESIDES)).max(NOTHING)
        });
        for _ in 0..3 {
            let begun = ThreadTime::now();
            let read = catch_unwind(AssertUnwindSafe(|| (self.check)(input)));
            least = least.min(begun.elapsed().as_secs_f64());
            match read {
                Ok(Ok(())) if least <= most => return true,
                Ok(Ok(())) => {}
                Ok(Err(why)) => return self.fails(input, &why),
                Err(_) => return self.fails(input, "it panics"),
            }
        }
        self.fails(
            input,
            &format!(
                "it takes {:.0} ms, {MOST_TIMES} times what is usual",
                1e3 * least
            ),
        )
    }

    fn fails(&self, input: &[u8], why: &str) -> bool {
        let hash = input.iter().fold(5381_u64, |hash, byte| {
            hash.wrapping_mul(33) ^ u64::from(*byte)
        });
        let file = PathBuf::from(format!(
            "{}/fuzz-{}-{hash:016x}",
            std::env::temp_dir().display(),
            self.name
        ));
        fs::write(&file, input).expect("the input is kept");
        println!(
            "{}: {} bytes: {why}. --only {0} --input {}",
            self.name,
            input.len(),
            file.display()
        );
        false
    }

    fn mutated(&self, random: &mut Pcg64Mcg) -> Vec<u8> {
        let mut input = self.seed(random);
        for _ in 0..random.random_range(1..8) {
            let [from, to] = {
                let ends = [0; 2].map(|_| random.random_range(0..=input.len()));
                [ends[0].min(ends[1]), ends[0].max(ends[1])]
            };
            // Mostly a short stretch.
            let to = if random.random_bool(0.7) {
                to.min(from + 16)
            } else {
                to
            };
            let with = match random.random_range(0..8) {
                0 => Vec::new(),
                1 => vec![random.random(); to - from],
                2 => input[from..to].repeat(2),
                3 => input[from..to].repeat(random.random_range(1..200)),
                4 => {
                    let other = self.seed(random);
                    let at = random.random_range(0..=other.len());
                    other[at..other.len().min(at + 200)].to_vec()
                }
                5 | 6 if !self.pieces.is_empty() => {
                    let piece = self.pieces[random.random_range(0..self.pieces.len())];
                    [&input[from..to], piece.as_bytes()].concat()
                }
                _ => input[from..to]
                    .iter()
                    .map(|byte| byte ^ (1 << random.random_range(0..8)))
                    .collect(),
            };
            input.splice(from..to, with);
            input.truncate(LONGEST);
        }
        input
    }

    fn seed(&self, random: &mut Pcg64Mcg) -> Vec<u8> {
        self.seeds[random.random_range(0..self.seeds.len())].clone()
    }
}

fn median(rates: &[f64]) -> f64 {
    let mut rates = rates.to_vec();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
