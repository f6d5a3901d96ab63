import dataclasses
import html
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from benchmarks import parity
from benchmarks.agreement.record import PARITIES
from benchmarks.report import main
from training import evaluate
from training.metrics.evaluation import EVALUATIONS
from training.metrics.hints.classical_fill import classical_fill
from training.metrics.hints.evaluation import evaluate_hints
from training.metrics.kid.distance import KernelDistance


@pytest.fixture(scope="module")
def measured_run(tmp_path_factory: pytest.TempPathFactory, whole_run: Path) -> Path:
    """A run with both records; tests must not change it."""
    run = Path(shutil.copytree(whole_run, tmp_path_factory.mktemp("measured") / "tiny"))
    assert evaluate.main([str(run), "--json", str(run / "evaluation.json")]) == 0
    artifacts = [str(manifest.with_suffix("")) for manifest in (run / "exports").glob("*.json")]
    assert parity.main([str(run), "--json", str(run / "parity.json"), *artifacts]) == 0
    return run


@pytest.fixture(scope="module")
def page(measured_run: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("report") / "report.html"
    assert main([str(measured_run), "-o", str(output)]) == 0
    return output.read_text()


def text_of(page: str) -> str:
    """What a reader sees: no tags, no styles, single spaces."""
    without_styles = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", without_styles)).split())


class Tags(HTMLParser):
    """Every tag with its attributes; complains of tags that are not closed."""

    VOID = ("meta", "img", "link", "br", "path", "use")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_but_itself(page: str):
    tags = Tags(page)
    assert tags.open == []
    assert not [tag for tag, _ in tags.tags if tag in ("script", "link", "iframe", "object")]
    loaded = [
        value
        for _, attributes in tags.tags
        for name, value in attributes.items()
        if name in ("src", "href", "xlink:href", "srcset", "data", "poster")
    ]
    assert all(str(value).startswith(("data:image/png;base64,", "#")) for value in loaded)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_every_picture_says_what_it_shows(page: str):
    pictures = [attributes for tag, attributes in Tags(page).tags if tag == "img"]
    kinds = {str(picture["alt"]).rpartition(": ")[2] for picture in pictures}
    assert kinds == {
        "line art",
        "truth",
        "Keras",
        "Core ML fp32",
        "Core ML fp16",
        "TFLite fp32",
        "TFLite fp16",
        "ONNX fp32",
        "ONNX fp16",
        "model",
        "difference x 8",
    }
    # Sample drawings have no truth: 8 pictures each; validation drawings have 9.
    samples = [p for p in pictures if str(p["alt"]).startswith("cat: ")]
    assert len(samples) == 8


def test_the_numbers_are_those_of_the_records(page: str, measured_run: Path):
    text = text_of(page)
    for name, row in EVALUATIONS.read(measured_run / "evaluation.json").colorings.items():
        psnr, ssim = row.psnr_db, row.ssim
        cells = (
            f"{psnr.value:.2f} {psnr.low:.2f} to {psnr.high:.2f} {ssim.value:.3f} {ssim.low:.3f}"
        )
        assert cells in text, name
    for row in PARITIES.read(measured_run / "parity.json").artifacts:
        assert f"{Path(row.artifact).name} {row.verdict} {row.bytes / 1e6:.2f}" in text
    assert "6/6" in text


def test_kid_has_a_column_where_it_was_measured_and_nowhere_else(
    page: str, measured_run: Path, tmp_path: Path
):
    assert "KID" not in text_of(page)
    run = Path(shutil.copytree(measured_run, tmp_path / "tiny"))
    evaluation = EVALUATIONS.read(run / "evaluation.json")
    distance = KernelDistance(
        value=0.5, low=0.25, high=0.75, drawings=8, subset_size=4, subset_mean=0.5, subset_std=0.1
    )
    colorings = {
        name: dataclasses.replace(row, kid=distance) for name, row in evaluation.colorings.items()
    }
    measured = dataclasses.replace(evaluation, colorings=colorings)
    EVALUATIONS.write(measured, run / "evaluation.json", overwrite=True)
    output = tmp_path / "report.html"
    assert main([str(run), "-o", str(output)]) == 0
    text = text_of(output.read_text())
    assert "bleeding KID worst PSNR dB" in text
    assert text.count("0.5000 0.2500 to 0.7500") == 3
    assert "8 are few" in text


def test_hints_have_curves_and_tables_where_they_were_measured_and_nowhere_else(
    page: str, measured_run: Path, tmp_path: Path
):
    assert "What hints are worth" not in text_of(page)
    run = Path(shutil.copytree(measured_run, tmp_path / "tiny"))
    evaluation = EVALUATIONS.read(run / "evaluation.json")
    lineart = np.full((1, 24, 30), 255, np.uint8)
    lineart[:, 4:20, 4] = 0
    color = np.repeat(lineart[..., None], 3, axis=-1)
    color[:, 10:20, 10:20] = (200, 30, 60)
    hints = evaluate_hints(classical_fill, color, lineart=lineart, ids=("a",))
    measured = dataclasses.replace(evaluation, hints=hints)
    EVALUATIONS.write(measured, run / "evaluation.json", overwrite=True)
    output = tmp_path / "report.html"
    assert main([str(run), "-o", str(output)]) == 0
    text = text_of(output.read_text())
    assert "What hints are worth" in text
    assert "classical fill, strokes" in text
    point = hints.rows["classical fill"].points["strokes"][-1]
    assert f"fill, 16 strokes {point.psnr_db.value:.2f}" in text
    assert "Hint-AUC" in text


def test_a_record_of_an_older_version_is_refused_with_the_remedy(
    measured_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run = Path(shutil.copytree(measured_run, tmp_path / "tiny"))
    record = run / "evaluation.json"
    record.write_text(record.read_text().replace("nurie-evaluation/4", "nurie-evaluation/3"))
    assert main([str(run), "-o", str(tmp_path / "report.html")]) == 2
    assert "write it again with --overwrite" in capsys.readouterr().err


def test_the_commands_versions_and_credit_are_there(page: str, measured_run: Path, tiny_data: Path):
    text = text_of(page)
    prepared = "python -m training.prepare YOUR_PICTURES --size 32 --variants 2 --kind color"
    trained = f"--data .../{tiny_data.name} --out {measured_run}"
    exported = f"python -m conversion.to_coreml {measured_run}"
    assert 0 < text.index(prepared) < text.index(trained) < text.index(exported)
    assert f"python -m training.evaluate {measured_run} --json" in text
    assert f"python -m benchmarks.parity {measured_run} --json" in text
    assert f"python -m benchmarks.report {measured_run} -o" in text
    from importlib.metadata import version

    assert f"tensorflow {version('tensorflow')}" in text
    assert "not stated" in text  # licence and credit of the tests' own pictures


def test_curves_end_at_the_epoch_of_the_checkpoint(page: str):
    assert "Validation PSNR, dB" in text_of(page)
    assert "120 images/s" in text_of(page)  # the median of epochs 1 to 3; with epoch 4: 125


def test_what_was_not_measured_is_said_with_the_command(
    whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "report.html"
    assert main([str(whole_run), "-o", str(output)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(output)
    text = text_of(output.read_text())
    assert text.count("Not measured yet. Run:") == 3
    assert f"training.evaluate {whole_run} --json {whole_run}/evaluation.json" in text
    assert "TFLite" not in text


def test_records_of_another_checkpoint_are_not_shown(measured_run: Path, tmp_path: Path):
    run = Path(shutil.copytree(measured_run, tmp_path / "tiny"))
    evaluation = EVALUATIONS.read(run / "evaluation.json")
    EVALUATIONS.write(
        dataclasses.replace(evaluation, checkpoint_sha256="0" * 64, epoch=2),
        run / "evaluation.json",
        overwrite=True,
    )
    parity_record = PARITIES.read(run / "parity.json")
    PARITIES.write(
        dataclasses.replace(parity_record, checkpoint_sha256="0" * 64, version="epoch 2"),
        run / "parity.json",
        overwrite=True,
    )
    output = tmp_path / "report.html"
    assert main([str(run), "-o", str(output)]) == 0
    text = text_of(output.read_text())
    assert text.count("Measured on another checkpoint (epoch 2), so not shown.") == 2
    assert "parity.json --overwrite" in text


def test_an_artifact_that_changed_after_its_measurement_is_refused(
    measured_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run = Path(shutil.copytree(measured_run, tmp_path / "tiny"))
    record = PARITIES.read(run / "parity.json")
    changed = dataclasses.replace(record.artifacts[0], sha256="0" * 64)
    PARITIES.write(
        dataclasses.replace(record, artifacts=[changed]), run / "parity.json", overwrite=True
    )
    output = tmp_path / "report.html"
    assert main([str(run), "-o", str(output)]) == 2
    assert "is not the model that was measured" in capsys.readouterr().err
    assert not output.exists()


def test_a_report_is_not_replaced_unasked(
    whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "report.html"
    output.write_text("mine")
    assert main([str(whole_run), "-o", str(output)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert output.read_text() == "mine"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_a_browser_shows_the_pictures(page: str, width: int, tmp_path: Path):
    from PIL import Image

    (tmp_path / "report.html").write_text(page)
    screenshot = tmp_path / "screenshot.png"
    subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",  # containers run as root
            "--disable-gpu",
            "--hide-scrollbars",
            "--blink-settings=preferredColorScheme=1",  # light
            f"--window-size={width},3000",
            f"--screenshot={screenshot}",
            (tmp_path / "report.html").as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pixels = np.asarray(Image.open(screenshot).convert("RGB")).astype(int)
    assert pixels.shape == (3000, width, 3)
    # The untrained net paints strong colours everywhere in its tiles; the page itself has hardly
    # any: an accent, a verdict, a bar.
    colored = pixels.max(axis=-1) - pixels.min(axis=-1) > 40
    assert colored.mean() > 0.05
    # No sideways scrolling: the outermost columns are empty margin from top to bottom.
    margin = pixels[:, [0, -1]]
    assert (margin == margin[0, 0]).all()
