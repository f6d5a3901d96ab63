from benchmarks.pretrained import Options, pretrained_steps
from training.run.checkpoint import PRETRAINED_FOLDER


def steps(tmp_path):
    return pretrained_steps(Options(out=tmp_path / "run", data=tmp_path / "data"))


def test_it_goes_from_drawings_to_the_packed_net_and_its_bundle(tmp_path):
    assert [step.name for step in steps(tmp_path)] == [
        "training.prepare",
        "training.train",
        "training.train",
        "training.pack",
        "benchmarks.ios_bundle",
    ]
    prepare, long, general, pack, bundle = (step.arguments for step in steps(tmp_path))
    assert "--portraits" in prepare
    first = long[long.index("--out") + 1]
    assert general[general.index("--init") + 1] == first
    assert general[general.index("--out") + 1] == pack[0] == str(tmp_path / "run")
    assert "--generator.dropout" in general and "--generator.dropout" not in long
    assert pack[1:3] == ("-o", str(PRETRAINED_FOLDER))
    assert bundle[0] == "pretrained"


def test_an_interrupted_training_goes_on(tmp_path):
    for name in ("run-long", "data"):
        (tmp_path / name).mkdir()
    long, general, *_ = steps(tmp_path)
    assert long.arguments[-1] == "--resume"
    assert "--resume" not in general.arguments
