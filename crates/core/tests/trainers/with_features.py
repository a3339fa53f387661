"""Which keys `datasets` knows of a file's rows, and whether it can read them: an answer for each file or folder.

    with_features.py file file.jsonl ...            the rows of a file by itself
    with_features.py arrow file.jsonl ...           the same, keys taken as before datasets 4.7: no message has keys of its own
    with_features.py folder folder ...              the rows of a folder, by the card in it
    with_features.py compare folder file.jsonl ...  whether the features that a folder's card tells are those of the file

Where it can't read rows, the answer says why.
"""

import sys

from answer import tell
from datasets import Json, List, load_dataset, load_dataset_builder
from datasets.exceptions import DatasetGenerationError

how, *paths = sys.argv[1:]


def same(ours, theirs):
    """Whether two features are the same; Json is any object's."""
    if isinstance(ours, Json):
        return True
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, List):
        return isinstance(theirs, List) and same(ours.feature, theirs.feature)
    return ours == theirs


def load(path):
    if how == "folder":
        return load_dataset(path, split="train")
    options = {} if how == "file" else {"on_mixed_types": None}
    return load_dataset("json", data_files=path, split="train", **options)


def rows(path):
    try:
        return {"rows": list(load(path))}
    except DatasetGenerationError as error:
        return {"fault": str(error.__cause__)}


def compare(folder, file):
    ours, theirs = load_dataset_builder(folder).info.features, load(file).features
    return {"same": same(ours, theirs), "ours": str(ours), "theirs": str(theirs)}


if how == "compare":
    tell([compare(folder, file) for folder, file in zip(paths[::2], paths[1::2])])
else:
    tell([rows(path) for path in paths])
