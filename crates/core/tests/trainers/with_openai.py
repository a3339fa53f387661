"""What OpenAI publishes to check a fine-tuning file with, since its service can't be asked.

    with_openai.py train.jsonl

- The types of a request's messages and tools in the `openai` package, strictly, without keys that they don't have.
- The checks of the cookbook, https://cookbook.openai.com/examples/chat_finetuning_data_prep, by their names; they know
  `function_call` and neither tools nor images yet, and are widened by `tool_calls`, `tool_call_id`, the role `tool` and
  lists of texts and images.
- What the API answers a conversation with that has a call without its results right after it.
"""

import json
import sys
from collections import Counter
from typing import get_type_hints

from answer import rows_of, tell
from openai.types.chat import ChatCompletionToolParam
from openai.types.chat import (
    ChatCompletionAssistantMessageParam,
    ChatCompletionSystemMessageParam,
    ChatCompletionToolMessageParam,
    ChatCompletionUserMessageParam,
)
from pydantic import TypeAdapter

MESSAGES = {
    "system": ChatCompletionSystemMessageParam,
    "user": ChatCompletionUserMessageParam,
    "assistant": ChatCompletionAssistantMessageParam,
    "tool": ChatCompletionToolMessageParam,
}
ADAPTERS = {role: TypeAdapter(kind) for role, kind in MESSAGES.items()}
TOOL = TypeAdapter(ChatCompletionToolParam)


def whole(value):
    """Pydantic checks an iterable where it is read: so everything is."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    return [whole(item) for item in value]


def faults_of(row):
    if not isinstance(row, dict):
        yield "data_type"
        return
    if set(row) - {"messages", "tools", "parallel_tool_calls"}:
        yield "row_unrecognized_key"
    messages = row.get("messages")
    if not messages:
        yield "missing_messages_list"
        return
    for tool in row.get("tools", []):
        if whole(TOOL.validate_python(tool)) != tool:
            yield "tool_unrecognized_key"
    for message in messages:
        yield from faults_of_message(message)
    if not any(message.get("role") == "assistant" for message in messages):
        yield "example_missing_assistant_message"
    yield from faults_of_calls(messages)


def faults_of_message(message):
    if "role" not in message or "content" not in message:
        yield "message_missing_key"
    role = message.get("role")
    if role not in MESSAGES:
        yield "unrecognized_role"
        return
    # `weight` is of fine-tuning only.
    if set(message) - set(get_type_hints(MESSAGES[role])) - ({"weight"} if role == "assistant" else set()):
        yield "message_unrecognized_key"
    if message.get("weight", 0) not in (0, 1):
        yield "weight"
    content = message.get("content")
    # The user may also show images.
    if not isinstance(content, (str, list) if role == "user" else str) or not (content or message.get("tool_calls") or role == "tool"):
        yield "missing_content"
    asked = {key: value for key, value in message.items() if key != "weight"}
    if whole(ADAPTERS[role].validate_python(asked, strict=True)) != asked:
        yield "message_type"


def faults_of_calls(messages):
    """«An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.»"""
    open_calls = set()
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_calls:
                yield "tool_message_without_call"
            open_calls.discard(message["tool_call_id"])
            continue
        if open_calls:
            yield "call_without_tool_message"
        calls = message.get("tool_calls", [])
        open_calls = {call["id"] for call in calls}
        for call in calls:
            if not isinstance(json.loads(call["function"]["arguments"]), dict):
                yield "arguments"


[path] = sys.argv[1:]
rows = rows_of(path)
faults = Counter(fault for row in rows for fault in faults_of(row))
tell(rows, faults=faults)
