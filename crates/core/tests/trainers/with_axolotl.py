"""Axolotl's `chat_template` strategy, set up as the YAML file beside the rows says.

    with_axolotl.py config.yaml train.jsonl
"""

import os
import sys

import yaml
from absent import stand_in
from answer import tell

os.environ["AXOLOTL_DO_NOT_TRACK"] = "1"
stand_in("PIL", "posthog", "psutil", "numba", "transformers.modeling_utils", "transformers.trainer")

import axolotl.utils.data  # noqa: E402, F401  (before its parts, which import each other)
from axolotl.utils.data.wrappers import get_dataset_wrapper  # noqa: E402
from axolotl.utils.dict import DictDefault  # noqa: E402
from axolotl.utils.schemas.datasets import SFTDataset  # noqa: E402
from chat import published, tokenizer, turns  # noqa: E402
from datasets import load_dataset  # noqa: E402

config, path = sys.argv[1:]
with open(config, encoding="utf-8") as file:
    config = yaml.safe_load(file)
[source] = config["datasets"]
SFTDataset.model_validate(source)
chat = tokenizer("qwen", published("qwen3_training"), path)
# The length holds the longest row.
cfg = DictDefault({**config, "chat_template": "tokenizer_default", "sequence_len": 10_000_000})
rows = load_dataset(source["ds_type"], data_files=path, split="train")
made, _ = get_dataset_wrapper(DictDefault(source), chat, cfg, source["type"], rows)
tell([turns(chat, row["input_ids"], [label != -100 for label in row["labels"]]) for row in made])
