from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from conversion.export.origins.reading import kind_of, read_generator
from training.errors import CheckpointError

PICTURE = np.random.default_rng(0).uniform(-1, 1, (1, 8, 12, 3)).astype(np.float32)


def net():
    keras.utils.set_random_seed(0)
    picture = keras.Input((None, None, 3))
    x = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(picture))
    return keras.Model(picture, layers.Conv2D(3, 1, activation="tanh")(x))


def not_a_model():
    return "a generator"


def fails():
    raise ValueError("no weights here")


def read(path, *, custom_objects=None, trust=False):
    kind = kind_of(Path(path))
    assert kind is not None
    return read_generator(Path(path), kind, custom_objects=custom_objects, trust=trust)


@pytest.mark.parametrize("kind", ["gen.keras", "gen.h5", "gen"])
def test_every_kind_of_file_gives_the_net_that_was_saved(tmp_path, kind):
    model, path = net(), tmp_path / kind
    if path.suffix:
        model.save(path)
    else:
        model.export(path, verbose=False)
    ROUNDING = 1e-6  # a compiled graph may sum in another order
    np.testing.assert_allclose(read(path)(PICTURE), model(PICTURE), atol=ROUNDING)


def test_a_function_gives_what_it_returns():
    model = read(f"{__name__}:net")
    np.testing.assert_array_equal(model(PICTURE), net()(PICTURE))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("not_a_model", "one that returns str"),
        ("fails", "ended with ValueError: no weights here"),
        ("nothing", "received NoneType"),
    ],
)
def test_a_function_that_gives_no_model_is_refused(name, said):
    with pytest.raises(CheckpointError, match=said):
        read(f"{__name__}:{name}")


def test_a_module_that_is_not_there_is_named():
    with pytest.raises(CheckpointError, match="'nowhere' cannot be imported"):
        read("nowhere:net")


def test_weights_alone_are_refused_with_how_to_give_the_architecture(tmp_path):
    net().save_weights(tmp_path / "gen.weights.h5")
    with pytest.raises(CheckpointError, match=r"weights alone.*load_weights\('gen\.weights\.h5'\)"):
        read(tmp_path / "gen.weights.h5")


def test_a_damaged_file_is_refused_in_a_sentence(tmp_path):
    for name in ("gen.keras", "gen.h5"):
        (tmp_path / name).write_bytes(b"not a model")
        with pytest.raises(CheckpointError, match=f"{name} is no "):
            read(tmp_path / name)


@pytest.mark.parametrize("name", ["gen.keras", "gen.h5"])
def test_a_layer_of_ones_own_is_found_in_its_module_registered_or_not(tmp_path, name):
    from benchmarks.own import nets

    picture = keras.Input((8, 12, 3))
    x = nets.InstanceNorm()(nets.ReflectPad(1)(picture))
    model = keras.Model(picture, layers.Cropping2D(1)(x))
    model.save(tmp_path / name)
    again = read(tmp_path / name, custom_objects=nets.__name__)
    np.testing.assert_array_equal(again(PICTURE), model(PICTURE))


@pytest.mark.parametrize("name", ["gen.keras", "gen.h5"])
def test_a_lambda_runs_for_who_trusts_the_file_alone(tmp_path, name):
    picture = keras.Input((8, 12, 3))
    model = keras.Model(picture, layers.Lambda(lambda x: -x, name="negative")(picture))
    model.save(tmp_path / name)
    with pytest.raises(CheckpointError, match="'negative'.*--trust"):
        read(tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name, trust=True)(PICTURE), -PICTURE)
