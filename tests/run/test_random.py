"""Random transforms of the train split against numpy: what a transform may do at all, how often it does it, and what it
depends on. dump_batches.c writes down what the loader of a trainer hands out."""

import json
import os
import subprocess

import numpy as np
import pytest
from helpers import ROOT, SANITIZE, SANITIZERS, Failed, build, mtc, run
from test_data import model

N = 600
IMAGES = np.random.default_rng(1).integers(1, 256, (N, 3, 8, 10)).astype("u1")  # no 0: zeros are padding
MASKS = np.random.default_rng(2).integers(1, 4, (N, 8, 10)).astype("u1")


def dumper(folder, text, *flags, name="m"):
    """The program that dumps the batches of a model's loader."""
    source = folder / f"{name}.c"
    mtc(text, source)
    program = folder / f"dump_{name}"
    flags = ["-O1", *(SANITIZERS if SANITIZE else []), *flags]
    run(["gcc", "-std=c99", *flags, "-w", "-DMT_NO_MAIN", f'-DTRAINER="{source}"',
         ROOT / "tests" / "run" / "dump_batches.c", "-lm", "-o", program])
    return program


def batches(program, folder, *flags, epoch=0):
    """The columns of each example in the order of the files, and the order in which they came."""
    done = subprocess.run([program, *flags], cwd=folder, capture_output=True, env={**os.environ, "EPOCH": str(epoch)})
    if done.returncode:
        raise Failed(f"{program}: {done.stderr.decode()}")
    count = (len(done.stdout) // N - 4) // 8
    rows = np.frombuffer(done.stdout, [("example", "i4"), ("x", "f8", count)])
    assert sorted(rows["example"]) == list(range(N)), "every example once"
    return rows["x"][np.argsort(rows["example"])], list(rows["example"])


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("random")
    np.save(where / "a.npy", IMAGES)
    np.save(where / "m.npy", MASKS)
    return where


@pytest.fixture(scope="session")
def dump(folder):
    """A function: the numbers of a chain of transforms, in training and (epoch -1) in evaluation."""
    made = {}

    def dump(chain, *flags, shape="[3, 8, 10]", epoch=0, compiler=()):
        if (chain, compiler) not in made:
            text = model(['train = npy(a="a.npy")', f"x: a -> {chain}"], shape=shape.replace("[", "[B, "), batch=16,
                         loss="mean(out)").replace("run = 1 epochs", "run = 1 epochs\n  seed = 3")
            made[chain, compiler] = dumper(folder, text, *compiler, name=f"m{len(made)}")
        x, _ = batches(made[chain, compiler], folder, *flags, epoch=epoch)
        return x.reshape(N, *map(int, shape.strip("[]").split(",")))

    return dump


def padded(images, p):
    return np.pad(images, [(0, 0)] * (images.ndim - 2) + [(p, p), (p, p)])


def windows(image, p, height, width):
    """Every window of an image with zeros around it, with its place."""
    wide = padded(image, p)
    return {(i, k): wide[..., i:i + height, k:k + width] for i in range(wide.shape[-2] - height + 1)
            for k in range(wide.shape[-1] - width + 1)}


def place(made, image, p):
    """Where the one window is that was made."""
    found = [at for at, window in windows(image, p, *made.shape[-2:]).items() if np.array_equal(made, window)]
    assert len(found) == 1
    return found[0]


def uniform(counts):
    """That places are equally likely: chi squared, far above its 99.9th percentile only if they are not."""
    counts = np.asarray(counts, float)
    expected = counts.sum() / len(counts)
    chi, freedom = ((counts - expected) ** 2 / expected).sum(), len(counts) - 1
    assert chi < freedom + 4 * np.sqrt(2 * freedom), f"chi squared {chi} of {freedom}"


# ----------------------------------------------------------------------------------------------------- one by one


@pytest.mark.parametrize("size,padding", [("[8, 10]", 2), ("[5, 7]", 0), ("[9, 4]", 1), ("8", 1)])
def test_crop(dump, size, padding):
    height, width = (8, 8) if size == "8" else map(int, size.strip("[]").split(","))
    x = dump(f"reshape(3, 8, 10) -> random_crop({size}, padding={padding})", shape=f"[3, {height}, {width}]")
    places = [place(x[n], IMAGES[n], padding) for n in range(N)]
    for axis, room in ((0, 8 + 2 * padding - height + 1), (1, 10 + 2 * padding - width + 1)):
        uniform(np.bincount([at[axis] for at in places], minlength=room))
        assert max(at[axis] for at in places) == room - 1
    assert abs(np.corrcoef(np.array(places).T)[0, 1]) < 0.15, "rows and columns are drawn apart"


def test_crop_in_evaluation(dump):
    """The middle, as torchvision's CenterCrop has it; of the same size all of it."""
    x = dump("reshape(3, 8, 10) -> random_crop([5, 7], padding=3)", shape="[3, 5, 7]", epoch=-1)
    assert np.array_equal(x, IMAGES[:, :, 2:7, 2:9]), "round(1.5) is 2 in Python"
    x = dump("reshape(3, 8, 10) -> random_crop([7, 5], padding=3)", shape="[3, 7, 5]", epoch=-1)
    assert np.array_equal(x, IMAGES[:, :, 0:7, 2:7]), "round(0.5) is 0, round(2.5) is 2"
    x = dump("reshape(3, 8, 10) -> random_crop([10, 13], padding=2)", shape="[3, 10, 13]", epoch=-1)
    wide = np.zeros((N, 3, 10, 13))
    wide[:, :, 1:9, 1:11] = IMAGES
    assert np.array_equal(x, wide)
    assert np.array_equal(dump("random_crop([8, 10], padding=2)", epoch=-1), IMAGES)


@pytest.mark.parametrize("p", [0, 0.5, 0.2, 1])
def test_hflip(dump, p):
    x = dump(f"random_hflip({p})")
    flipped = [np.array_equal(x[n], IMAGES[n, :, :, ::-1]) for n in range(N)]
    assert all(flip or np.array_equal(x[n], IMAGES[n]) for n, flip in enumerate(flipped))
    assert abs(np.mean(flipped) - p) <= 4 * np.sqrt(p * (1 - p) / N)
    assert np.array_equal(dump(f"random_hflip({p})", epoch=-1), IMAGES)


def test_flip_and_crop_in_both_orders(dump):
    for chain in ("random_crop([8, 10], padding=2) -> random_hflip", "random_hflip -> random_crop([8, 10], padding=2)"):
        x = dump(chain)
        flips = 0
        for n in range(N):
            both = [sum(np.array_equal(x[n], window) for window in windows(image, 2, 8, 10).values())
                    for image in (IMAGES[n], IMAGES[n, :, :, ::-1])]
            assert sorted(both) == [0, 1]
            flips += both[1]
        assert abs(flips / N - 0.5) < 0.09


def test_noise(dump):
    x = dump("scale(0) -> random_noise(0.25)")
    assert abs(x.mean()) < 4 * 0.25 / np.sqrt(x.size) and abs(x.std() - 0.25) < 0.002
    assert abs(((x / 0.25) ** 4).mean() - 3) < 0.1, "as flat as a normal distribution"
    assert len(np.unique(x)) > 0.98 * x.size
    parts = x.reshape(N, -1)
    assert np.abs(np.corrcoef(parts.T) - np.eye(240)).max() < 5.5 / np.sqrt(N), "numbers have nothing to do with others"
    assert np.abs(np.corrcoef(parts) - np.eye(N)).max() < 6 / np.sqrt(240), "nor examples"
    assert np.array_equal(dump("scale(0) -> random_noise(0.25)", epoch=-1), 0 * IMAGES)
    two = dump("scale(0) -> random_noise(0.25) -> random_noise(0.25)")
    assert abs(two.std() - 0.25 * np.sqrt(2)) < 0.003, "the second of a column draws its own"
    # an odd count of numbers, and another batch
    odd = dump("scale(0) -> reshape(3, 8, 10) -> random_crop([1, 1]) -> random_noise(1)", shape="[3, 1, 1]")
    assert abs(odd.std() - 1) < 0.1


def rectangle(changed):
    """Height and width of the rectangle that holds all that changed, which must be all of it."""
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    assert changed[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].all()
    assert changed.sum() == (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1, rows[0], columns[0]


def torchvision_sizes(count, scale, ratio, height=8, width=10):
    """Sizes of RandomErasing's rectangles by its definition, drawn by numpy."""
    random, sizes = np.random.default_rng(7), []
    while len(sizes) < count:
        for _ in range(10):
            area = height * width * random.uniform(*scale)
            aspect = np.exp(random.uniform(*np.log(ratio)))
            h, w = int(round(np.sqrt(area * aspect))), int(round(np.sqrt(area / aspect)))
            if h < height and w < width:
                sizes.append((h, w))
                break
    return np.array(sizes)


@pytest.mark.parametrize("options,p,scale,ratio,value", [
    ("", 0.5, (0.02, 0.33), (0.3, 3.3), (0, 0, 0)),
    ("(1, scale=[0.1, 0.2], ratio=[0.5, 1], value=[-1, 0.5, 300])", 1, (0.1, 0.2), (0.5, 1), (-1, 0.5, 300)),
    ("(p=0.8, value=-7)", 0.8, (0.02, 0.33), (0.3, 3.3), (-7, -7, -7)),
])
def test_erasing(dump, options, p, scale, ratio, value):
    x, found = dump(f"random_erasing{options}"), []
    for n in range(N):
        changed = (x[n] != IMAGES[n]).any(0)
        if changed.any():
            h, w, top, left = rectangle(changed)
            for c in range(3):
                assert (x[n, c][changed] == np.float32(value[c])).all()
            found.append((h, w, top, left))
    assert abs(len(found) / N - p) <= 0.02 + 4 * np.sqrt(p * (1 - p) / N), "0 x n rectangles are not seen"
    found, expected = np.array(found), torchvision_sizes(20000, scale, ratio)
    expected = expected[expected.min(1) > 0]
    for axis in (0, 1):
        spread = expected[:, axis].std() / np.sqrt(len(found))
        assert abs(found[:, axis].mean() - expected[:, axis].mean()) < 4.5 * spread
        room = (8, 10)[axis] - found[:, axis]
        assert (found[:, 2 + axis] <= room).all()
        assert abs((found[:, 2 + axis] / np.maximum(room, 1)).mean() - 0.5) < 0.07
    assert np.array_equal(dump(f"random_erasing{options}", epoch=-1), IMAGES)


# --------------------------------------------------------------------------------------------- places in the chain


def test_zeros_around_are_put_where_the_crop_stands(dump):
    """In front of normalize the padding is 0 for it, behind it 0 for the model."""
    moved = "random_crop([8, 10], padding=3)"
    plain = dump(moved).astype("f8")
    norm = "normalize(mean=[100, 120, 140], std=[50, 60, 70])"
    mean, std = (np.array(v).reshape(3, 1, 1) for v in ([100, 120, 140], [50, 60, 70]))
    assert np.abs(dump(f"{moved} -> {norm}") - (plain - mean) / std).max() < 1e-5
    behind = np.where(plain > 0, (plain - mean) / std, 0)
    assert np.abs(dump(f"{norm} -> {moved}") - behind).max() < 1e-5
    assert np.abs(dump(f"scale(1 / 255) -> {norm} -> {moved} -> scale(2)")
                  - 2 * np.where(plain > 0, (plain / 255 - mean) / std, 0)).max() < 1e-5
    assert np.array_equal(dump(f"clip(50, 60) -> {moved}"), np.where(plain > 0, np.clip(plain, 50, 60), 0))
    assert np.array_equal(dump(f"{moved} -> clip(50, 60)"), np.clip(plain, 50, 60))
    assert np.array_equal(dump(f"{moved} -> clip(max=60)"), np.minimum(plain, 60))
    # evaluation sees no padding
    assert np.abs(dump(f"{norm} -> {moved}", epoch=-1) - (IMAGES - mean) / std).max() < 1e-5


def test_standardize_is_fitted_without_random_transforms(dump):
    mean, std = (f(IMAGES.astype("f8"), axis=(0, 2, 3)).reshape(3, 1, 1) for f in (np.mean, np.std))
    crop = dump("random_crop([8, 10], padding=2)").astype("f8")
    assert np.abs(dump("random_crop([8, 10], padding=2) -> standardize") - (crop - mean) / std).max() < 1e-4
    assert np.abs(dump("standardize -> random_crop([8, 10], padding=2)")
                  - np.where(crop > 0, (crop - mean) / std, 0)).max() < 1e-4
    # a crop that makes another size: fitted on the middle
    middle = IMAGES[:, :, 2:6, 2:8].astype("f8")
    mean, std = (f(middle, axis=(0, 2, 3)).reshape(3, 1, 1) for f in (np.mean, np.std))
    chain = "reshape(3, 8, 10) -> random_crop([4, 6]) -> random_noise(9) -> random_erasing -> standardize"
    x = dump(chain, shape="[3, 4, 6]", epoch=-1)
    assert np.abs(x - (middle - mean) / std).max() < 1e-4
    small = dump("reshape(3, 8, 10) -> random_crop([4, 6])", shape="[3, 4, 6]").astype("f8")
    mean, std = (f(IMAGES.astype("f8"), axis=(0, 2, 3)).reshape(3, 1, 1) for f in (np.mean, np.std))
    x = dump("reshape(3, 8, 10) -> standardize -> random_crop([4, 6])", shape="[3, 4, 6]")
    assert np.abs(x - (small - mean) / std).max() < 1e-4


def test_image_and_mask_move_together(folder):
    """The mask has classes, which are read as whole numbers."""
    text = model(['train = npy(a="a.npy", m="m.npy")', "x: a -> random_crop([8, 10], padding=2) -> random_hflip",
                  "y: m -> class(4) -> reshape(8, 10) -> random_crop([8, 10], padding=2) -> random_hflip"],
                 shape="[B, 3, 8, 10]", batch=16).replace("flatten\n  out: linear(3)", "out: conv2d(4, 1)")
    program = dumper(folder, text, name="pair")
    x, _ = batches(program, folder)
    image, mask = x[:, :240].reshape(N, 3, 8, 10), x[:, 240:].reshape(N, 8, 10)
    assert (mask == 0).any() and (image[:, 0] == 0).any()
    for n in range(N):
        places = [at for at, window in windows(MASKS[n], 2, 8, 10).items() if np.array_equal(window, mask[n])]
        flipped = [(i, k) for (i, k), window in windows(MASKS[n], 2, 8, 10).items()
                   if np.array_equal(window[:, ::-1], mask[n])]
        assert len(places) + len(flipped) >= 1
        assert any(np.array_equal(windows(IMAGES[n], 2, 8, 10)[at], image[n]) for at in places) or any(
            np.array_equal(windows(IMAGES[n], 2, 8, 10)[at][:, :, ::-1], image[n]) for at in flipped)


# ------------------------------------------------------------------------------------------ what it depends on

CHAIN = "random_crop([8, 10], padding=2) -> random_hflip -> random_noise(3) -> random_erasing"


def test_same_for_every_batch_and_order(dump):
    one = dump(CHAIN)
    assert not np.array_equal(one, IMAGES)
    assert np.array_equal(dump(CHAIN), one)
    for flags in (["--batch=1"], ["--batch=7"], ["--shuffle=false"], ["--shuffle=false", "--batch=3"]):
        assert np.array_equal(dump(CHAIN, *flags), one), flags
    assert np.array_equal(dump(CHAIN, compiler=("-DMT_BATCH=1",)), one)
    assert np.array_equal(dump(CHAIN, compiler=("-DMT_BATCH=64",)), one)
    assert np.array_equal(dump(CHAIN, compiler=("-DMT_NO_MMAP",)), one)


def test_other_draws_each_epoch_and_seed(dump):
    one = dump(CHAIN).reshape(N, -1)
    for other in (dump(CHAIN, epoch=1), dump(CHAIN, "--train.seed=4")):
        assert (one != other.reshape(N, -1)).any(1).all(), "every example"
    crop = "random_crop([8, 10], padding=2)"
    first, second = ([place(x, image, 2) for x, image in zip(dump(crop, epoch=epoch), IMAGES)] for epoch in (0, 1))
    same = np.mean([a == b for a, b in zip(first, second)])
    assert same < 0.1, f"one of 25 places: {same}"


def test_training_sees_other_images_than_evaluation(folder, tmp_path):
    """The loader that train uses draws; eval and predict do not, also on the train split."""
    text = model(['train = npy(a="a.npy")', "x: a -> scale(1 / 255) -> random_noise(100)"], shape="[B, 3, 8, 10]",
                 batch=16, loss="mean(out ** 2)")
    mtc(text, tmp_path / "m.c")
    program = build(tmp_path / "m.c", optimize="-O1")
    a = folder / "a.npy"
    init = tmp_path / "i.safetensors"
    run([program, f"--data.train={a}", "--lr=0", f"--save={init}", f"--log={tmp_path / 'log'}"])
    done = run([program, "eval", "--split=train", f"--init={init}", f"--data.train={a}", "--json"])
    log = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    loss = json.loads(done.stdout.splitlines()[-1])["loss"]
    assert [line["loss"] for line in log if line["event"] == "eval"] == [pytest.approx(loss, rel=1e-6)]
    noisy = [line["loss"] for line in log if line["event"] == "step"][-1]
    assert noisy > 1000 * loss, "the noise is there in training alone"
    out = tmp_path / "x.npy"
    run([program, "predict", f"--init={init}", f"--data.train={a}", "--split=train", "--value=x", f"--out={out}"])
    assert np.abs(np.load(out) - IMAGES / 255).max() < 1e-6
