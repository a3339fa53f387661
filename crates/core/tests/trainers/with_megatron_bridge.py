"""Megatron-Bridge's `GPTSFTChatDataset` with the tokenizer's chat template, on one of the three files it looks for.

    with_megatron_bridge.py training.jsonl
"""

import sys
from types import SimpleNamespace

from absent import stand_in
from answer import tell

stand_in(
    "PIL", "transformers.modeling_utils",
    "megatron.core", "megatron.training", "megatron.energon",
    "megatron.bridge.models", "megatron.bridge.diffusion", "megatron.bridge.data.builders",
)  # fmt: skip

from chat import published, tokenizer, turns  # noqa: E402
from megatron.bridge.data.datasets.gpt_sft import GPTSFTChatDataset  # noqa: E402

[path] = sys.argv[1:]
chat = tokenizer("qwen", published("qwen3_training"), path)
# What MegatronTokenizer is to this class.
wrapped = SimpleNamespace(_tokenizer=chat, tokenizer=chat, eos_id=chat.eos_token_id, eod=chat.eos_token_id)
rows = GPTSFTChatDataset(
    path, wrapped, use_hf_tokenizer_chat_template=True, loss_mode="assistant", max_seq_length=10_000_000
)
made = (rows[at] for at in range(len(rows)))
tell([turns(chat, row["input_ids"].tolist(), row["loss_mask"].tolist()) for row in made])
