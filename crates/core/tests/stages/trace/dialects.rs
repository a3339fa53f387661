//! One small row of each dialect, as its dataset writes it.

use serde_json::json;
use tracesift_core::trace::{self, CallForm, Outcome, Repair, Role, RowContext};

use crate::trace::shared::{answered, assert_paired, called, calls, read, read_at, repaired, said};

#[test]
fn open_swe_traces_has_parallel_calls_answered_in_order_and_reasoning_beside_empty_text() {
    let row = json!({
        "instance_id": "attrs__attrs-770", "repo": "attrs/attrs", "license": "MIT", "language": "python",
        "trajectory_id": "0b", "resolved": -1, "hf_dataset_name": "nebius/SWE-rebench-V2",
        "messages": [
            {"role": "user", "content": "fix", "reasoning_content": "", "tool_calls": null},
            {"role": "assistant", "content": "", "reasoning_content": "look first", "tool_calls": [
                {"function": {"arguments": "{\"command\":\"ls\"}", "name": "execute_bash"}, "id": null, "type": "function"},
                {"function": {"arguments": "{\"command\":", "name": "execute_bash"}, "id": null, "type": "function"}]},
            {"role": "tool", "content": "a.py", "reasoning_content": "", "tool_calls": []},
            {"role": "tool", "content": "b.py", "reasoning_content": "", "tool_calls": []},
            {"role": "assistant", "content": "done", "reasoning_content": "", "tool_calls": [
                {"function": {"arguments": "{}", "name": "finish"}, "id": "", "type": "function"}]}
        ],
        "tools": ["{\"type\": \"function\", \"function\": {\"name\": \"execute_bash\"}}"],
        "metadata": {"category": "bug-fix", "teacher_model": {"name": "MiniMax-M2.5", "enable_thinking": true, "reasoning_effort": null},
            "reference_patch": {"patch": "diff --git a/r b/r", "num_modified_files": 1, "num_modified_lines": 2},
            "model_patch": {"patch": "", "num_modified_files": 0, "num_modified_lines": 0}}
    });
    let row = row.to_string();
    let t = read_at(&row, "openhands", "minimax_m25");
    assert_paired(&t);
    assert_eq!(
        said(&t),
        [
            ("user", "fix"),
            ("assistant", ""),
            ("tool", "a.py"),
            ("tool", "b.py"),
            ("assistant", "done")
        ]
    );
    assert_eq!(t.messages[1].reasoning, "look first");
    assert_eq!(
        called(&t),
        [
            ("execute_bash", r#"{"command":"ls"}"#),
            ("execute_bash", r#"{"command":"#),
            ("finish", "{}")
        ]
    );
    assert_eq!(
        calls(&t).iter().map(|call| call.answer).collect::<Vec<_>>(),
        [Some(2), Some(3), None]
    );
    assert_eq!(
        calls(&t).iter().map(|call| &*call.id).collect::<Vec<_>>(),
        ["call_1_0", "call_1_1", "call_4_0"]
    );
    assert_eq!(t.outcome, Outcome::Unknown);
    assert_eq!(t.model_patch.as_deref(), Some(""));
    assert_eq!(t.reference_patch.as_deref(), Some("diff --git a/r b/r"));
    assert_eq!(t.tools[0].name, "execute_bash");
    assert_eq!(
        t.tools[0].schema,
        r#"{"type": "function", "function": {"name": "execute_bash"}}"#
    );
    assert_eq!(t.labels.teacher.as_deref(), Some("MiniMax-M2.5"));
    assert_eq!(t.labels.category.as_deref(), Some("bug-fix"));
    assert_eq!(
        (
            repaired(&t, Repair::CallIdMade),
            repaired(&t, Repair::ObservationPaired)
        ),
        (3, 2)
    );
}

#[test]
fn the_first_generation_of_open_swe_traces_has_trajectory_think_and_metadata_as_text() {
    let metadata = json!({"category": "enhancement", "model_patch": {"patch": null}, "reference_patch": {"patch": "diff"}});
    let row = json!({
        "trajectory": [
            {"role": "user", "content": "fix", "think": "", "reasoning_content": null},
            {"role": "assistant", "content": "ok", "think": "hm", "reasoning_content": "hm"}],
        "resolved": 1, "metadata": metadata.to_string()
    });
    let row = row.to_string();
    let t = read_at(&row, "sweagent", "qwen35_122b");
    assert_eq!(t.messages[1].reasoning, "hm");
    assert_eq!(t.labels.category.as_deref(), Some("enhancement"));
    assert_eq!(t.labels.teacher.as_deref(), Some("qwen35_122b"));
    assert_eq!(t.labels.harness.as_deref(), Some("sweagent"));
    assert_eq!(
        (t.model_patch, t.reference_patch.as_deref()),
        (None, Some("diff"))
    );
    assert_eq!(t.outcome, Outcome::Success);
}

#[test]
fn a_mini_swe_agent_row_is_known_by_its_only_tool_and_its_return_codes() {
    let row = json!({"messages": [
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "bash", "arguments": "{\"command\":\"ls\"}"}}]},
        {"role": "tool", "content": "{\"returncode\": 0, \"output\": \"a\"}"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(t.labels.harness.as_deref(), Some("minisweagent"));
    assert_eq!(answered(&t), [Some(0)]);
}

#[test]
fn swe_gym_pairs_by_id_and_keeps_the_observations_prefix() {
    let row = json!({"run_id": "run", "instance_id": "i_0", "resolved": false,
        "test_result": {"git_patch": "diff\r\n", "apply_patch_output": "x"},
        "messages": [
            {"content": null, "function_call": null, "name": null, "role": "assistant", "tool_call_id": null, "tool_calls": [
                {"function": {"arguments": "{}", "name": "a"}, "id": "1", "index": null, "type": "function"},
                {"function": {"arguments": "{}", "name": "b"}, "id": "2", "index": null, "type": "function"}]},
            {"content": "OBSERVATION:\nsecond", "function_call": null, "name": "b", "role": "tool", "tool_call_id": "2", "tool_calls": null},
            {"content": "OBSERVATION:\nfirst", "function_call": null, "name": "a", "role": "tool", "tool_call_id": "1", "tool_calls": null},
            {"content": "OBSERVATION:\nagain", "function_call": null, "name": "a", "role": "tool", "tool_call_id": "1", "tool_calls": null}]});
    let row = row.to_string();
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(
        calls(&t).iter().map(|call| call.answer).collect::<Vec<_>>(),
        [Some(2), Some(1)]
    );
    assert_eq!(t.messages[3].answers, None, "a second answer is an orphan");
    assert_eq!(t.messages[1].text, "OBSERVATION:\nsecond");
    assert_eq!(t.labels.trajectory_id.as_deref(), Some("run/i_0"));
    assert_eq!(t.model_patch.as_deref(), Some("diff\r\n"));
    assert_eq!((t.outcome, t.repairs.total()), (Outcome::Failure, 0));
}

#[test]
fn swe_smith_xml_calls_are_cut_out_of_the_text() {
    let text = "I look.\n\n<function=str_replace_editor>\n<parameter=command>str_replace</parameter>\n<parameter=old_str>\n\ta \"b\"\n\n</parameter>\n</function>\n\nThen wait.";
    let row = json!({"messages": [
        {"role": "user", "content": "fix"},
        {"role": "assistant", "content": text},
        {"role": "user", "content": "Observation: done"},
        {"role": "assistant", "content": "<function=submit>\n</function>"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(said(&t)[1], ("assistant", "I look.\n\nThen wait."));
    assert_eq!(
        called(&t),
        [
            (
                "str_replace_editor",
                r#"{"command":"str_replace","old_str":"\ta \"b\"\n"}"#
            ),
            ("submit", "{}")
        ]
    );
    assert_eq!(t.messages[2].role, Role::Tool);
    assert_eq!(calls(&t)[0].form, CallForm::Xml);
    assert_eq!(
        (
            repaired(&t, Repair::CallFromXml),
            repaired(&t, Repair::ObservationFromUser)
        ),
        (2, 1)
    );
}

#[test]
fn several_xml_calls_of_one_text_are_all_found_in_order() {
    let text = "<function=a><parameter=x>1</parameter></function> and <tool_call>\n{\"name\": \"b\", \"arguments\": {\"y\": [2]}}\n</tool_call>\n<function=c><parameter=x>use </parameter> and </function></parameter></function>";
    let row = json!({"messages": [{"role": "assistant", "content": text}, {"role": "user", "content": "1"}, {"role": "user", "content": "2"}, {"role": "user", "content": "3"}, {"role": "user", "content": "thanks"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(
        called(&t),
        [
            ("a", r#"{"x":"1"}"#),
            ("b", r#"{"y": [2]}"#),
            ("c", r#"{"x":"use </parameter> and </function>"}"#)
        ]
    );
    assert_eq!(t.messages[0].text, "and");
    assert_eq!(t.messages[4].role, Role::User, "each call takes one answer");
}

#[test]
fn swe_smith_tool_rows_have_parts_and_lists_of_call_ids() {
    let messages = json!([
        {"role": "user", "content": [{"type": "text", "text": "fix"}], "agent": "main", "message_type": "observation"},
        {"role": "assistant", "content": "I look.", "thought": "I look.", "action": "ls", "tool_calls": [
            {"id": "toolu_1", "type": "function", "function": {"name": "bash", "arguments": "{\"command\": \"ls\"}"}}]},
        {"role": "tool", "content": [{"type": "text", "text": "OBSERVATION:\na"}], "tool_call_ids": ["toolu_1"]}]);
    let row = json!({"messages": messages.to_string(), "traj_id": "t", "model": "claude", "resolved": true});
    let row = row.to_string();
    let t = read_at(&row, "default", "tool");
    assert_eq!(
        said(&t),
        [
            ("user", "fix"),
            ("assistant", "I look."),
            ("tool", "OBSERVATION:\na")
        ]
    );
    assert_eq!(
        t.messages[1].reasoning, "",
        "a thought that is the text is not a second text"
    );
    assert_eq!(answered(&t), [Some(1)]);
    assert_eq!(t.labels.trajectory_id.as_deref(), Some("t"));
    assert_eq!(
        (
            repaired(&t, Repair::ListFromJsonText),
            repaired(&t, Repair::TextFromParts)
        ),
        (1, 2)
    );
    assert_eq!(repaired(&t, Repair::ObservationPaired), 0);
}

#[test]
fn swe_smith_ticks_calls_are_the_last_block_of_each_turn() {
    let row = json!({"messages": [
        {"role": "system", "content": "You can use a computer."}, {"role": "user", "content": "fix"},
        {"role": "assistant", "content": "See\n```python\nx\n```\n\n```\nls -F\n```"}, {"role": "user", "content": "OBSERVATION:\na.py"},
        {"role": "assistant", "content": "Edit.\n\n```\nstr_replace_editor view /a.py\n```"}, {"role": "user", "content": "a"},
        {"role": "assistant", "content": "\n\n```\nsubmit\n```"}]});
    let row = row.to_string();
    let t = read_at(&row, "default", "ticks");
    assert_paired(&t);
    assert_eq!(
        called(&t),
        [
            ("bash", r#"{"command":"ls -F"}"#),
            (
                "str_replace_editor",
                r#"{"command":"str_replace_editor view /a.py"}"#
            ),
            ("submit", r#"{"command":"submit"}"#)
        ]
    );
    assert_eq!(t.messages[2].text, "See\n```python\nx\n```");
    assert_eq!(answered(&t), [Some(2), Some(4)]);
    assert_eq!(t.labels.harness.as_deref(), Some("sweagent"));
}

#[test]
fn a_file_of_swe_agent_that_names_no_task_is_named_after_it() {
    let file = |path: &str, task: &str| {
        let row = format!(
            r#"{{"history":[{{"role":"user","content":"go"}},{{"role":"assistant","content":"ok"}}],"info":{{"exit_status":"submitted"}}{task}}}"#
        );
        let context = RowContext {
            source: path.to_owned(),
            ..RowContext::default()
        };
        let labels = trace::read(&row, &context).unwrap().labels;
        labels.instance_id.map(|task| task.into_owned())
    };
    let named = |path| file(path, "");
    assert_eq!(named("runs/o__r-1/o__r-1.traj").as_deref(), Some("o__r-1"));
    assert_eq!(named("o__r-2.traj.json").as_deref(), Some("o__r-2"));
    assert_eq!(
        named("runs/o__r-3/trajectory.traj").as_deref(),
        Some("o__r-3")
    );
    assert_eq!(named(".traj"), None);
    assert_eq!(named("runs/o__r-4.jsonl"), None);
    assert_eq!(named(""), None);
    let own = r#","instance_id":"own","replay_config":"{\"problem_statement\":{\"id\":\"own\"}}""#;
    assert_eq!(file("runs/o__r-5.traj", own).as_deref(), Some("own"));
}

#[test]
fn nebius_swe_agent_rows_have_ai_text_and_a_system_prompt_of_its_own() {
    let row = json!({"instance_id": "i", "model_name": "llama", "target": false, "exit_status": "submitted", "generated_patch": "\ndiff", "eval_logs": "…",
        "trajectory": [
            {"cutoff_date": "01.01.2023", "mask": false, "role": "system", "system_prompt": "SETTING: one ```command```, bash-$", "text": null},
            {"cutoff_date": null, "mask": false, "role": "user", "system_prompt": null, "text": "fix"},
            {"cutoff_date": null, "mask": true, "role": "ai", "system_prompt": null, "text": "Look.\n```\nedit 1:2\nx\nend_of_edit\n```"},
            {"cutoff_date": null, "mask": false, "role": "user", "system_prompt": null, "text": "bash-$"}]});
    for row in [row.to_string(), {
        let mut r = row.clone();
        r["trajectory"] = json!(row["trajectory"].to_string());
        r.to_string()
    }] {
        let t = read(&row);
        assert_eq!(t.messages[0].text, "SETTING: one ```command```, bash-$");
        assert_eq!(
            called(&t),
            [("edit", r#"{"command":"edit 1:2\nx\nend_of_edit"}"#)]
        );
        assert_eq!(answered(&t), [Some(2)]);
        assert_eq!(
            (t.outcome, t.model_patch.as_deref()),
            (Outcome::Failure, Some("\ndiff"))
        );
        assert_eq!(t.labels.teacher.as_deref(), Some("llama"));
        assert_eq!(repaired(&t, Repair::RoleRenamed), 1);
    }
}

#[test]
fn nebius_openhands_rows_have_fields_by_role_and_a_flag_as_number() {
    let tool = r#"{"function":{"name":"execute_bash","parameters":null},"type":"function"}"#;
    let row = format!(
        r#"{{"trajectory_id":"chatcmpl-1","instance_id":"i","repo":"a/b","resolved":0,"exit_status":"submit","gen_tests_correct":null,"model_patch":"diff","tools":[{tool}],
        "trajectory":[{{"role":"user","content":"fix"}},{{"role":"assistant","content":"x","tool_calls":[{{"id":"1","type":"function","function":{{"name":"execute_bash","arguments":"{{}}"}}}}]}},{{"role":"tool","content":"y","name":"execute_bash","tool_call_id":"1"}}]}}"#
    );
    let t = read(&row);
    assert_eq!(
        (&*t.tools[0].name, &*t.tools[0].schema),
        ("execute_bash", tool)
    );
    assert_eq!(
        (t.outcome, t.model_patch.as_deref()),
        (Outcome::Failure, Some("diff"))
    );
    assert_eq!(
        (t.labels.harness.as_deref(), t.labels.repo.as_deref()),
        (Some("openhands"), Some("a/b"))
    );
    assert_eq!(answered(&t), [Some(1)]);
}

#[test]
fn swe_play_observations_are_the_users_and_name_their_tool() {
    let row = json!({"category": "web", "source": "s", "messages": [
        {"role": "system", "content": "tools …"},
        {"role": "assistant", "content": "go\n<function=execute_bash>\n<parameter=command>\nls\n</parameter>\n</function>"},
        {"role": "user", "content": "EXECUTION RESULT of [execute_bash]:\na"},
        {"role": "user", "content": "Go on."}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(
        said(&t)[2..],
        [
            ("tool", "EXECUTION RESULT of [execute_bash]:\na"),
            ("user", "Go on.")
        ]
    );
    assert_eq!(called(&t), [("execute_bash", r#"{"command":"ls"}"#)]);
    assert_eq!(
        (t.labels.harness.as_deref(), t.labels.category.as_deref()),
        (Some("openhands"), Some("web"))
    );
}

#[test]
fn mini_coder_calls_are_bash_blocks_answered_with_a_return_code() {
    let row = json!({"instance_id": "i", "model": "m", "verified": true, "patch": "diff", "messages": [
        {"role": "system", "content": "Your response must contain exactly ONE bash code block.\n```bash\nyour_command_here\n```"},
        {"role": "user", "content": "<pr_description>"},
        {"role": "assistant", "content": "THOUGHT: look\n\n```bash\nopen a && ls\n```"},
        {"role": "user", "content": "<returncode>0</returncode>\n<output>\na\n</output>"},
        {"role": "assistant", "content": "THOUGHT: end\n\n```bash\necho COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT\n```"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(called(&t)[0], ("bash", r#"{"command":"open a && ls"}"#));
    assert_eq!(
        (t.messages[2].text.as_ref(), calls(&t).len()),
        ("THOUGHT: look", 2)
    );
    assert_eq!(
        (t.outcome, t.labels.harness.as_deref()),
        (Outcome::Success, Some("minisweagent"))
    );
}

#[test]
fn coder_forge_stores_messages_and_tools_as_json_text() {
    let messages = json!([
        {"role": "user", "content": "fix", "tool_calls": null, "tool_call_id": null},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "execute_bash", "arguments": {"command": "ls"}}}]},
        {"role": "tool", "content": "a", "tool_calls": null, "tool_call_id": "1"}]);
    let tools = r#"[ {"type": "function", "function": {"name": "execute_bash"}} ]"#;
    let row = json!({"messages": messages.to_string(), "tools": tools, "reward": 0.5});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(called(&t), [("execute_bash", r#"{"command":"ls"}"#)]);
    assert_eq!(
        t.tools[0].schema,
        r#"{"type": "function", "function": {"name": "execute_bash"}}"#
    );
    assert_eq!((t.outcome, answered(&t)), (Outcome::Partial, vec![Some(1)]));
}

#[test]
fn agent_trove_rows_are_conversations_with_a_result_in_words() {
    let row = json!({"conversations": [{"role": "user", "content": "do"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\n{\"commands\": []}"}],
        "result": "Passed", "task": "task-1", "trial_name": "trial-1", "model": "m", "original_teacher": "GLM"});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(
        (
            t.messages[1].reasoning.as_ref(),
            t.messages[1].text.as_ref()
        ),
        ("hm", r#"{"commands": []}"#)
    );
    assert_eq!(t.outcome, Outcome::Success);
    assert_eq!(
        (
            t.labels.instance_id.as_deref(),
            t.labels.trajectory_id.as_deref()
        ),
        (Some("task-1"), Some("trial-1"))
    );
}

#[test]
fn nemotron_calls_in_pythons_words_are_read() {
    let row = json!({"uuid": "u", "tools": [{"name": "bash", "description": "", "parameters": {}}], "messages": [
        {"role": "assistant", "content": "", "tool_calls": "[{'id': 'c1', 'type': 'function', 'function': {'name': 'bash', 'arguments': '{\"command\": \"echo \\'hi\\'\"}'}}]"},
        {"role": "tool", "content": "hi", "tool_call_id": "c1", "tool_calls": "None"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(called(&t), [("bash", r#"{"command": "echo 'hi'"}"#)]);
    assert_eq!(
        (t.tools[0].name.as_ref(), answered(&t)),
        ("bash", vec![Some(0)])
    );
    assert_eq!(repaired(&t, Repair::ListFromPythonText), 1);
}
