"""Makes Parquet files of JSON rows, as the Hub's converter does: one type a column, nulls for keys that others have.

    write_parquet.py rows.jsonl folder '{"codec": "snappy", ...}'

The options are the fields of `Options` in parquet.rs. Values of types that do not go together become JSON texts.
"""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

JSON = "json"
EMPTY = ("struct", {})  # Parquet has no structs without fields
NUMBERS = [("int64", "float64"), ("float64", "int64")]


def kind_of(value):
    """The type of a value: a name, ("list", type) or ("struct", {key: type})."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int():
            return "int64"
        case float():
            return "float64"
        case str():
            return "string"
        case list():
            inner = "null"
            for item in value:
                inner = joined(inner, kind_of(item))
            return ("list", inner)
        case dict():
            return ("struct", {key: kind_of(item) for key, item in value.items()})


def joined(a, b):
    """The type that holds values of both."""
    if a == "null" or a == b:
        return b
    if b == "null":
        return a
    if (a, b) in NUMBERS:
        return "float64"
    if a[0] == b[0] == "list":
        return ("list", joined(a[1], b[1]))
    if a[0] == b[0] == "struct":
        return ("struct", {key: joined(a[1].get(key, "null"), b[1].get(key, "null")) for key in {**a[1], **b[1]}})
    return JSON


def arrow(kind, json_type):
    """The type as Arrow has it."""
    if kind in (JSON, EMPTY):
        return json_type
    if isinstance(kind, str):
        return {"null": pa.null(), "bool": pa.bool_(), "string": pa.string()}.get(kind) or getattr(pa, kind)()
    if kind[0] == "list":
        return pa.list_(arrow(kind[1], json_type))
    return pa.struct([(key, arrow(inner, json_type)) for key, inner in kind[1].items()])


def stored(value, kind):
    """The value with JSON texts where its type is JSON."""
    if value is None:
        return None
    if kind in (JSON, EMPTY):
        return json.dumps(value, ensure_ascii=False)
    if kind[0] == "list":
        return [stored(item, kind[1]) for item in value]
    if kind[0] == "struct":
        return {key: stored(value.get(key), inner) for key, inner in kind[1].items()}
    return float(value) if kind == "float64" else value


def table_of(rows):
    whole = EMPTY
    for row in rows:
        whole = joined(whole, ("struct", {key: kind_of(cell) for key, cell in row.items()}))
    arrays = {}
    for name, kind in whole[1].items():
        values = [stored(row.get(name), kind) for row in rows]
        # Arrays of JSON inside of lists can't be built, but cast to.
        arrays[name] = pa.array(values, type=arrow(kind, pa.string())).cast(arrow(kind, pa.json_()))
    return pa.table(arrays)


def main(rows, folder, options):
    table = table_of([json.loads(line) for line in Path(rows).read_text("utf-8").split("\n") if line])
    options = json.loads(options)
    files = options["files"]
    bounds = [table.num_rows * at // files for at in range(files + 1)]
    for at, (start, end) in enumerate(zip(bounds, bounds[1:])):
        pq.write_table(
            table.slice(start, end - start),
            Path(folder) / f"{at:04}.parquet",
            compression=options["codec"],
            row_group_size=options["row_group_rows"],
            data_page_version=options["data_page_version"],
            data_page_size=options["data_page_size"],
            # A page is ended between two batches only.
            write_batch_size=4 if options["data_page_size"] else None,
            write_page_index=options["page_index"],
            use_dictionary=options["dictionary"],
        )


main(*sys.argv[1:])
