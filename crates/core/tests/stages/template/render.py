"""Renders conversations with `transformers.apply_chat_template`: a list of cases in, a list of texts or errors out."""

import datetime
import json
import sys
from pathlib import Path

import transformers
from tokenizers import Tokenizer, models
from transformers.utils import chat_template_utils


class Today(datetime.datetime):
    """The day that our templates are told."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26, tzinfo=tz)


chat_template_utils.datetime = Today
tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()))


def with_objects(messages):
    """The messages with the arguments of calls as objects, where they are some."""
    for message in messages:
        for call in message.get("tool_calls", []):
            try:
                arguments = json.loads(call["function"]["arguments"])
            except ValueError:
                continue
            if isinstance(arguments, dict):
                call["function"]["arguments"] = arguments
    return messages


def rendered(case):
    line = json.loads(case["line"])
    messages = with_objects(line["messages"]) if case["objects"] else line["messages"]
    edges = {name: case[name] for name in ("bos_token", "eos_token") if case[name] is not None}
    try:
        text = tokenizer.apply_chat_template(
            messages,
            tools=json.loads(line["tools"]) or None,
            chat_template=case["template"],
            add_generation_prompt=case["add_generation_prompt"],
            tokenize=False,
            **edges,
        )
        return {"text": text}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if len(sys.argv) == 1:
    # Without cases: the templates of the collection, by name.
    import importlib.util

    folder = Path(importlib.util.find_spec("trl").submodule_search_locations[0]) / "chat_templates"
    answer = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.jinja"))}
else:
    answer = [rendered(case) for case in json.loads(Path(sys.argv[1]).read_text("utf-8"))]
json.dump(answer, sys.stdout)
