"""Compression recipes as data: what an export does to the weights, format by format."""

from dataclasses import dataclass
from typing import Literal

from conversion.errors import UnsupportedTarget

Format = Literal["coreml", "tflite", "onnx"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way of storing and computing an exported model."""

    name: str
    weights: Literal["float32", "float16"]
    summary: str


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(name="fp32", weights="float32", summary="as trained"),
        Recipe(name="fp16", weights="float16", summary="half the bytes"),
    )
}


def recipe_named(name: str) -> Recipe:
    """Return a recipe. Raises UnsupportedTarget with the list of recipes for an unknown name."""
    if name not in RECIPES:
        raise UnsupportedTarget(f"unknown recipe {name!r}; choose from {', '.join(RECIPES)}.")
    return RECIPES[name]
