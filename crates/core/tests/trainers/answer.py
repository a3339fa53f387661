"""The answer of a script to the test that runs it."""

import json
import os
from pathlib import Path

# The trainers print what they like. It goes to the errors, and only the answer to the output.
ANSWER = os.dup(1)
os.dup2(2, 1)


def tell(rows, **more):
    """Ends the script's work: what became of the rows."""
    with open(ANSWER, "w", encoding="utf-8") as answer:
        json.dump({"rows": rows, **more}, answer, ensure_ascii=False)


def lines_of(path):
    return [line for line in Path(path).read_text("utf-8").split("\n") if line]


def rows_of(path):
    """The rows as they stand in the file."""
    return [json.loads(line) for line in lines_of(path)]
