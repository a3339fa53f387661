"""ms-swift's own preprocessor of rows with images.

    with_swift_images.py train.jsonl
"""

import sys
import tempfile

from absent import stand_in
from answer import tell

stand_in(
    "modelscope", "PIL", "transformers.trainer", "transformers.modeling_utils",
    known={"modelscope.hub.utils.utils": {"get_cache_dir": tempfile.gettempdir}},
)  # fmt: skip

from datasets import load_dataset  # noqa: E402
from swift.dataset.preprocessor import AutoPreprocessor  # noqa: E402

[path] = sys.argv[1:]
rows = AutoPreprocessor()(load_dataset("json", data_files=path, split="train"), load_from_cache_file=False)
told = []
for row in rows:
    images = [image["path"] for image in row["images"] or []]
    told.append({"texts": [message["content"] for message in row["messages"]], "images": images})
tell(told)
