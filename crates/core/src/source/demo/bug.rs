//! The four kinds of bugs in words: what a user reports and what an agent finds.
//! `{noun}`, `{nouns}`, `{Noun}`, `{a}` and `{b}` (the two places) are filled in.

/// One kind of bug.
#[derive(Debug)]
pub(super) struct Bug {
    /// As `code/` marks its places.
    pub name: &'static str,
    /// Titles of an issue.
    pub titles: [&'static str; 3],
    /// What happens.
    pub reports: [&'static str; 3],
    /// What should happen.
    pub expected: &'static str,
    /// What the agent guesses first.
    pub guesses: [&'static str; 3],
    /// What it is.
    pub cause: &'static str,
    /// What is to be done.
    pub fix: &'static str,
    /// What a list of changes says of it.
    pub note: &'static str,
}

/// Every kind of bug.
pub(super) const BUGS: [Bug; 4] = [
    Bug {
        name: "stale",
        titles: [
            "List of {noun} names is outdated after a rename",
            "Removed {nouns} still show up in the name list",
            "`{a}` and `{b}` leave stale names behind",
        ],
        reports: [
            "We list the {noun} names in a side bar. After the first listing, renaming or removing a {noun} has no effect on the list until another {noun} is added. Everything else (looking a {noun} up, paging) already sees the change.",
            "If I ask for the names once, then remove a {noun} and ask again, the removed one is still there. Restarting the process helps, and so does adding any other {noun}, which made this rather confusing to track down.",
            "Our nightly job renames a few hundred {nouns} and then writes an index of all names. Since the last release the index has the old names whenever something has read the list before the job runs.",
        ],
        expected: "The list of names should always reflect the {nouns} that are stored at the time of the call.",
        guesses: [
            "The list of names seems to be cached somewhere, so I want to see who fills that cache and who clears it.",
            "Adding a {noun} repairs the list, which smells like a cache that only the add path resets.",
            "Perhaps the sort keeps a copy. Let me check how the names are built before I jump to conclusions.",
        ],
        cause: "the sorted names are kept after the first call, and only adding a {noun} drops them: `{a}` and `{b}` change the stored {nouns} without forgetting the list",
        fix: "drop the cached names in `{a}` and in `{b}`, as is already done where a {noun} is added",
        note: "The list of {noun} names follows renamed and removed {nouns}.",
    },
    Bug {
        name: "last-page",
        titles: [
            "Last page of {nouns} misses an entry",
            "Paging drops the final {noun}",
            "`{b}` is too small when the last page is not full",
        ],
        reports: [
            "With three {nouns} and a page size of two, the second page is empty and the number of pages is given as one. The last {noun} can't be reached through paging at all.",
            "I export all {nouns} by walking over the pages until the page count is reached. The export is always short by a few rows: whatever is on the last, partly filled page never arrives.",
            "Our UI shows \"page 1 of 1\" although there are more {nouns} than fit on one page. Asking for page 2 by hand gives one {noun} less than there should be.",
        ],
        expected: "Walking over all pages should give every {noun} exactly once, and the page count should include a last page that is not full.",
        guesses: [
            "This looks like an off-by-one at the upper end of the slice, possibly together with a division that rounds down.",
            "Two numbers are wrong here, the content of the last page and the count, so there may be two places to fix.",
            "Maybe the page size default plays a role. First I want to see the arithmetic.",
        ],
        cause: "`{a}` stops one before the last {noun} because the bound is the length minus one although the end is exclusive, and `{b}` rounds down, so that a page that is not full is not counted",
        fix: "use the length itself as the bound in `{a}` and round up in `{b}`",
        note: "The last page of {nouns} is complete and is counted.",
    },
    Bug {
        name: "empty",
        titles: [
            "Empty {noun} label is replaced by the name",
            "Can't set a value to the empty string",
            "Empty values fall back to defaults",
        ],
        reports: [
            "Some of our {nouns} have an empty label on purpose, so that nothing is drawn for them. The store shows the name instead. The same thing happens in the settings: an empty separator turns into the default one.",
            "Setting a label to the empty string has the same effect as not setting it. We need to tell these two cases apart, because an empty label means \"show nothing\" in our templates.",
            "I set `separator` to an empty string and still get the default back. The label of a {noun} behaves the same way, so I suspect the same kind of check in both places.",
        ],
        expected: "A value that is set should win over its default even when it is empty; only a missing value should fall back.",
        guesses: [
            "An empty string is treated like a missing one, so some check is about truth or length and not about presence.",
            "Two components show the same symptom. Either they share a helper or the same mistake was made twice.",
            "I should check whether the value gets lost when it is stored or when it is read.",
        ],
        cause: "both `{a}` and `{b}` ask whether the value is empty where they should ask whether it is there at all",
        fix: "check for a missing value in `{a}` and in `{b}` and return whatever else is stored, even when it is empty",
        note: "Empty labels and settings are kept and no longer replaced by defaults.",
    },
    Bug {
        name: "case",
        titles: [
            "{Noun} can't be found when its name has capitals",
            "Lookup of {nouns} is case-sensitive although the docs say otherwise",
            "Adding a {noun} with blanks around its name makes it unreachable",
        ],
        reports: [
            "According to the documentation {noun} names are compared without case and outer blanks. Adding one as ` Omega ` and looking for `omega` finds nothing, and removing it does not work either.",
            "We read {noun} names from a spreadsheet, so some have blanks at the end. These {nouns} can be listed, but they can't be found, renamed or removed.",
            "After upgrading, `{b}` only finds a {noun} when the name is spelled exactly as it was added. Remove and rename still ignore case, which leads to funny effects.",
        ],
        expected: "All operations should treat names the same way: without case and without blanks around them.",
        guesses: [
            "There is a helper that normalizes names, so the question is which operations forget to use it.",
            "Storing and looking up have to agree on the key. I will compare the two code paths.",
            "If remove works with another spelling and find does not, the normalization is not applied everywhere.",
        ],
        cause: "`{a}` stores the {noun} under the name as it is spelled and `{b}` looks it up the same way, while rename and remove use the normalized key",
        fix: "use the normalized key in `{a}` and in `{b}` as well",
        note: "Names of {nouns} are compared without case and outer blanks everywhere.",
    },
];
