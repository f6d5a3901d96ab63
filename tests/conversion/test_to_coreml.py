import json
from collections import Counter
from pathlib import Path

import pytest

from conversion import to_coreml
from conversion.errors import UnsupportedTarget
from conversion.export.plan import plan_exports
from conversion.manifest import read_manifest
from conversion.recipes import TARGETS, recipe_named, recipes_of
from training.config import TrainConfig
from training.data.named import Credit
from training.run.checkpoint import find_checkpoint, save_checkpoint
from training.settings.networks import GeneratorConfig

# What coremltools writes in place of a normalization that it does not recognise.
DECOMPOSED = {"reduce_mean", "sub", "square", "rsqrt", "sqrt", "real_div", "reshape"}


def exported(run, config):
    """Export a checkpoint whose weights look trained; returns the specification."""
    import coremltools as ct
    import numpy as np

    from training.trainers.builder import build_trainer

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


def test_equal_numbers_stand_in_it_once(spec):
    from coremltools.proto import MIL_pb2

    block = next(iter(spec.mlProgram.functions["main"].block_specializations.values()))
    values = [op.attributes["val"] for op in block.operations if op.type == "const"]
    numbers = Counter(
        value.SerializeToString(deterministic=True)
        for value in values
        if value.type.tensorType.dataType not in (MIL_pb2.STRING, MIL_pb2.BOOL)
    )
    assert len(numbers) > 10
    assert max(numbers.values()) == 1


# Thin, but as deep as they are: 64 pixels, as an experiment has, and pix2pix's own 256.
NETS = {
    "small": TrainConfig(size=64, generator=GeneratorConfig(width=4, dropout=0.0, under_ink=True)),
    "reference": TrainConfig(size=256, generator=GeneratorConfig(width=2)),
}


@pytest.mark.parametrize(
    ("name", "depth"), [("small", 6), pytest.param("reference", 8, marks=pytest.mark.slow)]
)
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


# --- recipes and the targets that hold them

HELD_SINCE = {"prune50-palette6": "iOS18", "w8a8": "iOS17"}  # all others: iOS16


def is_held(recipe, target):
    return TARGETS.index(target) >= TARGETS.index(HELD_SINCE.get(recipe, "iOS16"))


@pytest.fixture
def asked(monkeypatch):
    """What would be exported, as (recipe, target): nothing is built."""
    seen = []

    def write(export, built, *, began):
        seen.append((export.recipe.name, export.target))
        return Path(f"{export.recipe.name}-{export.target}.mlpackage")

    monkeypatch.setattr(to_coreml, "build", lambda *_, **__: None)
    monkeypatch.setattr(to_coreml, "write", write)
    return seen


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("recipe", [*recipes_of("coreml"), "auto"])
def test_each_target_exports_or_refuses_each_recipe(asked, tiny_run, tiny_data, recipe, target):
    if is_held(recipe, target):
        to_coreml.convert(tiny_run, recipe=recipe, target=target, data=tiny_data, overwrite=True)
        assert asked == [(recipe, target)]
    else:
        with pytest.raises(
            UnsupportedTarget, match=f"{recipe} needs {HELD_SINCE[recipe]} or newer"
        ):
            to_coreml.convert(tiny_run, recipe=recipe, target=target)
        assert asked == []


@pytest.mark.parametrize("recipe", recipes_of("coreml"))
def test_without_a_target_each_recipe_gets_the_oldest_that_holds_it(
    asked, tiny_run, tiny_data, recipe
):
    to_coreml.convert(tiny_run, recipe=recipe, data=tiny_data, overwrite=True)
    assert asked == [(recipe, HELD_SINCE.get(recipe, "iOS16"))]


@pytest.mark.parametrize("target", TARGETS)
def test_all_exports_what_the_target_holds_and_names_the_others(
    asked, tiny_run, tiny_data, target, capsys
):
    # Other tests leave exports in this run, which is not what is asked here.
    typed = [str(tiny_run), "--recipe", "all", "--target", target, "--data", str(tiny_data)]
    typed.append("--overwrite")
    assert to_coreml.main(typed) == 0
    out, err = capsys.readouterr()
    held = [recipe for recipe in recipes_of("coreml") if is_held(recipe, target)]
    assert asked == [(recipe, target) for recipe in held]
    assert out.splitlines() == [f"{recipe}-{target}.mlpackage" for recipe in held]
    skipped = [line.split()[1] for line in err.splitlines() if line.startswith("skipped: ")]
    assert skipped == [recipe for recipe in recipes_of("coreml") if recipe not in held]


def test_all_refuses_an_unknown_target_as_one_recipe_does(asked, tiny_run, capsys):
    assert to_coreml.main([str(tiny_run), "--recipe", "all", "--target", "iOS12"]) == 2
    assert "unknown target 'iOS12'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--recipe", "int8", "--min-psnr", "40"], "received recipe int8"),
        (["--recipe", "all", "--min-psnr", "40"], "received recipe all"),
        (["--recipe", "auto", "--min-psnr", "-3"], "expected dB above 0, received -3"),
        (["--recipe", "auto", "--min-psnr", "nan"], "expected dB above 0, received nan"),
        (["--recipe", "int3"], "choose from fp32, fp16, int8"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked, tiny_run, arguments, said, capsys):
    assert to_coreml.main([str(tiny_run), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert asked == []


def test_a_recipe_gives_the_same_bytes_alone_and_after_others_that_share_its_program(
    tiny_run, tiny_data, tmp_path, monkeypatch
):
    from conversion.coreml import program

    converted = []
    real = program.convert_generator

    def counted(generator, ports, **how):
        converted.append(how["precision"])
        return real(generator, ports, **how)

    monkeypatch.setattr(program, "convert_generator", counted)
    exports = [
        plan_exports(
            tiny_run,
            tmp_path / f"{name}.mlpackage",
            format="coreml",
            recipes=[recipe_named(name, format="coreml")],
            data=tiny_data,
        )[0]
        for name in ("fp16", "palette6", "int8")
    ]
    after = list(to_coreml.written(exports, min_psnr_db=35, author=to_coreml.DEFAULT_AUTHOR))[-1]
    assert converted == ["fp16"]
    alone = to_coreml.convert(tiny_run, tmp_path / "alone.mlpackage", recipe="int8")
    assert read_manifest(after).sha256 == read_manifest(alone).sha256


def test_auto_finds_a_smaller_model_that_reaches_its_own_gate_and_says_how(
    tiny_run, tiny_data, tmp_path, exports
):
    from benchmarks.agreement.gates import gate_of

    output = to_coreml.convert(
        tiny_run,
        tmp_path / "net.mlpackage",
        recipe="auto",
        min_psnr_db=32.5,
        target="iOS18",
        data=tiny_data,
    )
    manifest = read_manifest(output)
    assert (manifest.recipe, gate_of(manifest)) == ("auto", 32.5)
    assert manifest.bytes < read_manifest(exports["coreml", "fp16"]).bytes
    record = json.loads((tmp_path / "net.mlpackage.search.json").read_text())
    assert record["min_psnr_db"] == 32.5
    smallest = record["chosen"].values()
    assert all(
        f"{list(smallest).count(way)} {way}" in manifest.details["weights"]
        for way in set(smallest) - {"fp16"}
    )
    assert float(manifest.details["reached"].split()[0]) >= 32.5
