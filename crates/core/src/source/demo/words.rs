//! What the agent says before a step: a sentence or two about the step at hand, and what it thinks beside it.
//! `{file}`, `{symbol}`, `{command}`, `{noun}`, `{nouns}`, `{a}`, `{b}` are filled in.

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    LookAround,
    Search,
    ReadFirst,
    ReadAgain,
    ReadSibling,
    ReadTest,
    ReadProject,
    RunTests,
    WriteScript,
    RunScript,
    Edit,
    ReadBack,
    AddTest,
    Note,
    Lint,
    Diff,
    CleanUp,
    Missing,
    Retry,
    TakeBack,
    Finish,
}

impl Aim {
    /// What is said of such a step.
    pub fn sentences(self) -> &'static [&'static str] {
        match self {
            Aim::LookAround => &[
                "Let me start with the structure of the repository.",
                "First I want to see how the project is laid out.",
                "I'll list the files to find out where the {noun} code lives.",
            ],
            Aim::Search => &[
                "Let me search for `{symbol}` to see who uses it.",
                "Where is `{symbol}` used? A search will tell.",
                "I want every place that mentions `{symbol}` before I change anything.",
                "Let me find the callers of `{symbol}`, so that I don't break one of them.",
            ],
            Aim::ReadFirst => &[
                "The issue is about {nouns}, so `{file}` is the file to read.",
                "`{a}` should be in `{file}`. Let me read the whole file.",
                "I'll read `{file}` from top to bottom first.",
            ],
            Aim::ReadAgain => &[
                "Let me read `{file}` closely, above all `{a}` and `{b}`.",
                "I'll look at `{file}` once more, now with `{a}` in mind.",
                "How does `{b}` get its data? Let me go through `{file}` again.",
                "Back to `{file}`: I want to compare `{a}` with `{b}` line by line.",
                "Let me view this part of `{file}` again to be sure about the order of the statements.",
            ],
            Aim::ReadSibling => &[
                "`{file}` is built the same way. Let me see how it is done there.",
                "A look at `{file}` will show whether other stores have the same problem.",
                "I want to compare this with `{file}`, which nobody complains about.",
                "Let me check how `{file}` treats this case.",
            ],
            Aim::ReadTest => &[
                "Let me read the existing tests in `{file}` to learn what is expected.",
                "What do the tests in `{file}` cover? Probably not this case.",
                "I'll check `{file}` for tests of `{a}`.",
            ],
            Aim::ReadProject => &[
                "`{file}` should tell me what the project promises and how it is run.",
                "Let me have a look at `{file}` too.",
                "Before I go on I want to know what `{file}` says.",
            ],
            Aim::RunTests => &[
                "Let me run the tests with `{command}`.",
                "I'll run the tests to see where we stand.",
                "Time to run the tests of this part.",
                "Let me make sure that the existing tests still pass.",
            ],
            Aim::WriteScript => &[
                "I'll write a small test that shows the problem and nothing else.",
                "Let me reproduce the issue first. I put the example of the issue in `{file}`.",
                "Before any change I want to see it fail, so I create `{file}`.",
            ],
            Aim::RunScript => &[
                "Now let me run the reproduction.",
                "Let me see what the reproduction says.",
                "I run `{file}` to compare with the issue.",
            ],
            Aim::Edit => &[
                "Now I change `{symbol}` in `{file}`.",
                "The change in `{symbol}` is small; I make it now.",
                "Let me fix `{symbol}`.",
                "I'll edit `{symbol}` in `{file}` accordingly.",
            ],
            Aim::ReadBack => &[
                "Let me view the result of the edit in `{file}`.",
                "I want to see the changed lines in their context.",
                "The text has to match exactly. Let me look at these lines of `{file}` again.",
            ],
            Aim::AddTest => &[
                "I add a test for this case to `{file}`.",
                "A regression test belongs into `{file}`, next to the existing ones.",
            ],
            Aim::Note => &["The project keeps a list of changes, so I add a line to `{file}`."],
            Aim::Lint => &[
                "Let me check that everything still compiles and that the linter is happy.",
                "A quick check with `{command}` before I run the tests.",
            ],
            Aim::Diff => &[
                "Let me look at the whole change once more.",
                "What does the diff look like so far?",
                "I review the diff before I go on.",
            ],
            Aim::CleanUp => &[
                "The reproduction has done its work; I remove it.",
                "Let me delete `{file}`, so that it doesn't end up in the change.",
            ],
            Aim::Missing => &["Let me open `{file}`.", "The helper might be in `{file}`."],
            Aim::Retry => &[
                "The arguments of that call were cut off. I make it again.",
                "That call was malformed; once more.",
            ],
            Aim::TakeBack => &[
                "This breaks something else, and I am not sure that it is the right place. I take it back.",
                "My change does not do what the issue asks for. Let me restore the files and think again.",
            ],
            Aim::Finish => &["I am done. Let me sum up."],
        }
    }

    /// What is thought beside it.
    pub fn thoughts(self) -> &'static [&'static str] {
        match self {
            Aim::LookAround | Aim::Search | Aim::ReadProject | Aim::Missing => &[
                "The issue names the symptom, not the place, so I need an overview before I form a theory.",
                "The names in the issue should lead me to the right module quickly.",
                "I should keep in mind that several stores in this project follow the same pattern.",
                "If `{a}` has more callers than I think, the change has to stay compatible with all of them.",
            ],
            Aim::ReadFirst | Aim::ReadAgain | Aim::ReadSibling | Aim::ReadBack => &[
                "`{a}` and `{b}` have to agree with each other. If one of them does something that the other does not, that would explain the report.",
                "So what happens step by step? The {noun} goes in through the add path, and later `{b}` has to see the same state.",
                "I should not trust the doc comments here; what counts is what the code does.",
                "This function is short, so there are not many places where it can go wrong.",
                "Let me think about the edge cases too: an empty store, a single {noun}, and a {noun} that is changed twice.",
            ],
            Aim::ReadTest | Aim::RunTests | Aim::RunScript | Aim::WriteScript | Aim::AddTest => &[
                "The existing tests only cover the simple path, which is why nobody noticed.",
                "The hidden tests will probably check `{a}` and `{b}` separately, so both have to be right on their own.",
                "If this passes before my change, I have misunderstood the issue.",
                "The output should make clear which of the two places is responsible.",
            ],
            Aim::Edit | Aim::Note | Aim::TakeBack => &[
                "I keep the change as small as possible and follow the style of the file.",
                "I could restructure more, but the issue asks for this behaviour only.",
                "The same pattern is used a few lines above, so the change will look familiar to the maintainers.",
                "One more thought: does anything rely on the old behaviour? From what the search showed, no.",
            ],
            Aim::Lint | Aim::Diff | Aim::CleanUp | Aim::Retry | Aim::Finish => &[
                "The diff should only have the lines that are needed.",
                "No leftovers, no debug output, no unrelated changes.",
                "Both places are covered as far as I can tell.",
            ],
        }
    }
}

/// What may stand before a thought.
pub(super) const OPENERS: [&str; 10] = [
    "Okay. ",
    "Good. ",
    "Hmm. ",
    "Right. ",
    "So. ",
    "Well. ",
    "Let me think. ",
    "Interesting. ",
    "Wait. ",
    "",
];
