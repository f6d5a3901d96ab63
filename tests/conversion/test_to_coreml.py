import dataclasses
from collections import Counter

import pytest

from conversion import to_coreml
from conversion.errors import UnsupportedTarget
from training.checkpoint import Credit, find_checkpoint, save_checkpoint
from training.config import GeneratorConfig, TrainConfig
from training.presets import PRESETS

# What coremltools writes in place of a normalization that it does not recognise.
DECOMPOSED = {"reduce_mean", "sub", "square", "rsqrt", "sqrt", "real_div", "reshape"}


def exported(run, config):
    """Export a checkpoint whose weights look trained; returns the specification."""
    import coremltools as ct
    import numpy as np

    from training.trainer import build_trainer

    trainer = build_trainer(config, steps_per_epoch=1)
    rng = np.random.default_rng(0)
    for variable in trainer.deployed.trainable_variables:
        variable.assign(variable.numpy() + rng.normal(0, 0.1, variable.shape))
    credit = Credit(source="noise", licence="CC0-1.0", credit="drawn by the tests")
    save_checkpoint(run, trainer, config=config, epoch=1, data=credit)
    return ct.utils.load_spec(str(to_coreml.convert(run)))


@pytest.fixture(scope="module")
def spec(exports):
    import coremltools as ct

    return ct.utils.load_spec(str(exports["coreml", "fp16"]))


def operations(spec):
    block = next(iter(spec.mlProgram.functions["main"].block_specializations.values()))
    return Counter(operation.type for operation in block.operations)


def test_a_picture_goes_in_and_a_picture_comes_out(spec):
    (lineart,), (color,) = spec.description.input, spec.description.output
    assert (lineart.name, color.name) == ("lineart", "color")
    assert lineart.type.imageType.ColorSpace.Name(lineart.type.imageType.colorSpace) == "GRAYSCALE"
    assert color.type.imageType.ColorSpace.Name(color.type.imageType.colorSpace) == "RGB"
    assert {(t.type.imageType.width, t.type.imageType.height) for t in (lineart, color)} == {
        (32, 32)
    }


def test_every_normalization_is_one_operation_and_nothing_is_transposed(spec):
    counted = operations(spec)
    # 32 pixels: five levels down (the first and the innermost unnormalized), four up.
    assert counted["instance_norm"] == 3 + 4
    assert counted["conv"] == counted["conv_transpose"] == 5
    assert not DECOMPOSED & set(counted)
    assert counted["transpose"] <= 2


# Thin, but as deep as they are: 64 and 256 pixels are what `make demo` and pix2pix train at.
NETS = {
    "demo": dataclasses.replace(
        PRESETS["demo"],
        size=64,
        generator=dataclasses.replace(PRESETS["demo"].generator, width=4),
    ),
    "reference": TrainConfig(size=256, generator=GeneratorConfig(width=2)),
}


@pytest.mark.parametrize(("name", "depth"), [("demo", 6), ("reference", 8)])
def test_the_nets_that_people_train_have_no_decomposed_normalization_either(tmp_path, name, depth):
    counted = operations(exported(tmp_path / name, NETS[name]))
    assert counted["instance_norm"] == (depth - 2) + (depth - 1)
    assert counted["conv"] == counted["conv_transpose"] == depth
    assert not DECOMPOSED & set(counted)
    assert counted["transpose"] <= 2


def test_xcode_is_told_who_made_it_from_what(spec, tiny_run):
    metadata = spec.description.metadata
    assert metadata.author == "made with Nurie"
    assert "CC0-1.0" in metadata.license
    assert metadata.userDefined["nurie.checkpoint_sha256"] == find_checkpoint(tiny_run).sha256
    assert "paper is white" in spec.description.input[0].shortDescription


@pytest.mark.parametrize(("target", "version"), [("iOS17", 8), ("iOS18", 9)])
def test_the_target_decides_the_specification_version(tiny_run, tmp_path, target, version):
    import coremltools as ct

    output = to_coreml.convert(tiny_run, tmp_path / "net.mlpackage", target=target)
    assert ct.utils.load_spec(str(output)).specificationVersion == version


def test_an_unknown_target_is_refused_with_the_list_of_known_ones(tiny_run):
    with pytest.raises(UnsupportedTarget, match="choose from iOS16, iOS17, iOS18"):
        to_coreml.convert(tiny_run, target="iOS12")
