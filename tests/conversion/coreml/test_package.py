import numpy as np

from conversion import to_coreml
from conversion.coreml import package
from conversion.manifest import artifact_sha256, read_manifest
from conversion.mlprogram.model import load


def test_a_model_saved_twice_has_the_same_bytes(float16_model, tmp_path):
    paths = [tmp_path / name for name in ("one.mlpackage", "two.mlpackage")]
    for path in paths:
        package.save(float16_model, path)
    assert artifact_sha256(paths[0]) == artifact_sha256(paths[1])


def test_what_is_saved_is_still_the_model(float16_model, tmp_path):
    import coremltools as ct

    path = tmp_path / "net.mlpackage"
    package.save(float16_model, path)
    drawing = np.random.default_rng(0).integers(0, 256, (32, 32)).astype(np.uint8)
    pictures = [
        np.asarray(load(m).predict({"lineart": drawing})["color"]) for m in (path, float16_model)
    ]
    np.testing.assert_array_equal(*pictures)
    again = ct.models.MLModel(str(path), skip_model_load=True)  # coremltools' own reader
    assert again.author == "made with Nurie"
    assert package.CONVERSION_DATE not in again.user_defined_metadata


def test_the_same_checkpoint_gives_the_same_sha256(tiny_run, tiny_data, tmp_path):
    asked = {"recipe": "palette4", "target": "iOS18", "data": tiny_data}
    hashes = [
        read_manifest(to_coreml.convert(tiny_run, tmp_path / name, **asked)).sha256
        for name in ("one.mlpackage", "two.mlpackage")
    ]
    assert hashes[0] == hashes[1]
