#!/usr/bin/env python3
"""Makes the committed data of digits/ and iris/ from the copies in scikit-learn. Needs scikit-learn and numpy.

    python3 examples/make_data.py

Digits: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
https://doi.org/10.24432/C50P49, CC BY 4.0; its test part, 1,797 images of 8 x 8 pixels from 0 to 16, which
scikit-learn packages. Every fifth image, from the fourth on, is the test split (359), the others train (1,438).

Iris: Fisher, "The use of multiple measurements in taxonomic problems", 1936; UCI Machine Learning Repository,
https://doi.org/10.24432/C56C76, CC BY 4.0. 150 flowers, four lengths in centimetres. scikit-learn's copy has the two
rows corrected in which UCI's differs from Fisher's paper.
"""

import pathlib
import struct

import numpy as np
from sklearn.datasets import load_digits, load_iris

HERE = pathlib.Path(__file__).parent


def write_idx(path, array):
    """IDX, the format of MNIST: two zeros, 08 for bytes, the rank, the sizes (big-endian), the bytes."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes())


def make_digits():
    digits = load_digits()
    images, labels = digits.images, digits.target
    assert images.shape == (1797, 8, 8) and images.min() == 0 and images.max() == 16
    assert np.array_equal(images, images.round())
    test = np.arange(len(images)) % 5 == 3
    for split, chosen in (("train", ~test), ("test", test)):
        write_idx(HERE / "digits" / f"{split}-images-idx3-ubyte", images[chosen])
        write_idx(HERE / "digits" / f"{split}-labels-idx1-ubyte", labels[chosen])


def make_iris():
    iris = load_iris()
    lines = ["sepal_length,sepal_width,petal_length,petal_width,species"]
    for row, kind in zip(iris.data, iris.target):
        lines.append(",".join(f"{value:.1f}" for value in row) + "," + iris.target_names[kind])
    (HERE / "iris" / "iris.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    make_digits()
    make_iris()
