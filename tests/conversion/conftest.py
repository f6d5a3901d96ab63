"""What several tests of this folder share: a float16 model whose weights may be stored."""

import pytest


@pytest.fixture(scope="session")
def float16_model(tiny_run, tmp_path_factory):
    """The tiny checkpoint as a coremltools model in float16, for iOS18."""
    import coremltools as ct

    from conversion import to_coreml

    path = tmp_path_factory.mktemp("float16") / "net.mlpackage"
    to_coreml.convert(tiny_run, path, target="iOS18")
    return ct.models.MLModel(str(path), skip_model_load=True)
