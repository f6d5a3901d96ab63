import shutil
from pathlib import Path

import pytest

from benchmarks.runtimes.exports import standing_exports
from conversion.errors import ArtifactError
from conversion.export.origins.find import find_origin


def test_exports_alone_are_listed_by_format_and_then_by_recipe(run_copy: Path):
    exports = run_copy / "exports"
    for name in ("a-palette6.mlpackage", "a-prune50-palette6.mlpackage", "a-int8.tflite"):
        (exports / name).touch()
    (exports / "tiny-fp16.mlpackage.onnx").touch()  # as conversion.from_coreml writes it
    (exports / ".partial-1-tiny-fp32.onnx").touch()
    (exports / "notes.txt").touch()
    names = [path.name for path in standing_exports(find_origin(run_copy))]
    first = [name for name in names if name.endswith(".mlpackage")]
    assert names[: len(first)] == first
    assert first.index("tiny-fp32.mlpackage") < first.index("tiny-fp16.mlpackage")
    assert names[-1] == "tiny-fp16.onnx"
    assert len(names) == 6 + 3


def test_an_empty_folder_names_the_command_that_fills_it(run_copy: Path):
    shutil.rmtree(run_copy / "exports")
    with pytest.raises(ArtifactError, match=r"received none\. Export .*conversion\.to_coreml"):
        standing_exports(find_origin(run_copy))
