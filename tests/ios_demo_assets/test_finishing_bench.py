"""The command that times finishing: which drawings it takes, and with what it refuses others."""

from pathlib import Path

import pytest

BENCH = ".build/debug/nurie-finishing-bench"
LINE = bytes([255] * 20 + [0] * 10 + [255] * 20)  # 10 x 5, a row of ink
pytestmark = pytest.mark.usefixtures("built")


@pytest.mark.parametrize(
    "header", [b"P5 10 5 255\n", b"P5\n# by hand\n10 5\n#\n255\n", b"P5\n10#wide\n5\n255\n"]
)
def test_a_grey_map_is_timed_whatever_its_header_looks_like(run_swift, tmp_path: Path, header):
    drawing = tmp_path / "drawing.pgm"
    drawing.write_bytes(header + LINE)
    done = run_swift(BENCH, "--repeats", "2", drawing)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("10 x 5, 2 regions: clean ")
    assert "ms of processors" in done.stdout and "MB at most" in done.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected a PGM file of 8 bits"),
        (b"P5", "expected a PGM file of 8 bits"),
        (b"P5 10 5 255", "expected 50 bytes for 10 x 5 pixels, received 0"),
        (b"P5 10 5 255\n" + LINE[:-1], "received 49"),
        (b"P5 10 5 255\n" + LINE + b"\n", "received 51"),
        (b"P5 # no size", "expected a PGM file of 8 bits"),
        (b"P5 0 5 255\n", "expected a PGM file of 8 bits"),
        (b"P5 99999999999 99999999999 255\n", "expected a PGM file of 8 bits"),
        (b"P5 10 5 65535\n" + LINE * 2, "expected a PGM file of 8 bits"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "expected a PGM file of 8 bits"),
    ],
)
def test_what_is_no_whole_grey_map_is_refused(run_swift, tmp_path: Path, content, said):
    drawing = tmp_path / "drawing.pgm"
    drawing.write_bytes(content)
    done = run_swift(BENCH, drawing)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {drawing}: ") and said in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--fast"],
        ["--size", "0x9"],
        ["--size", "9"],
        ["--size", "9x9", "a.pgm"],
        ["a.pgm", "b.pgm"],
    ],
)
def test_other_words_are_refused_with_the_usage(run_swift, words):
    done = run_swift(BENCH, *words)
    assert done.returncode == 2
    assert "nurie-finishing-bench [--repeats COUNT]" in done.stderr


def test_a_sheet_of_figures_has_any_size(run_swift):
    done = run_swift(BENCH, "--repeats", "1", "--size", "160x120")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("160 x 120, ")
