"""Makes Parquet files with PyArrow in every layout, and writes beside them what PyArrow reads in them.

    make.py folder

Of each table: `table.jsonl`, the rows as the datasets server would give them, and `table-*.parquet`, the layouts.
"""

import base64
import datetime
import decimal
import json
import math
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(sys.argv[1])


def served(value, kind):
    """A value as the server writes it in its JSON."""
    if isinstance(kind, pa.DictionaryType):
        kind = kind.value_type
    if value is None:
        return None
    if isinstance(kind, pa.JsonType):
        return json.loads(value)
    if pa.types.is_map(kind):
        return [{"key": served(k, kind.key_type), "value": served(v, kind.item_type)} for k, v in value]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [served(item, kind.value_type) for item in value]
    if pa.types.is_struct(kind):
        return {field.name: served(value[field.name], field.type) for field in kind}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return value


def rows_of(table):
    kinds = {field.name: field.type for field in table.schema}
    return [{key: served(value, kinds[key]) for key, value in row.items()} for row in table.to_pylist()]


def write(name, layouts, table):
    """One file, or several, a layout; PyArrow has to read in them what was written."""
    rows = rows_of(table)
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for row in rows]
    (FOLDER / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
    for layout, options in layouts.items():
        options = {"compression": "snappy", **options}
        parts = options.pop("parts", 1)
        bounds = [table.num_rows * at // parts for at in range(parts + 1)]
        files = []
        for at, (start, end) in enumerate(zip(bounds, bounds[1:])):
            files.append(FOLDER / f"{name}-{layout}-{at}.parquet")
            pq.write_table(table.slice(start, end - start), files[-1], **options)
        if "deprecated" not in layout:
            read = [row for file in files for row in rows_of(pq.read_table(file, schema=table.schema))]
            assert json.dumps(read) == json.dumps(rows), (name, layout)


def text(at, length):
    words = ["the parser", "drops\n\tthe", "\"last\" \\ line", "naïve — ünïcode", "日本語", "🙂", "\u0001\u007f", "</script>"]
    out = ""
    while len(out) < length:
        out += f"{words[(at * 7 + len(out)) % len(words)]} {at + len(out)} "
    return out[:length]


def trajectory(at):
    def message(turn):
        calls = [{"function": {"arguments": json.dumps({"command": text(at + turn, 30)}), "name": ["bash", "edit"][turn % 2]},
                  "id": f"call_{turn}"} for _ in range((at + turn) % 3)]
        return {"role": ["user", "assistant", "tool"][turn % 3],
                "content": None if turn % 7 == 3 else text(at * 31 + turn, (at * 37 + turn * 113) % 900),
                "tool_calls": None if turn % 5 == 4 else calls,
                "weight": None if turn % 4 == 1 else turn / 4}

    messages = [None if turn % 11 == 10 else message(turn) for turn in range((at * 5) % 23)]
    return {"id": f"row-{at:05}",
            "messages": None if at % 13 == 5 else [] if at % 13 == 6 else messages,
            "resolved": [1, 0, -1, None][at % 4],
            "language": ["python", "rust", "go"][at % 3],
            "tools": [] if at % 5 == 2 else [text(at, 40)] * (at % 3),
            "metadata": None if at % 9 == 4 else {"category": "bug-fix", "patch": None if at % 7 == 2 else
                                                  {"text": text(at, 300), "files": at % 6}},
            "tags": [[], [None], [[]], [["a", None], None, ["b"]], None][at % 5]}


STRING = pa.string()
TRAJECTORY = pa.schema([
    ("id", STRING),
    ("messages", pa.list_(pa.struct([
        ("role", STRING), ("content", STRING),
        ("tool_calls", pa.list_(pa.struct([
            ("function", pa.struct([("arguments", STRING), ("name", STRING)])), ("id", STRING)]))),
        ("weight", pa.float64())]))),
    ("resolved", pa.int64()),
    ("language", STRING),
    ("tools", pa.list_(STRING)),
    ("metadata", pa.struct([("category", STRING), ("patch", pa.struct([("text", STRING), ("files", pa.int32())]))])),
    ("tags", pa.list_(pa.list_(STRING))),
])


def trajectories():
    table = pa.Table.from_pylist([trajectory(at) for at in range(60)], schema=TRAJECTORY)
    layouts = {}
    sizes = [1, 7, 25, 60]
    for at, codec in enumerate(["snappy", "zstd", "gzip", "lz4", "brotli", "none"]):
        for version in ["1.0", "2.0"]:
            for index in [False, True]:
                number = len(layouts)
                layouts[f"{codec}-{version[0]}-{index}"] = {
                    "compression": codec,
                    "data_page_version": version,
                    "write_page_index": index,
                    "row_group_size": sizes[(number + at) % 4],
                    "use_dictionary": number % 3 != 1,
                    # Rows go on from page to page where these are small.
                    "data_page_size": [None, 400, 100][(number + at) % 3],
                    "write_batch_size": [None, 4, 1][(number + at) % 3],
                }
    for version in ["1.0", "2.0"]:
        for index in [False, True]:
            layouts[f"overflow-{version[0]}-{index}"] = {
                "data_page_version": version, "write_page_index": index, "dictionary_pagesize_limit": 600,
                "data_page_size": 300, "write_batch_size": 4}
    layouts["parts"] = {"parts": 4, "row_group_size": 8}
    layouts["delta"] = {"use_dictionary": False, "data_page_size": 500, "write_batch_size": 8, "column_encoding": {
        "id": "DELTA_BYTE_ARRAY", "messages.list.element.content": "DELTA_LENGTH_BYTE_ARRAY",
        "messages.list.element.role": "DELTA_BYTE_ARRAY", "resolved": "DELTA_BINARY_PACKED",
        "messages.list.element.weight": "BYTE_STREAM_SPLIT", "metadata.patch.files": "DELTA_BINARY_PACKED"}}
    layouts["old-lists"] = {"use_compliant_nested_type": False}
    write("trajectories", layouts, table)
    overflow = pq.ParquetFile(FOLDER / "trajectories-overflow-1-False-0.parquet").metadata.row_group(0)
    encodings = [overflow.column(at).encodings for at in range(overflow.num_columns)]
    assert any({"PLAIN", "RLE_DICTIONARY"} <= set(names) and names.count("PLAIN") > 1 or "PLAIN" in names for names in encodings)


def kinds():
    utc = datetime.timezone.utc
    moments = [datetime.datetime(2024, 2, 29, 23, 59, 59, 123456), datetime.datetime(1969, 12, 31, 23, 59, 59),
               None, datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 58)]
    near = [datetime.datetime(2024, 2, 29, 23, 59, 59, 123456), datetime.datetime(1969, 12, 31, 23, 59, 59), None,
            datetime.datetime(1700, 1, 1), datetime.datetime(2200, 12, 31)]
    whole = [moment and moment.replace(microsecond=0) for moment in moments]
    thousandth = [moment and moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in moments]
    zoned = lambda moments: [moment and moment.replace(tzinfo=utc) for moment in moments]
    times = [datetime.time(0), datetime.time(23, 59, 59, 999999), None, datetime.time(12, 0, 1), datetime.time(1, 2, 3, 4)]
    coarse = [time and time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times]
    floats = [1.5, math.nan, math.inf, None, -0.1]
    columns = {"bool": (pa.bool_(), [True, False, None, True, True])}
    for bits in [8, 16, 32, 64]:
        columns[f"int{bits}"] = (getattr(pa, f"int{bits}")(), [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, None, 0, -1])
        columns[f"uint{bits}"] = (getattr(pa, f"uint{bits}")(), [0, 2**bits - 1, None, 1, 2 ** (bits - 1)])
    columns |= {
        "half": (pa.float16(), [1.5, -0.25, None, 65504.0, 0.0]),
        "float": (pa.float32(), [1.5, -math.inf, math.nan, None, 0.1]),
        "double": (pa.float64(), floats),
        "date": (pa.date32(), [datetime.date(1970, 1, 1), datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
        "time_ms": (pa.time32("ms"), coarse),
        "time_us": (pa.time64("us"), times),
        "time_ns": (pa.time64("ns"), times),
        "at_s": (pa.timestamp("s"), whole),
        "at_ms": (pa.timestamp("ms"), thousandth),
        "at_us": (pa.timestamp("us"), moments),
        "at_ns": (pa.timestamp("ns"), near),
        "at_ms_utc": (pa.timestamp("ms", "UTC"), zoned(thousandth)),
        "at_us_utc": (pa.timestamp("us", "UTC"), zoned(moments)),
        "at_ns_utc": (pa.timestamp("ns", "UTC"), zoned(near)),
        "small_decimal": (pa.decimal128(5, 2), [decimal.Decimal(text) for text in ["1.23", "-1.23", "0.05", "-0.05", "999.99"]]),
        "decimal": (pa.decimal128(38, 10), [decimal.Decimal("-12345678901234567890.0123456789"), None, decimal.Decimal("0.0000000001"), decimal.Decimal("-0.0000000001"), decimal.Decimal(7)]),
        "large_decimal": (pa.decimal256(76, 3), [decimal.Decimal("9" * 70 + ".125"), decimal.Decimal("-" + "8" * 70 + ".5"), None, decimal.Decimal(0), decimal.Decimal(-1)]),
        "whole_decimal": (pa.decimal128(20, 0), [decimal.Decimal(12), decimal.Decimal(-12), None, decimal.Decimal(0), decimal.Decimal("99999999999999999999")]),
        "binary": (pa.binary(), [b"", b"\x00\xff\x10", None, b"a", b"ab"]),
        "fixed": (pa.binary(3), [b"abc", b"\x00\x01\x02", None, b"\xff\xff\xff", b"   "]),
        "large_text": (pa.large_string(), ["", "a", None, "ü", "z"]),
        "large_list": (pa.large_list(pa.int32()), [[], [1], None, [None, 2], [3]]),
        "coded": (pa.dictionary(pa.int32(), pa.string()), ["a", "b", None, "a", "b"]),
        "map": (pa.map_(pa.string(), pa.int64()), [[("a", 1), ("b", None)], [], None, [("c", 3)], [("", 0)]]),
        "map_of_lists": (pa.map_(pa.string(), pa.list_(pa.struct([("x", pa.bool_())]))), [[("a", [{"x": True}, None])], [], None, [("c", None)], [("d", [])]]),
        "nothing": (pa.null(), [None] * 5),
        "strange \"key\" \n.é": (pa.string(), ["1", "2", "3", "4", None]),
    }
    arrays = {name: pa.array(values, type=kind) for name, (kind, values) in columns.items()}
    held = ['{"a": [1, 2.5, null, true], "b": {"é": "\\u00e9"}}', "[]", None, '"text"', "-7"]
    arrays["json"] = pa.ExtensionArray.from_storage(pa.json_(), pa.array(held, pa.string()))
    table = pa.table(arrays)
    split = ["float", "double", "int32", "int64", "fixed", "half"]
    delta = {"int32": "DELTA_BINARY_PACKED", "int64": "DELTA_BINARY_PACKED", "uint64": "DELTA_BINARY_PACKED", "fixed": "DELTA_BYTE_ARRAY",
             "binary": "DELTA_LENGTH_BYTE_ARRAY", "bool": "RLE", "large_text": "DELTA_BYTE_ARRAY"}
    write("kinds", {
        "1": {}, "2": {"data_page_version": "2.0", "compression": "zstd"},
        "plain": {"use_dictionary": False, "row_group_size": 2},
        "split": {"use_dictionary": False, "column_encoding": {name: "BYTE_STREAM_SPLIT" for name in split}},
        "delta": {"use_dictionary": False, "column_encoding": delta},
        "delta-2": {"use_dictionary": False, "column_encoding": delta, "data_page_version": "2.0", "row_group_size": 3},
        "old": {"version": "1.0", "coerce_timestamps": None},
        "store-decimal": {"store_decimal_as_integer": True},
    }, table)
    ancient = pa.table({"at": arrays["at_ns"]})
    write("int96", {"deprecated": {"use_deprecated_int96_timestamps": True}}, ancient)


def nothing():
    table = pa.Table.from_pylist([], schema=TRAJECTORY)
    write("nothing", {"1": {}, "2": {"data_page_version": "2.0", "write_page_index": True}}, table)
    rows = pa.Table.from_pylist([trajectory(at) for at in range(5)], schema=TRAJECTORY)
    write("gaps", {"whole": {}}, rows)
    with pq.ParquetWriter(FOLDER / "gaps-empty-0.parquet", TRAJECTORY, write_page_index=True) as writer:
        for start, end in [(0, 0), (0, 2), (2, 2), (2, 5), (5, 5)]:
            writer.write_table(rows.slice(start, end - start))
    assert pq.ParquetFile(FOLDER / "gaps-empty-0.parquet").num_row_groups == 5


def many():
    """Rows whose values are all there, in a large row group of many pages."""
    rows = [{"id": at, "text": text(at, 2000), "items": [text(at + n, 100) for n in range(at % 5)]} for at in range(1500)]
    options = {"compression": "none", "use_dictionary": ["id"], "data_page_size": 8000, "write_batch_size": 4}
    write("many", {"indexed": {**options, "write_page_index": True}, "plain": {**options, "write_page_index": False}},
          pa.Table.from_pylist(rows))


trajectories()
kinds()
nothing()
many()
