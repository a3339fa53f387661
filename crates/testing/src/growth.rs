//! How the work of a function grows with its input: what is quadratic fails, what is merely slow or disturbed does not.
//! The time is that of the thread on the processor, so that other programs do not count.

use cpu_time::ThreadTime;

/// How much more work four times the input may take. Linear work takes 4 times as much, up to 6 where the caches no longer
/// hold it; quadratic work takes 16 times as much.
const MOST: f64 = 9.0;

/// How often both sizes are measured before the function fails: the least time of each is what it takes.
const ROUNDS: usize = 5;

/// Fails where the work grows faster than its input. `make` makes an input of a size; `size` is the smaller of the two that
/// are compared, and should keep `work` busy for some milliseconds.
///
/// # Panics
/// Where four times the input takes more than nine times the work.
#[track_caller]
pub fn assert_linear<T, R>(size: usize, make: impl Fn(usize) -> T, work: impl Fn(&T) -> R) {
    let inputs = [make(size), make(4 * size)];
    let mut least = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (input, least) in inputs.iter().zip(&mut least) {
            let begun = ThreadTime::now();
            std::hint::black_box(work(std::hint::black_box(input)));
            *least = least.min(begun.elapsed().as_secs_f64());
        }
        if least[1] <= MOST * least[0] {
            return;
        }
    }
    let [small, large] = least;
    panic!(
        "four times the input takes {:.1} times the work: {:.1} ms for {size}, then {:.1} ms",
        large / small,
        1e3 * small,
        1e3 * large
    );
}
