//! A session that is a tree, since its user went back and went on otherwise: the paths through it that are runs.
//! Whose events are the tree's nodes, the dialects say; the step is the same for all of them.

use super::{SessionRun, Thread};

/// All branches together repeat at most so many times what the session holds: the time taken stays in proportion to it.
const MOST_REPEATED: usize = 16;

/// What an event is to the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// A user's words: a path may end here.
    Prompt,
    /// The model's words: a path may end here, and is worth a run.
    Reply,
    /// What a call gave back. It belongs to every path on which the call is, though nothing need follow it: results of
    /// parallel calls are leaves.
    Result,
    /// Nothing that is said: it only links what comes before to what comes after.
    Nothing,
}

/// An event of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The index of its value.
    pub value: usize,
    /// The node that it follows, which comes before it; `None` for a root.
    pub parent: Option<usize>,
    /// What it is.
    pub says: Says,
}

/// The runs of a tree: the path that ends last is the main one, every other is a branch if it has a reply that the main
/// one has not. `shared` are the values that belong to each run, beside the tree. None where nothing is said.
pub(super) fn runs(nodes: &[Node], shared: &[usize]) -> Vec<SessionRun> {
    let tree = Tree::new(nodes);
    let Some(main) = tree.last_leaf() else {
        return Vec::new();
    };
    let on_main = tree.marked_to(main);
    let answered = tree.answered_beside(&on_main);
    let mut runs = vec![SessionRun {
        values: tree.values_to(main, shared),
        thread: Thread::Main,
    }];
    let mut left = nodes.len().saturating_mul(MOST_REPEATED);
    let branches = tree.leaves().filter(|leaf| marked(&answered, *leaf));
    for leaf in branches {
        let values = tree.values_to(leaf, shared);
        let Some(still_left) = left.checked_sub(values.len()) else {
            break;
        };
        left = still_left;
        runs.push(SessionRun {
            values,
            thread: Thread::Branch,
        });
    }
    runs
}

/// The nodes and what follows from their order: no parent comes after its child.
struct Tree<'n> {
    nodes: &'n [Node],
    /// Whether someone speaks at the node or below it.
    speaks: Vec<bool>,
    /// Whether someone speaks below it.
    goes_on: Vec<bool>,
    /// The last node that belongs to it or is below it.
    end: Vec<usize>,
    /// For each node that speaks, the results below it that no one's words follow.
    results: Vec<Vec<usize>>,
}

impl<'n> Tree<'n> {
    fn new(nodes: &'n [Node]) -> Self {
        let count = nodes.len();
        let mut tree = Tree {
            nodes,
            speaks: vec![false; count],
            goes_on: vec![false; count],
            end: (0..count).collect(),
            results: vec![Vec::new(); count],
        };
        for at in (0..count).rev() {
            tree.tell_parent(at);
        }
        tree.gather_results();
        tree
    }

    fn parent(&self, at: usize) -> Option<usize> {
        let parent = self.nodes.get(at)?.parent?;
        (parent < at).then_some(parent)
    }

    fn tell_parent(&mut self, at: usize) {
        let says = self.nodes.get(at).map_or(Says::Nothing, |node| node.says);
        let speaks = marked(&self.goes_on, at) || matches!(says, Says::Prompt | Says::Reply);
        mark(&mut self.speaks, at, speaks);
        let Some(parent) = self.parent(at) else {
            return;
        };
        if speaks {
            mark(&mut self.goes_on, parent, true);
        }
        let end = self.end.get(at).copied().unwrap_or(at);
        if let Some(of_parent) = self.end.get_mut(parent) {
            *of_parent = end.max(*of_parent);
        }
    }

    fn gather_results(&mut self) {
        let mut speaker: Vec<Option<usize>> = Vec::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            let above = self
                .parent(at)
                .and_then(|parent| speaker.get(parent).copied().flatten());
            if marked(&self.speaks, at) {
                speaker.push(Some(at));
                continue;
            }
            speaker.push(above);
            let results = above.and_then(|above| self.results.get_mut(above));
            if let (Says::Result, Some(results)) = (node.says, results) {
                results.push(at);
            }
        }
    }

    /// The nodes at which someone speaks and below which no one does.
    fn leaves(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|at| marked(&self.speaks, *at) && !marked(&self.goes_on, *at))
    }

    /// The leaf that ends last, results that belong to it included.
    fn last_leaf(&self) -> Option<usize> {
        self.leaves().max_by_key(|leaf| self.end.get(*leaf))
    }

    fn path_to(&self, leaf: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(leaf), |at| self.parent(*at))
    }

    fn marked_to(&self, leaf: usize) -> Vec<bool> {
        let mut path = vec![false; self.nodes.len()];
        for at in self.path_to(leaf) {
            mark(&mut path, at, true);
        }
        path
    }

    /// For each node, whether the model speaks at it or above it outside that path.
    fn answered_beside(&self, path: &[bool]) -> Vec<bool> {
        let mut answered = Vec::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            let above = self.parent(at).is_some_and(|up| marked(&answered, up));
            answered.push(!marked(path, at) && (above || node.says == Says::Reply));
        }
        answered
    }

    fn values_to(&self, leaf: usize, shared: &[usize]) -> Vec<usize> {
        let mut values = shared.to_vec();
        for at in self.path_to(leaf) {
            let results = self.results.get(at).into_iter().flatten();
            let nodes = std::iter::once(&at).chain(results);
            values.extend(nodes.filter_map(|at| self.nodes.get(*at)).map(|n| n.value));
        }
        values.sort_unstable();
        values.dedup();
        values
    }
}

fn marked(marks: &[bool], at: usize) -> bool {
    marks.get(at).copied().unwrap_or_default()
}

fn mark(marks: &mut [bool], at: usize, value: bool) {
    if let Some(mark) = marks.get_mut(at) {
        *mark = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes by what they say and their parents.
    fn runs_of(nodes: &[(Says, Option<usize>)]) -> Vec<(Vec<usize>, Thread)> {
        let nodes: Vec<Node> = nodes
            .iter()
            .enumerate()
            .map(|(value, (says, parent))| Node {
                value,
                parent: *parent,
                says: *says,
            })
            .collect();
        let runs = runs(&nodes, &[]);
        runs.into_iter()
            .map(|run| (run.values, run.thread))
            .collect()
    }

    use Says::{Nothing, Prompt, Reply, Result};

    #[test]
    fn the_branch_that_ends_last_is_the_run_and_an_answered_one_is_a_branch() {
        let nodes = [
            (Prompt, None),
            (Reply, Some(0)),
            (Prompt, Some(1)),
            (Reply, Some(2)),
            (Prompt, Some(1)),
            (Reply, Some(4)),
        ];
        let expected = [
            (vec![0, 1, 4, 5], Thread::Main),
            (vec![0, 1, 2, 3], Thread::Branch),
        ];
        assert_eq!(runs_of(&nodes), expected);
    }

    #[test]
    fn a_prompt_that_was_given_up_is_no_run() {
        let nodes = [(Prompt, None), (Prompt, None), (Reply, Some(1))];
        assert_eq!(runs_of(&nodes), [(vec![1, 2], Thread::Main)]);
    }

    #[test]
    fn results_of_parallel_calls_belong_to_the_path_of_their_call() {
        let nodes = [
            (Prompt, None),
            (Reply, Some(0)),
            (Reply, Some(1)),
            (Result, Some(1)),
            (Result, Some(2)),
            (Reply, Some(4)),
        ];
        assert_eq!(runs_of(&nodes), [(vec![0, 1, 2, 3, 4, 5], Thread::Main)]);
    }

    #[test]
    fn what_says_nothing_only_links() {
        let nodes = [
            (Prompt, None),
            (Nothing, Some(0)),
            (Reply, Some(1)),
            (Nothing, Some(1)),
            (Nothing, Some(2)),
        ];
        assert_eq!(runs_of(&nodes), [(vec![0, 1, 2], Thread::Main)]);
        assert_eq!(runs_of(&[(Nothing, None)]), []);
    }

    #[test]
    fn many_branches_of_a_long_trunk_stay_in_proportion() {
        const COUNT: usize = 2_000;
        let trunk = (0..COUNT).map(|at| (Reply, at.checked_sub(1)));
        let branches = (0..COUNT).map(|_| (Reply, COUNT.checked_sub(1)));
        let nodes: Vec<_> = trunk.chain(branches).collect();
        let values: usize = runs_of(&nodes).iter().map(|(values, _)| values.len()).sum();
        assert!(values <= nodes.len() * (MOST_REPEATED + 1), "{values}");
    }
}
