//! What holds of any run that a harness keeps in a shape of its own: no text of it is lost, and none is made up.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::trace::Trajectory;

use crate::trace::shared::{assert_paired, read};

/// A text of some words, odd ones among them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,8}( [a-z]{1,8}){0,3}",
        1 => prop::sample::select(vec![
            "", "{", "}", "\"", "\\", "<a>", "é😀", "a\nb", "{\"a\": 1}", "```", "Executed f c0",
        ]).prop_map(str::to_owned),
    ]
}

/// All that a trajectory says, thinks and calls.
fn everything(trajectory: &Trajectory) -> String {
    let mut all = String::new();
    for message in &trajectory.messages {
        all.extend([&message.text, "\n", &message.reasoning, "\n"]);
        for call in &message.calls {
            all.extend([&call.name, "\n", &call.arguments, "\n"]);
        }
    }
    all
}

/// Every text is there; one that only white space sets apart from another is the same.
fn assert_all_there(row: &str, texts: &[String]) -> Result<(), TestCaseError> {
    let trajectory = read(row);
    assert_paired(&trajectory);
    let all = everything(&trajectory);
    for text in texts {
        prop_assert!(all.contains(text.trim()), "{text:?} of {row} in {all}");
    }
    Ok(())
}

/// A step of ATIF: who speaks, what is said and thought, and texts of its calls with what they gave back.
type Step = (u8, String, String, Vec<(String, Option<String>)>);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let call = (text(), prop::option::of(text()));
    let step = (0_u8..4, text(), text(), prop::collection::vec(call, 0..3));
    prop::collection::vec(step, 1..7)
}

/// A document of these steps, and the texts that are in it.
fn document(steps: &[Step]) -> (String, Vec<String>) {
    let (mut list, mut texts) = (Vec::new(), Vec::new());
    for (at, (source, message, thought, calls)) in steps.iter().enumerate() {
        texts.push(message.clone());
        let speaker = ["system", "user", "agent", "agent"][usize::from(*source)];
        let mut step = json!({"step_id": at + 1, "message": message, "source": speaker});
        if *source >= 2 {
            texts.push(thought.clone());
            let id = |call: usize| format!("c{at}_{call}");
            let made = calls.iter().enumerate().map(|(call, (argument, _))| {
                texts.push(serde_json::to_string(argument).unwrap());
                json!({"tool_call_id": id(call), "function_name": "f", "arguments": {"x": argument}})
            });
            step["tool_calls"] = made.collect();
            let results = calls.iter().enumerate().filter_map(|(call, (_, result))| {
                let result = result.as_ref()?;
                texts.push(result.clone());
                Some(json!({"source_call_id": id(call), "content": result}))
            });
            step["observation"] = json!({"results": results.collect::<Vec<Value>>()});
            step["reasoning_content"] = json!(thought);
        }
        list.push(step);
    }
    let row = json!({"schema_version": "ATIF-v1.8", "agent": {"name": "a", "version": "1"}, "steps": list});
    (row.to_string(), texts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_of_an_atif_document_is_lost(steps in steps()) {
        let (row, texts) = document(&steps);
        assert_all_there(&row, &texts)?;
    }

    #[test]
    fn each_call_of_an_atif_document_is_answered_by_its_own_result(steps in steps()) {
        let (row, _) = document(&steps);
        let trajectory = read(&row);
        let asked = steps.iter().filter(|step| step.0 >= 2).flat_map(|step| &step.3);
        let answers: Vec<Option<&str>> = asked.map(|(_, result)| result.as_deref()).collect();
        let calls = trajectory.messages.iter().flat_map(|message| &message.calls);
        let found = calls.map(|call| Some(&*trajectory.messages[call.answer?].text));
        prop_assert_eq!(found.collect::<Vec<_>>(), answers);
    }

    #[test]
    fn no_text_of_a_terminus_reply_is_lost(
        texts in prop::collection::vec(text(), 3..4),
        keys in prop::collection::vec(text(), 1..4),
        around in prop::collection::vec("[a-z]{0,6}", 2..3),
        is_xml in any::<bool>(),
    ) {
        let commands = keys.iter().map(|keys| json!({"keystrokes": keys, "duration": 0.1}));
        let reply = match is_xml {
            false => json!({"analysis": texts[0], "plan": texts[1], "commands": commands.collect::<Vec<_>>()}).to_string(),
            true => {
                let commands = keys.iter().map(|keys| format!("<keystrokes duration=\"0.1\">{keys}</keystrokes>"));
                let commands = commands.collect::<String>();
                format!("<response><analysis>{}</analysis><plan>{}</plan><commands>{commands}</commands></response>", texts[0], texts[1])
            }
        };
        let reply = format!("{}\n{reply}\n{}", around[0], around[1]);
        let row = json!({"messages": [{"role": "user", "content": "go"}, {"role": "assistant", "content": reply},
            {"role": "user", "content": format!("New Terminal Output:\n{}", texts[2])}]});
        let row = row.to_string();
        let keys_as_json = keys.iter().map(|keys| serde_json::to_string(keys).unwrap());
        let all: Vec<String> = texts.iter().chain(&around).cloned().chain(keys_as_json).collect();
        assert_all_there(&row, &all)?;
        let read = read(&row);
        prop_assert_eq!(read.messages[1].calls.len(), keys.len());
        prop_assert!(read.messages[1].calls.iter().all(|call| call.answer == Some(2)));
    }

    #[test]
    fn no_text_of_openhands_events_is_lost(events in prop::collection::vec((0_u8..4, text(), text()), 1..8)) {
        let (mut list, mut texts) = (Vec::new(), Vec::new());
        for (id, (kind, first, second)) in events.iter().enumerate() {
            texts.push(first.clone());
            list.push(match kind {
                0 => json!({"id": id, "source": "user", "action": "message", "args": {"content": first}}),
                1 => {
                    texts.push(serde_json::to_string(second).unwrap());
                    json!({"id": id, "source": "agent", "action": "run", "args": {"command": second, "thought": first}})
                }
                2 => json!({"id": id, "source": "agent", "observation": "run", "cause": id.wrapping_sub(1), "content": first, "extras": {}}),
                _ => json!({"id": id, "source": "agent", "action": "finish", "args": {"final_thought": first}}),
            });
        }
        assert_all_there(&json!({"history": list}).to_string(), &texts)?;
        assert_all_there(&Value::from(list).to_string(), &texts)?;
    }
}
