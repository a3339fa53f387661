"""TRL's own preparation of a dataset, `SFTTrainer._prepare_dataset`.

    with_trl.py family loss train.jsonl       `qwen` or `llama`; the loss of `assistant` turns or of the `completion`
"""

import json
import sys
from types import SimpleNamespace

from absent import stand_in
from answer import rows_of, tell

stand_in("psutil")

from chat import own, published, tokenizer, turns  # noqa: E402
from datasets import load_dataset  # noqa: E402
from trl.chat_template_utils import get_training_chat_template, has_generation_markers  # noqa: E402
from trl.trainer.sft_trainer import SFTTrainer  # noqa: E402

family, loss, path = sys.argv[1:]
chat = tokenizer(family, published("qwen3") if family == "qwen" else own("llama3_1_training"), path)
if family == "llama":
    # TRL has no training template for Llama 3.1: ours must write what the published one writes.
    for row in rows_of(path):
        said = {"conversation": row["messages"], "tools": json.loads(row["tools"]) or None, "tokenize": False}
        published_text = chat.apply_chat_template(**said, chat_template=published("llama3_1"))
        assert chat.apply_chat_template(**said) == published_text, "the template of this test is not Llama's"
rows = load_dataset("json", data_files=path, split="train")
trainer = SimpleNamespace(
    _tokenizer=chat,
    # As SFTTrainer.__init__ chooses them.
    chat_template=None if has_generation_markers(chat.chat_template) else get_training_chat_template(chat),
    completion_only_loss="prompt" in rows.column_names,
)
args = SimpleNamespace(
    dataset_num_proc=None,
    dataset_text_field="text",
    assistant_only_loss=loss == "assistant",
    max_length=None,
    shuffle_dataset=False,
)
made = SFTTrainer._prepare_dataset(trainer, rows, chat, args, False, None, "train")
tell([turns(chat, row["input_ids"], [label != -100 for label in row["labels"]]) for row in made])
