import pytest

from conversion.errors import UnsupportedTarget
from conversion.recipes import FORMATS, RECIPES, recipe_named, recipes_asked_for, recipes_of


def test_every_recipe_is_held_by_some_format_and_says_what_it_does_there():
    for recipe in RECIPES.values():
        assert recipe.summary
        assert set(recipe.summary) <= set(FORMATS)
        assert all(recipe.summary.values())


@pytest.mark.parametrize("format", FORMATS)
def test_an_unknown_recipe_is_refused_with_those_of_the_format(format):
    with pytest.raises(UnsupportedTarget, match=f"'int3' for {format}; choose from fp32, fp16"):
        recipe_named("int3", format=format)


@pytest.mark.parametrize("format", FORMATS)
def test_all_means_every_recipe_of_the_format(format):
    assert recipes_asked_for("all", format=format) == list(recipes_of(format).values())
    assert recipes_asked_for("fp16", format=format) == [RECIPES["fp16"]]


@pytest.mark.parametrize("format", ["tflite", "onnx"])
def test_auto_needs_palettes(format):
    with pytest.raises(UnsupportedTarget, match=r"'auto' .* use conversion\.to_coreml or"):
        recipes_asked_for("auto", format=format)
