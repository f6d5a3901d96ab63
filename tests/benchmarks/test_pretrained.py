from benchmarks.pretrained import Options, pretrained_steps
from training.run.checkpoint import PRETRAINED_FOLDER


def test_it_goes_from_drawings_to_the_packed_net_and_its_bundle(tmp_path):
    steps = pretrained_steps(Options(out=tmp_path / "run", data=tmp_path / "data"))
    assert [step.name for step in steps] == [
        "training.prepare",
        "training.train",
        "training.pack",
        "benchmarks.ios_bundle",
    ]
    assert steps[2].arguments[:3] == (str(tmp_path / "run"), "-o", str(PRETRAINED_FOLDER))
    assert steps[3].arguments[0] == "pretrained"


def test_an_interrupted_training_goes_on(tmp_path):
    for name in ("run", "data"):
        (tmp_path / name).mkdir()
    first = pretrained_steps(Options(out=tmp_path / "run", data=tmp_path / "data"))[0]
    assert first.name == "training.train"
    assert first.arguments[-1] == "--resume"
