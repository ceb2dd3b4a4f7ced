"""The words of other systems: every word of the table in compiler/suggest.c, put where its users would put it, is
answered with the word of .mt, or with the sentence that stands there."""

import ast
import json
import re

import pytest
from helpers import MTC, ROOT, run, tables

DATA = """data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}
"""
MODEL = """model net(x: [B, 2]) {
  hidden: linear(8) -> tanh
  out: linear(1)
}
"""
LOSS, METRICS = "loss { mse_loss(out, y) }\n", "metrics { acc = binary_accuracy(out, y) }\n"
OPTIMIZER, SCHEDULE = "optimizer sgd(lr=0.1)\n", "schedule step_lr(step_size=1 epoch)\n"
TRAIN = "train { run = 10 epochs }\n"
WHOLE = "mt 1\n" + DATA + MODEL + LOSS + METRICS + OPTIMIZER + SCHEDULE + TRAIN


def entries():
    """(places, words, ours, sentence) of each line of the table."""
    text = (ROOT / "compiler" / "suggest.c").read_text()
    macros = dict(re.findall(r'^#define (\w+) (".*")$', text, re.M))
    table = text[text.index("static const Foreign foreign[] = {"):]
    table = table[:table.index("\n};")]
    for body in re.findall(r'\{("(?:[^"\\]|\\.|"[^{}]*?")*?)\}(?:,|$)', table):
        body = re.sub(r"\b[A-Z_]{2,}\b(?=[,}]|$)", lambda name: macros.get(name.group(), name.group()), body)
        body = re.sub(r'"\s*\n\s*"', "", body)
        places, words, ours, sentence = ast.literal_eval("(" + body.replace("NULL", "None") + ")")
        yield places.split(), words.split(), ours, sentence


def programs(place, word, ours):
    """The programs in which the word may stand, the likeliest last."""
    if place in ("layer", "fn"):
        # As a stage, and (what belongs in formulas) as a function.
        return [WHOLE.replace("linear(8)", f"{word}(8)"), WHOLE.replace("-> tanh", f"-> {word}"),
                WHOLE.replace("  out:", f"  h: {word}(hidden)\n  out:")]
    if place == "option":
        called = [("linear(8)", "linear(8, OPTION)"), ("out, y) }\nmetrics", "out, y, OPTION) }\nmetrics"),
                  ("binary_accuracy(out, y)", "accuracy(out, y, OPTION)"),
                  ("mse_loss(out, y)", "cross_entropy(out, y, OPTION)"), ("sgd(lr=0.1)", "sgd(lr=0.1, OPTION)"),
                  ("sgd(lr=0.1)", "adam(lr=0.1, OPTION)"), ("sgd(lr=0.1)", "rmsprop(lr=0.1, OPTION)"),
                  ("step_lr(step_size=1 epoch)", "cosine_annealing_lr(T_max=run, OPTION)"),
                  *[("-> tanh", f"-> {stage}(OPTION)") for stage in
                    ("conv2d", "dropout", "softplus", "leaky_relu", "elu", "lstm", "embedding", "multihead_attention",
                     "batch_norm1d", "layer_norm", "mean")]]
        return [WHOLE.replace(old, new.replace("OPTION", f"{word}=1")) for old, new in called]
    if place == "data":
        return [WHOLE.replace("batch = 4", f"batch = 4\n  {word} = 4"), WHOLE.replace("= inline(", f"= {word}("),
                WHOLE.replace("batch = 4", f"batch = 4\n  x: x -> {word}(2)")]
    return [{
        "optimizer": WHOLE.replace("sgd", word),
        "schedule": WHOLE.replace("step_lr", word),
        "loss": WHOLE.replace("mse_loss", word),
        "metric": WHOLE.replace("binary_accuracy", word),
        "train": WHOLE.replace("run = 10 epochs", f"{word} = 10\n  seed = 1"),
        "declaration": WHOLE + f"{word} other {{ }}\n",
        "field": re.sub(r"inline\(.*\)", f'records("a.bin", x=f32[2], y={word}[1])', WHOLE),
        "unit": WHOLE.replace("10 epochs", f"10 {word}"),
        "syntax": WHOLE.replace("= true", f"= {word}") if ours in ("true", "false") else
                  WHOLE.replace("= true", f"= {word} true") if ours == "!" else
                  WHOLE.replace("= true", f"= true {word} false"),
    }[place]]


def answers(program, ours, sentence, folder):
    (folder / "a.mt").write_text(program)
    done = run([MTC, "check", "a.mt", "--message-format=json"], cwd=folder, code=None)
    for each in map(json.loads, done.stderr.splitlines()):
        text = " ".join([each["label"], each["help"] or "", *each["facts"],
                         *(edit["text"] for edit in each["edits"])])
        if (ours and re.search(rf"(?<!\w){re.escape(ours)}(?!\w)", text)) or (sentence and sentence in text):
            return True
    return False


def known():
    """What this compiler has a table for, and the options: only those are suggested."""
    every = [table for kind in tables().values() for table in kind if isinstance(table, dict)]
    return {table["name"] for table in every} | {option["name"] for table in every for option in table["args"]}


ENTRIES = list(entries())
KNOWN = known()
# Without a table: the kinds of items, which mtc knows by itself.
OTHER = {"optimizer", "schedule", "data", "train", "declaration", "field", "unit", "syntax"}


def test_the_table_is_read():
    count = (ROOT / "compiler" / "suggest.c").read_text().count('\n    {"')
    assert len(ENTRIES) == count > 100


@pytest.mark.parametrize("places, words, ours, sentence", ENTRIES, ids=[" ".join(each[1][:2]) for each in ENTRIES])
def test_word(places, words, ours, sentence, tmp_path):
    if ours not in KNOWN and ours is not None and not OTHER & set(places):
        pytest.skip(f"`{ours}` is not there yet")
    silent = [f"{word} ({place})" for place in places for word in words
              if not any(answers(program, ours, sentence, tmp_path) for program in programs(place, word, ours))]
    assert not silent, f"no message with `{ours}`: {', '.join(silent)}"
