"""The kernels of batch norm, compiled alone: right values also far from 0, the same bits from every compiler, no warnings."""

import pytest

import helpers

SOURCE = helpers.ROOT / "tests" / "kernels" / "norms.c"
# The tables of ops/ leave members out on purpose; not every piece of vec.c is used here.
STRICT = ["-std=c99", *helpers.WARNINGS, "-Wno-missing-field-initializers", "-Wno-unused-function"]


def check(folder, cc, *flags, env=None):
    """Builds and runs the program; the hash of all that it computed."""
    program = folder / "norms"
    helpers.run([cc, *flags, SOURCE, "-lm", "-o", program])
    return helpers.run([program], env=env).stdout.splitlines()[-1]


@pytest.mark.parametrize("batch", [2, 13, 64, 1100])
def test_values(tmp_path, batch):
    check(tmp_path, "gcc", "-O3", "-march=native", f"-DMT_BATCH={batch}")


@pytest.mark.parametrize("batch", [13, 32])
def test_sanitizers(tmp_path, batch):
    check(tmp_path, "gcc", "-O1", "-DMT_DOUBLE", f"-DMT_BATCH={batch}", *helpers.SANITIZERS)


@pytest.mark.parametrize("element", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
def test_bits(tmp_path, element):
    builds = [["gcc", "-O0"], ["gcc", "-O3", "-march=native"], ["clang", "-O2"], ["tcc"]]
    if "avx2" in open("/proc/cpuinfo").read():
        builds.append(["clang", "-O3", "-mavx2", "-mfma"])
    hashes = {" ".join(build): check(tmp_path, *build, *(helpers.EXACT if build[0] != "tcc" else []), "-DMT_BATCH=20",
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
    helpers.run([cc, *STRICT, *flags, "-c", SOURCE, "-o", tmp_path / "norms.o"])
