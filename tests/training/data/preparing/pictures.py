"""Small folders of pictures, and how tests prepare them."""

import hashlib

import numpy as np
from PIL import Image

from training.prepare import Options


def boxes(seed, size=48):
    """Random coloured boxes with black outlines."""
    rng = np.random.default_rng(seed)
    picture = np.full((size, size, 3), 255, np.uint8)
    for _ in range(6):
        top, left = rng.integers(0, size - 16, 2)
        high, wide = rng.integers(10, 16, 2)
        picture[top : top + high, left : left + wide] = 0
        picture[top + 2 : top + high - 2, left + 2 : left + wide - 2] = rng.integers(0, 255, 3)
    return picture


def draw(folder, numbers):
    """A picture of each number; every seventh again under another name, and a text."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        Image.fromarray(boxes(number)).save(folder / f"{number:03d}.png")
        if number % 7 == 0:
            Image.fromarray(boxes(number)).save(folder / f"{number:03d}-again.png")
        if number % 10 == 3:
            (folder / f"{number:03d}.txt").write_text("remember the milk")
    return folder


def options(source, out, **changes):
    settings = {"sources": (str(source),), "size": 32, "kind": "color", "variants": 2, "workers": 0}
    return Options(out=out, **(settings | changes))


def contents(data):
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in data.iterdir()}
