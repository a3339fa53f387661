//! Whose turn it is: which worker is asked next, so that none idles while another has two questions.
//! Pure: how the workers stand is handed in.

/// How a worker stands when the next question comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Questions that it has no answer to yet.
    pub open: usize,
    /// Whether it has open what the question is about.
    pub knows: bool,
}

/// The place of the worker to ask among those that run, of which there may be so many: the least busy one, of two that are
/// alike the one that has open what the question is about. As long as all are busy another one is started, at the place
/// behind them. What `stays` is asked of the one that has it open, busy or not.
pub fn whose(workers: impl IntoIterator<Item = Standing>, most: usize, stays: bool) -> usize {
    let mut count = 0;
    let workers = workers.into_iter().take(most).inspect(|_| count += 1);
    let workers: Vec<Standing> = workers.collect();
    if let Some(place) = workers.iter().position(|worker| stays && worker.knows) {
        return place;
    }
    let least = workers
        .into_iter()
        .enumerate()
        .min_by_key(|(_, worker)| (worker.open, !worker.knows));
    match least {
        Some((place, worker)) if worker.open == 0 || count >= most => place,
        _ => count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is asked, by the number of open questions of each; `knows` has open what it is about.
    fn asked(open: &[usize], knows: Option<usize>, most: usize) -> usize {
        let standing = |(place, open): (usize, &usize)| Standing {
            open: *open,
            knows: knows == Some(place),
        };
        whose(open.iter().enumerate().map(standing), most, false)
    }

    #[test]
    fn another_worker_is_started_as_long_as_all_are_busy() {
        assert_eq!(asked(&[], None, 3), 0);
        assert_eq!(asked(&[1], None, 3), 1);
        assert_eq!(asked(&[1, 0], None, 3), 1);
        assert_eq!(asked(&[1, 1], None, 3), 2);
        assert_eq!(asked(&[2, 1, 1], None, 3), 1);
    }

    #[test]
    fn who_has_open_what_is_asked_about_is_asked_unless_it_is_busy_and_another_idles() {
        assert_eq!(asked(&[0, 0, 0], Some(2), 3), 2);
        assert_eq!(asked(&[1, 1, 1], Some(2), 3), 2);
        assert_eq!(asked(&[1, 0, 1], Some(2), 3), 1);
        assert_eq!(asked(&[1, 1], Some(1), 3), 2);
    }

    #[test]
    fn what_stays_is_asked_of_who_has_it_open_however_busy_that_is() {
        let standing = |(place, open)| Standing {
            open,
            knows: place == 1,
        };
        let workers = || [0, 5, 0].into_iter().enumerate().map(standing);
        assert_eq!(whose(workers(), 3, true), 1);
        assert_eq!(whose(workers(), 3, false), 0);
        assert_eq!(whose(workers().take(1), 3, true), 0);
    }

    #[test]
    fn of_many_workers_only_so_many_are_asked_as_may_be() {
        assert_eq!(asked(&[1, 1, 0, 0], None, 2), 0);
        assert_eq!(asked(&[2, 1, 0, 0], Some(3), 2), 1);
    }
}
