"""What every output must be: free of warnings, in the project's layout, the same bytes every time, clean in memory; and
no word of the command line passes in silence."""

import json
import os
import shutil

import pytest
from safetensors.numpy import load_file

from helpers import BUILD, EXACT, EXAMPLES, MTC, ROOT, SANITIZERS, WARNINGS, build, clang_format, mtc, run

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/model.mt"))
WITH_DATA = ["digits", "iris", "xor"]  # their data are committed
ONE_EPOCH = ["--run=1epochs"]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The C of an example, compiled once."""
    folder = tmp_path_factory.mktemp("output")

    def of(name):
        path = folder / f"{name}.c"
        if not path.exists():
            mtc(EXAMPLES / name / "model.mt", path)
        return path

    return of


@pytest.mark.parametrize("standard", ["c99", "c11", "c17"])
@pytest.mark.parametrize("cc", ["gcc", "clang"])
@pytest.mark.parametrize("name", NAMES)
def test_no_warnings(source, name, cc, standard):
    for flags in ([], ["-DMT_DOUBLE"], ["-DMT_NO_MAIN"], ["-march=native"]) if standard == "c99" else ([],):
        # Optimized, since some warnings come only then; not linked.
        run([cc, f"-std={standard}", *WARNINGS, "-O2", *flags, "-c", source(name), "-o", os.devnull])


@pytest.mark.parametrize("name", NAMES)
def test_no_warnings_with_threads(source, name):
    run(["gcc", "-std=c99", *WARNINGS, "-O2", "-fopenmp", "-c", source(name), "-o", os.devnull])


@pytest.mark.parametrize("name", NAMES)
def test_layout(source, name):
    text = source(name).read_text()
    assert max(map(len, text.splitlines())) <= 100
    formatted = run([clang_format(), f"--style=file:{ROOT}/.clang-format", source(name)]).stdout
    assert formatted == text, f"not a fixed point: diff {source(name)} with its clang-format"


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes(tmp_path, source, name):
    """Twice, to standard output, by another path, from another folder."""
    expected = source(name).read_bytes()
    model = EXAMPLES / name / "model.mt"
    again = {}
    mtc(model, tmp_path / "again.c")
    again["again"] = (tmp_path / "again.c").read_bytes()
    again["standard output"] = run([MTC, model, "-o", "-"]).stdout.encode()
    again["by its name"] = run([MTC, "model.mt", "-o", "-"], cwd=model.parent).stdout.encode()
    (tmp_path / "model.mt").write_bytes(model.read_bytes())
    again["a copy elsewhere"] = run([MTC, "./model.mt", "-o", "-"], cwd=tmp_path).stdout.encode()
    assert [how for how, output in again.items() if output != expected] == []


@pytest.fixture(scope="module")
def comma(tmp_path_factory):
    """The environment of a locale that writes 0,5 for 0.5: made for the test, since few machines have one."""
    if not shutil.which("localedef"):
        pytest.skip("no locale with a decimal comma: localedef is missing")
    folder = tmp_path_factory.mktemp("locale")
    made = run(["localedef", "-i", "de_DE", "-f", "UTF-8", folder / "de_DE.UTF-8"], code=None)
    env = {"LC_ALL": "de_DE.UTF-8", "LOCPATH": str(folder)}
    if not (folder / "de_DE.UTF-8" / "LC_NUMERIC").exists():
        pytest.skip(f"no locale with a decimal comma: localedef has no sources of de_DE: {made.stderr.strip()[:200]}")
    assert run(["locale", "decimal_point"], env=env).stdout == ",\n"
    return env


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_in_another_locale(source, comma, name):
    assert run([MTC, EXAMPLES / name / "model.mt", "-o", "-"], env=comma).stdout.encode() == source(name).read_bytes()


@pytest.mark.parametrize("name", WITH_DATA)
def test_same_bits_in_another_locale(tmp_path, source, comma, name):
    program = build(source(name), "-march=native", optimize="-O3")
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir(), two.mkdir()
    assert train_bits(program, name, one, {"LC_ALL": "C"}) == train_bits(program, name, two, comma)


@pytest.mark.parametrize("words, error", [
    (["--passes", "model.mt", "-o", "x.c"], "`--passes` compiles nothing"),
    (["model.mt", "--passes"], "`--passes` compiles nothing"),
    (["--passes", "-o", "x.c"], "`--passes` compiles nothing"),
    (["--version", "--disable=fuse"], "`--version` compiles nothing"),
    (["model.mt", "-o", "x.c", "--version"], "`--version` compiles nothing"),
    (["--version", "check"], "`--version` compiles nothing"),
    (["--passes", "--version"], "`--passes` and `--version` are two commands"),
    (["check", "model.mt", "--passes"], "`check` and `--passes` are two commands"),
])
def test_every_word_means_something(tmp_path, words, error):
    """Nothing is left out in silence where a command compiles nothing."""
    shutil.copy(EXAMPLES / "xor" / "model.mt", tmp_path)
    done = run([MTC, *words], cwd=tmp_path, code=2)
    assert done.stderr.startswith(f"error: {error}\n") and not done.stdout
    assert "leave out" in done.stderr and [path.name for path in tmp_path.iterdir()] == ["model.mt"]


@pytest.mark.parametrize("words", [["--help"], ["model.mt", "-o", "x.c", "--help"], ["check", "--help"],
                                   ["help", "check"]])
def test_who_asks_for_help_gets_it(tmp_path, words):
    assert run([MTC, *words], cwd=tmp_path).stdout == run([MTC, "--help"]).stdout


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_place(source, name):
    """No path, host, date or version of the compiling machine in the output."""
    text = source(name).read_text()
    for word in (str(ROOT), str(source(name).parent), os.uname().nodename + " "):
        assert word not in text


def train_bits(program, name, folder, env=None):
    """The parameters after an epoch, and the log without times."""
    saved, log = folder / f"{program.name}.safetensors", folder / f"{program.name}.log"
    run([program, *ONE_EPOCH, f"--save={saved}", f"--log={log}", "--log_every=1steps"], cwd=EXAMPLES / name, env=env)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    times = ("seconds", "examples_per_second")
    tensors = {path: array.tobytes() for path, array in load_file(saved).items()}
    return tensors, [{k: v for k, v in line.items() if k not in times and k != "settings"} for line in lines]


@pytest.mark.parametrize("flags", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
@pytest.mark.parametrize("name", WITH_DATA)
def test_same_bits(tmp_path, source, name, flags):
    """Parameters and logs of trainers do not depend on optimization, vector width or compiler."""
    builds = {
        "gcc -O3 -march=native": dict(cc="gcc", optimize="-O3", extra=["-march=native"]),
        "gcc -O0": dict(cc="gcc", optimize="-O0", extra=[]),
        "gcc -O3": dict(cc="gcc", optimize="-O3", extra=[]),
        "clang -O3 -march=native": dict(cc="clang", optimize="-O3", extra=["-march=native"]),
        "clang -O3": dict(cc="clang", optimize="-O3", extra=[]),
    }
    bits = {}
    for how, options in builds.items():
        folder = tmp_path / how.replace(" ", "")
        folder.mkdir()
        program = build(source(name), *flags, *EXACT, *options["extra"], cc=options["cc"], optimize=options["optimize"])
        bits[how] = train_bits(program, name, folder)
    first = bits["gcc -O3 -march=native"]
    assert first[0] and any(line["event"] == "step" for line in first[1])
    for how, other in bits.items():
        assert other[0] == first[0], f"parameters of {how} differ"
        assert other[1] == first[1], f"the log of {how} differs"


@pytest.mark.parametrize("name", WITH_DATA)
def test_same_bits_of_threads(tmp_path, source, name):
    program = build(source(name), "-fopenmp", "-march=native", optimize="-O3")
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir(), two.mkdir()
    assert train_bits(program, name, one, {"OMP_NUM_THREADS": "1"}) == train_bits(
        program, name, two, {"OMP_NUM_THREADS": "2"})


@pytest.mark.skipif(not shutil.which("tcc"), reason="tcc is not installed")
@pytest.mark.parametrize("name", WITH_DATA)
def test_tcc(tmp_path, source, name):
    """The smallest C compiler builds it as well, and computes the same bits."""
    program = build(source(name), cc="tcc", optimize=None)
    expected = build(source(name), *EXACT, optimize="-O3")
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir(), two.mkdir()
    assert train_bits(program, name, one) == train_bits(expected, name, two)


@pytest.mark.parametrize("flags", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
@pytest.mark.parametrize("name", WITH_DATA)
def test_trainer_under_sanitizers(tmp_path, source, name, flags):
    """Every command of the trainer, with a short last batch, under gcc's address and undefined-behaviour sanitizers."""
    program = build(source(name), *SANITIZERS, *flags, optimize="-O1")
    folder, saved = EXAMPLES / name, tmp_path / "p.safetensors"
    init = f"--init={saved}"
    run([program, "train", *ONE_EPOCH, f"--save={saved}", f"--log={tmp_path}/log"], cwd=folder)
    split = "train" if name == "xor" else "test"
    run([program, "eval", f"--split={split}", init], cwd=folder)
    run([program, "predict", f"--split={split}", init, f"--out={tmp_path}/out.npy"], cwd=folder)
    run([program, "predict", f"--split={split}", init, f"--out={tmp_path}/out.csv"], cwd=folder)
    run([program, "grads", init, f"--out={tmp_path}/g.safetensors"], cwd=folder)
    run([program, "gradcheck"], cwd=folder)
    run([program, "info"], cwd=folder)
    run([program, "--help"], cwd=folder)
    run([program, "--no_such_flag=1"], cwd=folder, code=2)


def test_compiler_under_sanitizers(tmp_path):
    """A sanitized mtc over all programs of the repository, good and faulty."""
    folder = BUILD / "sanitize"
    run(["cmake", "-S", ROOT, "-B", folder, "-DCMAKE_BUILD_TYPE=Debug", "-DMT_SANITIZE=ON"])
    run(["cmake", "--build", folder, "--target", "mtc"], timeout=900)
    programs = sorted(EXAMPLES.glob("*/*.mt")) + sorted((ROOT / "tests").glob("*/*.mt"))
    assert len(programs) >= len(NAMES)
    for program in programs:
        done = run([folder / "mtc", program, "-o", tmp_path / "out.c"], code=None)
        assert done.returncode in (0, 1), f"{program}: exit code {done.returncode}\n{done.stderr[-3000:]}"


def test_install(tmp_path):
    """What is installed is one file, which needs nothing beside itself."""
    run(["cmake", "--install", BUILD, "--prefix", tmp_path / "usr"])
    files = [path for path in (tmp_path / "usr").rglob("*") if path.is_file()]
    assert files == [tmp_path / "usr" / "bin" / "mtc"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = elsewhere / "mtc"
    shutil.move(files[0], moved)
    shutil.rmtree(tmp_path / "usr")
    (elsewhere / "model.mt").write_bytes((EXAMPLES / "xor" / "model.mt").read_bytes())
    run(["./mtc", "model.mt", "-o", "xor.c"], cwd=elsewhere, env={"PATH": "/nonexistent"})
    run([build(elsewhere / "xor.c"), *ONE_EPOCH], cwd=elsewhere)
