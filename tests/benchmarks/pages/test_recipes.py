from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.agreement.record import PARITIES, Parity
from benchmarks.pages.recipes import BookRun, page
from benchmarks.timing.record import write_latency
from training.data.named import NamedData
from training.errors import DataError
from training.run.checkpoint import find_checkpoint


@pytest.fixture
def records(tmp_path: Path, compared, timed):
    """Write both records: of a checkpoint, and with times of the model of this SHA-256."""

    def write(checkpoint_sha256: str, *, model: str) -> dict[str, Path]:
        parity = Parity(
            command="python -m benchmarks.parity runs/x a.onnx --drawings 48 --json p.json",
            checkpoint="runs/x",
            checkpoint_sha256=checkpoint_sha256,
            version="epoch 3",
            data=NamedData(path="", sha256="", source="", licence="", credit=""),
            artifacts=[compared],
        )
        PARITIES.write(parity, tmp_path / "parity.json")
        write_latency(timed((model, 1)), tmp_path / "latency.json")
        return {"parity": tmp_path / "parity.json", "latency": tmp_path / "latency.json"}

    return write


def test_a_model_has_a_row_with_its_bytes_pictures_gate_and_time(records, tiny_run: Path):
    sha256 = find_checkpoint(tiny_run).sha256
    run = BookRun.read(tiny_run, **records(sha256, model="ab"))
    text = page([run])
    assert "1 of 1 models pass" in text
    assert (
        "| Core ML palette4 | iOS18 | 2.00 |  | 41.0 | 41.0 | 30 | 1.0000 | 0.000 | 2.0 | pass |"
        in text
    )


def test_core_ai_by_itself_has_no_times(records, compared, tiny_run: Path):
    paths = records(find_checkpoint(tiny_run).sha256, model="ab")
    asset = replace(PARITIES.read(paths["parity"]), artifacts=[replace(compared, format="coreai")])
    PARITIES.write(asset, paths["parity"], overwrite=True)
    text = page([BookRun.read(tiny_run, **paths | {"latency": tiny_run / "none.json"})])
    assert "1 of 1 models pass.\nMeasured by" in text
    assert "| 1.0000 | 0.000 |  | pass |" in text


def test_the_page_names_the_command_that_measures_with_as_many_drawings(records, tiny_run: Path):
    run = BookRun.read(tiny_run, **records(find_checkpoint(tiny_run).sha256, model="ab"))
    chosen = "--formats coreml --drawings 48"
    command = f"benchmarks.recipe_book {tiny_run} {chosen} --fresh --overwrite"
    assert f"Measured by\n`python -m {command}`." in page([run])


@pytest.mark.parametrize(
    ("checkpoint_sha256", "model", "said"),
    [("other", "ab", "expected a record of"), (None, "other", "expected times of the models of")],
)
def test_records_of_other_models_are_refused(
    records, tiny_run: Path, checkpoint_sha256, model, said
):
    sha256 = checkpoint_sha256 or find_checkpoint(tiny_run).sha256
    with pytest.raises(DataError, match=said):
        BookRun.read(tiny_run, **records(sha256, model=model))
