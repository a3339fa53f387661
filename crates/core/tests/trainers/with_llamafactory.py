"""LLaMA-Factory's own `get_dataset`: its reader of dataset_info.json, its converter and its tokenization.

    with_llamafactory.py template folder name     `qwen3` or `llama3`; the folder of dataset_info.json; an entry of it
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from absent import stand_in
from answer import tell

stand_in("torchaudio", "torchvision", "PIL", "av")

from chat import tokenizer, turns  # noqa: E402
from llamafactory.data.loader import get_dataset  # noqa: E402
from llamafactory.data.template import TEMPLATES  # noqa: E402

template, folder, name = sys.argv[1:]
file = json.loads((Path(folder) / "dataset_info.json").read_text("utf-8"))[name]["file_name"]
family = "qwen" if template.startswith("qwen") else "llama"
chat = tokenizer(family, "<|im_start|>" if family == "qwen" else "", Path(folder) / file)

# The defaults of DataArguments, but for a length that holds the longest row.
data = SimpleNamespace(
    dataset=[name], eval_dataset=None, dataset_dir=folder, media_dir=folder, cutoff_len=10_000_000, train_on_prompt=False,
    mask_history=False, streaming=False, buffer_size=0, mix_strategy="concat", interleave_probs=None,
    overwrite_cache=True, preprocessing_batch_size=1000, preprocessing_num_workers=None, max_samples=None,
    eval_num_beams=None, ignore_pad_token_for_loss=True, val_size=0.0, eval_on_each_dataset=False, packing=False,
    neat_packing=False, tool_format=None, default_system=None, tokenized_path=None, data_shared_file_system=False,
)  # fmt: skip
model = SimpleNamespace(cache_dir=None, hf_hub_token=None)


class Training(SimpleNamespace):
    def main_process_first(self, **_):
        import contextlib

        return contextlib.nullcontext()


training = Training(seed=1, should_log=False, local_process_index=0, predict_with_generate=False, should_save=False)
made = get_dataset(TEMPLATES[template], model, data, training, "sft", chat)["train_dataset"]
tell([turns(chat, row["input_ids"], [label != -100 for label in row["labels"]]) for row in made])
