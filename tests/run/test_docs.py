"""The documents tell the truth: programs in them compile, C in them is what comes out, files they name are there."""

import re

import pytest
from helpers import MTC, ROOT, mtc, run

DOCUMENTS = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("*/*/*.md")]
                   if "build" not in path.relative_to(ROOT).parts[0])


def blocks(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(), re.M | re.S)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_programs(tmp_path, path):
    for text in blocks(path, "mt"):
        if text.startswith("mt 1"):
            (tmp_path / "model.mt").write_text(text)
            run([MTC, "check", tmp_path / "model.mt"])


def test_readme_shows_what_comes_out(tmp_path):
    readme = ROOT / "README.md"
    program, = blocks(readme, "mt")
    excerpt, = blocks(readme, "c")
    mtc(program, tmp_path / "out.c")
    output = (tmp_path / "out.c").read_text()
    for function in re.split(r"^(?=static )", excerpt, flags=re.M):
        assert function.strip("\n") in output


def test_contributing_shows_a_real_operation():
    excerpt = next(text for text in blocks(ROOT / "CONTRIBUTING.md", "c") if "op_sigmoid" in text)
    assert excerpt == (ROOT / "compiler" / "ops" / "sigmoid.c").read_text()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links(path):
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", path.read_text(), flags=re.M | re.S)  # code has no links: sum[d](...)
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (path.parent / target).exists(), target
