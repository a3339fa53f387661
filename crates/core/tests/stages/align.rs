//! Runs of one task beside each other, turn by turn.
//! What a turn does is told by its calls.

use tracesift_core::calls::Doing;
use tracesift_core::trace::{RowContext, read};
use tracesift_core::view::{Act, acts, align, view};

fn act(doing: Option<Doing>, target: &str) -> Act {
    Act {
        message: 0,
        doing,
        target: target.to_owned(),
        is_error: false,
        more: 0,
    }
}

/// `read a.py`, and so on; one word: the agent only speaks.
fn run(turns: &[&str]) -> Vec<Act> {
    let turns = turns.iter().map(|turn| match turn.split_once(' ') {
        None => act(None, turn),
        Some((doing, target)) => {
            let doings = [
                Doing::Read,
                Doing::Search,
                Doing::Edit,
                Doing::Test,
                Doing::Submit,
            ];
            let doing = doings.into_iter().find(|of| of.name() == doing);
            act(Some(doing.unwrap()), target)
        }
    });
    turns.collect()
}

#[test]
fn turns_that_do_the_same_to_the_same_stand_in_one_line() {
    let a = run(&[
        "search parse",
        "read src/a.py",
        "edit src/a.py",
        "test x",
        "submit y",
    ]);
    let b = run(&[
        "read lib/a.py",
        "read b.py",
        "edit a.py",
        "edit c.py",
        "test z",
        "submit y",
    ]);
    let lines = align(&[a, b]);
    assert_eq!(
        lines,
        [
            vec![Some(0), None],
            vec![Some(1), Some(0)],
            vec![None, Some(1)],
            vec![Some(2), Some(2)],
            vec![None, Some(3)],
            vec![Some(3), Some(4)],
            vec![Some(4), Some(5)],
        ]
    );
}

#[test]
fn every_turn_of_every_run_has_its_line_in_its_order() {
    let runs = [
        run(&["hello", "read a", "read b", "edit a", "submit x"]),
        run(&["edit a", "test x", "edit a"]),
        run(&[]),
        run(&["read b", "submit x", "bye"]),
    ];
    let lines = align(&runs);
    for (column, run) in runs.iter().enumerate() {
        let turns: Vec<usize> = lines.iter().filter_map(|line| line[column]).collect();
        assert_eq!(turns, (0..run.len()).collect::<Vec<_>>());
    }
    assert!(lines.iter().all(|line| line.iter().any(Option::is_some)));
    assert_eq!(align(&[]), Vec::<Vec<Option<usize>>>::new());
}

const ROW: &str = r#"{"messages":[
    {"role":"user","content":"Fix it"},
    {"role":"assistant","content":"I look","tool_calls":[
        {"id":"1","type":"function","function":{"name":"str_replace_editor","arguments":"{\"command\":\"view\",\"path\":\"/src/Alpha.py\"}"}}]},
    {"role":"tool","tool_call_id":"1","content":"alpha ALPHA"},
    {"role":"assistant","content":"done","tool_calls":[
        {"id":"2","type":"function","function":{"name":"finish","arguments":"{\"message\":\"é alpha\"}"}}]}]}"#;

#[test]
fn a_turn_says_what_it_does_and_to_what() {
    let trajectory = read(ROW, &RowContext::default()).unwrap();
    let acts = acts(&view(&trajectory, 0, None));
    let said: Vec<_> = acts
        .iter()
        .map(|act| (act.message, act.doing, act.target.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (1, Some(Doing::Read), "/src/Alpha.py"),
            (3, Some(Doing::Submit), "é alpha"),
        ]
    );
}
