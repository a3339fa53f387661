"""NeMo Automodel's `make_agent_chat_dataset`.

    with_nemo_automodel.py train.jsonl
"""

import sys

from absent import stand_in
from answer import tell

stand_in("PIL")

from chat import published, tokenizer, turns  # noqa: E402
from nemo_automodel.components.datasets.llm.agent_chat import make_agent_chat_dataset  # noqa: E402

[path] = sys.argv[1:]
chat = tokenizer("qwen", published("qwen3_training"), path)
rows = make_agent_chat_dataset(chat, path=path)
told = []
for row in (rows[at] for at in range(len(rows))):
    # Its labels are shifted by one: the label of a token is the token after it.
    trained = [False] + [label != -100 for label in row["labels"]]
    ids = row["input_ids"] + [row["labels"][-1]]
    told.append(turns(chat, ids, trained))
tell(told)
