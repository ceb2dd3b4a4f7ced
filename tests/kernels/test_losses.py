"""The kernels of losses and metrics, compiled alone: right values, the same bits from every compiler, and no warnings."""

import pytest

import helpers

SOURCE = helpers.ROOT / "tests" / "kernels" / "losses.c"
# The tables of ops/ leave members out on purpose.
STRICT = ["-std=c99", *helpers.WARNINGS, "-Wno-missing-field-initializers"]


def check(folder, cc, *flags):
    """Builds and runs the program; the hash of all that it computed."""
    program = folder / "losses"
    helpers.run([cc, *flags, SOURCE, "-lm", "-o", program])
    return helpers.run([program]).stdout.splitlines()[-1]


@pytest.mark.parametrize("batch", [1, 13, 64])
def test_values(tmp_path, batch):
    check(tmp_path, "gcc", "-O3", "-march=native", f"-DMT_BATCH={batch}")


def test_sanitizers(tmp_path):
    check(tmp_path, "gcc", "-O1", "-DMT_DOUBLE", "-DMT_BATCH=13", *helpers.SANITIZERS)


@pytest.mark.parametrize("element", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
def test_bits(tmp_path, element):
    builds = [["gcc", "-O0"], ["gcc", "-O3", "-march=native"], ["clang", "-O3", "-march=native"], ["tcc"]]
    hashes = {" ".join(build): check(tmp_path, *build, *(helpers.EXACT if build[0] != "tcc" else []), "-DMT_BATCH=16",
                                     *element) for build in builds}
    assert len(set(hashes.values())) == 1, hashes


@pytest.mark.parametrize("cc", ["gcc", "clang"])
@pytest.mark.parametrize("flags", [["-O2"], ["-O2", "-DMT_DOUBLE"]], ids=["float", "double"])
def test_warnings(tmp_path, cc, flags):
    helpers.run([cc, *STRICT, *flags, "-c", SOURCE, "-o", tmp_path / "losses.o"])
