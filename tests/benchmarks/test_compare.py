import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.compare import main
from benchmarks.statistics.samples import median_ratio_interval
from training.metrics import intervals


@pytest.fixture
def written(tmp_path: Path):
    """Write a report of made-up runs; returns its path."""

    def write(name: str, raw: object) -> str:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(raw))
        return str(path)

    return write


# --- what is printed


def test_runs_are_ranked_by_mode_and_then_by_median(
    written, synthetic_run, synthetic_report, capsys
):
    slow = synthetic_run(median_ms=9, compute_units="cpuOnly")
    fast = synthetic_run(median_ms=2, compute_units="all")
    long = synthetic_run(median_ms=1, mode="sustained")
    path = written("synthetic", synthetic_report(slow, long, fast))
    assert main([path]) == 0
    out = capsys.readouterr().out
    rows = [line for line in out.splitlines() if "Synthetic1,1 (no such chip)" in line]
    assert [("cpuOnly" in row, "sustained" in row) for row in rows] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert f"{fast['p50']:.2f}" in rows[0]
    assert f"{fast['p90']:.2f}" in rows[0]
    assert "40/0/2, 97%" in rows[0] and "80 (+30)" in rows[0]
    assert out.splitlines()[-1] == "3 of 3 runs pass"


def test_cautions_stand_below_the_table(written, synthetic_run, synthetic_report, capsys):
    report = synthetic_report(synthetic_run(), synthetic_run(mode="sustained"))
    report["env"]["charging"] = True
    path = written("synthetic", report)
    assert main([path]) == 0
    out = capsys.readouterr().out
    assert f"caution: {path}: charging: expected unplugged" in out
    assert "coreml all sustained: expected 60 s or more, received 2.0 s" in out


def test_several_reports_stand_in_one_table(written, synthetic_run, synthetic_report, capsys):
    other = synthetic_report(synthetic_run(median_ms=3))
    other["device"]["model"] = "Synthetic2,1"
    assert main([written("one", synthetic_report()), written("two", other)]) == 0
    out = capsys.readouterr().out
    assert out.index("Synthetic2,1") < out.index("Synthetic1,1")  # the faster one first


def test_the_plot_holds_every_run_and_is_not_replaced_unless_asked(
    written, synthetic_run, synthetic_report, tmp_path: Path, capsys
):
    path = written("synthetic", synthetic_report(synthetic_run(), synthetic_run(mode="sustained")))
    chart = tmp_path / "chart.svg"
    assert main([path, "--plot", str(chart)]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == str(chart)
    drawn = chart.read_bytes()
    assert drawn.startswith(b"<?xml")
    assert main([path, "--plot", str(chart)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert chart.read_bytes() == drawn
    assert main([path, "--plot", str(chart), "--overwrite"]) == 0


def test_an_interrupted_plot_leaves_nothing(
    written, synthetic_report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from matplotlib.figure import Figure

    def interrupted(self, path, **_):
        path.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(Figure, "savefig", interrupted)
    path = written("synthetic", synthetic_report())
    assert main([path, "--plot", str(tmp_path / "chart.png")]) == 130
    assert [item.name for item in tmp_path.iterdir()] == ["synthetic.json"]


# --- gates


@pytest.mark.parametrize(
    ("psnr_db", "recipe", "status", "said"),
    [
        (45.0, "fp16", 0, "pass: 45.0 >= 45 dB (apple)"),
        (44.9, "fp16", 1, "FAIL: 44.9 < 45 dB (apple)"),
        (50.0, "fp32", 1, "FAIL: 50.0 < 60 dB (apple)"),
        (None, "fp32", 0, "pass: identical >= 60 dB (apple)"),
    ],
)
def test_the_worst_golden_drawing_is_held_to_the_gate_of_the_recipe(
    written, synthetic_run, synthetic_report, capsys, psnr_db, recipe, status, said
):
    run = synthetic_run(psnr_db=psnr_db)
    better = run["parity"][0] | {"golden": "cat", "psnr_db": 70.0, "max_abs": 1}
    run["parity"] = [better, *run["parity"]]
    if psnr_db is None:
        run["parity"] = run["parity"][1:]
    assert main([written("synthetic", synthetic_report(run, recipe=recipe))]) == status
    assert said in capsys.readouterr().out


def test_a_value_that_is_not_finite_fails_whatever_the_psnr(
    written, synthetic_run, synthetic_report, capsys
):
    run = synthetic_run()
    run["parity"][0] |= {"nonfinite": 3, "psnr_db": 99.0}
    assert main([written("synthetic", synthetic_report(run))]) == 1
    assert "FAIL: apple: 3 values are not finite" in capsys.readouterr().out


def test_pictures_of_one_mode_count_for_the_other_and_none_at_all_fails(
    written, synthetic_run, synthetic_report, capsys
):
    burst, long = synthetic_run(), synthetic_run(mode="sustained") | {"parity": []}
    assert main([written("both", synthetic_report(burst, long))]) == 0
    gpu = synthetic_run(compute_units="cpuAndGPU") | {"parity": []}
    assert main([written("unproven", synthetic_report(burst, gpu))]) == 1
    out = capsys.readouterr().out
    assert "FAIL: no golden drawing was painted" in out
    assert out.splitlines()[-1] == "1 of 2 runs pass"


@pytest.mark.parametrize(
    ("psnr_db", "status", "said"),
    [(35.6, 0, "pass: 35.6 >= 35.5 dB (apple)"), (35.4, 1, "FAIL: 35.4 < 35.5 dB (apple)")],
)
def test_a_model_that_was_made_to_reach_a_gate_is_held_to_that_one(
    written, synthetic_run, synthetic_report, capsys, psnr_db, status, said
):
    report = synthetic_report(synthetic_run(psnr_db=psnr_db), recipe="auto")
    report["artifact"]["gate_db"] = 35.5
    assert main([written("synthetic", report)]) == status
    out = capsys.readouterr().out
    assert said in out and "auto 35.5 dB mlpackage" in out


def test_a_model_of_the_recipe_auto_without_its_gate_is_refused(written, synthetic_report, capsys):
    assert main([written("synthetic", synthetic_report(recipe="auto"))]) == 2
    err = capsys.readouterr().err
    assert "recipe 'auto'" in err and "expected its gate_db, received none" in err


def test_a_recipe_without_a_gate_is_refused(written, synthetic_report, capsys):
    assert main([written("synthetic", synthetic_report(recipe="fp8"))]) == 2
    assert "unknown recipe 'fp8'" in capsys.readouterr().err


# --- regressions


def against(written, report, baseline, *options: str) -> int:
    return main([written("now", report), "--baseline", written("before", baseline), *options])


def test_a_median_that_is_slower_beyond_doubt_and_tolerance_fails(
    written, synthetic_run, synthetic_report, capsys
):
    before = synthetic_report(synthetic_run(median_ms=5, seed=1))
    assert against(written, synthetic_report(synthetic_run(median_ms=6.5)), before) == 1
    assert "FAIL: 1.3" in capsys.readouterr().out
    assert (
        against(
            written, synthetic_report(synthetic_run(median_ms=6.5)), before, "--tolerance", "50%"
        )
        == 0
    )


def test_noise_alone_never_fails_though_medians_differ_by_more_than_the_tolerance(
    written, synthetic_run, synthetic_report, capsys
):
    # Few samples over a wide range: the medians differ by a quarter, their intervals by far more.
    scattered = {"spread": 0.8, "n": 21}
    now = synthetic_run(seed=19, **scattered)
    before = synthetic_run(seed=1, **scattered)
    assert now["p50"] / before["p50"] > 1.2
    assert against(written, synthetic_report(now), synthetic_report(before)) == 0
    assert "pass, unsure" in capsys.readouterr().out


def test_the_same_speed_fails_in_none_of_100_pairs_of_draws(
    synthetic_run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intervals, "RESAMPLES", 200)
    for seed in range(100):
        now, before = (synthetic_run(seed=number) for number in (seed, 1000 + seed))
        low, high = median_ratio_interval(now["samples_ms"], before["samples_ms"])
        assert low <= 1.1
        assert 0.9 < np.mean([low, high]) < 1.1


def test_a_report_against_itself_is_equal(written, synthetic_report, capsys):
    assert against(written, synthetic_report(), synthetic_report()) == 0
    assert "pass: 1.00x" in capsys.readouterr().out


def test_a_faster_run_is_said_to_be(written, synthetic_run, synthetic_report, capsys):
    now = synthetic_report(synthetic_run(median_ms=3))
    assert against(written, now, synthetic_report(synthetic_run(seed=2))) == 0
    assert "faster: 0.6" in capsys.readouterr().out


def test_other_bytes_of_the_same_recipe_are_compared(written, synthetic_run, synthetic_report):
    now = synthetic_report(synthetic_run(median_ms=9))
    now["artifact"]["sha256"] = "b" * 64
    assert against(written, now, synthetic_report()) == 1


def test_models_that_were_made_to_reach_other_gates_are_not_compared(
    written, synthetic_report, capsys
):
    now, before = (synthetic_report(recipe="auto") for _ in range(2))
    now["artifact"]["gate_db"], before["artifact"]["gate_db"] = 35, 40
    assert against(written, now, before) == 2
    err = capsys.readouterr().err
    assert "auto 35 dB" in err and "auto 40 dB" in err


def test_what_only_one_side_measured_is_said(written, synthetic_run, synthetic_report, capsys):
    now = synthetic_report(synthetic_run(), synthetic_run(compute_units="cpuOnly"))
    before = synthetic_report(synthetic_run(), synthetic_run(mode="sustained"))
    assert against(written, now, before) == 0
    out = capsys.readouterr().out
    assert "coreml cpuOnly, burst: not in the baseline" in out
    assert "coreml all, sustained: only in the baseline" in out


def test_other_sizes_are_compared_only_when_told(written, synthetic_report, capsys):
    now = synthetic_report()
    now["artifact"] |= {"width": 128, "height": 96}
    assert against(written, now, synthetic_report()) == 2
    err = capsys.readouterr().err
    assert "different input sizes are not compared" in err and "--across sizes" in err
    assert main([written("one", now), written("two", synthetic_report())]) == 2
    assert against(written, now, synthetic_report(), "--across", "sizes", "builds") == 0


def test_a_baseline_of_version_1_is_compared_since_it_contradicts_nothing(
    written, synthetic_report, version_1, capsys
):
    assert against(written, synthetic_report(), version_1(synthetic_report())) == 0
    assert "says neither the input size" in capsys.readouterr().out


def test_a_baseline_of_another_device_is_refused(written, synthetic_report, capsys):
    before = synthetic_report()
    before["device"]["model"] = "Synthetic9,9"
    assert against(written, synthetic_report(), before) == 2
    assert "no setting in common" in capsys.readouterr().err


# --- what is refused


def test_a_broken_report_or_baseline_is_refused_with_its_faults(written, synthetic_report, capsys):
    broken = synthetic_report()
    broken["runs"][0]["n"] = 1
    assert main([written("broken", broken)]) == 2
    assert "$.runs[0].n: expected 120" in capsys.readouterr().err
    assert against(written, synthetic_report(), broken) == 2
    assert "before.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--tolerance", "ten"], "expected a percentage such as 10%, received 'ten'"),
        (["--tolerance", "-5%"], "expected a percentage"),
        (["--plot", "chart.doc"], "expected a name that ends in .png"),
    ],
)
def test_impossible_options_are_refused_before_anything_is_read(tmp_path, capsys, options, said):
    assert main([str(tmp_path / "absent.json"), *options]) == 2
    assert said in capsys.readouterr().err


def test_no_report_is_refused(capsys):
    assert main([]) == 2
    assert "one report or more" in capsys.readouterr().err
