import keras
import numpy as np
import pytest
from keras import layers

from conversion.export.origins.looked_at import as_image_to_image, fixed_size, tried
from training.errors import CheckpointError

SIZE = (8, 12)


def net(channels=3, out=3, **rest):
    picture = keras.Input((None, None, channels))
    return keras.Model(picture, layers.Conv2D(out, 3, padding="same", **rest)(picture))


def test_an_image_to_image_network_is_taken_as_it_is():
    model = net(4, 1)
    assert as_image_to_image(model, "gen") is model
    answered = tried(model, "gen", size=SIZE, values=(0, 1))
    assert (answered.channels, answered.enlarged) == (1, 1)
    assert fixed_size(model) is None
    fixed = keras.Input((8, 12, 3))
    assert fixed_size(keras.Model(fixed, layers.ReLU()(fixed))) == SIZE


def test_how_often_larger_a_result_is_is_seen():
    picture = keras.Input((None, None, 3))
    model = keras.Model(picture, layers.UpSampling2D(3)(picture))
    assert tried(model, "gen", size=SIZE, values=(0, 1)).enlarged == 3


def test_a_size_that_it_cannot_halve_is_refused_with_the_reason_and_one_that_it_can():
    picture = keras.Input((None, None, 3))
    halved = layers.Conv2D(3, 3, strides=4, padding="same")(picture)
    model = keras.Model(picture, layers.Add()([picture, layers.UpSampling2D(4)(halved)]))
    with pytest.raises(
        CheckpointError, match=r"12x10 pixels: .*shape.*\. .*: 12 would do\."
    ) as said:
        tried(model, "gen", size=(10, 12), values=(0, 1))
    assert "Exception encountered" not in str(said.value)


def test_a_net_of_mixed_precision_is_computed_in_float32():
    model = net()
    mixed = net(dtype="mixed_float16")
    mixed.set_weights(model.get_weights())
    noise = np.random.default_rng(0).random((1, *SIZE, 3), np.float32)
    assert mixed(noise).dtype == "float16"
    taken = as_image_to_image(mixed, "gen")
    np.testing.assert_array_equal(taken(noise), model(noise))


def test_what_a_net_returns_in_16_bits_is_float32_in_the_end():
    half = as_image_to_image(net(dtype="float16"), "gen")
    assert half.output.dtype == "float32"
    assert tried(half, "gen", size=SIZE, values=(0, 1)).channels == 3


def two_inputs():
    one, other = keras.Input((8, 8, 3), name="photo"), keras.Input((8, 8, 1), name="mask")
    return keras.Model([one, other], layers.Concatenate()([one, other]))


def two_outputs():
    picture = keras.Input((8, 8, 3))
    return keras.Model(picture, [layers.ReLU()(picture), layers.Softmax()(picture)])


def classifier():
    picture = keras.Input((8, 8, 3))
    return keras.Model(picture, layers.Dense(10)(layers.GlobalAveragePooling2D()(picture)))


def channels_first():
    picture = keras.Input((3, 8, 8))
    return keras.Model(picture, layers.ReLU()(picture))


def with_nan():
    model = net()
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    return model


def of_bytes():
    picture = keras.Input((None, None, 3), dtype="uint8")
    return keras.Model(picture, layers.Rescaling(1 / 255)(picture))


def quantized():
    picture = keras.Input((None, None, 3))
    model = keras.Model(picture, layers.Dense(3)(picture))
    model.quantize("int8")
    return model


class OnlyTrains(keras.Model):
    def __init__(self):
        super().__init__()
        self.generator = net()
        self.build((None, 8, 8, 3))

    def build(self, shape):
        self._build_shapes_dict = {"input_shape": shape}
        self.built = True


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (two_inputs, r"expected one input, a picture, received 2: 'photo' .*'mask' .*module:func"),
        (two_outputs, "expected one output, a picture, received 2"),
        (classifier, r"expected an output of \(batch, height.*received \(None, 10\)"),
        (channels_first, "Channels come last here: transpose at both ends"),
        (lambda: net(2), "with 1, 3 or 4 channels, received"),
        (lambda: net(3, 4), "with 1 or 3 channels, received"),
        (with_nan, "not all weights are finite numbers"),
        (OnlyTrains, "Expected a generator, not a model that only trains one"),
        (lambda: keras.Sequential([layers.Conv2D(3, 3)]), "does not say what it takes"),
        (of_bytes, "expected a net that takes float32, received uint8. Give module:function"),
        (quantized, "the layer 'dense.*' is quantized already, to int8. Bring the net from before"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_no_image_to_image_network_is_refused_by_what_it_is(make, said):
    with pytest.raises(CheckpointError, match=said):
        as_image_to_image(make(), "gen")


def valid_padding():
    picture = keras.Input((None, None, 3))
    return keras.Model(picture, layers.Conv2D(3, 3)(picture))


class Dice(layers.Layer):
    def call(self, x):
        return x + keras.random.normal((1, 1, 1, 3))


def rolls_dice():
    picture = keras.Input((None, None, 3))
    return keras.Model(picture, Dice()(picture))


def halved_four_times():
    picture = keras.Input((None, None, 3))
    down = layers.MaxPooling2D(8)(picture)
    return keras.Model(picture, layers.Concatenate()([layers.UpSampling2D(8)(down), picture]))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (valid_padding, "expected a picture as large as what it is given, 12x8 pixels.*10x6"),
        (rolls_dice, "another picture of the same one each time"),
        (halved_four_times, "does not take pictures of 12x8 pixels.*--size"),
    ],
)
def test_a_net_that_fails_when_it_is_tried_is_refused_with_the_reason(make, said):
    with pytest.raises(CheckpointError, match=said):
        tried(make(), "gen", size=SIZE, values=(0, 1))


def test_a_list_of_one_picture_is_a_picture():
    picture = keras.Input((8, 12, 3))
    model = keras.Model([picture], [layers.ReLU()(picture)], name="listed")
    plain = as_image_to_image(model, "gen")
    assert plain.name == "listed"
    assert tuple(plain(np.zeros((1, *SIZE, 3), np.float32)).shape) == (1, *SIZE, 3)
