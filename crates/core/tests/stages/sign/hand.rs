use tracesift_core::measure::measure;
use tracesift_core::sign::{Compare, Sign, Thresholds};
use tracesift_core::trace::{Repair, Role, RowContext, Trajectory, read};

use super::{Called, carries, counter, message, number, of_calls, of_commands, steps_of, tool};

const A: Called = ("view", r#"{"path": "a", "n": 1}"#, Some("text of a"));
const A_AGAIN: Called = ("view", r#"{"n":1,  "path":"a"}"#, Some("text of a "));
const A_OTHERWISE: Called = ("view", r#"{"path": "a", "n": 1}"#, Some("another text"));
const B: Called = ("view", r#"{"path": "b"}"#, Some("text of b"));
const FAILING: Called = ("edit", r#"{"a": 1}"#, Some("ERROR: no"));
const FAILING_ELSE: Called = ("edit", r#"{"a": 1}"#, Some("ERROR: not again"));

#[test]
fn four_equal_calls_with_equal_results_in_a_row_are_a_loop() {
    let row = of_calls(&[B, A, A_AGAIN, A, A_AGAIN, B]);
    assert_eq!(number(Sign::LoopSame, &row), 4.0);
    assert_eq!(
        steps_of(Sign::LoopSame, &row),
        [(3, 4), (5, 4), (7, 4), (9, 4)]
    );
    assert!(carries(Sign::LoopSame, &row));
    assert!(!carries(Sign::LoopSame, &of_calls(&[A, A, A, B, A])));
    assert_eq!(number(Sign::LoopSame, &of_calls(&[A, A, A, B, A])), 3.0);
    assert_eq!(
        number(Sign::LoopSame, &of_calls(&[A, A_OTHERWISE, A, A_OTHERWISE])),
        0.0
    );
    // What was never answered is not known to be the same.
    let open = ("view", r#"{"path": "a"}"#, None);
    assert_eq!(
        number(Sign::LoopSame, &of_calls(&[open, open, open, open])),
        0.0
    );
    assert_eq!(number(Sign::LoopSame, &of_calls(&[])), 0.0);
}

#[test]
fn three_equal_failing_calls_in_a_row_are_a_loop_whatever_the_error() {
    let row = of_calls(&[FAILING, FAILING_ELSE, FAILING]);
    assert!(carries(Sign::LoopError, &row));
    assert_eq!(steps_of(Sign::LoopError, &row), [(1, 3), (3, 3), (5, 3)]);
    assert!(!carries(
        Sign::LoopError,
        &of_calls(&[FAILING, FAILING, B, FAILING])
    ));
    assert_eq!(number(Sign::LoopError, &of_calls(&[A, A, A])), 0.0);
}

#[test]
fn six_calls_back_and_forth_are_a_ping_pong() {
    let row = of_calls(&[A, B, A, B, A, B]);
    assert!(carries(Sign::PingPong, &row));
    assert_eq!(steps_of(Sign::PingPong, &row).len(), 6);
    assert_eq!(number(Sign::PingPong, &of_calls(&[A, B, A, B, A])), 5.0);
    assert_eq!(
        number(Sign::PingPong, &of_calls(&[A, B, A_OTHERWISE, B])),
        3.0
    );
    assert_eq!(number(Sign::PingPong, &of_calls(&[A, A, A, A, A, A])), 0.0);
    assert_eq!(number(Sign::PingPong, &of_calls(&[B, B, A, B, A, A])), 4.0);
}

#[test]
fn three_messages_of_the_assistant_without_a_call_are_a_monologue() {
    let talk = |who: &[Role]| Trajectory {
        messages: who.iter().map(|role| message(*role, "well")).collect(),
        ..Trajectory::default()
    };
    use Role::{Assistant, User};
    let row = talk(&[User, Assistant, Assistant, Assistant]);
    assert!(carries(Sign::Monologue, &row));
    assert_eq!(steps_of(Sign::Monologue, &row), [(1, 3), (2, 3), (3, 3)]);
    assert_eq!(
        number(
            Sign::Monologue,
            &talk(&[User, Assistant, Assistant, User, Assistant])
        ),
        2.0
    );
    assert_eq!(
        number(
            Sign::Monologue,
            &talk(&[User, Assistant, User, Assistant, User, Assistant])
        ),
        0.0
    );
    assert_eq!(number(Sign::Monologue, &of_calls(&[A, A, A])), 0.0);
}

#[test]
fn one_tool_for_more_than_four_fifths_of_eight_calls_is_a_spin() {
    let other = ("bash", "{}", Some("x"));
    assert!(carries(
        Sign::Spin,
        &of_calls(&[A, A, A, A, A, B, B, other])
    ));
    // Exactly four fifths are not more than four fifths.
    let mut ten = vec![A; 8];
    ten.extend([other, other]);
    assert_eq!(number(Sign::Spin, &of_calls(&ten)), 0.8);
    assert!(!carries(Sign::Spin, &of_calls(&ten)));
    assert_eq!(number(Sign::Spin, &of_calls(&[A; 7])), 0.0);
}

#[test]
fn failed_calls_are_counted_and_those_that_are_tried_again_at_once() {
    let row = of_calls(&[FAILING, A, B, A, FAILING, A, FAILING, A, B, A]);
    assert_eq!(number(Sign::ErrorRate, &row), 0.3);
    assert!(carries(Sign::ErrorRate, &row));
    assert_eq!(steps_of(Sign::ErrorRate, &row), [(1, 1), (9, 1), (13, 1)]);
    // The first error is not followed by its tool within two calls, the second is, the last is not.
    assert_eq!(number(Sign::ErrorRetry, &row), 0.1);
    assert_eq!(steps_of(Sign::ErrorRetry, &row), [(9, 1)]);
    assert!(!carries(Sign::ErrorRetry, &row));
    assert!(carries(
        Sign::ErrorRetry,
        &of_calls(&[FAILING, FAILING, A, A, A])
    ));
    assert!(number(Sign::ErrorRate, &of_calls(&[])).is_nan());
    assert!(number(Sign::ErrorRetry, &of_calls(&[])).is_nan());
    // A failing test run is not a failed call.
    let tests = (
        "bash",
        r#"{"command": "pytest"}"#,
        Some("1 failed\n[Command finished with exit code 1]"),
    );
    assert_eq!(number(Sign::ErrorRate, &of_calls(&[tests])), 0.0);
}

const BASH: &str = r#"{"type": "function", "function": {"name": "bash", "parameters": {"type": "object",
    "properties": {"command": {"type": "string"}}, "required": ["command"]}}}"#;

#[test]
fn calls_are_held_against_the_rows_own_tools() {
    let good = ("bash", r#"{"command": "ls"}"#, Some("x"));
    let lacking = ("bash", r#"{"cmd": "ls"}"#, Some("x"));
    let unknown = ("finish", "{}", Some("x"));
    let text = ("bash", "ls", Some("x"));
    let mut row = of_calls(&[good, lacking, unknown, text]);
    // Without the tools nothing is known of them.
    assert!(number(Sign::UnknownTool, &row).is_nan());
    assert!(number(Sign::MissingArgument, &row).is_nan());
    row.tools = vec![tool(BASH)];
    assert_eq!(steps_of(Sign::MissingArgument, &row), [(3, 1)]);
    assert_eq!(steps_of(Sign::UnknownTool, &row), [(5, 1)]);
    assert_eq!(steps_of(Sign::BadArguments, &row), [(7, 1)]);
    for sign in [Sign::MissingArgument, Sign::UnknownTool, Sign::BadArguments] {
        assert_eq!(number(sign, &row), 1.0);
        assert!(carries(sign, &row));
    }
    let mut row = of_calls(&[good]);
    row.tools = vec![tool(BASH)];
    for sign in [Sign::MissingArgument, Sign::UnknownTool, Sign::BadArguments] {
        assert_eq!(number(sign, &row), 0.0);
    }
}

#[test]
fn one_open_call_is_normal_and_more_are_unpaired() {
    let open = ("submit", "{}", None);
    assert_eq!(number(Sign::Unpaired, &of_calls(&[A, open])), 0.0);
    let mut row = of_calls(&[open, A, open]);
    row.messages.push(message(Role::Tool, "for no one"));
    assert_eq!(number(Sign::Unpaired, &row), 2.0);
    assert_eq!(steps_of(Sign::Unpaired, &row), [(1, 1), (5, 1)]);
}

#[test]
fn a_run_is_handed_in_by_a_call_or_ends_with_words() {
    for handed_in in [
        of_calls(&[A, ("finish", "{}", None)]),
        of_calls(&[A, ("submit", "{}", Some("diff"))]),
        of_commands(&["echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && cat patch.txt"]),
        of_commands(&["submit"]),
        {
            let mut row = of_calls(&[A]);
            row.messages.push(message(Role::Assistant, "It is done."));
            row
        },
    ] {
        assert_eq!(number(Sign::NoSubmit, &handed_in), 0.0);
        assert_eq!(number(Sign::DanglingEnd, &handed_in), 0.0);
    }
    for cut in [
        of_calls(&[A]),
        of_calls(&[A, ("view", "{}", None)]),
        of_commands(&["grep submit ."]),
    ] {
        let last = cut.messages.len() - 1;
        assert_eq!(steps_of(Sign::NoSubmit, &cut), [(last, 1)]);
        assert_eq!(steps_of(Sign::DanglingEnd, &cut), [(last, 1)]);
        assert!(carries(Sign::NoSubmit, &cut) && carries(Sign::DanglingEnd, &cut));
    }
    assert!(number(Sign::NoSubmit, &Trajectory::default()).is_nan());
}

#[test]
fn a_limit_is_known_by_the_rows_status_or_the_harnesss_last_words() {
    let with = |exit: &'static str| {
        let mut row = of_calls(&[A]);
        row.exit = Some(exit.into());
        row
    };
    for exit in [
        "exit_cost",
        "submitted (exit_context)",
        "max_step_limit",
        "LimitsExceeded",
        "length",
    ] {
        assert!(carries(Sign::LimitExit, &with(exit)), "{exit}");
    }
    for exit in ["submitted", "exit_format", "agent", ""] {
        assert!(!carries(Sign::LimitExit, &with(exit)), "{exit}");
    }
    let mut row = of_calls(&[A]);
    row.messages
        .push(message(Role::Assistant, "Exit due to cost limit"));
    assert_eq!(steps_of(Sign::LimitExit, &row), [(3, 1)]);
    let long = format!("{} exit due to cost limit", "word ".repeat(200));
    row.messages[3].text = long.into();
    assert!(!carries(Sign::LimitExit, &row));
}

#[test]
fn looks_at_the_solution_are_counted_by_command() {
    let row = of_commands(&[
        "git log --oneline -3",
        "git log --all && git show 1a2b3c4d",
        "curl -s https://api.github.com/repos/a/b/pulls/1",
        "echo git log --all",
    ]);
    assert_eq!(number(Sign::GitHistory, &row), 2.0);
    assert_eq!(steps_of(Sign::GitHistory, &row), [(3, 2)]);
    assert_eq!(number(Sign::FetchesFix, &row), 1.0);
    assert_eq!(steps_of(Sign::FetchesFix, &row), [(5, 1)]);
    assert_eq!(number(Sign::GitHistory, &of_commands(&["ls"])), 0.0);
    // An editor's arguments are not a command.
    let view = (
        "edit",
        r#"{"command": "git log --all", "path": "a"}"#,
        Some("x"),
    );
    assert_eq!(number(Sign::GitHistory, &of_calls(&[view])), 0.0);
}

#[test]
fn the_datasets_own_mark_and_status_are_read_from_the_row() {
    let row = |more: &str| {
        format!(r#"{{"instance_id":"i-1","messages":[{{"role":"user","content":"x"}}]{more}}}"#)
    };
    let sign = |sign: Sign, more: &str| {
        let row = row(more);
        number(sign, &read(&row, &RowContext::default()).unwrap())
    };
    assert_eq!(
        sign(Sign::GitHack, r#","metadata":{"git_hack_attempted":true}"#),
        1.0
    );
    assert_eq!(sign(Sign::GitHack, r#","git_hack_attempted":false"#), 0.0);
    assert!(sign(Sign::GitHack, r#","git_hack_attempted":null"#).is_nan());
    assert!(sign(Sign::GitHack, "").is_nan());
    assert_eq!(sign(Sign::LimitExit, r#","exit_status":"exit_cost""#), 1.0);
    assert_eq!(sign(Sign::LimitExit, r#","exit_reason":"agent""#), 0.0);
}

fn patched(patch: &str) -> Trajectory<'_> {
    Trajectory {
        model_patch: Some(patch.into()),
        ..of_calls(&[A])
    }
}

fn lines(added: usize) -> String {
    let body = "+x\n".repeat(added);
    format!("diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,0 +1,{added} @@\n{body}")
}

#[test]
fn a_patch_of_more_than_forty_lines_is_big() {
    assert_eq!(number(Sign::BigPatch, &patched(&lines(40))), 40.0);
    assert!(!carries(Sign::BigPatch, &patched(&lines(40))));
    assert!(carries(Sign::BigPatch, &patched(&lines(41))));
    assert_eq!(number(Sign::BigPatch, &of_calls(&[A])), 0.0);
}

#[test]
fn a_hunk_that_does_not_add_up_is_malformed() {
    assert!(!carries(Sign::MalformedPatch, &patched(&lines(3))));
    let torn = lines(3).replace("+1,3", "+1,5");
    assert!(carries(Sign::MalformedPatch, &patched(&torn)));
    assert_eq!(number(Sign::MalformedPatch, &of_calls(&[A])), 0.0);
}

#[test]
fn empty_patches_tests_and_left_over_files_are_seen_in_the_patch() {
    assert!(carries(Sign::EmptyPatch, &of_calls(&[A])));
    assert!(carries(Sign::EmptyPatch, &patched("")));
    assert!(!carries(Sign::EmptyPatch, &patched(&lines(1))));
    let tests = lines(1).replace("a.py", "tests/test_a.py");
    assert_eq!(number(Sign::EditsTests, &patched(&tests)), 1.0);
    assert!(!carries(Sign::EditsTests, &patched(&lines(1))));
    let junk = "diff --git a/reproduce.py b/reproduce.py\nnew file mode 100644\n--- /dev/null\n+++ b/reproduce.py\n@@ -0,0 +1 @@\n+x\n";
    assert_eq!(number(Sign::JunkFiles, &patched(junk)), 1.0);
    assert_eq!(number(Sign::JunkFiles, &patched(&lines(1))), 0.0);
}

#[test]
fn silent_turns_are_a_share_and_all_of_them_are_no_reasoning() {
    let mut row = of_calls(&[A, B]);
    assert_eq!(number(Sign::NoReasoning, &row), 0.0);
    row.messages[1].text = " \n".into();
    assert_eq!(number(Sign::NoReasoning, &row), 0.5);
    assert_eq!(steps_of(Sign::NoReasoning, &row), [(1, 1)]);
    assert!(!carries(Sign::NoReasoning, &row));
    row.messages[3].text = "".into();
    assert!(carries(Sign::NoReasoning, &row));
    row.messages[3].reasoning = "hm".into();
    assert!(!carries(Sign::NoReasoning, &row));
    assert!(number(Sign::NoReasoning, &Trajectory::default()).is_nan());
}

#[test]
fn observations_are_heavy_above_six_hundred_tokens_on_average() {
    let counter = counter();
    let mean = |words: usize| {
        let text = " word".repeat(words);
        let row = of_calls(&[("view", "{}", Some("")), ("view", "{}", Some(&text))]);
        Sign::HeavyObservations.of(&measure(0, 0, &row, Some(&counter)))
    };
    assert_eq!(mean(1200), 600.0);
    let sign = Sign::HeavyObservations;
    assert!(!sign.carries(mean(1200), sign.default_threshold()));
    assert!(sign.carries(mean(1202), sign.default_threshold()));
    assert!(
        number(sign, &of_calls(&[A])).is_nan(),
        "tokens were not counted"
    );
}

#[test]
fn keys_and_addresses_are_counted_once_where_they_first_stand() {
    let key = concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17");
    let text = format!("token {key}, mail ada@royal.org");
    let arguments =
        serde_json::json!({"command": format!("export T={key}; mail bob@royal.org ada@royal.org")})
            .to_string();
    let mut row = of_calls(&[("bash", &arguments, Some(&text))]);
    assert_eq!(number(Sign::Secrets, &row), 1.0);
    assert_eq!(steps_of(Sign::Secrets, &row), [(1, 1)]);
    assert_eq!(number(Sign::PersonalData, &row), 2.0);
    assert_eq!(steps_of(Sign::PersonalData, &row), [(1, 2)]);
    row.messages[1].reasoning = "cy@royal.org".into();
    assert_eq!(number(Sign::PersonalData, &row), 3.0);
    assert_eq!(number(Sign::Secrets, &of_calls(&[A])), 0.0);
}

#[test]
fn guesses_are_counted_and_other_spellings_are_not() {
    let mut row = of_calls(&[A]);
    row.repairs.add(Repair::CallIdMade, 3);
    row.repairs.add(Repair::ObservationPaired, 3);
    assert_eq!(number(Sign::Repaired, &row), 0.0);
    row.repairs.add(Repair::ObservationGuessed, 2);
    row.repairs.add(Repair::RoleUnknown, 1);
    row.repairs.add(Repair::MessageFromOther, 1);
    assert_eq!(number(Sign::Repaired, &row), 4.0);
    assert_eq!(row.repairs.total(), 10);
}

#[test]
fn a_row_that_says_all_in_its_own_way_is_not_repaired_by_a_guess() {
    let call = r#"{"function": {"name": "ls", "arguments": "{}"}, "type": "function"}"#;
    let observation = r#"{"role": "tool", "content": "a"}"#;
    let repaired = |calls: usize, observations: usize| {
        let calls = vec![call; calls].join(",");
        let turn = format!(r#"{{"role": "assistant", "content": "", "tool_calls": [{calls}]}}"#);
        let messages = [vec![turn.as_str()], vec![observation; observations]].concat();
        let row = format!(r#"{{"messages": [{}]}}"#, messages.join(","));
        number(Sign::Repaired, &read(&row, &RowContext::default()).unwrap())
    };
    assert_eq!(repaired(1, 1), 0.0);
    assert_eq!(repaired(2, 2), 0.0);
    // Which of the two calls was answered is not said.
    assert_eq!(repaired(2, 1), 1.0);
    // The second observation answers nothing: an orphan, which is a sign of its own.
    assert_eq!(repaired(1, 2), 0.0);
}

#[test]
fn no_row_of_the_demo_is_repaired_by_a_guess() {
    for index in 0..60 {
        let line = tracesift_core::source::demo::row(1, index);
        let row = read(&line, &RowContext::default()).unwrap();
        assert!(row.repairs.total() > 0);
        assert_eq!(number(Sign::Repaired, &row), 0.0);
    }
}

#[test]
fn benchmarks_are_known_by_repository_and_task() {
    let row = |repo: Option<&'static str>, task: &'static str| {
        let mut row = of_calls(&[A]);
        row.labels.repo = repo.map(Into::into);
        row.labels.instance_id = Some(task.into());
        row
    };
    let django = row(Some("Django/Django"), "django__django-11099");
    assert!(carries(Sign::BenchmarkRepo, &django) && carries(Sign::BenchmarkTask, &django));
    let other = row(Some("django/django"), "django__django-1");
    assert!(carries(Sign::BenchmarkRepo, &other) && !carries(Sign::BenchmarkTask, &other));
    assert!(carries(Sign::BenchmarkRepo, &row(None, "redis__redis-1")));
    assert!(!carries(Sign::BenchmarkRepo, &row(Some("a/b"), "a__b-1")));
    assert!(number(Sign::BenchmarkRepo, &of_calls(&[A])).is_nan());
}

#[test]
fn a_threshold_moves_the_line_and_nothing_else() {
    let mut thresholds = Thresholds::default();
    assert!(thresholds.carry(Sign::LoopSame, 4.0));
    thresholds.choose(Sign::LoopSame, 5.0).unwrap();
    assert!(!thresholds.carry(Sign::LoopSame, 4.0));
    assert!(thresholds.carry(Sign::LoopSame, 5.0));
    assert_eq!(
        thresholds.words(Sign::LoopSame),
        "same call, same result (at least 5)"
    );
    for sign in Sign::ALL {
        assert!(!thresholds.carry(sign, f32::NAN));
        assert!(thresholds.choose(sign, f32::NAN).is_err());
        let is_yes = sign.compare() == Compare::Yes;
        assert_eq!(thresholds.choose(sign, 0.5).is_err(), is_yes, "{sign:?}");
    }
}
