"""Classifier outputs, in programs that coremltools writes."""

import coremltools as ct
import numpy as np
import pytest
from coremltools.converters.mil.mil import Builder as mb

from conversion.mlprogram.model import load, to_onnx


@pytest.fixture
def classifier(save_program):
    def classes(x):
        return mb.softmax(x=x, axis=-1, name="p")

    def save(labels):
        config = ct.ClassifierConfig(labels)
        return save_program(classes, {"x": (1, 4)}, classifier_config=config)

    return save


SCORES = np.array([[1, 5, 2, 5]], np.float32)
SHARES = np.exp(SCORES[0].astype(np.float64)) / np.exp(SCORES[0].astype(np.float64)).sum()
# Softmax in float32.
FLOAT32_SUM = 1e-6


@pytest.mark.parametrize("labels", [["a", "bé", "c", "d"], [10, -3, 7, 2**40]])
def test_the_label_is_the_first_of_the_most_probable_and_all_are_listed(classifier, labels):
    made = load(classifier(labels)).predict({"x": SCORES})
    assert made["classLabel"] == labels[1] and type(made["classLabel"]) is type(labels[1])
    assert list(made["classLabel_probs"]) == labels
    np.testing.assert_allclose(
        list(made["classLabel_probs"].values()), SHARES, atol=FLOAT32_SUM, rtol=0
    )


def test_the_onnx_model_gives_the_label_and_names_the_classes(classifier):
    import onnxruntime

    model = to_onnx(classifier(["a", "b", "c", "d"]))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    label, shares = session.run(["classLabel", "classLabel_probs"], {"x": SCORES})
    assert label == "b"
    np.testing.assert_allclose(shares, SHARES, atol=FLOAT32_SUM, rtol=0)
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert properties["keys of classLabel_probs"].split("\n") == ["a", "b", "c", "d"]
