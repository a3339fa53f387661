"""Writes many short runs as Parquet files, with texts that no compression makes much smaller.

    many_rows.py folder rows files text_bytes

Row i: instance `task-{i // 4}`, outcome by i % 3 (1, 0, -1), language by i % 9, ten messages, four calls of two tools.
"""

import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

LANGUAGES = ["python", "go", "typescript", "javascript", "rust", "java", "php", "c", "cpp"]


def call(name, text):
    return {"function": {"arguments": '{"command": "' + text + '"}', "name": name}, "id": "", "type": "function"}


def row(rng, i, text_bytes):
    def text():
        return rng.randbytes(text_bytes // 20).hex()

    messages = [{"role": "system", "content": text(), "tool_calls": None}, {"role": "user", "content": text(), "tool_calls": None}]
    for turn in range(4):
        name = "execute_bash" if turn % 2 else "str_replace_editor"
        messages.append({"role": "assistant", "content": text(), "tool_calls": [call(name, text())]})
        messages.append({"role": "tool", "content": text(), "tool_calls": None})
    patch = f"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1,{i % 5 + 1} @@\n-old\n" + "+new\n" * (i % 5 + 1)
    stated = {"patch": patch, "num_modified_files": 1, "num_modified_lines": i % 5 + 2}
    return {
        "instance_id": f"task-{i // 4}", "repo": f"owner/repo{i % 50}", "license": "MIT", "language": LANGUAGES[i % 9],
        "trajectory_id": f"run-{i}", "messages": messages, "tools": [],
        "resolved": [1, 0, -1][i % 3], "metadata": {"category": "bug-fix", "model_patch": stated, "reference_patch": stated},
    }


def main():
    folder, rows, files, text_bytes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    folder.mkdir(parents=True)
    rng = random.Random(7)
    each = rows // files
    for file in range(files):
        path = folder / f"{file:04}.parquet"
        writer = None
        for start in range(file * each, (file + 1) * each, 500):
            table = pa.Table.from_pylist([row(rng, i, text_bytes) for i in range(start, min(start + 500, (file + 1) * each))])
            table = table.replace_schema_metadata(None)
            if writer is None:
                schema = table.schema.set(table.schema.get_field_index("tools"), pa.field("tools", pa.list_(pa.string())))
                writer = pq.ParquetWriter(path, schema, compression="snappy", write_page_index=True)
            writer.write_table(table.cast(schema), row_group_size=500)
        writer.close()


main()
