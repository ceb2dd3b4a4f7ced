"""The kernels of operations along axes, compiled alone: right values, the same bits from every compiler and for any number
of threads."""

import pytest

import helpers

SOURCE = helpers.ROOT / "tests" / "kernels" / "axes.c"
# The tables of ops/ leave members out on purpose, and not all of runtime/ is used.
STRICT = ["-std=c99", *helpers.WARNINGS, "-Wno-missing-field-initializers", "-Wno-unused-function"]


def check(folder, cc, *flags, env=None):
    """Builds and runs the program; the hash of all that it computed."""
    program = folder / "axes"
    helpers.run([cc, *flags, SOURCE, "-lm", "-o", program])
    return helpers.run([program], env=env).stdout.splitlines()[-1]


@pytest.mark.parametrize("batch", [13, 64])
@pytest.mark.parametrize("element", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
def test_values(tmp_path, batch, element):
    check(tmp_path, "gcc", "-O3", "-march=native", f"-DMT_BATCH={batch}", *element)


@pytest.mark.parametrize("element", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
def test_sanitizers(tmp_path, element):
    check(tmp_path, "gcc", "-O1", "-DMT_BATCH=13", *helpers.SANITIZERS, *element)


@pytest.mark.parametrize("element", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
def test_bits(tmp_path, element):
    builds = [["gcc", "-O0"], ["gcc", "-O3", "-march=native"], ["clang", "-O2"], ["clang", "-O3", "-march=native"], ["tcc"]]
    hashes = {" ".join(build): check(tmp_path, *build, *(helpers.EXACT if build[0] != "tcc" else []), "-DMT_BATCH=16",
                                     *element) for build in builds}
    assert len(set(hashes.values())) == 1, hashes


def test_threads(tmp_path):
    flags = ["-O2", "-fopenmp", "-DMT_BATCH=64"]
    hashes = [check(tmp_path, "gcc", *flags, env={"OMP_NUM_THREADS": n}) for n in ("1", "2", "3")]
    assert len(set(hashes)) == 1, hashes


@pytest.mark.parametrize("cc", ["gcc", "clang"])
@pytest.mark.parametrize("flags", [["-O2"], ["-O2", "-fopenmp"], ["-O2", "-march=native", "-DMT_DOUBLE"]],
                         ids=["plain", "threads", "native-double"])
def test_warnings(tmp_path, cc, flags):
    helpers.run([cc, *STRICT, *flags, "-c", SOURCE, "-o", tmp_path / "axes.o"])
