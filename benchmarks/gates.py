"""How close to Keras float32 each recipe must stay, as data, and the verdict on an artifact."""

from dataclasses import dataclass

from conversion.errors import UnsupportedTarget
from conversion.manifest import Manifest
from training.metrics import QualitySummary

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


def gate_of(manifest: Manifest) -> float:
    """Return the gate of an artifact: its own where it was made to reach one, or its recipe's.

    Raises UnsupportedTarget for an unknown recipe.
    """
    return gate_db(manifest.recipe) if manifest.gate_db is None else manifest.gate_db


def judge(summary: QualitySummary, *, gate: float) -> Verdict:
    """Hold the worst drawing of an artifact to a gate, in dB."""
    worst = summary.worst.psnr_db
    passed = worst >= gate  # false for NaN too
    relation = ">=" if passed else "<"
    return Verdict(
        passed=passed,
        sentence=f"{'pass' if passed else 'FAIL'}: {worst:.1f} {relation} {gate:g} dB",
    )
