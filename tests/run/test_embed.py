"""The tool that puts runtime/ and ops/ into the compiler: what it finds, and the faults that stop a build."""

import pytest
from helpers import BUILD, run

FILES = {
    "runtime/sum.c": """#include <stddef.h>
//@ declare lanes
enum { LANES = 16 };
#define EACH(f) f(0) f(1)
//@ piece sum needs lanes
/* adds (in "order"): x{0} */
static real sum(int N,
    const real *x) /* { */
{
    return N ? x[0] : '}';
}
//@ end
""",
    "ops/linear.c": """#include "op.h"
const Op op_linear = {
    .name = "linear",
};
//@ kernel linear needs sum
static void linear(int N, const real *x, real *y)
{
    y[0] = sum(N, x) + N;
}
//@ end
""",
}


def embed(folder, files, code=0):
    paths = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        paths.append(name)
    return run([BUILD / "embed", ".", *paths], cwd=folder, code=code)


def test_tables(tmp_path):
    embed(tmp_path, FILES)
    pieces = (tmp_path / "pieces.c").read_text()
    rows = [line.strip() for line in pieces.splitlines() if line.startswith('    {"')]
    assert rows == [
        '{"linear", "sum", NULL, prototypes_linear, text_linear, "ops/linear.c"},',
        '{"lanes", "", declaration_lanes, prototypes_lanes, text_lanes, "runtime/sum.c"},',
        '{"sum", "lanes", NULL, prototypes_sum, text_sum, "runtime/sum.c"},',
    ]
    registry = (tmp_path / "registry.c").read_text()
    assert "extern const Op op_linear;" in registry
    assert "const Op *const ops[] = {\n    &op_linear,\n    NULL,\n};" in registry


def test_bytes_come_back(tmp_path):
    """A program that prints the table prints the lines of the files."""
    embed(tmp_path, FILES)
    from helpers import ROOT

    (tmp_path / "print.c").write_text("""#include "emit/piece.h"
#include <stdio.h>
int main(void)
{
    const Piece *sum = piece_find("sum, and more", 3), *lanes = piece_find("lanes", 5);
    printf("%s|%s|%s|%s", sum->text, sum->prototypes, lanes->declaration, piece_find("su", 2) ? "found" : "none");
}
""")
    run(["gcc", "-std=c11", "-pedantic", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/compiler", "print.c", "pieces.c", "-o",
         "print"], cwd=tmp_path)
    text, prototype, declaration, none = run(["./print"], cwd=tmp_path).stdout.split("|")
    assert text in FILES["runtime/sum.c"] and text.startswith("/* adds") and text.endswith("'}';\n}\n")
    assert prototype == "static real sum(int N, const real *x);\n"
    assert declaration == "enum { LANES = 16 };\n#define EACH(f) f(0) f(1)\n"
    assert none == "none"


def test_nothing_is_written_twice(tmp_path):
    embed(tmp_path, FILES)
    before = (tmp_path / "pieces.c").stat().st_mtime_ns
    embed(tmp_path, FILES)
    assert (tmp_path / "pieces.c").stat().st_mtime_ns == before


@pytest.mark.parametrize("text, message", [
    ("//@ piece a needs b\nint x;\n//@ end\n", "1: error: `a` needs `b`, which no file has"),
    ("int x;\n//@ piece a\n", "2: error: `//@ end` is missing"),
    ("//@ end\n", "1: error: nothing is open here that could end"),
    ("//@ peice a\n//@ end\n", "1: error: unknown mark `peice`: piece, kernel, declare or end"),
    ("//@ piece\n//@ end\n", "1: error: a name is missing"),
    ("//@ piece a need b\n//@ end\n", "1: error: `needs` is expected behind the name, not `need`"),
    ("//@ piece sum\n//@ end\n", "1: error: `sum` is there already, in runtime/sum.c:5"),
    ("//@ piece a\nint f(void) { return sum(1, 0); }\n//@ end\n", "1: error: `a` calls sum() of `sum`, but does not need it"),
    ("//@ piece a\nint f(void) {\n//@ end\n", "1: error: the braces of `a` do not match"),
])
def test_faults(tmp_path, text, message):
    faulty = embed(tmp_path, {**FILES, "runtime/x.c": text}, code=1)
    assert f"runtime/x.c:{message}" in faulty.stderr.splitlines()
    assert not (tmp_path / "pieces.c").exists()
