"""ms-swift's own preprocessor of rows and its template with the agent format of Qwen.

    with_swift.py train.jsonl
"""

import sys
import tempfile
from types import SimpleNamespace

from absent import stand_in
from answer import tell

stand_in(
    "modelscope", "PIL", "transformers.trainer", "transformers.modeling_utils",
    known={"modelscope.hub.utils.utils": {"get_cache_dir": tempfile.gettempdir}},
)  # fmt: skip

from chat import published, tokenizer, turns  # noqa: E402
from datasets import load_dataset  # noqa: E402
from swift.dataset.preprocessor import AutoPreprocessor  # noqa: E402
from swift.template import get_template  # noqa: E402

[path] = sys.argv[1:]
chat = tokenizer("qwen", published("qwen3_training"), path)
rows = load_dataset("json", data_files=path, split="train")
rows = AutoPreprocessor()(rows, load_from_cache_file=False)
# What ms-swift knows of a model beside its tokenizer.
chat.model_info = SimpleNamespace(config=None, task_type="causal_lm", max_model_len=None, model_dir="", torch_dtype=None)
chat.model_meta = SimpleNamespace(is_multimodal=False, template="qwen3")
template = get_template(chat, template_type="qwen3")
template.set_mode("train")
told = []
for row in rows:
    made = template.encode(row)
    told.append(turns(chat, made["input_ids"], [label != -100 for label in made["labels"]]))
tell(told)
