"""LLaMA-Factory's own reading of rows with images: its dataset_info.json, its converter, and its count of marks.

    with_llamafactory_images.py folder name     the folder of dataset_info.json; an entry of it
"""

import sys
from pathlib import Path
from types import SimpleNamespace

from absent import stand_in
from answer import tell

stand_in("torchaudio", "torchvision", "PIL", "av")

from datasets import load_dataset  # noqa: E402
from llamafactory.data.converter import align_dataset  # noqa: E402
from llamafactory.data.mm_plugin import BasePlugin  # noqa: E402
from llamafactory.data.parser import get_dataset_list  # noqa: E402

folder, name = sys.argv[1:]
[known] = get_dataset_list([name], folder)
rows = load_dataset("json", data_files=str(Path(folder) / known.dataset_name), split="train")
data = SimpleNamespace(streaming=False, preprocessing_num_workers=None, overwrite_cache=True, media_dir=folder)
rows = align_dataset(rows, known, data, SimpleNamespace(local_process_index=0))
told = []
for row in rows:
    said = row["_prompt"] + row["_response"]
    images = row["_images"] or []
    # It stops at a row that has more or fewer marks than images.
    BasePlugin._validate_messages(None, said, images, [], [])
    told.append({"texts": [message["content"] for message in said], "images": images})
tell(told)
