"""TRL's own preparation of preference pairs: `DPOTrainer._prepare_dataset`, and the texts of `maybe_apply_chat_template`.

    with_trl_dpo.py template pairs.jsonl       a template that TRL has: `qwen3`, `qwen3_training` or `llama3_1`

Tells two rows a pair, the prompt with the chosen run and with the rejected one; what is trained is all but the prompt.
"""

import json
import sys
from types import SimpleNamespace

from absent import stand_in
from answer import tell

stand_in("psutil")

from chat import published, tokenizer, turns  # noqa: E402
from datasets import load_dataset  # noqa: E402
from trl.data_utils import maybe_apply_chat_template, maybe_extract_prompt  # noqa: E402
from trl.trainer.dpo_trainer import DPOTrainer  # noqa: E402

template, path = sys.argv[1:]
chat = tokenizer("llama" if template.startswith("llama") else "qwen", published(template), path)
rows = load_dataset("json", data_files=path, split="train")
trainer = SimpleNamespace(_tokenizer=chat)
args = SimpleNamespace(dataset_num_proc=None, max_length=None, truncation_mode="keep_start")
made = DPOTrainer._prepare_dataset(trainer, rows, chat, args, "train")
told = []
for row, ids in zip(rows, made, strict=True):
    texts = maybe_apply_chat_template(maybe_extract_prompt(row), chat, tools=json.loads(row["tools"]))
    prompt = ids["prompt_ids"]
    for side in ("chosen", "rejected"):
        of_side = ids[f"{side}_ids"]
        # Where the prompt ends is a border of letters there and of tokens here.
        text = texts["prompt"] + texts[side]
        assert chat.decode(prompt + of_side) == text, f"{side}: the two ways differ"
        told.append(turns(chat, prompt + of_side, [False] * len(prompt) + [True] * len(of_side)))
tell(told)
