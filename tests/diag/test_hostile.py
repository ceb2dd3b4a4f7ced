"""Texts that nobody would write: random bytes, programs cut off, programs spliced, and sizes that grow. `mtc check`
ends with 0 or 1, soon, and never with a fault of its own; the time grows with the size of the text and not with its
square.

The suite takes a few hundred of each, the same ones every time; `cmake --build build --target hostile` many more, from
another seed every time, which it prints (MT_HOSTILE=number of texts, MT_SEED=seed, or clock).
"""

import os
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from helpers import MTC, SANITIZE
from mutants import all_programs, tokens

COUNT = int(os.environ.get("MT_HOSTILE", "200"))
SEED = int(os.environ.get("MT_SEED", "1").replace("clock", str(time.time_ns())))
PROGRAMS = [path.read_bytes() for path in all_programs()]
SECONDS = 60 if SANITIZE else 10  # for one text; a thousandth of it is usual


def failure(text):
    """What is wrong with the compiler's behaviour on this text; "" for nothing."""
    try:
        done = subprocess.run([MTC, "check", "-", "--message-format=json"], input=text, capture_output=True,
                              timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "no end"
    if done.returncode not in (0, 1):
        return f"exit code {done.returncode}: {done.stderr[-1000:].decode(errors='replace')}"
    if done.stdout or (done.returncode == 1) != (b'"severity":"error"' in done.stderr):
        return "an error without a message, or a message without an error"
    return ""


def require(texts, folder):
    texts = list(texts)
    with ThreadPoolExecutor(2) as pool:
        wrong = [(text, each) for text, each in zip(texts, pool.map(failure, texts)) if each]
    if wrong:
        (folder / "hostile.mt").write_bytes(wrong[0][0])
    assert not wrong, f"{len(wrong)} of {len(texts)} (seed {SEED}); {folder / 'hostile.mt'}: {wrong[0][1]}"


def test_random_bytes(tmp_path):
    choice = random.Random(SEED)
    alphabets = [bytes(range(256)), b"(){}[],:;=->.+*/ \n\t\"#",
                 b"mt 1\nmodel(x: [B, 2]) {} -> linear when repeat 3 as i"]

    def noise():
        alphabet, length = choice.choice(alphabets), choice.randrange(1, 400)
        return b"mt 1\n" * choice.randrange(2) + bytes(choice.choices(alphabet, k=length))

    require((noise() for _ in range(COUNT)), tmp_path)


def test_bytes_exchanged(tmp_path):
    choice = random.Random(SEED + 1)

    def exchanged():
        text = bytearray(choice.choice(PROGRAMS))
        for _ in range(choice.randrange(1, 6)):
            text[choice.randrange(len(text))] = choice.choice(b"(){}[],:;=->.+*/ \n\t\"#01ax\x00\xff")
        return bytes(text)

    require((exchanged() for _ in range(COUNT)), tmp_path)


def test_files_cut_off(tmp_path):
    choice = random.Random(SEED + 2)
    require((text[:choice.randrange(len(text))] for text in choice.choices(PROGRAMS, k=COUNT)), tmp_path)


def test_files_spliced(tmp_path):
    """Parts of several programs one behind the other, also in the middle of a line."""
    choice = random.Random(SEED + 3)

    def part():
        text = choice.choice(PROGRAMS)
        start = choice.randrange(len(text))
        return text[start:start + choice.randrange(1, 300)]

    require((b"mt 1\n" + b"".join(part() for _ in range(choice.randrange(1, 6))) for _ in range(COUNT)), tmp_path)


def test_tokens_moved(tmp_path):
    """Tokens of one program exchanged, doubled and left out: what is nearly a program."""
    choice = random.Random(SEED + 4)

    def moved():
        found = [token.text for token in tokens(choice.choice(PROGRAMS).decode())]
        lines = [word + ("\n" if choice.random() < 0.2 else " ") for word in found]
        for _ in range(choice.randrange(1, 5)):
            i, j = choice.randrange(len(lines)), choice.randrange(len(lines))
            lines[i], lines[j] = choice.choice([(lines[j], lines[i]), (lines[j], lines[j]), ("", lines[j])])
        return "".join(lines).encode()

    require((moved() for _ in range(COUNT)), tmp_path)


HEAD = """mt 1
data {
  train = inline(x=[[0, 0], [1, 1]], y=[[0], [1]])
  batch = 2
  shuffle = true
}
loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 1 epoch }
"""
MODEL = "model m(x: [B, 2]) {\n  a: linear(2)\n%s  out: linear(1)\n}\n"

# Texts of a size: each a function of how many.
GROWING = {
    "blank lines": lambda n: HEAD + "\n" * n + MODEL % "",
    "comments": lambda n: HEAD + "# a comment\n" * n + MODEL % "",
    "comments that allow": lambda n: HEAD + "# mtc: allow W0201\n" * n + MODEL % "",
    "a long comment": lambda n: HEAD + "# " + "x" * n + "\n" + MODEL % "",
    "a long name": lambda n: HEAD + MODEL % ("  " + "a" * n + ": tanh\n"),
    "a long unknown name": lambda n: HEAD + MODEL % ("  " + "a" * n + "\n"),
    "a long string": lambda n: HEAD.replace("inline", 'npy(x="' + "a" * n + '", y="b") #') + MODEL % "",
    "a long number": lambda n: HEAD + MODEL % ("  b = a * 0." + "1" * n + "\n"),
    "rows": lambda n: HEAD + MODEL % ("  tanh\n" * (n // 40)),
    # The expression that a row's stages become is copied for each of them: up to 200, not 1,000.
    "stages": lambda n: HEAD + MODEL % ("  tanh" + " -> tanh" * (n // 200) + "\n"),
    "constants": lambda n: HEAD + "".join(f"const C{k} = C{k + 1}\n" for k in range(n // 10))
    + f"const C{n // 10} = 1\n" + MODEL % "",
    "a circle of constants": lambda n: HEAD + "".join(f"const C{k} = C{k + 1}\n" for k in range(n // 10))
    + f"const C{n // 10} = C0\n" + MODEL % "",
    "a long list": lambda n: HEAD + "const A = [" + "1, " * n + "1]\n" + MODEL % "",
    "a long sum": lambda n: HEAD + "const A = 1" + " + 1" * n + "\n" + MODEL % "",
    "open brackets": lambda n: HEAD + "const A = " + "(" * n + "\n" + MODEL % "",
    "closed brackets": lambda n: HEAD + "const A = 1" + ")" * n + "\n" + MODEL % "",
    "open braces": lambda n: HEAD + "{" * n + "\n" + MODEL % "",
    "closed braces": lambda n: HEAD + "}" * n + "\n" + MODEL % "",
    "braces in turn": lambda n: HEAD + "{}" * n + "\n" + MODEL % "",
    "faulty rows": lambda n: HEAD + MODEL % ("  b c\n" * (n // 10)),
    "unknown stages": lambda n: HEAD + MODEL % ("  tanhh\n" * (n // 10)),
    "brackets open in every row": lambda n: HEAD + MODEL % ("  b: linear(2\n" * (n // 10)),
    "a brace in every line": lambda n: HEAD + "model n(x) {\n" * (n // 10) + MODEL % "",
    "repeats": lambda n: HEAD + MODEL % ("repeat 2 { " * (n // 10) + "tanh" + " }" * (n // 10) + "\n"),
    "semicolons": lambda n: HEAD + MODEL % ("  tanh;\n" * (n // 10)),
    "arrows": lambda n: HEAD + MODEL % ("  tanh" + " ->" * n + "\n"),
    "minus signs": lambda n: HEAD + MODEL % ("  b = " + "-" * n + "a\n"),
    "members": lambda n: HEAD + MODEL % ("  b = a" + ".c" * n + "\n"),
    "calls of calls": lambda n: HEAD + MODEL % ("  a" + "()" * n + "\n"),
    "wrong bytes": lambda n: HEAD + MODEL % ("  b = a" + "$" * n + "\n"),
}


def seconds(text):
    started = time.perf_counter()
    wrong = failure(text.encode())
    assert not wrong, wrong
    return time.perf_counter() - started


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_the_size(name):
    """Ten times the text takes no more than some ten times the time: its square would be a hundred times."""
    small, large = GROWING[name](4000), GROWING[name](40000)
    assert len(large) > 2 * len(small)
    base = min(seconds(small) for _ in range(3))
    most = 40 * base + 0.2
    assert any(seconds(large) < most for _ in range(3)), \
        f"{base:.3f} s for {len(small)} bytes, more than {most:.3f} s for {len(large)}"
