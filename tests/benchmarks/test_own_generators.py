import dataclasses
from pathlib import Path

import pytest

from benchmarks import own_generators
from benchmarks.own_generators import NAMES, Measured, Options, main, missed_unknown
from training.errors import NurieError


def test_the_nets_are_those_that_are_built():
    from benchmarks.own.nets import NETS

    assert tuple(NETS) == NAMES


def test_a_net_is_saved_exported_and_compared_as_a_stranger_would_type_it(tmp_path: Path, capsys):
    out = tmp_path / "new"
    words = ["espcn", "--size", "32", "--recipes", "fp16", "--out", str(out)]
    assert main(words) == 0
    assert (out / "espcn/exports/gen.keras/gen-fp16.mlpackage").is_dir()
    said = capsys.readouterr().out
    told = "--input-range 0 1 --output-range 0 1 --custom-objects benchmarks.own.nets --size 32"
    assert f"$ python -m conversion.to_coreml {out}/espcn/gen.keras {told} --recipe fp16" in said
    assert f"$ python -m benchmarks.parity {out}/espcn/gen.keras {told} --drawings {out}/b" in said
    assert "fp16 (45)" in said
    assert main(words) == 2
    assert f"{out} already exists" in capsys.readouterr().err


def test_a_miss_that_was_not_known_fails_and_one_that_was_does_not(compared):
    def of(recipe: str, *, passed: bool) -> Measured:
        row = dataclasses.replace(compared, recipe=recipe, passed=passed)
        return Measured(spread=30.0, rows={recipe: row})

    measured = {"cyclegan": of("palette6", passed=False), "espcn": of("palette6", passed=False)}
    known = {("cyclegan", compared.format, "palette6")}
    assert missed_unknown(measured, known) == ["espcn palette6"]
    assert missed_unknown(measured, ()) == ["cyclegan palette6", "espcn palette6"]
    assert missed_unknown({"espcn": of("palette6", passed=True)}, ()) == []
    assert own_generators.cells(measured["espcn"], ["palette6"]) == ["30", "41.0*"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"nets": ("pix2pixhd",)}, "expected some of pix2pix, cyclegan"),
        ({"nets": ()}, "received none"),
        ({"size": 100}, "multiple of 8"),
        ({"recipes": ()}, "at least one"),
        ({"nets": ("selu", "espcn", "selu")}, "nets: expected each once, received selu more often"),
        ({"recipes": ("fp16", "fp16")}, "--recipes: expected each once, received fp16"),
        ({"recipes": ("all",)}, "unknown recipe 'all' for coreml; choose from [^.]*, auto[.]"),
    ],
)
def test_what_is_impossible_is_refused_before_any_work(wrong, said):
    with pytest.raises(NurieError, match=said):
        Options(**wrong)
