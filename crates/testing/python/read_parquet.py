"""Tells what PyArrow sees in Parquet files: their rows in order, and how each row group is stored.

    read_parquet.py file...

Prints {"rows": [...], "files": [{"rows": n, "groups": [{"rows": n, "columns": [{"path", "codec", ...}]}]}]}.
"""

import json
import sys

import pyarrow.parquet as pq


def column(chunk):
    return {
        "path": chunk.path_in_schema,
        "codec": chunk.compression,
        "encodings": list(chunk.encodings),
        "bytes": chunk.total_compressed_size,
        "has_dictionary": chunk.has_dictionary_page,
        "has_offset_index": chunk.has_offset_index,
    }


def group(metadata):
    return {"rows": metadata.num_rows, "columns": [column(metadata.column(at)) for at in range(metadata.num_columns)]}


rows, files = [], []
for path in sys.argv[1:]:
    file = pq.ParquetFile(path)
    rows.extend(file.read().to_pylist())
    groups = [group(file.metadata.row_group(at)) for at in range(file.num_row_groups)]
    files.append({"rows": file.metadata.num_rows, "groups": groups})
print(json.dumps({"rows": rows, "files": files}, ensure_ascii=False))
