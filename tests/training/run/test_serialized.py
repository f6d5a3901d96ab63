import h5py
import keras
import numpy as np

from training.run.serialized import serialized_weights


def arrays(path):
    found = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: found.update({name: item[()]} if hasattr(item, "shape") else {})
        )
    return found


def test_the_bytes_are_a_file_that_keras_reads_and_would_have_written(tmp_path):
    networks = [keras.Sequential([keras.Input((3,)), keras.layers.Dense(5)]) for _ in range(2)]
    ours, keras_own = tmp_path / "ours.weights.h5", tmp_path / "own.weights.h5"
    ours.write_bytes(serialized_weights(networks[0]))
    networks[0].save_weights(keras_own)
    written, expected = arrays(ours), arrays(keras_own)
    assert written.keys() == expected.keys() != set()
    assert all(np.array_equal(written[name], expected[name]) for name in expected)
    networks[1].load_weights(ours)
    for one, other in zip(networks[0].get_weights(), networks[1].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
