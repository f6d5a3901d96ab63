"""docs/sixty-drawings.md, typed from its first command to its last, on 60 pictures made here."""

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/sixty-drawings.md"
FORMATS = (".jpg", ".png", ".webp", ".tiff")
COLUMNS = 80
# What the page says is typed as it stands, but for the length of the training.
SHORTER = {"training.train": ["--epochs", "1"]}


def draw_pictures(folder: Path) -> None:
    """60 usable pictures in mixed sizes and formats, one of them transparent, and a broken one."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(60):
        width, height = (int(side) for side in rng.integers(90, 260, 2))
        suffix = FORMATS[number % len(FORMATS)]
        mode = "RGBA" if suffix == ".png" else "RGB"
        picture = Image.new(mode, (width, height), (255, 255, 255, 0)[: len(mode)])
        pen = ImageDraw.Draw(picture)
        for _ in range(3):
            x, y = int(rng.integers(5, width // 2)), int(rng.integers(5, height // 2))
            box = (x, y, x + width // 3, y + height // 3)
            fill = tuple(int(level) for level in rng.integers(60, 250, 3))
            shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
            shape(box, fill=fill, outline=(0, 0, 0), width=3)
        picture.save(folder / f"\u7d75-{number}{suffix}")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")


def commands() -> list[list[str]]:
    block = PAGE.read_text(encoding="utf-8").split("```")[1]
    return [shlex.split(line) for line in block.strip().splitlines()]


def run_at_a_terminal(command: list[str], *, cwd: Path, env: dict[str, str]) -> tuple[int, str]:
    """Run a command at a terminal of COLUMNS; returns its status and what was shown, as text."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # EIO: nobody holds the other end any more
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    return process.wait(), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode("utf-8"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private folder")
    draw_pictures(folder / "my-drawings")
    (folder / "my-lines").mkdir()
    page = Image.new("L", (200, 160), 255)
    ImageDraw.Draw(page).rectangle((40, 40, 160, 130), outline=0, width=4)
    page.save(folder / "my-lines" / "house.png")
    return folder


@pytest.mark.slow
def test_every_command_does_what_the_page_promises_in_80_columns(desk):
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": str(COLUMNS)}
    typed = commands()
    assert len(typed) == 9
    for python, *words in typed:
        assert python == ".venv/bin/python"
        words += SHORTER.get(words[1], [])
        status, said = run_at_a_terminal([sys.executable, *words], cwd=desk, env=surroundings)
        assert status == 0, said
        assert "Traceback" not in said and "\N{HORIZONTAL ELLIPSIS}" not in said, said
        long = [line for line in re.split(r"[\r\n]+", said) if len(line.rstrip()) > COLUMNS]
        # Words that no terminal should break may be longer: commands to type, names of files.
        assert not [line for line in long if "  " in line.strip()], said
    assert Image.open(desk / "data/mine/contact-sheet.png").width > 500
    assert Image.open(desk / "coloured.png").size == (200, 160)
    rejected = (desk / "data/mine/rejected.csv").read_text()
    assert "broken.png" in rejected
    shipped = [file for file in (desk / "bundle").rglob("*") if file.is_file()]
    shipped += [desk / "runs/mine/report.html"]
    assert not [file for file in shipped if str(desk).encode() in file.read_bytes()]
    manifest = (desk / "bundle/mine-fp16.mlpackage.json").read_text()
    assert "CC BY 4.0" in manifest and "Your name" in manifest
