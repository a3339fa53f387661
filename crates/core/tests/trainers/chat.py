"""What most scripts need: a tokenizer with a chat template, and what a loader made of a row, turn by turn."""

from pathlib import Path

import transformers
from answer import lines_of
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

QWEN = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
LLAMA = ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>"]
# Qwen's vocabulary has these as tokens of the text.
TAGS = ["<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"]


class ChatTokenizer(transformers.PreTrainedTokenizerFast):
    """Gives the tensors of the stand-in, which transformers can't make without torch."""

    def apply_chat_template(self, conversation, *rest, return_tensors=None, **named):
        made = super().apply_chat_template(conversation, *rest, **named)
        if return_tensors != "pt":
            return made
        from torch import tensor

        return {key: tensor([values]) for key, values in made.items()}


def tokenizer(family, template, path):
    """A byte-level BPE learnt from the rows: it has every text, and tokens of several letters as real ones have."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(
        lines_of(path), trainers.BpeTrainer(vocab_size=3000, initial_alphabet=alphabet, show_progress=False)
    )
    bpe.add_special_tokens(QWEN + LLAMA)
    bpe.add_tokens([AddedToken(tag, normalized=False) for tag in TAGS])
    end = {"qwen": "<|im_end|>", "llama": "<|eot_id|>"}[family]
    made = ChatTokenizer(
        tokenizer_object=bpe,
        eos_token=end,
        pad_token="<|endoftext|>",
        bos_token="<|begin_of_text|>" if family == "llama" else None,
        clean_up_tokenization_spaces=False,
    )
    made.chat_template = template
    return made


def published(name):
    """A model family's chat template as it was published, kept in TRL's package."""
    import trl

    return (Path(trl.__file__).parent / "chat_templates" / f"{name}.jinja").read_text("utf-8")


def own(name):
    """A chat template of this folder."""
    return (Path(__file__).parent / f"{name}.jinja").read_text("utf-8")


def turns(tokenizer, ids, trained):
    """The turns of a row: who speaks, what, and which part of that is trained; and what stands before the first."""
    start, end = ("<|im_start|>", "\n") if "<|im_start|>" in tokenizer.chat_template else (LLAMA[1], LLAMA[2] + "\n\n")
    start = tokenizer.convert_tokens_to_ids(start)
    ids, trained = list(ids), list(trained)
    assert len(ids) == len(trained), f"{len(ids)} tokens, {len(trained)} of the mask"
    borders = [at for at, token in enumerate(ids) if token == start] + [len(ids)]
    told = []
    for at, until in zip(borders, borders[1:]):
        role, _, text = tokenizer.decode(ids[at + 1 : until]).partition(end)
        of_loss = [token for token, is_trained in zip(ids[at:until], trained[at:until]) if is_trained]
        told.append({"role": role, "text": text, "trained": tokenizer.decode(of_loss)})
    assert not any(trained[: borders[0]]), "something before the first turn is trained"
    return told
