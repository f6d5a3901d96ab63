import json
from pathlib import Path

import pytest

from benchmarks.device_report import main


@pytest.fixture
def written(tmp_path: Path):
    def write(name: str, raw: object) -> str:
        path = tmp_path / name
        path.write_text(json.dumps(raw))
        return str(path)

    return write


def test_a_good_report_is_summarised(written, synthetic_report, capsys):
    path = written("good.json", synthetic_report())
    assert main([path]) == 0
    out, err = capsys.readouterr()
    assert (
        "Synthetic1,1 (no such chip), 0.0; fp16 mlpackage 64 x 48 aaaaaaaaaaaa; runs 1, samples 120"
        in out
    )
    assert out.splitlines()[-1] == "1 of 1 reports can be used"
    assert "caution" not in out
    assert err == ""


def test_all_reports_are_judged_though_the_first_is_broken(written, synthetic_report, capsys):
    broken = synthetic_report()
    broken["schema"] = "device-report/7"
    paths = [written("broken.json", broken), written("good.json", synthetic_report())]
    assert main(paths) == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "1 of 2 reports can be used"
    assert "broken.json" in err
    assert (
        "$.schema: expected 'device-report/2' or an earlier one, received 'device-report/7'" in err
    )


def test_no_report_is_refused(capsys):
    assert main([]) == 2
    assert "one report or more" in capsys.readouterr().err


def test_departures_from_the_protocol_are_said_and_refuse_nothing(
    written, synthetic_run, synthetic_report, capsys
):
    burst = synthetic_run(n=20) | {"warmup": 1, "thermal": ["serious"]}
    raw = synthetic_report(burst, synthetic_run(mode="sustained"))
    raw["device"] |= {"model": "arm64"}
    raw["env"] |= {"build_config": "Debug", "low_power": True, "charging": True}
    assert main([written("departs.json", raw)]) == 0
    cautions = [line for line in capsys.readouterr().out.splitlines() if "caution" in line]
    for said in (
        "simulator (arm64)",
        "Release build, received Debug",
        "Low Power Mode was on",
        "charging: expected unplugged",
        "coreml all burst: expected 10 warm-ups or more, received 1",
        "coreml all burst: expected 100 samples or more, received 20",
        "coreml all burst: expected thermal state nominal at the start, received serious",
        "coreml all sustained: expected 60 s or more, received 2.0 s",
    ):
        assert sum(said in line for line in cautions) == 1, said
    assert len(cautions) == 8


def test_a_report_of_version_1_can_be_used_with_a_caution(
    written, synthetic_report, version_1, capsys
):
    assert main([written("old.json", version_1(synthetic_report()))]) == 0
    out = capsys.readouterr().out
    assert "device-report/1 says neither the input size nor what measured" in out
    assert out.count("caution") == 1


def test_thirty_predictions_a_second_apart_are_enough(
    written, synthetic_run, synthetic_report, capsys
):
    run = synthetic_run(mode="idle-gap", n=30)
    assert main([written("idle.json", synthetic_report(run))]) == 0
    assert "caution" not in capsys.readouterr().out
