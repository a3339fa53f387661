"""Tells what Python's readers see in a table that was written as Parquet and as CSV.

    read_table.py table.parquet table.csv

Prints {"types", "pandas", "groups", "created_by", "recipe", "unknown", "rows", "different"}: each column's type by PyArrow
and by pandas, the rows of each group, what the file says of itself, the columns that are always null, and the cells of
the CSV that hold another value than the Parquet file.
"""

import csv
import json
import sys

import pandas as pd
import pyarrow.parquet as pq

parquet, text = sys.argv[1:]
file = pq.ParquetFile(parquet)
table = file.read()
types = {field.name: str(field.type) for field in table.schema}
read = {"int64": int, "double": float, "string": str}

with open(text, newline="", encoding="utf-8") as lines:
    records = list(csv.DictReader(lines))
rows = table.to_pylist()
assert len(records) == len(rows), (len(records), len(rows))
assert [list(record) for record in records] == [list(row) for row in rows]
different = [
    [at, name, cell, repr(row[name])]
    for at, (record, row) in enumerate(zip(records, rows))
    for name, cell in record.items()
    if row[name] != (read[types[name]](cell) if cell else None)
]

print(
    json.dumps(
        {
            "types": types,
            "pandas": {name: str(kind) for name, kind in pd.read_parquet(parquet).dtypes.items()},
            "groups": [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)],
            "created_by": file.metadata.created_by,
            "recipe": file.metadata.metadata[b"tracesift.recipe"].decode(),
            "unknown": [name for name in types if table[name].null_count == len(rows)],
            "rows": len(rows),
            "different": different,
        }
    )
)
