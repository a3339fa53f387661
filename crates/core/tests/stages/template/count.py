"""Makes a small tokenizer with a chat template, as a model of the Hub has it, and counts conversations with it.

Arguments: a folder for the model's files, a file of cases (lines of the default export), the template. Tells the tokens of
each conversation, and those of each of its texts.
"""

import json
import sys
from pathlib import Path

import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

folder, cases, template = (Path(argument) for argument in sys.argv[1:])
lines = [json.loads(line) for line in json.loads(cases.read_text("utf-8"))]


def with_objects(messages):
    for message in messages:
        for call in message.get("tool_calls", []):
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return messages


texts = [message["content"] for line in lines for message in line["messages"]]
bpe = Tokenizer(models.BPE())
bpe.normalizer = normalizers.NFC()
bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bpe.decoder = decoders.ByteLevel()
alphabet = pre_tokenizers.ByteLevel.alphabet()
bpe.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=600, initial_alphabet=alphabet, show_progress=False))
bpe.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
# Tokens of the text, as Qwen has them.
bpe.add_tokens([AddedToken(tag, normalized=False) for tag in ("<tool_call>", "</tool_call>", "<think>", "</think>")])
# What a model was once used with does not shorten what is counted.
bpe.enable_truncation(16)
bpe.enable_padding(length=8)
bpe.save(str(folder / "tokenizer.json"))
config = {
    "chat_template": template.read_text("utf-8"),
    "eos_token": {"__type": "AddedToken", "content": "<|im_end|>"},
    "bos_token": None,
}
(folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")

bpe.no_truncation()
bpe.no_padding()
tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, chat_template=config["chat_template"])
bare = Tokenizer.from_str(bpe.to_str())
bare.encode_special_tokens = True
answer = []
for line in lines:
    tools = json.loads(line["tools"]) or None
    parts = [len(bare.encode(message["content"], add_special_tokens=False).ids) for message in line["messages"]]
    whole = tokenizer.apply_chat_template(with_objects(line["messages"]), tools=tools, tokenize=True, return_dict=False)
    answer.append({"whole": len(whole), "texts": parts})
json.dump(answer, sys.stdout)
