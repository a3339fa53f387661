//! How many workers a machine gets: as many as it has cores, less one for the page, as far as its memory goes.
//! Pure: what the browser says of the machine is handed in.

/// What a worker holds, in megabytes: the program, a vocabulary, a page of rows and what comes of it.
const WORKER: f64 = 50.0;
/// What a worker holds that counts by a model: its vocabulary takes some hundred more.
const WITH_MODEL: f64 = 300.0;
/// So much of the memory all workers together may take: the rows, the page and all else that runs need the rest.
const PART: f64 = 1.0 / 8.0;
/// The memory, in megabytes, of a machine of which the browser does not say it.
const UNKNOWN: f64 = 8_000.0;
/// How many workers may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// At most.
    pub workers: usize,
    /// So many of them count by a model.
    pub with_model: usize,
}

impl Share {
    /// So many run on any machine: while one is at work on a long row, or opens files, another answers.
    pub const LEAST: usize = 2;

    /// One worker, which does by itself what it is there for.
    pub const ONE: Self = Self {
        workers: 1,
        with_model: 1,
    };

    /// The share of a machine with so many cores, and so many gigabytes of memory where the browser says it.
    pub fn of(cores: usize, memory_gb: Option<f64>) -> Self {
        let memory = memory_gb.map_or(UNKNOWN, |gb| gb * 1_000.0) * PART;
        let most = |each: f64| {
            let fit = (memory / each) as usize;
            cores.saturating_sub(1).min(fit).max(Self::LEAST)
        };
        Self {
            workers: most(WORKER),
            with_model: most(WITH_MODEL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_workers_as_cores_less_one_and_at_least_two() {
        let workers = |cores| Share::of(cores, Some(8.0)).workers;
        assert_eq!([0, 1, 2, 3, 4, 8, 16].map(workers), [2, 2, 2, 2, 3, 7, 15]);
    }

    #[test]
    fn many_cores_get_no_more_workers_than_there_is_memory_for() {
        assert_eq!(Share::of(128, Some(8.0)).workers, 20);
        assert_eq!(Share::of(128, Some(32.0)).workers, 80);
        assert_eq!(Share::of(16, Some(2.0)).workers, 5);
        assert_eq!(Share::of(16, Some(0.25)), Share::of(2, Some(0.25)));
        assert_eq!(Share::of(128, None), Share::of(128, Some(8.0)));
    }

    #[test]
    fn fewer_workers_count_by_a_model() {
        for (cores, memory, models) in [(4, 8.0, 3), (16, 8.0, 3), (16, 32.0, 13), (16, 1.0, 2)] {
            let share = Share::of(cores, Some(memory));
            assert_eq!(share.with_model, models);
            assert!(share.with_model <= share.workers);
        }
    }
}
