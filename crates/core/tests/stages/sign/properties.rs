use proptest::prelude::*;
use tracesift_core::measure::measure;
use tracesift_core::sign::{Points, Sign, Step, steps};
use tracesift_core::trace::{RowContext, read};

/// A call: few tools and arguments, so that calls repeat; now and then anything.
fn call() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        Just("bash".to_owned()),
        Just("edit".to_owned()),
        "\\PC{0,5}"
    ];
    let arguments = prop_oneof![
        Just(r#"{"command":"ls"}"#.to_owned()),
        Just(r#"{"command":"git log --all; git show 1a2b3c4d"}"#.to_owned()),
        "(git|curl|bash -c|cat <<|EOF|'|\"|\\$\\(|;|\n| |--|log|show|github.com|é){0,9}"
            .prop_map(|command| serde_json::json!({"command": command}).to_string()),
        Just(r#"{"a":[{"b":1}]}"#.to_owned()),
        "\\PC{0,9}",
    ];
    (name, arguments)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("ERROR: no".to_owned()),
        Just("same".to_owned()),
        "(ghp_|sk-|eyJ|AKIA|AIza|-----BEGIN |PRIVATE KEY-----|@|\\.com|[a-zA-Z0-9_.-]{1,40}|é|\n){0,12}",
        any::<String>(),
    ]
}

/// A row as a dataset may hold it: messages of anyone, calls with and without answers, any patch.
fn row() -> impl Strategy<Value = String> {
    let turn = (
        text(),
        prop::collection::vec(call(), 0..3),
        prop::option::of(text()),
        0..8_u8,
    );
    let patch = prop_oneof![
        Just(String::new()),
        Just("--- a/debug.py\n+++ b/debug.py\n@@ -1 +1 @@\n-a\n+b\n".to_owned()),
        "(diff --git a/x b/x\n|new file mode 1\n|@@ -1 \\+1,2 @@\n|\\+x\n|-y\n){0,8}",
        any::<String>(),
    ];
    (prop::collection::vec(turn, 0..12), patch, any::<bool>()).prop_map(|(turns, patch, has_tools)| {
        let mut messages = vec![serde_json::json!({"role": "user", "content": "fix it"})];
        for (text, calls, answer, role) in turns {
            if role == 0 {
                messages.push(serde_json::json!({"role": "user", "content": text}));
                continue;
            }
            let calls: Vec<_> = calls
                .iter()
                .map(|(name, arguments)| serde_json::json!({"function": {"name": name, "arguments": arguments}}))
                .collect();
            messages.push(serde_json::json!({"role": "assistant", "content": text, "tool_calls": calls}));
            if let Some(answer) = answer {
                messages.push(serde_json::json!({"role": "tool", "content": answer}));
            }
        }
        let tools = r#"[{"function":{"name":"bash","parameters":{"required":["command"]}}}]"#;
        let tools = if has_tools { tools } else { "null" };
        let tools: serde_json::Value = serde_json::from_str(tools).unwrap();
        serde_json::json!({"messages": messages, "tools": tools, "model_patch": patch, "instance_id": "a__b-1"})
            .to_string()
    })
}

proptest! {
    #[test]
    fn numbers_follow_from_steps_and_steps_lie_within_the_row(row in row()) {
        let trajectory = read(&row, &RowContext::default()).unwrap();
        let measured = measure(0, 0, &trajectory, None);
        let steps = steps(&trajectory);
        let is_in_order = steps.is_sorted_by(|a, b| (a.message, a.sign) < (b.message, b.sign));
        prop_assert!(is_in_order, "{steps:?}");
        prop_assert!(steps.iter().all(|step| step.message < trajectory.messages.len() && step.weight > 0));
        for sign in Sign::ALL {
            let number = sign.of(&measured);
            let weights = || steps.iter().filter(|s| s.sign == sign).map(|Step { weight, .. }| *weight);
            let sum: u32 = weights().sum();
            let known = if number.is_nan() { 0.0 } else { number };
            match sign.points() {
                Points::Longest => {
                    prop_assert_eq!(known, weights().max().unwrap_or(0) as f32, "{:?}", sign);
                    // A row carries it if and only if a step is worth a mark.
                    let threshold = sign.default_threshold();
                    let is_marked = weights().any(|weight| sign.marks(weight, threshold));
                    prop_assert_eq!(sign.carries(number, threshold), is_marked, "{:?}", sign);
                }
                Points::Sum => prop_assert_eq!(known, sum as f32, "{:?}", sign),
                Points::Share => {
                    let of = match sign {
                        Sign::NoReasoning => measured.turns,
                        _ => measured.calls,
                    };
                    let share = if of == 0 { 0.0 } else { (f64::from(sum) / f64::from(of)) as f32 };
                    prop_assert_eq!(known, share, "{:?}", sign);
                }
                Points::Mean | Points::Row => prop_assert_eq!(sum, 0, "{:?}", sign),
            }
        }
    }

    #[test]
    fn numbers_travel_as_they_are(row in row()) {
        let measured = measure(0, 0, &read(&row, &RowContext::default()).unwrap(), None);
        let json = serde_json::to_string(&measured.signs).unwrap();
        prop_assert_eq!(serde_json::from_str::<tracesift_core::sign::Signs>(&json).unwrap(), measured.signs);
    }
}
