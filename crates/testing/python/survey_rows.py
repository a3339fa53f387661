"""Writes many rows with the columns of nvidia/Open-SWE-Traces as Parquet files for a survey: labels, speakers, tools and
patches' sizes as there, and texts of a few letters, which a survey does not read.

    survey_rows.py folder rows files turns

Row i: a trajectory's own id, instance i // 4, outcome by i % 3 (1, 0, -1), language by i % 9; from half as many turns to
one and a half times as many, of one call each.
"""

import random
import sys
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 1000
RANDOM = random.Random(7)
LANGUAGES = ["python", "go", "typescript", "javascript", "rust", "java", "php", "c", "cpp"]
LICENSES = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"]
CATEGORIES = ["bug-fix", "enhancement", "feature-request"]
TEACHERS = ["MiniMax-M2.5", "Qwen3.5-122B", "DeepSeek-V4-Flash", "Qwen3.6-27B", "Qwen3.8-27B"]
TOOLS = ["execute_bash", "str_replace_editor", "think", "finish", "task_tracker"]

PATCH = pa.struct({"patch": pa.string(), "num_modified_files": pa.int64(), "num_modified_lines": pa.int64()})
CALL = pa.struct({
    "function": pa.struct({"arguments": pa.string(), "name": pa.string()}), "id": pa.string(), "type": pa.string(),
})
MESSAGE = pa.struct({
    "role": pa.string(), "content": pa.string(), "reasoning_content": pa.string(), "tool_calls": pa.list_(CALL),
})
SCHEMA = pa.schema({
    "instance_id": pa.string(), "repo": pa.string(), "license": pa.string(), "language": pa.string(),
    "trajectory_id": pa.string(), "messages": pa.list_(MESSAGE), "tools": pa.list_(pa.string()), "resolved": pa.int32(),
    "metadata": pa.struct({
        "category": pa.string(),
        "teacher_model": pa.struct({
            "name": pa.string(), "enable_thinking": pa.bool_(), "reasoning_effort": pa.string(),
        }),
        "reference_patch": PATCH, "model_patch": PATCH,
    }),
    "hf_dataset_name": pa.string(),
})


def said(role, calls):
    return {"role": role, "content": "text", "reasoning_content": "", "tool_calls": calls}


def messages(i, turns):
    """The messages of the row at place i of a row group: every row group has the same."""
    spoken = [said("system", []), said("user", [])]
    for turn in range(turns // 2 + i * 37 % (turns + 1)):
        name = TOOLS[(i + turn) % (1 + i % len(TOOLS))]
        call = {"function": {"arguments": "{}", "name": name}, "id": "", "type": "function"}
        spoken += [said("assistant", [call]), said("tool", [])]
    return spoken


def patch(i):
    return {"patch": "text", "num_modified_files": 1 + i % 7, "num_modified_lines": 1 + i * i % 997}


def labels(i):
    """What is the row's own."""
    task = i // 4
    owner, name = f"owner-{task % 1500}", f"project-{task % 3000}"
    return {
        "instance_id": f"{owner}__{name}-{task}", "repo": f"{owner}/{name}", "license": LICENSES[task % 4],
        "language": LANGUAGES[i % 9], "trajectory_id": str(uuid.UUID(int=RANDOM.getrandbits(128))),
        "tools": [], "resolved": [1, 0, -1][i % 3],
        "metadata": {
            "category": CATEGORIES[task % 3],
            "teacher_model": {"name": TEACHERS[i % 5], "enable_thinking": True, "reasoning_effort": None},
            "reference_patch": patch(task), "model_patch": patch(i),
        },
        "hf_dataset_name": "nebius/SWE-rebench-V2",
    }


def main():
    folder = Path(sys.argv[1])
    rows, files, turns = map(int, sys.argv[2:])
    folder.mkdir(parents=True)
    conversations = pa.array([messages(i, turns) for i in range(GROUP)], SCHEMA.field("messages").type)
    own = pa.schema([field for field in SCHEMA if field.name != "messages"])
    each = rows // files
    for file in range(files):
        with pq.ParquetWriter(folder / f"{file:04}.parquet", SCHEMA, compression="snappy") as writer:
            for start in range(file * each, (file + 1) * each, GROUP):
                group = pa.Table.from_pylist([labels(i) for i in range(start, start + GROUP)], own)
                at = SCHEMA.get_field_index("messages")
                writer.write_table(group.add_column(at, SCHEMA.field("messages"), conversations), row_group_size=GROUP)


main()
