//! A few rows in each dialect of the real files, for where those are not at hand.
//! Shaped like the originals: the same columns, roles and ways to write a call.

use serde_json::{Value, json};

/// JSONL in the dialect of a file of real trajectories.
pub fn like(name: &str) -> String {
    let row = match name {
        "swe-gym-openhands.jsonl" => swe_gym,
        "swe-smith-xml.jsonl" => swe_smith,
        "nebius-swe-agent.jsonl" => nebius,
        _ => panic!("there is no dialect of {name}"),
    };
    (0..5).map(|index| format!("{}\n", row(index))).collect()
}

fn patch(index: usize) -> String {
    super::rows::patch(index as u64)
}

fn swe_gym(index: usize) -> Value {
    let call = json!([{"function": {"name": "execute_bash", "arguments": "{\"command\": \"cat configuration_file\"}"},
        "id": "toolu_01", "index": 1, "type": "function"}]);
    json!({
        "instance_id": format!("python__mypy-{index}"), "run_id": "gpt-4o_maxiter_50", "resolved": index.is_multiple_of(2),
        "messages": [
            {"content": "You are a helpful assistant", "role": "system"},
            {"content": "<uploaded_files>\n/workspace/python__mypy\n</uploaded_files>", "role": "user"},
            {"content": null, "role": "assistant", "tool_calls": call},
            {"content": "OBSERVATION:\nsomething_observed here", "role": "tool", "tool_call_id": "toolu_01", "name": "execute_bash"},
            {"content": "Everything is finished now.", "role": "assistant"},
        ],
        "tools": [{"type": "function", "function": {"name": "execute_bash", "description": "Execute a command",
            "parameters": {"type": "object", "properties": {"command": {"type": "string"}}}}}],
        "test_result": {"git_patch": patch(index).replace('\n', "\r\n")},
    })
}

fn swe_smith(index: usize) -> Value {
    json!({
        "messages": [
            {"role": "system", "content": "You are a helpful assistant that can interact with a computer."},
            {"role": "user", "content": "<uploaded_files>\n/testbed\n</uploaded_files>"},
            {"role": "assistant", "content": "Looking around first.\n\n<function=str_replace_editor>\n<parameter=command>view</parameter>\n<parameter=path>/testbed/repository_file.py</parameter>\n</function>"},
            {"role": "user", "content": "OBSERVATION:\nHere's the directory_listing of it"},
            {"role": "assistant", "content": "Submitting.\n\n<function=submit>\n</function>"},
        ],
        "instance_id": format!("arrow-py__arrow.{index}"), "resolved": index.is_multiple_of(2),
        "model": "claude-3-7-sonnet-20250219", "traj_id": format!("arrow-py__arrow.{index}.l13"), "patch": patch(index),
    })
}

fn nebius(index: usize) -> Value {
    json!({
        "instance_id": format!("tomerfiliba__plumbum-{index}"), "model_name": "swe-agent-llama-70b", "target": index.is_multiple_of(2),
        "trajectory": [
            {"cutoff_date": "01.01.2023", "mask": false, "role": "system", "system_prompt": "SETTING: an autonomous programmer\n\nDISCUSSION\nFirst look around.\n```\nls -a\n```", "text": null},
            {"cutoff_date": null, "mask": false, "role": "user", "system_prompt": null, "text": "We're currently solving the following issue"},
            {"cutoff_date": null, "mask": false, "role": "ai", "system_prompt": null, "text": "Let's list the repository_files first.\n\n```\nls -F somewhere_else\n```"},
            {"cutoff_date": null, "mask": false, "role": "user", "system_prompt": null, "text": "AUTHORS.rst directory_contents\n(Open file: n/a)\n(Current directory: /plumbum)\nbash-$"},
            {"cutoff_date": null, "mask": false, "role": "ai", "system_prompt": null, "text": "That's all.\n\n```\nsubmit\n```"},
        ],
        "exit_status": "submitted", "generated_patch": format!("\n{}", patch(index)), "eval_logs": "",
    })
}
