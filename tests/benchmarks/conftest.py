"""What the tests of parity and report share: a whole run, exports included."""

import json
import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def whole_run(
    tmp_path_factory: pytest.TempPathFactory,
    tiny_run: Path,
    tiny_data: Path,
    exports: dict[tuple[str, str], Path],
) -> Path:
    """A run folder as training leaves it, with all six exports; tests must not change it."""
    from training.data.shards import read_manifest

    run = tmp_path_factory.mktemp("whole") / tiny_run.name  # exports are named after their run
    shutil.copytree(tiny_run / "checkpoints", run / "checkpoints")
    (run / "exports").mkdir()
    for artifact in exports.values():
        for path in (artifact, artifact.with_name(f"{artifact.name}.json")):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, run / "exports" / path.name)
    data = {"path": str(tiny_data), "sha256": read_manifest(tiny_data).sha256}
    (run / "config.json").write_text(json.dumps({"data": data}))
    epochs = [
        {
            "epoch": epoch,
            "step": epoch,
            "l1": 0.3 / epoch,
            "generator_gan": 1.0,
            "discriminator": 0.5,
            "validation_l1": 0.4 / epoch,
            "validation_psnr_db": 10.0 + epoch,
            "learning_rate": 1e-3,
            "images_per_s": 100.0 + 10 * epoch,
        }
        for epoch in (1, 2, 3, 4)  # the checkpoint is of epoch 3: the last line is not its own
    ]
    (run / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in epochs))
    return run


@pytest.fixture
def run_copy(tmp_path: Path, whole_run: Path) -> Path:
    """The same run, for a test to break."""
    return Path(shutil.copytree(whole_run, tmp_path / whole_run.name))
