import math
from dataclasses import dataclass

import pytest

from benchmarks.agreement.gates import GATES_DB, gate_db, gate_of, judge
from conversion.errors import UnsupportedTarget
from conversion.recipes import RECIPES
from training.metrics.full_reference import PictureQuality, QualitySummary, summarise


@dataclass(frozen=True)
class Model:
    """What has a gate: manifests and reports do."""

    recipe: str
    gate_db: float | None = None


def summary(*psnr_db: float) -> QualitySummary:
    return summarise(
        {
            f"drawing {number}": PictureQuality(
                psnr_db=db, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=0.0
            )
            for number, db in enumerate(psnr_db)
        }
    )


@pytest.mark.parametrize(
    ("recipe", "db"),
    [
        ("fp32", 60),
        ("fp16", 45),
        ("int8", 38),
        ("palette8", 45),
        ("palette6", 38),
        ("palette4", 30),
        ("prune50-palette6", 30),
        ("w8a8", 30),
        ("w8a16", 38),
    ],
)
def test_no_gate_was_lowered(recipe: str, db: float):
    assert gate_db(recipe) == db


def test_every_recipe_has_a_gate_and_no_other():
    assert set(GATES_DB) == set(RECIPES)


def test_unknown_recipe_is_refused_with_the_list_of_known_ones():
    with pytest.raises(UnsupportedTarget, match="'fp8'.*fp32, fp16"):
        gate_db("fp8")


def test_a_model_has_the_gate_that_it_was_made_to_reach_or_else_that_of_its_recipe():
    assert gate_of(Model("auto", 35.5)) == gate_of(Model("fp16", 35.5)) == 35.5
    assert gate_of(Model("fp16")) == 45


def test_a_model_of_the_recipe_auto_without_its_own_gate_is_refused_with_the_remedy():
    with pytest.raises(UnsupportedTarget, match="'auto' has no gate but.*Export the model again"):
        gate_of(Model("auto"))


def test_one_drawing_below_the_gate_fails_the_artifact():
    verdict = judge(summary(80, 80, 44.9), gate=gate_db("fp16"))
    assert not verdict.passed
    assert verdict.sentence == "FAIL: 44.9 < 45 dB"


def test_a_worst_drawing_exactly_at_the_gate_passes():
    verdict = judge(summary(80, 60.0), gate=gate_db("fp32"))
    assert verdict.passed
    assert verdict.sentence == "pass: 60.0 >= 60 dB"


def test_identical_pictures_pass_every_gate():
    assert all(judge(summary(math.inf), gate=gate_db(recipe)).passed for recipe in GATES_DB)


def test_a_gate_that_cannot_be_computed_is_not_passed():
    assert not judge(summary(math.nan), gate=gate_db("fp16")).passed
