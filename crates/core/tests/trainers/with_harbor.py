"""Harbor's own models of ATIF, and the JSON schema that they publish.

    with_harbor.py rows.jsonl

Tells each document as Harbor writes it again.
"""

import sys

from answer import rows_of, tell
from harbor.models.trajectories import Trajectory
from jsonschema import Draft202012Validator

[path] = sys.argv[1:]
schema = Draft202012Validator(Trajectory.model_json_schema())
told = []
for row in rows_of(path):
    schema.validate(row)
    told.append(Trajectory.model_validate(row).to_json_dict())
tell(told)
