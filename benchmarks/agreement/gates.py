"""How close to Keras float32 each recipe must stay, as data, and the verdict on an artifact."""

from dataclasses import dataclass
from typing import Protocol

from conversion.errors import UnsupportedTarget
from conversion.recipes import AUTO
from training.metrics.full_reference import QualitySummary

# PSNR in dB that every single drawing must reach against the Keras float32 picture.
# 60 dB: at most one grey level of difference in about every fifteenth value; what remains is
# rounding of 8-bit values. 45 dB: about 1.4 grey levels, root mean square.
# 35 dB is what ml-stable-diffusion asks of a converted model, above 30 dB AI Hub calls one good.
GATES_DB = {
    "fp32": 60.0,
    "fp16": 45.0,
    "int8": 38.0,
    "palette8": 45.0,
    "palette6": 38.0,
    "palette4": 30.0,
    "prune50-palette6": 30.0,
    "w8a8": 30.0,
    "w8a16": 38.0,
}


class Gated(Protocol):
    """What says how close a model must stay: its manifest, or a device's report of it."""

    @property
    def recipe(self) -> str:
        """How it was stored."""

    @property
    def gate_db(self) -> float | None:
        """PSNR that it was made to reach; None: the gate of its recipe."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an artifact stays close enough, and the sentence that says so."""

    passed: bool
    sentence: str


def gate_db(recipe: str) -> float:
    """Return the gate of a recipe. Raises UnsupportedTarget for an unknown recipe."""
    if recipe not in GATES_DB:
        raise UnsupportedTarget(f"unknown recipe {recipe!r}; choose from {', '.join(GATES_DB)}.")
    return GATES_DB[recipe]


def gate_of(model: Gated) -> float:
    """Return the gate of a model: its own where it was made to reach one, or its recipe's.

    Raises UnsupportedTarget for an unknown recipe, and for one of no fixed gate without its own.
    """
    if model.gate_db is not None:
        return model.gate_db
    if model.recipe == AUTO.name:
        raise UnsupportedTarget(
            f"recipe {AUTO.name!r} has no gate but the one that a model was made to reach: "
            "expected its gate_db, received none. Export the model again, or measure it again with "
            "a bundle of benchmarks.ios_bundle."
        )
    return gate_db(model.recipe)


def judge(summary: QualitySummary, *, gate: float) -> Verdict:
    """Hold the worst drawing of an artifact to a gate, in dB."""
    worst = summary.worst.psnr_db
    passed = worst >= gate  # false for NaN too
    relation = ">=" if passed else "<"
    return Verdict(
        passed=passed,
        sentence=f"{'pass' if passed else 'FAIL'}: {worst:.1f} {relation} {gate:g} dB",
    )
