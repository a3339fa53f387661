"""LLaMA-Factory's own arguments of a `train.yaml`, and the rows that it then trains on.

    with_llamafactory_yaml.py folder     the folder of train.yaml

Tells how many tokens of each row are learned, and which arguments it does not know.
"""

import dataclasses
import os
import sys
from pathlib import Path
from types import SimpleNamespace

from absent import stand_in
from answer import tell

stand_in("torchaudio", "torchvision", "PIL", "av")
# What trains is not installed here: only the arguments and the reading of rows are asked.
os.environ["DISABLE_VERSION_CHECK"] = "1"

import yaml  # noqa: E402
from chat import tokenizer  # noqa: E402
from llamafactory.data.loader import get_dataset  # noqa: E402
from llamafactory.data.template import TEMPLATES  # noqa: E402
from llamafactory.hparams import DataArguments, FinetuningArguments, ModelArguments, TrainingArguments  # noqa: E402

[folder] = sys.argv[1:]
# As a user runs it: in the folder of the files.
os.chdir(folder)
given = yaml.safe_load(Path("train.yaml").read_text("utf-8"))
kinds = [DataArguments, ModelArguments, FinetuningArguments, TrainingArguments]
fields = [{field.name for field in dataclasses.fields(kind)} for kind in kinds]
unknown = [name for name in given if not any(name in names for names in fields)]
[of_data, _, of_tuning, _] = [{name: given[name] for name in given if name in names} for names in fields]
FinetuningArguments(**of_tuning)
data = DataArguments(**of_data)

chat = tokenizer("qwen", "<|im_start|>", next(Path(".").glob("*.jsonl")))


class Training(SimpleNamespace):
    def main_process_first(self, **_):
        import contextlib

        return contextlib.nullcontext()


training = Training(seed=1, should_log=False, local_process_index=0, predict_with_generate=False, should_save=False)
model = SimpleNamespace(cache_dir=None, hf_hub_token=None)
made = get_dataset(TEMPLATES[given["template"]], model, data, training, "sft", chat)["train_dataset"]
tell([sum(label != -100 for label in row["labels"]) for row in made], unknown=unknown)
