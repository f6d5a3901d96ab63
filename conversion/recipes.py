"""Compression recipes as data: what an export does to a model, and which formats have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from conversion.errors import UnsupportedTarget
from training.terminal.meant import did_you_mean

Format = Literal["coreml", "tflite", "onnx", "coreai"]
FORMATS: tuple[Format, ...] = ("coreml", "tflite", "onnx", "coreai")
# What people call them.
FORMAT_NAMES = {"coreml": "Core ML", "tflite": "TFLite", "onnx": "ONNX", "coreai": "Core AI"}
PALETTES: tuple[Format, ...] = ("coreml", "coreai")  # the formats that have any
TARGETS = ("iOS16", "iOS17", "iOS18", "iOS26")  # of Core ML, oldest first

# How weights are stored, and computed with where they are fp32 or fp16; searched: layer by layer.
Weights = Literal["fp32", "fp16", "int8", "palette8", "palette6", "palette4", "searched"]
Activations = Literal["float", "int8", "int16"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way of storing and computing an exported model."""

    name: str
    summary: Mapping[Format, str]  # what it does there; a format that is absent has no such recipe
    weights: Weights
    activations: Activations = "float"
    sparsity: float = 0.0  # share of all weights that is made zero
    oldest_target: str = "iOS16"  # of Core ML: the first that can hold it
    # Formats in which weights are rounded by what drawings show of the layers' inputs.
    compensated: tuple[Format, ...] = ()

    @property
    def calibrated(self) -> bool:
        """Whether it measures activations on drawings of the data set."""
        return self.activations != "float"

    def needs_drawings(self, format: Format) -> bool:
        """Whether it looks at drawings of the data set at all."""
        return self.calibrated or self.weights == "searched" or format in self.compensated


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(name="fp32", weights="fp32", summary=dict.fromkeys(FORMATS, "as trained")),
        Recipe(name="fp16", weights="fp16", summary=dict.fromkeys(FORMATS, "half the bytes")),
        Recipe(
            name="int8",
            weights="int8",
            summary=dict.fromkeys(FORMATS, "weights in 8 bits, one scale a channel"),
        ),
        Recipe(
            name="palette8",
            weights="palette8",
            summary=dict.fromkeys(PALETTES, "weights from palettes of 256 values"),
        ),
        Recipe(
            name="palette6",
            weights="palette6",
            summary=dict.fromkeys(PALETTES, "weights from palettes of 64 values"),
            compensated=PALETTES,
        ),
        Recipe(
            name="palette4",
            weights="palette4",
            summary=dict.fromkeys(PALETTES, "weights from palettes of 16 values"),
            compensated=PALETTES,
        ),
        Recipe(
            name="prune50-palette6",
            weights="palette6",
            sparsity=0.5,
            summary={"coreml": "half of the weights zero, the rest from palettes of 64 values"},
            oldest_target="iOS18",  # the first whose programs can hold both at once
        ),
        Recipe(
            name="w8a8",
            weights="int8",
            activations="int8",
            summary={
                "coreml": "weights and activations in 8 bits",
                # The first convolution, and what stands between them, stay in float.
                "tflite": "convolutions in 8 bits, weights and activations",
                "onnx": "convolutions in 8 bits, weights and activations",
                "coreai": "convolutions in 8 bits, weights and activations",
            },
            oldest_target="iOS17",  # the first with quantize and dequantize
        ),
        Recipe(
            name="w8a16",
            weights="int8",
            activations="int16",
            summary={"tflite": "weights in 8 bits, activations in 16"},
        ),
    )
}


# Not a row of the table: what it does to a layer depends on the checkpoint and on what is asked.
AUTO = Recipe(
    name="auto",
    weights="searched",
    summary=dict.fromkeys(PALETTES, "each layer in as few bits as the pictures allow"),
)


def recipe_named(name: str, *, format: Format, also: tuple[str, ...] = ()) -> Recipe:
    """Return a recipe of a format. also: other words that may be typed in its place.

    Raises UnsupportedTarget with the list of recipes for one that the format does not have.
    """
    known = recipes_of(format)
    if format in AUTO.summary:
        known[AUTO.name] = AUTO
    if name == AUTO.name and format not in AUTO.summary:
        raise UnsupportedTarget(
            f"recipe 'auto' chooses among palettes for each layer, which {format} does not have; "
            f"use conversion.to_coreml or to_coreai, or choose from {', '.join((*known, *also))}."
        )
    if name not in known:
        raise UnsupportedTarget(
            f"unknown recipe {name!r} for {format}; choose from "
            f"{', '.join((*known, *also))}."
            f"{did_you_mean(name, known)}"
        )
    return known[name]


def recipes_of(format: Format) -> dict[str, Recipe]:
    """Return the recipes that a format has, by name."""
    return {name: recipe for name, recipe in RECIPES.items() if format in recipe.summary}


def recipes_asked_for(name: str, *, format: Format) -> list[Recipe]:
    """Return the recipe of this name, or for "all" every recipe of the format.

    Raises UnsupportedTarget as `recipe_named` does.
    """
    if name == "all":
        return list(recipes_of(format).values())
    return [recipe_named(name, format=format, also=("all",))]


def target_of(recipe: Recipe, asked: str | None = None) -> str:
    """Return the Core ML target that an export is made for; default: the oldest that holds it.

    Raises UnsupportedTarget for an unknown one, and for one that cannot hold the recipe.
    """
    if asked is None:
        return recipe.oldest_target
    asked = known_target(asked)
    if not is_at_least(asked, recipe.oldest_target):
        raise UnsupportedTarget(
            f"{recipe.name} needs {recipe.oldest_target} or newer, received {asked}. Choose "
            "another recipe, or leave --target out."
        )
    return asked


def known_target(target: str) -> str:
    """Return a target as it is spelt, for any spelling of its letters: iOS17 for ios17.

    Raises UnsupportedTarget, with the list of known ones, for what is none of them.
    """
    spelt = {known.lower(): known for known in TARGETS}
    if target.lower() not in spelt:
        meant = did_you_mean(f"iOS{target}" if target.isdigit() else target, TARGETS)
        raise UnsupportedTarget(
            f"unknown target {target!r}; choose from {', '.join(TARGETS)}.{meant}"
        )
    return spelt[target.lower()]


def is_at_least(target: str, oldest: str) -> bool:
    """Return whether a target is `oldest` or newer."""
    return TARGETS.index(target) >= TARGETS.index(oldest)
