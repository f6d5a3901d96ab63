import keras
import numpy as np
import pytest
from keras import layers

from conversion.quantized.joins import LARGEST, LEAST, ScaledJoin, with_joins_in_range

# Multiplied and divided again in float32.
ROUNDING = 1e-6


def joined(*, kind: type = layers.Conv2D, reach: float = 32.0, act: str | None = None):
    """x (N, 4, 6, 2), what it is told (N, 4, 6, 1) -> join -> two convolutions, their sum.

    The features are x times `reach`; the weights of x are 1 and -1, those of what is told 2 and -2
    in the first convolution, half of that in the second. act: between the join and the first.
    """
    x = keras.Input((4, 6, 2), name="x")
    told = keras.Input((4, 6, 1), name="told")
    features = layers.Rescaling(reach, name="features")(x)
    join = layers.Concatenate(name="join")([features, told])
    read = layers.Activation(act, name="act")(join) if act else join
    first = kind(2, 1, name="first")
    second = layers.Conv2D(2, 1, name="second")
    model = keras.Model([x, told], layers.Add()([first(read), second(join)]))
    signs = np.array([1.0, -1.0], np.float32)
    outer = np.outer([1.0, 1.0, 2.0], signs)  # (in, out)
    first.set_weights([(outer if kind is layers.Conv2D else outer.T)[None, None], signs])
    second.set_weights([outer[None, None] / 2, signs])
    return model


def samples(count: int = 20) -> list[dict[str, np.ndarray]]:
    """Values in [-1, 1] whose ends are there."""
    rng = np.random.default_rng(0)
    made = [
        {"x": rng.uniform(-1, 1, (1, 4, 6, 2)), "told": rng.uniform(-1, 1, (1, 4, 6, 1))}
        for _ in range(count)
    ]
    made[-1] = {name: np.ones_like(value) for name, value in made[-1].items()}
    return [{name: value.astype(np.float32) for name, value in each.items()} for each in made]


@pytest.mark.parametrize("kind", [layers.Conv2D, layers.Conv2DTranspose])
def test_a_part_is_multiplied_by_what_its_weights_are_divided_by(kind):
    model = joined(kind=kind)
    twin = with_joins_in_range(model, samples())
    join = twin.get_layer("join")
    # The features reach 32 with weights of 1, what is told 1 with weights of 2: sqrt(32 * 2 / 1).
    assert isinstance(join, ScaledJoin) and join.scales == pytest.approx((1, 8))
    for name, largest in (("first", 2), ("second", 1)):
        kernel = twin.get_layer(name).kernel.numpy()
        of_told = (
            kernel[0, 0, :, 2] if kind is not layers.Conv2D and name == "first" else kernel[0, 0, 2]
        )
        np.testing.assert_allclose(np.abs(of_told), largest / 8)
    given = list(samples()[0].values())
    np.testing.assert_allclose(twin(given), model(given), rtol=ROUNDING, atol=32 * ROUNDING)
    assert float(np.abs(keras.Model(twin.input, join.output)(given)[..., 2]).max()) > 6


def test_a_factor_has_an_end_beyond_which_it_would_clip_other_drawings():
    quiet = [{**each, "told": 1e-4 * each["told"]} for each in samples()]
    assert with_joins_in_range(joined(), quiet).get_layer("join").scales == (1, LARGEST)


@pytest.mark.parametrize(
    "model",
    [
        joined(reach=2 * LEAST**2 / 4 - 0.1),  # a factor just below what is worth it
        joined(act="sigmoid"),  # what stands between can tell
    ],
)
def test_a_generator_whose_joins_are_alike_or_not_read_directly_is_left_alone(model):
    assert with_joins_in_range(model, samples()) is model


@pytest.mark.parametrize("loudness", [0, 1e-9])
def test_a_part_that_hardly_speaks_on_any_drawing_is_left_alone(loudness):
    silent = [{**each, "told": loudness * each["told"]} for each in samples()]
    model = joined()
    assert with_joins_in_range(model, silent) is model


def test_a_convolution_that_is_used_twice_is_left_alone():
    x = keras.Input((4, 6, 1), name="x")
    told = keras.Input((4, 6, 1), name="told")
    conv = layers.Conv2D(2, 1)
    first = conv(layers.Concatenate()([layers.Rescaling(32.0)(x), told]))
    model = keras.Model([x, told], conv(first))
    assert with_joins_in_range(model, samples()) is model


def test_a_join_that_is_returned_too_is_left_alone():
    x = keras.Input((4, 6, 1), name="x")
    told = keras.Input((4, 6, 1), name="told")
    join = layers.Concatenate()([layers.Rescaling(32.0)(x), told])
    model = keras.Model([x, told], [layers.Conv2D(2, 1)(join), join])
    assert with_joins_in_range(model, samples()) is model


def test_samples_of_several_sizes_are_looked_at():
    x = keras.Input((None, None, 1), name="x")
    told = keras.Input((None, None, 1), name="told")
    join = layers.Concatenate(name="join")([x, told])
    model = keras.Model([x, told], layers.Conv2D(1, 1, kernel_initializer="ones")(join))
    ones = [np.ones((1, *size, 1), np.float32) for size in ((4, 6), (2, 2))]
    given = [{"x": 4 * ones[0], "told": ones[0]}, {"x": 64 * ones[1], "told": ones[1]}]
    assert with_joins_in_range(model, given).get_layer("join").scales == pytest.approx((1, 8))
