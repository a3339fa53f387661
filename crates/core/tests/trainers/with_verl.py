"""verl's `MultiTurnSFTDataset`, on the Parquet file that the script beside the rows makes of them.

    with_verl.py to_parquet.py train.jsonl
"""

import os
import runpy
import sys
from pathlib import Path

from absent import stand_in
from answer import tell

stand_in("ray", "tensordict", "PIL", "transformers.modeling_utils", "verl.models")

from chat import published, tokenizer, turns  # noqa: E402
from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset  # noqa: E402

script, path = map(Path, sys.argv[1:])
os.chdir(path.parent)
runpy.run_path(script, run_name="__main__")
chat = tokenizer("qwen", published("qwen3_training"), path)
config = {"pad_mode": "no_padding", "max_length": 10_000_000}
rows = MultiTurnSFTDataset(str(path.with_suffix(".parquet")), chat, config)
made = (rows[at] for at in range(len(rows)))
tell([turns(chat, row["input_ids"].tolist(), row["loss_mask"].tolist()) for row in made])
