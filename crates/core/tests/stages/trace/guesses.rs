//! Which call an observation answers: where the row says it, and where it leaves that open.

use serde_json::{Value, json};
use tracesift_core::trace::Repair;

use crate::trace::shared::{calls, read, repaired};

/// A turn of calls with these ids; an empty one is none.
fn turn(ids: &[&str]) -> Value {
    let call = |id: &&str| json!({"id": id, "function": {"name": "f", "arguments": "{}"}});
    let calls: Vec<Value> = ids.iter().map(call).collect();
    json!({"role": "assistant", "content": "", "tool_calls": calls})
}

fn observation(id: &str) -> Value {
    json!({"role": "tool", "content": "a", "tool_call_id": id})
}

/// What each call is answered by, how many pairs are by order and certain, how many are a guess.
fn paired(messages: &[Value]) -> (Vec<Option<usize>>, u32, u32) {
    let row = json!({ "messages": messages }).to_string();
    let t = read(&row);
    let answers = calls(&t).iter().map(|call| call.answer).collect();
    let certain = repaired(&t, Repair::ObservationPaired);
    let guessed = repaired(&t, Repair::ObservationGuessed);
    (answers, certain, guessed)
}

#[test]
fn as_many_observations_as_calls_are_certain_with_or_without_ids() {
    let ids = [turn(&["a", "b"]), observation("b"), observation("a")];
    assert_eq!(paired(&ids), (vec![Some(2), Some(1)], 0, 0));
    let no_ids = [
        turn(&["", ""]),
        observation(""),
        observation(""),
        turn(&[""]),
        observation(""),
        turn(&[""]),
    ];
    assert_eq!(
        paired(&no_ids),
        (vec![Some(1), Some(2), Some(4), None], 3, 0)
    );
    // One of the two sides alone has ids.
    assert_eq!(
        paired(&[turn(&[""]), observation("a"), turn(&["b"]), observation("")]),
        (vec![Some(1), Some(3)], 2, 0)
    );
    // An id that comes again in a later turn.
    assert_eq!(
        paired(&[
            turn(&["a"]),
            observation("a"),
            turn(&["a"]),
            observation("a")
        ]),
        (vec![Some(1), Some(3)], 0, 0)
    );
    // Calls in messages of their own, then what they gave.
    assert_eq!(
        paired(&[turn(&[""]), turn(&[""]), observation(""), observation("")]),
        (vec![Some(2), Some(3)], 2, 0)
    );
}

#[test]
fn an_observation_that_may_belong_to_another_call_is_a_guess() {
    // Fewer observations than calls.
    assert_eq!(
        paired(&[turn(&["", ""]), observation("")]),
        (vec![Some(1), None], 0, 1)
    );
    // A call of an earlier turn is still open.
    let late = [
        turn(&["", ""]),
        observation(""),
        turn(&[""]),
        observation(""),
    ];
    assert_eq!(paired(&late), (vec![Some(1), Some(3), None], 1, 1));
    // The observation names a call that is not there.
    assert_eq!(
        paired(&[turn(&["a"]), observation("x")]),
        (vec![Some(1)], 0, 1)
    );
    // Two open calls have one id.
    assert_eq!(
        paired(&[turn(&["a", "a"]), observation("a"), observation("a")]),
        (vec![Some(1), Some(2)], 0, 1)
    );
}
