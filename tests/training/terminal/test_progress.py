import io
import sys

import pytest

from training.terminal import progress
from training.terminal.progress import Progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_away_from_a_terminal_it_prints_a_line_a_minute(clock, capsys):
    with Progress("training", total=1_000, unit="images") as bar:
        for _ in range(12):
            clock[0] += 10
            bar.advance(50, note="l1 0.1")
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "training: 300/1000 images, 5.0 images/s, 2 min left  l1 0.1",
        "training: 600/1000 images, 5.0 images/s, 1 min left  l1 0.1",
    ]


@pytest.mark.parametrize(("units", "rate"), [(-2, "0.0"), (-8, "-0.1")])
def test_work_that_was_taken_back_leaves_the_time_open(clock, capsys, units, rate):
    with Progress("training", total=10, unit="images", done=4) as bar:
        bar.advance(2)
        clock[0] += 60
        bar.advance(units)
    line = capsys.readouterr().err
    assert line == f"training: {6 + units}/10 images, {rate} images/s, ? min left\n"


def test_a_resumed_run_does_not_count_earlier_work_in_its_rate(clock):
    with Progress("training", total=100, unit="images", done=90) as bar:
        clock[0] += 2
        bar.advance(10)
        assert bar.rate == 5
        assert bar.done == 100


def test_what_came_before_it_warmed_up_does_not_count_in_its_rate(clock):
    bar = Progress("training", total=100, unit="images")
    clock[0] += 60
    bar.advance(10)
    bar.warmed_up()
    assert "? left" in bar.line(80)
    clock[0] += 2
    bar.advance(10)
    assert bar.rate == 5
    assert "0:16 left" in bar.line(80)


def test_on_a_terminal_it_draws_a_bar(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress("training", total=2, unit="images") as bar:
        bar.advance(2, note="l1 0.1")
    assert "100%" in terminal.getvalue()
    assert "images/s" in terminal.getvalue()


def test_a_stage_that_ended_is_a_line_away_from_a_terminal(clock, capsys):
    with Progress("training", total=1_000, unit="images") as bar:
        bar.stage = "epoch 1/4"
        clock[0] += 5
        bar.advance(250, note="l1 0.1")
        bar.end_stage("validation PSNR 21.34 dB")
    assert capsys.readouterr().err == (
        "training: epoch 1/4, 250/1000 images, 50.0 images/s, 0 min left  "
        "validation PSNR 21.34 dB\n"
    )


def test_on_a_narrow_terminal_the_note_and_then_the_bar_give_way(clock):
    bar = Progress("training", total=9_000, unit="images")
    bar.stage, bar.measured = "epoch 3/30", "PSNR 21.34 dB"
    clock[0] += 10
    bar.advance(900, note="l1 0.1234  gradient 0.5678")
    kept = "training epoch 3/30   10%  90.0 images/s  1:30 left  PSNR 21.34 dB"
    assert bar.line(120).endswith("PSNR 21.34 dB  l1 0.1234")
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}" in bar.line(80) and len(bar.line(80)) <= 80
    assert bar.line(70) == kept
    assert bar.line(30) == kept  # nothing of it is left out: the terminal's width is the limit
