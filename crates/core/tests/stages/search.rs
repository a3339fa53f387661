//! What is looked for in the texts of a run: what a filter finds is what the reader marks, and marks stand where it is.
//! A mark is checked by the text that it covers.

use proptest::prelude::*;
use tracesift_core::patch::lines;
use tracesift_core::search::{Found, LISTED, Part, Place, Search, TextQuery};
use tracesift_core::trace::{Role, Trajectory};
use tracesift_core::view::full_text;
use tracesift_testing::trajectory::{add_call, message};

fn said(text: &str) -> Trajectory<'_> {
    Trajectory {
        messages: vec![message(Role::User, text)],
        ..Trajectory::default()
    }
}

fn run() -> Trajectory<'static> {
    let mut run = said("fix the bug");
    let arguments = r#"{"command":"git log -S \"a\tb\"","options":{"n":1}}"#;
    add_call(&mut run, "bash", arguments, Some("KeyError: 17"));
    run.messages[1].text = "I look at the LOG".into();
    run.messages[1].reasoning = "a typo".into();
    run.model_patch = Some("+fixed".into());
    run
}

fn search(wanted: &str) -> Search {
    Search::new(&TextQuery::within(wanted).unwrap()).unwrap()
}

/// What is marked, and in which text.
fn marked(run: &Trajectory, wanted: &str) -> Vec<(Place, String)> {
    let text = |place| match place {
        Place::Message(message, part) => full_text(run, message, part).unwrap(),
        Place::PatchLine(index) => {
            let line = lines(run.model_patch.as_deref().unwrap()).nth(index);
            line.unwrap().content().to_owned()
        }
    };
    let found = search(wanted).find(run);
    let hits = found.hits.iter();
    // By its place each match is found again.
    assert!(
        hits.clone()
            .all(|hit| found.hits_in(hit.place).contains(hit))
    );
    hits.map(|hit| (hit.place, text(hit.place)[hit.start..hit.end].to_owned()))
        .collect()
}

#[test]
fn what_a_filter_finds_is_marked_where_it_stands() {
    let (call, argument) = (0, 0);
    let said = |message, part, text: &str| (Place::Message(message, part), text.to_owned());
    let log = [
        said(1, Part::Text, "LOG"),
        said(1, Part::Argument { call, argument }, "log"),
    ];
    assert_eq!(marked(&run(), "log"), log);
    assert_eq!(marked(&run(), "call:log"), log[1..]);
    assert_eq!(
        marked(&run(), "assistant:typo"),
        [said(1, Part::Reasoning, "typo")]
    );
    assert_eq!(
        marked(&run(), "call:/a.h|com/"),
        [
            said(1, Part::Tool { call }, "ash"),
            said(1, Part::Key { call, argument }, "com")
        ]
    );
    assert_eq!(marked(&run(), "/\\d{2,}/"), [said(2, Part::Text, "17")]);
    assert_eq!(
        marked(&run(), "patch:fix"),
        [(Place::PatchLine(0), "fix".to_owned())]
    );
    // Where nothing stands, nothing is marked.
    assert_eq!(marked(&run(), "patch:/x*/").len(), 1);
}

#[test]
fn arguments_are_looked_through_as_the_reader_shows_them() {
    for shown in ["-s \"a\tb\"", "call:/\\{\\n  \"n\": 1\\n\\}/"] {
        assert!(search(shown).is_in(&run()), "{shown}");
        assert_eq!(marked(&run(), shown).len(), 1, "{shown}");
    }
    assert!(!search(r#"\"a\tb"#).is_in(&run()));
}

#[test]
fn letters_match_in_any_case_and_marks_stay_where_they_are() {
    let run = said("İİ GROẞ groß ΣΊΣΥΦΟΣ σίσυφος K ÄÖ");
    for (wanted, found) in [
        ("groß", vec!["GROẞ", "groß"]),
        ("σίσυφοσ", vec!["ΣΊΣΥΦΟΣ", "σίσυφος"]),
        ("k", vec!["K"]),
        ("äö", vec!["ÄÖ"]),
        ("İ", vec!["İ", "İ"]),
    ] {
        let marks = marked(&run, wanted).into_iter().map(|(_, mark)| mark);
        assert_eq!(marks.collect::<Vec<_>>(), found, "{wanted}");
    }
}

#[test]
fn marks_of_a_patch_stand_in_its_lines_behind_their_markers() {
    let patch = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-let old = 1;\r\n+let new = 1;\n end\n";
    let run = Trajectory {
        model_patch: Some(patch.into()),
        ..Trajectory::default()
    };
    let marks = |wanted: &str| {
        let marked = marked(&run, wanted).into_iter();
        let marks = marked.map(|(place, mark)| match place {
            Place::PatchLine(line) => (line, mark),
            Place::Message(..) => (usize::MAX, mark),
        });
        marks.collect::<Vec<_>>()
    };
    let line = |line, mark: &str| (line, mark.to_owned());
    assert_eq!(marks("patch:LET"), [line(3, "let"), line(4, "let")]);
    // A mark ends with its line, and no marker is marked: it is not of the file.
    assert_eq!(marks("patch:/= 1;\\s+\\+let/"), [line(3, "= 1;")]);
    assert_eq!(marks("patch:/\\+let n/"), [line(4, "let n")]);
}

#[test]
fn a_search_ends_where_no_one_looks_any_further() {
    let text = "a ".repeat(LISTED);
    let cut = |more: &str| {
        let text = format!("{text}{more}");
        let Found { hits, is_cut } = search("a").find(&said(&text));
        assert_eq!(hits.len(), LISTED);
        is_cut
    };
    assert_eq!((cut(""), cut("A")), (false, true));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_passes_where_something_is_marked(
        wanted in "[a-cß.İ]{1,3}",
        text in "[a-cA-Cß.İi\u{307}\n]{0,40}",
    ) {
        let run = said(&text);
        let marks = marked(&run, &wanted);
        prop_assert_eq!(search(&wanted).is_in(&run), !marks.is_empty());
        let letters = wanted.chars().count();
        prop_assert!(marks.iter().all(|(_, mark)| mark.chars().count() == letters));
    }
}
