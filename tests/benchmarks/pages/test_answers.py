"""What the report answers first, and what it says to do next."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement.record import Parity
from benchmarks.pages.answers import answers_to, colours_well, next_steps
from benchmarks.pages.speed import Note, Speed
from benchmarks.timing.record import write_latency
from training.data.named import NamedData
from training.metrics.coloring import Estimate, measure_coloring, summarise_colorings
from training.metrics.evaluation import MEAN_COLOR, MODEL, PAPER, Evaluation
from training.metrics.full_reference import summarise
from training.metrics.hints.classical_fill import classical_fill
from training.metrics.hints.evaluation import evaluate_hints

MISSING = Note(sentence="Not measured yet. Run:", command="python -m something")


def evaluation(*, ours: int, theirs: int) -> Evaluation:
    """Of two grey pictures, from whose truth both are so many levels away."""
    rows, colorings = {}, {}
    for name, levels in ((MODEL, ours), (MEAN_COLOR, theirs), (PAPER, 100)):
        truth = np.full((12, 12, 3), 50, np.uint8)
        measured = [
            measure_coloring(truth + np.uint8(levels + n), truth, lineart=truth[..., 0])
            for n in (0, 1)
        ]
        rows[name] = summarise({str(n): each.quality for n, each in enumerate(measured)})
        colorings[name] = summarise_colorings(measured)
    return Evaluation(
        command="",
        checkpoint="",
        checkpoint_sha256="",
        epoch=1,
        data=NamedData(path="", sha256="", source="", licence="", credit=""),
        rows=rows,
        colorings=colorings,
        ms_ssim_scales=1,
        hints=None,
    )


def record_of(artifact):
    return Parity(
        command="",
        checkpoint="",
        checkpoint_sha256="",
        version="epoch 1",
        data=NamedData(path="", sha256="", source="", licence="", credit=""),
        artifacts=[artifact],
    )


def answered(*given, latency=Path("nowhere.json")):
    return {each.question: each for each in answers_to(*given, latency=latency, mac=False)}


def test_a_run_without_records_says_so_to_every_question():
    answers = answered(None, {})
    assert {each.short for each in answers.values()} == {"Not measured yet"}
    assert {each.good for each in answers.values()} == {None}


@pytest.mark.parametrize(("ours", "theirs", "well"), [(5, 40, True), (40, 40, False)])
def test_it_colours_well_if_it_is_nearer_to_the_truth_than_one_colour_is(ours, theirs, well):
    measured = evaluation(ours=ours, theirs=theirs)
    answer = answered(measured, {})["Does it colour well?"]
    assert (colours_well(measured), answer.good) == (well, well)
    assert "one mean colour inside the lines is at" in answer.sentence


def test_a_net_that_takes_hints_is_judged_with_them():
    lineart = np.full((1, 24, 30), 255, np.uint8)
    lineart[:, 4:20, 4] = 0
    color = np.repeat(lineart[..., None], 3, axis=-1)
    color[:, 10:20, 10:20] = (200, 30, 60)
    hints = evaluate_hints(classical_fill, color, lineart=lineart, ids=("a",))
    measured = dataclasses.replace(evaluation(ours=5, theirs=40), hints=hints)
    assert not colours_well(measured)  # it is the classical fill itself
    assert "dB with 16 (" in answered(measured, {})["Does it colour well?"].sentence


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([(1, 2), (1, 2)], "Better than without a network"),
        ([(1, 2), (-1, 1)], "Better with few hints, as good with many"),
        ([(-1, 1), (1, 2)], "Better with some hints, as good with others"),
        ([(1, 2), (-2, -1)], "No better than without a network"),
        ([(-1, 1), (-1, 1)], "No better than without a network"),
    ],
)
def test_with_hints_it_must_be_ahead_somewhere_and_nowhere_behind(gains, said):
    color = np.full((1, 24, 30, 3), 255, np.uint8)
    color[:, 10:20, 10:20] = (200, 30, 60)
    hints = evaluate_hints(classical_fill, color, lineart=color[..., 0], ids=("a",))
    points = [
        dataclasses.replace(point, ahead_db=Estimate(value=0.0, low=low, high=high))
        for point, (low, high) in zip(hints.rows[MODEL].points["dots"], gains, strict=False)
    ]
    curves = dataclasses.replace(
        hints.rows[MODEL], points=hints.rows[MODEL].points | {"dots": points}
    )
    changed = dataclasses.replace(hints, rows=hints.rows | {MODEL: curves})
    measured = dataclasses.replace(evaluation(ours=40, theirs=5), hints=changed)
    assert answered(measured, {})["Does it colour well?"].short == said


def test_size_and_speed_are_those_of_models_that_draw_the_same(compared, timed, tmp_path):
    smaller = dataclasses.replace(compared, bytes=9, sha256="cd", passed=False)
    larger = dataclasses.replace(compared, bytes=9_000_000, sha256="ef")
    artifacts = {"small": smaller, "Core ML palette4": compared, "large": larger}
    write_latency(timed(("ab", 1)), tmp_path / "latency.json")
    answers = answered(None, artifacts, latency=tmp_path / "latency.json")
    same = answers["Does the phone draw the same?"]
    assert (same.short, same.good) == ("2/3 exported models do", False)
    assert "41.0 dB" in same.sentence and "not on a phone" in same.sentence
    assert answers["How large is it?"].short == "2.00 MB"
    assert answers["How fast is it?"].short == "4.5 ms here"  # the median of 3, 5, 4 and 6


def test_what_no_phone_of_apple_runs_is_not_the_size_for_a_phone(compared):
    tflite = dataclasses.replace(compared, format="tflite", bytes=1000)
    both = answered(None, {"TFLite": tflite, "Core ML": compared})["How large is it?"]
    assert (both.short, "for a phone" in both.sentence) == ("2.00 MB", True)
    alone = answered(None, {"TFLite": tflite})["How large is it?"]
    assert (alone.short, "for a phone" in alone.sentence) == ("0.00 MB", False)


def test_a_run_without_records_is_measured_exported_and_compared_next():
    steps = next_steps(Path("runs/x"), evaluation=MISSING, parity=MISSING, speed=MISSING)
    assert [step.command for step in steps] == [
        "python -m something",
        "python -m conversion.to_coreml runs/x",
        "python -m something",
    ]


def test_a_model_that_passes_goes_into_the_app_and_one_that_fails_does_not(compared):
    parity = record_of(compared)
    good, bad = evaluation(ours=5, theirs=40), evaluation(ours=40, theirs=40)
    (time, app) = next_steps(Path("runs/x"), evaluation=good, parity=parity, speed=MISSING)
    assert time.command == "python -m something"
    assert app.command == f"python -m benchmarks.ios_bundle runs/x {compared.artifact}"
    failed = dataclasses.replace(parity, artifacts=[dataclasses.replace(compared, passed=False)])
    train, leave = next_steps(Path("runs/x"), evaluation=bad, parity=failed, speed=MISSING)
    assert train.sentence.startswith("Train it longer")
    assert leave.sentence.startswith("Leave out x-palette4-iOS18.mlpackage")


def test_there_is_always_something_to_do(compared):
    onnx = dataclasses.replace(compared, format="onnx")
    parity = record_of(onnx)
    speed = Speed(machine="", command="", rows=[])
    (step,) = next_steps(
        Path("runs/x"), evaluation=evaluation(ours=5, theirs=40), parity=parity, speed=speed
    )
    assert step.command == "python -m training.colorize runs/x drawing.png -o coloured.png"
