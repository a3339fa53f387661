//! The one table of the signs: name in the address, title, definition, source, unit, threshold and how it is compared.
//! The page, the table, the README and the address say what stands here.

use serde::{Deserialize, Serialize};

/// A quality sign of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The same call with the same result, again and again.
    LoopSame,
    /// The same failing call, again and again.
    LoopError,
    /// Two calls in turns.
    PingPong,
    /// Assistant messages in a row without a call.
    Monologue,
    /// One tool for nearly all calls.
    Spin,
    /// Failed calls among all.
    ErrorRate,
    /// Failed calls after which the same tool is tried again at once.
    ErrorRetry,
    /// Calls whose arguments are no JSON object.
    BadArguments,
    /// Calls of tools that the agent was not given.
    UnknownTool,
    /// Calls that lack an argument that the tool requires.
    MissingArgument,
    /// Calls without observation, observations without call.
    Unpaired,
    /// The run was not handed in.
    NoSubmit,
    /// The run was ended by a limit.
    LimitExit,
    /// The run ends on an observation or an open call.
    DanglingEnd,
    /// Commands that read commits beyond the task's.
    GitHistory,
    /// Commands that fetch from a host of repositories.
    FetchesFix,
    /// The data set says that the agent looked into the future.
    GitHack,
    /// The patch touches tests.
    EditsTests,
    /// The patch adds files that the run left over.
    JunkFiles,
    /// The patch is large.
    BigPatch,
    /// The patch does not add up.
    MalformedPatch,
    /// There is no patch, or it changes nothing.
    EmptyPatch,
    /// What tools gave back is long.
    HeavyObservations,
    /// Turns without a word.
    NoReasoning,
    /// Keys and tokens.
    Secrets,
    /// E-mail addresses.
    PersonalData,
    /// Something of the row had to be guessed.
    Repaired,
    /// Another row of the task has the same patch.
    SamePatch,
    /// Another row of the task makes the same calls.
    SameCalls,
    /// A row of another task has nearly the same task and patch.
    NearDuplicate,
    /// The repository is one of a public benchmark.
    BenchmarkRepo,
    /// The task is one of a public benchmark.
    BenchmarkTask,
}

/// How a number is compared with its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// A row carries the sign from the threshold on.
    AtLeast,
    /// A row carries the sign above the threshold.
    MoreThan,
    /// It is so or not: the number is 1 or 0, and there is no threshold to choose.
    Yes,
}

/// How a sign's number follows from its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// It is the greatest weight.
    Longest,
    /// It is the sum of the weights.
    Sum,
    /// It is the sum of the weights as a share of all that could have been one.
    Share,
    /// It is the mean; the steps are those that are above.
    Mean,
    /// The sign is of the row as a whole and points at no step.
    Row,
}

/// What a sign is about: the page lists them so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Doing the same again.
    Loops,
    /// Calls and their results.
    Calls,
    /// How the run ends.
    Ending,
    /// Looks at the solution.
    Leaks,
    /// The final patch.
    Patch,
    /// What is written in it.
    Text,
    /// Other rows, other data sets.
    Twins,
}

/// What the page says of a sign.
struct About {
    name: &'static str,
    title: &'static str,
    definition: &'static str,
    source: &'static str,
    unit: &'static str,
    threshold: f32,
    compare: Compare,
    points: Points,
}

const STUCK: &str = "OpenHands, StuckDetector";
const SCORER: &str = "ModelScope Twinkle, HardScorer";
const PAPER: &str = "Open-SWE-Traces (arXiv 2606.16038)";
const SERA: &str = "SERA (arXiv 2601.20789)";
const OURS: &str = "tracesift";

impl Sign {
    /// How many signs there are.
    pub const COUNT: usize = Sign::BenchmarkTask as usize + 1;

    /// Every sign, in the order of the page.
    pub const ALL: [Sign; Sign::COUNT] = [
        Sign::LoopSame,
        Sign::LoopError,
        Sign::PingPong,
        Sign::Monologue,
        Sign::Spin,
        Sign::ErrorRate,
        Sign::ErrorRetry,
        Sign::BadArguments,
        Sign::UnknownTool,
        Sign::MissingArgument,
        Sign::Unpaired,
        Sign::NoSubmit,
        Sign::LimitExit,
        Sign::DanglingEnd,
        Sign::GitHistory,
        Sign::FetchesFix,
        Sign::GitHack,
        Sign::EditsTests,
        Sign::JunkFiles,
        Sign::BigPatch,
        Sign::MalformedPatch,
        Sign::EmptyPatch,
        Sign::HeavyObservations,
        Sign::NoReasoning,
        Sign::Secrets,
        Sign::PersonalData,
        Sign::Repaired,
        Sign::SamePatch,
        Sign::SameCalls,
        Sign::NearDuplicate,
        Sign::BenchmarkRepo,
        Sign::BenchmarkTask,
    ];

    /// The sign of a word of the address, in small or capital letters.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Sign::ALL.into_iter();
        all.find(|sign| sign.name().eq_ignore_ascii_case(name))
    }

    /// The sign's word in the address.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The sign's column in the downloaded table.
    pub fn column(self) -> String {
        format!("sign_{}", self.name().replace('-', "_"))
    }

    /// The sign's name for people.
    pub fn title(self) -> &'static str {
        self.about().title
    }

    /// What the number is, in a sentence or two.
    pub fn definition(self) -> &'static str {
        self.about().definition
    }

    /// Where the rule comes from.
    pub fn source(self) -> &'static str {
        self.about().source
    }

    /// What the number counts, in the plural.
    pub fn unit(self) -> &'static str {
        self.about().unit
    }

    /// The threshold, where no other was chosen.
    pub fn default_threshold(self) -> f32 {
        self.about().threshold
    }

    /// How the number is compared with the threshold.
    pub fn compare(self) -> Compare {
        self.about().compare
    }

    /// How the number follows from the steps that it points at.
    pub fn points(self) -> Points {
        self.about().points
    }

    /// Whether the number lies between 0 and 1.
    pub fn is_share(self) -> bool {
        self.unit() == SHARE
    }

    /// What the sign is about.
    pub fn family(self) -> Family {
        match self {
            Sign::LoopSame | Sign::LoopError | Sign::PingPong | Sign::Monologue | Sign::Spin => {
                Family::Loops
            }
            Sign::ErrorRate
            | Sign::ErrorRetry
            | Sign::BadArguments
            | Sign::UnknownTool
            | Sign::MissingArgument
            | Sign::Unpaired => Family::Calls,
            Sign::NoSubmit | Sign::LimitExit | Sign::DanglingEnd => Family::Ending,
            Sign::GitHistory | Sign::FetchesFix | Sign::GitHack => Family::Leaks,
            Sign::EditsTests
            | Sign::JunkFiles
            | Sign::BigPatch
            | Sign::MalformedPatch
            | Sign::EmptyPatch => Family::Patch,
            Sign::HeavyObservations
            | Sign::NoReasoning
            | Sign::Secrets
            | Sign::PersonalData
            | Sign::Repaired => Family::Text,
            Sign::SamePatch
            | Sign::SameCalls
            | Sign::NearDuplicate
            | Sign::BenchmarkRepo
            | Sign::BenchmarkTask => Family::Twins,
        }
    }

    /// Whether a number carries the sign. What is not known (NaN) carries none.
    pub fn carries(self, number: f32, threshold: f32) -> bool {
        self.compare().carries(number, threshold)
    }

    /// Whether a step of that weight is worth a mark in a row that carries the sign.
    pub fn marks(self, weight: u32, threshold: f32) -> bool {
        match self.points() {
            Points::Longest | Points::Mean => self.carries(weight as f32, threshold),
            Points::Sum | Points::Share => true,
            Points::Row => false,
        }
    }

    fn about(self) -> About {
        let loops = |name, title, definition, threshold| About {
            name,
            title,
            definition,
            source: STUCK,
            unit: "in a row",
            threshold,
            compare: Compare::AtLeast,
            points: Points::Longest,
        };
        let share = |name, title, definition, source, threshold, compare| About {
            name,
            title,
            definition,
            source,
            unit: SHARE,
            threshold,
            compare,
            points: Points::Share,
        };
        let count = |name, title, definition, source, unit| About {
            name,
            title,
            definition,
            source,
            unit,
            threshold: 1.0,
            compare: Compare::AtLeast,
            points: Points::Sum,
        };
        let yes = |name, title, definition, source, points| About {
            name,
            title,
            definition,
            source,
            unit: "yes or no",
            threshold: 1.0,
            compare: Compare::Yes,
            points,
        };
        let row = |about: About| About {
            points: Points::Row,
            ..about
        };
        match self {
            Sign::LoopSame => loops(
                "loop-same",
                "Same call, same result",
                "How often in a row the agent makes the same call (tool and arguments) and gets the same result, word \
                 for word.",
                4.0,
            ),
            Sign::LoopError => loops(
                "loop-error",
                "Same call, failing",
                "How often in a row the agent makes the same call and it fails by the harness's own words.",
                3.0,
            ),
            Sign::PingPong => loops(
                "pingpong",
                "Back and forth",
                "How many calls in a row go back and forth between two calls with the same two results: A, B, A, B.",
                6.0,
            ),
            Sign::Monologue => loops(
                "monologue",
                "Talk without action",
                "How many assistant messages without a call stand in a row, with no one else between.",
                3.0,
            ),
            Sign::Spin => row(share(
                "spin",
                "One tool only",
                "The share of the calls that go to the tool that is called most; 0 with fewer than eight calls. A \
                 harness with a single tool has it in every row.",
                SCORER,
                0.8,
                Compare::MoreThan,
            )),
            Sign::ErrorRate => share(
                "error-rate",
                "Many failed calls",
                "The share of the calls that fail by the harness's own words. A failing test run is no failed call.",
                "trajgen, rule_score",
                0.3,
                Compare::AtLeast,
            ),
            Sign::ErrorRetry => share(
                "error-retry",
                "Error, then the same tool again",
                "Failed calls after which one of the next two calls is of the same tool, as a share of all calls.",
                "arXiv 2607.17205; trajgen, rule_score",
                0.2,
                Compare::AtLeast,
            ),
            Sign::BadArguments => count(
                "bad-arguments",
                "Bad arguments",
                "Calls whose arguments are no JSON object.",
                SCORER,
                "calls",
            ),
            Sign::UnknownTool => count(
                "unknown-tool",
                "Unknown tool",
                "Calls of a tool that is not among those that the row says the agent was given. Not known where the \
                 row lists no tools.",
                SCORER,
                "calls",
            ),
            Sign::MissingArgument => count(
                "missing-argument",
                "Missing argument",
                "Calls that lack an argument that the tool's schema in the row requires. Not known where the row lists \
                 no tools.",
                SCORER,
                "calls",
            ),
            Sign::Unpaired => count(
                "unpaired",
                "Unpaired",
                "Calls without an observation beyond one, and observations that answer no call. One unanswered call is \
                 normal: a run ends with it.",
                SCORER,
                "messages",
            ),
            Sign::NoSubmit => yes(
                "no-submit",
                "Not handed in",
                "The last call does not hand the work in (finish, submit or the like), and the run does not end with \
                 the assistant's words either.",
                SERA,
                Points::Sum,
            ),
            Sign::LimitExit => yes(
                "limit-exit",
                "Stopped by a limit",
                "The row's exit status, or the harness's last words, say that a limit of steps, tokens, cost or time \
                 ended the run.",
                "SERA (arXiv 2601.20789); R2E-Gym",
                Points::Sum,
            ),
            Sign::DanglingEnd => yes(
                "dangling-end",
                "Ends in the middle",
                "The run ends on an observation or on a call that nothing answers, and that call does not hand the \
                 work in.",
                "teich; NeMo Automodel",
                Points::Sum,
            ),
            Sign::GitHistory => count(
                "git-history",
                "Reads other commits",
                "Shell commands that read commits beyond the task's own: git log --all, show, diff or checkout of a \
                 hash or of origin/…, reflog, cherry-pick. The fix may lie there.",
                "mini-swe-agent, issue 787; Open-SWE-Traces (arXiv 2606.16038)",
                "commands",
            ),
            Sign::FetchesFix => count(
                "fetches-fix",
                "Fetches from a code host",
                "Shell commands that bring something from GitHub, GitLab or another host of repositories: by curl, \
                 wget, git, gh, pip or npm. The fix may lie there.",
                "mini-swe-agent, issue 787",
                "commands",
            ),
            Sign::GitHack => yes(
                "git-hack",
                "Marked as a git hack",
                "The data set itself marks the row (git_hack_attempted). Not known where it does not say.",
                PAPER,
                Points::Row,
            ),
            Sign::EditsTests => row(count(
                "edits-tests",
                "Edits tests",
                "Test files, by their path, that the model's patch touches.",
                PAPER,
                "files",
            )),
            Sign::JunkFiles => row(count(
                "junk-files",
                "Left-over files",
                "New files in the model's patch that a run leaves over: reproduce…, debug…, *.orig, *.rej, *.log, \
                 binary files.",
                OURS,
                "files",
            )),
            Sign::BigPatch => About {
                threshold: 40.0,
                compare: Compare::MoreThan,
                ..row(count(
                    "big-patch",
                    "Big patch",
                    "Lines that the model's patch adds and deletes.",
                    SERA,
                    "lines",
                ))
            },
            Sign::MalformedPatch => yes(
                "malformed-patch",
                "Malformed patch",
                "A hunk of the model's patch has other lines than its head says, or a file has no change: git would \
                 not apply it.",
                PAPER,
                Points::Row,
            ),
            Sign::EmptyPatch => yes(
                "empty-patch",
                "Empty patch",
                "The row has no patch of the model, or one that touches no file.",
                PAPER,
                Points::Row,
            ),
            Sign::HeavyObservations => About {
                name: "heavy-observations",
                title: "Long observations",
                definition: "Tokens of an observation on average, by the tokenizer chosen. Known only where tokens were \
                             counted.",
                source: SERA,
                unit: "tokens",
                threshold: 600.0,
                compare: Compare::MoreThan,
                points: Points::Mean,
            },
            Sign::NoReasoning => share(
                "no-reasoning",
                "No reasoning",
                "The share of assistant messages without a word of text or reasoning. At 1, the agent only calls \
                 tools.",
                "laion, CoderForge notes",
                1.0,
                Compare::AtLeast,
            ),
            Sign::Secrets => count(
                "secrets",
                "Keys and tokens",
                "Different keys and tokens by their known shapes: AWS, GitHub, GitLab, OpenAI, Anthropic, Slack, \
                 Google, Hugging Face, npm, Stripe, JSON web tokens, private keys. Those that look like \
                 placeholders are left out.",
                OURS,
                "secrets",
            ),
            Sign::PersonalData => count(
                "personal-data",
                "E-mail addresses",
                "Different e-mail addresses, without those of examples, of robots and of harnesses.",
                OURS,
                "addresses",
            ),
            Sign::Repaired => row(count(
                "repaired",
                "Repaired by a guess",
                "How often something of the row had to be guessed: who speaks, which of several open calls a tool's \
                 answer belongs to, what a message of an odd shape is. Other spellings of what the row does say are \
                 put into one form and do not count.",
                OURS,
                "guesses",
            )),
            Sign::SamePatch => row(count(
                "same-patch",
                "Same patch twice",
                "Other rows of the same task whose model patch is the same, byte for byte.",
                OURS,
                "rows",
            )),
            Sign::SameCalls => row(count(
                "same-calls",
                "Same calls twice",
                "Other rows of the same task that make the same calls in the same order.",
                OURS,
                "rows",
            )),
            Sign::NearDuplicate => row(share(
                "near-duplicate",
                "Near-duplicate",
                "How alike the row's task and patch are to those of the most similar row of another task: words in \
                 groups of five that both have, as a share of those that either has (Jaccard, estimated by MinHash).",
                "Broder 1997 (MinHash)",
                0.8,
                Compare::AtLeast,
            )),
            Sign::BenchmarkRepo => yes(
                "benchmark-repo",
                "Repository of a benchmark",
                "The repository is one of SWE-bench (Lite, Verified), SWE-bench Multilingual or SWE-bench Pro, or one \
                 that you list.",
                "trajgen; ModelScope Twinkle, Decontaminator",
                Points::Row,
            ),
            Sign::BenchmarkTask => yes(
                "benchmark-task",
                "Task of a benchmark",
                "The task's id is one of a public benchmark's that this page knows, or one that you list.",
                "trajgen; ModelScope Twinkle, Decontaminator",
                Points::Row,
            ),
        }
    }
}

impl Compare {
    /// Whether a number carries a sign that is compared so. What is not known (NaN) carries none.
    pub fn carries(self, number: f32, threshold: f32) -> bool {
        match self {
            Compare::AtLeast | Compare::Yes => number >= threshold,
            Compare::MoreThan => number > threshold,
        }
    }
}

const SHARE: &str = "share";

impl Family {
    /// Every family, in the order of the page.
    pub const ALL: [Family; 7] = [
        Family::Loops,
        Family::Calls,
        Family::Ending,
        Family::Leaks,
        Family::Patch,
        Family::Text,
        Family::Twins,
    ];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Family::Loops => "Going round in circles",
            Family::Calls => "Calls and their results",
            Family::Ending => "How the run ends",
            Family::Leaks => "Looks at the solution",
            Family::Patch => "The final patch",
            Family::Text => "What is written",
            Family::Twins => "Other rows, other data sets",
        }
    }
}
